//! What the comments of a dump tell: who wrote it, of which database, and whether it is whole.

/// What the comment lines so far have told. Lines are judged as they pass and not kept: a packed file of a few
/// kilobytes may hold a hundred million of them.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// The program and server that wrote the dump.
    pub(super) writer: Option<String>,
    /// The database, if a line at the head names it.
    pub(super) database: Option<String>,
    /// What the program that began the file writes at its end, and has not yet. A file by n98-magerun holds two runs of
    /// mysqldump, one after the other.
    pub(super) awaited: Option<EndMark>,
    /// Whether the writer gives back at the end what it has set at the head.
    restores: bool,
}

/// How programs end what they write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EndMark {
    /// `-- Dump completed`, by mysqldump and mariadb-dump.
    Completed,
    /// `SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT`, by all of [`RESTORING`].
    Restored,
    /// A line with the date, by Adminer.
    Dated,
}

/// Programs that give back the character set at the end (phpMyAdmin from 3.5 on), by how their first line begins.
const RESTORING: [(&[u8], &str); 5] = [
    (b"-- phpMyAdmin SQL Dump", "phpMyAdmin"),
    (b"-- Magento DB backup", "a backup by Magento"),
    (b"-- HeidiSQL", "HeidiSQL"),
    (b"# Sequel Pro SQL dump", "Sequel Pro"),
    (b"# Sequel Ace SQL dump", "Sequel Ace"),
];

impl Remarks {
    /// Takes a comment line.
    pub(super) fn take(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if line.starts_with(b"-- MySQL dump") || line.starts_with(b"-- MariaDB dump") {
            self.awaited = Some(EndMark::Completed);
            self.writer.get_or_insert_with(|| {
                let line = String::from_utf8_lossy(line);
                let writer = line.trim_start_matches("-- ").split(',').next().unwrap_or_default();
                writer.split_whitespace().collect::<Vec<_>>().join(" ")
            });
        } else if line.starts_with(b"-- Dump completed") {
            self.awaited = None;
        } else if let Some((_, writer)) = RESTORING.iter().find(|(head, _)| line.starts_with(head)) {
            self.restores = true;
            self.writer.get_or_insert_with(|| (*writer).to_owned());
        } else if let Some(version) = line.strip_prefix(b"-- version ") {
            // Before 3.5 phpMyAdmin gives nothing back.
            let mut numbers = version.split(|it| *it == b'.').map(|it| String::from_utf8_lossy(it).parse::<u32>());
            let [Some(Ok(major)), minor] = [numbers.next(), numbers.next()] else { return };
            let is_old = (major, minor.and_then(Result::ok).unwrap_or(0)) < (3, 5);
            self.restores &= !is_old;
        } else if let Some(version) = line.strip_prefix(b"-- Adminer ") {
            // Adminer 2 ends without a mark.
            self.awaited = version.first().is_some_and(|it| (b'3'..=b'9').contains(it)).then_some(EndMark::Dated);
            self.writer.get_or_insert_with(|| "Adminer".to_owned());
        } else if self.awaited == Some(EndMark::Dated) && is_date(line) {
            self.awaited = None;
        } else if line.starts_with(b"-- Host:")
            && let Some((_, name)) = String::from_utf8_lossy(line).split_once("Database: ")
        {
            self.database.get_or_insert_with(|| name.trim().to_owned());
        }
    }

    /// Takes a `SET` of the character set, in small letters.
    pub(super) fn charset_is_set(&mut self, setting: &str) {
        let setting: String = setting.split_whitespace().collect();
        if setting.contains("@old_character_set_client=@@character_set_client") {
            if self.restores && self.awaited.is_none() {
                self.awaited = Some(EndMark::Restored);
            }
        } else if setting.contains("character_set_client=@old_character_set_client")
            && self.awaited == Some(EndMark::Restored)
        {
            self.awaited = None;
        }
    }
}

/// Whether a comment line is a date: `-- 2026-11-22 10:00:00`.
fn is_date(line: &[u8]) -> bool {
    line.strip_prefix(b"-- ")
        .and_then(|it| it.get(..10))
        .is_some_and(|it| std::str::from_utf8(it).is_ok_and(|it| it.parse::<jiff::civil::Date>().is_ok()))
}
