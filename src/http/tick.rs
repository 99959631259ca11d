//! The shell's look at the machine's clocks. It measures how long things take and tells the log when they happened;
//! what the shop does with time is `infra::clock`'s, where a test can hold it still.

use std::time::{Instant, SystemTime};

#[expect(clippy::disallowed_methods, reason = "sockets time out by the machine's clock, also in tests")]
pub(super) fn instant() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a log line tells when it was written, also in tests")]
pub(super) fn wall() -> SystemTime {
    SystemTime::now()
}
