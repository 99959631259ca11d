//! `shopkeeper doctor`: whether everything is as the server needs it. It changes nothing, and a server may run meanwhile.
//!
//! Each check looks at one thing and answers with one [`Finding`]; a new one is a row of [`CHECKS`].

mod certificate;
mod contradictions;
mod database;
mod files;
mod machine;
mod neighbours;

use super::Said;
use crate::cli::Doctor;
use crate::domain::time::Timestamp;
use crate::infra::clock::Clock;
use crate::settings::{self, Settings};
use serde_json::json;
use std::fmt::{self, Write};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::time::timeout;

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    verdict: Verdict,
    what: String,
    /// What to do about it.
    mend: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    /// The server starts, and something will go wrong one day.
    Warn,
    /// The server does not start, or does not work.
    Fail,
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        })
    }
}

impl Finding {
    fn ok(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, what: what.into(), mend: None }
    }

    fn warn(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warn, what: what.into(), mend: Some(mend.into()) }
    }

    fn fail(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { verdict: Verdict::Fail, what: what.into(), mend: Some(mend.into()) }
    }
}

/// What checks look at.
struct Patient<'s> {
    settings: &'s Settings,
    now: Timestamp,
}

type Check = fn(&Patient<'_>) -> Finding;

/// Every check beside that of the settings themselves, with its name.
const CHECKS: &[(&str, Check)] = &[
    ("contradictions", contradictions::contradictions),
    ("environment", machine::environment),
    ("clock", machine::clock),
    ("listen", machine::listen),
    ("certificate", certificate::certificate),
    ("data folder", files::data_folder),
    ("disk", files::disk),
    ("keys", files::keys),
    ("database", database::database),
    ("migrations", database::migrations),
    ("replica", database::replica),
    ("valkey", neighbours::valkey),
    ("collector", neighbours::collector),
];

/// How long a check waits for another server.
const PATIENCE: Duration = Duration::from_secs(2);

/// What another server answers; `None` if it does not in time.
fn wait_for<T>(question: impl Future<Output = T>) -> Option<T> {
    // Nothing can be asked without one, so nobody answers.
    let runtime = Builder::new_current_thread().enable_all().build().ok()?;
    let answer = runtime.block_on(async { timeout(PATIENCE, question).await.ok() });
    // A name that nobody resolves may keep a thread for longer.
    runtime.shutdown_background();
    answer
}

/// Looks at everything; what is told ends well if nothing fails.
#[must_use]
pub fn doctor(form: Doctor, judged: &Result<Settings, Vec<settings::Fault>>) -> Said {
    let mut told = String::new();
    let mut well = true;
    let mut tell = |name: &str, Finding { verdict, what, mend }: Finding| {
        well &= verdict != Verdict::Fail;
        if form.json {
            let line = json!({ "check": name, "verdict": verdict.to_string(), "found": what, "mend": mend });
            // Writing into a string cannot fail.
            let _ = writeln!(told, "{line}");
        } else {
            let mend = mend.map(|mend| format!(": {mend}")).unwrap_or_default();
            let _ = writeln!(told, "{verdict:4}  {name:14}  {what}{mend}");
        }
    };
    match judged {
        Ok(settings) => {
            tell("settings", Finding::ok("every setting can be read"));
            let patient = Patient { settings, now: Clock::system().now() };
            for (name, check) in CHECKS {
                tell(name, check(&patient));
            }
        }
        Err(faults) => {
            for fault in faults {
                tell("settings", Finding { verdict: Verdict::Fail, what: fault.to_string(), mend: None });
            }
        }
    }
    Said { told, complaints: String::new(), well }
}
