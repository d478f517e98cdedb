//! The files of a snapshot, read again: a merge of its tables in constant memory.

use std::cmp::Ordering;
use std::io;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, FixedSizeBinaryArray, Int64Array, RecordBatch, StringArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::{PartAbout, column, kind};
use crate::source::columns::Slice;
use crate::source::interrupt;
use crate::source::media::Scan;
use crate::source::media::listing::File;
use crate::text;

/// The tables of a snapshot.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    parts: Vec<(PartAbout, Slice)>,
    /// What of it is wanted; all if none.
    filter: Option<Box<Scan>>,
}

impl Manifest {
    pub(crate) fn new(mut parts: Vec<(PartAbout, Slice)>) -> Self {
        parts.sort_by(|(one, _), (other, _)| one.first.cmp(&other.first));
        Self { parts, filter: None }
    }

    /// The files of it that are to be looked at.
    pub(in crate::source::media) fn filtered(&self, scan: &Scan) -> Self {
        let is_all =
            scan.include.is_empty() && scan.exclude.is_empty() && scan.limits.is_empty() && scan.include_generated;
        Self { parts: self.parts.clone(), filter: (!is_all).then(|| Box::new(scan.clone())) }
    }

    pub(in crate::source::media) fn cursor(&self) -> io::Result<Cursor<'_>> {
        let mut cursor = Cursor { manifest: self, next: 0, open: Vec::new(), at: 0, has_begun: false };
        cursor.open_due()?;
        Ok(cursor)
    }
}

/// All files of a snapshot, in order.
pub(in crate::source::media) struct Cursor<'a> {
    manifest: &'a Manifest,
    /// The first part that was not opened yet.
    next: usize,
    /// Parts that are being read, none of them at its end.
    open: Vec<Part>,
    /// Which of them the current file is of.
    at: usize,
    has_begun: bool,
}

