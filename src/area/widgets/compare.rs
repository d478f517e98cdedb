//! Widgets of both sides matched, and what follows.

use std::collections::{BTreeMap, BTreeSet};

use super::rules;
use crate::area::{Column, Kind, Outcome, Table, Whole};
use crate::facts::design::{DEFAULT_THEME, THEME_ID, Theme};
use crate::facts::stores::scope;
use crate::facts::widgets::{Placement, Reference};
use crate::facts::{Facts, StoreView, Widget};
use crate::finding::{Cause, Finding, Rule, Severity};
use crate::magento::{layout, parameters};
use crate::matching::widgets::{How, pair_off};
use crate::text;

pub(super) fn compare(m1: &[Widget], facts: &Facts) -> Outcome {
    let m2 = facts.sides.m2.widgets.get();
    let known = m2.map_or(&[][..], Vec::as_slice);
    let stores = |side: &crate::facts::Snapshot| side.stores.get().cloned().unwrap_or_default();
    let view = View { m1_stores: stores(&facts.sides.m1), m2_stores: stores(&facts.sides.m2), facts };
    let key = |widget: &Widget, stores: &[StoreView]| scope(&widget.stores, stores);
    let partners = pair_off(m1, known, &|at| key(&m1[at], &view.m1_stores), &|at| key(&known[at], &view.m2_stores));
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    outcome.whole = Whole::of(m1.len(), &rules::MISSING, |it| it.rule.code != rules::EXTRA.code);
    for (place, widget) in m1.iter().enumerate() {
        let partner = partners.get(&place).map(|it| (it.how, &known[it.place]));
        match (m2, partner) {
            (Some(_), Some((_, other))) => outcome.findings.extend(view.differences(widget, other)),
            (Some(_), None) => outcome.findings.push(view.missing(widget)),
            (None, _) => {}
        }
        outcome.inventory.rows.push(view.row(Some(widget), partner));
    }
    let taken: BTreeSet<usize> = partners.values().map(|it| it.place).collect();
    for (_, widget) in known.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
        let mut extra = rules::EXTRA.finding(subject(widget)).m2(widget.kind.as_str());
        extra.scope = scope(&widget.stores, &view.m2_stores).into();
        outcome.findings.push(extra);
        let mut row = vec![String::new(); M1_COLUMNS];
        row.push(String::new());
        row.extend(view.m2_cells(widget));
        outcome.inventory.rows.push(row);
    }
    let placed = m1.iter().filter(|it| is_placed(it)).count();
    let widgets = |count: usize| text::count(count as u64, "widget", "widgets");
    outcome.summary.push(match m2 {
        Some(m2) => format!(
            "{} in Magento 1, {placed} of them placed; {} in Magento 2, {} of them placed; {} matched.",
            widgets(m1.len()),
            widgets(m2.len()),
            m2.iter().filter(|it| is_placed(it)).count(),
            partners.len()
        ),
        None => format!("{} in Magento 1, {placed} of them placed.", widgets(m1.len())),
    });
    if m2.is_some() && !facts.is_assessment {
        let design = facts.sides.m2.design.get();
        let lack = match design {
            None => facts.sides.m2.design.lack(),
            Some(design) => design.themes.lack().or_else(|| design.config.lack()),
        };
        outcome.gaps.extend(lack.map(|it| it.why().to_owned()));
    }
    outcome
}

fn subject(widget: &Widget) -> String {
    format!("widget:{}", widget.title)
}

fn is_placed(widget: &Widget) -> bool {
    widget.placements.iter().any(|it| it.updates > 0)
}

struct View<'a> {
    m1_stores: Vec<StoreView>,
    m2_stores: Vec<StoreView>,
    facts: &'a Facts,
}

