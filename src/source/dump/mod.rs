//! SQL dumps, read without a server.
//!
//! A dump is read once for its dictionary (which tables and columns there are,
//! where their rows stand, and how many), and then once more for each batch of
//! reads. Of a plain file the second reading touches only the wanted tables;
//! of a packed one it ends after the last of them. Memory does not grow with
//! the file, and nothing but what comes through a pipe is kept on the disk.

mod charset;
mod index;
mod join;
mod lexer;
pub(super) mod packing;
mod parts;
mod remarks;
mod rows;
mod schema;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod window;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use self::index::{Cut, Index};
use self::join::Conflict;
use self::lexer::Lexer;
use self::parts::Part;
pub use self::parts::STANDARD_INPUT;
use self::remarks::EndMark;
use self::rows::Wanted;
use self::table::{Extent, Table};
use super::interrupt;
use super::tables::{Clock, OnRow, Read, ReadError, Row, Schema, Tables, Tallied, Tally};
use crate::progress::Progress;

/// Why a file cannot be used as a dump.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    /// It cannot be read.
    #[error("cannot read the dump {}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the file system, or the program that unpacks it, says.
        source: io::Error,
    },
    /// It is something else.
    #[error("{} is not an SQL dump: {why}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        why: String,
    },
    /// Files that are no parts of one dump.
    #[error(
        "{} and {} both hold the rows of the table {table}: they are two dumps; name the one that is meant",
        one.display(),
        other.display()
    )]
    Twice {
        /// A file.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
        /// A table that is in both.
        table: String,
    },
}

/// A dump, its dictionary read.
#[derive(Debug)]
pub struct Dump {
    /// Its files: one, or several that are read as one.
    parts: Vec<Part>,
    index: Index,
    database: String,
    schema: Schema,
    prefix: String,
    progress: Progress,
    /// Whether texts were read of which nothing tells the character set.
    is_guessed: Cell<bool>,
}

impl Dump {
    /// Reads the dictionary of a dump that lies in one file, or in all `.sql` files of one folder.
    pub fn open(path: &Path, progress: &Progress) -> Result<Self, DumpError> {
        Self::open_all(&[path.to_owned()], progress)
    }

    /// Reads the dictionary of a dump that lies in several files or folders; `-` is standard input.
    pub fn open_all(paths: &[PathBuf], progress: &Progress) -> Result<Self, DumpError> {
        let parts = parts::open(paths, progress)?;
        let mut indexes = Vec::new();
        for part in &parts {
            let unreadable = |source| DumpError::Io { path: part.path.clone(), source };
            if let Some(why) = part.foreign().map_err(unreadable)? {
                return Err(DumpError::Foreign { path: part.path.clone(), why: why.to_owned() });
            }
            let bar = part.bar(progress, "dictionary").map_err(unreadable)?;
            let text = part.text(0, &bar).map_err(unreadable)?;
            indexes.push(Index::read(Lexer::new(text, 0), &part.database).map_err(unreadable)?);
            bar.finish_and_clear();
        }
        let index = join::join(indexes).map_err(|Conflict { parts: [one, other], table }| DumpError::Twice {
            one: parts[one].path.clone(),
            other: parts[other].path.clone(),
            table,
        })?;
        if index.databases.is_empty() {
            let why = match index.cut {
                Some(Cut { end_mark: Some(EndMark::Completed), .. }) => "it is cut off before its first table",
                _ => "no CREATE TABLE and no INSERT is in it",
            };
            return Err(DumpError::Foreign { path: paths[0].clone(), why: why.to_owned() });
        }
        let mut dump = Self {
            parts,
            index,
            database: String::new(),
            schema: Schema::default(),
            prefix: String::new(),
            progress: progress.clone(),
            is_guessed: Cell::new(false),
        };
        let first = dump.databases().next().map(|(name, _)| name.to_owned()).unwrap_or_default();
        dump.select(&first);
        Ok(dump)
    }

