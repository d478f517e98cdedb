//! The tables of a dump, and where their rows stand.

use std::collections::BTreeSet;

use super::charset::Charset;
use super::schema::Column;

/// A table of the dump.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) extents: Vec<Extent>,
    /// The key that the next row would get: above 1 if there ever was a row.
    pub(super) next_key: Option<u64>,
    pub(super) rows: u64,
    /// Whether there was a CREATE TABLE.
    pub(super) is_made: bool,
    /// Tables to which each of its rows refers (foreign keys that are not NULL).
    pub(super) parents: BTreeSet<String>,
    /// Whether all its rows lie before the point where a file is cut off.
    pub(super) is_complete: bool,
    /// Whether the section of its rows was begun (LOCK TABLES) and ended (UNLOCK TABLES).
    pub(super) is_section_over: bool,
    /// Why its rows cannot be read although they are there.
    pub(super) unusable: Option<String>,
}

impl Table {
    /// Notes to which tables its rows refer.
    pub(super) fn refer(&mut self, keys: Vec<(String, String)>) {
        let is_set = |column: &str| self.columns.iter().any(|it| it.name == column && !it.is_nullable);
        self.parents.extend(keys.into_iter().filter(|(column, _)| is_set(column)).map(|(_, table)| table));
    }
}

/// INSERT statements of one table that follow one another under the same settings.
#[derive(Debug)]
pub(super) struct Extent {
    /// Which of the dump's files.
    pub(super) part: usize,
    /// Byte of the unpacked text where the first begins.
    pub(super) start: u64,
    /// Byte after the last.
    pub(super) end: u64,
    pub(super) charset: Charset,
    pub(super) backslash: bool,
}
