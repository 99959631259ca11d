//! A request decoded, as a value, and its answer by an implementation of the traits.
use crate::api::Api;
use crate::models;
use crate::params::*;
use contract::{Asked, HeaderValue, Input, Pairs, Problem, Reply, Shape, Violations, decode as rule};

/// A decoded call of one operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    GetEffectiveConfig(GetEffectiveConfigParams),

    GetOverview(GetOverviewParams),

    ListAuditEvents(ListAuditEventsParams),

    CreateApiKey(CreateApiKeyParams),

    ListApiKeys(ListApiKeysParams),

    DeleteApiKey(DeleteApiKeyParams),

    ListSessions(ListSessionsParams),

    Login(LoginParams),

    Logout(LogoutParams),

    RefreshSession(RefreshSessionParams),

    RevokeSession(RevokeSessionParams),

    CreateCategory(CreateCategoryParams),

    ListCategories(ListCategoriesParams),

    DeleteCategory(DeleteCategoryParams),

    GetCategory(GetCategoryParams),

    ListCategoryProducts(ListCategoryProductsParams),

    ReplaceCategory(ReplaceCategoryParams),

    UpdateCategory(UpdateCategoryParams),

    GetMyLimits(GetMyLimitsParams),

    IntrospectToken(IntrospectTokenParams),

    IssueToken(IssueTokenParams),

    RevokeToken(RevokeTokenParams),

    CreateOrder(CreateOrderParams),

    ListOrders(ListOrdersParams),

    CreateOrderItem(CreateOrderItemParams),

    CreateOrderTransition(CreateOrderTransitionParams),

    CreateUserOrder(CreateUserOrderParams),

    DeleteOrder(DeleteOrderParams),

    GetOrder(GetOrderParams),

    ListOrderItems(ListOrderItemsParams),

    ListOrderTransitions(ListOrderTransitionsParams),

    ListUserOrders(ListUserOrdersParams),

    UpdateOrder(UpdateOrderParams),

    DeleteOrderItem(DeleteOrderItemParams),

    GetOrderItem(GetOrderItemParams),

    GetOrderTransition(GetOrderTransitionParams),

    GetUserOrder(GetUserOrderParams),

    ReplaceOrderItem(ReplaceOrderItemParams),

    CreateProduct(CreateProductParams),

    ListProducts(ListProductsParams),

    CreateStockAdjustment(CreateStockAdjustmentParams),

    DeleteProduct(DeleteProductParams),

    GetProduct(GetProductParams),

    ListStockAdjustments(ListStockAdjustmentsParams),

    ReplaceProduct(ReplaceProductParams),

    UpdateProduct(UpdateProductParams),

    GetStockAdjustment(GetStockAdjustmentParams),

    ChangePassword(ChangePasswordParams),

    CreateUser(CreateUserParams),

    DeleteCurrentUser(DeleteCurrentUserParams),

    GetCurrentUser(GetCurrentUserParams),

    ListUsers(ListUsersParams),

    UpdateCurrentUser(UpdateCurrentUserParams),

    DeleteUser(DeleteUserParams),

    GetUser(GetUserParams),

    ReplaceUser(ReplaceUserParams),

    UpdateUser(UpdateUserParams),
}

impl Call {
    /// Decodes a request for the operation that it was routed to.
    ///
    /// # Errors
    /// One problem that names every fault.
    pub fn decode(input: &Input<'_>) -> Result<Self, Problem> {
        match input.operation.index {
            19 => get_effective_config(input).map(Self::GetEffectiveConfig),

            24 => get_overview(input).map(Self::GetOverview),

            32 => list_audit_events(input).map(Self::ListAuditEvents),

            1 => create_api_key(input).map(Self::CreateApiKey),

            31 => list_api_keys(input).map(Self::ListApiKeys),

            10 => delete_api_key(input).map(Self::DeleteApiKey),

            39 => list_sessions(input).map(Self::ListSessions),

            43 => login(input).map(Self::Login),

            44 => logout(input).map(Self::Logout),

            45 => refresh_session(input).map(Self::RefreshSession),

            50 => revoke_session(input).map(Self::RevokeSession),

            2 => create_category(input).map(Self::CreateCategory),

            33 => list_categories(input).map(Self::ListCategories),

            11 => delete_category(input).map(Self::DeleteCategory),

            17 => get_category(input).map(Self::GetCategory),

            34 => list_category_products(input).map(Self::ListCategoryProducts),

            46 => replace_category(input).map(Self::ReplaceCategory),

            52 => update_category(input).map(Self::UpdateCategory),

            20 => get_my_limits(input).map(Self::GetMyLimits),

            29 => introspect_token(input).map(Self::IntrospectToken),

            30 => issue_token(input).map(Self::IssueToken),

            51 => revoke_token(input).map(Self::RevokeToken),

            3 => create_order(input).map(Self::CreateOrder),

            37 => list_orders(input).map(Self::ListOrders),

            4 => create_order_item(input).map(Self::CreateOrderItem),

            5 => create_order_transition(input).map(Self::CreateOrderTransition),

            9 => create_user_order(input).map(Self::CreateUserOrder),

            13 => delete_order(input).map(Self::DeleteOrder),

            21 => get_order(input).map(Self::GetOrder),

            35 => list_order_items(input).map(Self::ListOrderItems),

            36 => list_order_transitions(input).map(Self::ListOrderTransitions),

            41 => list_user_orders(input).map(Self::ListUserOrders),

            54 => update_order(input).map(Self::UpdateOrder),

            14 => delete_order_item(input).map(Self::DeleteOrderItem),

            22 => get_order_item(input).map(Self::GetOrderItem),

            23 => get_order_transition(input).map(Self::GetOrderTransition),

            28 => get_user_order(input).map(Self::GetUserOrder),

            47 => replace_order_item(input).map(Self::ReplaceOrderItem),

            6 => create_product(input).map(Self::CreateProduct),

            38 => list_products(input).map(Self::ListProducts),

            7 => create_stock_adjustment(input).map(Self::CreateStockAdjustment),

            15 => delete_product(input).map(Self::DeleteProduct),

            25 => get_product(input).map(Self::GetProduct),

            40 => list_stock_adjustments(input).map(Self::ListStockAdjustments),

            48 => replace_product(input).map(Self::ReplaceProduct),

            55 => update_product(input).map(Self::UpdateProduct),

            26 => get_stock_adjustment(input).map(Self::GetStockAdjustment),

            0 => change_password(input).map(Self::ChangePassword),

            8 => create_user(input).map(Self::CreateUser),

            12 => delete_current_user(input).map(Self::DeleteCurrentUser),

            18 => get_current_user(input).map(Self::GetCurrentUser),

            42 => list_users(input).map(Self::ListUsers),

            53 => update_current_user(input).map(Self::UpdateCurrentUser),

            16 => delete_user(input).map(Self::DeleteUser),

            27 => get_user(input).map(Self::GetUser),

            49 => replace_user(input).map(Self::ReplaceUser),

            56 => update_user(input).map(Self::UpdateUser),

            index => Err(Problem::new(contract::problem::kinds::INTERNAL_ERROR, format!("no operation {index}"))),
        }
    }

