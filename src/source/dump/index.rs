//! The dictionary of a dump: which tables there are, and where their rows stand.

use std::collections::BTreeMap;
use std::io::{self, Read};

use super::charset::{Charset, Session};
use super::lexer::{Lexer, Sink};
use super::remarks::{EndMark, Remarks};
use super::rows;
use super::schema::{self, Column, Definition};
use super::table::{Extent, Table};
use crate::source::interrupt;
use crate::source::tables::Trigger;

/// What one reading of a dump tells.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Tables by the database's name, which is empty where the dump does not tell it.
    pub(super) databases: BTreeMap<String, BTreeMap<String, Table>>,
    /// Where the text ends, if it ends too early.
    pub(super) cut: Option<Cut>,
    /// The program and server that the dump's own comments name.
    pub(super) writer: Option<String>,
    /// Triggers, with the name of the database.
    pub(super) triggers: Vec<(String, Trigger)>,
    /// By database: the last table, as long as all came in the order of their names.
    pub(super) in_order: BTreeMap<String, Option<String>>,
    /// Whether the session is set to UTC, in which `TIMESTAMP`s are written then.
    pub(super) is_in_utc: bool,
    /// Tables of which more may lie behind the cut, with the name of the database.
    pub(super) unfinished: Vec<(String, String)>,
}

/// Where a text ends too early.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// Which of the dump's files.
    pub(super) part: usize,
    /// Where it ends, in bytes of its unpacked text.
    pub(super) at: u64,
    /// The mark that is missing there.
    pub(super) end_mark: Option<EndMark>,
}

/// What is in force while the text is read.
struct Reading<R> {
    lexer: Lexer<R>,
    index: Index,
    database: String,
    session: Session,
    delimiter: Vec<u8>,
    /// The table that the last INSERT filled, if no other database was chosen since.
    filled: Option<(String, String)>,
    /// The table that was spoken of last, and whether its rows are known to be over.
    last: Option<(String, String)>,
    is_last_closed: bool,
    /// Whether LOCK TABLES was seen for it.
    is_locked: bool,
}

/// The head of a CREATE.
struct Created {
    database: Option<String>,
    name: String,
    /// Whether a thing of that name stays if there is one (`IF NOT EXISTS`).
    keeps_old: bool,
}

/// Words by which statements begin that may stand in a dump.
const STATEMENTS: [&str; 39] = [
    "ALTER",
    "ANALYZE",
    "BEGIN",
    "CALL",
    "CHANGE",
    "COMMIT",
    "CREATE",
    "DEALLOCATE",
    "DELETE",
    "DELIMITER",
    "DO",
    "DROP",
    "END",
    "EXECUTE",
    "FLUSH",
    "GRANT",
    "INSERT",
    "INSTALL",
    "KILL",
    "LOAD",
    "LOCK",
    "OPTIMIZE",
    "PREPARE",
    "PURGE",
    "RENAME",
    "REPAIR",
    "REPLACE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "START",
    "STOP",
    "TRUNCATE",
    "UNLOCK",
    "UPDATE",
    "USE",
];

/// The most of a `CREATE TABLE` that is read: a thousand columns with a comment each need less.
const DEFINITION_KEPT: usize = 16 << 20;
/// The most that is kept of what a trigger does.
const TRIGGER_KEPT: usize = 64 << 10;
/// The most that is kept of an `ALTER TABLE`.
const CHANGE_KEPT: usize = 64 << 10;
/// The most that is kept of a `SET`.
const SETTING_KEPT: usize = 4 << 10;

