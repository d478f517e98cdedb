//! Decisions, to be looked up by findings.

use std::collections::HashMap;

use globset::{GlobSet, GlobSetBuilder};

use super::{Aim, Decision};

/// What findings are looked up by, so that thousands of decisions do not cost thousands of looks at each.
pub struct Index<'d> {
    decisions: &'d [Decision],
    fingerprints: HashMap<&'d str, Vec<usize>>,
    subjects: HashMap<(&'d str, &'d str), Vec<usize>>,
    /// By rule, and by what a pattern begins with before its first wildcard.
    patterns: HashMap<(&'d str, &'d str), (GlobSet, Vec<usize>)>,
    /// The bytes of the longest of these beginnings.
    longest: usize,
    /// Of all that a rule finds.
    rules: HashMap<&'d str, Vec<usize>>,
}

impl<'d> Index<'d> {
    /// Of decisions in their order.
    ///
    /// # Panics
    /// Never: each pattern was built before.
    pub fn of(decisions: &'d [Decision]) -> Self {
        let mut index = Self {
            decisions,
            fingerprints: HashMap::new(),
            subjects: HashMap::new(),
            patterns: HashMap::new(),
            longest: 0,
            rules: HashMap::new(),
        };
        let mut globs: HashMap<(&str, &str), (GlobSetBuilder, Vec<usize>)> = HashMap::new();
        for (at, it) in decisions.iter().enumerate() {
            match &it.aim {
                Aim::Fingerprint(it) => index.fingerprints.entry(it).or_default().push(at),
                Aim::Rule { rule, subject: None, .. } => index.rules.entry(rule).or_default().push(at),
                Aim::Rule { rule, subject: Some(pattern), .. } => {
                    index.subjects.entry((rule, &pattern.text)).or_default().push(at);
                    if let Some(glob) = &pattern.glob {
                        let (builder, places) = globs
                            .entry((rule, pattern.beginning()))
                            .or_insert_with(|| (GlobSetBuilder::new(), Vec::new()));
                        builder.add(glob.clone());
                        places.push(at);
                    }
                }
            }
        }
        index.longest = globs.keys().map(|(_, beginning)| beginning.len()).max().unwrap_or_default();
        let built = globs
            .into_iter()
            .map(|(key, (builder, places))| (key, (builder.build().expect("each of its patterns was built"), places)));
        index.patterns = built.collect();
        index
    }

    /// The decisions about a finding, by their places in their order.
    pub fn about(&self, rule: &str, subject: &str, scope: &str, fingerprint: impl FnOnce() -> String) -> Vec<usize> {
        // Hashing each of a million findings is done for those alone who may be named.
        let fingerprint = if self.fingerprints.is_empty() { String::new() } else { fingerprint() };
        let by_name = self.fingerprints.get(fingerprint.as_str()).into_iter().flatten().copied();
        let exact = self.subjects.get(&(rule, subject)).into_iter().flatten().copied();
        let room = if self.patterns.is_empty() { 0 } else { subject.len().min(self.longest) + 1 };
        let beginnings = (0..room).filter_map(|end| subject.get(..end));
        let by_pattern = beginnings
            .filter_map(|beginning| self.patterns.get(&(rule, beginning)))
            .flat_map(|(set, places)| set.matches(subject).into_iter().map(|it| places[it]));
        let all = self.rules.get(rule).into_iter().flatten().copied();
        let of_rule = exact.chain(by_pattern).chain(all);
        let of_rule = of_rule.filter(|&at| self.decisions[at].scope().is_none_or(|it| it == scope));
        let mut about: Vec<usize> = by_name.chain(of_rule).collect();
        about.sort_unstable();
        about.dedup();
        about
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Table, Verdict};

    fn decision(rule: &str, subject: Option<&str>, scope: Option<&str>) -> Decision {
        let table = Table {
            fingerprint: None,
            rule: Some(rule.to_owned()),
            subject: subject.map(str::to_owned),
            scope: scope.map(str::to_owned),
            decision: Verdict::Accept,
            reason: "so it is".to_owned(),
            by: None,
            until: None,
            ticket: None,
        };
        Decision::new(table, String::new()).unwrap()
    }

    #[test]
    fn each_finding_is_looked_up_by_all_that_names_it_in_the_order_of_the_decisions() {
        let decisions = [
            decision("media.missing", Some("über/*.jpg"), None),
            decision("media.missing", Some("**/{a,b}.jpg"), None),
            decision("media.missing", Some("über/a.jpg"), None),
            decision("media.missing", None, Some("de")),
            decision("media.missing", Some("[x]/*.jpg"), None),
            decision("api.extra", Some("consumer:*"), None),
        ];
        let index = Index::of(&decisions);
        let about = |rule: &str, subject: &str, scope: &str| index.about(rule, subject, scope, String::new);
        assert_eq!(about("media.missing", "über/a.jpg", ""), [0, 1, 2]);
        assert_eq!(about("media.missing", "über/ä.jpg", ""), [0]);
        assert_eq!(about("media.missing", "über/deep/c.jpg", ""), [0; 0], "a path's * stays within its folder");
        assert_eq!(about("media.missing", "x/a.jpg", "de"), [1, 3, 4]);
        assert_eq!(about("media.missing", "[x]/*.jpg", ""), [4], "its own text");
        assert_eq!(about("media.missing", "", ""), [0; 0]);
        assert_eq!(about("api.extra", "consumer:a/b", ""), [5], "a slash in a name is a letter");
        assert_eq!(about("media.changed", "über/a.jpg", ""), [0; 0]);
    }
}
