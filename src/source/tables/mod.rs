//! What is asked of a database: one table at a time, in cells of bytes.
//!
//! A live server and a dump file answer the same [`Read`] with the same cells,
//! so nothing above this module can tell them apart. Joins, case folding and
//! dates are done in Rust, by rules that are written down, and not by the
//! collation of whichever server the store happens to run on.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Names of columns that hold a secret, in whatever table and whatever letter case: they are never asked for, neither by
/// a fact that declares its columns nor where an extension's columns are known at run time only. Stars on both sides
/// stand for any text around what is named.
pub const SECRETS: &[&str] = &[
    "*api_key*",
    "*card_number*",
    "*cc_*",
    "*cvv*",
    "*hash*",
    "*iban*",
    "key",
    "*passw*",
    "*private*",
    "*secret*",
    "*sessid*",
    "*session_id*",
    "*token*",
    "*verifier*",
];

// A star on one side only would protect nothing.
const _: () = {
    let mut at = 0;
    while at < SECRETS.len() {
        let name = SECRETS[at].as_bytes();
        assert!(name.len() > 2 && (name[0] == b'*') == (name[name.len() - 1] == b'*'));
        at += 1;
    }
};

/// Tables whose `value` hides keys and passwords without a mark: only rows of
/// listed paths may be asked for.
const ONLY_BY_PATH: &[&str] = &["core_config_data"];

/// Rows of one table.
///
/// Declared as a constant. A secret column does not compile:
///
/// ```compile_fail
/// # use magegap::source::tables::Read;
/// const USERS: Read = Read::table("admin_user").columns(&["user_id", "password"]);
/// ```
///
/// Nor does one that a server knows a visitor by, or a part of a card:
///
/// ```compile_fail
/// # use magegap::source::tables::Read;
/// const LOG: Read = Read::table("log_visitor").optional(&["Session_Id"]);
/// ```
///
/// ```compile_fail
/// # use magegap::source::tables::Read;
/// const PAYMENTS: Read = Read::table("payment").columns(&["cc_number_enc"]);
/// ```
///
/// Nor may a condition be about one, whose column a server has to send:
///
/// ```compile_fail
/// # use magegap::source::tables::Read;
/// const USERS: Read = Read::table("admin_user").columns(&["user_id"]).only_not_null("password");
/// ```
///
/// The list of paths by which values of the configuration are read cannot be replaced by another condition:
///
/// ```compile_fail
/// # use magegap::source::tables::Read;
/// const VALUES: Read = Read::table("core_config_data").only_in("path", &["a/b/c"]).columns(&["value"])
///     .only_in("scope", &["default"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    table: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    only: Option<Only>,
}

/// A condition on one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Only {
    column: &'static str,
    condition: Condition,
}

/// What a cell must be for its row to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// One of these texts, byte for byte.
    In(&'static [&'static str]),
    /// Anything but NULL.
    NotNull,
    /// Neither NULL nor of length 0.
    NotEmpty,
    /// A number greater than this one: the next page of a key.
    Greater(u64),
    /// One of these numbers, known at run time: ids of attributes.
    OneOf(Ids),
}

/// A few ids. A fixed number of them, so that a read stays a plain value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    ids: [u32; Self::MOST],
    count: usize,
}

impl Ids {
    /// The most that one read asks for; of more there are several reads.
    const MOST: usize = 32;

    /// Any number of ids, in groups for a read each; at least one group. Those that no attribute can have are left
    /// out.
    pub fn groups(ids: &[u64]) -> impl Iterator<Item = Self> + use<> {
        let ids: Vec<u32> = ids.iter().filter_map(|it| u32::try_from(*it).ok()).collect();
        let groups = ids.len().div_ceil(Self::MOST).max(1);
        (0..groups).map(move |group| {
            let mut found = Self::default();
            for id in ids.iter().skip(group * Self::MOST).take(Self::MOST) {
                found.ids[found.count] = *id;
                found.count += 1;
            }
            found
        })
    }

    /// The ids.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.ids[..self.count].iter().copied().map(u64::from)
    }
}

