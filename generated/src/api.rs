//! The traits to implement: one per tag, one method per operation.
//!
//! `C` is whatever the server knows of a call besides its parameters.
use crate::params::*;
use crate::responses::*;
use contract::Problem;
use std::future::Future;

/// The operations tagged `Admin`.
pub trait AdminApi<C: Sync>: Send + Sync {
    /// `GET /admin/config`: Read the running configuration
    fn get_effective_config(
        &self,
        call: &C,
        params: GetEffectiveConfigParams,
    ) -> impl Future<Output = Result<GetEffectiveConfigResponse, Problem>> + Send;
    /// `GET /admin/overview`: Read the overview
    fn get_overview(
        &self,
        call: &C,
        params: GetOverviewParams,
    ) -> impl Future<Output = Result<GetOverviewResponse, Problem>> + Send;
    /// `GET /admin/audit-events`: List the audit trail
    fn list_audit_events(
        &self,
        call: &C,
        params: ListAuditEventsParams,
    ) -> impl Future<Output = Result<ListAuditEventsResponse, Problem>> + Send;
}

/// The operations tagged `ApiKeys`.
pub trait ApiKeysApi<C: Sync>: Send + Sync {
    /// `POST /users/me/api-keys`: Make an API key
    fn create_api_key(
        &self,
        call: &C,
        params: CreateApiKeyParams,
    ) -> impl Future<Output = Result<CreateApiKeyResponse, Problem>> + Send;
    /// `GET /users/me/api-keys`: List the own API keys
    fn list_api_keys(
        &self,
        call: &C,
        params: ListApiKeysParams,
    ) -> impl Future<Output = Result<ListApiKeysResponse, Problem>> + Send;
    /// `DELETE /users/me/api-keys/{api_key_id}`: Delete one of the own API keys
    fn delete_api_key(
        &self,
        call: &C,
        params: DeleteApiKeyParams,
    ) -> impl Future<Output = Result<DeleteApiKeyResponse, Problem>> + Send;
}

/// The operations tagged `Auth`.
pub trait AuthApi<C: Sync>: Send + Sync {
    /// `GET /auth/sessions`: List the own sessions
    fn list_sessions(
        &self,
        call: &C,
        params: ListSessionsParams,
    ) -> impl Future<Output = Result<ListSessionsResponse, Problem>> + Send;
    /// `POST /auth/login`: Sign in
    fn login(&self, call: &C, params: LoginParams) -> impl Future<Output = Result<LoginResponse, Problem>> + Send;
    /// `POST /auth/logout`: Sign out
    fn logout(&self, call: &C, params: LogoutParams) -> impl Future<Output = Result<LogoutResponse, Problem>> + Send;
    /// `POST /auth/refresh`: Renew the tokens
    fn refresh_session(
        &self,
        call: &C,
        params: RefreshSessionParams,
    ) -> impl Future<Output = Result<RefreshSessionResponse, Problem>> + Send;
    /// `DELETE /auth/sessions/{session_id}`: End one of the own sessions
    fn revoke_session(
        &self,
        call: &C,
        params: RevokeSessionParams,
    ) -> impl Future<Output = Result<RevokeSessionResponse, Problem>> + Send;
}

