//! `index.html`: one page that needs no network, no server and no script to be read.

use std::path::{Path, PathBuf};

use base64::Engine;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, HtmlEscape, UndefinedBehavior, context};
use sha2::{Digest, Sha256};

use super::view::{self, Page};
use super::{Output, Renderer, Report, failed};
use crate::error::Error;
use crate::text;

/// The format.
pub(super) struct Html {
    /// Folder of templates that replace the built-in ones.
    pub(super) templates: Option<PathBuf>,
    /// Whether the page may refer to the CSV files.
    pub(super) has_csv: bool,
}

/// The built-in templates, styles and script.
const BUILT_IN: [(&str, &str); 4] = [
    ("index.html", include_str!("../../report-templates/index.html")),
    ("macros.html", include_str!("../../report-templates/macros.html")),
    ("report.css", include_str!("../../report-templates/report.css")),
    ("report.js", include_str!("../../report-templates/report.js")),
];

impl Renderer for Html {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = "index.html";
        let page = self.page(&view::page(report, self.has_csv))?;
        let mut file = out.create(name).map_err(failed(name))?;
        file.write_all(page.as_bytes()).and_then(|()| file.flush()).map_err(failed(name))
    }
}

impl Html {
    fn page(&self, page: &Page<'_>) -> Result<String, Error> {
        let sources: Vec<(&str, String)> = BUILT_IN
            .iter()
            .map(|(name, built_in)| Ok((*name, self.source(name, built_in)?)))
            .collect::<Result<_, Error>>()?;
        let source = |name: &str| sources.iter().find(|(it, _)| *it == name).map_or("", |(_, source)| source);
        let broken = |template: &str| {
            let template = template.to_owned();
            move |source: minijinja::Error| Error::Template { template, source: Box::new(source) }
        };
        let mut environment = Environment::new();
        // A misspelt name in a template is an error, not an empty cell.
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(broken("index.html"))?,
        );
        environment.add_filter("number", |count: u64| text::number(count));
        environment.add_filter("code", |it: &str| Value::from_safe_string(with_code(it)));
        environment.add_filter("visible_lines", |it: &str| text::visible_lines(it));
        environment.add_filter("visible", |it: &str| text::visible(it).into_owned());
        for name in ["macros.html", "index.html"] {
            environment.add_template(name, source(name)).map_err(broken(name))?;
        }
        let (style, script) = (source("report.css"), source("report.js"));
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            digest(style),
            digest(script)
        );
        let context = context! {
            page => Value::from(Serde(page)),
            style => Value::from_safe_string(style.to_owned()),
            script => Value::from_safe_string(script.to_owned()),
            policy,
        };
        let template = environment.get_template("index.html").map_err(broken("index.html"))?;
        template.render(context).map_err(broken("index.html"))
    }

    /// A template of the operator's, or the built-in one.
    fn source(&self, name: &str, built_in: &str) -> Result<String, Error> {
        let Some(path) = self.templates.as_deref().map(|it| it.join(name)) else { return Ok(built_in.to_owned()) };
        match crate::source::text_file(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(built_in.to_owned()),
            Err(source) => Err(Error::Read { path, source }),
        }
    }
}

/// A text of a rule as HTML: what stands between back-quotes is code.
fn with_code(text: &str) -> String {
    let escaped: Vec<String> = text.split('`').map(|it| HtmlEscape(it).to_string()).collect();
    let mut html = String::new();
    for (at, part) in escaped.iter().enumerate() {
        html.push_str(if at == 0 {
            ""
        } else if at % 2 == 1 {
            "<code>"
        } else {
            "</code>"
        });
        html.push_str(part);
    }
    html
}

/// Makes sure that a folder of templates is one, before any work is done.
pub fn check_templates(folder: &Path) -> Result<(), Error> {
    let is_there = |name: &str| crate::source::exists(&folder.join(name));
    if BUILT_IN.iter().any(|(name, _)| is_there(name)) {
        return Ok(());
    }
    let names: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    Err(Error::usage(format!("--templates {} has none of {}", folder.display(), names.join(", "))))
}

/// The source expression of an inline element in a content security policy (CSP 3, hash-source).
fn digest(text: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)))
}
