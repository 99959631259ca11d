//! Categories: the shelves that products stand on.

use uuid::Uuid;

use super::flaw::Flaw;
use super::text;
use super::time::Timestamp;

/// A category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// `UUIDv7`: ordered by creation.
    pub id: Uuid,
    /// What to call it.
    pub name: CategoryName,
    /// What addresses call it; unique.
    pub slug: Slug,
    /// More about it.
    pub description: Option<CategoryDescription>,
    /// Grows by one with every change of a member above; the base of the entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When a member above last changed.
    pub updated_at: Timestamp,
}

/// What a category is called: one line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryName(String);

impl CategoryName {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 100;

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

/// What addresses call a category: words of lower-case letters and digits, joined by single hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// Most characters.
    pub const MAX_LENGTH: usize = 100;

    /// Accepts `^[a-z0-9]+(-[a-z0-9]+)*$`.
    ///
    /// # Errors
    /// `max_length` or `pattern`.
    pub fn parse(raw: &str) -> Result<Self, Flaw> {
        text::at_most(Self::MAX_LENGTH, raw)?;
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if raw.split('-').all(is_word) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(Flaw::new("pattern", "must be words of lower-case letters and digits, joined by single hyphens"))
        }
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(text: String) -> Self {
        Self(text)
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// More about a category: plain text of any number of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryDescription(String);

impl CategoryDescription {
    /// Most characters, counted after tidying.
    pub const MAX_LENGTH: usize = 1000;

    /// Leaves out control characters, and what is blank at the ends. Nothing left is no description.
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

/// Which categories a list shows. What is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CategoryFilter {
    /// Only the one that addresses call so.
    pub slug: Option<String>,
}

/// What a list of categories is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CategorySort {
    /// The moment they were made.
    CreatedAt,
    /// The name, compared without case.
    Name,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_words_joined_by_single_hyphens() {
        for good in ["a", "0", "garden-tools", "a-1-b"] {
            assert_eq!(Slug::parse(good).expect(good).as_str(), good);
        }
        for bad in ["", "-", "a-", "-a", "a--b", "A", "a b", "ä", "a_b", "a\n"] {
            assert_eq!(Slug::parse(bad).expect_err(bad).code, "pattern", "{bad:?}");
        }
        assert_eq!(Slug::parse(&"a".repeat(101)).expect_err("long").code, "max_length");
    }

    #[test]
    fn a_name_is_sorted_without_case() {
        let name = CategoryName::parse(" Garden  Tools ").expect("valid");
        assert_eq!((name.as_str(), name.key().as_str()), ("Garden Tools", "garden tools"));
    }

    #[test]
    fn a_blank_description_is_none() {
        assert_eq!(CategoryDescription::parse(" \n\u{0}"), Ok(None));
        assert_eq!(CategoryDescription::parse(&"x".repeat(1001)).expect_err("long").code, "max_length");
        let text = CategoryDescription::parse(" <b> & \n more ").expect("valid").expect("text");
        assert_eq!(text.as_str(), "<b> & \n more", "plain text stays as it is");
    }
}
