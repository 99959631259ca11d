//! The program as an operator starts it: its first screen, its log, its end.

use crate::support::call::Call;
use crate::support::{Credentials, Guest, Lines};
use http::Method;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

/// A running `shopkeeper`.
pub struct Program {
    child: Child,
    base: String,
    screen: String,
    log: JoinHandle<String>,
}

/// The binary on a folder and a free port, with nothing of this process's own settings.
pub fn shopkeeper(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopkeeper"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SHOPKEEPER_")) {
        command.env_remove(name);
    }
    command.env("SHOPKEEPER_LISTEN", "127.0.0.1:0").env("SHOPKEEPER_DATA_DIR", folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Program {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let mut errors = child.stderr.take().expect("its errors");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut screen = String::new();
        while !screen.contains("Ctrl-C") {
            let line = lines.next().expect("a first screen").expect("text");
            screen.push_str(&line);
            screen.push('\n');
        }
        // Left unread it would fill and stop the program.
        std::thread::spawn(move || lines.for_each(drop));
        let base = screen.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        Self { child, base, screen, log }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Somebody who calls it.
    pub fn guest(&self) -> Guest {
        Guest::on(Lines::to(&self.base))
    }

    /// Asks it to end, and does not wait for that.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(told.success());
    }

    /// Asks it to end. Returns its exit code and everything that it logged.
    pub fn end(mut self) -> (Option<i32>, String) {
        self.terminate();
        let status = self.child.wait().expect("an end");
        (status.code(), self.log.join().expect("a log"))
    }
}

#[tokio::test]
async fn the_first_start_shows_a_password_once_and_it_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let program = Program::start(shopkeeper(&data));
    let password = program.screen.split("password ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let password = password.expect("a password on the screen").to_owned();
    let guest = program.guest();
    guest.log_in("admin", &password).await;
    for page in ["/docs", "/redoc", "/openapi.yaml"] {
        assert!(program.screen.contains(&program.url(page)), "{}", program.screen);
        guest.get(&format!("!{page}")).await.expect_status(200);
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(&data.metadata().expect("the data folder").permissions());
    assert_eq!(mode & 0o777, 0o700, "the data folder is for this user only");
    let (code, log) = program.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains(&password), "the password is logged: {log}");
    let again = Program::start(shopkeeper(&data));
    assert!(!again.screen.contains(&password) && !again.screen.contains("made up"), "{}", again.screen);
    again.guest().log_in("admin", &password).await;
    again.end();
}

#[tokio::test]
async fn the_first_call_on_the_screen_works_when_pasted() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Program::start(shopkeeper(folder.path()));
    let start = program.screen.find("TOKEN=").expect("a first call");
    let end = program.screen.find("\nStop with").expect("its end");
    let pasted = program.screen[start..end].to_owned();
    let has_curl = Command::new("curl").arg("--version").output().is_ok_and(|output| output.status.success());
    if has_curl {
        let output = tokio::task::spawn_blocking(move || Command::new("sh").args(["-c", &pasted]).output());
        let output = output.await.expect("no panic").expect("a shell");
        let me: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        assert_eq!(me["username"], "admin", "{}", String::from_utf8_lossy(&output.stdout));
    } else {
        eprintln!("there is no curl here: nothing was pasted");
    }
    program.end();
}

#[tokio::test]
async fn the_log_tells_each_request_in_one_line_and_no_secret_at_any_level() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = shopkeeper(folder.path());
    command.env("SHOPKEEPER_LOG", "trace").env("SHOPKEEPER_ADMIN_PASSWORD", "Keeper-of-the-Keys-7");
    let program = Program::start(command);
    let secrets = everything(&program).await;
    let (code, log) = program.end();
    assert_eq!(code, Some(0));
    for secret in &secrets {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(line.is_none(), "`{secret}` is logged: {}", line.unwrap_or_default());
    }
    assert!(!log.contains("$argon2"));
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"))).collect();
    let requests: Vec<_> = lines.iter().filter(|line| line["event"] == "request").collect();
    let one: Vec<_> = requests.iter().filter(|line| line["request_id"] == "the-one-0").collect();
    assert_eq!(one.len(), 1, "{requests:#?}");
    let one = one[0];
    assert_eq!(
        (&one["method"], &one["path"], &one["status"]),
        (&json!("GET"), &json!("/api/v1/users/me"), &json!(200))
    );
    assert_eq!((&one["ip"], &one["trace_id"]), (&json!("127.0.0.1"), &json!("4bf92f3577b34da6a3ce929d0e0e4736")));
    assert!(one["timestamp"].is_string() && one["duration_us"].is_u64(), "{one}");
    let account =
        one.as_object().expect("members").values().any(|value| value.as_str().is_some_and(|text| text.len() == 36));
    assert!(account, "the account is told: {one}");
    assert!(!log.contains("shoe"), "query strings are not logged");
}

