//! What the connections promise, against a real file. Most run on one thread, where who waits for whom is certain.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::{Counts, Readers, Transaction, Writer};

/// Counts without end.
const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n";

struct Room {
    writer: Writer,
    readers: Readers,
    counts: Arc<Counts>,
    _folder: tempfile::TempDir,
}

impl Room {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("room.db");
        let counts = Arc::<Counts>::default();
        let writer = Writer::open(&path, Arc::clone(&counts)).expect("a writer");
        let readers = Readers::open(path, Arc::clone(&counts)).expect("readers");
        let room = Self { writer, readers, counts, _folder: folder };
        let tx = room.begin().await;
        tx.execute_unprepared(
            "CREATE TABLE things (id uuid_text PRIMARY KEY, name text UNIQUE, good boolean, size bigint, raw blob);
             CREATE TABLE parts (id bigint PRIMARY KEY, thing text REFERENCES things (name) DEFERRABLE INITIALLY DEFERRED)",
        )
        .await
        .expect("tables");
        tx.commit(nothing()).await.expect("a commit");
        room
    }

    async fn begin(&self) -> Transaction {
        Transaction::new(self.writer.begin().await.expect("a turn"))
    }

    async fn names(&self) -> Vec<String> {
        let rows = self.readers.query_all_raw(plain("SELECT name FROM things ORDER BY name")).await.expect("rows");
        rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect()
    }

    /// Somebody who comes, writes a thing and, if told to, commits.
    fn visitor(&self, name: &'static str, commits: bool) -> JoinHandle<Result<(), DbErr>> {
        let writer = self.writer.clone();
        tokio::spawn(async move {
            let tx = Transaction::new(writer.begin().await?);
            add(&tx, name).await?;
            if commits { tx.commit(nothing()).await } else { Ok(()) }
        })
    }
}

fn plain(sql: &str) -> Statement {
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, [])
}

async fn add(tx: &Transaction, name: &str) -> Result<(), DbErr> {
    let insert = Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "INSERT INTO things (id, name) VALUES (randomblob(16), ?)",
        [Value::from(name)],
    );
    tx.execute_raw(insert).await.map(drop)
}

/// Lets everybody else go on until they have to wait.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_commit_waits_for_the_disk() {
    let room = Room::new().await;
    let tx = room.begin().await;
    let ask = async |what: &str| tx.query_one_raw(plain(what)).await.expect("an answer").expect("a row");
    let synchronous: i64 = ask("PRAGMA synchronous").await.try_get("", "synchronous").expect("a number");
    let journal: String = ask("PRAGMA journal_mode").await.try_get("", "journal_mode").expect("a word");
    // 2 is FULL: the log is synced by each commit, not only by checkpoints.
    assert_eq!((synchronous, journal.as_str()), (2, "wal"));
}

#[tokio::test]
async fn who_waits_shares_the_commit_of_who_is_done() {
    let room = Room::new().await;
    let before = room.counts.stats();
    let first = room.begin().await;
    add(&first, "first").await.expect("a row");
    let others = ["a", "b", "c", "d", "e"].map(|name| room.visitor(name, true));
    settle().await;
    first.commit(nothing()).await.expect("a commit");
    for other in others {
        other.await.expect("no panic").expect("a commit");
    }
    let stats = room.counts.stats();
    assert_eq!((stats.commits - before.commits, stats.transactions - before.transactions), (1, 6));
    assert_eq!(room.names().await, ["a", "b", "c", "d", "e", "first"]);
}

