//! Themes on disk: who uses those of Magento 1, and whether Magento 2 has those that it registers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::compare::{m2_theme_id, state, time};
use super::rules;
use crate::area::Card;
use crate::facts::design::{DEFAULT_THEME, Design};
use crate::facts::stores::scope;
use crate::facts::{Snapshot, StoreView};
use crate::finding::{Confidence, Finding, Severity};
use crate::magento::themes::{browser_rules, is_stock};
use crate::source::installation::themes::{FileTally, ThemeFolder, ThemeFolders};
use crate::text;

/// Who uses the themes of Magento 1's storefront, by `package/theme`.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// What shows the theme now or will: it is used.
    pub(super) by: BTreeMap<String, Vec<String>>,
    /// What only names it: something that is over, closed, or that shows only where the theme is used.
    pub(super) named: BTreeMap<String, Vec<String>>,
}

impl Usage {
    pub(super) fn of(m1: &Snapshot, design: &Design, stores: &[StoreView], today: Date) -> Self {
        let mut usage = Self::default();
        for store in stores {
            usage.of_store(design, store);
        }
        for change in design.schedule.get().into_iter().flatten() {
            let state = state(change, today);
            let words = format!(
                "design_change {} for {} ({}, {state})",
                change.id,
                scope(&[change.store], stores),
                time(change)
            );
            usage.note(&change.design, words, state != "over");
        }
        if let Some(layout) = m1.layout.get() {
            for page in layout.pages.iter().filter(|it| !it.custom_theme.is_empty()) {
                let is_over = page.to.is_some_and(|it| it < today);
                let words = format!(
                    "cms_page {} for {}{}",
                    page.identifier,
                    scope(&page.stores, stores),
                    until(page.to, is_over)
                );
                usage.note(&page.custom_theme, words, page.is_active && !is_over);
            }
            for entity in layout.entities.iter().filter(|it| !it.theme.is_empty()) {
                let is_over = entity.to.is_some_and(|it| it < today);
                let place = scope(&[entity.store], stores);
                let words = format!("{} {} for {place}{}", entity.kind.code(), entity.key, until(entity.to, is_over));
                usage.note(&entity.theme, words, entity.is_active && !is_over);
            }
        }
        // A widget is placed for a theme, and is seen only where the theme is.
        for widget in m1.widgets.get().into_iter().flatten().filter(|it| !it.theme.is_empty()) {
            usage.note(&widget.theme, format!("widget {}", widget.title), false);
        }
        for theme in &design.linked {
            usage.note(theme, "layout link".to_owned(), false);
        }
        for list in usage.by.values_mut().chain(usage.named.values_mut()) {
            let mut seen = BTreeSet::new();
            list.retain(|it| seen.insert(it.clone()));
        }
        usage
    }

    fn of_store(&mut self, design: &Design, store: &StoreView) {
        let value = |path: &str| design.value(path, store);
        let package = value("design/package/name").unwrap_or("default");
        let mut packages = vec![(package.to_owned(), String::new())];
        let rules = |path: &str| value(path).map(|it| browser_rules(it.as_bytes())).unwrap_or_default();
        let exceptions = rules("design/package/ua_regexp").into_iter().filter(|it| it.is_readable);
        packages.extend(exceptions.map(|it| (it.value, format!(", browser {}", it.pattern))));
        for (package, browser) in packages {
            let kinds = [
                ("design/theme/default", ""),
                ("design/theme/template", ", templates"),
                ("design/theme/layout", ", layout"),
                ("design/theme/skin", ", skin"),
                ("design/theme/locale", ", translations"),
            ];
            let is_named = kinds.iter().any(|(path, _)| value(path).is_some());
            for (path, kind) in kinds {
                if let Some(theme) = value(path) {
                    self.note(
                        &format!("{package}/{theme}"),
                        format!("store {}{kind}{browser}", store.code),
                        store.is_active,
                    );
                }
                // What PHP cannot read has no effect.
                for rule in rules(&format!("{path}_ua_regexp")).into_iter().filter(|it| it.is_readable) {
                    let words = format!("store {}{kind}, browser {}", store.code, rule.pattern);
                    self.note(&format!("{package}/{}", rule.value), words, store.is_active);
                }
            }
            if !is_named || value("design/theme/default").is_none() {
                self.note(&format!("{package}/default"), format!("store {}{browser}", store.code), store.is_active);
            }
        }
    }

