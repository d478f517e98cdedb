//! Leftovers, ignored data, and settings.

use super::rules;
use crate::area::{Column, Kind, Outcome, Table};
use crate::facts::configuration::Configuration;
use crate::facts::design::ConfigValue;
use crate::facts::tables::TableFacts;
use crate::facts::{Facts, StoreView};
use crate::finding::{Cause, Confidence, Finding};
use crate::text;

pub(super) fn compare(facts: &Facts) -> Outcome {
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    let (m1, m2) = (&facts.sides.m1, &facts.sides.m2);
    if let Some(old) = m1.tables.get() {
        outcome.findings.extend(left_in_m1(old));
        outcome.findings.extend(ignored(old, facts));
    }
    if let Some(new) = m2.tables.get().filter(|_| !facts.is_assessment) {
        outcome.findings.extend(left_in_m2(new));
    }
    let stores = |of: Option<&Vec<StoreView>>| of.cloned().unwrap_or_default();
    if let Some(old) = m1.configuration.get() {
        let new = m2.configuration.get().filter(|_| !facts.is_assessment);
        let are_known = m1.stores.get().is_some() && (new.is_none() || m2.stores.get().is_some());
        let scopes = Scopes { m1: stores(m1.stores.get()), m2: stores(m2.stores.get()), are_known };
        outcome.findings.extend(settings(old, new, &scopes, facts.is_assessment));
    }
    outcome.inventory.rows = outcome.findings.iter().map(row).collect();
    outcome.summary = vec![match &facts.migration {
        Some(map) => {
            let wanted = ["map.xml", "class-map.xml", "settings.xml"];
            let lacks: Vec<&str> =
                wanted.into_iter().filter(|it| !map.files.iter().any(|file| file.starts_with(it))).collect();
            let lacks = if lacks.is_empty() { String::new() } else { format!(" Not there: {}.", lacks.join(", ")) };
            format!("The operator's rules were read: {}.{lacks}", map.files.join(", "))
        }
        None => "No rules of an operator were given (--migration-config): the tool's own were taken.".to_owned(),
    }];
    outcome
}

fn left_in_m1(tables: &TableFacts) -> Vec<Finding> {
    let logs = tables.tables.keys().filter(|it| it.starts_with("m2_cl_"));
    let log =
        |name: &String| rules::LEFTOVER.finding(name.as_str()).m1("change log").detail("table in Magento 1's database");
    let triggers = tables.triggers.iter().filter(|it| it.is_of_migration);
    let trigger = |it: &crate::facts::tables::Trigger| {
        let detail = format!("trigger on {} in Magento 1's database", it.table);
        rules::LEFTOVER.finding(it.name.as_str()).m1("trigger").detail(detail)
    };
    logs.map(log).chain(triggers.map(trigger)).collect()
}

fn left_in_m2(tables: &TableFacts) -> Vec<Finding> {
    let backups = tables.tables.iter().filter(|(name, _)| name.starts_with("migration_backup_"));
    let finding = |(name, table): (&String, &crate::facts::tables::Table)| {
        let rows = table.rows.map_or_else(|| "backup".to_owned(), |it| text::count(it, "row", "rows"));
        rules::LEFTOVER.finding(name.as_str()).m2(rows).detail("table in Magento 2's database")
    };
    backups.map(finding).collect()
}

/// What the operator's map ignores beyond the tool's own, if there is anything in it.
fn ignored(tables: &TableFacts, facts: &Facts) -> Vec<Finding> {
    let Some(map) = &facts.migration else { return Vec::new() };
    let mut findings = Vec::new();
    for (name, table) in tables.tables.iter().filter(|(name, _)| map.adds_document(name)) {
        let finding = rules::IGNORED_DATA.finding(name.as_str());
        match table.rows {
            Some(0) => {}
            Some(rows) => {
                let rows = text::count(rows, "row", "rows");
                findings.push(finding.m1(rows).detail("a table that the operator added to what is ignored"));
            }
            // A snapshot was taken without the map.
            None => findings.push(finding.confidence(Confidence::Likely).detail("a table whose rows were not counted")),
        }
    }
    for (name, table) in &tables.tables {
        for column in &table.filled_columns {
            let field = format!("{name}.{column}");
            if map.adds_field(&field) {
                let finding = rules::IGNORED_DATA.finding(field).m1("has values");
                findings.push(finding.detail("a column that the operator added to what is ignored"));
            }
        }
    }
    findings
}

/// Store views of both sides, by which scopes are matched.
struct Scopes {
    m1: Vec<StoreView>,
    m2: Vec<StoreView>,
    are_known: bool,
}

impl Scopes {
    /// The scope's id in Magento 2, and its name in findings.
    fn of(
        &self,
        value: &ConfigValue,
        old: &Configuration,
        new: Option<&Configuration>,
    ) -> Option<(Option<u64>, String)> {
        match value.scope.as_str() {
            // Of which store views it is, and which one it is in Magento 2, has to be known.
            "websites" | "stores" if value.scope_id != 0 && !self.are_known => None,
            "websites" if old.lacks_websites || new.is_some_and(|it| it.lacks_websites) => None,
            "websites" => {
                let code = old.websites.get(&value.scope_id)?;
                let id = new.and_then(|it| it.websites.iter().find(|(_, other)| *other == code)).map(|(id, _)| *id);
                let mut codes: Vec<&str> =
                    self.m1.iter().filter(|it| it.website == value.scope_id).map(|it| it.code.as_str()).collect();
                codes.sort_unstable();
                Some((id, codes.join(",")))
            }
            "stores" if value.scope_id != 0 => {
                let code = &self.m1.iter().find(|it| it.id == value.scope_id)?.code;
                Some((self.m2.iter().find(|it| it.code == *code).map(|it| it.id), code.clone()))
            }
            _ => Some((Some(0), "all".to_owned())),
        }
    }
}