impl Index {
    /// Reads a file of a dump, whose statements are about this database unless it says another one.
    pub(super) fn read(lexer: Lexer<impl Read>, database: &str) -> io::Result<Self> {
        let mut reading = Reading {
            lexer,
            index: Self::default(),
            database: database.to_owned(),
            session: Session::default(),
            delimiter: b";".to_vec(),
            filled: None,
            last: None,
            is_last_closed: true,
            is_locked: false,
        };
        let is_whole = match reading.statements() {
            Ok(is_whole) => is_whole,
            // A packed file that is cut ends like this, whatever it holds.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => false,
            Err(error) => return Err(error),
        };
        let Reading { lexer, mut index, last, is_last_closed, delimiter, .. } = reading;
        let Remarks { writer, awaited, .. } = lexer.remarks;
        index.writer = writer;
        if !is_whole || awaited.is_some() || delimiter != b";" {
            index.cut = Some(Cut { part: 0, at: lexer.window.offset(), end_mark: awaited });
            index.unfinished.extend(last.filter(|_| !is_last_closed));
        }
        Ok(index)
    }

    /// Whether it holds any rows.
    pub(super) fn has_rows(&self) -> bool {
        self.databases.values().flat_map(BTreeMap::values).any(|it| !it.extents.is_empty())
    }

    /// Dump programs go through tables in the order of their names, unless they are told otherwise.
    fn note_order(&mut self, database: &str, name: &str) {
        let last = self.in_order.entry(database.to_owned()).or_insert_with(|| Some(String::new()));
        let is_next = last.as_deref().is_some_and(|last| last < name);
        *last = is_next.then(|| name.to_owned());
    }

    /// Whether a table that is not there would stand before the last one that is: it is none of this database then, even
    /// if the text ends too early.
    pub(super) fn is_passed(&self, database: &str, name: &str) -> bool {
        self.in_order.get(database).is_some_and(|last| last.as_deref().is_some_and(|last| name < last))
    }

    fn table(&mut self, database: &str, name: &str) -> &mut Table {
        self.databases.entry(database.to_owned()).or_default().entry(name.to_owned()).or_default()
    }
}

impl<R: Read> Reading<R> {
    /// Reads statements to the end. False if the text ends inside one.
    fn statements(&mut self) -> io::Result<bool> {
        // A byte order mark, as editors on Windows write it.
        if self.lexer.window.ahead(3)?.starts_with(b"\xEF\xBB\xBF") {
            self.lexer.window.consume(3);
        }
        loop {
            interrupt::check()?;
            let is_end = self.lexer.at_end()?;
            if self.database.is_empty()
                && let Some(name) = &self.lexer.remarks.database
            {
                self.database.clone_from(name);
            }
            if is_end {
                return Ok(true);
            }
            let is_whole = if self.is_message()? {
                self.filled = None;
                self.lexer.rest_of_line()?;
                true
            } else {
                self.statement()?
            };
            if !is_whole {
                return Ok(false);
            }
        }
    }

    /// Whether a line stands here that is no SQL: programs and shells greet, warn and say goodbye into the file.
    fn is_message(&mut self) -> io::Result<bool> {
        if self.delimiter != b";" {
            return Ok(false);
        }
        let ahead = self.lexer.window.ahead(16)?;
        let letters = ahead.iter().take_while(|it| it.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&ahead[..letters]).to_ascii_uppercase();
        let is_cut = letters == ahead.len();
        Ok(match ahead.first() {
            None | Some(b';' | b'(') => false,
            _ if word.is_empty() => true,
            // Where the text ends within a word, it may be one of these.
            _ => !STATEMENTS.iter().any(|it| if is_cut { it.starts_with(&word) } else { *it == word }),
        })
    }

