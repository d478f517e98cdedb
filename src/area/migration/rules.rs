//! What the migration tool can leave behind.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&IGNORED_DATA, &SETTING, &LEFTOVER];

pub(super) const LEFTOVER: Rule = Rule {
    code: "migration.leftover",
    severity: Severity::Low,
    severity_note: "",
    title: "Change log, trigger or backup of the migration tool",
    meaning: "The migration tool made it, and it is still there.",
    why: "In Magento 1 every save writes into the change logs, and fails if only the log is dropped; in Magento 2 old backups \
          take room and confuse.",
    detection: "Tables m2_cl_* in Magento 1 and triggers that write into them; tables migration_backup_* in Magento 2.",
    action: "Keep them while changes are still migrated (migrate:delta). After the cut-over drop the triggers first, then the tables.",
    step: Step::Know,
    source: "data-migration-tool, Migration\\ResourceModel\\AbstractResource and Migration\\Reader; #647.",
    points: 1,
};

pub(super) const IGNORED_DATA: Rule = Rule {
    code: "migration.ignored-data",
    severity: Severity::Medium,
    severity_note: "",
    title: "Data that the operator's map ignores",
    meaning: "A table or column of Magento 1 holds data, and was added to what the migration tool ignores.",
    why: "The tool says `Migration completed`, and its count of rows does not miss what it was told to ignore: the data is gone \
          with the old shop.",
    detection: "An ignore rule of map.xml that the tool's own map does not have, for a table with rows or a column with values.",
    action: "Find out why it was ignored. If the data is wanted, give the table or column a place in Magento 2, map it, and \
             migrate again; else write the decision down.",
    step: Step::Decide,
    source: "data-migration-tool, Migration\\Reader\\Map: document_rules/ignore and field_rules/ignore of the source.",
    points: 3,
};

pub(super) const SETTING: Rule = Rule {
    code: "migration.setting",
    severity: Severity::Medium,
    severity_note: "",
    title: "Setting that the migration carried over, changed or dropped, and that hurts",
    meaning: "A setting of Magento 1 does not mean in Magento 2 what it meant, or is missing where it is needed.",
    why: "Administrators or programs cannot log in, a website answers under the address of another, or every link of a store \
          view changes.",
    detection: "Carried over with the same value: admin/captcha/enable, if it is on. Changed: \
                catalog/seo/{category,product}_url_suffix. Dropped: web/{unsecure,secure}/base_url of a website or store view, and \
                base_media_url with an address of its own. No other setting is looked at.",
    action: "Set it in Magento 2 as the new shop needs it, under Stores > Configuration.",
    step: Step::Correct,
    source: "data-migration-tool, Migration\\Step\\Settings and settings.xml.dist.",
    points: 1,
};
