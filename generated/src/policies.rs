//! What the document declares once: scopes of roles, rate limits, problems.
use contract::Kind;

/// A role and the scopes that it holds (`x-role-scopes`).
pub static ROLE_SCOPES: &[(&str, &[&str])] = &[
    ("user", &["account:read", "account:write", "orders:read", "orders:write"]),
    ("moderator", &["account:read", "account:write", "orders:read", "orders:write", "users:read", "orders:manage"]),
    (
        "admin",
        &[
            "account:read",
            "account:write",
            "orders:read",
            "orders:write",
            "users:read",
            "orders:manage",
            "users:write",
            "catalog:write",
            "admin:read",
        ],
    ),
];

/// A policy of `x-rate-limit-policies`: how many requests each audience has in a window.
#[derive(Debug, Clone, Copy)]
pub struct LimitPolicy {
    pub name: &'static str,
    pub window_seconds: u32,
    /// Whether a member of the decoded input joins the key.
    pub partitioned: bool,
    /// Whether signed-in callers are counted by their address too.
    pub by_address: bool,
    /// Audience and its number of requests.
    pub audiences: &'static [(&'static str, u32)],
}

/// Every declared policy.
pub static LIMIT_POLICIES: &[LimitPolicy] = &[
    LimitPolicy {
        name: "default",
        window_seconds: 60,
        partitioned: false,
        by_address: false,
        audiences: &[("anonymous", 300), ("user", 1000), ("moderator", 2000), ("admin", 5000)],
    },
    LimitPolicy {
        name: "registration",
        window_seconds: 60,
        partitioned: false,
        by_address: true,
        audiences: &[("anonymous", 300), ("user", 300), ("moderator", 300), ("admin", 5000)],
    },
    LimitPolicy {
        name: "catalog",
        window_seconds: 60,
        partitioned: false,
        by_address: true,
        audiences: &[("anonymous", 3000), ("user", 3000), ("moderator", 3000), ("admin", 3000)],
    },
    LimitPolicy {
        name: "login",
        window_seconds: 60,
        partitioned: true,
        by_address: false,
        audiences: &[("anonymous", 10), ("user", 10), ("moderator", 10), ("admin", 10)],
    },
    LimitPolicy {
        name: "password",
        window_seconds: 60,
        partitioned: false,
        by_address: false,
        audiences: &[("anonymous", 10), ("user", 10), ("moderator", 10), ("admin", 10)],
    },
];

/// A problem as its page under `/problems/` explains it.
#[derive(Debug, Clone, Copy)]
pub struct ProblemPage {
    pub kind: Kind,
    pub cause: &'static str,
    pub mend: &'static str,
}

