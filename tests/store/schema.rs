//! Migrations up and down, newer databases, and checks.

use rusqlite::Connection;
use shopkeeper::store::{Error, schema};

use crate::Room;

#[tokio::test]
async fn migrations_go_up_and_down_and_tell_how_they_stand() {
    let room = Room::bare().await;
    let before = schema::status(&room.store).await.expect("a status");
    assert!(!before.is_empty() && before.iter().all(|step| !step.applied));

    let applied = schema::up(&room.store).await.expect("migrations");
    assert_eq!(applied, before.iter().map(|step| step.name.clone()).collect::<Vec<_>>());
    assert!(schema::status(&room.store).await.expect("a status").iter().all(|step| step.applied));
    assert_eq!(schema::up(&room.store).await.expect("nothing to do"), Vec::<String>::new());

    let undone = schema::down(&room.store, 1).await.expect("one step back");
    assert_eq!(undone, applied.iter().rev().take(1).cloned().collect::<Vec<_>>());
    assert_eq!(schema::up(&room.store).await.expect("and again"), undone);

    let all = schema::down(&room.store, u32::MAX).await.expect("all the way back");
    assert_eq!(all.len(), applied.len());
    assert_eq!(schema::up(&room.store).await.expect("and again"), applied);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let room = Room::new().await;
    schema::down(&room.store, 1).await.expect("one step back");
    room.store.clone().close().await.expect("closed");
    room.folder.execute("INSERT INTO seaql_migrations VALUES ('m29990101_000001_future', 0)").await;

    let store = room.neighbour().await;
    for outcome in [
        schema::up(&store).await.map(|_| ()),
        schema::down(&store, 1).await.map(|_| ()),
        schema::status(&store).await.map(|_| ()),
    ] {
        let Err(Error::Newer(names)) = outcome else { panic!("it should be refused") };
        assert_eq!(names, ["m29990101_000001_future"]);
    }
}

#[tokio::test]
async fn values_that_the_program_does_not_know_cannot_be_written() {
    let room = Room::new().await;
    let path = room.folder.path().join("plain.db");
    let plain = shopkeeper::store::Location::Sqlite(path.clone());
    let store = shopkeeper::store::Store::open(&plain, crate::scopes()).await.expect("a database");
    schema::up(&store).await.expect("migrations");
    let raw = Connection::open(path).expect("the database");
    let insert = |role: &str, status: &str, email: &str| {
        format!(
            "INSERT INTO users (id, email, username, username_key, full_name, search_key, password_hash, role, status, version, \
             created_at, updated_at, deleted_at) VALUES (x'01', '{email}', 'ada', 'ada', NULL, '', '', '{role}', '{status}', 1, 0, 0, NULL)"
        )
    };
    for bad in [insert("root", "active", "a@b.c"), insert("user", "gone", "a@b.c"), insert("user", "active", "")] {
        let error = raw.execute_batch(&bad).expect_err("a violated check").to_string();
        assert!(error.contains("CHECK constraint failed"), "{error}");
    }
    raw.execute_batch(&insert("user", "active", "a@b.c")).expect("a good row");
}
