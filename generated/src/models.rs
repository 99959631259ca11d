//! The schemas of the document: written as JSON in answers, read by their rules from requests.
use crate::models;
use contract::decode as rule;
use serde::Serialize;

/// Whether the account may act. Deleted accounts are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum AccountStatus {
    #[serde(rename = "active")]
    Active,
    #[serde(rename = "suspended")]
    Suspended,
}

impl AccountStatus {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }
}

impl std::fmt::Display for AccountStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for AccountStatus {
    const ALL: &'static [(&'static str, Self)] = &[("active", Self::Active), ("suspended", Self::Suspended)];
}

/// A key with which a program acts for the account. The secret is not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ApiKey {
    /// Also the client id at the OAuth token endpoint.
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "name")]
    pub name: String,
    /// How the secret begins, to tell keys apart.
    #[serde(rename = "prefix")]
    pub prefix: String,
    #[serde(rename = "scopes")]
    pub scopes: Vec<String>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "last_used_at")]
    pub last_used_at: swagger::Nullable<chrono::DateTime<chrono::Utc>>,
    #[serde(rename = "expires_at")]
    pub expires_at: swagger::Nullable<chrono::DateTime<chrono::Utc>>,
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ApiKeyCreate {
    /// What the key is for. Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name")]
    pub name: String,
    /// A subset of the scopes of the caller.
    #[serde(rename = "scopes")]
    pub scopes: Vec<models::Scope>,
    /// When the key stops working, in the future; absent or `null` is never.
    #[serde(
        rename = "expires_at",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub expires_at: Option<swagger::Nullable<chrono::DateTime<chrono::Utc>>>,
}

impl rule::Object for ApiKeyCreate {
    const MEMBERS: &'static [&'static str] = &["name", "scopes", "expires_at"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => {
                    m1 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                2 => m2 = members.value(index, &rule::List::of(rule::Enum::<models::Scope>::new()).min(1).max(20))?,
                _ => m3 = members.value(index, &rule::Nullable(rule::Future))?,
            }
        }
        let m1 = members.required("name", m1);
        let m2 = members.required("scopes", m2);
        let m3 = members.optional(m3);
        match (m1, m2, m3) {
            (Some(m1), Some(m2), Some(m3)) if members.clean() => {
                Ok(Some(Self { name: m1, scopes: m2, expires_at: m3 }))
            }
            _ => Ok(None),
        }
    }
}

/// A new key with its secret, which is shown this once.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ApiKeyCreated {
    /// Also the client id at the OAuth token endpoint.
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "name")]
    pub name: String,
    /// How the secret begins, to tell keys apart.
    #[serde(rename = "prefix")]
    pub prefix: String,
    #[serde(rename = "scopes")]
    pub scopes: Vec<String>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "last_used_at")]
    pub last_used_at: swagger::Nullable<chrono::DateTime<chrono::Utc>>,
    #[serde(rename = "expires_at")]
    pub expires_at: swagger::Nullable<chrono::DateTime<chrono::Utc>>,
    /// Send it in `X-API-Key`. It cannot be shown again.
    #[serde(rename = "secret")]
    pub secret: String,
}

/// A page of API keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ApiKeyPage {
    #[serde(rename = "data")]
    pub data: Vec<models::ApiKey>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// By what API keys are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum ApiKeySort {
    #[serde(rename = "created_at")]
    ApiKeyByCreatedAt,
    #[serde(rename = "name")]
    ApiKeyByName,
}

impl ApiKeySort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKeyByCreatedAt => "created_at",
            Self::ApiKeyByName => "name",
        }
    }
}

impl std::fmt::Display for ApiKeySort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for ApiKeySort {
    const ALL: &'static [(&'static str, Self)] =
        &[("created_at", Self::ApiKeyByCreatedAt), ("name", Self::ApiKeyByName)];
}

/// A member before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct AuditChange {
    #[serde(rename = "member")]
    pub member: String,
    /// The value as JSON text; `null` if there was none. Secrets are masked.
    #[serde(rename = "before")]
    pub before: swagger::Nullable<String>,
    /// The value as JSON text; `null` if there is none. Secrets are masked.
    #[serde(rename = "after")]
    pub after: swagger::Nullable<String>,
}

/// Something that was changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct AuditEvent {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    /// What was done, as in `order.placed`.
    #[serde(rename = "action")]
    pub action: String,
    /// Who did it: `user`, `staff`, `system` or `anonymous`; others may come.
    #[serde(rename = "actor")]
    pub actor: String,
    /// Account that did it; `null` if it was none.
    #[serde(rename = "actor_id")]
    pub actor_id: swagger::Nullable<uuid::Uuid>,
    /// Kind of the thing that was changed.
    #[serde(rename = "resource")]
    pub resource: String,
    /// The thing that was changed.
    #[serde(rename = "resource_id")]
    pub resource_id: uuid::Uuid,
    /// The request that did it; `null` if it was none.
    #[serde(rename = "request_id")]
    pub request_id: swagger::Nullable<String>,
    /// The members that differ.
    #[serde(rename = "changes")]
    pub changes: Vec<models::AuditChange>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// A page of audit events.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct AuditEventPage {
    #[serde(rename = "data")]
    pub data: Vec<models::AuditEvent>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// By what audit events are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum AuditEventSort {
    #[serde(rename = "created_at")]
    AuditEventByCreatedAt,
}

impl AuditEventSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuditEventByCreatedAt => "created_at",
        }
    }
}

impl std::fmt::Display for AuditEventSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for AuditEventSort {
    const ALL: &'static [(&'static str, Self)] = &[("created_at", Self::AuditEventByCreatedAt)];
}

/// The rate limits of the caller.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct CallerLimits {
    /// `anonymous` or the role of the caller; it decides the quotas.
    #[serde(rename = "audience")]
    pub audience: String,
    #[serde(rename = "policies")]
    pub policies: Vec<models::LimitState>,
}

/// A category of products.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Category {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "name")]
    pub name: String,
    #[serde(rename = "slug")]
    pub slug: String,
    /// Plain text.
    #[serde(rename = "description")]
    pub description: swagger::Nullable<String>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "updated_at")]
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// A category to be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct CategoryCreate {
    /// Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name")]
    pub name: String,
    /// Names the category in addresses; one category each.
    #[serde(rename = "slug")]
    pub slug: String,
    /// Plain text. Blank or `null` is no description.
    #[serde(
        rename = "description",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub description: Option<swagger::Nullable<String>>,
}

