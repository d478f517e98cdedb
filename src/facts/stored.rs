//! Media files that are kept in the database (`Mage_Core_Model_File_Storage_Database`,
//! `Magento\MediaStorage\Model\File\Storage\Database`).

use serde::{Deserialize, Serialize};

use super::{Gather, lack_of};
use crate::known::Known;
use crate::pair::{Pair, Side};
use crate::source::tables::{CellError, Read, ReadError, Row};

/// Where the store keeps its media files; 1 is the database.
pub const STORAGE: &str = "system/media_storage_configuration/media_storage";

/// Media in the database of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StoredMedia {
    /// Whether the store is set to use the database; none if nothing is set.
    pub is_used: Option<bool>,
    /// Files, by path; none if there are no tables for them.
    pub files: Option<Vec<StoredFile>>,
    /// How many folders there are.
    pub folders: u64,
}

/// A file in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its path below the media folder.
    #[serde(with = "crate::text::as_path")]
    pub path: Vec<u8>,
    /// Its size in bytes.
    pub size: u64,
    /// The BLAKE3 hash of its content.
    #[serde(with = "as_hex")]
    pub hash: [u8; 32],
}

mod as_hex {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&blake3::Hash::from_bytes(*hash).to_hex())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let hash = blake3::Hash::from_hex(String::deserialize(deserializer)?).map_err(de::Error::custom)?;
        Ok(*hash.as_bytes())
    }
}

const CONFIG: Read = Read::table("core_config_data")
    .only_in("path", &["system/media_storage_configuration/media_storage"])
    .columns(&["scope", "value"]);

const FILES: Pair<Read> = Pair {
    m1: Read::table("core_file_storage").columns(&["filename", "content"]).optional(&["directory"]),
    m2: Read::table("media_storage_file_storage").columns(&["filename", "content"]).optional(&["directory"]),
};
const FOLDERS: Pair<Read> = Pair {
    m1: Read::table("core_directory_storage").columns(&["directory_id"]),
    m2: Read::table("media_storage_directory_storage").columns(&["directory_id"]),
};

/// Stored media that are being read.
pub(super) struct Reading {
    side: Side,
    found: StoredMedia,
    files: Vec<StoredFile>,
    outcomes: Vec<Result<(), ReadError>>,
}

pub(super) fn gather(side: Side) -> Reading {
    Reading { side, found: StoredMedia::default(), files: Vec::new(), outcomes: Vec::new() }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        vec![CONFIG, *FILES.of(self.side), *FOLDERS.of(self.side)]
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        match which {
            0 if row.bytes("scope") == Some(b"default") => {
                self.found.is_used = Some(row.bytes("value").is_some_and(|it| it.trim_ascii() == b"1"));
            }
            0 => {}
            1 => {
                let folder = row.bytes("directory").unwrap_or_default().trim_ascii();
                let name = row.bytes("filename").unwrap_or_default();
                let path = if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
                // An empty file may be kept as nothing.
                let content = row.bytes("content").unwrap_or_default();
                let hash = *blake3::hash(content).as_bytes();
                self.files.push(StoredFile { path, size: content.len() as u64, hash });
            }
            _ => self.found.folders += 1,
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

impl Reading {
    pub(super) fn finish(mut self) -> Known<StoredMedia> {
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
        self.found.files = Some(self.files);
        // A dump without the blobs has the table of the folders all the same.
        if let [_, Err(error), Ok(())] = self.outcomes.as_slice() {
            return Known::Not(lack_of(self.side, error));
        }
        for (at, outcome) in self.outcomes.iter().enumerate() {
            match outcome {
                // A store that never used it may have no such tables.
                Err(error) if at > 0 && error.is_absence() => {
                    if at == 1 {
                        self.found.files = None;
                    }
                }
                Err(error) => return Known::Not(lack_of(self.side, error)),
                Ok(()) => {}
            }
        }
        Known::Is(self.found)
    }
}
