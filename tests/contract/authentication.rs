//! Who is nobody, and who only claims to be somebody.

use crate::stage::{Stage, operations};
use crate::support::document::{DOCUMENT, Op};
use crate::support::forge::{self, Token};
use crate::support::{Answer, Caller, Credentials, Shop};

/// Operations that look at access tokens.
fn guarded() -> impl Iterator<Item = &'static Op> {
    operations().filter(|op| op.knows("bearerAuth"))
}

#[track_caller]
fn expect_invalid_token(answer: Answer, why: &str) {
    let answer = Answer { asked: format!("{} ({why})", answer.asked), ..answer }.expect_problem(401, "invalid_token");
    let challenge = answer.headers_joined("www-authenticate");
    assert!(challenge.contains("Bearer") && challenge.contains("error=\"invalid_token\""), "{answer}");
}

#[tokio::test]
async fn operations_that_need_a_caller_refuse_nobody_with_a_challenge() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| !op.admits_anonymous()) {
        let scene = stage.scene(op).await;
        let answer = scene.by(&stage.visitor()).await.expect_problem(401, "unauthenticated");
        let challenge = answer.headers_joined("www-authenticate");
        assert!(challenge.contains("Bearer realm="), "{answer}");
        assert_eq!(challenge.contains("Basic realm="), op.knows("clientBasic"), "{answer}");
        // RFC 6750, section 3.1: who sent nothing is told of no error.
        assert!(!challenge.contains("error="), "{answer}");
    }
}

#[tokio::test]
async fn operations_for_everybody_need_no_credentials() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.admits_anonymous()) {
        stage.fresh_scene(op).await.by(&stage.visitor()).await.expect_status(op.success());
    }
}

#[tokio::test]
async fn public_operations_do_not_look_at_credentials() {
    let stage = Stage::set().await;
    for op in operations().filter(|op| op.is_public()) {
        for credentials in [
            Credentials::Bearer("not.a.token".to_owned()),
            Credentials::Key("sk_nonsense".to_owned()),
            Credentials::Basic("no".to_owned(), "body".to_owned()),
        ] {
            let scene = stage.fresh_scene(op).await;
            scene.by(&stage.with(credentials)).await.expect_status(op.success());
        }
    }
}

#[tokio::test]
async fn no_broken_or_forged_token_opens_anything() {
    let stage = Stage::set().await;
    let elsewhere = Shop::open().await.admin().await;
    let good = Token::parse(stage.admin.token());
    let broken = [
        ("empty", String::new()),
        ("garbage", "nonsense".to_owned()),
        ("of three dots", "a.b.c".to_owned()),
        ("cut short", stage.admin.token()[..40].to_owned()),
        ("of another shop", elsewhere.token().to_owned()),
        ("unsigned", good.clone().unsigned()),
        ("of another's key", good.signed_by(&forge::new_key())),
        ("with its own key inside", good.clone().with_own_key_inside()),
        ("changed", good.clone().with_claim("role", "user").keeping_signature()),
        ("a refresh token", stage.admin.refresh_token.clone()),
    ];
    for op in guarded() {
        let scene = stage.scene(op).await;
        for (why, token) in &broken {
            let forger = stage.with(Credentials::Bearer(token.clone()));
            expect_invalid_token(scene.by(&forger).await, why);
        }
    }
}

#[tokio::test]
async fn an_expired_token_opens_nothing() {
    let stage = Stage::set().await;
    let mut scenes = Vec::new();
    for op in guarded() {
        scenes.push(stage.scene(op).await);
    }
    stage.shop.advance_seconds(15 * 60);
    for scene in scenes {
        expect_invalid_token(scene.by(&scene.actor).await, "expired");
    }
}

#[tokio::test]
async fn the_token_of_an_ended_session_opens_nothing() {
    let stage = Stage::set().await;
    for op in guarded() {
        let scene = stage.fresh_scene(op).await;
        // First used, so that whatever is remembered of it has to be forgotten.
        assert!(scene.actor.is_signed_in().await);
        scene.actor.post_nothing("/auth/logout").await.expect_status(204);
        expect_invalid_token(scene.by(&scene.actor).await, "logged out");
    }
}

