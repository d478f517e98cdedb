//! A PHP file that returns an array, put together by statements: variables that hold literals, and merging calls.
//!
//! Nothing is run. What a statement may do to a variable is not worked out: from then on what the variable holds may be
//! another thing, and the line that says so is kept.

use std::collections::HashMap;

use super::{Key, MAX_DEPTH, Parser, SyntaxError, Value};

/// What a file returns.
#[derive(Debug, Default, PartialEq)]
pub struct Returned {
    /// As far as it is literal.
    pub value: Value,
    /// The line of the code that may put other values in the place of these.
    pub computed: Option<usize>,
}

/// Functions that put arrays together.
const MERGING: [(&str, Merge); 4] = [
    ("array_merge_recursive", Merge::Deep),
    ("array_replace_recursive", Merge::Deep),
    ("array_merge", Merge::Shallow),
    ("array_replace", Merge::Shallow),
];

#[derive(Clone, Copy, PartialEq)]
enum Merge {
    Shallow,
    Deep,
}

impl Returned {
    /// What nobody knows but PHP.
    const fn unknown(line: usize) -> Self {
        Self { value: Value::Array(Vec::new()), computed: Some(line) }
    }

    /// The line of the code that makes the value at a path, if any does.
    pub fn code_at(&self, path: &[&str]) -> Option<usize> {
        let mut value = &self.value;
        for key in path {
            match value.get(key) {
                Some(Value::Code { line, .. }) => return Some(*line),
                Some(within) => value = within,
                None => break,
            }
        }
        self.computed
    }

    fn merge(&mut self, other: Self, how: Merge) {
        self.value.merge(other.value, how);
        self.computed = self.computed.or(other.computed);
    }
}

impl Value {
    fn merge(&mut self, other: Self, how: Merge) {
        match (self, other) {
            (Self::Array(items), Self::Array(others)) => {
                for (key, value) in others {
                    match items.iter_mut().rev().find(|(it, _)| *it == key) {
                        Some((_, known)) if how == Merge::Deep => known.merge(value, how),
                        Some((_, known)) => *known = value,
                        None => items.push((key, value)),
                    }
                }
            }
            (known, other) => *known = other,
        }
    }

    /// Puts a value at a path of keys.
    fn set(&mut self, path: &[Key], value: Self) {
        let Some((key, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if !matches!(self, Self::Array(_)) {
            *self = Self::Array(Vec::new());
        }
        let Self::Array(items) = self else { return };
        if !items.iter().any(|(it, _)| it == key) {
            items.push((key.clone(), Self::Null));
        }
        if let Some((_, known)) = items.iter_mut().rev().find(|(it, _)| it == key) {
            known.set(rest, value);
        }
    }
}

/// What a PHP file returns.
///
/// # Errors
///
/// If it returns nothing, or is broken.
pub fn returned(source: &str) -> Result<Returned, SyntaxError> {
    let mut parser = Parser { source, at: 0, depth: 0 };
    let Some(start) = source.find("<?php") else { return Err(parser.error("this is not a PHP file")) };
    parser.at = start + "<?php".len();
    let mut variables: HashMap<&str, Returned> = HashMap::new();
    // Where something else may be returned before the end is reached.
    let mut early = None;
    loop {
        parser.skip_blank();
        let (start, line) = (parser.at, parser.line());
        if parser.rest().is_empty() {
            return Err(parser.error("the file does not return an array"));
        }
        if parser.accept_word("return") {
            let mut found = parser.expression(&variables)?;
            found.computed = found.computed.or(early);
            return Ok(found);
        }
        if let Some((name, path)) = parser.assigned()? {
            let found = parser.expression(&variables)?;
            if path.is_empty() {
                variables.insert(name, found);
            } else {
                let variable = variables.entry(name).or_insert_with(|| Returned::unknown(line));
                variable.value.set(&path, found.value);
                variable.computed = variable.computed.or(found.computed);
            }
            continue;
        }
        parser.at = start;
        let is_declaration = ["function", "class", "interface", "trait", "namespace", "use", "declare"]
            .iter()
            .any(|it| parser.begins_with_word(it));
        parser.skip_statement()?;
        let statement = &source[start..parser.at];
        if is_declaration {
            continue;
        }
        if words(statement).any(|it| it.eq_ignore_ascii_case("return")) {
            early = early.or(Some(line));
        }
        for (_, variable) in variables.iter_mut().filter(|(name, _)| words(statement).any(|it| it == **name)) {
            variable.computed = variable.computed.or(Some(line));
        }
    }
}

/// Names and words of code, variables with their `$`.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|it: char| !it.is_alphanumeric() && it != '_' && it != '$').filter(|it| !it.is_empty())
}

impl<'a> Parser<'a> {
    fn begins_with_word(&mut self, word: &str) -> bool {
        let start = self.at;
        let found = self.accept_word(word);
        self.at = start;
        found
    }

