//! The parts of SQL text that a dump is made of: words, names, quoted strings.
//!
//! Works on bytes, since a dump is not UTF-8 as soon as it holds a binary column,
//! and never needs a whole statement at once.

use std::io::{self, Read};

use memchr::{memchr, memchr2};

use super::remarks::Remarks;
use super::window::Window;

/// Reads SQL text.
pub(super) struct Lexer<R> {
    pub(super) window: Window<R>,
    /// Whether a backslash escapes the next byte of a string (`sql_mode` has no
    /// `NO_BACKSLASH_ESCAPES`).
    pub(super) backslash: bool,
    /// What the comment lines that were passed tell of who wrote the dump.
    pub(super) remarks: Remarks,
    /// Whether the text stands inside an executable comment (`/*!40101 … */`).
    executable: bool,
}

/// How much of a line is kept.
const LINE_KEPT: usize = 200;

/// Where a value's bytes go.
pub(super) enum Sink<'a> {
    Keep(&'a mut Vec<u8>),
    /// Keeps the first bytes, so many at the most: a statement may be as long as the file.
    KeepUpTo(usize, &'a mut Vec<u8>),
    Skip,
}

impl Sink<'_> {
    #[inline]
    pub(super) fn extend(&mut self, bytes: &[u8]) {
        match self {
            Self::Keep(into) => into.extend_from_slice(bytes),
            Self::KeepUpTo(most, into) => {
                into.extend_from_slice(&bytes[..bytes.len().min(most.saturating_sub(into.len()))]);
            }
            Self::Skip => {}
        }
    }

    /// Whether nothing is kept any more.
    fn is_full(&self) -> bool {
        match self {
            Self::Keep(_) => false,
            Self::KeepUpTo(most, into) => into.len() >= *most,
            Self::Skip => true,
        }
    }
}

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x0B | 0x0C)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@') || byte >= 0x80
}

impl<R: Read> Lexer<R> {
    pub(super) fn new(input: R, offset: u64) -> Self {
        Self { window: Window::new(input, offset), backslash: true, remarks: Remarks::default(), executable: false }
    }

    /// Passes white space and comments. The marks of an executable comment are
    /// white space: what it holds is SQL.
    pub(super) fn skip_blank(&mut self) -> io::Result<()> {
        loop {
            let ahead = self.window.ahead(3)?;
            match *ahead {
                [byte, ..] if is_space(byte) => {
                    let blank = ahead.iter().take_while(|&&it| is_space(it)).count();
                    self.window.consume(blank);
                }
                [b'#', ..] | [b'-', b'-'] => self.skip_line()?,
                [b'-', b'-', after, ..] if is_space(after) => self.skip_line()?,
                [b'/', b'*', ..] => {
                    if !self.enter_executable()? {
                        self.skip_comment()?;
                    }
                }
                [b'*', b'/', ..] if self.executable => {
                    self.window.consume(2);
                    self.executable = false;
                }
                _ => return Ok(()),
            }
        }
    }

    /// Goes into `/*!40101 ` or `/*M!100616 `, if that stands here and SQL
    /// follows. MariaDB's sandbox mark (`/*M!999999\- …`) is for its client, not SQL.
    fn enter_executable(&mut self) -> io::Result<bool> {
        let ahead = self.window.ahead(16)?;
        let mark = if ahead.starts_with(b"/*!") {
            3
        } else if ahead.starts_with(b"/*M!") {
            4
        } else {
            return Ok(false);
        };
        let digits = ahead[mark..].iter().take_while(|it| it.is_ascii_digit()).count();
        let is_sql = ahead.get(mark + digits).is_some_and(|&it| it != b'\\');
        if is_sql {
            self.window.consume(mark + digits);
            self.executable = true;
        }
        Ok(is_sql)
    }

    /// Passes a comment line.
    fn skip_line(&mut self) -> io::Result<()> {
        let line = self.rest_of_line()?;
        self.remarks.take(&line);
        Ok(())
    }

