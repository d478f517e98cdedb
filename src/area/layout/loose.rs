//! Layout updates that no widget made.

use super::{rules, texts};
use crate::facts::StoreView;
use crate::facts::layout::{LayoutFacts, LayoutText, LooseUpdate};
use crate::facts::stores::scope;
use crate::finding::{Cause, Confidence, Finding, Rule, Severity};
use crate::magento::layout;
use crate::magento::layout_xml::Dialect;

pub(super) fn of_m1(m1: &LayoutFacts, m2: Option<&LayoutFacts>, stores: &[StoreView]) -> Vec<Finding> {
    let mut found = Vec::new();
    for update in &m1.updates {
        let named = |rule: &'static Rule| finding(rule, update, stores).m1(format!("handle {}", update.handle));
        if update.stores.is_empty() {
            found.push(named(&rules::ORPHAN));
            continue;
        }
        let Some(text) = said(update) else { continue };
        if let Some(malformed) = &text.layout.malformed {
            found.push(named(&rules::MALFORMED).detail(malformed.as_str()));
        }
        let Some(m2) = m2 else { continue };
        let handle = layout::handle(&update.handle).unwrap_or_else(|| update.handle.as_str().into());
        let is_done = m2.updates.iter().any(|it| {
            let is_m2 = it.text.as_ref().is_some_and(|it| it.layout.dialect == Dialect::M2);
            it.handle == handle && is_m2 && !it.stores.is_empty()
        });
        let has_store = update.stores.iter().any(|id| *id == 0 || stores.iter().any(|it| it.id == *id));
        if !is_done {
            let severity = if has_store { Severity::High } else { Severity::Low };
            let place = match handle.strip_prefix("page_layout=") {
                Some(page_layout) => format!("it was for pages of the layout {page_layout}"),
                None if handle.is_empty() => format!("Magento 2 has no handle for {}", update.handle),
                None => {
                    format!("in a file {handle}.xml of the theme, unless it is there: files of themes were not read")
                }
            };
            let detail = format!("{place}; {}", texts::conversions([text]));
            let missing = named(&rules::MISSING).severity(severity).confidence(Confidence::Likely);
            found.push(missing.detail(detail).explained_by([Cause::document("core_layout_update")]));
        }
    }
    found
}

/// What Magento 2 alone tells.
pub(super) fn of_m2(m2: &LayoutFacts, stores: &[StoreView]) -> Vec<Finding> {
    let mut found = Vec::new();
    for update in &m2.updates {
        let named = |rule: &'static Rule| finding(rule, update, stores).m2(format!("handle {}", update.handle));
        if update.stores.is_empty() {
            found.push(named(&rules::ORPHAN));
        } else if let Some(text) = said(update) {
            found.extend(texts::troubles_in_m2(text).into_iter().map(|(rule, detail)| named(rule).detail(detail)));
        }
    }
    found
}

/// The text of an update that says anything.
fn said(update: &LooseUpdate) -> Option<&LayoutText> {
    update.text.as_ref().filter(|it| it.layout.dialect != Dialect::Empty)
}

fn finding(rule: &'static Rule, update: &LooseUpdate, stores: &[StoreView]) -> Finding {
    let mut finding = rule.finding(format!("update:{}", update.id));
    finding.scope = scope(&update.stores, stores).into();
    finding
}
