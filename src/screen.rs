//! What a person sees when the shop has opened: the first time where things are, and a call that works when pasted; later on,
//! that it is open.

use crate::seed;
use crate::settings::Settings;
use secrecy::{ExposeSecret, SecretString};
use std::fmt::Write;
use std::path::PathBuf;

/// The first screen. `base` is where the server can be reached from here; the password is shown if this start made it.
#[must_use]
pub fn first(settings: &Settings, base: &str, admin_password: Option<&SecretString>) -> String {
    let (version, profile, folder) = (env!("CARGO_PKG_VERSION"), settings.profile, folder(settings));
    let folder = folder.display();
    let admin = admin_password.map_or_else(
        || "username admin, with the password that the settings give".to_owned(),
        |password| format!("username admin, password {} (made up just now, not shown again)", password.expose_secret()),
    );
    let mut screen = format!(
        "Shopkeeper {version} is open at {base} ({profile})\n\n  \
           try it      {base}/docs\n  \
           read it     {base}/redoc\n  \
           document    {base}/openapi.yaml\n  \
           admin       {admin}\n  \
           data        {folder}\n  \
           demo        {}\n",
        demo(settings)
    );
    // The literal passwords are made of letters and digits, so that neither the shell nor JSON reads anything else in.
    let password = admin_password.map_or("YOUR-PASSWORD", ExposeSecret::expose_secret);
    let hint = if admin_password.is_some() { "" } else { " (put the password of admin in)" };
    // Writing into a string cannot fail.
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

/// What whoever has seen the first screen is told.
#[must_use]
pub fn again(settings: &Settings, base: &str) -> String {
    let (version, profile, folder) = (env!("CARGO_PKG_VERSION"), settings.profile, folder(settings));
    let demo = if settings.demo { format!(", demo: {}", demo(settings)) } else { String::new() };
    format!(
        "Shopkeeper {version} is open at {base} ({profile}): docs at {base}/docs, data in {}{demo}\n\
         Stop with Ctrl-C. Settings: shopkeeper --help\n",
        folder.display()
    )
}

fn folder(settings: &Settings) -> PathBuf {
    settings.data_dir.canonicalize().unwrap_or_else(|_| settings.data_dir.clone())
}

/// What there is to look at, or how to get it.
fn demo(settings: &Settings) -> String {
    if settings.demo {
        let (name, password) = (seed::first_username(seed::DEMO_SEED), seed::PASSWORD);
        format!("the docs sign in as {name}, password {password}")
    } else {
        "none; start with --demo for some goods, customers and orders".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Given;

    fn settings(demo: Option<&str>) -> Settings {
        Settings::read(Given { demo: demo.map(str::to_owned), ..Given::default() }).unwrap()
    }

    fn screen(password: Option<&str>) -> String {
        first(&settings(None), "http://127.0.0.1:8080", password.map(SecretString::from).as_ref())
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

    #[test]
    fn later_on_two_lines_suffice() {
        for demo in [None, Some("on")] {
            let screen = again(&settings(demo), "http://127.0.0.1:8080");
            assert_eq!(screen.lines().count(), 2);
            assert_eq!(screen.contains(seed::PASSWORD), demo.is_some(), "{screen}");
        }
    }
}
