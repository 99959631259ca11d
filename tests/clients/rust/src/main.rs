//! The scenario of ../scenario.md with the client that openapi-generator makes for Rust (reqwest).
//!
//! A step that goes wrong panics, and the scenario ends there.

mod seen;

use std::error::Error as Fault;
use std::fmt::Debug;
use std::time::Duration;

use seen::Seen;
use shopkeeper_client::apis::configuration::{ApiKey, Configuration};
use shopkeeper_client::apis::{
    Error, api_keys_api, auth_api, categories_api, oauth_api, orders_api, products_api, users_api,
};
use shopkeeper_client::models::{
    ApiKeyCreate, Category, CategoryCreate, LoginRequest, MoneyInput, Order, OrderCreate, OrderItemCreate, OrderStatus,
    OrderTransitionCreate, OrderUpdate, Pagination, Problem, Product, ProductCreate, ProductSort, ProductStatus,
    RefreshRequest, Scope, SortOrder, TokenPair, User, UserCreate,
};
use uuid::Uuid;

const PASSWORD: &str = "SecurePass123!";
const NOWHERE: Uuid = Uuid::from_u128(0x01a1fcf7_2e04_7b20_9c3d_4e5f60718293);
const PATIENCE_SECONDS: u64 = 20;

type Outcome<T> = Result<T, Box<dyn Fault>>;

fn ok(step: &str) {
    println!("ok {step}");
}

/// The typed problem of a call that has to be refused so.
fn refused<T: Debug, E: Debug>(status: u16, code: &str, result: Result<T, Error<E>>) -> Problem {
    match result {
        Err(Error::ResponseError(response)) => {
            // The client's own enum of problems is untagged: whatever the status, it is the first variant.
            assert!(response.entity.is_some(), "no typed problem: {}", response.content);
            let problem: Problem = serde_json::from_str(&response.content).expect("the problem has its type");
            let found = (response.status.as_u16(), problem.status, problem.code.as_str());
            assert_eq!(found, (status, i32::from(status), code));
            problem
        }
        other => panic!("expected {status} {code}, got {other:?}"),
    }
}

/// The callers' ways into one server, and what it answered last.
struct Shop {
    url: String,
    seen: Seen,
}

impl Shop {
    fn anonymous(&self) -> Configuration {
        Configuration { base_path: self.url.clone(), client: self.seen.client(), ..Configuration::new() }
    }

    fn with(&self, tokens: &TokenPair) -> Configuration {
        Configuration { bearer_access_token: Some(tokens.access_token.clone()), ..self.anonymous() }
    }
}

fn url() -> String {
    std::env::var("SHOPKEEPER_URL").expect("SHOPKEEPER_URL")
}

fn name(username: &str, password: &str) -> LoginRequest {
    LoginRequest::new(username.to_owned(), password.to_owned())
}

async fn greet() -> Outcome<(TokenPair, User)> {
    // docs: begin
    let mut shop = Configuration { base_path: url(), ..Configuration::new() };
    let name = LoginRequest::new("ada".to_owned(), "SecurePass123!".to_owned());
    let tokens = auth_api::login(&shop, name).await?;
    shop.bearer_access_token = Some(tokens.access_token.clone());
    let user = users_api::get_current_user(&shop, None, None).await?;
    println!("Hello {}", user.username);
    // docs: end
    Ok((tokens, user))
}

