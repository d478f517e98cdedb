//! Code that stands in for Magento's own, that nobody can read, or that belongs to no module.

use super::compare::Extension;
use super::rules;
use crate::finding::{Finding, Severity};
use crate::source::installation::code::{Loose, Override, OverrideState};
use crate::text;

pub(super) fn overrides(overrides: &[Override]) -> Vec<Finding> {
    let finding = |it: &Override| {
        let finding = rules::CORE_OVERRIDE.finding(format!("file:{}", it.path)).m1(it.class.as_str());
        match it.state {
            OverrideState::Same => {
                finding.severity(Severity::Low).detail("the same as Magento's own file: it changes nothing")
            }
            OverrideState::New => {
                finding.detail("Magento has no such file: a class of the shop's own in Magento's name")
            }
            OverrideState::Differs => finding.detail("differs from Magento's own file"),
            OverrideState::Unknown => finding.detail("Magento's own file is not there to be compared"),
        }
    };
    overrides.iter().map(finding).collect()
}

pub(super) fn loose(loose: &[Loose]) -> Vec<Finding> {
    let finding = |it: &Loose| {
        let files = text::count(it.files, "file", "files");
        rules::LOOSE_CODE.finding(format!("file:{}", it.path)).m1(files).incidents(it.files)
    };
    loose.iter().map(finding).collect()
}

pub(super) fn encoded(it: &Extension<'_>) -> Option<Finding> {
    let module = it.module.filter(|it| !it.encoded.is_empty())?;
    let mut by: Vec<&str> = module.encoded.iter().map(|(_, by)| by.as_str()).collect();
    by.sort_unstable();
    by.dedup();
    let (first, _) = &module.encoded[0];
    let count = text::count(module.encoded.len() as u64, "file", "files");
    let severity = if module.is_active { Severity::Medium } else { Severity::Info };
    let finding = rules::ENCODED.finding(format!("module:{}", module.name)).severity(severity);
    let finding = finding.m1(format!("{count} by {}", by.join(", "))).incidents(module.encoded.len() as u64);
    Some(finding.detail(format!("such as {first}")))
}
