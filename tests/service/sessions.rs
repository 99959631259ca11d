//! Signing in and out, and changing the password.

use shopkeeper::domain::page::Order;
use shopkeeper::domain::session::ClientInfo;
use shopkeeper::domain::session::SessionSort;
use shopkeeper::domain::user::Status;
use shopkeeper::infra::passwords::Params;
use shopkeeper::service::{Error, ListRequest, Options, Rejection, UserPatch};
use uuid::Uuid;

use crate::{PASSWORD, Room, login, open_hashing, violations};

fn first_page() -> ListRequest {
    ListRequest::choose(None, None, None, None)
}

#[tokio::test]
async fn signing_in_takes_the_name_or_the_address_in_any_case() {
    let room = Room::new().await;
    let ada = room.register("Ada_L").await;
    for name in ["Ada_L", "ada_l", "ADA_L@example.com"] {
        let pair = room.shop.log_in(login(name, PASSWORD)).await.expect(name);
        assert_eq!(room.caller(&pair.access).await.id(), ada.id);
        assert_eq!(
            (pair.access.expires_in, pair.access.scope.as_str()),
            (900, "account:read account:write orders:read orders:write")
        );
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let room = Room::new().await;
    room.register("ada").await;
    for (name, password) in
        [("ada", "WrongPass123"), ("nobody", PASSWORD), ("no@where.com", PASSWORD), ("@", PASSWORD), ("", "")]
    {
        let outcome = room.shop.log_in(login(name, password)).await;
        assert!(matches!(outcome, Err(Error::InvalidCredentials)), "{name}");
    }
}

#[tokio::test]
async fn only_who_knows_the_password_learns_that_an_account_is_suspended() {
    let room = Room::new().await;
    let ada = room.register("ada").await;
    room.change(&ada, UserPatch { status: Some(Status::Suspended), ..UserPatch::default() }).await;
    assert!(matches!(room.shop.log_in(login("ada", "WrongPass123")).await, Err(Error::InvalidCredentials)));
    assert!(matches!(room.shop.log_in(login("ada", PASSWORD)).await, Err(Error::Suspended)));
}

#[tokio::test]
async fn logging_out_stops_the_session_and_no_other_at_once() {
    let room = Room::new().await;
    room.register("ada").await;
    let (here, there) = (room.log_in("ada").await, room.log_in("ada").await);
    let caller = room.caller(&here.access).await;
    room.caller(&there.access).await;

    room.shop.log_out(&caller).await.expect("logged out");
    assert!(matches!(room.recognise(&here.access).await, Err(Rejection::Invalid)));
    assert!(matches!(room.shop.refresh(&here.refresh_token).await, Err(Error::InvalidRefreshToken)));
    assert!(room.recognise(&there.access).await.is_ok());
    room.shop.log_out(&caller).await.expect("twice does no harm");
}

#[tokio::test]
async fn sessions_are_listed_with_where_they_came_from() {
    let room = Room::new().await;
    room.register("ada").await;
    let first = room.log_in("ada").await;
    room.pass(60);
    let caller = room.caller(&room.log_in("ada").await.access).await;
    room.person("bob").await;

    let (sort, order) = (SessionSort::CreatedAt, Order::Descending);
    let list = room.shop.sessions(&caller, sort, order, &first_page()).await.expect("a list");
    assert_eq!((list.items.len(), list.total), (2, Some(2)));
    assert_eq!(Some(list.items[0].id), caller.session_id());
    assert_eq!(list.items[0].client.ip(), Some("192.0.2.7"));
    assert_eq!(list.items[0].client.user_agent(), Some("curl/8"));
    assert_eq!(Some(list.items[1].id), room.caller(&first.access).await.session_id());
}

#[tokio::test]
async fn a_revoked_session_bites_on_the_next_verification() {
    let room = Room::new().await;
    room.register("ada").await;
    let (here, there) = (room.log_in("ada").await, room.log_in("ada").await);
    let caller = room.caller(&here.access).await;
    let other = room.caller(&there.access).await.session_id().expect("a session");

    room.shop.revoke_session(&caller, other).await.expect("revoked");
    assert!(matches!(room.recognise(&there.access).await, Err(Rejection::Invalid)));
    assert!(matches!(room.shop.refresh(&there.refresh_token).await, Err(Error::InvalidRefreshToken)));
    assert!(room.recognise(&here.access).await.is_ok());
    assert!(matches!(room.shop.revoke_session(&caller, other).await, Err(Error::Missing)), "it is over");
}

#[tokio::test]
async fn another_accounts_session_is_not_there() {
    let room = Room::new().await;
    let (ada, bob) = (room.person("ada").await, room.person("bob").await);
    let of_bob = bob.session_id().expect("a session");
    for id in [of_bob, Uuid::nil()] {
        assert!(matches!(room.shop.revoke_session(&ada, id).await, Err(Error::Missing)));
    }
    assert!(matches!(room.shop.revoke_session(&*room.admin().await, of_bob).await, Err(Error::Missing)));
}

#[tokio::test]
async fn changing_the_password_takes_the_current_one_and_ends_the_other_sessions() {
    let room = Room::new().await;
    room.register("ada").await;
    let (here, there) = (room.log_in("ada").await, room.log_in("ada").await);
    let caller = room.caller(&here.access).await;
    room.caller(&there.access).await;

    let change = async |current: &str, new: &str| {
        room.shop.change_password(&caller, &ClientInfo::default(), current.into(), new.into()).await
    };
    assert_eq!(violations(change("WrongPass123", "Better4Pass").await), [("current_password", "incorrect")]);
    assert_eq!(violations(change(PASSWORD, "Password1").await), [("new_password", "too_common")]);
    assert!(room.recognise(&there.access).await.is_ok(), "nothing has happened yet");

    change(PASSWORD, "Better4Pass").await.expect("changed");
    assert!(room.recognise(&here.access).await.is_ok());
    assert!(room.shop.refresh(&here.refresh_token).await.is_ok());
    assert!(matches!(room.recognise(&there.access).await, Err(Rejection::Invalid)));
    assert!(matches!(room.shop.refresh(&there.refresh_token).await, Err(Error::InvalidRefreshToken)));
    assert!(matches!(room.shop.log_in(login("ada", PASSWORD)).await, Err(Error::InvalidCredentials)));
    assert!(room.shop.log_in(login("ada", "Better4Pass")).await.is_ok());
}

#[tokio::test]
async fn a_hash_weaker_than_todays_is_replaced_by_the_next_sign_in() {
    let room = Room::new().await;
    let ada = room.register("ada").await;
    let hash = async || room.shop.store().account(ada.id).await.expect("an answer").expect("an account").password_hash;
    let weak = hash().await;
    room.log_in("ada").await;
    assert_eq!(hash().await, weak, "it is as strong as asked for");

    let stronger = Params { memory_kib: 16, ..Params::CHEAPEST };
    let shop = open_hashing(&room.folder, &room.clock, Options::default(), stronger).await;
    assert!(shop.log_in(login("ada", "WrongPass123")).await.is_err());
    assert_eq!(hash().await, weak, "only who knows the password has it replaced");
    shop.log_in(login("ada", PASSWORD)).await.expect("a session");
    let strong = hash().await;
    assert!(strong.contains("m=16"), "{strong}");
    shop.log_in(login("ada", PASSWORD)).await.expect("a session");
    assert_eq!(hash().await, strong);
}

#[tokio::test]
async fn what_is_over_for_a_day_is_thrown_away() {
    let room = Room::new().await;
    let caller = room.person("ada").await;
    room.shop.log_out(&caller).await.expect("logged out");
    let session = caller.session_id().expect("a session");
    room.pass(86_400);
    assert_eq!(room.shop.prune().await.expect("pruned").sessions, 0);
    room.pass(1);
    assert_eq!(room.shop.prune().await.expect("pruned").sessions, 1);
    assert_eq!(room.shop.store().session(session).await.expect("an answer"), None);
}
