//! How much the log tells can be changed while the program runs.

use crate::program::{Running, folder, program};

/// How many lines each step leaves for one request, and one request's own lines.
fn lines(running: &mut Running, mark: &str) -> Vec<serde_json::Value> {
    running.get(&format!("/healthz?{mark}"));
    running.signal("-USR2");
    // Whatever the request left stands before this.
    running.lines_until("log_level_changed")
}

#[test]
fn a_signal_lets_the_log_tell_more_and_another_brings_it_back() {
    let folder = folder();
    let mut running = Running::start(program(&folder).env("SHOPKEEPER_LOG", "info,request=off"));
    let quiet = lines(&mut running, "first");
    assert!(quiet.iter().all(|line| line["event"] != "request" && line["level"] != "DEBUG"), "{quiet:?}");

    running.signal("-USR1");
    let told = running.told("log_level_changed");
    assert!(told["directives"].as_str().expect("directives").starts_with("info,request=off,"), "{told}");
    let loud = lines(&mut running, "second");
    assert!(loud.iter().any(|line| line["event"] == "request"), "{loud:?}");

    let again = lines(&mut running, "third");
    assert!(again.iter().all(|line| line["event"] != "request"), "{again:?}");
    running.signal("-TERM");
    assert_eq!(running.ended().0, Some(0));
}

#[test]
fn the_loudest_step_tells_no_secret() {
    let folder = folder();
    let mut running = Running::start(&mut program(&folder));
    for _ in 0..3 {
        running.signal("-USR1");
        running.told("log_level_changed");
    }
    running.get("/api/v1/users/me?token=s3cret");
    running.signal("-TERM");
    let (code, log) = running.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("s3cret"), "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log}");
}
