//! The words of a report's language.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::language::{Language, rule_key};
use crate::report::{Entry, Report};

/// What a rule is called, and what it says in plain words.
#[derive(Clone, Serialize)]
pub(in crate::report) struct RuleWords<'a> {
    pub(in crate::report) code: &'a str,
    pub(in crate::report) title: &'a str,
    pub(in crate::report) plain: &'a str,
    pub(in crate::report) action: &'a str,
}

/// The words of a language for what the model names, and the findings of each rule: looked up once.
pub(in crate::report) struct Catalogue<'r> {
    pub(super) language: Language,
    /// The findings by the rule's code.
    entries: BTreeMap<&'r str, Vec<&'r Entry>>,
    /// Title, plain words and action by the rule's code.
    rules: BTreeMap<String, [String; 3]>,
    /// Title and question by the area's name.
    areas: BTreeMap<String, (String, String)>,
}

impl<'r> Catalogue<'r> {
    pub(in crate::report) fn of(report: &'r Report) -> Self {
        let language = report.look.language;
        let rules = report.rules.iter().map(|it| {
            let plain = language.text(&rule_key(&it.code), None).unwrap_or_else(|| it.meaning.clone().into_owned());
            let [title, action] = [("title", &it.title), ("action", &it.action)]
                .map(|(part, own)| language.rule_text(&it.code, part, own));
            (it.code.clone().into_owned(), [title, plain, action])
        });
        let areas = report.areas.iter().map(|it| {
            let words = (language.area_title(&it.name, &it.title), language.area_question(&it.name, &it.question));
            (it.name.clone().into_owned(), words)
        });
        let mut entries: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for it in &report.findings {
            entries.entry(&it.rule).or_default().push(it);
        }
        Self { language, entries, rules: rules.collect(), areas: areas.collect() }
    }

    /// The findings of a rule, the worst first.
    pub(in crate::report) fn entries(&self, code: &str) -> &[&'r Entry] {
        self.entries.get(code).map_or(&[], Vec::as_slice)
    }

    /// What merchants call a kind of thing; none if it is no kind.
    pub(super) fn kind(&self, kind: &str) -> Option<String> {
        let is_name = kind.bytes().all(|it| it.is_ascii_lowercase() || it == b'_' || it == b'-');
        self.language.text(&format!("kind-{kind}"), None).filter(|_| is_name)
    }

    /// A message without variables.
    pub(in crate::report) fn text(&self, key: &str) -> String {
        self.language.text(key, None).unwrap_or_else(|| key.to_owned())
    }

    /// The word for a code.
    pub(super) fn word(&self, kind: &str, code: &str) -> String {
        self.language.word(kind, code)
    }

    pub(in crate::report) fn rule<'a>(&'a self, code: &'a str) -> RuleWords<'a> {
        let [title, plain, action] = self.rules.get(code).map_or([code, "", ""], |it| it.each_ref().map(|it| &**it));
        RuleWords { code, title, plain, action }
    }

    pub(in crate::report) fn area<'a>(&'a self, name: &'a str) -> (&'a str, &'a str) {
        self.areas.get(name).map_or((name, ""), |(title, question)| (title, question))
    }
}
