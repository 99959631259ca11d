//! The program: settings, telemetry, start, the first screen, service, and an orderly end.

use clap::Parser;
use shopkeeper::cli::{self, Cli, Command, Export, Import};
use shopkeeper::commands::{self, Said};
use shopkeeper::http::collector;
use shopkeeper::http::shutdown::{Phase, Signals, Wish};
use shopkeeper::http::tls::Tls;
use shopkeeper::infra::clock::Clock;
use shopkeeper::screen;
use shopkeeper::settings::{self, Settings};
use shopkeeper::start::{self, Fault};
use shopkeeper::telemetry::{self, Telemetry};
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The settings do not stand.
const MISUSED: u8 = 2;

fn main() -> ExitCode {
    let Cli { mut given, command } = Cli::parse();
    // The name that every program with traces knows.
    given.otlp_endpoint = given.otlp_endpoint.or_else(|| variable("OTEL_EXPORTER_OTLP_ENDPOINT"));
    let settings = settings::refuse_unknown(environment(), &cli::variables()).and_then(|()| Settings::read(given));
    let settings = match settings {
        Ok(settings) => settings,
        Err(fault) => return complain(&fault, MISUSED),
    };
    match run(&settings, command.unwrap_or_default()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => complain(&*fault, 1),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the once in which settings are read")]
fn environment() -> std::env::VarsOs {
    std::env::vars_os()
}

fn variable(name: &str) -> Option<String> {
    environment().find(|(known, _)| known == name).and_then(|(_, value)| value.into_string().ok())
}

fn complain(fault: &dyn std::fmt::Display, code: u8) -> ExitCode {
    eprintln!("shopkeeper: {fault}");
    ExitCode::from(code)
}

/// Whether everything went well; where it did not, that was told.
fn run(settings: &Settings, command: Command) -> Result<bool, Box<dyn Error>> {
    let collector = settings.otlp_endpoint.as_deref().map(collector::at).transpose()?;
    // Held to the end: dropping it writes out the last lines.
    let telemetry = telemetry::start(&settings.log, settings.log_format, collector)?;
    let runtime = runtime()?;
    let outcome = match command {
        Command::Serve => runtime.block_on(serve(settings, &telemetry)).map(|()| true),
        Command::Migrate { step } => runtime.block_on(start::migrate(settings, step)).map(|told| {
            print(&told);
            true
        }),
        Command::Seed(wanted) => runtime.block_on(commands::seed(settings, &wanted)).map(|said| say(&said)),
        Command::Import { what: Import::Products(wanted) } => {
            runtime.block_on(commands::import_products(settings, &wanted)).map(|said| say(&said))
        }
        Command::Export { what: Export::Products(wanted) } => {
            runtime.block_on(commands::export_products(settings, &wanted)).map(|said| say(&said))
        }
    };
    // Nothing waits for what still blocks a thread.
    runtime.shutdown_timeout(Duration::from_millis(500));
    Ok(outcome?)
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
    print(&screen::first(settings, &running.nearby, running.admin_password.as_ref()));
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
        tracing::info!(event = "stopping", signal, phase = ?Phase::Leaving);
        stop.advance(Phase::Leaving);
        // Whoever asks twice does not want to wait.
        let _ = tokio::time::timeout(delay, asked()).await;
        tracing::info!(event = "stopping", phase = ?Phase::Draining);
        stop.advance(Phase::Draining);
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
    match tls.map(Tls::reload) {
        Some(Ok(())) => tracing::info!(event = "certificate_read", "new connections get it"),
        Some(Err(error)) => {
            tracing::error!(event = "certificate_refused", %error, "the one in use stays in use");
        }
        None => {}
    }
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