    /// The decoded member that joins the key of a partitioned limit.
    #[must_use]
    pub fn partition(&self, policy: &str) -> Option<&str> {
        match (self, policy) {
            (Self::Login(params), "login") => Some(&params.body.username),

            (Self::IssueToken(params), "login") => params.username.as_deref(),

            _ => None,
        }
    }

    /// The `Idempotency-Key` that the caller sent, for operations that can be repeated (`x-idempotent`).
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&contract::IdempotencyKey> {
        match self {
            Self::CreateApiKey(params) => params.idempotency_key.as_ref(),

            Self::CreateCategory(params) => params.idempotency_key.as_ref(),

            Self::CreateOrder(params) => params.idempotency_key.as_ref(),

            Self::CreateOrderItem(params) => params.idempotency_key.as_ref(),

            Self::CreateOrderTransition(params) => params.idempotency_key.as_ref(),

            Self::CreateUserOrder(params) => params.idempotency_key.as_ref(),

            Self::CreateProduct(params) => params.idempotency_key.as_ref(),

            Self::CreateStockAdjustment(params) => params.idempotency_key.as_ref(),

            Self::CreateUser(params) => params.idempotency_key.as_ref(),

            _ => None,
        }
    }

    /// What a repeat must bring again, in one canonical form: path parameters and decoded body. `None` for operations that
    /// cannot be repeated. Passwords stand in it in plain text: digest it with a key at once.
    #[must_use]
    pub fn fingerprint_source(&self) -> Option<Vec<u8>> {
        match self {
            Self::CreateApiKey(params) => contract::idempotency::source(&(&params.body,)),

            Self::CreateCategory(params) => contract::idempotency::source(&(&params.body,)),

            Self::CreateOrder(params) => contract::idempotency::source(&(&params.body,)),

            Self::CreateOrderItem(params) => contract::idempotency::source(&(&params.order_id, &params.body)),

            Self::CreateOrderTransition(params) => contract::idempotency::source(&(&params.order_id, &params.body)),

            Self::CreateUserOrder(params) => contract::idempotency::source(&(&params.user_id, &params.body)),

            Self::CreateProduct(params) => contract::idempotency::source(&(&params.body,)),

            Self::CreateStockAdjustment(params) => contract::idempotency::source(&(&params.product_id, &params.body)),

            Self::CreateUser(params) => contract::idempotency::source(&(&params.body,)),

            _ => None,
        }
    }

