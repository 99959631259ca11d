//! What the generated client does by itself: wait, repeat, renew, make keys up, walk.

use crate::support::doorman::{Deed, Doorman};
use crate::support::{Options, Shop};
use contract::client::{Error, Patience, Transport};
use contract::{Fields, Secret};
use generated::client::Client;
use generated::models::{CategoryCreate, SortOrder, StockShortage, UserCreate, UserSort};
use generated::params::*;
use std::time::{Duration, Instant};

/// Pauses that no test notices.
const QUICK: Patience = Patience { attempts: 4, pause: Duration::from_millis(1), longest: Duration::from_secs(2) };

fn client(base: &str) -> Client {
    Client(Transport::new(base).with_patience(QUICK))
}

fn at(shop: &Shop) -> Client {
    client(&format!("{}{}", shop.base(), generated::BASE_PATH))
}

fn mugs() -> CreateCategoryParams {
    let body = CategoryCreate { name: "Mugs".to_owned(), slug: "mugs".to_owned(), description: None };
    CreateCategoryParams { body, idempotency_key: None }
}

const ALL_CATEGORIES: ListCategoriesParams = ListCategoriesParams {
    limit: 20,
    page: None,
    offset: None,
    cursor: None,
    slug: None,
    sort: None,
    order: None,
    fields: Fields::ALL,
};

/// How often an operation was answered.
async fn answered(shop: &Shop, operation: &str) -> u64 {
    let count = shop.numbers().await.value("shopkeeper_http_requests_total", Some(operation));
    format!("{:.0}", count.unwrap_or_default()).parse().expect("a count")
}

#[allow(clippy::disallowed_methods, reason = "it measures how long the client really waits")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn who_is_refused_for_asking_too_often_waits_as_told_and_asks_again() {
    let shop = Shop::open().await;
    let wait = Deed::Refuse(429, "Retry-After: 1\r\n", "rate_limited");
    let door = Doorman::before(shop.address(), &[wait]).await;
    let begin = now();
    let page = client(&door.base()).list_categories(&ALL_CATEGORIES).await.expect("a page");
    assert_eq!(page.data, []);
    assert!(begin.elapsed() >= Duration::from_secs(1), "it waited {:?}", begin.elapsed());
    assert!(door.is_done());
}

#[tokio::test]
async fn a_real_limit_is_waited_for() {
    let shop = Shop::open().await;
    let client = at(&shop);
    let body = || generated::models::LoginRequest { username: "nobody".to_owned(), password: Secret::new("Wrong-1") };
    let mut answers = Vec::new();
    for _ in 0..20 {
        let Err(Error::Problem(problem)) = client.login(&LoginParams { body: body() }).await else { panic!("let in") };
        answers.push(*problem);
        if answers.last().is_some_and(|problem| problem.status == 429) {
            break;
        }
    }
    // The shop's clock stands still, so that the limit asks for more patience than there is: it is told at once.
    let limited = answers.last().expect("answers");
    assert_eq!((limited.status, limited.code.as_str()), (429, "rate_limited"));
    let wait = limited.retry_after.expect("how long to wait");
    assert!(wait > QUICK.longest, "{wait:?}");
    shop.advance(wait);
    let Err(Error::Problem(problem)) = client.login(&LoginParams { body: body() }).await else { panic!("let in") };
    assert_eq!(problem.code, "invalid_credentials", "after what it was told, it is heard again");
}

#[tokio::test]
async fn reads_are_repeated_through_whatever_happens_to_them() {
    let shop = Shop::open().await;
    for deed in
        [Deed::Refuse(503, "Retry-After: 0\r\n", "overloaded"), Deed::Refuse(502, "", ""), Deed::Hang, Deed::Swallow]
    {
        let door = Doorman::before(shop.address(), &[deed.clone(), deed.clone(), deed.clone()]).await;
        let page = client(&door.base()).list_categories(&ALL_CATEGORIES).await;
        assert!(page.is_ok() && door.is_done(), "{deed:?}: {page:?}");
    }
}

#[tokio::test]
async fn patience_ends_with_the_last_refusal() {
    let shop = Shop::open().await;
    let busy = Deed::Refuse(503, "Retry-After: 0\r\n", "overloaded");
    let door = Doorman::before(shop.address(), &[busy.clone(), busy.clone(), busy.clone(), busy]).await;
    let Err(Error::Problem(problem)) = client(&door.base()).list_categories(&ALL_CATEGORIES).await else {
        panic!("answered")
    };
    assert_eq!((problem.status, problem.code.as_str()), (503, "overloaded"));
    assert!(door.is_done());
    let nowhere = client("http://127.0.0.1:1/api/v1");
    assert!(matches!(nowhere.list_categories(&ALL_CATEGORIES).await, Err(Error::Transport(_))));
}

