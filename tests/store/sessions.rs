//! Sessions and refresh tokens as rows.

use chrono::TimeDelta;
use shopkeeper::domain::page::{Order, PageRequest};
use shopkeeper::domain::session::{ClientInfo, RefreshHistory, Session, SessionSort};
use uuid::Uuid;

use crate::{Room, at, scopes, session, user};

async fn room_with_ada() -> (Room, Uuid) {
    let room = Room::new().await;
    let ada = user(1, "ada");
    room.add(&ada).await;
    (room, ada.id)
}

#[tokio::test]
async fn a_session_is_read_back_as_it_was_written() {
    let (room, ada) = room_with_ada().await;
    let narrowed = scopes().parse("account:read").expect("a scope");
    for (number, scopes) in [(1, None), (2, Some(narrowed))] {
        let session = Session { scopes, ..session(number, ada) };
        room.add_session(&session).await;
        assert_eq!(room.store.session(session.id).await.expect("an answer"), Some(session));
    }
    let bare = Session { client: ClientInfo::default(), ..session(3, ada) };
    room.add_session(&bare).await;
    assert_eq!(room.store.session(bare.id).await.expect("an answer"), Some(bare));
}

#[tokio::test]
async fn only_live_sign_ins_of_the_account_are_listed() {
    let (room, ada) = room_with_ada().await;
    room.add(&user(2, "bob")).await;
    room.add_session(&session(1, ada)).await;
    room.add_session(&session(2, ada)).await;
    room.add_session(&Session { ended_at: Some(at(5)), ..session(3, ada) }).await;
    room.add_session(&Session { expires_at: at(10), ..session(4, ada) }).await;
    room.add_session(&session(5, user(2, "bob").id)).await;

    let tx = room.store.begin().await.expect("a transaction");
    tx.touch_session(session(1, ada).id, at(9)).await.expect("a note");
    tx.commit().await.expect("a commit");

    let request = PageRequest::default();
    for (sort, expected) in [(SessionSort::CreatedAt, [2, 1]), (SessionSort::LastUsedAt, [1, 2])] {
        let page = room.store.sessions_of(ada, at(10), sort, Order::Descending, &request).await.expect("a page");
        let ids = page.items.iter().map(|item| item.id).collect::<Vec<_>>();
        assert_eq!(ids, expected.map(|number| session(number, ada).id));
        assert_eq!(page.total, Some(2));
    }
}

#[tokio::test]
async fn a_session_ends_once() {
    let (room, ada) = room_with_ada().await;
    room.add_session(&session(1, ada)).await;
    let tx = room.store.begin().await.expect("a transaction");
    assert!(tx.end_session(session(1, ada).id, at(5)).await.expect("an answer"));
    assert!(!tx.end_session(session(1, ada).id, at(6)).await.expect("an answer"));
    assert!(!tx.end_session(Uuid::nil(), at(6)).await.expect("an answer"));
    tx.commit().await.expect("a commit");
    let ended = room.store.session(session(1, ada).id).await.expect("an answer").expect("a session");
    assert_eq!(ended.ended_at, Some(at(5)));
}

#[tokio::test]
async fn ending_the_others_tells_which_and_spares_one() {
    let (room, ada) = room_with_ada().await;
    for number in 1..=3 {
        room.add_session(&session(number, ada)).await;
    }
    let tx = room.store.begin().await.expect("a transaction");
    let mut ended = tx.end_sessions_of(ada, Some(session(2, ada).id), at(9)).await.expect("an answer");
    ended.sort();
    assert_eq!(ended, [session(1, ada).id, session(3, ada).id]);
    assert_eq!(tx.end_sessions_of(ada, None, at(9)).await.expect("an answer"), [session(2, ada).id]);
}

#[tokio::test]
async fn deleting_sessions_takes_their_refresh_tokens_along() {
    let (room, ada) = room_with_ada().await;
    room.add_session(&session(1, ada)).await;
    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_refresh_token(Uuid::from_u128(7), session(1, ada).id, &[7; 32], at(1), at(900)).await.expect("a token");
    assert!(tx.refresh_token(&[7; 32]).await.expect("an answer").is_some());
    assert_eq!(tx.delete_sessions_of(ada).await.expect("an answer"), [session(1, ada).id]);
    assert_eq!(tx.refresh_token(&[7; 32]).await.expect("an answer"), None);
}

#[tokio::test]
async fn a_refresh_token_knows_its_successor_and_whether_that_was_used() {
    let (room, ada) = room_with_ada().await;
    room.add_session(&session(1, ada)).await;
    let tx = room.store.begin().await.expect("a transaction");
    for (number, hash) in [(1, [1; 32]), (2, [2; 32]), (3, [3; 32])] {
        let (id, session) = (Uuid::from_u128(number), session(1, ada).id);
        tx.insert_refresh_token(id, session, &hash, at(1), at(900)).await.expect("a token");
    }
    let fresh = RefreshHistory { expires_at: at(900), replaced_at: None, successor_used: false };
    let first = async || tx.refresh_token(&[1; 32]).await.expect("an answer").expect("a token").history;
    assert_eq!(first().await, fresh);

    tx.replace_refresh_token(Uuid::from_u128(1), &[2; 32], at(5)).await.expect("the first time");
    assert_eq!(first().await, RefreshHistory { replaced_at: Some(at(5)), ..fresh });
    assert!(tx.replace_refresh_token(Uuid::from_u128(1), &[9; 32], at(6)).await.is_err(), "it has one already");

    tx.replace_refresh_token(Uuid::from_u128(2), &[3; 32], at(7)).await.expect("the first time");
    assert_eq!(first().await, RefreshHistory { replaced_at: Some(at(5)), successor_used: true, ..fresh });
    assert_eq!(tx.refresh_token(&[8; 32]).await.expect("an answer"), None);
}

#[tokio::test]
async fn the_last_use_only_moves_forward() {
    let (room, ada) = room_with_ada().await;
    room.add_session(&session(1, ada)).await;
    let id = session(1, ada).id;
    let tx = room.store.begin().await.expect("a transaction");
    tx.touch_session(id, at(50)).await.expect("a note");
    tx.touch_session(id, at(40)).await.expect("a note");
    let seen = tx.session(id).await.expect("an answer").expect("a session");
    assert_eq!(seen.last_used_at, at(50));

    tx.extend_session(id, at(60), at(60) + TimeDelta::days(30)).await.expect("an extension");
    let seen = tx.session(id).await.expect("an answer").expect("a session");
    assert_eq!((seen.last_used_at, seen.expires_at), (at(60), at(60) + TimeDelta::days(30)));
}

#[tokio::test]
async fn a_session_of_nobody_is_refused() {
    let (room, _) = room_with_ada().await;
    let tx = room.store.begin().await.expect("a transaction");
    assert!(tx.insert_session(&session(1, Uuid::from_u128(404))).await.is_err(), "foreign keys are enforced");
}
