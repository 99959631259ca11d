//! The way to `PostgreSQL`, by TLS: the program against a server with a certificate.
//!
//! Only a server that was started for it has one, whose authority `SHOPKEEPER_TEST_DATABASE_AUTHORITY` names; so these tests
//! are ignored where nobody asks for them. `scripts/test` does.

use crate::process::{Program, shopkeeper};
use crate::support::ground::Ground;
use std::path::PathBuf;
use std::process::Command;

/// The certificate of the authority that vouches for the server.
fn authority() -> PathBuf {
    std::env::var_os("SHOPKEEPER_TEST_DATABASE_AUTHORITY").expect("SHOPKEEPER_TEST_DATABASE_AUTHORITY").into()
}

/// The program over a database, called as this address says.
fn over(ground: &Ground, url: &str) -> Command {
    let mut command = shopkeeper(&ground.path().join("data"));
    command.env("SHOPKEEPER_DATABASE_URL", url).env_remove("SSL_CERT_DIR").env_remove("SSL_CERT_FILE");
    command
}

fn address(ground: &Ground) -> String {
    ground.url().expect("a database on a server")
}

/// How the program's connections come to the database, each as `TLSv1.3`, or `openly`.
async fn ways(ground: &Ground) -> Vec<String> {
    let sql = "SELECT coalesce(version, 'openly') FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
               WHERE application_name = 'shopkeeper' AND datname = current_database()";
    ground.texts(sql).await
}

#[tokio::test]
#[ignore = "needs a PostgreSQL with a certificate: scripts/test runs it"]
async fn every_connection_is_encrypted_where_the_address_asks_for_it() {
    let ground = Ground::new().await;
    // To the replica as well; that it is the same server makes no difference to how it is called.
    let url = format!("{}?sslmode=require&channel_binding=require", address(&ground));
    let mut command = over(&ground, &url);
    command.env("SHOPKEEPER_DATABASE_REPLICA_URL", &url).env("SSL_CERT_FILE", authority());
    let program = Program::start(command);
    program.guest().get("/products").await.expect_status(200);
    let ways = ways(&ground).await;
    // Signs of life of both, looks at how far both are, and somebody's work.
    assert!(ways.len() >= 5, "{ways:?}");
    assert!(ways.iter().all(|way| way.starts_with("TLSv1.")), "{ways:?}");
    assert_eq!(program.end().0, Some(0));
}

#[tokio::test]
#[ignore = "needs a PostgreSQL with a certificate: scripts/test runs it"]
async fn on_this_machine_nothing_is_encrypted_unless_somebody_asks() {
    let ground = Ground::new().await;
    let program = Program::start(over(&ground, &address(&ground)));
    let ways = ways(&ground).await;
    assert!(!ways.is_empty() && ways.iter().all(|way| way == "openly"), "{ways:?}");
    assert_eq!(program.end().0, Some(0));
}

#[tokio::test]
#[ignore = "needs a PostgreSQL with a certificate: scripts/test runs it"]
async fn a_server_that_does_not_prove_who_it_is_is_refused_in_one_sentence() {
    let ground = Ground::new().await;
    let url = format!("{}?sslmode=require", address(&ground));
    let elsewhere = ground.path().join("nobody.pem");
    std::fs::write(&elsewhere, "").expect("a file");
    let misnamed = url.replacen("@127.0.0.1:", "@localhost:", 1);
    for (url, trusted, why) in [(&url, elsewhere, "UnknownIssuer"), (&misnamed, authority(), "not valid for name")] {
        let output = over(&ground, url).env("SSL_CERT_FILE", trusted).output().expect("an end");
        let sentence = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{sentence}");
        assert!(sentence.contains(why) && sentence.contains("SSL_CERT_FILE"), "{sentence}");
        assert_eq!(sentence.trim_end().lines().count(), 1, "{sentence}");
    }
    assert!(ways(&ground).await.is_empty(), "nothing was said to it");
}
