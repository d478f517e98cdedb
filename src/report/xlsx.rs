//! `report.xlsx`: a workbook for those who sort, filter and assign in a spreadsheet.
//!
//! Texts are written as strings, so that none is ever a formula (ECMA-376, part 1, 18.18.11).

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Chart, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet,
    XlsxError,
};

use super::view::{ROWS, status_word};
use super::{AreaReport, Entry, Output, Renderer, Report, write_file};
use crate::area::Status;
use crate::error::Error;
use crate::finding::Severity;
use crate::text;

/// The format.
pub(super) struct Xlsx {
    /// Whether the workbook may refer to the page.
    pub(super) has_html: bool,
}

/// Rows of a sheet below its header, of 1,048,576 that there may be.
const SHEET_ROWS: usize = 1_000_000;

/// Characters of a cell, in UTF-16 code units, of 32,767 that there may be.
const CELL: usize = 32_000;

/// Characters of a sheet's name.
const NAME: usize = 31;

/// The summary's name.
const SUMMARY: &str = "Summary";

/// Columns of a sheet, with their widths in characters.
const COLUMNS: [(&str, f64); 14] = [
    ("Severity", 9.0),
    ("Finding", 26.0),
    ("What", 36.0),
    ("Store views", 11.0),
    ("Magento 1", 20.0),
    ("Magento 2", 20.0),
    ("Details", 34.0),
    ("Used by", 18.0),
    ("What to do", 44.0),
    ("State", 7.0),
    ("Confidence", 11.0),
    ("Cases", 8.0),
    ("Rule", 28.0),
    ("Fingerprint", 18.0),
];

/// The last column that is printed: those behind it are for filters and programs.
const PRINTED: u16 = 8;

/// The height of a line, in points, and how many of them a row has at most.
const LINE: u32 = 13;
const LINES: usize = 8;

impl Renderer for Xlsx {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = "report.xlsx";
        let bytes = self
            .workbook(report)
            .and_then(|mut it| it.save_to_buffer())
            .map_err(|error| Error::Write { path: name.into(), source: std::io::Error::other(error) })?;
        write_file(out, name, &bytes)
    }
}

impl Xlsx {
    fn workbook(&self, report: &Report) -> Result<Workbook, XlsxError> {
        let styles = Styles::new();
        let names = sheet_names(report);
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(report)?);
        summary(workbook.add_worksheet(), report, &names, &styles)?;
        for (area, name) in report.areas.iter().zip(&names) {
            if !area.is_left_out {
                // Rows go to a file of a moment as they are written: there may be a million.
                let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(name)?;
                self.sheet(sheet, area, report, &styles)?;
            }
        }
        Ok(workbook)
    }

    /// The findings of an area.
    fn sheet(
        &self,
        sheet: &mut Worksheet,
        area: &AreaReport,
        report: &Report,
        styles: &Styles,
    ) -> Result<(), XlsxError> {
        let entries: Vec<&Entry> = report.findings.iter().filter(|it| it.area == area.name).collect();
        if let Some(worst) = entries.iter().filter(|it| it.is_open()).map(|it| it.severity).min() {
            sheet.set_tab_color(color(worst).0);
        }
        for (column, (title, width)) in (0..).zip(COLUMNS) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, title, &styles.head)?;
        }
        let last = u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX);
        page_setup(sheet, &area.title);
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_print_area(0, 0, u32::try_from(entries.len().clamp(1, SHEET_ROWS)).unwrap_or(u32::MAX), PRINTED)?;
        if entries.is_empty() {
            let why = match area.status {
                Status::Checked => "Nothing was found.".to_owned(),
                status => format!("Nothing was found, and it was {}: {}", status_word(status), area.reason),
            };
            sheet.write_string(1, 0, cell(&why))?;
            return Ok(());
        }
        let titles: BTreeMap<&str, &str> = report.rules.iter().map(|it| (&*it.code, &*it.title)).collect();
        let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
        let shown = entries.len().min(SHEET_ROWS);
        for (row, entry) in (1..).zip(&entries[..shown]) {
            let place = of_rule.entry(&entry.rule).or_default();
            *place += 1;
            let is_on_page = self.has_html && *place <= ROWS;
            finding(sheet, row, entry, titles.get(&*entry.rule).copied().unwrap_or_default(), is_on_page, styles)?;
        }
        let end = u32::try_from(shown).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, end, last)?;
        if shown < entries.len() {
            let more = text::number((entries.len() - shown) as u64);
            sheet.write_string(end + 1, 0, format!("{more} more: findings.csv has them all"))?;
        }
        Ok(())
    }
}

