//! Orders: what somebody buys, at the prices of that moment.
//!
//! An order is made and changed here only in ways that keep it right: it has items, each of them one product's, all in one
//! currency, and its total is theirs. Whether there is stock for it is for the store to decide.

mod items;
#[cfg(test)]
mod tests;
mod workflow;

use uuid::Uuid;

use super::flaw::Flaw;
use super::money::Money;
use super::product::{ProductName, Sku};
use super::text;
use super::time::Timestamp;

pub use items::{Basket, BasketFlaw, Line, Refusal};
pub use workflow::{BadWorkflow, Step, StepRow, StockEffect, Workflow, WorkflowTable};

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: Uuid,
    /// How far it is.
    pub status: Status,
    /// What is bought, oldest first; never nothing. Empty only when it was read without ([`OrderWanted`]).
    pub items: Vec<OrderItem>,
    /// What all items cost.
    pub total: Money,
    /// What the buyer wants to say.
    pub note: Option<Note>,
    /// Grows by one with every change of a member above; the base of the entity tag.
    pub version: i64,
    /// When it was placed.
    pub created_at: Timestamp,
    /// When a member above last changed.
    pub updated_at: Timestamp,
}

/// Some of one product, as the catalogue showed it when it was put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderItem {
    /// `UUIDv7`.
    pub id: Uuid,
    /// The product; an order has one item of each at most.
    pub product_id: Uuid,
    /// What the storehouse called it.
    pub sku: Sku,
    /// What it was called.
    pub name: ProductName,
    /// How many.
    pub quantity: Quantity,
    /// What one costs.
    pub unit_price: Money,
    /// What all of them cost.
    pub total: Money,
    /// Grows by one with every change; the base of the entity tag.
    pub version: i64,
    /// When it was put in.
    pub created_at: Timestamp,
}

/// A product as it can be bought at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub product_id: Uuid,
    /// What the storehouse calls it.
    pub sku: Sku,
    /// What to call it.
    pub name: ProductName,
    /// What one costs.
    pub price: Money,
}

/// How many of a product somebody buys: some, and not too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i64);

impl Quantity {
    /// The most.
    pub const MAX: i64 = 10_000;

    /// So many pieces.
    ///
    /// # Errors
    /// `minimum` or `maximum`.
    pub fn new(pieces: i64) -> Result<Self, Flaw> {
        match pieces {
            ..1 => Err(Flaw::new("minimum", "must be at least 1")),
            1..=Self::MAX => Ok(Self(pieces)),
            _ => Err(Flaw::new("maximum", format!("must be at most {}", Self::MAX))),
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(pieces: i64) -> Self {
        Self(pieces)
    }

    /// The number.
    #[must_use]
    pub fn pieces(self) -> i64 {
        self.0
    }

    /// Both together.
    ///
    /// # Errors
    /// `maximum`.
    pub fn plus(self, other: Self) -> Result<Self, Flaw> {
        Self::new(self.0.saturating_add(other.0))
    }
}

/// What somebody wants to say about an order or a step of it: plain text of any number of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 500;

    /// Leaves out control characters, and what is blank at the ends. Nothing left is no note.
    ///
    /// # Errors
    /// `max_length`.
    pub fn parse(raw: &str) -> Result<Option<Self>, Flaw> {
        let tidy = text::lines(raw);
        text::at_most(Self::MAX_LENGTH, &tidy)?;
        Ok((!tidy.is_empty()).then_some(Self(tidy)))
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How far an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Placed and not paid yet: it can be changed, and ends by itself when it is left alone.
    Pending,
    /// Paid.
    Paid,
    /// On its way.
    Shipped,
    /// There.
    Delivered,
    /// It came to nothing.
    Cancelled,
    /// The money went back.
    Refunded,
}

impl Status {
    /// Every state, in the order in which they are documented.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Paid, Self::Shipped, Self::Delivered, Self::Cancelled, Self::Refunded];

    /// Those in which an order has brought money that the shop keeps.
    pub const EARNED: [Self; 3] = [Self::Paid, Self::Shipped, Self::Delivered];

    /// The word used in documents and rows.
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

    /// The state that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// One line of an order's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// Whose history it is of.
    pub order_id: Uuid,
    /// How far the order was; `None` before it was placed.
    pub from: Option<Status>,
    /// How far it is since.
    pub to: Status,
    /// In which part somebody acted.
    pub actor: Actor,
    /// The account that did it; `None` where the shop itself did.
    pub actor_id: Option<Uuid>,
    /// What was said about it.
    pub note: Option<Note>,
    /// When.
    pub created_at: Timestamp,
}

/// In which part somebody acts on an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// Whose order it is.
    User,
    /// Somebody who handles orders.
    Staff,
    /// The shop itself.
    System,
}

impl Actor {
    /// Every part, in the order in which they are documented.
    pub const ALL: [Self; 3] = [Self::User, Self::Staff, Self::System];

    /// The word used in documents and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Staff => "staff",
            Self::System => "system",
        }
    }

    /// The part that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|actor| actor.as_str() == word)
    }
}

/// Which orders a list shows. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only those of this account.
    pub user_id: Option<Uuid>,
    /// Only those that are so far.
    pub status: Option<Status>,
    /// Only those placed after this moment.
    pub created_after: Option<Timestamp>,
    /// Only those placed before this moment.
    pub created_before: Option<Timestamp>,
}

/// What a list of orders is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderSort {
    /// The moment they were placed.
    CreatedAt,
    /// The total in minor units, of whichever currency.
    Total,
}

/// Which members of an order are read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderWanted {
    /// The items, which are in a table of their own.
    pub items: bool,
}

impl OrderWanted {
    /// Everything.
    pub const ALL: Self = Self { items: true };
}
