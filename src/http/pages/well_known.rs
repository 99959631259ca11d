//! `/.well-known/…`: what other programs look up before they trust our tokens.

use serde_json::{Value, json};

/// What the authorization server's metadata depend on.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// The `iss` of the tokens.
    pub issuer: String,
    /// Base path of the API, such as `/api/v1`.
    pub base_path: &'static str,
    /// All scopes that exist.
    pub scopes: Vec<&'static str>,
    /// Whether the token endpoint takes passwords.
    pub password_grant: bool,
}

impl Authorization {
    /// The metadata (RFC 8414, section 2) for a caller who reached this server under `base`.
    #[must_use]
    pub fn metadata(&self, base: &str) -> Value {
        let Self { issuer, base_path, scopes, password_grant } = self;
        let mut grants = vec!["refresh_token", "client_credentials"];
        if *password_grant {
            grants.push("password");
        }
        json!({
            "issuer": issuer,
            "token_endpoint": format!("{base}{base_path}/oauth/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint": format!("{base}{base_path}/oauth/revoke"),
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "introspection_endpoint": format!("{base}{base_path}/oauth/introspect"),
            "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "bearer"],
            "jwks_uri": format!("{base}/.well-known/jwks.json"),
            "scopes_supported": scopes,
            // There is no authorization endpoint: nothing here redirects a browser.
            "response_types_supported": [],
            "grant_types_supported": grants,
            "service_documentation": format!("{base}/docs"),
        })
    }
}
