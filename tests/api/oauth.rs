//! The OAuth endpoints, in the words of RFC 6749, RFC 7009 and RFC 7662.

use crate::support::{Answer, Caller, Credentials, Options, Shop};
use serde_json::{Value, json};

async fn token(caller: &Caller, form: &[(&str, &str)]) -> Answer {
    caller.post_form("/oauth/token", form).await
}

async fn client(caller: &Caller, scopes: &[&str]) -> Caller {
    let (id, secret) = caller.make_key(scopes).await;
    caller.with(Credentials::Basic(id, secret))
}

#[track_caller]
fn expect_error(answer: Answer, error: &str) -> Answer {
    let answer = answer.expect_problem(400, error);
    assert_eq!(answer.string("/error"), error);
    let description = answer.string("/error_description");
    // RFC 6749, section 5.2: printable ASCII without quotes and backslashes.
    let allowed = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    assert!(!description.is_empty() && description.chars().all(allowed), "{answer}");
    answer
}

#[tokio::test]
async fn the_password_grant_signs_in_like_login() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let visitor = shop.visitor();
    let form = [("grant_type", "password"), ("username", "ADA@example.com"), ("password", ada.password())];
    let pair = token(&visitor, &form).await.expect_status(200);
    assert_eq!((pair.at("/token_type"), pair.at("/expires_in")), (json!("Bearer"), json!(900)));
    assert_eq!(pair.header("cache-control"), "no-store");
    let by_oauth = ada.following(&pair);
    assert!(by_oauth.is_signed_in().await);
    assert_eq!(by_oauth.get("/auth/sessions").await.data().len(), 2);
    assert!(by_oauth.refreshed().await.is_signed_in().await);
}

#[tokio::test]
async fn wrong_credentials_are_an_invalid_grant_whoever_is_meant() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let gist = |answer: Answer| (answer.at("/detail"), answer.at("/error_description"));
    let mut seen = Vec::new();
    for (name, password) in [("ada", "Wrong-Word-1"), ("nobody", ada.password())] {
        let form = [("grant_type", "password"), ("username", name), ("password", password)];
        seen.push(gist(expect_error(token(&shop.visitor(), &form).await, "invalid_grant")));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_suspended_account_gets_no_token() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    admin.patch(&ada.path(), &json!({"status": "suspended"})).await.expect_status(200);
    let form = [("grant_type", "password"), ("username", "ada"), ("password", ada.password())];
    expect_error(token(&shop.visitor(), &form).await, "invalid_grant");
    let form = [("grant_type", "refresh_token"), ("refresh_token", &*ada.refresh_token)];
    expect_error(token(&shop.visitor(), &form).await, "invalid_grant");
}

#[tokio::test]
async fn the_password_grant_can_be_switched_off() {
    let shop = Shop::open_with(Options { password_grant: false, ..Options::default() }).await;
    let ada = shop.register("ada").await;
    let form = [("grant_type", "password"), ("username", "ada"), ("password", ada.password())];
    let refused = token(&shop.visitor(), &form).await;
    assert!(matches!(&*refused.code(), "unsupported_grant_type" | "unauthorized_client"), "{refused}");
    let metadata = shop.visitor().get("!/.well-known/oauth-authorization-server").await.expect_status(200);
    assert!(!metadata.at("/grant_types_supported").to_string().contains("password"), "{metadata}");
    // Signing in and the other grants go on.
    assert!(ada.refreshed().await.is_signed_in().await);
    token(&client(&ada, &["account:read"]).await, &[("grant_type", "client_credentials")]).await.expect_status(200);
}

