//! Tables in files: Apache Parquet, as any engine reads it.
//!
//! zstd alone compresses: of all codecs that every reader has, it needs no library that some
//! machine lacks.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::ColumnPath;

/// Rows of a group: what a writer has in memory at once.
const GROUP: usize = 128 * 1024;
/// Rows that are read at once.
const BATCH: usize = 4096;

/// How columns are written that are not to be written as the others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    /// Texts in order, of which each is like the one before. The rows are in the order of the first.
    pub(crate) sorted: &'static [&'static str],
    /// Numbers that are each their own.
    pub(crate) numbers: &'static [&'static str],
    /// Bytes that nothing can make smaller.
    pub(crate) noise: &'static [&'static str],
}

/// A table that is being written.
#[derive(Debug)]
pub(crate) struct TableWriter {
    writer: ArrowWriter<File>,
}

impl TableWriter {
    /// Makes the file. `about` is what its metadata say.
    pub(crate) fn create(
        path: &Path,
        schema: Arc<Schema>,
        layout: Layout,
        about: &[(&str, String)],
    ) -> io::Result<Self> {
        let mut properties = WriterProperties::builder()
            .set_created_by(concat!("magegap ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP))
            // Nobody looks rows up in these files: they are read from end to end.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .set_key_value_metadata(Some(
                about.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect(),
            ));
        let plain = |names: &'static [&'static str]| names.iter().map(|it| ColumnPath::from(*it));
        for column in plain(layout.sorted) {
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column.clone(), Encoding::DELTA_BYTE_ARRAY)
                .set_column_statistics_enabled(column, EnabledStatistics::Chunk);
        }
        for column in plain(layout.numbers) {
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
        }
        for column in plain(layout.noise) {
            properties = properties
                .set_column_dictionary_enabled(column.clone(), false)
                .set_column_compression(column, Compression::UNCOMPRESSED);
        }
        let first = layout.sorted.first().and_then(|it| schema.index_of(it).ok()).and_then(|it| i32::try_from(it).ok());
        properties = properties.set_sorting_columns(
            first.map(|column_idx| vec![SortingColumn { column_idx, descending: false, nulls_first: false }]),
        );
        let options = ArrowWriterOptions::new().with_properties(properties.build()).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(File::create_new(path)?, schema, options).map_err(failed)?;
        Ok(Self { writer })
    }

    pub(crate) fn write(&mut self, rows: &RecordBatch) -> io::Result<()> {
        self.writer.write(rows).map_err(failed)
    }

    pub(crate) fn finish(self) -> io::Result<()> {
        self.writer.close().map_err(failed)?;
        Ok(())
    }
}

/// A table that lies within a file.
#[derive(Clone, Debug)]
pub(crate) struct Slice {
    pub(crate) file: Arc<File>,
    pub(crate) start: u64,
    pub(crate) length: u64,
}

impl Slice {
    /// All of it, from its beginning.
    pub(crate) fn reader(&self) -> Part {
        Part { slice: self.clone(), at: 0 }
    }

    /// The batches of a table, with these columns of it in the order of the file.
    pub(crate) fn batches(&self, columns: &[&str]) -> io::Result<ParquetRecordBatchReader> {
        let options = ArrowReaderOptions::new();
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(self.clone(), options).map_err(failed)?;
        let schema = builder.parquet_schema();
        if let Some(missing) = columns.iter().find(|it| !schema.columns().iter().any(|column| column.name() == **it)) {
            return Err(io::Error::other(format!("it has no column {missing}")));
        }
        let mask = ProjectionMask::columns(schema, columns.iter().copied());
        builder.with_projection(mask).with_batch_size(BATCH).build().map_err(failed)
    }
}

impl Length for Slice {
    fn len(&self) -> u64 {
        self.length
    }
}

impl ChunkReader for Slice {
    type T = Part;

    fn get_read(&self, start: u64) -> Result<Part, ParquetError> {
        Ok(Part { slice: self.clone(), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let end = start.checked_add(length as u64).filter(|end| *end <= self.length);
        if end.is_none() {
            return Err(ParquetError::EOF("the table ends too early".to_owned()));
        }
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, self.start + start)?;
        Ok(bytes.into())
    }
}

/// A table that is read from some place on.
#[derive(Debug)]
pub(crate) struct Part {
    slice: Slice,
    at: u64,
}

impl io::Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.slice.length.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = buffer.len().min(left);
        let read = self.slice.file.read_at(&mut buffer[..most], self.slice.start + self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

fn failed(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}
