//! The account that a new shop begins with.

use std::fmt;

use secrecy::SecretString;

use super::{NewUser, check_registration};
use crate::domain::access::Role;
use crate::domain::session::ClientInfo;
use crate::infra::random;
use crate::service::audit::Author;
use crate::service::{Error, Keep, Shop};

/// The name of the first administrator.
const USERNAME: &str = "admin";
/// An address that can never be anybody's (RFC 2606 §2).
const EMAIL: &str = "admin@shopkeeper.invalid";
/// 119 bits of chance.
const PASSWORD_LENGTH: usize = 20;

/// Whether an administrator had to be made.
pub enum FirstAdmin {
    /// There is one already.
    Present,
    /// The account `admin` was made with the password given.
    Made,
    /// The account `admin` was made with this password, which nobody can show again.
    MadeUp(SecretString),
}

impl fmt::Debug for FirstAdmin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Present => "Present",
            Self::Made => "Made",
            Self::MadeUp(_) => "MadeUp(…)",
        })
    }
}

impl Shop {
    /// Makes the account `admin` when there is no administrator at all, with a password of its own when none is given.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the given password is not good enough, [`Error::Taken`] when an ordinary account has the name.
    pub async fn ensure_admin(&self, password: Option<SecretString>) -> Result<FirstAdmin, Error> {
        if self.parts().store.has_admin().await? {
            return Ok(FirstAdmin::Present);
        }
        let made_up = password.is_none();
        let password = password.unwrap_or_else(made_up_password);
        let registration = check_registration(NewUser {
            email: EMAIL.to_owned(),
            username: USERNAME.to_owned(),
            password: password.clone(),
            full_name: None,
            client: ClientInfo::default(),
            role: Some(Role::Admin),
        })?;
        match self.add_account(registration, Author::SYSTEM, Keep::nothing()).await {
            Ok(_) if made_up => Ok(FirstAdmin::MadeUp(password)),
            Ok(_) => Ok(FirstAdmin::Made),
            // Another instance that starts at the same time was quicker.
            Err(Error::Taken(_)) if self.parts().store.has_admin().await? => Ok(FirstAdmin::Present),
            Err(error) => Err(error),
        }
    }
}

/// A password that is good enough and nobody's habit.
#[must_use]
pub fn made_up_password() -> SecretString {
    // Chance alone may leave a kind of character out; then it is asked again.
    loop {
        let password = random::alphanumeric(PASSWORD_LENGTH);
        let has = |kind: fn(&u8) -> bool| password.as_bytes().iter().any(kind);
        if has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit) {
            return password.into();
        }
    }
}
