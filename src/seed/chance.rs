//! Chance that falls the same way every time: what is drawn for a row depends on the seed, the kind of row and its number
//! alone, so that a shop that is seeded with more begins with the same rows.

use uuid::{Builder, Uuid};

use crate::domain::time::Timestamp;

/// Draws for one row (`SplitMix64`: even, quick, and no secret to anybody).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The draws for row `number` of a kind.
    pub fn of(seed: u64, kind: u64, number: u64) -> Self {
        // Mixed one after the other: a sum would let the rows of one seed be neighbours of another's.
        Self(mixed(mixed(mixed(seed) ^ kind) ^ number))
    }

    /// A number from 0, below `end`, which must not be 0.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.draw()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// A number from `least` to `most`.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// Whether something happens that does in so many of a hundred cases.
    pub fn in_percent(&mut self, cases: u64) -> bool {
        self.below(100) < cases
    }

    /// One of these, of which there must be some.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.index(of.len())]
    }

    /// A place among so many, of which there must be some.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).unwrap_or_default()
    }

    /// A `UUIDv7` of this moment.
    pub fn id(&mut self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        let mut drawn = [0; 10];
        drawn[..8].copy_from_slice(&self.draw().to_be_bytes());
        drawn[8..].copy_from_slice(&self.draw().to_be_bytes()[..2]);
        Builder::from_unix_timestamp_millis(millis, &drawn).into_uuid()
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        finished(self.0)
    }
}

/// The golden ratio as a fraction of 2⁶⁴: steps of it visit every number.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(number: u64) -> u64 {
    finished(number.wrapping_add(STEP))
}

fn finished(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_draws_the_same_and_others_do_not() {
        let draws = |seed, kind, number| {
            let mut chance = Chance::of(seed, kind, number);
            [chance.draw(), chance.draw()]
        };
        assert_eq!(draws(1, 2, 3), draws(1, 2, 3));
        for other in [draws(2, 2, 3), draws(1, 3, 3), draws(1, 2, 4), draws(1, 3, 2)] {
            assert_ne!(draws(1, 2, 3), other);
        }
    }

    #[test]
    fn every_number_of_a_span_comes_up_about_as_often() {
        let mut counts = [0; 7];
        for number in 0..7_000 {
            counts[usize::try_from(Chance::of(1, 1, number).between(3, 9)).unwrap() - 3] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn an_id_is_of_version_seven_and_tells_its_moment() {
        let at = crate::domain::time::from_micros(1_735_689_600_123_000).unwrap();
        let id = Chance::of(1, 1, 1).id(at);
        assert_eq!((id.get_version_num(), id.get_timestamp().unwrap().to_unix().1), (7, 123_000_000));
        assert_eq!(id, Chance::of(1, 1, 1).id(at));
        assert_ne!(id, Chance::of(1, 1, 2).id(at));
    }
}
