//! Themes, schedule and settings of both sides, and what follows.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::folders::{self, Usage};
use super::rules;
use crate::area::{Column, Context, Kind, Outcome, Table, Whole};
use crate::facts::design::{ConfigValue, DEFAULT_THEME, Design, DesignChange, THEME_ID, Theme};
use crate::facts::stores::scope;
use crate::facts::{Facts, StoreView};
use crate::finding::{Cause, Finding, Severity};
use crate::known::Known;
use crate::magento::migration::MigrationMap;
use crate::magento::themes;
use crate::source::installation::themes::ThemeFolders;
use crate::text;

pub(super) fn compare(m1: &Design, stores: &[StoreView], facts: &Facts, context: &Context<'_>) -> Outcome {
    let m2 = facts.sides.m2.design.get();
    let m2_stores = facts.sides.m2.stores.get().map_or(&[][..], Vec::as_slice);
    let today = context.now.to_zoned(TimeZone::UTC).date();
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    outcome.whole = Whole::of(stores.len(), &rules::THEME_MISSING, |it| it.rule.code == rules::THEME_MISSING.code);
    for store in stores {
        let before = m1_theme(m1, store, today);
        let now = m2.map(|design| m2_theme(design, m2_stores.iter().find(|it| it.code == store.code)));
        // Without the themes, or the settings, nothing is known of what a store view shows.
        let is_known = m2.is_some_and(|it| it.themes.get().is_some() && it.config.get().is_some());
        if let (true, true, true, Some(now)) = (is_known, store.is_active, before.is_customised, &now) {
            let finding = theme_missing(store, &before, now, facts.is_assessment);
            let gone = before.not_on_disk(m1.folders.get());
            outcome.findings.extend(finding.map(|it| if gone.is_empty() { it } else { it.more_detail(&gone) }));
        }
        outcome.inventory.rows.push(vec![
            format!("store:{}", store.code),
            before.words,
            now.filter(|_| !facts.is_assessment).map_or(String::new(), |it| it.words()),
            String::new(),
        ]);
    }
    let usage = Usage::of(&facts.sides.m1, m1, stores, today);
    outcome.inventory.rows.extend(folders::rows(m1.folders.get(), &usage));
    match &m1.folders {
        Known::Is(themes) => {
            outcome.findings.extend(folders::unused(themes, &usage));
            outcome.cards = folders::cards(themes, &usage);
        }
        Known::Not(lack) => outcome.gaps.push(format!("{}: the files of themes are not looked at", lack.why())),
    }
    if let Some(design) = m2 {
        outcome.findings.extend(folders::not_on_disk(design, m2_stores));
        outcome.inventory.rows.extend(folders::new_rows(design, m2_stores));
        let lack = design.folders.lack().filter(|_| !facts.is_assessment);
        outcome.gaps.extend(lack.map(|it| format!("{}: whether themes are on disk is not looked at", it.why())));
        if facts.is_assessment {
            outcome.findings.extend(schedules_ahead(m1, stores, today));
        } else {
            outcome.findings.extend(broken_schedules(design, m2_stores, today));
        }
        if design.config.get().is_some() {
            // Before the migration a setting is lost that the tool's rules leave out.
            let map = facts.is_assessment.then(|| facts.map());
            outcome.findings.extend(lost_settings(m1, design, stores, m2_stores, map));
        }
        let lacks = [design.config.lack(), design.schedule.lack(), design.themes.lack()];
        outcome.gaps.extend(lacks.into_iter().flatten().map(|it| it.why().to_owned()));
    }
    outcome.gaps.extend([m1.config.lack(), m1.schedule.lack()].into_iter().flatten().map(|it| it.why().to_owned()));
    for (side, design, stores) in [("Magento 1", Some(m1), stores), ("Magento 2", m2, m2_stores)] {
        let schedule = design.and_then(|it| it.schedule.get());
        outcome.inventory.rows.extend(schedule.into_iter().flatten().map(|it| {
            let when = format!("{}, {}", time(it), state(it, today));
            let mut row = vec![format!("design_change:{}", it.id), String::new(), String::new(), when];
            row[if side == "Magento 1" { 1 } else { 2 }] = format!("{} for {}", it.design, scope(&[it.store], stores));
            row
        }));
    }
    outcome.summary = summary(m1, stores, today);
    outcome
}

