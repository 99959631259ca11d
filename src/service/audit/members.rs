//! What of a thing the audit trail tells: its members as JSON text. Secrets are masked, and so is what is personal: an account
//! that is erased must not live on in the trail.

use std::fmt::Write as _;

use crate::domain::api_key::ApiKey;
use crate::domain::audit::MemberChange;
use crate::domain::category::Category;
use crate::domain::money::Money;
use crate::domain::order::{Order, OrderItem};
use crate::domain::product::Product;
use crate::domain::stock::StockAdjustment;
use crate::domain::user::User;

/// What stands for a value that is not told.
pub const MASKED: &str = "\"[masked]\"";

/// Most characters of a text that are told.
const LONGEST: usize = 1000;

/// A member and its value as JSON text; `None` for null. A masked one comes with what it is compared by.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    name: &'static str,
    value: Option<String>,
    hidden: bool,
}

/// Things that can be told member by member.
pub trait Members {
    /// In the order of the document.
    fn members(&self) -> Vec<Member>;
}

/// What differs between two states of a thing.
pub fn between<T: Members>(before: &T, after: &T) -> Vec<MemberChange> {
    let pairs = before.members().into_iter().zip(after.members());
    let differing = pairs.filter(|(before, after)| before.value != after.value);
    differing.map(|(before, after)| change(before.name, before.told(), after.told())).collect()
}

/// All of a thing that was made.
pub fn added<T: Members>(thing: &T) -> Vec<MemberChange> {
    let present = thing.members().into_iter().filter(|member| member.value.is_some());
    present.map(|member| change(member.name, None, member.told())).collect()
}

/// All of a thing that is gone.
pub fn gone<T: Members>(thing: &T) -> Vec<MemberChange> {
    let present = thing.members().into_iter().filter(|member| member.value.is_some());
    present.map(|member| change(member.name, member.told(), None)).collect()
}

/// One member before and after.
pub fn change(member: &'static str, before: Option<String>, after: Option<String>) -> MemberChange {
    MemberChange { member: member.into(), before, after }
}

/// Text as JSON text; the end of a long one is left out.
pub fn text(plain: &str) -> String {
    let told = match plain.char_indices().nth(LONGEST) {
        Some((end, _)) => serde_json::Value::String(format!("{}…", &plain[..end])),
        None => serde_json::Value::String(plain.to_owned()),
    };
    told.to_string()
}

fn money(money: Money) -> String {
    format!("{{\"amount\":{},\"currency\":\"{}\"}}", money.amount(), money.currency().as_str())
}

fn shown(name: &'static str, value: impl Into<Option<String>>) -> Member {
    Member { name, value: value.into(), hidden: false }
}

fn hidden(name: &'static str, value: impl Into<Option<String>>) -> Member {
    Member { name, value: value.into(), hidden: true }
}

impl Member {
    fn told(self) -> Option<String> {
        if self.hidden { self.value.map(|_| MASKED.to_owned()) } else { self.value }
    }
}

impl Members for User {
    fn members(&self) -> Vec<Member> {
        let User { id: _, email, username, full_name, role, status, version: _, created_at: _, updated_at: _ } = self;
        vec![
            hidden("email", text(email.as_str())),
            hidden("username", text(username.as_str())),
            hidden("full_name", full_name.as_ref().map(|name| text(name.as_str()))),
            shown("role", text(role.as_str())),
            shown("status", text(status.as_str())),
        ]
    }
}

impl Members for ApiKey {
    fn members(&self) -> Vec<Member> {
        let ApiKey { id: _, user_id: _, name, prefix, scopes: _, created_at: _, last_used_at: _, expires_at } = self;
        vec![
            shown("name", text(name.as_str())),
            shown("prefix", text(prefix)),
            hidden("secret", text("")),
            shown("expires_at", expires_at.map(|at| text(&at.to_rfc3339()))),
        ]
    }
}

