//! Layout updates and the design of single pages, categories and products.
//!
//! Values of categories and products lie in tables by type, under ids that
//! differ between installations: the attributes are read first, then their
//! values, then the entities that have any. What is not about design is passed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use super::catalog::EntityKind;
use super::catalog::{Attribute, Entities, Values};
use super::version::Version;
use super::{Gather, lack_of};
use crate::known::Known;
use crate::magento::layout_xml::{self, Layout};
use crate::pair::{Pair, Side};
use crate::source::tables::{CellError, Read, ReadError, Row};

/// Layout of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LayoutFacts {
    /// CMS pages, by id.
    pub pages: Vec<PageLayout>,
    /// Categories and products that have anything of their own, by kind, entity and store view.
    pub entities: Vec<EntityLayout>,
    /// Layout updates that belong to no widget, by id.
    pub updates: Vec<LooseUpdate>,
    /// Names of the files that can be selected; none if no installation folder was given.
    pub files: Option<BTreeSet<String>>,
    /// What could not be read of it.
    pub lacks: Vec<String>,
}

/// The text of a layout update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutText {
    /// How it begins, an element a line.
    pub excerpt: String,
    /// What it says.
    pub layout: Layout,
}

/// How many bytes of a text are kept.
const EXCERPT: usize = 4000;

impl LayoutText {
    /// A text; none if it is empty.
    pub(super) fn of(row: &Row<'_>, column: &str) -> Option<Self> {
        row.text(column).filter(|it| !it.trim().is_empty()).map(|it| Self::read(&it))
    }

    /// A text that is not empty.
    pub fn read(text: &str) -> Self {
        let layout = layout_xml::read(text);
        let shown = if layout.malformed.is_none() { layout_xml::indented(text) } else { text.trim().to_owned() };
        let end = shown.floor_char_boundary(EXCERPT);
        let excerpt = if end < shown.len() { format!("{}…", &shown[..end]) } else { shown };
        Self { excerpt, layout }
    }
}

/// Layout and design of a CMS page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLayout {
    /// Its id.
    pub id: u64,
    /// Its identifier, which several pages may share in different store views.
    pub identifier: String,
    /// Its store views; 0 is all.
    pub stores: Vec<u64>,
    /// Whether it can be seen.
    pub is_active: bool,
    /// Its layout update.
    pub update: Option<LayoutText>,
    /// The layout update that replaces it for a time.
    pub custom_update: Option<LayoutText>,
    /// The file with a layout update that was chosen. Magento 2.3.4 and later.
    pub selected: String,
    /// Its page layout, in the words of its platform.
    pub page_layout: String,
    /// The page layout for the same time.
    pub custom_page_layout: String,
    /// The theme for the same time.
    pub custom_theme: String,
    /// That time.
    pub from: Option<Date>,
    /// Its end.
    pub to: Option<Date>,
    /// When this version is shown.
    pub version: Version,
}

/// Layout and design of a category or product, for one store view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityLayout {
    /// What it is.
    pub kind: EntityKind,
    /// A category's id, which the migration tool keeps, or a product's SKU.
    pub key: String,
    /// The store view; 0 is all.
    pub store: u64,
    /// Whether it can be seen.
    pub is_active: bool,
    /// Its layout update: the same for all products that have the same.
    pub update: Option<Arc<LayoutText>>,
    /// The file with a layout update that was chosen. Magento 2.3.4 and later.
    pub selected: String,
    /// Its theme: `package/theme` in Magento 1, a theme's id in Magento 2.
    pub theme: String,
    /// Its page layout, in the words of its platform.
    pub page_layout: String,
    /// When its design begins to apply; of all store views if it has none of its own.
    pub from: Option<Date>,
    /// When it ends.
    pub to: Option<Date>,
    /// The page layout for that time. A product's in Magento 2.
    pub timed_page_layout: String,
    /// Whether the design of the parent applies instead. A category's.
    pub uses_parent: bool,
    /// Whether its products have its design. A category's.
    pub is_on_products: bool,
    /// When this version is shown.
    pub version: Version,
}

/// A layout update that no widget made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LooseUpdate {
    /// Its id.
    pub id: u64,
    /// The layout handle.
    pub handle: String,
    /// Its text; none if it is empty.
    pub text: Option<LayoutText>,
    /// The store views that it is linked to; without any it has no effect.
    pub stores: Vec<u64>,
}