/// Every declared problem.
pub static PROBLEMS: &[ProblemPage] = &[
    ProblemPage {
        kind: MALFORMED_REQUEST,
        cause: r##"The request could not be read: its framing, its encoding or a header is broken."##,
        mend: r##"Send well-formed HTTP with a UTF-8 body."##,
    },
    ProblemPage {
        kind: INVALID_JSON,
        cause: r##"The body is not JSON, or is cut short."##,
        mend: r##"Send one complete JSON text (RFC 8259)."##,
    },
    ProblemPage {
        kind: INVALID_REQUEST,
        cause: r##"A parameter of the OAuth request is missing, repeated, unknown or not valid."##,
        mend: r##"Send the form that RFC 6749, 7009 or 7662 asks for; `errors` names each fault."##,
    },
    ProblemPage {
        kind: UNSUPPORTED_GRANT_TYPE,
        cause: r##"The grant type is not known here, or is switched off."##,
        mend: r##"Use refresh_token or client_credentials, or password where it is on."##,
    },
    ProblemPage {
        kind: INVALID_GRANT,
        cause: r##"The credentials or the refresh token are wrong, expired, already used, or belong to an account that may not sign in."##,
        mend: r##"Ask for the credentials anew and begin with a fresh grant."##,
    },
    ProblemPage {
        kind: INVALID_SCOPE,
        cause: r##"A requested scope is unknown, or more than the account or key holds."##,
        mend: r##"Ask for fewer scopes, or leave `scope` out to get all that are allowed."##,
    },
    ProblemPage {
        kind: UNAUTHENTICATED,
        cause: r##"The operation needs a caller and the request carries no credentials."##,
        mend: r##"Send an access token as `Authorization: Bearer`, or an API key in `X-API-Key`."##,
    },
    ProblemPage {
        kind: INVALID_TOKEN,
        cause: r##"The token or key is malformed, forged, expired, revoked, or its account is gone."##,
        mend: r##"Refresh the session or sign in again."##,
    },
    ProblemPage {
        kind: INVALID_CREDENTIALS,
        cause: r##"No account matches this name and password."##,
        mend: r##"Check both; the answer does not tell which is wrong."##,
    },
    ProblemPage {
        kind: INVALID_CLIENT,
        cause: r##"The client's id or secret is missing or wrong."##,
        mend: r##"Send the id of an API key and its secret by HTTP Basic."##,
    },
    ProblemPage {
        kind: INSUFFICIENT_SCOPE,
        cause: r##"The caller is known, but the token or key does not hold the scopes that the operation needs."##,
        mend: r##"Use a token with one of the scope sets named in `WWW-Authenticate`."##,
    },
    ProblemPage {
        kind: FORBIDDEN,
        cause: r##"The caller may use the operation, but not for this: a role, a status or a scope beyond the caller's own."##,
        mend: r##"Leave the member out, or ask an administrator."##,
    },
    ProblemPage {
        kind: ACCOUNT_SUSPENDED,
        cause: r##"The account exists and the credentials are right, but it is suspended."##,
        mend: r##"Ask an administrator to make the account active again."##,
    },
    ProblemPage {
        kind: NOT_FOUND,
        cause: r##"There is nothing at this address, or it belongs to somebody else."##,
        mend: r##"Check the path and the id."##,
    },
    ProblemPage {
        kind: METHOD_NOT_ALLOWED,
        cause: r##"The resource is there, but does not know this method."##,
        mend: r##"Use one of the methods in `Allow`."##,
    },
    ProblemPage {
        kind: NOT_ACCEPTABLE,
        cause: r##"`Accept` rules out JSON, and there is nothing else to give."##,
        mend: r##"Accept `application/json` or `*/*`."##,
    },
    ProblemPage {
        kind: REQUEST_TIMEOUT,
        cause: r##"The request did not arrive completely in time."##,
        mend: r##"Send it again on a connection that keeps up."##,
    },
    ProblemPage {
        kind: EMAIL_TAKEN,
        cause: r##"Another account has this e-mail address."##,
        mend: r##"Use another address, or sign in to the account that has it."##,
    },
    ProblemPage {
        kind: USERNAME_TAKEN,
        cause: r##"Another account has this username; upper and lower case are the same."##,
        mend: r##"Choose another username."##,
    },
    ProblemPage {
        kind: SLUG_TAKEN,
        cause: r##"Another category has this slug."##,
        mend: r##"Choose another slug, or use the category that has it."##,
    },
    ProblemPage {
        kind: CATEGORY_IN_USE,
        cause: r##"Products remain in the category, archived ones perhaps."##,
        mend: r##"Move the products to another category or delete them first."##,
    },
    ProblemPage {
        kind: SKU_TAKEN,
        cause: r##"Another product has this SKU; upper and lower case are the same."##,
        mend: r##"Choose another SKU, or use the product that has it."##,
    },
    ProblemPage {
        kind: INSUFFICIENT_STOCK,
        cause: r##"There is less in stock than was to be taken."##,
        mend: r##"Take no more than `available`, or add to the stock first."##,
    },
    ProblemPage {
        kind: ORDER_NOT_PENDING,
        cause: r##"The items of an order can be changed while it is pending only, and it no longer is."##,
        mend: r##"Place another order for what is missing."##,
    },
    ProblemPage {
        kind: ORDER_EMPTY,
        cause: r##"An order needs at least one item, and this is its last."##,
        mend: r##"Cancel the order instead."##,
    },
    ProblemPage {
        kind: ORDER_FULL,
        cause: r##"The order has as many items as an order can have."##,
        mend: r##"Place another order for the rest."##,
    },
    ProblemPage {
        kind: PRODUCT_IN_ORDER,
        cause: r##"An item of the order is of this product already."##,
        mend: r##"Change the quantity of that item."##,
    },
    ProblemPage {
        kind: INVALID_TRANSITION,
        cause: r##"The workflow has no such step from the order's present status, or not for this caller."##,
        mend: r##"Take one of the steps in `allowed`; read the order again if it changed meanwhile."##,
    },
    ProblemPage {
        kind: IDEMPOTENCY_KEY_IN_USE,
        cause: r##"The first request with this `Idempotency-Key` has not been answered yet."##,
        mend: r##"Send the same request again in a moment; it then gets the first one's answer."##,
    },
    ProblemPage {
        kind: CONFLICT,
        cause: r##"The request contradicts the present state of the resource."##,
        mend: r##"Read the resource again and decide anew."##,
    },
    ProblemPage {
        kind: PRECONDITION_FAILED,
        cause: r##"The resource is no longer the one that `If-Match` names."##,
        mend: r##"Read it again, apply the change to the new state and send its `ETag`."##,
    },
    ProblemPage {
        kind: BODY_TOO_LARGE,
        cause: r##"The body is larger than this operation takes."##,
        mend: r##"Send less; the limit stands in `detail`."##,
    },
    ProblemPage {
        kind: URI_TOO_LONG,
        cause: r##"The request target is longer than the server takes."##,
        mend: r##"Shorten the query."##,
    },
    ProblemPage {
        kind: UNSUPPORTED_MEDIA_TYPE,
        cause: r##"The operation does not take a body of this `Content-Type` or `Content-Encoding`."##,
        mend: r##"Send one of the media types that the operation lists, uncompressed."##,
    },
    ProblemPage {
        kind: EXPECTATION_FAILED,
        cause: r##"`Expect` asks for something other than 100-continue."##,
        mend: r##"Leave the header out."##,
    },
    ProblemPage {
        kind: MISDIRECTED_REQUEST,
        cause: r##"The request is meant for a host that is not served here."##,
        mend: r##"Check the `Host` header and the address."##,
    },
    ProblemPage {
        kind: VALIDATION_FAILED,
        cause: r##"The request is well-formed, but parts of it are missing, unknown or not valid."##,
        mend: r##"Mend every place that `errors` names."##,
    },
    ProblemPage {
        kind: IDEMPOTENCY_KEY_REUSED,
        cause: r##"This `Idempotency-Key` was sent with another request before."##,
        mend: r##"Make up a new key for each act, and send a key again with the very same request only."##,
    },
    ProblemPage {
        kind: PRECONDITION_REQUIRED,
        cause: r##"The change must say which state of the resource it starts from."##,
        mend: r##"Read the resource and send its `ETag` in `If-Match`."##,
    },
    ProblemPage {
        kind: RATE_LIMITED,
        cause: r##"The caller has used up a rate limit."##,
        mend: r##"Wait for as many seconds as `Retry-After` says."##,
    },
    ProblemPage {
        kind: HEADERS_TOO_LARGE,
        cause: r##"The header section is larger than the server takes."##,
        mend: r##"Send fewer or shorter headers."##,
    },
    ProblemPage {
        kind: INTERNAL_ERROR,
        cause: r##"The server failed. The details are in its log under the request id."##,
        mend: r##"Try again later; report the request id if it stays."##,
    },
    ProblemPage {
        kind: NOT_IMPLEMENTED,
        cause: r##"No resource knows this method."##,
        mend: r##"Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS."##,
    },
    ProblemPage {
        kind: OVERLOADED,
        cause: r##"The server has more work than it can do in time."##,
        mend: r##"Try again after `Retry-After`."##,
    },
    ProblemPage {
        kind: UNAVAILABLE,
        cause: r##"Something that the server depends on is not there, or it is stopping."##,
        mend: r##"Try again after `Retry-After`."##,
    },
];

