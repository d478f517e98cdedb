//! All input: files, databases and the environment are read here and nowhere else.
#![expect(clippy::disallowed_methods, reason = "this is the module that reads")]

pub(crate) mod archive;
pub(crate) mod columns;
pub mod demo;
pub mod dump;
pub mod installation;
pub mod interrupt;
pub mod media;
pub(crate) mod migration;
pub mod server;
pub mod tables;

use std::io;
use std::path::Path;

/// A file that may be packed (gzip, zstd, xz, bzip2), by what it holds.
pub(crate) fn unpacked(path: &Path) -> io::Result<Box<dyn io::BufRead>> {
    let bar = indicatif::ProgressBar::hidden();
    Ok(Box::new(io::BufReader::with_capacity(256 * 1024, dump::packing::Layers::of(path)?.open(path, 0, &bar)?)))
}

/// Refuses what can be read once only: a dump is read twice, and a pipe that nobody writes to is waited for
/// without end.
pub(crate) fn refuse_pipe(path: &Path) -> io::Result<()> {
    let kind = std::fs::metadata(path)?.file_type();
    if kind.is_file() || kind.is_dir() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a pipe or a device: write it to a file, and name that"))
}

/// The text of a small file.
pub(crate) fn text_file(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// The bytes of a file; none if there are more than `limit`.
pub(crate) fn small_file(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(std::fs::File::open(path)?, limit + 1), &mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Holds a file that only one program at a time can hold, as long as it is not dropped.
pub(crate) fn lock(path: &Path) -> io::Result<std::fs::File> {
    let file = std::fs::File::options().create(true).append(true).open(path)?;
    file.lock()?;
    Ok(file)
}

/// Writes a file as a whole, or leaves it as it was. A new one has the rights that files have.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, 0o644)
}

/// The same for a file that nobody else may read.
pub(crate) fn replace_private_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(path, bytes, 0o600)
}

fn replace(path: &Path, bytes: &[u8], rights: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // What a link leads to is replaced, and not the link; nothing but a file is.
    let place = std::fs::canonicalize(path);
    let is_other = place.as_deref().map_or_else(|_| path.is_symlink(), |it| !it.is_file());
    if is_other {
        return Err(io::Error::other("it is no file, or a link that leads to none"));
    }
    let path = place.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, bytes)?;
    // The file keeps its rights.
    let rights =
        std::fs::metadata(path).map_or_else(|_| std::fs::Permissions::from_mode(rights), |it| it.permissions());
    file.as_file().set_permissions(rights)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// A variable of the environment.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where a user's programs keep what they can make again (XDG Base Directory Specification).
pub(crate) fn cache_folder() -> Option<std::path::PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(std::path::PathBuf::from).filter(|it| it.is_absolute());
    let base = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|it| it.join(".cache")))?;
    Some(base.join("magegap"))
}

/// Makes a folder that nobody else may look into, if it is not there.
pub(crate) fn make_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The time.
pub fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The names of what lies in a folder, in their order.
pub(crate) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let names = std::fs::read_dir(folder)?.map(|it| Ok(it?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Whether two paths lead to one folder, also by a mount.
pub(crate) fn is_same_folder(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| std::fs::metadata(path).ok().map(|it| (it.dev(), it.ino()));
    place(one).is_some_and(|it| place(other) == Some(it))
}

/// Whether there is a folder at `path`.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Whether there is anything at `path`.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}

/// The names of what is in a folder, as they come; fails if it cannot be listed.
pub(crate) fn entry_names(path: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    std::fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect()
}

/// Whether there is anything at `path`, were it a link to nothing.
pub(crate) fn is_anything(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// A path with all links resolved, as far as it is there.
pub(crate) fn resolved(path: &Path) -> std::path::PathBuf {
    let mut rest = Vec::new();
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut here = absolute.as_path();
    loop {
        if let Ok(found) = std::fs::canonicalize(here) {
            return rest.iter().rev().fold(found, |whole, name| whole.join(name));
        }
        match (here.parent(), here.file_name()) {
            (Some(parent), Some(name)) => {
                rest.push(name.to_owned());
                here = parent;
            }
            _ => return absolute.clone(),
        }
    }
}
