//! All input.
pub mod dump;
pub mod interrupt;
pub mod server;
pub mod tables;
