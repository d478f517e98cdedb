//! What can be wrong with time zones.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&DIFFERS, &MIXED, &SHIFTED, &SETTING];

pub(super) const SETTING: Rule = Rule {
    code: "timezone.setting",
    severity: Severity::Medium,
    severity_note: "",
    title: "Time zone that is not that of the old shop",
    meaning: "The scope has another time zone in Magento 2 than it had in Magento 1.",
    why: "Orders show another time, reports and special prices begin and end at the wrong hour, and cron jobs run at another time \
          of the day.",
    detection: "general/locale/timezone as the scope sees it, on both sides.",
    action: "Set it under Stores > Configuration > General > Locale Options for this scope, before orders come in.",
    step: Step::Correct,
    source: "data-migration-tool, settings.xml.dist: general/locale/timezone is ignored.",
    points: 1,
};

pub(super) const SHIFTED: Rule = Rule {
    code: "timezone.shifted",
    severity: Severity::High,
    severity_note: "",
    title: "Dates that are shifted",
    meaning: "All dates of the column are the same time earlier or later in Magento 2 than they are in Magento 1.",
    why: "Orders move to another day: sums by day, week and month no longer match the books, and customers see wrong dates.",
    detection: "The difference between the dates of the same row on both sides is the same in at least four of five rows, and not zero.",
    action: "If the operator's map uses the handler Timezone, make sure that the shift is wanted and that every table of the \
             same kind has it. Otherwise the databases run in different time zones: set both to UTC and migrate the dates again.",
    step: Step::Correct,
    source: "data-migration-tool, Migration\\Handler\\Timezone; magento/data-migration-tool#145, #373.",
    points: 7,
};

pub(super) const MIXED: Rule = Rule {
    code: "timezone.mixed",
    severity: Severity::High,
    severity_note: "",
    title: "Dates that are shifted by season",
    meaning: "The dates of the column are shifted by one offset in summer and by another one in winter.",
    why: "The database server of Magento 1 runs in a zone with daylight saving time. No single correction makes the dates right.",
    detection: "Two offsets, one hour apart, make up nine of ten rows, and follow one another with the seasons.",
    action: "Run the migration again with the time zone of Magento 1's database session set to UTC (SET time_zone = '+00:00' in \
             its initStatements), so that TIMESTAMP columns are read as they are stored.",
    step: Step::Correct,
    source: "Magento 1 sets no session time zone; Magento 2 and the migration tool's adapter for it set '+00:00'.",
    points: 7,
};

pub(super) const DIFFERS: Rule = Rule {
    code: "timezone.differs",
    severity: Severity::High,
    severity_note: "",
    title: "Dates that were left out of a shift",
    meaning: "Most tables were shifted by the same time, and the dates of this column were not.",
    why: "An order and its items, invoices and comments no longer belong to the same hour; it looks as if a table was forgotten \
          when the shift was set up.",
    detection: "At least half of the compared columns have the same offset, and this one has none.",
    action: "Decide which of both is right, and treat all tables alike: add the column to the map, or take the shift back.",
    step: Step::Correct,
    source: "data-migration-tool, Migration\\Handler\\Timezone: it works on the fields that it is set up for, and on no others.",
    points: 5,
};
