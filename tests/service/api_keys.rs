//! What an API key may do, and that it stops when it should.

use chrono::TimeDelta;
use shopkeeper::domain::access::Role;
use shopkeeper::domain::api_key::ApiKeySort;
use shopkeeper::domain::page::Order;
use shopkeeper::domain::session::{ClientInfo, SessionSort};
use shopkeeper::service::{
    Caller, CreatedApiKey, Denial, Error, Expected, Grant, Keep, ListRequest, NewApiKey, Rejection, TokenRequest,
};

use crate::{PASSWORD, Room, violations};

fn key_for(scopes: &[&str]) -> NewApiKey {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    NewApiKey { name: " deploy bot ".to_owned(), scopes, expires_at: None }
}

async fn make(room: &Room, caller: &Caller, scopes: &[&str]) -> CreatedApiKey {
    room.shop.create_api_key(caller, key_for(scopes), Keep::nothing()).await.expect("a key")
}

#[tokio::test]
async fn a_key_acts_for_its_owner_within_its_scopes() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let made = make(&room, &ada, &["account:read"]).await;
    assert_eq!(made.key.name.as_str(), "deploy bot");
    assert!(made.secret.starts_with(&format!("sk_{}_", made.key.prefix)));

    let robot = room.shop.caller_by_api_key(&made.secret).await.expect("a caller");
    assert_eq!((robot.id(), robot.api_key_id(), robot.session_id()), (ada.id(), Some(made.key.id), None));
    assert!(robot.has_scope("account:read") && !robot.has_scope("account:write"));
}

#[tokio::test]
async fn a_key_never_does_more_than_its_owner_may_now() {
    let room = Room::new().await;
    let ada = room.register("ada").await;
    room.promote(&ada, Role::Moderator).await;
    let caller = room.caller(&room.log_in("ada").await.access).await;
    let made = make(&room, &caller, &["account:read", "users:read"]).await;
    assert!(room.shop.caller_by_api_key(&made.secret).await.expect("a caller").has_scope("users:read"));
    room.promote(&ada, Role::User).await;
    assert!(!room.shop.caller_by_api_key(&made.secret).await.expect("a caller").has_scope("users:read"));
}

#[tokio::test]
async fn what_is_wrong_with_a_key_is_named_at_once() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let bad = NewApiKey { name: " ".to_owned(), scopes: Vec::new(), expires_at: Some(room.clock.now()) };
    let found = violations(room.shop.create_api_key(&ada, bad, Keep::nothing()).await);
    assert_eq!(found, [("name", "min_length"), ("scopes", "min_items"), ("expires_at", "past")]);
    assert_eq!(
        violations(room.shop.create_api_key(&ada, key_for(&["no:such"]), Keep::nothing()).await),
        [("scopes", "enum")]
    );
    let beyond = room.shop.create_api_key(&ada, key_for(&["users:write"]), Keep::nothing()).await;
    assert!(matches!(beyond, Err(Error::Denied(Denial::ScopesBeyondOwn))));
}

#[tokio::test]
async fn a_key_stops_at_its_expiry_even_when_it_is_known() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let expires_at = Some(room.clock.now() + TimeDelta::seconds(60));
    let made =
        room.shop.create_api_key(&ada, NewApiKey { expires_at, ..key_for(&["account:read"]) }, Keep::nothing()).await;
    let secret = made.expect("a key").secret;
    room.pass(59);
    assert!(room.shop.caller_by_api_key(&secret).await.is_ok());
    room.pass(1);
    assert!(matches!(room.shop.caller_by_api_key(&secret).await, Err(Rejection::Expired)));
}

#[tokio::test]
async fn a_deleted_key_and_its_tokens_stop_at_once() {
    let room = Room::new().await;
    let (ada, bob) = (room.person("ada").await, room.person("bob").await);
    let made = make(&room, &ada, &["account:read"]).await;
    let client = room.shop.client(&made.key.id.to_string(), &made.secret).await.expect("a client");
    let grant =
        |client| TokenRequest { grant: Grant::ClientCredentials(client), scope: None, client: ClientInfo::default() };
    let token = room.shop.issue_token(grant(client.clone())).await.expect("a token");
    room.caller(&token.access).await;

    assert!(matches!(room.shop.delete_api_key(&bob, made.key.id).await, Err(Error::Missing)));
    assert!(room.recognise(&token.access).await.is_ok(), "a stranger's attempt ends nothing");
    room.shop.delete_api_key(&ada, made.key.id).await.expect("deleted");
    assert!(matches!(room.shop.caller_by_api_key(&made.secret).await, Err(Rejection::Invalid)));
    assert!(matches!(room.recognise(&token.access).await, Err(Rejection::Invalid)));
    assert!(room.shop.issue_token(grant(client)).await.is_err());
    assert!(matches!(room.shop.delete_api_key(&ada, made.key.id).await, Err(Error::Missing)));
}

#[tokio::test]
async fn the_keys_of_a_deleted_account_stop_at_once() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let made = make(&room, &ada, &["account:read"]).await;
    room.shop.caller_by_api_key(&made.secret).await.expect("a caller");
    room.shop.delete_user(&ada, ada.id(), &Expected::Any).await.expect("deleted");
    assert!(matches!(room.shop.caller_by_api_key(&made.secret).await, Err(Rejection::Invalid)));
}

#[tokio::test]
async fn keys_and_their_tokens_do_not_manage_the_account() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let made = make(&room, &ada, &["account:read", "account:write"]).await;
    let key = room.shop.caller_by_api_key(&made.secret).await.expect("a caller");
    let request =
        TokenRequest { grant: Grant::ClientCredentials(key.clone()), scope: None, client: ClientInfo::default() };
    let by_token = room.caller(&room.shop.issue_token(request).await.expect("a token").access).await;

    let page = ListRequest::choose(None, None, None, None);
    let denied = |outcome: Result<(), Error>| assert!(matches!(outcome, Err(Error::Denied(Denial::PersonNeeded))));
    for caller in [&key, &by_token] {
        denied(room.shop.create_api_key(caller, key_for(&["account:read"]), Keep::nothing()).await.map(|_| ()));
        denied(room.shop.delete_api_key(caller, made.key.id).await);
        denied(room.shop.api_keys(caller, ApiKeySort::Name, Order::Ascending, &page).await.map(|_| ()));
        denied(room.shop.sessions(caller, SessionSort::CreatedAt, Order::Ascending, &page).await.map(|_| ()));
        denied(room.shop.revoke_session(caller, ada.session_id().expect("a session")).await);
        denied(room.shop.change_password(caller, &ClientInfo::default(), PASSWORD.into(), "Better4Pass".into()).await);
    }
    denied(room.shop.log_out(&key).await);
}

#[tokio::test]
async fn keys_are_listed_without_their_secrets_and_with_their_last_use() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let made = make(&room, &ada, &["account:read"]).await;
    room.pass(5);
    room.shop.caller_by_api_key(&made.secret).await.expect("a caller");
    room.shop.flush_usage().await.expect("written down");

    let page = ListRequest::choose(None, None, None, None);
    let list = room.shop.api_keys(&ada, ApiKeySort::CreatedAt, Order::Descending, &page).await.expect("a list");
    assert_eq!(list.items.len(), 1);
    assert_eq!(list.items[0].last_used_at, Some(room.clock.now()));
    assert_eq!(room.shop.scopes().join(list.items[0].scopes), "account:read");
    assert!(!format!("{made:?}").contains(&made.secret));
}