    fn note(&mut self, theme: &str, words: String, is_used: bool) {
        let list = if is_used { &mut self.by } else { &mut self.named };
        list.entry(theme.to_owned()).or_default().push(words);
    }

    fn words(list: &BTreeMap<String, Vec<String>>, theme: &str) -> Vec<String> {
        list.get(theme).cloned().unwrap_or_default()
    }
}

/// The first of a list, and how many more there are: a theme may have a product for each of a million.
fn listed(list: &[String]) -> String {
    const MOST: usize = 20;
    let first = list.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match list.len().saturating_sub(MOST) {
        0 => first,
        more => format!("{first} and {} more", text::number(more as u64)),
    }
}

fn until(end: Option<Date>, is_over: bool) -> String {
    match end {
        Some(end) if is_over => format!(" (over on {end})"),
        Some(end) => format!(" (until {end})"),
        None => String::new(),
    }
}

/// Themes of Magento 1 that nothing uses, and the parents of those that are used.
pub(super) fn unused(folders: &ThemeFolders, usage: &Usage) -> Vec<Finding> {
    let mut used: BTreeSet<&str> = usage.by.keys().map(String::as_str).collect();
    // A theme needs those that it builds on.
    loop {
        let parents = folders.themes.iter().filter(|it| it.area == "frontend" && used.contains(it.path.as_str()));
        let new: Vec<&str> = parents.filter_map(|it| it.parent.as_deref()).filter(|it| !used.contains(it)).collect();
        if new.is_empty() {
            break;
        }
        used.extend(new);
    }
    // Files that a theme lacks are looked for in the default theme of its package.
    let packages: BTreeSet<&str> =
        used.iter().filter_map(|it| it.split_once('/')).map(|(package, _)| package).collect();
    let is_used = |it: &&ThemeFolder| match it.path.split_once('/') {
        Some((package, "default")) => packages.contains(package),
        _ => used.contains(it.path.as_str()),
    };
    let own = folders.themes.iter().filter(|it| !it.is_stock());
    let unused = own.filter(|it| !is_used(it));
    unused
        .map(|it| {
            let finding = rules::THEME_UNUSED.finding(it.subject()).m1(text::count(files(it), "file", "files"));
            // Which theme the administration has stands in files that are not read.
            let is_sure = it.area == "frontend";
            let finding = finding.confidence(if is_sure { Confidence::Certain } else { Confidence::Guess });
            let named = Usage::words(&usage.named, &it.path);
            if named.is_empty() { finding } else { finding.detail(format!("only named by {}", listed(&named))) }
        })
        .collect()
}

fn files(it: &ThemeFolder) -> u64 {
    it.files.values().map(|it| it.own + it.overriding + it.same).sum()
}

/// Users of a theme that a card lists.
const MOST_IN_CARD: usize = 200;

/// A card for each theme of Magento 1 that does not come with it.
pub(super) fn cards(folders: &ThemeFolders, usage: &Usage) -> Vec<Card> {
    let own = folders.themes.iter().filter(|it| !it.is_stock());
    own.map(|it| {
        let users = if it.area == "frontend" { Usage::words(&usage.by, &it.path) } else { Vec::new() };
        let named = if it.area == "frontend" { Usage::words(&usage.named, &it.path) } else { Vec::new() };
        let state = if users.is_empty() { "not used" } else { "used" };
        let kind = |(kind, tally): (&String, &FileTally)| format!("{kind}: {}", tally_words(*tally, folders.has_base));
        Card::new(format!("Theme {}/{}", it.area, it.path), state)
            .about(format!("theme:{}/{}", it.area, it.path))
            .text("Builds on", it.parent.clone().unwrap_or_default())
            .list("Kinds of files", it.files.iter().map(kind).collect())
            .list("Used by", users.into_iter().take(MOST_IN_CARD).collect())
            .list("Only named by", named.into_iter().take(MOST_IN_CARD).collect())
    })
    .collect()
}

