//! Who calls: an account with a session, a program with a key, or nobody.

use super::answer::Answer;
use super::call::{Call, To};
use super::shop::{Inner, Shop};
use http::Method;
use serde_json::{Value, json};
use std::sync::Arc;

/// How a caller proves who it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Credentials {
    None,
    Bearer(String),
    Key(String),
    Basic(String, String),
}

/// What a test knows of an account.
#[derive(Clone, Debug, Default)]
pub struct Account {
    pub id: String,
    pub username: String,
    pub email: String,
    pub password: String,
}

/// Somebody who calls.
#[derive(Clone)]
pub struct Caller {
    pub(super) shop: Arc<Inner>,
    pub credentials: Credentials,
    pub account: Account,
    /// The refresh token of the session.
    pub refresh_token: String,
}

impl Caller {
    pub fn id(&self) -> &str {
        &self.account.id
    }

    pub fn username(&self) -> &str {
        &self.account.username
    }

    pub fn email(&self) -> &str {
        &self.account.email
    }

    pub fn password(&self) -> &str {
        &self.account.password
    }

    /// The path of the caller's account.
    pub fn path(&self) -> String {
        format!("/users/{}", self.account.id)
    }

    /// The access token.
    #[track_caller]
    pub fn token(&self) -> &str {
        let Credentials::Bearer(token) = &self.credentials else { panic!("{} has no token", self.username()) };
        token
    }

    /// The same account with other credentials.
    pub fn with(&self, credentials: Credentials) -> Self {
        Self { credentials, ..self.clone() }
    }

    /// The same account with this access token.
    pub fn bearing(&self, token: &str) -> Self {
        self.with(Credentials::Bearer(token.to_owned()))
    }

    pub fn call(&self, method: Method, target: &str) -> Call {
        Call::new(To::Shop(Arc::clone(&self.shop)), &self.credentials, method, target)
    }

    pub fn get(&self, target: &str) -> Call {
        self.call(Method::GET, target)
    }

    pub fn head(&self, target: &str) -> Call {
        self.call(Method::HEAD, target)
    }

    pub fn options(&self, target: &str) -> Call {
        self.call(Method::OPTIONS, target)
    }

    pub fn delete(&self, target: &str) -> Call {
        self.call(Method::DELETE, target)
    }

    pub fn post(&self, target: &str, body: &Value) -> Call {
        self.call(Method::POST, target).json(body)
    }

    pub fn put(&self, target: &str, body: &Value) -> Call {
        self.call(Method::PUT, target).json(body)
    }

    /// A merge patch.
    pub fn patch(&self, target: &str, body: &Value) -> Call {
        self.call(Method::PATCH, target).body("application/merge-patch+json", body.to_string())
    }

    pub fn post_form(&self, target: &str, members: &[(&str, &str)]) -> Call {
        self.call(Method::POST, target).form(members)
    }

    pub fn post_nothing(&self, target: &str) -> Call {
        self.call(Method::POST, target)
    }

    /// Signs in to the same account once more: another session.
    pub async fn sign_in_again(&self) -> Self {
        self.shop().sign_in(&self.account).await
    }

    /// Renews the session: the caller with the next pair of tokens.
    pub async fn refreshed(&self) -> Self {
        self.following(&self.refresh().await.expect_status(200))
    }

    /// Sends the refresh token.
    pub async fn refresh(&self) -> Answer {
        self.shop().visitor().post("/auth/refresh", &json!({"refresh_token": self.refresh_token})).await
    }

    /// The caller with the token pair that an answer holds.
    #[track_caller]
    pub fn following(&self, pair: &Answer) -> Self {
        let mut next = self.bearing(&pair.string("/access_token"));
        pair.at("/refresh_token").as_str().unwrap_or_default().clone_into(&mut next.refresh_token);
        next
    }

    /// Makes an API key. Returns its id and its secret.
    pub async fn make_key(&self, scopes: &[&str]) -> (String, String) {
        let body = json!({"name": "a key", "scopes": scopes});
        let made = self.post("/users/me/api-keys", &body).await.expect_status(201);
        (made.string("/id"), made.string("/secret"))
    }

    /// A program that acts for this account under these scopes.
    pub async fn program(&self, scopes: &[&str]) -> Self {
        let (_, secret) = self.make_key(scopes).await;
        self.with(Credentials::Key(secret))
    }

    /// A session of the same account that is narrowed to these scopes.
    pub async fn narrowed(&self, scopes: &[&str]) -> Self {
        let scope = scopes.join(" ");
        let (name, password) = (self.username(), self.password());
        let form = [("grant_type", "password"), ("username", name), ("password", password), ("scope", &scope)];
        let pair = self.shop().visitor().post_form("/oauth/token", &form).await.expect_status(200);
        self.following(&pair)
    }

    /// The id of the session of this very token.
    pub async fn session_id(&self) -> String {
        let sessions = self.get("/auth/sessions?limit=100").await.expect_status(200).data();
        let current = sessions.into_iter().find(|session| session["current"] == true).expect("a current session");
        current["id"].as_str().expect("an id").to_owned()
    }

    /// Whether the access token works.
    pub async fn is_signed_in(&self) -> bool {
        match self.get("/users/me").await {
            answer if answer.status == 200 => true,
            answer => {
                answer.expect_problem(401, "invalid_token");
                false
            }
        }
    }

    pub fn shop(&self) -> Shop {
        Shop(Arc::clone(&self.shop))
    }
}
