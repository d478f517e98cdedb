//! Layout of both sides matched, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::rules;
use super::subjects::{Subject, subjects};
use crate::area::{Card, Column, Context, Kind, Outcome, Table};
use crate::facts::design::Theme;
use crate::facts::layout::{LayoutFacts, LayoutText, LooseUpdate};
use crate::facts::stores::scope;
use crate::facts::{Facts, StoreView};
use crate::finding::{Confidence, Finding, Rule, Severity};
use crate::magento::layout;
use crate::magento::layout_xml::Dialect;
use crate::matching::{fold, is_shared};
use crate::text;

pub(super) fn compare(m1: &LayoutFacts, stores: &[StoreView], facts: &Facts, context: &Context<'_>) -> Outcome {
    let m2 = facts.sides.m2.layout.get();
    let m2_stores = facts.sides.m2.stores.get().map_or(&[][..], Vec::as_slice);
    let before = subjects(m1, stores);
    let now = m2.map_or_else(Vec::new, |it| subjects(it, m2_stores));
    let themes = facts.sides.m2.design.get().and_then(|it| it.themes.get());
    let view = View {
        today: context.now.to_zoned(TimeZone::UTC).date(),
        files: m2.and_then(|it| it.files.as_ref()),
        themes,
        is_known: m2.is_some(),
    };
    let index = Index::new(&before, &now);
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    for subject in &before {
        let other = index.partner(subject, &now);
        // A page that is not there at all is the content's finding.
        let is_gone = !facts.is_assessment && m2.is_some() && other.is_none() && subject.name.starts_with("cms_page:");
        let findings = view.of_m1(subject, other).into_iter();
        let is_of_m1 = |it: &Finding| [rules::MALFORMED.code, rules::EXPIRED.code].contains(&it.rule.code);
        outcome.findings.extend(findings.filter(|it| !is_gone || is_of_m1(it)));
        if has_any(subject) {
            outcome.inventory.rows.push(row(Some(subject), other));
            outcome.cards.extend(card(subject, other));
        }
    }
    for subject in &now {
        outcome.findings.extend(view.of_m2(subject));
    }
    outcome.findings.extend(loose(m1, m2, stores));
    let with = |subjects: &[Subject<'_>]| subjects.iter().filter(|it| !own(it).is_empty()).count();
    let count = |it: usize| text::count(it as u64, "thing with a layout update", "things with layout updates");
    outcome.summary.push(match m2 {
        Some(_) => format!(
            "{} of its own in Magento 1, {} in Magento 2.",
            count(with(&before)),
            text::number(with(&now) as u64)
        ),
        None => format!("{} of its own in Magento 1.", count(with(&before))),
    });
    outcome.gaps = m1.lacks.iter().chain(m2.into_iter().flat_map(|it| &it.lacks)).cloned().collect();
    outcome
}

/// Layout updates that say something.
fn own<'a>(subject: &Subject<'a>) -> Vec<(&'a LayoutText, bool)> {
    subject.updates.iter().copied().filter(|(it, _)| it.layout.dialect != Dialect::Empty).collect()
}

fn has_any(subject: &Subject<'_>) -> bool {
    !own(subject).is_empty() || !subject.theme.is_empty() || !subject.selected.is_empty()
}

/// Subjects of Magento 2 by name and scope, and how many of Magento 1 have a name.
struct Index {
    exact: BTreeMap<(String, String), usize>,
    by_name: BTreeMap<String, Vec<usize>>,
    before: BTreeMap<String, usize>,
}

impl Index {
    fn new(before: &[Subject<'_>], now: &[Subject<'_>]) -> Self {
        let mut index = Self { exact: BTreeMap::new(), by_name: BTreeMap::new(), before: BTreeMap::new() };
        for subject in before {
            *index.before.entry(fold(&subject.name)).or_default() += 1;
        }
        for (at, subject) in now.iter().enumerate() {
            index.exact.insert((fold(&subject.name), subject.scope.clone()), at);
            index.by_name.entry(fold(&subject.name)).or_default().push(at);
        }
        index
    }