fn finding(
    sheet: &mut Worksheet,
    row: u32,
    entry: &Entry,
    title: &str,
    is_on_page: bool,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 0, entry.severity.code(), styles.of(entry.severity))?;
    let texts: [&str; 10] = [
        title,
        &entry.subject,
        &entry.scope,
        entry.m1.as_deref().unwrap_or_default(),
        entry.m2.as_deref().unwrap_or_default(),
        &entry.detail,
        &entry.used_by,
        &entry.action,
        entry.state.code(),
        entry.confidence.code(),
    ];
    let mut lines = 1;
    for ((column, it), (_, width)) in (1..).zip(texts).zip(&COLUMNS[1..]).filter(|((_, it), _)| !it.is_empty()) {
        sheet.write_string_with_format(row, column, cell(it), &styles.text)?;
        lines = lines.max(lines_of(it, *width));
    }
    // Not every program finds the heights of wrapped rows itself.
    let height = LINE * u32::try_from(lines.min(LINES)).unwrap_or(1) + 2;
    sheet.set_row_height(row, height)?;
    sheet.write_number_with_format(row, 11, entry.incidents, &styles.number)?;
    sheet.write_string_with_format(row, 12, cell(&entry.rule), &styles.text)?;
    if is_on_page {
        let link = Url::new(format!("file:///index.html#F-{}", entry.fingerprint)).set_text(&entry.fingerprint);
        sheet.write_url_with_format(row, 13, link, &styles.link)?;
    } else {
        sheet.write_string_with_format(row, 13, &entry.fingerprint, &styles.text)?;
    }
    Ok(())
}

/// About how many lines a text takes in a column.
fn lines_of(text: &str, width: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "widths are small and positive")]
    let width = (width as usize).max(1);
    // Words are not cut: a line is seldom full.
    text.lines().map(|it| (it.chars().count() * 10 / 9).div_ceil(width).max(1)).sum()
}

/// The first sheet: the verdict, a line for each area, and a chart of them.
fn summary(sheet: &mut Worksheet, report: &Report, names: &[String], styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(SUMMARY)?;
    page_setup(sheet, &report.title);
    for (column, width) in [(0, 34.0), (1, 18.0), (7, 60.0)] {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, cell(&report.title), &styles.title)?;
    let about: Vec<&str> = [report.client.as_deref(), report.agency.as_deref()].into_iter().flatten().collect();
    sheet.write_string(1, 0, cell(&about.join(" · ")))?;
    let time = report.generated.replace('T', " ").replace('Z', " UTC");
    sheet.write_string(2, 0, cell(&format!("{time} · {} {}", report.tool.name, report.tool.version)))?;
    let verdict = format!("{}. {}", report.outcome().word(), report.verdict.sentence);
    sheet.write_string_with_format(3, 0, cell(&verdict), &styles.strong)?;
    let mut row = 4;
    for trouble in &report.troubles {
        sheet.write_string(row, 0, cell(trouble))?;
        row += 1;
    }
    for (platform, store) in [("Magento 1", Some(&report.stores.m1)), ("Magento 2", report.stores.m2.as_ref())] {
        let Some(store) = store else { continue };
        let inputs: Vec<String> = store.inputs.iter().map(|it| format!("{} {}", it.kind, it.name)).collect();
        sheet.write_string(row, 0, cell(&format!("{platform} {}: {}", store.platform, inputs.join(", "))))?;
        row += 1;
    }
    let head = row + 1;
    let titles = ["Area", "Checked"].into_iter().chain(Severity::ALL.iter().map(|it| it.code())).chain(["Not checked"]);
    for (column, title) in (0..).zip(titles) {
        let style = if (2..7).contains(&column) { &styles.number_head } else { &styles.head };
        sheet.write_string_with_format(head, column, title, style)?;
    }
    let mut row = head;
    for (area, name) in report.areas.iter().zip(names) {
        row += 1;
        if area.is_left_out {
            sheet.write_string_with_format(row, 0, cell(&area.title), &styles.text)?;
        } else {
            let link = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))).set_text(cell(&area.title));
            sheet.write_url_with_format(row, 0, link, &styles.link)?;
        }
        sheet.write_string_with_format(row, 1, status_word(area.status), &styles.text)?;
        let is_known = matches!(area.status, Status::Checked | Status::Partial);
        for (column, severity) in (2..).zip(Severity::ALL) {
            let count = area.counts.get(&severity).copied().unwrap_or_default();
            if is_known || count > 0 {
                let count = u32::try_from(count).unwrap_or(u32::MAX);
                sheet.write_number_with_format(row, column, count, &styles.number)?;
            } else {
                sheet.write_string_with_format(row, column, "?", &styles.number)?;
            }
        }
        sheet.write_string_with_format(row, 7, cell(&area.reason), &styles.text)?;
    }
    if row > head {
        sheet.insert_chart(row + 2, 0, &chart(head, row))?;
    }
    Ok(())
}

