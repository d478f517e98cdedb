//! EAV attributes, by the classes that they need (`eav_attribute`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Gather, lack_of};
use crate::known::Known;
use crate::magento::modules::{is_stock_attribute, is_stock_class};
use crate::pair::Side;
use crate::source::tables::{CellError, Condition, Ids, Read, ReadError, Row};

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The entity type, such as `catalog_product`.
    pub entity: String,
    /// Its code.
    pub code: String,
    /// Its label.
    pub label: String,
    /// The type of its values: `varchar`, `int`, `static`, …
    pub kind: String,
    /// Whether it was made by a user or an extension.
    pub is_user_defined: bool,
    /// Its classes: a kind (`source`, `backend`, `frontend`, `attribute`) and the class.
    pub classes: Vec<(String, String)>,
    /// How many values it has; none if nobody counted.
    pub values: Option<u64>,
}

impl Attribute {
    /// The key of a finding about it.
    pub fn subject(&self) -> String {
        format!("attribute:{}/{}", self.entity, self.code)
    }

    /// Classes that are none of Magento 1's own.
    pub fn own_classes(&self) -> impl Iterator<Item = &(String, String)> {
        self.classes.iter().filter(|(_, class)| !is_stock_class(class))
    }
}

const TYPES: Read = Read::table("eav_entity_type").columns(&["entity_type_id", "entity_type_code"]);
const ATTRIBUTES: Read =
    Read::table("eav_attribute").columns(&["attribute_id", "entity_type_id", "attribute_code"]).optional(&[
        "attribute_model",
        "backend_model",
        "backend_type",
        "frontend_model",
        "source_model",
        "frontend_label",
        "is_user_defined",
    ]);

/// Columns that name a class.
const CLASSES: [(&str, &str); 4] = [
    ("attribute", "attribute_model"),
    ("backend", "backend_model"),
    ("frontend", "frontend_model"),
    ("source", "source_model"),
];

/// Attributes that are being read.
pub(super) struct Reading {
    side: Side,
    types: BTreeMap<u64, String>,
    found: Vec<(u64, u64, Attribute)>,
    outcomes: Vec<Result<(), ReadError>>,
}

