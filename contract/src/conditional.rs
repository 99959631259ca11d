//! Conditional requests (RFC 9110, section 13).

use crate::{HeaderMap, HeaderValue, Reply, StatusCode, header};
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
    let (version, _) = tag.trim().strip_prefix("\"v")?.split_once('-')?;
    let tag_now = EntityTag { id, version: version.parse().ok()? };
    (tag_now.to_string() == tag.trim()).then_some(tag_now.version)
}

/// Turns an answer that the caller already has into 304 with the same headers (section 15.4.5).
pub fn revalidate(reply: &mut Reply, request: &HeaderMap) {
    if reply.status != StatusCode::OK {
        return;
    }
    let Some(tag) = reply.headers.get(header::ETAG) else { return };
    let mut sent = request.get_all(header::IF_NONE_MATCH).iter();
    if sent.any(|value| matches_weakly(value, tag)) {
        reply.status = StatusCode::NOT_MODIFIED;
        reply.headers.remove(header::CONTENT_TYPE);
        reply.body = crate::Bytes::new();
    }
}

fn matches_weakly(sent: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(sent), Ok(tag)) = (sent.to_str(), tag.to_str()) else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    sent.trim() == "*" || sent.split(',').any(|sent| opaque(sent) == opaque(tag))
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
