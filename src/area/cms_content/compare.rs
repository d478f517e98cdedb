//! Texts of both sides matched, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use crate::area::{Column, Context, Kind, Outcome, Table, Whole};
use crate::facts::content::{Content, Text, TextKind};
use crate::facts::stores::scope;
use crate::facts::{Facts, StoreView};
use crate::finding::{Cause, Confidence, Finding, Rule, Severity};
use crate::magento::directives::{Directive, Name, Reference};
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
        let is_cms = matches!(text.kind, TextKind::Page | TextKind::Block);
        let fates = is_cms.then(|| index.fates(text, stores));
        let other = index.partner(text, &scope, is_alone).or_else(|| fates.as_ref()?.shown);
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
            if let Some(fates) = &fates {
                outcome.findings.extend(fates.findings(text, &scope));
            }
            match (other, &fates) {
                (Some(other), _) => {
                    outcome.findings.extend(rewritten(text, other, &finding));
                    outcome.findings.extend(lost_widgets(text, Now::Is(other), &finding));
                }
                // What is not there lacks all of its widgets.
                (None, Some(_)) => {}
                // A product that is not there at all is none of this area's; a text without directives is.
                (None, None) if index.is_empty => {}
                (None, None) => outcome.findings.extend(lost_widgets(text, Now::Gone, &finding)),
            }
        }
        outcome.inventory.rows.push(row(text, &scope, other));
    }
    let known = Referable { m1: Some(m1), m2 };
    for text in shown.into_iter().filter(|_| !facts.is_assessment) {
        let finding = |rule: &'static Rule| {
            let mut finding = rule.finding(text.subject());
            finding.scope = scope(&text.stores, m2_stores).into();
            finding
        };
        outcome.findings.extend(dead(text, |it| !known.is_honoured(it), &finding, false));
        outcome.findings.extend(known.dead_references(text, &finding));
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

    /// What each store view that had a page or block finds now. Magento shows one that is switched on, for the store view
    /// itself or for all (`Magento\Cms\Model\ResourceModel\Page::checkIdentifier`).
    fn fates<'b>(&self, text: &Text, stores: &'b [StoreView]) -> Fates<'b>
    where
        'a: 'b,
    {
        let had = |it: &&StoreView| it.id != 0 && (text.stores.contains(&0) || text.stores.contains(&it.id));
        let views: Vec<&StoreView> = stores.iter().filter(had).collect();
        let open: Vec<&StoreView> = views.iter().copied().filter(|it| it.is_active).collect();
        let was_seen = text.is_active && !open.is_empty();
        let views = if open.is_empty() { views } else { open };
        let same = |code: &str| self.stores.iter().find(|it| fold(&it.code) == fold(code));
        let mut fates = Fates {
            missing: Vec::new(),
            inactive: Vec::new(),
            placeholder: Vec::new(),
            views: 0,
            shown: None,
            was_seen,
        };
        let all = self.by_name.get(&(text.kind, fold(&text.key))).map_or(&[][..], Vec::as_slice);
        let common: Vec<(&str, Option<u64>)> =
            views.iter().filter_map(|it| Some((it.code.as_str(), Some(same(&it.code)?.id)))).collect();
        // Where Magento 2 has none of the store views, or Magento 1 showed it in none, one for all of them will do.
        let elsewhere: Vec<(&str, Option<u64>)> = vec![("", None)];
        for (code, id) in if common.is_empty() { elsewhere } else { common } {
            fates.views += 1;
            let is_for = |it: &&&Text| match id {
                Some(id) => it.stores.contains(&0) || it.stores.contains(&id),
                None => !it.stores.is_empty(),
            };
            let there: Vec<&Text> = all.iter().filter(is_for).copied().collect();
            let is_own = |it: &&&Text| it.is_active && (!it.is_placeholder || text.is_placeholder);
            if let Some(shown) = there.iter().find(is_own) {
                fates.shown.get_or_insert(shown);
            } else if there.iter().any(|it| it.is_active) {
                fates.placeholder.push(code);
            } else if !there.is_empty() {
                fates.inactive.push(code);
            } else {
                fates.missing.push(code);
            }
        }
        fates
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

/// What the visitors of each store view find in the place of a page or block.
struct Fates<'a> {
    /// Store views without it, by code.
    missing: Vec<&'a str>,
    /// Those for which it is switched off.
    inactive: Vec<&'a str>,
    /// Those that have what Magento 2's installer wrote.
    placeholder: Vec<&'a str>,
    /// How many store views there are that both sides have.
    views: usize,
    /// One that is shown in the place of it.
    shown: Option<&'a Text>,
    /// Whether visitors had it: it was switched on, for a store view that was open.
    was_seen: bool,
}

impl Fates<'_> {
    fn findings(&self, text: &Text, scope: &str) -> Vec<Finding> {
        let of = |rule: &'static Rule, views: &[&str], words: &str| {
            if views.is_empty() {
                return None;
            }
            let mut finding = rule.finding(text.subject());
            // Of one that nobody finds any more it is the store views that had it.
            finding.scope = if views.len() == self.views { scope.into() } else { views.join(",").as_str().into() };
            let state = if text.is_active { "active" } else { "inactive" };
            let count = text::count(text.directives.len() as u64, "directive", "directives");
            let count = if text.directives.is_empty() { String::new() } else { format!("with {count}") };
            let detail: Vec<&str> = [words, &count].into_iter().filter(|it| !it.is_empty()).collect();
            Some(finding.m1(state).detail(detail.join("; ")))
        };
        let severity = if self.was_seen { Severity::High } else { Severity::Low };
        let missing = of(&rules::MISSING, &self.missing, "").map(|it| it.severity(severity));
        let placeholder =
            of(&rules::MISSING, &self.placeholder, "Magento 2 has what its installer wrote in the place of it");
        let inactive = of(&rules::INACTIVE, &self.inactive, "").filter(|_| self.was_seen);
        let severity = if text.kind == TextKind::Page { Severity::High } else { Severity::Medium };
        let inactive = inactive.map(|it| it.severity(severity).m2("inactive"));
        missing.into_iter().chain(placeholder).chain(inactive).collect()
    }
}

