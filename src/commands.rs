//! The commands that do their work and end. Seeding, importing, exporting, keeping accounts and restoring have the data folder
//! to themselves meanwhile; keys, backups and the doctor leave a running server alone. Those that only print need no folder.
//! Accounts and products of a running server are there for whoever asks it (`server`).

mod accounts;
mod audience;
mod backup;
mod doctor;
mod export;
mod keys;
mod place;
mod printing;
mod restore;
mod server;

pub use accounts::{session, user};
pub use backup::backup;
pub use doctor::doctor;
pub use export::export_products;
pub use keys::key;
pub use printing::{check_settings, print, show_settings};
pub use restore::restore;

use crate::cli::{FileFormat, ImportProducts, Seed};
use crate::domain::time::{self, Timestamp};
use crate::infra::clock::Clock;
use crate::progress::Progress;
use crate::seed::{self, Added, Plan};
use crate::service::Imported;
use crate::settings::{Profile, Settings};
use crate::start::{Fault, Opened};
use crate::transfer::{self, Format, Mode, Outcome, SHOWN};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;

/// Orders that are made up unless another number is asked for.
const ORDERS: u64 = 300;

/// What a command says at its end.
#[derive(Debug)]
pub struct Said {
    /// For standard output.
    pub told: String,
    /// For standard error.
    pub complaints: String,
    /// Whether everything went well.
    pub well: bool,
}

impl Said {
    /// All went well.
    #[must_use]
    pub fn well(told: String) -> Self {
        Self { told, complaints: String::new(), well: true }
    }
}

fn told_as(as_json: bool, report: &serde_json::Value, told: String) -> Said {
    Said::well(if as_json { format!("{report}\n") } else { told })
}

/// Makes up what is wanted and not there yet.
///
/// # Errors
/// In production, without a single category for products, and when the shop cannot be opened or written.
pub async fn seed(settings: &Settings, wanted: &Seed) -> Result<Said, Fault> {
    if settings.profile == Profile::Production && wanted.users > 0 {
        return Err(Fault(
            "Accounts whose password everybody knows have no place in production: add --users 0, or seed another shop."
                .to_owned(),
        ));
    }
    if wanted.products > 0 && wanted.categories == 0 {
        return Err(Fault("Products need a category: ask for --categories 1 at least.".to_owned()));
    }
    let clock = Clock::system();
    let plan = plan(wanted, clock.now())?;
    let opened = Opened::open(settings, &clock).await?;
    let mut progress = Progress::on_standard_error();
    let sown = seed::sow(&opened.shop, &plan, &mut |step| progress.show(step.what, step.done, Some(step.of))).await;
    progress.end();
    let added = sown.map_err(|error| Fault(format!("Seeding stopped: {error}. Run it again to go on from there.")))?;
    opened.close().await;
    Ok(Said::well(sown_told(&plan, added)))
}

fn plan(wanted: &Seed, now: Timestamp) -> Result<Plan, Fault> {
    let Seed { users, categories, products, orders, until, seed } = *wanted;
    let possible = users > 0 && products > 0;
    if !possible && orders.is_some_and(|orders| orders > 0) {
        return Err(Fault(
            "Orders need somebody who buys and something to buy: ask for users and products.".to_owned(),
        ));
    }
    let until = until.map_or(now, time::truncated);
    if until > now {
        return Err(Fault("Orders of the future cannot be made up: --until must not lie ahead.".to_owned()));
    }
    let orders = orders.unwrap_or(if possible { ORDERS } else { 0 });
    Ok(Plan { seed, users, categories, products, orders, until })
}

fn sown_told(plan: &Plan, added: Added) -> String {
    let mut told = if added == Added::default() {
        "Everything was there already; nothing was changed.\n".to_owned()
    } else {
        let Added { users, categories, products, orders } = added;
        let people = format!("Added {users} users, {categories} categories, {products} products and {orders} orders");
        format!("{people}; what was there was left.\n")
    };
    if plan.users > 0 {
        let (name, password) = (seed::first_username(plan.seed), seed::PASSWORD);
        // Writing into a string cannot fail.
        let _ = writeln!(told, "All seeded users have the password {password}; the first is {name}.");
    }
    told
}