impl rule::Object for CategoryCreate {
    const MEMBERS: &'static [&'static str] = &["name", "slug", "description"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => {
                    m1 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[a-z0-9]+(-[a-z0-9]+)*$"));
                            &RE
                        }),
                    )?
                }
                _ => m3 = members.value(index, &rule::Nullable(rule::Text::new().max(1000)))?,
            }
        }
        let m1 = members.required("name", m1);
        let m2 = members.required("slug", m2);
        let m3 = members.optional(m3);
        match (m1, m2, m3) {
            (Some(m1), Some(m2), Some(m3)) if members.clean() => Ok(Some(Self { name: m1, slug: m2, description: m3 })),
            _ => Ok(None),
        }
    }
}

/// A page of categories.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct CategoryPage {
    #[serde(rename = "data")]
    pub data: Vec<models::Category>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// The whole of a category that can be changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct CategoryReplace {
    /// Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name")]
    pub name: String,
    /// Names the category in addresses; one category each.
    #[serde(rename = "slug")]
    pub slug: String,
    /// Plain text. Blank or `null` is no description.
    #[serde(
        rename = "description",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub description: Option<swagger::Nullable<String>>,
}

impl rule::Object for CategoryReplace {
    const MEMBERS: &'static [&'static str] = &["name", "slug", "description"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => {
                    m1 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[a-z0-9]+(-[a-z0-9]+)*$"));
                            &RE
                        }),
                    )?
                }
                _ => m3 = members.value(index, &rule::Nullable(rule::Text::new().max(1000)))?,
            }
        }
        let m1 = members.required("name", m1);
        let m2 = members.required("slug", m2);
        let m3 = members.optional(m3);
        match (m1, m2, m3) {
            (Some(m1), Some(m2), Some(m3)) if members.clean() => Ok(Some(Self { name: m1, slug: m2, description: m3 })),
            _ => Ok(None),
        }
    }
}

/// By what categories are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum CategorySort {
    #[serde(rename = "created_at")]
    CategoryByCreatedAt,
    #[serde(rename = "name")]
    CategoryByName,
}

impl CategorySort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CategoryByCreatedAt => "created_at",
            Self::CategoryByName => "name",
        }
    }
}

impl std::fmt::Display for CategorySort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for CategorySort {
    const ALL: &'static [(&'static str, Self)] =
        &[("created_at", Self::CategoryByCreatedAt), ("name", Self::CategoryByName)];
}

/// A merge patch (RFC 7396) of a category; what is absent stays, `null` clears.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct CategoryUpdate {
    /// Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Names the category in addresses; one category each.
    #[serde(rename = "slug", skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// Plain text. Blank or `null` is no description.
    #[serde(
        rename = "description",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub description: Option<swagger::Nullable<String>>,
}

impl rule::Object for CategoryUpdate {
    const MEMBERS: &'static [&'static str] = &["name", "slug", "description"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => {
                    m1 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(100).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[a-z0-9]+(-[a-z0-9]+)*$"));
                            &RE
                        }),
                    )?
                }
                _ => m3 = members.value(index, &rule::Nullable(rule::Text::new().max(1000)))?,
            }
        }
        let m1 = members.optional(m1);
        let m2 = members.optional(m2);
        let m3 = members.optional(m3);
        match (m1, m2, m3) {
            (Some(m1), Some(m2), Some(m3)) if members.clean() => Ok(Some(Self { name: m1, slug: m2, description: m3 })),
            _ => Ok(None),
        }
    }
}

/// What was sold on a day, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct DayRevenue {
    /// Date in UTC, as in `2026-11-21`.
    #[serde(rename = "day")]
    pub day: String,
    #[serde(rename = "orders")]
    pub orders: i64,
    #[serde(rename = "revenue")]
    pub revenue: models::Money,
}

/// The running configuration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct EffectiveConfig {
    #[serde(rename = "settings")]
    pub settings: Vec<models::EffectiveSetting>,
}

/// A setting as it is in effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct EffectiveSetting {
    /// Name of its variable.
    #[serde(rename = "name")]
    pub name: String,
    /// Its value as text; `null` when there is none. Of a secret that is set, only `[redacted]`.
    #[serde(rename = "value")]
    pub value: swagger::Nullable<String>,
    /// Whether the value is never shown.
    #[serde(rename = "secret")]
    pub secret: bool,
}

/// The answer of RFC 7662, section 2.2. A token that is not good, or not the caller's to see, is only `active false`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Introspection {
    #[serde(rename = "active")]
    pub active: bool,
    #[serde(rename = "scope", skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(rename = "client_id", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(rename = "username", skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(rename = "token_type", skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// Unix seconds.
    #[serde(rename = "exp", skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// Unix seconds.
    #[serde(rename = "iat", skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Unix seconds.
    #[serde(rename = "nbf", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Id of the account.
    #[serde(rename = "sub", skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    #[serde(rename = "aud", skip_serializing_if = "Option::is_none")]
    pub aud: Option<String>,
    #[serde(rename = "iss", skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    #[serde(rename = "jti", skip_serializing_if = "Option::is_none")]
    pub jti: Option<String>,
}

/// One policy, and what is left of it. For a policy that also counts by a member of the body, what is left for a value not used yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct LimitState {
    #[serde(rename = "policy")]
    pub policy: String,
    /// Requests in one window.
    #[serde(rename = "limit")]
    pub limit: i32,
    /// Requests left now.
    #[serde(rename = "remaining")]
    pub remaining: i32,
    /// Seconds until the quota is whole again.
    #[serde(rename = "reset_seconds")]
    pub reset_seconds: i32,
    /// Length of the window in seconds.
    #[serde(rename = "window_seconds")]
    pub window_seconds: i32,
}

/// A name and its password.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct LoginRequest {
    /// Username or e-mail address, in any case.
    #[serde(rename = "username")]
    pub username: String,
    #[serde(rename = "password")]
    pub password: contract::Secret,
}

impl rule::Object for LoginRequest {
    const MEMBERS: &'static [&'static str] = &["username", "password"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Text::new().min(1).max(254))?,
                _ => m2 = members.value(index, &rule::Hidden(rule::Text::new().min(1).max(128)))?,
            }
        }
        let m1 = members.required("username", m1);
        let m2 = members.required("password", m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { username: m1, password: m2 })),
            _ => Ok(None),
        }
    }
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Money {
    /// In minor units of the currency, such as cents.
    #[serde(rename = "amount")]
    pub amount: i64,
    /// Code of the currency (ISO 4217).
    #[serde(rename = "currency")]
    pub currency: String,
}

/// An amount of money to be set.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct MoneyInput {
    /// In minor units of the currency, such as cents.
    #[serde(rename = "amount")]
    pub amount: i64,
    /// Code of the currency (ISO 4217).
    #[serde(rename = "currency")]
    pub currency: String,
}

