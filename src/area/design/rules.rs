//! What can be wrong with the design.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&SCHEDULE_BROKEN, &THEME_NOT_ON_DISK, &THEME_MISSING, &CONFIG_LOST, &THEME_UNUSED];

pub(super) const THEME_UNUSED: Rule = Rule {
    code: "design.theme-unused",
    severity: Severity::Info,
    severity_note: "",
    title: "Theme that nothing uses",
    meaning: "The theme lies on Magento 1's disk, and no setting, schedule, page, category or product shows it.",
    why: "It need not be built for Magento 2.",
    detection: "No store view has it by its configuration or an exception for browsers, no scheduled design that is in force or to \
                come, no active CMS page, category or product whose time is not over; no theme in use builds on it.",
    action: "Leave it behind.",
    step: Step::Leave,
    source: "Mage_Core_Model_Design_Package; core_config_data design/*, design_change, cms_page.custom_theme, custom_design.",
    points: 0,
};

pub(super) const THEME_NOT_ON_DISK: Rule = Rule {
    code: "design.theme-not-on-disk",
    severity: Severity::Blocker,
    severity_note: "low if no store view uses it",
    title: "Theme that is registered, and not on disk",
    meaning: "Magento 2's database knows the theme, and no file of the installation registers it.",
    why: "A store view that uses it shows pages without any design, or an error.",
    detection: "A physical theme of the table theme that no registration.php below app/design or vendor names.",
    action: "Deploy the theme's files, or assign another theme and delete the row.",
    step: Step::Correct,
    source: "Magento\\Theme\\Model\\Theme\\Registration; table theme, column type (0 is physical, 1 virtual).",
    points: 3,
};

pub(super) const THEME_MISSING: Rule = Rule {
    code: "design.theme-missing",
    severity: Severity::High,
    severity_note: "",
    title: "Store view without a theme of its own",
    meaning: "The store view had a customised theme in Magento 1, and shows one that comes with Magento 2, or none.",
    why: "Themes cannot be migrated: visitors see a shop that looks like any other.",
    detection: "Package and theme of Magento 1 do not come with Magento; the theme of Magento 2 begins with Magento/, or is not registered.",
    action: "Build or buy a theme for Magento 2, and assign it (Content > Design > Configuration).",
    step: Step::Create,
    source: "data-migration-tool, settings.xml.dist: design/package/* and design/theme/* are ignored; table theme, design/theme/theme_id.",
    points: 13,
};

pub(super) const SCHEDULE_BROKEN: Rule = Rule {
    code: "design.schedule-broken",
    severity: Severity::Blocker,
    severity_note: "low if its time is over",
    title: "Scheduled design that Magento 2 cannot load",
    meaning: "A design is scheduled for a store view of Magento 2, and names no theme that there is.",
    why: "While it is in force, every page of the store view answers with the error 500.",
    detection: "design_change.design of Magento 2 is not the id of a row of theme: the official tool copies Magento 1's `package/theme` as it is.",
    action: "Delete the row (Content > Design > Schedule), and schedule the theme of Magento 2 if it is still wanted.",
    step: Step::Secure,
    source: "Magento\\Theme\\Model\\Design, Magento\\Framework\\View\\Design\\Theme\\ThemeProviderInterface; table design_change.",
    points: 1,
};

pub(super) const CONFIG_LOST: Rule = Rule {
    code: "design.config-lost",
    severity: Severity::Medium,
    severity_note: "",
    title: "Setting of the design that did not come along",
    meaning: "Magento 1 has a value for this setting and scope, and Magento 2 has none.",
    why: "Titles, logos, footers or themes for single browsers fall back to what Magento 2 brings.",
    detection: "core_config_data of Magento 1 has a value that is not empty; Magento 2 has no row of the path, or of its new name, for the scope.",
    action: "Enter the value (Content > Design > Configuration), or note that it is not wanted.",
    step: Step::Create,
    source: "data-migration-tool, settings.xml.dist; table core_config_data, paths design/*.",
    points: 1,
};
