//! A live server against the dump of the same store: the same cells, the same
//! findings. The server is a real MariaDB with its own data folder on loopback;
//! without one these tests fail, they do not skip.

mod audit;
mod cells;
mod failures;
mod server;
