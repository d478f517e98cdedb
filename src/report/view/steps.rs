//! What is to be done, in the order in which it is done.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Catalogue, RuleWords};
use crate::finding::{Severity, Step};
use crate::report::{Entry, Report, RuleReport};

#[derive(Serialize)]
pub(super) struct StepView<'a> {
    step: &'static str,
    items: Vec<StepItem<'a>>,
}

#[derive(Serialize)]
pub(super) struct StepItem<'a> {
    code: &'a str,
    title: &'a str,
    plain: &'a str,
    action: &'a str,
    pub(super) severity: &'static str,
    area: &'a str,
    /// Who answers for it.
    owner: Option<&'a str>,
    /// Findings of the worst severity that occurs, and of all.
    worst: usize,
    count: usize,
}

impl StepItem<'_> {
    /// The worst comes first.
    pub(super) fn place(&self) -> Option<usize> {
        Severity::ALL.iter().position(|it| it.code() == self.severity)
    }
}

pub(super) fn steps<'a>(report: &'a Report, words: &'a Catalogue<'a>) -> Vec<StepView<'a>> {
    let mut steps: BTreeMap<Step, Vec<StepItem<'_>>> = BTreeMap::new();
    for rule in &report.rules {
        if let Some(item) = step_item(rule, words, Entry::is_open) {
            // What asks for nothing is no step.
            if rule.step != Step::Know && (rule.step != Step::Leave || item.severity != Severity::Info.code()) {
                steps.entry(rule.step).or_default().push(item);
            }
        }
    }
    steps
        .into_iter()
        .map(|(step, mut items)| {
            items.sort_by_key(StepItem::place);
            StepView { step: step.code(), items }
        })
        .collect()
}

/// What a rule asks for, of those of its findings that count.
pub(super) fn step_item<'a>(
    rule: &'a RuleReport,
    words: &'a Catalogue<'a>,
    counts: impl Fn(&Entry) -> bool,
) -> Option<StepItem<'a>> {
    let open: Vec<Severity> = words.entries(&rule.code).iter().filter(|it| counts(it)).map(|it| it.severity).collect();
    let worst = open.iter().min()?;
    let RuleWords { code, title, plain, action } = words.rule(&rule.code);
    Some(StepItem {
        code,
        title,
        plain,
        action,
        severity: worst.code(),
        area: words.area(&rule.area).0,
        owner: rule.owner.as_deref(),
        worst: open.iter().filter(|it| *it == worst).count(),
        count: open.len(),
    })
}