    /// The databases in the dump, and their tables. A dump of one database may not tell its name.
    pub fn databases(&self) -> impl Iterator<Item = (&str, Schema)> {
        self.index.databases.iter().map(|(name, tables)| (name.as_str(), schema_of(tables)))
    }

    /// Reads from the database `name` from now on.
    pub fn select(&mut self, name: &str) {
        name.clone_into(&mut self.database);
        let schema = self.index.databases.get(name).map(schema_of).unwrap_or_default();
        let triggers = self.index.triggers.iter().filter(|(database, _)| database == name);
        self.schema = schema.with_triggers(triggers.map(|(_, it)| it.clone()).collect());
    }

    /// The name of the database that is read; empty if the dump does not tell.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// How many rows a table has, which is named without prefix; none if it is not there.
    pub fn rows(&self, table: &str) -> Option<u64> {
        Some(self.tables()?.get(&format!("{}{table}", self.prefix))?.rows)
    }

    /// How many bytes came through pipes, and are kept in temporary files as long as the dump is read.
    pub fn spooled(&self) -> Option<u64> {
        self.parts.iter().filter_map(|it| Some(it.spool.as_ref()?.bytes)).reduce(|sum, it| sum + it)
    }

    fn tables(&self) -> Option<&BTreeMap<String, Table>> {
        self.index.databases.get(&self.database)
    }

    /// The rows' place in the file, or why they cannot be had.
    fn table(&self, name: &str) -> Result<&Table, ReadError> {
        let found = self.tables().and_then(|it| it.get(name));
        match (found, self.index.cut) {
            (Some(table), _) if table.is_complete => match &table.unusable {
                None => Ok(table),
                Some(cause) => Err(ReadError::Failed { table: name.to_owned(), cause: cause.clone() }),
            },
            (None, Some(_)) if self.index.is_passed(&self.database, name) => {
                Err(ReadError::NoTable { table: name.to_owned() })
            }
            (_, Some(Cut { at, .. })) => Err(ReadError::CutOff { table: name.to_owned(), at }),
            (_, None) => Err(ReadError::NoTable { table: name.to_owned() }),
        }
    }

    /// A table that has no rows, although its own definition or rows that refer to it tell that there were some: dumps are
    /// made without those of some tables (`n98-magerun db:dump --strip`). A server's empty table may have been emptied by
    /// the shop itself, and is believed. Not so an empty section of rows: who loads a stripped dump and dumps that
    /// database again gets one.
    fn emptied(&self, name: &str, table: &Table) -> Option<ReadError> {
        if table.rows > 0 {
            return None;
        }
        let next_key = table.next_key.filter(|it| *it > 1);
        let evidence = if let Some(next) = next_key {
            format!("its CREATE TABLE says that there were some (AUTO_INCREMENT={next})")
        } else {
            let refers = |(of, it): &(&String, &Table)| it.rows > 0 && *of != name && it.parents.contains(name);
            format!("rows of the table {} refer to some", self.tables()?.iter().find(refers)?.0)
        };
        Some(ReadError::Emptied { table: name.to_owned(), evidence, next_key })
    }

    /// Reads the rows of all `wanted` in one pass over the file.
    fn scan(&self, wanted: &[Wanted], on_row: &mut rows::OnCells<'_>) -> io::Result<()> {
        let Some(tables) = self.tables() else { return Ok(()) };
        let mut parts: Vec<(&Extent, &Table, Vec<usize>)> = Vec::new();
        for (name, table) in tables {
            let who: Vec<usize> = (0..wanted.len()).filter(|&at| wanted[at].table == *name).collect();
            if !who.is_empty() {
                parts.extend(table.extents.iter().map(|extent| (extent, table, who.clone())));
            }
        }
        parts.sort_by_key(|(extent, ..)| (extent.part, extent.start));
        for parts in parts.chunk_by(|(one, ..), (other, ..)| one.part == other.part) {
            let part = &self.parts[parts[0].0.part];
            let name = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", part.path.display()));
            self.scan_part(part, parts, wanted, on_row).map_err(name)?;
        }
        Ok(())
    }

