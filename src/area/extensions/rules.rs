//! What can be missing of extensions and custom code.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[
    &BROKEN_ATTRIBUTE,
    &DATA_LEFT,
    &COLUMN_LEFT,
    &CORE_OVERRIDE,
    &MISSING,
    &ATTRIBUTE_CLASS_LOST,
    &LOOSE_CODE,
    &ENCODED,
    &ORPHAN_TABLE,
    &LEAVINGS,
    &DISABLED,
    &REWRITE,
];

pub(super) const MISSING: Rule = Rule {
    code: "extensions.missing",
    severity: Severity::Medium,
    severity_note: "high if it has data, or is used by texts, layout or widgets",
    title: "Extension that Magento 2 does not have",
    meaning: "The module was switched on in Magento 1, and nothing in Magento 2 takes its place.",
    why: "What it did for the shop, its customers or its staff is gone after the cut-over.",
    detection: "No module of Magento 2 has its name, a name that is alike, or the name of its known successor; or that module \
                is switched off.",
    action: "Decide with the merchant: lift (install its release for Magento 2), replace (by another extension or by what \
             Magento 2 has), rewrite, or drop. The inventory has a column for the decision.",
    step: Step::Decide,
    source: "app/etc/modules/*.xml and core_resource (Magento 1); app/etc/config.php, setup_module and patch_list (Magento 2).",
    points: 7,
};

pub(super) const DISABLED: Rule = Rule {
    code: "extensions.disabled",
    severity: Severity::Info,
    severity_note: "",
    title: "Extension that was switched off",
    meaning: "The module is installed in Magento 1, and switched off there.",
    why: "Nobody will miss it; what it left in the database is told apart from it.",
    detection: "`active` is not true in app/etc/modules.",
    action: "Leave it behind.",
    step: Step::Leave,
    source: "Mage_Core_Model_Config: modules/*/active.",
    points: 0,
};

pub(super) const LEAVINGS: Rule = Rule {
    code: "extensions.leavings",
    severity: Severity::Low,
    severity_note: "",
    title: "Extension that was removed, and left things behind",
    meaning: "The database knows the module's setup, and no file of Magento 1 is of it.",
    why: "Tables, settings and rights of it are no longer used by anything, and confuse the migration.",
    detection: "core_resource has a row that belongs to no module on disk.",
    action: "Make sure that nobody needs its data, and leave it behind.",
    step: Step::Leave,
    source: "core_resource: rows stay when a module is deleted.",
    points: 1,
};

pub(super) const CORE_OVERRIDE: Rule = Rule {
    code: "extensions.core-override",
    severity: Severity::High,
    severity_note: "low if the file is the same as Magento's own",
    title: "Class of Magento's own that was copied and changed",
    meaning: "A file in app/code/local or app/code/community is loaded in place of a class of Magento's own.",
    why: "The shop behaves in a way that no extension explains; Magento 2 has no such mechanism, so the behaviour is lost.",
    detection: "A PHP file below Mage, Enterprise, Varien or Zend in one of the two code pools.",
    action: "Compare it with Magento's file of that version, find out what was changed and why, and build that as a plugin or \
             preference of a module where it is still wanted.",
    step: Step::Decide,
    source: "app/Mage.php: the include path is local, community, core, lib.",
    points: 5,
};

pub(super) const REWRITE: Rule = Rule {
    code: "extensions.rewrite",
    severity: Severity::Info,
    severity_note: "",
    title: "Extension that replaces classes of Magento's own",
    meaning: "The module puts classes of its own in the place of others.",
    why: "It tells where the shop differs from Magento; where two modules replace the same class, one of them is without effect.",
    detection: "`rewrite` elements of models, resource models, blocks and helpers in its config.xml.",
    action: "Use it as the list of what to look at when the module is ported: plugins and preferences take the place of rewrites.",
    step: Step::Know,
    source: "Mage_Core_Model_Config: global/{models,blocks,helpers}/*/rewrite.",
    points: 0,
};

pub(super) const DATA_LEFT: Rule = Rule {
    code: "extensions.data-left",
    severity: Severity::High,
    severity_note: "",
    title: "Data of an extension that Magento 2 does not have",
    meaning: "A table of an extension has rows in Magento 1, and Magento 2 has no such table, or has it empty.",
    why: "Posts, prices, zones or whatever the extension keeps are lost with the old database.",
    detection: "The table is none of Magento's own, a module claims it, and it has rows; Magento 2 has no table of that name \
                with rows in it.",
    action: "Decide whether the data is wanted. If so, map the table in the migration tool's map.xml, or export and import it \
             with what takes the extension's place.",
    step: Step::Copy,
    source: "data-migration-tool: source documents that are not mapped stop the migration, and are ignored to make it run.",
    points: 5,
};

