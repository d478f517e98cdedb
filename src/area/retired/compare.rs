//! Tables of features that are gone.

use std::collections::BTreeMap;

use super::rules;
use crate::area::{Card, Column, Context, Kind, Outcome, Table};
use crate::facts::recurring::RecurringProfile;
use crate::facts::stores::scope;
use crate::facts::tables::TableFacts;
use crate::facts::{Facts, StoreView};
use crate::finding::{Cause, Finding};
use crate::magento::retired::{self, Class};
use crate::text;

/// A feature, with the tables of it that this store has.
struct Feature {
    title: &'static str,
    class: Class,
    /// By name: rows, rows that the installation makes, latest date.
    tables: Vec<(String, u64, u64, Option<String>)>,
}

impl Feature {
    /// Rows of all its tables.
    fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows, ..)| rows).sum()
    }

    fn is_used(&self) -> bool {
        self.tables.iter().any(|(_, rows, installed, _)| rows > installed)
    }

    fn newest(&self) -> Option<&str> {
        self.tables.iter().filter_map(|(.., newest)| newest.as_deref()).max()
    }
}

pub(super) fn compare(tables: &TableFacts, facts: &Facts, context: &Context<'_>) -> Outcome {
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    let mut features: BTreeMap<&str, Feature> = BTreeMap::new();
    let mut derived = 0_u64;
    for (name, it) in &tables.tables {
        let Some(kind) = retired::of(name) else { continue };
        if kind.class == Class::Derived {
            derived += 1;
            continue;
        }
        let Some(rows) = it.rows else { continue };
        let feature = features.entry(kind.feature).or_insert_with(|| Feature {
            title: kind.title,
            class: kind.class,
            tables: Vec::new(),
        });
        feature.tables.push((name.clone(), rows, kind.installed, it.newest.clone()));
    }
    let known_stores = facts.sides.m1.stores.get().map(Vec::as_slice);
    let stores = known_stores.unwrap_or_default();
    let profiles = facts.sides.m1.recurring.get().map_or(&[][..], Vec::as_slice);
    let live = recurring(profiles, stores, context);
    // Under other names of its store views it would be another finding.
    if let (None, Some(live)) = (known_stores, &live) {
        let count = live.m1.as_deref().unwrap_or_default();
        outcome
            .gaps
            .push(format!("money depends on {count}, whose store views are not known: give core_store as well"));
    }
    outcome.findings.extend(live.filter(|_| known_stores.is_some()));
    for (code, feature) in &features {
        let is_gone = feature.class == Class::Gone;
        if is_gone && feature.is_used() {
            outcome.findings.push(left_behind(code, feature));
        }
        for (table, rows, installed, newest) in &feature.tables {
            let verdict = match (is_gone, rows > installed) {
                (false, _) => "nothing to do",
                (true, true) => "left behind",
                (true, false) if *rows > 0 => "as installed",
                (true, false) => "empty",
            };
            let cells = [
                (*code).to_owned(),
                feature.title.to_owned(),
                table.clone(),
                rows.to_string(),
                newest.clone().unwrap_or_default(),
                verdict.to_owned(),
            ];
            outcome.inventory.rows.push(cells.to_vec());
        }
    }
    outcome.cards = cards(profiles, stores, context);
    outcome.summary = summary(&features, derived);
    outcome
}

fn left_behind(code: &str, feature: &Feature) -> Finding {
    let list: Vec<String> = feature
        .tables
        .iter()
        .filter(|(_, rows, ..)| *rows > 0)
        .map(|(table, rows, installed, _)| match installed {
            0 => format!("{table} {}", text::number(*rows)),
            _ => format!("{table} {} ({} of them installed by Magento)", text::number(*rows), installed.min(rows)),
        })
        .collect();
    let mut detail = format!("{}: {}", feature.title, list.join(", "));
    if let Some(newest) = feature.newest() {
        detail.push_str("; the latest is of ");
        detail.push_str(newest);
    }
    let own: u64 = feature.tables.iter().map(|(_, rows, installed, _)| rows.saturating_sub(*installed)).sum();
    let used = feature.tables.iter().filter(|(_, rows, ..)| *rows > 0);
    let ignored = used.map(|(table, ..)| Cause::Document(table.clone().into()));
    rules::LEFT_BEHIND.finding(code).m1(text::count(own, "row", "rows")).detail(detail).explained_by(ignored)
}

