//! What the doctor says of the certificate that callers are shown.

use crate::doctor::{complaint, findings, shop};
use crate::program::program;
use crate::tls::certify_from;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use tempfile::TempDir;

/// A doctor who looks at the certificate in the folder, for callers of this address.
fn doctor(folder: &TempDir, url: &str) -> Command {
    let mut command = program(folder);
    command.args(["--tls-cert", "cert.pem", "--tls-key", "key.pem", "--profile", "production", "--public-url", url]);
    command
}

const SHOP: &str = "https://shop.example";

#[test]
fn a_certificate_that_callers_accept_for_long_is_well() {
    let folder = shop();
    certify_from(folder.path(), &["shop.example", "*.shop.example"], (-10, 300));
    for url in [SHOP, "https://shop.example:8443", "https://api.shop.example"] {
        let (found, code) = findings(&mut doctor(&folder, url));
        let (verdict, said) = &found["certificate"];
        assert_eq!((verdict.as_str(), code), ("ok", Some(0)), "{found:?}");
        assert!(said.contains("shop.example, *.shop.example"), "{said}");
    }
}

#[test]
fn a_certificate_that_callers_refuse_fails_and_one_that_ends_soon_is_a_warning() {
    let folder = shop();
    for (days, verdict, reason) in [
        ((-100, -1), "fail", "expired on"),
        ((2, 300), "fail", "does not hold before"),
        ((-300, 20), "warn", "ends on"),
        ((-5, 1), "warn", "ends on"),
    ] {
        certify_from(folder.path(), &["shop.example"], days);
        let said = complaint(&mut doctor(&folder, SHOP), "certificate", verdict);
        assert!(said.contains(reason) && said.contains("cert.pem"), "{said}");
    }
    // Made for a short time, and in the middle of it.
    certify_from(folder.path(), &["shop.example"], (-3, 3));
    complaint(&mut doctor(&folder, SHOP), "certificate", "ok");
}

#[test]
fn a_certificate_for_other_hosts_is_a_warning_that_names_both() {
    let folder = shop();
    certify_from(folder.path(), &["shop.example"], (-10, 300));
    let said = complaint(&mut doctor(&folder, "https://other.example"), "certificate", "warn");
    assert!(said.contains("callers of other.example") && said.contains("is for shop.example"), "{said}");
}

#[test]
fn a_key_that_others_can_read_is_a_warning() {
    let folder = shop();
    certify_from(folder.path(), &["shop.example"], (-10, 300));
    let key = folder.path().join("key.pem");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(complaint(&mut doctor(&folder, SHOP), "certificate", "warn").contains("chmod 600 key.pem"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    complaint(&mut doctor(&folder, SHOP), "certificate", "ok");
}

#[test]
fn files_that_are_no_pair_fail() {
    let folder = shop();
    certify_from(folder.path(), &["shop.example"], (-10, 300));
    let key = fs::read(folder.path().join("key.pem")).unwrap();
    certify_from(folder.path(), &["shop.example"], (-10, 300));
    fs::write(folder.path().join("key.pem"), key).unwrap();
    assert!(complaint(&mut doctor(&folder, SHOP), "certificate", "fail").contains("cannot be used together"));
    fs::write(folder.path().join("cert.pem"), "nonsense").unwrap();
    assert!(complaint(&mut doctor(&folder, SHOP), "certificate", "fail").contains("PEM"));
    fs::remove_file(folder.path().join("cert.pem")).unwrap();
    assert!(complaint(&mut doctor(&folder, SHOP), "certificate", "fail").contains("SHOPKEEPER_TLS_CERT"));
}
