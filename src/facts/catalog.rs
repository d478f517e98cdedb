//! Values of categories and products that are about design, and the entities that have them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Gather;
use super::layout::{EntityLayout, LayoutText};
use super::version::Version;
use crate::source::tables::{CellError, Condition, Ids, Read, ReadError, Row};

/// What of the catalog has a design of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EntityKind {
    /// A category.
    Category,
    /// A product.
    Product,
}

impl EntityKind {
    pub(super) const BOTH: [Self; 2] = [Self::Category, Self::Product];

    /// The word that findings use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Product => "product",
        }
    }

    /// The kind of an entity type, if it is one of these.
    pub(super) fn of_type(code: &str) -> Option<Self> {
        Self::BOTH.into_iter().find(|it| it.type_code() == code)
    }

    const fn type_code(self) -> &'static str {
        match self {
            Self::Category => "catalog_category",
            Self::Product => "catalog_product",
        }
    }
}
/// An attribute of the catalog (`eav_attribute`).
pub(super) struct Attribute {
    pub(super) id: u64,
    pub(super) entity_type: u64,
    pub(super) code: String,
    pub(super) backend: String,
}

/// A part of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Update,
    File,
    Theme,
    From,
    To,
    PageLayout,
    TimedPageLayout,
    UseParent,
    OnProducts,
    Active,
}

impl Part {
    const ALL: [Self; 10] = [
        Self::Update,
        Self::File,
        Self::Theme,
        Self::From,
        Self::To,
        Self::PageLayout,
        Self::TimedPageLayout,
        Self::UseParent,
        Self::OnProducts,
        Self::Active,
    ];

    const fn code(self, kind: EntityKind) -> &'static str {
        match (self, kind) {
            (Self::Update, _) => "custom_layout_update",
            (Self::File, _) => "custom_layout_update_file",
            (Self::Theme, _) => "custom_design",
            (Self::From, _) => "custom_design_from",
            (Self::To, _) => "custom_design_to",
            (Self::PageLayout, _) => "page_layout",
            (Self::TimedPageLayout, _) => "custom_layout",
            (Self::UseParent, _) => "custom_use_parent_settings",
            (Self::OnProducts, _) => "custom_apply_to_products",
            (Self::Active, EntityKind::Category) => "is_active",
            (Self::Active, EntityKind::Product) => "status",
        }
    }
}

/// A table of values, by their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backend {
    Text,
    Varchar,
    Datetime,
    Int,
}

impl Backend {
    fn of(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "varchar" => Some(Self::Varchar),
            "datetime" => Some(Self::Datetime),
            "int" => Some(Self::Int),
            _ => None,
        }
    }
}

const fn table_of(kind: EntityKind, backend: Backend) -> Read {
    let name = match (kind, backend) {
        (EntityKind::Category, Backend::Text) => "catalog_category_entity_text",
        (EntityKind::Category, Backend::Varchar) => "catalog_category_entity_varchar",
        (EntityKind::Category, Backend::Datetime) => "catalog_category_entity_datetime",
        (EntityKind::Category, Backend::Int) => "catalog_category_entity_int",
        (EntityKind::Product, Backend::Text) => "catalog_product_entity_text",
        (EntityKind::Product, Backend::Varchar) => "catalog_product_entity_varchar",
        (EntityKind::Product, Backend::Datetime) => "catalog_product_entity_datetime",
        (EntityKind::Product, Backend::Int) => "catalog_product_entity_int",
    };
    // With staging, values belong to a row of the entity and not to the entity.
    Read::table(name).columns(&["attribute_id", "store_id", "value"]).optional(&["entity_id", "row_id"])
}

/// Which tables hold values of design.
const VALUE_TABLES: [(EntityKind, Backend); 7] = [
    (EntityKind::Category, Backend::Text),
    (EntityKind::Category, Backend::Varchar),
    (EntityKind::Category, Backend::Datetime),
    (EntityKind::Category, Backend::Int),
    (EntityKind::Product, Backend::Text),
    (EntityKind::Product, Backend::Varchar),
    (EntityKind::Product, Backend::Datetime),
];

/// The design of an entity and store view, as far as it has been read.
#[derive(Debug, Default)]
struct Own {
    update: Option<Arc<LayoutText>>,
    selected: String,
    theme: String,
    page_layout: String,
    timed_page_layout: String,
    from: Option<Date>,
    to: Option<Date>,
    uses_parent: Option<bool>,
    is_on_products: Option<bool>,
}

