//! What the report shows of layout, besides findings.

use jiff::civil::Date;

use super::subjects::{Reach, Subject, Update};
use crate::area::{Card, Column, Kind, Table};
use crate::magento::layout_xml::{Dialect, Verdict};

/// Magento 1's layout updates, beside those that Magento 2 has instead.
pub(super) fn card(subject: &Subject<'_>, other: Option<&Subject<'_>>) -> Option<Card> {
    let own: Vec<Update<'_>> = subject.own().collect();
    if own.is_empty() {
        return None;
    }
    let mut now: Vec<Update<'_>> = other.map(|it| it.own().collect()).unwrap_or_default();
    let state = match (other, now.iter().map(|it| it.text.layout.dialect).max_by_key(|it| *it == Dialect::M1)) {
        (Some(other), _) if !other.selected.is_empty() => format!("the file {} is selected", other.selected),
        (_, Some(Dialect::M1)) => "Magento 1's text is in Magento 2".to_owned(),
        (_, Some(Dialect::M2)) => "Magento 2 has a layout update of its own".to_owned(),
        _ => "nothing in Magento 2".to_owned(),
    };
    let mut card =
        Card::new(format!("{} ({})", subject.name, subject.scope), state).about_scope(&subject.name, &subject.scope);
    let has_time = subject.from.is_some() || subject.to.is_some();
    for update in &own {
        let is_timed = update.is_timed && has_time;
        // The same field, or the only one on both sides.
        let is_only = own.len() == 1 && now.len() == 1;
        let beside = now.iter().position(|it| is_only || it.is_timed == update.is_timed);
        card = if let Some(at) = beside {
            let label = if is_timed { "While its time lasts" } else { "Layout update" };
            card.diff(label, &update.text.excerpt, &now.remove(at).text.excerpt)
        } else {
            let label = if is_timed { "Magento 1, while its time lasts" } else { "Magento 1" };
            card.code(label, update.text.excerpt.as_str())
        };
    }
    for update in now {
        card = card.code("Magento 2", update.text.excerpt.as_str());
    }
    let conversions = || own.iter().flat_map(|it| &it.text.layout.conversions);
    Some(Verdict::ALL.into_iter().fold(card, |card, verdict| {
        let of = conversions().filter(|it| it.verdict == verdict).map(ToString::to_string);
        card.list(verdict.words(), of.collect())
    }))
}

const M1_COLUMNS: usize = 5;

pub(super) fn row(subject: Option<&Subject<'_>>, other: Option<&Subject<'_>>) -> Vec<String> {
    let yes = |it: bool| if it { "yes" } else { "no" }.to_owned();
    let time = |it: &Subject<'_>| match (it.from, it.to) {
        (None, None) => String::new(),
        (from, to) => {
            let day = |it: Option<Date>| it.map_or(String::new(), |it| it.to_string());
            format!("{} to {}", day(from), day(to)).trim().to_owned()
        }
    };
    let reach = |it: &Subject<'_>| match it.reach {
        Reach::Own => String::new(),
        reach => reach.words().to_owned(),
    };
    let cells = |it: &Subject<'_>| {
        // A cell of a table is one line.
        let lines = it.updates.iter().flat_map(|it| it.text.excerpt.lines()).map(str::trim);
        [lines.collect::<Vec<_>>().join(" "), it.selected.to_owned(), it.page_layout.to_owned(), it.theme.to_owned()]
    };
    let mut row = match subject {
        Some(it) => vec![it.name.clone(), it.scope.clone(), yes(it.is_active), time(it), reach(it)],
        None => vec![String::new(); M1_COLUMNS],
    };
    for side in [subject, other] {
        row.extend(side.map_or_else(|| std::array::from_fn(|_| String::new()), cells));
    }
    row
}

pub(super) fn table() -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    Table {
        columns: vec![
            text("subject", "Subject"),
            text("scope", "Store views"),
            text("m1_active", "Active"),
            text("m1_time", "Time"),
            text("m1_reach", "Reach"),
            text("m1_update", "Magento 1 layout update"),
            text("m1_selected", "Selected file"),
            text("m1_page_layout", "Page layout"),
            text("m1_theme", "Theme"),
            text("m2_update", "Magento 2 layout update"),
            text("m2_selected", "Selected file"),
            text("m2_page_layout", "Page layout"),
            text("m2_theme", "Theme"),
        ],
        rows: Vec::new(),
    }
}
