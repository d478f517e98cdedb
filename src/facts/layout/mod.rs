//! Layout updates and the design of single pages, categories and products.
//!
//! Values of categories and products lie in tables by type, under ids that
//! differ between installations: the attributes are read first, then their
//! values, then the entities that have any. What is not about design is passed.

mod model;
mod values;

use std::collections::{BTreeMap, BTreeSet};

pub use self::model::{EntityLayout, LayoutFacts, LayoutKind, LayoutText, LooseUpdate, PageLayout};
use self::values::{Attribute, States, TABLES, Values};
pub use super::catalog::EntityKind;
use super::catalog::{self, Backend, ENTITIES, Names};
use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use super::version::Version;
use crate::known::Known;
use crate::pair::{Pair, Side};
use crate::source::tables::{CellError, Read, Row, Tables};

const PAGES: Pair<Read> = Pair {
    m1: Read::table("cms_page")
        .columns(&[
            "page_id",
            "identifier",
            "is_active",
            "layout_update_xml",
            "custom_layout_update_xml",
            "root_template",
            "custom_theme",
            "custom_theme_from",
            "custom_theme_to",
        ])
        .optional(&["custom_root_template"]),
    m2: Read::table("cms_page")
        .columns(&[
            "page_id",
            "identifier",
            "is_active",
            "layout_update_xml",
            "custom_layout_update_xml",
            "page_layout",
            "custom_theme",
            "custom_theme_from",
            "custom_theme_to",
            "custom_root_template",
        ])
        .optional(&["layout_update_selected", "row_id", "created_in", "updated_in"]),
};
const PAGE_STORES: Read = Read::table("cms_page_store").columns(&["store_id"]).optional(&["page_id", "row_id"]);
const UPDATES: Pair<Read> = Pair {
    m1: Read::table("core_layout_update").columns(&["layout_update_id", "handle", "xml"]),
    m2: Read::table("layout_update").columns(&["layout_update_id", "handle", "xml"]),
};
const LINKS: Pair<Read> = Pair {
    m1: Read::table("core_layout_link").columns(&["layout_update_id", "store_id"]),
    m2: Read::table("layout_link").columns(&["layout_update_id", "store_id"]),
};
const OF_WIDGETS: Read = Read::table("widget_instance_page_layout").columns(&["page_id", "layout_update_id"]);
const TYPES: Read = Read::table("eav_entity_type").columns(&["entity_type_id", "entity_type_code"]);
const ATTRIBUTES: Read = Read::table("eav_attribute")
    .only_in(
        "attribute_code",
        &[
            "custom_layout_update",
            "custom_layout_update_file",
            "custom_design",
            "custom_design_from",
            "custom_design_to",
            "page_layout",
            "custom_layout",
            "custom_use_parent_settings",
            "custom_apply_to_products",
            "is_active",
            "status",
        ],
    )
    .columns(&["attribute_id", "entity_type_id", "attribute_code", "backend_type"]);

/// A product that can be seen (`Mage_Catalog_Model_Product_Status::STATUS_ENABLED`).
const ENABLED: u64 = 1;

/// Layout that is being read.
pub(super) struct LayoutReader {
    side: Side,
    /// Pages by their row: with staging, one page has several.
    pages: Vec<(u64, PageLayout)>,
    page_stores: BTreeMap<u64, Vec<u64>>,
    updates: Vec<LooseUpdate>,
    links: BTreeMap<u64, BTreeSet<u64>>,
    of_widgets: BTreeSet<u64>,
    types: BTreeMap<u64, EntityKind>,
    attributes: Vec<Attribute>,
    values: Values,
    names: Names,
    states: States,
}

impl LayoutReader {
    fn page(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let text = |column: &str| row.text(column).unwrap_or_default();
        let id = row.id("page_id")?;
        let (row_id, page_layout, selected, version) = match self.side {
            Side::M1 => (id, text("root_template"), String::new(), Version::default()),
            Side::M2 => {
                let row_id = row.number("row_id")?.unwrap_or(id);
                (row_id, text("page_layout"), text("layout_update_selected"), Version::of(row)?)
            }
        };
        self.pages.push((
            row_id,
            PageLayout {
                id,
                identifier: text("identifier"),
                stores: Vec::new(),
                is_active: row.flag("is_active")?,
                update: LayoutText::of(row, "layout_update_xml"),
                custom_update: LayoutText::of(row, "custom_layout_update_xml"),
                selected,
                page_layout,
                custom_page_layout: text("custom_root_template"),
                custom_theme: text("custom_theme"),
                from: row.date("custom_theme_from"),
                to: row.date("custom_theme_to"),
                version,
            },
        ));
        Ok(())
    }

    fn page_store(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let page = match self.side {
            Side::M1 => row.id("page_id")?,
            Side::M2 => row.number("row_id")?.map_or_else(|| row.id("page_id"), Ok)?,
        };
        self.page_stores.entry(page).or_default().push(row.id("store_id")?);
        Ok(())
    }

    fn update(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.updates.push(LooseUpdate {
            id: row.id("layout_update_id")?,
            handle: row.text("handle").unwrap_or_default(),
            text: LayoutText::of(row, "xml"),
            stores: Vec::new(),
        });
        Ok(())
    }

    fn link(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.links.entry(row.id("layout_update_id")?).or_default().insert(row.id("store_id")?);
        Ok(())
    }

    fn of_widget(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.of_widgets.insert(row.id("layout_update_id")?);
        Ok(())
    }

    fn entity_type(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        if let Some(kind) = EntityKind::of_type(&row.text("entity_type_code").unwrap_or_default()) {
            self.types.insert(row.id("entity_type_id")?, kind);
        }
        Ok(())
    }