impl Cursor<'_> {
    pub(in crate::source::media) fn advance(&mut self) -> io::Result<bool> {
        while self.next_file()? {
            let filter = self.manifest.filter.as_ref();
            if filter.is_none_or(|it| it.is_about(self.file().path) || (it.policy.is_special)(self.file().path)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn next_file(&mut self) -> io::Result<bool> {
        if self.has_begun && !self.open[self.at].advance()? {
            self.open.swap_remove(self.at);
        }
        self.has_begun = true;
        self.open_due()?;
        let Some(first) = (0..self.open.len()).min_by(|one, other| self.open[*one].key().cmp(self.open[*other].key()))
        else {
            return Ok(false);
        };
        self.at = first;
        Ok(true)
    }

    /// Opens the parts whose turn it is: those that begin before the next file. So parts that
    /// follow one another are never open at the same time.
    fn open_due(&mut self) -> io::Result<()> {
        while let Some((about, slice)) = self.manifest.parts.get(self.next) {
            if self.open.iter().any(|it| it.key() < about.first.as_str()) {
                break;
            }
            self.next += 1;
            self.open.extend(Part::open(about, slice)?);
        }
        Ok(())
    }

    pub(in crate::source::media) fn file(&self) -> File<'_> {
        self.open[self.at].file()
    }
}

/// A part that is being read; it stands at a file.
struct Part {
    name: String,
    reader: ParquetRecordBatchReader,
    batch: Batch,
    at: usize,
    /// The bytes of the path, where they are not its text.
    odd: Option<Vec<u8>>,
    left: u64,
}

struct Batch {
    path: StringArray,
    kind: StringArray,
    size: Int64Array,
    hash: FixedSizeBinaryArray,
    error: StringArray,
}

impl Part {
    fn open(about: &PartAbout, slice: &Slice) -> io::Result<Option<Self>> {
        let columns = [column::PATH, column::KIND, column::SIZE, column::HASH, column::ERROR];
        let broken = |error: &dyn std::fmt::Display| io::Error::other(format!("{} is broken: {error}", about.name));
        let mut reader = slice.batches(&columns).map_err(|error| broken(&error))?;
        let Some(batch) = next_batch(&mut reader, &about.name)? else {
            return if about.files == 0 { Ok(None) } else { Err(broken(&"it has no rows")) };
        };
        let mut part = Self { name: about.name.clone(), reader, batch, at: 0, odd: None, left: about.files };
        part.settle()?;
        Ok(Some(part))
    }

    fn advance(&mut self) -> io::Result<bool> {
        let before = self.at;
        self.at += 1;
        if self.at == self.batch.path.len() {
            interrupt::check()?;
            let last = self.batch.path.value(before).to_owned();
            let Some(batch) = next_batch(&mut self.reader, &self.name)? else {
                return if self.left == 0 { Ok(false) } else { Err(self.broken("it has too few rows")) };
            };
            self.batch = batch;
            self.at = 0;
            self.expect_order(&last)?;
        } else if self.batch.path.value(before) >= self.batch.path.value(self.at) {
            return Err(self.broken("its rows are not in order"));
        }
        self.settle()?;
        Ok(true)
    }

    fn expect_order(&self, last: &str) -> io::Result<()> {
        match last.cmp(self.key()) {
            Ordering::Less => Ok(()),
            _ => Err(self.broken("its rows are not in order")),
        }
    }

    fn broken(&self, why: &str) -> io::Error {
        io::Error::other(format!("{} is broken: {why}", self.name))
    }

    /// Makes the current row ready.
    fn settle(&mut self) -> io::Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(|| self.broken("it has too many rows"))?;
        if self.batch.path.is_null(self.at) || self.batch.size.is_null(self.at) {
            return Err(self.broken("a row has no path or no size"));
        }
        let text = self.key();
        // All that is not its own text has a `%` in its text, but not the other way round.
        let bytes = text.contains('%').then(|| text::path_bytes(text)).filter(|it| it != text.as_bytes());
        let is_path = match &bytes {
            Some(bytes) => text::path(bytes) == text,
            None => text::is_path_plain(text.as_bytes()),
        };
        if !is_path {
            return Err(self.broken("a path is not written as paths are"));
        }
        self.odd = bytes;
        Ok(())
    }

    fn key(&self) -> &str {
        self.batch.path.value(self.at)
    }

    fn file(&self) -> File<'_> {
        let batch = &self.batch;
        let digest = (!batch.hash.is_null(self.at)).then(|| batch.hash.value(self.at).try_into().ok()).flatten();
        File {
            path: self.odd.as_deref().unwrap_or_else(|| self.key().as_bytes()),
            is_odd: self.odd.is_some(),
            size: u64::try_from(batch.size.value(self.at)).ok(),
            at: None,
            digest,
            is_script: batch.kind.value(self.at) == kind::SCRIPT,
            error: (!batch.error.is_null(self.at)).then(|| batch.error.value(self.at)),
        }
    }
}

fn next_batch(reader: &mut ParquetRecordBatchReader, name: &str) -> io::Result<Option<Batch>> {
    loop {
        let Some(rows) = reader.next() else { return Ok(None) };
        let rows = rows.map_err(|error| io::Error::other(format!("{name} is broken: {error}")))?;
        if rows.num_rows() > 0 {
            let batch = batch(&rows).ok_or_else(|| {
                io::Error::other(format!("{name} is broken: a column is not of the type that it must be"))
            })?;
            return Ok(Some(batch));
        }
    }
}

fn batch(rows: &RecordBatch) -> Option<Batch> {
    let text = |name: &str| rows.column_by_name(name)?.as_string_opt::<i32>().cloned();
    let hash = rows.column_by_name(column::HASH)?.as_fixed_size_binary_opt().cloned()?;
    Some(Batch {
        path: text(column::PATH)?,
        kind: text(column::KIND)?,
        size: rows.column_by_name(column::SIZE)?.as_primitive_opt::<Int64Type>().cloned()?,
        hash: Some(hash).filter(|it| it.value_length() == 32)?,
        error: text(column::ERROR)?,
    })
}
