//! What a person sees when the shop has opened: where things are, and a first call that works when pasted.

use crate::settings::Settings;
use secrecy::{ExposeSecret, SecretString};
use std::fmt::Write;

/// The first screen. `base` is where the server can be reached from here; the password is shown if this start made it.
#[must_use]
pub fn first(settings: &Settings, base: &str, admin_password: Option<&SecretString>) -> String {
    let folder = settings.data_dir.canonicalize().unwrap_or_else(|_| settings.data_dir.clone());
    let (version, profile, folder) = (env!("CARGO_PKG_VERSION"), settings.profile, folder.display());
    let mut screen = format!(
        "Shopkeeper {version} is open at {base} ({profile})\n\n  \
           try it      {base}/docs\n  \
           read it     {base}/redoc\n  \
           document    {base}/openapi.yaml\n  \
           data        {folder}\n"
    );
    // The literal passwords are made of letters and digits, so that neither the shell nor JSON reads anything else in.
    let password = admin_password.map_or("YOUR-PASSWORD", ExposeSecret::expose_secret);
    let hint = if admin_password.is_some() { "" } else { " (put the password of admin in)" };
    if admin_password.is_some() {
        // Writing into a string cannot fail.
        let _ =
            writeln!(screen, "  admin       username admin, password {password} (made up just now, not shown again)");
    }
    let _ = write!(
        screen,
        "\nSign in and see your account{hint}:\n\n\
         TOKEN=$(curl -s {base}/api/v1/auth/login -H 'Content-Type: application/json' \\\n  \
           -d '{{\"username\":\"admin\",\"password\":\"{password}\"}}' | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\n\
         curl -s {base}/api/v1/users/me -H \"Authorization: Bearer $TOKEN\"\n\n\
         Stop with Ctrl-C. Settings: shopkeeper --help\n\n"
    );
    screen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Given;

    fn screen(password: Option<&str>) -> String {
        let settings = Settings::read(Given::default()).unwrap();
        first(&settings, "http://127.0.0.1:8080", password.map(SecretString::from).as_ref())
    }

    #[test]
    fn the_first_screen_fits_twenty_lines() {
        assert!(screen(Some("SecurePass123")).lines().count() <= 20);
    }

    #[test]
    fn a_password_is_shown_only_when_it_was_made_up() {
        assert!(screen(Some("SecurePass123")).contains("password SecurePass123 (made up"));
        assert!(!screen(None).contains("made up"));
        assert!(screen(None).contains("put the password of admin in"));
    }
}
