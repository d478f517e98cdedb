//! Progress bars on standard error, for phases that take long.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where progress is shown.
#[derive(Clone, Debug)]
pub struct Progress {
    bars: MultiProgress,
}

impl Progress {
    /// Bars on standard error, if that is a terminal.
    pub fn on_terminal() -> Self {
        if std::io::stderr().is_terminal() { Self { bars: MultiProgress::new() } } else { Self::hidden() }
    }

    /// Nothing is shown.
    pub fn hidden() -> Self {
        Self { bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()) }
    }

    /// A bar of bytes with rate and time left.
    pub fn bytes(&self, what: &str, total: u64) -> ProgressBar {
        self.bar(
            what,
            Some(total),
            "{msg:30!} {wide_bar} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta}",
        )
    }

    /// A bar of things done, of a known total.
    pub fn items(&self, what: &str, total: u64) -> ProgressBar {
        self.bar(what, Some(total), "{msg:30!} {wide_bar} {human_pos}/{human_len}")
    }

    /// A bar of bytes of an unknown total.
    pub fn copied(&self, what: &str) -> ProgressBar {
        self.bar(what, None, "{msg:30!} {spinner} {decimal_bytes} {decimal_bytes_per_sec}")
    }

    /// A count of things found, of an unknown total. The prefix tells more.
    pub fn count(&self, what: &str) -> ProgressBar {
        let bar = self.bar(what, None, "{msg:30!} {spinner} {human_pos} files{prefix}");
        // A slow folder is not to look like one that stands still; where there are no threads nobody turns the spinner.
        if !bar.is_hidden() && !crate::parallel::is_alone() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        bar
    }

    fn bar(&self, what: &str, total: Option<u64>, template: &str) -> ProgressBar {
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let bar = self.bars.add(bar);
        bar.set_style(ProgressStyle::with_template(template).expect("the templates above are well-formed"));
        bar.set_message(what.to_owned());
        bar
    }
}