/// Registers, signs in and renews; gives the token pair of `ada`.
async fn accounts(shop: &Shop) -> Outcome<TokenPair> {
    let anonymous = shop.anonymous();
    let registration = |email: &str| UserCreate::new(email.to_owned(), "ada".to_owned(), PASSWORD.to_owned());
    let ada = users_api::create_user(&anonymous, registration("ada@example.com"), None).await?;
    let found = (ada.username.as_str(), ada.email.as_str(), ada.role.as_str(), ada.full_name);
    assert_eq!(found, ("ada", "ada@example.com", "user", None));
    ok("register");
    let again = users_api::create_user(&anonymous, registration("other@example.com"), None).await;
    refused(409, "username_taken", again);
    ok("register_twice");
    let (tokens, user) = greet().await?;
    assert_eq!((tokens.token_type.as_str(), user.id), ("Bearer", ada.id));
    ok("sign_in");
    let wrong = auth_api::login(&anonymous, name("ada", &format!("Wrong{PASSWORD}"))).await;
    refused(401, "invalid_credentials", wrong);
    ok("wrong_password");
    let renewal = RefreshRequest::new(tokens.refresh_token.clone());
    let renewed = auth_api::refresh_session(&anonymous, renewal).await?;
    assert_ne!(renewed.refresh_token, tokens.refresh_token);
    assert_eq!(users_api::get_current_user(&shop.with(&renewed), None, None).await?.id, ada.id);
    ok("refresh");
    let form = oauth_api::issue_token(&anonymous, "password", Some("ada"), Some(PASSWORD), None, None, None, None);
    assert_eq!(form.await?.token_type, "Bearer");
    ok("oauth");
    Ok(renewed)
}

async fn catalogue(admin: &Configuration) -> Outcome<(Category, Vec<Product>)> {
    let wanted = CategoryCreate::new("Mugs".to_owned(), "mugs".to_owned());
    let category = categories_api::create_category(admin, wanted, None).await?;
    assert_eq!((category.slug.as_str(), &category.description), ("mugs", &None));
    ok("create_category");
    let mut products = Vec::new();
    for number in 1..=5 {
        let (sku, stock) = (format!("mug-{number}"), if number == 5 { 0 } else { 3 });
        let price = MoneyInput::new(100 * number, "EUR".to_owned());
        let mut wanted = ProductCreate::new(category.id, format!("Mug {number}"), sku.clone(), price);
        wanted.stock = Some(stock);
        let product = products_api::create_product(admin, wanted, None).await?;
        let found = (&product.sku, product.price.amount, product.price.currency.as_str(), product.stock);
        assert_eq!(found, (&sku, 100 * number, "EUR", stock));
        products.push(product);
    }
    ok("create_products");
    Ok((category, products))
}

/// How a list is asked for; the client's function takes fourteen parameters.
#[derive(Default)]
struct Query<'a> {
    limit: Option<i32>,
    page: Option<i32>,
    offset: Option<i32>,
    cursor: Option<&'a str>,
    min_price: Option<i64>,
    max_price: Option<i64>,
    in_stock: Option<bool>,
    status: Option<ProductStatus>,
    search: Option<&'a str>,
}

impl Query<'_> {
    async fn ask(self, shop: &Configuration, category: &Category) -> Outcome<(Vec<String>, Pagination)> {
        let page = products_api::list_products(
            shop,
            self.limit,
            self.page,
            self.offset,
            self.cursor,
            Some(&category.id.to_string()),
            self.min_price,
            self.max_price,
            self.in_stock,
            self.status,
            self.search,
            Some(ProductSort::ProductByPrice),
            Some(SortOrder::Asc),
            None,
            None,
        )
        .await?;
        Ok((page.data.into_iter().map(|product| product.sku).collect(), page.pagination))
    }
}

