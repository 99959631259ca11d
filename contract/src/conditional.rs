//! Conditional requests (RFC 9110, section 13).
//!
//! A tag names a representation. Behind what names the state it may say how it looks to the caller, where rights make a
//! difference (`"v7-6c7d8e9f-s5"`), then which members were chosen (`"v7-6c7d8e9f-f811c9dc5"`), and last how the answer is
//! coded (`"v7-6c7d8e9f-gzip"`). Every coding of one state is as good as the other to whoever holds a copy or wants to change
//! the state, so that comparisons look past it. To whoever wants to change it so is every sight of it.

use crate::{Fields, HeaderMap, HeaderValue, Reply, StatusCode, header};
use uuid::Uuid;

/// A strong entity tag, made of a resource's id and version. The id belongs to it because one address can lead each
/// caller to another resource: a copy of somebody else's must not pass for the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityTag {
    pub id: Uuid,
    pub version: i64,
}

impl std::fmt::Display for EntityTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"v{}-{:08x}\"", self.version, mark(self.id))
    }
}

impl EntityTag {
    /// The tag of what a caller sees of the resource, where that depends on the caller's rights: different `sight`s are
    /// different representations (RFC 9110, section 8.8.3) of one state.
    #[must_use]
    pub fn seen_as(self, sight: u32) -> String {
        format!("\"v{}-{:08x}-s{sight:x}\"", self.version, mark(self.id))
    }
}

/// The last bits of an id: those of a `UUIDv7` that are random.
fn mark(id: Uuid) -> u32 {
    let [.., a, b, c, d] = id.into_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// What `If-Match` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// No condition: the header was not sent.
    None,
    /// `*`: whatever version there is.
    Any,
    /// One of these versions; tags that are none of ours match nothing.
    OneOf(Vec<i64>),
}

impl IfMatch {
    /// Reads the header's value, sent for the resource of this id. Weak tags never match (section 13.1.1).
    #[must_use]
    pub fn parse(value: Option<&str>, id: Uuid) -> Self {
        match value.map(str::trim) {
            None => Self::None,
            Some("*") => Self::Any,
            Some(list) => Self::OneOf(list.split(',').filter_map(|tag| version(tag, id)).collect()),
        }
    }

    /// Whether a resource at this version may be changed.
    #[must_use]
    pub fn admits(&self, version: i64) -> bool {
        match self {
            Self::None | Self::Any => true,
            Self::OneOf(versions) => versions.contains(&version),
        }
    }
}

fn version(tag: &str, id: Uuid) -> Option<i64> {
    let opaque = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let state = unseen(uncoded(opaque));
    let (version, _) = state.strip_prefix('v')?.split_once('-')?;
    let tag_now = EntityTag { id, version: version.parse().ok()? };
    // Written anew and compared: a tag with anything else behind the version, such as a selection's, matches nothing.
    (tag_now.to_string().trim_matches('"') == state).then_some(tag_now.version)
}

/// The tag of a coded answer ends with the coding (RFC 9110, section 8.8.3.3).
const CODINGS: [&str; 3] = ["-gzip", "-br", "-zstd"];

/// The inside of a tag without the coding at its end.
fn uncoded(opaque: &str) -> &str {
    CODINGS.iter().find_map(|coding| opaque.strip_suffix(coding)).unwrap_or(opaque)
}

/// The inside of a tag without how the state looked to a caller.
fn unseen(opaque: &str) -> &str {
    let is_sight = |sight: &str| (1..=8).contains(&sight.len()) && sight.bytes().all(|digit| digit.is_ascii_hexdigit());
    opaque.rsplit_once("-s").filter(|(_, sight)| is_sight(sight)).map_or(opaque, |(state, _)| state)
}

/// The inside of a tag of a list of tags, weak or not; only what stands in quotes is one.
fn inside(tag: &str) -> Option<&str> {
    let tag = tag.trim();
    let opaque = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    Some(uncoded(opaque))
}

/// Gives the answer's tag, if there is one yet, an end that names the chosen members.
pub(crate) fn mark_selection(headers: &mut HeaderMap, fields: &Fields) {
    let Some(opaque) = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()?.strip_suffix('"')) else { return };
    if let Ok(tag) = HeaderValue::from_str(&format!("{opaque}-f{:08x}\"", digest(fields))) {
        headers.insert(header::ETAG, tag);
    }
}

