//! A typed asynchronous client.
use crate::models;
use crate::params::*;
use contract::client::{Error, Parameter, Reply, Transport, Walk};

/// Calls the operations of the document at one server. Answers are always whole: a choice of `fields` is not sent, since
/// a part of a model is none.
#[derive(Debug, Clone)]
pub struct Client(pub Transport);

impl Client {
    /// `GET /admin/config`: Read the running configuration
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_effective_config(
        &self,
        params: &GetEffectiveConfigParams,
    ) -> Result<Reply<models::EffectiveConfig>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/admin/config");

        let _ = params;
        call.send().await
    }

    /// `GET /admin/overview`: Read the overview
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_overview(&self, params: &GetOverviewParams) -> Result<Reply<models::Overview>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/admin/overview");

        let _ = params;
        call.send().await
    }

    /// `GET /admin/audit-events`: List the audit trail
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_audit_events(
        &self,
        params: &ListAuditEventsParams,
    ) -> Result<Reply<models::AuditEventPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/admin/audit-events");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("actor_id", &params.actor_id);

        call.query("action", &params.action);

        call.query("resource", &params.resource);

        call.query("resource_id", &params.resource_id);

        call.query("request_id", &params.request_id);

        call.query("created_after", &params.created_after);

        call.query("created_before", &params.created_before);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /admin/audit-events`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_audit_events(&self, params: ListAuditEventsParams) -> Walk<models::AuditEvent> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListAuditEventsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_audit_events(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `POST /users/me/api-keys`: Make an API key
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_api_key(&self, params: &CreateApiKeyParams) -> Result<Reply<models::ApiKeyCreated>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/users/me/api-keys");

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `GET /users/me/api-keys`: List the own API keys
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_api_keys(&self, params: &ListApiKeysParams) -> Result<Reply<models::ApiKeyPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/users/me/api-keys");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /users/me/api-keys`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_api_keys(&self, params: ListApiKeysParams) -> Walk<models::ApiKey> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListApiKeysParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_api_keys(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `DELETE /users/me/api-keys/{api_key_id}`: Delete one of the own API keys
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_api_key(&self, params: &DeleteApiKeyParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/users/me/api-keys/{api_key_id}");
        call.path("api_key_id", &params.api_key_id);

        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /auth/sessions`: List the own sessions
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_sessions(&self, params: &ListSessionsParams) -> Result<Reply<models::SessionPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/auth/sessions");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /auth/sessions`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_sessions(&self, params: ListSessionsParams) -> Walk<models::Session> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListSessionsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_sessions(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `POST /auth/login`: Sign in
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn login(&self, params: &LoginParams) -> Result<Reply<models::TokenPair>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/auth/login");

        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `POST /auth/logout`: Sign out
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn logout(&self, params: &LogoutParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/auth/logout");

        let _ = params;
        call.send_for_nothing().await
    }

    /// `POST /auth/refresh`: Renew the tokens
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn refresh_session(&self, params: &RefreshSessionParams) -> Result<Reply<models::TokenPair>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/auth/refresh");

        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `DELETE /auth/sessions/{session_id}`: End one of the own sessions
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn revoke_session(&self, params: &RevokeSessionParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/auth/sessions/{session_id}");
        call.path("session_id", &params.session_id);

        let _ = params;
        call.send_for_nothing().await
    }

    /// `POST /categories`: Make a category
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_category(&self, params: &CreateCategoryParams) -> Result<Reply<models::Category>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/categories");

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `GET /categories`: List categories
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_categories(&self, params: &ListCategoriesParams) -> Result<Reply<models::CategoryPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/categories");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("slug", &params.slug);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /categories`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_categories(&self, params: ListCategoriesParams) -> Walk<models::Category> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListCategoriesParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_categories(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `DELETE /categories/{category_id}`: Delete a category
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_category(&self, params: &DeleteCategoryParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/categories/{category_id}");
        call.path("category_id", &params.category_id);

        call.header("if-match", &params.if_match);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /categories/{category_id}`: Read a category
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_category(&self, params: &GetCategoryParams) -> Result<Reply<models::Category>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/categories/{category_id}");
        call.path("category_id", &params.category_id);

        let _ = params;
        call.send().await
    }

    /// `GET /categories/{category_id}/products`: List the products of a category
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_category_products(
        &self,
        params: &ListCategoryProductsParams,
    ) -> Result<Reply<models::ProductPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/categories/{category_id}/products");
        call.path("category_id", &params.category_id);

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("min_price", &params.min_price);

        call.query("max_price", &params.max_price);

        call.query("in_stock", &params.in_stock);

        call.query("status", &params.status);

        call.query("search", &params.search);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /categories/{category_id}/products`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_category_products(&self, params: ListCategoryProductsParams) -> Walk<models::Product> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params =
                ListCategoryProductsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_category_products(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `PUT /categories/{category_id}`: Replace a category
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn replace_category(&self, params: &ReplaceCategoryParams) -> Result<Reply<models::Category>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PUT", "/categories/{category_id}");
        call.path("category_id", &params.category_id);

        call.header("if-match", &params.if_match);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `PATCH /categories/{category_id}`: Change a category
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn update_category(&self, params: &UpdateCategoryParams) -> Result<Reply<models::Category>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PATCH", "/categories/{category_id}");
        call.path("category_id", &params.category_id);

        call.header("if-match", &params.if_match);
        call.json("application/merge-patch+json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `GET /me/limits`: Read the own rate limits
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_my_limits(&self, params: &GetMyLimitsParams) -> Result<Reply<models::CallerLimits>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/me/limits");

        let _ = params;
        call.send().await
    }

    /// `POST /oauth/introspect`: Ask about a token
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn introspect_token(
        &self,
        params: &IntrospectTokenParams,
    ) -> Result<Reply<models::Introspection>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/oauth/introspect");

        call.form("token", &params.token);
        call.form("token_type_hint", &params.token_type_hint);
        let _ = params;
        call.send().await
    }

    /// `POST /oauth/token`: Issue a token
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn issue_token(&self, params: &IssueTokenParams) -> Result<Reply<models::OAuthToken>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/oauth/token");

        call.form("grant_type", &params.grant_type);
        call.form("username", &params.username);
        call.form("password", &params.password);
        call.form("refresh_token", &params.refresh_token);
        call.form("scope", &params.scope);
        call.form("client_id", &params.client_id);
        call.form("client_secret", &params.client_secret);
        let _ = params;
        call.send().await
    }

    /// `POST /oauth/revoke`: Revoke a token
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn revoke_token(&self, params: &RevokeTokenParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/oauth/revoke");

        call.form("token", &params.token);
        call.form("token_type_hint", &params.token_type_hint);
        call.form("client_id", &params.client_id);
        call.form("client_secret", &params.client_secret);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `POST /orders`: Place an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_order(&self, params: &CreateOrderParams) -> Result<Reply<models::Order>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/orders");

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `GET /orders`: List orders
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_orders(&self, params: &ListOrdersParams) -> Result<Reply<models::OrderPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/orders");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("status", &params.status);

        call.query("user_id", &params.user_id);

        call.query("created_after", &params.created_after);

        call.query("created_before", &params.created_before);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /orders`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_orders(&self, params: ListOrdersParams) -> Walk<models::Order> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListOrdersParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_orders(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `POST /orders/{order_id}/items`: Add an item to an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_order_item(&self, params: &CreateOrderItemParams) -> Result<Reply<models::OrderItem>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/orders/{order_id}/items");
        call.path("order_id", &params.order_id);

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `POST /orders/{order_id}/transitions`: Let an order take a step
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_order_transition(
        &self,
        params: &CreateOrderTransitionParams,
    ) -> Result<Reply<models::OrderTransition>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/orders/{order_id}/transitions");
        call.path("order_id", &params.order_id);

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `POST /users/{user_id}/orders`: Place an order for an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_user_order(&self, params: &CreateUserOrderParams) -> Result<Reply<models::Order>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/users/{user_id}/orders");
        call.path("user_id", &params.user_id);

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `DELETE /orders/{order_id}`: Cancel a pending order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_order(&self, params: &DeleteOrderParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/orders/{order_id}");
        call.path("order_id", &params.order_id);

        call.header("if-match", &params.if_match);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /orders/{order_id}`: Read an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_order(&self, params: &GetOrderParams) -> Result<Reply<models::Order>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/orders/{order_id}");
        call.path("order_id", &params.order_id);

        let _ = params;
        call.send().await
    }

    /// `GET /orders/{order_id}/items`: List the items of an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_order_items(&self, params: &ListOrderItemsParams) -> Result<Reply<models::OrderItemPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/orders/{order_id}/items");
        call.path("order_id", &params.order_id);

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /orders/{order_id}/items`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_order_items(&self, params: ListOrderItemsParams) -> Walk<models::OrderItem> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListOrderItemsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_order_items(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `GET /orders/{order_id}/transitions`: List the history of an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_order_transitions(
        &self,
        params: &ListOrderTransitionsParams,
    ) -> Result<Reply<models::OrderTransitionPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/orders/{order_id}/transitions");
        call.path("order_id", &params.order_id);

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /orders/{order_id}/transitions`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_order_transitions(&self, params: ListOrderTransitionsParams) -> Walk<models::OrderTransition> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params =
                ListOrderTransitionsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_order_transitions(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `GET /users/{user_id}/orders`: List the orders of an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_user_orders(&self, params: &ListUserOrdersParams) -> Result<Reply<models::OrderPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/users/{user_id}/orders");
        call.path("user_id", &params.user_id);

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("status", &params.status);

        call.query("created_after", &params.created_after);

        call.query("created_before", &params.created_before);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /users/{user_id}/orders`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_user_orders(&self, params: ListUserOrdersParams) -> Walk<models::Order> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListUserOrdersParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_user_orders(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `PATCH /orders/{order_id}`: Change the note of an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn update_order(&self, params: &UpdateOrderParams) -> Result<Reply<models::Order>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PATCH", "/orders/{order_id}");
        call.path("order_id", &params.order_id);

        call.header("if-match", &params.if_match);
        call.json("application/merge-patch+json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `DELETE /orders/{order_id}/items/{item_id}`: Take an item out of an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_order_item(&self, params: &DeleteOrderItemParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/orders/{order_id}/items/{item_id}");
        call.path("order_id", &params.order_id);
        call.path("item_id", &params.item_id);

        call.header("if-match", &params.if_match);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /orders/{order_id}/items/{item_id}`: Read an item of an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_order_item(&self, params: &GetOrderItemParams) -> Result<Reply<models::OrderItem>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/orders/{order_id}/items/{item_id}");
        call.path("order_id", &params.order_id);
        call.path("item_id", &params.item_id);

        let _ = params;
        call.send().await
    }

    /// `GET /orders/{order_id}/transitions/{transition_id}`: Read a step of an order
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_order_transition(
        &self,
        params: &GetOrderTransitionParams,
    ) -> Result<Reply<models::OrderTransition>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/orders/{order_id}/transitions/{transition_id}");
        call.path("order_id", &params.order_id);
        call.path("transition_id", &params.transition_id);

        let _ = params;
        call.send().await
    }

    /// `GET /users/{user_id}/orders/{order_id}`: Read an order of an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_user_order(&self, params: &GetUserOrderParams) -> Result<Reply<models::Order>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/users/{user_id}/orders/{order_id}");
        call.path("user_id", &params.user_id);
        call.path("order_id", &params.order_id);

        let _ = params;
        call.send().await
    }

    /// `PUT /orders/{order_id}/items/{item_id}`: Change the quantity of an item
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn replace_order_item(&self, params: &ReplaceOrderItemParams) -> Result<Reply<models::OrderItem>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PUT", "/orders/{order_id}/items/{item_id}");
        call.path("order_id", &params.order_id);
        call.path("item_id", &params.item_id);

        call.header("if-match", &params.if_match);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `POST /products`: Make a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_product(&self, params: &CreateProductParams) -> Result<Reply<models::Product>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/products");

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `GET /products`: List products
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_products(&self, params: &ListProductsParams) -> Result<Reply<models::ProductPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/products");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("category_id", &params.category_id);

        call.query("min_price", &params.min_price);

        call.query("max_price", &params.max_price);

        call.query("in_stock", &params.in_stock);

        call.query("status", &params.status);

        call.query("search", &params.search);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /products`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_products(&self, params: ListProductsParams) -> Walk<models::Product> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListProductsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_products(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `POST /products/{product_id}/stock-adjustments`: Adjust the stock of a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_stock_adjustment(
        &self,
        params: &CreateStockAdjustmentParams,
    ) -> Result<Reply<models::StockAdjustment>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/products/{product_id}/stock-adjustments");
        call.path("product_id", &params.product_id);

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `DELETE /products/{product_id}`: Delete a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_product(&self, params: &DeleteProductParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/products/{product_id}");
        call.path("product_id", &params.product_id);

        call.header("if-match", &params.if_match);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /products/{product_id}`: Read a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_product(&self, params: &GetProductParams) -> Result<Reply<models::Product>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/products/{product_id}");
        call.path("product_id", &params.product_id);

        let _ = params;
        call.send().await
    }

    /// `GET /products/{product_id}/stock-adjustments`: List the stock ledger of a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_stock_adjustments(
        &self,
        params: &ListStockAdjustmentsParams,
    ) -> Result<Reply<models::StockAdjustmentPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/products/{product_id}/stock-adjustments");
        call.path("product_id", &params.product_id);

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        let _ = params;
        call.send().await
    }

    /// `GET /products/{product_id}/stock-adjustments`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_stock_adjustments(&self, params: ListStockAdjustmentsParams) -> Walk<models::StockAdjustment> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params =
                ListStockAdjustmentsParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_stock_adjustments(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `PUT /products/{product_id}`: Replace a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn replace_product(&self, params: &ReplaceProductParams) -> Result<Reply<models::Product>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PUT", "/products/{product_id}");
        call.path("product_id", &params.product_id);

        call.header("if-match", &params.if_match);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `PATCH /products/{product_id}`: Change a product
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn update_product(&self, params: &UpdateProductParams) -> Result<Reply<models::Product>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PATCH", "/products/{product_id}");
        call.path("product_id", &params.product_id);

        call.header("if-match", &params.if_match);
        call.json("application/merge-patch+json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `GET /products/{product_id}/stock-adjustments/{adjustment_id}`: Read an entry of the stock ledger
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_stock_adjustment(
        &self,
        params: &GetStockAdjustmentParams,
    ) -> Result<Reply<models::StockAdjustment>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/products/{product_id}/stock-adjustments/{adjustment_id}");
        call.path("product_id", &params.product_id);
        call.path("adjustment_id", &params.adjustment_id);

        let _ = params;
        call.send().await
    }

    /// `PUT /users/me/password`: Change the own password
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn change_password(&self, params: &ChangePasswordParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PUT", "/users/me/password");

        call.json("application/json", &params.body)?;
        let _ = params;
        call.send_for_nothing().await
    }

    /// `POST /users`: Register
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn create_user(&self, params: &CreateUserParams) -> Result<Reply<models::User>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("POST", "/users");

        call.header("idempotency-key", &params.idempotency_key);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `DELETE /users/me`: Delete the own account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_current_user(&self, params: &DeleteCurrentUserParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/users/me");

        call.header("if-match", &params.if_match);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /users/me`: Read the own account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_current_user(&self, params: &GetCurrentUserParams) -> Result<Reply<models::User>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/users/me");

        let _ = params;
        call.send().await
    }

    /// `GET /users`: List accounts
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn list_users(&self, params: &ListUsersParams) -> Result<Reply<models::UserPage>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/users");

        call.query("limit", &params.limit);

        call.query("page", &params.page);

        call.query("offset", &params.offset);

        call.query("cursor", &params.cursor);

        call.query("sort", &params.sort);

        call.query("order", &params.order);

        call.query("role", &params.role);

        call.query("status", &params.status);

        call.query("search", &params.search);

        call.query("created_after", &params.created_after);

        call.query("created_before", &params.created_before);

        let _ = params;
        call.send().await
    }

    /// `GET /users`: all entries from the first one, or from `cursor`, page by page as they are asked for. `limit` says how
    /// many are fetched at once.
    #[must_use]
    pub fn walk_users(&self, params: ListUsersParams) -> Walk<models::User> {
        let (client, start) = (self.clone(), params.cursor.clone());
        Walk::new(start, move |cursor| {
            let params = ListUsersParams { cursor: Some(cursor), page: None, offset: None, ..params.clone() };
            let client = client.clone();
            Box::pin(async move {
                let page = client.list_users(&params).await?.value;
                Ok((page.data, page.pagination.next_cursor))
            })
        })
    }

    /// `PATCH /users/me`: Change the own account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn update_current_user(&self, params: &UpdateCurrentUserParams) -> Result<Reply<models::User>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PATCH", "/users/me");

        call.header("if-match", &params.if_match);
        call.json("application/merge-patch+json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `DELETE /users/{user_id}`: Delete an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn delete_user(&self, params: &DeleteUserParams) -> Result<Reply<()>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("DELETE", "/users/{user_id}");
        call.path("user_id", &params.user_id);

        call.header("if-match", &params.if_match);
        let _ = params;
        call.send_for_nothing().await
    }

    /// `GET /users/{user_id}`: Read an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn get_user(&self, params: &GetUserParams) -> Result<Reply<models::User>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("GET", "/users/{user_id}");
        call.path("user_id", &params.user_id);

        let _ = params;
        call.send().await
    }

    /// `PUT /users/{user_id}`: Replace an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn replace_user(&self, params: &ReplaceUserParams) -> Result<Reply<models::User>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PUT", "/users/{user_id}");
        call.path("user_id", &params.user_id);

        call.header("if-match", &params.if_match);
        call.json("application/json", &params.body)?;
        let _ = params;
        call.send().await
    }

    /// `PATCH /users/{user_id}`: Change an account
    ///
    /// # Errors
    /// The server's problem, or why it could not be asked.
    pub async fn update_user(&self, params: &UpdateUserParams) -> Result<Reply<models::User>, Error> {
        #[allow(unused_mut, reason = "not every operation has parameters")]
        let mut call = self.0.call("PATCH", "/users/{user_id}");
        call.path("user_id", &params.user_id);

        call.header("if-match", &params.if_match);
        call.json("application/merge-patch+json", &params.body)?;
        let _ = params;
        call.send().await
    }
}

impl Parameter for models::AccountStatus {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::ApiKeySort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::AuditEventSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::CategorySort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::OrderItemSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::OrderSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::OrderStatus {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::OrderTransitionSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::ProductSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::ProductStatus {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::Role {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::Scope {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::SessionSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::SortOrder {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::StockAdjustmentSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

impl Parameter for models::UserSort {
    fn values(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}
