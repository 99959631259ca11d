//! Several writers of one thing: `If-Match` sees to it that nobody undoes what they have not seen.

use crate::support::call::Call;
use crate::support::shelf::{Shelf, Thing, euro};
use crate::support::{Answer, Caller};
use serde_json::{Value, json};

/// Something with a state, and how to change it.
struct Subject {
    path: String,
    patch: Value,
    put: Value,
}

async fn subjects(shelf: &Shelf) -> Vec<Subject> {
    let number = shelf.number();
    let category = shelf.add_category("Spare", &format!("spare-{number}")).await;
    let product = shelf.add_any().await;
    let user = shelf.shop.register_only(&format!("subject_{number}")).await;
    vec![
        Subject {
            path: category.path,
            patch: json!({"name": "Patched"}),
            put: json!({"name": "Put", "slug": format!("put-{number}")}),
        },
        Subject {
            path: product.path,
            patch: json!({"price": euro(7)}),
            put: shelf.whole_product(json!({"name": "Put", "stock": 3})),
        },
        Subject {
            path: format!("/users/{}", user.id),
            patch: json!({"full_name": "Patched"}),
            put: json!({"email": user.email, "username": user.username, "full_name": "Put"}),
        },
    ]
}

impl Subject {
    async fn tag(&self, caller: &Caller) -> String {
        caller.get(&self.path).await.expect_status(200).header("etag").to_owned()
    }

    /// Every way to change it.
    fn changes(&self, caller: &Caller) -> Vec<Call> {
        vec![caller.patch(&self.path, &self.patch), caller.put(&self.path, &self.put), caller.delete(&self.path)]
    }
}

#[tokio::test]
async fn whoever_has_seen_the_present_state_may_change_it() {
    let shelf = Shelf::set().await;
    for way in 0..3 {
        for subject in subjects(&shelf).await {
            let tag = subject.tag(&shelf.admin).await;
            let answer = subject.changes(&shelf.admin).swap_remove(way).header("if-match", &tag).await;
            assert!(matches!(answer.status, 200 | 204), "{answer}");
            if answer.status == 200 {
                assert_ne!(answer.header("etag"), tag);
                assert_eq!(answer.header("etag"), subject.tag(&shelf.admin).await);
            }
        }
    }
}

#[tokio::test]
async fn whoever_has_not_is_told_the_present_state_and_changes_nothing() {
    let shelf = Shelf::set().await;
    let elsewhere = shelf.add_any().await;
    for subject in subjects(&shelf).await {
        let stale = subject.tag(&shelf.admin).await;
        shelf.admin.patch(&subject.path, &subject.patch).await.expect_status(200);
        let before = shelf.admin.get(&subject.path).await;
        let tag = before.header("etag").to_owned();
        let bare = tag.trim_matches('"');
        for sent in [
            stale.clone(),
            format!("W/{tag}"),
            bare.to_owned(),
            format!("\"{bare}-deflate\""),
            format!("\"{bare}x\""),
            format!("{stale}, \"x\""),
            // The state of another thing, even if it is as young.
            elsewhere.tag.clone(),
        ] {
            for call in subject.changes(&shelf.admin) {
                let refused = call.header("if-match", &sent).await.expect_problem(412, "precondition_failed");
                let told = refused.header("etag");
                assert_eq!(told, tag, "{refused}");
            }
        }
        let after = shelf.admin.get(&subject.path).await;
        assert_eq!((after.json(), after.header("etag")), (before.json(), &*tag));
        // What was told is good for the next try.
        shelf.admin.patch(&subject.path, &json!({})).header("if-match", &tag).await.expect_status(200);
    }
}

/// All calls at once; the answers in no order.
async fn together(calls: Vec<Call>) -> Vec<Answer> {
    let mut running = tokio::task::JoinSet::new();
    for call in calls {
        running.spawn(call.into_future());
    }
    running.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn of_writers_who_have_seen_the_same_state_exactly_one_wins() {
    let shelf = Shelf::set().await;
    for round in 0..6 {
        for subject in subjects(&shelf).await {
            let tag = subject.tag(&shelf.admin).await;
            let mut calls: Vec<Call> = subject.changes(&shelf.admin);
            calls.extend(subject.changes(&shelf.admin));
            calls.rotate_left(round);
            let calls = calls.into_iter().map(|call| call.header("if-match", &tag)).collect();
            let answers = together(calls).await;
            let won = answers.iter().filter(|answer| matches!(answer.status, 200 | 204)).count();
            assert_eq!(won, 1, "{answers:#?}");
            // The others are late: the state is another, or the thing is gone.
            let late = answers.iter().filter(|answer| matches!(answer.status, 412 | 404)).count();
            assert_eq!(won + late, answers.len(), "{answers:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn every_change_is_made_once_when_all_try_until_they_succeed() {
    let shelf = Shelf::set().await;
    let product = shelf.add(json!({"price": euro(0)})).await;
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (admin, path) = (shelf.admin.clone(), product.path.clone());
        running.spawn(async move {
            for _ in 0..3 {
                add_one(&admin, &path).await;
            }
        });
    }
    running.join_all().await;
    // Each read, added one and wrote what they had read plus one; none was lost.
    assert_eq!(shelf.visitor.get(&product.path).await.at("/price/amount"), 24);
}

async fn add_one(admin: &Caller, path: &str) {
    let mut refused = String::new();
    // Each round somebody succeeds, so nobody needs more rounds than there are changes.
    for _ in 0..24 {
        let read = admin.get(path).await.expect_status(200);
        // Whoever is told of a newer state must be able to see it.
        assert_ne!(read.header("etag"), refused, "the state for which a change was refused is not there to be read");
        let amount = read.at("/price/amount").as_i64().expect("an amount");
        let call = admin.patch(path, &json!({"price": euro(amount + 1)})).header("if-match", read.header("etag"));
        match call.await {
            answer if answer.status == 200 => return,
            answer => _ = answer.expect_problem(412, "precondition_failed"),
        }
        read.header("etag").clone_into(&mut refused);
    }
    panic!("others were faster too often");
}

#[tokio::test]
async fn a_star_means_whatever_there_is() {
    let shelf = Shelf::set().await;
    for subject in subjects(&shelf).await {
        for call in subject.changes(&shelf.admin) {
            let answer = call.header("if-match", "*").await;
            assert!(matches!(answer.status, 200 | 204), "{answer}");
        }
        for call in subject.changes(&shelf.admin) {
            let answer = call.header("if-match", "*").await;
            assert!(matches!(answer.status, 404 | 412), "{answer}");
        }
    }
}

#[tokio::test]
async fn permission_and_validity_come_before_the_condition() {
    let shelf = Shelf::set().await;
    let ada = shelf.shop.register("ada").await;
    let product: Thing = shelf.add_any().await;
    let change = |caller: &Caller, body: Value| caller.patch(&product.path, &body).header("if-match", "\"x\"");
    change(&ada, json!({"name": "X"})).await.expect_problem(403, "insufficient_scope");
    change(&shelf.visitor, json!({"name": "X"})).await.expect_problem(401, "unauthenticated");
    change(&shelf.admin, json!({"name": 1})).await.expect_problem(422, "validation_failed");
}
