//! A snapshot's file: a tar whose members can be read in place, and whose last member has the
//! hashes of all others, as `b3sum --check` takes them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::columns::Slice;
use super::interrupt;

/// The first member, by which an archive is known to be a snapshot.
pub(crate) const FIRST: &str = "facts.json";

/// The member with the hashes, the last one.
const SUMS: &str = "B3SUMS";

/// An archive that was found to be whole.
#[derive(Debug)]
pub(crate) struct Archive {
    members: BTreeMap<String, Slice>,
}

impl Archive {
    /// Opens an archive and checks all of it: a snapshot is carried from host to host.
    ///
    /// # Errors
    ///
    /// With [`io::ErrorKind::InvalidData`] if it is none, or not whole: the message says why.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        super::refuse_pipe(path)?;
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(broken("it is not a file"));
        }
        let size = metadata.len();
        let file = Arc::new(file);
        let mut members = BTreeMap::new();
        let mut archive = tar::Archive::new(&*file);
        for entry in archive.entries_with_seek().map_err(|_| broken(NO_SNAPSHOT))? {
            let entry = entry.map_err(|_| broken(if members.is_empty() { NO_SNAPSHOT } else { CUT }))?;
            let name = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| broken(NO_SNAPSHOT))?;
            if members.is_empty() && name != FIRST {
                return Err(broken(NO_SNAPSHOT));
            }
            let slice = Slice { file: Arc::clone(&file), start: entry.raw_file_position(), length: entry.size() };
            if slice.start.checked_add(slice.length).is_none_or(|end| end > size) {
                return Err(broken(CUT));
            }
            members.insert(name, slice);
        }
        let sums = members.remove(SUMS).ok_or_else(|| broken(if members.is_empty() { NO_SNAPSHOT } else { CUT }))?;
        let archive = Self { members };
        archive.check(&text(&sums)?)?;
        Ok(archive)
    }

    fn check(&self, sums: &str) -> io::Result<()> {
        let mut count = 0;
        for line in sums.lines() {
            let (sum, name) = line.split_once("  ").ok_or_else(|| broken(NO_SNAPSHOT))?;
            let member = self.members.get(name).ok_or_else(|| broken(&format!("{name} is not in it")))?;
            if hash(&mut member.reader())? != sum {
                return Err(broken(&format!("{name} is damaged")));
            }
            count += 1;
        }
        if count == self.members.len() { Ok(()) } else { Err(broken("it has more in it than it was made with")) }
    }

    /// A member by its name.
    pub(crate) fn member(&self, name: &str) -> io::Result<Slice> {
        self.members.get(name).cloned().ok_or_else(|| broken(&format!("{name} is not in it")))
    }

    /// The text of a member.
    pub(crate) fn text(&self, name: &str) -> io::Result<String> {
        text(&self.member(name)?)
    }
}

/// Whether a file begins like an archive.
pub(crate) fn begins(path: &Path) -> bool {
    // A pipe or a device is not even opened.
    let is_file = std::fs::symlink_metadata(path).is_ok_and(|it| it.is_file());
    let mut head = [0; FIRST.len()];
    is_file && File::open(path).and_then(|mut it| it.read_exact(&mut head)).is_ok() && head == *FIRST.as_bytes()
}

const NO_SNAPSHOT: &str = "it is no snapshot of magegap";
const CUT: &str = "it was cut off";

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why.to_owned())
}

fn text(slice: &Slice) -> io::Result<String> {
    let mut bytes = vec![0; usize::try_from(slice.length).map_err(|_| broken(NO_SNAPSHOT))?];
    slice.file.read_exact_at(&mut bytes, slice.start).map_err(|_| broken(CUT))?;
    String::from_utf8(bytes).map_err(|_| broken(NO_SNAPSHOT))
}

fn hash(reader: &mut dyn Read) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        interrupt::check()?;
        match reader.read(&mut buffer)? {
            0 => return Ok(hasher.finalize().to_hex().to_string()),
            read => _ = hasher.update(&buffer[..read]),
        }
    }
}

/// An archive that is being made. Nothing of it is at its place before it is whole.
#[derive(Debug)]
pub(crate) struct ArchiveWriter {
    path: PathBuf,
    folder: TempDir,
}

impl ArchiveWriter {
    /// Makes a folder for the members, beside the place of the archive.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        // It holds names and addresses of people while it is made.
        let mode = std::fs::Permissions::from_mode(0o700);
        let folder =
            tempfile::Builder::new().prefix(".magegap-snapshot-").permissions(mode).tempdir_in(beside(path))?;
        Ok(Self { path: path.to_owned(), folder })
    }

    /// Where the members are written.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the members into the archive, in this order, and the archive at its place.
    pub(crate) fn finish(self, members: &[String], time: i64) -> io::Result<()> {
        let mut out = tempfile::Builder::new().prefix(".magegap-snapshot-").tempfile_in(beside(&self.path))?;
        let mut tar = tar::Builder::new(io::BufWriter::with_capacity(256 * 1024, out.as_file_mut()));
        let mut sums = String::new();
        let header = |size: u64| {
            let mut header = tar::Header::new_gnu();
            header.set_size(size);
            header.set_mode(0o600);
            header.set_mtime(u64::try_from(time).unwrap_or_default());
            header
        };
        for name in members {
            let mut file = File::open(self.folder.path().join(name))?;
            sums.extend([&hash(&mut file)?, "  ", name, "\n"]);
            file.rewind()?;
            tar.append_data(&mut header(file.metadata()?.len()), name, file)?;
        }
        tar.append_data(&mut header(sums.len() as u64), SUMS, sums.as_bytes())?;
        tar.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        out.as_file().sync_all()?;
        out.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

/// The folder that a file lies in.
fn beside(path: &Path) -> &Path {
    path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_for_an_archive_is_nobody_elses_to_read() {
        let folder = tempfile::tempdir().unwrap();
        let writer = ArchiveWriter::create(&folder.path().join("a.tar")).unwrap();
        assert_eq!(std::fs::metadata(writer.folder()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn an_archive_is_read_back_and_any_damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tar");
        let writer = ArchiveWriter::create(&path).unwrap();
        std::fs::write(writer.folder().join(FIRST), "first").unwrap();
        std::fs::write(writer.folder().join("two"), vec![7; 5000]).unwrap();
        writer.finish(&[FIRST.to_owned(), "two".to_owned()], 0).unwrap();
        assert_eq!(Archive::open(&path).unwrap().text(FIRST).unwrap(), "first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        let whole = std::fs::read(&path).unwrap();
        let refused = |bytes: &[u8]| {
            std::fs::write(&path, bytes).unwrap();
            Archive::open(&path).unwrap_err().to_string()
        };
        for end in [0, 100, 600, 3000, 6000, whole.len() - 2000] {
            refused(&whole[..end]);
        }
        let mut damaged = whole.clone();
        damaged[512] ^= 1;
        assert_eq!(refused(&damaged), "facts.json is damaged");
        assert_eq!(refused(b"INSERT INTO t VALUES (1);"), "it is no snapshot of magegap");
    }
}