impl View<'_> {
    fn finding(&self, rule: &'static Rule, widget: &Widget) -> Finding {
        let mut finding = rule.finding(subject(widget));
        finding.scope = scope(&widget.stores, &self.m1_stores).into();
        finding
    }

    fn missing(&self, widget: &Widget) -> Finding {
        let mut detail = match widget.placements.len() {
            0 => "it was placed nowhere".to_owned(),
            _ => format!("it stood in {}", places(widget.placements.iter())),
        };
        if self.facts.is_assessment {
            let copied = if layout::widget_classes(&widget.kind).next().is_some() { "" } else { ", nor its type" };
            detail = format!("{detail}; the official tool copies it, and not its places and its theme{copied}");
        }
        self.finding(&rules::MISSING, widget).m1(format!("{}, {}", widget.kind, widget.theme)).detail(detail)
    }

    fn differences(&self, widget: &Widget, other: &Widget) -> Vec<Finding> {
        let mut found = Vec::new();
        if is_placed(widget) && !is_placed(other) {
            let wanted = places(widget.placements.iter());
            let m2 = if other.placements.is_empty() { "no place" } else { "places without a layout update" };
            found.push(
                self.finding(&rules::NOT_PLACED, widget).m1(wanted).m2(m2).detail(to_do(widget)).explained_by([
                    Cause::document("core_layout_update"),
                    Cause::document("widget_instance_page_layout"),
                ]),
            );
        }
        let mut left: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for it in other.placements.iter().filter(|it| it.updates > 0) {
            *left.entry(pages(&it.group, it.handle.clone())).or_default() += 1;
        }
        let lost = widget.placements.iter().filter(|it| it.updates > 0).filter(|it| {
            let handle = layout::handle(&it.handle).filter(|it| !it.is_empty());
            let handle = handle.map_or_else(|| it.handle.clone(), std::borrow::Cow::into_owned);
            match left.get_mut(&pages(&it.group, handle)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        let lost: Vec<&Placement> = lost.collect();
        let narrower = self.narrower(widget, other);
        if is_placed(other) && (!lost.is_empty() || !narrower.is_empty()) {
            let count = (lost.len() + narrower.len()) as u64;
            let shown = widget.placements.iter().filter(|it| it.updates > 0);
            let before = if lost.is_empty() { places(shown) } else { places(lost.into_iter()) };
            let place = self.finding(&rules::PLACE_LOST, widget).m1(before).detail(narrower.join("; "));
            found.push(place.m2(places(other.placements.iter().filter(|it| it.updates > 0))).incidents(count));
        }
        if !other.kind.contains('\\') {
            let now = if other.kind.is_empty() { "empty" } else { &other.kind };
            let mut classes = layout::widget_classes(&widget.kind);
            let detail = match classes.next() {
                Some(class) => format!("in Magento 2 it is {class}"),
                None => "the type belongs to an extension, or to a feature that is gone".to_owned(),
            };
            found.push(
                self.finding(&rules::TYPE_LOST, widget).m1(widget.kind.as_str()).m2(now).detail(detail).explained_by([
                    Cause::Class(widget.kind.clone()),
                    Cause::Handled { field: "widget_instance.instance_type", handler: "ClassMap" },
                ]),
            );
        }
        found.extend(self.wrong_theme(widget, other));
        let foreign: BTreeSet<&str> =
            other.placements.iter().map(|it| it.container.as_str()).filter(|it| layout::is_of_m1_alone(it)).collect();
        if !foreign.is_empty() {
            let instead = foreign.iter().map(|it| match layout::name(it).map_or("", |it| it.m2.as_str()) {
                "" => format!("{it} has no counterpart"),
                name => format!("{it} is {name}"),
            });
            let detail = instead.collect::<Vec<_>>().join(", ");
            let names: Vec<&str> = foreign.iter().copied().collect();
            let count = other.placements.iter().filter(|it| foreign.contains(it.container.as_str())).count();
            let unknown = self.finding(&rules::UNKNOWN_CONTAINER, widget).m2(names.join(", ")).detail(detail);
            found.push(unknown.incidents(count as u64));
        }
        found.extend(self.dead_references(widget, other));
        found.extend(self.parameters_lost(widget, other));
        found
    }

    /// Places that are there, and are for fewer categories, products or store views than before.
    fn narrower(&self, widget: &Widget, other: &Widget) -> Vec<String> {
        let mut words = Vec::new();
        for before in widget.placements.iter().filter(|it| it.updates > 0) {
            let handle = layout::handle(&before.handle).filter(|it| !it.is_empty());
            let handle = handle.map_or_else(|| before.handle.clone(), std::borrow::Cow::into_owned);
            let key = pages(&before.group, handle);
            let is_same = |it: &&Placement| it.updates > 0 && pages(&it.group, it.handle.clone()) == key;
            let now: Vec<&Placement> = other.placements.iter().filter(is_same).collect();
            if now.is_empty() {
                continue;
            }
            let ids = |ids: &BTreeSet<u64>| ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let only: Option<BTreeSet<u64>> =
                now.iter().map(|it| it.only.as_ref()).try_fold(BTreeSet::new(), |all, it| Some(&all | it?));
            match (&before.only, only) {
                (None, Some(only)) => words.push(format!("{} was for all, and is for {}", before.group, ids(&only))),
                (Some(before_only), Some(only)) if !before_only.is_subset(&only) => {
                    words.push(format!("{} lacks {}", before.group, ids(&(before_only - &only))));
                }
                _ => {}
            }
            let codes = |linked: &BTreeSet<u64>, stores: &[StoreView]| -> BTreeSet<String> {
                let is_it = |it: &&StoreView| it.id != 0 && (linked.contains(&0) || linked.contains(&it.id));
                stores.iter().filter(is_it).map(|it| it.code.clone()).collect()
            };
            let linked: BTreeSet<u64> = now.iter().flat_map(|it| it.linked.iter().copied()).collect();
            let has = codes(&linked, &self.m2_stores);
            let known = codes(&BTreeSet::from([0]), &self.m2_stores);
            let lost: Vec<String> = codes(&before.linked, &self.m1_stores)
                .into_iter()
                .filter(|it| known.contains(it) && !has.contains(it))
                .collect();
            // Snapshots by older versions do not tell.
            if !linked.is_empty() && !lost.is_empty() {
                words.push(format!("{} is not shown in the store views {}", before.group, lost.join(", ")));
            }
        }
        words
    }

    fn dead_references(&self, widget: &Widget, other: &Widget) -> Option<Finding> {
        let words = |it: &Reference| format!("{} {}", it.parameter, it.value);
        let dead: Vec<&Reference> = other.references.iter().filter(|it| it.is_there == Some(false)).collect();
        let was_dead = |it: &Reference| {
            let same = |was: &&Reference| was.parameter == it.parameter && was.value == it.value;
            widget.references.iter().find(same).is_some_and(|it| it.is_there == Some(false))
        };
        let mut now: Vec<String> = dead.iter().map(|it| words(it)).collect();
        let mut detail: Vec<String> = Vec::new();
        for it in dead.iter().filter(|it| was_dead(it)) {
            detail.push(format!("Magento 1 has no {} either", words(it)));
        }
        let templates: BTreeMap<&str, String> = other
            .placements
            .iter()
            .filter_map(|it| Some((it.template.as_str(), parameters::template(&it.template)?)))
            .collect();
        for (template, instead) in &templates {
            now.push(format!("template {template}"));
            detail.push(format!("in Magento 2 the template is {instead}"));
        }
        let is_old = templates.is_empty() && dead.iter().all(|it| was_dead(it));
        let is_dead = |it: &&Reference| dead.iter().any(|dead| dead.parameter == it.parameter);
        let mut before: BTreeSet<String> = widget.references.iter().filter(is_dead).map(words).collect();
        let shown = widget.placements.iter().map(|it| it.template.as_str()).filter(|it| templates.contains_key(it));
        before.extend(shown.map(|it| format!("template {it}")));
        let before: Vec<String> = before.into_iter().collect();
        let count = now.len() as u64;
        let severity = if is_old { Severity::Low } else { Severity::High };
        let finding = self.finding(&rules::DEAD_REFERENCE, widget).severity(severity).m1(before.join(", "));
        (count > 0).then(|| finding.m2(now.join(", ")).detail(detail.join("; ")).incidents(count))
    }

    fn parameters_lost(&self, widget: &Widget, other: &Widget) -> Option<Finding> {
        let Some(before) = &widget.parameters else {
            let finding = self.finding(&rules::PARAMETER_LOST, widget).severity(Severity::Low).m1("not readable");
            return Some(finding.detail("what the widget showed cannot be told"));
        };
        let finding = |m1: String, m2: &str| Some(self.finding(&rules::PARAMETER_LOST, widget).m1(m1).m2(m2));
        let Some(now) = &other.parameters else {
            return finding(words(before.iter()), "not readable").filter(|_| !before.is_empty());
        };
        let lost = || before.iter().filter(|it| !now.contains(*it) && !ELSEWHERE.contains(&it.as_str()));
        finding(words(lost()), "none").filter(|_| lost().next().is_some())
    }

    fn wrong_theme(&self, widget: &Widget, other: &Widget) -> Option<Finding> {
        let design = self.facts.sides.m2.design.get()?;
        let themes = design.themes.get()?;
        let theme = other.theme.parse().ok().and_then(|id: u64| themes.iter().find(|it| it.id == id));
        let finding = |now: String, detail: String| {
            let found = self.finding(&rules::WRONG_THEME, widget).m1(widget.theme.as_str()).m2(now).detail(detail);
            Some(found.explained_by([Cause::Handled { field: "widget_instance.theme_id", handler: "SetValue" }]))
        };
        let Some(theme) = theme else {
            let named = if other.theme.is_empty() { "none".to_owned() } else { format!("theme {}", other.theme) };
            return finding(named, "there is no such theme".to_owned());
        };
        let now = format!("{} ({})", theme.path, theme.area);
        if theme.area != "frontend" {
            return finding(now, "a theme of the administration".to_owned());
        }
        design.config.get()?;
        let is_own = |store: &&StoreView| other.stores.contains(&0) || other.stores.contains(&store.id);
        let of_store = |store: &StoreView| -> Option<&Theme> {
            match design.value(THEME_ID, store) {
                Some(id) => themes.iter().find(|it| it.id.to_string() == id),
                None => themes.iter().find(|it| it.path == DEFAULT_THEME),
            }
        };
        let used: Vec<&Theme> = self.m2_stores.iter().filter(is_own).filter_map(of_store).collect();
        if used.is_empty() || used.iter().any(|it| it.id == theme.id) {
            return None;
        }
        let names: BTreeSet<&str> = used.iter().map(|it| it.path.as_str()).collect();
        finding(now, format!("its store views use {}", names.into_iter().collect::<Vec<_>>().join(", ")))
    }

    fn row(&self, widget: Option<&Widget>, partner: Option<(How, &Widget)>) -> Vec<String> {
        let mut cells = widget.map_or_else(
            || vec![String::new(); M1_COLUMNS],
            |it| {
                vec![
                    it.title.clone(),
                    it.kind.clone(),
                    it.theme.clone(),
                    scope(&it.stores, &self.m1_stores),
                    places(it.placements.iter()),
                    it.placements.iter().filter(|it| it.updates > 0).count().to_string(),
                ]
            },
        );
        cells.push(partner.map_or(String::new(), |(how, _)| how.code().to_owned()));
        cells.extend(partner.map_or_else(|| vec![String::new(); 6], |(_, it)| self.m2_cells(it)));
        cells
    }

    fn m2_cells(&self, widget: &Widget) -> Vec<String> {
        let themes = self.facts.sides.m2.design.get().and_then(|it| it.themes.get());
        let theme = themes.into_iter().flatten().find(|it| it.id.to_string() == widget.theme);
        vec![
            widget.title.clone(),
            widget.kind.clone(),
            theme.map_or_else(|| widget.theme.clone(), |it| format!("{} ({})", it.path, it.area)),
            scope(&widget.stores, &self.m2_stores),
            places(widget.placements.iter()),
            widget.placements.iter().filter(|it| it.updates > 0).count().to_string(),
        ]
    }
}

/// What makes two places the same: the group says which pages, except where single pages were chosen.
fn pages(group: &str, handle: String) -> (&str, String) {
    (group, if group == "pages" { handle } else { String::new() })
}

/// Places in a few words: which pages, by which handle, in which container.
fn places<'a>(placements: impl Iterator<Item = &'a Placement>) -> String {
    let words: Vec<String> = placements.map(|it| format!("{} ({}) in {}", it.group, it.handle, it.container)).collect();
    words.join("; ")
}

/// The layout updates that somebody has to enter, in Magento 2's names.
fn to_do(widget: &Widget) -> String {
    let place = |it: &Placement| {
        let container = layout::name(&it.container).map_or(it.container.as_str(), |it| it.m2.as_str());
        let container = if container.is_empty() { "a container of its own" } else { container };
        // The group says which pages, except where a single page was chosen.
        if it.group == "pages" {
            let handle = layout::handle(&it.handle).filter(|it| !it.is_empty());
            let handle = handle.as_deref().unwrap_or(&it.handle);
            return format!("the page {handle} in {container}");
        }
        format!("{} in {container}", it.group)
    };
    let places: BTreeSet<String> = widget.placements.iter().map(place).collect();
    format!("set {}", places.into_iter().collect::<Vec<_>>().join("; "))
}

/// What Magento 2 does not keep among the parameters: a mark of the form, and the template, which
/// belongs to the place.
const ELSEWHERE: [&str; 2] = ["template", "unique_id"];

fn words<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

const M1_COLUMNS: usize = 6;

fn table() -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    let number = |name, title| Column::new(name, title, Kind::Number);
    Table {
        columns: vec![
            text("m1_title", "Magento 1 widget"),
            text("m1_type", "Type"),
            text("m1_theme", "Theme"),
            text("m1_stores", "Store views"),
            text("m1_places", "Places"),
            number("m1_placed", "Places in force"),
            text("matched_by", "Matched by"),
            text("m2_title", "Magento 2 widget"),
            text("m2_type", "Type"),
            text("m2_theme", "Theme"),
            text("m2_stores", "Store views"),
            text("m2_places", "Places"),
            number("m2_placed", "Places in force"),
        ],
        rows: Vec::new(),
    }
}
