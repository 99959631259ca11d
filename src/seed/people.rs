//! Made-up accounts: ordinary ones only, for everybody may know their password.

use chrono::TimeDelta;

use super::chance::Chance;
use super::words::{FIRST_NAMES, LAST_NAMES};
use super::{ACCOUNTS, opening, tag};
use crate::domain::access::Role;
use crate::domain::user::{Email, FullName, Status, User, Username};

/// The account with this number, from 0.
pub fn user(seed: u64, number: u64) -> User {
    let mut chance = Chance::of(seed, ACCOUNTS, number);
    let created_at = opening() + TimeDelta::seconds(7 * number.cast_signed());
    let id = chance.id(created_at);
    let first = *chance.pick(FIRST_NAMES);
    let (last, plain) = *chance.pick(LAST_NAMES);
    let (first_plain, tag) = (first.to_ascii_lowercase(), tag(seed));
    // The number makes names unique, the tag of the seed does so among seeds.
    let username = format!("{first_plain}_{plain}_{tag}_{number}");
    let email = format!("{first_plain}.{plain}.{tag}.{number}@example.com");
    let full_name = (!chance.in_percent(10)).then(|| FullName::restored(format!("{first} {last}")));
    // The first can always sign in, for whoever wants to try.
    let status = if number > 0 && chance.in_percent(2) { Status::Suspended } else { Status::Active };
    User {
        id,
        email: Email::restored(email),
        username: Username::restored(username),
        full_name,
        role: Role::User,
        status,
        version: 1,
        created_at,
        updated_at: created_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_obey_the_rules_of_the_shop_whatever_the_seed() {
        for seed in [0, 1, u64::MAX] {
            for number in (0..500).chain([9_999_999]) {
                let user = user(seed, number);
                assert_eq!(Username::parse(user.username.as_str()).as_ref(), Ok(&user.username));
                assert_eq!(Email::parse(user.email.as_str()).as_ref(), Ok(&user.email));
                assert!(user.email.as_str().ends_with("@example.com"));
                if let Some(name) = &user.full_name {
                    assert_eq!(FullName::parse(name.as_str()), Ok(Some(name.clone())));
                }
                assert_eq!(user.role, Role::User);
            }
        }
        assert_eq!(user(5, 0).status, Status::Active);
    }
}