    fn partner<'s, 'a>(&self, subject: &Subject<'_>, now: &'s [Subject<'a>]) -> Option<&'s Subject<'a>> {
        let name = fold(&subject.name);
        if let Some(&at) = self.exact.get(&(name.clone(), subject.scope.clone())) {
            return Some(&now[at]);
        }
        if !subject.name.starts_with("cms_page:") {
            // What is said for all store views is said for this one.
            return self.exact.get(&(name, "all".to_owned())).map(|&at| &now[at]);
        }
        // A page whose store views were changed is still the page, if there is but one.
        let alone = self.before[&name] == 1;
        match self.by_name.get(&name)?.as_slice() {
            [at] if alone && is_shared(&subject.scope, &now[*at].scope) => Some(&now[*at]),
            _ => None,
        }
    }
}

struct View<'a> {
    today: Date,
    /// Names of the files that can be selected, if they are known.
    files: Option<&'a BTreeSet<String>>,
    /// Magento 2's themes, if they are known.
    themes: Option<&'a Vec<Theme>>,
    is_known: bool,
}

fn finding(rule: &'static Rule, subject: &Subject<'_>) -> Finding {
    let mut finding = rule.finding(subject.name.as_str());
    finding.scope = subject.scope.as_str().into();
    finding
}

impl View<'_> {
    fn of_m1(&self, subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Vec<Finding> {
        let mut found = Vec::new();
        let own = own(subject);
        let why_dead = |it: &(&LayoutText, bool)| subject.why_dead(it.1, self.today);
        let (dead, live): (Vec<_>, Vec<_>) = own.iter().copied().partition(|it| why_dead(it).is_some());
        for (text, _) in &own {
            if let Some(malformed) = &text.layout.malformed {
                found.push(finding(&rules::MALFORMED, subject).m1(brief(text)).detail(malformed.as_str()));
            }
        }
        let why = dead.first().and_then(why_dead);
        if let (Some((text, _)), Some(why)) = (dead.first(), &why) {
            found.push(finding(&rules::EXPIRED, subject).m1(brief(text)).detail(why.as_str()));
        }
        if self.is_known && !live.is_empty() {
            found.extend(missing(subject, &live, other, None));
        } else if self.is_known && !dead.is_empty() {
            found.extend(missing(subject, &dead, other, why.as_deref()));
        }
        if let Some(why) = subject.why_dead(true, self.today).filter(|_| own.is_empty() && !subject.theme.is_empty()) {
            found.push(finding(&rules::EXPIRED, subject).m1(subject.theme).detail(why));
        }
        if self.is_known && subject.why_dead(true, self.today).is_none() {
            found.extend(theme_lost(subject, other));
            found.extend(timed_page_layout_lost(subject, other));
        }
        if self.is_known && subject.why_dead(subject.is_page_layout_timed, self.today).is_none() {
            found.extend(page_layout_changed(subject, &own, other));
        }
        found
    }

    /// What Magento 2 alone tells.
    fn of_m2(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (text, _) in &subject.updates {
            let layout = &text.layout;
            if layout.dialect == Dialect::M1 {
                let detail = layout.conversions.join("; ");
                found.push(finding(&rules::M1_SYNTAX, subject).m2(brief(text)).detail(detail));
            }
            if let Some(malformed) = &layout.malformed {
                found.push(finding(&rules::MALFORMED, subject).m2(brief(text)).detail(malformed.as_str()));
            }
            if layout.dialect == Dialect::M2 && !layout.lost_targets.is_empty() {
                let instead =
                    layout.lost_targets.iter().map(|it| match layout::name(it).map_or("", |it| it.m2.as_str()) {
                        "" => format!("{it} has no counterpart"),
                        name => format!("{it} is {name}"),
                    });
                let detail = instead.collect::<Vec<_>>().join(", ");
                found.push(finding(&rules::UNKNOWN_TARGET, subject).m2(brief(text)).detail(detail));
            }
        }
        if let Some(file) = self.files.and_then(|files| missing_file(subject, files)) {
            found.push(
                finding(&rules::FILE_MISSING, subject).m2(subject.selected).detail(format!("there is no {file}")),
            );
        }
        let is_theme = |name: &str| self.themes.is_none_or(|themes| themes.iter().any(|it| it.is_named(name)));
        if !subject.theme.is_empty() && !is_theme(subject.theme) {
            found.push(finding(&rules::THEME_REFERENCE, subject).m2(subject.theme).detail("not the id of a theme"));
        }
        let page_layout = layout::page_layout(subject.timed_page_layout);
        if page_layout != subject.timed_page_layout {
            let meaningless = finding(&rules::PAGE_LAYOUT, subject).m2(subject.timed_page_layout);
            found.push(meaningless.detail(format!("in Magento 2 it is {page_layout}")));
        }
        found
    }
}