    fn statement(&mut self) -> io::Result<bool> {
        let start = self.lexer.window.offset();
        let word = self.lexer.word()?;
        if word == "DELIMITER" {
            let line = self.lexer.rest_of_line()?;
            self.delimiter = line.trim_ascii().to_vec();
            if self.delimiter.is_empty() {
                self.delimiter = b";".to_vec();
            }
            return Ok(true);
        }
        if self.delimiter != b";" {
            return if word == "CREATE" { self.create() } else { self.skip_statement() };
        }
        match word.as_str() {
            "INSERT" | "REPLACE" => self.insert(start),
            "CREATE" => self.create(),
            "SET" => self.set(),
            "USE" => {
                self.filled = None;
                if let Some(name) = self.lexer.name()? {
                    self.database = String::from_utf8_lossy(&name).into_owned();
                }
                self.skip_statement()
            }
            "ALTER" => self.alter(),
            "DROP" => self.empty(true),
            "TRUNCATE" => self.empty(false),
            "LOCK" => self.lock(),
            "UNLOCK" => {
                if let Some((database, table)) = self.last.clone().filter(|_| self.is_locked) {
                    let tables = self.index.databases.get_mut(&database);
                    if let Some(table) = tables.and_then(|it| it.get_mut(&table)) {
                        table.is_section_over = true;
                    }
                }
                self.is_locked = false;
                self.is_last_closed = true;
                self.skip_statement()
            }
            _ => self.skip_statement(),
        }
    }

    fn skip_statement(&mut self) -> io::Result<bool> {
        self.lexer.rest_of_statement(&self.delimiter, &mut Sink::Skip)
    }

    /// `LOCK TABLES t WRITE`: the rows of a table follow, if it has any.
    fn lock(&mut self) -> io::Result<bool> {
        self.lexer.word()?;
        let name = self.qualified_name()?;
        let is_whole = self.skip_statement()?;
        if let Some((database, table)) = name.filter(|_| is_whole) {
            let database = database.unwrap_or_else(|| self.database.clone());
            let is_known = self.index.databases.get(&database).is_some_and(|it| it.contains_key(&table));
            if is_known {
                self.speak_of(&database, &table);
                self.index.table(&database, &table).is_section_over = false;
                self.is_locked = true;
            }
        }
        Ok(is_whole)
    }

    fn insert(&mut self, start: u64) -> io::Result<bool> {
        let Some(head) = rows::insert_head(&mut self.lexer)? else { return self.skip_statement() };
        // Where the text ends right here, the table's name may be cut as well.
        if self.lexer.window.peek()?.is_none() {
            return Ok(false);
        }
        let database = head.database.unwrap_or_else(|| self.database.clone());
        self.speak_of(&database, &head.table);
        if !head.has_values {
            self.index.table(&database, &head.table).unusable =
                Some("the dump fills it by INSERT … SELECT or INSERT … SET".to_owned());
            return self.skip_statement();
        }
        let mut count = 0;
        let is_whole = loop {
            if !self.lexer.accept(b'(')? {
                break self.skip_statement()?;
            }
            if self.lexer.rest_of_parentheses()?.is_none() {
                break false;
            }
            count += 1;
            if self.lexer.accept(b',')? {
                continue;
            }
            break if self.lexer.window.peek()? == Some(b';') {
                self.lexer.window.consume(1);
                true
            } else {
                // ON DUPLICATE KEY UPDATE, or the end of the file.
                self.skip_statement()?
            };
        };
        let is_next = self.filled.as_ref().is_some_and(|(d, t)| *d == database && *t == head.table);
        self.filled = Some((database.clone(), head.table.clone()));
        let (end, charset, backslash) = (self.lexer.window.offset(), self.session.charset, self.lexer.backslash);
        let table = self.index.table(&database, &head.table);
        table.rows += count;
        if table.columns.is_empty() {
            table.columns = head
                .columns
                .unwrap_or_default()
                .into_iter()
                .map(|name| Column { name, charset: Some(Charset::Utf8), is_nullable: true })
                .collect();
        }
        match table.extents.last_mut() {
            // Nothing but settings and comments lies between: one extent serves for both.
            Some(last) if is_next && last.charset == charset && last.backslash == backslash => last.end = end,
            _ => table.extents.push(Extent { part: 0, start, end, charset, backslash }),
        }
        Ok(is_whole)
    }

