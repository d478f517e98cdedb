//! Installation folders: what a store's own files tell of its database, its
//! media and its version.

mod cloud;
pub mod code;
mod m1;
mod m2;
#[cfg(test)]
mod tests;
pub mod themes;
mod tree;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::server::{Address, Limits, Tls};
use crate::magento::versions::Platform;
use crate::pair::Side;

/// What an installation folder tells.
#[derive(Debug)]
pub struct Installation {
    /// The database that the store uses, or why it cannot be told; none if the file that tells it is not there, as in a
    /// checkout.
    pub database: Option<Result<Address, String>>,
    /// What stands before the names of its tables; `None` if the files do not tell.
    pub prefix: Option<String>,
    /// The media folder, or why what lies on disk is not what the shop shows.
    pub media: Result<PathBuf, String>,
    /// Version and edition, as far as files tell them.
    pub platform: Platform,
    /// Names of the files with layout updates that can be selected; none for Magento 1.
    pub layout_files: Option<BTreeSet<String>>,
    /// Files and folders that are there and cannot be read, where such files may be.
    pub unread: Vec<String>,
    /// Settings that the files lock (`system` in env.php and config.php), of those that anybody may know.
    pub locked: Vec<Locked>,
    /// What a reader of the report has to know about this installation.
    pub notes: Vec<String>,
}

/// A setting that a file of the installation locks: the database's value does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locked {
    /// `default`, `websites` or `stores`.
    pub scope: String,
    /// The code of the website or store view; empty for the default scope.
    pub code: String,
    /// Its path.
    pub path: String,
    /// Its value.
    pub value: String,
}

/// The media folder of an installation that was given in its place: what was given is the installation, or the folder
/// that its web server shows.
pub fn media_folder_in(given: &Path) -> Option<PathBuf> {
    let has = |name: &str| given.join(name).exists();
    let media = ["media", "pub/media"].map(|it| given.join(it)).into_iter().find(|it| it.is_dir())?;
    let is_installation = has("app/etc") || has("app/Mage.php") || has("bin/magento");
    (is_installation || has("index.php")).then_some(media)
}

/// Why a folder cannot be used as an installation.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// It holds no installation of either platform.
    #[error("{} is not a {side} installation: {why}", root.display())]
    Foreign {
        /// The folder.
        root: PathBuf,
        /// What it was given as.
        side: Side,
        /// What it is, or what is not in it.
        why: String,
    },
    /// A file of it cannot be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// A file of it is broken.
    #[error("cannot understand {}: {why}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what; never a part of the file, which holds passwords.
        why: String,
    },
}

impl Installation {
    /// Reads the installation of `side` at `root`.
    pub fn read(root: &Path, side: Side) -> Result<Self, InstallationError> {
        let foreign = |why: String| InstallationError::Foreign { root: root.to_owned(), side, why };
        // An unreadable folder is told from an empty one.
        std::fs::read_dir(root).map_err(|source| InstallationError::Io { path: root.to_owned(), source })?;
        let mark_of = |side: Side, root: &Path| match side {
            Side::M1 => m1::mark(root),
            Side::M2 => m2::mark(root),
        };
        if mark_of(side, root)?.is_none() {
            // A folder above or below the root is the usual slip.
            return Err(foreign(if let Some(other) = mark_of(side.other(), root)? {
                format!("it has {other}, so it is a {} installation", side.other())
            } else if let Ok(Some(own)) = mark_of(side, &root.join("..")) {
                format!("the folder above has {own}: give that one")
            } else {
                let marks = match side {
                    Side::M1 => m1::MARKS.join(", "),
                    Side::M2 => m2::MARKS.join(", "),
                };
                format!("it has none of {marks}")
            }));
        }
        match side {
            Side::M1 => m1::read(root),
            Side::M2 => m2::read(root),
        }
    }
}

impl Installation {
    /// What is known of an installation whose settings are not there.
    const fn without_settings(media: PathBuf) -> Self {
        Self {
            database: None,
            prefix: None,
            media: Ok(media),
            platform: Platform { version: None, version_hint: None, release: None, edition: None, modules: None },
            layout_files: None,
            unread: Vec::new(),
            locked: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// Whether there is a file or folder. That this cannot be told is no absence.
fn is_there(path: &Path) -> Result<bool, InstallationError> {
    match std::fs::metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(source) => Err(InstallationError::Io { path: path.to_owned(), source }),
    }
}

/// The text of a file that must be there.
fn text(path: &Path) -> Result<String, InstallationError> {
    let bytes = std::fs::read(path).map_err(|source| InstallationError::Io { path: path.to_owned(), source })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The text of a file that may be there.
fn optional_text(path: &Path) -> Option<String> {
    Some(String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned())
}

/// What both platforms say of a connection.
struct Connection {
    host: String,
    port: Option<String>,
    socket: Option<String>,
    user: String,
    password: Option<String>,
    database: String,
}

impl Connection {
    /// A connection by its fields, whose names both platforms share.
    fn of(mut field: impl FnMut(&str) -> Option<String>) -> Self {
        Self {
            host: field("host").unwrap_or_default(),
            port: field("port"),
            socket: field("unix_socket"),
            user: field("username").unwrap_or_default(),
            password: field("password"),
            database: field("dbname").unwrap_or_default(),
        }
    }

    /// `host` may be a name, a name and a port, or the path of a socket, as the
    /// database adapters of both platforms take it.
    fn address(self) -> Result<Address, String> {
        if self.database.is_empty() {
            return Err("it names no database".to_owned());
        }
        let mut address = Address {
            host: self.host.clone(),
            port: 3306,
            socket: self.socket.filter(|it| !it.is_empty()).map(PathBuf::from),
            user: self.user,
            password: self.password.filter(|it| !it.is_empty()).map(SecretString::from),
            database: self.database,
            tries_sockets: false,
            tls: Tls::default(),
            tls_ca: None,
            limits: Limits::default(),
        };
        if self.host.contains('/') {
            address.socket = Some(PathBuf::from(&self.host));
            "localhost".clone_into(&mut address.host);
        } else if let Some((host, port)) =
            self.host.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'))
        {
            address.port = port.parse().map_err(|_| "its port is not a number".to_owned())?;
            host.trim_matches(['[', ']']).clone_into(&mut address.host);
        }
        if let Some(port) = self.port.filter(|it| !it.is_empty()) {
            address.port = port.parse().map_err(|_| "its port is not a number".to_owned())?;
        }
        if address.host.is_empty() {
            "localhost".clone_into(&mut address.host);
        }
        // PHP's drivers take a socket for it whatever the port.
        address.tries_sockets = address.host == "localhost" && address.socket.is_none();
        Ok(address)
    }
}
