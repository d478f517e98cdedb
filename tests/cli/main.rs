//! The program as its users run it, without a server.

#![expect(clippy::disallowed_methods, reason = "tests look at files")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod bad_input;
mod decisions;
mod dumps;
mod listings;
mod media;
mod options;
mod render;
mod report;
mod runs;
mod snapshot;
mod support;
