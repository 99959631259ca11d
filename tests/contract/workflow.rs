//! Every step of an order, from every state, by everybody: computed from `x-workflow` as the document has it.

use crate::stage::Stage;
use crate::support::document::DOCUMENT;
use crate::support::{Answer, Caller};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The workflow of orders.
struct Flow(&'static Value);

struct Step {
    name: &'static str,
    from: Vec<&'static str>,
    to: &'static str,
    scopes: Vec<&'static str>,
    stock: &'static str,
}

fn texts(node: &'static Value) -> Vec<&'static str> {
    node.as_array().expect("a list").iter().map(text).collect()
}

fn text(node: &'static Value) -> &'static str {
    node.as_str().expect("a text")
}

impl Flow {
    fn of_orders() -> Self {
        let flow = &DOCUMENT.root["components"]["schemas"]["Order"]["x-workflow"];
        assert!(flow.is_object(), "orders have no workflow");
        Self(flow)
    }

    fn initial(&self) -> &'static str {
        text(&self.0["initial"])
    }

    fn states(&self) -> Vec<&'static str> {
        texts(&DOCUMENT.root["components"]["schemas"][text(&self.0["states"])]["enum"])
    }

    fn steps(&self) -> Vec<Step> {
        let step = |node: &'static Value| Step {
            name: text(&node["name"]),
            from: texts(&node["from"]),
            to: text(&node["to"]),
            scopes: texts(&node["scopes"]),
            stock: text(&node["stock"]),
        };
        self.0["steps"].as_array().expect("steps").iter().map(step).collect()
    }

    fn step(&self, from: &str, to: &str) -> Option<Step> {
        self.steps().into_iter().find(|step| step.to == to && step.from.contains(&from))
    }

    /// Where these scopes can take an order from a state.
    fn allowed(&self, from: &str, scopes: &[&str]) -> BTreeSet<String> {
        let can = |step: &Step| step.from.contains(&from) && step.scopes.iter().any(|scope| scopes.contains(scope));
        self.steps().iter().filter(|step| can(step)).map(|step| step.to.to_owned()).collect()
    }

    /// The states on the shortest way to one, without the first.
    fn way_to(&self, goal: &str) -> Vec<&'static str> {
        let mut ways: Vec<Vec<&'static str>> = vec![vec![self.initial()]];
        let mut seen = BTreeSet::from([self.initial()]);
        let mut next = 0;
        while let Some(way) = ways.get(next).cloned() {
            let here = *way.last().expect("a state");
            if here == goal {
                return way[1..].to_vec();
            }
            let ahead = self.steps().into_iter().filter(|step| step.from.contains(&here) && seen.insert(step.to));
            ways.extend(ahead.map(|step| [way.as_slice(), &[step.to]].concat()));
            next += 1;
        }
        panic!("no way leads to {goal}");
    }
}

/// Pieces that a step moves, by what the document says of it.
fn moved(stock: &str, pieces: i64) -> i64 {
    match stock {
        "take" => -pieces,
        "put_back" => pieces,
        "none" => 0,
        other => panic!("the tests do not know what {other} does to the stock"),
    }
}

/// An order and what became of its stock.
struct Placed {
    path: String,
    product: String,
}

/// Of the one product that each of these orders has.
const PIECES: i64 = 2;

/// Places an order of one product and takes it to a state, by an administrator who may do all of it.
async fn order_in(stage: &Stage, flow: &Flow, buyer: &Caller, state: &str) -> Placed {
    let wanted = stage.wanted(PIECES.try_into().expect("few")).await;
    let product = format!("/products/{}", wanted["product_id"].as_str().expect("an id"));
    let placed = buyer.post("/orders", &json!({"items": [wanted]})).await.expect_status(201);
    let path = format!("/orders/{}", placed.string("/id"));
    for to in flow.way_to(state) {
        take(&stage.admin, &path, to).await.expect_status(201);
    }
    Placed { path, product }
}

async fn take(caller: &Caller, order: &str, to: &str) -> Answer {
    caller.post(&format!("{order}/transitions"), &json!({"to": to})).await
}

async fn stock(stage: &Stage, product: &str) -> i64 {
    stage.admin.get(product).await.expect_status(200).at("/stock").as_i64().expect("a stock")
}

