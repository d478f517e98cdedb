//! What the terminal shows at the end of an audit.

use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, Table, presets};

use crate::area::Status;
use crate::finding::Severity;
use crate::language::Language;
use crate::report::{Outcome, Report};
use crate::text::{number, visible};

/// Prints a line for each area, and the verdict.
pub(super) fn print(report: &Report, folder: &Path, is_verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let heads = ["area", "status"].into_iter().chain(Severity::ALL.iter().map(|it| it.code()));
    table.set_header(heads.enumerate().map(|(at, head)| {
        Cell::new(head).set_alignment(if at < 2 { CellAlignment::Left } else { CellAlignment::Right })
    }));
    for area in &report.areas {
        let is_known = matches!(area.status, Status::Checked | Status::Partial);
        let count = |severity: &Severity| match area.counts.get(severity) {
            Some(0) | None if !is_known => "?".to_owned(),
            Some(count) => number(*count as u64),
            None => "0".to_owned(),
        };
        let mut row = vec![Cell::new(&area.name), Cell::new(area.status.code())];
        row.extend(Severity::ALL.iter().map(|it| Cell::new(count(it)).set_alignment(CellAlignment::Right)));
        table.add_row(row);
    }
    writeln!(out)?;
    for (at, line) in table.lines().enumerate() {
        let line = line.trim_end();
        if at == 0 {
            writeln!(out, "{}{line}{}", BOLD.render(), BOLD.render_reset())?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    writeln!(out)?;
    for (reason, areas) in report.reasons(is_verbose) {
        let names: Vec<&str> = areas.iter().map(|it| &*it.name).collect();
        let names = if areas.len() == report.areas.len() { "all areas".to_owned() } else { names.join(", ") };
        writeln!(out, "{}{names}{}: {}", BOLD.render(), BOLD.render_reset(), visible(reason))?;
    }
    if is_verbose {
        for line in report.areas.iter().flat_map(|it| &it.summary) {
            writeln!(out, "{}", visible(line))?;
        }
    }
    for it in &report.decisions {
        let Some(trouble) = it.trouble else { continue };
        let why = Language::En.word("trouble", trouble.code());
        writeln!(out, "decision {} ({}): {why}", visible(&it.place), visible(&it.aim))?;
    }
    for trouble in &report.troubles {
        writeln!(out, "{}", visible(trouble))?;
    }
    let outcome = report.outcome();
    let color = match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::Fail | Outcome::WorkAhead => AnsiColor::Red,
        Outcome::PassInPart | Outcome::Open | Outcome::Incomplete => AnsiColor::Yellow,
    };
    let (word, style) = (outcome.word(Language::En).to_uppercase(), BOLD.fg_color(Some(color.into())));
    let place = visible(&folder.display().to_string()).into_owned();
    writeln!(out, "{}{word}{} {} Report: {place}", style.render(), style.render_reset(), report.verdict.sentence)
}

const BOLD: Style = Style::new().bold();
