use super::*;

fn clock() -> Clock {
    Clock::fixed(chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a valid moment"))
}

fn policy(name: &str, window_seconds: u32, limits: &[(&str, u32)]) -> Policy {
    let limits = limits.iter().map(|&(audience, limit)| (audience.to_owned(), limit)).collect();
    Policy { name: name.to_owned(), window_seconds, limits }
}

fn limiter(clock: &Clock) -> Limiter {
    let login = policy("login", 60, &[("anonymous", 10), ("user", 10)]);
    let default = policy("default", 60, &[("anonymous", 300), ("user", 1_000), ("admin", 5_000)]);
    Limiter::new(&[login, default], clock).expect("a limiter")
}

fn login(limiter: &Limiter, key: &str) -> Decision {
    limiter.check("login", "anonymous", key).expect("a decision")
}

fn peek(limiter: &Limiter, key: &str) -> Decision {
    limiter.peek("login", "anonymous", key).expect("a decision")
}

fn admitted_at_once(limiter: &Limiter, policy: &str, audience: &str, key: &str) -> u32 {
    let mut count = 0;
    while limiter.check(policy, audience, key).expect("a decision").admitted {
        count += 1;
    }
    count
}

#[test]
fn exactly_the_limit_is_admitted_at_once_whatever_the_limit() {
    for limit in [1, 2, 3, 7, 10, 11, 59, 60, 61, 97, 300, 1_000, 4_999, 50_021] {
        for window in [1, 7, 60, 3_600] {
            let clock = clock();
            // Not only at the beginning of time.
            clock.advance(Duration::from_millis(12_345));
            let limiter = Limiter::new(&[policy("p", window, &[("all", limit)])], &clock).expect("a limiter");
            clock.advance(Duration::from_millis(u64::from(limit)));
            assert_eq!(admitted_at_once(&limiter, "p", "all", "key"), limit, "{limit} per {window} s");
        }
    }
}

#[test]
fn what_remains_counts_down_to_zero_and_stays_there() {
    let limiter = limiter(&clock());
    for remaining in (0..10).rev() {
        let decision = login(&limiter, "key");
        assert_eq!((decision.admitted, decision.remaining, decision.retry_after_seconds), (true, remaining, 0));
    }
    for _ in 0..3 {
        let decision = login(&limiter, "key");
        assert_eq!(
            (decision.admitted, decision.remaining, decision.limit, decision.window_seconds),
            (false, 0, 10, 60)
        );
    }
}

#[test]
fn a_refused_caller_is_admitted_when_the_announced_seconds_have_passed_and_not_before() {
    let clock = clock();
    let limiter = limiter(&clock);
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "key"), 10);
    clock.advance(Duration::from_millis(1_500));

    let decision = login(&limiter, "key");
    assert_eq!((decision.admitted, decision.retry_after_seconds), (false, 5));
    clock.advance(Duration::from_millis(4_499));
    assert!(!login(&limiter, "key").admitted);
    clock.advance(Duration::from_millis(1));
    assert!(login(&limiter, "key").admitted);
    assert!(!login(&limiter, "key").admitted, "one, and no more");
}

#[test]
fn the_whole_limit_is_back_when_the_announced_seconds_have_passed() {
    let clock = clock();
    let limiter = limiter(&clock);
    assert_eq!(login(&limiter, "key").reset_seconds, 6);
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "key"), 9);
    let decision = login(&limiter, "key");
    assert_eq!(decision.reset_seconds, 60);

    clock.advance(Duration::from_secs(59));
    assert_eq!(peek(&limiter, "key").remaining, 9);
    clock.advance(Duration::from_secs(1));
    assert_eq!(
        peek(&limiter, "key"),
        Decision {
            admitted: true,
            limit: 10,
            window_seconds: 60,
            remaining: 10,
            reset_seconds: 0,
            retry_after_seconds: 0
        }
    );
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "key"), 10);
}

#[test]
fn idling_for_ever_saves_up_no_more_than_the_limit() {
    let clock = clock();
    let limiter = limiter(&clock);
    login(&limiter, "key");
    clock.advance(Duration::from_hours(24));
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "key"), 10);
}

