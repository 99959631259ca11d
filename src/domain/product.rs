//! Products: what the shop sells.

use uuid::Uuid;

use super::description::Description;
use super::flaw::Flaw;
use super::money::Money;
use super::search::Search;
use super::stock::Stock;
use super::text;
use super::time::Timestamp;

/// A product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// The category that it is in.
    pub category_id: Uuid,
    /// What to call it.
    pub name: ProductName,
    /// What the storehouse calls it; unique, whatever its case.
    pub sku: Sku,
    /// More about it; also `None` when it was read without ([`Wanted`]).
    pub description: Option<Description>,
    /// What one costs.
    pub price: Money,
    /// How many are there.
    pub stock: Stock,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// Grows by one with every change of a member above; the base of the entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a member above last changed.
    pub updated_at: Timestamp,
}

/// What a product is called: one line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductName(String);

impl ProductName {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 200;

    /// Tidies the text: control characters and runs of blanks become one blank, none at the ends.
    ///
    /// # Errors
    /// `min_length` when nothing is left, `max_length`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        text::line(raw, Self::MAX_LENGTH).map(Self)
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What names are sorted by.
    #[must_use]
    pub fn key(&self) -> String {
        text::sort_key(&self.0)
    }
}

/// What the storehouse calls a product, shown as it was written. Two are the same if their [keys](Self::key) are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sku(String);

impl Sku {
    /// Most characters.
    pub const MAX_LENGTH: usize = 64;

    /// Accepts `^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`.
    ///
    /// # Errors
    /// `max_length` or `pattern`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        text::at_most(Self::MAX_LENGTH, raw)?;
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if raw.starts_with(|first: char| first.is_ascii_alphanumeric()) && raw.bytes().all(inner) {
            Ok(Self(raw.to_owned()))
        } else {
            let message =
                "must begin with a letter or digit and go on with letters, digits, dots, underscores and hyphens";
            Err(Flaw::new("pattern", message))
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The SKU as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two SKUs are compared by.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// Whether a product is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProductStatus {
    /// It is.
    Active,
    /// No longer; kept for what points at it.
    Archived,
}

impl ProductStatus {
    /// Every status, in the order in which they are documented.
    pub const ALL: [Self; 2] = [Self::Active, Self::Archived];

    /// The word used in documents and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// The status that a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// Which products a list shows. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// Only those of this category.
    pub category_id: Option<Uuid>,
    /// Only those that cost at least so many minor units, of whichever currency.
    pub min_price: Option<i64>,
    /// Only those that cost at most so many minor units, of whichever currency.
    pub max_price: Option<i64>,
    /// Only those of which there are some, or none.
    pub in_stock: Option<bool>,
    /// Only those that are sold, or that are not.
    pub status: Option<ProductStatus>,
    /// Only those whose name, SKU or description has these words.
    pub search: Option<Search>,
}

/// What a list of products is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProductSort {
    /// The moment they were made.
    CreatedAt,
    /// The name, compared without case.
    Name,
    /// The price in minor units, of whichever currency.
    Price,
}

/// Which members of a product are read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The description, which may be longer than all the rest.
    pub description: bool,
}

impl Wanted {
    /// Everything.
    pub const ALL: Self = Self { description: true };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skus_keep_their_case_and_are_compared_without_it() {
        let (one, other) = (Sku::parse("Ab-1").expect("valid"), Sku::parse("aB-1").expect("valid"));
        assert_eq!(one.key(), other.key());
        assert_ne!(one, other);
    }

    #[test]
    fn skus_follow_their_pattern() {
        for good in ["0", "SPADE-01.b_2", &"x".repeat(64)] {
            assert_eq!(Sku::parse(good).expect(good).as_str(), good);
        }
        for bad in ["", "-a", ".a", "_a", "a b", "ä", "a/b", "a\n"] {
            assert_eq!(Sku::parse(bad).expect_err(bad).code, "pattern", "{bad:?}");
        }
        assert_eq!(Sku::parse(&"x".repeat(65)).expect_err("long").code, "max_length");
    }

    #[test]
    fn every_status_is_read_back_from_its_word() {
        for status in ProductStatus::ALL {
            assert_eq!(ProductStatus::parse(status.as_str()), Some(status));
        }
        assert_eq!(ProductStatus::parse("sold"), None);
    }
}
