//! The files that a dump lies in: one, or several that are read as one.

use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::ProgressBar;
use tempfile::NamedTempFile;

use super::DumpError;
use super::packing::{self, Layers};
use crate::progress::Progress;
use crate::source::interrupt;

/// A file of a dump.
#[derive(Debug)]
pub(super) struct Part {
    /// As it was given, or found in the folder that was given.
    pub(super) path: PathBuf,
    pub(super) layers: Layers,
    /// The database that its statements are about, where its name tells that.
    pub(super) database: String,
    /// What came through a pipe, which can be read once only: it goes with the value.
    pub(super) spool: Option<Spool>,
}

/// What came through a pipe, in a temporary file.
#[derive(Debug)]
pub(super) struct Spool {
    file: NamedTempFile,
    pub(super) bytes: u64,
}

/// How standard input is called.
pub const STANDARD_INPUT: &str = "-";

/// How long somebody may take to begin to write into a pipe, and how often that is looked at.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

impl Part {
    /// The file of this name; a pipe is read to its end.
    fn open(path: &Path, progress: &Progress) -> Result<Self, DumpError> {
        let unreadable = |source| DumpError::Io { path: path.to_owned(), source };
        let place = if path.as_os_str() == STANDARD_INPUT { Path::new("/dev/stdin") } else { path };
        let kind = std::fs::metadata(place).map_err(unreadable)?.file_type();
        let spool =
            if kind.is_fifo() || kind.is_socket() { Some(spool(place, progress).map_err(unreadable)?) } else { None };
        let mut part = Self { path: place.to_owned(), layers: Layers::default(), database: String::new(), spool };
        part.layers = Layers::of(part.place()).map_err(|error| match error.kind() {
            io::ErrorKind::Unsupported => DumpError::Foreign { path: path.to_owned(), why: error.to_string() },
            _ => unreadable(error),
        })?;
        Ok(part)
    }

    /// Where its bytes are.
    fn place(&self) -> &Path {
        self.spool.as_ref().map_or(&self.path, |it| it.file.path())
    }

    /// The unpacked text from byte `offset` on.
    pub(super) fn text(&self, offset: u64, bar: &ProgressBar) -> io::Result<Box<dyn Read>> {
        self.layers.open(self.place(), offset, bar)
    }

    /// What it is, if it is certainly no dump.
    pub(super) fn foreign(&self) -> io::Result<Option<&'static str>> {
        Ok(packing::foreign(&self.layers.head(self.place())?))
    }

    /// A progress bar for one reading of it.
    pub(super) fn bar(&self, progress: &Progress, what: &str) -> io::Result<ProgressBar> {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = std::fs::metadata(self.place())?.len();
        Ok(progress.bytes(&format!("{what} of {}", crate::text::visible(&name)), bytes))
    }
}

/// All files of a dump: of a folder, those whose names end in `.sql`, packed or not, in the order of their names.
pub(super) fn open(paths: &[PathBuf], progress: &Progress) -> Result<Vec<Part>, DumpError> {
    let mut parts = Vec::new();
    for path in paths {
        if !path.is_dir() {
            parts.push(Part::open(path, progress)?);
            continue;
        }
        let unreadable = |source| DumpError::Io { path: path.clone(), source };
        let mut names = crate::source::entry_names(path).map_err(unreadable)?;
        names.retain(|it| packing::is_dump(&it.to_string_lossy()) && path.join(it).is_file());
        names.sort();
        if names.is_empty() {
            return Err(DumpError::Foreign { path: path.clone(), why: "it is a folder without .sql files".to_owned() });
        }
        // mydumper names the database in the name of each file, and nowhere else.
        let is_by_mydumper = names.iter().any(|it| it.to_string_lossy().contains("-schema.sql"));
        for name in &names {
            let mut part = Part::open(&path.join(name), progress)?;
            if is_by_mydumper && let Some((database, _)) = name.to_string_lossy().split_once('.') {
                database.split("-schema-").next().unwrap_or(database).clone_into(&mut part.database);
            }
            parts.push(part);
        }
    }
    Ok(parts)
}

/// Copies what comes through a pipe.
fn spool(pipe: &Path, progress: &Progress) -> io::Result<Spool> {
    let no_wait = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).expect("a flag of open(2) is an int");
    let mut pipe = std::fs::File::options().read(true).custom_flags(no_wait).open(pipe)?;
    let mut file = tempfile::Builder::new().prefix("magegap-").tempfile().map_err(|error| no_place(&error))?;
    let bar = progress.copied("copying what comes through the pipe");
    let (mut bytes, mut waited) = (0, Duration::ZERO);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        interrupt::check()?;
        match pipe.read(&mut buffer) {
            Ok(0) if bytes == 0 && waited < PATIENCE => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            Ok(0) if bytes == 0 => {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe, and nobody writes into it"));
            }
            Ok(0) => break,
            Ok(count) => {
                file.write_all(&buffer[..count]).map_err(|error| no_place(&error))?;
                bytes += count as u64;
                bar.set_position(bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(PAUSE),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bar.finish_and_clear();
    Ok(Spool { file, bytes })
}

/// Why what comes through a pipe cannot be kept.
fn no_place(error: &io::Error) -> io::Error {
    let folder = std::env::temp_dir();
    io::Error::new(
        error.kind(),
        format!(
            "it is a pipe, and what comes through it cannot be kept in {} (set TMPDIR to another folder): {error}",
            folder.display()
        ),
    )
}