#[tokio::test]
async fn the_refresh_grant_rotates_like_refresh() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let refresh = async |refresh_token: &str| {
        token(&shop.visitor(), &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    };
    let next = refresh(&ada.refresh_token).await.expect_status(200);
    let again = refresh(&ada.refresh_token).await.expect_status(200);
    assert_eq!(again.at("/refresh_token"), next.at("/refresh_token"));
    shop.advance_seconds(11);
    expect_error(refresh(&ada.refresh_token).await, "invalid_grant");
    assert!(!ada.following(&next).is_signed_in().await);
    expect_error(refresh(&next.string("/refresh_token")).await, "invalid_grant");
    expect_error(refresh("unheard-of").await, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_may_narrow_the_scope_but_not_widen_it() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await.narrowed(&["account:read", "account:write"]).await;
    let refresh = async |refresh_token: &str, scope: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token), ("scope", scope)];
        token(&shop.visitor(), &form).await
    };
    expect_error(refresh(&ada.refresh_token, "account:read orders:read").await, "invalid_scope");
    let narrowed = refresh(&ada.refresh_token, "account:read").await.expect_status(200);
    assert_eq!(narrowed.at("/scope"), "account:read");
    let narrowed = ada.following(&narrowed);
    narrowed.get("/users/me").await.expect_status(200);
    narrowed.patch("/users/me", &json!({"full_name": "X"})).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_program_gets_a_token_by_basic_or_by_form() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let basic = client(&ada, &["account:read", "orders:read"]).await;
    let Credentials::Basic(id, secret) = basic.credentials.clone() else { unreachable!("made above") };
    let by_basic = token(&basic, &[("grant_type", "client_credentials")]).await.expect_status(200);
    let form = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
    let by_form = token(&shop.visitor(), &form).await.expect_status(200);
    for answer in [by_basic, by_form] {
        assert_eq!(answer.at("/scope"), "account:read orders:read");
        // RFC 6749, section 4.4.3: the client can ask again, so there is no refresh token.
        assert_eq!(answer.at("/refresh_token"), Value::Null);
        let program = ada.following(&answer);
        assert_eq!(program.get("/users/me").await.expect_status(200).at("/id"), ada.id());
        program.patch("/users/me", &json!({"full_name": "X"})).await.expect_problem(403, "insufficient_scope");
    }
    // Programs are no sign-ins.
    assert_eq!(ada.get("/auth/sessions").await.data().len(), 1);
}

#[tokio::test]
async fn an_empty_member_of_the_form_counts_as_absent() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let basic = client(&ada, &["account:read"]).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", ""),
        ("username", ""),
        ("client_secret", ""),
        ("client_id", ""),
    ];
    let answer = token(&basic, &form).await.expect_status(200);
    assert_eq!(answer.at("/scope"), "account:read");
}

#[tokio::test]
async fn members_that_are_not_known_here_are_passed_over() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    // RFC 8707 and OpenID Connect add some, and clients send them to every server.
    let form = [
        ("grant_type", "password"),
        ("username", "ada"),
        ("password", ada.password()),
        ("resource", "https://shop.example"),
        ("resource", "https://other.example"),
        ("nonce", "n"),
    ];
    token(&shop.visitor(), &form).await.expect_status(200);
    // The query is no form.
    let refused = shop.visitor().post_form("/oauth/token?nonce=n", &form).await;
    refused.expect_problem(400, "invalid_request").expect_faults(&[("nonce", "unknown")]);
    let described = [("token", ada.token()), ("resource", "x")];
    let program = client(&ada, &["account:read"]).await;
    assert_eq!(program.post_form("/oauth/introspect", &described).await.expect_status(200).at("/active"), true);
    shop.visitor().post_form("/oauth/revoke", &described).await.expect_status(200);
}

#[tokio::test]
async fn wrong_clients_are_told_so_with_a_challenge() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let basic = client(&ada, &["account:read"]).await;
    let Credentials::Basic(id, secret) = basic.credentials.clone() else { unreachable!("made above") };
    let other = ada.make_key(&["account:read"]).await;
    for (id, secret) in [(&*id, "sk_wrong"), (&*other.0, &*secret), (ada.id(), &*secret), ("x", &*secret)] {
        let form = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        let by_basic = ada.with(Credentials::Basic(id.to_owned(), secret.to_owned()));
        for refused in [token(&shop.visitor(), &form).await, token(&by_basic, &form[..1]).await] {
            let refused = refused.expect_problem(401, "invalid_client");
            assert_eq!(refused.string("/error"), "invalid_client");
            assert!(refused.header("www-authenticate").starts_with("Basic"), "{refused}");
        }
    }
    // A secret that is shown must be right, whatever is asked for; a client that only names itself is nobody.
    let form = [("grant_type", "password"), ("username", "ada"), ("password", ada.password()), ("client_id", &*id)];
    token(&shop.visitor(), &form).await.expect_status(200);
    for (secret, right) in [("sk_wrong", false), (&*other.1, false), (&*secret, true)] {
        let form = [&form[..], &[("client_secret", secret)]].concat();
        let answer = token(&shop.visitor(), &form).await;
        if right {
            answer.expect_status(200)
        } else {
            answer.expect_problem(401, "invalid_client")
        };
    }
    // Nobody is no client either.
    token(&shop.visitor(), &[("grant_type", "client_credentials")]).await.expect_problem(401, "invalid_client");
}

