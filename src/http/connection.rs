//! One connection from its first byte to its last, and the watchman who ends it when nothing comes.
//!
//! hyper can time the reading of a head, but allocates a timer for each request to do so, starts after the protocol
//! was sniffed, and knows no idle time for HTTP/2. The watchman has one timer for the connection's whole life: it is
//! set to the earliest moment at which something may be overdue, and looks then whether it is.

use super::desk::Desk;
use super::exchange::{Answer, Shell};
use super::life::Life;
use super::listen::Limits;
use super::shutdown::{Phase, Stop};
use super::tick;
use super::wire::Wire;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Sleep, sleep_until};

/// hyper with this server's limits.
pub(super) fn builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // The watchman does this, and also before the protocol is known.
        .header_read_timeout(None)
        // Who sends a request and closes that direction still wants its answer.
        .half_close(true)
        // Answers are small: copying one behind its head costs less than a gathering write does in the kernel.
        .writev(false)
        // A head has to fit into the buffer, so this is its limit; hyper takes no less than this minimum.
        .max_buf_size(limits.head_bytes.max(8 * 1024));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.ping)
        .keep_alive_timeout(limits.ping)
        .max_concurrent_streams(128)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        // Bodies are small; what a connection may make us hold should be too.
        .initial_stream_window_size(64 * 1024)
        .initial_connection_window_size(256 * 1024);
    builder
}

/// Serves a connection until it ends.
pub(super) async fn drive<A: Answer, S>(
    socket: S,
    peer: SocketAddr,
    shell: Arc<Shell<A>>,
    builder: Arc<auto::Builder<TokioExecutor>>,
    stop: Stop,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let life = Arc::new(Life::new());
    let desk = Desk::new(Arc::clone(&shell), peer.ip(), Arc::clone(&life));
    let wire = TokioIo::new(Wire::new(socket, Arc::clone(&life), Box::new(desk)));
    let service = {
        let (shell, life) = (Arc::clone(&shell), Arc::clone(&life));
        service_fn(move |request| {
            let (shell, life) = (Arc::clone(&shell), Arc::clone(&life));
            async move { Ok::<_, Infallible>(shell.exchange(request, peer, &life).await) }
        })
    };
    let mut connection = pin!(builder.serve_connection(wire, service));
    let mut watchman = Watchman::new(&life, &shell.limits);
    let mut phase = Phase::Open;
    let mut changed = pin!(stop.changed());
    // Wakers of one task stay the same: to be woken by a change it is enough to ask once.
    let mut asked = false;
    std::future::poll_fn(|context| {
        if connection.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        loop {
            if phase < stop.phase() {
                phase = stop.phase();
                changed.set(stop.changed());
                asked = false;
                if phase == Phase::Cut {
                    return Poll::Ready(());
                }
                // While it is only leaving, all goes on.
                if phase == Phase::Draining {
                    connection.as_mut().graceful_shutdown();
                    if connection.as_mut().poll(context).is_ready() {
                        return Poll::Ready(());
                    }
                }
            }
            if asked || changed.as_mut().poll(context).is_pending() {
                asked = true;
                break;
            }
        }
        match watchman.poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Overdue::Over) => Poll::Ready(()),
            Poll::Ready(Overdue::Idle) => {
                connection.as_mut().graceful_shutdown();
                // Makes sure of a further poll, in which the goodbye is written.
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    })
    .await;
}

/// What the watchman found.
enum Overdue {
    /// Nobody uses the connection: say goodbye.
    Idle,
    /// Nothing more is to be waited for.
    Over,
}

/// Watches that something happens in time.
struct Watchman<'c> {
    life: &'c Life,
    limits: &'c Limits,
    alarm: Pin<Box<Sleep>>,
    /// When the alarm rings, if it is set.
    set: Option<Instant>,
    head_since: Option<Instant>,
    progress_at: Option<Instant>,
    lingers_since: Option<Instant>,
    dismissed_at: Option<Instant>,
}

impl<'c> Watchman<'c> {
    fn new(life: &'c Life, limits: &'c Limits) -> Self {
        let first = life.opened + limits.head;
        Self {
            life,
            limits,
            alarm: Box::pin(sleep_until(first.into())),
            set: None,
            head_since: None,
            progress_at: None,
            lingers_since: None,
            dismissed_at: None,
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Overdue> {
        loop {
            let due = self.due();
            // A due time that moved away is left to the alarm: setting it anew costs more than ringing in vain.
            let sooner = due.filter(|due| self.set.is_none_or(|set| *due < set));
            if let Some(sooner) = sooner {
                self.alarm.as_mut().reset(sooner.into());
                self.set = Some(sooner);
            } else if self.set.is_none() || !self.alarm.is_elapsed() {
                return Poll::Pending;
            }
            if self.alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.set = None;
            if due.is_some_and(|due| due <= tick::instant())
                && let Some(overdue) = self.overdue()
            {
                return Poll::Ready(overdue);
            }
        }
    }

    /// When the connection has to end unless something happens; never while a request is handled, which has its own
    /// deadline.
    fn due(&mut self) -> Option<Instant> {
        if self.life.is_lingering() {
            return Some(*self.lingers_since.get_or_insert_with(tick::instant) + self.limits.linger);
        }
        if self.life.is_running() {
            return None;
        }
        if !self.life.is_greeted() {
            return Some(self.life.opened + self.limits.head);
        }
        if let Some(dismissed) = self.dismissed_at {
            // The goodbye asks for an answer; who gives none is not waited for longer than for a head.
            return Some(dismissed + self.limits.head);
        }
        if self.life.has_heard() && !self.life.is_multiplexed() {
            return Some(*self.head_since.get_or_insert_with(tick::instant) + self.limits.head);
        }
        self.head_since = None;
        let quiet = self.life.quiet_since();
        Some(self.progress_at.map_or(quiet, |progress| progress.max(quiet)) + self.limits.idle)
    }

    /// What to do about a due time that has come; nothing when an answer is still on its way out.
    fn overdue(&mut self) -> Option<Overdue> {
        let idle = self.life.is_greeted() && !self.life.is_lingering() && self.head_since.is_none();
        if !idle || self.dismissed_at.is_some() {
            return Some(Overdue::Over);
        }
        if self.life.takes_trickle() {
            self.progress_at = Some(tick::instant());
            return None;
        }
        if self.life.is_multiplexed() {
            self.dismissed_at = Some(tick::instant());
            return Some(Overdue::Idle);
        }
        Some(Overdue::Over)
    }
}
