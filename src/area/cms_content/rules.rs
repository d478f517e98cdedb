//! What can be wrong with content.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&MISSING, &WIDGET_LOST, &DEAD_DIRECTIVE];

pub(super) const MISSING: Rule = Rule {
    code: "cms_content.missing",
    severity: Severity::High,
    severity_note: "",
    title: "Page or block is not in Magento 2",
    meaning: "Magento 1 has this CMS page or block for these store views, and Magento 2 has none of its identifier for them.",
    why: "Links lead to a page that is not found, and what showed the block shows nothing.",
    detection: "No row of cms_page or cms_block has the identifier for these store views.",
    action: "Create it (Content > Elements), or note that it is not wanted.",
    step: Step::Create,
    source: "Tables cms_page, cms_page_store, cms_block, cms_block_store.",
    points: 3,
};

pub(super) const WIDGET_LOST: Rule = Rule {
    code: "cms_content.widget-lost",
    severity: Severity::High,
    severity_note: "",
    title: "Widget that is gone from a text",
    meaning: "The text of Magento 1 shows a widget that the one of Magento 2 does not.",
    why: "The official tool deletes widget directives whose type it cannot translate, without a word.",
    detection: "Magento 2's text has fewer widget directives of this type than Magento 1's.",
    action: "Insert a widget of Magento 2 that shows the same, or remove what is around it.",
    step: Step::Create,
    source: "data-migration-tool, Migration\\Handler\\ClassMap and PlaceholderReplace; class-map.xml.dist.",
    points: 3,
};

pub(super) const DEAD_DIRECTIVE: Rule = Rule {
    code: "cms_content.dead-directive",
    severity: Severity::Medium,
    severity_note: "",
    title: "Directive that Magento 2 does not honour",
    meaning: "The text holds a directive in Magento 1's words.",
    why: "Magento 2 shows nothing in its place, or an error in its log.",
    detection: "{{block type=…}} or {{widget type=…}} with an alias of Magento 1, or {{skin …}}.",
    action: "Replace it as the detail says.",
    step: Step::Correct,
    source: "Magento\\Cms\\Model\\Template\\Filter, Magento\\Widget\\Model\\Template\\Filter; Magento\\Framework\\Filter\\Template::blockDirective.",
    points: 1,
};
