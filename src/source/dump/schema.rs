//! `CREATE TABLE`, as far as reading rows needs it: columns, in order, and what text they hold.

use std::io;

use super::charset::Charset;
use super::lexer::{Lexer, Sink};
use super::rows;

/// A column of a table in the dump.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The character set of its texts; `None` if it holds bytes or numbers.
    pub(super) charset: Option<Charset>,
    /// Whether it may be NULL.
    pub(super) is_nullable: bool,
}

/// Words that begin a part of the definition which is no column.
const NOT_A_COLUMN: &[&str] =
    &["PRIMARY", "KEY", "INDEX", "UNIQUE", "CONSTRAINT", "FULLTEXT", "SPATIAL", "FOREIGN", "CHECK", "PERIOD"];

/// Whether a part of the definition that begins with this unquoted name and word is a column: `period date`, and not
/// `PERIOD FOR SYSTEM_TIME`.
fn is_column(name: &str, next: &str) -> bool {
    match name.to_ascii_uppercase().as_str() {
        "PERIOD" => next != "FOR",
        "KEY" => holds_text(next) || NUMBERS.contains(&next),
        it => !NOT_A_COLUMN.contains(&it),
    }
}

/// Words of types that hold no text.
const NUMBERS: [&str; 16] = [
    "BIGINT",
    "BINARY",
    "BLOB",
    "DATE",
    "DATETIME",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INT",
    "INTEGER",
    "MEDIUMINT",
    "SMALLINT",
    "TIMESTAMP",
    "TINYINT",
    "VARBINARY",
    "YEAR",
];

/// What a `CREATE TABLE` declares.
#[derive(Debug, Default)]
pub(super) struct Definition {
    /// Its columns, in order.
    pub(super) columns: Vec<Column>,
    /// The key that the next row would get (`AUTO_INCREMENT=…`).
    pub(super) next_key: Option<u64>,
}

/// Reads a definition, from the parenthesis after the table's name on.
pub(super) fn definition(text: &[u8]) -> io::Result<Definition> {
    let mut lexer = Lexer::new(text, 0);
    let mut columns = Vec::new();
    let mut declared = Vec::new();
    if !lexer.accept(b'(')? {
        return Ok(Definition::default());
    }
    loop {
        lexer.skip_blank()?;
        let is_quoted = matches!(lexer.window.peek()?, Some(b'`' | b'"'));
        let Some(name) = lexer.name()? else { break };
        let name = String::from_utf8_lossy(&name).into_owned();
        let (words, is_last) = rest_of_item(&mut lexer)?;
        if is_quoted || is_column(&name, words.first().map_or("", String::as_str)) {
            declared.push((name, words));
        }
        if is_last {
            break;
        }
    }
    let mut options = Vec::new();
    while !lexer.at_end()? {
        push_word(&mut lexer, &mut options)?;
    }
    let of_table = charset_in(&options);
    for (name, words) in declared {
        let charset = holds_text(words.first().map_or("", String::as_str))
            .then(|| charset_in(&words).or(of_table).unwrap_or(Charset::Utf8));
        let is_nullable = !words.windows(2).any(|it| it == ["NOT", "NULL"]);
        columns.push(Column { name, charset, is_nullable });
    }
    let next_key = after(&options, "AUTO_INCREMENT").and_then(|it| it.parse().ok());
    Ok(Definition { columns, next_key })
}

/// Foreign keys that a definition or a change of a table declares: the first column of each, and the table to which it
/// refers.
pub(super) fn foreign_keys(text: &[u8]) -> io::Result<Vec<(String, String)>> {
    let mut lexer = Lexer::new(text, 0);
    let mut found = Vec::new();
    // What is declared stands within the parenthesis of a definition.
    lexer.accept(b'(')?;
    while !lexer.at_end()? {
        let mut words = Vec::new();
        push_word(&mut lexer, &mut words)?;
        if words.first().is_some_and(|it| it == "FOREIGN") && lexer.word()? == "KEY" {
            found.extend(foreign_key(&mut lexer)?);
        }
    }
    Ok(found)
}

/// What follows FOREIGN KEY.
fn foreign_key(lexer: &mut Lexer<&[u8]>) -> io::Result<Option<(String, String)>> {
    let text = |name: Vec<u8>| String::from_utf8_lossy(&name).into_owned();
    if !lexer.accept(b'(')? {
        // The name of its index.
        lexer.name()?;
        lexer.accept(b'(')?;
    }
    let Some(column) = lexer.name()? else { return Ok(None) };
    lexer.rest_of_parentheses()?;
    if lexer.word()? != "REFERENCES" {
        return Ok(None);
    }
    let table = rows::qualified_name(lexer)?;
    Ok(table.map(|(_, table)| (text(column), table)))
}

/// The key that the next row would get, if a change of a table (what follows its name in `ALTER TABLE`) tells it.
pub(super) fn next_key_of_change(text: &[u8]) -> io::Result<Option<u64>> {
    let mut lexer = Lexer::new(text, 0);
    let mut words = Vec::new();
    while !lexer.at_end()? {
        push_word(&mut lexer, &mut words)?;
    }
    let key = |pair: &[String]| if pair[0] == "AUTO_INCREMENT" { pair[1].parse().ok() } else { None };
    Ok(words.windows(2).find_map(key))
}

