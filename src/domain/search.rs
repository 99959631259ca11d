//! What is looked for in the catalogue, and what it is looked for in.
//!
//! Both are folded in the same way before an index sees them: indices fold little, and each of them something else.

use unicode_normalization::UnicodeNormalization;

use super::product::Product;
use super::text;

/// The words of a search. A thing is found when each of them begins one of its words, whatever case and accents.
///
/// A word ends at a blank. What is joined by other signs, like `ab-12`, is one word that looks for its parts in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(Vec<String>);

impl Search {
    /// Takes the words apart and folds them. Signs alone, like `&`, are no word of anything: they are passed over. A text without any word
    /// finds nothing.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        let tidy = folded(&text::tidied(raw));
        let words = tidy.split(' ').filter(|word| word.chars().any(char::is_alphanumeric));
        Self(words.map(str::to_owned).collect())
    }

    /// The words, each with a letter or digit in it.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is nothing to look for, and so nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A word between the parts of a product, so that no search finds words in a row where one part ends and another begins.
const BETWEEN: &str = " \u{e000} ";

/// What a search of products looks through.
#[must_use]
pub fn text_of(product: &Product) -> String {
    let description = product.description.as_ref().map(super::description::Description::text).unwrap_or_default();
    spaced(&folded(&[product.name.as_str(), product.sku.as_str(), &description].join(BETWEEN)))
}

/// Letters and digits with single blanks between them: what else stands in a text, each database would take for something
/// else.
fn spaced(text: &str) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || BETWEEN.contains(c);
    let words = text.split(|c: char| !is_kept(c) || c == ' ').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// Text without the difference of case and accents, of all scripts that have them.
fn folded(text: &str) -> String {
    let bare: String = text.nfd().filter(|c| !is_accent(*c)).nfc().collect();
    bare.to_lowercase().replace('ß', "ss").replace('ς', "σ")
}

/// Marks that make no other letter, as those of Indic scripts do: the blocks of combining diacritical marks.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_make_no_difference_in_any_script() {
        for (one, other) in [
            ("KÖNIG", "ko\u{308}nig"),
            ("Élan", "elan"),
            ("ΞΕΝΊΑ", "ξενια"),
            ("ΟΔΌΣ", "οδοσ"),
            ("Ёлка", "елка"),
            ("STRASSE", "Straße"),
            ("İstanbul", "istanbul"),
            ("Việt", "viet"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("か"), folded("が"), "that is another letter");
        assert_ne!(folded("कि"), folded("का"), "and so is that");
    }

    #[test]
    fn words_end_at_blanks_and_signs_alone_are_none() {
        let search = Search::new("  garden\tSPADE & ab-12 \u{0}\" ");
        assert_eq!(search.words().collect::<Vec<_>>(), ["garden", "spade", "ab-12"]);
        assert!(Search::new("- & \"").is_empty());
    }
}