#[tokio::test]
async fn a_lost_answer_to_a_creation_makes_no_second_thing() {
    let shop = Shop::open().await;
    let door = Doorman::before(shop.address(), &[Deed::Swallow, Deed::Swallow]).await;
    let client = client(&door.base());
    client.0.authorize(shop.admin().await.token());
    // No key is given: the client makes one up and keeps it.
    let made = client.create_category(&mugs()).await.expect("a category");
    assert!(made.is_replayed() && door.is_done(), "{made:?}");
    let all = client.walk_categories(ALL_CATEGORIES).all().await.expect("all");
    assert_eq!(all.iter().map(|category| category.id).collect::<Vec<_>>(), [made.id]);
    // Another creation has another key.
    let taken = client.create_category(&mugs()).await.expect_err("a conflict");
    assert_eq!(taken.problem().map(|problem| problem.code.as_str()), Some("slug_taken"), "{taken:?}");
}

#[tokio::test]
async fn what_may_have_been_done_is_not_done_again() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    let category = {
        let client = at(&shop);
        client.0.authorize(admin.token());
        client.create_category(&mugs()).await.expect("a category")
    };
    let params = DeleteCategoryParams { category_id: category.id, if_match: None };
    let busy = Deed::Refuse(503, "Retry-After: 0\r\n", "overloaded");
    for (deed, then) in [(busy, 204), (Deed::Swallow, 404)] {
        let door = Doorman::before(shop.address(), &[deed]).await;
        let client = client(&door.base());
        client.0.authorize(admin.token());
        let outcome = client.delete_category(&params).await;
        assert!(matches!(outcome, Err(Error::Problem(_) | Error::Transport(_))), "{outcome:?}");
        // What the caller then finds shows that the request was sent once.
        if then == 404 {
            admin.get(&format!("/categories/{}", category.id)).await.expect_problem(404, "not_found");
        }
    }
    // Refused before it was done: that may be sent again, whatever it is.
    let again =
        admin.post("/categories", &serde_json::json!({"name": "Cups", "slug": "cups"})).await.expect_status(201);
    let door = Doorman::before(shop.address(), &[Deed::Refuse(429, "Retry-After: 0\r\n", "rate_limited")]).await;
    let client = client(&door.base());
    client.0.authorize(admin.token());
    let category_id = again.string("/id").parse().expect("an id");
    client.delete_category(&DeleteCategoryParams { category_id, if_match: None }).await.expect("nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_wait_for_it_the_tokens_are_renewed_once() {
    let shop = Shop::open_with(Options { rate_limits: false, ..Options::default() }).await;
    let ada = shop.register("ada").await;
    let client = at(&shop);
    client.0.sign_in(ada.token(), ada.refresh_token.clone());
    shop.advance(Duration::from_mins(16));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..24 {
        let client = client.clone();
        calls.spawn(async move {
            let me = client.get_current_user(&GetCurrentUserParams { fields: Fields::ALL }).await;
            me.expect("the own account").username.clone()
        });
    }
    assert!(calls.join_all().await.iter().all(|name| name == "ada"));
    assert_eq!(answered(&shop, "issueToken").await, 1, "one renewal for all");
    // And once more when the next pair is out of date.
    shop.advance(Duration::from_mins(16));
    client.get_current_user(&GetCurrentUserParams { fields: Fields::ALL }).await.expect("the own account");
    assert_eq!(answered(&shop, "issueToken").await, 2);
}

#[tokio::test]
async fn a_session_that_is_over_is_told_once_and_not_asked_for_again() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let client = at(&shop);
    client.0.sign_in(ada.token(), ada.refresh_token.clone());
    ada.post_nothing("/auth/logout").await.expect_status(204);
    for _ in 0..3 {
        let over = client.get_current_user(&GetCurrentUserParams { fields: Fields::ALL }).await.expect_err("over");
        let problem = over.problem().expect("a problem");
        assert_eq!((problem.status, problem.code.as_str()), (401, "invalid_token"));
    }
    assert_eq!(answered(&shop, "issueToken").await, 1, "a refresh token that is refused is not sent again");
}

