//! The program under test: started, killed without warning, started again over the same folder.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use tokio::sync::watch;

use crate::support::ground::Ground;

pub const ADMIN_PASSWORD: &str = "SecurePass123!";
/// How long a start may take before the run is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// One ground, and the process that serves it, if one does.
pub struct Server {
    ground: Arc<Ground>,
    child: Option<Child>,
    base: watch::Sender<Option<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    pub fn start(ground: Arc<Ground>) -> Self {
        let mut server = Self { ground, child: None, base: watch::Sender::new(None) };
        server.again();
        server
    }

    /// Where it can be reached, while it can.
    pub fn base(&self) -> watch::Receiver<Option<String>> {
        self.base.subscribe()
    }

    /// Ends it without warning: it gets no chance to write anything down.
    pub fn kill(&mut self) {
        self.base.send_replace(None);
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts it, as it stands in its folder.
    pub fn again(&mut self) {
        let mut child = self.command().spawn().expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        self.child = Some(child);
        let (tell, told) = mpsc::channel();
        // Left unread the pipe would fill and stop the program.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        let mut base = None;
        loop {
            let line = told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no start: {}", self.log()));
            let address = line.split_whitespace().find(|word| word.starts_with("http://"));
            base = base.or_else(|| address.map(str::to_owned));
            if line.contains("Ctrl-C") {
                break;
            }
        }
        self.base.send_replace(Some(base.expect("an address")));
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shopkeeper"));
        command.env_clear().current_dir(self.ground.path()).env("SHOPKEEPER_LISTEN", "127.0.0.1:0");
        command.env("SHOPKEEPER_ADMIN_PASSWORD", ADMIN_PASSWORD).env("SHOPKEEPER_RATE_LIMITS", "off");
        // So soon that the sweeper has its share.
        command.env("SHOPKEEPER_ORDER_EXPIRY", "3s").env("SHOPKEEPER_LOG", "warn");
        if let Some(url) = self.ground.url() {
            // It has its database to itself, wherever that is.
            command.env("SHOPKEEPER_DATABASE_URL", url).env("SHOPKEEPER_SHARED", "off");
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(self.log_file());
        command
    }

    fn log_file(&self) -> File {
        OpenOptions::new().create(true).append(true).open(self.ground.path().join("log")).expect("a log")
    }

    /// What all its processes logged.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(self.ground.path().join("log")).unwrap_or_default()).into_owned()
    }
}