#[tokio::test]
async fn other_ways_to_send_authorization_are_no_token() {
    let stage = Stage::set().await;
    let scheme = |value: String| {
        move |scene: &crate::stage::Scene, nobody: &Caller| scene.by(nobody).header("authorization", &value)
    };
    for op in guarded().filter(|op| !op.admits_anonymous()) {
        let scene = stage.scene(op).await;
        let (nobody, token) = (stage.visitor(), scene.actor.token().to_owned());
        for value in [format!("Token {token}"), token.clone(), "Basic Og==".to_owned(), String::new()] {
            scheme(value)(&scene, &nobody).await.expect_status(401);
        }
        // The scheme's name is compared without case (RFC 9110, section 11.1).
        let safe = op.method == "GET";
        if safe {
            scheme(format!("bearer {token}"))(&scene, &nobody).await.expect_status(op.success());
        }
    }
}

#[tokio::test]
async fn api_keys_work_exactly_where_the_document_allows_them() {
    let stage = Stage::set().await;
    for op in guarded() {
        let actor = stage.shop.register_as(&stage.new_name(), op.least_role()).await;
        let scene = stage.scene_of(op, &actor).await;
        let set = op.scope_sets().into_iter().find(|set| !set.is_empty()).unwrap_or(vec!["account:read".to_owned()]);
        let program = actor.program(&set.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let answer = scene.by(&program).await;
        if op.knows("apiKey") {
            answer.expect_status(op.success());
        } else {
            answer.expect_problem(401, "unauthenticated");
        }
    }
}

#[tokio::test]
async fn the_token_of_a_program_goes_no_further_than_its_key() {
    let stage = Stage::set().await;
    for op in guarded() {
        let actor = stage.shop.register_as(&stage.new_name(), op.least_role()).await;
        let scene = stage.scene_of(op, &actor).await;
        let (id, secret) = actor.make_key(&DOCUMENT.role_scopes(op.least_role())).await;
        let client = actor.with(Credentials::Basic(id, secret));
        let token = client.post_form("/oauth/token", &[("grant_type", "client_credentials")]).await.expect_status(200);
        let answer = scene.by(&actor.following(&token)).await;
        if op.knows("apiKey") {
            answer.expect_status(op.success());
        } else if op.scope_sets().iter().any(Vec::is_empty) {
            // Its own session may be ended by itself.
            answer.expect_status(op.success());
        } else {
            answer.expect_problem(403, "forbidden");
        }
    }
}

#[tokio::test]
async fn no_wrong_or_deleted_key_opens_anything() {
    let stage = Stage::set().await;
    let (id, secret) = stage.admin.make_key(&["account:read", "account:write", "users:read", "admin:read"]).await;
    let program = stage.admin.with(Credentials::Key(secret.clone()));
    program.get("/users/me").await.expect_status(200);
    stage.admin.delete(&format!("/users/me/api-keys/{id}")).await.expect_status(204);
    let wrong = [
        secret.clone(),
        format!("{secret}x"),
        "sk_x".to_owned(),
        "nonsense".to_owned(),
        stage.admin.token().to_owned(),
    ];
    // What has just been good as a token is no key for that.
    stage.admin.get("/users/me").await.expect_status(200);
    for op in operations().filter(|op| op.knows("apiKey")) {
        let scene = stage.scene(op).await;
        for secret in &wrong {
            let forger = stage.with(Credentials::Key(secret.clone()));
            scene.by(&forger).await.expect_problem(401, "invalid_token");
        }
    }
}

#[tokio::test]
async fn a_key_is_no_token_however_good() {
    let stage = Stage::set().await;
    let program = stage.admin.program(&DOCUMENT.role_scopes("admin")).await;
    let Credentials::Key(secret) = program.credentials.clone() else { panic!("no key") };
    for op in guarded().filter(|op| op.knows("bearerAuth")) {
        let scene = stage.scene(op).await;
        program.get("/users/me").await.expect_status(200);
        scene.by(&stage.visitor().bearing(&secret)).await.expect_problem(401, "invalid_token");
    }
}

#[tokio::test]
async fn a_wrong_client_is_refused_where_clients_may_identify_themselves() {
    let stage = Stage::set().await;
    let (id, secret) = stage.user.make_key(&["account:read"]).await;
    for op in operations().filter(|op| op.knows("clientBasic")) {
        let scene = stage.fresh_scene(op).await;
        for (id, secret) in [(&*id, "wrong"), ("01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9f", &*secret), ("nonsense", "x")] {
            let client = stage.with(Credentials::Basic(id.to_owned(), secret.to_owned()));
            let answer = scene.by(&client).await.expect_problem(401, "invalid_client");
            assert!(answer.headers_joined("www-authenticate").contains("Basic"), "{answer}");
        }
        if op.admits_anonymous() {
            // Some clients send empty credentials when they have none: that is nobody.
            scene.by(&stage.visitor()).header("authorization", "Basic Og==").await.expect_status(op.success());
        }
    }
}