impl Condition {
    /// Whether a cell meets the condition.
    ///
    /// Applied to the rows of a server as well, whose collation calls more
    /// texts equal than this does.
    pub fn is_met_by(&self, cell: Option<&[u8]>) -> bool {
        match self {
            Self::In(values) => cell.is_some_and(|it| values.iter().any(|v| v.as_bytes() == it)),
            Self::NotNull => cell.is_some(),
            Self::NotEmpty => cell.is_some_and(|it| !it.is_empty()),
            Self::Greater(key) => {
                cell.and_then(|it| std::str::from_utf8(it).ok()?.parse::<u64>().ok()).is_some_and(|it| it > *key)
            }
            Self::OneOf(ids) => cell
                .and_then(|it| std::str::from_utf8(it).ok()?.parse::<u64>().ok())
                .is_some_and(|it| ids.iter().any(|id| id == it)),
        }
    }
}

impl Read {
    /// Nothing yet of the table `name`, which is given without the store's prefix.
    pub const fn table(name: &'static str) -> Self {
        Self { table: name, required: &[], optional: &[], only: None }
    }

    /// Columns without which the table cannot be used.
    ///
    /// # Panics
    ///
    /// While compiling, if one of them holds secrets.
    #[must_use]
    pub const fn columns(mut self, names: &'static [&'static str]) -> Self {
        self.refuse_secrets(names);
        self.required = names;
        self
    }

    /// Columns that only some versions or editions have: absent ones are NULL.
    ///
    /// # Panics
    ///
    /// While compiling, if one of them holds secrets.
    #[must_use]
    pub const fn optional(mut self, names: &'static [&'static str]) -> Self {
        self.refuse_secrets(names);
        self.optional = names;
        self
    }

    /// Only rows whose `column` is one of `values`.
    ///
    /// # Panics
    ///
    /// While compiling, if there is a condition already.
    #[must_use]
    pub const fn only_in(self, column: &'static str, values: &'static [&'static str]) -> Self {
        self.with(Only { column, condition: Condition::In(values) })
    }

    /// Only rows whose `column` is not NULL.
    ///
    /// # Panics
    ///
    /// While compiling, if there is a condition already.
    #[must_use]
    pub const fn only_not_null(self, column: &'static str) -> Self {
        self.with(Only { column, condition: Condition::NotNull })
    }

    /// Only rows whose `column` meets `condition`, known at run time.
    ///
    /// # Panics
    ///
    /// If there is a condition already: a mistake in this crate.
    #[must_use]
    pub fn only(self, column: &'static str, condition: Condition) -> Self {
        self.with(Only { column, condition })
    }

    const fn refuse_secrets(&self, names: &[&str]) {
        let mut at = 0;
        while at < names.len() {
            assert!(!is_secret(names[at]), "this column holds secrets: never read it");
            let by_path = match &self.only {
                Some(only) => equal(only.column, "path") && matches!(only.condition, Condition::In(_)),
                None => false,
            };
            assert!(
                by_path || !(contains(ONLY_BY_PATH, self.table) && equal(names[at], "value")),
                "values of the configuration are read by a list of paths only: `only_in` comes first"
            );
            at += 1;
        }
    }

    /// One condition is all that a read has: a second one would take the place of a list of paths.
    const fn with(mut self, only: Only) -> Self {
        assert!(self.only.is_none(), "a read has one condition");
        assert!(!is_secret(only.column), "the column of a condition is read as well, and this one holds secrets");
        self.only = Some(only);
        self
    }

    /// The table's name, without prefix.
    pub const fn name(&self) -> &'static str {
        self.table
    }

    /// Every column, in the order of a row's cells: the required ones, then the optional ones.
    pub fn column_names(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    /// Every column that a server is asked for: those of the cells, and the condition's.
    pub fn touched_columns(&self) -> impl Iterator<Item = &'static str> {
        let of_condition = self.only.map(|it| it.column);
        self.column_names().chain(of_condition.filter(|it| !self.column_names().any(|own| own == *it)))
    }

    /// The columns without which the table cannot be used.
    pub const fn required_columns(&self) -> &'static [&'static str] {
        self.required
    }

    /// The condition on the rows.
    pub const fn condition(&self) -> Option<(&'static str, Condition)> {
        match self.only {
            Some(only) => Some((only.column, only.condition)),
            None => None,
        }
    }
}