/// What a setting does that was carried over, changed or dropped.
enum Harm {
    Carried(&'static str),
    Changed(&'static str),
    Dropped(&'static str),
}

/// The paths that are looked at.
fn harm(value: &ConfigValue) -> Option<Harm> {
    let is_single = value.scope != "default";
    match value.path.as_str() {
        "admin/captcha/enable" if value.value.trim() == "1" => Some(Harm::Carried(
            "the CAPTCHA of the administration is on: programs that ask for an administrator's token are refused",
        )),
        "catalog/seo/category_url_suffix" | "catalog/seo/product_url_suffix" => Some(Harm::Changed(
            "the suffix of addresses differs: every link of the old shop leads to another page, or to none",
        )),
        "web/unsecure/base_url" | "web/secure/base_url" if is_single => Some(Harm::Dropped(
            "the address of its own was not carried over: it answers under the address of the whole shop",
        )),
        "web/unsecure/base_media_url" | "web/secure/base_media_url" if value.value.contains("://") => {
            Some(Harm::Dropped(
                "the address of media files (a CDN) was not carried over: they are taken from the shop itself",
            ))
        }
        _ => None,
    }
}

/// The suffix that Magento has without any setting.
const BUILT_IN_SUFFIX: &str = ".html";

/// A suffix of addresses as it is used: Enterprise 1.13 keeps it without its dot.
fn suffix(value: &str) -> String {
    if value.is_empty() || value.starts_with(['.', '/', '-', '_']) { value.to_owned() } else { format!(".{value}") }
}

/// A setting as its scope sees it in Magento 2: none if nothing is set.
fn seen<'a>(new: &'a Configuration, path: &str, scope: &str, id: u64) -> Option<&'a str> {
    new.at(path, scope, id).or_else(|| new.at(path, "default", 0))
}

fn settings(old: &Configuration, new: Option<&Configuration>, scopes: &Scopes, is_assessment: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    // What Magento 1 does not set is built in; Magento 2 may have been set otherwise.
    let suffixes = ["catalog/seo/category_url_suffix", "catalog/seo/product_url_suffix"];
    let unset = suffixes.into_iter().filter(|it| old.at(it, "default", 0).is_none()).map(|path| ConfigValue {
        scope: "default".to_owned(),
        scope_id: 0,
        path: path.to_owned(),
        value: BUILT_IN_SUFFIX.to_owned(),
    });
    for value in &old.values.iter().cloned().chain(unset).collect::<Vec<_>>() {
        let Some(harm) = harm(value) else { continue };
        let Some((id, scope)) = scopes.of(value, old, new) else { continue };
        let own = new.zip(id).and_then(|(it, id)| it.at(&value.path, &value.scope, id));
        let now = match harm {
            Harm::Changed(_) => {
                new.zip(id).map(|(it, id)| seen(it, &value.path, &value.scope, id).unwrap_or(BUILT_IN_SUFFIX))
            }
            _ => own,
        };
        let mut finding = rules::SETTING.finding(value.path.as_str()).m1(value.value.as_str());
        finding = finding.explained_by([Cause::Setting(value.path.clone().into())]);
        finding.scope = scope.into();
        let is_harmful = match &harm {
            _ if is_assessment => !matches!(harm, Harm::Changed(_)),
            // A scope that Magento 2 does not have needs no setting.
            _ if new.is_none() || id.is_none() => false,
            Harm::Carried(_) => now == Some(value.value.as_str()),
            Harm::Changed(_) => now.is_some_and(|it| suffix(it) != suffix(&value.value)),
            Harm::Dropped(_) => now.is_none(),
        };
        if !is_harmful {
            continue;
        }
        let (Harm::Carried(words) | Harm::Changed(words) | Harm::Dropped(words)) = harm;
        let detail = match (&harm, is_assessment) {
            (Harm::Carried(_), true) => format!("the official tool will carry it over: {words}"),
            (_, true) => {
                format!(
                    "the official tool will not carry it over: {}",
                    words.replace("was not carried over", "is lost")
                )
            }
            _ => words.to_owned(),
        };
        let finding = finding.detail(detail);
        findings.push(match now {
            Some(now) => finding.m2(now),
            None => finding,
        });
    }
    findings
}

fn row(finding: &Finding) -> Vec<String> {
    let what = finding.rule.code.split_once('.').map_or("", |(_, what)| what);
    let text = |it: &Option<Box<str>>| it.as_deref().unwrap_or_default().to_owned();
    vec![
        what.to_owned(),
        finding.subject.to_string(),
        finding.scope.to_string(),
        text(&finding.m1),
        text(&finding.m2),
        finding.detail.to_string(),
    ]
}

fn table() -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    Table {
        columns: vec![
            text("kind", "Kind"),
            text("subject", "Subject"),
            text("scope", "Scope"),
            text("m1", "Magento 1"),
            text("m2", "Magento 2"),
            text("detail", "Detail"),
        ],
        rows: Vec::new(),
    }
}