/// The word after another one.
fn after<'a>(words: &'a [String], mark: &str) -> Option<&'a String> {
    words.iter().position(|it| it == mark).and_then(|at| words.get(at + 1))
}

/// The words up to the comma or the parenthesis that ends a column's definition.
fn rest_of_item(lexer: &mut Lexer<&[u8]>) -> io::Result<(Vec<String>, bool)> {
    let mut words = Vec::new();
    loop {
        lexer.skip_blank()?;
        match lexer.window.peek()? {
            None => return Ok((words, true)),
            Some(b')') => {
                lexer.window.consume(1);
                return Ok((words, true));
            }
            Some(b',') => {
                lexer.window.consume(1);
                return Ok((words, false));
            }
            Some(_) => push_word(lexer, &mut words)?,
        }
    }
}

/// Passes one word, string, group in parentheses or other byte; words are kept.
fn push_word(lexer: &mut Lexer<&[u8]>, words: &mut Vec<String>) -> io::Result<()> {
    match lexer.window.peek()? {
        Some(quote @ (b'\'' | b'"' | b'`')) => {
            lexer.window.consume(1);
            lexer.quoted(quote, &mut Sink::Skip)?;
        }
        Some(b'(') => {
            lexer.window.consume(1);
            lexer.rest_of_parentheses()?;
        }
        _ => {
            let word = lexer.word()?;
            if word.is_empty() {
                lexer.window.consume(1);
            } else {
                words.push(word);
            }
        }
    }
    Ok(())
}

/// The character set that `CHARACTER SET x`, `CHARSET=x` or, failing both, `COLLATE x_…` names.
fn charset_in(words: &[String]) -> Option<Charset> {
    let after = |mark: &str| after(words, mark);
    let named = match after("CHARSET") {
        Some(name) => Some(name.as_str()),
        None => match after("CHARACTER") {
            Some(word) if word == "SET" => after("SET").map(String::as_str),
            _ => after("COLLATE").map(|it| it.split('_').next().unwrap_or_default()),
        },
    };
    named.map(Charset::named)
}

fn holds_text(kind: &str) -> bool {
    matches!(
        kind,
        "CHAR"
            | "VARCHAR"
            | "TINYTEXT"
            | "TEXT"
            | "MEDIUMTEXT"
            | "LONGTEXT"
            | "ENUM"
            | "SET"
            | "NCHAR"
            | "NVARCHAR"
            | "JSON"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        definition(text.as_bytes()).unwrap().columns.into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn keys_are_not_columns_but_a_column_may_be_called_key() {
        let definition = "(`id` int(10) unsigned NOT NULL COMMENT 'a, (b) `c`', `key` varchar(32) DEFAULT 'x''y',
            price decimal(12,4), PRIMARY KEY (`id`), UNIQUE KEY `U` (`key`), CONSTRAINT `F` FOREIGN KEY (`id`) REFERENCES `t` (`id`))";
        assert_eq!(names(definition), ["id", "key", "price"]);
    }

    #[test]
    fn an_unquoted_column_may_be_called_period_or_key() {
        let definition = "(id int NOT NULL, period date, key varchar(9), KEY id (id), PERIOD FOR SYSTEM_TIME (a, b))";
        assert_eq!(names(definition), ["id", "period", "key"]);
    }

    #[test]
    fn foreign_keys_name_a_column_and_a_table() {
        let found = |text: &str| foreign_keys(text.as_bytes()).unwrap();
        let of = |column: &str, table: &str| (column.to_owned(), table.to_owned());
        let definition = "(`id` int COMMENT 'FOREIGN KEY (`x`) REFERENCES `y`', KEY `id` (`id`),
            CONSTRAINT `F` FOREIGN KEY (`id`, `b`) REFERENCES `t` (`id`, `b`) ON DELETE CASCADE,
            foreign key name (c) references shop.u (c)) ENGINE=InnoDB";
        assert_eq!(found(definition), [of("id", "t"), of("c", "u")]);
        assert_eq!(found("ADD CONSTRAINT `F` FOREIGN KEY (`id`) REFERENCES `t` (`id`)"), [of("id", "t")]);
    }

    #[test]
    fn the_key_of_the_next_row_is_an_option_of_the_table() {
        let next = |text: &str| definition(text.as_bytes()).unwrap().next_key;
        assert_eq!(next("(`id` int AUTO_INCREMENT) ENGINE=InnoDB AUTO_INCREMENT=5 DEFAULT CHARSET=utf8"), Some(5));
        assert_eq!([next("(`id` int AUTO_INCREMENT) ENGINE=InnoDB"), next("")], [None, None]);
    }

    #[test]
    fn a_column_has_its_own_character_set_or_the_tables() {
        let text = "(`a` varchar(9) CHARACTER SET latin1 COLLATE latin1_swedish_ci, `b` text, `c` blob,
            `d` enum('x') COLLATE cp1251_general_ci) ENGINE=InnoDB DEFAULT CHARSET=latin2 COMMENT='x'";
        let sets: Vec<_> = definition(text.as_bytes()).unwrap().columns.into_iter().map(|it| it.charset).collect();
        assert_eq!(sets, ["latin1", "latin2", "", "cp1251"].map(|it| (!it.is_empty()).then(|| Charset::named(it))));
    }
}