/// A text of which little is left, or that Page Builder made anew.
fn rewritten(text: &Text, other: &Text, finding: &dyn Fn(&'static Rule) -> Finding) -> Option<Finding> {
    let is_small =
        |before: u64, now: u64| before > 0 && now == 0 || before >= WORTH_COMPARING && now < before / SMALL_PART;
    let emptied = text.length.zip(other.length).filter(|(before, now)| text.is_active && is_small(*before, *now));
    if let Some((before, now)) = emptied {
        let bytes = |it: u64| if it == 0 { "no text".to_owned() } else { text::bytes(it) };
        return Some(finding(&rules::EMPTIED).m1(bytes(before)).m2(bytes(now)));
    }
    let is_rebuilt = other.is_of_page_builder && !text.is_of_page_builder;
    is_rebuilt.then(|| finding(&rules::REBUILT))
}

/// A text of fewer bytes says as much in another way.
const WORTH_COMPARING: u64 = 200;

/// What is shorter by this is no other wording.
const SMALL_PART: u64 = 10;

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
    let found = found.incidents(lost.len() as u64).confidence(confidence);
    // Who rebuilt a text has looked at it, and other things may show the same there.
    let is_rebuilt = matches!(now, Now::Is(other) if other.is_of_page_builder && !text.is_of_page_builder);
    Some(if is_rebuilt { found.severity(Severity::Low).confidence(Confidence::Likely) } else { found })
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

/// What a reference names.
#[derive(Clone, Copy)]
enum Named<'a> {
    Is(&'a Text),
    NotThere,
    /// Not all of its kind are known.
    Unknown,
}

/// What texts can refer to.
struct Referable<'a> {
    m1: Option<&'a Content>,
    m2: Option<&'a Content>,
}

impl Referable<'_> {
    /// What a reference names on a side.
    fn find<'b>(content: Option<&'b Content>, reference: &Reference) -> Named<'b> {
        let kind = match reference {
            Reference::Block(_) => TextKind::Block,
            Reference::Page(_) => TextKind::Page,
        };
        // Of a store without a single one it is more likely that they were left out.
        let has_any = |it: &&Content| !it.partly_known.contains(&kind) && it.texts.iter().any(|it| it.kind == kind);
        let Some(content) = content.filter(has_any) else { return Named::Unknown };
        let is_it = |text: &&Text| {
            text.kind == kind
                && match reference {
                    Reference::Block(key) => fold(&text.key) == fold(key) || text.id.to_string() == *key,
                    Reference::Page(id) => text.id == *id,
                }
        };
        content.texts.iter().find(is_it).map_or(Named::NotThere, Named::Is)
    }

    /// Whether a directive in Magento 1's words is one that Magento 2 takes in its own way: an id is that of a CMS block.
    fn is_honoured(&self, directive: &Directive) -> bool {
        let reference = directive.refers.as_ref().filter(|_| directive.is_typed);
        reference.is_some_and(|it| matches!(Self::find(self.m2, it), Named::Is(_)))
    }

    /// Blocks and pages that a text of Magento 2 names, and that are not there.
    fn dead_references(&self, text: &Text, finding: &dyn Fn(&'static Rule) -> Finding) -> Option<Finding> {
        let mut dead: Vec<String> = Vec::new();
        let mut is_new = false;
        // One in Magento 1's words is dead whatever it names.
        for directive in text.directives.iter().filter(|it| it.why_dead().is_none()) {
            let Some(reference) = &directive.refers else { continue };
            if !matches!(Self::find(self.m2, reference), Named::NotThere) {
                continue;
            }
            let (what, name) = match reference {
                Reference::Block(key) => ("block", key.clone()),
                Reference::Page(id) => ("page", id.to_string()),
            };
            let of_m1 = Self::find(self.m1, reference);
            let why = match of_m1 {
                Named::Is(old) => {
                    let now = self.m2.and_then(|it| {
                        it.texts.iter().find(|it| it.kind == old.kind && fold(&it.key) == fold(&old.key))
                    });
                    let now = now.map_or_else(String::new, |it| format!(", which has the id {} in Magento 2", it.id));
                    format!("Magento 1's {what} {name} is {}{now}", old.key)
                }
                Named::NotThere => "Magento 1 had none, either".to_owned(),
                Named::Unknown => String::new(),
            };
            is_new |= !matches!(of_m1, Named::NotThere);
            let why = if why.is_empty() { why } else { format!(" ({why})") };
            dead.push(format!("line {}: {}, there is no {what} {name}{why}", directive.line, directive.text));
        }
        if dead.is_empty() {
            return None;
        }
        let found = finding(&rules::DEAD_REFERENCE).incidents(dead.len() as u64).detail(dead.join("; "));
        let severity = if is_new && text.is_active { Severity::High } else { Severity::Low };
        Some(found.severity(severity))
    }
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
