//! From settings to a shop that can answer: folders, keys, database, and the rooms put together.

use crate::cli::MigrateStep;
use crate::http::metrics::Metrics;
use crate::http::origin::Origin;
use crate::http::pages::{Authorization, Document, Pages};
use crate::http::trace::Visit;
use crate::http::{Answer, Inbound};
use crate::settings::Settings;
use contract::{Problem, Reply};
use http::Request;
use secrecy::SecretString;
use std::fs::{self, DirBuilder};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

/// A shop that is ready to answer.
pub struct Started<A> {
    /// Answers every request.
    pub answer: A,
    /// The password of `admin`, if this start made it up: it is shown once and kept nowhere.
    pub admin_password: Option<SecretString>,
    /// To be awaited when the last request has ended: writes out what is only in memory.
    pub finish: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Why the shop could not start: one sentence for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

/// The names of all operations, under which requests are counted.
pub fn operations() -> impl Iterator<Item = &'static str> {
    generated::OPERATIONS.iter().map(|operation| operation.id)
}

/// Opens the shop.
///
/// # Errors
/// When a folder, the keys or the database cannot be used.
pub async fn start(settings: &Settings, origin: &Origin, metrics: Arc<Metrics>) -> Result<Started<impl Answer>, Fault> {
    folder(&settings.data_dir, "SHOPKEEPER_DATA_DIR")?;
    folder(&settings.keys_dir, "SHOPKEEPER_KEYS_DIR")?;
    let document = Document::new(generated::DOCUMENT_YAML, generated::DOCUMENT_JSON);
    let pages = Pages {
        document: document.map_err(|error| Fault(format!("The built-in document is damaged: {error}.")))?,
        metrics,
        ready: Box::new(|| Box::pin(async { Ok(()) })),
        jwks: Box::new(|| serde_json::json!({ "keys": [] })),
        authorization: Authorization {
            issuer: origin.fixed().to_owned(),
            base_path: generated::BASE_PATH,
            scopes: Vec::new(),
            password_grant: settings.password_grant,
        },
    };
    Ok(Started { answer: Beside(pages), admin_password: None, finish: Box::pin(async {}) })
}

/// Takes one step with the database's migrations, and tells what came of it.
///
/// # Errors
/// When the database cannot be used.
pub async fn migrate(settings: &Settings, step: MigrateStep) -> Result<String, Fault> {
    folder(&settings.data_dir, "SHOPKEEPER_DATA_DIR")?;
    Err(Fault(format!("There is no database to migrate yet ({step:?}).")))
}

/// Answers with pages only.
struct Beside(Pages);

impl Answer for Beside {
    async fn answer(&self, request: Request<Inbound>, visit: &Visit) -> Result<Reply, Problem> {
        self.0.answer(&request.into_parts().0, visit).await
    }
}

/// Makes sure of a folder that only this user can look into, and in which this process can write.
///
/// # Errors
/// When it cannot be made or written to.
pub fn folder(path: &Path, setting: &str) -> Result<(), Fault> {
    let fault = |problem: String| {
        let shown = path.display();
        Fault(format!("{setting} is `{shown}`, {problem}: name a folder that this user may write to."))
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| fault(format!("which cannot be made ({})", plain(&error))))?;
    // Rights alone do not tell: the file system may be full of them and read-only all the same.
    let probe = path.join(".probe");
    fs::write(&probe, b"")
        .and_then(|()| fs::remove_file(&probe))
        .map_err(|error| fault(format!("where nothing can be written ({})", plain(&error))))?;
    let mode = fs::metadata(path).map_or(0, |folder| folder.permissions().mode());
    if mode & 0o077 != 0 {
        let shown = path.display().to_string();
        tracing::warn!(
            event = "folder_open_to_others",
            folder = shown,
            "other users can look into it; chmod 700 mends it"
        );
    }
    Ok(())
}

/// Words for a door that cannot be opened.
#[must_use]
pub fn cannot_listen(address: SocketAddr, error: &io::Error) -> Fault {
    let port = address.port();
    Fault(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "Another program listens on {address} already: stop it, or choose another port with SHOPKEEPER_LISTEN, such \
             as {}:{}.",
            address.ip(),
            port.checked_add(1).unwrap_or(8080)
        ),
        io::ErrorKind::PermissionDenied => format!(
            "This user may not listen on port {port}: choose one above 1023 with SHOPKEEPER_LISTEN, such as \
             127.0.0.1:8080."
        ),
        io::ErrorKind::AddrNotAvailable => format!(
            "{} is no address of this machine: set SHOPKEEPER_LISTEN to one that is, such as 127.0.0.1:{port}.",
            address.ip()
        ),
        _ => format!("{address} cannot be listened on ({}): choose another with SHOPKEEPER_LISTEN.", plain(error)),
    })
}

/// An error of the system without its number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_made_is_for_this_user_only() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("a/b");
        folder(&inner, "SHOPKEEPER_DATA_DIR").unwrap();
        assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&inner).unwrap().count(), 0);
        folder(&inner, "SHOPKEEPER_DATA_DIR").unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_is_refused_in_one_sentence() {
        let outer = tempfile::tempdir().unwrap();
        let file = outer.path().join("file");
        fs::write(&file, "").unwrap();
        let sentence = folder(&file.join("data"), "SHOPKEEPER_DATA_DIR").unwrap_err().to_string();
        assert!(sentence.starts_with("SHOPKEEPER_DATA_DIR is `") && sentence.ends_with("may write to."), "{sentence}");
    }

    #[test]
    fn a_taken_port_is_told_with_the_next_one() {
        let error = io::Error::from(io::ErrorKind::AddrInUse);
        let sentence = cannot_listen("127.0.0.1:8080".parse().unwrap(), &error).to_string();
        assert!(sentence.contains("127.0.0.1:8081"), "{sentence}");
    }
}