impl rule::Object for MoneyInput {
    const MEMBERS: &'static [&'static str] = &["amount", "currency"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Int::<i64>::new().min(0).max(100000000000))?,
                _ => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(3).max(3).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Z]{3}$"));
                            &RE
                        }),
                    )?
                }
            }
        }
        let m1 = members.required("amount", m1);
        let m2 = members.required("currency", m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { amount: m1, currency: m2 })),
            _ => Ok(None),
        }
    }
}

/// A merge patch (RFC 7396) of an amount of money; what is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct MoneyUpdate {
    /// In minor units of the currency, such as cents.
    #[serde(rename = "amount", skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Code of the currency (ISO 4217).
    #[serde(rename = "currency", skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

impl rule::Object for MoneyUpdate {
    const MEMBERS: &'static [&'static str] = &["amount", "currency"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Int::<i64>::new().min(0).max(100000000000))?,
                _ => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(3).max(3).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Z]{3}$"));
                            &RE
                        }),
                    )?
                }
            }
        }
        let m1 = members.optional(m1);
        let m2 = members.optional(m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { amount: m1, currency: m2 })),
            _ => Ok(None),
        }
    }
}

/// The answer of RFC 6749, section 5.1.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OAuthToken {
    /// Send it as `Authorization: Bearer`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Absent for client_credentials, which need none.
    #[serde(rename = "refresh_token", skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Always `Bearer`.
    #[serde(rename = "token_type")]
    pub token_type: String,
    /// Seconds until the access token expires.
    #[serde(rename = "expires_in")]
    pub expires_in: i32,
    /// The scopes of the token, parted by spaces.
    #[serde(rename = "scope")]
    pub scope: String,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Order {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    /// The account that it is for.
    #[serde(rename = "user_id")]
    pub user_id: uuid::Uuid,
    /// Where it stands in its workflow, see `OrderStatus`; others may come.
    #[serde(rename = "status")]
    pub status: String,
    #[serde(rename = "items")]
    pub items: Vec<models::OrderItem>,
    #[serde(rename = "total")]
    pub total: models::Money,
    /// Plain text.
    #[serde(rename = "note")]
    pub note: swagger::Nullable<String>,
    /// The statuses to which its reader can take it now.
    #[serde(rename = "allowed_transitions")]
    pub allowed_transitions: Vec<String>,
    /// When it is cancelled by itself unless it has moved on by then; `null` once it is not pending.
    #[serde(rename = "expires_at")]
    pub expires_at: swagger::Nullable<chrono::DateTime<chrono::Utc>>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "updated_at")]
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// An order to be placed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderCreate {
    /// What is ordered; repeated products are added up, to 10,000 pieces of each at most.
    #[serde(rename = "items")]
    pub items: Vec<models::OrderItemCreate>,
    /// Plain text. Blank or `null` is no note.
    #[serde(
        rename = "note",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub note: Option<swagger::Nullable<String>>,
}

impl rule::Object for OrderCreate {
    const MEMBERS: &'static [&'static str] = &["items", "note"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => {
                    m1 = members
                        .value(index, &rule::List::of(rule::model::<models::OrderItemCreate>()).min(1).max(100))?
                }
                _ => m2 = members.value(index, &rule::Nullable(rule::Text::new().max(500)))?,
            }
        }
        let m1 = members.required("items", m1);
        let m2 = members.optional(m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { items: m1, note: m2 })),
            _ => Ok(None),
        }
    }
}

/// A product of an order, as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderItem {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "product_id")]
    pub product_id: uuid::Uuid,
    #[serde(rename = "sku")]
    pub sku: String,
    #[serde(rename = "name")]
    pub name: String,
    /// Pieces.
    #[serde(rename = "quantity")]
    pub quantity: i32,
    #[serde(rename = "unit_price")]
    pub unit_price: models::Money,
    #[serde(rename = "total")]
    pub total: models::Money,
    /// When it came into the order.
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// A product and how many of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderItemCreate {
    #[serde(rename = "product_id")]
    pub product_id: uuid::Uuid,
    /// Pieces.
    #[serde(rename = "quantity")]
    pub quantity: i32,
}

impl rule::Object for OrderItemCreate {
    const MEMBERS: &'static [&'static str] = &["product_id", "quantity"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Id)?,
                _ => m2 = members.value(index, &rule::Int::<i32>::new().min(1).max(10000))?,
            }
        }
        let m1 = members.required("product_id", m1);
        let m2 = members.required("quantity", m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { product_id: m1, quantity: m2 })),
            _ => Ok(None),
        }
    }
}

/// A page of items.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderItemPage {
    #[serde(rename = "data")]
    pub data: Vec<models::OrderItem>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// The whole of an item that can be changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderItemReplace {
    /// Pieces.
    #[serde(rename = "quantity")]
    pub quantity: i32,
}

impl rule::Object for OrderItemReplace {
    const MEMBERS: &'static [&'static str] = &["quantity"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                _ => m1 = members.value(index, &rule::Int::<i32>::new().min(1).max(10000))?,
            }
        }
        let m1 = members.required("quantity", m1);
        match (m1,) {
            (Some(m1),) if members.clean() => Ok(Some(Self { quantity: m1 })),
            _ => Ok(None),
        }
    }
}

/// By what the items of an order are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum OrderItemSort {
    #[serde(rename = "created_at")]
    OrderItemByCreatedAt,
}

impl OrderItemSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderItemByCreatedAt => "created_at",
        }
    }
}

impl std::fmt::Display for OrderItemSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for OrderItemSort {
    const ALL: &'static [(&'static str, Self)] = &[("created_at", Self::OrderItemByCreatedAt)];
}

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderPage {
    #[serde(rename = "data")]
    pub data: Vec<models::Order>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// By what orders are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum OrderSort {
    #[serde(rename = "created_at")]
    OrderByCreatedAt,
    #[serde(rename = "total")]
    OrderByTotal,
}

impl OrderSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderByCreatedAt => "created_at",
            Self::OrderByTotal => "total",
        }
    }
}

impl std::fmt::Display for OrderSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for OrderSort {
    const ALL: &'static [(&'static str, Self)] =
        &[("created_at", Self::OrderByCreatedAt), ("total", Self::OrderByTotal)];
}

/// Where an order stands in its workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum OrderStatus {
    #[serde(rename = "pending")]
    Pending,
    #[serde(rename = "paid")]
    Paid,
    #[serde(rename = "shipped")]
    Shipped,
    #[serde(rename = "delivered")]
    Delivered,
    #[serde(rename = "cancelled")]
    Cancelled,
    #[serde(rename = "refunded")]
    Refunded,
}

impl OrderStatus {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
        }
    }
}

impl std::fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for OrderStatus {
    const ALL: &'static [(&'static str, Self)] = &[
        ("pending", Self::Pending),
        ("paid", Self::Paid),
        ("shipped", Self::Shipped),
        ("delivered", Self::Delivered),
        ("cancelled", Self::Cancelled),
        ("refunded", Self::Refunded),
    ];
}

