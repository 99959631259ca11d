//! The socket as hyper sees it: it notes what passes, keeps from it what need not be read, and mends two things that it leaves
//! rough.
//!
//! **Short ways.** A request that comes in the same bytes as an earlier one, and of which it is known how to answer it
//! ([`super::shortcuts`]), is answered here; to hyper it is as if nothing had come. That is done only at a border between
//! requests ([`super::borders`]), and nothing else is read or written before the answer is out.
//!
//! **Bare refusals.** A message that hyper cannot parse never reaches a service: hyper writes `400`, `414` or `431`
//! with an empty body by itself and offers no hook. Those heads are recognised here, where they are written, and a
//! problem is written instead.
//!
//! **Lost answers.** Closing a socket with unread bytes resets it, and the reset overtakes the answer that said why.
//! So the write side is closed first and the rest of the request is read away (RFC 9112, section 9.6).

use super::borders::Borders;
use super::desk::Serves;
use super::life::Life;
use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Most bytes that are read away after the last answer.
const LINGER_BYTES: usize = 1024 * 1024;

/// How much room each thread keeps for answers that are given here.
const ROOM: usize = 64 * 1024;

/// A connection's socket.
pub(super) struct Wire<S> {
    socket: S,
    life: Arc<Life>,
    desk: Box<dyn Serves>,
    /// Where requests begin, if any can be answered here.
    borders: Option<Borders>,
    /// Until an answer that was given here is out: what could not be written at once, and how much of that has been since.
    rest: Option<(Vec<u8>, usize)>,
    swapped: Option<Swapped>,
    stalled: bool,
    closing: Closing,
}

/// A message that is written instead of hyper's.
struct Swapped {
    message: Vec<u8>,
    written: usize,
    /// How many bytes hyper believes to write.
    instead_of: usize,
}

#[derive(PartialEq)]
enum Closing {
    No,
    /// The write side is closed; this many bytes have been read away since.
    Lingers(usize),
}

impl<S> Wire<S> {
    pub(super) fn new(socket: S, life: Arc<Life>, desk: Box<dyn Serves>) -> Self {
        let borders = desk.knows_any().then(Borders::default);
        Self { socket, life, desk, borders, rest: None, swapped: None, stalled: false, closing: Closing::No }
    }
}

