//! Media files that are kept in the database (`Mage_Core_Model_File_Storage_Database`,
//! `Magento\MediaStorage\Model\File\Storage\Database`).

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::{Known, Lack};
use crate::pair::Pair;
use crate::source::tables::{Read, Row, Tables};

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
#[derive(Default)]
pub(super) struct StoredReader {
    is_used: Option<bool>,
    files: Vec<StoredFile>,
    folders: u64,
}

impl StoredReader {
    fn setting(&mut self, row: &Row<'_>) {
        if row.bytes("scope") == Some(b"default") {
            self.is_used = Some(row.bytes("value").is_some_and(|it| it.trim_ascii() == b"1"));
        }
    }

    fn file(&mut self, row: &Row<'_>) {
        let folder = row.bytes("directory").unwrap_or_default().trim_ascii();
        let name = row.bytes("filename").unwrap_or_default();
        let path = if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
        // An empty file may be kept as nothing.
        let content = row.bytes("content").unwrap_or_default();
        let hash = *blake3::hash(content).as_bytes();
        self.files.push(StoredFile { path, size: content.len() as u64, hash });
    }

    fn folder(&mut self, _: &Row<'_>) {
        self.folders += 1;
    }
}

impl FactReader for StoredReader {
    type Value = StoredMedia;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        vec![
            Ask::required(CONFIG, Self::setting),
            // A store that never used it may have no such tables.
            Ask::if_there(*FILES.of(ground.side), Self::file),
            Ask::if_there(*FOLDERS.of(ground.side), Self::folder),
        ]
    }

    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<StoredMedia> {
        let [files, folders] = [FILES.of(ground.side), FOLDERS.of(ground.side)];
        let absence = answers.absence(files);
        // A dump without the table of the files has that of the folders all the same.
        if let (Some(lack), None) = (&absence, answers.absence(folders)) {
            return Known::Not(lack.clone());
        }
        // Without the blobs it is still known whether the store uses them.
        let mut lacks = [files, folders].into_iter().filter_map(|it| answers.lack(it));
        if let Some(lack) = lacks.find(Lack::is_failure) {
            return Known::Not(lack);
        }
        let has_files = absence.is_none();
        self.files.sort_by(|one, other| one.path.cmp(&other.path));
        Known::Is(StoredMedia { is_used: self.is_used, files: has_files.then_some(self.files), folders: self.folders })
    }
}
