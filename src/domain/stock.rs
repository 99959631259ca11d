//! Stock, and the ledger that explains it.

use uuid::Uuid;

use super::flaw::Flaw;
use super::text;
use super::time::Timestamp;

/// How many of a product are there: never less than none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Stock(i64);

impl Stock {
    /// The most that can be there.
    pub const MAX: i64 = 1_000_000_000;

    /// So many pieces.
    ///
    /// # Errors
    /// `minimum` or `maximum`.
    pub fn new(pieces: i64) -> Result<Self, Flaw> {
        match pieces {
            ..0 => Err(Flaw::new("minimum", "must be at least 0")),
            0..=Self::MAX => Ok(Self(pieces)),
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

    /// What is there after an adjustment. The database decides the same in one statement; this says why it did not.
    ///
    /// # Errors
    /// When it would be less than none, or more than [`MAX`](Self::MAX).
    pub fn apply(self, delta: Delta) -> Result<Self, Refusal> {
        match self.0.saturating_add(delta.0) {
            ..0 => Err(Refusal::Insufficient { available: self }),
            pieces @ 0..=Self::MAX => Ok(Self(pieces)),
            _ => Err(Refusal::TooMuch { available: self }),
        }
    }

    /// What has to be added to come from `before` to this; `None` when they are the same.
    #[must_use]
    pub fn since(self, before: Self) -> Option<Delta> {
        let difference = self.0 - before.0;
        (difference != 0).then_some(Delta(difference))
    }
}

/// Why stock cannot be adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More would be taken than there is.
    #[error("only {} are in stock", .available.0)]
    Insufficient {
        /// What there is.
        available: Stock,
    },
    /// More would be there than can be.
    #[error("there would be more than {}", Stock::MAX)]
    TooMuch {
        /// What there is.
        available: Stock,
    },
}

/// Pieces added, or taken where it is negative; never none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delta(i64);

impl Delta {
    /// The most that can be added or taken at once.
    pub const MAX: i64 = Stock::MAX;

    /// So many pieces.
    ///
    /// # Errors
    /// `minimum`, `maximum`, or `not_zero`.
    pub fn new(pieces: i64) -> Result<Self, Flaw> {
        match pieces {
            0 => Err(Flaw::new("not_zero", "must not be 0")),
            ..0 if pieces < -Self::MAX => Err(Flaw::new("minimum", format!("must be at least -{}", Self::MAX))),
            1.. if pieces > Self::MAX => Err(Flaw::new("maximum", format!("must be at most {}", Self::MAX))),
            _ => Ok(Self(pieces)),
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
}

/// Why stock was adjusted: one line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 200;

    /// Tidies the text: control characters and runs of blanks become one blank, none at the ends.
    ///
    /// # Errors
    /// `min_length` when nothing is left, `max_length`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        text::line(raw, Self::MAX_LENGTH).map(Self)
    }

    /// Why there is stock at all: the product was made with it.
    #[must_use]
    pub fn initial() -> Self {
        Self("initial stock".to_owned())
    }

    /// Why the stock differs: whoever changed the product said so.
    #[must_use]
    pub fn correction() -> Self {
        Self("correction".to_owned())
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The reason as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockAdjustment {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// Whose stock it is.
    pub product_id: Uuid,
    /// What was added or taken.
    pub delta: Delta,
    /// Why.
    pub reason: Reason,
    /// What there was then.
    pub stock_after: Stock,
    /// The account that did it; `None` where the shop itself did.
    pub actor_id: Option<Uuid>,
    /// When.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delta(pieces: i64) -> Delta {
        Delta::new(pieces).expect("a delta")
    }

    #[test]
    fn stock_is_between_none_and_the_most() {
        assert_eq!(Stock::new(-1).expect_err("negative").code, "minimum");
        assert_eq!(Stock::new(Stock::MAX + 1).expect_err("too much").code, "maximum");
        assert_eq!(Stock::new(Stock::MAX).expect("the most").pieces(), 1_000_000_000);
    }

    #[test]
    fn the_last_piece_can_be_taken_and_no_more() {
        let one = Stock::new(1).expect("one");
        assert_eq!(one.apply(delta(-1)), Ok(Stock::default()));
        assert_eq!(Stock::default().apply(delta(-1)), Err(Refusal::Insufficient { available: Stock::default() }));
        assert_eq!(one.apply(delta(Delta::MAX)), Err(Refusal::TooMuch { available: one }));
        assert_eq!(one.apply(delta(-Delta::MAX)), Err(Refusal::Insufficient { available: one }));
    }

    #[test]
    fn the_difference_of_two_stocks_leads_from_one_to_the_other() {
        for (before, after) in [(0, 7), (7, 0), (0, Stock::MAX), (Stock::MAX, 1)] {
            let (before, after) = (Stock::restored(before), Stock::restored(after));
            assert_eq!(before.apply(after.since(before).expect("a difference")), Ok(after));
        }
        assert_eq!(Stock::default().since(Stock::default()), None);
    }

    #[test]
    fn an_adjustment_is_never_nothing_nor_without_end() {
        assert_eq!(Delta::new(0).expect_err("nothing").code, "not_zero");
        for (pieces, code) in [(Delta::MAX + 1, "maximum"), (-Delta::MAX - 1, "minimum"), (i64::MIN, "minimum")] {
            assert_eq!(Delta::new(pieces).expect_err("too much").code, code);
        }
        assert_eq!(delta(-Delta::MAX).pieces(), -1_000_000_000);
    }

    #[test]
    fn a_reason_is_never_blank() {
        assert_eq!(Reason::parse(" \n").expect_err("blank").code, "min_length");
        assert_eq!(Reason::parse(" broken\tin transit ").expect("valid").as_str(), "broken in transit");
    }
}
