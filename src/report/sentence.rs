//! The verdict in a sentence.

use fluent_bundle::FluentArgs;

use super::{AreaReport, Mode, Report};
use crate::area::Status;
use crate::finding::Severity;
use crate::language::Language;

/// The verdict of a report in the words of a language.
pub(super) fn sentence(report: &Report, language: Language) -> String {
    let plain = |key: &str| language.text(key, None).unwrap_or_default();
    let is_anything_checked = report.areas.iter().any(|it| matches!(it.status, Status::Checked | Status::Partial));
    let work = report.findings.iter().filter(|it| it.is_work()).count();
    let mut parts = vec![match (report.mode, work) {
        (_, 0) if !is_anything_checked => plain("verdict-nothing-checked"),
        (Mode::Verification, 0) => plain("verdict-none"),
        (Mode::Verification, _) => counted(language, "verdict-some", work),
        (Mode::Assessment, 0) => plain("ahead-none"),
        (Mode::Assessment, _) => counted(language, "ahead-some", work),
    }];
    if let Some(limit) = report.verdict.fail_on.filter(|_| report.verdict.failing > 0) {
        let mut arguments = limit_of(limit, language);
        arguments.set("count", report.verdict.failing);
        let is_of_new = report.verdict.is_new_only && report.baseline.is_some();
        let key = if is_of_new { "verdict-failing-new" } else { "verdict-failing" };
        parts.extend(language.text(key, Some(&arguments)));
    }
    if report.verdict.is_new_only && report.baseline.is_none() {
        parts.push(plain("verdict-first"));
    }
    let waived = report.waived();
    if waived > 0 {
        parts.push(counted(language, "verdict-waived", waived));
    }
    if let Some(before) = &report.baseline {
        let mut arguments = FluentArgs::new();
        arguments.set("time", language.time(&before.generated));
        arguments.set("new", before.new);
        arguments.set("fixed", before.fixed.iter().filter(|it| it.is_work()).count());
        parts.extend(language.text("verdict-since", Some(&arguments)));
        let unchecked = before.unchecked.iter().filter(|it| it.is_work()).count();
        if unchecked > 0 {
            parts.push(counted(language, "verdict-unchecked", unchecked));
        }
    }
    let failed: Vec<String> = report
        .areas
        .iter()
        .filter(|it| it.status == Status::Failed)
        .map(|it| language.area_title(&it.name, &it.title))
        .collect();
    let is_asked = |it: &&AreaReport| !it.is_left_out && it.status != Status::NotChecked;
    if !failed.is_empty() && failed.len() == report.areas.iter().filter(is_asked).count() && failed.len() > 1 {
        parts.extend((work > 0).then(|| plain("verdict-all-failed")));
    } else if !failed.is_empty() {
        let mut arguments = FluentArgs::new();
        arguments.set("areas", failed.join(", "));
        parts.extend(language.text("verdict-failed", Some(&arguments)));
    }
    let not_whole = report.areas.iter().filter(|it| it.is_not_whole && it.status != Status::Failed);
    let not_whole: Vec<String> = not_whole.map(|it| language.area_title(&it.name, &it.title)).collect();
    if !not_whole.is_empty() {
        let mut arguments = FluentArgs::new();
        arguments.set("areas", not_whole.join(", "));
        parts.extend(language.text("verdict-not-whole", Some(&arguments)));
    }
    if !report.troubles.is_empty() {
        parts.push(plain("verdict-trouble"));
    }
    parts.join(" ")
}

/// A message about so many things.
pub(super) fn counted(language: Language, key: &str, count: usize) -> String {
    let mut arguments = FluentArgs::new();
    arguments.set("count", count);
    language.text(key, Some(&arguments)).unwrap_or_default()
}

/// A severity as a limit: the word, and whether there is a worse one.
pub(super) fn limit_of(limit: Severity, language: Language) -> FluentArgs<'static> {
    let mut arguments = FluentArgs::new();
    arguments.set("limit", language.word("severity", limit.code()));
    arguments.set("worse", if limit == Severity::Blocker { "no" } else { "yes" });
    arguments
}
