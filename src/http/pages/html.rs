//! Pages for people: one frame, no script, and nothing from elsewhere.

use super::PAGE_POLICY;
use contract::Reply;
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY};
use std::fmt::{self, Display};

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// Text that is shown as it is, whatever it holds.
pub(super) struct Escaped<'t>(pub(super) &'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(position) = rest.find(['&', '<', '>', '"', '\'']) {
            out.write_str(&rest[..position])?;
            out.write_str(match rest.as_bytes()[position] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[position + 1..];
        }
        out.write_str(rest)
    }
}

/// Text in which words between backticks are code.
pub(super) struct Prose<'t>(pub(super) &'t str);

impl Display for Prose<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, part) in self.0.split('`').enumerate() {
            let part = Escaped(part);
            if position % 2 == 0 { write!(out, "{part}") } else { write!(out, "<code>{part}</code>") }?;
        }
        Ok(())
    }
}

/// An answer of HTML under this policy.
pub(super) fn reply(policy: &'static str, html: String) -> Reply {
    let mut reply = Reply::empty(StatusCode::OK);
    reply.headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    reply.headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(HTML));
    reply.body = html.into();
    reply
}

/// A page in the common frame; `title` is escaped here, `content` is HTML.
pub(super) fn page(title: &str, content: &dyn Display) -> Reply {
    let title = Escaped(title);
    reply(
        PAGE_POLICY,
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/pages.css\">\n</head>\n\
             <body>\n<main>\n<h1>{title}</h1>\n{content}</main>\n</body>\n</html>\n"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(Escaped("<b>\"&'ü'\"</b>").to_string(), "&lt;b&gt;&quot;&amp;&#39;ü&#39;&quot;&lt;/b&gt;");
    }

    #[test]
    fn words_between_backticks_are_code() {
        assert_eq!(Prose("see `a<b` or `c`.").to_string(), "see <code>a&lt;b</code> or <code>c</code>.");
    }
}
