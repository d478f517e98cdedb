//! What the workbook tells those who steer a migration: what is done, what it costs, what was decided, and the runs.

use fluent_bundle::FluentArgs;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::{Book, cell};
use crate::finding::Severity;
use crate::report::AreaReport;
use crate::report::baseline::Past;
use crate::report::effort::Rate;
use crate::report::view::EffortView;

impl Book<'_> {
    /// The row of all areas.
    pub(super) fn sums(&self, sheet: &mut Worksheet, row: u32) -> Result<(), XlsxError> {
        let (report, styles) = (self.report, &self.styles);
        sheet.write_string_with_format(row, 0, self.text("all-areas"), &styles.head)?;
        for (column, severity) in (2..).zip(Severity::ALL) {
            let count = report.findings.iter().filter(|it| it.is_open() && it.severity == severity).count();
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            sheet.write_number_with_format(row, column, count, &styles.number_head)?;
        }
        let EffortView { points, low, high, percent, .. } = EffortView::of_all(report);
        if let Some(percent) = percent {
            sheet.write_string_with_format(row, 7, format!("{percent} %"), &styles.head)?;
        }
        #[expect(clippy::cast_precision_loss, reason = "points are few")]
        for (column, number) in (8..).zip([points as f64, low, high]) {
            sheet.write_number_with_format(row, column, number, &styles.number_head)?;
        }
        Ok(())
    }

    /// What of an area is done, what it costs, and who answers for it.
    pub(super) fn costs(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        area: &AreaReport,
        is_known: bool,
    ) -> Result<(), XlsxError> {
        let (styles, language) = (&self.styles, self.report.look.language);
        if let Some(done) = area.done {
            let mut arguments = FluentArgs::new();
            arguments.set("done", done.done);
            arguments.set("of", done.of);
            let of = language.text("done-of", Some(&arguments)).unwrap_or_default();
            sheet.write_string_with_format(row, 7, format!("{} % ({of})", done.points_percent()), &styles.text)?;
        }
        let EffortView { points, low, high, .. } = EffortView::of(area, self.report.minutes_per_point);
        #[expect(clippy::cast_precision_loss, reason = "points are few")]
        for (column, number) in (8..).zip([points as f64, low, high]) {
            if is_known || points > 0 {
                sheet.write_number_with_format(row, column, number, &styles.number)?;
            } else {
                sheet.write_string_with_format(row, column, "?", &styles.number)?;
            }
        }
        sheet.write_string_with_format(row, 11, cell(area.owner.as_deref().unwrap_or_default()), &styles.text)?;
        Ok(())
    }

    /// Effort, what has come and gone, and what is waived, a line each.
    pub(super) fn standing(&self) -> Vec<String> {
        let (report, language) = (self.report, self.report.look.language);
        let say = |key: &str, numbers: &[(&'static str, u64)]| {
            let mut arguments = FluentArgs::new();
            for (name, number) in numbers {
                arguments.set(*name, *number);
            }
            language.text(key, Some(&arguments)).unwrap_or_default()
        };
        let effort = EffortView::of_all(report);
        let mut lines = vec![self.effort(&effort)];
        if let Some(percent) = effort.percent {
            lines[0].push(' ');
            lines[0].push_str(&say("effort-done", &[("percent", percent.into())]));
        }
        let Rate { low, high } = report.minutes_per_point;
        lines.push(say("effort-formula", &[("low", low.into()), ("high", high.into())]));
        if let Some(before) = &report.baseline {
            let mut arguments = FluentArgs::new();
            arguments.set("time", language.time(&before.generated));
            arguments.set("new", before.new);
            arguments.set("known", before.known);
            lines.extend(language.text("since-intro", Some(&arguments)));
            let again =
                [("again-reopened", before.reopened), ("again-worse", before.worse), ("again-failed", before.failed)];
            lines.extend(again.iter().filter(|it| it.1 > 0).map(|(key, count)| say(key, &[("count", *count as u64)])));
            let work = |all: &[Past]| all.iter().filter(|it| it.is_work()).count() as u64;
            lines.push(say("since-fixed", &[("count", work(&before.fixed))]));
            if work(&before.unchecked) > 0 {
                lines.push(say("since-unchecked", &[("count", work(&before.unchecked))]));
            }
            if work(&before.waived_gone) > 0 {
                lines.push(say("since-waived", &[("count", work(&before.waived_gone))]));
            }
        }
        if !report.decisions.is_empty() {
            lines.push(say("decisions-made-intro", &[("waived", report.waived() as u64)]));
        }
        lines
    }

    fn effort(&self, effort: &EffortView) -> String {
        let language = self.report.look.language;
        let say = |key: &str, points: u64, low: f64, high: f64| {
            let mut arguments = FluentArgs::new();
            arguments.set("points", points);
            arguments.set("low", language.decimal(low));
            arguments.set("high", language.decimal(high));
            language.text(key, Some(&arguments)).unwrap_or_default()
        };
        let open = say("effort-sum", effort.points, effort.low, effort.high);
        if effort.later == 0 {
            return open;
        }
        format!("{open} {}", say("effort-later", effort.later, effort.later_low, effort.later_high))
    }

    /// The decisions, a row each.
    pub(super) fn decisions(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let title = self.text("decisions-made");
        sheet.set_name(self.free(&title))?;
        self.page_setup(sheet, &title);
        let columns = [
            ("decided-about", 40.0),
            ("decision", 20.0),
            ("decided-reason", 40.0),
            ("decided-by", 18.0),
            ("decided-until", 14.0),
            ("decided-findings", 12.0),
            ("decided-trouble", 40.0),
            ("decided-ticket", 16.0),
            ("source", 30.0),
        ];
        for (column, (key, width)) in (0..).zip(columns) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, self.text(key), &self.styles.head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        for (row, it) in (1..).zip(&self.report.decisions) {
            let verdict = self.word("verdict", it.decision.code());
            let trouble = it.trouble.map_or(String::new(), |it| self.word("trouble", it.code()));
            let texts = [
                it.aim.as_str(),
                &verdict,
                &it.reason,
                it.by.as_deref().unwrap_or_default(),
                it.until.as_deref().unwrap_or_default(),
                "",
                &trouble,
                it.ticket.as_deref().unwrap_or_default(),
                &it.place,
            ];
            for (column, text) in (0..).zip(texts).filter(|(_, it)| !it.is_empty()) {
                sheet.write_string_with_format(row, column, cell(text), &self.styles.text)?;
            }
            let applied = u32::try_from(it.applied).unwrap_or(u32::MAX);
            sheet.write_number_with_format(row, 5, applied, &self.styles.number)?;
        }
        Ok(())
    }

    /// What was open in each run, a row for each area.
    pub(super) fn runs(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let (styles, title) = (&self.styles, self.text("trend-runs"));
        sheet.set_name(self.free(&title))?;
        self.page_setup(sheet, &title);
        let severities = Severity::ALL.iter().map(|it| self.word("severity", it.code()));
        let heads = ["sheet-run", "area", "checked"].map(|it| self.text(it)).into_iter().chain(severities);
        for (column, head) in (0..).zip(heads.chain(["points", "done-effort"].map(|it| self.text(it)))) {
            let (style, width) = match column {
                0 | 1 => (&styles.head, 30.0),
                2 => (&styles.head, 16.0),
                _ => (&styles.number_head, 10.0),
            };
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, head, style)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let rows = self.report.history.iter().flat_map(|run| run.areas.iter().map(move |area| (run, area)));
        let mut last = 0;
        for (row, (run, area)) in (1..).zip(rows) {
            sheet.write_string_with_format(row, 0, &run.generated, &styles.text)?;
            sheet.write_string_with_format(row, 1, cell(self.words.area(&area.name).0), &styles.text)?;
            sheet.write_string_with_format(row, 2, self.word("status", area.status.code()), &styles.text)?;
            let counts = Severity::ALL.map(|it| area.counts.get(&it).map_or(0, |it| *it as u64));
            let numbers = counts.into_iter().chain([area.effort.open.points()]).map(Some);
            let percent = area.done.map(|it| u64::from(it.points_percent()));
            let is_known = area.is_checked();
            for (column, number) in (3..).zip(numbers.map(|it| it.filter(|_| is_known)).chain([percent])) {
                let number = number.and_then(|it| u32::try_from(it).ok());
                if let Some(number) = number {
                    sheet.write_number_with_format(row, column, number, &styles.number)?;
                }
            }
            last = row;
        }
        sheet.autofilter(0, 0, last.max(1), 9)?;
        Ok(())
    }
}