/// Reads products from a file.
///
/// # Errors
/// When the file cannot be read, or the shop cannot be opened or written: then nothing was changed.
pub async fn import_products(settings: &Settings, wanted: &ImportProducts) -> Result<Said, Fault> {
    let format = format(wanted.format, Some(&wanted.file))?;
    let shown = wanted.file.display();
    let input: Box<dyn io::BufRead> = if is_standard(&wanted.file) {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&wanted.file).map_err(|error| Fault(format!("`{shown}` cannot be read: {error}.")))?;
        Box::new(BufReader::new(file))
    };
    let mode =
        Mode { dry_run: wanted.dry_run, keep_going: wanted.keep_going, create_categories: wanted.create_categories };
    let opened = Opened::open(settings, &Clock::system()).await?;
    let mut progress = Progress::on_standard_error();
    let outcome =
        transfer::import(&opened.shop, input, format, mode, &mut |rows| progress.show("rows", rows, None)).await;
    progress.end();
    opened.close().await;
    let outcome =
        outcome.map_err(|error| Fault(format!("`{shown}` was not imported: {error}; nothing was changed.")))?;
    Ok(if wanted.json { imported_json(&outcome, mode) } else { imported_told(&outcome, mode) })
}

fn imported_json(outcome: &Outcome, mode: Mode) -> Said {
    let Outcome { rows, imported: Imported { created, updated, unchanged, categories }, applied, problems } = outcome;
    let report = serde_json::json!({
        "rows": rows,
        "applied": applied,
        "dry_run": mode.dry_run,
        "created": created,
        "updated": updated,
        "unchanged": unchanged,
        "categories_created": categories,
        "problems": problems.total(),
        "errors": problems.shown(),
    });
    Said { told: format!("{report}\n"), complaints: String::new(), well: problems.total() == 0 }
}

fn imported_told(outcome: &Outcome, mode: Mode) -> Said {
    let Outcome { rows, imported: Imported { created, updated, unchanged, categories }, applied, problems } = outcome;
    let mut complaints = String::new();
    for problem in problems.shown() {
        let place = match problem.place() {
            "" => String::new(),
            place => format!(" {place}"),
        };
        // Writing into a string cannot fail.
        let _ = writeln!(complaints, "row {}{place}: {} ({})", problem.row, problem.message, problem.code);
    }
    let more = problems.total() - problems.shown().len() as u64;
    if more > 0 {
        let _ = writeln!(complaints, "… and {more} more; the first {SHOWN} are shown");
    }
    let counts =
        format!("{created} created, {updated} updated, {unchanged} unchanged, {categories} categories created");
    let verdict = match (applied, mode.dry_run) {
        (true, _) => counts,
        (false, true) => format!("nothing was changed (--dry-run); it would be {counts}"),
        (false, false) => "nothing was changed; mend the rows, or import the others with --keep-going".to_owned(),
    };
    let told = format!("{rows} rows, {} problems: {verdict}.\n", problems.total());
    Said { told, complaints, well: problems.total() == 0 }
}

fn is_standard(file: &Path) -> bool {
    file.as_os_str() == "-"
}

fn format(given: Option<FileFormat>, file: Option<&Path>) -> Result<Format, Fault> {
    let given = given.map(|format| match format {
        FileFormat::Csv => Format::Csv,
        FileFormat::Jsonl => Format::Jsonl,
    });
    given.or_else(|| file.and_then(Format::of)).ok_or_else(|| {
        let shown = file.map(|file| file.display().to_string()).unwrap_or_default();
        Fault(format!("What is in `{shown}` its name does not tell: add --format csv or --format jsonl."))
    })
}
