//! The report's templates, styles and script: built in, or the operator's own.

use std::path::Path;

use fluent_bundle::FluentArgs;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{AutoEscape, Environment, HtmlEscape, Output, State, UndefinedBehavior};

use crate::error::Error;
use crate::language::Language;
use crate::text;

/// What is built in.
const BUILT_IN: [(&str, &str); 9] = [
    ("base.html", include_str!("../../report-templates/base.html")),
    ("index.html", include_str!("../../report-templates/index.html")),
    ("verifier.html", include_str!("../../report-templates/verifier.html")),
    ("manager.html", include_str!("../../report-templates/manager.html")),
    ("merchant.html", include_str!("../../report-templates/merchant.html")),
    ("macros.html", include_str!("../../report-templates/macros.html")),
    ("report.css", include_str!("../../report-templates/report.css")),
    ("report.js", include_str!("../../report-templates/report.js")),
    ("summary.md", include_str!("../../report-templates/summary.md")),
];

/// How values are escaped in templates whose name ends with `.md`.
const MARKDOWN: AutoEscape = AutoEscape::Custom(std::borrow::Cow::Borrowed("markdown"));

/// The templates of a run.
pub(super) struct Templates {
    sources: Vec<(&'static str, String)>,
}

impl Templates {
    /// The built-in ones, but for those that the folder has.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self, Error> {
        let source = |(name, built_in): (&'static str, &str)| {
            let Some(path) = folder.map(|it| it.join(name)) else { return Ok((name, built_in.to_owned())) };
            match crate::source::text_file(&path) {
                Ok(text) => Ok((name, text)),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok((name, built_in.to_owned())),
                Err(source) => Err(Error::Read { path, source }),
            }
        };
        Ok(Self { sources: BUILT_IN.into_iter().map(source).collect::<Result<_, _>>()? })
    }

    /// The text of one of them.
    pub(super) fn source(&self, name: &str) -> &str {
        self.sources.iter().find(|(it, _)| *it == name).map_or("", |(_, source)| source)
    }

    /// Fills one of them; it may import the others.
    pub(super) fn fill(&self, name: &str, language: Language, context: Value) -> Result<String, Error> {
        let broken = |template: &str| {
            let template = template.to_owned();
            move |source: minijinja::Error| Error::Template { template, source: Box::new(source) }
        };
        let mut environment = Environment::new();
        // A misspelt name in a template is an error, not an empty cell.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(broken(name))?);
        environment.set_auto_escape_callback(|name| match Path::new(name).extension() {
            Some(it) if it == "md" => MARKDOWN,
            _ => AutoEscape::Html,
        });
        environment.set_formatter(escaped);
        environment.add_filter("decimal", move |number: f64| language.decimal(number));
        environment.add_filter("number", move |count: u64| language.number(count));
        environment.add_function("t", move |key: &str, arguments: Kwargs| translated(language, key, &arguments));
        environment.add_filter("code", with_code);
        environment.add_filter("span", |it: &str| Value::from_safe_string(code_span(it)));
        environment.add_filter("html", |it: &str| Value::from_safe_string(HtmlEscape(it).to_string()));
        environment.add_filter("visible_lines", |it: &str| text::visible_lines(it));
        environment.add_filter("visible", |it: &str| text::visible(it).into_owned());
        for name in ["base.html", "macros.html", name] {
            environment.add_template(name, self.source(name)).map_err(broken(name))?;
        }
        let template = environment.get_template(name).map_err(broken(name))?;
        template.render(context).map_err(broken(name))
    }
}

/// Makes sure that a folder of templates is one, before any work is done.
pub fn check_templates(folder: &Path) -> Result<(), Error> {
    let is_there = |name: &str| crate::source::exists(&folder.join(name));
    let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    // A misspelt name would be heeded by nobody.
    let is_template = |it: &String| {
        Path::new(it).extension().is_some_and(|it| ["html", "css", "js", "md"].iter().any(|other| it == *other))
    };
    let others = crate::source::names(folder).unwrap_or_default();
    if let Some(other) = others.iter().find(|it| is_template(it) && !names.contains(&it.as_str()) && *it != "README.md")
    {
        let names = names.join(", ");
        return Err(Error::usage(format!("--templates {} has {other}, which is none of {names}", folder.display())));
    }
    if BUILT_IN.iter().any(|(name, _)| is_there(name)) {
        return Ok(());
    }
    Err(Error::usage(format!("--templates {} has none of {}", folder.display(), names.join(", "))))
}

/// A message of the catalogue; a key that no catalogue has is an error of the template.
fn translated(language: Language, key: &str, arguments: &Kwargs) -> Result<String, minijinja::Error> {
    let mut of_message = FluentArgs::new();
    for name in arguments.args() {
        let value: Value = arguments.get(name)?;
        if value.is_undefined() {
            let why = format!("{name} of the message {key:?} is undefined");
            return Err(minijinja::Error::new(minijinja::ErrorKind::UndefinedError, why));
        }
        let name = name.to_owned();
        match u64::try_from(value.clone()) {
            #[expect(clippy::cast_precision_loss, reason = "as many findings as a float cannot count do not occur")]
            Ok(count) if value.is_number() => of_message.set(name, count as f64),
            _ => of_message.set(name, value.to_string()),
        }
    }
    arguments.assert_all_used()?;
    language.text(key, Some(&of_message)).ok_or_else(|| {
        minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, format!("no message is called {key:?}"))
    })
}

/// Writes a value as the kind of template wants it.
fn escaped(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    if *state.auto_escape() != MARKDOWN || value.is_safe() || value.kind() == ValueKind::Undefined {
        return minijinja::escape_formatter(out, state, value);
    }
    out.write_str(&markdown(&value.to_string())).map_err(minijinja::Error::from)
}

/// A text of a rule: what stands between back-quotes is code.
fn with_code(state: &mut State<'_, '_>, text: &str) -> Value {
    let is_markdown = *state.auto_escape() == MARKDOWN;
    let parts = text.split('`').enumerate().map(|(at, part)| match (at % 2 == 1, is_markdown) {
        (false, true) => markdown(part),
        (true, true) => code_span(part),
        (false, false) => HtmlEscape(part).to_string(),
        (true, false) => format!("<code>{}</code>", HtmlEscape(part)),
    });
    Value::from_safe_string(parts.collect())
}

/// Text in which nothing is markup (`GitHub` Flavored Markdown 2.4), on one line.
fn markdown(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\n' | '\r' => result.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '@' => result.extend(['\\', it]),
            _ => result.push(it),
        }
    }
    result
}

/// Text as code (`GitHub` Flavored Markdown 6.3), in a table, too. Nobody is mentioned by it, and nothing is linked.
fn code_span(text: &str) -> String {
    let text = text::visible(text).replace('|', "\\|");
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|it| it != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

#[cfg(test)]
mod tests {
    use super::{code_span, markdown};

    #[test]
    fn nothing_of_a_store_is_markup() {
        assert_eq!(markdown("a|b\n<b>*x*_y_"), "a\\|b \\<b\\>\\*x\\*\\_y\\_");
        assert_eq!(code_span("a`b``c|d"), "``` a`b``c\\|d ```");
        assert_eq!(code_span("line\nbreak"), "`line<U+000A>break`");
        assert_eq!(code_span(""), "");
    }
}
