//! The scenario of ../scenario.md with the project's own client: `generated` with its feature `client`.
//!
//! A step that goes wrong panics, and the scenario ends there.

mod walk_through;

use contract::client::{Error, Patience, ProblemDocument, Reply, Transport};
use contract::{Fields, Secret};
use generated::client::Client;
use generated::models::{
    ApiKeyCreate, Category, CategoryCreate, LoginRequest, MoneyInput, Product, ProductCreate, RefreshRequest, Scope,
    TokenPair, User, UserCreate,
};
use generated::params::*;
use std::fmt::Debug;
use std::time::Duration;
use swagger::Nullable;

const PASSWORD: &str = "SecurePass123!";
const PATIENCE_SECONDS: u64 = 20;
const ME: GetCurrentUserParams = GetCurrentUserParams { fields: Fields::ALL };

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn ok(step: &str) {
    println!("ok {step}");
}

/// The typed problem of a call that has to be refused so.
fn refused<T: Debug>(status: u16, code: &str, result: Result<Reply<T>, Error>) -> ProblemDocument {
    let Err(Error::Problem(problem)) = result else { panic!("expected {status} {code}, got {result:?}") };
    assert_eq!((problem.status, problem.code.as_str()), (status, code));
    *problem
}

#[allow(clippy::disallowed_methods, reason = "a program of its own, told by its environment where the shop is")]
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// Somebody who is told of every refusal at once: most steps want to see it.
fn visitor() -> Client {
    Client(Transport::new(&told("SHOPKEEPER_URL")).with_patience(Patience::NONE))
}

fn name(username: &str, password: &str) -> LoginParams {
    LoginParams { body: LoginRequest { username: username.to_owned(), password: Secret::new(password) } }
}

/// Somebody of this name, whose tokens are renewed as needed.
async fn signed_in(username: &str, password: &str) -> Outcome<Client> {
    let client = visitor();
    let tokens = client.login(&name(username, password)).await?.value;
    client.0.sign_in(tokens.access_token, tokens.refresh_token);
    Ok(client)
}

async fn greet() -> Outcome<(TokenPair, User)> {
    // docs: begin
    let shop = Client(Transport::new(&told("SHOPKEEPER_URL")));
    let body = LoginRequest { username: "ada".to_owned(), password: Secret::new("SecurePass123!") };
    let tokens = shop.login(&LoginParams { body }).await?.value;
    shop.0.sign_in(&tokens.access_token, &tokens.refresh_token);
    let user = shop.get_current_user(&GetCurrentUserParams { fields: Fields::ALL }).await?.value;
    println!("Hello {}", user.username);
    // docs: end
    Ok((tokens, user))
}

/// Registers, signs in and renews; gives `ada`.
async fn accounts() -> Outcome<Client> {
    let visitor = visitor();
    let registration = |email: &str| {
        let password = Secret::new(PASSWORD);
        let body =
            UserCreate { email: email.to_owned(), username: "ada".to_owned(), password, full_name: None, role: None };
        CreateUserParams { body, idempotency_key: None }
    };
    let ada = visitor.create_user(&registration("ada@example.com")).await?;
    let found = (ada.username.as_str(), ada.email.as_str(), ada.role.as_str(), &ada.full_name);
    assert_eq!(found, ("ada", "ada@example.com", "user", &Nullable::Null));
    ok("register");
    refused(409, "username_taken", visitor.create_user(&registration("other@example.com")).await);
    ok("register_twice");
    let (tokens, user) = greet().await?;
    assert_eq!((tokens.token_type.as_str(), user.id), ("Bearer", ada.id));
    ok("sign_in");
    refused(401, "invalid_credentials", visitor.login(&name("ada", &format!("Wrong{PASSWORD}"))).await);
    ok("wrong_password");
    let body = RefreshRequest { refresh_token: Secret::new(tokens.refresh_token.as_str()) };
    let renewed = visitor.refresh_session(&RefreshSessionParams { body }).await?.value;
    assert_ne!(renewed.refresh_token, tokens.refresh_token);
    let client = Client(visitor.0.anonymous());
    client.0.sign_in(renewed.access_token, renewed.refresh_token);
    assert_eq!(client.get_current_user(&ME).await?.id, ada.id);
    ok("refresh");
    let form = IssueTokenParams {
        grant_type: "password".to_owned(),
        username: Some("ada".to_owned()),
        password: Some(Secret::new(PASSWORD)),
        refresh_token: None,
        scope: None,
        client_id: None,
        client_secret: None,
    };
    assert_eq!(visitor.issue_token(&form).await?.token_type, "Bearer");
    ok("oauth");
    Ok(client)
}

