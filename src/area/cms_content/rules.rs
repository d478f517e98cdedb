//! What can be wrong with content.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] =
    &[&MISSING, &INACTIVE, &EMPTIED, &REBUILT, &WIDGET_LOST, &DEAD_REFERENCE, &DEAD_DIRECTIVE];

pub(super) const MISSING: Rule = Rule {
    code: "cms_content.missing",
    severity: Severity::High,
    severity_note: "low if it was inactive, or its store views were closed",
    title: "Page or block is not in Magento 2",
    meaning: "Magento 1 has this CMS page or block for these store views, and Magento 2 has none of its identifier for them, or only what its installer wrote.",
    why: "Links lead to a page that is not found, and what showed the block shows nothing.",
    detection: "No row of cms_page or cms_block has the identifier and one of these store views, or all. One that is in no store view is shown nowhere. What the installer wrote is told by its text.",
    action: "Create it (Content > Elements), or note that it is not wanted.",
    step: Step::Create,
    source: "Tables cms_page, cms_page_store, cms_block, cms_block_store.",
    points: 3,
};

pub(super) const INACTIVE: Rule = Rule {
    code: "cms_content.inactive",
    severity: Severity::High,
    severity_note: "medium for a block",
    title: "Page or block is switched off",
    meaning: "Magento 1 shows this CMS page or block to these store views, and in Magento 2 it is there and switched off.",
    why: "Links lead to a page that is not found, and what showed the block shows nothing.",
    detection: "cms_page.is_active or cms_block.is_active of Magento 2, where Magento 1's is on.",
    action: "Switch it on (Content > Pages or Blocks > Enable), or note that it is not wanted.",
    step: Step::Correct,
    source: "Tables cms_page, cms_block; Magento\\Cms\\Model\\ResourceModel\\Page::checkIdentifier.",
    points: 1,
};

pub(super) const EMPTIED: Rule = Rule {
    code: "cms_content.emptied",
    severity: Severity::High,
    severity_note: "",
    title: "Text of a page or block is gone",
    meaning: "Magento 1 has a text in this CMS page or block, and Magento 2 none, or a small part of it.",
    why: "Visitors see an empty page. The official tool empties long texts in which it replaces directives, if PHP gives up (pcre.backtrack_limit).",
    detection: "The length of the text: nothing where there was something, or less than a tenth of 200 bytes or more.",
    action: "Copy the text from Magento 1 (Content > Pages or Blocks), with directives in Magento 2's words.",
    step: Step::Correct,
    source: "data-migration-tool, Migration\\Handler\\Placeholder; PHP manual, preg_replace and pcre.backtrack_limit.",
    points: 3,
};

pub(super) const REBUILT: Rule = Rule {
    code: "cms_content.rebuilt",
    severity: Severity::Info,
    severity_note: "",
    title: "Text that was rebuilt in Page Builder",
    meaning: "The page or block has another text than before, which was made with Page Builder.",
    why: "Its directives cannot be compared one by one: other things may show the same.",
    detection: "Magento 2's text has elements of Page Builder (data-content-type), and Magento 1's has none.",
    action: "Nothing, if the new page was made on purpose.",
    step: Step::Know,
    source: "Magento_PageBuilder, since 2.4.3 in Open Source.",
    points: 0,
};

pub(super) const WIDGET_LOST: Rule = Rule {
    code: "cms_content.widget-lost",
    severity: Severity::High,
    severity_note: "low if the text was rebuilt in Page Builder",
    title: "Widget that is gone from a text",
    meaning: "The text of Magento 1 shows a widget that the one of Magento 2 does not.",
    why: "The official tool deletes widget directives whose type it cannot translate, without a word.",
    detection: "Magento 2's text has fewer widget directives of this type than Magento 1's.",
    action: "Insert a widget of Magento 2 that shows the same, or remove what is around it.",
    step: Step::Create,
    source: "data-migration-tool, Migration\\Handler\\ClassMap and PlaceholderReplace; class-map.xml.dist.",
    points: 3,
};

pub(super) const DEAD_REFERENCE: Rule = Rule {
    code: "cms_content.dead-reference",
    severity: Severity::High,
    severity_note: "low if Magento 1 had it neither, or the text is inactive",
    title: "Text names a block or page that is not there",
    meaning: "A directive in a text of Magento 2 names a CMS block or page that Magento 2 does not have.",
    why: "Nothing is shown in its place, or a link leads nowhere. Blocks that were created by hand have other ids than before.",
    detection: "Parameters id and block_id against identifiers and ids of cms_block, page_id against ids of cms_page.",
    action: "Name the block by its identifier, or by the id that the detail tells; create it if it is missing.",
    step: Step::Correct,
    source: "Magento\\Framework\\Filter\\Template::blockDirective, Magento\\Cms\\Block\\Widget\\Block, Magento\\Cms\\Block\\Widget\\Page\\Link.",
    points: 1,
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