#[tokio::test]
async fn a_queue_without_end_is_cut_into_groups() {
    let room = Room::new().await;
    let before = room.counts.stats().commits;
    let first = room.begin().await;
    let others: Vec<_> = (0..150)
        .map(|number| {
            let writer = room.writer.clone();
            tokio::spawn(async move {
                let tx = Transaction::new(writer.begin().await?);
                add(&tx, &number.to_string()).await?;
                tx.commit(nothing()).await
            })
        })
        .collect();
    settle().await;
    first.commit(nothing()).await.expect("a commit");
    for other in others {
        other.await.expect("no panic").expect("a commit");
    }
    assert_eq!(room.counts.stats().commits - before, 3, "of 151 at most 64 at a time");
    assert_eq!(room.names().await.len(), 150);
}

#[tokio::test]
async fn who_fails_or_leaves_takes_no_neighbour_along() {
    let room = Room::new().await;
    let first = room.begin().await;
    add(&first, "first").await.expect("a row");
    let fails = room.visitor("first", true);
    let leaves = room.visitor("left", false);
    let stays = room.visitor("stays", true);
    settle().await;
    first.commit(nothing()).await.expect("a commit");
    let refused = fails.await.expect("no panic").expect_err("the name is taken").to_string();
    assert!(refused.contains("UNIQUE constraint failed: things.name"), "{refused}");
    leaves.await.expect("no panic").expect("nothing");
    stays.await.expect("no panic").expect("a commit");
    assert_eq!(room.names().await, ["first", "stays"]);
}

#[tokio::test]
async fn who_is_done_is_not_forgotten_when_those_who_waited_leave() {
    let room = Room::new().await;
    for commits_of_the_last in [false, true] {
        let before = room.names().await.len();
        let first = room.begin().await;
        add(&first, if commits_of_the_last { "first" } else { "second" }).await.expect("a row");
        let leaves = room.visitor("left", false);
        // Goes away while it waits.
        let hangs_up = room.visitor("hung up", true);
        settle().await;
        if commits_of_the_last {
            hangs_up.abort();
        }
        first.commit(nothing()).await.expect("somebody commits");
        leaves.await.expect("no panic").expect("nothing");
        let _ = hangs_up.await;
        assert_eq!(room.names().await.len(), before + if commits_of_the_last { 1 } else { 2 });
    }
}

#[tokio::test]
async fn nobody_sees_what_is_not_on_the_disk() {
    let room = Room::new().await;
    let first = room.begin().await;
    add(&first, "first").await.expect("a row");
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let writer = room.writer.clone();
    let second = tokio::spawn(async move {
        let tx = Transaction::new(writer.begin().await?);
        add(&tx, "second").await?;
        let neighbour = tx.query_one_raw(plain("SELECT 1 AS it FROM things WHERE name = 'first'")).await?;
        assert!(neighbour.is_some(), "within a commit the later see the earlier");
        begun.send(()).expect("somebody listens");
        may_go.await.expect("a sign");
        tx.commit(nothing()).await
    });
    settle().await;
    let first = tokio::spawn(first.commit(nothing()));
    has_begun.await.expect("a sign");
    settle().await;
    assert!(!first.is_finished(), "it is not on the disk yet");
    assert_eq!(room.names().await, [""; 0]);
    go.send(()).expect("somebody listens");
    first.await.expect("no panic").expect("a commit");
    second.await.expect("no panic").expect("a commit");
    assert_eq!(room.names().await, ["first", "second"]);
}

#[tokio::test]
async fn when_a_commit_fails_everyone_in_it_is_told() {
    let room = Room::new().await;
    let first = room.begin().await;
    add(&first, "first").await.expect("a row");
    let writer = room.writer.clone();
    let breaks = tokio::spawn(async move {
        let tx = Transaction::new(writer.begin().await?);
        tx.execute_unprepared("INSERT INTO parts VALUES (1, 'nobody')").await?;
        tx.commit(nothing()).await
    });
    settle().await;
    first.commit(nothing()).await.expect_err("the commit fails");
    breaks.await.expect("no panic").expect_err("the commit fails");
    assert_eq!(room.names().await, [""; 0]);

    let next = room.begin().await;
    add(&next, "next").await.expect("a row");
    next.commit(nothing()).await.expect("the next commit is another");
    assert_eq!(room.names().await, ["next"]);
}