async fn catalogue(admin: &Client) -> Outcome<(Category, Vec<Product>)> {
    let body = CategoryCreate { name: "Mugs".to_owned(), slug: "mugs".to_owned(), description: None };
    let category = admin.create_category(&CreateCategoryParams { body, idempotency_key: None }).await?.value;
    assert_eq!((category.slug.as_str(), &category.description), ("mugs", &Nullable::Null));
    ok("create_category");
    let mut products = Vec::new();
    for number in 1..=5 {
        let (sku, stock) = (format!("mug-{number}"), if number == 5 { 0 } else { 3 });
        let body = ProductCreate {
            category_id: category.id,
            name: format!("Mug {number}"),
            sku: sku.clone(),
            description: None,
            price: MoneyInput { amount: 100 * number, currency: "EUR".to_owned() },
            stock: Some(stock),
            status: None,
        };
        let product = admin.create_product(&CreateProductParams { body, idempotency_key: None }).await?.value;
        let found = (&product.sku, product.price.amount, product.price.currency.as_str(), product.stock);
        assert_eq!(found, (&sku, 100 * number, "EUR", stock));
        products.push(product);
    }
    ok("create_products");
    Ok((category, products))
}

async fn api_key(ada: &Client) -> Outcome<()> {
    let body = ApiKeyCreate { name: "Reader".to_owned(), scopes: vec![Scope::AccountRead], expires_at: None };
    let made = ada.create_api_key(&CreateApiKeyParams { body, idempotency_key: None }).await?;
    let header = http::HeaderName::from_static("x-api-key");
    let program = Client(visitor().0.with_header(header, made.secret.parse()?));
    assert_eq!(program.get_current_user(&ME).await?.username, "ada");
    ada.delete_api_key(&DeleteApiKeyParams { api_key_id: made.id }).await?;
    refused(401, "invalid_token", program.get_current_user(&ME).await);
    ok("api_key");
    Ok(())
}

async fn rate_limited() -> Outcome<()> {
    let attempt = name("nobody", PASSWORD);
    let visitor = visitor();
    let mut wait = Duration::ZERO;
    for _ in 0..30 {
        let Err(Error::Problem(problem)) = visitor.login(&attempt).await else { panic!("nobody is signed in") };
        if problem.status == 429 {
            assert_eq!(problem.code, "rate_limited");
            wait = problem.retry_after.ok_or("no Retry-After")?;
            break;
        }
        assert_eq!((problem.status, problem.code.as_str()), (401, "invalid_credentials"));
    }
    assert!((1..=PATIENCE_SECONDS).contains(&wait.as_secs()), "Retry-After: {wait:?}");
    // Waits by itself, and hears what the server says once it listens again.
    let patient = Patience { longest: Duration::from_secs(PATIENCE_SECONDS), ..Patience::default() };
    let waiting = Client(visitor.0.clone().with_patience(patient));
    refused(401, "invalid_credentials", waiting.login(&attempt).await);
    ok("rate_limited");
    Ok(())
}

async fn goodbye(admin: &Client, ada: &Client, product: &Product) -> Outcome<()> {
    admin.delete_product(&DeleteProductParams { product_id: product.id, if_match: None }).await?;
    let gone = GetProductParams { product_id: product.id, fields: Fields::ALL };
    refused(404, "not_found", visitor().get_product(&gone).await);
    ok("delete");
    ada.logout(&LogoutParams {}).await?;
    refused(401, "invalid_token", ada.get_current_user(&ME).await);
    ok("sign_out");
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let ada = accounts().await?;
    let admin = signed_in("admin", &told("SHOPKEEPER_ADMIN_PASSWORD")).await?;
    let (category, products) = catalogue(&admin).await?;
    walk_through::lists(&visitor(), &category).await?;
    let order = walk_through::orders(&ada, &products).await?;
    walk_through::changes(&ada, &order).await?;
    walk_through::workflow(&ada, &admin, order.id).await?;
    api_key(&ada).await?;
    rate_limited().await?;
    goodbye(&admin, &ada, &products[4]).await
}