/// The theme of a store view of Magento 1.
struct M1Theme {
    words: String,
    is_customised: bool,
    /// Each of them, as `package/theme`.
    themes: Vec<String>,
}

impl M1Theme {
    /// Those of the shop's own that are not on disk, in words; empty if that is not known.
    fn not_on_disk(&self, folders: Option<&ThemeFolders>) -> String {
        let Some(folders) = folders else { return String::new() };
        let is_stock =
            |it: &&String| it.split_once('/').is_some_and(|(package, theme)| themes::is_stock(package, theme));
        let own = self.themes.iter().filter(|it| !is_stock(it));
        let is_there =
            |it: &&String| folders.themes.iter().any(|folder| folder.area == "frontend" && folder.path == **it);
        let missing: Vec<&str> = own.filter(|it| !is_there(it)).map(String::as_str).collect();
        if missing.is_empty() { String::new() } else { format!("{} is not on Magento 1's disk", missing.join(", ")) }
    }
}

/// Kinds of files that Magento 1 may take from another theme than the default one.
const KINDS: [&str; 4] = ["design/theme/default", "design/theme/template", "design/theme/layout", "design/theme/skin"];

fn m1_theme(design: &Design, store: &StoreView, today: Date) -> M1Theme {
    // A design that was scheduled without end is what the store view shows, whatever its settings say.
    let lasting = design.schedule.get().into_iter().flatten().find(|it| {
        [0, store.id].contains(&it.store)
            && it.to.is_none()
            && state(it, today) == "in force"
            && it.design.contains('/')
    });
    if let Some(change) = lasting {
        let is_stock = change.design.split_once('/').is_some_and(|(package, theme)| themes::is_stock(package, theme));
        let words = format!("{} (design_change {}, {})", change.design, change.id, time(change));
        return M1Theme { words, is_customised: !is_stock, themes: vec![change.design.clone()] };
    }
    let package = design.value("design/package/name", store).unwrap_or("default");
    let named: BTreeMap<&str, &str> =
        KINDS.iter().filter_map(|path| Some((path.rsplit_once('/')?.1, design.value(path, store)?))).collect();
    let main = named.get("default").copied().unwrap_or("default");
    let mut words = format!("{package}/{main}");
    for (kind, theme) in named.iter().filter(|(kind, theme)| **kind != "default" && **theme != main) {
        words = format!("{words}, {kind} {theme}");
    }
    let is_stock = themes::is_stock(package, main) && named.values().all(|it| themes::is_stock(package, it));
    let mut all: Vec<String> = named.values().chain([&main]).map(|it| format!("{package}/{it}")).collect();
    all.sort();
    all.dedup();
    M1Theme { words, is_customised: !is_stock, themes: all }
}

/// The theme of a store view of Magento 2.
enum M2Theme<'a> {
    NoStore,
    Unknown(String),
    Is(&'a Theme),
}

impl M2Theme<'_> {
    fn words(&self) -> String {
        match self {
            Self::NoStore => "no such store view".to_owned(),
            Self::Unknown(id) => format!("theme {id}, which is not registered"),
            Self::Is(theme) => theme.path.clone(),
        }
    }
}

/// The theme that a store view of Magento 2 is set to, by id or path; none if nothing is set.
pub(super) fn m2_theme_id<'a>(design: &'a Design, store: &StoreView) -> Option<&'a str> {
    design.value(THEME_ID, store)
}

fn m2_theme<'a>(design: &'a Design, store: Option<&StoreView>) -> M2Theme<'a> {
    let Some(store) = store else { return M2Theme::NoStore };
    let mut themes = design.themes.get().into_iter().flatten();
    let id = m2_theme_id(design, store);
    let found = match id {
        Some(id) => themes.find(|it| it.is_named(id)),
        None => themes.find(|it| it.path == DEFAULT_THEME),
    };
    found.map_or_else(|| M2Theme::Unknown(id.unwrap_or(DEFAULT_THEME).to_owned()), M2Theme::Is)
}