const PAGES: Pair<Read> = Pair {
    m1: Read::table("cms_page").columns(&["page_id", "identifier", "is_active"]).optional(&[
        "layout_update_xml",
        "custom_layout_update_xml",
        "layout_update_selected",
        "root_template",
        "custom_root_template",
        "custom_theme",
        "custom_theme_from",
        "custom_theme_to",
    ]),
    m2: Read::table("cms_page").columns(&["page_id", "identifier", "is_active"]).optional(&[
        "layout_update_xml",
        "custom_layout_update_xml",
        "layout_update_selected",
        "page_layout",
        "custom_root_template",
        "custom_theme",
        "custom_theme_from",
        "custom_theme_to",
        "row_id",
        "created_in",
        "updated_in",
    ]),
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

/// Which read of the first pass a row is of.
#[derive(Clone, Copy)]
enum First {
    Pages,
    PageStores,
    Updates,
    Links,
    OfWidgets,
    Types,
    Attributes,
}

const FIRST: [First; 7] =
    [First::Pages, First::PageStores, First::Updates, First::Links, First::OfWidgets, First::Types, First::Attributes];

/// Layout that is being read: everything but values of the catalog.
pub(super) struct Reading {
    side: Side,
    /// Pages by their row: with staging, one page has several.
    pages: Vec<(u64, PageLayout)>,
    page_stores: BTreeMap<u64, Vec<u64>>,
    updates: Vec<LooseUpdate>,
    links: BTreeMap<u64, BTreeSet<u64>>,
    of_widgets: BTreeSet<u64>,
    types: BTreeMap<u64, EntityKind>,
    attributes: Vec<Attribute>,
    outcomes: Vec<Result<(), ReadError>>,
}

pub(super) fn gather(side: Side) -> Reading {
    Reading {
        side,
        pages: Vec::new(),
        page_stores: BTreeMap::new(),
        updates: Vec::new(),
        links: BTreeMap::new(),
        of_widgets: BTreeSet::new(),
        types: BTreeMap::new(),
        attributes: Vec::new(),
        outcomes: Vec::new(),
    }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        let read = |it: First| match it {
            First::Pages => *PAGES.of(self.side),
            First::PageStores => PAGE_STORES,
            First::Updates => *UPDATES.of(self.side),
            First::Links => *LINKS.of(self.side),
            First::OfWidgets => OF_WIDGETS,
            First::Types => TYPES,
            First::Attributes => ATTRIBUTES,
        };
        FIRST.into_iter().map(read).collect()
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        match FIRST[which] {
            First::Pages => self.page(row)?,
            First::PageStores => {
                let page = match self.side {
                    Side::M1 => row.id("page_id")?,
                    Side::M2 => row.number("row_id")?.map_or_else(|| row.id("page_id"), Ok)?,
                };
                self.page_stores.entry(page).or_default().push(row.id("store_id")?);
            }
            First::Updates => self.updates.push(LooseUpdate {
                id: row.id("layout_update_id")?,
                handle: row.text("handle").unwrap_or_default(),
                text: LayoutText::of(row, "xml"),
                stores: Vec::new(),
            }),
            First::Links => {
                self.links.entry(row.id("layout_update_id")?).or_default().insert(row.id("store_id")?);
            }
            First::OfWidgets => {
                self.of_widgets.insert(row.id("layout_update_id")?);
            }
            First::Types => {
                let code = row.text("entity_type_code").unwrap_or_default();
                if let Some(kind) = EntityKind::of_type(&code) {
                    self.types.insert(row.id("entity_type_id")?, kind);
                }
            }
            First::Attributes => self.attributes.push(Attribute {
                id: row.id("attribute_id")?,
                entity_type: row.id("entity_type_id")?,
                code: row.text("attribute_code").unwrap_or_default(),
                backend: row.text("backend_type").unwrap_or_default(),
            }),
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

impl Reading {
    fn page(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let text = |column: &str| row.text(column).unwrap_or_default();
        let id = row.id("page_id")?;
        let (row_id, page_layout, version) = match self.side {
            Side::M1 => (id, text("root_template"), Version::default()),
            Side::M2 => (row.number("row_id")?.unwrap_or(id), text("page_layout"), Version::of(row)?),
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
                selected: text("layout_update_selected"),
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

    /// What is to be read of the catalog, now that its attributes are known.
    pub(super) fn values(&self) -> Values {
        Values::of(&self.types, &self.attributes)
    }

    pub(super) fn finish(mut self, values: Values, entities: &Entities) -> Known<LayoutFacts> {
        let side = self.side;
        let lack = |at: usize| self.outcomes.get(at).and_then(|it| it.as_ref().err()).map(|it| lack_of(side, it));
        if let Some(lack) = lack(0) {
            return Known::Not(lack);
        }
        let later = values.outcomes().iter().chain(entities.outcomes()).filter_map(|it| it.as_ref().err());
        let mut lacks: Vec<String> = (1..FIRST.len()).filter_map(lack).map(|it| it.why().to_owned()).collect();
        lacks.extend(later.map(|it| lack_of(side, it).why().to_owned()));
        lacks.dedup();
        for (row_id, page) in &mut self.pages {
            page.stores = self.page_stores.get(row_id).cloned().unwrap_or_default();
            page.stores.sort_unstable();
        }
        let mut pages: Vec<PageLayout> = self.pages.into_iter().map(|(_, page)| page).collect();
        pages.sort_by_key(|it| it.id);
        let mut updates = self.updates;
        // Which are widgets' has to be known, and what is linked to nothing as well.
        if lack(3).is_some() || lack(4).is_some() {
            updates.clear();
        }
        updates.retain(|it| !self.of_widgets.contains(&it.id));
        for update in &mut updates {
            update.stores = self.links.remove(&update.id).unwrap_or_default().into_iter().collect();
        }
        updates.sort_by_key(|it| it.id);
        Known::Is(LayoutFacts { pages, entities: entities.join(values), updates, files: None, lacks })
    }
}