#[tokio::test]
async fn a_scope_can_be_narrowed_and_never_widened() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let basic = client(&ada, &["account:read", "orders:read"]).await;
    let narrowed = token(&basic, &[("grant_type", "client_credentials"), ("scope", "orders:read")]).await;
    assert_eq!(narrowed.expect_status(200).at("/scope"), "orders:read");
    for scope in ["account:write", "orders:read account:write", "users:write", "nonsense", "account:read nonsense"] {
        expect_error(token(&basic, &[("grant_type", "client_credentials"), ("scope", scope)]).await, "invalid_scope");
        if scope != "account:write" && scope != "orders:read account:write" {
            let form =
                [("grant_type", "password"), ("username", "ada"), ("password", ada.password()), ("scope", scope)];
            expect_error(token(&shop.visitor(), &form).await, "invalid_scope");
        }
    }
    let form = [
        ("grant_type", "password"),
        ("username", "ada"),
        ("password", ada.password()),
        ("scope", "account:read  account:read"),
    ];
    assert_eq!(token(&shop.visitor(), &form).await.expect_status(200).at("/scope"), "account:read");
}

#[tokio::test]
async fn grants_that_are_not_known_here_are_refused() {
    let shop = Shop::open().await;
    for grant in ["authorization_code", "implicit", "PASSWORD", "urn:ietf:params:oauth:grant-type:device_code"] {
        expect_error(token(&shop.visitor(), &[("grant_type", grant)]).await, "unsupported_grant_type");
    }
}

#[tokio::test]
async fn what_a_grant_needs_and_lacks_is_named() {
    let shop = Shop::open().await;
    for (form, missing) in [
        (&[("grant_type", "password")][..], &["username", "password"][..]),
        (&[("grant_type", "password"), ("username", "ada")], &["password"]),
        (&[("grant_type", "")], &["grant_type"]),
    ] {
        let refused = expect_error(token(&shop.visitor(), form).await, "invalid_request");
        let missing: Vec<_> = missing.iter().map(|name| (*name, "required")).collect();
        refused.expect_faults(&missing);
    }
    // Together with whatever else is wrong.
    let long = "x".repeat(1025);
    let form = [("grant_type", "password"), ("username", ""), ("scope", &*long)];
    let wanted = [("username", "required"), ("password", "required"), ("scope", "max_length")];
    token(&shop.visitor(), &form).await.expect_problem(400, "invalid_request").expect_faults(&wanted);
}

#[tokio::test]
async fn a_password_of_any_characters_goes_through_a_form() {
    let shop = Shop::open().await;
    for (number, password) in ["Aa1 +&=%?#", "Aa1%2B%26", "Ünïcødé-ẞ-1 パス", "Aa1\"'<>\\/;"].into_iter().enumerate()
    {
        let name = format!("ada_{number}");
        let body = json!({"email": format!("{name}@example.com"), "username": name, "password": password});
        shop.visitor().post("/users", &body).await.expect_status(201);
        let form = [("grant_type", "password"), ("username", &*name), ("password", password)];
        token(&shop.visitor(), &form).await.expect_status(200);
    }
}

#[tokio::test]
async fn a_narrowed_session_stays_narrow_when_it_is_renewed() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await.narrowed(&["account:read"]).await;
    let renewed = ada.refreshed().await;
    renewed.get("/users/me").await.expect_status(200);
    renewed.patch("/users/me", &json!({"full_name": "X"})).await.expect_problem(403, "insufficient_scope");
    let again =
        token(&shop.visitor(), &[("grant_type", "refresh_token"), ("refresh_token", &*renewed.refresh_token)]).await;
    assert_eq!(again.expect_status(200).at("/scope"), "account:read");
}

async fn revoke(shop: &Shop, form: &[(&str, &str)]) -> Answer {
    shop.visitor().post_form("/oauth/revoke", form).await
}

