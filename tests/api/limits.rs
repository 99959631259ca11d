//! Rate limits as callers feel them.

use crate::support::{Answer, Caller, Options, Shop};
use serde_json::{Value, json};

async fn try_to_log_in(shop: &Shop, name: &str) -> Answer {
    shop.visitor().post("/auth/login", &json!({"username": name, "password": "Wrong-Word-1"})).await
}

/// What `RateLimit` says is left of a policy: `"default";r=299;t=1, "login";r=9;t=6`.
fn left(answer: &Answer, policy: &str) -> (i64, i64) {
    let text = answer.headers_joined("ratelimit");
    let item = text.split(',').map(str::trim).find(|item| item.starts_with(&format!("\"{policy}\"")));
    let item = item.unwrap_or_else(|| panic!("nothing about {policy}: {answer}"));
    let number = |key: &str| {
        let found = item.split(';').find_map(|part| part.strip_prefix(key));
        found.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {key} for {policy}: {answer}"))
    };
    (number("r="), number("t="))
}

async fn limits(caller: &Caller) -> Value {
    caller.get("/me/limits").await.expect_status(200).json()
}

fn policy<'a>(limits: &'a Value, name: &str) -> &'a Value {
    let policies = limits["policies"].as_array().expect("policies");
    policies.iter().find(|policy| policy["policy"] == name).unwrap_or_else(|| panic!("no {name} in {limits}"))
}

#[tokio::test]
async fn ten_attempts_a_minute_to_sign_in_under_one_name() {
    let shop = Shop::open().await;
    let ada = shop.register_only("ada").await;
    for number in 1..=10 {
        let answer = try_to_log_in(&shop, "ada").await.expect_problem(401, "invalid_credentials");
        assert_eq!(left(&answer, "login").0, 10 - number, "{answer}");
    }
    let refused = try_to_log_in(&shop, "ada").await.expect_problem(429, "rate_limited");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=6).contains(&wait), "{refused}");
    // The right password is no way around, nor is the name in another spelling.
    let right = json!({"username": "ADA", "password": ada.password});
    shop.visitor().post("/auth/login", &right).await.expect_problem(429, "rate_limited");
    // Another name is another matter, from the same address.
    try_to_log_in(&shop, "bob").await.expect_problem(401, "invalid_credentials");
    shop.advance_seconds(wait);
    shop.visitor().post("/auth/login", &right).await.expect_status(200);
    shop.visitor().post("/auth/login", &right).await.expect_problem(429, "rate_limited");
    shop.advance_seconds(60);
    for _ in 0..10 {
        try_to_log_in(&shop, "ada").await.expect_problem(401, "invalid_credentials");
    }
}

#[tokio::test]
async fn the_password_grant_counts_with_signing_in() {
    let shop = Shop::open().await;
    shop.register_only("ada").await;
    let form = [("grant_type", "password"), ("username", "ada"), ("password", "Wrong-Word-1")];
    for _ in 0..5 {
        try_to_log_in(&shop, "ada").await.expect_status(401);
        shop.visitor().post_form("/oauth/token", &form).await.expect_status(400);
    }
    let refused = shop.visitor().post_form("/oauth/token", &form).await.expect_problem(429, "rate_limited");
    assert!(refused.at("/error").is_string(), "{refused}");
    try_to_log_in(&shop, "ada").await.expect_problem(429, "rate_limited");
}

#[tokio::test]
async fn blanks_and_case_do_not_make_another_name() {
    let shop = Shop::open().await;
    for name in ["ada", "ADA", "Ada", "aDa", "adA", "ADa", "aDA", "AdA", "ada", "ada"] {
        try_to_log_in(&shop, name).await.expect_status(401);
    }
    try_to_log_in(&shop, "aDA").await.expect_problem(429, "rate_limited");
}