fn tally_words(tally: FileTally, has_base: bool) -> String {
    if !has_base {
        return (tally.own + tally.overriding + tally.same).to_string();
    }
    let parts = [
        (tally.own, "of its own"),
        (tally.overriding, "in place of another theme's"),
        (tally.same, "the same as another theme's"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    parts.join(", ")
}

/// Rows of the inventory: every theme of Magento 1 that is on disk or used.
pub(super) fn rows(folders: Option<&ThemeFolders>, usage: &Usage) -> Vec<Vec<String>> {
    let mut themes: BTreeMap<String, Option<&ThemeFolder>> = BTreeMap::new();
    for it in folders.into_iter().flat_map(|it| &it.themes).filter(|it| !it.is_stock()) {
        themes.insert(it.subject(), Some(it));
    }
    for theme in usage.by.keys().chain(usage.named.keys()) {
        let is_theme = theme.split_once('/').is_some_and(|(package, name)| !is_stock(package, name));
        if is_theme || usage.by.contains_key(theme) {
            themes.entry(format!("theme:frontend/{theme}")).or_insert(None);
        }
    }
    let row = |(subject, folder): (String, Option<&ThemeFolder>)| {
        let name = subject.trim_start_matches("theme:frontend/").to_owned();
        let users = [Usage::words(&usage.by, &name), Usage::words(&usage.named, &name)];
        let on_disk = match (folder, folders) {
            (Some(it), _) => text::count(files(it), "file", "files"),
            (None, Some(_)) if !name.split_once('/').is_some_and(|(package, name)| is_stock(package, name)) => {
                "not on disk".to_owned()
            }
            _ => String::new(),
        };
        let only = if users[1].is_empty() { String::new() } else { format!("only named by {}", listed(&users[1])) };
        let words = [listed(&users[0]), only].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ");
        vec![subject, on_disk, String::new(), words]
    };
    themes.into_iter().map(row).collect()
}

/// Rows of the inventory: every theme that Magento 2 registers, or has on disk.
pub(super) fn new_rows(design: &Design, stores: &[StoreView]) -> Vec<Vec<String>> {
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let folders = design.folders.get();
    for theme in design.themes.get().into_iter().flatten() {
        let is_there = folders.map(|it| it.themes.iter().any(|it| it.area == theme.area && it.path == theme.path));
        let kind = match (theme.is_physical, is_there) {
            (false, _) => "virtual",
            (true, Some(true)) => "on disk",
            (true, _) => "registered",
        };
        let is_shown = |store: &&StoreView| match m2_theme_id(design, store) {
            Some(id) => theme.is_named(id),
            None => theme.path == DEFAULT_THEME,
        };
        let users: Vec<String> = stores.iter().filter(is_shown).map(|it| format!("store {}", it.code)).collect();
        let subject = format!("theme:{}/{}", theme.area, theme.path);
        rows.insert(
            subject.clone(),
            vec![subject, String::new(), format!("theme {}, {kind}", theme.id), users.join(", ")],
        );
    }
    for folder in folders.into_iter().flat_map(|it| &it.themes) {
        let subject = folder.subject();
        rows.entry(subject.clone())
            .or_insert_with(|| vec![subject, String::new(), "on disk, not registered".to_owned(), String::new()]);
    }
    rows.into_values().collect()
}

/// Themes that Magento 2 registers, and that are not on disk.
pub(super) fn not_on_disk(design: &Design, stores: &[StoreView]) -> Vec<Finding> {
    let (Some(themes), Some(folders)) = (design.themes.get(), design.folders.get()) else { return Vec::new() };
    let is_there = |area: &str, path: &str| folders.themes.iter().any(|it| it.area == area && it.path == path);
    // Where only the store's own files are given, Magento's themes are not among them.
    let is_judged = |path: &str| folders.has_base || !path.starts_with("Magento/");
    let missing = themes.iter().filter(|it| it.is_physical && is_judged(&it.path) && !is_there(&it.area, &it.path));
    missing
        .map(|theme| {
            let users: Vec<String> = stores
                .iter()
                .filter(|store| store.is_active && m2_theme_id(design, store).is_some_and(|it| theme.is_named(it)))
                .map(|store| format!("store {}", store.code))
                .collect();
            let severity = if users.is_empty() { Severity::Low } else { Severity::Blocker };
            let finding =
                rules::THEME_NOT_ON_DISK.finding(format!("theme:{}/{}", theme.area, theme.path)).severity(severity);
            // A package may register its themes anywhere.
            let finding = finding.confidence(Confidence::Likely);
            finding.m2(format!("registered as theme {}", theme.id)).used_by(&users)
        })
        .collect()
}
