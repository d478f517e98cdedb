//! No more bytes in a second than a host in production can spare.

use std::io;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::source::interrupt;

/// The longest nap: Ctrl-C is heeded after each.
const NAP: Duration = Duration::from_millis(100);

/// A limit that all threads keep together.
#[derive(Debug)]
pub(super) struct Throttle {
    /// Bytes in a second; none is no limit.
    limit: Option<u64>,
    /// When the bytes that were taken so far are paid for.
    paid: Mutex<Instant>,
}

impl Throttle {
    pub(super) fn new(limit: Option<u64>) -> Self {
        Self { limit, paid: Mutex::new(Instant::now()) }
    }

    /// Waits until so many bytes may be read. Fails if the run is to end.
    pub(super) fn take(&self, bytes: u64) -> io::Result<()> {
        let Some(limit) = self.limit else { return interrupt::check() };
        #[expect(clippy::cast_precision_loss, reason = "a duration need not be exact")]
        let cost = Duration::from_secs_f64(bytes as f64 / limit as f64);
        let due = {
            let mut paid = self.paid.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let due = (*paid).max(Instant::now());
            *paid = due + cost;
            due
        };
        loop {
            interrupt::check()?;
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(NAP));
        }
    }
}
