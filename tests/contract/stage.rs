//! A shop with people in it, and for every operation a request that succeeds.

use crate::support::call::Call;
use crate::support::document::{DOCUMENT, Op};
use crate::support::{Answer, Caller, Credentials, Options, Shop};
use http::Method;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// A shop with one account of each role.
pub struct Stage {
    pub shop: Shop,
    pub user: Caller,
    pub moderator: Caller,
    pub admin: Caller,
    /// Somebody else.
    pub stranger: Caller,
    count: AtomicU32,
}

/// A request that succeeds when its caller sends it.
#[derive(Clone)]
pub struct Scene {
    pub op: &'static Op,
    /// Whose things the path and the body name.
    pub actor: Caller,
    /// Who sends it; nobody, where nobody is enough.
    pub caller: Caller,
    pub target: String,
    pub body: Option<Value>,
}

impl Scene {
    /// The request, sent by its caller.
    pub fn call(&self) -> Call {
        self.by(&self.caller)
    }

    /// The request, sent by somebody else.
    pub fn by(&self, caller: &Caller) -> Call {
        let call = self.bare(caller);
        match &self.body {
            Some(body) => with_body(call, self.op, body),
            None => call,
        }
    }

    /// The request without its body.
    pub fn bare(&self, caller: &Caller) -> Call {
        caller.call(method(self.op), &self.target)
    }

    /// The request with another body, in the operation's media type.
    pub fn with_text(&self, body: impl Into<Vec<u8>>) -> Call {
        let media = self.op.bodies().first().expect("a body").0;
        self.bare(&self.caller).body(media, body)
    }

    /// The request for something that never was.
    pub fn nowhere(&self) -> Self {
        let segments = self.op.path.split('/').zip(self.target.split('/'));
        let foreign = "01a1fcf7-2de0-7b2e-9d3f-ffffffffffff";
        let segments = segments.map(|(template, segment)| if template.starts_with('{') { foreign } else { segment });
        Self { target: segments.collect::<Vec<_>>().join("/"), ..self.clone() }
    }

    /// The body as it is sent.
    pub fn body_text(&self) -> Vec<u8> {
        self.call().body.expect("a body")
    }
}

pub fn method(op: &Op) -> Method {
    op.method.parse().expect("a method")
}

/// Puts JSON, or members of a form, into a call.
pub fn with_body(call: Call, op: &Op, body: &Value) -> Call {
    if op.takes_form() {
        let members = body.as_object().expect("members").iter();
        let members: Vec<_> = members.map(|(name, value)| (name.as_str(), value.as_str().expect("a text"))).collect();
        return call.form(&members);
    }
    call.body(op.bodies().first().expect("a body").0, body.to_string())
}

/// Every operation of the document.
pub fn operations() -> impl Iterator<Item = &'static Op> {
    DOCUMENT.operations.iter()
}

impl Stage {
    pub async fn set() -> Self {
        Self::set_with(Options { rate_limits: false, ..Options::default() }).await
    }

    pub async fn set_with(options: Options) -> Self {
        let shop = Shop::open_with(options).await;
        Self {
            user: shop.register("user_of_the_stage").await,
            moderator: shop.register_as("moderator_of_the_stage", "moderator").await,
            admin: shop.register_as("admin_of_the_stage", "admin").await,
            stranger: shop.register("stranger").await,
            shop,
            count: AtomicU32::new(0),
        }
    }

    /// A name that nobody has yet.
    pub fn new_name(&self) -> String {
        format!("extra_{}", self.count.fetch_add(1, Ordering::Relaxed))
    }

    /// The caller of the least role that an operation needs.
    pub fn actor(&self, op: &Op) -> &Caller {
        match if op.admits_anonymous() { "user" } else { op.least_role() } {
            "user" => &self.user,
            "moderator" => &self.moderator,
            _ => &self.admin,
        }
    }

    /// A request for an operation by the people of the stage.
    pub async fn scene(&self, op: &'static Op) -> Scene {
        self.scene_of(op, self.actor(op)).await
    }

    /// A request for an operation by somebody new, who may come to harm.
    pub async fn fresh_scene(&self, op: &'static Op) -> Scene {
        let role = if op.admits_anonymous() { "user" } else { op.least_role() };
        let actor = self.shop.register_as(&self.new_name(), role).await;
        self.scene_of(op, &actor).await
    }

