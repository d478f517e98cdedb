//! The dictionaries of several files as one.

use std::collections::BTreeMap;

use super::index::Index;
use super::table::Table;

/// Two files that hold the same table with its rows: they are two dumps, and not the parts of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// Which files.
    pub(super) parts: [usize; 2],
    /// The table.
    pub(super) table: String,
}

/// Joins what is known of the files of a dump, in their order; those that hold no rows come first, for a structure may
/// lie in a file whose name comes after that of its rows.
pub(super) fn join(parts: Vec<Index>) -> Result<Index, Conflict> {
    let is_alone = parts.len() == 1;
    let mut parts: Vec<(usize, Index)> = parts.into_iter().enumerate().collect();
    parts.sort_by_key(|(_, it)| it.has_rows());
    let mut whole = Index::default();
    for (at, part) in parts {
        let Index { databases, cut, writer, triggers, in_order, is_in_utc, unfinished } = part;
        for (database, tables) in databases {
            let known = whole.databases.entry(database).or_default();
            for (name, mut table) in tables {
                table.extents.iter_mut().for_each(|it| it.part = at);
                match known.get_mut(&name) {
                    Some(known) => add(known, table).map_err(|parts| Conflict { parts, table: name })?,
                    None => drop(known.insert(name, table)),
                }
            }
        }
        if let Some(cut) = cut
            && whole.cut.is_none()
        {
            whole.cut = Some(super::index::Cut { part: at, ..cut });
        }
        whole.writer = whole.writer.or(writer);
        whole.triggers.extend(triggers);
        whole.unfinished.extend(unfinished);
        whole.is_in_utc |= is_in_utc;
        // Names go on in the next file in any order.
        if is_alone {
            whole.in_order = in_order;
        }
    }
    join_databases(&mut whole.databases);
    finish(&mut whole);
    Ok(whole)
}

/// Adds what a further file holds of a table; fails with the files if both have made and filled it.
fn add(known: &mut Table, table: Table) -> Result<(), [usize; 2]> {
    if table.is_made && known.is_made {
        if let (Some(one), Some(other)) = (known.extents.first(), table.extents.first()) {
            return Err([one.part, other.part]);
        }
        let next_key = known.next_key.max(table.next_key);
        if !table.extents.is_empty() {
            *known = table;
        }
        known.next_key = next_key;
        return Ok(());
    }
    let (definition, rows) =
        if table.is_made { (table, std::mem::take(known)) } else { (std::mem::take(known), table) };
    *known = definition;
    if known.columns.is_empty() {
        known.columns = rows.columns;
    }
    known.rows += rows.rows;
    known.extents.extend(rows.extents);
    known.extents.sort_by_key(|it| (it.part, it.start));
    known.unusable = known.unusable.take().or(rows.unusable);
    known.next_key = known.next_key.max(rows.next_key);
    known.parents.extend(rows.parents);
    known.is_section_over |= rows.is_section_over;
    Ok(())
}

/// Where one of two databases has no name, it is the other one: `DataGrip` names the database with each INSERT, and not
/// with the CREATE TABLE; and of structure and rows in two files, one may name it.
fn join_databases(databases: &mut BTreeMap<String, BTreeMap<String, Table>>) {
    let Some(unnamed) = databases.get("") else { return };
    let mut others = databases.keys().filter(|it| !it.is_empty());
    let (Some(name), None) = (others.next().cloned(), others.next()) else { return };
    let named = &databases[&name];
    let is_filled = |it: &Table| !it.extents.is_empty();
    let is_made = |it: &Table| it.is_made;
    let is_within =
        |some: &BTreeMap<String, Table>, all: &BTreeMap<String, Table>| some.keys().all(|it| all.contains_key(it));
    let are_rows_named = !unnamed.values().any(is_filled) && !named.values().any(is_made) && is_within(named, unnamed);
    let is_structure_named =
        !named.values().any(is_filled) && !unnamed.values().any(is_made) && is_within(unnamed, named);
    let (from, to) = match (are_rows_named, is_structure_named) {
        (true, _) => (name, String::new()),
        (_, true) => (String::new(), name),
        _ => return,
    };
    for (table, rows) in databases.remove(&from).unwrap_or_default() {
        if let Some(known) = databases.get_mut(&to).and_then(|it| it.get_mut(&table)) {
            // Neither has made what the other has.
            add(known, rows).ok();
        }
    }
}

/// Says of each table whether all of its rows are known.
fn finish(whole: &mut Index) {
    for table in whole.databases.values_mut().flat_map(BTreeMap::values_mut) {
        // A table of which no rows were seen may have them behind a cut: some dumps declare all tables first.
        table.is_complete = whole.cut.is_none() || table.is_section_over || !table.extents.is_empty();
        if table.columns.is_empty() && table.unusable.is_none() {
            table.unusable = Some("the dump has no CREATE TABLE for it and no column names in its INSERT: give the file of the structure as well".to_owned());
        }
    }
    for (database, table) in &whole.unfinished {
        let tables = whole.databases.get_mut(database);
        if let Some(table) = tables.and_then(|it| it.get_mut(table)) {
            table.is_complete = false;
        }
    }
}
