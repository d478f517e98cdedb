//! What can be wrong with a layout update.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[
    &FILE_MISSING,
    &MISSING,
    &M1_SYNTAX,
    &MALFORMED,
    &PAGE_LAYOUT,
    &THEME_REFERENCE,
    &REACH,
    &UNKNOWN_TARGET,
    &EXPIRED,
    &ORPHAN,
];

pub(super) const MISSING: Rule = Rule {
    code: "layout.missing",
    severity: Severity::High,
    severity_note: "low if its time is over, what it belongs to is inactive, or the store view is gone",
    title: "Layout update is not in Magento 2",
    meaning: "Magento 1 changes the layout here, and Magento 2 does not.",
    why: "The official tool drops the layout updates of pages and empties those of categories. The page shows what was removed, or lacks what was added.",
    detection: "A layout update in Magento 1's database that is not empty; in Magento 2 neither one in its own words, nor a selected file, nor the page layout that it chose.",
    action: "Write the layout update as a file of the theme (cms_page_view_selectable_IDENTIFIER_NAME.xml, catalog_category_view_selectable_ID_NAME.xml, catalog_product_view_selectable_SKU_NAME.xml) with the conversions of its card, and select it (Custom Layout Update).",
    step: Step::Create,
    source: "data-migration-tool, map.xml.dist: cms_page.layout_update_xml is ignored, catalog_category_entity_text is set to NULL; Magento\\Cms\\Model\\Page\\CustomLayout\\CustomLayoutManager.",
    points: 5,
};

pub(super) const M1_SYNTAX: Rule = Rule {
    code: "layout.m1-syntax",
    severity: Severity::High,
    severity_note: "",
    title: "Layout update of Magento 1 in Magento 2",
    meaning: "Magento 2's database holds a layout update that only Magento 1 understands.",
    why: "The official tool copies those of products as they are. Magento 2 passes over what it does not know, and in developer mode the page fails.",
    detection: "A construct that means nothing in Magento 2: <reference>, a block's type, <remove name>, a handle of Magento 1.",
    action: "Write it anew as a file with the conversions of its card, select the file, and remove the text.",
    step: Step::Correct,
    source: "data-migration-tool: no rule for custom_layout_update of products; Magento\\Framework\\View\\Model\\Layout\\Merge.",
    points: 5,
};

pub(super) const FILE_MISSING: Rule = Rule {
    code: "layout.file-missing",
    severity: Severity::Blocker,
    severity_note: "",
    title: "Selected layout file does not exist",
    meaning: "Magento 2 has a file with a layout update selected here, and no theme or module has it.",
    why: "The page, category or product cannot be saved any more, and is shown without its layout.",
    detection: "No folder of a theme or module has a file of the name that layout_update_selected or custom_layout_update_file stands for. Looked for only if --m2 names the installation folder.",
    action: "Add the file to the theme, or select another (Custom Layout Update).",
    step: Step::Secure,
    source: "Magento\\Cms\\Model\\Page\\CustomLayout\\CustomLayoutManager, Magento\\Catalog\\Model\\Attribute\\LayoutUpdateManager.",
    points: 3,
};

pub(super) const MALFORMED: Rule = Rule {
    code: "layout.malformed",
    severity: Severity::Medium,
    severity_note: "",
    title: "Layout update that is no XML",
    meaning: "The text cannot be read: it is not well-formed.",
    why: "It has no effect, or breaks the page, and nobody can convert it by a tool.",
    detection: "Parsing the text within a root element fails; the detail says where.",
    action: "Find out what was meant, and write that.",
    step: Step::Correct,
    source: "Mage_Core_Model_Layout_Update; nothing checks the text when it is saved.",
    points: 1,
};

pub(super) const EXPIRED: Rule = Rule {
    code: "layout.expired",
    severity: Severity::Info,
    severity_note: "",
    title: "Without effect in Magento 1: propose to drop",
    meaning: "The layout update, or the theme of its own, has no effect in Magento 1 any more.",
    why: "A migration is the time to leave it behind.",
    detection: "Its date range is over, the page, category or product is inactive, or the store view does not exist.",
    action: "Leave it behind, if nobody wants it back.",
    step: Step::Leave,
    source: "Mage_Catalog_Model_Design, Mage_Cms_Helper_Page.",
    points: 0,
};

pub(super) const UNKNOWN_TARGET: Rule = Rule {
    code: "layout.unknown-target",
    severity: Severity::Medium,
    severity_note: "",
    title: "Layout update of a place that Magento 2 does not have",
    meaning: "A layout update in Magento 2's words refers to a name that only Magento 1 has.",
    why: "Magento 2 passes it over: nothing happens.",
    detection: "referenceBlock, referenceContainer or the destination of a move names something of Magento 1 that nothing in Magento 2 is called.",
    action: "Use the name of the detail.",
    step: Step::Correct,
    source: "Magento_Theme's default.xml.",
    points: 1,
};

pub(super) const PAGE_LAYOUT: Rule = Rule {
    code: "layout.page-layout",
    severity: Severity::Medium,
    severity_note: "",
    title: "Page layout lost or changed",
    meaning: "The page layout in Magento 2 is another than in Magento 1, or a word that only Magento 1 knows.",
    why: "Columns are missing, or there are some where none were.",
    detection: "page_layout of Magento 2 against root_template or page_layout of Magento 1, translated (two_columns_left is 2columns-left).",
    action: "Choose the page layout (Design > Layout).",
    step: Step::Correct,
    source: "data-migration-tool, map.xml.dist: page_layout is converted, custom_root_template is copied.",
    points: 1,
};

pub(super) const THEME_REFERENCE: Rule = Rule {
    code: "layout.theme-reference",
    severity: Severity::Medium,
    severity_note: "",
    title: "Theme of a single page, category or product",
    meaning: "Magento 1 shows this in a theme of its own, which is lost in Magento 2, or stands there as a text that means nothing.",
    why: "Themes have ids in Magento 2: `package/theme` is none, and the official tool empties those of categories and products.",
    detection: "custom_design or custom_theme of Magento 1 whose time is not over, without a theme in Magento 2; or one in Magento 2 that is not the id of a theme.",
    action: "Choose the theme of Magento 2 that replaces it, or none (Design > Theme).",
    step: Step::Decide,
    source: "data-migration-tool, map.xml.dist: custom_design is set to NULL, cms_page.custom_theme is copied; table theme.",
    points: 1,
};

pub(super) const REACH: Rule = Rule {
    code: "layout.reach",
    severity: Severity::Medium,
    severity_note: "",
    title: "Design of a category reaches other pages",
    meaning: "In one Magento the category takes the design of its parent, or gives its own to its products; in the other it does not.",
    why: "Whole branches of the catalog look different, although each value that shows it is there.",
    detection: "custom_use_parent_settings and custom_apply_to_products of the category on both sides, by store view.",
    action: "Set Use Parent Category Settings and Apply Design to Products of the category (Design) as they were.",
    step: Step::Correct,
    source: "Mage_Catalog_Model_Design, Magento\\Catalog\\Model\\Design.",
    points: 1,
};

pub(super) const ORPHAN: Rule = Rule {
    code: "layout.orphan",
    severity: Severity::Info,
    severity_note: "",
    title: "Layout update that nothing uses",
    meaning: "The layout update belongs to no widget and is linked to no store view.",
    why: "It has no effect.",
    detection: "No row of widget_instance_page_layout and none of core_layout_link names it.",
    action: "Leave it behind.",
    step: Step::Leave,
    source: "Tables core_layout_update, core_layout_link.",
    points: 0,
};
