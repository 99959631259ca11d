//! The generated client, as a program would use it.

use crate::support::Shop;
use crate::support::doorman::{Deed, Doorman};
use contract::client::{Error, Transport};
use contract::{Fields, Secret};
use generated::client::Client;
use generated::models::{
    ApiKeyCreate, CategoryCreate, LoginRequest, MoneyInput, MoneyUpdate, ProductCreate, ProductUpdate, Scope,
    SortOrder, StockAdjustmentCreate, UserCreate, UserSort, UserUpdate,
};
use generated::params::*;
use http::{HeaderName, HeaderValue, Method, header};
use swagger::Nullable;

fn client(shop: &Shop) -> Client {
    Client(Transport::new(&format!("{}/api/v1", shop.base())))
}

async fn sign_in(client: &Client, username: &str, password: &str) {
    let body = LoginRequest { username: username.to_owned(), password: Secret::new(password) };
    let pair = client.login(&LoginParams { body }).await.expect("a token pair");
    client.0.authorize(pair.value.access_token);
}

fn new_user(name: &str) -> CreateUserParams {
    let email = format!("{name}@example.com");
    let password = Secret::new("SecurePass123!");
    let body = UserCreate { email, username: name.to_owned(), password, full_name: None, role: None };
    CreateUserParams { body, idempotency_key: None }
}

#[tokio::test]
async fn an_account_lives_through_the_generated_client() {
    let shop = Shop::open().await;
    let client = client(&shop);
    let made = client.create_user(&new_user("ada")).await.expect("an account");
    sign_in(&client, "ada", "SecurePass123!").await;

    let mut body = UserUpdate { email: None, username: None, full_name: None, role: None, status: None };
    body.full_name = Some(Nullable::Present("Ada Lovelace".to_owned()));
    let named = client.update_current_user(&UpdateCurrentUserParams { body: body.clone(), if_match: None }).await;
    assert_eq!(named.expect("the account").full_name, Nullable::Present("Ada Lovelace".to_owned()));
    body.full_name = Some(Nullable::Null);
    let nameless = client.update_current_user(&UpdateCurrentUserParams { body, if_match: None }).await;
    assert_eq!(nameless.expect("the account").full_name, Nullable::Null);

    let body =
        ApiKeyCreate { name: "bot".to_owned(), scopes: vec![Scope::AccountRead], expires_at: Some(Nullable::Null) };
    let key = client.create_api_key(&CreateApiKeyParams { body, idempotency_key: None }).await.expect("a key");
    assert_eq!(key.scopes, ["account:read"]);
    client.delete_api_key(&DeleteApiKeyParams { api_key_id: key.id }).await.expect("nothing");

    client.delete_user(&DeleteUserParams { user_id: made.id, if_match: None }).await.expect("nothing");
    let Err(Error::Problem(problem)) =
        client.get_current_user(&GetCurrentUserParams { fields: Fields::default() }).await
    else {
        panic!("a deleted account still reads itself");
    };
    assert_eq!((problem.status, problem.code.as_str()), (401, "invalid_token"));
}

#[tokio::test]
async fn lists_are_walked_by_cursor_through_the_generated_client() {
    let shop = Shop::open().await;
    let client = client(&shop);
    for name in ["bea", "carl", "dora"] {
        client.create_user(&new_user(name)).await.expect("an account");
    }
    client.0.authorize(shop.admin().await.token());
    let mut params = ListUsersParams {
        limit: 2,
        page: None,
        offset: None,
        cursor: Some(String::new()),
        sort: Some(UserSort::UserByUsername),
        order: Some(SortOrder::Asc),
        role: None,
        status: None,
        search: None,
        created_after: None,
        created_before: None,
        fields: Fields::default(),
    };
    let mut names = Vec::new();
    while let Some(cursor) = params.cursor.take() {
        params.cursor = Some(cursor);
        let page = client.list_users(&params).await.expect("a page").value;
        names.extend(page.data.into_iter().map(|user| user.username));
        params.cursor = match page.pagination.next_cursor {
            Nullable::Present(cursor) => Some(cursor),
            Nullable::Null => None,
        };
    }
    assert_eq!(names, ["admin", "bea", "carl", "dora"]);
}