fn missing(
    subject: &Subject<'_>,
    own: &[(&LayoutText, bool)],
    other: Option<&Subject<'_>>,
    dead: Option<&str>,
) -> Option<Finding> {
    let mut confidence = Confidence::Certain;
    if let Some(other) = other {
        let is_done = |it: &(&LayoutText, bool)| it.0.layout.dialect != Dialect::Empty;
        // A text of Magento 1 in Magento 2 is a finding of its own.
        if other.updates.iter().any(is_done) || !other.selected.is_empty() {
            return None;
        }
        let chosen = own.iter().map(|(it, _)| it.layout.only_page_layout.as_deref()).collect::<Option<Vec<_>>>();
        if chosen.is_some_and(|it| it.contains(&other.page_layout)) {
            return None;
        }
        if other.page_layout != subject.page_layout {
            confidence = Confidence::Likely;
        }
    }
    let conversions: Vec<&str> = own.iter().flat_map(|(it, _)| &it.layout.conversions).map(String::as_str).collect();
    let mut detail = dead.map_or_else(Vec::new, |it| vec![it.to_owned()]);
    detail.extend(conversions.iter().map(|it| (*it).to_owned()));
    let severity = if dead.is_some() { Severity::Low } else { Severity::High };
    let missing = finding(&rules::MISSING, subject).severity(severity).m1(brief(own[0].0));
    Some(missing.detail(detail.join("; ")).confidence(confidence).incidents(own.len() as u64))
}

fn theme_lost(subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Option<Finding> {
    if subject.theme.is_empty() || other.is_some_and(|it| !it.theme.is_empty()) {
        return None;
    }
    Some(finding(&rules::THEME_REFERENCE, subject).m1(subject.theme))
}

/// Layout updates that no widget made.
fn loose(m1: &LayoutFacts, m2: Option<&LayoutFacts>, stores: &[StoreView]) -> Vec<Finding> {
    let mut found = Vec::new();
    let named = |rule: &'static Rule, it: &LooseUpdate| {
        let mut finding = rule.finding(format!("update:{}", it.id)).m1(format!("handle {}", it.handle));
        finding.scope = scope(&it.stores, stores).into();
        finding
    };
    for update in &m1.updates {
        if update.stores.is_empty() {
            found.push(named(&rules::ORPHAN, update));
            continue;
        }
        let Some(text) = update.text.as_ref().filter(|it| it.layout.dialect != Dialect::Empty) else { continue };
        if let Some(malformed) = &text.layout.malformed {
            found.push(named(&rules::MALFORMED, update).detail(malformed.as_str()));
        }
        let Some(m2) = m2 else { continue };
        let handle = layout::handle(&update.handle).filter(|it| !it.is_empty()).unwrap_or(&update.handle);
        let is_done = m2.updates.iter().any(|it| {
            let is_m2 = it.text.as_ref().is_some_and(|it| it.layout.dialect == Dialect::M2);
            it.handle == handle && is_m2 && !it.stores.is_empty()
        });
        let has_store = update.stores.iter().any(|id| *id == 0 || stores.iter().any(|it| it.id == *id));
        if !is_done {
            let severity = if has_store { Severity::High } else { Severity::Low };
            let conversions = text.layout.conversions.join("; ");
            let detail = format!("in a file {handle}.xml of the theme; {conversions}");
            found.push(named(&rules::MISSING, update).severity(severity).detail(detail));
        }
    }
    found
}

