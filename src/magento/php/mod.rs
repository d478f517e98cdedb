//! PHP array literals, as `app/etc/env.php` and `app/etc/config.php` hold them.
//!
//! The files are read, never run. What is not a literal (a constant, a call, a
//! concatenation) is kept as its source text, so that one `getenv()` does not
//! hide everything else.

mod escape;
mod file;
#[cfg(test)]
mod tests;

use std::fmt;

pub use self::file::{Returned, returned};

/// A value of a PHP literal.
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(String),
    /// An array, its keys in order.
    Array(Vec<(Key, Value)>),
    /// Anything else.
    Code {
        /// As it stands in the file.
        text: String,
        /// Where it begins, from 1.
        line: usize,
    },
}

/// A key of a PHP array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A whole number, given or counted.
    Int(i64),
    /// A string.
    Text(String),
}

/// Never shows a text: a configuration file holds passwords.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(it) => write!(f, "{it}"),
            Self::Int(it) => write!(f, "{it}"),
            Self::Float(it) => write!(f, "{it}"),
            Self::Text(_) => f.write_str("'…'"),
            Self::Code { .. } => f.write_str("code"),
            Self::Array(items) => f.debug_map().entries(items.iter().map(|(key, value)| (key, value))).finish(),
        }
    }
}

impl Value {
    /// The value below an array's text key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Array(items) = self else { return None };
        // PHP keeps the last of equal keys.
        items.iter().rev().find(|(it, _)| matches!(it, Key::Text(text) if text == key)).map(|(_, value)| value)
    }

    /// The value at a path of keys: `at(&["db", "table_prefix"])`.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// A string, or a number as one.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Int(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The entries of an array whose keys are texts.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Self)> {
        let items = if let Self::Array(items) = self { items.as_slice() } else { &[] };
        items.iter().filter_map(|(key, value)| match key {
            Key::Text(text) => Some((text.as_str(), value)),
            Key::Int(_) => None,
        })
    }
}

/// A file that is not `<?php return …;`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there; never a part of the file.
    pub why: &'static str,
}

/// How deep arrays may be nested.
const MAX_DEPTH: usize = 100;

/// The first array literal after the text `mark`, wherever it stands: for a
/// class such as `Mage` whose method returns one.
pub fn array_after(source: &str, mark: &str) -> Option<Value> {
    let mut parser = Parser { source, at: source.find(mark)? + mark.len(), depth: 0 };
    let next = [parser.rest().find('['), parser.rest().find("array(")].into_iter().flatten().min()?;
    parser.at += next;
    parser.value().ok()
}

/// The literal behind the first `word` after `mark`, wherever that stands: what a method returns.
fn literal_after(source: &str, mark: &str, word: &str) -> Option<Value> {
    let method = source.find(mark)? + mark.len();
    let at = method + source[method..].find(word)? + word.len();
    Parser { source, at, depth: 0 }.value().ok()
}

