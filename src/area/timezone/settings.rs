//! The time zones of scopes.

use super::rules;
use crate::facts::configuration::{Configuration, TIME_ZONE};
use crate::facts::{Facts, Snapshot, StoreView};
use crate::finding::{Cause, Finding};

/// What either platform takes if nothing is set (`general/locale/timezone` in `config.xml`).
const BUILT_IN: &str = "America/Los_Angeles";

/// The time zone of a scope on both sides.
pub(super) struct Setting {
    pub(super) subject: String,
    pub(super) m1: String,
    /// None if Magento 2 has no such scope, or there is no Magento 2 yet.
    pub(super) m2: Option<String>,
    scope: String,
}

/// Every scope that has a setting of its own in Magento 1.
pub(super) fn settings(facts: &Facts) -> Vec<Setting> {
    let Snapshot { configuration, stores, .. } = &facts.sides.m1;
    let (Some(old), Some(old_stores)) = (configuration.get(), stores.get()) else { return Vec::new() };
    let m2 = &facts.sides.m2;
    let new = m2.configuration.get().zip(m2.stores.get()).filter(|_| !facts.is_assessment);
    let mut found = Vec::new();
    let default =
        |it: &Configuration| it.at(TIME_ZONE, "default", 0).filter(|it| !it.is_empty()).unwrap_or(BUILT_IN).to_owned();
    // The installer always writes one: where there is none the configuration was stripped.
    if old.at(TIME_ZONE, "default", 0).is_some() {
        found.push(Setting {
            subject: "setting:default".to_owned(),
            m1: default(old),
            m2: new.map(|(it, _)| default(it)),
            scope: "all".to_owned(),
        });
    }
    for value in old.values.iter().filter(|it| it.path == TIME_ZONE && !it.value.is_empty()) {
        match value.scope.as_str() {
            "websites" => {
                let Some(code) = old.websites.get(&value.scope_id) else { continue };
                let own = |stores: &[StoreView], id: u64| {
                    let mut codes: Vec<String> =
                        stores.iter().filter(|it| it.website == id).map(|it| it.code.clone()).collect();
                    codes.sort_unstable();
                    codes.join(",")
                };
                let now = new.and_then(|(it, _)| {
                    let (id, _) = it.websites.iter().find(|(_, other)| *other == code)?;
                    let set = it.at(TIME_ZONE, "websites", *id).filter(|it| !it.is_empty());
                    Some(set.map_or_else(|| default(it), str::to_owned))
                });
                found.push(Setting {
                    subject: format!("setting:websites/{code}"),
                    m1: value.value.clone(),
                    m2: now,
                    scope: own(old_stores, value.scope_id),
                });
            }
            "stores" => {
                let Some(store) = old_stores.iter().find(|it| it.id == value.scope_id) else { continue };
                let now = new.and_then(|(it, stores)| {
                    let store = stores.iter().find(|it| it.code == store.code)?;
                    let seen = it.value(TIME_ZONE, store).filter(|it| !it.is_empty());
                    Some(seen.unwrap_or(BUILT_IN).to_owned())
                });
                found.push(Setting {
                    subject: format!("setting:stores/{}", store.code),
                    m1: value.value.clone(),
                    m2: now,
                    scope: store.code.clone(),
                });
            }
            _ => {}
        }
    }
    found
}

/// The finding about a scope, if the sides differ.
pub(super) fn finding(it: &Setting, is_assessment: bool) -> Option<Finding> {
    let mut finding = rules::SETTING.finding(it.subject.as_str()).m1(it.m1.as_str());
    finding = finding.explained_by([Cause::Setting(TIME_ZONE.into())]);
    finding.scope = it.scope.as_str().into();
    match &it.m2 {
        Some(now) if *now == it.m1 => None,
        Some(now) => Some(finding.m2(now.as_str())),
        None if is_assessment => {
            Some(finding.detail("the official tool does not carry it over: it has to be set by hand"))
        }
        None => None,
    }
}