    /// What is made: tables and triggers are noted, all else is passed.
    fn create(&mut self) -> io::Result<bool> {
        loop {
            match self.lexer.word()?.as_str() {
                "OR" | "REPLACE" | "TEMPORARY" => {}
                "DEFINER" => self.pass_definer()?,
                "TABLE" if self.delimiter == b";" => return self.create_table(),
                "TRIGGER" => return self.create_trigger(),
                _ => return self.skip_statement(),
            }
        }
    }

    /// `= user@host`, each of them quoted or not, or `= CURRENT_USER()`. A user may have any name, `on` or
    /// `TRIGGER` included.
    fn pass_definer(&mut self) -> io::Result<()> {
        if !self.lexer.accept(b'=')? {
            return Ok(());
        }
        self.lexer.pass_account_part()?;
        if self.lexer.accept(b'@')? {
            self.lexer.pass_account_part()?;
        }
        if self.lexer.accept(b'(')? {
            self.lexer.accept(b')')?;
        }
        Ok(())
    }

    fn create_table(&mut self) -> io::Result<bool> {
        let Some(created) = self.created()? else { return self.skip_statement() };
        let mut definition = Vec::new();
        if !self.lexer.rest_of_statement(b";", &mut Sink::KeepUpTo(DEFINITION_KEPT + 1, &mut definition))? {
            return Ok(false);
        }
        let Created { database, name, keeps_old } = created;
        let database = database.unwrap_or_else(|| self.database.clone());
        self.speak_of(&database, &name);
        let Definition { columns, next_key } = schema::definition(&definition)?;
        let unusable = (definition.len() > DEFINITION_KEPT)
            .then(|| format!("its CREATE TABLE has more than {}", crate::text::bytes(DEFINITION_KEPT as u64)));
        self.index.note_order(&database, &name);
        let table = self.index.table(&database, &name);
        if !keeps_old || table.columns.is_empty() {
            // A table that is made anew has none of the rows that were put into the old one.
            *table = Table { columns, next_key, unusable, is_made: true, ..Table::default() };
            table.refer(schema::foreign_keys(&definition)?);
        }
        Ok(true)
    }

    /// `CREATE TRIGGER name AFTER INSERT ON table FOR EACH ROW …`; TRIGGER is behind. What has its words in
    /// another order is passed.
    fn create_trigger(&mut self) -> io::Result<bool> {
        let head = self.trigger_head()?;
        let mut statement = Vec::new();
        let mut sink = if head.is_some() { Sink::KeepUpTo(TRIGGER_KEPT, &mut statement) } else { Sink::Skip };
        let is_whole = self.lexer.rest_of_statement(&self.delimiter, &mut sink)?;
        if let Some((name, table)) = head {
            let statement = String::from_utf8_lossy(&statement).trim().to_owned();
            self.index.triggers.push((self.database.clone(), Trigger { name, table, statement }));
        }
        Ok(is_whole)
    }

    /// Name and table of a trigger; what it does is ahead.
    fn trigger_head(&mut self) -> io::Result<Option<(String, String)>> {
        let Some(Created { name, .. }) = self.created()? else { return Ok(None) };
        for words in [&["BEFORE", "AFTER"][..], &["INSERT", "UPDATE", "DELETE"], &["ON"]] {
            if !words.contains(&self.lexer.word()?.as_str()) {
                return Ok(None);
            }
        }
        let Some((_, table)) = self.qualified_name()? else { return Ok(None) };
        for word in ["FOR", "EACH", "ROW"] {
            if self.lexer.word()? != word {
                return Ok(None);
            }
        }
        Ok(Some((name, table)))
    }

