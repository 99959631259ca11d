//! What is thrown away, and what is kept.

use shopkeeper::domain::session::Session;
use shopkeeper::store::Pruned;
use uuid::Uuid;

use crate::{Room, at, session, user};

#[tokio::test]
async fn what_was_over_before_the_moment_is_thrown_away() {
    let room = Room::new().await;
    let ada = user(1, "ada").id;
    room.add(&user(1, "ada")).await;
    let live = session(1, ada);
    room.add_session(&live).await;
    room.add_session(&Session { ended_at: Some(at(10)), ..session(2, ada) }).await;
    room.add_session(&Session { expires_at: at(20), ..session(3, ada) }).await;
    room.add_session(&Session { ended_at: Some(at(100)), ..session(4, ada) }).await;
    let tx = room.store.begin().await.expect("a transaction");
    for (number, expires_at) in [(1, at(30)), (2, at(900))] {
        let hash = [number; 32];
        tx.insert_refresh_token(Uuid::from_u128(number.into()), live.id, &hash, at(1), expires_at)
            .await
            .expect("a token");
    }
    tx.commit().await.expect("a commit");

    assert_eq!(room.store.prune(at(100)).await.expect("pruned"), Pruned { sessions: 2, refresh_tokens: 1, answers: 0 });
    assert_eq!(room.store.prune(at(100)).await.expect("pruned"), Pruned::default());
    assert!(room.store.session(live.id).await.expect("an answer").is_some());
    assert!(room.store.session(session(4, ada).id).await.expect("an answer").is_some());
    assert!(room.store.refresh_token(&[2; 32]).await.expect("an answer").is_some());
}

#[tokio::test]
async fn more_than_a_batch_is_thrown_away_too() {
    let room = Room::new().await;
    let ada = user(1, "ada").id;
    room.add(&user(1, "ada")).await;
    let tx = room.store.begin().await.expect("a transaction");
    for number in 1..=1_203 {
        tx.insert_session(&Session { expires_at: at(1), ..session(number, ada) }).await.expect("a session");
    }
    tx.commit().await.expect("a commit");
    assert_eq!(room.store.prune(at(100)).await.expect("pruned").sessions, 1_203);
}
