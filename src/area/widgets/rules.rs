//! What can be wrong with a widget.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[
    &MISSING,
    &TYPE_LOST,
    &WRONG_THEME,
    &NOT_PLACED,
    &PLACE_LOST,
    &DEAD_REFERENCE,
    &UNKNOWN_CONTAINER,
    &PARAMETER_LOST,
    &EXTRA,
];

pub(super) const MISSING: Rule = Rule {
    code: "widgets.missing",
    severity: Severity::High,
    severity_note: "",
    title: "Widget is not in Magento 2",
    meaning: "Magento 1 has this widget, and Magento 2 has none of its title.",
    why: "What it showed, a banner or a list of products, is gone from the storefront.",
    detection: "No row of widget_instance has the title.",
    action: "Create the widget anew (Content > Elements > Widgets), if it is still wanted.",
    step: Step::Create,
    source: "Mage_Widget_Model_Widget_Instance, Magento\\Widget\\Model\\Widget\\Instance, table widget_instance.",
    points: 1,
};

pub(super) const NOT_PLACED: Rule = Rule {
    code: "widgets.not-placed",
    severity: Severity::High,
    severity_note: "",
    title: "Widget is shown nowhere",
    meaning: "The widget had a place in Magento 1. It exists in Magento 2, and no layout update puts it anywhere.",
    why: "It looks migrated in the list of widgets, and no visitor sees it.",
    detection: "None of its rows of widget_instance_page has a layout update (widget_instance_page_layout, layout_update) that is linked to a theme (layout_link).",
    action: "See to its theme first. Then open the widget (Content > Elements > Widgets), set its layout updates as the detail lists them, and save it: that writes the missing rows.",
    step: Step::Correct,
    source: "data-migration-tool, map.xml.dist: core_layout_update, core_layout_link and widget_instance_page_layout are ignored.",
    points: 1,
};

pub(super) const PLACE_LOST: Rule = Rule {
    code: "widgets.place-lost",
    severity: Severity::Medium,
    severity_note: "",
    title: "Widget with fewer places than before",
    meaning: "The widget is shown somewhere in Magento 2, and not everywhere it was in Magento 1: on fewer pages, for fewer categories or products, or in fewer store views.",
    why: "Some pages lack what they showed.",
    detection: "A kind of pages (page_group) that the widget was placed on in Magento 1 has no layout update of it in Magento 2; page_for and entities name fewer; its layout updates are linked to fewer store views. Links to another theme than the widget's, and temporary ones, do not count.",
    action: "Add the layout updates of the detail to the widget (Content > Elements > Widgets).",
    step: Step::Correct,
    source: "Tables widget_instance_page, widget_instance_page_layout, layout_link.",
    points: 1,
};

pub(super) const TYPE_LOST: Rule = Rule {
    code: "widgets.type-lost",
    severity: Severity::High,
    severity_note: "",
    title: "Widget without a usable type",
    meaning: "The widget's type is empty in Magento 2, or still an alias of Magento 1.",
    why: "Magento 2 cannot tell what to show, and opening the widget in the administration fails.",
    detection: "widget_instance.instance_type is empty or not the name of a class.",
    action: "If the extension has a successor, create the widget anew with its type; delete this one.",
    step: Step::Correct,
    source: "data-migration-tool, class-map.xml.dist; Magento\\Widget\\Model\\Widget\\Instance::getType.",
    points: 3,
};

pub(super) const WRONG_THEME: Rule = Rule {
    code: "widgets.wrong-theme",
    severity: Severity::High,
    severity_note: "",
    title: "Widget of a theme that its store views do not use",
    meaning: "The widget's theme in Magento 2 does not exist, is one of the administration, or is used by none of the widget's store views.",
    why: "A widget is shown in its own theme only. The official tool gives all widgets the theme with the id 3, which in a new Magento 2 is the administration's.",
    detection: "theme.area of widget_instance.theme_id is another than frontend, or none of the store views has the theme by design/theme/theme_id (Magento/luma without it).",
    action: "Set the theme in the table widget_instance, or create the widget anew: the form does not let the theme be changed. Then save it.",
    step: Step::Correct,
    source: "data-migration-tool, map.xml.dist: SetValue 3 for widget_instance.theme_id; Magento\\Widget\\Model\\ResourceModel\\Layout\\Update.",
    points: 1,
};

pub(super) const UNKNOWN_CONTAINER: Rule = Rule {
    code: "widgets.unknown-container",
    severity: Severity::Medium,
    severity_note: "",
    title: "Widget in a container of Magento 1",
    meaning: "The widget is to stand in a place that only Magento 1's layouts have.",
    why: "Magento 2 passes it over: nothing is shown there.",
    detection: "widget_instance_page.block_reference is a name of Magento 1 that nothing in Magento 2's storefront has.",
    action: "Choose the container of the detail in the widget's layout updates, and save it.",
    step: Step::Correct,
    source: "Magento_Theme's default.xml; table widget_instance_page, column block_reference, which the official tool copies.",
    points: 1,
};

pub(super) const EXTRA: Rule = Rule {
    code: "widgets.extra",
    severity: Severity::Info,
    severity_note: "",
    title: "Widget in Magento 2 only",
    meaning: "No widget of Magento 1 has its title.",
    why: "New widgets are usually wanted.",
    detection: "Matching by title, type and store views leaves it over.",
    action: "Nothing, if it is wanted.",
    step: Step::Know,
    source: "Table widget_instance.",
    points: 0,
};

pub(super) const DEAD_REFERENCE: Rule = Rule {
    code: "widgets.dead-reference",
    severity: Severity::High,
    severity_note: "low where Magento 1 does not have what its widget refers to either",
    title: "Widget refers to what Magento 2 does not have",
    meaning: "A parameter of the widget names a block, page, category, product or template that is not there.",
    why: "The widget stands in its place and shows nothing. The official tool copies parameters as they are, ids and template paths included.",
    detection: "block_id, page_id and id_path in widget_parameters of Magento's own widgets, against the tables; a page_template in widget_instance_page that begins with the folder that only Magento 1 has before it.",
    action: "Open the widget (Content > Elements > Widgets > Widget Options), choose what it is to show; for a template, choose it anew in each of the layout updates; and save it.",
    step: Step::Correct,
    source: "Table widget_instance, column widget_parameters; Magento\\Cms\\Block\\Widget\\Block, Magento\\Catalog\\Block\\Widget\\Link.",
    points: 1,
};

pub(super) const PARAMETER_LOST: Rule = Rule {
    code: "widgets.parameter-lost",
    severity: Severity::Medium,
    severity_note: "low where those of Magento 1 cannot be read",
    title: "Widget without some of its parameters",
    meaning: "The widget has a parameter in Magento 1 that it does not have in Magento 2, or its parameters there cannot be read.",
    why: "It shows something else than it did, or nothing.",
    detection: "Names in widget_parameters, serialised by PHP in Magento 1, JSON in Magento 2. Values of parameters are neither compared nor shown: some extensions keep keys there.",
    action: "Open the widget (Content > Elements > Widgets > Widget Options), set what is missing, and save it.",
    step: Step::Correct,
    source: "Table widget_instance, column widget_parameters.",
    points: 1,
};
