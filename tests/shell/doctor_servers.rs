//! What the doctor says of servers that this one leans on. `tests/cluster` has him look at real ones that are well.

use crate::doctor::{complaint, findings, shop};
use crate::ground::{self, Ground};
use crate::program::program;
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

/// An address at which nobody listens.
fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test measures how long it was kept")]
fn tick() -> Instant {
    Instant::now()
}

#[test]
fn a_valkey_that_is_away_or_silent_is_a_warning_and_waited_for_a_moment_only() {
    let folder = shop();
    // Connections are taken by the system, and nobody ever answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    for address in [closed(), silent.local_addr().unwrap()] {
        let url = format!("redis://:hunter2@{address}");
        let begin = tick();
        let said = complaint(program(&folder).args(["--redis-url", &url]), "valkey", "warn");
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
        assert!(said.contains("SHOPKEEPER_REDIS_URL") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_collector_is_looked_for_where_traces_are_sent() {
    let folder = shop();
    let there = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", there.local_addr().unwrap());
    assert!(complaint(program(&folder).args(["--otlp-endpoint", &endpoint]), "collector", "ok").contains(&endpoint));
    // It takes the connection, and says nothing to whoever wants to know who it is.
    let mute = endpoint.replace("http:", "https:");
    for endpoint in [format!("http://{}", closed()), mute] {
        let said = complaint(program(&folder).args(["--otlp-endpoint", &endpoint]), "collector", "warn");
        assert!(said.contains("SHOPKEEPER_OTLP_ENDPOINT") && said.contains(&endpoint), "{said}");
    }
}

#[test]
fn a_replica_without_an_original_is_a_warning() {
    let folder = shop();
    let replica = ["--database-replica-url", "postgres://u:hunter2@127.0.0.1:1/shop"];
    let said = complaint(program(&folder).args(replica), "replica", "warn");
    assert!(said.contains("the database is a file") && !said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn a_postgres_is_asked_who_it_is_and_what_tables_it_has() {
    if ground::server().is_none() {
        return;
    }
    let folder = shop();
    let (bare, made) = (Ground::bare().await, Ground::new().await);
    for (ground, told) in [(&bare, "the first start makes the tables"), (&made, "all ")] {
        let url = ground.url().expect("an address");
        let (found, code) = findings(program(&folder).args(["--database-url", &url]));
        assert_eq!((code, found["migrations"].0.as_str()), (Some(0), "ok"), "{found:?}");
        assert!(found["migrations"].1.contains(told), "{found:?}");
    }
    assert!(bare.texts("SELECT CAST(tablename AS text) FROM pg_tables WHERE schemaname = 'public'").await.is_empty());
    let url = made.url().expect("an address");
    let same = ["--database-url", &url, "--database-replica-url", &url];
    assert!(complaint(program(&folder).args(same), "replica", "fail").contains("is no replica"));
    made.execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20990101_000001_future', 0)").await;
    let newer = complaint(program(&folder).args(["--database-url", &url]), "migrations", "fail");
    assert!(newer.contains("newer Shopkeeper"), "{newer}");
}

#[tokio::test]
async fn an_account_of_a_postgres_needs_its_rights() {
    if ground::server().is_none() {
        return;
    }
    let folder = shop();
    let ground = Ground::new().await;
    let url = ground.url().expect("an address");
    let (_, rest) = url.rsplit_once('@').expect("an account");
    let role = format!("guest_{}", std::process::id());
    let url = format!("postgres://{role}:hunter2@{rest}");
    let complaint = || complaint(program(&folder).args(["--database-url", &url]), "database", "fail");

    let nobody = complaint();
    assert!(nobody.contains("SHOPKEEPER_DATABASE_URL") && !nobody.contains("hunter2"), "{nobody}");
    ground
        .execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'hunter2'; REVOKE CREATE ON SCHEMA public FROM public"))
        .await;
    assert!(complaint().contains("may make no tables"));
    ground.execute(&format!("GRANT CREATE ON SCHEMA public TO {role}")).await;
    assert!(complaint().contains("may not use the table api_keys"));
    ground.execute(&format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")).await;
    let (found, code) = findings(program(&folder).args(["--database-url", &url]));
    assert_eq!(code, Some(0), "{found:?}");
    ground.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}
