//! The tables of a dump, and where their rows stand.

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
    /// Whether all its rows lie before the point where the file is cut off.
    pub(super) is_complete: bool,
    /// Whether the section of its rows was begun (LOCK TABLES) and ended (UNLOCK TABLES).
    pub(super) is_section_over: bool,
    /// Why its rows cannot be read although they are there.
    pub(super) unusable: Option<String>,
}

/// INSERT statements of one table that follow one another under the same settings.
#[derive(Debug)]
pub(super) struct Extent {
    /// Byte of the unpacked text where the first begins.
    pub(super) start: u64,
    /// Byte after the last.
    pub(super) end: u64,
    pub(super) charset: Charset,
    pub(super) backslash: bool,
}
