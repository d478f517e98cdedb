//! What can be wrong with media in the database.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] =
    &[&MODE_CARRIED, &LOST, &IN_USE, &DISK_DIFFERS, &NOT_ON_DISK, &DEPRECATED, &NOT_STORED];

pub(super) const IN_USE: Rule = Rule {
    code: "media_db.in-use",
    severity: Severity::High,
    severity_note: "info where Magento 2 is there to compare with",
    title: "Media files are kept in the database",
    meaning: "Magento 1 is set to keep media files in its database, or has files there from a time when it was.",
    why: "The official tool stops at these tables, since a new Magento 2 has none for them, and is usually told to ignore them: then the files are left behind without a word.",
    detection: "system/media_storage_configuration/media_storage is 1, or core_file_storage has rows.",
    action: "If the folder has every file (media_db.not-on-disk and media_db.disk-differs name the others), copy the folder, and leave the database behind. Otherwise synchronise to the file system first (System > Configuration > System > Storage Configuration for Media), and compare again: the synchronisation merges and cuts names.",
    step: Step::Decide,
    source: "Mage_Core_Model_File_Storage, tables core_file_storage, core_directory_storage; data-migration-tool, map.xml.dist.",
    points: 3,
};

pub(super) const LOST: Rule = Rule {
    code: "media_db.lost",
    severity: Severity::High,
    severity_note: "",
    title: "File of Magento 1's database is nowhere in Magento 2",
    meaning: "Magento 1 has the file in its database. Magento 2 has it neither in its database, nor on disk with this path and content.",
    why: "What shows it, shows a gap.",
    detection: "Path and BLAKE3 hash of each row of core_file_storage against media_storage_file_storage and the media folder of Magento 2. Files of generated folders are left out, and so is what Magento 1's folder has with the same content: that is a matter of the media files.",
    action: "Write the file from the database to the folder, and copy it.",
    step: Step::Copy,
    source: "Tables core_file_storage, media_storage_file_storage.",
    points: 1,
};

pub(super) const MODE_CARRIED: Rule = Rule {
    code: "media_db.mode-carried",
    severity: Severity::Blocker,
    severity_note: "",
    title: "Magento 2 looks for media in tables that it does not have",
    meaning: "Magento 2 is set to keep media in its database, and has no tables for them.",
    why: "The official tool copies the setting. Uploads fail, and files that are missing on disk are looked for where nothing is.",
    detection: "system/media_storage_configuration/media_storage is 1 in Magento 2, and there is no table media_storage_file_storage.",
    action: "Set it to the file system: `bin/magento config:set system/media_storage_configuration/media_storage 0`.",
    step: Step::Secure,
    source: "data-migration-tool, settings.xml.dist; Magento\\MediaStorage\\Model\\File\\Storage.",
    points: 1,
};

pub(super) const DEPRECATED: Rule = Rule {
    code: "media_db.deprecated",
    severity: Severity::Low,
    severity_note: "",
    title: "Magento 2 keeps media in its database",
    meaning: "Magento 2 is set to keep media in its database, and has tables for them.",
    why: "This has been deprecated since 2.4.3; shops on several servers use remote storage instead.",
    detection: "system/media_storage_configuration/media_storage is 1 in Magento 2.",
    action: "Plan to move to the file system or to remote storage.",
    step: Step::Decide,
    source: "Adobe Commerce 2.4.3, release notes: database media storage is deprecated.",
    points: 1,
};

pub(super) const DISK_DIFFERS: Rule = Rule {
    code: "media_db.disk-differs",
    severity: Severity::Medium,
    severity_note: "",
    title: "Database and disk of Magento 1 have different contents",
    meaning: "A file is in Magento 1's database and in its folder under the same path, with different contents.",
    why: "Only one of them is what visitors saw. Names that differ in letter case or accents were merged into one row.",
    detection: "BLAKE3 hashes of core_file_storage.content and of the file.",
    action: "Look at both, and copy the right one.",
    step: Step::Decide,
    source: "core_file_storage: its unique key takes names for the same that differ in case or accents only.",
    points: 1,
};

pub(super) const NOT_ON_DISK: Rule = Rule {
    code: "media_db.not-on-disk",
    severity: Severity::Medium,
    severity_note: "",
    title: "File is in Magento 1's database only",
    meaning: "Magento 1's folder has no file of this name: copying the folder leaves it behind.",
    why: "The row is the only copy, or its name was damaged: cut at the column's end, or with ? for characters that the column cannot hold.",
    detection: "No file of the path in the media folder. A file there of the same content is named in the detail.",
    action: "If the detail names a file, nothing. Otherwise write it from the database to the folder.",
    step: Step::Copy,
    source: "core_file_storage.filename, core_directory_storage.name and their character set.",
    points: 1,
};

pub(super) const NOT_STORED: Rule = Rule {
    code: "media_db.not-stored",
    severity: Severity::Low,
    severity_note: "info if Magento 1 does not use its database for media",
    title: "Files of Magento 1's folder that are not in its database",
    meaning: "Magento 1 keeps media in its database, and files of this folder lie on disk only.",
    why: "The database is not complete: a synchronisation that broke off leaves half of the files. Whoever copies from the database loses them.",
    detection: "No row of core_file_storage has the path, byte for byte; one finding for each folder, all paths are in the inventory. Files of .svn folders and .htaccess are never stored.",
    action: "Copy media from the folder, not from the database.",
    step: Step::Know,
    source: "Mage_Core_Model_File_Storage_File, which passes .svn and .htaccess.",
    points: 0,
};
