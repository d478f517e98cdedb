//! Rows of a dump: the values of INSERT statements, put into the order that was asked for.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::io::{self, Read as IoRead};

use super::charset::Charset;
use super::lexer::{Lexer, Sink};
use super::table::{Extent, Table};
use super::value::Value;
use crate::source::interrupt;
use crate::source::tables::{Condition, Read};

/// Takes the cells of a row: the place of what wanted it, and its cells.
pub(super) type OnCells<'a> = dyn FnMut(usize, &[Option<&[u8]>]) + 'a;

/// Columns of a table that somebody wants, and of which rows.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The table's name, with prefix.
    pub(super) table: String,
    columns: Vec<Cow<'static, str>>,
    only: Option<(&'static str, Condition)>,
}

impl Wanted {
    pub(super) fn of_read(read: &Read, prefix: &str) -> Self {
        Self {
            table: format!("{prefix}{}", read.name()),
            columns: read.column_names().map(Cow::Borrowed).collect(),
            only: read.condition(),
        }
    }

    pub(super) fn of_columns(table: String, columns: Vec<String>) -> Self {
        Self { table, columns: columns.into_iter().map(Cow::Owned).collect(), only: None }
    }
}

/// What stands before the values of an INSERT.
pub(super) struct InsertHead {
    pub(super) database: Option<String>,
    pub(super) table: String,
    pub(super) columns: Option<Vec<String>>,
    /// Whether VALUES follows, and not SELECT or SET.
    pub(super) has_values: bool,
}

/// Reads up to the first row's parenthesis; INSERT or REPLACE is behind.
pub(super) fn insert_head(lexer: &mut Lexer<impl IoRead>) -> io::Result<Option<InsertHead>> {
    let (database, table) = loop {
        lexer.skip_blank()?;
        let is_quoted = matches!(lexer.window.peek()?, Some(b'`' | b'"'));
        let Some((database, name)) = qualified_name(lexer)? else { return Ok(None) };
        let is_modifier = ["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "IGNORE", "INTO"]
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it));
        if is_quoted || !is_modifier {
            break (database, name);
        }
    };
    let mut columns = None;
    if lexer.accept(b'(')? {
        let mut names = Vec::new();
        while let Some(name) = lexer.name()? {
            names.push(String::from_utf8_lossy(&name).into_owned());
            if !lexer.accept(b',')? {
                break;
            }
        }
        lexer.accept(b')')?;
        columns = Some(names);
    }
    let word = lexer.word()?;
    Ok(Some(InsertHead { database, table, columns, has_values: word == "VALUES" || word == "VALUE" }))
}

/// A name, and the database that qualifies it.
pub(super) fn qualified_name(lexer: &mut Lexer<impl IoRead>) -> io::Result<Option<(Option<String>, String)>> {
    let text = |name: Vec<u8>| String::from_utf8_lossy(&name).into_owned();
    let Some(first) = lexer.name()?.map(text) else { return Ok(None) };
    if !lexer.accept(b'.')? {
        return Ok(Some((None, first)));
    }
    Ok(lexer.name()?.map(|second| (Some(first), text(second))))
}

/// Cells of one row, their memory used again for the next.
#[derive(Default)]
struct Cells {
    values: Vec<Vec<u8>>,
    kinds: Vec<Value>,
}

/// Which value of a row goes to which slot, and which slots each wanter takes.
struct Layout {
    /// For each value of a row: its slot, if anybody wants it.
    slot_of_value: Vec<Option<usize>>,
    /// For each slot: how its text is decoded.
    charset_of_slot: Vec<Option<Charset>>,
    /// For each wanter: the slots of its columns, and of the column of its condition.
    slots: Vec<(usize, Vec<Option<usize>>, Option<usize>)>,
    /// How many values of a row have to be looked at.
    values: usize,
}

impl Layout {
    fn new(columns: &[String], table: &Table, who: &[usize], wanted: &[Wanted]) -> Self {
        let mut names: Vec<&str> = Vec::new();
        let mut slot = |name: &str| {
            let at = columns.iter().position(|it| it.eq_ignore_ascii_case(name))?;
            let name = columns[at].as_str();
            Some(names.iter().position(|it| *it == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            }))
        };
        let slots = who
            .iter()
            .map(|&at| {
                let condition = wanted[at].only.as_ref().and_then(|(column, _)| slot(column));
                (at, wanted[at].columns.iter().map(|it| slot(it)).collect(), condition)
            })
            .collect();
        let slot_of_value: Vec<Option<usize>> =
            columns.iter().map(|name| names.iter().position(|it| it == name)).collect();
        let charset_of_slot = names
            .iter()
            .map(|name| table.columns.iter().find(|it| it.name.eq_ignore_ascii_case(name))?.charset)
            .collect();
        let values = slot_of_value.iter().rposition(Option::is_some).map_or(0, |at| at + 1);
        Self { slot_of_value, charset_of_slot, slots, values }
    }
}

