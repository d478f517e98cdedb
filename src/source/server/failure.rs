//! What a server does not answer, in words that say what to do.

use std::time::Duration;

use sqlx::mysql::MySqlDatabaseError;

use super::{Address, identifier};
use crate::pair::Side;

/// Why a statement gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{}", sql_message(.0))]
    Sql(sqlx::Error),
    #[error("the server did not answer within {} s", .0.as_secs())]
    Silent(Duration),
    #[error("the connection was lost before")]
    Gone,
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// Whether the two sides did not agree on an encryption. The library tells it
    /// as a failure of the stream, in which only the text says why.
    pub(super) fn is_of_tls(&self) -> bool {
        match self {
            Self::Sql(sqlx::Error::Tls(_)) => true,
            Self::Sql(sqlx::Error::Io(error)) => {
                let said = error.to_string();
                ["corrupt message", "fatal alert", "peer is incompatible"].iter().any(|it| said.contains(it))
            }
            _ => false,
        }
    }

    /// The server's number for the error.
    pub(super) fn number(&self) -> Option<u16> {
        let Self::Sql(error) = self else { return None };
        Some(error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?.number())
    }
}

fn sql_message(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(it) => crate::text::visible(it.message()).into_owned(),
        sqlx::Error::Io(it) if it.kind() == std::io::ErrorKind::UnexpectedEof => {
            format!("the server closed the connection half-way ({it})")
        }
        other => crate::text::visible(&other.to_string()).into_owned(),
    }
}

/// The failure of a connection in words that say what to do.
pub(super) fn explain(failure: &Failure, address: &Address, side: Side) -> String {
    let variable = format!("MAGEGAP_{}_DB_PASSWORD", side.code().to_uppercase());
    let said = failure.to_string();
    match failure.number() {
        Some(1045 | 1698) => format!(
            "{said}. Check the user name, and the password in {variable}; \
             if both are right, this user may have to use TLS (ssl-mode=required) or another host"
        ),
        Some(1049) => format!("{said}. Check the name of the database"),
        Some(1044) => format!("{said}. GRANT SELECT ON {}.* TO this user", identifier(&address.database)),
        _ if said.contains("got 0 bytes at EOF") || said.contains("expected to read") => {
            format!("what answers there is not a MySQL or MariaDB server, or it hung up ({said})")
        }
        _ if let Some((_, plugin)) = said.split_once("unknown authentication plugin: ") => {
            let plugin = plugin.split(' ').next().unwrap_or_default();
            format!(
                "this user logs in by {plugin}, which is not known here. Give a user with a password of another kind \
                 (mysql_native_password, caching_sha2_password), or a dump of the database"
            )
        }
        _ if said.contains("mysql_old_password") => {
            format!("{said}: this kind of login is older than MySQL 4.1. Give a dump of the database instead")
        }
        _ => match failure {
            _ if said.contains("peer certificate") => format!(
                "{said}. Give the authority that signed it (ssl-ca=FILE); where the certificate does not name the host, \
                 as those that MySQL makes for itself, use ssl-mode=verify_ca or required"
            ),
            _ if failure.is_of_tls() => {
                format!("{said}. See ssl-mode and ssl-ca; servers older than TLS 1.2 need ssl-mode=disabled")
            }
            Failure::Sql(sqlx::Error::Io(_)) if address.socket.is_some() => {
                format!("{said}. Check that the server runs, and that this is its socket")
            }
            Failure::Sql(sqlx::Error::Io(_)) => {
                format!("{said}. Check host and port, or give the socket (?socket=/path/mysqld.sock)")
            }
            _ => said,
        },
    }
}
