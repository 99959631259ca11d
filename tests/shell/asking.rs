//! `shopkeeper user`, `session` and `export` while a server runs: through its API, with an administrator's key.

use crate::accounts::{sign_in, told};
use crate::program::{Running, folder, program, refused};
use crate::tls::certify;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const PASSWORD: &str = "SecurePass123";

/// A shop that is served, and an administrator's key in the file `key`.
struct Served {
    folder: TempDir,
    server: Running,
    secret: String,
}

impl Served {
    fn open() -> Self {
        Self::over(folder())
    }

    fn over(folder: TempDir) -> Self {
        let server = Running::start(program(&folder).env("SHOPKEEPER_ADMIN_PASSWORD", PASSWORD));
        let secret = key(&server, &["users:read", "users:write"]);
        fs::write(folder.path().join("key"), format!("{secret}\n")).unwrap();
        Self { folder, server, secret }
    }

    fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// A command that asks the server, with nothing of the shop at hand but the key.
    fn asking(&self, words: &[&str]) -> Command {
        self.asking_by("key", words)
    }

    fn asking_by(&self, key: &str, words: &[&str]) -> Command {
        let mut command = program(&self.folder);
        command.args(words).args(["--server", &self.url(), "--api-key-file", key, "--data-dir", "elsewhere"]);
        command
    }

    /// What a command prints that has to go well.
    fn told(&self, words: &[&str]) -> String {
        said(&mut self.asking(words))
    }

    fn report(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.told(&[words, &["--json"]].concat())).unwrap()
    }

    /// The sentence of a command that has to fail.
    fn refused(&self, words: &[&str]) -> String {
        refused(&mut self.asking(words), 1)
    }
}

