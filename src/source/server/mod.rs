//! Live MySQL and MariaDB servers.
//!
//! Everything is read in one read-only transaction with a consistent snapshot,
//! so all facts of a side are of one moment and nothing can be written. Cells
//! are taken as bytes by the text protocol: they are what a dump holds.

mod address;
mod failure;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;

use futures_util::StreamExt;
use sqlx::mysql::{MySql, MySqlConnection, MySqlRow};
use sqlx::{AssertSqlSafe, Connection, Decode, Row as _, ValueRef};

pub use self::address::{Address, Limits, Tls};
use self::failure::{Failure, explain};
use super::interrupt;
use super::tables::{Clock, Condition, OnRow, Read, ReadError, Row, Schema, Tables, Tallied, Tally, Trigger};
use crate::pair::Side;

/// Why a server cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to the {side} database at {place}: {why}")]
pub struct ConnectError {
    side: Side,
    place: String,
    why: String,
}

/// A connection to one store's database, inside its snapshot.
#[derive(Debug)]
pub struct Server {
    runtime: tokio::runtime::Runtime,
    connection: Option<MySqlConnection>,
    connection_id: u64,
    address: Address,
    version: String,
    schema: Schema,
    prefix: String,
    /// Whether all tables of the database are listed, and not only those that were granted one by one.
    sees_all: bool,
    /// Columns that are not listed, and that were asked for: whether they are hidden is known.
    probed: BTreeSet<(String, String)>,
}

impl Server {
    /// Connects, and opens the snapshot that every later read sees.
    pub fn open(address: &Address, side: Side) -> Result<Self, ConnectError> {
        if let Some(ca) = &address.tls_ca
            && let Err(error) = std::fs::metadata(ca)
        {
            let why = format!("the authority {} (ssl-ca) cannot be read: {error}", ca.display());
            return Err(ConnectError { side, place: address.place(), why });
        }
        let ways = address.ways();
        let mut failures: Vec<(String, Failure, String)> = Vec::new();
        for way in &ways {
            match Self::open_way(way, side) {
                Ok(server) => return Ok(server),
                Err((failure, why)) => failures.push((way.place(), failure, why)),
            }
        }
        // What a server answers says more than that there is none.
        let at = failures.iter().position(|(_, failure, _)| failure.number().is_some());
        let (place, _, mut why) = failures.swap_remove(at.unwrap_or(failures.len() - 1));
        if !failures.is_empty() {
            let others: Vec<String> =
                failures.iter().map(|(place, failure, _)| format!("{place} ({failure})")).collect();
            let _ =
                write!(why, ". Tried as well, since PHP takes {} for a socket: {}", address.host, others.join(", "));
        }
        Err(ConnectError { side, place, why })
    }