/// Values of the catalog that are being read.
pub(super) struct Values {
    attributes: BTreeMap<u64, (EntityKind, Backend, Part)>,
    /// By kind, entity (or row, with staging) and store view.
    found: BTreeMap<(EntityKind, u64, u64), Own>,
    /// Texts by their hash: thousands of products may share one.
    texts: BTreeMap<[u8; 32], Arc<LayoutText>>,
    outcomes: Vec<Result<(), ReadError>>,
}

/// The entity that a value belongs to; with staging, its row.
pub(super) fn key(row: &Row<'_>) -> Result<u64, CellError> {
    match row.number("row_id")? {
        Some(row_id) => Ok(row_id),
        None => row.id("entity_id"),
    }
}

impl Values {
    /// What is to be read, by the entity types and attributes of a store.
    pub(super) fn of(types: &BTreeMap<u64, EntityKind>, all: &[Attribute]) -> Self {
        let mut attributes = BTreeMap::new();
        for attribute in all {
            let Some(&kind) = types.get(&attribute.entity_type) else { continue };
            let part = Part::ALL.into_iter().find(|it| it.code(kind) == attribute.code);
            if let (Some(part), Some(backend)) = (part, Backend::of(&attribute.backend)) {
                attributes.insert(attribute.id, (kind, backend, part));
            }
        }
        Self { attributes, found: BTreeMap::new(), texts: BTreeMap::new(), outcomes: Vec::new() }
    }

    /// What became of each read.
    pub(super) fn outcomes(&self) -> &[Result<(), ReadError>] {
        &self.outcomes
    }

    fn ids(&self, kind: EntityKind, backend: Backend) -> Ids {
        let wanted = self
            .attributes
            .iter()
            .filter(|(_, (of, table, part))| (*of, *table) == (kind, backend) && *part != Part::Active);
        wanted.map(|(id, _)| *id).collect()
    }

    /// The entities that have any design, whose names and states are to be read.
    pub(super) fn entities(&self) -> Entities {
        let active = self.attributes.iter().filter(|(_, (_, _, part))| *part == Part::Active);
        Entities {
            wanted: self.found.keys().map(|(kind, key, _)| (*kind, *key)).collect(),
            active: active.map(|(id, (kind, ..))| (*kind, *id)).collect(),
            names: BTreeMap::new(),
            states: BTreeMap::new(),
            outcomes: Vec::new(),
        }
    }
}

impl Gather for Values {
    fn reads(&self) -> Vec<Read> {
        let read =
            |(kind, backend)| table_of(kind, backend).only("attribute_id", Condition::OneOf(self.ids(kind, backend)));
        VALUE_TABLES.into_iter().map(read).collect()
    }