/// The operations tagged `Categories`.
pub trait CategoriesApi<C: Sync>: Send + Sync {
    /// `POST /categories`: Make a category
    fn create_category(
        &self,
        call: &C,
        params: CreateCategoryParams,
    ) -> impl Future<Output = Result<CreateCategoryResponse, Problem>> + Send;
    /// `GET /categories`: List categories
    fn list_categories(
        &self,
        call: &C,
        params: ListCategoriesParams,
    ) -> impl Future<Output = Result<ListCategoriesResponse, Problem>> + Send;
    /// `DELETE /categories/{category_id}`: Delete a category
    fn delete_category(
        &self,
        call: &C,
        params: DeleteCategoryParams,
    ) -> impl Future<Output = Result<DeleteCategoryResponse, Problem>> + Send;
    /// `GET /categories/{category_id}`: Read a category
    fn get_category(
        &self,
        call: &C,
        params: GetCategoryParams,
    ) -> impl Future<Output = Result<GetCategoryResponse, Problem>> + Send;
    /// `GET /categories/{category_id}/products`: List the products of a category
    fn list_category_products(
        &self,
        call: &C,
        params: ListCategoryProductsParams,
    ) -> impl Future<Output = Result<ListCategoryProductsResponse, Problem>> + Send;
    /// `PUT /categories/{category_id}`: Replace a category
    fn replace_category(
        &self,
        call: &C,
        params: ReplaceCategoryParams,
    ) -> impl Future<Output = Result<ReplaceCategoryResponse, Problem>> + Send;
    /// `PATCH /categories/{category_id}`: Change a category
    fn update_category(
        &self,
        call: &C,
        params: UpdateCategoryParams,
    ) -> impl Future<Output = Result<UpdateCategoryResponse, Problem>> + Send;
}

/// The operations tagged `Limits`.
pub trait LimitsApi<C: Sync>: Send + Sync {
    /// `GET /me/limits`: Read the own rate limits
    fn get_my_limits(
        &self,
        call: &C,
        params: GetMyLimitsParams,
    ) -> impl Future<Output = Result<GetMyLimitsResponse, Problem>> + Send;
}

/// The operations tagged `Oauth`.
pub trait OauthApi<C: Sync>: Send + Sync {
    /// `POST /oauth/introspect`: Ask about a token
    fn introspect_token(
        &self,
        call: &C,
        params: IntrospectTokenParams,
    ) -> impl Future<Output = Result<IntrospectTokenResponse, Problem>> + Send;
    /// `POST /oauth/token`: Issue a token
    fn issue_token(
        &self,
        call: &C,
        params: IssueTokenParams,
    ) -> impl Future<Output = Result<IssueTokenResponse, Problem>> + Send;
    /// `POST /oauth/revoke`: Revoke a token
    fn revoke_token(
        &self,
        call: &C,
        params: RevokeTokenParams,
    ) -> impl Future<Output = Result<RevokeTokenResponse, Problem>> + Send;
}

