//! The program: settings, telemetry, start, the first screen, service, and an orderly end.

use crate::cli::{self, API_KEY, Asked, Cli, Command, Config, Export, Given, Import};
use crate::commands::{self, Said};
use crate::http::collector;
use crate::http::shutdown::{Phase, Signals, Wish};
use crate::http::tls::Tls;
use crate::infra::clock::Clock;
use crate::screen;
use crate::settings::{self, Server, Settings};
use crate::start::{self, Fault};
use crate::telemetry::{self, Telemetry};
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// The exit code where the settings do not stand.
const MISUSED: u8 = 2;

/// Why nothing was done.
enum Refusal {
    /// The settings do not stand.
    Misused(Vec<settings::Fault>),
    /// They do, and something else is in the way.
    Failed(Box<dyn Error>),
}

impl From<Vec<settings::Fault>> for Refusal {
    fn from(faults: Vec<settings::Fault>) -> Self {
        Self::Misused(faults)
    }
}

/// Runs it to its end. The work is started here and not in the binary's own crate, which would have to be compiled with all of
/// it once more, after this one.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { mut given, command } = Cli::read();
    // The name that every program with traces knows.
    given.otlp_endpoint = given.otlp_endpoint.or_else(|| variable("OTEL_EXPORTER_OTLP_ENDPOINT"));
    match run(judged(given), command.unwrap_or_default()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Refusal::Failed(fault)) => complain(&[fault], 1),
        Err(Refusal::Misused(faults)) => complain(&faults, MISUSED),
    }
}

/// The settings, or all that is wrong with them.
fn judged(given: Given) -> Result<Settings, Vec<settings::Fault>> {
    let mut faults = settings::unknown(environment(), &cli::known_variables());
    let settings = Settings::read(given).map_err(|more| faults.extend(more));
    settings.ok().filter(|_| faults.is_empty()).ok_or(faults)
}

#[expect(clippy::disallowed_methods, reason = "this is the once in which settings are read")]
fn environment() -> std::env::VarsOs {
    std::env::vars_os()
}

fn variable(name: &str) -> Option<String> {
    environment().find(|(known, _)| known == name).and_then(|(_, value)| value.into_string().ok())
}

fn complain(faults: &[impl std::fmt::Display], code: u8) -> ExitCode {
    for fault in faults {
        eprintln!("shopkeeper: {fault}");
    }
    ExitCode::from(code)
}

/// Whether everything went well; where it did not, that was told.
fn run(settings: Result<Settings, Vec<settings::Fault>>, command: Command) -> Result<bool, Refusal> {
    match command {
        Command::Print(what) => commands::print(what).map(|said| say(&said)).map_err(failed),
        Command::Config { what: Config::Check(form) } => Ok(say(&commands::check_settings(form, &settings))),
        Command::Config { what: Config::Show(form) } => Ok(say(&commands::show_settings(form, &settings?))),
        Command::Doctor(form) => Ok(say(&commands::doctor(form, &settings))),
        Command::Key { what } => commands::key(&settings?, &what).map(|said| say(&said)).map_err(failed),
        Command::Backup(wanted) => commands::backup(&settings?, &wanted).map(|said| say(&said)).map_err(failed),
        Command::Restore(wanted) => commands::restore(&settings?, &wanted).map(|said| say(&said)).map_err(failed),
        Command::Serve => work(&settings?, async |settings, telemetry| {
            serve(settings, telemetry).await.map(|()| Said::well(String::new()))
        }),
        Command::Migrate { step } => {
            work(&settings?, async |settings, _| start::migrate(settings, step).await.map(Said::well))
        }
        Command::Seed(wanted) => work(&settings?, async |settings, _| commands::seed(settings, &wanted).await),
        Command::Import { what: Import::Products(wanted) } => {
            work(&settings?, async |settings, _| commands::import_products(settings, &wanted).await)
        }
        Command::Export { asked, what: Export::Products(wanted) } => {
            let server = server(&asked, false)?;
            work(&settings?, async |settings, _| commands::export_products(settings, server.as_ref(), &wanted).await)
        }
        Command::User { asked, what } => {
            let server = server(&asked, what.takes_key())?;
            work(&settings?, async |settings, _| commands::user(settings, server.as_ref(), &what).await)
        }
        Command::Session { asked, what } => {
            let server = server(&asked, false)?;
            work(&settings?, async |settings, _| commands::session(settings, server.as_ref(), &what).await)
        }
    }
}

