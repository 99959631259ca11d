//! The numbers of all rooms but HTTP's own, by the names that Prometheus knows them by.
//!
//! Names have the base unit at their end, and `_total` where they only grow. deploy/ shows each of them on the dashboard,
//! which a test holds to this file.

use crate::http::answers::Answers;
use crate::http::exposition::{Exposition, Kind};
use crate::http::quota;
use crate::http::tls::{Handshakes, Tls};
use crate::infra::limiter::Limiter;
use crate::infra::passwords::Load;
use crate::infra::shared::{self, Shared};
use crate::service::Shop;
use crate::store::{Stats, Usage};
use generated::OPERATIONS;
use std::sync::Arc;

/// Whoever has something to count.
pub struct Sources {
    /// The database, the events and the passwords.
    pub shop: Shop,
    /// The answers that are kept, if any are.
    pub answers: Option<Arc<Answers>>,
    /// The limits.
    pub limiter: Arc<Limiter>,
    /// What they refused.
    pub limits: quota::Limits,
    /// Other instances, if there are any.
    pub shared: Option<Shared>,
    /// The handshakes, if there are any.
    pub tls: Option<Arc<Tls>>,
}

impl Sources {
    /// Writes down everything as it is at this moment.
    pub fn tell(&self, text: &mut Exposition) {
        build(text);
        self.database(text);
        self.events(text);
        self.passwords(text);
        self.limits(text);
        if let Some(answers) = &self.answers {
            cache(answers, text);
        }
        if let Some(shared) = &self.shared {
            sharing(shared, text);
        }
        if let Some(tls) = &self.tls {
            secured(tls, text);
        }
    }

    fn database(&self, text: &mut Exposition) {
        let store = self.shop.store();
        let Stats { commits, transactions, statements, changed_rows, long_reads, replica_reads, slow } = store.stats();
        let counts = [
            ("shopkeeper_database_commits_total", "Commits that reached the disk.", commits),
            (
                "shopkeeper_database_transactions_total",
                "Transactions in them: those that waited for each other shared one.",
                transactions,
            ),
            (
                "shopkeeper_database_statements_total",
                "Statements, those that begin and end transactions aside.",
                statements,
            ),
            ("shopkeeper_database_changed_rows_total", "Rows that were added, changed and deleted.", changed_rows),
            (
                "shopkeeper_database_long_reads_total",
                "Reads that were run again where they may take longer.",
                long_reads,
            ),
            ("shopkeeper_database_replica_reads_total", "Reads that a replica answered.", replica_reads),
            ("shopkeeper_database_slow_statements_total", "Statements that the log tells of as slow.", slow),
        ];
        counters(text, counts);
        let Usage { busy, idle, waiting } = store.usage();
        text.by(
            Kind::Gauge,
            "shopkeeper_database_connections",
            "Connections to the database, by whether somebody uses them.",
            "state",
            [("busy", busy), ("idle", idle)],
        );
        text.one(
            Kind::Gauge,
            "shopkeeper_database_waiting",
            "Who waits for a connection, or for the turn to write.",
            waiting,
        );
    }

    fn events(&self, text: &mut Exposition) {
        text.by(
            Kind::Counter,
            "shopkeeper_events_told_total",
            "Events that were told to subscribers, by kind.",
            "action",
            self.shop.told().counts(),
        );
        text.one(
            Kind::Gauge,
            "shopkeeper_outbox_lag_seconds",
            "How long the oldest event of this process has waited to be told; zero when none waits.",
            self.shop.outbox_lag().as_secs_f64(),
        );
    }

    fn passwords(&self, text: &mut Exposition) {
        let Load { waiting, done, refused } = self.shop.password_load();
        text.one(Kind::Gauge, "shopkeeper_password_queue", "Passwords that wait for a thread that hashes.", waiting);
        let help = "Passwords that found the queue, or their address's share of it, full.";
        let counts = [
            ("shopkeeper_password_hashes_total", "Hashes that were made.", done),
            ("shopkeeper_password_refusals_total", help, refused),
        ];
        counters(text, counts);
    }

    fn limits(&self, text: &mut Exposition) {
        text.one(
            Kind::Gauge,
            "shopkeeper_limiter_callers",
            "Callers that rate limits remember, by policy and audience.",
            self.limiter.callers(),
        );
        text.by(
            Kind::Counter,
            "shopkeeper_limiter_refusals_total",
            "Requests that a rate limit refused.",
            "policy",
            self.limits.refusals(),
        );
    }
}

fn build(text: &mut Exposition) {
    let labels =
        [("version", env!("CARGO_PKG_VERSION")), ("profile", if cfg!(debug_assertions) { "debug" } else { "release" })];
    text.family(Kind::Gauge, "shopkeeper_build_info", "What runs here; always 1.", [(labels, 1)]);
}

fn cache(answers: &Answers, text: &mut Exposition) {
    let counts: Vec<_> = answers.counts(OPERATIONS).collect();
    let hits = counts.iter().map(|(operation, hits, _)| (*operation, *hits));
    text.by(Kind::Counter, "shopkeeper_cache_hits_total", "Answers that were kept.", "operation", hits);
    let misses = counts.iter().map(|(operation, _, misses)| (*operation, *misses));
    let help = "Answers that had to be made to be kept.";
    text.by(Kind::Counter, "shopkeeper_cache_misses_total", help, "operation", misses);
    let stats = answers.stats();
    text.one(Kind::Gauge, "shopkeeper_cache_entries", "Answers kept, by form.", stats.entries);
    text.one(Kind::Gauge, "shopkeeper_cache_bytes", "Room that they take, roughly.", stats.weight);
}

fn sharing(shared: &Shared, text: &mut Exposition) {
    let shared::Stats { connected, connections, fallbacks, sent, heard } = shared.stats();
    let help = "Whether Valkey is there and changes of other instances are heard of.";
    text.one(Kind::Gauge, "shopkeeper_shared_connected", help, u8::from(connected));
    let counts = [
        ("shopkeeper_shared_connections_total", "How often a connection to Valkey came up.", connections),
        (
            "shopkeeper_shared_fallbacks_total",
            "Questions that Valkey did not answer in time: limits counted alone.",
            fallbacks,
        ),
        ("shopkeeper_shared_news_sent_total", "Changes told to other instances.", sent),
        ("shopkeeper_shared_news_heard_total", "Changes heard of from other instances.", heard),
    ];
    counters(text, counts);
}

/// Names, meanings and values of what only grows.
fn counters<const N: usize>(text: &mut Exposition, counts: [(&str, &str, u64); N]) {
    for (name, help, count) in counts {
        text.one(Kind::Counter, name, help, count);
    }
}

fn secured(tls: &Tls, text: &mut Exposition) {
    if let Some(certificate) = tls.certificate() {
        text.one(
            Kind::Gauge,
            "shopkeeper_tls_certificate_expiry_timestamp_seconds",
            "Until when the certificate holds that callers are shown, in seconds since 1970.",
            certificate.ends().timestamp(),
        );
    }
    let Handshakes { done, failed, plain } = tls.handshakes();
    text.by(
        Kind::Counter,
        "shopkeeper_tls_handshakes_total",
        "Connections to the TLS port, by what came of the handshake.",
        "outcome",
        [("done", done), ("failed", failed), ("plain", plain)],
    );
}
