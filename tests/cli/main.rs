//! The program as its users run it, without a server.

mod bad_input;
mod options;
mod report;
mod support;
