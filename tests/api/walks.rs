//! Long walks by cursor through rows that no sort can tell apart, while others come and go around them.

use crate::support::shelf::Shelf;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const ROWS: usize = 2_000;

/// Adds products that are equal in every sort, eight at a time. Returns their ids.
async fn add_twins(shelf: &Shelf, count: usize) -> Vec<String> {
    let mut running = tokio::task::JoinSet::new();
    for share in 0..8 {
        let shelf = shelf.clone();
        running.spawn(async move {
            let mut ids = Vec::new();
            for _ in (share..count).step_by(8) {
                ids.push(shelf.add(json!({"name": "Twin"})).await.id);
            }
            ids
        });
    }
    running.join_all().await.concat()
}

/// Removes these and adds as many, until there are none left or it is told to stop.
fn stir(shelf: &Shelf, goes: Vec<String>, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<usize> {
    let (shelf, stop) = (shelf.clone(), Arc::clone(stop));
    tokio::spawn(async move {
        let mut gone = 0;
        for id in goes {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            shelf.add(json!({"name": "Twin"})).await;
            shelf.admin.delete(&format!("/products/{id}")).await.expect_status(204);
            gone += 1;
        }
        gone
    })
}

/// The ids of all parts from here on, and the way back from the last of them.
async fn walk(shelf: &Shelf, query: &str, from: &str, direction: &str) -> (Vec<String>, Value) {
    let (mut seen, mut back) = (Vec::new(), Value::Null);
    let mut cursor = Value::from(from);
    let opposite = if direction == "next" { "prev" } else { "next" };
    while let Some(at) = cursor.as_str().map(str::to_owned) {
        let call = shelf.visitor.get(&format!("/products?{query}&fields=id")).query("cursor", &at);
        let part = call.await.expect_status(200);
        let mut ids = part.column("id");
        if direction == "prev" {
            ids.reverse();
        }
        seen.extend(ids);
        cursor = part.at(&format!("/pagination/{direction}_cursor"));
        back = part.at(&format!("/pagination/{opposite}_cursor"));
    }
    (seen, back)
}

#[track_caller]
fn expect_each_once(seen: &[String], stays: &[String], what: &str) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for id in seen {
        *times.entry(id).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{what}: seen again: {twice:?}");
    let missed: Vec<_> = stays.iter().filter(|id| !times.contains_key(id.as_str())).collect();
    assert!(missed.is_empty(), "{what}: {} never seen, such as {:?}", missed.len(), missed.first());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_walk_sees_every_row_that_stays_exactly_once() {
    let shelf = Shelf::set().await;
    let all = add_twins(&shelf, ROWS).await;
    // Every third of them will go, in an order that has nothing to do with the walk's.
    let (goes, stays): (Vec<_>, Vec<_>) = all.into_iter().enumerate().partition(|(at, _)| at % 3 == 0);
    let [mut goes, stays] = [goes, stays].map(|ids| ids.into_iter().map(|(_, id)| id).collect::<Vec<_>>());
    for query in ["sort=price&order=asc&limit=100", "sort=name&limit=61", "sort=created_at&order=asc&limit=100"] {
        let stop = Arc::new(AtomicBool::new(false));
        let now = goes.split_off(goes.len().saturating_sub(200));
        let stirrer = stir(&shelf, now, &stop);
        let (seen, back) = walk(&shelf, query, "", "next").await;
        expect_each_once(&seen, &stays, query);
        let back = back.as_str().expect("a way back").to_owned();
        let (seen_back, _) = walk(&shelf, query, &back, "prev").await;
        stop.store(true, Ordering::Relaxed);
        assert!(stirrer.await.expect("a stirrer") > 0, "nothing happened around the walk");
        // The last part is where the way back began.
        let last = seen.len() - seen.len().min(100);
        let mut both = seen_back.clone();
        both.extend(seen[last..].iter().filter(|id| !seen_back.contains(*id)).cloned());
        expect_each_once(&both, &stays, &format!("back through {query}"));
        // Who stays keeps its place: both ways agree on the order.
        let mut order: Vec<_> = seen_back.iter().filter(|id| stays.contains(*id)).collect();
        order.reverse();
        let forth: Vec<_> = seen.iter().filter(|id| stays.contains(*id)).take(order.len()).collect();
        assert_eq!(order, forth, "{query}");
    }
}
