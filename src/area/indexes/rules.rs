//! What can be wrong with indexes.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&INVALID, &BACKLOG];

pub(super) const INVALID: Rule = Rule {
    code: "indexes.invalid",
    severity: Severity::High,
    severity_note: "",
    title: "Index that is not valid",
    meaning: "The indexer of Magento 2 is marked as invalid, or has been at work when the state was read.",
    why: "Categories are empty, prices or stock are missing, and the search finds nothing until it has run.",
    detection: "indexer_state.status is not `valid`.",
    action: "Run `bin/magento indexer:reindex` after the last migration of data, and look at its output; an indexer that \
             stays at `working` is reset by `bin/magento indexer:reset`.",
    step: Step::Correct,
    source: "Magento\\Framework\\Indexer\\StateInterface; the migration tool writes past the indexers.",
    points: 1,
};

pub(super) const BACKLOG: Rule = Rule {
    code: "indexes.backlog",
    severity: Severity::Low,
    severity_note: "",
    title: "Index that lags behind its change log",
    meaning: "The indexer runs by schedule, and many changes wait in its log.",
    why: "What was changed is not yet seen in the shop; if it does not shrink, the schedule does not run.",
    detection: "The greatest version_id of the change log is more than 1,000 above mview_state.version_id.",
    action: "Make sure that Magento's cron runs (`bin/magento cron:install`), or run `bin/magento indexer:reindex`.",
    step: Step::Correct,
    source: "Magento\\Framework\\Mview\\View\\Changelog: table VIEW_cl, column version_id.",
    points: 1,
};
