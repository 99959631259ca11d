//! What instances tell each other of their changes, and what follows from hearing it.
//!
//! The same as after a change of one's own: what is kept of it is dropped. What another version of the program tells and
//! this one cannot read makes everything fall.

use uuid::Uuid;

use super::callers::{Changed, Resource};
use super::{Interior, Shop};
use crate::infra::shared::Heard;

/// More than so many changes at once are told as everything: whoever hears them is quicker that way.
const MOST: usize = 1000;

const USER: u8 = b'u';
const SESSION: u8 = b's';
const KEY: u8 = b'k';

/// The resources by what stands for them. Never given to another: instances of two versions may run side by side.
const RESOURCES: [(u8, Resource); 4] =
    [(b'U', Resource::User), (b'C', Resource::Category), (b'P', Resource::Product), (b'O', Resource::Order)];

/// Stands for all that could change.
const EVERYTHING: &[u8] = b"*";

impl Changed {
    /// As it is told: each change a letter and what it is about.
    fn write(&self) -> Vec<u8> {
        let Self { users, sessions, keys, resources } = self;
        if users.len() + sessions.len() + keys.len() + resources.len() > MOST {
            return EVERYTHING.to_vec();
        }
        let mut news = Vec::with_capacity(17 * (users.len() + sessions.len() + resources.len()) + 33 * keys.len());
        let mut tell = |letter: u8, about: &[u8]| {
            news.push(letter);
            news.extend(about);
        };
        for id in users {
            tell(USER, id.as_bytes());
        }
        for id in sessions {
            tell(SESSION, id.as_bytes());
        }
        for digest in keys {
            tell(KEY, digest);
        }
        for (resource, id) in resources {
            let known = RESOURCES.iter().find(|(_, known)| known == resource);
            tell(known.map_or(EVERYTHING[0], |(letter, _)| *letter), id.as_bytes());
        }
        news
    }

    /// What was told; `None` when that cannot be read.
    fn read(mut news: &[u8]) -> Option<Self> {
        let mut changed = Self::default();
        while let Some((&letter, rest)) = news.split_first() {
            if letter == KEY {
                let (digest, rest) = rest.split_first_chunk()?;
                changed.keys.push(*digest);
                news = rest;
                continue;
            }
            let (id, rest) = rest.split_first_chunk()?;
            let id = Uuid::from_bytes(*id);
            match letter {
                USER => changed.users.push(id),
                SESSION => changed.sessions.push(id),
                _ => changed.resources.push((RESOURCES.iter().find(|(known, _)| *known == letter)?.1, id)),
            }
            news = rest;
        }
        Some(changed)
    }
}

impl Interior {
    /// Tells the other instances, if there are any. Does not wait: [`Shop::news_are_out`] does.
    pub(super) fn tell(&self, changed: &Changed) {
        if let Some(shared) = self.parts.shared.as_ref().filter(|_| *changed != Changed::default()) {
            shared.tell(&changed.write());
        }
    }

    fn forget_all(&self) {
        self.parts.store.note_catalogue_change();
        self.callers.forget_all();
        self.parts.generations.advance_all();
    }
}

impl Shop {
    /// What follows from what the other instances let one hear.
    pub fn hear(&self, heard: Heard<'_>) {
        let interior = &self.0;
        match heard {
            Heard::News(news) => match Changed::read(news) {
                Some(changed) => interior.forget(&changed),
                None => interior.forget_all(),
            },
            Heard::Everything => interior.forget_all(),
            Heard::Certain(certain) => interior.parts.generations.set_certain(certain),
        }
    }

    /// Makes everybody drop everything: more has changed than could be listed.
    pub(super) fn tell_everything(interior: &Interior) {
        interior.forget_all();
        if let Some(shared) = &interior.parts.shared {
            shared.tell(EVERYTHING);
        }
    }

    /// Waits until what was told is on its way to the others: whoever hears the answer and asks another instance finds it
    /// knowing, unless Valkey is slow. Never waits for longer than some milliseconds.
    pub(super) async fn news_are_out(&self) {
        if let Some(shared) = &self.parts().shared {
            shared.flush().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_heard() {
        let id = Uuid::from_u128;
        let changed = Changed {
            users: vec![id(1), id(2)],
            sessions: vec![id(3)],
            keys: vec![[9; 32]],
            resources: Resource::ALL.iter().map(|resource| (*resource, id(4))).collect(),
        };
        assert_eq!(Changed::read(&changed.write()), Some(changed));
        assert_eq!(Changed::read(&Changed::default().write()), Some(Changed::default()));
    }

    #[test]
    fn what_cannot_be_read_stands_for_everything() {
        for strange in [EVERYTHING, b"x0123456789abcdef", b"u0123", b"k0123456789abcdef"] {
            assert_eq!(Changed::read(strange), None);
        }
    }

    #[test]
    fn more_than_is_worth_listing_is_told_as_everything() {
        let many = Changed { users: vec![Uuid::nil(); MOST + 1], ..Changed::default() };
        assert_eq!(many.write(), EVERYTHING);
    }
}