/// Open findings by area and severity.
fn chart(head: u32, last: u32) -> Chart {
    let mut chart = Chart::new(ChartType::BarStacked);
    for (column, severity) in (2..).zip(Severity::ALL) {
        chart
            .add_series()
            .set_name((SUMMARY, head, column))
            .set_categories((SUMMARY, head + 1, 0, last, 0))
            .set_values((SUMMARY, head + 1, column, last, column))
            .set_format(
                rust_xlsxwriter::ChartFormat::new()
                    .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(color(severity).0)),
            )
            .set_gap(40);
    }
    chart.title().set_name("Open findings by area and severity");
    chart.y_axis().set_reverse();
    chart.set_alt_text("Open findings by area and severity: the numbers of the table above");
    chart.set_width(900).set_height(26 * (last - head) + 120);
    chart
}

fn page_setup(sheet: &mut Worksheet, title: &str) {
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    // An ampersand begins a field there.
    let title: String = title.chars().take(80).collect();
    sheet.set_footer(format!("&L{}&RPage &P of &N", title.replace('&', "&&")));
}

fn properties(report: &Report) -> Result<DocProperties, XlsxError> {
    let time = ExcelDateTime::parse_from_str(report.generated.trim_end_matches('Z'))?;
    let mut properties = DocProperties::new().set_title(&report.title).set_creation_datetime(&time);
    if let Some(agency) = &report.agency {
        properties = properties.set_author(agency).set_company(agency);
    }
    Ok(properties)
}

/// A name for the sheet of each area: its title, as far as a name can be.
fn sheet_names(report: &Report) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for area in &report.areas {
        let fit = |name: &str| {
            let is_forbidden = |it: char| "[]:*?/\\".contains(it) || it.is_control();
            let name: String = name.chars().map(|it| if is_forbidden(it) { ' ' } else { it }).take(NAME).collect();
            name.trim_matches(|it: char| it == '\'' || it == ' ').to_owned()
        };
        let is_free = |name: &String| {
            let is_taken = |it: &String| it.to_lowercase() == name.to_lowercase();
            !name.is_empty() && !is_taken(&SUMMARY.to_owned()) && !names.iter().any(is_taken)
        };
        let numbered = || format!("Area {}", names.len() + 1);
        let name = [fit(&area.title), fit(&area.name)].into_iter().find(is_free).unwrap_or_else(numbered);
        names.push(name);
    }
    names
}

/// A text as long as a cell can hold.
fn cell(text: &str) -> Cow<'_, str> {
    if text.len() <= CELL {
        return Cow::Borrowed(text);
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, it)| {
        units += it.len_utf16();
        units > CELL
    });
    end.map_or(Cow::Borrowed(text), |(end, _)| Cow::Owned(format!("{} … (cut: findings.json has all)", &text[..end])))
}

/// How the cells look.
struct Styles {
    title: Format,
    strong: Format,
    head: Format,
    number_head: Format,
    text: Format,
    number: Format,
    link: Format,
    severities: Vec<Format>,
}

impl Styles {
    fn new() -> Self {
        let line = Format::new()
            .set_align(FormatAlign::Top)
            .set_border_bottom(FormatBorder::Hair)
            .set_border_bottom_color(Color::RGB(0x0098_a1b0));
        let text = line.clone().set_text_wrap();
        let severity = |it: &Severity| {
            let (ink, paper) = color(*it);
            text.clone().set_font_color(ink).set_background_color(paper).set_bold()
        };
        let head = Format::new()
            .set_bold()
            .set_align(FormatAlign::Top)
            .set_background_color(Color::RGB(0x00ec_eff4))
            .set_border_bottom(FormatBorder::Thin);
        Self {
            number_head: head.clone().set_align(FormatAlign::Right),
            head,
            title: Format::new().set_bold().set_font_size(16),
            strong: Format::new().set_bold(),
            number: line.clone().set_align(FormatAlign::Right).set_num_format("#,##0"),
            link: line.set_font_color(Color::RGB(0x000b_57b7)).set_underline(rust_xlsxwriter::FormatUnderline::Single),
            severities: Severity::ALL.iter().map(severity).collect(),
            text,
        }
    }

    fn of(&self, severity: Severity) -> &Format {
        let place = Severity::ALL.iter().position(|it| *it == severity).unwrap_or_default();
        &self.severities[place]
    }
}

/// The ink and the paper of a severity; the page's, in the light.
const fn color(severity: Severity) -> (Color, Color) {
    let (ink, paper) = match severity {
        Severity::Blocker => (0x009c_1237, 0x00fb_e4ea),
        Severity::High => (0x00a8_3d00, 0x00fd_eadd),
        Severity::Medium => (0x007a_5800, 0x00fb_f1d2),
        Severity::Low => (0x002c_5f8d, 0x00e3_eefa),
        Severity::Info => (0x0056_6074, 0x00ec_eff4),
    };
    (Color::RGB(ink), Color::RGB(paper))
}