/// Whether a column of this name holds secrets, and may not be read ([`SECRETS`]).
pub const fn is_secret(column: &str) -> bool {
    let mut at = 0;
    while at < SECRETS.len() {
        let secret = SECRETS[at].as_bytes();
        let is_it = match secret {
            [b'*', part @ .., b'*'] => holds(column.as_bytes(), part),
            _ => equal(column, SECRETS[at]),
        };
        if is_it {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether a part stands anywhere in a name, whatever the letter case.
const fn holds(name: &[u8], part: &[u8]) -> bool {
    let mut start = 0;
    while start + part.len() <= name.len() {
        let mut at = 0;
        while at < part.len() && name[start + at].eq_ignore_ascii_case(&part[at]) {
            at += 1;
        }
        if at == part.len() {
            return true;
        }
        start += 1;
    }
    false
}

const fn contains(list: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < list.len() {
        if equal(list[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

// `str::eq` is not const, and the refusal of secrets must happen while compiling.
const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if !one[at].eq_ignore_ascii_case(&other[at]) {
            return false;
        }
        at += 1;
    }
    true
}

/// How many rows a table has, the greatest value of one of its columns, and which columns hold anything.
///
/// For tables that are discovered at run time, such as those of extensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The table's name, without prefix.
    pub table: String,
    /// The column whose greatest value is wanted: a date or a key.
    pub greatest: Option<String>,
    /// Columns of which it is asked whether they hold more than a default. No value leaves the database.
    pub filled: Vec<String>,
}

/// The answer to a [`Tally`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallied {
    /// Rows in the table.
    pub rows: u64,
    /// The greatest value, by bytes; `None` if there is no row or every value is NULL.
    pub greatest: Option<Vec<u8>>,
    /// Columns with a value that is neither NULL, nor empty, nor made of zeros; and of several rows not
    /// the same in all of them, as a default is.
    pub filled: Vec<String>,
}

/// One row, as the answer to a [`Read`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    read: &'a Read,
    cells: &'a [Option<&'a [u8]>],
}

impl<'a> Row<'a> {
    /// A row of the answer to `read`: one cell for each of its columns, in their order.
    pub const fn new(read: &'a Read, cells: &'a [Option<&'a [u8]>]) -> Self {
        Self { read, cells }
    }

    /// The bytes of a cell; `None` if it is NULL or this store has no such column.
    ///
    /// # Panics
    ///
    /// If the read does not declare the column: a mistake in this crate.
    pub fn bytes(&self, column: &str) -> Option<&'a [u8]> {
        let at = self
            .read
            .column_names()
            .position(|name| name == column)
            .unwrap_or_else(|| panic!("{} is not a declared column of {}", column, self.read.name()));
        self.cells[at]
    }

    /// A cell as text. Bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self, column: &str) -> Option<String> {
        self.bytes(column).map(|it| String::from_utf8_lossy(it).into_owned())
    }

    /// A cell as a whole number; NULL is `None`.
    pub fn number<N: std::str::FromStr>(&self, column: &'static str) -> Result<Option<N>, CellError> {
        let Some(bytes) = self.bytes(column) else { return Ok(None) };
        let parsed = std::str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok());
        parsed.map(Some).ok_or_else(|| CellError {
            table: self.read.name(),
            column,
            found: crate::text::visible(&String::from_utf8_lossy(&bytes[..bytes.len().min(40)])).into_owned(),
        })
    }

    /// A cell as a whole number that the schema declares NOT NULL.
    pub fn id(&self, column: &'static str) -> Result<u64, CellError> {
        self.number(column)?.ok_or_else(|| CellError { table: self.read.name(), column, found: "NULL".to_owned() })
    }

    /// A cell as a yes or no: NULL and 0 are no.
    pub fn flag(&self, column: &'static str) -> Result<bool, CellError> {
        Ok(self.number::<i64>(column)?.unwrap_or(0) != 0)
    }

    /// A cell as a day. NULL, the zero date and what no calendar has are `None`; a time of the day
    /// is left out.
    pub fn date(&self, column: &str) -> Option<jiff::civil::Date> {
        std::str::from_utf8(self.bytes(column)?).ok()?.get(..10)?.parse().ok()
    }

    /// A cell as a point in time, which both platforms store in UTC.
    ///
    /// NULL and the zero date, which old stores are full of, are `None`; so is
    /// a date that no calendar has.
    pub fn time(&self, column: &str) -> Option<jiff::Timestamp> {
        let text = std::str::from_utf8(self.bytes(column)?).ok()?;
        let civil: jiff::civil::DateTime = text.replacen(' ', "T", 1).parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    }
}

