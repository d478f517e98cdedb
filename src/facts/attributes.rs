//! EAV attributes, by the classes that they need (`eav_attribute`).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::magento::modules::{is_stock_attribute, is_stock_class, is_stock_setup};
use crate::pair::Side;
use crate::source::tables::{CellError, Read, Row, Tables};

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
    /// Whether it has its values in a table of their own, and nobody could count them.
    pub fn is_uncounted(&self) -> bool {
        self.values.is_none() && VALUES.iter().any(|it| (it.0, it.1) == (self.entity.as_str(), self.kind.as_str()))
    }

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
const ATTRIBUTES: Read = Read::table("eav_attribute")
    .columns(&["attribute_id", "entity_type_id", "attribute_code", "backend_model", "backend_type", "source_model"])
    .optional(&["attribute_model", "frontend_model", "frontend_label", "is_user_defined"]);

/// Columns that name a class.
const CLASSES: [(&str, &str); 4] = [
    ("attribute", "attribute_model"),
    ("backend", "backend_model"),
    ("frontend", "frontend_model"),
    ("source", "source_model"),
];

/// Setup resources (`core_resource`): by the first word of their codes the codes of their attributes begin.
const SETUPS: Read = Read::table("core_resource").columns(&["code"]).optional(&["version"]);

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

/// Attributes that are being read.
pub(super) struct AttributesReader {
    types: BTreeMap<u64, String>,
    /// Id, entity type, attribute.
    found: Vec<(u64, u64, Attribute)>,
    /// How codes of attributes begin that extensions made.
    vendors: BTreeSet<String>,
    /// Attributes that setup scripts name.
    named: BTreeSet<String>,
    counts: BTreeMap<u64, u64>,
}

impl AttributesReader {
    fn entity_type(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.types.insert(row.id("entity_type_id")?, row.text("entity_type_code").unwrap_or_default());
        Ok(())
    }

    fn attribute(&mut self, row: &Row<'_>) -> Result<(), CellError> {
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

    fn setup(&mut self, row: &Row<'_>) {
        let code = row.text("code").filter(|it| !is_stock_setup(it));
        self.vendors.extend(code.as_deref().and_then(|it| it.split_once('_')).map(|(vendor, _)| vendor.to_owned()));
    }

    fn count(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        *self.counts.entry(row.id("attribute_id")?).or_default() += 1;
        Ok(())
    }

    /// Whether an extension has made an attribute: one with a class of its own, or one that does not come with
    /// Magento, if a setup script names it or a vendor's name begins it.
    fn is_of_extension(&self, attribute: &Attribute) -> bool {
        let code = attribute.code.as_str();
        let begins = |vendor: &String| code.strip_prefix(vendor.as_str()).is_some_and(|it| it.starts_with('_'));
        attribute.own_classes().next().is_some()
            || !is_stock_attribute(code) && (self.named.contains(code) || self.vendors.iter().any(begins))
    }

    /// The attributes of extensions that have their values in a table.
    fn counted(&self, entity: &str, kind: &str) -> Vec<u64> {
        let is_counted = |(_, entity_type, attribute): &&(u64, u64, Attribute)| {
            self.types.get(entity_type).is_some_and(|it| it == entity)
                && attribute.kind == kind
                && self.is_of_extension(attribute)
        };
        self.found.iter().filter(is_counted).map(|(id, ..)| *id).collect()
    }
}

impl FactReader for AttributesReader {
    type Value = Vec<Attribute>;

    fn begin(ground: &Ground<'_>) -> Self {
        let modules = ground.code.get().into_iter().flat_map(|it| &it.modules);
        Self {
            types: BTreeMap::new(),
            found: Vec::new(),
            vendors: BTreeSet::new(),
            named: modules.flat_map(|it| &it.names).cloned().collect(),
            counts: BTreeMap::new(),
        }
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let mut asks = vec![
            Ask::required(TYPES, Self::entity_type).never_empty(),
            Ask::required(ATTRIBUTES, Self::attribute).never_empty(),
        ];
        if ground.side == Side::M1 {
            asks.push(Ask::optional(SETUPS, Self::setup).never_empty());
            asks.extend(VALUES.into_iter().map(|(entity, kind, read)| {
                let counted = move |reader: &Self| reader.counted(entity, kind);
                Ask::optional(read, Self::count)
                    .after(&[TYPES, ATTRIBUTES, SETUPS])
                    .only_if(move |reader| !counted(reader).is_empty())
                    .among("attribute_id", counted)
            }));
        }
        asks
    }

    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<Vec<Attribute>> {
        // Which attributes are an extension's is told by its setup resource as well.
        let knows_vendors = ground.side == Side::M1 && answers.error(&SETUPS).is_none();
        let is_counted = |entity: &str, kind: &str| {
            let own = VALUES.iter().find(|it| (it.0, it.1) == (entity, kind));
            knows_vendors && own.is_some_and(|(.., read)| answers.error(read).is_none())
        };
        let mut found = std::mem::take(&mut self.found);
        for (id, entity_type, attribute) in &mut found {
            attribute.entity = self.types.get(entity_type).cloned().unwrap_or_else(|| entity_type.to_string());
            if is_counted(&attribute.entity, &attribute.kind) && self.is_of_extension(attribute) {
                attribute.values = Some(self.counts.get(id).copied().unwrap_or(0));
            }
        }
        let mut found: Vec<Attribute> = found.into_iter().map(|(.., attribute)| attribute).collect();
        found.sort_by(|one, other| (&one.entity, &one.code).cmp(&(&other.entity, &other.code)));
        Known::Is(found)
    }
}