/// A step that an order took.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderTransition {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    /// The status before; `null` for the placing.
    #[serde(rename = "from")]
    pub from: swagger::Nullable<String>,
    /// The status after.
    #[serde(rename = "to")]
    pub to: String,
    /// Who took it: `user` (for the own order), `staff` or `system`; others may come.
    #[serde(rename = "actor")]
    pub actor: String,
    /// Account that took it; `null` if it was none.
    #[serde(rename = "actor_id")]
    pub actor_id: swagger::Nullable<uuid::Uuid>,
    /// Plain text.
    #[serde(rename = "note")]
    pub note: swagger::Nullable<String>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// A step to be taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderTransitionCreate {
    #[serde(rename = "to")]
    pub to: models::OrderStatus,
    /// Plain text. Blank or `null` is no note.
    #[serde(
        rename = "note",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub note: Option<swagger::Nullable<String>>,
}

impl rule::Object for OrderTransitionCreate {
    const MEMBERS: &'static [&'static str] = &["to", "note"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Enum::<models::OrderStatus>::new())?,
                _ => m2 = members.value(index, &rule::Nullable(rule::Text::new().max(500)))?,
            }
        }
        let m1 = members.required("to", m1);
        let m2 = members.optional(m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { to: m1, note: m2 })),
            _ => Ok(None),
        }
    }
}

/// A page of steps.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderTransitionPage {
    #[serde(rename = "data")]
    pub data: Vec<models::OrderTransition>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// By what the steps of an order are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum OrderTransitionSort {
    #[serde(rename = "created_at")]
    OrderTransitionByCreatedAt,
}

impl OrderTransitionSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrderTransitionByCreatedAt => "created_at",
        }
    }
}

impl std::fmt::Display for OrderTransitionSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for OrderTransitionSort {
    const ALL: &'static [(&'static str, Self)] = &[("created_at", Self::OrderTransitionByCreatedAt)];
}

/// A merge patch (RFC 7396) of an order; what is absent stays, `null` clears.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct OrderUpdate {
    /// Plain text. Blank or `null` is no note.
    #[serde(
        rename = "note",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub note: Option<swagger::Nullable<String>>,
}

impl rule::Object for OrderUpdate {
    const MEMBERS: &'static [&'static str] = &["note"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                _ => m1 = members.value(index, &rule::Nullable(rule::Text::new().max(500)))?,
            }
        }
        let m1 = members.optional(m1);
        match (m1,) {
            (Some(m1),) if members.clean() => Ok(Some(Self { note: m1 })),
            _ => Ok(None),
        }
    }
}

/// How the shop is doing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Overview {
    /// Accounts of each role; deleted ones are not counted.
    #[serde(rename = "users_by_role")]
    pub users_by_role: Vec<models::RoleCount>,
    /// Orders of each status.
    #[serde(rename = "orders_by_status")]
    pub orders_by_status: Vec<models::StatusCount>,
    /// The days of the last 30 that had any, latest first, each currency for itself.
    #[serde(rename = "revenue_by_day")]
    pub revenue_by_day: Vec<models::DayRevenue>,
    /// The products of which most was sold in the last 30 days, at most 10.
    #[serde(rename = "top_products")]
    pub top_products: Vec<models::ProductSales>,
    /// Active products of which fewer than 10 are left, fewest first, at most 20.
    #[serde(rename = "low_stock")]
    pub low_stock: Vec<models::ProductStock>,
    /// When it was computed.
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// Addresses of this page and its neighbours, absolute, with the same filters; `null` where there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct PageLinks {
    #[serde(rename = "self")]
    pub param_self: String,
    #[serde(rename = "next")]
    pub next: swagger::Nullable<String>,
    #[serde(rename = "prev")]
    pub prev: swagger::Nullable<String>,
    #[serde(rename = "first")]
    pub first: swagger::Nullable<String>,
    /// `null` when the page was asked for by `cursor`, which counts nothing.
    #[serde(rename = "last")]
    pub last: swagger::Nullable<String>,
}

/// Where in the list the page stands. `page` or `offset` is there when the page was asked for by it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Pagination {
    #[serde(rename = "limit")]
    pub limit: i32,
    #[serde(rename = "page", skip_serializing_if = "Option::is_none")]
    pub page: Option<i32>,
    #[serde(rename = "offset", skip_serializing_if = "Option::is_none")]
    pub offset: Option<i32>,
    /// Cursor of the entries after this page, however the page was asked for; `null` when there are none.
    #[serde(rename = "next_cursor")]
    pub next_cursor: swagger::Nullable<String>,
    /// Cursor of the entries before this page, however the page was asked for; `null` when there are none.
    #[serde(rename = "prev_cursor")]
    pub prev_cursor: swagger::Nullable<String>,
    /// How many entries the whole list holds; absent when the page was asked for by `cursor`.
    #[serde(rename = "total", skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    #[serde(rename = "has_next")]
    pub has_next: bool,
    #[serde(rename = "has_prev")]
    pub has_prev: bool,
}

/// The present password and the one that replaces it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct PasswordChange {
    #[serde(rename = "current_password")]
    pub current_password: contract::Secret,
    /// Needs an upper-case letter, a lower-case letter and a digit, and must not be one of the commonest passwords.
    #[serde(rename = "new_password")]
    pub new_password: contract::Secret,
}

impl rule::Object for PasswordChange {
    const MEMBERS: &'static [&'static str] = &["current_password", "new_password"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Hidden(rule::Text::new().min(1).max(128)))?,
                _ => {
                    m2 = members.value(
                        index,
                        &rule::Hidden(
                            rule::Text::new()
                                .min(8)
                                .max(128)
                                .needs(rule::Character::UpperCaseLetter)
                                .needs(rule::Character::LowerCaseLetter)
                                .needs(rule::Character::Digit)
                                .uncommon(),
                        ),
                    )?
                }
            }
        }
        let m1 = members.required("current_password", m1);
        let m2 = members.required("new_password", m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { current_password: m1, new_password: m2 })),
            _ => Ok(None),
        }
    }
}

