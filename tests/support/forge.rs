//! Tokens that must not work.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A JSON Web Token taken apart.
#[derive(Clone, Debug)]
pub struct Token {
    pub header: Value,
    pub claims: Value,
    pub signature: Vec<u8>,
}

impl Token {
    pub fn parse(token: &str) -> Self {
        let parts: Vec<_> = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url")).collect();
        let [header, claims, signature] = parts.try_into().expect("three parts");
        let json = |bytes: &[u8]| serde_json::from_slice(bytes).expect("JSON");
        Self { header: json(&header), claims: json(&claims), signature }
    }

    /// What is signed.
    fn message(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }

    fn signed(&self, signature: &[u8]) -> String {
        format!("{}.{}", self.message(), URL_SAFE_NO_PAD.encode(signature))
    }

    pub fn with_header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    pub fn with_claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    /// With the signature that it had before it was changed.
    pub fn keeping_signature(&self) -> String {
        self.signed(&self.signature)
    }

    /// With `alg` none and no signature.
    pub fn unsigned(self) -> String {
        self.with_header("alg", "none").signed(&[])
    }

    /// Signed with HMAC under this key: the public one, which everybody knows.
    pub fn with_mac(self, key: &[u8]) -> String {
        let token = self.with_header("alg", "HS256");
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        token.signed(hmac::sign(&key, token.message().as_bytes()).as_ref())
    }

    /// Signed with this Ed25519 key.
    pub fn signed_by(&self, key: &Ed25519KeyPair) -> String {
        self.signed(key.sign(self.message().as_bytes()).as_ref())
    }

    /// Signed with a key of the forger, shown in the header as if that were a reason to trust it.
    pub fn with_own_key_inside(self) -> String {
        let key = new_key();
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.public_key().as_ref())});
        self.with_header("jwk", jwk).signed_by(&key)
    }
}

/// A key that is not the shop's.
pub fn new_key() -> Ed25519KeyPair {
    let document = Ed25519KeyPair::generate_pkcs8(&rand::SystemRandom::new()).expect("a key");
    Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key")
}

/// The bytes of the public key in a JWK set that a token names.
pub fn public_key(jwks: &Value, kid: &Value) -> Vec<u8> {
    let keys = jwks["keys"].as_array().expect("keys");
    let key = keys.iter().find(|key| &key["kid"] == kid).expect("the key that signed");
    URL_SAFE_NO_PAD.decode(key["x"].as_str().expect("x")).expect("base64url")
}