    /// The name of what is made, after `IF NOT EXISTS`, if that stands there.
    fn created(&mut self) -> io::Result<Option<Created>> {
        self.lexer.skip_blank()?;
        let is_quoted = matches!(self.lexer.window.peek()?, Some(b'`' | b'"'));
        let Some((mut database, mut name)) = self.qualified_name()? else { return Ok(None) };
        let keeps_old = !is_quoted && database.is_none() && name.eq_ignore_ascii_case("IF");
        if keeps_old {
            self.lexer.word()?;
            self.lexer.word()?;
            let Some(found) = self.qualified_name()? else { return Ok(None) };
            (database, name) = found;
        }
        Ok(Some(Created { database, name, keeps_old }))
    }

    fn qualified_name(&mut self) -> io::Result<Option<(Option<String>, String)>> {
        rows::qualified_name(&mut self.lexer)
    }

    /// Settings that change what the following text means.
    fn set(&mut self) -> io::Result<bool> {
        let mut setting = Vec::new();
        let is_whole = self.lexer.rest_of_statement(b";", &mut Sink::KeepUpTo(SETTING_KEPT, &mut setting))?;
        let setting = String::from_utf8_lossy(&setting).to_ascii_lowercase();
        self.session.set(&setting);
        if setting.contains("character_set_client") {
            self.lexer.remarks.charset_is_set(&setting);
        }
        let mut words = setting.split(|it: char| !it.is_ascii_alphanumeric() && it != '_').filter(|it| !it.is_empty());
        match words.next() {
            Some("time_zone") if setting.contains("+00:00") => self.index.is_in_utc = true,
            // `SET SQL_MODE=@OLD_SQL_MODE` gives back what was before the dump.
            _ if setting.contains("sql_mode") => self.lexer.backslash = !setting.contains("no_backslash_escapes"),
            _ => {}
        }
        Ok(is_whole)
    }

    /// `ALTER TABLE t MODIFY id … AUTO_INCREMENT=9`, `ADD CONSTRAINT … FOREIGN KEY …`: phpMyAdmin tells of keys at the
    /// end.
    fn alter(&mut self) -> io::Result<bool> {
        if self.lexer.word()? != "TABLE" {
            return self.skip_statement();
        }
        let Some((database, name)) = self.qualified_name()? else { return self.skip_statement() };
        let mut change = Vec::new();
        let is_whole = self.lexer.rest_of_statement(b";", &mut Sink::KeepUpTo(CHANGE_KEPT, &mut change))?;
        let database = database.unwrap_or_else(|| self.database.clone());
        let tables = self.index.databases.get_mut(&database);
        if let Some(table) = tables.and_then(|it| it.get_mut(&name)) {
            table.next_key = schema::next_key_of_change(&change)?.or(table.next_key);
            table.refer(schema::foreign_keys(&change)?);
        }
        Ok(is_whole)
    }

    /// A statement is about this table: where the file ends before anything closes
    /// it, more may be missing.
    fn speak_of(&mut self, database: &str, table: &str) {
        self.last = Some((database.to_owned(), table.to_owned()));
        self.is_last_closed = false;
    }

    /// `DROP TABLE` and `TRUNCATE TABLE`: what was put into the tables before is gone.
    fn empty(&mut self, is_drop: bool) -> io::Result<bool> {
        let word = self.lexer.word()?;
        if word != "TABLE" {
            return self.skip_statement();
        }
        self.filled = None;
        while let Some((database, mut name)) = self.qualified_name()? {
            if database.is_none() && name.eq_ignore_ascii_case("IF") {
                // IF EXISTS
                self.lexer.word()?;
                let Some((_, found)) = self.qualified_name()? else { break };
                name = found;
            }
            let database = database.unwrap_or_else(|| self.database.clone());
            if let Some(tables) = self.index.databases.get_mut(&database) {
                match tables.get_mut(&name) {
                    Some(_) if is_drop => drop(tables.remove(&name)),
                    Some(table) => {
                        let columns = std::mem::take(&mut table.columns);
                        *table = Table { columns, is_made: table.is_made, ..Table::default() };
                    }
                    None => {}
                }
            }
            if !self.lexer.accept(b',')? {
                break;
            }
        }
        self.skip_statement()
    }
}
