//! What is looked for in the catalogue.

use super::text;

/// The words of a search. A thing is found when each of them begins one of its words, whatever case and accents.
///
/// A word ends at a blank. What is joined by other signs, like `ab-12`, is one word that looks for its parts in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search(Vec<String>);

impl Search {
    /// Takes the words apart. Signs alone, like `&`, are no word of anything: they are passed over. A text without any word
    /// finds nothing.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        let tidy = text::tidied(raw);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_blanks_and_signs_alone_are_none() {
        let search = Search::new("  garden\tSPADE & ab-12 \u{0}\" ");
        assert_eq!(search.words().collect::<Vec<_>>(), ["garden", "SPADE", "ab-12"]);
        assert!(Search::new("- & \"").is_empty());
    }
}