pub const MALFORMED_REQUEST: Kind = Kind { code: "malformed_request", status: 400, title: r##"Malformed request"## };
pub const INVALID_JSON: Kind = Kind { code: "invalid_json", status: 400, title: r##"Invalid JSON"## };
pub const INVALID_REQUEST: Kind = Kind { code: "invalid_request", status: 400, title: r##"Invalid request"## };
pub const UNSUPPORTED_GRANT_TYPE: Kind =
    Kind { code: "unsupported_grant_type", status: 400, title: r##"Unsupported grant type"## };
pub const INVALID_GRANT: Kind = Kind { code: "invalid_grant", status: 400, title: r##"Invalid grant"## };
pub const INVALID_SCOPE: Kind = Kind { code: "invalid_scope", status: 400, title: r##"Invalid scope"## };
pub const UNAUTHENTICATED: Kind = Kind { code: "unauthenticated", status: 401, title: r##"Authentication required"## };
pub const INVALID_TOKEN: Kind = Kind { code: "invalid_token", status: 401, title: r##"Invalid token"## };
pub const INVALID_CREDENTIALS: Kind =
    Kind { code: "invalid_credentials", status: 401, title: r##"Wrong name or password"## };
pub const INVALID_CLIENT: Kind = Kind { code: "invalid_client", status: 401, title: r##"Invalid client"## };
pub const INSUFFICIENT_SCOPE: Kind = Kind { code: "insufficient_scope", status: 403, title: r##"Insufficient scope"## };
pub const FORBIDDEN: Kind = Kind { code: "forbidden", status: 403, title: r##"Not allowed"## };
pub const ACCOUNT_SUSPENDED: Kind = Kind { code: "account_suspended", status: 403, title: r##"Account suspended"## };
pub const NOT_FOUND: Kind = Kind { code: "not_found", status: 404, title: r##"Not found"## };
pub const METHOD_NOT_ALLOWED: Kind = Kind { code: "method_not_allowed", status: 405, title: r##"Method not allowed"## };
pub const NOT_ACCEPTABLE: Kind = Kind { code: "not_acceptable", status: 406, title: r##"Not acceptable"## };
pub const REQUEST_TIMEOUT: Kind = Kind { code: "request_timeout", status: 408, title: r##"Request timeout"## };
pub const EMAIL_TAKEN: Kind = Kind { code: "email_taken", status: 409, title: r##"E-mail taken"## };
pub const USERNAME_TAKEN: Kind = Kind { code: "username_taken", status: 409, title: r##"Username taken"## };
pub const SLUG_TAKEN: Kind = Kind { code: "slug_taken", status: 409, title: r##"Slug taken"## };
pub const CATEGORY_IN_USE: Kind = Kind { code: "category_in_use", status: 409, title: r##"Category in use"## };
pub const SKU_TAKEN: Kind = Kind { code: "sku_taken", status: 409, title: r##"SKU taken"## };
pub const INSUFFICIENT_STOCK: Kind = Kind { code: "insufficient_stock", status: 409, title: r##"Insufficient stock"## };
pub const ORDER_NOT_PENDING: Kind = Kind { code: "order_not_pending", status: 409, title: r##"Order not pending"## };
pub const ORDER_EMPTY: Kind = Kind { code: "order_empty", status: 409, title: r##"Order without items"## };
pub const ORDER_FULL: Kind = Kind { code: "order_full", status: 409, title: r##"Order full"## };
pub const PRODUCT_IN_ORDER: Kind = Kind { code: "product_in_order", status: 409, title: r##"Product in order"## };
pub const INVALID_TRANSITION: Kind = Kind { code: "invalid_transition", status: 409, title: r##"Invalid transition"## };
pub const IDEMPOTENCY_KEY_IN_USE: Kind =
    Kind { code: "idempotency_key_in_use", status: 409, title: r##"Request still running"## };
pub const CONFLICT: Kind = Kind { code: "conflict", status: 409, title: r##"Conflict"## };
pub const PRECONDITION_FAILED: Kind =
    Kind { code: "precondition_failed", status: 412, title: r##"Changed meanwhile"## };
pub const BODY_TOO_LARGE: Kind = Kind { code: "body_too_large", status: 413, title: r##"Body too large"## };
pub const URI_TOO_LONG: Kind = Kind { code: "uri_too_long", status: 414, title: r##"URI too long"## };
pub const UNSUPPORTED_MEDIA_TYPE: Kind =
    Kind { code: "unsupported_media_type", status: 415, title: r##"Unsupported media type"## };
pub const EXPECTATION_FAILED: Kind = Kind { code: "expectation_failed", status: 417, title: r##"Expectation failed"## };
pub const MISDIRECTED_REQUEST: Kind =
    Kind { code: "misdirected_request", status: 421, title: r##"Misdirected request"## };
pub const VALIDATION_FAILED: Kind = Kind { code: "validation_failed", status: 422, title: r##"Validation failed"## };
pub const IDEMPOTENCY_KEY_REUSED: Kind =
    Kind { code: "idempotency_key_reused", status: 422, title: r##"Key belongs to another request"## };
pub const PRECONDITION_REQUIRED: Kind =
    Kind { code: "precondition_required", status: 428, title: r##"Condition required"## };
pub const RATE_LIMITED: Kind = Kind { code: "rate_limited", status: 429, title: r##"Too many requests"## };
pub const HEADERS_TOO_LARGE: Kind = Kind { code: "headers_too_large", status: 431, title: r##"Headers too large"## };
pub const INTERNAL_ERROR: Kind = Kind { code: "internal_error", status: 500, title: r##"Internal error"## };
pub const NOT_IMPLEMENTED: Kind = Kind { code: "not_implemented", status: 501, title: r##"Not implemented"## };
pub const OVERLOADED: Kind = Kind { code: "overloaded", status: 503, title: r##"Overloaded"## };
pub const UNAVAILABLE: Kind = Kind { code: "unavailable", status: 503, title: r##"Unavailable"## };
