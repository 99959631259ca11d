//! The OAuth endpoints over the same sessions.

use std::sync::Arc;

use shopkeeper::service::{
    Caller, Error, Grant, GrantFault, Issue, Keep, NewApiKey, OAuthToken, Options, Rejection, TokenRequest,
};

use crate::{PASSWORD, Room, login};

fn password(name: &str, password: &str) -> Grant {
    Grant::Password { username: name.to_owned(), password: password.into() }
}

async fn ask(room: &Room, grant: Grant, scope: Option<&str>) -> Result<OAuthToken, Error> {
    let scope = scope.map(str::to_owned);
    room.shop.issue_token(TokenRequest { grant, scope, client: login("", "").client }).await
}

fn fault(outcome: Result<OAuthToken, Error>) -> GrantFault {
    match outcome {
        Err(Error::Grant { fault, .. }) => fault,
        other => panic!("no refused grant: {other:?}"),
    }
}

/// A key of the caller's for these scopes, as an OAuth client.
async fn client(room: &Room, caller: &Caller, scopes: &[&str]) -> Arc<Caller> {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    let request = NewApiKey { name: "robot".to_owned(), scopes, expires_at: None };
    let made = room.shop.create_api_key(caller, request, Keep::nothing()).await.expect("a key");
    room.shop.client(&made.key.id.to_string(), &made.secret).await.expect("a client")
}

#[tokio::test]
async fn the_password_grant_narrows_the_whole_session() {
    let room = Room::new().await;
    room.register("ada").await;
    let whole = ask(&room, password("ada", PASSWORD), Some("  ")).await.expect("a token");
    assert_eq!(whole.access.scope, "account:read account:write orders:read orders:write");

    let narrow = ask(&room, password("ada", PASSWORD), Some("orders:read account:read")).await.expect("a token");
    assert_eq!(narrow.access.scope, "account:read orders:read");
    let refreshed = room.shop.refresh(&narrow.refresh_token.expect("a refresh token")).await.expect("a pair");
    assert_eq!(refreshed.access.scope, "account:read orders:read");
}

#[tokio::test]
async fn refused_grants_are_called_what_the_rfc_calls_them() {
    let room = Room::new().await;
    room.register("ada").await;
    for (grant, scope, expected) in [
        (password("ada", "WrongPass123"), None, GrantFault::InvalidGrant),
        (password("nobody", PASSWORD), None, GrantFault::InvalidGrant),
        (password("ada", PASSWORD), Some("users:write"), GrantFault::InvalidScope),
        (password("ada", PASSWORD), Some("no:such"), GrantFault::InvalidScope),
        (Grant::RefreshToken("nonsense".to_owned()), None, GrantFault::InvalidGrant),
        (Grant::ClientCredentials(room.person("bob").await), None, GrantFault::InvalidClient),
    ] {
        assert_eq!(fault(ask(&room, grant, scope).await), expected);
    }
}

#[tokio::test]
async fn the_password_grant_can_be_switched_off() {
    let room = Room::with(Options { password_grant: false, ..Options::default() }).await;
    assert_eq!(fault(ask(&room, password("admin", PASSWORD), None).await), GrantFault::UnsupportedGrantType);
    assert!(room.shop.log_in(login("admin", PASSWORD)).await.is_ok());
}

#[tokio::test]
async fn a_refresh_may_narrow_one_access_token_and_no_more() {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    let too_much = ask(&room, Grant::RefreshToken(pair.refresh_token.clone()), Some("users:read")).await;
    assert_eq!(fault(too_much), GrantFault::InvalidScope);

    let narrow = ask(&room, Grant::RefreshToken(pair.refresh_token), Some("orders:read")).await.expect("a token");
    assert_eq!(narrow.access.scope, "orders:read");
    assert!(!room.caller(&narrow.access).await.has_scope("account:read"));
    let next = room.shop.refresh(&narrow.refresh_token.expect("a refresh token")).await.expect("a pair");
    assert_eq!(
        next.access.scope, "account:read account:write orders:read orders:write",
        "the session is as wide as before"
    );
}