/// Every failure (RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Problem {
    /// Address of a page about the problem, below `/problems/`.
    #[serde(rename = "type")]
    pub r#type: String,
    /// The problem in a few words, the same each time.
    #[serde(rename = "title")]
    pub title: String,
    /// The HTTP status.
    #[serde(rename = "status")]
    pub status: i32,
    /// What went wrong this time and how to mend it.
    #[serde(rename = "detail")]
    pub detail: String,
    /// Path of the request.
    #[serde(rename = "instance")]
    pub instance: String,
    /// Stable name of the problem, for programs.
    #[serde(rename = "code")]
    pub code: String,
    #[serde(rename = "request_id")]
    pub request_id: String,
    #[serde(rename = "timestamp")]
    pub timestamp: chrono::DateTime<chrono::Utc>,
    /// Every fault of the input; cut short when there are very many, which `detail` then says.
    #[serde(rename = "errors", skip_serializing_if = "Option::is_none")]
    pub errors: Option<Vec<models::Violation>>,
    /// The code of RFC 6749, RFC 6750 or RFC 7009; from the OAuth endpoints only.
    #[serde(rename = "error", skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// As `detail`, in the characters that RFC 6749 allows; from the OAuth endpoints only.
    #[serde(rename = "error_description", skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
    /// What there is in stock; with `insufficient_stock` of an adjustment only.
    #[serde(rename = "available", skip_serializing_if = "Option::is_none")]
    pub available: Option<i64>,
    /// The products of which there is too little; with `insufficient_stock` of an order only.
    #[serde(rename = "items", skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<models::StockShortage>>,
    /// The statuses to which the caller can take the order now; with `invalid_transition` only.
    #[serde(rename = "allowed", skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Product {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    /// The category that it belongs to.
    #[serde(rename = "category_id")]
    pub category_id: uuid::Uuid,
    #[serde(rename = "name")]
    pub name: String,
    /// Number of the article.
    #[serde(rename = "sku")]
    pub sku: String,
    /// HTML of `p`, `br`, `strong`, `em` and `u` without attributes.
    #[serde(rename = "description")]
    pub description: swagger::Nullable<String>,
    #[serde(rename = "price")]
    pub price: models::Money,
    /// Pieces at hand.
    #[serde(rename = "stock")]
    pub stock: i64,
    /// `active` or `archived`; others may come.
    #[serde(rename = "status")]
    pub status: String,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "updated_at")]
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// A product to be made; `status` is `active` when absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ProductCreate {
    /// The category that it belongs to.
    #[serde(rename = "category_id")]
    pub category_id: uuid::Uuid,
    /// Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name")]
    pub name: String,
    /// Number of the article; one product each, upper and lower case being the same.
    #[serde(rename = "sku")]
    pub sku: String,
    /// HTML, of which only `p`, `br`, `strong`, `em` and `u` stay, without attributes. Blank or `null` is no description.
    #[serde(
        rename = "description",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub description: Option<swagger::Nullable<String>>,
    #[serde(rename = "price")]
    pub price: models::MoneyInput,
    /// Pieces at hand; none when absent.
    #[serde(rename = "stock", skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<models::ProductStatus>,
}

impl rule::Object for ProductCreate {
    const MEMBERS: &'static [&'static str] = &["category_id", "name", "sku", "description", "price", "stock", "status"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        let mut m4 = rule::Slot::Absent;
        let mut m5 = rule::Slot::Absent;
        let mut m6 = rule::Slot::Absent;
        let mut m7 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Id)?,
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(200).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                3 => {
                    m3 = members.value(
                        index,
                        &rule::Text::new().min(1).max(64).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"));
                            &RE
                        }),
                    )?
                }
                4 => m4 = members.value(index, &rule::Nullable(rule::Text::new().max(10000)))?,
                5 => m5 = members.value(index, &rule::model::<models::MoneyInput>())?,
                6 => m6 = members.value(index, &rule::Int::<i64>::new().min(0).max(1000000000))?,
                _ => m7 = members.value(index, &rule::Enum::<models::ProductStatus>::new())?,
            }
        }
        let m1 = members.required("category_id", m1);
        let m2 = members.required("name", m2);
        let m3 = members.required("sku", m3);
        let m4 = members.optional(m4);
        let m5 = members.required("price", m5);
        let m6 = members.optional(m6);
        let m7 = members.optional(m7);
        match (m1, m2, m3, m4, m5, m6, m7) {
            (Some(m1), Some(m2), Some(m3), Some(m4), Some(m5), Some(m6), Some(m7)) if members.clean() => {
                Ok(Some(Self { category_id: m1, name: m2, sku: m3, description: m4, price: m5, stock: m6, status: m7 }))
            }
            _ => Ok(None),
        }
    }
}

/// A page of products.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ProductPage {
    #[serde(rename = "data")]
    pub data: Vec<models::Product>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// The whole of a product that can be changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ProductReplace {
    /// The category that it belongs to.
    #[serde(rename = "category_id")]
    pub category_id: uuid::Uuid,
    /// Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name")]
    pub name: String,
    /// Number of the article; one product each, upper and lower case being the same.
    #[serde(rename = "sku")]
    pub sku: String,
    /// HTML, of which only `p`, `br`, `strong`, `em` and `u` stay, without attributes. Blank or `null` is no description.
    #[serde(
        rename = "description",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub description: Option<swagger::Nullable<String>>,
    #[serde(rename = "price")]
    pub price: models::MoneyInput,
    /// Pieces at hand.
    #[serde(rename = "stock")]
    pub stock: i64,
    #[serde(rename = "status")]
    pub status: models::ProductStatus,
}

impl rule::Object for ProductReplace {
    const MEMBERS: &'static [&'static str] = &["category_id", "name", "sku", "description", "price", "stock", "status"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        let mut m4 = rule::Slot::Absent;
        let mut m5 = rule::Slot::Absent;
        let mut m6 = rule::Slot::Absent;
        let mut m7 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Id)?,
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(200).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                3 => {
                    m3 = members.value(
                        index,
                        &rule::Text::new().min(1).max(64).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"));
                            &RE
                        }),
                    )?
                }
                4 => m4 = members.value(index, &rule::Nullable(rule::Text::new().max(10000)))?,
                5 => m5 = members.value(index, &rule::model::<models::MoneyInput>())?,
                6 => m6 = members.value(index, &rule::Int::<i64>::new().min(0).max(1000000000))?,
                _ => m7 = members.value(index, &rule::Enum::<models::ProductStatus>::new())?,
            }
        }
        let m1 = members.required("category_id", m1);
        let m2 = members.required("name", m2);
        let m3 = members.required("sku", m3);
        let m4 = members.optional(m4);
        let m5 = members.required("price", m5);
        let m6 = members.required("stock", m6);
        let m7 = members.required("status", m7);
        match (m1, m2, m3, m4, m5, m6, m7) {
            (Some(m1), Some(m2), Some(m3), Some(m4), Some(m5), Some(m6), Some(m7)) if members.clean() => {
                Ok(Some(Self { category_id: m1, name: m2, sku: m3, description: m4, price: m5, stock: m6, status: m7 }))
            }
            _ => Ok(None),
        }
    }
}

/// How much was sold of a product.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ProductSales {
    #[serde(rename = "product_id")]
    pub product_id: uuid::Uuid,
    #[serde(rename = "sku")]
    pub sku: String,
    #[serde(rename = "name")]
    pub name: String,
    /// Pieces.
    #[serde(rename = "quantity")]
    pub quantity: i64,
}

