//! `report.xlsx`: a workbook for those who sort, filter and assign in a spreadsheet.
//!
//! Texts are written as strings, so that none is ever a formula (ECMA-376, part 1, 18.18.11).

mod steering;

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Chart, ChartFormat, ChartSolidFill, ChartType, Color, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Url, Workbook, Worksheet, XlsxError,
};

use super::sentence::{counted, sentence};
use super::view::{Catalogue, ROWS, title};
use super::{AreaReport, Entry, Output, OwnFile, Renderer, Report, write_file};
use crate::area::Status;
use crate::error::Error;
use crate::finding::Severity;

/// The format.
pub(super) struct Xlsx {
    /// The page that shows each finding.
    pub(super) page: Option<String>,
}

/// Rows of a sheet below its header, of 1,048,576 that there may be.
const SHEET_ROWS: usize = 1_000_000;

/// Characters of a cell, in UTF-16 code units, of 32,767 that there may be.
const CELL: usize = 32_000;

/// Characters of a sheet's name.
const NAME: usize = 31;

/// Columns of a sheet: the message that names each, if it is no name of its own, and widths in characters.
const COLUMNS: [(&str, f64); 15] = [
    ("severity", 9.0),
    ("sheet-finding", 26.0),
    ("subject", 36.0),
    ("scope", 11.0),
    ("Magento 1", 20.0),
    ("Magento 2", 20.0),
    ("detail", 34.0),
    ("used-by", 18.0),
    ("what-to-do", 44.0),
    ("sheet-state", 10.0),
    ("sheet-trend", 8.0),
    ("confidence", 14.0),
    ("sheet-cases", 8.0),
    ("rule", 28.0),
    ("sheet-fingerprint", 18.0),
];

/// The last column that is printed: those behind it are for filters and programs.
const PRINTED: u16 = 8;

/// The width of the column that says why an area was not checked.
const REASON: f64 = 60.0;
/// The height of a line, in points, and how many of them a row has at most.
const LINE: u32 = 13;
const LINES: usize = 8;

/// Its file.
const FILE: &str = "report.xlsx";

/// Its files.
pub(super) fn files() -> Vec<OwnFile> {
    vec![OwnFile::new(FILE, "PK\x03\x04")]
}

impl Renderer for Xlsx {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = FILE;
        let bytes = self
            .workbook(report)
            .and_then(|mut it| it.save_to_buffer())
            .map_err(|error| Error::Write { path: name.into(), source: std::io::Error::other(error) })?;
        write_file(out, name, &bytes)
    }
}

impl Xlsx {
    fn workbook(&self, report: &Report) -> Result<Workbook, XlsxError> {
        let book = Book { report, words: Catalogue::of(report), styles: Styles::new(), page: self.page.as_deref() };
        let names = book.sheet_names();
        let mut workbook = Workbook::new();
        workbook.set_properties(&properties(report)?);
        book.summary(workbook.add_worksheet(), &names)?;
        for (area, name) in report.areas.iter().zip(&names[1..]) {
            if !area.is_left_out {
                // Rows go to a file of a moment as they are written: there may be a million.
                let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(name)?;
                book.area(sheet, area)?;
            }
        }
        if !report.decisions.is_empty() {
            book.decisions(workbook.add_worksheet())?;
        }
        if report.history.len() > 1 {
            book.runs(workbook.add_worksheet())?;
        }
        Ok(workbook)
    }
}

/// What all sheets are made of.
struct Book<'a> {
    report: &'a Report,
    words: Catalogue<'a>,
    styles: Styles,
    page: Option<&'a str>,
}