#[tokio::test]
async fn the_names_of_one_account_count_together() {
    let shop = Shop::open().await;
    shop.register_only("ada").await;
    for name in ["ada", "ada@example.com", "ADA", "Ada@Example.COM", "ada"].repeat(2) {
        try_to_log_in(&shop, name).await.expect_problem(401, "invalid_credentials");
    }
    for name in ["ada", "ada@example.com"] {
        try_to_log_in(&shop, name).await.expect_problem(429, "rate_limited");
    }
    // Names of nobody are each their own, and look the same until then.
    for number in 1..=10 {
        let answer = try_to_log_in(&shop, "bob").await.expect_problem(401, "invalid_credentials");
        assert_eq!(left(&answer, "login").0, 10 - number, "{answer}");
    }
    try_to_log_in(&shop, "bob").await.expect_problem(429, "rate_limited");
    try_to_log_in(&shop, "bob@example.com").await.expect_problem(401, "invalid_credentials");
}

#[tokio::test]
async fn one_address_cannot_fill_the_queue_of_passwords_for_another() {
    let proxies = Options { trusted_proxies: Some("127.0.0.0/8"), rate_limits: false, ..Options::default() };
    let shop = Shop::open_with(proxies).await;
    let from = |ip: String, number: usize| {
        let visitor = shop.visitor();
        async move {
            let body = json!({"username": format!("nobody_{number}"), "password": "Wrong-Word-1"});
            visitor.post("/auth/login", &body).header("x-forwarded-for", &ip).await
        }
    };
    let mut greedy = tokio::task::JoinSet::new();
    for number in 0..120 {
        greedy.spawn(from(format!("2001:db8::{number:x}"), number));
    }
    let first = greedy.join_next().await.expect("an answer").expect("no panic");
    // One of each of many addresses: together with the share of the greedy one they fit into the queue.
    let mut others = tokio::task::JoinSet::new();
    for number in 0..40 {
        others.spawn(from(format!("203.0.113.{number}"), 200 + number));
    }
    for answer in others.join_all().await {
        answer.expect_problem(401, "invalid_credentials");
    }
    let mut answers = greedy.join_all().await;
    answers.push(first);
    let shed: Vec<_> = answers.into_iter().filter(|answer| answer.status == 503).collect();
    assert!(!shed.is_empty(), "120 at once from one network were all taken");
    for answer in shed {
        assert!(answer.expect_problem(503, "overloaded").header_or_none("retry-after").is_some());
    }
}

#[tokio::test]
async fn one_address_cannot_lock_out_another() {
    let proxies = Options { trusted_proxies: Some("127.0.0.0/8"), ..Options::default() };
    let shop = Shop::open_with(proxies).await;
    let ada = shop.register_only("ada").await;
    let from = async |ip: &str, password: &str| {
        let body = json!({"username": "ada", "password": password});
        shop.visitor().post("/auth/login", &body).header("x-forwarded-for", ip).await
    };
    for _ in 0..10 {
        from("203.0.113.7", "Wrong-Word-1").await.expect_status(401);
    }
    from("203.0.113.7", "Wrong-Word-1").await.expect_problem(429, "rate_limited");
    from("203.0.113.8", &ada.password).await.expect_status(200);
}

#[tokio::test]
async fn a_forwarded_address_is_believed_only_from_a_trusted_proxy() {
    let shop = Shop::open().await;
    for number in 0..10 {
        let call = shop.visitor().post("/auth/login", &json!({"username": "ada", "password": "x"}));
        call.header("x-forwarded-for", &format!("203.0.113.{number}")).await.expect_status(401);
    }
    let call = shop.visitor().post("/auth/login", &json!({"username": "ada", "password": "x"}));
    call.header("x-forwarded-for", "203.0.113.99").await.expect_problem(429, "rate_limited");
}

