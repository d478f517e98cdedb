//! Tables and columns of extensions: whose they are, and whether Magento 2 has them.

use std::collections::BTreeMap;

use super::compare::Extension;
use super::{inventory, rules};
use crate::area::Column;
use crate::facts::tables::{Table, TableFacts, is_foreign_column};
use crate::finding::{Cause, Finding};
use crate::magento::{retired, tables};
use crate::text;

/// Which extension claims a table, by the table's name.
pub(super) type Claims = BTreeMap<String, usize>;

/// Finds whose tables and columns they are, and notes them with the extensions.
pub(super) fn claim(found: &mut [Extension<'_>], facts: &TableFacts) -> Claims {
    let mut claims = Claims::new();
    for (name, table) in foreign(facts) {
        let Some(at) = owner(found, name) else { continue };
        claims.insert(name.to_owned(), at);
        found[at].life.tables.push((name.to_owned(), table.rows.unwrap_or(0), table.newest.clone()));
    }
    for (name, table) in &facts.tables {
        for column in table.filled_columns.iter().filter(|it| is_foreign_column(name, it)) {
            let declared = found.iter().position(|it| {
                // Words such as `label` and `status` stand in every script.
                column.contains('_') && it.module.is_some_and(|it| it.names.contains(column))
            });
            // `acme_zone` is the vendor's, if it has one extension only.
            let is_of_vendor = |it: &Extension<'_>| {
                let vendor = it.key.split('_').next().unwrap_or_default();
                it.is_only_of_vendor && column.strip_prefix(vendor).is_some_and(|it| it.starts_with('_'))
            };
            let vendor = || found.iter().position(is_of_vendor);
            if let Some(at) = declared.or_else(vendor) {
                found[at].life.columns.push(format!("{name}.{column}"));
            }
        }
    }
    for it in found.iter_mut() {
        let declared = it.module.into_iter().flat_map(|it| &it.tables).filter(|it| is_foreign(it));
        let is_unknown = |name: &String| facts.tables.get(name).is_none_or(|it| it.rows.is_none());
        it.life.has_uncounted |= it.setup.is_some() && declared.into_iter().any(is_unknown);
    }
    claims
}

/// Whether a table is none of Magento 1's own.
fn is_foreign(name: &str) -> bool {
    !tables::is_of_m1(name) && retired::of(name).is_none()
}

/// Tables that are none of Magento 1's own.
fn foreign(facts: &TableFacts) -> impl Iterator<Item = (&str, &Table)> {
    let all = facts.tables.iter().map(|(name, table)| (name.as_str(), table));
    all.filter(|(name, table)| table.rows.is_some() && is_foreign(name))
}

/// Who declares the table, names it in its setup scripts, or is named alike: the longest such name.
fn owner(found: &[Extension<'_>], table: &str) -> Option<usize> {
    let by = |is_its: &dyn Fn(&Extension<'_>) -> bool| found.iter().position(is_its);
    by(&|it| it.module.is_some_and(|it| it.tables.contains(table)))
        .or_else(|| by(&|it| it.module.is_some_and(|it| it.names.contains(table))))
        .or_else(|| {
            let key = |it: &Extension<'_>| {
                let setup = it.setup.and_then(|(code, _)| code.strip_suffix("_setup")).map(str::to_owned);
                let names = [Some(it.key.clone()), setup].into_iter().flatten();
                let fitting = names.filter(|key| {
                    table.strip_prefix(key.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
                });
                fitting.map(|it| it.len()).max()
            };
            let fitting = found.iter().enumerate().filter_map(|(at, it)| Some((key(it)?, at)));
            fitting.max_by_key(|(length, at)| (*length, std::cmp::Reverse(*at))).map(|(_, at)| at)
        })
}

/// Data that Magento 2 does not have.
pub(super) fn left(found: &[Extension<'_>], claims: &Claims, old: &TableFacts, new: &TableFacts) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, table) in foreign(old) {
        let rows = table.rows.unwrap_or(0);
        let has_rows = new.tables.get(name).map(|it| it.rows);
        // A table that the new shop has, and that was filled: whether by the migration is its owner's to know.
        if matches!(has_rows, Some(Some(1..) | None)) {
            continue;
        }
        let m1 = text::count(rows, "row", "rows");
        let subject = format!("table:{name}");
        let ignored = [Cause::Document(name.to_owned().into())];
        let newest = table.newest.as_ref().map(|it| format!("the latest is of {it}")).unwrap_or_default();
        match claims.get(name) {
            Some(at) if rows > 0 => {
                let mut finding =
                    rules::DATA_LEFT.finding(subject).m1(m1).detail(owner_words(&found[*at])).explained_by(ignored);
                if !newest.is_empty() {
                    finding = finding.more_detail(&newest);
                }
                findings.push(if has_rows.is_some() { finding.m2("0 rows") } else { finding });
            }
            Some(_) => {}
            None => findings.push(rules::ORPHAN_TABLE.finding(subject).m1(m1).detail(newest).explained_by(ignored)),
        }
    }
    for (name, table) in &old.tables {
        let there = new.tables.get(tables::renamed(name));
        for column in table.filled_columns.iter().filter(|it| is_foreign_column(name, it)) {
            if there.is_some_and(|it| it.columns.contains(column)) {
                continue;
            }
            let place = format!("{name}.{column}");
            let owner = found.iter().find(|it| it.life.columns.contains(&place));
            let finding = rules::COLUMN_LEFT.finding(format!("column:{place}")).m1("has values");
            let finding = finding.explained_by([Cause::Field(place.into())]);
            findings.push(match owner {
                Some(it) => finding.detail(format!("of {}", it.name)),
                None => finding,
            });
        }
    }
    findings
}

/// Whose it is; what an extension left that was removed weighs less.
fn owner_words(it: &Extension<'_>) -> String {
    if it.module.is_some() { format!("of {}", it.name) } else { format!("of {}, as its setup is named", it.name) }
}

/// Rows of the inventory for tables that nobody claims.
pub(super) fn orphans(claims: &Claims, facts: &TableFacts) -> Vec<Vec<String>> {
    let orphans = foreign(facts).filter(|(name, _)| !claims.contains_key(*name));
    orphans
        .map(|(name, table)| {
            let cell = |column: &Column| match &*column.name {
                "subject" => format!("table:{name}"),
                "state" => "table of nobody".to_owned(),
                "tables" => name.to_owned(),
                "rows" => table.rows.unwrap_or(0).to_string(),
                "newest" => table.newest.clone().unwrap_or_default(),
                _ => String::new(),
            };
            inventory::table().columns.iter().map(cell).collect()
        })
        .collect()
}