    fn row(&mut self, _: usize, row: &Row<'_>) -> Result<(), CellError> {
        let value = row.bytes("value").unwrap_or_default();
        let Some(&(kind, _, part)) = self.attributes.get(&row.id("attribute_id")?) else { return Ok(()) };
        // A category that was saved once has a row for every attribute, mostly without a value.
        if value.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        // What a category that was saved says where nothing was chosen.
        let store = row.id("store_id")?;
        if matches!(part, Part::UseParent | Part::OnProducts) && store == 0 && !row.flag("value")? {
            return Ok(());
        }
        let own = self.found.entry((kind, key(row)?, store)).or_default();
        let text = || row.text("value").unwrap_or_default();
        match part {
            Part::Update => {
                let hash = *blake3::hash(value).as_bytes();
                if !self.texts.contains_key(&hash)
                    && let Some(text) = LayoutText::of(row, "value")
                {
                    self.texts.insert(hash, Arc::new(text));
                }
                own.update = self.texts.get(&hash).cloned();
            }
            Part::File => own.selected = text(),
            Part::Theme => own.theme = text(),
            Part::From => own.from = row.date("value"),
            Part::To => own.to = row.date("value"),
            Part::PageLayout => own.page_layout = text(),
            Part::TimedPageLayout => own.timed_page_layout = text(),
            Part::UseParent => own.uses_parent = Some(row.flag("value")?),
            Part::OnProducts => own.is_on_products = Some(row.flag("value")?),
            Part::Active => {}
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

/// Entities that are being read: those alone that have any design.
pub(super) struct Entities {
    wanted: BTreeSet<(EntityKind, u64)>,
    active: BTreeMap<EntityKind, u64>,
    /// Key by entity, or by its row.
    names: BTreeMap<(EntityKind, u64), (String, Version)>,
    states: BTreeMap<(EntityKind, u64, u64), bool>,
    outcomes: Vec<Result<(), ReadError>>,
}

const CATEGORIES: Read =
    Read::table("catalog_category_entity").columns(&["entity_id"]).optional(&["row_id", "created_in", "updated_in"]);
const PRODUCTS: Read = Read::table("catalog_product_entity").columns(&["entity_id", "sku"]).optional(&[
    "row_id",
    "created_in",
    "updated_in",
]);

const CATEGORY_TEXTS: Read = table_of(EntityKind::Category, Backend::Text);
const PRODUCT_TEXTS: Read = table_of(EntityKind::Product, Backend::Text);

/// Texts of the entities, in the order of [`EntityKind::BOTH`].
pub(super) const TEXTS: [Read; 2] = [CATEGORY_TEXTS, PRODUCT_TEXTS];

/// The entities themselves, in the order of [`EntityKind::BOTH`].
pub(super) const ENTITIES: [Read; 2] = [CATEGORIES, PRODUCTS];

/// A product that can be seen (`Mage_Catalog_Model_Product_Status::STATUS_ENABLED`).
const ENABLED: u64 = 1;

impl Gather for Entities {
    fn reads(&self) -> Vec<Read> {
        let mut reads = ENTITIES.to_vec();
        for kind in EntityKind::BOTH {
            let ids: Ids = self.active.get(&kind).copied().into_iter().collect();
            reads.push(table_of(kind, Backend::Int).only("attribute_id", Condition::OneOf(ids)));
        }
        reads
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        let kind = EntityKind::BOTH[which % 2];
        let key = key(row)?;
        if !self.wanted.contains(&(kind, key)) {
            return Ok(());
        }
        match which {
            0 => {
                self.names.insert((kind, key), (row.id("entity_id")?.to_string(), Version::of(row)?));
            }
            1 => {
                self.names.insert((kind, key), (row.text("sku").unwrap_or_default(), Version::of(row)?));
            }
            _ => {
                let is_active = row.number::<u64>("value")? == Some(ENABLED);
                self.states.insert((kind, key, row.id("store_id")?), is_active);
            }
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

impl Entities {
    /// Entities of which only the names are wanted.
    pub(super) fn named(wanted: BTreeSet<(EntityKind, u64)>) -> Self {
        Self { wanted, active: BTreeMap::new(), names: BTreeMap::new(), states: BTreeMap::new(), outcomes: Vec::new() }
    }

    /// The key of an entity, an id that the migration tool keeps or a SKU, and which version it is.
    pub(super) fn name(&self, kind: EntityKind, key: u64) -> Option<(&str, Version)> {
        self.names.get(&(kind, key)).map(|(name, version)| (name.as_str(), *version))
    }

    /// What became of each read.
    pub(super) fn outcomes(&self) -> &[Result<(), ReadError>] {
        &self.outcomes
    }

    /// Values with the names of their entities. Values of entities that are gone are left out.
    pub(super) fn join(&self, values: Values) -> Vec<EntityLayout> {
        let of_all: BTreeMap<(EntityKind, u64), _> = values
            .found
            .iter()
            .filter(|((.., store), _)| *store == 0)
            .map(|((kind, key, _), own)| ((*kind, *key), (own.from, own.to, own.uses_parent, own.is_on_products)))
            .collect();
        let state = |kind, key, store| self.states.get(&(kind, key, store)).copied();
        let joined = values.found.into_iter().filter_map(|((kind, key, store), own)| {
            // A store view without a value of its own has the one of all store views.
            let (from, to, uses_parent, is_on_products) = of_all.get(&(kind, key)).copied().unwrap_or_default();
            let (name, version) = self.name(kind, key)?;
            Some(EntityLayout {
                kind,
                key: name.to_owned(),
                store,
                is_active: state(kind, key, store).or_else(|| state(kind, key, 0)).unwrap_or(true),
                update: own.update,
                selected: own.selected,
                theme: own.theme,
                page_layout: own.page_layout,
                timed_page_layout: own.timed_page_layout,
                from: own.from.or(from),
                to: own.to.or(to),
                uses_parent: own.uses_parent.or(uses_parent).unwrap_or_default(),
                is_on_products: own.is_on_products.or(is_on_products).unwrap_or_default(),
                version,
            })
        });
        joined.collect()
    }
}
