//! The commands: one file each.

pub mod audit;
pub mod decide;
pub mod demo;
pub mod doctor;
pub mod man;
pub mod needs;
pub mod report;
pub mod rules;
pub mod snapshot;
mod summary;

use std::io::{self, Write};

use jiff::Timestamp;

use crate::cli::{Cli, Command};
use crate::error::Error;
use crate::source::interrupt;

/// What a command may use of the world.
pub struct World<'a> {
    /// Where its answer goes.
    pub out: &'a mut dyn Write,
    /// Where warnings go.
    pub err: &'a mut dyn Write,
    /// The time.
    pub now: Timestamp,
}

impl std::fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("now", &self.now).finish_non_exhaustive()
    }
}

impl World<'_> {
    fn warn(&mut self, text: &str) {
        // A closed standard error is no reason to end.
        let _ = writeln!(self.err, "warning: {}", crate::text::visible(text));
    }
}

/// Does what was typed, and returns the exit status.
pub fn run(cli: Cli, world: &mut World<'_>) -> Result<u8, Error> {
    crate::parallel::prepare();
    match cli.command {
        Command::Audit(args) => {
            interrupt::listen();
            audit::run(&args, world)
        }
        Command::Demo(args) => {
            interrupt::listen();
            demo::run(&args, world)
        }
        Command::Snapshot(args) => {
            interrupt::listen();
            snapshot::run(&args, world)
        }
        Command::Decide(args) => decide::run(&args, world),
        Command::Report(args) => report::run(&args, world),
        Command::Rules(args) => rules::run(&args, world),
        Command::Doctor(args) => {
            interrupt::listen();
            doctor::run(&args, world)
        }
        Command::Completions { shell } => man::completions(shell, world),
        Command::Man { command } => man::page(command.as_deref(), world),
    }
}

/// A failure to print the answer. Somebody who stops reading has heard enough.
fn printed(result: io::Result<()>) -> Result<(), Error> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "standard output".into(), source: error })
        }
        _ => Ok(()),
    }
}
