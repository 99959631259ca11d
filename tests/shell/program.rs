//! The program as its operator meets it: settings, the first screen, the log, signals, exit codes.

use crate::ground::Ground;
use crate::raw::PATIENCE;
use rusqlite::Connection;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Where the program keeps a shop: a folder, and in it a file of `SQLite` unless it has a database on a server.
pub trait Home {
    fn folder(&self) -> &Path;

    /// The address of a database on a server.
    fn database_url(&self) -> Option<String> {
        None
    }
}

/// Whatever the other tests run on, the database is a file: for what looks at it as one, or is promised of one only, which
/// is backups, one process for each folder, and a shop that is not there until it is made.
impl Home for TempDir {
    fn folder(&self) -> &Path {
        self.path()
    }
}

/// A folder with a database on whatever the tests run on: a file in it, or one on the server.
pub struct Place {
    ground: Ground,
    runtime: Runtime,
}

impl Home for Place {
    fn folder(&self) -> &Path {
        self.ground.path()
    }

    fn database_url(&self) -> Option<String> {
        self.ground.url()
    }
}

impl Place {
    /// With nothing in it.
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { ground: runtime.block_on(Ground::bare()), runtime }
    }

    pub fn path(&self) -> &Path {
        self.ground.path()
    }

    /// Whether the database is a file.
    pub fn is_file(&self) -> bool {
        self.ground.is_file()
    }

    /// The only column of what a question finds, as texts.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        if !self.is_file() {
            return self.runtime.block_on(self.ground.texts(sql));
        }
        let file = self.file();
        let mut query = file.prepare(sql).unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// How many rows there are of a table, or of what else can stand behind FROM.
    pub fn count(&self, of: &str) -> i64 {
        self.texts(&format!("SELECT CAST(count(*) AS text) FROM {of}"))[0].parse().unwrap()
    }

    /// Carries out statements behind the program's back.
    pub fn execute(&self, sql: &str) {
        if self.is_file() {
            self.file().execute_batch(&format!("PRAGMA foreign_keys = ON; {sql}")).unwrap();
        } else {
            self.runtime.block_on(self.ground.execute(sql));
        }
    }

    fn file(&self) -> Connection {
        Connection::open(self.path().join("data/shopkeeper.db")).unwrap()
    }
}

/// The program with a clean environment and a folder of its own.
pub fn program(home: &impl Home) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopkeeper"));
    command.env_clear().current_dir(home.folder()).env("SHOPKEEPER_LISTEN", "127.0.0.1:0");
    if let Some(url) = home.database_url() {
        // It has its database to itself, wherever that is.
        command.env("SHOPKEEPER_DATABASE_URL", url).env("SHOPKEEPER_SHARED", "off");
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A start that has to fail: its one sentence.
pub fn refused(command: &mut Command, code: i32) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let sentence = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{sentence}");
    assert!(stdout.is_empty());
    assert!(sentence.lines().count() == 1 && !sentence.contains("  "), "{sentence}");
    assert!(sentence.starts_with("shopkeeper: ") && sentence.trim_end().ends_with(['.', '?']), "{sentence}");
    sentence
}

