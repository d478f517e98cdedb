//! Where a server is, and how it is spoken to.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::ConnectOptions;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

/// Where a database server is, and who asks.
#[derive(Clone, Debug)]
pub struct Address {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Unix socket, which wins over host and port.
    pub socket: Option<PathBuf>,
    /// Whether the usual sockets are tried before host and port: to PHP `localhost` is a socket
    /// (`pdo_mysql.default_socket`), as it is to MySQL's own clients.
    pub tries_sockets: bool,
    /// User name.
    pub user: String,
    /// Password; `None` and empty are the same to the server.
    pub password: Option<SecretString>,
    /// Name of the database.
    pub database: String,
    /// Whether and how the connection is encrypted.
    pub tls: Tls,
    /// Certificate authority that signed the server's certificate.
    pub tls_ca: Option<PathBuf>,
    /// Time limits.
    pub limits: Limits,
}

/// Where sockets lie: as the environment names it to MySQL's clients, and as Debian, Red Hat, SUSE and MySQL itself build
/// their servers and PHP.
fn local_sockets() -> Vec<PathBuf> {
    const PLACES: [&str; 4] =
        ["/var/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/var/run/mysql/mysql.sock", "/tmp/mysql.sock"];
    let named = super::super::environment("MYSQL_UNIX_PORT").filter(|it| !it.is_empty()).map(PathBuf::from);
    named.into_iter().chain(PLACES.map(PathBuf::from)).collect()
}

/// Encryption of a connection, by the names of MySQL's `--ssl-mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Plain text.
    Disabled,
    /// Encrypted if the server offers it.
    #[default]
    Preferred,
    /// Encrypted, or not at all.
    Required,
    /// And the certificate is signed by the given authority.
    VerifyCa,
    /// And it is the host's own.
    VerifyIdentity,
}

/// How long the server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To accept the connection.
    pub connect: Duration,
    /// To send the next row, and, where the server can limit it, to run one statement.
    pub statement: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), statement: Duration::from_mins(10) }
    }
}

impl Address {
    /// The place as people write it, without user and password: `db1:3306/shop`.
    pub fn place(&self) -> String {
        match &self.socket {
            Some(socket) => format!("{}/{}", socket.display(), self.database),
            None if self.tries_sockets => format!("{}/{}", self.host, self.database),
            None => format!("{}:{}/{}", self.host, self.port, self.database),
        }
    }

    /// The addresses that this one may stand for, in the order in which they are tried.
    pub(super) fn ways(&self) -> Vec<Self> {
        let places = if self.tries_sockets && self.socket.is_none() { local_sockets() } else { Vec::new() };
        let sockets = places.into_iter().filter(|it| super::super::is_anything(it));
        let sockets = sockets.map(|it| Self { socket: Some(it), ..self.clone() });
        sockets.chain([self.clone()]).map(|it| Self { tries_sockets: false, ..it }).collect()
    }

    pub(super) fn options(&self, tls: Tls) -> MySqlConnectOptions {
        let mut options = MySqlConnectOptions::new()
            .host(&self.host)
            .port(self.port)
            .username(&self.user)
            .database(&self.database)
            .charset("utf8mb4")
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .statement_cache_capacity(0)
            .disable_statement_logging()
            .ssl_mode(match tls {
                Tls::Disabled => MySqlSslMode::Disabled,
                Tls::Preferred => MySqlSslMode::Preferred,
                Tls::Required => MySqlSslMode::Required,
                Tls::VerifyCa => MySqlSslMode::VerifyCa,
                Tls::VerifyIdentity => MySqlSslMode::VerifyIdentity,
            });
        if let Some(password) = self.password.as_ref().filter(|it| !it.expose_secret().is_empty()) {
            options = options.password(password.expose_secret());
        }
        if let Some(socket) = &self.socket {
            options = options.socket(socket);
        }
        if let Some(ca) = &self.tls_ca {
            options = options.ssl_ca(ca);
        }
        options
    }

    pub(super) fn is_on_this_machine(&self) -> bool {
        self.socket.is_some() || matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1")
    }
}