/// The operations tagged `Orders`.
pub trait OrdersApi<C: Sync>: Send + Sync {
    /// `POST /orders`: Place an order
    fn create_order(
        &self,
        call: &C,
        params: CreateOrderParams,
    ) -> impl Future<Output = Result<CreateOrderResponse, Problem>> + Send;
    /// `GET /orders`: List orders
    fn list_orders(
        &self,
        call: &C,
        params: ListOrdersParams,
    ) -> impl Future<Output = Result<ListOrdersResponse, Problem>> + Send;
    /// `POST /orders/{order_id}/items`: Add an item to an order
    fn create_order_item(
        &self,
        call: &C,
        params: CreateOrderItemParams,
    ) -> impl Future<Output = Result<CreateOrderItemResponse, Problem>> + Send;
    /// `POST /orders/{order_id}/transitions`: Let an order take a step
    fn create_order_transition(
        &self,
        call: &C,
        params: CreateOrderTransitionParams,
    ) -> impl Future<Output = Result<CreateOrderTransitionResponse, Problem>> + Send;
    /// `POST /users/{user_id}/orders`: Place an order for an account
    fn create_user_order(
        &self,
        call: &C,
        params: CreateUserOrderParams,
    ) -> impl Future<Output = Result<CreateUserOrderResponse, Problem>> + Send;
    /// `DELETE /orders/{order_id}`: Cancel a pending order
    fn delete_order(
        &self,
        call: &C,
        params: DeleteOrderParams,
    ) -> impl Future<Output = Result<DeleteOrderResponse, Problem>> + Send;
    /// `GET /orders/{order_id}`: Read an order
    fn get_order(
        &self,
        call: &C,
        params: GetOrderParams,
    ) -> impl Future<Output = Result<GetOrderResponse, Problem>> + Send;
    /// `GET /orders/{order_id}/items`: List the items of an order
    fn list_order_items(
        &self,
        call: &C,
        params: ListOrderItemsParams,
    ) -> impl Future<Output = Result<ListOrderItemsResponse, Problem>> + Send;
    /// `GET /orders/{order_id}/transitions`: List the history of an order
    fn list_order_transitions(
        &self,
        call: &C,
        params: ListOrderTransitionsParams,
    ) -> impl Future<Output = Result<ListOrderTransitionsResponse, Problem>> + Send;
    /// `GET /users/{user_id}/orders`: List the orders of an account
    fn list_user_orders(
        &self,
        call: &C,
        params: ListUserOrdersParams,
    ) -> impl Future<Output = Result<ListUserOrdersResponse, Problem>> + Send;
    /// `PATCH /orders/{order_id}`: Change the note of an order
    fn update_order(
        &self,
        call: &C,
        params: UpdateOrderParams,
    ) -> impl Future<Output = Result<UpdateOrderResponse, Problem>> + Send;
    /// `DELETE /orders/{order_id}/items/{item_id}`: Take an item out of an order
    fn delete_order_item(
        &self,
        call: &C,
        params: DeleteOrderItemParams,
    ) -> impl Future<Output = Result<DeleteOrderItemResponse, Problem>> + Send;
    /// `GET /orders/{order_id}/items/{item_id}`: Read an item of an order
    fn get_order_item(
        &self,
        call: &C,
        params: GetOrderItemParams,
    ) -> impl Future<Output = Result<GetOrderItemResponse, Problem>> + Send;
    /// `GET /orders/{order_id}/transitions/{transition_id}`: Read a step of an order
    fn get_order_transition(
        &self,
        call: &C,
        params: GetOrderTransitionParams,
    ) -> impl Future<Output = Result<GetOrderTransitionResponse, Problem>> + Send;
    /// `GET /users/{user_id}/orders/{order_id}`: Read an order of an account
    fn get_user_order(
        &self,
        call: &C,
        params: GetUserOrderParams,
    ) -> impl Future<Output = Result<GetUserOrderResponse, Problem>> + Send;
    /// `PUT /orders/{order_id}/items/{item_id}`: Change the quantity of an item
    fn replace_order_item(
        &self,
        call: &C,
        params: ReplaceOrderItemParams,
    ) -> impl Future<Output = Result<ReplaceOrderItemResponse, Problem>> + Send;
}

/// The operations tagged `Products`.
pub trait ProductsApi<C: Sync>: Send + Sync {
    /// `POST /products`: Make a product
    fn create_product(
        &self,
        call: &C,
        params: CreateProductParams,
    ) -> impl Future<Output = Result<CreateProductResponse, Problem>> + Send;
    /// `GET /products`: List products
    fn list_products(
        &self,
        call: &C,
        params: ListProductsParams,
    ) -> impl Future<Output = Result<ListProductsResponse, Problem>> + Send;
    /// `POST /products/{product_id}/stock-adjustments`: Adjust the stock of a product
    fn create_stock_adjustment(
        &self,
        call: &C,
        params: CreateStockAdjustmentParams,
    ) -> impl Future<Output = Result<CreateStockAdjustmentResponse, Problem>> + Send;
    /// `DELETE /products/{product_id}`: Delete a product
    fn delete_product(
        &self,
        call: &C,
        params: DeleteProductParams,
    ) -> impl Future<Output = Result<DeleteProductResponse, Problem>> + Send;
    /// `GET /products/{product_id}`: Read a product
    fn get_product(
        &self,
        call: &C,
        params: GetProductParams,
    ) -> impl Future<Output = Result<GetProductResponse, Problem>> + Send;
    /// `GET /products/{product_id}/stock-adjustments`: List the stock ledger of a product
    fn list_stock_adjustments(
        &self,
        call: &C,
        params: ListStockAdjustmentsParams,
    ) -> impl Future<Output = Result<ListStockAdjustmentsResponse, Problem>> + Send;
    /// `PUT /products/{product_id}`: Replace a product
    fn replace_product(
        &self,
        call: &C,
        params: ReplaceProductParams,
    ) -> impl Future<Output = Result<ReplaceProductResponse, Problem>> + Send;
    /// `PATCH /products/{product_id}`: Change a product
    fn update_product(
        &self,
        call: &C,
        params: UpdateProductParams,
    ) -> impl Future<Output = Result<UpdateProductResponse, Problem>> + Send;
    /// `GET /products/{product_id}/stock-adjustments/{adjustment_id}`: Read an entry of the stock ledger
    fn get_stock_adjustment(
        &self,
        call: &C,
        params: GetStockAdjustmentParams,
    ) -> impl Future<Output = Result<GetStockAdjustmentResponse, Problem>> + Send;
}