/// Tells choices of members apart: FNV-1a over their names, which says the same in every process.
fn digest(fields: &Fields) -> u32 {
    let names = fields.chosen().into_iter().flatten().flat_map(|name| name.bytes().chain([b',']));
    names.fold(0x811c_9dc5, |digest: u32, byte| (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Whether `If-None-Match` names the tag among these headers of an answer.
pub(crate) fn knows(sent: &HeaderValue, answer: &HeaderMap) -> bool {
    answer.get(header::ETAG).is_some_and(|tag| matches_weakly(sent, tag))
}

/// Whether the caller already has the answer with this tag.
#[must_use]
pub fn has(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let mut sent = request.get_all(header::IF_NONE_MATCH).iter();
    // Nearly always it is sent back as it was given.
    sent.any(|value| value == tag || matches_weakly(value, tag))
}

/// Turns an answer that the caller already has into 304 with the same headers (section 15.4.5).
pub fn revalidate(reply: &mut Reply, request: &HeaderMap) {
    if reply.status == StatusCode::OK && reply.headers.get(header::ETAG).is_some_and(|tag| has(request, tag)) {
        *reply = unchanged(std::mem::take(&mut reply.headers));
    }
}

/// The answer to who has the one with these headers.
#[must_use]
pub fn unchanged(mut headers: HeaderMap) -> Reply {
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_ENCODING);
    Reply { status: StatusCode::NOT_MODIFIED, headers, body: crate::Bytes::new() }
}

fn matches_weakly(sent: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(sent), Ok(tag)) = (sent.to_str(), tag.to_str()) else { return false };
    sent.trim() == "*" || inside(tag).is_some_and(|tag| sent.split(',').any(|sent| inside(sent) == Some(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(0x01a1_fcf7_2de0_7b2e_9d3f_4a5b_6c7d_8e9f);

    fn tag(version: i64) -> String {
        EntityTag { id: ID, version }.to_string()
    }

    #[test]
    fn tags_of_different_resources_differ() {
        assert_ne!(tag(7), EntityTag { id: Uuid::nil(), version: 7 }.to_string());
    }

    #[test]
    fn a_tag_is_read_as_it_was_written() {
        let written = tag(7);
        assert_eq!(IfMatch::parse(Some(&written), ID), IfMatch::OneOf(vec![7]));
    }

    #[test]
    fn weak_and_foreign_tags_match_nothing() {
        let foreign = EntityTag { id: Uuid::nil(), version: 7 }.to_string();
        for value in [&*format!("W/{}", tag(7)), "\"v7\"", "\"v7-\"", "\"x\"", "", "v7", &foreign] {
            assert!(!IfMatch::parse(Some(value), ID).admits(7), "{value}");
        }
    }

    #[test]
    fn a_tag_of_a_coded_answer_names_the_same_state() {
        for coding in ["gzip", "br", "zstd"] {
            let coded = tag(7).replace("9f\"", &format!("9f-{coding}\""));
            assert!(IfMatch::parse(Some(&coded), ID).admits(7), "{coded}");
        }
        for odd in ["-deflate", "-gzip-gzip", "-br-gzip", "gzip", "-", "-f811c9dc5", "-f811c9dc5-gzip"] {
            let tag = tag(7).replace("9f\"", &format!("9f{odd}\""));
            assert!(!IfMatch::parse(Some(&tag), ID).admits(7), "{tag}");
        }
    }

    #[test]
    fn sights_of_one_state_differ_and_each_names_it() {
        let tag = EntityTag { id: ID, version: 7 };
        assert_eq!((tag.seen_as(0), tag.seen_as(21)), ("\"v7-6c7d8e9f-s0\"".into(), "\"v7-6c7d8e9f-s15\"".into()));
        for sight in [tag.seen_as(0), tag.seen_as(u32::MAX), tag.seen_as(3).replace("3\"", "3-gzip\"")] {
            assert!(IfMatch::parse(Some(&sight), ID).admits(7), "{sight}");
            assert!(!IfMatch::parse(Some(&sight), ID).admits(8), "{sight}");
            assert!(!IfMatch::parse(Some(&sight), Uuid::nil()).admits(7), "{sight}");
            let headers = HeaderMap::from_iter([(header::ETAG, HeaderValue::from_str(&sight).expect("a tag"))]);
            assert!(!knows(&HeaderValue::from_static("\"v7-6c7d8e9f-s5\""), &headers), "{sight}");
        }
        for odd in ["-s", "-sx", "-s1-s1", "-s123456789", "-s1-f811c9dc5"] {
            let tag = tag.to_string().replace("9f\"", &format!("9f{odd}\""));
            assert!(!IfMatch::parse(Some(&tag), ID).admits(7), "{tag}");
        }
    }

    #[test]
    fn copies_are_compared_without_their_coding() {
        let knows = |sent: &'static str, tag: &'static str| {
            let headers = HeaderMap::from_iter([(header::ETAG, HeaderValue::from_static(tag))]);
            knows(&HeaderValue::from_static(sent), &headers)
        };
        assert!(knows("\"a\"", "\"a\"") && knows("\"a-gzip\"", "\"a\"") && knows("\"a\"", "\"a-br\""));
        assert!(knows("\"b\" , W/\"a-zstd\"", "\"a-br\"") && knows(" * ", "\"a\""));
        assert!(
            !knows("\"a-f811c9dc5\"", "\"a\"") && !knows("a", "\"a\"") && !knows("\"a", "\"a\"") && !knows("", "\"a\"")
        );
    }

    #[test]
    fn any_of_several_tags_will_do() {
        assert!(IfMatch::parse(Some(&format!("{}, {}", tag(1), tag(7))), ID).admits(7));
        assert!(IfMatch::parse(Some("*"), ID).admits(7));
        assert!(IfMatch::parse(None, ID).admits(7));
    }

    #[test]
    fn a_known_answer_is_not_sent_again() {
        let mut reply = Reply::empty(StatusCode::OK);
        reply.headers.insert(header::ETAG, HeaderValue::from_static("\"v7\""));
        let mut request = HeaderMap::new();
        request.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"v6\", W/\"v7\""));
        revalidate(&mut reply, &request);
        assert_eq!(reply.status, StatusCode::NOT_MODIFIED);
        assert!(reply.headers.contains_key(header::ETAG));
    }
}
