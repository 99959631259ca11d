//! What every change leaves behind: the audit trail, and the events that are told.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::DateTime;
use shopkeeper::domain::audit::{Agent, AuditEvent, AuditFilter};
use shopkeeper::domain::order::Status;
use shopkeeper::domain::page;
use shopkeeper::domain::session::ClientInfo;
use shopkeeper::service::{
    Applicant, By, Change, Denial, Error, Expected, Keep, ListRequest, NewApiKey, NewOrder, NewStockAdjustment,
    NewTransition, ProductPatch, Start, Subscriber, UserPatch,
};
use uuid::Uuid;

use crate::orders::Market;
use crate::{PASSWORD, new_user, open};

/// The whole trail, oldest event first.
async fn trail(market: &Market, filter: &AuditFilter) -> Vec<AuditEvent> {
    let (mut events, mut cursor) = (Vec::new(), String::new());
    loop {
        let request = ListRequest { limit: 100, start: Start::Cursor(cursor) };
        let part = market.shop().audit_events(&market.admin, filter, page::Order::Ascending, &request).await;
        let part = part.expect("a part");
        events.extend(part.items);
        match part.next_cursor {
            Some(next) => cursor = next,
            None => return events,
        }
    }
}

async fn actions(market: &Market, filter: AuditFilter) -> Vec<String> {
    let mut actions: Vec<_> = trail(market, &filter).await.into_iter().map(|it| it.action.into_owned()).collect();
    actions.sort();
    actions
}

#[tokio::test]
async fn the_trail_tells_who_did_what_on_which_thing_by_which_request() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let (shop, wish) = (market.shop(), market.wish(&[(0, 2)]));
    let placed = shop.place_order(By::new(&ada, "req-1"), ada.id(), wish, Keep::nothing()).await.expect("an order");
    let paid = NewTransition { to: Status::Paid, note: None };
    shop.take_step(By::new(&market.admin, "req-2"), placed.id, paid, Keep::nothing()).await.expect("a step");

    let one = |request_id: &str| AuditFilter { request_id: Some(request_id.to_owned()), ..AuditFilter::default() };
    let event = trail(&market, &one("req-1")).await.pop().expect("an event");
    assert_eq!((&*event.action, event.actor, event.actor_id), ("order.placed", Agent::User, Some(ada.id())));
    assert_eq!((&*event.resource, event.resource_id), ("order", placed.id));
    let told: HashMap<_, _> =
        event.changes.iter().map(|it| (&*it.member, (it.before.clone(), it.after.clone()))).collect();
    assert_eq!(told["status"], (None, Some("\"pending\"".to_owned())));
    assert_eq!(told["total"], (None, Some("{\"amount\":2000,\"currency\":\"EUR\"}".to_owned())));

    let event = trail(&market, &one("req-2")).await.pop().expect("an event");
    assert_eq!((&*event.action, event.actor, event.actor_id), ("order.paid", Agent::Staff, Some(market.admin.id())));
    assert_eq!(event.changes.len(), 1);
    assert_eq!(event.changes[0].before.as_deref(), Some("\"pending\""));
    assert_eq!(event.changes[0].after.as_deref(), Some("\"paid\""));
}

#[tokio::test]
async fn every_kind_of_change_is_in_the_trail() {
    let market = Market::open(&[5, 5]).await;
    let ada = market.room.person("ada").await;
    let (shop, any, admin) = (market.shop(), Expected::Any, &market.admin);
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let item = market.add(&ada, &order, market.some(1, 1)).await.expect("an item");
    shop.set_order_item(&ada, order.id, item.id, 2, &any).await.expect("a change");
    shop.remove_order_item(&ada, order.id, item.id, &any).await.expect("removed");
    shop.update_order(&ada, order.id, Change::Set("x".to_owned()), &any).await.expect("a change");
    shop.cancel_order(&ada, order.id, &any).await.expect("cancelled");
    let refill = NewStockAdjustment { delta: 1, reason: "found".to_owned() };
    shop.adjust_stock(admin, market.products[0].id, refill, Keep::nothing()).await.expect("adjusted");
    let renamed = ProductPatch { name: Some("Other".to_owned()), ..ProductPatch::default() };
    shop.update_product(admin, market.products[0].id, renamed, &any).await.expect("a change");
    shop.delete_product(admin, market.products[0].id, &any).await.expect("archived");
    let scopes = vec!["account:read".to_owned()];
    let key = NewApiKey { name: "bot".to_owned(), scopes, expires_at: None };
    let key = shop.create_api_key(&ada, key, Keep::nothing()).await.expect("a key");
    shop.delete_api_key(&ada, key.key.id).await.expect("deleted");
    shop.change_password(&ada, &ClientInfo::default(), PASSWORD.into(), "Better4Pass".into()).await.expect("changed");
    shop.log_out(&ada).await.expect("signed out");
    shop.delete_user(&ada, ada.id(), &any).await.expect("deleted");

    let expected = [
        "api_key.created",
        "api_key.deleted",
        "category.created",
        "order.cancelled",
        "order.item_added",
        "order.item_changed",
        "order.item_removed",
        "order.placed",
        "order.updated",
        "product.archived",
        "product.created",
        "product.created",
        "product.updated",
        "session.ended",
        "stock.adjusted",
        "user.created",
        "user.created",
        "user.deleted",
        "user.password_changed",
    ];
    assert_eq!(actions(&market, AuditFilter::default()).await, expected);
}