    /// A variable, if one stands here.
    fn variable(&mut self) -> Option<&'a str> {
        self.skip_blank();
        let name = self.rest().strip_prefix('$')?;
        let length = name.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(name.len());
        if length == 0 {
            return None;
        }
        let variable = &self.rest()[..=length];
        self.at += variable.len();
        Some(variable)
    }

    /// `$name =` or `$name['a']['b'] =`, with the keys; the value is ahead then.
    fn assigned(&mut self) -> Result<Option<(&'a str, Vec<Key>)>, SyntaxError> {
        let Some(name) = self.variable() else { return Ok(None) };
        let mut path = Vec::new();
        while self.accept("[") {
            let key = match self.value()? {
                Value::Text(text) => Key::Text(text),
                Value::Int(number) => Key::Int(number),
                _ => return Ok(None),
            };
            path.push(key);
            if !self.accept("]") {
                return Ok(None);
            }
        }
        let is_assignment = self.accept("=") && !self.rest().starts_with(['=', '>']);
        Ok(is_assignment.then_some((name, path)))
    }

    /// What a statement makes of literals, variables and merging calls.
    fn expression(&mut self, variables: &HashMap<&str, Returned>) -> Result<Returned, SyntaxError> {
        self.skip_blank();
        let (start, line) = (self.at, self.line());
        if let Some(name) = self.variable() {
            if self.is_over() {
                return Ok(match variables.get(name) {
                    Some(known) => Returned { value: known.value.clone(), computed: known.computed },
                    None => Returned::unknown(line),
                });
            }
            self.at = start;
        }
        let call = MERGING.iter().find(|(name, _)| self.begins_with_word(name));
        if let Some((name, how)) = call
            && self.accept_word(name)
            && self.accept("(")
        {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(self.error("calls are nested too deeply"));
            }
            let mut whole: Option<Returned> = None;
            while !self.accept(")") {
                let before = self.at;
                let part = self.expression(variables)?;
                match &mut whole {
                    Some(whole) => whole.merge(part, *how),
                    None => whole = Some(part),
                }
                self.accept(",");
                if self.at == before {
                    return Err(self.error("the file ends inside a value"));
                }
            }
            self.depth -= 1;
            if self.is_over() {
                return Ok(whole.unwrap_or_else(|| Returned::unknown(line)));
            }
            self.at = start;
        }
        Ok(match self.value()? {
            Value::Code { line, .. } => Returned::unknown(line),
            value => Returned { value, computed: None },
        })
    }

    /// Whether an expression ends here.
    fn is_over(&mut self) -> bool {
        self.skip_blank();
        matches!(self.rest().chars().next(), None | Some(',' | ')' | ';'))
    }

    /// Passes a statement: to its `;`, or to the end of its block.
    fn skip_statement(&mut self) -> Result<(), SyntaxError> {
        let mut depth = 0_usize;
        loop {
            self.skip_blank();
            let Some(character) = self.rest().chars().next() else { return Ok(()) };
            match character {
                '\'' => drop(self.single_quoted()?),
                '"' => drop(self.double_quoted()?),
                '<' if self.rest().starts_with("<<<") => drop(self.heredoc()?),
                other => {
                    self.at += other.len_utf8();
                    match other {
                        '(' | '[' | '{' => depth += 1,
                        ')' | ']' => depth = depth.saturating_sub(1),
                        '}' if depth <= 1 => return Ok(()),
                        '}' => depth -= 1,
                        ';' if depth == 0 => return Ok(()),
                        _ => {}
                    }
                }
            }
        }
    }
}