async fn lists(shop: &Configuration, category: &Category) -> Outcome<()> {
    let limit = Some(2);
    let (skus, at) = Query { limit, page: Some(2), ..Query::default() }.ask(shop, category).await?;
    assert_eq!(skus, ["mug-3", "mug-4"]);
    assert_eq!((at.page, at.total, at.has_prev, at.has_next), (Some(2), Some(5), true, true));
    ok("list_by_page");
    let (skus, at) = Query { limit, offset: Some(3), ..Query::default() }.ask(shop, category).await?;
    assert_eq!(skus, ["mug-4", "mug-5"]);
    assert_eq!((at.offset, at.total, at.has_next), (Some(3), Some(5), false));
    ok("list_by_offset");
    let (mut walked, mut pages, mut next) = (Vec::new(), 0, Some(String::new()));
    while let Some(cursor) = next.filter(|_| pages < 10) {
        let (skus, at) = Query { limit, cursor: Some(&cursor), ..Query::default() }.ask(shop, category).await?;
        assert_eq!(at.total, None);
        walked.extend(skus);
        pages += 1;
        next = at.next_cursor;
    }
    assert_eq!((walked.join(" ").as_str(), pages), ("mug-1 mug-2 mug-3 mug-4 mug-5", 3));
    ok("walk_cursor");
    let filters = Query {
        min_price: Some(200),
        max_price: Some(500),
        in_stock: Some(true),
        status: Some(ProductStatus::ProductActive),
        search: Some("mug"),
        ..Query::default()
    };
    assert_eq!(filters.ask(shop, category).await?.0, ["mug-2", "mug-3", "mug-4"]);
    ok("filter");
    Ok(())
}