/// Reads all rows of an extent, at whose start the lexer stands. Returns whether what some of their texts say is a guess.
pub(super) fn read_extent(
    lexer: &mut Lexer<impl IoRead>,
    extent: &Extent,
    table: &Table,
    who: &[usize],
    wanted: &[Wanted],
    on_row: &mut OnCells<'_>,
) -> io::Result<bool> {
    let mut is_guessed = false;
    lexer.backslash = extent.backslash;
    let name = &wanted[who[0]].table;
    let mut cells = Cells::default();
    while lexer.window.offset() < extent.end {
        interrupt::check()?;
        lexer.skip_blank()?;
        let word = lexer.word()?;
        let head = if word == "INSERT" || word == "REPLACE" { insert_head(lexer)? } else { None };
        let Some(head) = head.filter(|it| it.table == *name && it.has_values) else {
            lexer.rest_of_statement(b";", &mut Sink::Skip)?;
            continue;
        };
        let columns = head.columns.unwrap_or_else(|| table.columns.iter().map(|it| it.name.clone()).collect());
        let layout = Layout::new(&columns, table, who, wanted);
        while lexer.accept(b'(')? {
            if read_row(lexer, &layout, &mut cells)?.is_none() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            is_guessed |= hand_out(&cells, &layout, wanted, extent.charset, on_row);
            if !lexer.accept(b',')? {
                break;
            }
        }
        lexer.rest_of_statement(b";", &mut Sink::Skip)?;
    }
    Ok(is_guessed)
}

/// Reads the values of one row, its opening parenthesis behind.
fn read_row(lexer: &mut Lexer<impl IoRead>, layout: &Layout, cells: &mut Cells) -> io::Result<Option<()>> {
    let slots = layout.charset_of_slot.len();
    cells.values.resize_with(slots, Vec::new);
    cells.kinds.clear();
    cells.kinds.resize(slots, Value::Null);
    for slot in &layout.slot_of_value[..layout.values] {
        let sink = match slot {
            Some(slot) => {
                cells.values[*slot].clear();
                Sink::Keep(&mut cells.values[*slot])
            }
            None => Sink::Skip,
        };
        let Some(kind) = lexer.value(sink)? else { return Ok(None) };
        if let Some(slot) = slot {
            cells.kinds[*slot] = kind;
        }
        if !lexer.accept(b',')? {
            break;
        }
    }
    lexer.rest_of_parentheses()
}

/// Hands out a row. Returns whether what one of its texts says is a guess.
fn hand_out(cells: &Cells, layout: &Layout, wanted: &[Wanted], charset: Charset, on_row: &mut OnCells<'_>) -> bool {
    let mut is_guessed = false;
    let decoded: Vec<Option<Cow<'_, [u8]>>> = (0..cells.values.len())
        .map(|slot| {
            let bytes = cells.values[slot].as_slice();
            match (cells.kinds[slot], layout.charset_of_slot[slot]) {
                (Value::Null, _) => None,
                (Value::Text, Some(of_column)) if charset == Charset::OfColumn => Some(of_column.decode(bytes)),
                (Value::Text, Some(_)) => {
                    is_guessed |= charset.is_guess(bytes);
                    Some(charset.decode(bytes))
                }
                _ => Some(Cow::Borrowed(bytes)),
            }
        })
        .collect();
    for (at, slots, condition) in &layout.slots {
        let cell = |slot: &Option<usize>| slot.and_then(|it| decoded[it].as_deref());
        if let Some((_, only)) = &wanted[*at].only
            && !only.is_met_by(cell(condition))
        {
            continue;
        }
        let row: Vec<Option<&[u8]>> = slots.iter().map(cell).collect();
        on_row(*at, &row);
    }
    is_guessed
}

/// Whether one value is greater than another: whole numbers by value, all else by bytes.
pub(super) fn is_greater(one: &[u8], other: &[u8]) -> bool {
    let number = |it: &[u8]| std::str::from_utf8(it).ok()?.parse::<i128>().ok();
    let order = match (number(one), number(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.cmp(other),
    };
    order == Ordering::Greater
}
