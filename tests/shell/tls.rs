//! TLS by the real program: who is let in, how the certificate is exchanged, and what becomes of those who come without.

use crate::house::{House, Plan, patient};
use crate::program::{Running, folder, program, refused};
use crate::raw::{PATIENCE, Raw, get};
use chrono::{Datelike, TimeDelta};
use contract::client::{Error, Patience, Transport};
use http::Method;
use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use shopkeeper::http::listen::Limits;
use shopkeeper::http::tls::Tls;
use shopkeeper::infra::clock::Clock;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// This machine.
const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

/// A new certificate for these names, written where the program looks for it. Who is given what is returned trusts it, and no
/// other.
pub fn certify(folder: &Path, names: &[&str]) -> CertificateDer<'static> {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).expect("a certificate");
    std::fs::write(folder.join("cert.pem"), cert.pem()).expect("written");
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).expect("written");
    cert.der().clone()
}

/// A certificate for these hosts that holds from so many days before or after today to so many, and its key, which is its
/// user's alone; written as [`certify`] does.
pub fn certify_from(folder: &Path, names: &[&str], (from, to): (i64, i64)) {
    let day = |days: i64| {
        let day = Clock::system().now() + TimeDelta::days(days);
        let part = |number: u32| u8::try_from(number).expect("a small number");
        rcgen::date_time_ymd(day.year(), part(day.month()), part(day.day()))
    };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    (params.not_before, params.not_after) = (day(from), day(to));
    let key = KeyPair::generate().expect("a key");
    std::fs::write(folder.join("cert.pem"), params.self_signed(&key).expect("a certificate").pem()).expect("written");
    std::fs::write(folder.join("key.pem"), key.serialize_pem()).expect("written");
    std::fs::set_permissions(folder.join("key.pem"), std::fs::Permissions::from_mode(0o600)).expect("closed");
}

/// The program with a certificate of its own.
fn secured(folder: &TempDir) -> (std::process::Command, CertificateDer<'static>) {
    let trusted = certify(folder.path(), &NAMES);
    let mut command = program(folder);
    command.env("SHOPKEEPER_TLS_CERT", "cert.pem").env("SHOPKEEPER_TLS_KEY", "key.pem");
    (command, trusted)
}

/// Somebody who trusts this certificate alone.
fn trusting(trusted: &CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).expect("a root");
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// A caller over a connection of its own, by whichever HTTP the server likes better.
async fn called(
    trusted: &CertificateDer<'static>,
    address: SocketAddr,
    path: &str,
) -> Result<http::Response<bytes::Bytes>, Error> {
    let mut tls = trusting(trusted);
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let builder = Transport::http().tls_backend_preconfigured(tls).no_proxy().timeout(PATIENCE);
    let transport = Transport::over(&format!("https://{address}"), builder.build().expect("a client"));
    transport.with_patience(Patience::NONE).request(Method::GET, path).answer().await
}

/// A connection that stays, over which HTTP/1.1 is spoken by hand.
async fn connect(address: SocketAddr, trusted: &CertificateDer<'static>) -> TlsStream<TcpStream> {
    let config = trusting(trusted);
    let socket = TcpStream::connect(address).await.expect("connects");
    let name = ServerName::try_from("localhost").expect("a name");
    let greeted = timeout(PATIENCE, TlsConnector::from(Arc::new(config)).connect(name, socket)).await;
    greeted.expect("in time").expect("a handshake")
}

/// Asks over a connection that stays; the first line of the answer.
async fn ask(stream: &mut TlsStream<TcpStream>, path: &str) -> String {
    let exchange = async {
        stream.write_all(get(path).as_bytes()).await.expect("is read");
        let mut heard = Vec::new();
        // A page that ends with a brace, as JSON does.
        while !heard.ends_with(b"}") {
            assert!(stream.read_buf(&mut heard).await.expect("answers") > 0, "the answer broke off");
        }
        String::from_utf8_lossy(&heard).lines().next().unwrap_or_default().to_owned()
    };
    timeout(PATIENCE, exchange).await.expect("answers in time")
}

