use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

use super::*;

mod rotation;

const ISSUER: &str = "https://shop.example";
const AUDIENCE: &str = "https://shop.example/api";

struct Room {
    clock: Clock,
    keyring: Keyring,
    home: tempfile::TempDir,
}

fn room() -> Room {
    let clock = Clock::fixed(chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("a valid moment"));
    let home = tempfile::tempdir().expect("a folder");
    let keyring = open(&home, &clock);
    Room { clock, keyring, home }
}

fn open(home: &tempfile::TempDir, clock: &Clock) -> Keyring {
    Keyring::load_or_create(&home.path().join("keys"), ISSUER, AUDIENCE, clock).expect("keys")
}

impl Room {
    fn claims(&self) -> AccessClaims {
        let now = self.clock.now().timestamp();
        AccessClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: Uuid::from_u128(1),
            client_id: "first-party".to_owned(),
            iat: now,
            nbf: now,
            exp: now + 900,
            jti: Uuid::from_u128(2),
            sid: Uuid::from_u128(3),
            role: "user".to_owned(),
            scope: "account:read account:write".to_owned(),
        }
    }

    fn issue(&self, claims: &AccessClaims) -> String {
        self.keyring.issue(claims).expect("a token")
    }

    fn verify(&self, token: &str) -> Result<AccessClaims, TokenError> {
        self.keyring.verify(token, self.clock.now())
    }

    fn kid(&self) -> String {
        self.keyring.list(self.clock.now())[0].kid.clone()
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("keys")
    }

    /// A token signed by our newest key, whatever header and claims say.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = jsonwebtoken::crypto::sign(
            message.as_bytes(),
            &self.keyring.keys().signing(self.clock.now()).signing,
            Algorithm::EdDSA,
        );
        format!("{message}.{}", signature.expect("a signature"))
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "EdDSA", "kid": self.kid()})
    }
}

