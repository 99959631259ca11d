//! Refresh tokens: rotated, repeated, reused.

use shopkeeper::domain::user::Status;
use shopkeeper::service::{Error, Options, Rejection, TokenPair, UserPatch};

use crate::{Room, open};

async fn signed_in() -> (Room, TokenPair) {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    (room, pair)
}

async fn refresh(room: &Room, token: &str) -> TokenPair {
    room.shop.refresh(token).await.expect("a new pair")
}

async fn assert_over(room: &Room, pair: &TokenPair) {
    assert!(matches!(room.recognise(&pair.access).await, Err(Rejection::Invalid)), "its access tokens have stopped");
    assert!(matches!(room.shop.refresh(&pair.refresh_token).await, Err(Error::InvalidRefreshToken)));
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_another_that_works() {
    let (room, first) = signed_in().await;
    let second = refresh(&room, &first.refresh_token).await;
    assert_ne!(second.refresh_token, first.refresh_token);
    let session = room.caller(&first.access).await.session_id();
    assert_eq!(room.caller(&second.access).await.session_id(), session, "it is the same session");
    refresh(&room, &second.refresh_token).await;
}

#[tokio::test]
async fn a_lost_answer_can_be_had_again_within_ten_seconds() {
    let (room, first) = signed_in().await;
    let lost = refresh(&room, &first.refresh_token).await;
    room.pass(10);
    let again = refresh(&room, &first.refresh_token).await;
    assert_eq!(again.refresh_token, lost.refresh_token);
    assert!(room.recognise(&again.access).await.is_ok());
    refresh(&room, &again.refresh_token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_refreshes_at_once_get_the_same_successor() {
    let (room, first) = signed_in().await;
    for mut token in [first.refresh_token] {
        for _ in 0..10 {
            let (left, right) = tokio::join!(refresh(&room, &token), refresh(&room, &token));
            assert_eq!(left.refresh_token, right.refresh_token);
            token = left.refresh_token;
        }
    }
}

#[tokio::test]
async fn after_ten_seconds_the_predecessor_ends_the_session() {
    let (room, first) = signed_in().await;
    let second = refresh(&room, &first.refresh_token).await;
    room.caller(&second.access).await;
    room.pass(11);
    assert!(matches!(room.shop.refresh(&first.refresh_token).await, Err(Error::InvalidRefreshToken)));
    assert_over(&room, &second).await;
}

#[tokio::test]
async fn a_predecessor_whose_successor_was_used_ends_the_session() {
    let (room, first) = signed_in().await;
    let second = refresh(&room, &first.refresh_token).await;
    let third = refresh(&room, &second.refresh_token).await;
    room.caller(&third.access).await;
    assert!(matches!(room.shop.refresh(&first.refresh_token).await, Err(Error::InvalidRefreshToken)));
    assert_over(&room, &third).await;
    assert_over(&room, &second).await;
    assert_over(&room, &first).await;
}

#[tokio::test]
async fn a_reuse_ends_no_other_session() {
    let (room, first) = signed_in().await;
    let other = room.log_in("ada").await;
    let second = refresh(&room, &first.refresh_token).await;
    refresh(&room, &second.refresh_token).await;
    assert!(room.shop.refresh(&first.refresh_token).await.is_err());
    assert!(room.recognise(&other.access).await.is_ok());
    refresh(&room, &other.refresh_token).await;
}

#[tokio::test]
async fn a_session_that_is_refreshed_lives_on_and_one_that_is_not_expires() {
    let (room, first) = signed_in().await;
    let idle = room.log_in("ada").await;
    room.pass(20 * 86_400);
    let second = refresh(&room, &first.refresh_token).await;
    room.pass(10 * 86_400);
    assert!(matches!(room.shop.refresh(&idle.refresh_token).await, Err(Error::InvalidRefreshToken)));
    refresh(&room, &second.refresh_token).await;
}

#[tokio::test]
async fn what_is_no_refresh_token_is_refused() {
    let (room, pair) = signed_in().await;
    for text in ["", "nonsense", pair.access.token.as_str(), &pair.refresh_token[1..]] {
        assert!(matches!(room.shop.refresh(text).await, Err(Error::InvalidRefreshToken)));
    }
}

#[tokio::test]
async fn a_suspended_account_cannot_refresh_and_is_told_so() {
    let (room, pair) = signed_in().await;
    let ada = room.caller(&pair.access).await;
    room.change(&ada.user, UserPatch { status: Some(Status::Suspended), ..UserPatch::default() }).await;
    assert!(matches!(room.shop.refresh(&pair.refresh_token).await, Err(Error::Suspended)));

    room.change(&ada.user, UserPatch { status: Some(Status::Active), ..UserPatch::default() }).await;
    assert_over(&room, &pair).await;
}

#[tokio::test]
async fn rotation_survives_a_restart_of_the_shop() {
    let (room, first) = signed_in().await;
    let lost = refresh(&room, &first.refresh_token).await;
    let restarted = open(&room.folder, &room.clock, Options::default()).await;
    let again = restarted.refresh(&first.refresh_token).await.expect("the same answer");
    assert_eq!(again.refresh_token, lost.refresh_token);
    assert!(restarted.caller_by_token(&first.access.token).await.is_ok());
}
