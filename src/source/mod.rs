//! All input.
pub mod dump;
pub mod installation;
pub mod interrupt;
pub mod media;
pub mod server;
pub mod tables;
