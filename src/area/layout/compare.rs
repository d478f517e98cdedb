//! Layout of both sides matched, and what follows.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::cards::{card, row, table};
use super::partners::{Alike, Index, Own};
use super::subjects::{Reach, Subject, Subjects, Update, today};
use super::texts::{brief, conversions, troubles_in_m2};
use super::{loose, rules};
use crate::area::{Card, Context, Outcome, Whole};
use crate::facts::design::Theme;
use crate::facts::layout::{LayoutFacts, LayoutKind, LayoutText};
use crate::facts::{Facts, StoreView};
use crate::finding::{Confidence, Finding, Rule, Severity};
use crate::magento::layout;
use crate::pair::Side;
use crate::text;
use crate::text::fold;

pub(super) fn compare(m1: &LayoutFacts, stores: &[StoreView], facts: &Facts, context: &Context<'_>) -> Outcome {
    let m2 = facts.sides.m2.layout.get();
    let m2_stores = facts.sides.m2.stores.get().map_or(&[][..], Vec::as_slice);
    let nothing = LayoutFacts::default();
    let new = m2.unwrap_or(&nothing);
    let Subjects { all: mut before, .. } = Subjects::of(Side::M1, m1, stores, context.now);
    let Subjects { all: mut now, later } = Subjects::of(Side::M2, new, m2_stores, context.now);
    // What is not among those of either side may be there all the same: nothing is said of its kind.
    let is_known = |kind: LayoutKind| !m1.partly_known.contains(&kind) && !new.partly_known.contains(&kind);
    before.retain(|it| is_known(it.kind.into()));
    now.retain(|it| is_known(it.kind.into()));
    let themes = facts.sides.m2.design.get().and_then(|it| it.themes.get());
    let view = View {
        today: today(context.now),
        files: m2.and_then(|it| it.files.as_ref()),
        themes,
        is_known: m2.is_some(),
        is_assessment: facts.is_assessment,
        store_views: m2_stores.iter().filter(|it| it.id != 0 && it.is_active).map(|it| it.code.as_str()).collect(),
    };
    let index = Index::new(&before, &now);
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    let alike = Alike::new(&before);
    let mut cards: HashMap<(*const LayoutText, String), usize> = HashMap::new();
    for subject in &before {
        let other = index.partner(subject, &now, alike.differs_from_all(subject, &before));
        let other = other.as_ref();
        // A page that is not there at all is the content's finding.
        let is_gone = !facts.is_assessment && m2.is_some() && other.is_none() && subject.name.starts_with("cms_page:");
        let findings = view.of_m1_anywhere(subject, other, &index, &now).into_iter();
        let is_of_m1 = |it: &Finding| [rules::MALFORMED.code, rules::EXPIRED.code].contains(&it.rule.code);
        outcome.findings.extend(findings.filter(|it| !is_gone || is_of_m1(it)));
        if subject.has_any() {
            outcome.inventory.rows.push(row(Some(subject), other));
            add_card(&mut outcome.cards, &mut cards, subject, other);
        }
    }
    for subject in &now {
        outcome.findings.extend(view.of_m2(subject));
        let is_new = subject.reach == Reach::Parent && !index.before.contains_key(&fold(&subject.name));
        if is_new && subject.is_active && !facts.is_assessment {
            let reach = finding(&rules::REACH, subject).m1(Reach::Own.words());
            outcome.findings.push(reach.m2(subject.reach.words()));
        }
    }
    if is_known(LayoutKind::Update) {
        outcome.findings.extend(loose::of_m1(m1, m2, stores));
        outcome.findings.extend(m2.into_iter().flat_map(|it| loose::of_m2(it, m2_stores)));
    }
    let with = |subjects: &[Subject<'_>]| subjects.iter().filter(|it| it.own().next().is_some()).count();
    outcome.whole = Whole::new(with(&before), &rules::MISSING);
    let count = |it: usize| text::count(it as u64, "thing with a layout update", "things with layout updates");
    outcome.summary.push(match m2 {
        Some(_) => format!(
            "{} of its own in Magento 1, {} in Magento 2.",
            count(with(&before)),
            text::number(with(&now) as u64)
        ),
        None => format!("{} of its own in Magento 1.", count(with(&before))),
    });
    if later > 0 {
        let versions = text::count(later as u64, "scheduled version", "scheduled versions");
        outcome.summary.push(format!("{versions} in Magento 2 not looked at: compared is what is shown now."));
    }
    outcome
}

/// Thousands of products may share a text: they have one card.
fn add_card(
    cards: &mut Vec<Card>,
    by_text: &mut HashMap<(*const LayoutText, String), usize>,
    subject: &Subject<'_>,
    other: Option<&Subject<'_>>,
) {
    let Some(card) = card(subject, other) else { return };
    let Some(first) = subject.own().next().filter(|_| subject.name.starts_with("product:")) else {
        cards.push(card);
        return;
    };
    let now = other.and_then(|it| it.own().next()).map_or("", |it| it.text.excerpt.as_str());
    let key = (
        std::ptr::from_ref(first.text),
        format!("{}{}{now}", card.state, subject.from.is_some() || subject.to.is_some()),
    );
    if let Some(&at) = by_text.get(&key) {
        cards[at].also(card);
    } else {
        by_text.insert(key, cards.len());
        cards.push(card);
    }
}

struct View<'a> {
    today: Date,
    /// Names of the files that can be selected, if they are known.
    files: Option<&'a BTreeSet<String>>,
    /// Magento 2's themes, if they are known.
    themes: Option<&'a Vec<Theme>>,
    is_known: bool,
    /// Whether everything is work ahead.
    is_assessment: bool,
    /// The codes of Magento 2's store views that are open.
    store_views: Vec<&'a str>,
}

