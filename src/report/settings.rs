//! What a report is told beside what was found.

use std::collections::BTreeMap;

use super::Rate;
use crate::language::Language;

/// Words on the report's title.
#[derive(Clone, Debug, Default)]
pub struct ReportSettings {
    /// The title.
    pub title: Option<String>,
    /// Whose stores they are.
    pub client: Option<String>,
    /// Who audits.
    pub agency: Option<String>,
    /// The language of its pages.
    pub language: Option<Language>,
    /// A colour of the agency's, `#rrggbb`.
    pub accent: Option<String>,
    /// The agency's mark, as a `data:` URL (RFC 2397).
    pub logo: Option<String>,
    /// Whether people are made unreadable.
    pub redact: bool,
    /// What a point of effort costs.
    pub rate: Option<Rate>,
    /// Who answers for an area, or for what a rule finds, by its name or code.
    pub owners: BTreeMap<String, String>,
}
