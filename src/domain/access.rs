//! Roles, scopes, and which role grants which scopes.
//!
//! The table of scopes is written in the document and handed in at start as [`RoleScopes`]; a set of scopes is then one
//! machine word, so that asking for one on every request costs nothing.

use std::fmt;

/// What an account may do in general.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everybody: the own account and its orders.
    User,
    /// Reads accounts and handles orders.
    Moderator,
    /// Everything.
    Admin,
}

impl Role {
    /// Every role, the least powerful first.
    pub const ALL: [Self; 3] = [Self::User, Self::Moderator, Self::Admin];

    /// The word used in documents, tokens and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }

    /// The role that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reading any account.
pub const USERS_READ: &str = "users:read";
/// Changing any account, roles and standing included.
pub const USERS_WRITE: &str = "users:write";
/// Changing categories, products and stock, and reading the ledger of stock.
pub const CATALOG_WRITE: &str = "catalog:write";
/// Seeing and handling everybody's orders.
pub const ORDERS_MANAGE: &str = "orders:manage";
/// Looking at what happens in the shop.
pub const ADMIN_READ: &str = "admin:read";

/// A set of the scopes of one [`RoleScopes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ScopeSet(u64);

impl ScopeSet {
    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether `other` grants at least as much.
    #[must_use]
    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The set as a number that no other set of the same table has.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether it grants nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// A table of roles and scopes that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRoleScopes {
    /// More scopes than a set has bits.
    #[error("there are more than 64 scopes")]
    TooMany,
    /// A role of the program is not in the table, or the other way round.
    #[error("the role `{0}` is not both in the document and in the program")]
    Role(String),
    /// A scope that could not be written in a token's `scope` (RFC 6749 §3.3).
    #[error("the scope `{0}` is empty or contains blanks, quotes or backslashes")]
    Name(String),
}

/// A scope that no role grants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no scope `{0}`")]
pub struct UnknownScope(pub String);

/// Which role grants which scopes.
#[derive(Debug, Clone)]
pub struct RoleScopes {
    /// In order of first mention; a scope's place is its bit.
    names: Vec<&'static str>,
    granted: [ScopeSet; Role::ALL.len()],
}

impl RoleScopes {
    /// Reads the document's table: pairs of a role's name and the scopes it grants.
    ///
    /// # Errors
    /// When the roles are not exactly [`Role::ALL`], a scope's name is unusable, or there are more than 64 scopes.
    pub fn new(table: &[(&'static str, &[&'static str])]) -> Result<Self, BadRoleScopes> {
        let mut scopes = Self { names: Vec::new(), granted: [ScopeSet::default(); Role::ALL.len()] };
        for role in Role::ALL {
            if !table.iter().any(|(name, _)| *name == role.as_str()) {
                return Err(BadRoleScopes::Role(role.to_string()));
            }
        }
        for (role_name, names) in table {
            let role = Role::parse(role_name).ok_or_else(|| BadRoleScopes::Role((*role_name).to_owned()))?;
            for name in *names {
                scopes.granted[role as usize].0 |= scopes.bit_for(name)?;
            }
        }
        Ok(scopes)
    }

