//! References as tables of a snapshot: one row for each.

use std::io;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use super::paths::{Sorted, Texts};
use super::{Names, Reference, References, User};
use crate::source::columns::{Layout, Slice, TableWriter};
use crate::text;

const PATH: &str = "path";
const PATH_RAW: &str = "path_raw";
const USER: &str = "user";
const ID: &str = "id";
const NAME: &str = "name";
const FLAGS: &str = "flags";
const COLUMNS: [&str; 5] = [PATH, USER, ID, NAME, FLAGS];

/// The name of the table in a snapshot.
const TABLE: &str = "references/part-00000.parquet";

/// Rows that are put together before they are written.
const BATCH: usize = 8192;

fn schema() -> Arc<Schema> {
    Arc::new(Schema::new(vec![
        Field::new(PATH, DataType::Utf8, false),
        Field::new(PATH_RAW, DataType::Binary, true),
        Field::new(USER, DataType::Utf8, false),
        Field::new(ID, DataType::Int64, false),
        Field::new(NAME, DataType::Utf8, true),
        Field::new(FLAGS, DataType::Int32, false),
    ]))
}

/// Writes the table into a folder; returns the names of the files.
pub(in crate::facts) fn write(references: &References, folder: &Path) -> io::Result<Vec<String>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let path = folder.join(TABLE);
    std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
    let mut groups: Vec<(&[u8], &[Reference])> = references.iter().collect();
    let is_odd = |path: &[u8]| !text::is_path_plain(path);
    if groups.iter().any(|(path, _)| is_odd(path)) {
        groups.sort_by_cached_key(|(path, _)| text::path(path));
    }
    let about = [("magegap.schema_version", "1".to_owned())];
    let layout = Layout { sorted: &[PATH], ..Layout::default() };
    let mut table = TableWriter::create(&path, schema(), layout, &about)?;
    let rows: Vec<(&[u8], Reference)> =
        groups.iter().flat_map(|(path, users)| users.iter().map(move |it| (*path, *it))).collect();
    for rows in rows.chunks(BATCH) {
        table.write(&batch(references, rows)?)?;
    }
    table.finish()?;
    Ok(vec![TABLE.to_owned()])
}

fn batch(references: &References, rows: &[(&[u8], Reference)]) -> io::Result<RecordBatch> {
    let mut paths = StringBuilder::new();
    let mut raw = BinaryBuilder::new();
    let mut users = StringBuilder::new();
    let mut ids = Int64Builder::new();
    let mut names = StringBuilder::new();
    let mut flags = Int32Builder::new();
    for (path, reference) in rows {
        let text = text::path(path);
        raw.append_option((text.as_bytes() != *path).then_some(*path));
        paths.append_value(text);
        users.append_value(reference.user.word());
        ids.append_value(i64::from(reference.id));
        names.append_option(references.name(*reference));
        flags.append_value(i32::from(reference.flags));
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(paths.finish()),
        Arc::new(raw.finish()),
        Arc::new(users.finish()),
        Arc::new(ids.finish()),
        Arc::new(names.finish()),
        Arc::new(flags.finish()),
    ];
    RecordBatch::try_new(schema(), columns).map_err(io::Error::other)
}

/// Puts the rows of tables to what else is known of references.
pub(in crate::facts) fn read(references: References, tables: &[Slice]) -> io::Result<References> {
    let mut texts = Texts::default();
    let mut all: Vec<Reference> = Vec::new();
    let mut names: Vec<(u32, String)> = Vec::new();
    let mut last: Option<(String, u32)> = None;
    for table in tables {
        for rows in table.batches(&COLUMNS)? {
            let rows = rows.map_err(io::Error::other)?;
            let wrong = || io::Error::other("a column of the references is not of the type that it must be");
            let text =
                |name: &str| rows.column_by_name(name).and_then(|it| it.as_string_opt::<i32>()).ok_or_else(wrong);
            let (paths, users, own_names) = (text(PATH)?, text(USER)?, text(NAME)?);
            let ids = rows.column_by_name(ID).and_then(|it| it.as_primitive_opt::<Int64Type>()).ok_or_else(wrong)?;
            let flags =
                rows.column_by_name(FLAGS).and_then(|it| it.as_primitive_opt::<Int32Type>()).ok_or_else(wrong)?;
            for row in 0..rows.num_rows() {
                let path = match &last {
                    Some((path, number)) if path == paths.value(row) => *number,
                    _ => {
                        let number = texts.push(&text::path_bytes(paths.value(row))).ok_or_else(wrong)?;
                        last = Some((paths.value(row).to_owned(), number));
                        number
                    }
                };
                let user = User::of_word(users.value(row)).ok_or_else(wrong)?;
                let id = u32::try_from(ids.value(row)).map_err(|_| wrong())?;
                let flags = u8::try_from(flags.value(row)).map_err(|_| wrong())?;
                if matches!(user, User::Product | User::Download) && !own_names.is_null(row) {
                    names.push((id, own_names.value(row).to_owned()));
                }
                all.push(Reference { path, user, id, flags });
            }
        }
    }
    let (paths, place) = Sorted::of(texts);
    for reference in &mut all {
        reference.path = place[reference.path as usize];
    }
    all.sort_unstable();
    names.sort_unstable();
    names.dedup_by_key(|(id, _)| *id);
    let mut known = Names::default();
    for (id, name) in names {
        known.numbers.extend(known.texts.push(name.as_bytes()).map(|number| (id, number)));
    }
    Ok(References { paths, all, names: known, ..references })
}