fn set(answer: &Answer, pointer: &str) -> BTreeSet<String> {
    let listed = answer.at(pointer);
    let listed = listed.as_array().unwrap_or_else(|| panic!("no list at {pointer}: {answer}"));
    let unique: BTreeSet<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    assert_eq!(unique.len(), listed.len(), "{answer}");
    unique
}

/// Tries every step from a state. `scopes` are those of the caller, who reaches the order.
async fn try_every_step(stage: &Stage, flow: &Flow, buyer: &Caller, caller: &Caller, scopes: &[&str]) {
    for state in flow.states() {
        let allowed = flow.allowed(state, scopes);
        let order = order_in(stage, flow, buyer, state).await;
        let before = caller.get(&order.path).await.expect_status(200);
        assert_eq!(before.string("/status"), state);
        assert_eq!(set(&before, "/allowed_transitions"), allowed, "in {state}: {before}");
        let in_stock = stock(stage, &order.product).await;
        for to in flow.states().into_iter().filter(|to| !allowed.contains(*to)) {
            let refused = take(caller, &order.path, to).await.expect_problem(409, "invalid_transition");
            assert_eq!(set(&refused, "/allowed"), allowed, "from {state} to {to}: {refused}");
        }
        let after = caller.get(&order.path).await.expect_status(200);
        assert_eq!((after.json(), after.header("etag")), (before.json(), before.header("etag")));
        assert_eq!(stock(stage, &order.product).await, in_stock, "a refused step moved stock");
        for to in allowed {
            take_and_look(stage, flow, buyer, caller, (state, &to)).await;
        }
    }
}

/// Takes a step of a new order, and looks at everything that it leaves behind.
async fn take_and_look(stage: &Stage, flow: &Flow, buyer: &Caller, caller: &Caller, (from, to): (&str, &str)) {
    let step = flow.step(from, to).expect("a step");
    let order = order_in(stage, flow, buyer, from).await;
    let in_stock = stock(stage, &order.product).await;
    // The history tells steps apart by their time.
    stage.shop.advance_seconds(1);
    let taken = take(caller, &order.path, to).await.expect_status(201);
    let actor = if buyer.id() == caller.id() { "user" } else { "staff" };
    for (member, value) in [("from", from), ("to", to), ("actor", actor), ("actor_id", caller.id())] {
        assert_eq!(taken.at(&format!("/{member}")), value, "{}: {taken}", step.name);
    }
    let after = stage.admin.get(&order.path).await.expect_status(200);
    assert_eq!(after.string("/status"), to, "{}", step.name);
    let now = stock(stage, &order.product).await;
    assert_eq!(now - in_stock, moved(step.stock, PIECES), "{} from {from}", step.name);
    let history = stage.admin.get(&format!("{}/transitions?order=desc&limit=1", order.path)).await.expect_status(200);
    assert_eq!(history.at("/data/0"), taken.json(), "{}", step.name);
}

#[tokio::test]
async fn owners_take_exactly_the_steps_that_the_document_lets_them_take() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    try_every_step(&stage, &flow, &stage.user, &stage.user, &DOCUMENT.role_scopes("user")).await;
}

#[tokio::test]
async fn moderators_take_exactly_the_steps_that_the_document_lets_them_take() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    try_every_step(&stage, &flow, &stage.user, &stage.moderator, &DOCUMENT.role_scopes("moderator")).await;
}

#[tokio::test]
async fn admins_take_exactly_the_steps_that_the_document_lets_them_take() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    try_every_step(&stage, &flow, &stage.user, &stage.admin, &DOCUMENT.role_scopes("admin")).await;
}

#[tokio::test]
async fn staff_whose_session_has_no_staff_scope_take_the_steps_of_a_buyer() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    let scopes = DOCUMENT.role_scopes("user");
    let narrowed = stage.moderator.narrowed(&scopes).await;
    try_every_step(&stage, &flow, &stage.moderator, &narrowed, &scopes).await;
}

#[tokio::test]
async fn others_see_no_step_from_any_state() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    for state in flow.states() {
        let order = order_in(&stage, &flow, &stage.user, state).await;
        for to in flow.states() {
            take(&stage.stranger, &order.path, to).await.expect_problem(404, "not_found");
        }
        assert_eq!(stage.user.get(&order.path).await.string("/status"), state);
    }
}

