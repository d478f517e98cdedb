//! Names of layout and widgets: what those of Magento 1 are in Magento 2.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A name of Magento 1's layouts.
#[derive(Debug, Deserialize)]
pub struct Name {
    #[serde(rename = "m1_name")]
    m1: String,
    /// What it is in Magento 2; empty if there is nothing.
    #[serde(rename = "m2_name")]
    pub m2: String,
    /// `container`, `block`, or both.
    #[serde(rename = "m2_kind")]
    pub kind: String,
    #[serde(rename = "m2_is")]
    is: String,
    /// What is to be known about it.
    pub note: String,
}

impl Name {
    /// Whether it stands in Magento 2 for what it stood for in Magento 1, and for nothing more.
    pub fn is_the_same(&self) -> bool {
        self.is == "same"
    }
}

static NAMES: LazyLock<BTreeMap<String, Name>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("layout_names.csv").as_slice())
        .deserialize()
        .map(|it: Result<Name, _>| it.expect("layout_names.csv is well-formed; a test reads it"))
        .map(|it| (it.m1.clone(), it))
        .collect()
});

#[derive(Debug, Deserialize)]
struct WidgetType {
    m1_type: String,
    m2_classes: String,
}

static WIDGET_TYPES: LazyLock<Vec<WidgetType>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("widget_types.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("widget_types.csv is well-formed; a test reads it")
});

/// What a name of Magento 1's layouts is in Magento 2.
pub fn name(m1_name: &str) -> Option<&'static Name> {
    NAMES.get(m1_name)
}

#[derive(Debug, Deserialize)]
struct Handle {
    m1_handle: String,
    m2_handle: String,
}

static HANDLES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("layout_handles.csv").as_slice())
        .deserialize()
        .map(|it: Result<Handle, _>| it.expect("layout_handles.csv is well-formed; a test reads it"))
        .map(|it| (it.m1_handle, it.m2_handle))
        .collect()
});

#[derive(Debug, Deserialize)]
struct BlockType {
    m1_type: String,
    m2_class: String,
    confidence: String,
}

static BLOCKS: LazyLock<BTreeMap<String, (String, String)>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("layout_blocks.csv").as_slice())
        .deserialize()
        .map(|it: Result<BlockType, _>| it.expect("layout_blocks.csv is well-formed; a test reads it"))
        .map(|it| (it.m1_type, (it.m2_class, it.confidence)))
        .collect()
});

#[derive(Debug, Deserialize)]
struct Action {
    method: String,
    instead: String,
    verdict: String,
}

static ACTIONS: LazyLock<BTreeMap<String, (String, String)>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("layout_actions.csv").as_slice())
        .deserialize()
        .map(|it: Result<Action, _>| it.expect("layout_actions.csv is well-formed; a test reads it"))
        .map(|it| (it.method, (it.instead, it.verdict)))
        .collect()
});

/// What Magento 2 has instead of a call of a block's method (`<action method="…">`), and how well it fits.
pub fn action(method: &str) -> Option<(&'static str, &'static str)> {
    ACTIONS.get(method).map(|(instead, verdict)| (instead.as_str(), verdict.as_str()))
}

/// Whether a layout handle is one of Magento 1 alone.
pub fn is_handle_of_m1_alone(handle: &str) -> bool {
    self::handle(handle).is_some_and(|it| it != handle) && !HANDLES.values().any(|it| it == handle)
}

/// Beginnings of handles of one thing, which ends with its id or code; those of stores and themes
/// have no counterpart.
const OF_ONE: [(&str, &str); 4] = [
    ("CATEGORY_", "catalog_category_view_id_"),
    ("PRODUCT_", "catalog_product_view_id_"),
    ("STORE_", ""),
    ("THEME_", ""),
];

/// What a layout handle of Magento 1 is in Magento 2: empty if it is nothing, for a page layout `page_layout=…`.
pub fn handle(m1_handle: &str) -> Option<Cow<'static, str>> {
    if let Some(known) = HANDLES.get(m1_handle) {
        return Some(Cow::Borrowed(known));
    }
    let of_one = OF_ONE.iter().find_map(|(before, now)| Some((m1_handle.strip_prefix(before)?, *now)));
    of_one.map(|(of, now)| if now.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!("{now}{of}")) })
}

/// What a template of Magento 1's whole page is as a page layout of Magento 2 (`page/3columns.phtml`).
pub fn page_layout_of_template(template: &str) -> Option<&'static str> {
    ["1column", "2columns-left", "2columns-right", "3columns", "empty"]
        .into_iter()
        .find(|it| template.trim().strip_prefix("page/").and_then(|rest| rest.strip_suffix(".phtml")) == Some(it))
}

/// The class of a block type of Magento 1, and how well it fits; an empty class if there is none.
pub fn block_class(m1_type: &str) -> Option<(&'static str, &'static str)> {
    BLOCKS.get(m1_type).map(|(class, fit)| (class.as_str(), fit.as_str()))
}

/// What a page layout of Magento 1 is called in Magento 2 (`Mage_Page_Model_Config`).
pub fn page_layout(m1: &str) -> &str {
    match m1 {
        "one_column" => "1column",
        "two_columns_left" => "2columns-left",
        "two_columns_right" => "2columns-right",
        "three_columns" => "3columns",
        other => other,
    }
}

/// Whether a name is one of Magento 1 alone: nothing in Magento 2's storefront is called so.
pub fn is_of_m1_alone(container: &str) -> bool {
    name(container).is_some_and(|it| it.m2 != container) && !NAMES.values().any(|it| it.m2 == container)
}

/// The classes of Magento 2 that a widget type of Magento 1 became, the newest first.
pub fn widget_classes(m1_type: &str) -> impl Iterator<Item = &'static str> {
    let found = WIDGET_TYPES.iter().find(|it| it.m1_type == m1_type);
    found.into_iter().flat_map(|it| it.m2_classes.split(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_other_names() {
        assert!(is_of_m1_alone("left") && is_of_m1_alone("right") && is_of_m1_alone("head"));
        assert!(!is_of_m1_alone("content") && !is_of_m1_alone("sidebar.main") && !is_of_m1_alone("my.own"));
        assert_eq!(name("left").map(|it| it.m2.as_str()), Some("sidebar.main"));
    }

    #[test]
    fn widget_types_became_classes() {
        assert_eq!(widget_classes("cms/widget_block").collect::<Vec<_>>(), ["Magento\\Cms\\Block\\Widget\\Block"]);
        assert_eq!(widget_classes("reports/product_widget_viewed").count(), 2);
        assert_eq!(widget_classes("acme_blog/latest").count(), 0);
    }
}