impl<S: AsyncWrite + Unpin> Wire<S> {
    /// Notes whether the peer keeps up with a write.
    fn paced(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.stalled = true,
            Poll::Ready(Ok(_)) if self.stalled => {
                self.stalled = false;
                self.life.note_trickle();
            }
            Poll::Ready(_) => {}
        }
        written
    }

    /// Writes what is left of an answer that was given here.
    fn write_rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some((rest, before)) = self.rest.as_mut().filter(|(rest, before)| *before < rest.len()) {
            let written = Pin::new(&mut self.socket).poll_write(context, &rest[*before..]);
            if let Poll::Ready(Ok(written)) = written {
                *before += written;
            }
            if ready!(self.paced(written))? == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
        }
        if self.rest.is_some() {
            ready!(Pin::new(&mut self.socket).poll_flush(context))?;
            self.rest = None;
        }
        Poll::Ready(Ok(()))
    }

    /// Answers bytes that begin a request, if it is known how; what cannot be written at once is left over.
    fn answers(&mut self, context: &mut Context<'_>, request: &[u8]) -> io::Result<bool> {
        thread_local! {
            static MESSAGE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        if !self.borders.as_ref().is_some_and(Borders::is_here) {
            return Ok(false);
        }
        MESSAGE.with_borrow_mut(|message| {
            message.clear();
            if !self.desk.answer(request, message) {
                return Ok(false);
            }
            let written = Pin::new(&mut self.socket).poll_write(context, message);
            let written = match self.paced(written) {
                Poll::Ready(written) => written?,
                Poll::Pending => 0,
            };
            self.rest = Some((message[written..].to_vec(), 0));
            message.shrink_to(ROOM);
            Ok(true)
        })
    }

    /// Writes the message that stands for one of hyper's, and then reports the latter as written.
    fn write_swapped(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let Some(swapped) = &mut self.swapped else { return Poll::Ready(Ok(0)) };
        while swapped.written < swapped.message.len() {
            let rest = &swapped.message[swapped.written..];
            let written = ready!(Pin::new(&mut self.socket).poll_write(context, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            swapped.written += written;
        }
        let instead_of = swapped.instead_of;
        self.swapped = None;
        Poll::Ready(Ok(instead_of))
    }

    /// Prepares another message when these bytes are a refusal that hyper made by itself.
    fn swaps(&mut self, bytes: &[u8]) -> bool {
        if self.swapped.is_none() {
            if self.life.takes_answer() {
                return false;
            }
            let Some(status) = bare_refusal(bytes) else { return false };
            self.life.note_unread();
            self.swapped =
                Some(Swapped { message: self.desk.excuse(status, bytes), written: 0, instead_of: bytes.len() });
        }
        true
    }
}

/// The status of a head that hyper wrote by itself: a client error without a body, complete in one piece.
fn bare_refusal(bytes: &[u8]) -> Option<u16> {
    const LONGEST: usize = 256;
    let rest = bytes.strip_prefix(b"HTTP/1.1 ")?;
    let (status, _) = rest.split_first_chunk::<3>()?;
    let empty = |window: &[u8]| window == b"content-length: 0";
    let complete = bytes.len() <= LONGEST && bytes.ends_with(b"\r\n\r\n") && bytes.windows(17).any(empty);
    let status = std::str::from_utf8(status).ok()?.parse().ok()?;
    (complete && matches!(status, 400 | 414 | 431)).then_some(status)
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        loop {
            ready!(this.write_rest(context))?;
            ready!(Pin::new(&mut this.socket).poll_read(context, buffer))?;
            let heard = &buffer.filled()[before..];
            if heard.is_empty() {
                return Poll::Ready(Ok(()));
            }
            if !this.answers(context, heard)? {
                if let Some(borders) = &mut this.borders {
                    borders.give(heard);
                }
                this.life.note_heard();
                return Poll::Ready(Ok(()));
            }
            buffer.set_filled(before);
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.write_rest(context))?;
        if self.swaps(bytes) {
            return self.write_swapped(context);
        }
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.paced(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.write_rest(context))?;
        if slices.first().is_some_and(|first| self.swaps(first)) {
            return self.write_swapped(context);
        }
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.paced(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_flush(context))?;
        let this = &mut *self;
        // Hyper has nothing more to write.
        if let Some(borders) = &mut this.borders {
            let (life, desk) = (&*this.life, &*this.desk);
            borders.flushed(life, |request| {
                if let Some(offer) = life.takes_offer() {
                    desk.remember(request, *offer);
                }
            });
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        ready!(this.write_rest(context))?;
        if this.closing == Closing::No {
            ready!(Pin::new(&mut this.socket).poll_shutdown(context))?;
            if !this.life.is_unread() {
                return Poll::Ready(Ok(()));
            }
            this.life.note_linger();
            this.closing = Closing::Lingers(0);
        }
        let mut scratch = [0; 8192];
        while let Closing::Lingers(so_far) = this.closing {
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut this.socket).poll_read(context, &mut buffer));
            let so_far = so_far + buffer.filled().len();
            if read.is_err() || buffer.filled().is_empty() || so_far > LINGER_BYTES {
                break;
            }
            this.closing = Closing::Lingers(so_far);
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hypers_own_refusals_are_taken_for_such() {
        let bare = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        assert_eq!(bare_refusal(bare), Some(431));
        for other in [
            &b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"[..],
            b"HTTP/1.1 100 Continue\r\n\r\n",
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 7\r\n\r\n",
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n",
            b"{\"text\": \"HTTP/1.1 400\"}",
            b"HTTP/1.1 4",
            b"",
        ] {
            assert_eq!(bare_refusal(other), None, "{}", String::from_utf8_lossy(other));
        }
    }
}
