//! What operators may write, and what they are told of what they may not.

use super::*;

fn refusal(given: Given) -> String {
    let faults = Settings::read(given).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults[0].to_string()
}

#[expect(clippy::unnecessary_wraps, reason = "the form in which settings are given")]
fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Settings that production takes.
fn production() -> Given {
    Given { profile: some("production"), public_url: some("https://shop.example"), ..Given::default() }
}

#[test]
fn without_any_setting_the_defaults_of_the_design_hold() {
    let settings = Settings::read(Given::default()).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.data_dir, PathBuf::from("data"));
    assert_eq!(settings.keys_dir, PathBuf::from("data/keys"));
    assert_eq!(settings.profile, Profile::Development);
    assert!(settings.rate_limits && settings.password_grant && settings.admin_password.is_none());
    assert_eq!(settings.request_timeout, Duration::from_secs(30));
}

#[test]
fn an_empty_value_counts_as_absent() {
    let given = Given { listen: some(""), public_url: some(" "), admin_password: some(""), ..Given::default() };
    let settings = Settings::read(given).unwrap();
    assert_eq!(settings.listen.port(), 8080);
    assert!(settings.public_url.is_none() && settings.admin_password.is_none());
}

#[test]
fn each_refusal_is_one_sentence_that_says_how_to_mend_it() {
    let cases = vec![
        (Given { listen: some("8080"), ..Given::default() }, "SHOPKEEPER_LISTEN", "127.0.0.1:8080"),
        (Given { profile: some("prod"), ..Given::default() }, "SHOPKEEPER_PROFILE", "did you mean production?"),
        (Given { public_url: some("shop.example"), ..Given::default() }, "--public-url", "https://shop.example"),
        (Given { public_url: some("https://a/b"), ..Given::default() }, "--public-url", "without a path"),
        (Given { trusted_proxies: some("10.0.0.0/33"), ..Given::default() }, "10.0.0.0/33", "10.0.0.0/8"),
        (Given { rate_limits: some("maybe"), ..Given::default() }, "SHOPKEEPER_RATE_LIMITS", "`on` or `off`"),
        (Given { max_connections: some("0"), ..Given::default() }, "SHOPKEEPER_MAX_CONNECTIONS", "from 1 to"),
        (Given { cache_size: some("32 parsecs"), ..Given::default() }, "SHOPKEEPER_CACHE_SIZE", "32MiB"),
        (
            Given { redis_url: some("127.0.0.1:6379"), ..Given::default() },
            "SHOPKEEPER_REDIS_URL",
            "redis://127.0.0.1:6379",
        ),
        (Given { drain_delay: some("soon"), ..Given::default() }, "--drain-delay", "30s"),
        (Given { request_timeout: some("soon"), ..Given::default() }, "--request-timeout", "30s"),
        (Given { tls_cert: some("a.pem"), ..Given::default() }, "SHOPKEEPER_TLS_CERT", "SHOPKEEPER_TLS_KEY"),
        (Given { redirect_listen: some("[::]:80"), ..Given::default() }, "REDIRECT_LISTEN", "SHOPKEEPER_TLS_CERT"),
        (Given { metrics_listen: some("9090"), ..Given::default() }, "--metrics-listen", "127.0.0.1:8080"),
        (Given { cors_origins: some("https://a/b"), ..Given::default() }, "https://a/b", "https://app.example"),
        (Given { slow_query: some("slow"), ..Given::default() }, "SHOPKEEPER_SLOW_QUERY", "`off`"),
        (Given { otlp_endpoint: some("collector:4318"), ..Given::default() }, "--otlp-endpoint", "http://127.0.0.1"),
        (Given { log: some("request=loud"), ..Given::default() }, "SHOPKEEPER_LOG", "info"),
        (Given { log_format: some("jsn"), ..Given::default() }, "SHOPKEEPER_LOG_FORMAT", "did you mean json?"),
        (Given { database_url: some("redis://a"), ..Given::default() }, "SHOPKEEPER_DATABASE_URL", "sqlite:"),
        (Given { admin_password_file: some("/nowhere"), ..Given::default() }, "/nowhere", "readable"),
    ];
    for (given, names, mend) in cases {
        let sentence = refusal(given);
        assert!(sentence.contains(names) && sentence.contains(mend), "{sentence}");
        assert!(!sentence.contains('\n') && sentence.ends_with(['.', '?']), "{sentence}");
    }
}