#[tokio::test]
async fn a_client_gets_a_token_of_its_keys_scopes_and_no_refresh_token() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let robot = client(&room, &ada, &["orders:read", "account:read"]).await;
    let token = ask(&room, Grant::ClientCredentials(Arc::clone(&robot)), None).await.expect("a token");
    assert_eq!((token.access.scope.as_str(), token.refresh_token.is_none()), ("account:read orders:read", true));
    let caller = room.caller(&token.access).await;
    assert_eq!((caller.id(), caller.api_key_id()), (ada.id(), robot.api_key_id()));
    assert!(!caller.has_scope("account:write"));

    let narrower =
        ask(&room, Grant::ClientCredentials(Arc::clone(&robot)), Some("orders:read")).await.expect("a token");
    assert_eq!(narrower.access.scope, "orders:read");
    let more = ask(&room, Grant::ClientCredentials(robot), Some("account:write")).await;
    assert_eq!(fault(more), GrantFault::InvalidScope);
}

#[tokio::test]
async fn id_and_secret_of_a_client_have_to_belong_together() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let request = || NewApiKey { name: "robot".to_owned(), scopes: vec!["orders:read".to_owned()], expires_at: None };
    let one = room.shop.create_api_key(&ada, request(), Keep::nothing()).await.expect("a key");
    let other = room.shop.create_api_key(&ada, request(), Keep::nothing()).await.expect("a key");
    for (id, secret) in [
        (other.key.id.to_string(), one.secret.as_str()),
        (one.key.id.to_string(), "sk_nonsense"),
        ("nonsense".to_owned(), one.secret.as_str()),
        (String::new(), ""),
    ] {
        assert!(matches!(room.shop.client(&id, secret).await, Err(Rejection::Invalid)));
    }
}

#[tokio::test]
async fn revoking_either_token_ends_the_session_and_an_unknown_one_is_no_fault() {
    let room = Room::new().await;
    room.register("ada").await;
    for by_refresh_token in [true, false] {
        let pair = room.log_in("ada").await;
        room.caller(&pair.access).await;
        let token = if by_refresh_token { &pair.refresh_token } else { &pair.access.token };
        room.shop.revoke_token(token).await.expect("revoked");
        assert!(matches!(room.recognise(&pair.access).await, Err(Rejection::Invalid)));
        assert!(matches!(room.shop.refresh(&pair.refresh_token).await, Err(Error::InvalidRefreshToken)));
        room.shop.revoke_token(token).await.expect("twice is no fault");
    }
    room.shop.revoke_token("nonsense").await.expect("no fault");
}

#[tokio::test]
async fn a_revoked_client_token_leaves_the_key_and_its_other_tokens_alone() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let robot = client(&room, &ada, &["orders:read"]).await;
    let one = ask(&room, Grant::ClientCredentials(Arc::clone(&robot)), None).await.expect("a token");
    let other = ask(&room, Grant::ClientCredentials(robot), None).await.expect("a token");
    room.shop.revoke_token(&one.access.token).await.expect("revoked");
    assert!(room.recognise(&one.access).await.is_err());
    assert!(room.recognise(&other.access).await.is_ok());
}

#[tokio::test]
async fn a_token_is_described_to_its_account_and_to_admins() {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    let (ada, bob, admin) = (room.caller(&pair.access).await, room.person("bob").await, room.admin().await);

    for caller in [&ada, &admin] {
        let about = room.shop.introspect_token(caller, &pair.access.token).await.expect("an answer").expect("active");
        assert_eq!((about.username.as_str(), about.sub, about.token_type), ("ada", ada.id(), Some("Bearer")));
        let Issue { iat, nbf, iss, .. } = about.issue.expect("an access token");
        assert_eq!((about.exp - iat, nbf, iss.as_str()), (900, iat, "https://shop.example"));

        let about = room.shop.introspect_token(caller, &pair.refresh_token).await.expect("an answer").expect("active");
        assert_eq!((about.sub, about.token_type, about.issue), (ada.id(), None, None));
    }
    for token in [&pair.access.token, &pair.refresh_token] {
        assert_eq!(room.shop.introspect_token(&bob, token).await.expect("an answer"), None, "not bob's to see");
    }
    room.shop.log_out(&ada).await.expect("logged out");
    for token in [pair.access.token.as_str(), pair.refresh_token.as_str(), "nonsense"] {
        assert_eq!(room.shop.introspect_token(&admin, token).await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn a_used_refresh_token_is_not_active() {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    let next = room.shop.refresh(&pair.refresh_token).await.expect("a pair");
    let admin = room.admin().await;
    assert_eq!(room.shop.introspect_token(&admin, &pair.refresh_token).await.expect("an answer"), None);
    assert!(room.shop.introspect_token(&admin, &next.refresh_token).await.expect("an answer").is_some());
}