/// By what products are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum ProductSort {
    #[serde(rename = "created_at")]
    ProductByCreatedAt,
    #[serde(rename = "name")]
    ProductByName,
    #[serde(rename = "price")]
    ProductByPrice,
}

impl ProductSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProductByCreatedAt => "created_at",
            Self::ProductByName => "name",
            Self::ProductByPrice => "price",
        }
    }
}

impl std::fmt::Display for ProductSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for ProductSort {
    const ALL: &'static [(&'static str, Self)] =
        &[("created_at", Self::ProductByCreatedAt), ("name", Self::ProductByName), ("price", Self::ProductByPrice)];
}

/// Whether a product is for sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum ProductStatus {
    #[serde(rename = "active")]
    ProductActive,
    #[serde(rename = "archived")]
    ProductArchived,
}

impl ProductStatus {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProductActive => "active",
            Self::ProductArchived => "archived",
        }
    }
}

impl std::fmt::Display for ProductStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for ProductStatus {
    const ALL: &'static [(&'static str, Self)] =
        &[("active", Self::ProductActive), ("archived", Self::ProductArchived)];
}

/// How much is left of a product.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ProductStock {
    #[serde(rename = "product_id")]
    pub product_id: uuid::Uuid,
    #[serde(rename = "sku")]
    pub sku: String,
    #[serde(rename = "name")]
    pub name: String,
    /// Pieces at hand.
    #[serde(rename = "stock")]
    pub stock: i64,
}

/// A merge patch (RFC 7396) of a product; what is absent stays, `null` clears.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct ProductUpdate {
    /// The category that it belongs to.
    #[serde(rename = "category_id", skip_serializing_if = "Option::is_none")]
    pub category_id: Option<uuid::Uuid>,
    /// Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Number of the article; one product each, upper and lower case being the same.
    #[serde(rename = "sku", skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// HTML, of which only `p`, `br`, `strong`, `em` and `u` stay, without attributes. Blank or `null` is no description.
    #[serde(
        rename = "description",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub description: Option<swagger::Nullable<String>>,
    #[serde(rename = "price", skip_serializing_if = "Option::is_none")]
    pub price: Option<models::MoneyUpdate>,
    /// Pieces at hand.
    #[serde(rename = "stock", skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<models::ProductStatus>,
}

impl rule::Object for ProductUpdate {
    const MEMBERS: &'static [&'static str] = &["category_id", "name", "sku", "description", "price", "stock", "status"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        let mut m4 = rule::Slot::Absent;
        let mut m5 = rule::Slot::Absent;
        let mut m6 = rule::Slot::Absent;
        let mut m7 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Id)?,
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(200).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
                3 => {
                    m3 = members.value(
                        index,
                        &rule::Text::new().min(1).max(64).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"));
                            &RE
                        }),
                    )?
                }
                4 => m4 = members.value(index, &rule::Nullable(rule::Text::new().max(10000)))?,
                5 => m5 = members.value(index, &rule::model::<models::MoneyUpdate>())?,
                6 => m6 = members.value(index, &rule::Int::<i64>::new().min(0).max(1000000000))?,
                _ => m7 = members.value(index, &rule::Enum::<models::ProductStatus>::new())?,
            }
        }
        let m1 = members.optional(m1);
        let m2 = members.optional(m2);
        let m3 = members.optional(m3);
        let m4 = members.optional(m4);
        let m5 = members.optional(m5);
        let m6 = members.optional(m6);
        let m7 = members.optional(m7);
        match (m1, m2, m3, m4, m5, m6, m7) {
            (Some(m1), Some(m2), Some(m3), Some(m4), Some(m5), Some(m6), Some(m7)) if members.clean() => {
                Ok(Some(Self { category_id: m1, name: m2, sku: m3, description: m4, price: m5, stock: m6, status: m7 }))
            }
            _ => Ok(None),
        }
    }
}

/// The refresh token of a session.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct RefreshRequest {
    #[serde(rename = "refresh_token")]
    pub refresh_token: contract::Secret,
}

impl rule::Object for RefreshRequest {
    const MEMBERS: &'static [&'static str] = &["refresh_token"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                _ => m1 = members.value(index, &rule::Hidden(rule::Text::new().min(1).max(512)))?,
            }
        }
        let m1 = members.required("refresh_token", m1);
        match (m1,) {
            (Some(m1),) if members.clean() => Ok(Some(Self { refresh_token: m1 })),
            _ => Ok(None),
        }
    }
}

/// What an account may do; the scopes of each role stand beside the oauth2 scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum Role {
    #[serde(rename = "user")]
    User,
    #[serde(rename = "moderator")]
    Moderator,
    #[serde(rename = "admin")]
    Admin,
}

impl Role {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for Role {
    const ALL: &'static [(&'static str, Self)] =
        &[("user", Self::User), ("moderator", Self::Moderator), ("admin", Self::Admin)];
}

/// How many accounts have a role.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct RoleCount {
    #[serde(rename = "role")]
    pub role: String,
    #[serde(rename = "count")]
    pub count: i64,
}

/// A permission that a token or an API key carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum Scope {
    #[serde(rename = "account:read")]
    AccountRead,
    #[serde(rename = "account:write")]
    AccountWrite,
    #[serde(rename = "orders:read")]
    OrdersRead,
    #[serde(rename = "orders:write")]
    OrdersWrite,
    #[serde(rename = "users:read")]
    UsersRead,
    #[serde(rename = "orders:manage")]
    OrdersManage,
    #[serde(rename = "users:write")]
    UsersWrite,
    #[serde(rename = "catalog:write")]
    CatalogWrite,
    #[serde(rename = "admin:read")]
    AdminRead,
}

impl Scope {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountRead => "account:read",
            Self::AccountWrite => "account:write",
            Self::OrdersRead => "orders:read",
            Self::OrdersWrite => "orders:write",
            Self::UsersRead => "users:read",
            Self::OrdersManage => "orders:manage",
            Self::UsersWrite => "users:write",
            Self::CatalogWrite => "catalog:write",
            Self::AdminRead => "admin:read",
        }
    }
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for Scope {
    const ALL: &'static [(&'static str, Self)] = &[
        ("account:read", Self::AccountRead),
        ("account:write", Self::AccountWrite),
        ("orders:read", Self::OrdersRead),
        ("orders:write", Self::OrdersWrite),
        ("users:read", Self::UsersRead),
        ("orders:manage", Self::OrdersManage),
        ("users:write", Self::UsersWrite),
        ("catalog:write", Self::CatalogWrite),
        ("admin:read", Self::AdminRead),
    ];
}