    fn open_way(address: &Address, side: Side) -> Result<Self, (Failure, String)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| (Failure::Gone, error.to_string()))?;
        let mut server = Self {
            runtime,
            connection: None,
            connection_id: 0,
            address: address.clone(),
            version: String::new(),
            schema: Schema::default(),
            prefix: String::new(),
            sees_all: true,
            probed: BTreeSet::new(),
        };
        match server.connect() {
            Ok(()) => Ok(server),
            Err(failure) => {
                let why = explain(&failure, address, side);
                Err((failure, why))
            }
        }
    }

    fn connect(&mut self) -> Result<(), Failure> {
        let connection = match self.connect_with(self.address.tls) {
            // A server whose TLS is too old for us is asked again in plain text,
            // but only where nobody can listen.
            Err(failure)
                if failure.is_of_tls() && self.address.tls == Tls::Preferred && self.address.is_on_this_machine() =>
            {
                self.connect_with(Tls::Disabled)
            }
            other => other,
        }?;
        self.connection = Some(connection);
        self.version = self.one("SELECT VERSION()")?;
        let milliseconds = self.address.limits.statement.as_millis();
        if self.is_mariadb() {
            self.execute(&format!("SET SESSION max_statement_time={}", self.address.limits.statement.as_secs()))?;
        } else {
            // MySQL 5.6 has no such limit; our own still holds.
            let _ = self.execute(&format!("SET SESSION max_execution_time={milliseconds}"));
        }
        self.execute("SET SESSION net_write_timeout=600")?;
        // What a server's own settings leave out of an answer, or end while the other side is read. The first one is
        // a number: DEFAULT would be the server's.
        self.execute(&format!("SET SESSION sql_select_limit={}", u64::MAX))?;
        self.execute("SET SESSION sql_big_selects=1")?;
        self.execute("SET SESSION wait_timeout=86400")?;
        self.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        self.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")?;
        self.connection_id = self.one("SELECT CONNECTION_ID()")?.parse().unwrap_or(0);
        self.schema = self.read_schema()?;
        // Who may read the whole database is told that this table is not there; others, that it is not theirs to read.
        let probe = "SELECT 1 FROM `magegap looks whether it may` LIMIT 0";
        self.sees_all = !self.execute(probe).is_err_and(|it| it.number() == Some(1142));
        Ok(())
    }

    fn connect_with(&self, tls: Tls) -> Result<MySqlConnection, Failure> {
        let options = self.address.options(tls);
        let limit = self.address.limits.connect;
        self.runtime.block_on(async {
            match tokio::time::timeout(limit, MySqlConnection::connect_with(&options)).await {
                Ok(connected) => connected.map_err(Failure::Sql),
                Err(_) => Err(Failure::Silent(limit)),
            }
        })
    }

    fn is_mariadb(&self) -> bool {
        self.version.contains("MariaDB")
    }

    fn read_schema(&mut self) -> Result<Schema, Failure> {
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        // No dump has them; an administrator may have put one in the place of a table, to hide a column.
        let mut views: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let text = "SELECT c.TABLE_NAME, c.COLUMN_NAME, t.TABLE_TYPE = 'VIEW' FROM information_schema.COLUMNS c \
                    JOIN information_schema.TABLES t ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME \
                    WHERE c.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE NOT IN ('SYSTEM VIEW', 'SEQUENCE') \
                    ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION";
        self.select(text, 3, &mut |cells| {
            if let [Some(table), Some(column), is_view] = cells {
                let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
                let kind = if *is_view == Some(b"1") { &mut views } else { &mut tables };
                kind.entry(text(table)).or_default().push(text(column));
            }
        })?;
        let mut triggers = Vec::new();
        // Only who has the privilege TRIGGER sees any.
        let text = "SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT FROM information_schema.TRIGGERS \
                    WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_SCHEMA = DATABASE()";
        let asked = self.select(text, 3, &mut |cells| {
            if let [Some(name), Some(table), Some(statement)] = cells {
                let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
                triggers.push(Trigger { name: text(name), table: text(table), statement: text(statement) });
            }
        });
        // Who may not ask for triggers sees none; a connection that is gone is told by what comes next.
        if asked.is_err() {
            triggers.clear();
        }
        let schema = Schema::new(tables).with_views(views).with_triggers(triggers);
        Ok(schema.in_database(identifier(&self.address.database)))
    }

    fn execute(&mut self, text: &str) -> Result<(), Failure> {
        self.select(text, 0, &mut |_| {})
    }

    fn one(&mut self, text: &str) -> Result<String, Failure> {
        let mut answer = String::new();
        self.select(text, 1, &mut |cells| {
            answer = cells[0].map(|it| String::from_utf8_lossy(it).into_owned()).unwrap_or_default();
        })?;
        Ok(answer)
    }

    /// Runs one statement and hands out its rows, `width` cells each. Every wait
    /// has a limit, and Ctrl-C takes the statement back.
    fn select(&mut self, text: &str, width: usize, on_row: &mut OnCells<'_>) -> Result<(), Failure> {
        let limit = self.address.limits.statement;
        let Some(connection) = &mut self.connection else { return Err(Failure::Gone) };
        let outcome = self.runtime.block_on(async {
            let mut rows = sqlx::raw_sql(AssertSqlSafe(text.to_owned())).fetch(connection);
            loop {
                let next = tokio::select! {
                    next = tokio::time::timeout(limit, rows.next()) => next.map_err(|_| Failure::Silent(limit))?,
                    () = asked_to_end() => return Err(Failure::Interrupted),
                };
                match next {
                    None => return Ok(()),
                    Some(row) => on_row(&cells(&row.map_err(Failure::Sql)?, width)?),
                }
            }
        });
        match &outcome {
            Err(Failure::Interrupted | Failure::Silent(_)) => {
                self.kill_query();
                self.connection = None;
            }
            // After anything but an answer of the server the stream is of no use.
            Err(Failure::Sql(error)) if error.as_database_error().is_none() => self.connection = None,
            _ => {}
        }
        outcome
    }

    /// Takes the running statement back: a closed connection alone would leave
    /// the server at work on it.
    fn kill_query(&self) {
        let Ok(other) = self.connect_with(self.address.tls) else { return };
        let text = format!("KILL QUERY {}", self.connection_id);
        let killing = async move {
            let mut other = other;
            sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut other).await
        };
        let limit = Duration::from_secs(2);
        let _ = self.runtime.block_on(async { tokio::time::timeout(limit, killing).await });
    }

    fn read_one(&mut self, read: &Read, on_row: &mut dyn FnMut(&Row<'_>)) -> Result<(), ReadError> {
        let table = format!("{}{}", self.prefix, read.name());
        self.look_for_hidden(read, &table);
        if let Some(lack) = self.schema.lacks(read, &self.prefix) {
            return Err(self.lack_or_denial(lack, &table));
        }
        let known = self.schema.columns(&table).unwrap_or_default();
        // The column of the condition is read as well: the server's idea of
        // equal is wider than ours.
        let condition = read.condition();
        let mut columns: Vec<&str> = read.column_names().collect();
        let width = columns.len();
        columns.extend(condition.map(|(column, _)| column));
        let present: Vec<bool> = columns.iter().map(|it| known.iter().any(|k| k.eq_ignore_ascii_case(it))).collect();
        let mut text = "SELECT ".to_owned();
        for (at, column) in columns.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let cell = if present[at] { identifier(column) } else { "NULL".to_owned() };
            write!(text, "{comma}{cell}").expect("a String takes everything");
        }
        write!(text, " FROM {}", identifier(&table)).expect("a String takes everything");
        if let Some((column, condition)) = condition {
            write!(text, " WHERE {}", where_clause(column, condition)).expect("a String takes everything");
        }
        let outcome = self.select(&text, columns.len(), &mut |cells| {
            if condition.is_none_or(|(_, it)| it.is_met_by(cells[width])) {
                on_row(&Row::new(read, &cells[..width]));
            }
        });
        outcome.map_err(|failure| self.failed(&table, &failure))
    }

    /// Columns that this user may not read are not listed, just as those that are not there, and MariaDB refuses either
    /// with the same error. Within another query a column that is not there is looked for outside, and found.
    fn look_for_hidden(&mut self, read: &Read, table: &str) {
        let Some(known) = self.schema.columns(table) else { return };
        let absent: Vec<&str> =
            read.touched_columns().filter(|it| !known.iter().any(|k| k.eq_ignore_ascii_case(it))).collect();
        for column in absent {
            if !self.probed.insert((table.to_owned(), column.to_owned())) {
                continue;
            }
            let column_name = identifier(column);
            let inner = format!("SELECT {column_name} FROM {} LIMIT 0", identifier(table));
            let probe = format!("SELECT ({inner}) FROM (SELECT 1 AS {column_name}) outside");
            if self.execute(&probe).is_err_and(|it| it.number() == Some(1143)) {
                self.schema.hide(table, column);
            }
        }
    }

    /// A table that this user may not see looks like one that is not there, but
    /// for the number of the server's error.
    fn lack_or_denial(&mut self, lack: ReadError, table: &str) -> ReadError {
        let probe = format!("SELECT 1 FROM {} LIMIT 0", identifier(table));
        match self.execute(&probe) {
            Ok(()) if matches!(lack, ReadError::NoTable { .. }) => {
                ReadError::Failed { table: table.to_owned(), cause: self.grant(table) }
            }
            // The answer for a table that is not granted is the same whether or not it is there.
            Err(failure) if failure.number() == Some(1142) && matches!(lack, ReadError::NoTable { .. }) => {
                ReadError::Denied { table: table.to_owned(), grant: self.grant(table) }
            }
            Err(failure) if failure.number() != Some(1146) => self.failed(table, &failure),
            _ => lack,
        }
    }

    fn grant(&self, table: &str) -> String {
        format!(
            "the user {} may not read it: GRANT SELECT ON {}.{} TO that user",
            crate::text::visible(&self.address.user),
            identifier(&self.address.database),
            identifier(table)
        )
    }

    fn failed(&self, table: &str, failure: &Failure) -> ReadError {
        let cause = match failure.number() {
            Some(1142 | 1143) => self.grant(table),
            Some(1969 | 3024) => {
                "the server ended the statement at its time limit: raise `statement_timeout` under [limits]".to_owned()
            }
            _ => failure.to_string(),
        };
        ReadError::Failed { table: table.to_owned(), cause }
    }

    fn tally_one(&mut self, tally: &Tally) -> Result<Tallied, ReadError> {
        let table = format!("{}{}", self.prefix, tally.table);
        let Some(columns) = self.schema.columns(&table) else {
            return Err(self.lack_or_denial(ReadError::NoTable { table: table.clone() }, &table));
        };
        let greatest = match &tally.greatest {
            None => "NULL".to_owned(),
            Some(column) if columns.contains(column) => format!("MAX({})", identifier(column)),
            Some(column) => return Err(ReadError::NoColumn { table, columns: vec![column.clone()] }),
        };
        if let Some(column) = tally.filled.iter().find(|it| !columns.contains(it)) {
            return Err(ReadError::NoColumn { table, columns: vec![column.clone()] });
        }
        let mut text = format!("SELECT COUNT(*), {greatest}");
        for column in &tally.filled {
            let column = identifier(column);
            write!(
                text,
                ", MAX(CAST({column} AS CHAR) REGEXP '[^0.: -]') AND NOT (COUNT(*) > 1 AND COUNT({column}) = COUNT(*) \
                 AND MIN(CAST({column} AS BINARY)) <=> MAX(CAST({column} AS BINARY)))"
            )
            .expect("a String takes everything");
        }
        write!(text, " FROM {}", identifier(&table)).expect("a String takes everything");
        let mut tallied = Tallied::default();
        let outcome = self.select(&text, 2 + tally.filled.len(), &mut |cells| {
            let count = cells[0].and_then(|it| std::str::from_utf8(it).ok()?.parse().ok());
            let filled = tally.filled.iter().zip(&cells[2..]).filter(|(_, cell)| **cell == Some(b"1"));
            tallied = Tallied {
                rows: count.unwrap_or(0),
                greatest: cells[1].map(<[u8]>::to_vec),
                filled: filled.map(|(column, _)| column.clone()).collect(),
            };
        });
        outcome.map_err(|failure| self.failed(&table, &failure))?;
        Ok(tallied)
    }
}

