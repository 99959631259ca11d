//! Everybody at every operation: what happens is what the document says, in every case.

use crate::stage::{Stage, operations};
use crate::support::document::{DOCUMENT, Op};
use crate::support::{Answer, Caller};
use serde_json::{Value, json};

/// Who calls, and whose thing it is about.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Anonymous,
    /// Somebody of the least role that is enough, about what is their own.
    Own,
    /// Another user.
    Other,
    Moderator,
    Admin,
    /// A suspended administrator, who would otherwise be let everywhere.
    Suspended,
    /// The token of an administrator's session that has ended.
    Revoked,
    /// An API key of the very owner, with a scope that does not matter here.
    KeyWithTooLittle,
}

/// Status and code; none for success.
type Refusal = Option<(u16, &'static str)>;

const UNAUTHENTICATED: Refusal = Some((401, "unauthenticated"));

/// What the document says.
fn refusal(op: &Op, who: Who) -> Refusal {
    // Credentials that an operation does not look at are none.
    let heeded = match who {
        Who::Anonymous => false,
        Who::KeyWithTooLittle => op.knows("apiKey"),
        _ => op.knows("bearerAuth"),
    };
    if op.is_public() || (!heeded && op.admits_anonymous()) {
        return None;
    }
    if !heeded {
        return UNAUTHENTICATED;
    }
    match who {
        Who::Revoked => return Some((401, "invalid_token")),
        Who::Suspended => return Some((403, "account_suspended")),
        _ => {}
    }
    let held = scopes(op, who);
    let enough = |set: &Vec<String>| set.iter().all(|scope| held.contains(&scope.as_str()));
    if !op.admits_anonymous() && !op.scope_sets().iter().any(enough) {
        return Some((403, "insufficient_scope"));
    }
    let foreign = matches!(who, Who::Other | Who::Moderator | Who::Admin);
    match op.owner() {
        Some(owner) if foreign && !lifts(owner, &held) => Some((404, "not_found")),
        _ => None,
    }
}

fn lifts(owner: &Value, held: &[&str]) -> bool {
    owner["lifted_by"].as_array().into_iter().flatten().filter_map(Value::as_str).any(|scope| held.contains(&scope))
}

fn scopes(op: &Op, who: Who) -> Vec<&'static str> {
    match who {
        Who::Own => DOCUMENT.role_scopes(least_role(op)),
        Who::Other => DOCUMENT.role_scopes("user"),
        Who::Moderator => DOCUMENT.role_scopes("moderator"),
        Who::Admin => DOCUMENT.role_scopes("admin"),
        Who::KeyWithTooLittle => vec![Stage::useless_scope(op)],
        Who::Anonymous | Who::Suspended | Who::Revoked => Vec::new(),
    }
}

fn least_role(op: &Op) -> &'static str {
    if op.admits_anonymous() { "user" } else { op.least_role() }
}

/// The people who are refused wherever anybody is looked at: two of each kind would behave alike.
struct Shunned {
    suspended: Caller,
    revoked: Caller,
}

impl Shunned {
    async fn on(stage: &Stage) -> Self {
        let suspended = stage.shop.register_as("suspended_admin", "admin").await;
        stage.admin.patch(&suspended.path(), &json!({"status": "suspended"})).await.expect_status(200);
        let revoked = stage.admin.sign_in_again().await;
        revoked.post_nothing("/auth/logout").await.expect_status(204);
        Self { suspended, revoked }
    }
}

/// Lets somebody call an operation, about their own thing if it has no owner, else about the owner's.
async fn try_it(stage: &Stage, shunned: &Shunned, op: &'static Op, who: Who) -> Answer {
    let owner = stage.shop.register_as(&stage.new_name(), least_role(op)).await;
    let caller = match who {
        Who::Anonymous => stage.visitor(),
        Who::Own => owner.clone(),
        Who::Other => stage.shop.register(&stage.new_name()).await,
        Who::Moderator => stage.shop.register_as(&stage.new_name(), "moderator").await,
        Who::Admin => stage.shop.register_as(&stage.new_name(), "admin").await,
        Who::Suspended => shunned.suspended.clone(),
        Who::Revoked => shunned.revoked.clone(),
        Who::KeyWithTooLittle => owner.program(&[Stage::useless_scope(op)]).await,
    };
    let about_themselves =
        op.owner().is_none() && refusal(op, who).is_none() && matches!(who, Who::Other | Who::Moderator | Who::Admin);
    let scene = stage.scene_of(op, if about_themselves { &caller } else { &owner }).await;
    let answer = scene.by(&caller).await;
    if refusal(op, who).is_some() {
        // Nothing has happened to what it is about.
        scene.by(&owner).await.expect_status(op.success());
    }
    answer
}

async fn hold_the_document_to_its_word(who: Who) {
    let stage = Stage::set().await;
    let shunned = Shunned::on(&stage).await;
    let mut deviations = Vec::new();
    for op in operations() {
        let answer = try_it(&stage, &shunned, op, who).await;
        let (status, code) = refusal(op, who).unwrap_or((op.success(), ""));
        if answer.status != status || answer.code() != code {
            deviations.push(format!("{who:?} at {}: {status} {code} was to come: {answer}", op.name()));
        }
    }
    assert!(deviations.is_empty(), "{} deviations:\n{}", deviations.len(), deviations.join("\n"));
}

#[tokio::test]
async fn nobody_may_do_exactly_what_the_document_lets_nobody_do() {
    hold_the_document_to_its_word(Who::Anonymous).await;
}

#[tokio::test]
async fn owners_may_do_everything_that_the_document_lets_them_do() {
    hold_the_document_to_its_word(Who::Own).await;
}

#[tokio::test]
async fn other_users_may_do_exactly_what_the_document_lets_them_do() {
    hold_the_document_to_its_word(Who::Other).await;
}

#[tokio::test]
async fn moderators_may_do_exactly_what_the_document_lets_them_do() {
    hold_the_document_to_its_word(Who::Moderator).await;
}

#[tokio::test]
async fn admins_may_do_exactly_what_the_document_lets_them_do() {
    hold_the_document_to_its_word(Who::Admin).await;
}

#[tokio::test]
async fn suspended_accounts_may_do_only_what_needs_no_account() {
    hold_the_document_to_its_word(Who::Suspended).await;
}

#[tokio::test]
async fn tokens_of_ended_sessions_open_only_what_needs_no_token() {
    hold_the_document_to_its_word(Who::Revoked).await;
}

#[tokio::test]
async fn keys_with_too_little_open_only_what_needs_no_scope() {
    hold_the_document_to_its_word(Who::KeyWithTooLittle).await;
}

#[test]
fn every_order_operation_says_whose_it_is() {
    for op in operations().filter(|op| op.path.contains("/orders")) {
        // Who places or lists without naming anybody means themselves.
        let names_somebody = op.path.contains('{');
        assert_eq!(op.owner().is_some(), names_somebody, "{}", op.name());
    }
}