    fn attribute(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.attributes.push(Attribute {
            id: row.id("attribute_id")?,
            entity_type: row.id("entity_type_id")?,
            code: row.text("attribute_code").unwrap_or_default(),
            backend: row.text("backend_type").unwrap_or_default(),
        });
        Ok(())
    }

    fn state(&mut self, kind: EntityKind, row: &Row<'_>) -> Result<(), CellError> {
        let key = catalog::key(row)?;
        if self.names.is_wanted(kind, key) {
            let is_active = row.number::<u64>("value")? == Some(ENABLED);
            self.states.insert((kind, key, row.id("store_id")?), is_active);
        }
        Ok(())
    }

    /// Layout updates that no widget made, with the store views that they are linked to.
    fn loose_updates(&mut self) -> Vec<LooseUpdate> {
        let mut updates = std::mem::take(&mut self.updates);
        updates.retain(|it| !self.of_widgets.contains(&it.id));
        for update in &mut updates {
            update.stores = self.links.remove(&update.id).unwrap_or_default().into_iter().collect();
        }
        updates.sort_by_key(|it| it.id);
        updates
    }
}

/// Without which nobody can say what has no layout of a kind.
fn needed(side: Side, kind: LayoutKind) -> Vec<Read> {
    let of_catalog = |at: usize| {
        let kind = EntityKind::BOTH[at];
        let backends = [Backend::Text, Backend::Varchar, Backend::Datetime, Backend::Int];
        let values = backends.map(|it| catalog::values(kind, it));
        [TYPES, ATTRIBUTES, ENTITIES[at]].into_iter().chain(values).collect()
    };
    match kind {
        LayoutKind::Page => vec![*PAGES.of(side), PAGE_STORES],
        LayoutKind::Category => of_catalog(0),
        LayoutKind::Product => of_catalog(1),
        // Which updates are widgets' has to be known, and what is linked to nothing as well.
        LayoutKind::Update => vec![*UPDATES.of(side), *LINKS.of(side), OF_WIDGETS],
    }
}

impl FactReader for LayoutReader {
    type Value = LayoutFacts;

    fn begin(ground: &Ground<'_>) -> Self {
        Self {
            side: ground.side,
            pages: Vec::new(),
            page_stores: BTreeMap::new(),
            updates: Vec::new(),
            links: BTreeMap::new(),
            of_widgets: BTreeSet::new(),
            types: BTreeMap::new(),
            attributes: Vec::new(),
            values: Values::default(),
            names: Names::default(),
            states: States::new(),
        }
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let mut asks = vec![
            Ask::required(*PAGES.of(ground.side), Self::page).never_empty_beside(&[PAGE_STORES]),
            Ask::optional(PAGE_STORES, Self::page_store).never_empty_beside(&[*PAGES.of(ground.side)]),
            Ask::optional(*UPDATES.of(ground.side), Self::update),
            Ask::optional(*LINKS.of(ground.side), Self::link),
            Ask::optional(OF_WIDGETS, Self::of_widget),
            Ask::optional(TYPES, Self::entity_type).never_empty(),
            Ask::optional(ATTRIBUTES, Self::attribute),
            Ask::optional(catalog::ATTRIBUTES, |_: &mut Self, _| ()).never_empty(),
        ];
        asks.extend(TABLES.into_iter().map(|(kind, backend)| {
            Ask::optional(catalog::values(kind, backend), |reader: &mut Self, row| reader.values.value(row))
                .after(&[TYPES, ATTRIBUTES])
                .among("attribute_id", move |reader| reader.values.ids(kind, backend))
        }));
        // Whole numbers come in the same pass; of them the states are asked as well, which cannot wait for themselves.
        let values = TABLES.into_iter().filter(|(_, backend)| !matches!(backend, Backend::Int));
        let values: Vec<Read> = values.map(|(kind, backend)| catalog::values(kind, backend)).collect();
        for (kind, read) in EntityKind::BOTH.into_iter().zip(ENTITIES) {
            let name = move |reader: &mut Self, row: &Row<'_>| reader.names.take(kind, row);
            let ask = Ask::optional(read, name).after(&values);
            // The category of which all others are parts.
            asks.push(if matches!(kind, EntityKind::Category) { ask.never_empty() } else { ask });
        }
        for kind in EntityKind::BOTH {
            let state = move |reader: &mut Self, row: &Row<'_>| reader.state(kind, row);
            let ids = move |reader: &Self| reader.values.state_ids(kind);
            let read = catalog::values(kind, Backend::Int);
            asks.push(Ask::optional(read, state).after(&values).among("attribute_id", ids));
        }
        asks
    }

    fn passed(&mut self, _: &Answers) {
        self.values.learn(&self.types, &self.attributes);
        self.names.want(self.values.entities());
    }

    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<LayoutFacts> {
        let updates = self.loose_updates();
        for (row_id, page) in &mut self.pages {
            page.stores = self.page_stores.get(row_id).cloned().unwrap_or_default();
            page.stores.sort_unstable();
        }
        let mut pages: Vec<PageLayout> = self.pages.into_iter().map(|(_, page)| page).collect();
        pages.sort_by_key(|it| it.id);
        Known::Is(LayoutFacts {
            pages,
            entities: self.values.joined(&self.names, &self.states),
            updates,
            files: ground.layout_files.cloned(),
            partly_known: LayoutKind::ALL.into_iter().filter(|it| answers.has_gap(&needed(self.side, *it))).collect(),
            lacks: Vec::new(),
        })
    }
}