/// A running program, ended when a test fails.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
    pub screen: String,
    /// Lines of the log, as they come.
    lines: Mutex<Receiver<String>>,
    /// Those that were read already.
    log: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut screen = String::new();
        while !screen.contains("Stop with") {
            let line = lines.next().expect("the screen is complete").unwrap();
            screen.push_str(&line);
            screen.push('\n');
        }
        let (_, rest) = screen.split_once("://").expect("an address");
        let address = rest.split_whitespace().next().unwrap().parse().unwrap();
        let (sender, lines) = channel();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        // Ends with the program.
        std::thread::spawn(move || log.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, address, screen, lines: Mutex::new(lines), log: String::new() }
    }

    /// Waits for the next line of the log that tells of this event.
    pub fn told(&mut self, event: &str) -> serde_json::Value {
        self.lines_until(event).pop().unwrap_or_default()
    }

    /// The lines of the log from here to the next one that tells of this event.
    pub fn lines_until(&mut self, event: &str) -> Vec<serde_json::Value> {
        let mut lines = Vec::new();
        loop {
            let line = self.lines.get_mut().unwrap().recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("nothing was told of `{event}`:\n{}", self.log));
            self.log.push_str(&line);
            self.log.push('\n');
            lines.push(serde_json::from_str(&line).unwrap_or_default());
            if lines.last().is_some_and(|told: &serde_json::Value| told["event"] == event) {
                return lines;
            }
        }
    }

    pub fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
    }

    /// Calls the API, sending JSON unless it is null: the answer's status and its JSON.
    pub fn called(&self, method: &str, path: &str, token: Option<&str>, body: &Value) -> (u16, Value) {
        let mut head = "Host: a\r\nConnection: close\r\n".to_owned();
        if let Some(token) = token {
            write!(head, "Authorization: Bearer {token}\r\n").unwrap();
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        if !body.is_empty() {
            write!(head, "Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()).unwrap();
        }
        let answer = self.send(&format!("{method} {path} HTTP/1.1\r\n{head}\r\n{body}"));
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// Posts a form: the whole answer.
    pub fn post_form(&self, path: &str, form: &str) -> String {
        let head = "Host: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded";
        self.send(&format!("POST {path} HTTP/1.1\r\n{head}\r\nContent-Length: {}\r\n\r\n{form}", form.len()))
    }

    /// Stops it and waits for that.
    pub fn stop(self) {
        self.signal("-TERM");
        let (code, log) = self.ended();
        assert_eq!(code, Some(0), "{log}");
    }

    fn send(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    pub fn signal(&self, name: &str) {
        let killed = Command::new("kill").arg(name).arg(self.child.id().to_string()).status().unwrap();
        assert!(killed.success());
    }

    /// Waits for the end: its exit code and what it logged.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let mut log = std::mem::take(&mut self.log);
        for line in self.lines.get_mut().unwrap().iter() {
            log.push_str(&line);
            log.push('\n');
        }
        (self.child.wait().unwrap().code(), log)
    }
}

#[test]
fn a_bare_start_serves_shows_the_way_and_stops_at_a_signal() {
    for signal in ["-TERM", "-INT"] {
        let folder = folder();
        let running = Running::start(&mut program(&folder));
        assert!(running.screen.lines().count() <= 20, "{}", running.screen);
        assert!(running.screen.contains("/docs") && running.screen.contains("/openapi.yaml"));
        assert!(running.get("/healthz").starts_with("HTTP/1.1 200"));
        running.signal(signal);
        let (code, log) = running.ended();
        assert_eq!(code, Some(0), "{log}");
        let events: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let named = |name: &str| events.iter().filter(|event| event["event"] == name).count();
        assert_eq!((named("serving"), named("request"), named("stopped")), (1, 1, 1), "{log}");
        assert!(events.iter().all(|event| event["timestamp"].as_str().is_some_and(|at| at.ends_with('Z'))));
    }
}

#[test]
fn the_data_folder_is_for_its_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let running = Running::start(program(&folder).env("SHOPKEEPER_DATA_DIR", "deep/data"));
    let mode = folder.path().join("deep/data").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    drop(running);
}

#[test]
fn a_slip_of_the_pen_stops_the_start_with_the_right_word() {
    let folder = folder();
    let sentence = refused(program(&folder).env("SHOPKEEPER_LISTN", "127.0.0.1:80"), 2);
    assert!(sentence.contains("did you mean SHOPKEEPER_LISTEN?"), "{sentence}");
    let sentence = refused(program(&folder).args(["--profile", "prodction"]), 2);
    assert!(sentence.contains("did you mean production?"), "{sentence}");
    let sentence = refused(program(&folder).env("SHOPKEEPER_PUBLIC_URL", "shop"), 2);
    assert!(sentence.contains("https://shop.example"), "{sentence}");
    let sentence = refused(program(&folder).env("SHOPKEEPER_PROFILE", "production"), 2);
    assert!(sentence.contains("SHOPKEEPER_PUBLIC_URL"), "{sentence}");
}

#[test]
fn a_port_in_use_stops_the_start_with_another_one() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let sentence = refused(program(&folder).env("SHOPKEEPER_LISTEN", taken.local_addr().unwrap().to_string()), 1);
    assert!(sentence.contains("SHOPKEEPER_LISTEN"), "{sentence}");
}

#[test]
fn a_folder_that_cannot_be_used_stops_the_start() {
    let folder = folder();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let sentence = refused(program(&folder).env("SHOPKEEPER_DATA_DIR", "file/data"), 1);
    assert!(sentence.contains("SHOPKEEPER_DATA_DIR"), "{sentence}");
}

#[test]
fn a_folder_that_is_served_is_refused_to_a_second_process_and_free_again_after_the_first_is_killed() {
    let folder = folder();
    let first = Running::start(&mut program(&folder));
    let sentence = refused(&mut program(&folder), 1);
    assert!(sentence.contains("Another Shopkeeper serves"), "{sentence}");
    assert!(first.get("/healthz").starts_with("HTTP/1.1 200"));
    first.signal("-KILL");
    drop(first.ended());
    let next = Running::start(&mut program(&folder));
    assert!(next.get("/readyz").starts_with("HTTP/1.1 200"));
}

#[test]
fn help_names_every_variable_and_shows_no_secret() {
    let folder = folder();
    let output = program(&folder).arg("--help").env("SHOPKEEPER_ADMIN_PASSWORD", "hunter2hunter2").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for name in shopkeeper::cli::variables() {
        assert!(help.contains(&name), "{name} is missing from\n{help}");
    }
    assert!(!help.contains("hunter2"));
}

#[test]
fn text_is_logged_when_asked_for() {
    let folder = folder();
    let running = Running::start(program(&folder).args(["--log-format", "text"]));
    running.get("/healthz?token=s3cret");
    running.signal("-TERM");
    let (_, log) = running.ended();
    let line = log.lines().find(|line| line.contains("GET")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains(" GET /healthz 200 ") && line.contains("127.0.0.1"), "{line}");
    assert!(!log.contains("s3cret") && !log.contains('\u{1b}'), "{log}");
}

#[test]
fn access_lines_follow_the_level_filter() {
    for filter in ["warn", "info,request=off"] {
        let folder = folder();
        let running = Running::start(program(&folder).env("SHOPKEEPER_LOG", filter));
        running.get("/healthz");
        running.signal("-TERM");
        let (_, log) = running.ended();
        assert!(!log.contains("\"event\":\"request\""), "{log}");
    }
}