fn recurring(profiles: &[RecurringProfile], stores: &[StoreView], context: &Context<'_>) -> Option<Finding> {
    let live: Vec<&RecurringProfile> = profiles.iter().filter(|it| it.is_live()).collect();
    if live.is_empty() {
        return None;
    }
    let ids: Vec<u64> = live.iter().filter_map(|it| it.store).collect();
    let mut finding = rules::RECURRING_ACTIVE
        .finding("recurring-profile")
        .m1(text::count(live.len() as u64, "live profile", "live profiles"))
        .incidents(live.len() as u64)
        .explained_by([Cause::document("sales_recurring_profile")]);
    // Profiles of a deleted store view are everybody's.
    finding.scope = if ids.is_empty() { "all".into() } else { scope(&ids, stores).into() };
    let mut by_state: BTreeMap<&str, u64> = BTreeMap::new();
    for it in &live {
        *by_state.entry(&it.state).or_default() += 1;
    }
    let states: Vec<String> = by_state.iter().map(|(state, count)| format!("{count} {state}")).collect();
    finding.detail = states.join(", ").into();
    let next = live.iter().filter(|it| it.state != "suspended").filter_map(|it| it.next(context.now)).min();
    if let Some(next) = next {
        finding = finding.more_detail(&format!("the next payment is due on {next}"));
    }
    let named: Vec<String> = live.iter().take(5).map(|it| words(it)).collect();
    finding = finding.more_detail(&named.join(", "));
    Some(match live.len().saturating_sub(named.len()) {
        0 => finding,
        more => finding.more_detail(&format!("and {} more", text::number(more as u64))),
    })
}

fn words(profile: &RecurringProfile) -> String {
    format!("profile {}: {}", profile.id, terms(profile))
}

/// `19.90 USD every month`
fn terms(profile: &RecurringProfile) -> String {
    let amount = match profile.amount.split_once('.') {
        Some((whole, part)) => format!("{whole}.{}", part.get(..2).unwrap_or(part)),
        None => profile.amount.clone(),
    };
    let unit = profile.unit.replace('_', "-");
    let period = if profile.every == 1 { unit } else { format!("{} {unit}s", profile.every) };
    format!("{amount} {} every {period}", profile.currency)
}

/// One card for each live profile, up to a number that a report can carry.
fn cards(profiles: &[RecurringProfile], stores: &[StoreView], context: &Context<'_>) -> Vec<Card> {
    let live = profiles.iter().filter(|it| it.is_live()).take(200);
    live.map(|it| {
        let next = it.next(context.now).filter(|_| it.state != "suspended").map(|it| it.to_string());
        let cycles = it.cycles.filter(|it| *it > 0).map(|it| text::count(u64::from(it), "payment", "payments"));
        Card::new(format!("Recurring profile {}", it.id), it.state.clone())
            .text("Terms", terms(it))
            .text("In all", cycles.unwrap_or_else(|| "without end".to_owned()))
            .text("Next payment", next.unwrap_or_else(|| "not known, or none".to_owned()))
            .text("Payment method", it.method.clone())
            .text("Known to the provider as", it.reference.clone())
            .text("Customer", it.customer.map_or(String::new(), |id| format!("customer {id}")))
            .text("Store view", it.store.map_or(String::new(), |id| scope(&[id], stores)))
    })
    .collect()
}

fn summary(features: &BTreeMap<&str, Feature>, derived: u64) -> Vec<String> {
    let used = features.values().filter(|it| it.class == Class::Gone && it.is_used()).count();
    let volatile: Vec<&Feature> = features.values().filter(|it| it.class != Class::Gone).collect();
    let rows: u64 = volatile.iter().map(|it| it.rows()).sum();
    let tables: usize = volatile.iter().map(|it| it.tables.len()).sum();
    vec![
        format!("Magento 1 uses {} that Magento 2 does not have.", text::count(used as u64, "feature", "features")),
        format!(
            "Nothing to do about {} of logs, queues and sessions ({}), and about {} of indexes, caches and statistics, which \
             Magento 2 makes anew.",
            text::count(tables as u64, "table", "tables"),
            text::count(rows, "row", "rows"),
            text::count(derived, "table", "tables")
        ),
    ]
}

fn table() -> Table {
    let column = |name, title, kind| Column::new(name, title, kind);
    Table {
        columns: vec![
            column("feature", "Feature", Kind::Text),
            column("title", "What it was for", Kind::Text),
            column("table", "Table", Kind::Text),
            column("rows", "Rows", Kind::Number),
            column("newest", "Latest", Kind::Text),
            column("verdict", "Verdict", Kind::Text),
        ],
        rows: Vec::new(),
    }
}
