//! Threads, where the host has any to spare.
//!
//! Hosters limit how many processes and threads a user has. A run without a second thread takes longer; it does not fail.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Whether the run has only the thread that it began with.
static IS_ALONE: AtomicBool = AtomicBool::new(false);

/// Starts the threads that everything shares.
pub fn prepare() {
    // Rayon tries only once to start them, and ends the program where that fails: so others are tried first. A host
    // that gives fewer threads than it has cores may still give one.
    let builder = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads);
    let fitting = [0, 1].into_iter().find(|threads| builder(*threads).build().is_ok());
    IS_ALONE.store(fitting.is_none(), Ordering::Relaxed);
    // Fails only where they were started before, as in a test.
    let _ = match fitting {
        Some(threads) => builder(threads).build_global(),
        None => builder(1).use_current_thread().build_global(),
    };
}

/// Threads of one's own; none where the run has only the one that it began with.
#[derive(Debug)]
pub struct Pool(Option<rayon::ThreadPool>);

impl Pool {
    /// As many of the threads asked for as can be had.
    ///
    /// # Errors
    ///
    /// If not even one can be had, and there was one before.
    pub fn new(threads: usize) -> io::Result<Self> {
        if IS_ALONE.load(Ordering::Relaxed) {
            return Ok(Self(None));
        }
        let build = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        build(threads).or_else(|_| build(1)).map(|it| Self(Some(it))).map_err(io::Error::other)
    }

    /// Works on these threads.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

/// Does two things at once, or one after the other where there is no second thread.
///
/// # Panics
///
/// If one of them does.
pub fn at_once<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    if IS_ALONE.load(Ordering::Relaxed) {
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
