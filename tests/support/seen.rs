//! Notes what was answered, for the comparison with the document that `scripts/test` makes when all tests have run.
//!
//! Each process appends to a file of its own below `target/seen`, a line for each kind of answer that it has not noted yet,
//! at once: a test that panics or is killed afterwards has noted what it saw.

use super::document::DOCUMENT;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

static NOTES: LazyLock<Mutex<Notes>> = LazyLock::new(|| Mutex::new(Notes::open()));

struct Notes {
    file: File,
    known: HashSet<String>,
}

impl Notes {
    fn open() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("seen");
        std::fs::create_dir_all(&folder).expect("a folder for what is seen");
        // Processes have their own files, and an id that comes round again appends.
        let path = folder.join(format!("{}-{}.jsonl", env!("CARGO_CRATE_NAME"), std::process::id()));
        let file = OpenOptions::new().create(true).append(true).open(path).expect("a file for what is seen");
        Self { file, known: HashSet::new() }
    }

    fn note(&mut self, line: String) {
        if !self.known.contains(&line) {
            writeln!(self.file, "{line}").expect("a note of what is seen");
            self.known.insert(line);
        }
    }
}

/// Notes an answer to a request for a target such as `/api/v1/users?limit=1`, if an operation of the document gave it.
pub fn note(method: &Method, target: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
    let path = target.split('?').next().unwrap_or_default();
    let op = path.strip_prefix(generated::BASE_PATH).and_then(|path| DOCUMENT.find(method.as_str(), path));
    let Some(op) = op else { return };
    let media = headers.get("content-type").and_then(|value| value.to_str().ok());
    let problem = || serde_json::from_slice::<Value>(body).ok()?.get("code")?.as_str().map(str::to_owned);
    let code = if status >= 400 { problem() } else { None };
    let line = json!({
        "operation": op.id, "method": method.as_str(), "status": status, "code": code, "media_type": media,
    });
    // A test that panicked while it noted something spoils nothing for the others.
    NOTES.lock().unwrap_or_else(std::sync::PoisonError::into_inner).note(line.to_string());
}