    fn bit_for(&mut self, name: &'static str) -> Result<u64, BadRoleScopes> {
        if let Some(place) = self.place(name) {
            return Ok(1 << place);
        }
        let usable = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\');
        if !usable {
            return Err(BadRoleScopes::Name(name.to_owned()));
        }
        if self.names.len() == 64 {
            return Err(BadRoleScopes::TooMany);
        }
        self.names.push(name);
        Ok(1 << (self.names.len() - 1))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| *known == name)
    }

    /// Everything that a role grants.
    #[must_use]
    pub fn of(&self, role: Role) -> ScopeSet {
        self.granted[role as usize]
    }

    /// Whether a set contains a scope; one that nobody declared is in no set.
    #[must_use]
    pub fn contains(&self, set: ScopeSet, name: &str) -> bool {
        self.place(name).is_some_and(|place| set.0 >> place & 1 == 1)
    }

    /// Reads names separated by blanks (RFC 6749 §3.3); order and repetition do not matter.
    ///
    /// # Errors
    /// The first name that no role grants.
    pub fn parse(&self, text: &str) -> Result<ScopeSet, UnknownScope> {
        self.collect(text.split_ascii_whitespace())
    }

    /// The set of the given names.
    ///
    /// # Errors
    /// The first name that no role grants.
    pub fn collect<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<ScopeSet, UnknownScope> {
        names.into_iter().try_fold(ScopeSet::default(), |set, name| match self.place(name) {
            Some(place) => Ok(ScopeSet(set.0 | 1 << place)),
            None => Err(UnknownScope(name.to_owned())),
        })
    }

    /// Like [`parse`](Self::parse), leaving out what is no longer declared. For sets written down by an earlier version.
    #[must_use]
    pub fn parse_known(&self, text: &str) -> ScopeSet {
        text.split_ascii_whitespace()
            .filter_map(|name| self.place(name))
            .fold(ScopeSet::default(), |set, place| ScopeSet(set.0 | 1 << place))
    }

    /// The names in a set, in the document's order.
    pub fn names(&self, set: ScopeSet) -> impl Iterator<Item = &'static str> {
        self.names.iter().enumerate().filter(move |(place, _)| set.0 >> place & 1 == 1).map(|(_, name)| *name)
    }

    /// The set as a token's `scope`: names separated by single blanks.
    #[must_use]
    pub fn join(&self, set: ScopeSet) -> String {
        self.names(set).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> RoleScopes {
        RoleScopes::new(&[
            ("user", &["account:read", "account:write"]),
            ("moderator", &["account:read", "account:write", "users:read"]),
            ("admin", &["account:read", "account:write", "users:read", "users:write"]),
        ])
        .expect("a good table")
    }

    #[test]
    fn a_role_grants_what_the_table_says() {
        let scopes = table();
        assert!(scopes.contains(scopes.of(Role::Moderator), USERS_READ));
        assert!(!scopes.contains(scopes.of(Role::Moderator), USERS_WRITE));
        assert!(!scopes.contains(scopes.of(Role::Admin), "unheard:of"));
        assert!(scopes.of(Role::User).is_subset_of(scopes.of(Role::Admin)));
        assert!(!scopes.of(Role::Admin).is_subset_of(scopes.of(Role::User)));
    }

    #[test]
    fn a_scope_text_is_read_and_written_in_the_order_of_the_table() {
        let scopes = table();
        let set = scopes.parse(" users:read  account:read users:read").expect("known scopes");
        assert_eq!(scopes.join(set), "account:read users:read");
        assert_eq!(scopes.parse("account:read nope"), Err(UnknownScope("nope".into())));
        assert_eq!(scopes.join(scopes.parse_known("account:read nope")), "account:read");
        assert!(scopes.parse("").expect("nothing").is_empty());
    }

    #[test]
    fn an_intersection_grants_only_what_both_grant() {
        let scopes = table();
        let both = scopes.of(Role::Admin).intersection(scopes.of(Role::User));
        assert_eq!(both, scopes.of(Role::User));
    }

    #[test]
    fn a_table_that_does_not_fit_the_program_is_refused() {
        let missing = RoleScopes::new(&[("user", &[]), ("admin", &[])]).expect_err("no moderator");
        assert_eq!(missing, BadRoleScopes::Role("moderator".into()));
        let surplus = RoleScopes::new(&[("user", &[]), ("moderator", &[]), ("admin", &[]), ("owner", &[])]);
        assert_eq!(surplus.expect_err("an unknown role"), BadRoleScopes::Role("owner".into()));
        let blank = RoleScopes::new(&[("user", &["a b"]), ("moderator", &[]), ("admin", &[])]);
        assert_eq!(blank.expect_err("a blank"), BadRoleScopes::Name("a b".into()));
    }

    #[test]
    fn every_role_is_read_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("root"), None);
    }
}