    /// The rest of the line, without what ends it; of a long one the beginning.
    pub(super) fn rest_of_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            let here = self.window.available()?;
            if here.is_empty() {
                break;
            }
            let end = memchr(b'\n', here);
            let upto = end.unwrap_or(here.len());
            let kept = upto.min(LINE_KEPT.saturating_sub(line.len()));
            line.extend_from_slice(&here[..kept]);
            self.window.consume(end.map_or(upto, |at| at + 1));
            if end.is_some() {
                break;
            }
        }
        Ok(line)
    }

    fn skip_comment(&mut self) -> io::Result<()> {
        self.window.consume(2);
        loop {
            let here = self.window.available()?;
            if here.is_empty() {
                return Ok(());
            }
            let Some(at) = memchr(b'*', here) else {
                let all = here.len();
                self.window.consume(all);
                continue;
            };
            self.window.consume(at + 1);
            if self.window.peek()? == Some(b'/') {
                self.window.consume(1);
                return Ok(());
            }
        }
    }

    /// The next word or number in capitals, or nothing if something else stands here.
    pub(super) fn word(&mut self) -> io::Result<String> {
        self.skip_blank()?;
        let here = self.window.ahead(64)?;
        let length = here.iter().take(64).take_while(|&&it| is_word(it)).count();
        let word = String::from_utf8_lossy(&here[..length]).to_ascii_uppercase();
        self.window.consume(length);
        Ok(word)
    }

    /// A name: quoted by back-quotes or, in ANSI dumps, double quotes; or bare.
    pub(super) fn name(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.skip_blank()?;
        match self.window.peek()? {
            Some(quote @ (b'`' | b'"')) => {
                let mut name = Vec::new();
                self.window.consume(1);
                Ok(self.quoted(quote, &mut Sink::Keep(&mut name))?.then_some(name))
            }
            Some(byte) if is_word(byte) => {
                let here = self.window.ahead(256)?;
                let length = here.iter().take_while(|&&it| is_word(it)).count();
                let name = here[..length].to_vec();
                self.window.consume(length);
                Ok(Some(name))
            }
            _ => Ok(None),
        }
    }

    /// Passes the user or the host of an account: in quotes, or up to what cannot be a part of either.
    pub(super) fn pass_account_part(&mut self) -> io::Result<()> {
        self.skip_blank()?;
        if let Some(quote @ (b'\'' | b'"' | b'`')) = self.window.peek()? {
            self.window.consume(1);
            self.quoted(quote, &mut Sink::Skip)?;
            return Ok(());
        }
        let is_part = |it: u8| is_word(it) && it != b'@' || matches!(it, b'.' | b'-' | b'%' | b':');
        while self.window.peek()?.is_some_and(is_part) {
            self.window.consume(1);
        }
        Ok(())
    }

    /// Passes `byte`, if it comes next.
    pub(super) fn accept(&mut self, byte: u8) -> io::Result<bool> {
        self.skip_blank()?;
        let found = self.window.peek()? == Some(byte);
        if found {
            self.window.consume(1);
        }
        Ok(found)
    }

    /// Reads a string up to its closing quote; the opening one is behind.
    /// False if the text ends before.
    pub(super) fn quoted(&mut self, quote: u8, sink: &mut Sink<'_>) -> io::Result<bool> {
        if sink.is_full() {
            return self.skip_quoted(quote);
        }
        let escape = if self.backslash && quote != b'`' { b'\\' } else { quote };
        loop {
            let here = self.window.available()?;
            if here.is_empty() {
                return Ok(false);
            }
            let Some(at) = memchr2(quote, escape, here) else {
                let all = here.len();
                sink.extend(here);
                self.window.consume(all);
                continue;
            };
            sink.extend(&here[..at]);
            let found = here[at];
            self.window.consume(at + 1);
            if found == quote {
                if self.window.peek()? != Some(quote) {
                    return Ok(true);
                }
                self.window.consume(1);
                sink.extend(&[quote]);
            } else {
                let Some(escaped) = self.window.next()? else { return Ok(false) };
                match escaped {
                    b'0' => sink.extend(b"\0"),
                    b'b' => sink.extend(b"\x08"),
                    b'n' => sink.extend(b"\n"),
                    b'r' => sink.extend(b"\r"),
                    b't' => sink.extend(b"\t"),
                    b'Z' => sink.extend(b"\x1A"),
                    // These two keep their backslash: it escapes a pattern, not the string.
                    b'%' | b'_' => sink.extend(&[b'\\', escaped]),
                    other => sink.extend(&[other]),
                }
            }
        }
    }

    /// Passes a string that nobody wants: looks at its quotes alone, of which one
    /// after an odd number of backslashes is part of the string.
    fn skip_quoted(&mut self, quote: u8) -> io::Result<bool> {
        let has_escapes = self.backslash && quote != b'`';
        let mut is_odd = false;
        loop {
            let here = self.window.available()?;
            if here.is_empty() {
                return Ok(false);
            }
            let found = memchr(quote, here);
            let before = &here[..found.unwrap_or(here.len())];
            let run = before.iter().rev().take_while(|&&it| it == b'\\').count();
            // A run that fills all that was available goes on with what came before.
            is_odd = (run % 2 == 1) ^ (run == before.len() && is_odd);
            let Some(at) = found else {
                let all = here.len();
                self.window.consume(all);
                continue;
            };
            self.window.consume(at + 1);
            if std::mem::take(&mut is_odd) && has_escapes {
                continue;
            }
            if self.window.peek()? != Some(quote) {
                return Ok(true);
            }
            self.window.consume(1);
        }
    }

    /// Passes everything up to the parenthesis that closes the one behind.
    /// `None` if the text ends before.
    pub(super) fn rest_of_parentheses(&mut self) -> io::Result<Option<()>> {
        let mut depth = 1_usize;
        while depth > 0 {
            let here = self.window.available()?;
            if here.is_empty() {
                return Ok(None);
            }
            let Some(at) = here.iter().position(|&it| TUPLE_MARK[it as usize]) else {
                let all = here.len();
                self.window.consume(all);
                continue;
            };
            let found = here[at];
            self.window.consume(at + 1);
            match found {
                b'(' => depth += 1,
                b')' => depth -= 1,
                quote => {
                    if !self.quoted(quote, &mut Sink::Skip)? {
                        return Ok(None);
                    }
                }
            }
        }
        Ok(Some(()))
    }

    /// Passes the rest of a statement and its delimiter, into `sink`. False if
    /// the text ends before.
    pub(super) fn rest_of_statement(&mut self, delimiter: &[u8], sink: &mut Sink<'_>) -> io::Result<bool> {
        loop {
            let ahead = self.window.ahead(delimiter.len().max(3))?;
            if ahead.is_empty() {
                return Ok(false);
            }
            if ahead.starts_with(delimiter) {
                self.window.consume(delimiter.len());
                self.executable = false;
                return Ok(true);
            }
            match *ahead {
                [quote @ (b'\'' | b'"' | b'`'), ..] => {
                    self.window.consume(1);
                    sink.extend(&[quote]);
                    // What is kept is a schema or a setting: a quote inside a string of theirs
                    // is doubled again, so that the kept text reads the same.
                    let mut inner = Vec::new();
                    let mut into = match sink {
                        Sink::Keep(_) => Sink::Keep(&mut inner),
                        Sink::KeepUpTo(most, kept) => Sink::KeepUpTo(most.saturating_sub(kept.len()), &mut inner),
                        Sink::Skip => Sink::Skip,
                    };
                    if !self.quoted(quote, &mut into)? {
                        return Ok(false);
                    }
                    for byte in inner {
                        sink.extend(&[byte]);
                        if byte == quote {
                            sink.extend(&[byte]);
                        }
                    }
                    sink.extend(&[quote]);
                }
                [first @ b'#', ..] | [first @ b'-', b'-', ..] | [first @ b'/', b'*', ..] | [first @ b'*', b'/', ..] => {
                    let before = self.window.offset();
                    self.skip_blank()?;
                    // Two minus signs without a space after them are no comment.
                    if self.window.offset() == before {
                        self.window.consume(1);
                        sink.extend(&[first]);
                    } else {
                        sink.extend(b" ");
                    }
                }
                [_, ..] => {
                    // Up to the next byte that could mean something.
                    let plain = ahead[1..]
                        .iter()
                        .position(|&it| STATEMENT_MARK[it as usize] || it == delimiter[0])
                        .map_or(ahead.len(), |at| at + 1);
                    sink.extend(&ahead[..plain]);
                    self.window.consume(plain);
                }
                [] => return Ok(false),
            }
        }
    }

    /// Whether nothing but blank is left.
    pub(super) fn at_end(&mut self) -> io::Result<bool> {
        self.skip_blank()?;
        Ok(self.window.peek()?.is_none())
    }
}

/// Bytes that mean something between the values of a row.
static TUPLE_MARK: [bool; 256] = marks(b"()'\"`");
/// Bytes that mean something in any other statement.
static STATEMENT_MARK: [bool; 256] = marks(b"'\"`#-/*");

const fn marks(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}