pub(super) const COLUMN_LEFT: Rule = Rule {
    code: "extensions.column-left",
    severity: Severity::Medium,
    severity_note: "",
    title: "Column that Magento 2 does not have",
    meaning: "A table of Magento's own has a further column in Magento 1 that holds values (an extension's, or one of \
              Enterprise), and Magento 2's table has no such column.",
    why: "The values are dropped by the migration, order by order, and nothing says so.",
    detection: "The column is none of Magento 1.9.4.5, it holds more than a default, and the table of Magento 2 \
                has no column of that name.",
    action: "Find out which extension reads it. If its values are wanted, add the column to Magento 2 before the migration and \
             map it.",
    step: Step::Copy,
    source: "data-migration-tool: source fields that are not mapped stop the migration, and are ignored to make it run.",
    points: 3,
};

pub(super) const ORPHAN_TABLE: Rule = Rule {
    code: "extensions.orphan-table",
    severity: Severity::Low,
    severity_note: "",
    title: "Table that no extension claims",
    meaning: "A table of Magento 1's database is none of Magento's own, and no module is known that it could belong to.",
    why: "It may be another program's, a backup, or what is left of an extension; the migration stops at it or ignores it.",
    detection: "No module declares it, names it in its setup scripts, or is named alike.",
    action: "Ask who needs it. If nobody does, leave it behind.",
    step: Step::Decide,
    source: "information_schema.TABLES of Magento 1, less the tables of its own modules.",
    points: 1,
};

pub(super) const BROKEN_ATTRIBUTE: Rule = Rule {
    code: "extensions.broken-attribute",
    severity: Severity::Blocker,
    severity_note: "",
    title: "Attribute whose class does not exist",
    meaning: "An attribute of Magento 2 names a source, backend or frontend class that no module provides.",
    why: "Products, categories or customers that have it cannot be edited or saved, and pages that show it end with an error.",
    detection: "The class has a name of Magento 1, or belongs to a module that is not there or is switched off.",
    action: "Install the module that provides the class, or empty the column (source_model, backend_model or frontend_model) \
             of the attribute in eav_attribute after making sure that a standard class will do.",
    step: Step::Correct,
    source: "Magento\\Eav\\Model\\Entity\\Attribute\\AbstractAttribute: classes are made by the name in eav_attribute; \
             magento/data-migration-tool#144, #543.",
    points: 3,
};

pub(super) const ATTRIBUTE_CLASS_LOST: Rule = Rule {
    code: "extensions.attribute-class-lost",
    severity: Severity::Medium,
    severity_note: "",
    title: "Attribute that lost the class of its extension",
    meaning: "The attribute had a class of an extension in Magento 1, and has none in Magento 2.",
    why: "Lists of options are empty, and values that the class packed or checked are shown and saved as they are.",
    detection: "eav_attribute names a class that is none of Magento's own in Magento 1, and none at all in Magento 2.",
    action: "Port the class into a module of Magento 2 and name it in eav_attribute, or turn the attribute into one with \
             options of its own, and convert the values.",
    step: Step::Correct,
    source: "data-migration-tool, class-map.xml: a class that is mapped to nothing becomes NULL.",
    points: 3,
};

pub(super) const LOOSE_CODE: Rule = Rule {
    code: "extensions.loose-code",
    severity: Severity::Medium,
    severity_note: "",
    title: "Code outside of modules",
    meaning: "A script, a library, a folder of scripts or a translation is none of Magento's own, and belongs to no module.",
    why: "Imports, feeds and jobs of the shop often live there, and are found missing when they have not run for a week.",
    detection: "Scripts in the root folder and in shell/, and entries of lib/, js/ and app/locale that do not come with Magento 1.",
    action: "Find out who calls it (the server's crontab, another program), and decide whether it is still needed.",
    step: Step::Decide,
    source: "Files of the releases of Magento 1.4 to 1.9 and of OpenMage.",
    points: 3,
};

pub(super) const ENCODED: Rule = Rule {
    code: "extensions.encoded",
    severity: Severity::Medium,
    severity_note: "info if the module is switched off",
    title: "Extension whose code nobody can read",
    meaning: "Files of the module are encoded (ionCube, Zend Guard, SourceGuardian).",
    why: "It cannot be ported, only replaced or bought anew; and nobody can tell what it does.",
    detection: "The heads of its PHP files.",
    action: "Ask its vendor for a release for Magento 2, or plan to replace it by what it is known to do.",
    step: Step::Decide,
    source: "Loaders that the heads of encoded files ask for.",
    points: 3,
};
