//! Text that people write: tidied, measured in characters, and made sortable.

use super::flaw::Flaw;

/// One line of text: control characters and runs of blanks become one blank, none at the ends.
pub(super) fn tidied(raw: &str) -> String {
    let words = raw.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// One line of text that is not blank and has at most `max` characters once it is tidied.
pub(super) fn line(raw: &str, max: usize) -> Result<String, Flaw> {
    let tidy = tidied(raw);
    if tidy.is_empty() {
        return Err(Flaw::new("min_length", "must not be blank"));
    }
    at_most(max, &tidy)?;
    Ok(tidy)
}

pub(super) fn at_most(max: usize, text: &str) -> Result<(), Flaw> {
    if text.chars().count() > max {
        return Err(Flaw::new("max_length", format!("must have at most {max} characters")));
    }
    Ok(())
}

/// Several lines of text: control characters other than line feeds and tabs are left out, and so is what is blank at the ends.
pub(super) fn lines(raw: &str) -> String {
    let kept: String = raw.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    kept.trim().to_owned()
}

/// Most bytes of a sort key. A cursor holds one, and a cursor has at most 1024 characters of base64.
const SORT_KEY_BYTES: usize = 700;

/// What names are sorted by: their lower case by Unicode's rules, which databases do not know. Of names in the widest scripts
/// the beginning counts; rows that are alike in it are told apart by their ids, as all are.
pub(super) fn sort_key(name: &str) -> String {
    let mut key = name.to_lowercase();
    let end = key.floor_char_boundary(SORT_KEY_BYTES);
    key.truncate(end);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_tidied_measured_afterwards_and_never_blank() {
        assert_eq!(line("  a \r\n b\u{0}c ", 5).as_deref(), Ok("a b c"));
        assert_eq!(line("ßßßßßß", 5).expect_err("long").code, "max_length");
        for blank in ["", " \t", "\u{0}\u{a0}"] {
            assert_eq!(line(blank, 5).expect_err("blank").code, "min_length");
        }
    }

    #[test]
    fn lines_keep_their_breaks_and_lose_what_cannot_be_seen() {
        assert_eq!(lines(" one\r\n\ttwo\u{0}\u{7f}\n\n"), "one\n\ttwo");
    }

    #[test]
    fn a_sort_key_ignores_case_and_fits_a_cursor() {
        assert_eq!(sort_key("ÄPFEL"), "äpfel");
        let key = sort_key(&"\u{1f600}".repeat(200));
        assert_eq!(key.len(), 700);
        assert_eq!(sort_key(&format!("x{}", "\u{1f600}".repeat(199))).len(), 697, "cut between characters");
    }
}