pub(super) fn gather(side: Side) -> Reading {
    Reading { side, types: BTreeMap::new(), found: Vec::new(), outcomes: Vec::new() }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        vec![TYPES, ATTRIBUTES]
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        if which == 0 {
            self.types.insert(row.id("entity_type_id")?, row.text("entity_type_code").unwrap_or_default());
            return Ok(());
        }
        let classes = CLASSES.into_iter().filter_map(|(kind, column)| {
            let class = row.text(column).filter(|it| !it.trim().is_empty())?;
            Some((kind.to_owned(), class))
        });
        let attribute = Attribute {
            entity: String::new(),
            code: row.text("attribute_code").unwrap_or_default(),
            label: row.text("frontend_label").unwrap_or_default(),
            kind: row.text("backend_type").unwrap_or_default(),
            is_user_defined: row.flag("is_user_defined")?,
            classes: classes.collect(),
            values: None,
        };
        self.found.push((row.id("attribute_id")?, row.id("entity_type_id")?, attribute));
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

/// Tables of values that can be counted, by entity type and type of the values.
const VALUES: [(&str, &str, Read); 20] = [
    ("catalog_product", "datetime", Read::table("catalog_product_entity_datetime").columns(&["attribute_id"])),
    ("catalog_product", "decimal", Read::table("catalog_product_entity_decimal").columns(&["attribute_id"])),
    ("catalog_product", "int", Read::table("catalog_product_entity_int").columns(&["attribute_id"])),
    ("catalog_product", "text", Read::table("catalog_product_entity_text").columns(&["attribute_id"])),
    ("catalog_product", "varchar", Read::table("catalog_product_entity_varchar").columns(&["attribute_id"])),
    ("catalog_category", "datetime", Read::table("catalog_category_entity_datetime").columns(&["attribute_id"])),
    ("catalog_category", "decimal", Read::table("catalog_category_entity_decimal").columns(&["attribute_id"])),
    ("catalog_category", "int", Read::table("catalog_category_entity_int").columns(&["attribute_id"])),
    ("catalog_category", "text", Read::table("catalog_category_entity_text").columns(&["attribute_id"])),
    ("catalog_category", "varchar", Read::table("catalog_category_entity_varchar").columns(&["attribute_id"])),
    ("customer", "datetime", Read::table("customer_entity_datetime").columns(&["attribute_id"])),
    ("customer", "decimal", Read::table("customer_entity_decimal").columns(&["attribute_id"])),
    ("customer", "int", Read::table("customer_entity_int").columns(&["attribute_id"])),
    ("customer", "text", Read::table("customer_entity_text").columns(&["attribute_id"])),
    ("customer", "varchar", Read::table("customer_entity_varchar").columns(&["attribute_id"])),
    ("customer_address", "datetime", Read::table("customer_address_entity_datetime").columns(&["attribute_id"])),
    ("customer_address", "decimal", Read::table("customer_address_entity_decimal").columns(&["attribute_id"])),
    ("customer_address", "int", Read::table("customer_address_entity_int").columns(&["attribute_id"])),
    ("customer_address", "text", Read::table("customer_address_entity_text").columns(&["attribute_id"])),
    ("customer_address", "varchar", Read::table("customer_address_entity_varchar").columns(&["attribute_id"])),
];

/// Values that are being counted.
pub(super) struct Counting {
    reads: Vec<Read>,
    counts: BTreeMap<u64, u64>,
    outcomes: Vec<Result<(), ReadError>>,
}

impl Gather for Counting {
    fn reads(&self) -> Vec<Read> {
        self.reads.clone()
    }

    fn row(&mut self, _: usize, row: &Row<'_>) -> Result<(), CellError> {
        *self.counts.entry(row.id("attribute_id")?).or_default() += 1;
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

impl Reading {
    /// The values of Magento 1's attributes that an extension has made: those with a class of its own, and
    /// those that do not come with Magento, if a setup script names them or a vendor's name begins them.
    pub(super) fn values(&self, vendors: &[String], names: &BTreeSet<&str>) -> Counting {
        let mut reads = Vec::new();
        if self.side == Side::M1 {
            for (entity, kind, read) in VALUES {
                let is_asked = |it: &&(u64, u64, Attribute)| {
                    let (_, entity_type, attribute) = it;
                    let begins = |vendor: &String| {
                        attribute.code.strip_prefix(vendor.as_str()).is_some_and(|it| it.starts_with('_'))
                    };
                    let is_named = vendors.iter().any(begins) || names.contains(attribute.code.as_str());
                    self.types.get(entity_type).is_some_and(|it| it == entity)
                        && attribute.kind == kind
                        && (attribute.own_classes().next().is_some()
                            || (!is_stock_attribute(&attribute.code) && is_named))
                };
                let ids: Vec<u64> = self.found.iter().filter(is_asked).map(|(id, ..)| *id).collect();
                let chunks = ids.chunks(Ids::MOST);
                reads
                    .extend(chunks.map(|it| read.only("attribute_id", Condition::OneOf(it.iter().copied().collect()))));
            }
        }
        Counting { reads, counts: BTreeMap::new(), outcomes: Vec::new() }
    }

    pub(super) fn finish(self, values: &Counting) -> Known<Vec<Attribute>> {
        if let Some(error) = self.outcomes.iter().find_map(|it| it.as_ref().err()) {
            return Known::Not(lack_of(self.side, error));
        }
        let is_counted = values.outcomes.iter().all(Result::is_ok);
        let asked: Vec<u64> = values
            .reads
            .iter()
            .filter_map(Read::condition)
            .filter_map(|(_, condition)| if let Condition::OneOf(ids) = condition { Some(ids) } else { None })
            .flat_map(|ids| ids.iter().collect::<Vec<_>>())
            .collect();
        let mut found: Vec<Attribute> = self
            .found
            .into_iter()
            .map(|(id, entity_type, attribute)| Attribute {
                entity: self.types.get(&entity_type).cloned().unwrap_or_else(|| entity_type.to_string()),
                values: (is_counted && asked.contains(&id)).then(|| values.counts.get(&id).copied().unwrap_or(0)),
                ..attribute
            })
            .collect();
        found.sort_by(|one, other| (&one.entity, &one.code).cmp(&(&other.entity, &other.code)));
        Known::Is(found)
    }
}

/// Every read that may be made.
pub(super) fn all_reads(side: Side) -> Vec<Read> {
    let mut reads = gather(side).reads();
    if side == Side::M1 {
        reads.extend(VALUES.iter().map(|(.., read)| *read));
    }
    reads
}