#[test]
fn looking_takes_nothing() {
    let limiter = limiter(&clock());
    for _ in 0..50 {
        assert_eq!(peek(&limiter, "key").remaining, 10);
    }
    assert_eq!(limiter.callers(), 0);

    login(&limiter, "key");
    for _ in 0..50 {
        assert_eq!(peek(&limiter, "key").remaining, 9);
    }
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "key"), 9);
    let refused = peek(&limiter, "key");
    assert_eq!((refused.admitted, refused.remaining, refused.retry_after_seconds), (false, 0, 6));
}

#[test]
fn callers_audiences_and_policies_are_counted_apart() {
    let limiter = limiter(&clock());
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "one"), 10);
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "two"), 10);
    assert_eq!(admitted_at_once(&limiter, "login", "user", "one"), 10);
    assert_eq!(admitted_at_once(&limiter, "default", "anonymous", "one"), 300);
    assert_eq!(admitted_at_once(&limiter, "default", "admin", "one"), 5_000);
}

#[test]
fn an_audience_that_is_not_declared_gets_the_strictest_limit() {
    let limiter = limiter(&clock());
    assert_eq!(admitted_at_once(&limiter, "default", "robots", "key"), 300);
}

#[test]
fn a_sweep_forgets_whoever_has_the_whole_limit_again_and_nobody_else() {
    let clock = clock();
    let limiter = limiter(&clock);
    for number in 0..1_000 {
        login(&limiter, &format!("idle {number}"));
    }
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "busy"), 10);
    clock.advance(Duration::from_secs(30));
    limiter.sweep();

    assert_eq!(limiter.callers(), 1);
    assert_eq!(peek(&limiter, "busy").remaining, 5);
    assert_eq!(admitted_at_once(&limiter, "login", "anonymous", "idle 7"), 10);
}

#[test]
fn a_sweep_gives_nothing_away() {
    let clock = clock();
    let limiter = limiter(&clock);
    let mut admitted = 0;
    for _ in 0..6_000 {
        admitted += u32::from(login(&limiter, "key").admitted);
        limiter.sweep();
        clock.advance(Duration::from_millis(10));
    }
    // Ten at once, and ten more over the minute that this took.
    assert_eq!(admitted, 19);
}

#[test]
fn threads_that_ask_at_once_share_the_limit() {
    let limiter = limiter(&clock());
    let admitted: u32 = std::thread::scope(|scope| {
        let askers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| admitted_at_once(&limiter, "default", "admin", "key"))).collect();
        askers.into_iter().map(|asker| asker.join().expect("no panic")).sum()
    });
    assert_eq!(admitted, 5_000);
}

#[test]
fn switched_off_it_admits_everyone_and_says_nothing() {
    let limiter = Limiter::off();
    assert!(limiter.is_off());
    assert_eq!(limiter.check("login", "anonymous", "key"), None);
    assert_eq!(limiter.peek("login", "anonymous", "key"), None);
    assert_eq!(limiter.require(["anything"]), Ok(()));
}

#[test]
fn a_policy_that_is_not_declared_stops_the_start() {
    let limiter = limiter(&clock());
    assert_eq!(limiter.require(["login", "default"]), Ok(()));
    assert_eq!(limiter.require(["login", "logout"]), Err(PolicyError::Unknown { policy: "logout".to_owned() }));
    assert_eq!(limiter.check("logout", "anonymous", "key"), None);
}

#[test]
fn a_policy_without_limit_window_or_audience_stops_the_start() {
    for broken in [policy("p", 60, &[("all", 0)]), policy("p", 0, &[("all", 1)]), policy("p", 60, &[])] {
        let error = Limiter::new(&[broken], &clock()).expect_err("a refusal");
        assert_eq!(error, PolicyError::Empty { policy: "p".to_owned() });
    }
}

#[test]
fn limits_finer_than_the_clock_still_admit_the_limit() {
    // One every fifth of a nanosecond: governor counts whole ones.
    let outcome = Limiter::new(&[policy("p", 1, &[("all", u32::MAX)])], &clock());
    assert!(matches!(outcome, Err(PolicyError::Empty { .. })));
}
