//! Categories and products: where their values stand, and what they are called.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::version::Version;
use crate::source::tables::{CellError, Read, Row};

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

/// A table of values, by their type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    Text,
    Varchar,
    Datetime,
    Int,
}

impl Backend {
    pub(super) fn of(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "varchar" => Some(Self::Varchar),
            "datetime" => Some(Self::Datetime),
            "int" => Some(Self::Int),
            _ => None,
        }
    }
}

pub(super) const fn values(kind: EntityKind, backend: Backend) -> Read {
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

/// The entity that a value belongs to; with staging, its row.
pub(super) fn key(row: &Row<'_>) -> Result<u64, CellError> {
    match row.number("row_id")? {
        Some(row_id) => Ok(row_id),
        None => row.id("entity_id"),
    }
}

const CATEGORIES: Read =
    Read::table("catalog_category_entity").columns(&["entity_id"]).optional(&["row_id", "created_in", "updated_in"]);
const PRODUCTS: Read = Read::table("catalog_product_entity").columns(&["entity_id", "sku"]).optional(&[
    "row_id",
    "created_in",
    "updated_in",
]);

const CATEGORY_TEXTS: Read = values(EntityKind::Category, Backend::Text);
const PRODUCT_TEXTS: Read = values(EntityKind::Product, Backend::Text);

/// Texts of the entities, in the order of [`EntityKind::BOTH`].
pub(super) const TEXTS: [Read; 2] = [CATEGORY_TEXTS, PRODUCT_TEXTS];

/// All attributes, of whatever they are: every store has some.
pub(super) const ATTRIBUTES: Read = Read::table("eav_attribute").columns(&["attribute_id"]);

/// The entities themselves, in the order of [`EntityKind::BOTH`].
pub(super) const ENTITIES: [Read; 2] = [CATEGORIES, PRODUCTS];

/// Names of categories and products that are being read: of those alone that are wanted.
#[derive(Debug, Default)]
pub(super) struct Names {
    wanted: BTreeSet<(EntityKind, u64)>,
    /// By entity, or by its row.
    names: BTreeMap<(EntityKind, u64), (String, Version)>,
}

impl Names {
    /// Says whose names are wanted.
    pub(super) fn want(&mut self, entities: impl Iterator<Item = (EntityKind, u64)>) {
        self.wanted.extend(entities);
    }

    /// Whether an entity's name is wanted.
    pub(super) fn is_wanted(&self, kind: EntityKind, key: u64) -> bool {
        self.wanted.contains(&(kind, key))
    }

    /// Takes a row of [`ENTITIES`].
    pub(super) fn take(&mut self, kind: EntityKind, row: &Row<'_>) -> Result<(), CellError> {
        let key = key(row)?;
        if self.is_wanted(kind, key) {
            let name = match kind {
                EntityKind::Category => row.id("entity_id")?.to_string(),
                EntityKind::Product => row.text("sku").unwrap_or_default(),
            };
            self.names.insert((kind, key), (name, Version::of(row)?));
        }
        Ok(())
    }

    /// What an entity is called, by an id that the migration tool keeps or a SKU, and which version it is.
    pub(super) fn name(&self, kind: EntityKind, key: u64) -> Option<(&str, Version)> {
        self.names.get(&(kind, key)).map(|(name, version)| (name.as_str(), *version))
    }
}
