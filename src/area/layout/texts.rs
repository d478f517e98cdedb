//! What the text of a layout update tells by itself.

use super::rules;
use crate::facts::layout::LayoutText;
use crate::finding::Rule;
use crate::magento::layout;
use crate::magento::layout_xml::Dialect;

/// What becomes of the constructs of Magento 1, in one line.
pub(super) fn conversions<'a>(texts: impl IntoIterator<Item = &'a LayoutText>) -> String {
    let said = texts.into_iter().flat_map(|it| &it.layout.conversions).map(ToString::to_string);
    said.collect::<Vec<_>>().join("; ")
}

/// What is wrong with a text in Magento 2, each with its detail.
pub(super) fn troubles_in_m2(text: &LayoutText) -> Vec<(&'static Rule, String)> {
    let layout = &text.layout;
    let mut found = Vec::new();
    if layout.dialect == Dialect::M1 {
        found.push((&rules::M1_SYNTAX, conversions([text])));
    }
    if let Some(malformed) = &layout.malformed {
        found.push((&rules::MALFORMED, malformed.clone()));
    }
    if layout.dialect == Dialect::M2 && !layout.lost_targets.is_empty() {
        let instead = layout.lost_targets.iter().map(|it| match layout::name(it).map_or("", |it| it.m2.as_str()) {
            "" => format!("{it} has no counterpart"),
            name => format!("{it} is {name}"),
        });
        found.push((&rules::UNKNOWN_TARGET, instead.collect::<Vec<_>>().join(", ")));
    }
    found
}

/// A text in a few words: how it begins.
pub(super) fn brief(text: &LayoutText) -> String {
    let line = text.excerpt.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}
