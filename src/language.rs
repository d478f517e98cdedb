//! The languages of reports: message catalogues (Project Fluent 1.0) and numbers.
//!
//! What a report says of single things stands in the model, in English. What a
//! page says around it, and what each rule means to people who know no rule,
//! stands in the catalogues below `locales/`.

use std::sync::LazyLock;

use clap::ValueEnum;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::text;

/// A language of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::De];

    /// The code (BCP 47).
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// A number with separators of thousands.
    pub fn number(self, count: u64) -> String {
        let number = text::number(count);
        match self {
            Self::En => number,
            Self::De => number.replace(',', "."),
        }
    }

    /// A number with at most one digit behind the point.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is counted is positive and small"
    )]
    pub fn decimal(self, number: f64) -> String {
        let tenths = (number * 10.0).round() as u64;
        let whole = self.number(tenths / 10);
        let point = if self == Self::De { ',' } else { '.' };
        if tenths.is_multiple_of(10) { whole } else { format!("{whole}{point}{}", tenths % 10) }
    }

    /// A number of bytes, in the unit that people read.
    pub fn bytes(self, count: u64) -> String {
        let bytes = text::bytes(count);
        match self {
            Self::En => bytes,
            Self::De => bytes
                .chars()
                .map(|it| {
                    if it == '.' {
                        ','
                    } else if it == ',' {
                        '.'
                    } else {
                        it
                    }
                })
                .collect(),
        }
    }

    /// What separates the cells of a CSV file that people open: a comma is in the numbers of some languages.
    pub const fn separator(self) -> u8 {
        match self {
            Self::En => b',',
            Self::De => b';',
        }
    }

    /// Thousandths as percent.
    pub fn share(self, thousandths: u64) -> String {
        let point = match self {
            Self::En => '.',
            Self::De => ',',
        };
        format!("{}{point}{} %", thousandths / 10, thousandths % 10)
    }

    /// A time such as `2026-11-22T03:00:00Z` in words; as it is, if it is none.
    pub fn time(self, time: &str) -> String {
        let Ok(timestamp) = time.parse::<Timestamp>() else { return time.to_owned() };
        let time = timestamp.to_zoned(TimeZone::UTC);
        let mut arguments = FluentArgs::new();
        arguments.set("date", self.date(time.date()));
        arguments.set("time", time.strftime("%H:%M").to_string());
        self.text("time", Some(&arguments)).unwrap_or_default()
    }

    /// A day such as `2026-11-22` in words; as it is, if it is none.
    pub fn day(self, day: &str) -> String {
        day.parse().map_or_else(|_| day.to_owned(), |it| self.date(it))
    }

    fn date(self, date: Date) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("day", date.day().to_string());
        arguments.set("month", date.month());
        arguments.set("year", date.year().to_string());
        self.text("date", Some(&arguments)).unwrap_or_default()
    }

    /// A message of the catalogue, or of the English one if it is not there. An
    /// attribute stands behind a dot.
    pub fn text(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        self.own_text(key, arguments).or_else(|| Self::En.own_text(key, arguments))
    }

    /// The word for a code, such as `severity` and `high`.
    pub fn word(self, kind: &str, code: &str) -> String {
        self.text(&format!("{kind}-{code}"), None).unwrap_or_else(|| code.to_owned())
    }

    /// A text of a rule, `title` or `action`, whose own is English.
    pub fn rule_text(self, code: &str, part: &str, own: &str) -> String {
        self.own_text(&format!("{}.{part}", rule_key(code)), None).unwrap_or_else(|| own.to_owned())
    }

    /// The title of an area, whose own is English.
    pub fn area_title(self, name: &str, own: &str) -> String {
        self.own_text(&format!("area-{name}"), None).unwrap_or_else(|| own.to_owned())
    }

    /// The question that an area answers; its own is English.
    pub fn area_question(self, name: &str, own: &str) -> String {
        self.own_text(&format!("area-{name}.question"), None).unwrap_or_else(|| own.to_owned())
    }

    /// A message of this language's catalogue alone.
    pub fn own_text(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = match self {
            Self::En => &*ENGLISH,
            Self::De => &*GERMAN,
        };
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(attribute) => message.get_attribute(attribute)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(text)
    }

    /// The catalogue's files.
    const fn sources(self) -> [&'static str; 2] {
        match self {
            Self::En => [include_str!("../locales/en/page.ftl"), include_str!("../locales/en/rules.ftl")],
            Self::De => [include_str!("../locales/de/page.ftl"), include_str!("../locales/de/rules.ftl")],
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::En));
static GERMAN: LazyLock<Bundle> = LazyLock::new(|| bundle(Language::De));