    /// Reads the rows of extents of one file.
    fn scan_part(
        &self,
        part: &Part,
        extents: &[(&Extent, &Table, Vec<usize>)],
        wanted: &[Wanted],
        on_row: &mut rows::OnCells<'_>,
    ) -> io::Result<()> {
        let bar = part.bar(&self.progress, "rows")?;
        // A plain file is opened anew at each extent; to unpack one from its
        // beginning again for each would cost more than passing what lies between.
        let is_seekable = part.layers.is_plain();
        let first = extents.first().map_or(0, |(extent, ..)| extent.start);
        let mut lexer = Lexer::new(part.text(first, &bar)?, first);
        for (extent, table, who) in extents {
            interrupt::check()?;
            let behind = extent.start.saturating_sub(lexer.window.offset());
            if is_seekable && behind > 0 {
                lexer = Lexer::new(part.text(extent.start, &bar)?, extent.start);
            } else {
                lexer.window.skip(behind)?;
            }
            if rows::read_extent(&mut lexer, extent, table, who, wanted, on_row)? {
                self.is_guessed.set(true);
            }
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// A failure of the file itself, said of every table that was being read.
    fn failed(table: &str, error: &io::Error) -> ReadError {
        ReadError::Failed { table: table.to_owned(), cause: error.to_string() }
    }
}

/// What is folded of the cells of a column while they pass.
#[derive(Debug, Default)]
struct Fold {
    greatest: Option<Vec<u8>>,
    is_filled: bool,
    rows: u64,
    /// The hash of the first cell.
    first: Option<blake3::Hash>,
    /// Whether a cell differs from the first one.
    is_mixed: bool,
}

impl Fold {
    fn take(&mut self, cell: Option<&[u8]>, wants_greatest: bool) {
        if wants_greatest {
            if let Some(cell) = cell
                && self.greatest.as_deref().is_none_or(|it| rows::is_greater(cell, it))
            {
                self.greatest = Some(cell.to_vec());
            }
            return;
        }
        self.rows += 1;
        let is_zero = |it: &u8| matches!(it, b'0' | b'.' | b':' | b'-' | b' ');
        self.is_filled |= cell.is_some_and(|it| !it.iter().all(is_zero));
        let hash = cell.filter(|_| !self.is_mixed).map(blake3::hash);
        self.is_mixed |= cell.is_none() || hash.is_some_and(|it| *self.first.get_or_insert(it) != it);
    }

    /// Whether a column holds more than a default.
    fn holds_something(&self) -> bool {
        self.is_filled && (self.is_mixed || self.rows == 1)
    }
}

fn schema_of(tables: &BTreeMap<String, Table>) -> Schema {
    let columns = |table: &Table| table.columns.iter().map(|it| it.name.clone()).collect();
    Schema::new(tables.iter().map(|(name, table)| (name.clone(), columns(table))).collect())
}

impl Tables for Dump {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn set_prefix(&mut self, prefix: &str) {
        prefix.clone_into(&mut self.prefix);
    }

    fn prefix(&self) -> &str {
        &self.prefix
    }

    fn read(&mut self, reads: &[Read], on_row: &mut OnRow<'_>) -> Vec<Result<(), ReadError>> {
        let mut outcomes: Vec<Result<(), ReadError>> = reads
            .iter()
            .map(|read| {
                // A table that lies behind the cut is not absent: nobody knows.
                let name = format!("{}{}", self.prefix, read.name());
                let table = self.table(&name)?;
                self.emptied(&name, table).or_else(|| self.schema.lacks(read, &self.prefix)).map_or(Ok(()), Err)
            })
            .collect();
        let (places, wanted): (Vec<usize>, Vec<Wanted>) = reads
            .iter()
            .enumerate()
            .filter(|(at, _)| outcomes[*at].is_ok())
            .map(|(at, read)| (at, Wanted::of_read(read, &self.prefix)))
            .unzip();
        let scanned = self.scan(&wanted, &mut |which, cells| {
            let read = &reads[places[which]];
            on_row(places[which], &Row::new(read, cells));
        });
        if let Err(error) = scanned {
            for at in places {
                outcomes[at] = Err(Self::failed(reads[at].name(), &error));
            }
        }
        outcomes
    }

    fn tally(&mut self, tallies: &[Tally]) -> Vec<Result<Tallied, ReadError>> {
        let mut outcomes: Vec<Result<Tallied, ReadError>> = tallies
            .iter()
            .map(|tally| {
                let name = format!("{}{}", self.prefix, tally.table);
                let table = self.table(&name)?;
                if let Some(error) = self.emptied(&name, table) {
                    return Err(error);
                }
                let asked = tally.greatest.iter().chain(&tally.filled);
                let lacks = asked.filter(|column| !table.columns.iter().any(|it| it.name == **column));
                let lacks: Vec<String> = lacks.cloned().collect();
                if lacks.is_empty() {
                    Ok(Tallied { rows: table.rows, ..Tallied::default() })
                } else {
                    Err(ReadError::NoColumn { table: name, columns: lacks })
                }
            })
            .collect();
        let mut folds: Vec<(usize, Vec<Fold>)> = Vec::new();
        let mut wanted = Vec::new();
        for (at, tally) in tallies.iter().enumerate() {
            let columns: Vec<String> = tally.greatest.iter().chain(&tally.filled).cloned().collect();
            if outcomes[at].is_ok() && !columns.is_empty() {
                folds.push((at, columns.iter().map(|_| Fold::default()).collect()));
                wanted.push(Wanted::of_columns(format!("{}{}", self.prefix, tally.table), columns));
            }
        }
        let scanned = self.scan(&wanted, &mut |which, cells| {
            let (at, folds) = &mut folds[which];
            for (place, (fold, cell)) in folds.iter_mut().zip(cells).enumerate() {
                fold.take(*cell, place == 0 && tallies[*at].greatest.is_some());
            }
        });
        for (at, mut folds) in folds {
            match (&scanned, &mut outcomes[at]) {
                (Err(error), outcome) => *outcome = Err(Self::failed(&tallies[at].table, error)),
                (Ok(()), Ok(answer)) => {
                    if tallies[at].greatest.is_some() {
                        answer.greatest = folds.remove(0).greatest;
                    }
                    let filled = tallies[at].filled.iter().zip(folds).filter(|(_, fold)| fold.holds_something());
                    answer.filled = filled.map(|(column, _)| column.clone()).collect();
                }
                (Ok(()), Err(_)) => {}
            }
        }
        outcomes
    }

    fn note(&self) -> Option<String> {
        let words = "the dump names no character set, and holds texts that are not UTF-8: they were read as windows-1252 \
                     (latin1); where letters are wrong, dump again with --default-character-set=utf8mb4";
        self.is_guessed.get().then(|| words.to_owned())
    }

    fn is_surely_empty(&self, _: &str) -> bool {
        false
    }

    fn description(&self) -> String {
        let files =
            if self.parts.len() > 1 { format!("dump in {} files", self.parts.len()) } else { "dump".to_owned() };
        match &self.index.writer {
            Some(writer) => format!("{files}, {writer}"),
            None => files,
        }
    }

    fn trouble(&self) -> Option<String> {
        let Cut { part, at, end_mark } = self.index.cut?;
        let end = match end_mark.unwrap_or(EndMark::Completed) {
            EndMark::Completed => "mysqldump writes \"-- Dump completed\"".to_owned(),
            EndMark::Restored => {
                let writer = self.index.writer.as_deref().unwrap_or("the program that wrote it");
                format!("{writer} gives back the old CHARACTER_SET_CLIENT")
            }
            EndMark::Dated => "Adminer writes the date".to_owned(),
        };
        Some(format!(
            "the dump {} is cut off at byte {at}: make it again, and look at the end of the file, where {end}",
            self.parts[part].path.display()
        ))
    }

    fn clock(&mut self) -> Clock {
        // mysqldump and phpMyAdmin set UTC; where nothing is set it is the server's own zone.
        Clock { of_server: None, is_local: !self.index.is_in_utc }
    }
}
