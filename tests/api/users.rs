//! Accounts as their owners and the staff see them: registering, reading, changing.

use crate::support::{Answer, Shop};
use serde_json::{Value, json};

async fn register(shop: &Shop, body: Value) -> Answer {
    shop.visitor().post("/users", &body).await
}

fn ada() -> Value {
    json!({"email": "ada@example.com", "username": "ada", "password": "SecurePass123!"})
}

fn ada_with(member: &str, value: impl Into<Value>) -> Value {
    let mut body = ada();
    body[member] = value.into();
    body
}

#[tokio::test]
async fn registering_answers_the_account_and_where_it_is() {
    let shop = Shop::open().await;
    let body = json!({"email": "Ada@Example.COM", "username": "Ada_1", "password": "SecurePass123", "full_name": " Ada Lovelace "});
    let made = register(&shop, body).await.expect_status(201);
    assert_eq!(made.at("/email"), "ada@example.com");
    assert_eq!(made.at("/username"), "Ada_1");
    assert_eq!(made.at("/full_name"), "Ada Lovelace");
    assert_eq!(made.at("/role"), "user");
    assert_eq!(made.at("/status"), "active");
    assert_eq!(made.at("/created_at"), made.at("/updated_at"));
    assert_eq!(made.header("location"), format!("/api/v1/users/{}", made.string("/id")));
    assert!(!made.header("etag").starts_with("W/"));
    let members: Vec<_> = made.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members.len(), 8, "{members:?}");
    let admin = shop.admin().await;
    let path = made.header("location").strip_prefix("/api/v1").expect("a path of the API").to_owned();
    let read = admin.get(&path).await.expect_status(200);
    assert_eq!(read.json(), made.json());
    assert_eq!(read.header("etag"), made.header("etag"));
}

#[tokio::test]
async fn a_name_that_was_not_given_is_null() {
    let shop = Shop::open().await;
    assert_eq!(register(&shop, ada()).await.expect_status(201).at("/full_name"), Value::Null);
    for (number, blank) in [json!(null), json!(""), json!("  \t")].into_iter().enumerate() {
        let body = json!({"email": format!("a{number}@example.com"), "username": format!("ada{number}"),
            "password": "SecurePass123", "full_name": blank});
        assert_eq!(register(&shop, body).await.expect_status(201).at("/full_name"), Value::Null);
    }
}

#[tokio::test]
async fn an_email_can_be_taken_once_in_any_case() {
    let shop = Shop::open().await;
    register(&shop, ada()).await.expect_status(201);
    for email in ["ada@example.com", "ADA@EXAMPLE.COM", "Ada@example.Com"] {
        let body = json!({"email": email, "username": "other", "password": "SecurePass123"});
        register(&shop, body).await.expect_problem(409, "email_taken");
    }
}

#[tokio::test]
async fn a_username_can_be_taken_once_in_any_case() {
    let shop = Shop::open().await;
    register(&shop, ada()).await.expect_status(201);
    for username in ["ada", "ADA", "Ada"] {
        let body = json!({"email": "other@example.com", "username": username, "password": "SecurePass123"});
        register(&shop, body).await.expect_problem(409, "username_taken");
    }
}

#[tokio::test]
async fn of_many_who_want_one_name_at_once_one_gets_it() {
    let shop = Shop::open().await;
    let mut running = tokio::task::JoinSet::new();
    for number in 0..8 {
        let shop = shop.clone();
        running.spawn(async move {
            let email = format!("ada{number}@example.com");
            register(&shop, ada_with("email", email)).await.status
        });
    }
    let mut statuses = running.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409, 409, 409]);
}

#[tokio::test]
async fn every_weakness_of_a_password_is_told() {
    let shop = Shop::open().await;
    let faults = |answer: Answer| {
        let answer = answer.expect_problem(422, "validation_failed");
        assert!(answer.faults().iter().all(|(place, _)| place == "/password"), "{answer}");
        let messages: Vec<_> =
            answer.at("/errors").as_array().expect("errors").iter().map(|e| e["message"].to_string()).collect();
        messages.join("; ").to_lowercase()
    };
    let of = async |password: &str| faults(register(&shop, ada_with("password", password)).await);
    for (password, words) in [
        ("alllower1", &["upper"][..]),
        ("ALLUPPER1", &["lower"]),
        ("NoDigitsHere", &["digit"]),
        ("only-lower", &["upper", "digit"]),
        ("????????", &["upper", "lower", "digit"]),
        ("aaa", &["8", "upper", "digit"]),
        ("Aa1", &["8"]),
        ("Password1", &["first"]),
        ("password123", &["upper"]),
    ] {
        let told = of(password).await;
        for word in words {
            assert!(told.contains(word), "{password}: no `{word}` in {told}");
        }
    }
}

