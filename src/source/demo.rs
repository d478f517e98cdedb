//! The demo stores, which are part of the program.
//!
//! Their media folders have names that no version control keeps well (other
//! bytes than UTF-8, twins in letter case, links), so these folders and those of
//! the installations are kept as lists and made when they are needed.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

const DUMPS: [(&str, &str); 2] =
    [("m1.sql", include_str!("../../fixtures/demo/m1.sql")), ("m2.sql", include_str!("../../fixtures/demo/m2.sql"))];

const FOLDERS: [(&str, &str); 5] = [
    ("m1-media", include_str!("../../fixtures/demo/m1-media.list")),
    ("m1-root", include_str!("../../fixtures/demo/m1-root.list")),
    ("m2-media", include_str!("../../fixtures/demo/m2-media.list")),
    ("m2-root", include_str!("../../fixtures/demo/m2-root.list")),
    ("migration", include_str!("../../fixtures/demo/migration.list")),
];

/// The demo stores in a folder of their own, which goes with the value.
#[derive(Debug)]
pub struct Demo(TempDir);

impl Demo {
    /// Writes the stores.
    pub fn unpack() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("magegap-demo-").tempdir()?;
        for (name, text) in DUMPS {
            fs::write(folder.path().join(name), text)?;
        }
        for (name, list) in FOLDERS {
            plant(&folder.path().join(name), list)?;
        }
        Ok(Self(folder))
    }

    /// The path of one of the parts.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// Makes a folder of a list: `fixtures/demo/README.md` tells how it is written.
pub fn plant(root: &Path, list: &str) -> io::Result<()> {
    fs::create_dir_all(root)?;
    for line in list.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
        let wrong = || io::Error::other(format!("not a line of a media list: {line}"));
        let mut fields = line.splitn(3, '\t');
        let (path, kind) = fields.next().zip(fields.next()).ok_or_else(wrong)?;
        let value = fields.next().unwrap_or_default();
        let bytes: Vec<u8> = percent_encoding::percent_decode_str(path).collect();
        let path = root.join(OsStr::from_bytes(&bytes));
        fs::create_dir_all(path.parent().unwrap_or(root))?;
        match kind {
            "text" => fs::write(path, value.replace("\\n", "\n"))?,
            "link" => std::os::unix::fs::symlink(value, path)?,
            "picture" => {
                let (seed, size) = value.split_once(' ').ok_or_else(wrong)?;
                fs::write(path, picture(seed, size.parse().map_err(|_| wrong())?))?;
            }
            _ => return Err(wrong()),
        }
    }
    Ok(())
}

/// As many bytes as a picture of that size has: the same for the same seed.
fn picture(seed: &str, size: usize) -> Vec<u8> {
    let mut bytes = b"\xFF\xD8\xFF\xE0".to_vec();
    bytes.resize(size.max(4), 0);
    blake3::Hasher::new().update(seed.as_bytes()).finalize_xof().fill(&mut bytes[4..]);
    bytes
}