    pub async fn scene_of(&self, op: &'static Op, actor: &Caller) -> Scene {
        let mut target = op.path.clone();
        for parameter in op.parameters_in("path") {
            let value = match parameter.name.as_str() {
                "user_id" => actor.id().to_owned(),
                "session_id" => actor.sign_in_again().await.session_id().await,
                "api_key_id" => actor.make_key(&["account:read"]).await.0,
                "category_id" => self.category().await.string("/id"),
                "product_id" => self.product().await.string("/id"),
                // Below what it belongs to, whose id stands in the path by now.
                "adjustment_id" => self.adjustment(target.rsplit_once('/').expect("a list").0).await,
                "order_id" => self.order(actor).await.string("/id"),
                "item_id" => self.item_of(actor, &target).await,
                "transition_id" => self.step_of(actor, &target).await,
                other => panic!("say in tests/contract/stage.rs what {{{other}}} of {} may be", op.name()),
            };
            target = target.replace(&format!("{{{}}}", parameter.name), &value);
        }
        // Where nobody is enough nobody calls, unless a caller without any scope makes a difference.
        let open = op.is_public() || (op.admits_anonymous() && !op.scope_sets().iter().any(Vec::is_empty));
        let caller = if open { self.shop.visitor() } else { actor.clone() };
        Scene { op, actor: actor.clone(), caller, target, body: self.body(op, actor).await }
    }

    /// A new category, empty.
    pub async fn category(&self) -> Answer {
        let slug = self.new_name().replace('_', "-");
        self.admin.post("/categories", &json!({"name": "Lamps", "slug": slug})).await.expect_status(201)
    }

    /// A new product in a category of its own.
    pub async fn product(&self) -> Answer {
        self.product_in(&self.category().await.string("/id")).await
    }

    pub async fn product_in(&self, category: &str) -> Answer {
        let price = json!({"amount": 4990, "currency": "EUR"});
        let body =
            json!({"category_id": category, "name": "Lamp", "sku": self.new_name(), "price": price, "stock": 12});
        self.admin.post("/products", &body).await.expect_status(201)
    }

    /// A new entry of the ledger at this path.
    async fn adjustment(&self, ledger: &str) -> String {
        let made = self.admin.post(ledger, &json!({"delta": 1, "reason": "Found behind a shelf"})).await;
        made.expect_status(201).string("/id")
    }

    /// A body that the operation accepts: the document's example, with what is true here.
    pub async fn body(&self, op: &Op, actor: &Caller) -> Option<Value> {
        if !op.takes_body() {
            return None;
        }
        let mut body = op.body_example().unwrap_or_else(|| panic!("{}: the document has no example", op.name()));
        let name = self.new_name();
        let category = match op.id.as_str() {
            "createProduct" | "replaceProduct" => self.category().await.string("/id"),
            _ => String::new(),
        };
        let wanted = match op.id.as_str() {
            "createOrder" | "createUserOrder" | "createOrderItem" => self.wanted(2).await,
            _ => Value::Null,
        };
        let mut fill = |members: Value| {
            for (name, value) in members.as_object().expect("members") {
                body[name] = value.clone();
            }
        };
        match op.id.as_str() {
            "login" => fill(json!({"username": actor.username(), "password": actor.password()})),
            "issueToken" => {
                body = json!({"grant_type": "password", "username": actor.username(), "password": actor.password()});
            }
            "refreshSession" => fill(json!({"refresh_token": actor.sign_in_again().await.refresh_token})),
            "revokeToken" | "introspectToken" => fill(json!({"token": actor.sign_in_again().await.refresh_token})),
            "createUser" | "replaceUser" => fill(json!({"username": name, "email": format!("{name}@example.com")})),
            "updateUser" | "updateCurrentUser" => fill(json!({"username": name})),
            // Within the scope that the operation itself needs.
            "createApiKey" => fill(json!({"scopes": ["account:write"]})),
            "changePassword" => fill(json!({"current_password": actor.password()})),
            "createCategory" | "replaceCategory" | "updateCategory" => {
                fill(json!({"name": name, "slug": name.replace('_', "-")}));
            }
            "createProduct" | "replaceProduct" => fill(json!({"category_id": category, "sku": name})),
            "updateProduct" => fill(json!({"sku": name})),
            // As often as it is sent.
            "createStockAdjustment" => fill(json!({"delta": 1})),
            "createOrder" | "createUserOrder" => fill(json!({"items": [wanted]})),
            "createOrderItem" => fill(wanted),
            "updateOrder" => fill(json!({"note": name})),
            // A step that owners may take.
            "createOrderTransition" => fill(json!({"to": "cancelled"})),
            _ => {}
        }
        Some(body)
    }

    /// Scopes of the user role that are in none of an operation's sets: credentials with them are good for nothing here.
    pub fn useless_scope(op: &Op) -> &'static str {
        let sets = op.scope_sets();
        let useless = |scope: &&str| !sets.iter().flatten().any(|wanted| wanted == scope);
        DOCUMENT.role_scopes("user").into_iter().find(useless).expect("a scope that does not matter")
    }

    /// Nobody.
    pub fn visitor(&self) -> Caller {
        self.shop.visitor()
    }

    /// Somebody with these credentials and nothing else.
    pub fn with(&self, credentials: Credentials) -> Caller {
        self.visitor().with(credentials)
    }
}
