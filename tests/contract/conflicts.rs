//! Every way in which a request can contradict what there is: each code of each 409 is really answered.

use crate::repeats;
use crate::stage::{Scene, Stage, method, operations, with_body};
use crate::support::document::Op;
use crate::support::{Answer, Shop};
use serde_json::{Value, json};

/// More than any product of the stage has.
const TOO_MANY: u32 = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn every_documented_conflict_is_produced() {
    let stage = Stage::set().await;
    let mut missing = Vec::new();
    for op in operations() {
        for code in op.codes(409) {
            let scene = stage.fresh_scene(op).await;
            match provoke(&stage, &scene, code).await {
                Some(answer) if answer.status == 409 && answer.code() == code => {}
                Some(answer) => missing.push(format!("{} {code}: the recipe gave {answer}", op.name())),
                None => missing.push(format!("{} {code}: there is no recipe", op.name())),
            }
        }
    }
    assert!(missing.is_empty(), "{} documented conflicts are not produced:\n{}", missing.len(), missing.join("\n"));
}

/// The recipes.
pub async fn provoke(stage: &Stage, scene: &Scene, code: &str) -> Option<Answer> {
    let answer = match code {
        "conflict" => without_administrator(scene.op).await,
        "email_taken" => with(scene, json!({"email": stage.stranger.email()})).await,
        "username_taken" => with(scene, json!({"username": stage.stranger.username()})).await,
        "slug_taken" => with(scene, json!({"slug": stage.category().await.string("/slug")})).await,
        "sku_taken" => with(scene, json!({"sku": stage.product().await.string("/sku")})).await,
        "category_in_use" => {
            stage.product_in(scene.target.rsplit('/').next().expect("an id")).await;
            scene.call().await
        }
        "insufficient_stock" => too_much(scene).await,
        "order_not_pending" | "invalid_transition" => {
            scene.actor.delete(order(scene)).await.expect_status(204);
            scene.call().await
        }
        "order_empty" => {
            let wanted = scene.target.rsplit('/').next().expect("an id");
            let items = scene.actor.get(&format!("{}/items?limit=100", order(scene))).await.column("id");
            for other in items.iter().filter(|id| *id != wanted) {
                scene.actor.delete(&format!("{}/items/{other}", order(scene))).await.expect_status(204);
            }
            scene.call().await
        }
        "order_full" => full(stage, scene).await,
        "product_in_order" => {
            let there = scene.actor.get(order(scene)).await.string("/items/0/product_id");
            with(scene, json!({"product_id": there})).await
        }
        "idempotency_key_in_use" => repeats::at_once(stage, scene).await.0,
        _ => return None,
    };
    Some(answer)
}

/// The path of the order that the scene is about.
fn order(scene: &Scene) -> &str {
    scene.target.match_indices('/').nth(2).map_or(&scene.target, |(end, _)| &scene.target[..end])
}

/// The scene's request with some members changed.
pub async fn with(scene: &Scene, members: Value) -> Answer {
    let mut body = scene.body.clone().expect("a body");
    for (name, value) in members.as_object().expect("members") {
        body[name] = value.clone();
    }
    with_body(scene.bare(&scene.caller), scene.op, &body).await
}

/// In a shop of its own, since it must not have another administrator.
async fn without_administrator(op: &Op) -> Answer {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let call = admin.call(method(op), &op.path.replace("{user_id}", admin.id()));
    let body = match op.method.as_str() {
        "PUT" => json!({"email": admin.email(), "username": admin.username(), "full_name": null, "role": "user"}),
        "PATCH" => json!({"role": "user"}),
        _ => return call.await,
    };
    with_body(call, op, &body).await
}

async fn too_much(scene: &Scene) -> Answer {
    let mut body = scene.body.clone().expect("a body");
    if let Some(items) = body.get_mut("items") {
        items[0]["quantity"] = TOO_MANY.into();
        return with(scene, body).await;
    }
    let member = if body.get("delta").is_some() { "delta" } else { "quantity" };
    body[member] = if member == "delta" { json!(-1_000_000_000) } else { TOO_MANY.into() };
    with(scene, body).await
}

/// Asks for one item more than an order can have.
async fn full(stage: &Stage, scene: &Scene) -> Answer {
    let category = stage.category().await.string("/id");
    let items = format!("{}/items", order(scene));
    let there = scene.actor.get(&items).await.expect_status(200).at("/pagination/total").as_u64().expect("a total");
    for _ in there..100 {
        let product = stage.product_in(&category).await.string("/id");
        scene.actor.post(&items, &json!({"product_id": product, "quantity": 1})).await.expect_status(201);
    }
    scene.call().await
}
