//! What can be left behind with retired features.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&RECURRING_ACTIVE, &LEFT_BEHIND];

pub(super) const LEFT_BEHIND: Rule = Rule {
    code: "retired.left-behind",
    severity: Severity::Low,
    severity_note: "",
    title: "Data of a feature that Magento 2 does not have",
    meaning: "The feature was used in Magento 1, and its tables have no counterpart in Magento 2.",
    why: "Nothing breaks, but the data is gone with the old database: votes, tags or profiles that somebody may still want.",
    detection: "The tables of the feature have more rows than the installation itself makes.",
    action: "Ask whether anybody needs the data. If so export the tables before the old shop is switched off, and find an \
             extension that has the feature.",
    step: Step::Decide,
    source: "data-migration-tool, map.xml.dist: source documents that are ignored; Magento 2 has no module for them.",
    points: 1,
};

pub(super) const RECURRING_ACTIVE: Rule = Rule {
    code: "retired.recurring-active",
    severity: Severity::Blocker,
    severity_note: "",
    title: "Live recurring profiles",
    meaning: "Customers pay again and again by recurring profiles of Magento 1, which Magento 2 does not have.",
    why: "The payment provider goes on taking money and reports to a shop that no longer answers: customers pay and get \
          nothing, or shipments and income stop without a word.",
    detection: "sales_recurring_profile.state is active, pending or suspended.",
    action: "Before the cut-over settle for each profile whether it is ended at the payment provider, or taken over by a \
             subscription extension of Magento 2; and tell the customers.",
    step: Step::Secure,
    source: "Mage_Sales_Model_Recurring_Profile (Magento 1); the migration tool ignores sales_recurring_profile.",
    points: 13,
};