#[tokio::test]
async fn good_passwords_are_taken_whatever_else_is_in_them() {
    let shop = Shop::open().await;
    let long = format!("Aa1{}", "x".repeat(125));
    let good = ["SecurePass123", "SecurePass123!", "Aa1 with blanks ", "Ünïcødé-ẞ-1", "パスワードAa1", &long];
    for (number, password) in good.into_iter().enumerate() {
        let name = format!("ada{number}");
        let body = json!({"email": format!("{name}@example.com"), "username": name, "password": password});
        register(&shop, body).await.expect_status(201);
        let body = json!({"username": name, "password": password});
        shop.visitor().post("/auth/login", &body).await.expect_status(200);
    }
}

#[tokio::test]
async fn faults_of_the_password_are_told_together_with_all_others() {
    let shop = Shop::open().await;
    let body = json!({"email": "nobody", "username": "a b", "password": "weak", "shoe_size": 42});
    let refused = register(&shop, body).await.expect_problem(422, "validation_failed");
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    for place in ["/email", "/username", "/password", "/shoe_size"] {
        assert!(places.iter().any(|named| named == place), "{place} is missing: {refused}");
    }
    // Too short, no upper-case letter, no digit.
    assert!(places.iter().filter(|place| *place == "/password").count() >= 3, "{refused}");
}

#[tokio::test]
async fn only_an_admin_chooses_the_role_of_a_new_account() {
    let shop = Shop::open().await;
    let body = ada_with("role", "moderator");
    let (user, moderator) = (shop.register("user").await, shop.register_as("moderator", "moderator").await);
    for caller in [&shop.visitor(), &user, &moderator] {
        caller.post("/users", &body).await.expect_problem(403, "forbidden");
    }
    let made = shop.admin().await.post("/users", &body).await.expect_status(201);
    assert_eq!(made.at("/role"), "moderator");
    // Nothing of what was refused has stayed.
    shop.visitor().post("/users", &ada()).await.expect_problem(409, "email_taken");
}

#[tokio::test]
async fn who_asks_for_the_role_that_everybody_gets_asks_for_nothing() {
    let shop = Shop::open().await;
    let answer = register(&shop, ada_with("role", "user")).await;
    assert!(matches!(answer.status, 201 | 403), "{answer}");
}

#[tokio::test]
async fn the_own_account_is_the_same_under_both_addresses() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let me = ada.get("/users/me").await.expect_status(200);
    let own = ada.get(&ada.path()).await.expect_status(200);
    assert_eq!((me.json(), me.header("etag")), (own.json(), own.header("etag")));
    assert_eq!(me.header("cache-control"), "private, no-cache");
}

#[tokio::test]
async fn staff_read_every_account_and_users_their_own() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    let moderator = shop.register_as("mod", "moderator").await;
    ada.get(&bob.path()).await.expect_problem(404, "not_found");
    for staff in [&moderator, &shop.admin().await] {
        assert_eq!(staff.get(&bob.path()).await.expect_status(200).at("/username"), "bob");
    }
    // Reading is not changing.
    moderator.patch(&bob.path(), &json!({"full_name": "B"})).await.expect_problem(404, "not_found");
    moderator.delete(&bob.path()).await.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_replacement_needs_every_member_and_keeps_role_and_status() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let whole = json!({"email": "Ada@example.ORG", "username": "ada_k", "full_name": "Ada King"});
    for member in ["email", "username", "full_name"] {
        let mut part = whole.clone();
        part.as_object_mut().expect("members").remove(member);
        let refused = ada.put(&ada.path(), &part).await.expect_problem(422, "validation_failed");
        refused.expect_faults(&[(&format!("/{member}"), "required")]);
    }
    shop.advance_seconds(5);
    let replaced = ada.put(&ada.path(), &whole).await.expect_status(200);
    assert_eq!(replaced.at("/email"), "ada@example.org");
    assert_eq!(replaced.at("/full_name"), "Ada King");
    assert_eq!((replaced.at("/role"), replaced.at("/status")), (json!("user"), json!("active")));
    assert!(replaced.string("/updated_at") > replaced.string("/created_at"));
    // A replacement is idempotent.
    let again = ada.put(&ada.path(), &whole).await.expect_status(200);
    assert_eq!(again.at("/email"), "ada@example.org");
    let nameless = json!({"email": "ada@example.org", "username": "ada_k", "full_name": null});
    assert_eq!(ada.put(&ada.path(), &nameless).await.expect_status(200).at("/full_name"), Value::Null);
}

