//! Accounts as rows: unique names, versions, erasure.

use shopkeeper::domain::access::Role;
use shopkeeper::domain::user::{Email, Status, User, Username};
use shopkeeper::store::{Error, Unique};

use crate::{Room, at, user};

#[tokio::test]
async fn an_account_is_read_back_as_it_was_written() {
    let room = Room::new().await;
    let ada = User { role: Role::Moderator, status: Status::Suspended, ..user(1, "Ada_L") };
    room.add(&ada).await;

    assert_eq!(room.store.user(ada.id).await.expect("an answer"), Some(ada.clone()));
    let account = room.store.account(ada.id).await.expect("an answer").expect("an account");
    assert_eq!((account.user, account.password_hash.as_str()), (ada.clone(), "$hash"));
    assert_eq!(room.store.user(user(2, "bob").id).await.expect("an answer"), None);
}

#[tokio::test]
async fn an_account_is_found_by_name_in_any_case_and_by_address() {
    let room = Room::new().await;
    let ada = user(1, "Ada_L");
    room.add(&ada).await;

    for name in ["ada_l", "ADA_L"] {
        let name = Username::parse(name).expect("a name");
        let found = room.store.account_by_username(&name).await.expect("an answer").expect("an account");
        assert_eq!(found.user.username.as_str(), "Ada_L");
    }
    let email = Email::parse("ADA_L@Example.COM").expect("an address");
    assert!(room.store.account_by_email(&email).await.expect("an answer").is_some());
    let other = Username::parse("ada").expect("a name");
    assert!(room.store.account_by_username(&other).await.expect("an answer").is_none());
}

#[tokio::test]
async fn a_taken_address_and_a_taken_name_are_told_apart() {
    let room = Room::new().await;
    room.add(&user(1, "ada")).await;

    let add = async |user: User| room.store.begin().await.expect("a transaction").insert_user(&user, "").await;
    let same_name = User { email: Email::parse("new@example.com").expect("an address"), ..user(2, "ADA") };
    assert!(matches!(add(same_name).await, Err(Error::Taken(Unique::Username))));
    let same_email = User { username: Username::parse("new").expect("a name"), ..user(2, "ada") };
    assert!(matches!(add(same_email).await, Err(Error::Taken(Unique::Email))));
    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_user(&user(2, "bob"), "").await.expect("a free name");
    let bob_as_ada = User { username: Username::parse("aDa").expect("a name"), version: 2, ..user(2, "bob") };
    assert!(matches!(tx.update_user(&bob_as_ada, 1).await, Err(Error::Taken(Unique::Username))));
}

#[tokio::test]
async fn a_change_for_another_version_is_stale_and_changes_nothing() {
    let room = Room::new().await;
    let ada = user(1, "ada");
    room.add(&ada).await;
    let changed = User { role: Role::Admin, full_name: None, version: 2, updated_at: at(50), ..ada.clone() };

    let tx = room.store.begin().await.expect("a transaction");
    tx.update_user(&changed, 1).await.expect("the first change");
    assert!(matches!(tx.update_user(&ada, 1).await, Err(Error::Stale { current: 2, .. })));
    assert!(matches!(tx.update_user(&user(9, "nobody"), 1).await, Err(Error::Missing)));
    tx.commit().await.expect("a commit");

    assert_eq!(room.store.user(ada.id).await.expect("an answer"), Some(changed));
}

#[tokio::test]
async fn a_transaction_that_is_dropped_never_happened() {
    let room = Room::new().await;
    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_user(&user(1, "ada"), "").await.expect("an account");
    assert!(tx.user(user(1, "ada").id).await.expect("an answer").is_some(), "it reads what it wrote");
    assert!(room.store.user(user(1, "ada").id).await.expect("an answer").is_none(), "others do not");
    drop(tx);
    // The writer is free again, and the row is not there.
    let tx = room.store.begin().await.expect("a transaction");
    assert!(tx.user(user(1, "ada").id).await.expect("an answer").is_none());
}

#[tokio::test]
async fn an_anonymised_account_is_gone_and_its_names_are_free() {
    let room = Room::new().await;
    let ada = user(1, "ada");
    room.add(&ada).await;

    let tx = room.store.begin().await.expect("a transaction");
    tx.anonymise_user(ada.id, at(60)).await.expect("a live account");
    assert!(matches!(tx.anonymise_user(ada.id, at(61)).await, Err(Error::Missing)));
    assert!(matches!(tx.set_password_hash(ada.id, "x").await, Err(Error::Missing)));
    tx.insert_user(&user(2, "ADA"), "$hash").await.expect("the names are free");
    tx.commit().await.expect("a commit");

    assert!(room.store.user(ada.id).await.expect("an answer").is_none());
    let found = room.store.account_by_username(&ada.username).await.expect("an answer").expect("the new one");
    assert_eq!(found.user.id, user(2, "ada").id);
    // Several deleted accounts do not collide.
    let tx = room.store.begin().await.expect("a transaction");
    tx.anonymise_user(found.user.id, at(62)).await.expect("a live account");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn nothing_personal_is_left_in_the_file_of_an_anonymised_account() {
    let room = Room::of_file().await;
    let tx = room.store.begin().await.expect("a transaction");
    tx.insert_user(&user(1, "Wilhelmina"), "$argon2id$secret").await.expect("an account");
    tx.anonymise_user(user(1, "Wilhelmina").id, at(60)).await.expect("a live account");
    tx.commit().await.expect("a commit");
    room.store.close().await.expect("closed");

    let file = std::fs::read(room.folder.path().join("a shop? 100%.db")).expect("the database");
    for trace in ["wilhelmina", "Wilhelmina", "argon2id", "König"] {
        assert!(!file.windows(trace.len()).any(|part| part == trace.as_bytes()), "{trace}");
    }
}

#[tokio::test]
async fn the_last_acting_admin_has_no_other() {
    let room = Room::new().await;
    let boss = User { role: Role::Admin, ..user(1, "boss") };
    assert!(!room.store.has_admin().await.expect("an answer"));
    room.add(&boss).await;
    room.add(&User { role: Role::Admin, status: Status::Suspended, ..user(2, "suspended") }).await;
    room.add(&User { role: Role::Moderator, ..user(3, "moderator") }).await;
    assert!(room.store.has_admin().await.expect("an answer"));
    assert!(!room.store.has_other_acting_admin(boss.id).await.expect("an answer"));

    room.add(&User { role: Role::Admin, ..user(4, "second") }).await;
    assert!(room.store.has_other_acting_admin(boss.id).await.expect("an answer"));
    let tx = room.store.begin().await.expect("a transaction");
    tx.anonymise_user(user(4, "second").id, at(60)).await.expect("a live account");
    assert!(!tx.has_other_acting_admin(boss.id).await.expect("an answer"), "deleted ones do not count");
}
