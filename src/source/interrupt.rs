//! Ctrl-C, and what a job is ended with (SIGTERM, SIGHUP): asked for in one place, heeded wherever something takes long.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Has Ctrl-C end the run in good order instead of at once: a running query is
/// taken back, and no half report is left. A second Ctrl-C ends at once.
pub fn listen() {
    // Without the handler Ctrl-C still ends the program, so there is nothing to report.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "the second Ctrl-C is not to wait for anything")]
            std::process::exit(2);
        }
    });
}

/// Whether the run is to end.
pub fn is_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

/// Fails if the run is to end.
pub(crate) fn check() -> io::Result<()> {
    if is_asked() {
        // Not `Interrupted`: readers take that for a reason to try again.
        return Err(io::Error::other("interrupted"));
    }
    Ok(())
}