#[tokio::test]
async fn both_versions_of_http_are_spoken_and_addresses_say_https() {
    let folder = folder();
    let (mut command, trusted) = secured(&folder);
    let running = Running::start(&mut command);
    assert!(running.screen.contains("https://127.0.0.1:"), "{}", running.screen);
    let heard = called(&trusted, running.address, "/openapi.json").await.expect("an answer");
    assert_eq!((heard.status().as_u16(), heard.version()), (200, http::Version::HTTP_2));
    assert_eq!(heard.headers()["strict-transport-security"], "max-age=31536000");
    let document: serde_json::Value = serde_json::from_slice(heard.body()).expect("JSON");
    assert_eq!(document["servers"][0]["url"], format!("https://{}/api/v1", running.address));
    let mut old = connect(running.address, &trusted).await;
    assert_eq!(ask(&mut old, "/healthz").await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn sighup_exchanges_the_certificate_and_drops_nobody() {
    let folder = folder();
    let (mut command, first) = secured(&folder);
    let mut running = Running::start(&mut command);
    let mut stays = connect(running.address, &first).await;
    assert_eq!(ask(&mut stays, "/healthz").await, "HTTP/1.1 200 OK");

    let second = certify(folder.path(), &NAMES);
    running.signal("-HUP");
    running.told("certificate_read");
    assert_eq!(called(&second, running.address, "/healthz").await.expect("an answer").status(), 200);
    called(&first, running.address, "/healthz").await.expect_err("the first certificate is gone");
    assert_eq!(ask(&mut stays, "/healthz").await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_pair_that_does_not_stand_is_refused_and_the_one_before_it_stays() {
    let folder = folder();
    let (mut command, first) = secured(&folder);
    let mut running = Running::start(&mut command);
    let key = std::fs::read(folder.path().join("key.pem")).expect("the key");
    certify(folder.path(), &NAMES);
    std::fs::write(folder.path().join("key.pem"), key).expect("written");
    let breakages: [(&str, &dyn Fn()); 3] = [
        ("together", &|| {}),
        ("PEM", &|| std::fs::write(folder.path().join("cert.pem"), "nonsense").expect("written")),
        ("cannot be read", &|| std::fs::remove_file(folder.path().join("cert.pem")).expect("removed")),
    ];
    for (reason, breaks) in breakages {
        breaks();
        running.signal("-HUP");
        let told = running.told("certificate_refused");
        assert_eq!(told["level"], "ERROR");
        assert!(told["error"].as_str().expect("a reason").contains(reason), "{told}");
        assert_eq!(called(&first, running.address, "/healthz").await.expect("an answer").status(), 200);
    }
}

#[tokio::test]
async fn an_expired_certificate_does_not_take_the_place_of_one_that_holds() {
    let folder = folder();
    let (mut command, first) = secured(&folder);
    let mut running = Running::start(&mut command);
    for (days, reason) in [((-100, -1), "expired on"), ((2, 100), "does not hold before")] {
        certify_from(folder.path(), &["localhost", "127.0.0.1"], days);
        running.signal("-HUP");
        let told = running.told("certificate_refused");
        assert_eq!(told["level"], "ERROR");
        assert!(told["error"].as_str().expect("a reason").contains(reason), "{told}");
        assert_eq!(called(&first, running.address, "/healthz").await.expect("an answer").status(), 200);
    }
    certify_from(folder.path(), &["localhost", "127.0.0.1"], (-80, 10));
    running.signal("-HUP");
    let told = running.lines_until("certificate_ending");
    assert!(told.iter().any(|line| line["event"] == "certificate_read"), "{told:?}");
    assert_eq!(told.last().expect("a line")["level"], "WARN");
    called(&first, running.address, "/healthz").await.expect_err("the first certificate is gone");
}

#[test]
fn where_there_is_nothing_better_an_expired_certificate_is_used_and_complained_about() {
    let folder = folder();
    let (mut command, _) = secured(&folder);
    certify_from(folder.path(), &["localhost"], (-100, -10));
    let mut running = Running::start(&mut command);
    assert_eq!(running.told("certificate_expired")["level"], "ERROR");
    certify_from(folder.path(), &["localhost"], (-90, -5));
    running.signal("-HUP");
    let told = running.lines_until("certificate_expired");
    assert!(told.iter().any(|line| line["event"] == "certificate_read"), "{told:?}");
}

#[test]
fn a_certificate_that_cannot_be_used_stops_the_start_in_one_sentence() {
    let folder = folder();
    let (mut command, _) = secured(&folder);
    std::fs::remove_file(folder.path().join("key.pem")).expect("removed");
    let sentence = refused(&mut command, 1);
    assert!(sentence.contains("key.pem") && sentence.contains("SHOPKEEPER_TLS_KEY"), "{sentence}");
    let sentence = refused(program(&folder).env("SHOPKEEPER_TLS_CERT", "cert.pem"), 2);
    assert!(sentence.contains("SHOPKEEPER_TLS_KEY"), "{sentence}");
}

#[tokio::test]
async fn who_speaks_plain_http_to_the_tls_port_is_told_so() {
    let folder = folder();
    let (mut command, trusted) = secured(&folder);
    let mut running = Running::start(&mut command);
    let heard = Raw::ask(running.address, get("/healthz")).await;
    assert_eq!((heard.status, heard.code().as_str()), (400, "malformed_request"));
    assert!(heard.json()["detail"].as_str().expect("a detail").contains("https"));
    assert_eq!(running.told("request")["code"], "malformed_request");
    let numbers = called(&trusted, running.address, "/metrics").await.expect("an answer");
    let text = String::from_utf8_lossy(numbers.body());
    for line in
        ["shopkeeper_tls_handshakes_total{outcome=\"plain\"} 1", "shopkeeper_tls_handshakes_total{outcome=\"done\"} 1"]
    {
        assert!(text.lines().any(|other| other == line), "{line} is missing from\n{text}");
    }
    // rcgen's certificates hold until the year 4096.
    assert!(text.contains("shopkeeper_tls_certificate_expiry_timestamp_seconds 670"), "{text}");
}

fn house(limits: Limits) -> (House, CertificateDer<'static>) {
    let folder = folder();
    let trusted = certify(folder.path(), &NAMES);
    let tls = Tls::load(folder.path().join("cert.pem"), folder.path().join("key.pem")).expect("a certificate");
    (House::open(Plan { limits, tls: Some(Arc::new(tls)), ..Plan::default() }), trusted)
}

#[tokio::test]
async fn a_handshake_that_does_not_come_to_an_end_is_given_up() {
    let (house, trusted) = house(Limits { head: Duration::from_millis(100), ..patient() });
    for begun in [&b""[..], b"\x16\x03\x01"] {
        let mut raw = Raw::connect(house.address).await;
        raw.send(begun).await;
        assert!(raw.closed().await.is_empty());
    }
    assert_eq!(ask(&mut connect(house.address, &trusted).await, "/healthz").await, "HTTP/1.1 200 OK");
    let log = house.log().await;
    assert_eq!(log.len(), 1, "only the request leaves a line: {log:?}");
}

#[tokio::test]
async fn stopping_does_not_wait_for_handshakes() {
    let (house, trusted) = house(patient());
    let mut stays = connect(house.address, &trusted).await;
    assert_eq!(ask(&mut stays, "/healthz").await, "HTTP/1.1 200 OK");
    let mut raw = Raw::connect(house.address).await;
    raw.send(b"\x16\x03\x01").await;
    while house.metrics.connections() < 2 {
        tokio::task::yield_now().await;
    }
    house.drain();
    assert!(raw.closed().await.is_empty());
    assert_eq!(house.ended().await.0, 0, "nobody is cut off");
    let mut rest = Vec::new();
    timeout(PATIENCE, stays.read_to_end(&mut rest)).await.expect("closes in time").expect("closes as TLS does");
}

#[tokio::test]
async fn handshakes_count_as_connections_of_their_address() {
    let (house, trusted) = house(Limits { connections_per_address: 1, ..patient() });
    let mut first = Raw::connect(house.address).await;
    first.send(b"\x16").await;
    while house.metrics.connections() < 1 {
        tokio::task::yield_now().await;
    }
    let mut second = Raw::connect(house.address).await;
    assert!(second.closed().await.is_empty(), "who speaks TLS cannot be told in the clear");
    drop(first);
    while house.metrics.connections() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(ask(&mut connect(house.address, &trusted).await, "/healthz").await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn what_comes_in_the_same_bytes_is_answered_by_them_under_tls_too() {
    let folder = folder();
    let (mut command, trusted) = secured(&folder);
    let running = Running::start(&mut command);
    let mut stays = connect(running.address, &trusted).await;
    for _ in 0..6 {
        assert_eq!(ask(&mut stays, "/api/v1/categories").await, "HTTP/1.1 200 OK");
    }
    let numbers = called(&trusted, running.address, "/metrics").await.expect("an answer");
    let numbers = String::from_utf8_lossy(numbers.body()).into_owned();
    let told = numbers.lines().find_map(|line| line.strip_prefix("shopkeeper_http_shortcuts_total "));
    assert!(told.is_some_and(|told| told.parse::<u64>().is_ok_and(|told| told > 0)), "{told:?}");
}