impl Book<'_> {
    fn text(&self, key: &str) -> String {
        self.report.look.language.text(key, None).unwrap_or_else(|| key.to_owned())
    }

    fn word(&self, kind: &str, code: &str) -> String {
        self.report.look.language.word(kind, code)
    }

    /// The findings of an area.
    fn area(&self, sheet: &mut Worksheet, area: &AreaReport) -> Result<(), XlsxError> {
        let entries: Vec<&Entry> = self.report.findings.iter().filter(|it| it.area == area.name).collect();
        if let Some(worst) = entries.iter().filter(|it| it.is_open()).map(|it| it.severity).min() {
            sheet.set_tab_color(color(worst).0);
        }
        for (column, (title, width)) in (0..).zip(COLUMNS) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, self.text(title), &self.styles.head)?;
        }
        let last = u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX);
        self.page_setup(sheet, self.words.area(&area.name).0);
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        let end = u32::try_from(entries.len().clamp(1, SHEET_ROWS)).unwrap_or(u32::MAX);
        sheet.set_print_area(0, 0, end, PRINTED)?;
        if entries.is_empty() {
            let nothing = self.text("nothing-found");
            let why = match area.status {
                Status::Checked => nothing,
                status => format!("{}: {}", self.word("status", status.code()), area.reason),
            };
            sheet.write_string(1, 0, cell(&why))?;
            return Ok(());
        }
        let mut of_rule: BTreeMap<&str, usize> = BTreeMap::new();
        let shown = entries.len().min(SHEET_ROWS);
        for (row, entry) in (1..).zip(&entries[..shown]) {
            let place = of_rule.entry(&entry.rule).or_default();
            *place += 1;
            self.finding(sheet, row, entry, self.page.filter(|_| *place <= ROWS))?;
        }
        sheet.autofilter(0, 0, end, last)?;
        if shown < entries.len() {
            let more = counted(self.report.look.language, "sheet-cut", entries.len() - shown);
            sheet.write_string(end + 1, 0, more)?;
        }
        Ok(())
    }

    fn finding(&self, sheet: &mut Worksheet, row: u32, entry: &Entry, page: Option<&str>) -> Result<(), XlsxError> {
        let styles = &self.styles;
        let severity = self.word("severity", entry.severity.code());
        sheet.write_string_with_format(row, 0, severity, styles.of(entry.severity))?;
        let decision = entry.decision.and_then(|it| self.report.decisions.get(it as usize));
        let (state, confidence) =
            (self.word("state", entry.state.code()), self.word("confidence", entry.confidence.code()));
        let state = match decision {
            Some(it) => format!("{state}: {}, {}", self.word("verdict", it.decision.code()), it.reason),
            None => state,
        };
        let rule = self.words.rule(&entry.rule);
        let trend = if entry.trend.is_empty() { String::new() } else { self.word("trend", &entry.trend) };
        let texts: [&str; 11] = [
            rule.title,
            &entry.subject,
            &entry.scope,
            entry.m1.as_deref().unwrap_or_default(),
            entry.m2.as_deref().unwrap_or_default(),
            &entry.detail,
            &entry.used_by,
            rule.action,
            &state,
            &trend,
            &confidence,
        ];
        let mut lines = 1;
        for ((column, it), (_, width)) in (1..).zip(texts).zip(&COLUMNS[1..]).filter(|((_, it), _)| !it.is_empty()) {
            sheet.write_string_with_format(row, column, cell(it), &styles.text)?;
            lines = lines.max(lines_of(it, *width));
        }
        // Not every program finds the heights of wrapped rows itself.
        let height = LINE * u32::try_from(lines.min(LINES)).unwrap_or(1) + 2;
        sheet.set_row_height(row, height)?;
        sheet.write_number_with_format(row, 12, entry.incidents, &styles.number)?;
        sheet.write_string_with_format(row, 13, cell(&entry.rule), &styles.text)?;
        if let Some(page) = page {
            let link = Url::new(format!("file:///{page}#F-{}", entry.fingerprint)).set_text(&entry.fingerprint);
            sheet.write_url_with_format(row, 14, link, &styles.link)?;
        } else {
            sheet.write_string_with_format(row, 14, &entry.fingerprint, &styles.text)?;
        }
        Ok(())
    }

    /// The first sheet: the verdict, a line for each area, and a chart of them.
    fn summary(&self, sheet: &mut Worksheet, names: &[String]) -> Result<(), XlsxError> {
        let (report, styles, language) = (self.report, &self.styles, self.report.look.language);
        sheet.set_name(&names[0])?;
        let title = title(report);
        self.page_setup(sheet, &title);
        for (column, width) in [(0, 34.0), (1, 18.0), (7, 18.0), (11, 18.0), (12, REASON)] {
            sheet.set_column_width(column, width)?;
        }
        let head = self.heading(sheet)?;
        let mut row = head;
        for (area, name) in report.areas.iter().zip(&names[1..]) {
            row += 1;
            let title = cell(self.words.area(&area.name).0);
            if area.is_left_out {
                sheet.write_string_with_format(row, 0, title, &styles.text)?;
            } else {
                let link = Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))).set_text(title);
                sheet.write_url_with_format(row, 0, link, &styles.link)?;
            }
            sheet.write_string_with_format(row, 1, language.word("status", area.status.code()), &styles.text)?;
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
            self.costs(sheet, row, area, is_known)?;
            sheet.write_string_with_format(row, 12, cell(&area.reason), &styles.text)?;
            let lines = u32::try_from(lines_of(&area.reason, REASON).min(LINES)).unwrap_or(1);
            sheet.set_row_height(row, LINE * lines.max(1) + 2)?;
        }
        self.sums(sheet, row + 1)?;
        if row > head {
            sheet.insert_chart(row + 3, 0, &self.chart(&names[0], head, row))?;
        }
        Ok(())
    }

    /// What stands over the summary's table; the row of the table's heads.
    fn heading(&self, sheet: &mut Worksheet) -> Result<u32, XlsxError> {
        let (report, styles, language) = (self.report, &self.styles, self.report.look.language);
        sheet.write_string_with_format(0, 0, cell(&title(report)), &styles.title)?;
        let about: Vec<&str> = [report.client.as_deref(), report.agency.as_deref()].into_iter().flatten().collect();
        let time = language.time(&report.generated);
        let mut lines = vec![about.join(" · "), format!("{time} · {} {}", report.tool.name, report.tool.version)];
        if report.is_redacted {
            lines.push(self.text("redacted"));
        }
        lines.extend(self.standing());
        lines.extend(report.troubles.iter().cloned());
        for (platform, store) in [("Magento 1", Some(&report.stores.m1)), ("Magento 2", report.stores.m2.as_ref())] {
            let Some(store) = store else { continue };
            let inputs = store.inputs.iter().map(|it| format!("{} {}", language.word("input", &it.kind), it.name));
            lines.push(format!("{platform} {}: {}", store.platform, inputs.collect::<Vec<_>>().join(", ")));
        }
        let verdict = format!("{}. {}", report.outcome().word(language), sentence(report, language));
        sheet.write_string_with_format(1, 0, cell(&verdict), &styles.strong)?;
        let mut row = 2;
        for line in lines.iter().filter(|it| !it.is_empty()) {
            sheet.write_string(row, 0, cell(line))?;
            row += 1;
        }
        row += 1;
        let severities = Severity::ALL.iter().map(|it| self.word("severity", it.code()));
        let titles = [self.text("area"), self.text("checked")].into_iter().chain(severities);
        let costs = ["done-effort", "points", "sheet-hours-from", "sheet-hours-to", "owner", "not-checked"];
        for (column, title) in (0..).zip(titles.chain(costs.map(|it| self.text(it)))) {
            let is_number = (2..7).contains(&column) || (8..11).contains(&column);
            let style = if is_number { &styles.number_head } else { &styles.head };
            sheet.write_string_with_format(row, column, title, style)?;
        }
        Ok(row)
    }

    /// Open findings by area and severity.
    fn chart(&self, summary: &str, head: u32, last: u32) -> Chart {
        let mut chart = Chart::new(ChartType::BarStacked);
        for (column, severity) in (2..).zip(Severity::ALL) {
            chart
                .add_series()
                .set_name((summary, head, column))
                .set_categories((summary, head + 1, 0, last, 0))
                .set_values((summary, head + 1, column, last, column))
                .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color(severity).0)))
                .set_gap(40);
        }
        let caption = self.text("glance-caption");
        chart.title().set_name(&caption);
        chart.y_axis().set_reverse();
        chart.set_alt_text(caption);
        chart.set_width(900).set_height(26 * (last - head) + 120);
        chart
    }

    fn page_setup(&self, sheet: &mut Worksheet, title: &str) {
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        // An ampersand begins a field there.
        let title: String = title.chars().take(80).collect();
        let (page, of) = (self.text("sheet-page"), self.text("sheet-of"));
        sheet.set_footer(format!("&L{}&R{page} &P {of} &N", title.replace('&', "&&")));
    }

    /// A title as the name of a sheet beside those of the areas.
    fn free(&self, title: &str) -> String {
        let names: Vec<String> = self.sheet_names().iter().map(|it| it.to_lowercase()).collect();
        let name = fit(title);
        if names.contains(&name.to_lowercase()) { fit(&format!("magegap {name}")) } else { name }
    }

    /// A name for the summary, and for the sheet of each area: its title, as far as a name can be.
    fn sheet_names(&self) -> Vec<String> {
        let mut names: Vec<String> = vec![fit(&self.text("sheet-summary"))];
        for area in &self.report.areas {
            let is_free =
                |name: &String| !name.is_empty() && !names.iter().any(|it| it.to_lowercase() == name.to_lowercase());
            let own = [fit(self.words.area(&area.name).0), fit(&area.name)];
            let name = own.into_iter().find(is_free).unwrap_or_else(|| format!("Area {}", names.len()));
            names.push(name);
        }
        names
    }
}

/// A text as the name of a sheet.
fn fit(name: &str) -> String {
    let is_forbidden = |it: char| "[]:*?/\\".contains(it) || it.is_control();
    let name: String = name.chars().map(|it| if is_forbidden(it) { ' ' } else { it }).take(NAME).collect();
    name.trim_matches(|it: char| it == '\'' || it == ' ').to_owned()
}

/// About how many lines a text takes in a column.
fn lines_of(text: &str, width: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "widths are small and positive")]
    let width = (width as usize).max(1);
    // Words are not cut: a line is seldom full.
    text.lines().map(|it| (it.chars().count() * 10 / 9).div_ceil(width).max(1)).sum()
}

fn properties(report: &Report) -> Result<DocProperties, XlsxError> {
    let time = ExcelDateTime::parse_from_str(report.generated.trim_end_matches('Z'))?;
    let mut properties = DocProperties::new().set_title(title(report)).set_creation_datetime(&time);
    if let Some(agency) = &report.agency {
        properties = properties.set_author(agency).set_company(agency);
    }
    Ok(properties)
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
