//! Two texts side by side, line by line.

use serde::Serialize;
use similar::{ChangeTag, DiffOp, TextDiff};

/// A line of each text, or of one alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The line before, in parts; none if there is none.
    pub before: Option<Vec<Part>>,
    /// The line after, in parts; none if there is none.
    pub after: Option<Vec<Part>>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it says.
    pub text: String,
    /// Whether the other text says something else here.
    pub is_changed: bool,
}

/// Puts two texts side by side.
pub fn side_by_side(before: &str, after: &str) -> Vec<Line> {
    let [old, new] = [before, after].map(|it| it.lines().collect::<Vec<_>>());
    let diff = TextDiff::from_slices(&old, &new);
    let mut lines = Vec::new();
    for op in diff.ops() {
        let (mut left, mut right) = (old[op.old_range()].iter(), new[op.new_range()].iter());
        loop {
            lines.push(match (left.next(), right.next()) {
                (Some(one), Some(other)) if matches!(op, DiffOp::Equal { .. }) => {
                    Line { before: Some(whole(one, false)), after: Some(whole(other, false)) }
                }
                (Some(one), Some(other)) => changed(one, other),
                (Some(one), None) => Line { before: Some(whole(one, true)), after: None },
                (None, Some(other)) => Line { before: None, after: Some(whole(other, true)) },
                (None, None) => break,
            });
        }
    }
    lines
}

fn whole(text: &str, is_changed: bool) -> Vec<Part> {
    vec![Part { text: text.to_owned(), is_changed }]
}

/// Two lines, word by word.
fn changed(one: &str, other: &str) -> Line {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for change in TextDiff::from_words(one, other).iter_all_changes() {
        let is_changed = change.tag() != ChangeTag::Equal;
        if change.tag() != ChangeTag::Insert {
            extend(&mut before, change.value(), is_changed);
        }
        if change.tag() != ChangeTag::Delete {
            extend(&mut after, change.value(), is_changed);
        }
    }
    Line { before: Some(before), after: Some(after) }
}

fn extend(parts: &mut Vec<Part>, text: &str, is_changed: bool) {
    match parts.last_mut().filter(|it| it.is_changed == is_changed) {
        Some(last) => last.text.push_str(text),
        None => parts.push(Part { text: text.to_owned(), is_changed }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with what changed in brackets.
    fn marked(parts: Option<&Vec<Part>>) -> String {
        let mark = |it: &Part| if it.is_changed { format!("[{}]", it.text) } else { it.text.clone() };
        parts.map_or_else(|| "-".to_owned(), |it| it.iter().map(mark).collect())
    }

    #[test]
    fn what_changed_is_marked_and_stands_side_by_side() {
        let before = "<reference name=\"left\">\n  <block/>\n</reference>";
        let after = "<body>\n<referenceContainer name=\"left\">\n  <block/>\n</referenceContainer>\n</body>";
        let lines: Vec<(String, String)> = side_by_side(before, after)
            .iter()
            .map(|it| (marked(it.before.as_ref()), marked(it.after.as_ref())))
            .collect();
        let expected = [
            ("[<reference name=\"left\">]", "[<body>]"),
            ("-", "[<referenceContainer name=\"left\">]"),
            ("  <block/>", "  <block/>"),
            ("[</reference>]", "[</referenceContainer>]"),
            ("-", "[</body>]"),
        ];
        assert_eq!(lines, expected.map(|(one, other)| (one.to_owned(), other.to_owned())));
        let words = side_by_side("<a name=\"x\">", "<b name=\"x\">");
        assert_eq!(marked(words[0].before.as_ref()), "[<a] name=\"x\">");
        assert_eq!(side_by_side("", "").len(), 0);
    }
}