#[tokio::test]
async fn revoking_either_token_ends_the_session() {
    let shop = Shop::open().await;
    for (number, hint) in
        [None, Some("access_token"), Some("refresh_token"), Some("nonsense"), Some("")].into_iter().enumerate()
    {
        for which in ["access", "refresh"] {
            let ada = shop.register(&format!("ada_{which}_{number}")).await;
            assert!(ada.is_signed_in().await);
            let token = if which == "access" { ada.token() } else { &ada.refresh_token };
            let mut form = vec![("token", token)];
            form.extend(hint.map(|hint| ("token_type_hint", hint)));
            let answer = revoke(&shop, &form).await.expect_status(200);
            assert!(answer.body.is_empty());
            assert!(!ada.is_signed_in().await);
            ada.refresh().await.expect_problem(401, "invalid_token");
        }
    }
}

#[tokio::test]
async fn revoking_what_is_unknown_succeeds() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for unknown in ["unheard-of", "a.b.c", "sk_x", " "] {
        revoke(&shop, &[("token", unknown)]).await.expect_status(200);
    }
    for _ in 0..2 {
        revoke(&shop, &[("token", &ada.refresh_token)]).await.expect_status(200);
    }
}

async fn introspect(caller: &Caller, token: &str) -> Answer {
    caller.post_form("/oauth/introspect", &[("token", token)]).await
}

#[tokio::test]
async fn a_good_token_is_described_to_who_may_ask() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    for asker in [&admin, &client(&ada, &["account:read"]).await] {
        let told = introspect(asker, ada.token()).await.expect_status(200);
        assert_eq!(told.at("/active"), true);
        assert_eq!((told.at("/sub"), told.at("/username")), (json!(ada.id()), json!("ada")));
        assert_eq!(told.at("/scope"), "account:read account:write orders:read orders:write");
        assert_eq!(told.at("/exp"), shop.now() + 900);
        assert_eq!(told.at("/iat"), shop.now());
        assert_eq!(told.at("/client_id"), "first-party");
        let refresh = introspect(asker, &ada.refresh_token).await.expect_status(200);
        assert_eq!(refresh.at("/active"), true, "{refresh}");
    }
    // Asking does not use it up.
    assert!(ada.refreshed().await.is_signed_in().await);
}

#[tokio::test]
async fn of_any_other_token_only_that_it_is_not_active_is_told() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let ended = ada.sign_in_again().await;
    ended.post_nothing("/auth/logout").await.expect_status(204);
    let used = ada.sign_in_again().await;
    used.refreshed().await;
    shop.advance_seconds(11);
    let bobs = client(&shop.register("bob").await, &["account:read"]).await;
    let inactive = json!({"active": false});
    for (asker, token) in [
        (&admin, "nonsense"),
        (&admin, ended.token()),
        (&admin, &*ended.refresh_token),
        (&admin, &*used.refresh_token),
        (&bobs, ada.token()),
        (&bobs, &*ada.refresh_token),
    ] {
        assert_eq!(introspect(asker, token).await.expect_status(200).json(), inactive);
    }
    shop.advance_seconds(900);
    let admin = admin.refreshed().await;
    assert_eq!(introspect(&admin, ada.token()).await.expect_status(200).json(), inactive);
}

#[tokio::test]
async fn asking_about_a_token_neither_ends_nor_rotates_anything() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let next = ada.refreshed().await;
    shop.advance_seconds(11);
    // Presenting this one would be reuse; asking about it is not presenting it.
    introspect(&admin, &ada.refresh_token).await.expect_status(200);
    assert!(next.is_signed_in().await);
}

#[tokio::test]
async fn who_may_not_ask_is_refused() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    introspect(&ada, ada.token()).await.expect_problem(403, "insufficient_scope");
    introspect(&shop.visitor(), ada.token()).await.expect_problem(401, "unauthenticated");
    let moderator = shop.register_as("mod", "moderator").await;
    introspect(&moderator, ada.token()).await.expect_problem(403, "insufficient_scope");
}

#[tokio::test]
async fn a_programs_token_ends_with_its_key_at_the_latest() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let body = json!({"name": "brief", "scopes": ["account:read"], "expires_at": shop.moment(60)});
    let key = ada.post("/users/me/api-keys", &body).await.expect_status(201);
    let (id, secret) = (key.string("/id"), key.string("/secret"));
    let form = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
    let answer = token(&shop.visitor(), &form).await.expect_status(200);
    assert_eq!(answer.at("/expires_in"), 60);
    let program = ada.following(&answer);
    program.get("/users/me").await.expect_status(200);
    shop.advance_seconds(61);
    program.get("/users/me").await.expect_problem(401, "invalid_token");
}
