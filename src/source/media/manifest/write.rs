//! The files of a folder, hashed and written down.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, FixedSizeBinaryBuilder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use indicatif::ProgressBar;

use super::{PartAbout, SCHEMA_VERSION, column, kind};
use crate::pair::Side;
use crate::parallel::Pool;
use crate::source::columns::{Layout, TableWriter};
use crate::source::media::cache::Cache;
use crate::source::media::listing::Listing;
use crate::source::media::settle::{Reader, Whole};
use crate::source::media::throttle::Throttle;
use crate::source::media::{Scan, settle};
use crate::text;

/// Files of one part.
const PART: usize = 256 * 1024;
/// Files that are hashed before they are written.
const BATCH: usize = 8192;

const LAYOUT: Layout =
    Layout { sorted: &[column::PATH], numbers: &[column::SIZE, column::MODIFIED], noise: &[column::HASH] };

fn schema() -> Arc<Schema> {
    let utc = Some(Arc::from("UTC"));
    Arc::new(Schema::new(vec![
        Field::new(column::PATH, DataType::Utf8, false),
        Field::new(column::PATH_RAW, DataType::Binary, true),
        Field::new(column::KIND, DataType::Utf8, false),
        Field::new(column::SIZE, DataType::Int64, false),
        Field::new(column::MODIFIED, DataType::Timestamp(TimeUnit::Millisecond, utc), false),
        Field::new(column::HASH, DataType::FixedSizeBinary(32), true),
        Field::new(column::ERROR, DataType::Utf8, true),
    ]))
}

/// Where tables are written to, and what of.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// The folder of the snapshot.
    pub folder: &'a Path,
    /// The folder of the tables within it.
    pub name: &'a str,
    /// Of which side they are.
    pub side: Side,
    /// Sizes of the files that are hashed; all if none.
    pub sizes: Option<BTreeSet<u64>>,
    /// Files of one table.
    pub part: usize,
}

impl<'a> Target<'a> {
    /// Tables `NAME/part-*.parquet` in a folder.
    pub const fn new(folder: &'a Path, name: &'a str, side: Side) -> Self {
        Self { folder, name, side, sizes: None, part: PART }
    }
}

/// Writes the tables of a listing.
///
/// # Errors
///
/// If the folder cannot be written, the listing cannot be read at all, or the run is interrupted.
pub fn write(listing: &Listing, target: &Target<'_>, scan: &Scan, bar: &ProgressBar) -> io::Result<Vec<PartAbout>> {
    let Target { folder, name, side, sizes, part } = target;
    let Some(tree) = listing.readable().filter(|it| it.len() > 0) else { return Ok(Vec::new()) };
    let is_hashed = |at: usize| tree.size(at).is_some_and(|size| sizes.as_ref().is_none_or(|it| it.contains(&size)));
    bar.inc_length((0..tree.len()).filter(|at| is_hashed(*at)).filter_map(|at| tree.size(at)).sum());
    let cache = Cache::open(scan.cache.as_deref(), [None, tree.root.as_deref()]);
    let throttle = Throttle::new(scan.io_limit);
    let reader = Reader::new(tree, scan.policy.has_script_head, bar, &throttle)?;
    let pool = Pool::new(scan.threads);
    std::fs::create_dir_all(folder.join(name))?;
    let mut parts = Vec::new();
    for start in (0..tree.len()).step_by(*part) {
        let end = (start + *part).min(tree.len());
        let name = format!("{name}/part-{:05}.parquet", parts.len());
        let path = |at: usize| text::path(tree.path(at));
        let about = PartAbout { name, files: (end - start) as u64, first: path(start), last: path(end - 1) };
        let told = [
            ("magegap.schema_version", SCHEMA_VERSION.to_string()),
            ("magegap.tool_version", env!("CARGO_PKG_VERSION").to_owned()),
            ("magegap.side", side.code().to_owned()),
            ("magegap.root", tree.root.as_deref().map(|it| it.display().to_string()).unwrap_or_default()),
            ("magegap.hash", "blake3".to_owned()),
            ("magegap.unit", format!("{}..{}", about.first, about.last)),
        ];
        let mut table = TableWriter::create(&folder.join(&about.name), schema(), LAYOUT, &told)?;
        let mut at = start;
        while at < end {
            let next = (at + BATCH).min(end);
            let wholes = settle::wholes(&pool, &reader, &cache, at..next, &is_hashed)?;
            let rows = rows(wholes.into_iter().enumerate().map(|(offset, whole)| {
                let at = at + offset;
                (tree.path(at), tree.size(at).unwrap_or_default(), tree.modified(at), whole)
            }))?;
            table.write(&rows)?;
            at = next;
        }
        table.finish()?;
        parts.push(about);
    }
    cache.close();
    Ok(parts)
}

fn rows<'a>(files: impl Iterator<Item = (&'a [u8], u64, i64, io::Result<Option<Whole>>)>) -> io::Result<RecordBatch> {
    let mut path = StringBuilder::new();
    let mut path_raw = BinaryBuilder::new();
    let mut kinds = StringBuilder::new();
    let mut size = Int64Builder::new();
    let mut modified = TimestampMillisecondBuilder::new().with_timezone("UTC");
    let mut hash = FixedSizeBinaryBuilder::new(32);
    let mut error = StringBuilder::new();
    for (bytes, length, time, whole) in files {
        let text = text::path(bytes);
        path_raw.append_option((text.as_bytes() != bytes).then_some(bytes));
        path.append_value(text);
        let is_script = whole.as_ref().is_ok_and(|it| it.is_some_and(|it| it.is_script));
        kinds.append_value(if is_script { kind::SCRIPT } else { kind::FILE });
        size.append_value(i64::try_from(length).unwrap_or(i64::MAX));
        modified.append_value(time);
        match whole {
            Ok(Some(whole)) => {
                hash.append_value(whole.digest).map_err(io::Error::other)?;
                error.append_null();
            }
            Ok(None) => {
                hash.append_null();
                error.append_null();
            }
            Err(why) => {
                hash.append_null();
                error.append_value(why.to_string());
            }
        }
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(path.finish()),
        Arc::new(path_raw.finish()),
        Arc::new(kinds.finish()),
        Arc::new(size.finish()),
        Arc::new(modified.finish()),
        Arc::new(hash.finish()),
        Arc::new(error.finish()),
    ];
    RecordBatch::try_new(schema(), columns).map_err(io::Error::other)
}
