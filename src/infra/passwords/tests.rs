use std::time::Duration;

use super::*;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn passwords(params: Params, workers: usize, queue: usize) -> Passwords {
    Passwords::new(params, NonZeroUsize::new(workers).expect("not zero"), queue).expect("threads")
}

#[tokio::test]
async fn the_right_password_is_accepted_and_any_other_refused() {
    let passwords = passwords(Params::CHEAPEST, 1, 8);
    let stored = passwords.hash(Asker::House, secret("SecurePass123!")).await.expect("a hash");
    let ok = Verdict { ok: true, needs_rehash: false };
    let no = Verdict { ok: false, needs_rehash: false };

    assert_eq!(passwords.verify(Asker::House, secret("SecurePass123!"), Some(&stored)).await, Ok(ok));
    for wrong in ["SecurePass123", "securePass123!", "", "SecurePass123!\0"] {
        assert_eq!(passwords.verify(Asker::House, secret(wrong), Some(&stored)).await, Ok(no), "{wrong:?}");
    }
}

#[tokio::test]
async fn an_unknown_name_is_refused_whatever_the_password() {
    let passwords = passwords(Params::CHEAPEST, 1, 8);
    let verdict = passwords.verify(Asker::House, secret("SecurePass123!"), None).await;
    assert_eq!(verdict, Ok(Verdict { ok: false, needs_rehash: false }));
}