fn theme_missing(store: &StoreView, before: &M1Theme, now: &M2Theme<'_>, is_assessment: bool) -> Option<Finding> {
    if matches!(now, M2Theme::Is(theme) if !theme.is_stock()) {
        return None;
    }
    let mut finding = rules::THEME_MISSING.finding(format!("store:{}", store.code)).m1(before.words.as_str());
    if !is_assessment {
        finding = finding.m2(now.words());
    }
    finding.scope = store.code.as_str().into();
    Some(finding.detail(store.name.as_str()).explained_by([Cause::Setting("design/package/name".into())]))
}

/// Schedules that the migration tool will copy as they are, and that Magento 2 will not load.
fn schedules_ahead(design: &Design, stores: &[StoreView], today: Date) -> Vec<Finding> {
    let alive = design.schedule.get().into_iter().flatten().filter(|it| state(it, today) != "over");
    alive
        .map(|it| {
            let mut finding = rules::SCHEDULE_BROKEN.finding(format!("design_change:{}", it.id)).m1(it.design.as_str());
            finding.scope = scope(&[it.store], stores).into();
            finding.detail(format!("{}, {}; the official tool will copy it as it is", time(it), state(it, today)))
        })
        .collect()
}

fn broken_schedules(design: &Design, stores: &[StoreView], today: Date) -> Vec<Finding> {
    let (Some(schedule), Some(themes)) = (design.schedule.get(), design.themes.get()) else { return Vec::new() };
    let is_broken = |it: &&DesignChange| !themes.iter().any(|theme| theme.is_named(&it.design));
    let broken = schedule.iter().filter(is_broken);
    broken
        .map(|it| {
            let is_over = it.to.is_some_and(|to| to < today);
            let severity = if is_over { Severity::Low } else { Severity::Blocker };
            let mut finding = rules::SCHEDULE_BROKEN.finding(format!("design_change:{}", it.id)).severity(severity);
            finding.scope = scope(&[it.store], stores).into();
            finding.m2(it.design.as_str()).detail(format!("{}, {}", time(it), state(it, today)))
        })
        .collect()
}

pub(super) fn time(change: &DesignChange) -> String {
    match (change.from, change.to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}, open end"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "always".to_owned(),
    }
}

pub(super) fn state(change: &DesignChange, today: Date) -> &'static str {
    if change.to.is_some_and(|to| to < today) {
        "over"
    } else if change.from.is_some_and(|from| from > today) {
        "to come"
    } else {
        "in force"
    }
}

/// Paths that have another name in Magento 2. What picks a theme by the browser has one name there.
fn renamed(path: &str) -> &str {
    match path {
        "design/head/default_robots" => "design/search_engine_robots/default_robots",
        path if path.ends_with("ua_regexp") => "design/theme/ua_regexp",
        path => path,
    }
}

/// Whether a value says nothing: PHP's empty array is what an empty list of exceptions is stored as.
fn is_nothing(value: &str) -> bool {
    matches!(value.trim(), "" | "a:0:{}" | "[]" | "{}") || (value.starts_with("a:") && is_unreadable(value))
}