/// Uses all that is secret. Returns what the log must not hold.
async fn everything(program: &Program) -> Vec<String> {
    let mut secrets = vec!["Keeper-of-the-Keys-7".to_owned(), "Wrong-Word-1".to_owned()];
    let guest = program.guest();
    // Once over HTTP/1.1, once over HTTP/2.
    for number in 0..2 {
        let by = |call: Call| if number == 0 { call } else { call.by_http2() };
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let body = json!({"username": "admin", "password": "Keeper-of-the-Keys-7"});
        let pair = by(guest.post("/auth/login", &body)).await.expect_status(200).json();
        let (access, refresh) = (text(&pair["access_token"]), text(&pair["refresh_token"]));
        let body = json!({"username": "admin", "password": "Wrong-Word-1"});
        by(guest.post("/auth/login", &body)).await.expect_status(401);
        let admin = guest.bearing(&access);
        let traced = admin.get("/users/me").header("x-request-id", &format!("the-one-{number}"));
        by(traced.header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")).await;
        by(admin.get("/users/me?shoe=42")).await;
        let key = json!({"name": "x", "scopes": ["account:read"]});
        let made = by(admin.post("/users/me/api-keys", &key)).await.expect_status(201).json();
        let secret = text(&made["secret"]);
        by(guest.with(Credentials::Key(secret.clone())).get("/users/me")).await.expect_status(200);
        let program = guest.with(Credentials::Basic(text(&made["id"]), secret.clone()));
        let form = program.call(Method::POST, "/oauth/token").form(&[("grant_type", "client_credentials")]);
        let token = by(form).await.expect_status(200).json();
        let body = json!({"refresh_token": refresh});
        let next = by(guest.post("/auth/refresh", &body)).await.expect_status(200).json();
        // A signature alone is enough to know a token by.
        let signature = |token: &Value| text(token).rsplit('.').next().expect("a signature").to_owned();
        secrets.extend([
            signature(&pair["access_token"]),
            refresh,
            secret,
            signature(&token["access_token"]),
            text(&next["refresh_token"]),
        ]);
    }
    secrets
}

#[test]
fn settings_that_do_not_stand_are_refused_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, value, told) in [
        ("SHOPKEEPER_LISTEN", "nowhere", "127.0.0.1:8080"),
        ("SHOPKEEPER_LISTN", "127.0.0.1:0", "SHOPKEEPER_LISTEN"),
        ("SHOPKEEPER_PROFILE", "production", "SHOPKEEPER_PUBLIC_URL"),
        ("SHOPKEEPER_DATA_DIR", "/proc/nowhere", "SHOPKEEPER_DATA_DIR"),
    ] {
        let output = shopkeeper(folder.path()).env(name, value).output().expect("an end");
        let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && output.stdout.is_empty(), "{sentence}");
        assert!(sentence.contains(told) && sentence.trim_end().lines().count() == 1, "{sentence}");
    }
}

#[test]
fn migrations_go_up_and_down_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let migrate = |step: &str| {
        let output = shopkeeper(folder.path()).args(["migrate", step]).output().expect("an end");
        assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(migrate("status").contains("missing"));
    assert!(migrate("up").contains("applied"));
    let steps = migrate("status");
    assert!(!steps.contains("missing"), "{steps}");
    for _ in steps.lines() {
        migrate("down");
    }
    assert!(!migrate("status").contains("applied"));
    assert!(migrate("up").contains("applied"));
    assert!(migrate("up").contains("nothing"));
}
