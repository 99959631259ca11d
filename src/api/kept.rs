//! Answers that are kept for requests that are sent again: how one is written down, and read back.

use super::Context;
use crate::service::{Error, Keep};
use bytes::Bytes;
use contract::{Asked, Problem, Reply, StatusCode};
use http::{HeaderMap, HeaderName, HeaderValue};

impl Context<'_> {
    /// Keeps what `word` answers about what is made, if the request may come again.
    pub(super) fn keep<'k, T, F>(&'k self, word: F) -> Keep<'k, T>
    where
        F: Fn(&T, &Asked<'_>) -> Result<Reply, Problem> + Send + Sync + 'k,
    {
        let Some(ticket) = self.repeat else { return Keep::nothing() };
        Keep::answer(ticket, move |made| match word(made, &Asked::new(None)) {
            Ok(reply) => Ok(write(&reply)),
            Err(problem) => Err(Error::Internal(problem.detail().to_owned().into())),
        })
    }
}

/// Status and number of headers, each header with its length, the body: all that is needed to give the answer again.
fn write(reply: &Reply) -> Vec<u8> {
    let mut written = Vec::with_capacity(256 + reply.body.len());
    written.extend(reply.status.as_u16().to_be_bytes());
    put(&mut written, &(reply.headers.len() as u64).to_be_bytes());
    for (name, value) in &reply.headers {
        put(&mut written, name.as_str().as_bytes());
        put(&mut written, value.as_bytes());
    }
    written.extend(&reply.body);
    written
}

/// Reads an answer back; `None` when it is none.
#[must_use]
pub fn read(written: &[u8]) -> Option<Reply> {
    let (status, rest) = written.split_first_chunk()?;
    let status = StatusCode::from_u16(u16::from_be_bytes(*status)).ok()?;
    let (count, mut rest) = take(rest)?;
    let mut headers = HeaderMap::new();
    for _ in 0..u64::from_be_bytes(count.try_into().ok()?) {
        let (name, after) = take(rest)?;
        let (value, after) = take(after)?;
        headers.append(HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?);
        rest = after;
    }
    Some(Reply { status, headers, body: Bytes::copy_from_slice(rest) })
}

/// A part with its length before it.
fn put(written: &mut Vec<u8>, part: &[u8]) {
    // No header of ours comes near to four thousand million bytes.
    written.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    written.extend(part);
}

fn take(written: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = written.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_back_as_it_was_written() {
        let mut reply = Reply::of(201);
        reply.set("location", "/api/v1/orders/1").expect("a header");
        reply.set("etag", "\"v1\"").expect("a header");
        reply.put(HeaderValue::from_static("application/json"), Bytes::from_static(b"{\"id\":1}"));
        let again = read(&write(&reply)).expect("an answer");
        assert_eq!((again.status, again.headers, again.body), (reply.status, reply.headers, reply.body));
    }

    #[test]
    fn what_is_cut_off_is_no_answer() {
        let mut reply = Reply::of(201);
        reply.set("etag", "\"v1\"").expect("a header");
        let written = write(&reply);
        for end in 0..written.len() {
            assert!(read(&written[..end]).is_none(), "cut at {end}");
        }
    }
}
