//! Values of a row: strings, numbers, and literals with a mark before them.

use std::io::{self, Read};

use super::lexer::{Lexer, Sink, is_space};

/// A value of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    /// A quoted string in the character set of the connection.
    Text,
    /// Bytes: of a hexadecimal or bit literal, or a string marked `_binary`.
    Binary,
    /// Anything unquoted, such as a number.
    Bare,
}

impl<R: Read> Lexer<R> {
    /// Reads one value of a row. `None` if the text ends within it.
    pub(super) fn value(&mut self, mut sink: Sink<'_>) -> io::Result<Option<Value>> {
        self.skip_value_blank()?;
        match self.window.peek()? {
            None => Ok(None),
            Some(quote @ (b'\'' | b'"')) => {
                self.window.consume(1);
                Ok(self.quoted(quote, &mut sink)?.then_some(Value::Text))
            }
            Some(_) => self.bare_value(sink),
        }
    }

    /// A value that does not begin with a quote: a number, NULL, a literal with
    /// a mark before its quotes, or a call.
    fn bare_value(&mut self, mut sink: Sink<'_>) -> io::Result<Option<Value>> {
        let mut bare = Vec::new();
        loop {
            let Some(byte) = self.window.peek()? else { return Ok(None) };
            match byte {
                b',' | b')' => break,
                b'\'' | b'"' => {
                    self.window.consume(1);
                    return self.marked_value(&bare, byte, sink);
                }
                b'(' => {
                    self.window.consume(1);
                    if self.rest_of_parentheses()?.is_none() {
                        return Ok(None);
                    }
                    bare.extend_from_slice(b"(...)");
                }
                _ if is_space(byte) => self.window.consume(1),
                _ => {
                    bare.push(byte);
                    self.window.consume(1);
                }
            }
        }
        if bare.eq_ignore_ascii_case(b"NULL") {
            return Ok(Some(Value::Null));
        }
        if let Some(digits) = bare.strip_prefix(b"0x") {
            sink.extend(&from_hex(digits));
            return Ok(Some(Value::Binary));
        }
        if let Some(digits) = bare.strip_prefix(b"0b") {
            sink.extend(&from_bits(digits));
            return Ok(Some(Value::Binary));
        }
        sink.extend(&bare);
        Ok(Some(Value::Bare))
    }

    /// A string with a mark before it: `_binary'…'`, `_utf8mb4'…'`, `x'…'`, `b'…'`.
    fn marked_value(&mut self, mark: &[u8], quote: u8, mut sink: Sink<'_>) -> io::Result<Option<Value>> {
        let mark = mark.to_ascii_lowercase();
        if let b"x" | b"b" = mark.as_slice() {
            let mut digits = Vec::new();
            if !self.quoted(quote, &mut Sink::Keep(&mut digits))? {
                return Ok(None);
            }
            sink.extend(&if mark == b"x" { from_hex(&digits) } else { from_bits(&digits) });
            return Ok(Some(Value::Binary));
        }
        let kind = if mark == b"_binary" { Value::Binary } else { Value::Text };
        Ok(self.quoted(quote, &mut sink)?.then_some(kind))
    }

    /// Passes white space between values: comments do not stand there.
    #[inline]
    fn skip_value_blank(&mut self) -> io::Result<()> {
        while self.window.peek()?.is_some_and(is_space) {
            self.window.consume(1);
        }
        Ok(())
    }
}

fn from_hex(digits: &[u8]) -> Vec<u8> {
    let digit = |it: &u8| char::from(*it).to_digit(16).map_or(0, |value| value.to_le_bytes()[0]);
    // An odd count has a leading zero that is not written.
    let (first, rest) = digits.split_at(digits.len() % 2);
    let mut bytes: Vec<u8> = first.iter().map(digit).collect();
    bytes.extend(rest.chunks_exact(2).map(|pair| digit(&pair[0]) << 4 | digit(&pair[1])));
    bytes
}

fn from_bits(digits: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for group in digits.rchunks(8) {
        bytes.push(group.iter().fold(0_u8, |byte, &it| byte << 1 | u8::from(it == b'1')));
    }
    bytes.reverse();
    bytes
}