#[tokio::test]
async fn the_same_password_hashes_differently_each_time() {
    let passwords = passwords(Params::CHEAPEST, 1, 8);
    let first = passwords.hash(Asker::House, secret("SecurePass123!")).await.expect("a hash");
    let second = passwords.hash(Asker::House, secret("SecurePass123!")).await.expect("a hash");
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_published_argon2id_hash_verifies() {
    // The reference implementation's own vector: argon2id, version 1.3, t=2, m=65536, p=1.
    let stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let passwords = passwords(Params::default(), 1, 8);
    let verdict = passwords.verify(Asker::House, secret("password"), Some(stored)).await.expect("a verdict");
    assert!(verdict.ok);
}

#[tokio::test]
async fn memory_used_for_a_larger_hash_does_not_change_a_smaller_one() {
    let passwords = passwords(Params { memory_kib: 64, passes: 2, lanes: 2 }, 1, 8);
    let small = super::StoredHash { params: Params::CHEAPEST, salt: vec![1; 16], output: vec![] };
    let large = super::StoredHash { params: passwords.params, salt: vec![1; 16], output: vec![] };
    let fresh = derive(&secret("x"), &small, 32, &mut Vec::new());

    let mut memory = Vec::new();
    derive(&secret("y"), &large, 32, &mut memory).expect("a hash");
    assert_eq!(derive(&secret("x"), &small, 32, &mut memory), fresh);
}

#[tokio::test]
async fn a_hash_weaker_than_todays_parameters_asks_to_be_made_anew_once_the_password_is_right() {
    let old = passwords(Params::CHEAPEST, 1, 8).hash(Asker::House, secret("SecurePass123!")).await.expect("a hash");
    let today = passwords(Params { memory_kib: 16, ..Params::CHEAPEST }, 1, 8);

    let right = today.verify(Asker::House, secret("SecurePass123!"), Some(&old)).await;
    let wrong = today.verify(Asker::House, secret("wrong"), Some(&old)).await;
    assert_eq!(right, Ok(Verdict { ok: true, needs_rehash: true }));
    assert_eq!(wrong, Ok(Verdict { ok: false, needs_rehash: false }));
}

#[tokio::test]
async fn an_unreadable_stored_hash_is_an_error_and_no_refusal() {
    let passwords = passwords(Params::CHEAPEST, 1, 8);
    let outcome = passwords.verify(Asker::House, secret("SecurePass123!"), Some("$2b$12$something")).await;
    assert_eq!(outcome, Err(PasswordError::Unreadable));
}

/// Occupies every worker until the returned sender is dropped.
fn occupy(passwords: &Passwords, workers: usize) -> std::sync::mpsc::Sender<()> {
    let (release, released) = std::sync::mpsc::channel::<()>();
    let released = Arc::new(std::sync::Mutex::new(released));
    let (started, ready) = std::sync::mpsc::channel();
    for _ in 0..workers {
        let (released, started) = (Arc::clone(&released), started.clone());
        // A worker may not have come to its waiting place yet.
        let taken = passwords.workers.submit(
            None,
            Box::new(move |_| {
                started.send(()).expect("the test listens");
                let _ = released.lock().expect("no panic").recv();
            }),
        );
        assert!(taken);
    }
    for _ in 0..workers {
        ready.recv_timeout(Duration::from_secs(10)).expect("the worker starts");
    }
    release
}

#[tokio::test]
async fn a_full_queue_sheds_at_once_and_recovers() {
    let passwords = passwords(Params::CHEAPEST, 1, 2);
    let release = occupy(&passwords, 1);
    let hash = || {
        tokio::spawn({
            let passwords = passwords.clone();
            async move { passwords.hash(Asker::House, secret("SecurePass123!")).await }
        })
    };

    let waiting = [hash(), hash()];
    while passwords.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(passwords.hash(Asker::House, secret("SecurePass123!")).await, Err(PasswordError::Busy));
    assert_eq!(passwords.verify(Asker::House, secret("SecurePass123!"), None).await, Err(PasswordError::Busy));

    drop(release);
    for waited in waiting {
        waited.await.expect("no panic").expect("a hash");
    }
    passwords.hash(Asker::House, secret("SecurePass123!")).await.expect("room again");
}

#[tokio::test]
async fn one_address_fills_its_share_of_the_queue_and_leaves_the_rest_to_others() {
    let passwords = passwords(Params::CHEAPEST, 1, 8);
    let release = occupy(&passwords, 1);
    let asker = |text: &str| Asker::at(text.parse().ok());
    let hash = |asker| {
        let passwords = passwords.clone();
        tokio::spawn(async move { passwords.hash(asker, secret("SecurePass123!")).await })
    };

    let mut waiting = vec![hash(asker("2001:db8::1")), hash(asker("2001:db8::2"))];
    while passwords.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    let more = passwords.hash(asker("2001:db8::3"), secret("SecurePass123!")).await;
    assert_eq!(more, Err(PasswordError::Busy), "a quarter of eight, for the whole network");
    waiting.push(hash(asker("203.0.113.7")));
    waiting.extend((0..3).map(|_| hash(asker("127.0.0.1"))));
    while passwords.waiting() < 6 {
        tokio::task::yield_now().await;
    }
    drop(release);
    for waited in waiting {
        waited.await.expect("no panic").expect("a hash");
    }
}

#[tokio::test]
async fn whoever_hangs_up_while_waiting_costs_no_hash() {
    let passwords = passwords(Params::CHEAPEST, 1, 2);
    let release = occupy(&passwords, 1);
    let ran = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = Arc::clone(&ran);
    let abandoned = tokio::time::timeout(
        Duration::from_millis(20),
        passwords.run(Asker::House, move |_| {
            seen.store(true, std::sync::atomic::Ordering::SeqCst);
            Ok(())
        }),
    );
    assert!(abandoned.await.is_err(), "it waits for the occupied worker");

    drop(release);
    passwords.hash(Asker::House, secret("SecurePass123!")).await.expect("a hash");
    assert!(!ran.load(std::sync::atomic::Ordering::SeqCst));
}

#[tokio::test]
async fn a_panicking_job_neither_hangs_its_caller_nor_takes_the_thread_with_it() {
    let passwords = passwords(Params::CHEAPEST, 1, 2);
    let outcome: Result<(), _> = passwords.run(Asker::House, |_| panic!("on purpose")).await;
    assert_eq!(outcome, Err(PasswordError::Stopped));
    passwords.hash(Asker::House, secret("SecurePass123!")).await.expect("the thread lives");
}

#[test]
fn parameters_that_argon2_does_not_take_stop_the_start() {
    let none = Params { memory_kib: 1, passes: 1, lanes: 1 };
    assert!(matches!(Passwords::new(none, NonZeroUsize::MIN, 1), Err(StartError::Params(_))));
}

#[tokio::test]
async fn debug_shows_no_password_and_no_hash() {
    let passwords = passwords(Params::CHEAPEST, 1, 1);
    let text = format!("{passwords:?}");
    assert!(text.starts_with("Passwords { params: Params {") && text.ends_with("capacity: 1, .. } }"), "{text}");
}