#[tokio::test]
async fn who_leaves_later_takes_nothing_from_what_was_seen_before() {
    let room = Room::new().await;
    let first = room.begin().await;
    add(&first, "first").await.expect("a row");
    let writer = room.writer.clone();
    let second = tokio::spawn(async move { writer.begin().await });
    settle().await;
    let first = tokio::spawn(first.commit(nothing()));
    let second = second.await.expect("no panic").expect("a turn");
    let mut settling = pin!(room.writer.settle());
    let waits = poll_fn(|context| Poll::Ready(settling.as_mut().poll(context).is_pending())).await;
    assert!(waits, "what the second saw is not on the disk");
    drop(second);
    first.await.expect("no panic").expect("a commit");
    drop(room.begin().await);
    settling.await.expect("it is on the disk now");
}

#[tokio::test]
async fn a_transaction_that_the_database_ended_does_nothing_more() {
    let room = Room::new().await;
    let first = room.begin().await;
    add(&first, "first").await.expect("a row");
    let writer = room.writer.clone();
    let second = tokio::spawn(async move {
        let tx = Transaction::new(writer.begin().await?);
        tx.execute_unprepared("INSERT OR ROLLBACK INTO things (name) VALUES ('first')").await.expect_err("taken");
        add(&tx, "outside").await.expect_err("the transaction is over");
        tx.commit(nothing()).await
    });
    settle().await;
    first.commit(nothing()).await.expect_err("what it wrote is gone");
    second.await.expect("no panic").expect_err("the transaction is over");
    assert_eq!(room.names().await, [""; 0]);
    room.begin().await.commit(nothing()).await.expect("a commit");
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing_and_frees_the_turn() {
    let room = Room::new().await;
    let tx = room.begin().await;
    add(&tx, "dropped").await.expect("a row");
    drop(tx);
    let reading = {
        let tx = room.begin().await;
        tokio::spawn(async move { tx.query_one_raw(plain(ENDLESS)).await.map(drop) })
    };
    settle().await;
    reading.abort();
    let _ = reading.await;
    room.begin().await.commit(nothing()).await.expect("a commit");
    assert_eq!(room.names().await, [""; 0]);
}

#[tokio::test]
async fn long_reads_stop_nobody_and_end_when_nobody_waits_for_them() {
    let room = Room::new().await;
    let endless: Vec<_> = (0..6)
        .map(|_| {
            let readers = room.readers.clone();
            tokio::spawn(async move { readers.query_one_raw(plain(ENDLESS)).await.map(drop) })
        })
        .collect();
    settle().await;
    assert_eq!(room.counts.stats().long_reads, 6);
    for _ in 0..100 {
        assert_eq!(room.names().await, [""; 0]);
    }
    let tx = room.begin().await;
    add(&tx, "written").await.expect("a row");
    tx.commit(nothing()).await.expect("a commit");
    assert_eq!(room.names().await, ["written"]);
    for task in &endless {
        assert!(!task.is_finished());
        task.abort();
    }
    for task in endless {
        let _ = task.await;
    }
    room.readers.close().await.expect("nobody reads any more");
}

#[tokio::test]
async fn a_read_that_takes_longer_has_all_the_time_it_needs() {
    let room = Room::new().await;
    let long =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT count(*) AS c FROM n";
    let row = room.readers.query_one_raw(plain(long)).await.expect("an answer").expect("a row");
    assert_eq!(row.try_get::<i64>("", "c").expect("a number"), 300_000);
    let tx = room.begin().await;
    let row = tx.query_one_raw(plain(long)).await.expect("an answer").expect("a row");
    assert_eq!(row.try_get::<i64>("", "c").expect("a number"), 300_000);
    let copies = format!("INSERT INTO parts SELECT i, NULL FROM ({}) RETURNING id", long.replace("count(*) AS c", "i"));
    assert_eq!(tx.query_all_raw(plain(&copies)).await.expect("what writes is never cut off").len(), 300_000);
    tx.commit(nothing()).await.expect("a commit");
    assert_eq!(room.counts.stats().long_reads, 1, "on the connection that writes none is counted");
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let room = Room::new().await;
    let tx = room.begin().await;
    let id = Uuid::from_u128(7);
    let values = [id.into(), "Ünï".into(), true.into(), i64::MIN.into(), vec![0_u8, 255].into()];
    let insert = "INSERT INTO things VALUES (?, ?, ?, ?, ?) RETURNING *";
    let insert = Statement::from_sql_and_values(DbBackend::Sqlite, insert, values);
    let returned = tx.query_one_raw(insert).await.expect("an insert").expect("a row");
    tx.commit(nothing()).await.expect("a commit");
    let read = room.readers.query_one_raw(plain("SELECT * FROM things")).await.expect("a read").expect("a row");
    for row in [returned, read] {
        assert_eq!(row.try_get::<Uuid>("", "id").expect("an id"), id);
        assert_eq!(row.try_get::<String>("", "name").expect("a text"), "Ünï");
        assert!(row.try_get::<bool>("", "good").expect("a truth"));
        assert_eq!(row.try_get::<i64>("", "size").expect("a number"), i64::MIN);
        assert_eq!(row.try_get::<Vec<u8>>("", "raw").expect("bytes"), [0, 255]);
    }
}

#[tokio::test]
async fn nothing_comes_back_as_nothing_whatever_its_type() {
    let room = Room::new().await;
    let tx = room.begin().await;
    let values = [Value::Uuid(None), Value::String(None), Value::Bool(None), Value::BigInt(None), Value::Bytes(None)];
    let insert = "INSERT INTO things VALUES (?, ?, ?, ?, ?)";
    let insert = Statement::from_sql_and_values(DbBackend::Sqlite, insert, values);
    assert_eq!(tx.execute_raw(insert).await.expect("an insert").rows_affected(), 1);
    let row = tx.query_one_raw(plain("SELECT *, max(size) AS most FROM things")).await.expect("a read").expect("a row");
    assert_eq!(row.try_get::<Option<Uuid>>("", "id").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<String>>("", "name").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<bool>>("", "good").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<i64>>("", "most").expect("nothing"), None);
    assert_eq!(row.try_get::<Option<Vec<u8>>>("", "raw").expect("nothing"), None);
    row.try_get::<i64>("", "size").expect_err("nothing is no number");
}

#[tokio::test]
async fn readers_cannot_write_and_nobody_uses_what_is_closed() {
    let room = Room::new().await;
    room.readers.execute_unprepared("DELETE FROM things").await.expect_err("it only reads");
    room.readers.close().await.expect("closed");
    room.writer.close().await.expect("closed");
    room.readers.query_one_raw(plain("SELECT 1")).await.expect_err("closed");
    room.writer.begin().await.expect_err("closed");
    room.writer.close().await.expect("closing twice does nothing");
}

#[tokio::test]
async fn words_can_be_searched() {
    let room = Room::new().await;
    let tx = room.begin().await;
    tx.execute_unprepared(
        "CREATE VIRTUAL TABLE words USING fts5(text, tokenize='unicode61 remove_diacritics 2');
         INSERT INTO words VALUES ('Crème brûlée')",
    )
    .await
    .expect("an index");
    let found = tx.query_all_raw(plain("SELECT text FROM words WHERE words MATCH 'brul*'")).await.expect("an answer");
    assert_eq!(found.len(), 1);
}

#[test]
fn all_pauses_together_take_as_long_as_patience_lasts() {
    assert_eq!(super::pauses().sum::<std::time::Duration>(), super::PATIENCE);
}

fn nothing() -> crate::store::After {
    Box::new(|| ())
}
