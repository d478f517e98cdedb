//! What decisions do in a run.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Decision, Index};
use crate::finding::{Finding, Severity, State};

/// What a decision did in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Findings that it is about.
    pub matched: usize,
    /// Those of them about which it counts.
    pub applied: usize,
    /// Why somebody should look at it; none if it does what it should.
    pub trouble: Option<Trouble>,
}

/// Why somebody should look at a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// Its day is over: it counts no more.
    Expired,
    /// Its day is near.
    Ending,
    /// Another decision, which stands before it, is about all that it names.
    Overruled,
    /// What it waives has become worse since an earlier run.
    Worse,
    /// It is about nothing that was found: perhaps that is fixed.
    Unused,
    /// Its area was not checked as a whole: nobody knows whether it is about anything.
    Unknown,
    /// It takes everything that a rule finds, now and in times to come.
    Broad,
    /// It would take a blocker by a pattern. Blockers are waived by name alone, and stay open.
    Blocker,
}

impl Trouble {
    /// The word in data and catalogues.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Ending => "ending",
            Self::Overruled => "overruled",
            Self::Worse => "worse",
            Self::Unused => "unused",
            Self::Unknown => "unknown",
            Self::Broad => "broad",
            Self::Blocker => "blocker",
        }
    }
}

/// Days before its end in which a decision is said to end soon.
const NEAR: i64 = 7;

/// Waives what the decisions name; the first that names a finding counts. What each of them did comes back.
/// `is_checked` tells whether an area was checked as a whole, or all of them.
pub fn decide(
    decisions: &[Decision],
    findings: &mut [Finding],
    today: Date,
    is_checked: &dyn Fn(Option<&str>) -> bool,
) -> Vec<Effect> {
    let mut effects = vec![Effect::default(); decisions.len()];
    let index = Index::of(decisions);
    for finding in findings {
        let about = index.about(finding.rule.code, &finding.subject, &finding.scope, || finding.fingerprint());
        for at in about {
            let (decision, effect) = (&decisions[at], &mut effects[at]);
            effect.matched += 1;
            if decision.until.is_some_and(|it| it < today) {
                effect.trouble = Some(Trouble::Expired);
                continue;
            }
            if finding.severity == Severity::Blocker && !decision.names(&finding.subject) {
                effect.trouble = Some(Trouble::Blocker);
                continue;
            }
            if finding.decision.is_none() {
                effect.applied += 1;
                finding.decision = u32::try_from(at).ok();
                if decision.verdict.waives() {
                    finding.state = State::Waived;
                }
            }
        }
    }
    for (decision, effect) in decisions.iter().zip(&mut effects) {
        let area = decision.rule().and_then(|it| it.split_once('.')).map(|(area, _)| area);
        let is_ending = decision.until.is_some_and(|it| it < today.saturating_add(NEAR.days()));
        let trouble = match effect.matched {
            0 if is_checked(area) => Some(Trouble::Unused),
            0 => Some(Trouble::Unknown),
            _ if effect.applied == 0 => Some(Trouble::Overruled),
            _ if decision.is_broad() => Some(Trouble::Broad),
            _ if is_ending => Some(Trouble::Ending),
            _ => None,
        };
        effect.trouble = effect.trouble.or(trouble);
    }
    effects
}