/// The key that a token names.
fn kid_of(token: &str) -> String {
    decode(token.split('.').next().expect("a header"))["kid"].as_str().expect("a kid").to_owned()
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn decode(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// The token with one of its three parts replaced.
fn with_part(token: &str, index: usize, part: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[index] = part;
    parts.join(".")
}

#[test]
fn a_token_gives_back_the_claims_it_was_issued_with() {
    let room = room();
    let token = room.issue(&room.claims());
    assert_eq!(room.verify(&token), Ok(room.claims()));
}

#[test]
fn the_header_names_type_algorithm_and_key() {
    let room = room();
    let token = room.issue(&room.claims());
    let header = decode(token.split('.').next().expect("a header"));
    assert_eq!(header, room.header());
}

#[test]
fn the_key_set_shows_public_halves_only_and_verifies_what_was_signed() {
    let room = room();
    let jwks = room.keyring.jwks();
    let jwk = &jwks["keys"][0];
    let members: Vec<&str> = jwk.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(
        (&jwk["kty"], &jwk["crv"], &jwk["use"], &jwk["alg"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("sig"), &json!("EdDSA"))
    );
    assert_eq!(jwk["kid"], json!(room.kid()));

    let outsider = jsonwebtoken::DecodingKey::from_ed_components(jwk["x"].as_str().expect("a string")).expect("a key");
    let token = room.issue(&room.claims());
    let (message, signature) = token.rsplit_once('.').expect("three parts");
    assert!(jsonwebtoken::crypto::verify(signature, message.as_bytes(), &outsider, Algorithm::EdDSA).expect("a check"));
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let room = room();
    let claims = encode(&serde_json::to_value(room.claims()).expect("JSON"));
    for alg in ["none", "None", "NONE", ""] {
        let header = encode(&json!({"typ": "at+jwt", "alg": alg, "kid": room.kid()}));
        for signature in ["", "AAAA"] {
            assert_eq!(room.verify(&format!("{header}.{claims}.{signature}")), Err(TokenError::Malformed), "{alg}");
        }
    }
    let stripped = with_part(&room.issue(&room.claims()), 2, "");
    assert_eq!(room.verify(&stripped), Err(TokenError::Forged));
}

#[test]
fn a_mac_made_with_the_public_key_is_refused() {
    let room = room();
    let x = room.keyring.jwks()["keys"][0]["x"].as_str().expect("a string").to_owned();
    let raw = URL_SAFE_NO_PAD.decode(&x).expect("base64url");
    for (algorithm, secret) in
        [(Algorithm::HS256, raw.as_slice()), (Algorithm::HS256, x.as_bytes()), (Algorithm::HS512, &raw)]
    {
        let mut header = Header::new(algorithm);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(room.kid());
        let token = jsonwebtoken::encode(&header, &room.claims(), &EncodingKey::from_secret(secret)).expect("a token");
        assert_eq!(room.verify(&token), Err(TokenError::WrongAlgorithm));

        // And the same signature under a header that claims our algorithm.
        let disguised = with_part(&token, 0, &encode(&room.header()));
        assert_eq!(room.verify(&disguised), Err(TokenError::Forged));
    }
}

#[test]
fn a_token_of_an_unknown_or_unnamed_key_is_refused() {
    let (room, stranger) = (room(), self::room());
    let foreign = stranger.issue(&room.claims());
    assert_eq!(room.verify(&foreign), Err(TokenError::UnknownKey));

    let claiming_ours = with_part(&foreign, 0, &encode(&room.header()));
    assert_eq!(room.verify(&claiming_ours), Err(TokenError::Forged));

    let claims = serde_json::to_value(room.claims()).expect("JSON");
    let unnamed = room.sign(&json!({"typ": "at+jwt", "alg": "EdDSA"}), &claims);
    assert_eq!(room.verify(&unnamed), Err(TokenError::UnknownKey));
    let elsewhere = room.sign(&json!({"typ": "at+jwt", "alg": "EdDSA", "kid": "../keys/x"}), &claims);
    assert_eq!(room.verify(&elsewhere), Err(TokenError::UnknownKey));
}

#[test]
fn a_key_carried_in_the_token_is_not_trusted() {
    let (room, stranger) = (room(), self::room());
    let jwk = stranger.keyring.jwks()["keys"][0].clone();
    let header = json!({"typ": "at+jwt", "alg": "EdDSA", "kid": room.kid(), "jwk": jwk});
    let token = stranger.sign(&header, &serde_json::to_value(room.claims()).expect("JSON"));
    assert_eq!(room.verify(&token), Err(TokenError::Forged));
}

#[test]
fn a_token_made_for_something_else_is_refused() {
    let room = room();
    let claims = serde_json::to_value(room.claims()).expect("JSON");
    for typ in [json!("JWT"), json!("id+jwt"), json!("dpop+jwt"), json!("at+jwtx"), json!("")] {
        let token = room.sign(&json!({"typ": typ, "alg": "EdDSA", "kid": room.kid()}), &claims);
        assert_eq!(room.verify(&token), Err(TokenError::WrongType), "{typ}");
    }
    let untyped = room.sign(&json!({"alg": "EdDSA", "kid": room.kid()}), &claims);
    assert_eq!(room.verify(&untyped), Err(TokenError::WrongType));
    let critical = room.sign(&json!({"typ": "at+jwt", "alg": "EdDSA", "kid": room.kid(), "crit": ["exp"]}), &claims);
    assert_eq!(room.verify(&critical), Err(TokenError::WrongType));
    let media_type = room.sign(&json!({"typ": "application/AT+JWT", "alg": "EdDSA", "kid": room.kid()}), &claims);
    assert_eq!(room.verify(&media_type), Ok(room.claims()));
}

#[test]
fn an_altered_payload_header_or_signature_is_refused() {
    let room = room();
    let token = room.issue(&room.claims());
    let admin = AccessClaims { role: "admin".to_owned(), ..room.claims() };
    let promoted = with_part(&token, 1, &encode(&serde_json::to_value(admin).expect("JSON")));
    assert_eq!(room.verify(&promoted), Err(TokenError::Forged));

    let mut header = room.header();
    header["extra"] = json!(1);
    assert_eq!(room.verify(&with_part(&token, 0, &encode(&header))), Err(TokenError::Forged));

    // Every single character, replaced by another of the alphabet.
    for index in 0..token.len() {
        let mut altered = token.clone().into_bytes();
        altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).expect("ASCII");
        assert!(room.verify(&altered).is_err(), "character {index} of {altered}");
    }
}

#[test]
fn what_is_no_token_is_malformed() {
    let room = room();
    let token = room.issue(&room.claims());
    for text in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "Bearer",
        &token[..token.len() / 2],
        &format!("{token}."),
        &format!(".{token}"),
        &format!("{token}="),
    ] {
        assert_eq!(room.verify(text), Err(TokenError::Malformed), "{text}");
    }
    assert_eq!(room.verify(&"a".repeat(1 << 20)), Err(TokenError::Malformed));
}

#[test]
fn every_claim_is_required_once_and_in_its_type() {
    let room = room();
    let whole = serde_json::to_value(room.claims()).expect("JSON");
    for name in ["iss", "aud", "sub", "iat", "nbf", "exp", "jti", "sid", "role", "scope"] {
        let mut claims = whole.clone();
        claims.as_object_mut().expect("an object").remove(name);
        assert_eq!(room.verify(&room.sign(&room.header(), &claims)), Err(TokenError::Malformed), "without {name}");
        claims[name] = json!({"unexpected": true});
        assert_eq!(room.verify(&room.sign(&room.header(), &claims)), Err(TokenError::Malformed), "odd {name}");
    }
    let text = whole.to_string();
    let twice = format!(r#"{{"exp":99999999999,{}"#, &text[1..]);
    let message = format!("{}.{}", encode(&room.header()), URL_SAFE_NO_PAD.encode(twice));
    let signature = jsonwebtoken::crypto::sign(
        message.as_bytes(),
        &room.keyring.keys().signing(room.clock.now()).signing,
        Algorithm::EdDSA,
    );
    assert_eq!(room.verify(&format!("{message}.{}", signature.expect("a signature"))), Err(TokenError::Malformed));
}

#[test]
fn a_token_of_another_issuer_or_for_another_audience_is_refused() {
    let room = room();
    for claims in [
        AccessClaims { iss: "https://else.example".to_owned(), ..room.claims() },
        AccessClaims { iss: String::new(), ..room.claims() },
        AccessClaims { aud: "https://else.example/api".to_owned(), ..room.claims() },
        AccessClaims { aud: String::new(), ..room.claims() },
    ] {
        assert_eq!(room.verify(&room.issue(&claims)), Err(TokenError::Foreign));
    }
}

#[test]
fn a_token_expires_on_the_second_it_names() {
    let room = room();
    let token = room.issue(&room.claims());
    room.clock.advance(Duration::from_secs(899));
    assert!(room.verify(&token).is_ok());
    room.clock.advance(Duration::from_secs(1));
    assert_eq!(room.verify(&token), Err(TokenError::Expired));
}

#[test]
fn a_token_from_the_future_is_refused_but_for_the_skew_between_clocks() {
    let room = room();
    let now = room.clock.now().timestamp();
    for (ahead, accepted) in [(0, true), (5, true), (6, false), (3_600, false)] {
        let nbf = AccessClaims { nbf: now + ahead, ..room.claims() };
        let iat = AccessClaims { iat: now + ahead, ..room.claims() };
        for claims in [nbf, iat] {
            let outcome = room.verify(&room.issue(&claims));
            assert_eq!(outcome, if accepted { Ok(claims) } else { Err(TokenError::NotYetValid) });
        }
    }
    let extreme = AccessClaims { nbf: i64::MAX, exp: i64::MAX, ..room.claims() };
    assert_eq!(room.verify(&room.issue(&extreme)), Err(TokenError::NotYetValid));
}

#[test]
fn debug_shows_no_private_key() {
    let room = room();
    let text = format!("{:?}", room.keyring);
    assert!(text.contains(&room.kid()) && !text.contains("signing:"), "{text}");
}
