//! What areas put into reports beside findings: tables, cards and pictures.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::diff;

/// A table of the report.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// Its name in CSV files.
    pub name: Words,
    /// Its heading in the report.
    pub title: Words,
    /// What its cells are.
    pub kind: Kind,
}

impl Column {
    /// A column of this name and heading.
    pub const fn new(name: &'static str, title: &'static str, kind: Kind) -> Self {
        Self { name: Words::Borrowed(name), title: Words::Borrowed(title), kind }
    }
}

/// Words of the program's own, or of a report that it reads again.
pub type Words = Cow<'static, str>;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A number of bytes.
    Bytes,
    /// Words, separated by blanks: too many to be shown at once.
    List,
    /// A name or an e-mail address of a person, who is the same in all such cells of a row.
    Person,
}

/// What is to be known, and done, about one thing, for whoever does it.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// What it is about.
    pub title: String,
    /// The same in the words of findings, with everything else of which the same is to be said.
    pub about: Vec<About>,
    /// What became of it.
    pub state: String,
    /// The titles of those of which the same is to be said.
    pub also: Vec<String>,
    /// What is known, and what to do.
    pub lines: Vec<Line>,
}

/// What a card is about, in the words of findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct About {
    /// A subject.
    pub subject: String,
    /// Its scope; none if that does not matter.
    pub scope: Option<String>,
}

/// A line of a card.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What it tells.
    pub label: Words,
    /// A text, or what counts the list.
    pub text: String,
    /// A list, perhaps a long one.
    pub list: Vec<String>,
    /// Whether the text is code, whose lines and blanks count.
    pub is_code: bool,
    /// Two pieces of code side by side: Magento 1's, Magento 2's.
    pub diff: Vec<diff::Line>,
}

impl Line {
    const fn new(label: &'static str) -> Self {
        Self { label: Words::Borrowed(label), text: String::new(), list: Vec::new(), is_code: false, diff: Vec::new() }
    }
}

impl Card {
    /// A card without lines.
    pub fn new(title: impl Into<String>, state: impl Into<String>) -> Self {
        Self { title: title.into(), about: Vec::new(), state: state.into(), also: Vec::new(), lines: Vec::new() }
    }

    /// About the subject of findings, whatever their scope.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.about.push(About { subject: subject.into(), scope: None });
        self
    }

    /// About the subject of findings in a scope.
    #[must_use]
    pub fn about_scope(mut self, subject: impl Into<String>, scope: impl Into<String>) -> Self {
        self.about.push(About { subject: subject.into(), scope: Some(scope.into()) });
        self
    }

    /// Says the same of what another card is about.
    pub fn also(&mut self, other: Self) {
        self.also.push(other.title);
        self.about.extend(other.about);
    }

    /// Whether it is about what a finding is about.
    pub fn is_about(&self, subject: &str, scope: &str) -> bool {
        self.about.iter().any(|it| it.subject == subject && it.scope.as_deref().is_none_or(|own| own == scope))
    }

    /// With a text, unless it is empty.
    #[must_use]
    pub fn text(mut self, label: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.lines.push(Line { text, ..Line::new(label) });
        }
        self
    }

    /// With a piece of code.
    #[must_use]
    pub fn code(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.lines.push(Line { text: text.into(), is_code: true, ..Line::new(label) });
        self
    }

    /// With Magento 1's piece of code beside Magento 2's.
    #[must_use]
    pub fn diff(mut self, label: &'static str, m1: &str, m2: &str) -> Self {
        self.lines.push(Line { diff: diff::side_by_side(m1, m2), ..Line::new(label) });
        self
    }

    /// With a list, unless it is empty.
    #[must_use]
    pub fn list(mut self, label: &'static str, list: Vec<String>) -> Self {
        if !list.is_empty() {
            self.lines.push(Line { list, ..Line::new(label) });
        }
        self
    }
}

/// A picture of bars, each made of parts.
#[derive(Clone, Debug, Serialize)]
pub struct Bars {
    /// The question that it answers.
    pub title: Words,
    /// The names of the parts, in order; also their style.
    pub parts: Vec<Words>,
    /// What the values are.
    pub unit: Unit,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// What the values of bars are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Bytes.
    Bytes,
    /// Thousandths of the whole.
    Share,
    /// Things.
    Count,
}

/// A bar of a picture.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    /// What it is about.
    pub label: String,
    /// The size of each part.
    pub values: Vec<u64>,
}