#[tokio::test]
async fn a_patch_changes_what_is_there_and_null_clears_in_both_media_types() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for path in ["/users/me", &ada.path()] {
        for media in ["application/merge-patch+json", "application/json"] {
            let patch = async |body: Value| ada.call(http::Method::PATCH, path).body(media, body.to_string()).await;
            let named = patch(json!({"full_name": "Ada"})).await.expect_status(200);
            assert_eq!(named.at("/full_name"), "Ada");
            assert_eq!(named.at("/email"), "ada@example.com");
            let kept = patch(json!({"username": "ada"})).await.expect_status(200);
            assert_eq!(kept.at("/full_name"), "Ada");
            let cleared = patch(json!({"full_name": null})).await.expect_status(200);
            assert_eq!(cleared.at("/full_name"), Value::Null);
            for member in ["email", "username"] {
                let refused = patch(json!({member: null})).await.expect_problem(422, "validation_failed");
                refused.expect_faults(&[(&format!("/{member}"), "type")]);
            }
        }
    }
}

#[tokio::test]
async fn a_patch_of_nothing_changes_nothing() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    let before = ada.get("/users/me").await.expect_status(200);
    shop.advance_seconds(5);
    for body in [json!({}), json!({"username": "ada"}), json!({"email": "ADA@example.com", "full_name": null})] {
        let after = ada.patch("/users/me", &body).await.expect_status(200);
        assert_eq!((after.json(), after.header("etag")), (before.json(), before.header("etag")));
    }
}

#[tokio::test]
async fn a_username_may_change_its_own_case_but_not_become_anothers() {
    let shop = Shop::open().await;
    let (ada, bob) = (shop.register("ada").await, shop.register("bob").await);
    assert_eq!(ada.patch("/users/me", &json!({"username": "ADA"})).await.expect_status(200).at("/username"), "ADA");
    let bobs = [
        ("username", bob.username().to_uppercase(), "username_taken"),
        ("email", bob.email().to_uppercase(), "email_taken"),
    ];
    for (member, value, code) in bobs {
        for path in ["/users/me", &ada.path()] {
            ada.patch(path, &json!({member: value})).await.expect_problem(409, code);
        }
        let mut whole = json!({"email": ada.email(), "username": ada.username(), "full_name": null});
        whole[member] = value.into();
        ada.put(&ada.path(), &whole).await.expect_problem(409, code);
    }
}

#[tokio::test]
async fn the_new_name_is_the_one_to_sign_in_with() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    ada.patch("/users/me", &json!({"username": "countess", "email": "new@example.com"})).await.expect_status(200);
    let log_in = async |name: &str| {
        shop.visitor().post("/auth/login", &json!({"username": name, "password": ada.password()})).await.status
    };
    assert_eq!([log_in("countess").await, log_in("new@example.com").await], [200, 200]);
    assert_eq!([log_in("ada").await, log_in("ada@example.com").await], [401, 401]);
    // The old names are free.
    shop.register("ada").await;
}

#[tokio::test]
async fn a_change_is_seen_by_the_next_request_under_every_address() {
    let shop = Shop::open().await;
    let (ada, admin) = (shop.register("ada").await, shop.admin().await);
    for number in 0..5 {
        let name = format!("Ada {number}");
        let changer = if number % 2 == 0 { &ada } else { &admin };
        changer.patch(&ada.path(), &json!({"full_name": name})).await.expect_status(200);
        for reader in [&ada, &admin] {
            assert_eq!(reader.get(&ada.path()).await.at("/full_name"), *name);
        }
        assert_eq!(ada.get("/users/me").await.at("/full_name"), *name);
    }
}

#[tokio::test]
async fn text_is_kept_as_it_was_written() {
    let shop = Shop::open().await;
    let ada = shop.register("ada").await;
    for name in
        ["<b>&amp;\"'`", "Ада Лавлейс", "👩‍💻", "O'Brien; DROP TABLE users;--", "100% {{7*7}} ${x}", "\u{202e}abc"]
    {
        let kept = ada.patch("/users/me", &json!({"full_name": name})).await.expect_status(200);
        assert_eq!(kept.at("/full_name"), name);
        assert_eq!(ada.get("/users/me").await.at("/full_name"), name);
    }
}