/// The operations tagged `Users`.
pub trait UsersApi<C: Sync>: Send + Sync {
    /// `PUT /users/me/password`: Change the own password
    fn change_password(
        &self,
        call: &C,
        params: ChangePasswordParams,
    ) -> impl Future<Output = Result<ChangePasswordResponse, Problem>> + Send;
    /// `POST /users`: Register
    fn create_user(
        &self,
        call: &C,
        params: CreateUserParams,
    ) -> impl Future<Output = Result<CreateUserResponse, Problem>> + Send;
    /// `DELETE /users/me`: Delete the own account
    fn delete_current_user(
        &self,
        call: &C,
        params: DeleteCurrentUserParams,
    ) -> impl Future<Output = Result<DeleteCurrentUserResponse, Problem>> + Send;
    /// `GET /users/me`: Read the own account
    fn get_current_user(
        &self,
        call: &C,
        params: GetCurrentUserParams,
    ) -> impl Future<Output = Result<GetCurrentUserResponse, Problem>> + Send;
    /// `GET /users`: List accounts
    fn list_users(
        &self,
        call: &C,
        params: ListUsersParams,
    ) -> impl Future<Output = Result<ListUsersResponse, Problem>> + Send;
    /// `PATCH /users/me`: Change the own account
    fn update_current_user(
        &self,
        call: &C,
        params: UpdateCurrentUserParams,
    ) -> impl Future<Output = Result<UpdateCurrentUserResponse, Problem>> + Send;
    /// `DELETE /users/{user_id}`: Delete an account
    fn delete_user(
        &self,
        call: &C,
        params: DeleteUserParams,
    ) -> impl Future<Output = Result<DeleteUserResponse, Problem>> + Send;
    /// `GET /users/{user_id}`: Read an account
    fn get_user(
        &self,
        call: &C,
        params: GetUserParams,
    ) -> impl Future<Output = Result<GetUserResponse, Problem>> + Send;
    /// `PUT /users/{user_id}`: Replace an account
    fn replace_user(
        &self,
        call: &C,
        params: ReplaceUserParams,
    ) -> impl Future<Output = Result<ReplaceUserResponse, Problem>> + Send;
    /// `PATCH /users/{user_id}`: Change an account
    fn update_user(
        &self,
        call: &C,
        params: UpdateUserParams,
    ) -> impl Future<Output = Result<UpdateUserResponse, Problem>> + Send;
}

/// All tags together.
pub trait Api<C: Sync>:
    AdminApi<C>
    + ApiKeysApi<C>
    + AuthApi<C>
    + CategoriesApi<C>
    + LimitsApi<C>
    + OauthApi<C>
    + OrdersApi<C>
    + ProductsApi<C>
    + UsersApi<C>
    + 'static
{
}

impl<
    C: Sync,
    T: AdminApi<C>
        + ApiKeysApi<C>
        + AuthApi<C>
        + CategoriesApi<C>
        + LimitsApi<C>
        + OauthApi<C>
        + OrdersApi<C>
        + ProductsApi<C>
        + UsersApi<C>
        + 'static,
> Api<C> for T
{
}