#[test]
fn a_secret_is_told_neither_by_debug_nor_by_a_refusal() {
    let given = Given { admin_password: some("hunter2hunter2"), ..Given::default() };
    assert!(!format!("{:?}", Settings::read(given).unwrap()).contains("hunter2"));
    let given = Given { database_url: some("mysql://root:hunter2@db"), ..Given::default() };
    assert!(!refusal(given).contains("hunter2"));
}

#[test]
fn a_secret_comes_from_a_value_or_a_file_but_not_from_both() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "SecurePass123\n").unwrap();
    let file = Some(file.display().to_string());
    let settings = Settings::read(Given { admin_password_file: file.clone(), ..Given::default() }).unwrap();
    assert_eq!(settings.admin_password.unwrap().expose_secret(), "SecurePass123");
    let both = Given { admin_password: some("x"), admin_password_file: file, ..Given::default() };
    assert!(refusal(both).contains("give one of them"));
}

#[test]
fn a_database_is_taken_for_shared_as_soon_as_something_is_there_to_share_by() {
    let shared = |given: Given| Settings::read(given).unwrap().shared;
    let redis_url = some("rediss://valkey:6379");
    assert!(!shared(Given::default()));
    assert!(shared(Given { redis_url: redis_url.clone(), ..Given::default() }));
    assert!(shared(Given { shared: some("on"), ..Given::default() }));
    assert!(refusal(Given { redis_url, shared: some("off"), ..Given::default() }).contains("unset one of them"));
}

#[test]
fn production_refuses_what_would_endanger_accounts() {
    assert!(Settings::read(production()).is_ok());
    let behind_a_proxy = Given { listen: some("0.0.0.0:80"), trusted_proxies: some("10.0.0.0/8"), ..production() };
    assert!(Settings::read(behind_a_proxy).is_ok());
    let tls = Given { tls_cert: some("a.pem"), tls_key: some("b.pem"), ..Given::default() };
    let by_itself = Given { listen: some("0.0.0.0:443"), tls_cert: tls.tls_cert, tls_key: tls.tls_key, ..production() };
    assert!(Settings::read(by_itself).is_ok());
    let cases = [
        (Given { public_url: None, ..production() }, "SHOPKEEPER_PUBLIC_URL"),
        (Given { public_url: some("http://shop.example"), ..production() }, "SHOPKEEPER_PUBLIC_URL"),
        (Given { rate_limits: some("off"), ..production() }, "SHOPKEEPER_RATE_LIMITS"),
        (Given { demo: some("on"), ..production() }, "SHOPKEEPER_DEMO"),
        (Given { trusted_proxies: some("0.0.0.0/0"), ..production() }, "SHOPKEEPER_TRUSTED_PROXIES"),
        (Given { listen: some("[::]:80"), ..production() }, "SHOPKEEPER_TRUSTED_PROXIES"),
    ];
    for (given, mend) in cases {
        let sentence = refusal(given);
        assert!(sentence.contains(mend) && !sentence.contains('\n'), "{sentence}");
    }
}

#[test]
fn all_that_does_not_stand_is_told_at_once() {
    let wrong = Given { listen: some("8080"), cache_size: some("big"), log: some("loud"), ..Given::default() };
    let faults = Settings::read(wrong).unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:?}");
    let dangers = Settings::read(Given { public_url: None, rate_limits: some("off"), ..production() }).unwrap_err();
    assert_eq!(dangers.len(), 2, "{dangers:?}");
}

#[test]
fn an_unknown_variable_is_refused_with_the_one_that_was_meant() {
    let known = crate::cli::variables();
    let set = |name: &str| [(OsString::from(name), OsString::new())];
    assert!(unknown(set("SHOPKEEPER_LISTEN"), &known).is_empty());
    assert!(unknown(set("PATH"), &known).is_empty());
    let slip = unknown(set("SHOPKEEPER_LISTN"), &known)[0].to_string();
    assert_eq!(slip, "SHOPKEEPER_LISTN is no setting of Shopkeeper: did you mean SHOPKEEPER_LISTEN?");
    let strange = unknown(set("SHOPKEEPER_COLOUR_OF_MONEY"), &known)[0].to_string();
    assert!(strange.contains("shopkeeper --help"), "{strange}");
}