#[tokio::test]
async fn a_product_lives_through_the_generated_client() {
    let shop = Shop::open().await;
    let client = client(&shop);
    client.0.authorize(shop.admin().await.token());
    let body = CategoryCreate { name: "Tea".to_owned(), slug: "tea".to_owned(), description: Some(Nullable::Null) };
    let category =
        client.create_category(&CreateCategoryParams { body, idempotency_key: None }).await.expect("a category");
    let body = ProductCreate {
        category_id: category.id,
        name: "Earl Grey".to_owned(),
        sku: "EG-1".to_owned(),
        description: Some(Nullable::Present("<p>Black &amp; good</p>".to_owned())),
        price: MoneyInput { amount: 1299, currency: "EUR".to_owned() },
        stock: Some(3),
        status: None,
    };
    let made = client.create_product(&CreateProductParams { body, idempotency_key: None }).await.expect("a product");
    assert_eq!((made.price.amount, &*made.status), (1299, "active"));

    let body = StockAdjustmentCreate { delta: -2, reason: "sold".to_owned() };
    let adjusted = client
        .create_stock_adjustment(&CreateStockAdjustmentParams { product_id: made.id, body, idempotency_key: None })
        .await;
    assert_eq!(adjusted.expect("an adjustment").stock_after, 1);

    let price = Some(MoneyUpdate { amount: Some(999), currency: None });
    let body = ProductUpdate {
        category_id: None,
        name: None,
        sku: None,
        description: Some(Nullable::Null),
        price,
        stock: None,
        status: None,
    };
    let cheaper = client.update_product(&UpdateProductParams { product_id: made.id, body, if_match: None }).await;
    let cheaper = cheaper.expect("the product");
    assert_eq!((cheaper.price.amount, &*cheaper.price.currency, cheaper.stock), (999, "EUR", 1));
    assert_eq!(cheaper.description, Nullable::Null);
    let read = client.get_product(&GetProductParams { product_id: made.id, fields: Fields::default() }).await;
    assert_eq!(read.expect("the product").value, cheaper.value);

    client.delete_product(&DeleteProductParams { product_id: made.id, if_match: None }).await.expect("nothing");
    let category_id = category.id;
    client.delete_category(&DeleteCategoryParams { category_id, if_match: None }).await.expect("nothing");
}

#[tokio::test]
async fn every_fault_reaches_the_generated_client() {
    let shop = Shop::open().await;
    let mut wrong = new_user("x");
    wrong.body.password = Secret::new("short");
    let Err(Error::Problem(problem)) = client(&shop).create_user(&wrong).await else { panic!("accepted") };
    assert_eq!(problem.code, "validation_failed");
    assert!(problem.errors.len() >= 3, "{problem:?}");
}

#[tokio::test]
async fn a_request_of_ones_own_is_answered_whatever_its_status_and_its_headers_win() {
    let shop = Shop::open().await;
    let transport = Transport::new(shop.base());
    let health = transport.request(Method::GET, "/healthz").answer().await.expect("an answer");
    assert_eq!((health.status().as_u16(), &**health.body()), (200, br#"{"status":"ok"}"#.as_slice()));
    let nowhere = transport.request(Method::OPTIONS, "/nowhere?a=b").answer().await.expect("an answer");
    assert_eq!(nowhere.status(), 404);

    transport.authorize("nobody's token");
    let me = || transport.request(Method::GET, "/api/v1/users/me");
    assert_eq!(me().answer().await.expect("an answer").status(), 401);
    let mut mine = me();
    let token = format!("Bearer {}", shop.admin().await.token()).parse().expect("a header");
    mine.headers([(header::AUTHORIZATION, token)].into_iter().collect());
    assert_eq!(mine.answer().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_body_that_streams_is_sent_once_and_another_again() {
    let shop = Shop::open().await;
    let admin = shop.admin().await;
    for (streams, status) in [(true, 503), (false, 201)] {
        let door = Doorman::before(shop.address(), &[Deed::Refuse(503, "Retry-After: 0\r\n", "overloaded")]).await;
        let transport = Transport::new(&door.base());
        transport.authorize(admin.token());
        let mut call = transport.request(Method::POST, "/categories");
        let json = HeaderValue::from_static("application/json");
        let key = HeaderValue::from_static("\"mugs\"");
        let name = HeaderName::from_static("idempotency-key");
        call.headers([(header::CONTENT_TYPE, json), (name, key)].into_iter().collect());
        let body = r#"{"name": "Mugs", "slug": "mugs"}"#;
        if streams {
            call.body(reqwest::Body::wrap(http_body_util::Full::new(bytes::Bytes::from_static(body.as_bytes()))));
        } else {
            call.body(body);
        }
        assert_eq!(call.answer().await.expect("an answer").status(), status);
    }
}

#[tokio::test]
async fn a_parameter_that_no_header_can_hold_is_not_sent() {
    let shop = Shop::open().await;
    let if_match = Some("\"a\r\nX-Evil: 1\"".to_owned());
    let params = DeleteCategoryParams { category_id: uuid::Uuid::nil(), if_match };
    let refused = client(&shop).delete_category(&params).await;
    assert!(matches!(refused, Err(Error::Unsendable(_))), "{refused:?}");
}