/// A sign-in that has not ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Session {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    /// When the session was last renewed or begun.
    #[serde(rename = "last_used_at")]
    pub last_used_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "expires_at")]
    pub expires_at: chrono::DateTime<chrono::Utc>,
    /// The program that signed in, as it called itself.
    #[serde(rename = "user_agent")]
    pub user_agent: swagger::Nullable<String>,
    /// Address that signed in.
    #[serde(rename = "ip")]
    pub ip: String,
    /// Whether it is the session of this very request.
    #[serde(rename = "current")]
    pub current: bool,
}

/// A page of sessions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct SessionPage {
    #[serde(rename = "data")]
    pub data: Vec<models::Session>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// By what sessions are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum SessionSort {
    #[serde(rename = "created_at")]
    SessionByCreatedAt,
    #[serde(rename = "last_used_at")]
    SessionByLastUsedAt,
}

impl SessionSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionByCreatedAt => "created_at",
            Self::SessionByLastUsedAt => "last_used_at",
        }
    }
}

impl std::fmt::Display for SessionSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for SessionSort {
    const ALL: &'static [(&'static str, Self)] =
        &[("created_at", Self::SessionByCreatedAt), ("last_used_at", Self::SessionByLastUsedAt)];
}

/// Direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum SortOrder {
    #[serde(rename = "asc")]
    Asc,
    #[serde(rename = "desc")]
    Desc,
}

impl SortOrder {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

impl std::fmt::Display for SortOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for SortOrder {
    const ALL: &'static [(&'static str, Self)] = &[("asc", Self::Asc), ("desc", Self::Desc)];
}

/// How many orders have a status.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct StatusCount {
    #[serde(rename = "status")]
    pub status: String,
    #[serde(rename = "count")]
    pub count: i64,
}

/// An entry of the stock ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct StockAdjustment {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "product_id")]
    pub product_id: uuid::Uuid,
    /// Pieces that were added, or taken if it is negative.
    #[serde(rename = "delta")]
    pub delta: i64,
    #[serde(rename = "reason")]
    pub reason: String,
    /// Pieces at hand after it.
    #[serde(rename = "stock_after")]
    pub stock_after: i64,
    /// Account that did it; `null` if it was none.
    #[serde(rename = "actor_id")]
    pub actor_id: swagger::Nullable<uuid::Uuid>,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// A change of a product's stock.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct StockAdjustmentCreate {
    /// Pieces that are added, or taken if it is negative; 0 is a 422.
    #[serde(rename = "delta")]
    pub delta: i64,
    /// Why. Runs of blanks become one, those at the ends are dropped.
    #[serde(rename = "reason")]
    pub reason: String,
}

impl rule::Object for StockAdjustmentCreate {
    const MEMBERS: &'static [&'static str] = &["delta", "reason"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Int::<i64>::new().min(-1000000000).max(1000000000))?,
                _ => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(1).max(200).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("[^\\s\\x00-\\x1f\\x7f-\\x9f]"));
                            &RE
                        }),
                    )?
                }
            }
        }
        let m1 = members.required("delta", m1);
        let m2 = members.required("reason", m2);
        match (m1, m2) {
            (Some(m1), Some(m2)) if members.clean() => Ok(Some(Self { delta: m1, reason: m2 })),
            _ => Ok(None),
        }
    }
}

/// A page of stock adjustments.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct StockAdjustmentPage {
    #[serde(rename = "data")]
    pub data: Vec<models::StockAdjustment>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// By what stock adjustments are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum StockAdjustmentSort {
    #[serde(rename = "created_at")]
    StockAdjustmentByCreatedAt,
}

impl StockAdjustmentSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StockAdjustmentByCreatedAt => "created_at",
        }
    }
}

impl std::fmt::Display for StockAdjustmentSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for StockAdjustmentSort {
    const ALL: &'static [(&'static str, Self)] = &[("created_at", Self::StockAdjustmentByCreatedAt)];
}

/// A product of which there is too little.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct StockShortage {
    #[serde(rename = "product_id")]
    pub product_id: uuid::Uuid,
    /// Pieces that were asked for; of an item that is to be changed, all that it was to have.
    #[serde(rename = "wanted")]
    pub wanted: i64,
    /// Pieces that could be had instead; of an item that is to be changed, with those that it has already.
    #[serde(rename = "available")]
    pub available: i64,
}

/// An access token and the token that renews it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct TokenPair {
    /// Send it as `Authorization: Bearer`.
    #[serde(rename = "access_token")]
    pub access_token: String,
    /// Good for one renewal; every renewal gives the next one.
    #[serde(rename = "refresh_token")]
    pub refresh_token: String,
    /// Always `Bearer`.
    #[serde(rename = "token_type")]
    pub token_type: String,
    /// Seconds until the access token expires.
    #[serde(rename = "expires_in")]
    pub expires_in: i32,
    /// The scopes of the token, parted by spaces.
    #[serde(rename = "scope")]
    pub scope: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct User {
    #[serde(rename = "id")]
    pub id: uuid::Uuid,
    #[serde(rename = "email")]
    pub email: String,
    #[serde(rename = "username")]
    pub username: String,
    #[serde(rename = "full_name")]
    pub full_name: swagger::Nullable<String>,
    /// `user`, `moderator` or `admin`; others may come.
    #[serde(rename = "role")]
    pub role: String,
    /// `active` or `suspended`; others may come.
    #[serde(rename = "status")]
    pub status: String,
    #[serde(rename = "created_at")]
    pub created_at: chrono::DateTime<chrono::Utc>,
    #[serde(rename = "updated_at")]
    pub updated_at: chrono::DateTime<chrono::Utc>,
}

/// A registration.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct UserCreate {
    /// Kept in lower case; one account each.
    #[serde(rename = "email")]
    pub email: String,
    /// One account each, upper and lower case being the same.
    #[serde(rename = "username")]
    pub username: String,
    /// Needs an upper-case letter, a lower-case letter and a digit, and must not be one of the commonest passwords.
    #[serde(rename = "password")]
    pub password: contract::Secret,
    /// Blanks at its ends are dropped; blank or `null` is no name.
    #[serde(
        rename = "full_name",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub full_name: Option<swagger::Nullable<String>>,
    #[serde(rename = "role", skip_serializing_if = "Option::is_none")]
    pub role: Option<models::Role>,
}

