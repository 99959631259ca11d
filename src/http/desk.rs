//! What a connection's wire asks of the shell: a message for bytes that hyper could not read, and answers for those that it
//! need not read.

use super::exchange::{Answer, Shell};
use super::life::Life;
use super::message::{write_date, write_length, write_line};
use super::shortcuts::{Found, Offer, Shortcut, may_be_known};
use super::tick;
use super::trace::RequestId;
use crate::telemetry::Access;
use http::StatusCode;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Serves one connection's wire.
pub(super) trait Serves: Send {
    /// A whole message in the place of a head with this status, which hyper wrote by itself.
    fn excuse(&self, status: u16, head: &[u8]) -> Vec<u8>;

    /// Whether any request is answered by its bytes.
    fn knows_any(&self) -> bool;

    /// Appends the answer to these bytes, which begin a request; false, if hyper has to read them.
    fn answer(&self, request: &[u8], message: &mut Vec<u8>) -> bool;

    /// Keeps what was offered for the request that came in these bytes.
    fn remember(&self, request: &[u8], offer: Offer);
}

/// The shell, for one connection.
pub(super) struct Desk<A> {
    shell: Arc<Shell<A>>,
    peer: IpAddr,
    /// The peer, if it is believed what it says of others.
    proxy: Option<IpAddr>,
    life: Arc<Life>,
}

impl<A: Answer> Desk<A> {
    pub(super) fn new(shell: Arc<Shell<A>>, peer: IpAddr, life: Arc<Life>) -> Self {
        let peer = peer.to_canonical();
        let proxy = shell.origin.trusts(peer).then_some(peer);
        Self { shell, peer, proxy, life }
    }

    /// Writes the message, the line in the log, and the numbers.
    fn give(&self, shortcut: &Shortcut, message: &mut Vec<u8>) -> bool {
        let (at, started) = (tick::wall(), tick::instant());
        let offer = &shortcut.offer;
        let ip = if self.proxy.is_some() { offer.ip } else { self.peer };
        message.extend_from_slice(&offer.head);
        let Some(body) = offer.again.again(ip, message) else {
            message.clear();
            return false;
        };
        if offer.status != StatusCode::NOT_MODIFIED.as_u16() {
            write_length(message, body.len());
        }
        let request_id = RequestId::text(at);
        write_line(message, "x-request-id", &request_id);
        write_date(message, at);
        message.extend_from_slice(b"\r\n");
        if offer.status != StatusCode::NOT_MODIFIED.as_u16() {
            message.extend_from_slice(&body);
        }

        let ended = tick::instant();
        let duration = ended.duration_since(started);
        self.shell.log.record(&Access {
            at: at + duration,
            method: "GET",
            path: &offer.path,
            status: offer.status,
            duration,
            operation: offer.operation,
            code: "",
            account: offer.account,
            api_key: offer.api_key,
            ip,
            request_id: std::str::from_utf8(&request_id).unwrap_or_default(),
            trace_id: None,
        });
        self.shell.metrics.count_shortcut(offer.operation, offer.status, duration);
        self.life.note_use(ended);
        true
    }
}

impl<A: Answer> Serves for Desk<A> {
    fn excuse(&self, status: u16, head: &[u8]) -> Vec<u8> {
        self.shell.excuse(status, head, self.peer)
    }

    fn knows_any(&self) -> bool {
        self.shell.shortcuts.is_some()
    }

    fn answer(&self, request: &[u8], message: &mut Vec<u8>) -> bool {
        let Some(shortcuts) = self.shell.shortcuts.as_ref().filter(|_| may_be_known(request)) else {
            self.life.want(false);
            return false;
        };
        let found = shortcuts.find(request, self.proxy);
        let given = match &found {
            // Who panics here may do better on the long way; the panic hook has told of it.
            Found::Shortcut(shortcut) => {
                catch_unwind(AssertUnwindSafe(|| self.give(shortcut, message))).unwrap_or_default()
            }
            Found::Again | Found::Nothing => false,
        };
        if !given {
            message.clear();
            // What was remembered and fails has changed: it is offered anew.
            self.life.want(!matches!(found, Found::Nothing));
        }
        given
    }

    fn remember(&self, request: &[u8], offer: Offer) {
        if let Some(shortcuts) = &self.shell.shortcuts {
            shortcuts.remember(request, self.proxy, offer);
        }
    }
}
