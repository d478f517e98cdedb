//! Parses the command line, runs the command, prints, and returns the exit status.
#![expect(clippy::print_stderr, reason = "this is the one place that prints errors")]

use std::error::Error as _;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use clap::Parser;
use magegap::cli::{Cli, Color};
use magegap::commands::{self, World};
use magegap::{source, text};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let choice = match cli.color {
        Color::Auto => AutoStream::choice(&std::io::stdout()),
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    };
    let mut out = AutoStream::new(std::io::stdout(), choice);
    let mut err = std::io::stderr();
    let mut world = World { out: &mut out, err: &mut err, now: source::now() };
    match commands::run(cli, &mut world) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("error: {}", text::visible(&error.to_string()));
            let mut cause = error.source();
            while let Some(it) = cause {
                eprintln!("  caused by: {}", text::visible(&it.to_string()));
                cause = it.source();
            }
            ExitCode::from(2)
        }
    }
}