/// The page layout that applies for a time only.
fn timed_page_layout_lost(subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Option<Finding> {
    let wanted = layout::page_layout(subject.timed_page_layout);
    let now = other.map_or("", |it| it.timed_page_layout);
    // A word of Magento 1 in Magento 2 is a finding of its own.
    if wanted.is_empty() || !now.is_empty() {
        return None;
    }
    Some(finding(&rules::PAGE_LAYOUT, subject).m1(wanted).m2("none").detail("while its custom design lasts"))
}

fn page_layout_changed(
    subject: &Subject<'_>,
    own: &[(&LayoutText, bool)],
    other: Option<&Subject<'_>>,
) -> Option<Finding> {
    // A layout update that chooses one wins over the field.
    let chosen = own.iter().find_map(|(it, _)| it.layout.page_layout.as_deref());
    if chosen.is_some_and(|it| other.is_some_and(|other| other.page_layout == it)) {
        return None;
    }
    let wanted = subject.page_layout;
    if wanted.is_empty() {
        return None;
    }
    let now = match other {
        Some(other) => other.page_layout,
        // A page that is not there at all is no page without its page layout.
        None if subject.is_page_layout_timed => "",
        None => return None,
    };
    let shown = if now.is_empty() { "none" } else { now };
    (now != wanted).then(|| finding(&rules::PAGE_LAYOUT, subject).m1(wanted).m2(shown))
}

/// What stays as it is in a file's name; all else is percent-encoded (PHP's `rawurlencode`).
const PLAIN: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The file that was selected, if it is not there.
fn missing_file(subject: &Subject<'_>, files: &BTreeSet<String>) -> Option<String> {
    if subject.selected.trim().is_empty() {
        return None;
    }
    let (kind, key) = subject.name.split_once(':')?;
    let stem = match kind {
        "cms_page" => format!("cms_page_view_selectable_{}", key.replace('/', "_")),
        "category" => format!("catalog_category_view_selectable_{key}"),
        _ => format!("catalog_product_view_selectable_{}", percent_encoding::utf8_percent_encode(key, PLAIN)),
    };
    let file = format!("{stem}_{}.xml", subject.selected);
    (!files.contains(&file)).then_some(file)
}

/// A text in a few words: how it begins.
fn brief(text: &LayoutText) -> String {
    let line = text.excerpt.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn card(subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Option<Card> {
    let own = own(subject);
    if own.is_empty() {
        return None;
    }
    let now: Vec<&LayoutText> = other.map(|it| it.updates.iter().map(|(it, _)| *it).collect()).unwrap_or_default();
    let state = match (other, now.iter().map(|it| it.layout.dialect).max_by_key(|it| *it == Dialect::M1)) {
        (Some(other), _) if !other.selected.is_empty() => format!("the file {} is selected", other.selected),
        (_, Some(Dialect::M1)) => "Magento 1's text is in Magento 2".to_owned(),
        (_, Some(Dialect::M2)) => "Magento 2 has a layout update of its own".to_owned(),
        _ => "nothing in Magento 2".to_owned(),
    };
    let conversions = own.iter().flat_map(|(it, _)| &it.layout.conversions).cloned().collect();
    let title = format!("{} ({})", subject.name, subject.scope);
    let mut card = Card::new(title, state);
    for (text, is_timed) in &own {
        let has_time = subject.from.is_some() || subject.to.is_some();
        let label = if *is_timed && has_time { "Magento 1, while its time lasts" } else { "Magento 1" };
        card = card.code(label, text.excerpt.as_str());
    }
    for text in now.iter().filter(|it| it.layout.dialect != Dialect::Empty) {
        card = card.code("Magento 2", text.excerpt.as_str());
    }
    Some(card.list("What becomes of it", conversions))
}

fn row(subject: Option<&Subject<'_>>, other: Option<&Subject<'_>>) -> Vec<String> {
    let time = |it: &Subject<'_>| match (it.from, it.to) {
        (None, None) => String::new(),
        (from, to) => {
            let day = |it: Option<Date>| it.map_or(String::new(), |it| it.to_string());
            format!("{} to {}", day(from), day(to)).trim().to_owned()
        }
    };
    let cells = |it: &Subject<'_>| {
        let text: Vec<&str> = it.updates.iter().map(|(it, _)| it.excerpt.as_str()).collect();
        [text.join("\n"), it.selected.to_owned(), it.page_layout.to_owned(), it.theme.to_owned()]
    };
    let mut row = match subject {
        Some(it) => {
            let state = if it.is_active { "yes" } else { "no" };
            vec![it.name.clone(), it.scope.clone(), state.to_owned(), time(it)]
        }
        None => vec![String::new(); 4],
    };
    for side in [subject, other] {
        row.extend(side.map_or_else(|| std::array::from_fn(|_| String::new()), cells));
    }
    row
}

fn table() -> Table {
    let text = |name, title| Column { name, title, kind: Kind::Text };
    Table {
        columns: vec![
            text("subject", "Subject"),
            text("scope", "Store views"),
            text("m1_active", "Active"),
            text("m1_time", "Time"),
            text("m1_update", "Magento 1 layout update"),
            text("m1_selected", "Selected file"),
            text("m1_page_layout", "Page layout"),
            text("m1_theme", "Theme"),
            text("m2_update", "Magento 2 layout update"),
            text("m2_selected", "Selected file"),
            text("m2_page_layout", "Page layout"),
            text("m2_theme", "Theme"),
        ],
        rows: Vec::new(),
    }
}
