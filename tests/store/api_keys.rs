//! API keys as rows.

use shopkeeper::domain::api_key::{ApiKey, ApiKeySort, KeyName};
use shopkeeper::domain::page::{Order, PageRequest};
use shopkeeper::domain::session::{Session, SessionSort};
use uuid::Uuid;

use crate::{Room, at, scopes, session, user};

fn key(number: u32, user_id: Uuid) -> ApiKey {
    ApiKey {
        id: Uuid::from_u128(0xfeed_0000 + u128::from(number)),
        user_id,
        name: KeyName::parse("deploy bot").expect("a name"),
        prefix: "0a1b2c3d".to_owned(),
        scopes: scopes().parse("account:read").expect("a scope"),
        created_at: at(number.into()),
        last_used_at: None,
        expires_at: Some(at(500)),
    }
}

async fn room_with_key() -> (Room, Uuid) {
    let room = Room::new().await;
    let ada = user(1, "ada").id;
    room.add(&user(1, "ada")).await;
    room.add(&user(2, "bob")).await;
    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_api_key(&key(1, ada), &[1; 32]).await.expect("a key");
    tx.commit().await.expect("a commit");
    (room, ada)
}

#[tokio::test]
async fn a_key_is_found_by_the_digest_of_its_secret() {
    let (room, ada) = room_with_key().await;
    assert_eq!(room.store.api_key_by_hash(&[1; 32]).await.expect("an answer"), Some(key(1, ada)));
    assert_eq!(room.store.api_key_by_hash(&[2; 32]).await.expect("an answer"), None);
}

#[tokio::test]
async fn only_the_owner_lists_and_deletes_a_key() {
    let (room, ada) = room_with_key().await;
    let bob = user(2, "bob").id;
    let of = async |owner| {
        let request = PageRequest::default();
        let page = room.store.api_keys_of(owner, ApiKeySort::Name, Order::Descending, &request).await.expect("a page");
        page.items
    };
    assert_eq!(of(ada).await, [key(1, ada)]);
    assert_eq!(of(bob).await, []);

    let tx = room.store.begin().await.expect("a transaction");
    assert_eq!(tx.delete_api_key(bob, key(1, ada).id).await.expect("an answer"), None);
    assert_eq!(tx.delete_api_key(ada, key(1, ada).id).await.expect("an answer"), Some([1; 32]));
    assert_eq!(tx.delete_api_key(ada, key(1, ada).id).await.expect("an answer"), None);
}

#[tokio::test]
async fn what_a_key_asked_for_is_not_listed_and_goes_with_it() {
    let (room, ada) = room_with_key().await;
    let by_key = Session { api_key_id: Some(key(1, ada).id), ..session(1, ada) };
    room.add_session(&by_key).await;
    let (sort, request) = (SessionSort::CreatedAt, PageRequest::default());
    let listed = room.store.sessions_of(ada, at(5), sort, Order::Ascending, &request).await.expect("a page");
    assert_eq!(listed.items, []);

    let tx = room.store.begin().await.expect("a transaction");
    assert_eq!(tx.end_sessions_of_key(key(1, ada).id, at(6)).await.expect("an answer"), [by_key.id]);
    assert_eq!(tx.delete_api_keys_of(ada).await.expect("an answer"), [[1; 32]]);
    assert_eq!(tx.session(by_key.id).await.expect("an answer"), None);
}

#[tokio::test]
async fn the_last_use_of_a_key_only_moves_forward() {
    let (room, ada) = room_with_key().await;
    let tx = room.store.begin().await.expect("a transaction");
    for second in [50, 40] {
        tx.touch_api_key(key(1, ada).id, at(second)).await.expect("a note");
    }
    let seen = tx.api_key_by_hash(&[1; 32]).await.expect("an answer").expect("a key");
    assert_eq!(seen.last_used_at, Some(at(50)));
}
