//! Texts of both sides matched, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use crate::area::{Column, Context, Kind, Outcome, Table, Whole};
use crate::facts::content::{Content, Text, TextKind};
use crate::facts::stores::scope;
use crate::facts::{Facts, StoreView};
use crate::finding::{Cause, Confidence, Finding, Rule};
use crate::magento::directives::{Directive, Name};
use crate::magento::layout;
use crate::matching::is_shared;
use crate::text;
use crate::text::fold;

pub(super) fn compare(m1: &Content, stores: &[StoreView], facts: &Facts, context: &Context<'_>) -> Outcome {
    let m2 = facts.sides.m2.content.get();
    let nothing = BTreeSet::new();
    let unknown = m2.map_or(&nothing, |it| &it.partly_known);
    let shown = m2.into_iter().flat_map(|it| it.shown(context.now)).filter(|it| !unknown.contains(&it.kind));
    let shown: Vec<&Text> = shown.collect();
    // What is not among the texts of either side may be there all the same: nothing is said of its kind.
    let is_known = |text: &&Text| !m1.partly_known.contains(&text.kind) && !unknown.contains(&text.kind);
    let own: Vec<&Text> = m1.shown(context.now).filter(is_known).collect();
    let m2_stores = facts.sides.m2.stores.get().map_or(&[][..], Vec::as_slice);
    let index = Index::new(&shown, m2_stores);
    let alone = count_by_name(&own);
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    outcome.whole = Whole::of(own.len(), &rules::MISSING, |_| true);
    for text in own {
        let scope = scope(&text.stores, stores);
        let is_alone = alone[&(text.kind, fold(&text.key))] == 1;
        let other = index.partner(text, &scope, is_alone);
        let finding = |rule: &'static Rule| {
            let mut finding = rule.finding(text.subject());
            finding.scope = scope.as_str().into();
            finding
        };
        if facts.is_assessment {
            // The tool copies the text, deletes the widgets that it does not know, and leaves the rest.
            outcome.findings.extend(lost_widgets(text, Now::Foreseen, &finding));
            outcome.findings.extend(dead(text, |it| it.name != Name::Widget, &finding, true));
        } else if m2.is_some() {
            let is_cms = matches!(text.kind, TextKind::Page | TextKind::Block);
            match other {
                None if is_cms => outcome.findings.push(missing(text, finding(&rules::MISSING))),
                // A product that is not there at all is none of this area's; a text without directives is.
                None if index.is_empty => {}
                None => outcome.findings.extend(lost_widgets(text, Now::Gone, &finding)),
                Some(other) => outcome.findings.extend(lost_widgets(text, Now::Is(other), &finding)),
            }
        }
        outcome.inventory.rows.push(row(text, &scope, other));
    }
    for text in shown.into_iter().filter(|_| !facts.is_assessment) {
        let finding = |rule: &'static Rule| {
            let mut finding = rule.finding(text.subject());
            finding.scope = scope(&text.stores, m2_stores).into();
            finding
        };
        outcome.findings.extend(dead(text, |_| true, &finding, false));
    }
    let of = |content: &Content, kind: TextKind| content.shown(context.now).filter(|it| it.kind == kind).count() as u64;
    let words = |content: &Content| {
        let pages = text::count(of(content, TextKind::Page), "page", "pages");
        format!("{pages} and {}", text::count(of(content, TextKind::Block), "block", "blocks"))
    };
    outcome.summary.push(match m2.filter(|_| !facts.is_assessment) {
        Some(m2) => format!("{} in Magento 1, {} in Magento 2.", words(m1), words(m2)),
        None => format!("{} in Magento 1.", words(m1)),
    });
    outcome
}

fn count_by_name(texts: &[&Text]) -> BTreeMap<(TextKind, String), usize> {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry((text.kind, fold(&text.key))).or_default() += 1;
    }
    counts
}

/// Texts of Magento 2, by kind and key.
struct Index<'a> {
    exact: BTreeMap<(TextKind, String, String), &'a Text>,
    by_name: BTreeMap<(TextKind, String), Vec<&'a Text>>,
    stores: &'a [StoreView],
    is_empty: bool,
}

impl<'a> Index<'a> {
    fn new(texts: &[&'a Text], stores: &'a [StoreView]) -> Self {
        let mut index = Self { exact: BTreeMap::new(), by_name: BTreeMap::new(), stores, is_empty: texts.is_empty() };
        for text in texts {
            let key = fold(&text.key);
            index.exact.insert((text.kind, key.clone(), scope(&text.stores, stores)), text);
            index.by_name.entry((text.kind, key)).or_default().push(text);
        }
        index
    }

    /// A page or block whose store views were changed is still the same, if there is but one.
    fn partner(&self, text: &Text, wanted: &str, is_alone: bool) -> Option<&'a Text> {
        let key = fold(&text.key);
        let exact = self.exact.get(&(text.kind, key.clone(), wanted.to_owned()));
        exact.copied().or_else(|| match self.by_name.get(&(text.kind, key))?.as_slice() {
            [one] if is_alone && is_shared(wanted, &scope(&one.stores, self.stores)) => Some(*one),
            _ => None,
        })
    }
}

