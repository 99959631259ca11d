//! Access tokens: what they say, and what no forger gets past.

use crate::support::forge::{self, Token};
use crate::support::{Caller, Shop};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

async fn jwks(shop: &Shop) -> Value {
    shop.visitor().get("!/.well-known/jwks.json").await.expect_status(200).json()
}

async fn refused(caller: &Caller, token: &str, why: &str) {
    let answer = caller.bearing(token).get("/users/me").await;
    assert!(answer.status == 401 && answer.code() == "invalid_token", "{why}: {answer}");
}

#[tokio::test]
async fn a_token_says_who_and_what_for_and_how_long() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let token = Token::parse(ada.token());
    let metadata = shop.visitor().get("!/.well-known/oauth-authorization-server").await.json();
    assert_eq!(token.header["alg"], "EdDSA");
    assert_eq!(token.header["typ"], "at+jwt");
    assert_eq!(token.claims["iss"], metadata["issuer"]);
    assert_eq!(token.claims["sub"], ada.id());
    assert_eq!(token.claims["role"], "user");
    assert_eq!(token.claims["scope"], "account:read account:write orders:read orders:write");
    assert_eq!(token.claims["iat"], shop.now());
    assert_eq!(token.claims["exp"], shop.now() + 900);
    assert!(token.claims["nbf"].as_i64().is_some_and(|nbf| nbf <= shop.now()));
    assert_eq!(token.claims["sid"], ada.session_id().await);
    for claim in ["aud", "jti"] {
        assert!(token.claims[claim].as_str().is_some_and(|text| !text.is_empty()), "{claim}");
    }
    // RFC 9068, section 2.2: who asked for it.
    assert_eq!(token.claims["client_id"], "first-party");
    let (id, secret) = ada.make_key(&["account:read"]).await;
    let form = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*secret)];
    let program = shop.visitor().post_form("/oauth/token", &form).await.expect_status(200);
    assert_eq!(Token::parse(&program.string("/access_token")).claims["client_id"], id);
    let again = Token::parse(ada.sign_in_again().await.token());
    assert_ne!(again.claims["jti"], token.claims["jti"]);
    let text = token.claims.to_string();
    assert!(!text.contains("example.com") && !text.contains("\"ada\""), "no personal data in tokens: {text}");
}

#[tokio::test]
async fn anybody_can_verify_a_token_with_the_published_keys() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let jwks = jwks(&shop).await;
    for key in jwks["keys"].as_array().expect("keys") {
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
        assert_eq!(key["use"], "sig");
        assert!(key.get("d").is_none(), "the private key is not published");
    }
    let token = Token::parse(ada.token());
    let public = UnparsedPublicKey::new(&ED25519, forge::public_key(&jwks, &token.header["kid"]));
    let message = ada.token().rsplit_once('.').expect("a signature").0;
    public.verify(message.as_bytes(), &token.signature).expect("a signature of the published key");
}

#[tokio::test]
async fn no_forged_token_is_taken() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    let good = Token::parse(ada.token());
    let public = forge::public_key(&jwks(&shop).await, &good.header["kid"]);
    let public_text = URL_SAFE_NO_PAD.encode(&public);
    let own = forge::new_key();
    let forged = [
        ("alg none", good.clone().unsigned()),
        ("alg None", good.clone().with_header("alg", "None").keeping_signature()),
        ("alg NONE", good.clone().with_header("alg", "NONE").keeping_signature()),
        ("HS256 with the public key", good.clone().with_mac(&public)),
        ("HS256 with the public key as text", good.clone().with_mac(public_text.as_bytes())),
        ("HS256 with nothing", good.clone().with_mac(b"")),
        ("RS256", good.clone().with_header("alg", "RS256").keeping_signature()),
        ("ES256", good.clone().with_header("alg", "ES256").keeping_signature()),
        ("another key under our kid", good.signed_by(&own)),
        ("another kid", good.clone().with_header("kid", "unheard-of").signed_by(&own)),
        ("a kid that leads elsewhere", good.clone().with_header("kid", "../../../dev/null").signed_by(&own)),
        ("no kid", good.clone().with_header("kid", Value::Null).signed_by(&own)),
        ("its own key inside", good.clone().with_own_key_inside()),
        ("a key at another address", good.clone().with_header("jku", "http://evil.example/jwks").signed_by(&own)),
        ("another subject", good.clone().with_claim("sub", admin.id()).keeping_signature()),
        ("another role", good.clone().with_claim("role", "admin").keeping_signature()),
        ("another scope", good.clone().with_claim("scope", "users:write").keeping_signature()),
        ("a longer life", good.clone().with_claim("exp", shop.now() + 86_400).keeping_signature()),
        ("a critical extension", good.clone().with_header("crit", json!(["x"])).signed_by(&own)),
        ("no signature", ada.token().rsplit_once('.').expect("a signature").0.to_owned() + "."),
        ("two parts", ada.token().rsplit_once('.').expect("a signature").0.to_owned()),
        ("four parts", format!("{}.x", ada.token())),
        ("padding", format!("{}=", ada.token())),
        ("a blank inside", ada.token().replacen('.', ". ", 1)),
    ];
    assert!(ada.is_signed_in().await);
    for (why, token) in &forged {
        refused(&ada, token, why).await;
    }
    assert!(ada.is_signed_in().await);
}

