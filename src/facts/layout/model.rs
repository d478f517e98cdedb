//! What is known of layout.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::facts::catalog::EntityKind;
use crate::facts::version::Version;
use crate::magento::layout_xml::{self, Layout};
use crate::source::tables::Row;

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
    /// Kinds of which not everything is known: what is not among them may be there all the same.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub partly_known: BTreeSet<LayoutKind>,
    /// What could not be read, in snapshots of the first version ([`Snapshot::gaps`](crate::facts::Snapshot::gaps)).
    #[serde(default, skip_serializing)]
    pub lacks: Vec<String>,
}

/// What has layout of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LayoutKind {
    /// A CMS page.
    Page,
    /// A category.
    Category,
    /// A product.
    Product,
    /// A layout update that no widget made.
    Update,
}

impl LayoutKind {
    pub(super) const ALL: [Self; 4] = [Self::Page, Self::Category, Self::Product, Self::Update];
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
    pub(in crate::facts) fn of(row: &Row<'_>, column: &str) -> Option<Self> {
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