/// A cell that does not hold what its column must.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}.{column}: expected a whole number, got {found}")]
pub struct CellError {
    table: &'static str,
    column: &'static str,
    found: String,
}

/// Why a table could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// This store has no such table.
    #[error("there is no table {table}")]
    NoTable {
        /// Its name, with prefix.
        table: String,
    },
    /// A table that every store has was left out.
    #[error("there is no table {table}, and every store has it: make the dump with it, or GRANT SELECT on it")]
    LeftOut {
        /// Its name, with prefix.
        table: String,
    },
    /// The table lacks columns that it has in every known version.
    #[error("the table {table} has no column {}", columns.join(", "))]
    NoColumn {
        /// Its name, with prefix.
        table: String,
        /// The columns that are not there.
        columns: Vec<String>,
    },
    /// The file ends before the table, or within it.
    #[error("the dump is cut off at byte {at}, and the table {table} is not complete in the part that is there")]
    CutOff {
        /// Its name, with prefix.
        table: String,
        /// Where the file ends, in bytes of its unpacked text.
        at: u64,
    },
    /// The table is there, and reading it failed.
    #[error("the table {table} cannot be read: {cause}")]
    Failed {
        /// Its name, with prefix.
        table: String,
        /// What the server or the file system said, and what to do about it.
        cause: String,
    },
    /// The table has columns that this user may not read.
    #[error(
        "the user may not read the column {} of the table {table}: GRANT SELECT (`{}`) ON {place} TO that user",
        columns.join(", "),
        columns.join("`, `")
    )]
    Hidden {
        /// Its name, with prefix.
        table: String,
        /// The columns that are there.
        columns: Vec<String>,
        /// The table as a GRANT names it.
        place: String,
    },
    /// The table may be there, and the user may not read it.
    #[error("the table {table} is not there, or cannot be read: {grant}")]
    Denied {
        /// Its name, with prefix.
        table: String,
        /// What to do about it.
        grant: String,
    },
    /// The table is there without the rows that it had.
    #[error("the table {table} has no rows, although {evidence}: emptied in the shop, or left out of the dump")]
    Emptied {
        /// Its name, with prefix.
        table: String,
        /// What tells that there were some.
        evidence: String,
        /// The key that its next row would have, if that is known.
        next_key: Option<u64>,
    },
    /// A row holds what it must not.
    #[error("the table has an unusable row: {0}")]
    Cell(#[from] CellError),
}

impl ReadError {
    /// Whether the table is simply not part of this store.
    pub const fn is_absence(&self) -> bool {
        matches!(self, Self::NoTable { .. } | Self::NoColumn { .. })
    }

    /// Whether the table may not be part of this store, or may not be read: nobody can tell which.
    pub const fn is_denial(&self) -> bool {
        matches!(self, Self::Denied { .. })
    }

    /// Whether rows or columns that are there are not in what was given.
    pub const fn is_not_whole(&self) -> bool {
        matches!(self, Self::Emptied { .. } | Self::Hidden { .. } | Self::LeftOut { .. })
    }
}

/// A trigger of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trigger {
    /// Its name.
    pub name: String,
    /// The table, with the store's prefix on it.
    pub table: String,
    /// What it does.
    pub statement: String,
}

/// The tables of one database and their columns, with the store's prefix on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    tables: BTreeMap<String, Vec<String>>,
    /// Views and their columns: asked for by name as tables are, and none of the store's own.
    views: BTreeMap<String, Vec<String>>,
    /// Columns of these tables that are there, and that this user may not read.
    hidden: BTreeMap<String, Vec<String>>,
    /// The database as a GRANT names it, if it is one of a server.
    database: Option<String>,
    triggers: Vec<Trigger>,
}

impl Schema {
    /// A schema of the tables and their columns given.
    pub fn new(tables: BTreeMap<String, Vec<String>>) -> Self {
        Self { tables, ..Self::default() }
    }

    /// With views. Where there are more of them than tables they are what the store is given as.
    #[must_use]
    pub fn with_views(mut self, views: BTreeMap<String, Vec<String>>) -> Self {
        if views.len() > self.tables.len() {
            self.tables.extend(views);
        } else {
            self.views = views;
        }
        self
    }

    /// In this database of a server, as a GRANT names it.
    #[must_use]
    pub fn in_database(mut self, quoted: String) -> Self {
        self.database = Some(quoted);
        self
    }