impl Tables for Server {
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
        reads.iter().enumerate().map(|(at, read)| self.read_one(read, &mut |row| on_row(at, row))).collect()
    }

    fn tally(&mut self, tallies: &[Tally]) -> Vec<Result<Tallied, ReadError>> {
        tallies.iter().map(|tally| self.tally_one(tally)).collect()
    }

    fn description(&self) -> String {
        if self.is_mariadb() {
            // `5.5.5-10.11.6-MariaDB-0+deb12u1`: what stands before is for old replicas.
            let version = self.version.trim_start_matches("5.5.5-");
            format!("MariaDB {}", version.split("-MariaDB").next().unwrap_or(version))
        } else {
            format!("MySQL {}", self.version)
        }
    }

    fn trouble(&self) -> Option<String> {
        None
    }

    fn hides_tables(&self) -> Option<String> {
        let database = identifier(&self.address.database);
        let user = crate::text::visible(&self.address.user);
        (!self.sees_all).then(|| {
            format!(
                "the user {user} may read single tables: others may be there, and are not counted (GRANT SELECT ON {database}.* \
                 TO that user)"
            )
        })
    }

    fn clock(&mut self) -> Clock {
        let zone = self.one("SELECT IF(@@global.time_zone = 'SYSTEM', @@system_time_zone, @@global.time_zone)");
        Clock { of_server: zone.ok().filter(|it| !it.is_empty()), is_local: false }
    }
}