fn bundle(language: Language) -> Bundle {
    let id = language.code().parse().expect("the codes are those of languages");
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // Pages isolate what comes from a store by elements of their own.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::En => |it, _| number_of(Language::En, it),
        Language::De => |it, _| number_of(Language::De, it),
    }));
    for source in language.sources() {
        let resource = FluentResource::try_new(source.to_owned()).expect("a test reads the catalogues");
        bundle.add_resource(resource).expect("a test looks for keys that are there twice");
    }
    bundle
}

fn number_of(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "what is counted is whole and positive"
    )]
    Some(language.number(number.value as u64))
}

/// The key of what a rule says in plain words.
pub fn rule_key(code: &str) -> String {
    format!("rule-{}", code.replace('.', "-"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fluent_syntax::ast;

    use super::*;
    use crate::area;

    /// Each key with the variables that it uses.
    fn keys(language: Language) -> BTreeMap<String, Vec<String>> {
        let mut keys = BTreeMap::new();
        for source in language.sources() {
            let resource = fluent_syntax::parser::parse(source).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
            for entry in resource.body {
                let ast::Entry::Message(message) = entry else { continue };
                let mut add = |key: String, pattern: &ast::Pattern<&str>| {
                    let shown = format!("{pattern:?}");
                    let mut variables: Vec<String> = shown
                        .split("VariableReference { id: Identifier { name: \"")
                        .skip(1)
                        .filter_map(|it| Some(it.split_once('"')?.0.to_owned()))
                        .collect();
                    variables.sort();
                    variables.dedup();
                    assert!(keys.insert(key.clone(), variables).is_none(), "{key} is there twice");
                };
                if let Some(value) = &message.value {
                    add(message.id.name.to_owned(), value);
                }
                for it in &message.attributes {
                    add(format!("{}.{}", message.id.name, it.id.name), &it.value);
                }
            }
        }
        keys
    }

    #[test]
    fn every_language_has_every_message_with_the_same_variables() {
        let english = keys(Language::En);
        // The titles of rules and areas are English in the code; a test below looks for the others.
        let is_title =
            |key: &str| key.starts_with("area-") || key.strip_prefix("rule-").is_some_and(|it| it.contains('.'));
        for language in Language::ALL {
            let own = keys(language);
            for (key, variables) in &english {
                assert_eq!(own.get(key), Some(variables), "{key} in {}", language.code());
            }
            for key in own.keys().filter(|it| !is_title(it)) {
                assert!(english.contains_key(key), "{key} is in {} alone", language.code());
            }
        }
    }

    #[test]
    fn every_rule_and_area_has_its_words() {
        for area in area::ALL {
            assert!(Language::De.own_text(&format!("area-{}", area.name()), None).is_some(), "{}", area.name());
            assert!(Language::De.own_text(&format!("area-{}.question", area.name()), None).is_some());
            for rule in area.rules() {
                let key = rule_key(rule.code);
                for language in Language::ALL {
                    assert!(language.own_text(&key, None).is_some(), "{key} in {}", language.code());
                }
                for part in ["title", "action"] {
                    assert!(Language::De.own_text(&format!("{key}.{part}"), None).is_some(), "{key}.{part}");
                }
            }
        }
        let rules: Vec<String> = area::ALL.iter().flat_map(|it| it.rules()).map(|it| rule_key(it.code)).collect();
        for key in keys(Language::En).keys().filter(|it| it.starts_with("rule-")) {
            assert!(rules.contains(key), "{key} is of no rule");
        }
    }

    #[test]
    fn numbers_and_times_are_those_of_the_language() {
        assert_eq!(Language::En.number(12_480), "12,480");
        assert_eq!(Language::De.number(12_480), "12.480");
        assert_eq!([Language::En, Language::De].map(|it| it.decimal(1_204.5)), ["1,204.5", "1.204,5"]);
        assert_eq!(Language::De.decimal(97.0), "97");
        assert_eq!(Language::En.time("2026-11-02T03:00:00Z"), "2 November 2026, 03:00 UTC");
        assert_eq!(Language::De.time("2026-03-02T03:00:00Z"), "2. März 2026, 03:00 UTC");
        assert_eq!(Language::De.time("yesterday"), "yesterday");
    }
}