impl Members for Category {
    fn members(&self) -> Vec<Member> {
        let Category { id: _, name, slug, description, version: _, created_at: _, updated_at: _ } = self;
        vec![
            shown("name", text(name.as_str())),
            shown("slug", text(slug.as_str())),
            shown("description", description.as_ref().map(|words| text(words.as_str()))),
        ]
    }
}

impl Members for Product {
    fn members(&self) -> Vec<Member> {
        let Product { category_id, name, sku, description, price, stock, status, .. } = self;
        vec![
            shown("category_id", text(&category_id.to_string())),
            shown("name", text(name.as_str())),
            shown("sku", text(sku.as_str())),
            shown("description", description.as_ref().map(|html| text(html.as_str()))),
            shown("price", money(*price)),
            shown("stock", stock.pieces().to_string()),
            shown("status", text(status.as_str())),
        ]
    }
}

impl Members for StockAdjustment {
    fn members(&self) -> Vec<Member> {
        let StockAdjustment { product_id, delta, reason, stock_after, .. } = self;
        vec![
            shown("product_id", text(&product_id.to_string())),
            shown("delta", delta.pieces().to_string()),
            shown("reason", text(reason.as_str())),
            shown("stock_after", stock_after.pieces().to_string()),
        ]
    }
}

impl Members for Order {
    fn members(&self) -> Vec<Member> {
        let Order { id: _, user_id, status, items, total, note, version: _, created_at: _, updated_at: _ } = self;
        vec![
            shown("user_id", text(&user_id.to_string())),
            shown("status", text(status.as_str())),
            shown("items", list(items)),
            shown("total", money(*total)),
            hidden("note", note.as_ref().map(|note| text(note.as_str()))),
        ]
    }
}

/// Which products, and how many of each.
fn list(items: &[OrderItem]) -> String {
    let mut told = String::with_capacity(2 + 80 * items.len());
    told.push('[');
    for item in items {
        if told.len() > 1 {
            told.push(',');
        }
        // Writing to a String cannot fail; ids and numbers need no escapes.
        let _ = write!(told, "{{\"product_id\":\"{}\",\"quantity\":{}}}", item.product_id, item.quantity.pieces());
    }
    told.push(']');
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::{CategoryName, Slug};
    use crate::domain::user::{Email, FullName, Status, Username};
    use chrono::DateTime;
    use uuid::Uuid;

    fn ada() -> User {
        User {
            id: Uuid::nil(),
            email: Email::parse("ada@example.com").expect("an address"),
            username: Username::parse("ada").expect("a name"),
            full_name: FullName::parse("Ada").expect("a name"),
            role: crate::domain::access::Role::User,
            status: Status::Active,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_what_differs_is_told_and_nothing_personal() {
        let before = ada();
        let email = Email::parse("lovelace@example.com").expect("an address");
        let after = User { email, full_name: None, status: Status::Suspended, version: 2, ..before.clone() };
        let masked = Some(MASKED.to_owned());
        let expected = [
            change("email", masked.clone(), masked.clone()),
            change("full_name", masked, None),
            change("status", Some("\"active\"".into()), Some("\"suspended\"".into())),
        ];
        assert_eq!(between(&before, &after), expected);
        assert_eq!(between(&before, &before), []);
    }

    #[test]
    fn long_texts_are_cut_and_stay_json() {
        let told = text(&format!("\"{}", "ä".repeat(2000)));
        let read: String = serde_json::from_str(&told).expect("JSON");
        assert_eq!(read.chars().count(), LONGEST + 1);
    }

    #[test]
    fn what_is_not_there_is_not_told_of_what_is_made_or_goes() {
        let category = Category {
            id: Uuid::nil(),
            name: CategoryName::parse("Tools").expect("a name"),
            slug: Slug::parse("tools").expect("a slug"),
            description: None,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let names = |changes: Vec<MemberChange>| changes.into_iter().map(|it| it.member).collect::<Vec<_>>();
        assert_eq!(names(added(&category)), ["name", "slug"]);
        assert!(gone(&category).iter().all(|change| change.before.is_some() && change.after.is_none()));
    }
}