    /// Notes that a column of a table is there, and may not be read.
    pub fn hide(&mut self, table: &str, column: &str) {
        if let Some(readable) = self.tables.get_mut(table) {
            readable.retain(|it| !it.eq_ignore_ascii_case(column));
        }
        let hidden = self.hidden.entry(table.to_owned()).or_default();
        if !hidden.iter().any(|it| it.eq_ignore_ascii_case(column)) {
            hidden.push(column.to_owned());
        }
    }

    /// With triggers.
    #[must_use]
    pub fn with_triggers(mut self, mut triggers: Vec<Trigger>) -> Self {
        triggers.sort();
        self.triggers = triggers;
        self
    }

    /// The triggers that this user may see.
    pub fn triggers(&self) -> &[Trigger] {
        &self.triggers
    }

    /// The names of all tables, in byte order.
    pub fn table_names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// The columns of a table or view, in its order.
    pub fn columns(&self, table: &str) -> Option<&[String]> {
        self.tables.get(table).or_else(|| self.views.get(table)).map(Vec::as_slice)
    }

    /// Whether there is no table at all.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// What a read needs and this schema lacks.
    pub(crate) fn lacks(&self, read: &Read, prefix: &str) -> Option<ReadError> {
        let table = format!("{prefix}{}", read.name());
        let Some(columns) = self.columns(&table) else { return Some(ReadError::NoTable { table }) };
        // What may not be read is not what this version does not have, whether or not every version has it.
        let hidden = self.hidden.get(&table).into_iter().flatten();
        let hidden: Vec<String> =
            hidden.filter(|it| read.touched_columns().any(|name| name.eq_ignore_ascii_case(it))).cloned().collect();
        if !hidden.is_empty() {
            let database = self.database.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
            let place = format!("{database}`{table}`");
            return Some(ReadError::Hidden { table, columns: hidden, place });
        }
        let missing: Vec<String> = read
            .required_columns()
            .iter()
            .copied()
            .chain(read.condition().map(|(column, _)| column))
            .filter(|name| !columns.iter().any(|it| it.eq_ignore_ascii_case(name)))
            .map(str::to_owned)
            .collect();
        (!missing.is_empty()).then_some(ReadError::NoColumn { table, columns: missing })
    }
}

/// How a database tells the time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// The server's own time zone: what a session has that sets none, as Magento 1's do.
    pub of_server: Option<String>,
    /// Whether the `TIMESTAMP`s of this answer are not in UTC: a dump made with `--skip-tz-utc`.
    pub is_local: bool,
}

/// Takes the rows of a batch of reads: the place of the read in the batch, and the row.
pub type OnRow<'a> = dyn FnMut(usize, &Row<'_>) + 'a;

/// A database of one store, live or dumped.
pub trait Tables: Send {
    /// Its tables, with prefix.
    fn schema(&self) -> &Schema;

    /// The prefix that every later read is to put before its table's name.
    fn set_prefix(&mut self, prefix: &str);

    /// That prefix.
    fn prefix(&self) -> &str;

    /// Reads a batch, and says of each read whether it succeeded.
    ///
    /// A dump is read once for the whole batch, so rows of different reads come
    /// in any order.
    fn read(&mut self, reads: &[Read], on_row: &mut OnRow<'_>) -> Vec<Result<(), ReadError>>;

    /// Counts a batch of tables.
    fn tally(&mut self, tallies: &[Tally]) -> Vec<Result<Tallied, ReadError>>;

    /// Whether a table without rows, which is named without prefix, has none for sure: a dump may have been made without
    /// them.
    fn is_surely_empty(&self, table: &str) -> bool {
        let _ = table;
        true
    }

    /// What a reader of the report has to know about what was read so far.
    fn note(&self) -> Option<String> {
        None
    }

    /// What it is, for people: `MariaDB 10.11.6`, `dump by mysqldump`.
    fn description(&self) -> String;

    /// Why nothing that is not here may be called absent, if that is so.
    fn trouble(&self) -> Option<String>;

    /// Why tables may be there that are not listed, if that is so.
    fn hides_tables(&self) -> Option<String> {
        None
    }

    /// What is known of the time zone that its `TIMESTAMP`s were written and are read in.
    fn clock(&mut self) -> Clock;
}

impl fmt::Debug for dyn Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description())
    }
}