#[tokio::test]
async fn every_changed_letter_spoils_a_token() {
    let shop = Shop::open_unlimited().await;
    let ada = shop.register("ada").await;
    let token = ada.token();
    for at in (0..token.len()).step_by(7) {
        let mut letters: Vec<char> = token.chars().collect();
        letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
        refused(&ada, &letters.into_iter().collect::<String>(), &format!("letter {at}")).await;
    }
}

#[tokio::test]
async fn tokens_signed_by_us_for_another_use_are_refused() {
    // Only whoever holds the key can sign these, so the test reads it from the folder, as the server does.
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let good = Token::parse(ada.token());
    let key = signing_key(&shop);
    let now = shop.now();
    assert!(ada.bearing(&good.signed_by(&key)).is_signed_in().await, "the key is the one that signs");
    let other = [
        ("an id token", good.clone().with_header("typ", "JWT")),
        ("no typ", good.clone().with_header("typ", Value::Null)),
        ("not yet valid", good.clone().with_claim("nbf", now + 60)),
        ("expired", good.clone().with_claim("exp", now)),
        ("another issuer", good.clone().with_claim("iss", "http://evil.example")),
        ("another audience", good.clone().with_claim("aud", "http://evil.example")),
        ("no expiry", good.clone().with_claim("exp", Value::Null)),
        ("an unknown session", good.clone().with_claim("sid", "01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9f")),
        ("a session of nobody", good.clone().with_claim("sid", Value::Null)),
        ("another account", good.clone().with_claim("sub", "01a1fcf7-2de0-7b2e-9d3f-4a5b6c7d8e9f")),
    ];
    for (why, token) in other {
        refused(&ada, &token.signed_by(&key), why).await;
    }
}

/// The key that signs, from the keys folder.
fn signing_key(shop: &Shop) -> Ed25519KeyPair {
    let files = std::fs::read_dir(shop.folder().join("keys")).expect("the keys folder").filter_map(Result::ok);
    let mut keys = files.filter_map(|file| Ed25519KeyPair::from_pkcs8(&std::fs::read(file.path()).ok()?).ok());
    keys.next().expect("an Ed25519 key in the keys folder")
}

#[tokio::test]
async fn a_token_is_verified_anew_by_every_shop_with_the_same_keys() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let lost = ada.sign_in_again().await;
    lost.post_nothing("/auth/logout").await.expect_status(204);
    let shop = shop.reopen(crate::support::Options::default()).await;
    assert!(shop.welcome(&ada).is_signed_in().await, "tokens outlive a restart");
    assert!(!shop.welcome(&lost).is_signed_in().await, "and so does their end");
    assert!(shop.welcome(&ada).refreshed().await.is_signed_in().await);
}

#[tokio::test]
async fn keys_and_database_are_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::open().await;
    let mut folders = vec![shop.folder().join("keys")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(&folder).expect("a folder").filter_map(Result::ok) {
            let mode = file.metadata().expect("metadata").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} is open to others: {mode:o}", file.path().display());
            if file.path().is_dir() {
                folders.push(file.path());
            }
            seen += 1;
        }
    }
    assert!(seen > 0);
}
