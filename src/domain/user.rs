//! Accounts: who somebody is, under which names, and in which standing.

use std::fmt;

use uuid::Uuid;

use super::access::Role;
use super::flaw::Flaw;
use super::time::Timestamp;

/// A live account. Deleted ones have no representation: their personal data is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// Unique among live accounts.
    pub email: Email,
    /// Unique among live accounts, whatever its case.
    pub username: Username,
    /// What to call the person, if they said.
    pub full_name: Option<FullName>,
    /// What the account may do.
    pub role: Role,
    /// Whether it may do it now.
    pub status: Status,
    /// Grows by one with every change of a member above; the base of the entity tag.
    pub version: i64,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When a member above last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Whether losing this account, its role or its standing would take an acting administrator away.
    #[must_use]
    pub fn is_acting_admin(&self) -> bool {
        self.role == Role::Admin && self.status == Status::Active
    }
}

/// An e-mail address in lower case.
///
/// The shape is a dot-atom at a host name with at least one dot: the rest of RFC 5321 (quoted local parts, address literals)
/// is valid but never somebody's real address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Longest path of RFC 5321 §4.5.3.1.3 without its angle brackets, in characters.
    pub const MAX_LENGTH: usize = 254;

    /// Checks the shape and lowers the case.
    ///
    /// # Errors
    /// `max_length` or `format`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        if raw.chars().count() > Self::MAX_LENGTH {
            return Err(Flaw::new("max_length", format!("must have at most {} characters", Self::MAX_LENGTH)));
        }
        let well_formed =
            raw.rsplit_once('@').is_some_and(|(local, domain)| is_local_part(local) && is_domain_name(domain));
        if well_formed {
            Ok(Self(raw.to_ascii_lowercase()))
        } else {
            Err(Flaw::new("format", "must be an e-mail address such as name@example.com"))
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_local_part(local: &str) -> bool {
    (1..=64).contains(&local.len()) && local.split('.').all(is_atom)
}

fn is_atom(atom: &str) -> bool {
    !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b))
}

fn is_domain_name(domain: &str) -> bool {
    domain.contains('.') && domain.split('.').all(is_domain_label)
}

fn is_domain_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A name to sign in with, shown as it was written. Two names are the same account's if their [keys](Self::key) are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Fewest characters.
    pub const MIN_LENGTH: usize = 3;
    /// Most characters.
    pub const MAX_LENGTH: usize = 50;

    /// Accepts `^[A-Za-z0-9_]{3,50}$`.
    ///
    /// # Errors
    /// `min_length`, `max_length` or `pattern`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        let length = raw.chars().count();
        if length < Self::MIN_LENGTH {
            return Err(Flaw::new("min_length", format!("must have at least {} characters", Self::MIN_LENGTH)));
        }
        if length > Self::MAX_LENGTH {
            return Err(Flaw::new("max_length", format!("must have at most {} characters", Self::MAX_LENGTH)));
        }
        if raw.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Flaw::new("pattern", "may only contain letters A to Z, digits and underscores"))
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The name as its owner writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names are compared, sorted and kept unique by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// A person's name: free text on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullName(String);

impl FullName {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 100;

    /// Tidies the text (control characters and runs of blanks become one blank, none at the ends). Nothing left is no name.
    ///
    /// # Errors
    /// `max_length`.
    pub fn parse(raw: &str) -> Result<Option<Self>, Flaw> {
        let tidy = super::text::tidied(raw);
        match tidy.chars().count() {
            0 => Ok(None),
            1..=Self::MAX_LENGTH => Ok(Some(Self(tidy))),
            _ => Err(Flaw::new("max_length", format!("must have at most {} characters", Self::MAX_LENGTH))),
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether an account may act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// May sign in and act.
    Active,
    /// Keeps its data and may do nothing until an administrator says otherwise.
    Suspended,
}

impl Status {
    /// Every status, in the order in which they are documented.
    pub const ALL: [Self; 2] = [Self::Active, Self::Suspended];

    /// The word used in documents and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The status that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Which accounts a list shows. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only this role.
    pub role: Option<Role>,
    /// Only this standing.
    pub status: Option<Status>,
    /// Text somewhere in the username, e-mail address or full name, whatever its case.
    pub search: Option<String>,
    /// Made after this moment, not at it.
    pub created_after: Option<Timestamp>,
    /// Made before this moment, not at it.
    pub created_before: Option<Timestamp>,
}

/// What a list of accounts is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserSort {
    /// The moment they were made.
    CreatedAt,
    /// The name, compared without case.
    Username,
    /// The e-mail address.
    Email,
}

macro_rules! displayed_as_text {
    ($($name:ty),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
displayed_as_text!(Email, Username, FullName, Status);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_is_kept_in_lower_case() {
        assert_eq!(
            Email::parse("Ada.Lovelace+shop@Example.ORG").expect("valid").as_str(),
            "ada.lovelace+shop@example.org"
        );
    }

    #[test]
    fn what_is_no_address_is_no_email() {
        let long_label = format!("a@{}.com", "x".repeat(64));
        let long_local = format!("{}@example.com", "x".repeat(65));
        for raw in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@localhost",
            "ada@-x.com",
            "ada@x-.com",
            "ada@x..com",
            "ada@.com",
            "a da@example.com",
            "ada@exam ple.com",
            "ada@bob@example.com",
            "ada@example.com\n",
            ".ada@example.com",
            "ada.@example.com",
            "a..da@example.com",
            "ädä@example.com",
            &long_label,
            &long_local,
        ] {
            assert_eq!(Email::parse(raw).expect_err(raw).code, "format", "{raw:?}");
        }
    }

    #[test]
    fn an_email_has_at_most_254_characters() {
        let domain = format!("{0}.{0}.{0}", "d".repeat(63));
        let fits = format!("{}@{domain}", "l".repeat(254 - 1 - domain.len()));
        assert_eq!(fits.len(), 254);
        assert!(Email::parse(&fits).is_ok());
        assert_eq!(Email::parse(&format!("l{fits}")).expect_err("one more").code, "max_length");
    }

    #[test]
    fn usernames_keep_their_case_and_are_compared_without_it() {
        let (one, other) = (Username::parse("Ada_1").expect("valid"), Username::parse("aDA_1").expect("valid"));
        assert_eq!(one.key(), other.key());
        assert_eq!(one.as_str(), "Ada_1");
        assert_ne!(one, other, "a change of case is a change");
    }

    #[test]
    fn usernames_follow_their_pattern() {
        assert_eq!(Username::parse("ab").expect_err("short").code, "min_length");
        assert_eq!(Username::parse(&"a".repeat(51)).expect_err("long").code, "max_length");
        for raw in ["a b", "a-b", "ada@x", "äöü", "ada\n", "deleted#1"] {
            assert_eq!(Username::parse(raw).expect_err(raw).code, "pattern");
        }
        assert!(Username::parse(&"a".repeat(50)).is_ok());
    }

    #[test]
    fn a_full_name_is_tidied_and_blank_is_none() {
        let name = FullName::parse("  Ada\t\n King\u{0}Noel  ").expect("valid").expect("present");
        assert_eq!(name.as_str(), "Ada King Noel");
        assert_eq!(FullName::parse(" \u{a0}\r\n"), Ok(None));
    }

    #[test]
    fn a_full_name_counts_characters_not_bytes() {
        assert!(FullName::parse(&"ß".repeat(100)).is_ok());
        assert_eq!(FullName::parse(&"ß".repeat(101)).expect_err("long").code, "max_length");
    }

    #[test]
    fn every_status_is_read_back_from_its_word() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("deleted"), None);
    }
}