/// Orders, and is refused; gives the order.
async fn orders(shop: &Shop, ada: &Configuration, products: &[Product]) -> Outcome<Order> {
    let item = OrderItemCreate::new;
    let other = Uuid::from_u128(NOWHERE.as_u128() + 1);
    let unknown = OrderCreate::new(vec![item(NOWHERE, 1), item(other, 1)]);
    let invalid = refused(422, "validation_failed", orders_api::create_order(ada, unknown, None).await);
    let faults = invalid.errors.unwrap_or_default();
    let places: Vec<_> = faults.iter().map(|fault| (fault.r#in.as_str(), fault.pointer.as_deref())).collect();
    assert_eq!(places, [("body", Some("/items/0/product_id")), ("body", Some("/items/1/product_id"))]);
    ok("invalid_input");
    let mut wanted = OrderCreate::new(vec![item(products[0].id, 2)]);
    wanted.note = Some(Some("Ring twice".to_owned()));
    let order = orders_api::create_order(ada, wanted.clone(), Some("order-1")).await?;
    let found = (order.status.as_str(), order.total.amount, order.items.len(), order.note.as_deref());
    assert_eq!(found, ("pending", 200, 1, Some("Ring twice")));
    assert_eq!(shop.seen.header("Idempotent-Replayed"), "");
    ok("order");
    let again = orders_api::create_order(ada, wanted, Some("order-1")).await?;
    assert_eq!((again.id, shop.seen.header("Idempotent-Replayed").as_str()), (order.id, "true"));
    ok("order_again");
    let much = OrderCreate::new(vec![item(products[1].id, 5), item(products[4].id, 1)]);
    let short = refused(409, "insufficient_stock", orders_api::create_order(ada, much, None).await);
    let shortages = short.items.unwrap_or_default();
    let shortages: Vec<_> = shortages.iter().map(|item| (item.product_id, item.wanted, item.available)).collect();
    assert_eq!(shortages, [(products[1].id, 5, 3), (products[4].id, 1, 0)]);
    ok("out_of_stock");
    Ok(order)
}

async fn changes(shop: &Shop, ada: &Configuration, order: &str) -> Outcome<()> {
    let kept = orders_api::update_order(ada, order, OrderUpdate::new(), None).await?;
    assert_eq!(kept.note.as_deref(), Some("Ring twice"));
    ok("patch_absent");
    let cleared = orders_api::update_order(ada, order, OrderUpdate { note: Some(None) }, None).await?;
    assert_eq!(cleared.note, None);
    ok("patch_null");
    // The client takes the empty body of a 304 for broken JSON; the status tells.
    let unchanged = orders_api::get_order(ada, order, None, Some(&shop.seen.header("ETag"))).await;
    assert!(unchanged.is_err());
    assert_eq!(shop.seen.status(), 304);
    ok("not_modified");
    let late = OrderUpdate { note: Some(Some("Late".to_owned())) };
    refused(412, "precondition_failed", orders_api::update_order(ada, order, late, Some("\"old\"")).await);
    ok("stale");
    Ok(())
}

async fn workflow(ada: &Configuration, admin: &Configuration, order: &str) -> Outcome<()> {
    let step = OrderTransitionCreate::new;
    let early = orders_api::create_order_transition(ada, order, step(OrderStatus::Paid), None).await;
    assert_eq!(refused(409, "invalid_transition", early).allowed.unwrap_or_default(), ["cancelled"]);
    ok("refused_step");
    for status in [OrderStatus::Paid, OrderStatus::Shipped, OrderStatus::Delivered] {
        let taken = orders_api::create_order_transition(admin, order, step(status), None).await?;
        assert_eq!(taken.to, status.to_string());
    }
    let seen = orders_api::get_order(admin, order, None, None).await?;
    assert_eq!((seen.status.as_str(), seen.expires_at), ("delivered", None));
    assert_eq!(seen.allowed_transitions, ["refunded"]);
    let asc = Some(SortOrder::Asc);
    let steps = orders_api::list_order_transitions(admin, order, None, None, None, None, None, asc, None, None).await?;
    let from: Vec<_> = steps.data.iter().map(|step| step.from.as_deref()).collect();
    assert_eq!(from, [None, Some("pending"), Some("paid"), Some("shipped")]);
    ok("workflow");
    Ok(())
}

async fn api_key(shop: &Shop, ada: &Configuration) -> Outcome<()> {
    let wanted = ApiKeyCreate::new("Reader".to_owned(), vec![Scope::AccountRead]);
    let made = api_keys_api::create_api_key(ada, wanted, None).await?;
    let key = ApiKey { prefix: None, key: made.secret };
    let program = Configuration { api_key: Some(key), ..shop.anonymous() };
    assert_eq!(users_api::get_current_user(&program, None, None).await?.username, "ada");
    api_keys_api::delete_api_key(ada, &made.id.to_string()).await?;
    refused(401, "invalid_token", users_api::get_current_user(&program, None, None).await);
    ok("api_key");
    Ok(())
}

async fn rate_limited(shop: &Shop) -> Outcome<()> {
    let anonymous = shop.anonymous();
    let attempt = || auth_api::login(&anonymous, name("nobody", PASSWORD));
    let mut wait = 0;
    for _ in 0..30 {
        let refusal = attempt().await;
        if shop.seen.status() == 429 {
            refused(429, "rate_limited", refusal);
            wait = shop.seen.header("Retry-After").parse()?;
            break;
        }
        refused(401, "invalid_credentials", refusal);
    }
    assert!((1..=PATIENCE_SECONDS).contains(&wait), "Retry-After: {wait}");
    tokio::time::sleep(Duration::from_secs(wait)).await;
    refused(401, "invalid_credentials", attempt().await);
    ok("rate_limited");
    Ok(())
}

async fn goodbye(shop: &Shop, admin: &Configuration, ada: &Configuration, product: &str) -> Outcome<()> {
    products_api::delete_product(admin, product, None).await?;
    refused(404, "not_found", products_api::get_product(&shop.anonymous(), product, None, None).await);
    ok("delete");
    auth_api::logout(ada).await?;
    refused(401, "invalid_token", users_api::get_current_user(ada, None, None).await);
    ok("sign_out");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let shop = Shop { url: url(), seen: Seen::default() };
    let ada = shop.with(&accounts(&shop).await?);
    let password = std::env::var("SHOPKEEPER_ADMIN_PASSWORD")?;
    let admin = shop.with(&auth_api::login(&shop.anonymous(), name("admin", &password)).await?);
    let (category, products) = catalogue(&admin).await?;
    lists(&shop.anonymous(), &category).await?;
    let order = orders(&shop, &ada, &products).await?;
    let id = order.id.to_string();
    changes(&shop, &ada, &id).await?;
    workflow(&ada, &admin, &id).await?;
    api_key(&shop, &ada).await?;
    rate_limited(&shop).await?;
    goodbye(&shop, &admin, &ada, &products[4].id.to_string()).await
}
