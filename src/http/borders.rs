//! Where one request ends and the next begins on a connection, as far as that can be told without hyper.
//!
//! Only at a border may bytes be answered that hyper does not see: anywhere else they may be the rest of something that it
//! has begun to read. So a border is believed where every byte is accounted for: one head up to its empty line (RFC 9112,
//! section 2.1), as many bytes of a body as it announced, one request begun and ended, its answer written and flushed. After
//! anything else, such as several requests in one piece or a body in chunks, there are no more borders on that connection.

use super::life::Life;
use super::shortcuts::LONGEST;

/// What passed on one connection since its last border.
#[derive(Default)]
pub(super) struct Borders {
    /// What hyper was given, up to [`LONGEST`]: nothing longer is remembered.
    beginning: Vec<u8>,
    /// How much it was given in all.
    given: u64,
    /// Requests begun before.
    begun: u32,
    lost: bool,
}

impl Borders {
    /// Whether the next byte begins a request.
    pub(super) fn is_here(&self) -> bool {
        self.given == 0 && !self.lost
    }

    /// Hyper is given these bytes.
    pub(super) fn give(&mut self, bytes: &[u8]) {
        if self.lost {
            return;
        }
        self.given += bytes.len() as u64;
        let room = LONGEST - self.beginning.len();
        self.beginning.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// All that hyper had to write is written. If that makes a border: the request that ends here, unless it is long.
    pub(super) fn flushed<T>(&mut self, life: &Life, ended: impl FnOnce(&[u8]) -> T) -> Option<T> {
        if self.is_here() || self.lost || life.is_running() || life.begun() == self.begun {
            return None;
        }
        let head = head_of(&self.beginning).unwrap_or(u64::MAX);
        let one = life.begun() == self.begun.wrapping_add(1) && !life.is_multiplexed();
        if !one || life.announced().and_then(|body| head.checked_add(body)) != Some(self.given) {
            *self = Self { lost: true, ..Self::default() };
            return None;
        }
        let ended = (self.given == self.beginning.len() as u64).then(|| ended(&self.beginning));
        self.beginning.clear();
        (self.given, self.begun) = (0, life.begun());
        ended
    }
}

/// How long the head is that begins here; bytes. Lines may end without a carriage return, as hyper's parser has it. Nothing
/// but a method may come first: empty lines before it would be skipped.
fn head_of(bytes: &[u8]) -> Option<u64> {
    if !bytes.first()?.is_ascii_uppercase() {
        return None;
    }
    let mut line = 0;
    loop {
        let end = line + bytes[line..].iter().position(|byte| *byte == b'\n')?;
        if matches!(bytes[line..end], [] | [b'\r']) {
            return u64::try_from(end + 1).ok();
        }
        line = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tick;

    /// Hyper reads `given`, and answers as many requests, the last of which announces such a body.
    fn after(given: &[&str], requests: u32, body: Option<u64>) -> Borders {
        let (life, mut borders) = (Life::new(), Borders::default());
        for bytes in given {
            borders.give(bytes.as_bytes());
        }
        for _ in 0..requests {
            life.begin(false, body);
            assert_eq!(borders.flushed(&life, <[u8]>::len), None, "it is underway");
            life.end(tick::instant(), false);
        }
        borders.flushed(&life, |_| ());
        borders
    }

    #[test]
    fn a_request_that_is_there_as_a_whole_ends_at_a_border() {
        assert!(after(&["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], 1, Some(0)).is_here());
        assert!(after(&["GET / HT", "TP/1.1\r\nHost: a\r\n\r", "\n"], 1, Some(0)).is_here());
        assert!(after(&["GET / HTTP/1.1\nHost: a\n\n"], 1, Some(0)).is_here());
        assert!(after(&["POST / HTTP/1.1\r\nHost: a\r\n\r\n{}"], 1, Some(2)).is_here());
        let long = "x".repeat(5000);
        assert!(after(&["POST / HTTP/1.1\r\nHost: a\r\n\r\n", &long], 1, Some(5000)).is_here());
    }

    #[test]
    fn where_anything_is_left_over_or_missing_there_is_none() {
        let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        for (given, requests, body) in [
            (vec![get, "GET /secret"], 1, Some(0)),
            (vec![get, get], 1, Some(0)),
            (vec![get, get], 2, Some(0)),
            (vec!["GET / HTTP/1.1\r\nHost: a\r\n\n", "GET"], 1, Some(0)),
            (vec!["\r\n", get], 1, Some(0)),
            (vec!["\r\n", get], 1, Some(get.len() as u64)),
            (vec!["POST / HTTP/1.1\r\nHost: a\r\n\r\n{}"], 1, Some(3)),
            (vec!["POST / HTTP/1.1\r\nHost: a\r\n\r\n{}"], 1, Some(1)),
            (vec!["POST / HTTP/1.1\r\nHost: a\r\n\r\n2\r\n{}\r\n0\r\n\r\n"], 1, None),
            (vec![get], 0, None),
        ] {
            assert!(!after(&given, requests, body).is_here(), "{given:?}");
        }
    }

    #[test]
    fn a_head_that_is_longer_than_what_is_looked_at_has_no_end() {
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(LONGEST));
        assert!(!after(&[&long], 1, Some(0)).is_here());
    }
}