fn missing(text: &Text, finding: Finding) -> Finding {
    let state = if text.is_active { "active" } else { "inactive" };
    let count = text::count(text.directives.len() as u64, "directive", "directives");
    finding.m1(state).detail(if text.directives.is_empty() { String::new() } else { format!("with {count}") })
}

/// What became of a text.
#[derive(Clone, Copy)]
enum Now<'a> {
    /// Nothing yet: the tool will copy it.
    Foreseen,
    /// There is no text with any directive.
    Gone,
    /// This.
    Is(&'a Text),
}

/// Widgets that Magento 2's text does not show; without Magento 2, those that the tool will delete.
fn lost_widgets(text: &Text, now: Now<'_>, finding: &dyn Fn(&'static Rule) -> Finding) -> Option<Finding> {
    let is_widget = |it: &&Directive| it.name == Name::Widget;
    let other = match now {
        Now::Is(text) => text.directives.as_slice(),
        Now::Gone | Now::Foreseen => &[],
    };
    let is_foreseen = matches!(now, Now::Foreseen);
    let mut left: Vec<&str> = other.iter().filter(is_widget).map(|it| it.kind.as_str()).collect();
    let mut lost: Vec<&Directive> = Vec::new();
    let mut unknown: Vec<&Directive> = Vec::new();
    for directive in text.directives.iter().filter(is_widget) {
        let classes: Vec<&str> = layout::widget_classes(&directive.kind).collect();
        let is_it = |kind: &&str| *kind == directive.kind || classes.contains(kind);
        match left.iter().position(is_it) {
            Some(at) => {
                left.remove(at);
            }
            None if classes.is_empty() => unknown.push(directive),
            None if !is_foreseen => lost.push(directive),
            None => {}
        }
    }
    // What is left over may be what became of an extension's widget.
    let survivors = left.len().min(unknown.len());
    lost.extend(unknown.into_iter().skip(survivors));
    lost.sort_by_key(|it| it.line);
    let first = lost.first()?;
    let words: Vec<String> = lost.iter().map(|it| format!("line {}: {}", it.line, it.text)).collect();
    let confidence = if is_foreseen { Confidence::Likely } else { Confidence::Certain };
    let found = finding(&rules::WIDGET_LOST).m1(first.kind.as_str()).detail(words.join("; "));
    let field = match text.kind {
        TextKind::Block => "cms_block.content",
        TextKind::Email => "core_email_template.template_text",
        TextKind::Newsletter => "newsletter_template.template_text",
        TextKind::Page | TextKind::Category | TextKind::Product => "cms_page.content",
    };
    let found = found.explained_by([Cause::Handled { field, handler: "Placeholder" }]);
    Some(found.incidents(lost.len() as u64).confidence(confidence))
}

fn dead(
    text: &Text,
    is_looked_at: impl Fn(&Directive) -> bool,
    finding: &dyn Fn(&'static Rule) -> Finding,
    is_m1: bool,
) -> Option<Finding> {
    let dead: Vec<String> = text
        .directives
        .iter()
        .filter(|it| is_looked_at(it))
        .filter_map(|it| Some(format!("line {}: {}, {}", it.line, it.text, it.why_dead()?)))
        .collect();
    if dead.is_empty() {
        return None;
    }
    let count = text::count(dead.len() as u64, "directive", "directives");
    let found = finding(&rules::DEAD_DIRECTIVE).detail(dead.join("; ")).incidents(dead.len() as u64);
    Some(if is_m1 { found.m1(count) } else { found.m2(count) })
}

fn row(text: &Text, scope: &str, other: Option<&Text>) -> Vec<String> {
    let count = |text: Option<&Text>, name: Name| {
        text.map_or(String::new(), |it| it.directives.iter().filter(|it| it.name == name).count().to_string())
    };
    let mut row = vec![text.subject(), scope.to_owned(), if text.is_active { "yes" } else { "no" }.to_owned()];
    for side in [Some(text), other] {
        row.extend([Name::Widget, Name::Block, Name::Skin].map(|name| count(side, name)));
    }
    row
}

fn table() -> Table {
    let column = |name, title, kind| Column::new(name, title, kind);
    Table {
        columns: vec![
            column("subject", "Subject", Kind::Text),
            column("scope", "Store views", Kind::Text),
            column("m1_active", "Active", Kind::Text),
            column("m1_widgets", "Magento 1 widgets", Kind::Number),
            column("m1_blocks", "Blocks", Kind::Number),
            column("m1_skin", "Skin", Kind::Number),
            column("m2_widgets", "Magento 2 widgets", Kind::Number),
            column("m2_blocks", "Blocks", Kind::Number),
            column("m2_skin", "Skin", Kind::Number),
        ],
        rows: Vec::new(),
    }
}
