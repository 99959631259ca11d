//! Accounts: registering, changing, deleting, and the last administrator.

use shopkeeper::domain::access::Role;
use shopkeeper::domain::page::Order;
use shopkeeper::domain::session::ClientInfo;
use shopkeeper::domain::user::{FullName, Status, UserFilter, UserSort};
use shopkeeper::service::{
    Applicant, Change, Conflict, Denial, Error, Expected, FirstAdmin, Keep, ListRequest, NewUser, Options, Rejection,
    Unique, UserPatch, UserReplacement,
};
use uuid::Uuid;

use crate::{Room, login, new_user, open, violations};

fn patch() -> UserPatch {
    UserPatch::default()
}

#[tokio::test]
async fn a_registration_names_everything_that_is_wrong_at_once() {
    let room = Room::new().await;
    let bad = NewUser {
        email: "nowhere".to_owned(),
        username: "a b".to_owned(),
        password: "short".into(),
        full_name: Some("x".repeat(101)),
        client: ClientInfo::default(),
        role: None,
    };
    let found = violations(room.shop.register(Applicant::new(None, None), bad, Keep::nothing()).await);
    let expected = [
        ("email", "format"),
        ("username", "pattern"),
        ("password", "min_length"),
        ("password", "too_simple"),
        ("password", "too_simple"),
        ("full_name", "max_length"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_registration_makes_an_ordinary_account_that_can_sign_in() {
    let room = Room::new().await;
    let ada = room
        .shop
        .register(
            Applicant::new(None, None),
            NewUser { full_name: Some("  Ada  ".to_owned()), ..new_user("Ada") },
            Keep::nothing(),
        )
        .await;
    let ada = ada.expect("an account");
    assert_eq!((ada.role, ada.status, ada.version), (Role::User, Status::Active, 1));
    assert_eq!((ada.email.as_str(), ada.username.as_str()), ("ada@example.com", "Ada"));
    assert_eq!(ada.full_name.as_ref().map(FullName::as_str), Some("Ada"));
    assert_eq!(*room.caller(&room.log_in("ada").await.access).await.user, ada);
}

#[tokio::test]
async fn taken_names_are_refused_in_any_case() {
    let room = Room::new().await;
    room.register("ada").await;
    let same_name = NewUser { email: "new@example.com".to_owned(), ..new_user("ADA") };
    assert!(matches!(
        room.shop.register(Applicant::new(None, None), same_name, Keep::nothing()).await,
        Err(Error::Taken(Unique::Username))
    ));
    let same_email = NewUser { email: "ADA@example.com".to_owned(), ..new_user("new") };
    assert!(matches!(
        room.shop.register(Applicant::new(None, None), same_email, Keep::nothing()).await,
        Err(Error::Taken(Unique::Email))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_registrations_at_once_one_is_told_that_the_name_is_taken() {
    let room = Room::new().await;
    let (left, right) = tokio::join!(
        room.shop.register(Applicant::new(None, None), new_user("ada"), Keep::nothing()),
        room.shop.register(Applicant::new(None, None), new_user("ada"), Keep::nothing())
    );
    assert!(left.is_ok() != right.is_ok());
    assert!(matches!(left.and(right), Err(Error::Taken(_))));
}

#[tokio::test]
async fn only_an_admin_chooses_the_role_of_a_new_account() {
    let room = Room::new().await;
    let as_admin = |name: &str| NewUser { role: Some(Role::Admin), ..new_user(name) };
    let ada = room.person("ada").await;
    for caller in [None, Some(&*ada)] {
        let outcome = room.shop.register(Applicant::new(caller, None), as_admin("eve"), Keep::nothing()).await;
        assert!(matches!(outcome, Err(Error::Denied(Denial::Privileges))));
    }
    let made = room
        .shop
        .register(Applicant::new(Some(&*room.admin().await), None), as_admin("eve"), Keep::nothing())
        .await
        .expect("an account");
    assert_eq!(made.role, Role::Admin);
}

#[tokio::test]
async fn a_stale_write_is_refused_with_the_present_version() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let rename = |name: &str| UserPatch { full_name: Change::Set(name.to_owned()), ..patch() };
    let first = Expected::Versions(vec![1]);
    let changed = room.shop.update_user(&ada, ada.id(), rename("One"), &first).await.expect("the first");
    assert_eq!(changed.version, 2);
    let stale = room.shop.update_user(&ada, ada.id(), rename("Two"), &first).await;
    assert!(matches!(stale, Err(Error::Stale { current: 2, .. })));
    assert!(matches!(room.shop.delete_user(&ada, ada.id(), &first).await, Err(Error::Stale { current: 2, .. })));
    let either = Expected::Versions(vec![1, 2]);
    assert!(room.shop.update_user(&ada, ada.id(), rename("Two"), &either).await.is_ok());
    let none = Expected::Versions(Vec::new());
    assert!(matches!(room.shop.update_user(&ada, ada.id(), rename("Three"), &none).await, Err(Error::Stale { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_writes_for_the_same_version_one_is_stale() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let write = async |name: &str| {
        let patch = UserPatch { full_name: Change::Set(name.to_owned()), ..patch() };
        room.shop.update_user(&ada, ada.id(), patch, &Expected::Versions(vec![1])).await
    };
    let (left, right) = tokio::join!(write("Left"), write("Right"));
    assert!(left.is_ok() != right.is_ok());
    assert!(matches!(left.and(right), Err(Error::Stale { current: 2, .. })));
}

#[tokio::test]
async fn a_patch_keeps_sets_and_clears() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let change = async |patch| room.shop.update_user(&ada, ada.id(), patch, &Expected::Any).await.expect("a change");

    room.pass(5);
    let named = change(UserPatch { full_name: Change::Set("Ada".to_owned()), ..patch() }).await;
    assert_eq!((named.version, named.updated_at - named.created_at), (2, chrono::TimeDelta::seconds(5)));
    let moved = change(UserPatch { email: Some("New@Example.com".to_owned()), ..patch() }).await;
    assert_eq!(moved.full_name, named.full_name);
    assert_eq!(moved.email.as_str(), "new@example.com");
    let cased = change(UserPatch { username: Some("ADA".to_owned()), ..patch() }).await;
    assert_eq!((cased.username.as_str(), cased.version), ("ADA", 4));
    let cleared = change(UserPatch { full_name: Change::Clear, ..patch() }).await;
    assert_eq!(cleared.full_name, None);
    assert_eq!(change(patch()).await, cleared, "nothing changes, not even the version");
    assert_eq!(change(UserPatch { full_name: Change::Set("  ".to_owned()), ..patch() }).await, cleared);
}

#[tokio::test]
async fn a_replacement_sets_everything_but_what_it_leaves_out_of_role_and_status() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let whole = UserReplacement {
        email: "lovelace@example.com".to_owned(),
        username: "lovelace".to_owned(),
        full_name: None,
        role: None,
        status: None,
    };
    // Saying what is so already takes no privilege: a client may send back what it read.
    let same = UserReplacement { role: Some(Role::User), status: Some(Status::Active), ..whole.clone() };
    let replaced = room.shop.replace_user(&ada, ada.id(), same, &Expected::Any).await.expect("replaced");
    assert_eq!(replaced.username.as_str(), "lovelace");
    let bad = UserReplacement { email: "x".to_owned(), username: "y".to_owned(), ..whole };
    let found = violations(room.shop.replace_user(&ada, ada.id(), bad, &Expected::Any).await);
    assert_eq!(found, [("email", "format"), ("username", "min_length")]);
}

#[tokio::test]
async fn role_and_status_are_changed_by_admins_only() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    for privileged in
        [UserPatch { role: Some(Role::Moderator), ..patch() }, UserPatch { status: Some(Status::Suspended), ..patch() }]
    {
        let own = room.shop.update_user(&ada, ada.id(), privileged.clone(), &Expected::Any).await;
        assert!(matches!(own, Err(Error::Denied(Denial::Privileges))));
        let by_admin = room.shop.update_user(&*room.admin().await, ada.id(), privileged, &Expected::Any).await;
        assert!(by_admin.is_ok());
    }
}

#[tokio::test]
async fn other_accounts_are_not_there_but_for_staff() {
    let room = Room::new().await;
    let (ada, bob) = (room.person("ada").await, room.person("bob").await);
    assert!(matches!(room.shop.user(&ada, bob.id()).await, Err(Error::Missing)));
    assert!(matches!(room.shop.update_user(&ada, bob.id(), patch(), &Expected::Any).await, Err(Error::Missing)));
    assert!(matches!(room.shop.delete_user(&ada, bob.id(), &Expected::Any).await, Err(Error::Missing)));

    room.promote(&ada.user, Role::Moderator).await;
    let moderator = room.caller(&room.log_in("ada").await.access).await;
    assert_eq!(room.shop.user(&moderator, bob.id()).await.expect("an account").id, bob.id());
    let change = room.shop.update_user(&moderator, bob.id(), patch(), &Expected::Any).await;
    assert!(matches!(change, Err(Error::Missing)), "moderators read");
    assert!(matches!(room.shop.user(&moderator, Uuid::nil()).await, Err(Error::Missing)));
}

#[tokio::test]
async fn the_list_of_accounts_takes_its_scope() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    let request = ListRequest::choose(None, None, None, None);
    let list = async |caller| {
        let filter = UserFilter { role: Some(Role::Admin), ..UserFilter::default() };
        room.shop.users(caller, &filter, UserSort::Username, Order::Ascending, &request).await
    };
    assert!(matches!(list(&ada).await, Err(Error::Denied(Denial::Scope))));
    let found = list(&*room.admin().await).await.expect("a list");
    assert_eq!((found.items.len(), found.total), (1, Some(1)));
}

#[tokio::test]
async fn the_last_admin_cannot_be_removed_demoted_or_suspended() {
    let room = Room::new().await;
    let admin = room.admin().await;
    let demote = UserPatch { role: Some(Role::Moderator), ..patch() };
    let suspend = UserPatch { status: Some(Status::Suspended), ..patch() };
    let last = |outcome| matches!(outcome, Err(Error::Conflict(Conflict::LastAdmin)));

    for change in [demote.clone(), suspend.clone()] {
        assert!(last(room.shop.update_user(&admin, admin.id(), change, &Expected::Any).await.map(|_| ())));
    }
    assert!(last(room.shop.delete_user(&admin, admin.id(), &Expected::Any).await));

    let second = room.register("second").await;
    room.promote(&second, Role::Admin).await;
    room.shop.update_user(&admin, second.id, suspend, &Expected::Any).await.expect("not the last one");
    assert!(last(room.shop.delete_user(&admin, admin.id(), &Expected::Any).await), "a suspended one does not count");
    let awake = UserPatch { status: Some(Status::Active), ..patch() };
    room.shop.update_user(&admin, second.id, awake, &Expected::Any).await.expect("awake");
    room.shop.update_user(&admin, admin.id(), demote, &Expected::Any).await.expect("no longer the last one");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_resign_at_once_do_not_both_succeed() {
    let room = Room::new().await;
    let admin = room.admin().await;
    let second = room.register("second").await;
    room.promote(&second, Role::Admin).await;
    let other = room.caller(&room.log_in("second").await.access).await;
    let (left, right) = tokio::join!(
        room.shop.delete_user(&admin, admin.id(), &Expected::Any),
        room.shop.delete_user(&other, other.id(), &Expected::Any)
    );
    assert!(left.is_ok() != right.is_ok());
    assert!(matches!(left.and(right), Err(Error::Conflict(Conflict::LastAdmin))));
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_its_names_are_free() {
    let room = Room::new().await;
    let ada = room.person("ada").await;
    room.shop.delete_user(&ada, ada.id(), &Expected::Any).await.expect("deleted");
    assert!(matches!(room.shop.user(&*room.admin().await, ada.id()).await, Err(Error::Missing)));
    assert!(matches!(room.shop.log_in(login("ada", crate::PASSWORD)).await, Err(Error::InvalidCredentials)));
    assert!(matches!(room.shop.delete_user(&ada, ada.id(), &Expected::Any).await, Err(Error::Gone)));
    let again = room.register("ada").await;
    assert_ne!(again.id, ada.id());
}

#[tokio::test]
async fn the_first_administrator_is_made_once_with_a_password_that_works() {
    let room = Room::new().await;
    assert!(matches!(room.shop.ensure_admin(None).await, Ok(FirstAdmin::Present)));

    let folder = crate::Ground::new().await;
    let shop = open(&folder, &room.clock, Options::default()).await;
    assert_eq!(violations(shop.ensure_admin(Some("weak".into())).await).first(), Some(&("password", "min_length")));
    let Ok(FirstAdmin::MadeUp(password)) = shop.ensure_admin(None).await else { panic!("it should be made up") };
    let pair = shop.log_in(crate::LogIn { password, ..login("admin", "") }).await.expect("a session");
    assert_eq!(shop.caller_by_token(&pair.access.token).await.expect("a caller").role(), Role::Admin);
    assert!(matches!(shop.caller_by_token("").await, Err(Rejection::Invalid)));
}
