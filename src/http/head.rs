//! The headers that the shell itself looks at, found in one walk: asking the map for each would cost a hash apiece, on
//! every request, mostly for headers that nobody sent.

use http::header::{EXPECT, HOST, HeaderMap, HeaderValue, TRANSFER_ENCODING};

/// What was sent of them. Of several values of one name the first is kept.
#[derive(Debug, Default)]
pub(super) struct Head<'h> {
    pub(super) host: Option<&'h HeaderValue>,
    pub(super) hosts: usize,
    pub(super) coding: Option<&'h HeaderValue>,
    pub(super) codings: usize,
    pub(super) expect: Option<&'h HeaderValue>,
    pub(super) request_id: Option<&'h HeaderValue>,
    pub(super) traceparent: Option<&'h HeaderValue>,
}

impl<'h> Head<'h> {
    pub(super) fn of(headers: &'h HeaderMap) -> Self {
        let mut head = Self::default();
        for (name, value) in headers {
            match *name {
                HOST => {
                    head.host.get_or_insert(value);
                    head.hosts += 1;
                }
                TRANSFER_ENCODING => {
                    head.coding.get_or_insert(value);
                    head.codings += 1;
                }
                EXPECT => _ = head.expect.get_or_insert(value),
                _ => match name.as_str() {
                    "x-request-id" => _ = head.request_id.get_or_insert(value),
                    "traceparent" => _ = head.traceparent.get_or_insert(value),
                    _ => {}
                },
            }
        }
        head
    }
}
