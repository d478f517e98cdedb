//! Trouble with the run. Trouble in the stores is never an error, but a finding.

use std::io;
use std::path::PathBuf;

use crate::pair::Side;
use crate::source::dump::DumpError;
use crate::source::installation::InstallationError;

/// The run failed, or was asked for in a wrong way. Every error ends it with exit status 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line, the configuration or an input is not what it must be.
    #[error("{0}")]
    Usage(String),
    /// An input is a store of the other platform.
    #[error("{what} was given as {side}, but it is a {} store: were the sides swapped?", side.other())]
    Swapped {
        /// The side it was given as.
        side: Side,
        /// The input.
        what: String,
    },
    /// An input is no store at all.
    #[error("{what} was given as {side}, but it has no table of a Magento store{hint}")]
    NoStore {
        /// The side it was given as.
        side: Side,
        /// The input.
        what: String,
        /// What may be wrong with it.
        hint: String,
    },
    /// An installation folder cannot be used.
    #[error(transparent)]
    Installation(#[from] InstallationError),
    /// A dump cannot be used.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// A report template is broken.
    #[error("cannot fill the report template {template}")]
    Template {
        /// Its name.
        template: String,
        /// Where and why.
        source: Box<minijinja::Error>,
    },
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// The report cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the file system says.
        source: io::Error,
    },
    /// Ctrl-C.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

impl Error {
    /// A wrong use, in words that say what to do.
    pub fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }
}
