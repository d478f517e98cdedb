//! What the comments of a dump tell: who wrote it, of which database, and whether it is whole.

/// What the comment lines so far have told. Lines are judged as they pass and not kept: a packed file of a few
/// kilobytes may hold a hundred million of them.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// The program and server that wrote the dump.
    pub(super) writer: Option<String>,
    /// The database, if a line at the head names it.
    pub(super) database: Option<String>,
    /// Whether mysqldump or mariadb-dump began the file.
    pub(super) is_by_mysqldump: bool,
    /// mysqldump's head has been seen, and not yet its end mark. A file by n98-magerun holds two runs of
    /// mysqldump, one after the other.
    pub(super) is_open: bool,
}

impl Remarks {
    /// Takes a comment line.
    pub(super) fn take(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if line.starts_with(b"-- MySQL dump") || line.starts_with(b"-- MariaDB dump") {
            self.is_open = true;
            self.is_by_mysqldump = true;
            self.writer.get_or_insert_with(|| {
                let line = String::from_utf8_lossy(line);
                let writer = line.trim_start_matches("-- ").split(',').next().unwrap_or_default();
                writer.split_whitespace().collect::<Vec<_>>().join(" ")
            });
        } else if line.starts_with(b"-- Dump completed") {
            self.is_open = false;
        } else if line.starts_with(b"-- phpMyAdmin SQL Dump") {
            self.writer.get_or_insert_with(|| "phpMyAdmin".to_owned());
        } else if line.starts_with(b"-- Host:")
            && let Some((_, name)) = String::from_utf8_lossy(line).split_once("Database: ")
        {
            self.database.get_or_insert_with(|| name.trim().to_owned());
        }
    }
}