/// As [`array_after`], for a method that returns a text.
pub fn text_after(source: &str, mark: &str, word: &str) -> Option<String> {
    match literal_after(source, mark, word)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// As [`array_after`], for a method that returns a whole number.
pub fn number_after(source: &str, mark: &str, word: &str) -> Option<i64> {
    match literal_after(source, mark, word)? {
        Value::Int(number) => Some(number),
        _ => None,
    }
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn error(&self, why: &'static str) -> SyntaxError {
        SyntaxError { line: self.line(), why }
    }

    /// The line of the next character, from 1.
    fn line(&self) -> usize {
        self.line_at(self.at)
    }

    fn line_at(&self, at: usize) -> usize {
        self.source[..at].matches('\n').count() + 1
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            let comment = if trimmed.starts_with("//") || (trimmed.starts_with('#') && !trimmed.starts_with("#[")) {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                return;
            };
            self.at += comment;
        }
    }

    fn accept(&mut self, mark: &str) -> bool {
        self.skip_blank();
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len();
        }
        found
    }

    fn accept_word(&mut self, word: &str) -> bool {
        self.skip_blank();
        let rest = self.rest();
        let found = rest.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word))
            && !rest[word.len()..].starts_with(|it: char| it.is_alphanumeric() || it == '_');
        if found {
            self.at += word.len();
        }
        found
    }

    /// A value; what follows it up to the next `,`, closing bracket or `;` makes it code.
    fn value(&mut self) -> Result<Value, SyntaxError> {
        self.skip_blank();
        let start = self.at;
        let value = self.literal()?;
        self.skip_blank();
        if matches!(self.rest().chars().next(), None | Some(',' | ']' | ')' | ';')) && value.is_some() {
            return Ok(value.unwrap_or(Value::Null));
        }
        if self.rest().starts_with("=>") && value.is_some() {
            return Ok(value.unwrap_or(Value::Null));
        }
        self.skip_code()?;
        Ok(Value::Code { text: self.source[start..self.at].trim().to_owned(), line: self.line_at(start) })
    }

    fn literal(&mut self) -> Result<Option<Value>, SyntaxError> {
        let rest = self.rest();
        match rest.chars().next() {
            Some('\'') => self.single_quoted().map(Some),
            Some('"') => self.double_quoted().map(Some),
            Some('[') => {
                self.at += 1;
                self.array("]").map(Some)
            }
            Some('<') if rest.starts_with("<<<") => self.heredoc().map(Some),
            Some('0'..='9' | '-' | '+' | '.') => Ok(self.number()),
            Some(_) => {
                if self.accept_word("null") {
                    return Ok(Some(Value::Null));
                }
                if self.accept_word("true") {
                    return Ok(Some(Value::Bool(true)));
                }
                if self.accept_word("false") {
                    return Ok(Some(Value::Bool(false)));
                }
                if self.accept_word("array") {
                    if self.accept("(") {
                        return self.array(")").map(Some);
                    }
                    return Err(self.error("`array` without a parenthesis"));
                }
                Ok(None)
            }
            None => Err(self.error("the file ends where a value is expected")),
        }
    }

    fn array(&mut self, end: &str) -> Result<Value, SyntaxError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error("arrays are nested too deeply"));
        }
        let mut items = Vec::new();
        let mut next_index = 0;
        while !self.accept(end) {
            let first = self.value()?;
            if self.accept("=>") {
                let key = match first {
                    Value::Int(number) => Key::Int(number),
                    // PHP turns whole numbers in strings into numbers, too.
                    Value::Text(text) => text.parse().map_or(Key::Text(text), Key::Int),
                    Value::Bool(it) => Key::Int(i64::from(it)),
                    Value::Code { text, .. } => Key::Text(text),
                    Value::Null => Key::Text(String::new()),
                    Value::Float(_) | Value::Array(_) => return Err(self.error("this cannot be a key")),
                };
                if let Key::Int(number) = key {
                    next_index = next_index.max(number.saturating_add(1));
                }
                items.push((key, self.value()?));
            } else {
                items.push((Key::Int(next_index), first));
                next_index = next_index.saturating_add(1);
            }
            if !self.accept(",") {
                if self.accept(end) {
                    break;
                }
                return Err(self.error("expected a comma or the end of the array"));
            }
        }
        self.depth -= 1;
        Ok(Value::Array(items))
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let length = rest
            .char_indices()
            .find(|(at, it)| {
                let is_sign_of_exponent = *at > 0 && matches!(rest.as_bytes()[at - 1], b'e' | b'E');
                !(it.is_ascii_alphanumeric()
                    || matches!(it, '.' | '_')
                    || (matches!(it, '-' | '+') && (*at == 0 || is_sign_of_exponent)))
            })
            .map_or(rest.len(), |(at, _)| at);
        let text = rest[..length].replace('_', "").to_ascii_lowercase();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, text.strip_prefix('+').unwrap_or(&text)),
        };
        let radix = |radix, digits: &str| i64::from_str_radix(digits, radix).ok();
        let whole = if let Some(hex) = digits.strip_prefix("0x") {
            radix(16, hex)
        } else if let Some(bits) = digits.strip_prefix("0b") {
            radix(2, bits)
        } else if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|it| it.is_ascii_digit()) {
            radix(8, digits)
        } else {
            digits.parse().ok()
        };
        let value = whole.map(|it| Value::Int(sign * it)).or_else(|| text.parse().ok().map(Value::Float))?;
        self.at += length;
        Some(value)
    }

    fn single_quoted(&mut self) -> Result<Value, SyntaxError> {
        let mut text = String::new();
        let mut characters = self.source[self.at + 1..].char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' => {
                    self.at += at + 2;
                    return Ok(Value::Text(text));
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\'' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(self.error("a string is not closed"))
    }

    fn double_quoted(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        let mut bytes = Vec::new();
        let source = self.source.as_bytes();
        let mut at = self.at + 1;
        let mut has_variable = false;
        while let Some(&byte) = source.get(at) {
            at += 1;
            match byte {
                b'"' => {
                    self.at = at;
                    // `"$host"` is code, and what the variable holds is not known.
                    if has_variable {
                        return Ok(Value::Code { text: self.source[start..at].to_owned(), line: self.line() });
                    }
                    return Ok(Value::Text(String::from_utf8_lossy(&bytes).into_owned()));
                }
                b'$' => {
                    has_variable |=
                        source.get(at).is_some_and(|it| it.is_ascii_alphabetic() || matches!(it, b'_' | b'{'));
                    bytes.push(b'$');
                }
                b'\\' => at += escape::read(&source[at..], &mut bytes),
                other => bytes.push(other),
            }
        }
        Err(self.error("a string is not closed"))
    }

    /// `<<<'NAME'` and `<<<NAME`, to the line that begins with the name; what stands before it there is taken off each
    /// line.
    fn heredoc(&mut self) -> Result<Value, SyntaxError> {
        let line = self.line();
        let head = self.rest()["<<<".len()..].lines().next().unwrap_or_default();
        let name = head.trim().trim_matches(['\'', '"']);
        let body = self.at + "<<<".len() + head.len();
        let is_name = |it: char| it.is_alphanumeric() || it == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(self.error("`<<<` without a name"));
        }
        let mut lines: Vec<&str> = Vec::new();
        let mut at = body;
        for text in self.source[body..].split_inclusive('\n') {
            let bare = text.trim_start();
            let is_end = bare.starts_with(name) && !bare[name.len()..].starts_with(is_name) && at > body;
            if is_end {
                let indent = text.len() - bare.len();
                self.at = at + indent + name.len();
                let text: Vec<&str> = lines
                    .iter()
                    .skip(1)
                    .map(|it| it.get(indent..).unwrap_or_default().trim_end_matches('\r'))
                    .collect();
                let text = text.join("\n");
                let is_code = !head.contains('\'') && text.contains(['$', '\\']);
                return Ok(if is_code { Value::Code { text, line } } else { Value::Text(text) });
            }
            lines.push(text.trim_end_matches('\n'));
            at += text.len();
        }
        Err(self.error("a string is not closed"))
    }

    /// Passes code up to the `,`, closing bracket or `;` that ends it.
    fn skip_code(&mut self) -> Result<(), SyntaxError> {
        let mut depth = 0_usize;
        loop {
            self.skip_blank();
            let Some(character) = self.rest().chars().next() else {
                return Err(self.error("the file ends inside a value"));
            };
            match character {
                '\'' => drop(self.single_quoted()?),
                '"' => drop(self.double_quoted()?),
                '<' if self.rest().starts_with("<<<") => drop(self.heredoc()?),
                '(' | '[' | '{' => {
                    depth += 1;
                    self.at += 1;
                }
                ')' | ']' | '}' if depth > 0 => {
                    depth -= 1;
                    self.at += 1;
                }
                ',' | ')' | ']' | '}' | ';' if depth == 0 => return Ok(()),
                '=' if depth == 0 && self.rest().starts_with("=>") => return Ok(()),
                other => self.at += other.len_utf8(),
            }
        }
    }
}