/// The server that a command is to ask, if it is to ask one.
fn server(asked: &Asked, with_key: bool) -> Result<Option<Server>, Vec<settings::Fault>> {
    let key = variable(API_KEY);
    if with_key { Server::read_with_key(asked, key) } else { Server::read(asked, key) }
}

fn failed(error: impl Into<Box<dyn Error>>) -> Refusal {
    Refusal::Failed(error.into())
}

/// Does what takes a log and a runtime.
fn work(
    settings: &Settings,
    act: impl AsyncFnOnce(&Settings, &Telemetry) -> Result<Said, Fault>,
) -> Result<bool, Refusal> {
    let collector = settings.otlp_endpoint.as_deref().map(collector::at).transpose().map_err(failed)?;
    // Held to the end: dropping it writes out the last lines.
    let telemetry = telemetry::start(&settings.log, settings.log_format, collector).map_err(failed)?;
    let runtime = runtime().map_err(failed)?;
    let outcome = runtime.block_on(act(settings, &telemetry)).map(|said| say(&said));
    // Nothing waits for what still blocks a thread.
    runtime.shutdown_timeout(Duration::from_millis(500));
    outcome.map_err(failed)
}

/// One thread for each core; on a single core handing work over between threads would only cost.
fn runtime() -> io::Result<Runtime> {
    let alone = std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1);
    let mut builder = if alone { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    builder.thread_name("shop").enable_all().build()
}

async fn serve(settings: &Settings, telemetry: &Telemetry) -> Result<(), Fault> {
    let system = |error: io::Error| Fault(format!("The system refuses what a server needs: {error}."));
    let mut signals = Signals::listen(settings.tls.is_some()).map_err(system)?;
    let running = start::start(settings, Clock::system(), telemetry.access.clone()).await?;
    print(&if running.first {
        screen::first(settings, &running.nearby, running.admin_password.as_ref())
    } else {
        screen::again(settings, &running.nearby)
    });
    if let Some(address) = running.redirect_address {
        tracing::info!(event = "redirecting", %address, "plain HTTP is sent to https");
    }
    if let Some(address) = running.metrics_address {
        tracing::info!(event = "telling_metrics", %address);
    }
    tracing::info!(event = "serving", address = %running.address, profile = %settings.profile);

    let (stop, tls, delay) = (running.stop.clone(), running.tls.clone(), settings.drain_delay);
    let mut asked = async || heed(&mut signals, telemetry, tls.as_deref()).await;
    let conduct = async {
        let signal = asked().await;
        let first = if delay.is_zero() { Phase::Draining } else { Phase::Leaving };
        tracing::info!(event = "stopping", signal, phase = ?first);
        stop.advance(first);
        if first == Phase::Leaving {
            // Whoever asks twice does not want to wait.
            let _ = tokio::time::timeout(delay, asked()).await;
            tracing::info!(event = "stopping", phase = ?Phase::Draining);
            stop.advance(Phase::Draining);
        }
        let signal = asked().await;
        tracing::info!(event = "stopping", signal, phase = ?Phase::Cut);
        stop.advance(Phase::Cut);
        std::future::pending::<()>().await;
    };
    let cut = tokio::select! {
        cut = running.ended() => cut,
        () = conduct => 0,
    };
    tracing::info!(event = "stopped", connections_cut = cut);
    Ok(())
}

/// Does what signals wish, until one asks to stop: its name.
async fn heed(signals: &mut Signals, telemetry: &Telemetry, tls: Option<&Tls>) -> &'static str {
    loop {
        match signals.next().await {
            Wish::Stop(signal) => return signal,
            Wish::Reload => reload(tls),
            Wish::Louder => telemetry.level.louder(),
            Wish::AsSet => telemetry.level.as_set(),
        }
    }
}

/// Reads the certificate again; one that does not stand is told and not used.
fn reload(tls: Option<&Tls>) {
    let Some(tls) = tls else { return };
    let now = Clock::system().now();
    match tls.reload(now) {
        Ok(()) => tracing::info!(event = "certificate_read", "new connections get it"),
        Err(error) => tracing::error!(event = "certificate_refused", %error, "the one in use stays in use"),
    }
    tls.warn(now);
}

/// Tells how a command ended; whether it ended well.
fn say(said: &Said) -> bool {
    let _ = io::stderr().lock().write_all(said.complaints.as_bytes());
    print(&said.told);
    said.well
}

/// Shows text to whoever started the program; nobody may be there.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