    /// Lets an implementation answer. `known` is what `If-None-Match` says, and is for reads only: an answer whose tag
    /// it names becomes 304 before its body is written.
    ///
    /// # Errors
    /// The implementation's problem. Whether the document knows it is for the caller to check.
    pub async fn answer<C: Sync, A: Api<C>>(
        self,
        api: &A,
        call: &C,
        known: Option<&HeaderValue>,
    ) -> Result<Reply, Problem> {
        match self {
            Self::GetEffectiveConfig(params) => {
                let asked = Asked::new(known);
                api.get_effective_config(call, params).await?.into_reply(&asked)
            }

            Self::GetOverview(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_overview(call, params).await?.into_reply(&asked)
            }

            Self::ListAuditEvents(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_audit_events(call, params).await?.into_reply(&asked)
            }

            Self::CreateApiKey(params) => {
                let asked = Asked::new(known);
                api.create_api_key(call, params).await?.into_reply(&asked)
            }

            Self::ListApiKeys(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_api_keys(call, params).await?.into_reply(&asked)
            }

            Self::DeleteApiKey(params) => {
                let asked = Asked::new(known);
                api.delete_api_key(call, params).await?.into_reply(&asked)
            }

            Self::ListSessions(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_sessions(call, params).await?.into_reply(&asked)
            }

            Self::Login(params) => {
                let asked = Asked::new(known);
                api.login(call, params).await?.into_reply(&asked)
            }

            Self::Logout(params) => {
                let asked = Asked::new(known);
                api.logout(call, params).await?.into_reply(&asked)
            }

            Self::RefreshSession(params) => {
                let asked = Asked::new(known);
                api.refresh_session(call, params).await?.into_reply(&asked)
            }

            Self::RevokeSession(params) => {
                let asked = Asked::new(known);
                api.revoke_session(call, params).await?.into_reply(&asked)
            }

            Self::CreateCategory(params) => {
                let asked = Asked::new(known);
                api.create_category(call, params).await?.into_reply(&asked)
            }

            Self::ListCategories(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_categories(call, params).await?.into_reply(&asked)
            }

            Self::DeleteCategory(params) => {
                let asked = Asked::new(known);
                api.delete_category(call, params).await?.into_reply(&asked)
            }

            Self::GetCategory(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_category(call, params).await?.into_reply(&asked)
            }

            Self::ListCategoryProducts(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_category_products(call, params).await?.into_reply(&asked)
            }

            Self::ReplaceCategory(params) => {
                let asked = Asked::new(known);
                api.replace_category(call, params).await?.into_reply(&asked)
            }

            Self::UpdateCategory(params) => {
                let asked = Asked::new(known);
                api.update_category(call, params).await?.into_reply(&asked)
            }

            Self::GetMyLimits(params) => {
                let asked = Asked::new(known);
                api.get_my_limits(call, params).await?.into_reply(&asked)
            }

            Self::IntrospectToken(params) => {
                let asked = Asked::new(known);
                api.introspect_token(call, params).await?.into_reply(&asked)
            }

            Self::IssueToken(params) => {
                let asked = Asked::new(known);
                api.issue_token(call, params).await?.into_reply(&asked)
            }

            Self::RevokeToken(params) => {
                let asked = Asked::new(known);
                api.revoke_token(call, params).await?.into_reply(&asked)
            }

            Self::CreateOrder(params) => {
                let asked = Asked::new(known);
                api.create_order(call, params).await?.into_reply(&asked)
            }

            Self::ListOrders(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_orders(call, params).await?.into_reply(&asked)
            }

            Self::CreateOrderItem(params) => {
                let asked = Asked::new(known);
                api.create_order_item(call, params).await?.into_reply(&asked)
            }

            Self::CreateOrderTransition(params) => {
                let asked = Asked::new(known);
                api.create_order_transition(call, params).await?.into_reply(&asked)
            }

            Self::CreateUserOrder(params) => {
                let asked = Asked::new(known);
                api.create_user_order(call, params).await?.into_reply(&asked)
            }

            Self::DeleteOrder(params) => {
                let asked = Asked::new(known);
                api.delete_order(call, params).await?.into_reply(&asked)
            }

            Self::GetOrder(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_order(call, params).await?.into_reply(&asked)
            }

            Self::ListOrderItems(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_order_items(call, params).await?.into_reply(&asked)
            }

            Self::ListOrderTransitions(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_order_transitions(call, params).await?.into_reply(&asked)
            }

            Self::ListUserOrders(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_user_orders(call, params).await?.into_reply(&asked)
            }

            Self::UpdateOrder(params) => {
                let asked = Asked::new(known);
                api.update_order(call, params).await?.into_reply(&asked)
            }

            Self::DeleteOrderItem(params) => {
                let asked = Asked::new(known);
                api.delete_order_item(call, params).await?.into_reply(&asked)
            }

            Self::GetOrderItem(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_order_item(call, params).await?.into_reply(&asked)
            }

            Self::GetOrderTransition(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_order_transition(call, params).await?.into_reply(&asked)
            }

            Self::GetUserOrder(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_user_order(call, params).await?.into_reply(&asked)
            }

            Self::ReplaceOrderItem(params) => {
                let asked = Asked::new(known);
                api.replace_order_item(call, params).await?.into_reply(&asked)
            }

            Self::CreateProduct(params) => {
                let asked = Asked::new(known);
                api.create_product(call, params).await?.into_reply(&asked)
            }

            Self::ListProducts(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_products(call, params).await?.into_reply(&asked)
            }

            Self::CreateStockAdjustment(params) => {
                let asked = Asked::new(known);
                api.create_stock_adjustment(call, params).await?.into_reply(&asked)
            }

            Self::DeleteProduct(params) => {
                let asked = Asked::new(known);
                api.delete_product(call, params).await?.into_reply(&asked)
            }

            Self::GetProduct(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_product(call, params).await?.into_reply(&asked)
            }

            Self::ListStockAdjustments(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_stock_adjustments(call, params).await?.into_reply(&asked)
            }

            Self::ReplaceProduct(params) => {
                let asked = Asked::new(known);
                api.replace_product(call, params).await?.into_reply(&asked)
            }

            Self::UpdateProduct(params) => {
                let asked = Asked::new(known);
                api.update_product(call, params).await?.into_reply(&asked)
            }

            Self::GetStockAdjustment(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_stock_adjustment(call, params).await?.into_reply(&asked)
            }

            Self::ChangePassword(params) => {
                let asked = Asked::new(known);
                api.change_password(call, params).await?.into_reply(&asked)
            }

            Self::CreateUser(params) => {
                let asked = Asked::new(known);
                api.create_user(call, params).await?.into_reply(&asked)
            }

            Self::DeleteCurrentUser(params) => {
                let asked = Asked::new(known);
                api.delete_current_user(call, params).await?.into_reply(&asked)
            }

            Self::GetCurrentUser(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_current_user(call, params).await?.into_reply(&asked)
            }

            Self::ListUsers(params) => {
                let asked = Asked::new(known).selecting(
                    params.fields,
                    Shape::Page,
                    "application/vnd.shopkeeper.selection+json",
                );
                api.list_users(call, params).await?.into_reply(&asked)
            }

            Self::UpdateCurrentUser(params) => {
                let asked = Asked::new(known);
                api.update_current_user(call, params).await?.into_reply(&asked)
            }

            Self::DeleteUser(params) => {
                let asked = Asked::new(known);
                api.delete_user(call, params).await?.into_reply(&asked)
            }

            Self::GetUser(params) => {
                let asked =
                    Asked::new(known).selecting(params.fields, Shape::One, "application/vnd.shopkeeper.selection+json");
                api.get_user(call, params).await?.into_reply(&asked)
            }

            Self::ReplaceUser(params) => {
                let asked = Asked::new(known);
                api.replace_user(call, params).await?.into_reply(&asked)
            }

            Self::UpdateUser(params) => {
                let asked = Asked::new(known);
                api.update_user(call, params).await?.into_reply(&asked)
            }
        }
    }
}

fn get_effective_config(input: &Input<'_>) -> Result<GetEffectiveConfigParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match () {
        () => Some(GetEffectiveConfigParams {}),
    };
    found.finish(decoded)
}

