//! `findings.csv`, `inventory/*.csv` and `merchant.csv` (RFC 4180, UTF-8).

use std::borrow::Cow;
use std::io::Write;

use super::view::{Catalogue, Part, plain_name};
use super::{Output, OwnFile, Renderer, Report, failed};
use crate::error::Error;

/// The format.
pub(super) struct Csv {
    /// Whether the merchant's sheet is wanted.
    pub(super) has_sheet: bool,
}

/// The file of the findings, that of the merchant's sheet, and the folder of the inventories.
const FINDINGS: &str = "findings.csv";
const SHEET: &str = "merchant.csv";
const INVENTORY: &str = "inventory/";

/// Its files.
pub(super) fn files() -> Vec<OwnFile> {
    vec![
        OwnFile::new(FINDINGS, "fingerprint,rule,area,severity,"),
        OwnFile::new(SHEET, ""),
        OwnFile::new(INVENTORY, ""),
    ]
}

/// Columns of `findings.csv`, in their order.
const COLUMNS: [&str; 15] = [
    "fingerprint",
    "rule",
    "area",
    "severity",
    "state",
    "trend",
    "confidence",
    "subject",
    "scope",
    "m1",
    "m2",
    "detail",
    "used_by",
    "action",
    "points",
];

impl Renderer for Csv {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = FINDINGS;
        let points: Vec<String> = (0..=u8::MAX).map(|it| it.to_string()).collect();
        let rows = report.findings.iter().map(|it| {
            [
                it.fingerprint.as_str(),
                &it.rule,
                &it.area,
                it.severity.code(),
                it.state.code(),
                &it.trend,
                it.confidence.code(),
                &it.subject,
                &it.scope,
                it.m1.as_deref().unwrap_or_default(),
                it.m2.as_deref().unwrap_or_default(),
                &it.detail,
                &it.used_by,
                &it.action,
                points[usize::from(it.points)].as_str(),
            ]
            .map(guarded)
        });
        write(out.create(name).map_err(failed(name))?, b',', &COLUMNS, rows).map_err(failed(name))?;
        for area in &report.areas {
            if area.inventory.columns.is_empty() {
                continue;
            }
            let name = inventory_name(&area.name);
            let columns: Vec<&str> = area.inventory.columns.iter().map(|it| &*it.name).collect();
            let rows = area.inventory.rows.iter().map(|row| row.iter().map(|cell| guarded(cell)));
            write(out.create(&name).map_err(failed(&name))?, b',', &columns, rows).map_err(failed(&name))?;
        }
        if self.has_sheet { sheet(report, out) } else { Ok(()) }
    }
}

/// Columns of `merchant.csv` by their messages; the last ones are to be filled in.
const SHEET_COLUMNS: [&str; 9] =
    ["part", "area", "what", "subject", "scope", "sheet-fingerprint", "decision", "decided-by", "sign-date"];

/// The merchant's sheet, with every thing that it asks about. It is opened by people, and not by programs: a mark tells
/// spreadsheets that it is UTF-8, and cells are separated as spreadsheets of the language expect it.
fn sheet(report: &Report, out: &dyn Output) -> Result<(), Error> {
    let name = SHEET;
    let words = Catalogue::of(report);
    let of_part = |part: Part| {
        let words = &words;
        let title = words.text(&format!("merchant-{}", part.code()));
        report.rules.iter().filter(|it| it.findings > 0).flat_map(move |rule| {
            let entries = words.entries(&rule.code).iter();
            let title = title.clone();
            entries.filter(move |it| Part::of(it, rule.step) == Some(part)).map(move |it| {
                let area = words.area(&rule.area).0;
                let subject = plain_name(&it.subject, words);
                [&title, area, words.rule(&rule.code).plain, &subject, &it.scope, &it.fingerprint, "", "", ""]
                    .map(|it| Cow::Owned(guarded(it).into_owned()))
            })
        })
    };
    let rows = [Part::Decide, Part::Missed, Part::Leave].into_iter().flat_map(of_part);
    let columns = SHEET_COLUMNS.map(|it| words.text(it));
    let mut file = out.create(name).map_err(failed(name))?;
    file.write_all("\u{FEFF}".as_bytes()).map_err(failed(name))?;
    write(file, report.look.language.separator(), &columns.each_ref().map(String::as_str), rows).map_err(failed(name))
}

/// Where the inventory of an area goes.
pub(super) fn inventory_name(area: &str) -> String {
    format!("{INVENTORY}{area}.csv")
}

fn write<'a, Row>(
    into: impl Write,
    separator: u8,
    columns: &[&str],
    rows: impl Iterator<Item = Row>,
) -> std::io::Result<()>
where
    Row: IntoIterator<Item = Cow<'a, str>>,
{
    let mut writer = csv::WriterBuilder::new().delimiter(separator).terminator(csv::Terminator::CRLF).from_writer(into);
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.into_iter().map(Cow::into_owned).collect::<Vec<_>>())?;
    }
    writer.flush()
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection").
fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}