impl rule::Object for UserCreate {
    const MEMBERS: &'static [&'static str] = &["email", "username", "password", "full_name", "role"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        let mut m4 = rule::Slot::Absent;
        let mut m5 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Text::new().max(254).format(rule::Format::Email))?,
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(3).max(50).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Za-z0-9_]{3,50}$"));
                            &RE
                        }),
                    )?
                }
                3 => {
                    m3 = members.value(
                        index,
                        &rule::Hidden(
                            rule::Text::new()
                                .min(8)
                                .max(128)
                                .needs(rule::Character::UpperCaseLetter)
                                .needs(rule::Character::LowerCaseLetter)
                                .needs(rule::Character::Digit)
                                .uncommon(),
                        ),
                    )?
                }
                4 => m4 = members.value(index, &rule::Nullable(rule::Text::new().max(100)))?,
                _ => m5 = members.value(index, &rule::Enum::<models::Role>::new())?,
            }
        }
        let m1 = members.required("email", m1);
        let m2 = members.required("username", m2);
        let m3 = members.required("password", m3);
        let m4 = members.optional(m4);
        let m5 = members.optional(m5);
        match (m1, m2, m3, m4, m5) {
            (Some(m1), Some(m2), Some(m3), Some(m4), Some(m5)) if members.clean() => {
                Ok(Some(Self { email: m1, username: m2, password: m3, full_name: m4, role: m5 }))
            }
            _ => Ok(None),
        }
    }
}

/// A page of accounts.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct UserPage {
    #[serde(rename = "data")]
    pub data: Vec<models::User>,
    #[serde(rename = "pagination")]
    pub pagination: models::Pagination,
    #[serde(rename = "links")]
    pub links: models::PageLinks,
}

/// The whole of an account that can be changed. `role` and `status` stay as they are when absent; only an admin may change them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct UserReplace {
    /// Kept in lower case; one account each.
    #[serde(rename = "email")]
    pub email: String,
    /// One account each, upper and lower case being the same.
    #[serde(rename = "username")]
    pub username: String,
    /// Blanks at its ends are dropped; blank or `null` is no name.
    #[serde(rename = "full_name")]
    pub full_name: swagger::Nullable<String>,
    #[serde(rename = "role", skip_serializing_if = "Option::is_none")]
    pub role: Option<models::Role>,
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<models::AccountStatus>,
}

impl rule::Object for UserReplace {
    const MEMBERS: &'static [&'static str] = &["email", "username", "full_name", "role", "status"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        let mut m4 = rule::Slot::Absent;
        let mut m5 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Text::new().max(254).format(rule::Format::Email))?,
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(3).max(50).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Za-z0-9_]{3,50}$"));
                            &RE
                        }),
                    )?
                }
                3 => m3 = members.value(index, &rule::Nullable(rule::Text::new().max(100)))?,
                4 => m4 = members.value(index, &rule::Enum::<models::Role>::new())?,
                _ => m5 = members.value(index, &rule::Enum::<models::AccountStatus>::new())?,
            }
        }
        let m1 = members.required("email", m1);
        let m2 = members.required("username", m2);
        let m3 = members.required("full_name", m3);
        let m4 = members.optional(m4);
        let m5 = members.optional(m5);
        match (m1, m2, m3, m4, m5) {
            (Some(m1), Some(m2), Some(m3), Some(m4), Some(m5)) if members.clean() => {
                Ok(Some(Self { email: m1, username: m2, full_name: m3, role: m4, status: m5 }))
            }
            _ => Ok(None),
        }
    }
}

/// By what accounts are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub enum UserSort {
    #[serde(rename = "created_at")]
    UserByCreatedAt,
    #[serde(rename = "username")]
    UserByUsername,
    #[serde(rename = "email")]
    UserByEmail,
}

impl UserSort {
    /// The value as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserByCreatedAt => "created_at",
            Self::UserByUsername => "username",
            Self::UserByEmail => "email",
        }
    }
}

impl std::fmt::Display for UserSort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl rule::Enumeration for UserSort {
    const ALL: &'static [(&'static str, Self)] =
        &[("created_at", Self::UserByCreatedAt), ("username", Self::UserByUsername), ("email", Self::UserByEmail)];
}

/// A merge patch (RFC 7396) of an account; what is absent stays, `null` clears. Only an admin may change `role` and `status`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct UserUpdate {
    /// Kept in lower case; one account each.
    #[serde(rename = "email", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// One account each, upper and lower case being the same.
    #[serde(rename = "username", skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Blanks at its ends are dropped; blank or `null` is no name.
    #[serde(
        rename = "full_name",
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "swagger::nullable_format::deserialize_optional_nullable"
    )]
    pub full_name: Option<swagger::Nullable<String>>,
    #[serde(rename = "role", skip_serializing_if = "Option::is_none")]
    pub role: Option<models::Role>,
    #[serde(rename = "status", skip_serializing_if = "Option::is_none")]
    pub status: Option<models::AccountStatus>,
}

impl rule::Object for UserUpdate {
    const MEMBERS: &'static [&'static str] = &["email", "username", "full_name", "role", "status"];

    fn read<'de, A: rule::MapAccess<'de>>(members: &mut rule::Members<'_, A>) -> Result<Option<Self>, A::Error> {
        let mut m1 = rule::Slot::Absent;
        let mut m2 = rule::Slot::Absent;
        let mut m3 = rule::Slot::Absent;
        let mut m4 = rule::Slot::Absent;
        let mut m5 = rule::Slot::Absent;
        while let Some(index) = members.next_known()? {
            match index + 1 {
                1 => m1 = members.value(index, &rule::Text::new().max(254).format(rule::Format::Email))?,
                2 => {
                    m2 = members.value(
                        index,
                        &rule::Text::new().min(3).max(50).pattern({
                            static RE: contract::LazyLock<contract::Regex> =
                                contract::LazyLock::new(|| rule::pattern("^[A-Za-z0-9_]{3,50}$"));
                            &RE
                        }),
                    )?
                }
                3 => m3 = members.value(index, &rule::Nullable(rule::Text::new().max(100)))?,
                4 => m4 = members.value(index, &rule::Enum::<models::Role>::new())?,
                _ => m5 = members.value(index, &rule::Enum::<models::AccountStatus>::new())?,
            }
        }
        let m1 = members.optional(m1);
        let m2 = members.optional(m2);
        let m3 = members.optional(m3);
        let m4 = members.optional(m4);
        let m5 = members.optional(m5);
        match (m1, m2, m3, m4, m5) {
            (Some(m1), Some(m2), Some(m3), Some(m4), Some(m5)) if members.clean() => {
                Ok(Some(Self { email: m1, username: m2, full_name: m3, role: m4, status: m5 }))
            }
            _ => Ok(None),
        }
    }
}

/// One fault of the input.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "client", derive(serde::Deserialize))]
pub struct Violation {
    /// `body`, `query`, `path`, `header` or `form`.
    #[serde(rename = "in")]
    pub r#in: String,
    /// JSON pointer into the body (RFC 6901); the empty one is the whole body.
    #[serde(rename = "pointer", skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Name of the parameter or form member.
    #[serde(rename = "name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Stable name of the rule that is broken.
    #[serde(rename = "code")]
    pub code: String,
    #[serde(rename = "message")]
    pub message: String,
}