#[tokio::test]
async fn what_is_left_falls_by_one_and_grows_with_time() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let first = ada.get("/users/me").await;
    let (before, _) = left(&first, "default");
    let (after, reset) = left(&ada.get("/users/me").await, "default");
    assert_eq!(after, before - 1);
    assert!(reset >= 1);
    shop.advance_seconds(u64::try_from(reset).expect("seconds"));
    assert_eq!(left(&ada.get("/users/me").await, "default").0, 999);
}

#[tokio::test]
async fn everybody_has_a_quota_of_their_own() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    for _ in 0..20 {
        ada.get("/users/me").await.expect_status(200);
    }
    assert_eq!(left(&bob.get("/users/me").await, "default").0, 999);
    // Sessions and keys of one account share one.
    let before = left(&ada.get("/users/me").await, "default").0;
    let program = ada.program(&["account:read"]).await;
    assert_eq!(left(&program.get("/users/me").await, "default").0, before - 2);
}

#[tokio::test]
async fn the_limits_of_the_caller_are_told_as_they_are() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let told = limits(&ada).await;
    assert_eq!(told["audience"], "user");
    let names: Vec<_> =
        told["policies"].as_array().expect("policies").iter().map(|policy| policy["policy"].clone()).collect();
    assert_eq!(names, ["default", "registration", "catalog", "login", "password"]);
    for _ in 0..5 {
        let told = limits(&ada).await;
        let about = policy(&told, "default").clone();
        let next = ada.get("/users/me").await.expect_status(200);
        assert_eq!(about["remaining"].as_i64().expect("a number") - 1, left(&next, "default").0);
        assert_eq!((&about["limit"], &about["window_seconds"]), (&json!(1000), &json!(60)));
    }
}

#[tokio::test]
async fn limits_that_are_told_belong_to_the_role() {
    let shop = Shop::open().await;
    let moderator = shop.register_as("mod", "moderator").await;
    for (caller, audience, quota) in
        [(&shop.visitor(), "anonymous", 300), (&moderator, "moderator", 2000), (&shop.admin().await, "admin", 5000)]
    {
        let told = limits(caller).await;
        assert_eq!(told["audience"], audience);
        assert_eq!(policy(&told, "default")["limit"], quota);
        assert_eq!(policy(&told, "login")["limit"], 10);
    }
}

#[tokio::test]
async fn used_attempts_to_change_the_password_are_told() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let body = json!({"current_password": "Wrong-Word-1", "new_password": "Another-Word-42"});
    for number in 1..=10 {
        ada.put("/users/me/password", &body).await.expect_status(422);
        assert_eq!(policy(&limits(&ada).await, "password")["remaining"], 10 - number);
    }
    let refused = ada.put("/users/me/password", &body).await.expect_problem(429, "rate_limited");
    assert!(refused.header("ratelimit").contains("\"password\";r=0"), "{refused}");
    // Other things go on.
    ada.get("/users/me").await.expect_status(200);
}

#[tokio::test]
async fn a_refused_token_is_counted_against_the_address() {
    let shop = Shop::open().await;
    let forger = shop.visitor().with(crate::support::Credentials::Bearer("nonsense".to_owned()));
    let mut refused = 0;
    for _ in 0..310 {
        let answer = forger.get("/users/me").await;
        assert!(matches!(answer.status, 401 | 429), "{answer}");
        refused += usize::from(answer.status == 429);
    }
    assert!(refused >= 9, "{refused} of 310 attempts were refused");
}

#[tokio::test]
async fn pages_beside_the_api_are_not_limited() {
    let shop = Shop::open().await;
    for _ in 0..310 {
        shop.visitor().get("!/healthz").await.expect_status(200);
    }
    shop.visitor().get("/me/limits").await.expect_status(200);
}

#[tokio::test]
async fn accounts_do_not_buy_more_registrations_for_one_address() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let left_of = async |caller: &Caller| {
        let answer = caller.post("/users", &json!({})).await.expect_problem(422, "validation_failed");
        left(&answer, "registration").0
    };
    let before = left_of(&ada).await;
    assert_eq!(left_of(&bob).await, before - 1);
}