/// Takes the cells of a row.
type OnCells<'a> = dyn FnMut(&[Option<&[u8]>]) + 'a;

/// Resolves when Ctrl-C was pressed.
async fn asked_to_end() {
    while !interrupt::is_asked() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn cells(row: &MySqlRow, width: usize) -> Result<Vec<Option<&[u8]>>, Failure> {
    (0..width)
        .map(|at| {
            let value = row.try_get_raw(at).map_err(Failure::Sql)?;
            if value.is_null() {
                return Ok(None);
            }
            <&[u8] as Decode<MySql>>::decode(value).map(Some).map_err(|error| Failure::Sql(sqlx::Error::Decode(error)))
        })
        .collect()
}

/// A name between back-quotes.
fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A condition in SQL that is met wherever ours is.
fn where_clause(column: &str, condition: Condition) -> String {
    let column = identifier(column);
    match condition {
        Condition::In(values) => {
            let list: Vec<String> = values.iter().map(|it| literal(it)).collect();
            format!("{column} IN ({})", list.join(", "))
        }
        Condition::NotNull => format!("{column} IS NOT NULL"),
        Condition::NotEmpty => format!("LENGTH({column}) > 0"),
        Condition::Greater(key) => format!("{column} > {key}"),
        // Of no ids at all nothing is one.
        Condition::OneOf(ids) => {
            let list: Vec<String> = ids.iter().map(|it| it.to_string()).collect();
            if list.is_empty() { "FALSE".to_owned() } else { format!("{column} IN ({})", list.join(", ")) }
        }
    }
}

/// A text in hexadecimal digits, which no `sql_mode` reads in two ways.
fn literal(text: &str) -> String {
    let mut digits = "_utf8 0x".to_owned();
    for byte in text.bytes() {
        write!(digits, "{byte:02x}").expect("a String takes everything");
    }
    digits
}