fn lost_settings(
    m1: &Design,
    m2: &Design,
    stores: &[StoreView],
    m2_stores: &[StoreView],
    map: Option<&MigrationMap>,
) -> Vec<Finding> {
    let (Some(old), Some(new)) = (m1.config.get(), m2.config.get()) else { return Vec::new() };
    // Themes are assigned anew.
    let is_theme = |path: &str| {
        (path.starts_with("design/theme/") || path.starts_with("design/package/")) && !path.ends_with("ua_regexp")
    };
    let mut lost: BTreeMap<&str, Vec<&ConfigValue>> = BTreeMap::new();
    for value in old.iter().filter(|it| !is_nothing(&it.value) && !is_theme(&it.path)) {
        if let Some(map) = map {
            if map.ignores_setting(&value.path) {
                lost.entry(&value.path).or_default().push(value);
            }
            continue;
        }
        let Some(scope_id) = new_scope(value, stores, m2_stores) else { continue };
        let answers =
            |it: &&ConfigValue| it.path == renamed(&value.path) && it.scope == value.scope && it.scope_id == scope_id;
        if !new.iter().any(|it| answers(&it) && !is_nothing(&it.value)) {
            lost.entry(&value.path).or_default().push(value);
        }
    }
    lost.into_iter()
        .map(|(path, values)| {
            let words = |it: &&ConfigValue| format!("{}: {}", scope_words(it, stores), shortened(&it.value));
            let scopes: Vec<String> = values.iter().map(words).collect();
            let mut finding = rules::CONFIG_LOST.finding(format!("config:{path}")).incidents(values.len() as u64);
            finding.scope = scope_codes(&values, stores).into();
            let detail = match renamed(path) {
                same if same == path => String::new(),
                other => format!("in Magento 2 the setting is {other}"),
            };
            finding.m1(scopes.join("; ")).detail(detail).explained_by([Cause::Setting(path.to_owned().into())])
        })
        .collect()
}

/// As much of a value as a table has room for.
fn shortened(value: &str) -> String {
    const ROOM: usize = 80;
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The scope's id in Magento 2. None if the store view does not exist there: then the setting has no place.
fn new_scope(value: &ConfigValue, stores: &[StoreView], m2_stores: &[StoreView]) -> Option<u64> {
    if value.scope == "websites" {
        // Websites have ids of their own on each side; their store views have codes.
        let own = stores.iter().filter(|it| it.website == value.scope_id);
        let now = own.filter_map(|it| m2_stores.iter().find(|other| other.code == it.code));
        return now.map(|it| it.website).next();
    }
    if value.scope != "stores" || value.scope_id == 0 {
        return Some(value.scope_id);
    }
    let code = &stores.iter().find(|it| it.id == value.scope_id)?.code;
    Some(m2_stores.iter().find(|it| it.code == *code)?.id)
}

fn scope_words(value: &ConfigValue, stores: &[StoreView]) -> String {
    match value.scope.as_str() {
        "stores" => scope(&[value.scope_id], stores),
        "websites" => format!("website {}", value.scope_id),
        _ => "all".to_owned(),
    }
}

/// The store views that the values apply to.
fn scope_codes(values: &[&ConfigValue], stores: &[StoreView]) -> String {
    let mut ids = Vec::new();
    for value in values {
        match value.scope.as_str() {
            "stores" => ids.push(value.scope_id),
            "websites" => ids.extend(stores.iter().filter(|it| it.website == value.scope_id).map(|it| it.id)),
            _ => ids.push(0),
        }
    }
    scope(&ids, stores)
}

fn summary(m1: &Design, stores: &[StoreView], today: Date) -> Vec<String> {
    let customised = stores.iter().filter(|it| it.is_active && m1_theme(m1, it, today).is_customised).count();
    let active = stores.iter().filter(|it| it.is_active).count();
    let mut lines = vec![format!(
        "{} of Magento 1 in use, {customised} of them with a customised theme.",
        text::count(active as u64, "store view", "store views")
    )];
    let values = m1.config.get().into_iter().flatten().filter(|it| it.path.ends_with("ua_regexp"));
    let unreadable = values.filter(|it| is_unreadable(&it.value)).count() as u64;
    if unreadable > 0 {
        let words = text::count(unreadable, "exception for browsers is", "exceptions for browsers are");
        lines.push(format!("{words} not readable by PHP (a length in it is wrong), and without effect in Magento 1."));
    }
    lines
}

/// Whether a value holds rules for browsers that PHP cannot read, so that Magento 1 does not heed them.
fn is_unreadable(value: &str) -> bool {
    let rules = themes::browser_rules(value.as_bytes());
    !rules.is_empty() && rules.iter().all(|it| !it.is_readable)
}

fn table() -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    Table {
        columns: vec![
            text("subject", "Subject"),
            text("m1", "Magento 1"),
            text("m2", "Magento 2"),
            text("time", "Time, or used by"),
        ],
        rows: Vec::new(),
    }
}
