//! A live server against the dump of the same store: the same cells, the same
//! findings. The server is a real MariaDB with its own data folder on loopback;
//! without one these tests fail, they do not skip.

#![expect(clippy::disallowed_methods, reason = "tests look at files")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod audit;
mod cells;
mod failures;
mod server;