fn get_overview(input: &Input<'_>) -> Result<GetOverviewParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "users_by_role",
            "orders_by_status",
            "revenue_by_day",
            "top_products",
            "low_stock",
            "created_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_fields,) {
        (Some(p_fields),) => Some(GetOverviewParams { fields: p_fields }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_audit_events(input: &Input<'_>) -> Result<ListAuditEventsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(
        &[
            "limit",
            "page",
            "offset",
            "cursor",
            "actor_id",
            "action",
            "resource",
            "resource_id",
            "request_id",
            "created_after",
            "created_before",
            "sort",
            "order",
            "fields",
        ],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_actor_id = pairs.get("actor_id", &rule::Id, &mut found);
    let p_actor_id = Violations::optional(p_actor_id);
    let p_action = pairs.get("action", &rule::Text::new().min(1).max(64), &mut found);
    let p_action = Violations::optional(p_action);
    let p_resource = pairs.get("resource", &rule::Text::new().min(1).max(64), &mut found);
    let p_resource = Violations::optional(p_resource);
    let p_resource_id = pairs.get("resource_id", &rule::Id, &mut found);
    let p_resource_id = Violations::optional(p_resource_id);
    let p_request_id = pairs.get("request_id", &rule::Text::new().min(1).max(128), &mut found);
    let p_request_id = Violations::optional(p_request_id);
    let p_created_after = pairs.get("created_after", &rule::Time, &mut found);
    let p_created_after = Violations::optional(p_created_after);
    let p_created_before = pairs.get("created_before", &rule::Time, &mut found);
    let p_created_before = Violations::optional(p_created_before);
    let p_sort = pairs.get("sort", &rule::Enum::<models::AuditEventSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "action",
            "actor",
            "actor_id",
            "resource",
            "resource_id",
            "request_id",
            "changes",
            "created_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_actor_id,
        p_action,
        p_resource,
        p_resource_id,
        p_request_id,
        p_created_after,
        p_created_before,
        p_sort,
        p_order,
        p_fields,
    ) {
        (
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_actor_id),
            Some(p_action),
            Some(p_resource),
            Some(p_resource_id),
            Some(p_request_id),
            Some(p_created_after),
            Some(p_created_before),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListAuditEventsParams {
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            actor_id: p_actor_id,
            action: p_action,
            resource: p_resource,
            resource_id: p_resource_id,
            request_id: p_request_id,
            created_after: p_created_after,
            created_before: p_created_before,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_api_key(input: &Input<'_>) -> Result<CreateApiKeyParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::ApiKeyCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_idempotency_key) {
        (Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateApiKeyParams { body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn list_api_keys(input: &Input<'_>) -> Result<ListApiKeysParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order", "fields"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::ApiKeySort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_limit, p_page, p_offset, p_cursor, p_sort, p_order, p_fields) {
        (Some(p_limit), Some(p_page), Some(p_offset), Some(p_cursor), Some(p_sort), Some(p_order), Some(p_fields)) => {
            Some(ListApiKeysParams {
                limit: p_limit,
                page: p_page,
                offset: p_offset,
                cursor: p_cursor,
                sort: p_sort,
                order: p_order,
                fields: p_fields,
            })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn delete_api_key(input: &Input<'_>) -> Result<DeleteApiKeyParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_api_key_id = input.path("api_key_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match (p_api_key_id,) {
        (Some(p_api_key_id),) => Some(DeleteApiKeyParams { api_key_id: p_api_key_id }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_sessions(input: &Input<'_>) -> Result<ListSessionsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order", "fields"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::SessionSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "created_at", "last_used_at", "expires_at", "user_agent", "ip", "current"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_limit, p_page, p_offset, p_cursor, p_sort, p_order, p_fields) {
        (Some(p_limit), Some(p_page), Some(p_offset), Some(p_cursor), Some(p_sort), Some(p_order), Some(p_fields)) => {
            Some(ListSessionsParams {
                limit: p_limit,
                page: p_page,
                offset: p_offset,
                cursor: p_cursor,
                sort: p_sort,
                order: p_order,
                fields: p_fields,
            })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn login(input: &Input<'_>) -> Result<LoginParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::LoginRequest>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(LoginParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn logout(input: &Input<'_>) -> Result<LogoutParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match () {
        () => Some(LogoutParams {}),
    };
    found.finish(decoded)
}

fn refresh_session(input: &Input<'_>) -> Result<RefreshSessionParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::RefreshRequest>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(RefreshSessionParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn revoke_session(input: &Input<'_>) -> Result<RevokeSessionParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_session_id = input.path("session_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match (p_session_id,) {
        (Some(p_session_id),) => Some(RevokeSessionParams { session_id: p_session_id }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_category(input: &Input<'_>) -> Result<CreateCategoryParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::CategoryCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_idempotency_key) {
        (Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateCategoryParams { body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn list_categories(input: &Input<'_>) -> Result<ListCategoriesParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> =
        input.query(&["limit", "page", "offset", "cursor", "slug", "sort", "order", "fields"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_slug = pairs.get("slug", &rule::Text::new().min(1).max(100), &mut found);
    let p_slug = Violations::optional(p_slug);
    let p_sort = pairs.get("sort", &rule::Enum::<models::CategorySort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "name", "slug", "description", "created_at", "updated_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_limit, p_page, p_offset, p_cursor, p_slug, p_sort, p_order, p_fields) {
        (
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_slug),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListCategoriesParams {
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            slug: p_slug,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn delete_category(input: &Input<'_>) -> Result<DeleteCategoryParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_category_id = input.path("category_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_category_id, p_if_match) {
        (Some(p_category_id), Some(p_if_match)) => {
            Some(DeleteCategoryParams { category_id: p_category_id, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_category(input: &Input<'_>) -> Result<GetCategoryParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_category_id = input.path("category_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "name", "slug", "description", "created_at", "updated_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_category_id, p_fields) {
        (Some(p_category_id), Some(p_fields)) => {
            Some(GetCategoryParams { category_id: p_category_id, fields: p_fields })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn list_category_products(input: &Input<'_>) -> Result<ListCategoryProductsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_category_id = input.path("category_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(
        &[
            "limit",
            "page",
            "offset",
            "cursor",
            "min_price",
            "max_price",
            "in_stock",
            "status",
            "search",
            "sort",
            "order",
            "fields",
        ],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_min_price = pairs.get("min_price", &rule::Int::<i64>::new().min(0).max(100000000000), &mut found);
    let p_min_price = Violations::optional(p_min_price);
    let p_max_price = pairs.get("max_price", &rule::Int::<i64>::new().min(0).max(100000000000), &mut found);
    let p_max_price = Violations::optional(p_max_price);
    let p_in_stock = pairs.get("in_stock", &rule::Flag, &mut found);
    let p_in_stock = Violations::optional(p_in_stock);
    let p_status = pairs.get("status", &rule::Enum::<models::ProductStatus>::new(), &mut found);
    let p_status = Violations::optional(p_status);
    let p_search = pairs.get("search", &rule::Text::new().min(1).max(100), &mut found);
    let p_search = Violations::optional(p_search);
    let p_sort = pairs.get("sort", &rule::Enum::<models::ProductSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "category_id",
            "name",
            "sku",
            "description",
            "price",
            "stock",
            "status",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_category_id,
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_min_price,
        p_max_price,
        p_in_stock,
        p_status,
        p_search,
        p_sort,
        p_order,
        p_fields,
    ) {
        (
            Some(p_category_id),
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_min_price),
            Some(p_max_price),
            Some(p_in_stock),
            Some(p_status),
            Some(p_search),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListCategoryProductsParams {
            category_id: p_category_id,
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            min_price: p_min_price,
            max_price: p_max_price,
            in_stock: p_in_stock,
            status: p_status,
            search: p_search,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn replace_category(input: &Input<'_>) -> Result<ReplaceCategoryParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_category_id = input.path("category_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::CategoryReplace>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_category_id, p_body, p_if_match) {
        (Some(p_category_id), Some(p_body), Some(p_if_match)) => {
            Some(ReplaceCategoryParams { category_id: p_category_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn update_category(input: &Input<'_>) -> Result<UpdateCategoryParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_category_id = input.path("category_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::CategoryUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_category_id, p_body, p_if_match) {
        (Some(p_category_id), Some(p_body), Some(p_if_match)) => {
            Some(UpdateCategoryParams { category_id: p_category_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_my_limits(input: &Input<'_>) -> Result<GetMyLimitsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let decoded = match () {
        () => Some(GetMyLimitsParams {}),
    };
    found.finish(decoded)
}

fn introspect_token(input: &Input<'_>) -> Result<IntrospectTokenParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let pairs = input.open_form(&["token", "token_type_hint"], &mut found);
    let p_token = pairs.get("token", &rule::Hidden(rule::Text::new().max(4096)), &mut found);
    let p_token = found.required("token", p_token);
    let p_token_type_hint = pairs.get("token_type_hint", &rule::Text::new().max(64), &mut found);
    let p_token_type_hint = Violations::optional(p_token_type_hint);
    let decoded = match (p_token, p_token_type_hint) {
        (Some(p_token), Some(p_token_type_hint)) => {
            Some(IntrospectTokenParams { token: p_token, token_type_hint: p_token_type_hint })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn issue_token(input: &Input<'_>) -> Result<IssueTokenParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let pairs = input.open_form(
        &["grant_type", "username", "password", "refresh_token", "scope", "client_id", "client_secret"],
        &mut found,
    );
    let p_grant_type = pairs.get("grant_type", &rule::Text::new().max(64), &mut found);
    let p_grant_type = found.required("grant_type", p_grant_type);
    let p_username = pairs.get("username", &rule::Text::new().max(254), &mut found);
    let p_username = Violations::optional(p_username);
    let p_password = pairs.get("password", &rule::Hidden(rule::Text::new().max(128)), &mut found);
    let p_password = Violations::optional(p_password);
    let p_refresh_token = pairs.get("refresh_token", &rule::Hidden(rule::Text::new().max(512)), &mut found);
    let p_refresh_token = Violations::optional(p_refresh_token);
    let p_scope = pairs.get("scope", &rule::Text::new().max(1024), &mut found);
    let p_scope = Violations::optional(p_scope);
    let p_client_id = pairs.get("client_id", &rule::Text::new().max(64), &mut found);
    let p_client_id = Violations::optional(p_client_id);
    let p_client_secret = pairs.get("client_secret", &rule::Hidden(rule::Text::new().max(256)), &mut found);
    let p_client_secret = Violations::optional(p_client_secret);
    pairs.requires(
        "grant_type",
        &[("password", &["username", "password"]), ("refresh_token", &["refresh_token"])],
        &mut found,
    );
    let decoded = match (p_grant_type, p_username, p_password, p_refresh_token, p_scope, p_client_id, p_client_secret) {
        (
            Some(p_grant_type),
            Some(p_username),
            Some(p_password),
            Some(p_refresh_token),
            Some(p_scope),
            Some(p_client_id),
            Some(p_client_secret),
        ) => Some(IssueTokenParams {
            grant_type: p_grant_type,
            username: p_username,
            password: p_password,
            refresh_token: p_refresh_token,
            scope: p_scope,
            client_id: p_client_id,
            client_secret: p_client_secret,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn revoke_token(input: &Input<'_>) -> Result<RevokeTokenParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let pairs = input.open_form(&["token", "token_type_hint", "client_id", "client_secret"], &mut found);
    let p_token = pairs.get("token", &rule::Hidden(rule::Text::new().max(4096)), &mut found);
    let p_token = found.required("token", p_token);
    let p_token_type_hint = pairs.get("token_type_hint", &rule::Text::new().max(64), &mut found);
    let p_token_type_hint = Violations::optional(p_token_type_hint);
    let p_client_id = pairs.get("client_id", &rule::Text::new().max(64), &mut found);
    let p_client_id = Violations::optional(p_client_id);
    let p_client_secret = pairs.get("client_secret", &rule::Hidden(rule::Text::new().max(256)), &mut found);
    let p_client_secret = Violations::optional(p_client_secret);
    let decoded = match (p_token, p_token_type_hint, p_client_id, p_client_secret) {
        (Some(p_token), Some(p_token_type_hint), Some(p_client_id), Some(p_client_secret)) => Some(RevokeTokenParams {
            token: p_token,
            token_type_hint: p_token_type_hint,
            client_id: p_client_id,
            client_secret: p_client_secret,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_order(input: &Input<'_>) -> Result<CreateOrderParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::OrderCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_idempotency_key) {
        (Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateOrderParams { body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn list_orders(input: &Input<'_>) -> Result<ListOrdersParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(
        &[
            "limit",
            "page",
            "offset",
            "cursor",
            "status",
            "user_id",
            "created_after",
            "created_before",
            "sort",
            "order",
            "fields",
        ],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_status = pairs.get("status", &rule::Enum::<models::OrderStatus>::new(), &mut found);
    let p_status = Violations::optional(p_status);
    let p_user_id = pairs.get("user_id", &rule::Id, &mut found);
    let p_user_id = Violations::optional(p_user_id);
    let p_created_after = pairs.get("created_after", &rule::Time, &mut found);
    let p_created_after = Violations::optional(p_created_after);
    let p_created_before = pairs.get("created_before", &rule::Time, &mut found);
    let p_created_before = Violations::optional(p_created_before);
    let p_sort = pairs.get("sort", &rule::Enum::<models::OrderSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "user_id",
            "status",
            "items",
            "total",
            "note",
            "allowed_transitions",
            "expires_at",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_status,
        p_user_id,
        p_created_after,
        p_created_before,
        p_sort,
        p_order,
        p_fields,
    ) {
        (
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_status),
            Some(p_user_id),
            Some(p_created_after),
            Some(p_created_before),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListOrdersParams {
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            status: p_status,
            user_id: p_user_id,
            created_after: p_created_after,
            created_before: p_created_before,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_order_item(input: &Input<'_>) -> Result<CreateOrderItemParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::OrderItemCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_order_id, p_body, p_idempotency_key) {
        (Some(p_order_id), Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateOrderItemParams { order_id: p_order_id, body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn create_order_transition(input: &Input<'_>) -> Result<CreateOrderTransitionParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::OrderTransitionCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_order_id, p_body, p_idempotency_key) {
        (Some(p_order_id), Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateOrderTransitionParams { order_id: p_order_id, body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn create_user_order(input: &Input<'_>) -> Result<CreateUserOrderParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::OrderCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_user_id, p_body, p_idempotency_key) {
        (Some(p_user_id), Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateUserOrderParams { user_id: p_user_id, body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn delete_order(input: &Input<'_>) -> Result<DeleteOrderParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_order_id, p_if_match) {
        (Some(p_order_id), Some(p_if_match)) => Some(DeleteOrderParams { order_id: p_order_id, if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn get_order(input: &Input<'_>) -> Result<GetOrderParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "user_id",
            "status",
            "items",
            "total",
            "note",
            "allowed_transitions",
            "expires_at",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_order_id, p_fields) {
        (Some(p_order_id), Some(p_fields)) => Some(GetOrderParams { order_id: p_order_id, fields: p_fields }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_order_items(input: &Input<'_>) -> Result<ListOrderItemsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order", "fields"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::OrderItemSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "product_id", "sku", "name", "quantity", "unit_price", "total", "created_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_order_id, p_limit, p_page, p_offset, p_cursor, p_sort, p_order, p_fields) {
        (
            Some(p_order_id),
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListOrderItemsParams {
            order_id: p_order_id,
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_order_transitions(input: &Input<'_>) -> Result<ListOrderTransitionsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order", "fields"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::OrderTransitionSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "from", "to", "actor", "actor_id", "note", "created_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_order_id, p_limit, p_page, p_offset, p_cursor, p_sort, p_order, p_fields) {
        (
            Some(p_order_id),
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListOrderTransitionsParams {
            order_id: p_order_id,
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_user_orders(input: &Input<'_>) -> Result<ListUserOrdersParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(
        &["limit", "page", "offset", "cursor", "status", "created_after", "created_before", "sort", "order", "fields"],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_status = pairs.get("status", &rule::Enum::<models::OrderStatus>::new(), &mut found);
    let p_status = Violations::optional(p_status);
    let p_created_after = pairs.get("created_after", &rule::Time, &mut found);
    let p_created_after = Violations::optional(p_created_after);
    let p_created_before = pairs.get("created_before", &rule::Time, &mut found);
    let p_created_before = Violations::optional(p_created_before);
    let p_sort = pairs.get("sort", &rule::Enum::<models::OrderSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "user_id",
            "status",
            "items",
            "total",
            "note",
            "allowed_transitions",
            "expires_at",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_user_id,
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_status,
        p_created_after,
        p_created_before,
        p_sort,
        p_order,
        p_fields,
    ) {
        (
            Some(p_user_id),
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_status),
            Some(p_created_after),
            Some(p_created_before),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListUserOrdersParams {
            user_id: p_user_id,
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            status: p_status,
            created_after: p_created_after,
            created_before: p_created_before,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn update_order(input: &Input<'_>) -> Result<UpdateOrderParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::OrderUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_order_id, p_body, p_if_match) {
        (Some(p_order_id), Some(p_body), Some(p_if_match)) => {
            Some(UpdateOrderParams { order_id: p_order_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn delete_order_item(input: &Input<'_>) -> Result<DeleteOrderItemParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let p_item_id = input.path("item_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_order_id, p_item_id, p_if_match) {
        (Some(p_order_id), Some(p_item_id), Some(p_if_match)) => {
            Some(DeleteOrderItemParams { order_id: p_order_id, item_id: p_item_id, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_order_item(input: &Input<'_>) -> Result<GetOrderItemParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let p_item_id = input.path("item_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "product_id", "sku", "name", "quantity", "unit_price", "total", "created_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_order_id, p_item_id, p_fields) {
        (Some(p_order_id), Some(p_item_id), Some(p_fields)) => {
            Some(GetOrderItemParams { order_id: p_order_id, item_id: p_item_id, fields: p_fields })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_order_transition(input: &Input<'_>) -> Result<GetOrderTransitionParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let p_transition_id = input.path("transition_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "from", "to", "actor", "actor_id", "note", "created_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_order_id, p_transition_id, p_fields) {
        (Some(p_order_id), Some(p_transition_id), Some(p_fields)) => {
            Some(GetOrderTransitionParams { order_id: p_order_id, transition_id: p_transition_id, fields: p_fields })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_user_order(input: &Input<'_>) -> Result<GetUserOrderParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "user_id",
            "status",
            "items",
            "total",
            "note",
            "allowed_transitions",
            "expires_at",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_user_id, p_order_id, p_fields) {
        (Some(p_user_id), Some(p_order_id), Some(p_fields)) => {
            Some(GetUserOrderParams { user_id: p_user_id, order_id: p_order_id, fields: p_fields })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn replace_order_item(input: &Input<'_>) -> Result<ReplaceOrderItemParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_order_id = input.path("order_id", &rule::Id, &mut found);
    let p_item_id = input.path("item_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::OrderItemReplace>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_order_id, p_item_id, p_body, p_if_match) {
        (Some(p_order_id), Some(p_item_id), Some(p_body), Some(p_if_match)) => Some(ReplaceOrderItemParams {
            order_id: p_order_id,
            item_id: p_item_id,
            body: p_body,
            if_match: p_if_match,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_product(input: &Input<'_>) -> Result<CreateProductParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::ProductCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_idempotency_key) {
        (Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateProductParams { body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn list_products(input: &Input<'_>) -> Result<ListProductsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(
        &[
            "limit",
            "page",
            "offset",
            "cursor",
            "category_id",
            "min_price",
            "max_price",
            "in_stock",
            "status",
            "search",
            "sort",
            "order",
            "fields",
        ],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_category_id = pairs.get("category_id", &rule::Id, &mut found);
    let p_category_id = Violations::optional(p_category_id);
    let p_min_price = pairs.get("min_price", &rule::Int::<i64>::new().min(0).max(100000000000), &mut found);
    let p_min_price = Violations::optional(p_min_price);
    let p_max_price = pairs.get("max_price", &rule::Int::<i64>::new().min(0).max(100000000000), &mut found);
    let p_max_price = Violations::optional(p_max_price);
    let p_in_stock = pairs.get("in_stock", &rule::Flag, &mut found);
    let p_in_stock = Violations::optional(p_in_stock);
    let p_status = pairs.get("status", &rule::Enum::<models::ProductStatus>::new(), &mut found);
    let p_status = Violations::optional(p_status);
    let p_search = pairs.get("search", &rule::Text::new().min(1).max(100), &mut found);
    let p_search = Violations::optional(p_search);
    let p_sort = pairs.get("sort", &rule::Enum::<models::ProductSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "category_id",
            "name",
            "sku",
            "description",
            "price",
            "stock",
            "status",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_category_id,
        p_min_price,
        p_max_price,
        p_in_stock,
        p_status,
        p_search,
        p_sort,
        p_order,
        p_fields,
    ) {
        (
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_category_id),
            Some(p_min_price),
            Some(p_max_price),
            Some(p_in_stock),
            Some(p_status),
            Some(p_search),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListProductsParams {
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            category_id: p_category_id,
            min_price: p_min_price,
            max_price: p_max_price,
            in_stock: p_in_stock,
            status: p_status,
            search: p_search,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_stock_adjustment(input: &Input<'_>) -> Result<CreateStockAdjustmentParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::StockAdjustmentCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_product_id, p_body, p_idempotency_key) {
        (Some(p_product_id), Some(p_body), Some(p_idempotency_key)) => Some(CreateStockAdjustmentParams {
            product_id: p_product_id,
            body: p_body,
            idempotency_key: p_idempotency_key,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn delete_product(input: &Input<'_>) -> Result<DeleteProductParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_product_id, p_if_match) {
        (Some(p_product_id), Some(p_if_match)) => {
            Some(DeleteProductParams { product_id: p_product_id, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_product(input: &Input<'_>) -> Result<GetProductParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&[
            "id",
            "category_id",
            "name",
            "sku",
            "description",
            "price",
            "stock",
            "status",
            "created_at",
            "updated_at",
        ]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_product_id, p_fields) {
        (Some(p_product_id), Some(p_fields)) => Some(GetProductParams { product_id: p_product_id, fields: p_fields }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_stock_adjustments(input: &Input<'_>) -> Result<ListStockAdjustmentsParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["limit", "page", "offset", "cursor", "sort", "order", "fields"], &mut found);
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::StockAdjustmentSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "product_id", "delta", "reason", "stock_after", "actor_id", "created_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_product_id, p_limit, p_page, p_offset, p_cursor, p_sort, p_order, p_fields) {
        (
            Some(p_product_id),
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_sort),
            Some(p_order),
            Some(p_fields),
        ) => Some(ListStockAdjustmentsParams {
            product_id: p_product_id,
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            sort: p_sort,
            order: p_order,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn replace_product(input: &Input<'_>) -> Result<ReplaceProductParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::ProductReplace>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_product_id, p_body, p_if_match) {
        (Some(p_product_id), Some(p_body), Some(p_if_match)) => {
            Some(ReplaceProductParams { product_id: p_product_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn update_product(input: &Input<'_>) -> Result<UpdateProductParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::ProductUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_product_id, p_body, p_if_match) {
        (Some(p_product_id), Some(p_body), Some(p_if_match)) => {
            Some(UpdateProductParams { product_id: p_product_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn get_stock_adjustment(input: &Input<'_>) -> Result<GetStockAdjustmentParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_product_id = input.path("product_id", &rule::Id, &mut found);
    let p_adjustment_id = input.path("adjustment_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "product_id", "delta", "reason", "stock_after", "actor_id", "created_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_product_id, p_adjustment_id, p_fields) {
        (Some(p_product_id), Some(p_adjustment_id), Some(p_fields)) => Some(GetStockAdjustmentParams {
            product_id: p_product_id,
            adjustment_id: p_adjustment_id,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn change_password(input: &Input<'_>) -> Result<ChangePasswordParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_body = input.json(&rule::model::<models::PasswordChange>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body,) {
        (Some(p_body),) => Some(ChangePasswordParams { body: p_body }),
        _ => None,
    };
    found.finish(decoded)
}

fn create_user(input: &Input<'_>) -> Result<CreateUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_idempotency_key = input.header("Idempotency-Key", &rule::RepeatKey, &mut found);
    let p_idempotency_key = Violations::optional(p_idempotency_key);
    let p_body = input.json(&rule::model::<models::UserCreate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_idempotency_key) {
        (Some(p_body), Some(p_idempotency_key)) => {
            Some(CreateUserParams { body: p_body, idempotency_key: p_idempotency_key })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn delete_current_user(input: &Input<'_>) -> Result<DeleteCurrentUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_if_match,) {
        (Some(p_if_match),) => Some(DeleteCurrentUserParams { if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn get_current_user(input: &Input<'_>) -> Result<GetCurrentUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "email", "username", "full_name", "role", "status", "created_at", "updated_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_fields,) {
        (Some(p_fields),) => Some(GetCurrentUserParams { fields: p_fields }),
        _ => None,
    };
    found.finish(decoded)
}

fn list_users(input: &Input<'_>) -> Result<ListUsersParams, Problem> {
    let mut found = Violations::new(input.ground);
    let pairs: Pairs<'_> = input.query(
        &[
            "limit",
            "page",
            "offset",
            "cursor",
            "sort",
            "order",
            "role",
            "status",
            "search",
            "created_after",
            "created_before",
            "fields",
        ],
        &mut found,
    );
    let p_limit = pairs.get("limit", &rule::Int::<i32>::new().min(1).max(100), &mut found);
    let p_limit = Violations::defaulted(p_limit, || 20);
    let p_page = pairs.get("page", &rule::Int::<i32>::new().min(1).max(1000000), &mut found);
    let p_page = Violations::optional(p_page);
    let p_offset = pairs.get("offset", &rule::Int::<i32>::new().min(0).max(100000000), &mut found);
    let p_offset = Violations::optional(p_offset);
    let p_cursor = pairs.get("cursor", &rule::Text::new().max(1024), &mut found);
    let p_cursor = Violations::optional(p_cursor);
    let p_sort = pairs.get("sort", &rule::Enum::<models::UserSort>::new(), &mut found);
    let p_sort = Violations::optional(p_sort);
    let p_order = pairs.get("order", &rule::Enum::<models::SortOrder>::new(), &mut found);
    let p_order = Violations::optional(p_order);
    let p_role = pairs.get("role", &rule::Enum::<models::Role>::new(), &mut found);
    let p_role = Violations::optional(p_role);
    let p_status = pairs.get("status", &rule::Enum::<models::AccountStatus>::new(), &mut found);
    let p_status = Violations::optional(p_status);
    let p_search = pairs.get("search", &rule::Text::new().min(1).max(100), &mut found);
    let p_search = Violations::optional(p_search);
    let p_created_after = pairs.get("created_after", &rule::Time, &mut found);
    let p_created_after = Violations::optional(p_created_after);
    let p_created_before = pairs.get("created_before", &rule::Time, &mut found);
    let p_created_before = Violations::optional(p_created_before);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "email", "username", "full_name", "role", "status", "created_at", "updated_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    pairs.exclusive(&["page", "offset", "cursor"], &mut found);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (
        p_limit,
        p_page,
        p_offset,
        p_cursor,
        p_sort,
        p_order,
        p_role,
        p_status,
        p_search,
        p_created_after,
        p_created_before,
        p_fields,
    ) {
        (
            Some(p_limit),
            Some(p_page),
            Some(p_offset),
            Some(p_cursor),
            Some(p_sort),
            Some(p_order),
            Some(p_role),
            Some(p_status),
            Some(p_search),
            Some(p_created_after),
            Some(p_created_before),
            Some(p_fields),
        ) => Some(ListUsersParams {
            limit: p_limit,
            page: p_page,
            offset: p_offset,
            cursor: p_cursor,
            sort: p_sort,
            order: p_order,
            role: p_role,
            status: p_status,
            search: p_search,
            created_after: p_created_after,
            created_before: p_created_before,
            fields: p_fields,
        }),
        _ => None,
    };
    found.finish(decoded)
}

fn update_current_user(input: &Input<'_>) -> Result<UpdateCurrentUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::UserUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_body, p_if_match) {
        (Some(p_body), Some(p_if_match)) => Some(UpdateCurrentUserParams { body: p_body, if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn delete_user(input: &Input<'_>) -> Result<DeleteUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let decoded = match (p_user_id, p_if_match) {
        (Some(p_user_id), Some(p_if_match)) => Some(DeleteUserParams { user_id: p_user_id, if_match: p_if_match }),
        _ => None,
    };
    found.finish(decoded)
}

fn get_user(input: &Input<'_>) -> Result<GetUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let pairs: Pairs<'_> = input.query(&["fields"], &mut found);
    let p_fields = pairs.get(
        "fields",
        &rule::Names::of(&["id", "email", "username", "full_name", "role", "status", "created_at", "updated_at"]),
        &mut found,
    );
    let p_fields = Violations::defaulted(p_fields, contract::Fields::default);
    input.judge_header("If-None-Match", &rule::Text::new().max(1024), &mut found);
    let decoded = match (p_user_id, p_fields) {
        (Some(p_user_id), Some(p_fields)) => Some(GetUserParams { user_id: p_user_id, fields: p_fields }),
        _ => None,
    };
    found.finish(decoded)
}

fn replace_user(input: &Input<'_>) -> Result<ReplaceUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::UserReplace>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_user_id, p_body, p_if_match) {
        (Some(p_user_id), Some(p_body), Some(p_if_match)) => {
            Some(ReplaceUserParams { user_id: p_user_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}

fn update_user(input: &Input<'_>) -> Result<UpdateUserParams, Problem> {
    let mut found = Violations::new(input.ground);
    let p_user_id = input.path("user_id", &rule::Id, &mut found);
    let _: Pairs<'_> = input.query(&[], &mut found);
    let p_if_match = input.header("If-Match", &rule::Text::new().max(1024), &mut found);
    let p_if_match = Violations::optional(p_if_match);
    let p_body = input.json(&rule::model::<models::UserUpdate>(), &mut found)?;
    let p_body = found.whole(p_body);
    let decoded = match (p_user_id, p_body, p_if_match) {
        (Some(p_user_id), Some(p_body), Some(p_if_match)) => {
            Some(UpdateUserParams { user_id: p_user_id, body: p_body, if_match: p_if_match })
        }
        _ => None,
    };
    found.finish(decoded)
}