#[tokio::test]
async fn a_renewal_whose_answer_is_lost_is_made_up_for() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    // The refused read, the renewal whose answer is lost; what follows is let through.
    let door = Doorman::before(shop.address(), &[Deed::Refuse(401, "", "invalid_token"), Deed::Swallow]).await;
    let client = client(&door.base());
    client.0.sign_in("out of date", ada.refresh_token.clone());
    let read = || async { client.get_current_user(&GetCurrentUserParams { fields: Fields::ALL }).await };
    assert!(matches!(read().await, Err(Error::Transport(_))), "the renewal got no answer");
    assert_eq!(read().await.expect("the own account").username, "ada");
}

#[tokio::test]
async fn only_what_is_signed_in_is_sent_and_clones_share_it() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let client = at(&shop);
    let clone = client.clone();
    client.0.sign_in(ada.token(), ada.refresh_token.clone());
    let me = GetCurrentUserParams { fields: Fields::ALL };
    assert_eq!(clone.get_current_user(&me).await.expect("the own account").username, "ada");
    let nobody = Client(client.0.anonymous()).get_current_user(&me).await.expect_err("nobody");
    assert_eq!(nobody.problem().map(|problem| problem.code.as_str()), Some("unauthenticated"));
    client.0.sign_out();
    assert!(clone.get_current_user(&me).await.is_err());
}

#[tokio::test]
async fn a_list_is_walked_to_its_end_page_by_page() {
    let shop = Shop::open_unlimited().await;
    let client = at(&shop);
    let names = ["bea", "carl", "dora", "emil", "fred"];
    for name in names {
        let email = format!("{name}@example.com");
        let password = Secret::new("SecurePass123!");
        let body = UserCreate { email, username: name.to_owned(), password, full_name: None, role: None };
        client.create_user(&CreateUserParams { body, idempotency_key: None }).await.expect("an account");
    }
    client.0.authorize(shop.admin().await.token());
    let params = ListUsersParams {
        limit: 2,
        // A walk goes by cursor whatever the parameters say.
        page: Some(2),
        offset: None,
        cursor: None,
        sort: Some(UserSort::UserByUsername),
        order: Some(SortOrder::Asc),
        role: None,
        status: None,
        search: None,
        created_after: None,
        created_before: None,
        fields: Fields::ALL,
    };
    let before = answered(&shop, "listUsers").await;
    let mut walk = client.walk_users(params.clone());
    let first = walk.next().await.expect("an entry").expect("an account");
    assert_eq!(first.username, "admin");
    assert_eq!(answered(&shop, "listUsers").await - before, 1, "pages are fetched as they are needed");
    let rest: Vec<String> = walk.all().await.expect("all").into_iter().map(|user| user.username).collect();
    assert_eq!(rest, names);
    client.0.sign_out();
    let mut refused = client.walk_users(params);
    assert!(refused.next().await.expect("an error").is_err());
    assert!(refused.next().await.is_none(), "it ends with the first error");
}

#[tokio::test]
async fn problems_have_types_and_versions_are_told() {
    let shop = Shop::open().await;
    let client = at(&shop);
    client.0.authorize(shop.admin().await.token());
    let made = client.create_category(&mugs()).await.expect("a category");
    let tag = made.etag().expect("a version").parse().expect("a header value");
    let asking = Client(client.0.clone().with_header(http::header::IF_NONE_MATCH, tag));
    let read = GetCategoryParams { category_id: made.id, fields: Fields::ALL };
    assert!(matches!(asking.get_category(&read).await, Err(Error::NotModified)));

    let body = serde_json::json!({
        "category_id": made.id, "name": "Mug", "sku": "mug-1", "price": {"amount": 100, "currency": "EUR"}, "stock": 3,
    });
    let body = serde_json::from_value(body).expect("a product");
    let mug = client.create_product(&CreateProductParams { body, idempotency_key: None }).await.expect("a product");
    let order = |product_id: uuid::Uuid, quantity| {
        let body = serde_json::json!({"items": [{"product_id": product_id, "quantity": quantity}]});
        CreateOrderParams { body: serde_json::from_value(body).expect("an order"), idempotency_key: None }
    };
    let short = client.create_order(&order(mug.id, 5)).await.expect_err("too many");
    let short = short.problem().expect("a problem");
    let items: Vec<StockShortage> = short.member("items").expect("what is short");
    assert_eq!((short.code.as_str(), items[0].wanted, items[0].available), ("insufficient_stock", 5, 3));
    let unknown = client.create_order(&order(uuid::Uuid::from_u128(7), 1)).await.expect_err("no such product");
    let faults = &unknown.problem().expect("a problem").errors;
    assert_eq!((faults[0].r#in.as_str(), faults[0].pointer.as_deref()), ("body", Some("/items/0/product_id")));
}