#[tokio::test]
async fn neither_secrets_nor_anything_personal_is_in_the_trail() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let renamed = UserPatch { full_name: Change::Set("Augusta King".to_owned()), ..UserPatch::default() };
    market.shop().update_user(&ada, ada.id(), renamed, &Expected::Any).await.expect("a change");
    let note = Some("ring at the Kings'".to_owned());
    let wish = NewOrder { note, ..market.wish(&[(0, 1)]) };
    market.shop().place_order(&ada, ada.id(), wish, Keep::nothing()).await.expect("an order");
    let told = format!("{:?}", trail(&market, &AuditFilter::default()).await);
    for secret in ["ada@example.com", "\\\"ada\\\"", "Augusta", "Kings", PASSWORD] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    assert!(told.contains("[masked]"));
}

#[tokio::test]
async fn the_trail_is_filtered_and_read_by_who_may() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let none = AuditFilter::default;
    let found = async |filter| trail(&market, &filter).await.len();
    assert_eq!(found(AuditFilter { actor_id: Some(ada.id()), ..none() }).await, 1);
    assert_eq!(found(AuditFilter { resource: Some("order".to_owned()), ..none() }).await, 1);
    assert_eq!(found(AuditFilter { resource_id: Some(order.id), ..none() }).await, 1);
    assert_eq!(found(AuditFilter { action: Some("user.created".to_owned()), ..none() }).await, 2);
    assert_eq!(found(AuditFilter { resource_id: Some(Uuid::nil()), ..none() }).await, 0);
    let now = market.room.clock.now();
    assert_eq!(found(AuditFilter { created_after: Some(now), ..none() }).await, 0);
    assert_eq!(found(AuditFilter { created_before: Some(DateTime::UNIX_EPOCH), ..none() }).await, 0);
    let request = ListRequest { limit: 1, start: Start::Page(1) };
    let denied = market.shop().audit_events(&ada, &none(), page::Order::Ascending, &request).await;
    assert!(matches!(denied, Err(Error::Denied(Denial::Scope))));
    assert!(matches!(market.shop().overview(&ada).await, Err(Error::Denied(Denial::Scope))));
}

#[tokio::test]
async fn who_registers_is_nobody_yet_and_the_first_account_is_the_shops_own_act() {
    let market = Market::open(&[]).await;
    let by = Applicant::new(None, Some("req-1"));
    let eve = market.shop().register(by, new_user("eve"), Keep::nothing()).await.expect("an account");
    let made = AuditFilter { action: Some("user.created".to_owned()), ..AuditFilter::default() };
    let events = trail(&market, &made).await;
    let of = |id: Uuid| events.iter().find(|it| it.resource_id == id).expect("an event");
    assert_eq!((of(eve.id).actor, of(eve.id).actor_id), (Agent::Anonymous, None));
    assert_eq!(of(eve.id).request_id.as_deref(), Some("req-1"));
    assert_eq!((of(market.admin.id()).actor, &of(market.admin.id()).request_id), (Agent::System, &None));
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let market = Market::open(&[0]).await;
    let ada = market.room.person("ada").await;
    let before = trail(&market, &AuditFilter::default()).await.len();
    assert!(market.place(&ada, &[(0, 1)]).await.is_err());
    assert_eq!(trail(&market, &AuditFilter::default()).await.len(), before);
}

/// Hears everything, but for what it does not like.
#[derive(Default)]
struct Listener {
    heard: Mutex<Vec<AuditEvent>>,
    dislikes: Mutex<Option<Uuid>>,
}

impl Subscriber for Listener {
    fn hear(&self, event: &AuditEvent) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if *self.dislikes.lock().expect("a lock") == Some(event.resource_id) {
            return Err("not now".into());
        }
        self.heard.lock().expect("a lock").push(event.clone());
        Ok(())
    }
}

impl Listener {
    fn actions_on(&self, id: Uuid) -> Vec<String> {
        let heard = self.heard.lock().expect("a lock");
        heard.iter().filter(|event| event.resource_id == id).map(|event| event.action.to_string()).collect()
    }
}