#[tokio::test]
async fn placing_does_to_the_stock_what_the_document_says() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    let wanted = stage.wanted(PIECES.try_into().expect("few")).await;
    let product = format!("/products/{}", wanted["product_id"].as_str().expect("an id"));
    let before = stock(&stage, &product).await;
    let placed = stage.user.post("/orders", &json!({"items": [wanted]})).await.expect_status(201);
    assert_eq!(placed.string("/status"), flow.initial());
    assert_eq!(stock(&stage, &product).await - before, moved(text(&flow.0["placing"]), PIECES));
    let history = stage.user.get(&format!("/orders/{}/transitions", placed.string("/id"))).await.expect_status(200);
    assert_eq!(history.data().len(), 1);
    assert_eq!((history.at("/data/0/from"), history.at("/data/0/to")), (Value::Null, flow.initial().into()));
}

#[tokio::test]
async fn deleting_an_order_cancels_it_while_it_is_in_its_first_state_only() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    for state in flow.states() {
        for caller in [&stage.user, &stage.moderator] {
            let order = order_in(&stage, &flow, &stage.user, state).await;
            let before = stock(&stage, &order.product).await;
            let answer = caller.delete(&order.path).await;
            if state == flow.initial() {
                answer.expect_status(204);
                assert_eq!(stage.user.get(&order.path).await.string("/status"), "cancelled");
                assert_eq!(stock(&stage, &order.product).await - before, PIECES);
            } else {
                let answer = answer.expect_problem(409, "invalid_transition");
                let role = if caller.id() == stage.user.id() { "user" } else { "moderator" };
                assert_eq!(set(&answer, "/allowed"), flow.allowed(state, &DOCUMENT.role_scopes(role)), "{answer}");
                assert_eq!(stock(&stage, &order.product).await, before);
            }
        }
    }
}

#[tokio::test]
async fn items_change_in_the_first_state_only() {
    let (stage, flow) = (Stage::set().await, Flow::of_orders());
    for state in flow.states() {
        for caller in [&stage.user, &stage.admin] {
            let order = order_in(&stage, &flow, &stage.user, state).await;
            let before = stage.user.get(&order.path).await.expect_status(200);
            let item = format!("{}/items/{}", order.path, before.string("/items/0/id"));
            let answers = [
                (caller.post(&format!("{}/items", order.path), &stage.wanted(1).await).await, 201),
                (caller.put(&item, &json!({"quantity": 1})).await, 200),
                (caller.delete(&item).await, 204),
            ];
            for (answer, success) in answers {
                if state == flow.initial() {
                    answer.expect_status(success);
                } else {
                    answer.expect_problem(409, "order_not_pending");
                }
            }
            let after = stage.user.get(&order.path).await.expect_status(200);
            assert_eq!(after.json() == before.json(), state != flow.initial(), "{after}");
        }
    }
}

#[test]
fn the_table_is_the_document_s() {
    let (flow, table) = (Flow::of_orders(), generated::workflow::ORDER_WORKFLOW);
    assert_eq!((table.initial, table.states), (flow.initial(), flow.states().as_slice()));
    assert_eq!(table.steps.len(), flow.steps().len());
    let stock = |stock: contract::workflow::Stock| match stock {
        contract::workflow::Stock::Take => "take",
        contract::workflow::Stock::PutBack => "put_back",
        contract::workflow::Stock::None => "none",
    };
    assert_eq!(stock(table.placing), text(&flow.0["placing"]));
    for (made, step) in table.steps.iter().zip(flow.steps()) {
        assert_eq!((made.name, made.to, stock(made.stock)), (step.name, step.to, step.stock));
        assert_eq!((made.from, made.scopes), (step.from.as_slice(), step.scopes.as_slice()));
    }
}

#[test]
fn who_reads_of_the_steps_sees_them_drawn() {
    let description = DOCUMENT.op("createOrderTransition").node()["description"].as_str().expect("a description");
    for step in Flow::of_orders().steps() {
        let drawn = description.matches(&format!(" {} ─▶ {}", step.name, step.to)).count();
        assert_eq!(drawn, step.from.len(), "{} in\n{description}", step.name);
    }
}
