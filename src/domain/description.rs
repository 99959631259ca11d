//! Descriptions of products: HTML that can do no harm wherever it is shown.
//!
//! Five elements are kept and no attributes; of the rest the text stays, but for scripts and styles. What comes out is always
//! well-formed, written in one way, and cleaning it again changes nothing.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

use super::flaw::Flaw;
use super::text;

/// The elements that are kept.
const ELEMENTS: [&str; 5] = ["p", "br", "strong", "em", "u"];
/// Elements that go with their content, which is no text for readers.
const DROPPED: [&str; 2] = ["script", "style"];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner.tags(HashSet::from(ELEMENTS)).clean_content_tags(HashSet::from(DROPPED));
    cleaner
});

/// Sanitised HTML with some text in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// Most characters, before and after cleaning.
    pub const MAX_LENGTH: usize = 10_000;
    /// Most tags that are looked at. Elements that are left open are opened again in every paragraph that follows, so that
    /// the work can grow with the square of the tags.
    pub const MAX_TAGS: usize = 1_000;

    /// Cleans the HTML. What shows no text is no description.
    ///
    /// # Errors
    /// `max_length`, `max_tags`.
    pub fn sanitised(raw: &str) -> Result<Option<Self>, Flaw> {
        text::at_most(Self::MAX_LENGTH, raw)?;
        if tags(raw) > Self::MAX_TAGS {
            return Err(Flaw::new("max_tags", format!("must have at most {} tags", Self::MAX_TAGS)));
        }
        let clean = CLEANER.clean(&text::lines(raw)).to_string();
        let clean = Self(clean.trim().to_owned());
        if clean.0.chars().count() > Self::MAX_LENGTH {
            let message = format!("must have at most {} characters once it is cleaned", Self::MAX_LENGTH);
            return Err(Flaw::new("max_length", message));
        }
        Ok((!clean.is_blank()).then_some(clean))
    }

    /// As it was accepted before; for rows, which outlive the rules of their day.
    #[must_use]
    pub fn restored(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_blank(&self) -> bool {
        self.0.replace("&nbsp;", " ").split('<').enumerate().all(|(number, piece)| {
            // In clean HTML every `<` begins a tag and every `>` ends one.
            let text = if number == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) };
            text.trim().is_empty()
        })
    }

    /// The words in it, for searches: paragraphs and line breaks end one, emphasis does not. The signs behind the entities are
    /// in no word.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for (number, piece) in self.0.split('<').enumerate() {
            let (tag, words) = if number == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
            if matches!(tag, "p" | "/p" | "br") {
                text.push(' ');
            }
            text.push_str(words);
        }
        ["&amp;", "&lt;", "&gt;", "&nbsp;"].iter().fold(text, |text, entity| text.replace(entity, " "))
    }
}

/// What a parser could take for the beginning of an element.
fn tags(raw: &str) -> usize {
    raw.as_bytes().windows(2).filter(|pair| pair[0] == b'<' && pair[1].is_ascii_alphabetic()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &str) -> String {
        Description::sanitised(raw).expect(raw).map_or_else(String::new, |html| html.0)
    }

    #[test]
    fn the_five_elements_stay_and_lose_their_attributes() {
        let kept = "<p>A <strong>very</strong> <em>fine</em> <u>spade</u>.<br>Really.</p>";
        assert_eq!(clean(kept), kept);
        assert_eq!(
            clean("<p class=\"x\" onclick='y()' style=\"color:red\">A <STRONG id=z>spade</STRONG></p>"),
            "<p>A <strong>spade</strong></p>"
        );
    }

    #[test]
    fn of_other_elements_the_text_stays_and_of_scripts_nothing() {
        assert_eq!(clean("<h1>Spade</h1> <a href=\"javascript:x()\">for <b>gardens</b></a>"), "Spade for gardens");
        assert_eq!(clean("a<script>alert(1)</script><style>p{}</style>b<!-- c --><img src=x onerror=y>"), "ab");
    }

    #[test]
    fn known_attacks_come_out_as_text_or_not_at_all() {
        for attack in [
            "<svg><p><style><img src=x onerror=alert(1)>x",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">x",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "<p><<script>alert(1)//<</script>x",
            "<iframe src=\"javascript:alert(1)\">x</iframe>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">x",
            "<textarea><script>alert(1)</script></textarea>x",
            "<template><script>alert(1)</script>x</template>",
            "<p/onmouseover=alert(1)//>x",
            "<u\u{0}onclick=x>x</u>",
            "<form><input formaction=javascript:alert(1)>x",
            "<xmp><p title=\"</xmp><svg onload=alert(1)>\">x",
            "<select><template><img src=x onerror=alert(1)></template>x",
        ] {
            let html = clean(attack);
            let tags = html.match_indices('<').map(|(at, _)| {
                let tag = html[at + 1..].split('>').next().unwrap_or_default();
                tag.trim_start_matches('/').to_owned()
            });
            for tag in tags {
                assert!(ELEMENTS.contains(&tag.as_str()), "{attack} → {html}");
            }
            assert_eq!(clean(&html), html, "{attack}: clean is clean");
        }
    }

    #[test]
    fn signs_of_markup_are_escaped_and_stay_so() {
        assert_eq!(clean("1 < 2 & 3 > 2"), "1 &lt; 2 &amp; 3 &gt; 2");
        assert_eq!(clean("1 &lt; 2 &amp; 3 &gt; 2"), "1 &lt; 2 &amp; 3 &gt; 2");
        assert_eq!(clean("&lt;script&gt;"), "&lt;script&gt;");
        assert_eq!(clean("a\u{0}\u{1b}\r\nb"), "a\nb");
    }

    #[test]
    fn the_words_are_those_that_a_reader_sees() {
        let html = Description::sanitised("<p>un<em>believ</em>able</p>a<br>b &amp; <u>c</u>").expect("valid");
        let text = html.expect("text").text();
        assert_eq!(text.split_whitespace().collect::<Vec<_>>(), ["unbelievable", "a", "b", "c"]);
    }

    #[test]
    fn what_shows_nothing_is_no_description() {
        for blank in ["", " \n", "<p></p>", "<p>&nbsp;<br></p>", "<script>x</script>", "<!-- x -->", "<img src=x>"] {
            assert_eq!(Description::sanitised(blank), Ok(None), "{blank}");
        }
    }

    #[test]
    fn it_is_measured_before_and_after_cleaning() {
        assert!(Description::sanitised(&"x".repeat(10_000)).is_ok());
        assert_eq!(Description::sanitised(&"x".repeat(10_001)).expect_err("long").code, "max_length");
        assert_eq!(Description::sanitised(&"&".repeat(2_001)).expect_err("long when escaped").code, "max_length");
    }

    #[test]
    fn elements_that_would_be_opened_again_and_again_are_not_looked_at() {
        let opened: Vec<String> = (0..600).map(|number| format!("<u a{number}>")).collect();
        let bomb = format!("<p>{}{}", opened.concat(), "<p>x".repeat(600));
        assert_eq!(Description::sanitised(&bomb).expect_err("a bomb").code, "max_tags");
    }
}
