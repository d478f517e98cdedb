//! Widgets, where they were placed, and which of their placements are in force.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Gather, lack_of};
use crate::known::Known;
use crate::magento::layout;
use crate::pair::Side;
use crate::source::tables::{CellError, Read, ReadError, Row};

/// A widget (`widget_instance`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// Its id, which the migration tool keeps.
    pub id: u64,
    /// Its title, by which people know it. Nothing makes it unique.
    pub title: String,
    /// What it shows: an alias such as `cms/widget_block` in Magento 1, a class in Magento 2.
    pub kind: String,
    /// Its theme: `package/theme` in Magento 1, a theme's id in Magento 2.
    pub theme: String,
    /// The store views that it is for; 0 is all.
    pub stores: Vec<u64>,
    /// Where it was placed.
    pub placements: Vec<Placement>,
}

/// A place of a widget (`widget_instance_page`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Which pages: `all_pages`, `pages`, `anchor_categories`, …
    pub group: String,
    /// The layout handle.
    pub handle: String,
    /// The container, or in Magento 1 the block, that it stands in.
    pub container: String,
    /// Layout updates that put it there, and are linked to a theme: without one it is shown nowhere.
    pub updates: usize,
}

/// `Mage_Widget`, `Magento\Widget`: the theme's column and the link's table differ.
struct Source {
    widgets: Read,
    links: Read,
    updates: Read,
    kind: &'static str,
    theme: &'static str,
}

static M1: Source = Source {
    widgets: Read::table("widget_instance")
        .columns(&["instance_id", "instance_type", "title", "store_ids"])
        .optional(&["package_theme"]),
    links: Read::table("core_layout_link").columns(&["layout_update_id", "store_id"]),
    updates: Read::table("core_layout_update").columns(&["layout_update_id", "handle"]),
    kind: "instance_type",
    theme: "package_theme",
};

static M2: Source = Source {
    widgets: Read::table("widget_instance")
        .columns(&["instance_id", "instance_type", "title", "store_ids"])
        .optional(&["theme_id"]),
    links: Read::table("layout_link").columns(&["layout_update_id", "store_id"]),
    updates: Read::table("layout_update").columns(&["layout_update_id", "handle"]),
    kind: "instance_type",
    theme: "theme_id",
};

const PAGES: Read = Read::table("widget_instance_page").columns(&[
    "page_id",
    "instance_id",
    "page_group",
    "layout_handle",
    "block_reference",
]);
const PAGE_LAYOUTS: Read = Read::table("widget_instance_page_layout").columns(&["page_id", "layout_update_id"]);

/// Widgets that are being read.
pub(super) struct Reading {
    source: &'static Source,
    widgets: Vec<Widget>,
    /// Page, widget, placement.
    pages: Vec<(u64, u64, Placement)>,
    /// Page, layout update.
    updates: Vec<(u64, u64)>,
    linked: BTreeSet<u64>,
    /// Layout updates whose handle nothing in Magento 2 has.
    dead: BTreeSet<u64>,
    side: Side,
    outcomes: Vec<Result<(), ReadError>>,
}

pub(super) fn gather(side: Side) -> Reading {
    Reading {
        source: match side {
            Side::M1 => &M1,
            Side::M2 => &M2,
        },
        widgets: Vec::new(),
        pages: Vec::new(),
        updates: Vec::new(),
        linked: BTreeSet::new(),
        dead: BTreeSet::new(),
        side,
        outcomes: Vec::new(),
    }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        vec![self.source.widgets, PAGES, PAGE_LAYOUTS, self.source.links, self.source.updates]
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        match which {
            0 => self.widgets.push(Widget {
                id: row.id("instance_id")?,
                title: row.text("title").unwrap_or_default(),
                kind: row.text(self.source.kind).unwrap_or_default(),
                theme: row.text(self.source.theme).unwrap_or_default(),
                stores: store_ids(&row.text("store_ids").unwrap_or_default()),
                placements: Vec::new(),
            }),
            1 => {
                let placement = Placement {
                    group: row.text("page_group").unwrap_or_default(),
                    handle: row.text("layout_handle").unwrap_or_default(),
                    container: row.text("block_reference").unwrap_or_default(),
                    updates: 0,
                };
                self.pages.push((row.id("page_id")?, row.id("instance_id")?, placement));
            }
            2 => self.updates.push((row.id("page_id")?, row.id("layout_update_id")?)),
            3 => {
                self.linked.insert(row.id("layout_update_id")?);
            }
            _ => {
                let handle = row.text("handle").unwrap_or_default();
                if self.side == Side::M2 && layout::is_handle_of_m1_alone(&handle) {
                    self.dead.insert(row.id("layout_update_id")?);
                }
            }
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

/// A list of store ids as both platforms write it: `0`, `1,2`.
fn store_ids(text: &str) -> Vec<u64> {
    text.split(',').filter_map(|it| it.trim().parse().ok()).collect()
}

impl Reading {
    pub(super) fn finish(self, side: Side) -> Known<Vec<Widget>> {
        if let Some(error) = self.outcomes.iter().find_map(|it| it.as_ref().err()) {
            return Known::Not(lack_of(side, error));
        }
        let mut updates: BTreeMap<u64, usize> = BTreeMap::new();
        for (page, update) in &self.updates {
            if self.linked.contains(update) && !self.dead.contains(update) {
                *updates.entry(*page).or_default() += 1;
            }
        }
        let mut placements: BTreeMap<u64, Vec<(u64, Placement)>> = BTreeMap::new();
        for (page, widget, mut placement) in self.pages {
            placement.updates = updates.get(&page).copied().unwrap_or(0);
            placements.entry(widget).or_default().push((page, placement));
        }
        let mut widgets = self.widgets;
        widgets.sort_by_key(|it| it.id);
        for widget in &mut widgets {
            let mut own = placements.remove(&widget.id).unwrap_or_default();
            own.sort_by_key(|(page, _)| *page);
            widget.placements = own.into_iter().map(|(_, it)| it).collect();
        }
        Known::Is(widgets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give(reading: &mut Reading, which: usize, rows: &str) {
        let read = reading.reads()[which];
        for row in rows.lines() {
            let cells: Vec<Option<&[u8]>> =
                row.split('|').map(str::trim).map(|it| (it != "-").then_some(it.as_bytes())).collect();
            assert_eq!(cells.len(), read.column_names().count(), "{row}");
            reading.row(which, &Row::new(&read, &cells)).unwrap();
        }
    }

    #[test]
    fn a_placement_counts_if_a_linked_layout_update_makes_it() {
        let mut reading = gather(Side::M2);
        give(&mut reading, 0, "2|-|Second|0|3\n1|Magento\\Cms\\Block|First|1, 2|2");
        give(&mut reading, 1, "5|1|all_pages|default|content\n6|1|pages|cms_index_index|content\n7|9|pages|x|y");
        give(&mut reading, 2, "5|50\n5|51\n6|60");
        give(&mut reading, 3, "50|0\n51|0\n99|1");
        give(&mut reading, 4, "50|default\n51|catalog_category_layered");
        reading.outcomes((0..5).map(|_| Ok(())).collect());
        let Known::Is(widgets) = reading.finish(Side::M2) else { panic!("all was read") };
        assert_eq!((widgets[0].title.as_str(), widgets[0].stores.as_slice()), ("First", &[1, 2][..]));
        let updates: Vec<usize> = widgets[0].placements.iter().map(|it| it.updates).collect();
        assert_eq!(updates, [1, 0]);
        assert_eq!((widgets[1].kind.as_str(), widgets[1].placements.len()), ("", 0));
    }
}