fn finding(rule: &'static Rule, subject: &Subject<'_>) -> Finding {
    let mut finding = rule.finding(subject.name.as_str());
    finding.scope = subject.scope.as_str().into();
    finding
}

impl View<'_> {
    /// What is said for all store views may have been done for each of them.
    fn of_m1_anywhere(
        &self,
        subject: &Subject<'_>,
        other: Option<&Subject<'_>>,
        index: &Index,
        now: &[Subject<'_>],
    ) -> Vec<Finding> {
        let mut found = self.of_m1(subject, other);
        let is_of_all = subject.scope == "all" && !subject.name.starts_with("cms_page:");
        if !is_of_all || found.is_empty() || index.by_name.get(&fold(&subject.name)).is_none_or(|it| it.len() < 2) {
            return found;
        }
        let name = fold(&subject.name);
        let of_each: Vec<Vec<Finding>> = self
            .store_views
            .iter()
            .map(|scope| self.of_m1(subject, index.seen_by(&name, scope, now, Own::default()).as_ref()))
            .collect();
        let is_anywhere = |it: &Finding| of_each.iter().flatten().any(|other| other.rule.code == it.rule.code);
        found.retain(|it| of_each.is_empty() || is_anywhere(it));
        found
    }

    fn of_m1(&self, subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Vec<Finding> {
        let mut found = Vec::new();
        let own: Vec<Update<'_>> = subject.own().collect();
        let why_dead = |it: &Update<'_>| subject.why_update_dead(it, self.today);
        let (dead, live): (Vec<_>, Vec<_>) = own.iter().copied().partition(|it| why_dead(it).is_some());
        for Update { text, .. } in &own {
            if let Some(malformed) = &text.layout.malformed {
                found.push(finding(&rules::MALFORMED, subject).m1(brief(text)).detail(malformed.as_str()));
            }
        }
        let why = dead.first().and_then(why_dead);
        if let (Some(update), Some(why)) = (dead.first(), &why) {
            found.push(finding(&rules::EXPIRED, subject).m1(brief(update.text)).detail(why.as_str()));
        }
        if self.is_known && !live.is_empty() {
            let missing = missing(subject, &live, other, None);
            found.extend(missing.map(|it| if self.is_assessment { foretold(it, subject) } else { it }));
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
        // What is over has no reach; what gives way to the parent's design does.
        let alone = Subject { reach: Reach::Own, ..subject.clone() };
        if self.is_known && alone.why_dead(true, self.today).is_none() {
            found.extend(reach_changed(subject, other));
        }
        found
    }

    /// What Magento 2 alone tells.
    fn of_m2(&self, subject: &Subject<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for Update { text, .. } in &subject.updates {
            let troubles = troubles_in_m2(text).into_iter();
            found.extend(troubles.map(|(rule, detail)| finding(rule, subject).m2(brief(text)).detail(detail)));
        }
        if let Some(file) = self.files.and_then(|files| missing_file(subject, files)) {
            found.push(
                finding(&rules::FILE_MISSING, subject).m2(subject.selected).detail(format!("there is no {file}")),
            );
        }
        let is_theme = |name: &str| self.themes.is_none_or(|themes| themes.iter().any(|it| it.is_named(name)));
        if !subject.theme.is_empty() && !is_theme(subject.theme) {
            let reference = finding(&rules::THEME_REFERENCE, subject).m2(subject.theme).detail("not the id of a theme");
            found.push(reference.explained_by(subject.kind.why_without_theme()));
        }
        for page_layout in [subject.page_layout, subject.timed_page_layout] {
            let translated = layout::page_layout(page_layout);
            if translated != page_layout {
                let meaningless = finding(&rules::PAGE_LAYOUT, subject).m2(page_layout);
                found.push(meaningless.detail(format!("in Magento 2 it is {translated}")));
            }
        }
        found
    }
}

/// What the official tool will make of a layout update (`map.xml.dist`).
fn foretold(finding: Finding, subject: &Subject<'_>) -> Finding {
    finding.more_detail(match subject.name.split(':').next() {
        Some("product") => {
            "the official tool copies the text as it is, and Magento 2 does not understand it: empty it there"
        }
        Some("category") => "the official tool leaves it empty",
        _ => "the official tool leaves it behind",
    })
}

fn missing(
    subject: &Subject<'_>,
    own: &[Update<'_>],
    other: Option<&Subject<'_>>,
    dead: Option<&str>,
) -> Option<Finding> {
    let mut confidence = Confidence::Certain;
    let mut detail = dead.map_or_else(Vec::new, |it| vec![it.to_owned()]);
    let mut lost = own.to_vec();
    if let Some(other) = other.filter(|it| it.reach != Reach::Parent || subject.reach == Reach::Parent) {
        let is_selected = !other.selected.is_empty();
        // A text of Magento 1 in Magento 2 is a finding of its own.
        let done: Vec<Update<'_>> = other.own().collect();
        let is_done = |it: &Update<'_>| {
            own.len() == 1 && !done.is_empty() || done.iter().any(|other| other.is_timed == it.is_timed)
        };
        lost.retain(|it| !is_done(it) && (it.is_timed || !is_selected));
        // A page layout of its own is the same effect by other means.
        lost.retain(|it| {
            let chosen = it.text.layout.only_page_layout.as_deref();
            let has_it = chosen == Some(other.timed_page_layout)
                || chosen == Some(other.page_layout) && (!it.is_timed || own.len() == 1);
            !has_it
        });
        if lost.is_empty() || is_selected && own.len() == 1 {
            return None;
        }
        if !done.is_empty() || is_selected {
            detail
                .push("Magento 2 has one layout update for the two of Magento 1: see whether it says both".to_owned());
            confidence = Confidence::Likely;
        } else if other.page_layout != subject.page_layout {
            confidence = Confidence::Likely;
        }
    } else if other.is_some() {
        detail.push("in Magento 2 the design of its parent category applies instead".to_owned());
    }
    let chosen = lost.iter().filter_map(|it| it.text.layout.only_page_layout.as_deref());
    detail.extend(chosen.map(|it| format!("no file is needed: choose the page layout {it} (Design > Layout)")));
    detail.extend(lost.iter().map(|it| conversions([it.text])).filter(|it| !it.is_empty()));
    let severity = if dead.is_some() { Severity::Low } else { Severity::High };
    let missing = finding(&rules::MISSING, subject).severity(severity).m1(brief(lost[0].text));
    let missing = missing.explained_by(subject.kind.why_without_update());
    Some(missing.detail(detail.join("; ")).confidence(confidence).incidents(lost.len() as u64))
}

/// Whether the design of a category reaches the same pages as before.
fn reach_changed(subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Option<Finding> {
    let now = other.map_or(Reach::Own, |it| it.reach);
    // Without any design there is nothing that could reach its products.
    let matters = subject.has_any() || [subject.reach, now].contains(&Reach::Parent);
    let differs = subject.reach != now && matters;
    differs.then(|| finding(&rules::REACH, subject).m1(subject.reach.words()).m2(now.words()))
}

fn theme_lost(subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Option<Finding> {
    if subject.theme.is_empty() || other.is_some_and(|it| !it.theme.is_empty()) {
        return None;
    }
    Some(finding(&rules::THEME_REFERENCE, subject).m1(subject.theme).explained_by(subject.kind.why_without_theme()))
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

fn page_layout_changed(subject: &Subject<'_>, own: &[Update<'_>], other: Option<&Subject<'_>>) -> Option<Finding> {
    // A layout update that chooses one wins over the field.
    let chosen = own.iter().find_map(|it| it.text.layout.page_layout.as_deref());
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
    // Magento 2 has a field of its own for the page layout while a product's design lasts.
    let is_timed = subject.is_page_layout_timed && other.is_some_and(|it| it.timed_page_layout == wanted);
    (now != wanted && !is_timed).then(|| finding(&rules::PAGE_LAYOUT, subject).m1(wanted).m2(shown))
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