fn said(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// The secret of a new key of the administrator's.
fn key(server: &Running, scopes: &[&str]) -> String {
    let (_, tokens) = sign_in(server, "admin", PASSWORD);
    let body = json!({ "name": "The operator's", "scopes": scopes });
    let (status, made) = server.called("POST", "/api/v1/users/me/api-keys", tokens["access_token"].as_str(), &body);
    assert_eq!(status, 201, "{made}");
    made["secret"].as_str().unwrap().to_owned()
}

/// Text without what differs from shop to shop: ids, moments and passwords that were made up.
fn alike(text: &str) -> String {
    let varying =
        r#"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z|(The password is |"password":")\w+"#;
    regex::Regex::new(varying).unwrap().replace_all(text, "$2…").into_owned()
}

#[test]
fn a_server_that_is_asked_tells_the_same_as_the_shop_itself() {
    let here = folder();
    fs::write(here.path().join("secret"), PASSWORD).unwrap();
    told(
        &here,
        &["user", "create", "admin", "admin@shopkeeper.invalid", "--role", "admin", "--password-file", "secret"],
    );
    let there = Served::open();
    fs::write(there.folder.path().join("secret"), PASSWORD).unwrap();
    for words in [
        ["user", "create", "ada", "Ada@Example.com", "--role", "moderator"].as_slice(),
        &["user", "create", "bob", "bob@example.com", "--full-name", "Bob  B.", "--json"],
        &["user", "create", "carl", "carl@example.com", "--password-file", "secret"],
        &["user", "promote", "ADA@example.COM", "admin"],
        &["user", "promote", "ada", "moderator", "--json"],
        &["user", "suspend", "ADA"],
        &["user", "suspend", "ada", "--json"],
        &["user", "list"],
        &["user", "list", "--json"],
        &["user", "list", "--role", "moderator", "--status", "suspended"],
        &["user", "list", "--search", "OB@"],
        &["user", "suspend", "ada", "--lift"],
    ] {
        let by_api = there.told(words);
        assert!(!by_api.is_empty());
        assert_eq!(alike(&by_api), alike(&told(&here, words)), "{words:?}");
    }
    assert!(!there.folder.path().join("elsewhere").exists(), "no shop was opened");
}

#[test]
fn what_a_server_is_asked_to_do_is_done_in_the_name_of_the_keys_owner() {
    let shop = Served::open();
    let made = shop.report(&["user", "create", "ada", "ada@example.com"]);
    let password = made["password"].as_str().unwrap();
    assert_eq!(sign_in(&shop.server, "ada", password).0, 200);
    let id = made["id"].as_str().unwrap();
    assert_eq!(shop.report(&["user", "promote", id, "moderator"])["role"], "moderator");
    shop.report(&["user", "suspend", id]);
    assert_eq!(sign_in(&shop.server, "ada", password).0, 403);
    shop.report(&["user", "suspend", id, "--lift"]);
    assert_eq!(sign_in(&shop.server, "ada", password).0, 200);

    let (_, tokens) = sign_in(&shop.server, "admin", PASSWORD);
    let path = format!("/api/v1/admin/audit-events?resource=user&resource_id={id}&order=asc");
    let (_, trail) = shop.server.called("GET", &path, tokens["access_token"].as_str(), &Value::Null);
    let actions: Vec<_> = trail["data"].as_array().unwrap().iter().map(|event| event["action"].clone()).collect();
    assert_eq!(actions, ["user.created", "user.updated", "user.updated", "user.updated"], "{trail}");
    let (_, me) = shop.server.called("GET", "/api/v1/users/me", tokens["access_token"].as_str(), &Value::Null);
    assert!(trail["data"].as_array().unwrap().iter().all(|event| event["actor_id"] == me["id"]), "{trail}");
}

#[test]
fn long_lists_of_a_server_come_whole() {
    let folder = folder();
    assert!(program(&folder).args(["seed", "--users", "230", "--products", "0"]).status().unwrap().success());
    let shop = Served::over(folder);
    let ages: Vec<Value> =
        shop.told(&["user", "list", "--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ages.len(), 231);
    let ages: Vec<_> = ages.iter().map(|user| user["created_at"].as_str().unwrap()).collect();
    assert!(ages.is_sorted(), "{ages:?}");
    // Whoever reads may have seen enough.
    let mut first = Command::new("head");
    let mut listing = shop.asking(&["user", "list"]).spawn().unwrap();
    let lines = first.arg("-n1").stdin(listing.stdout.take().unwrap()).output().unwrap();
    assert_eq!(String::from_utf8(lines.stdout).unwrap().lines().count(), 1);
    assert!(listing.wait().unwrap().success());
}

#[test]
fn a_server_that_refuses_is_heard_with_every_fault() {
    let shop = Served::open();
    fs::write(shop.folder.path().join("secret"), "weak").unwrap();
    let sentence = shop.refused(&["user", "create", "x", "nowhere", "--password-file", "secret"]);
    for part in ["username must", "email must", "password must have at least", "password must contain a digit"] {
        assert!(sentence.contains(part), "{part} is missing from {sentence}");
    }
    let sentence = shop.refused(&["user", "create", "ADMIN", "other@example.com"]);
    assert!(sentence.contains("another account has this username"), "{sentence}");
    for words in [["user", "promote", "admin", "user"].as_slice(), &["user", "suspend", "admin"]] {
        let sentence = shop.refused(words);
        assert!(sentence.contains("last administrator") && sentence.contains("Nothing was changed"), "{sentence}");
    }
    for name in ["nobody", "nobody@example.com", "019a0000-0000-7000-8000-000000000000", "", "dmin"] {
        let sentence = shop.refused(&["user", "suspend", name]);
        assert!(sentence.contains("shopkeeper user list"), "{sentence}");
    }
    let sentence = shop.refused(&["user", "list", "--search", ""]);
    assert!(sentence.contains("search must"), "{sentence}");
}

#[test]
fn a_key_that_does_not_suffice_is_told_with_the_one_that_would() {
    let shop = Served::open();
    told_to_mend(&shop, "made-up", &["user", "list"], "/users/me/api-keys");
    let weak = key(&shop.server, &["account:read"]);
    told_to_mend(&shop, &weak, &["user", "list"], "users:read");
    let reader = key(&shop.server, &["users:read", "account:write"]);
    told_to_mend(&shop, &reader, &["user", "create", "ada", "ada@example.com", "--role", "admin"], "users:write");
    shop.told(&["user", "create", "ada", "ada@example.com"]);
    told_to_mend(&shop, &reader, &["user", "promote", "ada", "admin"], "users:write");
}

fn told_to_mend(shop: &Served, secret: &str, words: &[&str], mend: &str) {
    fs::write(shop.folder.path().join("other"), secret).unwrap();
    let sentence = refused(&mut shop.asking_by("other", words), 1);
    assert!(sentence.contains(mend) && !sentence.contains(secret), "{words:?}: {sentence}");
}

#[test]
fn the_key_comes_by_file_by_variable_or_by_standard_input() {
    let shop = Served::open();
    let list = || {
        let mut command = program(&shop.folder);
        command.args(["user", "list"]).env("SHOPKEEPER_SERVER", format!("{}/api/v1/", shop.url()));
        command
    };
    assert!(said(list().env("SHOPKEEPER_API_KEY", &shop.secret)).contains("admin"));
    assert!(said(list().env("SHOPKEEPER_API_KEY_FILE", "key")).contains("admin"));
    let mut piped = list().args(["--api-key-file", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(piped.stdin.take().unwrap(), "{}", shop.secret).unwrap();
    let Output { status, stdout, .. } = piped.wait_with_output().unwrap();
    assert!(status.success() && String::from_utf8_lossy(&stdout).contains("admin"));

    let sentence = refused(list().env("SHOPKEEPER_API_KEY", &shop.secret).args(["--api-key-file", "key"]), 2);
    assert!(sentence.contains("give one of them"), "{sentence}");
    assert!(refused(&mut list(), 2).contains("--api-key-file"));
    assert!(refused(list().args(["--api-key-file", "-"]), 2).contains("no API key"));
    let lost = refused(program(&shop.folder).args(["user", "list", "--api-key-file", "key"]), 2);
    assert!(lost.contains("add --server"), "{lost}");
    let clear = refused(list().args(["--api-key-file", "key", "--server", "http://shop.example"]), 2);
    assert!(clear.contains("https://"), "{clear}");
}

#[test]
fn what_no_api_does_is_refused_with_what_does_it() {
    let shop = Served::open();
    let sentence = shop.refused(&["session", "revoke", "admin"]);
    assert!(sentence.contains("shopkeeper user suspend admin"), "{sentence}");
    let sentence = shop.refused(&["user", "reset-password", "admin"]);
    assert!(sentence.contains("leave --server out"), "{sentence}");
}

#[test]
fn whoever_is_no_shopkeeper_is_told_from_one_who_is_away() {
    let shop = folder();
    let ask = |address: &str| {
        let mut command = program(&shop);
        command.args(["user", "list", "--server", address]).env("SHOPKEEPER_API_KEY", "key");
        refused(&mut command, 1)
    };
    let door = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", door.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut caller, _) = door.accept().unwrap();
        let _ = caller.read(&mut [0; 4096]);
        let page = "<h1>Welcome</h1>\n<p>to another program</p>";
        write!(caller, "HTTP/1.1 404 Not Found\r\nContent-Length: {}\r\n\r\n{page}", page.len()).unwrap();
    });
    let sentence = ask(&address);
    assert!(sentence.contains("404") && sentence.contains("no Shopkeeper"), "{sentence}");
    // The door is closed once it has answered.
    let sentence = ask(&address);
    assert!(sentence.contains("cannot be reached") && sentence.contains("refused"), "{sentence}");
}

#[test]
fn a_server_proves_who_it_is_before_it_is_told_the_key() {
    let folder = folder();
    certify(folder.path(), &["localhost"]);
    let mut serving = program(&folder);
    serving.env("SHOPKEEPER_TLS_CERT", "cert.pem").env("SHOPKEEPER_TLS_KEY", "key.pem");
    let server = Running::start(serving.env("SHOPKEEPER_ADMIN_PASSWORD", PASSWORD));
    let url = format!("https://localhost:{}", server.address.port());
    let ask = |url: &str, authority: &str| {
        let mut command = program(&folder);
        command.args(["export", "products", "--server", url]).env("SSL_CERT_FILE", authority);
        command
    };
    assert!(said(&mut ask(&url, "cert.pem")).starts_with("sku,name"));

    let other = crate::program::folder();
    certify(other.path(), &["localhost"]);
    let stranger = other.path().join("cert.pem");
    let sentence = refused(&mut ask(&url, stranger.to_str().unwrap()), 1);
    assert!(sentence.contains("certificate") && sentence.contains("SSL_CERT_FILE"), "{sentence}");

    // Trusted, but for another name.
    let sentence = refused(&mut ask(&url.replace("localhost", "127.0.0.1"), "cert.pem"), 1);
    assert!(sentence.contains("certificate") && sentence.contains("127.0.0.1"), "{sentence}");
    server.stop();
}

#[test]
fn products_of_a_server_are_exported_as_the_shop_itself_would() {
    let folder = folder();
    let sizes = ["seed", "--users", "0", "--categories", "5", "--products", "250"];
    assert!(program(&folder).args(sizes).status().unwrap().success());
    for file in ["here.csv", "here.jsonl"] {
        said(program(&folder).args(["export", "products", file]));
    }
    let server = Running::start(&mut program(&folder));
    let url = format!("http://{}", server.address);
    let sentence = refused(program(&folder).args(["export", "products", "there.csv"]), 1);
    assert!(sentence.contains("--server"), "{sentence}");
    for (here, there) in [("here.csv", "there.csv"), ("here.jsonl", "there.jsonl")] {
        let told = said(program(&folder).args(["export", "products", there, "--server", &url]));
        assert!(told.contains("250 products written"), "{told}");
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read(here), read(there));
    }
    server.stop();
}
