//! Who a credential makes a caller, and that changes bite on the next request.

use shopkeeper::domain::access::Role;
use shopkeeper::domain::session::ClientInfo;
use shopkeeper::domain::user::{FullName, Status};
use shopkeeper::service::{Change, Expected, Grant, Rejection, TokenRequest, UserPatch};

use crate::{Room, login};

#[tokio::test]
async fn an_access_token_works_for_fifteen_minutes_even_when_it_is_known() {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    room.pass(899);
    assert!(room.recognise(&pair.access).await.is_ok());
    room.pass(1);
    assert!(matches!(room.recognise(&pair.access).await, Err(Rejection::Expired)));
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_refused() {
    let (room, stranger) = (Room::new().await, Room::new().await);
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    let foreign = stranger.log_in("admin").await;
    let cut = &pair.access.token[..pair.access.token.len() - 4];
    for token in ["", "x.y.z", cut, foreign.access.token.as_str(), pair.refresh_token.as_str()] {
        assert!(matches!(room.shop.caller_by_token(token).await, Err(Rejection::Invalid)));
    }
}

#[tokio::test]
async fn a_changed_role_bites_on_the_next_request_both_ways() {
    let room = Room::new().await;
    let ada = room.register("ada").await;
    let pair = room.log_in("ada").await;
    assert!(!room.caller(&pair.access).await.has_scope("users:read"));

    room.promote(&ada, Role::Moderator).await;
    let promoted = room.caller(&pair.access).await;
    assert!(promoted.has_scope("users:read"));
    assert_eq!((promoted.role(), promoted.user.version), (Role::Moderator, 2));

    let as_moderator = room.log_in("ada").await;
    room.promote(&ada, Role::User).await;
    assert!(!room.caller(&pair.access).await.has_scope("users:read"));
    assert!(!room.caller(&as_moderator.access).await.has_scope("users:read"));
}

#[tokio::test]
async fn a_narrowed_token_never_grows() {
    let room = Room::new().await;
    let ada = room.register("ada").await;
    let session = room.log_in("ada").await;
    let ask = |grant| TokenRequest { grant, scope: Some("account:read".to_owned()), client: ClientInfo::default() };
    let narrowed_session = room
        .shop
        .issue_token(ask(Grant::Password { username: "ada".to_owned(), password: login("", crate::PASSWORD).password }))
        .await
        .expect("a token");
    let narrowed_token = room.shop.issue_token(ask(Grant::RefreshToken(session.refresh_token))).await.expect("a token");

    room.promote(&ada, Role::Admin).await;
    for token in [narrowed_session, narrowed_token] {
        let caller = room.caller(&token.access).await;
        assert!(caller.has_scope("account:read"));
        assert!(!caller.has_scope("account:write") && !caller.has_scope("users:write"));
    }
}

#[tokio::test]
async fn a_suspended_account_is_told_so_and_a_deleted_one_is_nobody() {
    let room = Room::new().await;
    let (ada, bob) = (room.register("ada").await, room.register("bob").await);
    let (of_ada, of_bob) = (room.log_in("ada").await, room.log_in("bob").await);
    room.caller(&of_ada.access).await;
    room.caller(&of_bob.access).await;

    room.change(&ada, UserPatch { status: Some(Status::Suspended), ..UserPatch::default() }).await;
    assert!(matches!(room.recognise(&of_ada.access).await, Err(Rejection::Suspended)));
    room.shop.delete_user(&*room.admin().await, bob.id, &Expected::Any).await.expect("deleted");
    assert!(matches!(room.recognise(&of_bob.access).await, Err(Rejection::Invalid)));
}

#[tokio::test]
async fn a_caller_carries_the_account_as_it_is_now() {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    let before = room.caller(&pair.access).await;
    let patch = UserPatch { full_name: Change::Set("Ada King".to_owned()), ..UserPatch::default() };
    room.shop.update_user(&before, before.id(), patch, &Expected::Any).await.expect("changed");
    let after = room.caller(&pair.access).await;
    assert_eq!(after.user.full_name.as_ref().map(FullName::as_str), Some("Ada King"));
}

#[tokio::test]
async fn the_last_use_of_a_session_is_written_down_once_a_minute() {
    let room = Room::new().await;
    room.register("ada").await;
    let pair = room.log_in("ada").await;
    let session = room.caller(&pair.access).await.session_id().expect("a session");
    let last_used = async || {
        room.shop.flush_usage().await.expect("written down");
        room.shop.store().session(session).await.expect("an answer").expect("a session").last_used_at
    };
    let signed_in = last_used().await;
    room.pass(59);
    room.caller(&pair.access).await;
    assert_eq!(last_used().await, signed_in);
    room.pass(1);
    room.caller(&pair.access).await;
    assert_eq!((last_used().await - signed_in).num_seconds(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_is_never_undone_by_requests_that_run_beside_it() {
    let room = Room::new().await;
    room.register("ada").await;
    for _ in 0..20 {
        let pair = room.log_in("ada").await;
        let caller = room.caller(&pair.access).await;
        let hammering: Vec<_> = (0..4)
            .map(|_| {
                let (shop, token) = (room.shop.clone(), pair.access.token.clone());
                tokio::spawn(async move {
                    while shop.caller_by_token(&token).await.is_ok() {
                        tokio::task::yield_now().await;
                    }
                })
            })
            .collect();
        tokio::task::yield_now().await;
        room.shop.log_out(&caller).await.expect("logged out");
        assert!(matches!(room.recognise(&pair.access).await, Err(Rejection::Invalid)));
        for task in hammering {
            task.await.expect("it sees the end too");
        }
    }
}
