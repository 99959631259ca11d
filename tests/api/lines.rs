//! What the lines of requests tell of who called, and of what was refused.

use crate::support::{Credentials, Options, Shop};
use serde_json::{Value, json};
use shopkeeper::telemetry::{AccessLog, Flusher, Format, Sink};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Log(Written, Flusher);

impl Log {
    /// The lines of an operation, once no more are to come.
    fn of(self, operation: &str) -> Vec<Value> {
        let Self(written, flusher) = self;
        drop(flusher);
        let text = String::from_utf8(written.0.lock().expect("the log").clone()).expect("text");
        let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        lines.filter(|line: &Value| line["operation"] == operation).collect()
    }
}

async fn logged() -> (Shop, Log) {
    let written = Written::default();
    let (sink, flusher) = Sink::start(written.clone(), |_| String::new()).expect("a sink");
    let log = Some(AccessLog::new(sink, Format::Json));
    (Shop::open_with(Options { log, ..Options::default() }).await, Log(written, flusher))
}

#[tokio::test]
async fn a_sign_in_tells_whose_it_was_and_a_failed_one_why_and_nobody() {
    let (shop, log) = logged().await;
    let ada = shop.register("ada").await;
    let wrong = json!({"username": "ada", "password": "Wrong-Word-1"});
    shop.visitor().post("/auth/login", &wrong).await.expect_status(401);
    shop.close().await;
    let lines = log.of("login");
    assert_eq!(lines[0]["account_id"], ada.id());
    assert_eq!((&lines[0]["status"], &lines[0]["code"]), (&json!(200), &Value::Null));
    assert_eq!((&lines[1]["status"], &lines[1]["code"]), (&json!(401), &json!("invalid_credentials")));
    assert_eq!(lines[1]["account_id"], Value::Null);
}

#[tokio::test]
async fn renewals_and_grants_tell_whose_they_were() {
    let (shop, log) = logged().await;
    let ada = shop.register("ada").await;
    let next = ada.refreshed().await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*next.refresh_token)];
    shop.visitor().post_form("/oauth/token", &form).await.expect_status(200);
    let unheard = [("grant_type", "refresh_token"), ("refresh_token", "unheard-of")];
    shop.visitor().post_form("/oauth/token", &unheard).await.expect_status(400);
    shop.close().await;
    let Log(written, flusher) = log;
    let again = Log(written.clone(), flusher).of("refreshSession");
    assert_eq!(again[0]["account_id"], ada.id());
    let text = String::from_utf8(written.0.lock().expect("the log").clone()).expect("text");
    let grants: Vec<Value> = text
        .lines()
        .filter(|line| line.contains("issueToken"))
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(grants[0]["account_id"], ada.id());
    assert_eq!((&grants[1]["code"], &grants[1]["account_id"]), (&json!("invalid_grant"), &Value::Null));
}

#[tokio::test]
async fn a_call_with_a_key_tells_which_key_even_when_it_is_refused() {
    let (shop, log) = logged().await;
    let ada = shop.register("ada").await;
    let (id, secret) = ada.make_key(&["account:read"]).await;
    let program = ada.with(Credentials::Key(secret.clone()));
    program.get("/users").await.expect_problem(403, "insufficient_scope");
    shop.close().await;
    let lines = log.of("listUsers");
    assert_eq!(lines[0]["api_key_id"], id);
    assert_eq!((&lines[0]["account_id"], &lines[0]["code"]), (&json!(ada.id()), &json!("insufficient_scope")));
    assert!(!format!("{lines:?}").contains(&secret));
}