#[tokio::test]
async fn events_are_told_in_the_order_in_which_they_happened_and_then_no_more() {
    let market = Market::open(&[500]).await;
    let (ada, listener) = (market.room.person("ada").await, Listener::default());
    let mut orders = Vec::new();
    for _ in 0..120 {
        let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
        market.step(&market.admin, &order, Status::Paid).await.expect("a step");
        market.step(&market.admin, &order, Status::Shipped).await.expect("a step");
        orders.push(order.id);
    }
    // Whoever comes after a restart tells what was left.
    let reopened = open(&market.room.folder, &market.room.clock, shopkeeper::service::Options::default()).await;
    assert_eq!(reopened.tell_all(&listener).await.expect("told"), 120 * 3 + 4);
    for id in orders {
        assert_eq!(listener.actions_on(id), ["order.placed", "order.paid", "order.shipped"]);
    }
    assert_eq!(reopened.told().counts()["order.paid"], 120);
    assert_eq!(market.shop().tell_all(&listener).await.expect("told"), 0);
    assert_eq!(trail(&market, &AuditFilter::default()).await.len(), 364, "the trail stays");
}

#[tokio::test]
async fn an_event_that_is_not_taken_comes_again_and_holds_up_its_own_thing_only() {
    let market = Market::open(&[500]).await;
    let (ada, listener) = (market.room.person("ada").await, Listener::default());
    let (one, other) = (market.place(&ada, &[(0, 1)]).await, market.place(&ada, &[(0, 1)]).await);
    let (one, other) = (one.expect("an order"), other.expect("an order"));
    market.step(&market.admin, &one, Status::Paid).await.expect("a step");
    market.step(&market.admin, &other, Status::Paid).await.expect("a step");
    *listener.dislikes.lock().expect("a lock") = Some(one.id);
    market.shop().tell_all(&listener).await.expect("told");
    assert_eq!(listener.actions_on(one.id), Vec::<String>::new());
    assert_eq!(listener.actions_on(other.id), ["order.placed", "order.paid"]);
    *listener.dislikes.lock().expect("a lock") = None;
    assert_eq!(market.shop().tell_all(&listener).await.expect("told"), 2);
    assert_eq!(listener.actions_on(one.id), ["order.placed", "order.paid"]);
}

#[tokio::test]
async fn however_much_is_not_taken_of_one_thing_others_are_told() {
    let market = Market::open(&[500]).await;
    let (ada, listener) = (market.room.person("ada").await, Listener::default());
    let stuck = market.place(&ada, &[(0, 1)]).await.expect("an order").id;
    for number in 0..450 {
        let note = Change::Set(number.to_string());
        market.shop().update_order(&ada, stuck, note, &Expected::Any).await.expect("a change");
    }
    let other = market.place(&ada, &[(0, 1)]).await.expect("an order").id;
    *listener.dislikes.lock().expect("a lock") = Some(stuck);
    market.shop().tell_all(&listener).await.expect("told");
    assert_eq!(listener.actions_on(other), ["order.placed"]);
    *listener.dislikes.lock().expect("a lock") = None;
    assert_eq!(market.shop().tell_all(&listener).await.expect("told"), 451);
    assert_eq!(listener.actions_on(stuck).len(), 451);
}

/// Is so slow to hear that another instance tells everything meanwhile, and something new happens.
struct Slow<'m> {
    market: &'m Market,
    other: shopkeeper::service::Shop,
    heard: Listener,
    ada: std::sync::Arc<shopkeeper::service::Caller>,
}

impl Subscriber for Slow<'_> {
    fn hear(&self, event: &AuditEvent) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let meanwhile = async {
            // Where one instance tells at a time, the other one can only do something new.
            let told = self.other.tell_all(&self.heard).await?;
            if told > 0 || self.market.shop().store().is_shared() {
                self.market.place(&self.ada, &[(0, 1)]).await?;
            }
            Ok::<_, Error>(())
        };
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(meanwhile))?;
        self.heard.hear(event)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_instances_neither_strikes_off_what_nobody_has_told() {
    let market = Market::open(&[5]).await;
    let ada = market.room.person("ada").await;
    let other = open(&market.room.folder, &market.room.clock, shopkeeper::service::Options::default()).await;
    let slow = Slow { market: &market, other, heard: Listener::default(), ada };
    market.shop().tell_all(&slow).await.expect("told");
    market.shop().tell_all(&slow.heard).await.expect("told");
    let orders = market.orders().await;
    assert!(!orders.is_empty());
    for order in orders {
        assert!(!slow.heard.actions_on(order.id).is_empty(), "at least once");
    }
}

#[tokio::test]
async fn whoever_listens_is_woken_by_what_is_done() {
    let market = Market::open(&[5]).await;
    let (ada, listener) = (market.room.person("ada").await, Listener::default());
    let order = market.place(&ada, &[(0, 1)]).await.expect("an order");
    let heard = async {
        while listener.actions_on(order.id).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    let told = async {
        tokio::select! {
            () = market.shop().tell(&listener) => {}
            () = heard => {}
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), told).await.expect("it is told before long");
}
