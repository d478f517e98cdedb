//! Threads, where the host has any to spare.
//!
//! Hosters limit how many processes and threads a user has. A run without a second thread takes longer; it does not fail.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The threads that everything shares; none where there is only the one that the run began with.
///
/// Rayon's own shared threads are not used: it tries only once to start them, and ends the program where that fails.
static SHARED: OnceLock<Option<ThreadPool>> = OnceLock::new();

/// Whether the run has only the thread that it began with.
static IS_ALONE: AtomicBool = AtomicBool::new(false);

/// Starts the threads that everything shares. Called by the thread that the run begins with.
pub fn prepare() {
    if shared().is_none() {
        IS_ALONE.store(true, Ordering::Relaxed);
        // This thread becomes the only one of a pool of its own, so that what is written for several runs on it.
        if let Ok(pool) = ThreadPoolBuilder::new().num_threads(1).use_current_thread().build() {
            std::mem::forget(pool);
        }
    }
}

fn shared() -> Option<&'static ThreadPool> {
    SHARED.get_or_init(|| started(thread::available_parallelism().map_or(1, usize::from))).as_ref()
}

/// So many threads, or one; none if not even that can be had.
fn started(threads: usize) -> Option<ThreadPool> {
    // Threads of an attempt that failed half-way still end, and count until they have.
    let attempts = [threads, threads, 1, 1, 1, 1];
    attempts.into_iter().enumerate().find_map(|(at, threads)| {
        if at > 0 {
            thread::sleep(Duration::from_millis(20));
        }
        ThreadPoolBuilder::new().num_threads(threads).build().ok()
    })
}

/// Works on the threads that everything shares.
pub fn install<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match shared() {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Whether threads can be started at all.
pub fn is_alone() -> bool {
    IS_ALONE.load(Ordering::Relaxed)
}

/// Threads of one's own; those that everything shares where no more can be had.
#[derive(Debug)]
pub struct Pool(Option<ThreadPool>);

impl Pool {
    /// As many of the threads asked for as can be had.
    pub fn new(threads: usize) -> Self {
        Self(if is_alone() { None } else { started(threads) })
    }

    /// Works on these threads.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => install(work),
        }
    }
}

/// Does two things at once, or one after the other where there is no second thread.
///
/// # Panics
///
/// If one of them does.
pub fn at_once<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    if is_alone() {
        return (one(), other());
    }
    let other = Mutex::new(Some(other));
    // The thread takes it from there or, where there is none, this one does.
    let take = || other.lock().unwrap_or_else(PoisonError::into_inner).take();
    thread::scope(|scope| {
        let spawned = thread::Builder::new().spawn_scoped(scope, || take().map(|it| it()));
        let first = one();
        let second = match spawned {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => take().map(|it| it()),
        };
        (first, second.expect("one of both takes it"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_things_are_done() {
        assert_eq!(at_once(|| 1, || "two"), (1, "two"));
    }
}
