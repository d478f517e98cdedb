//! `index.html`: one page that needs no network, no server and no script to be read.

use base64::Engine;
use minijinja::context;
use minijinja::value::{Serde, Value};
use sha2::{Digest, Sha256};

use super::templates::Templates;
use super::{Output, Renderer, Report, view, write_file};
use crate::error::Error;

/// The format.
pub(super) struct Html<'a> {
    pub(super) templates: &'a Templates,
    /// Whether the page may refer to the CSV files.
    pub(super) has_csv: bool,
}

impl Renderer for Html<'_> {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let (style, script) = (self.templates.source("report.css"), self.templates.source("report.js"));
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            digest(style),
            digest(script)
        );
        let name = "index.html";
        let context = context! {
            page => Value::from(Serde(&view::page(report, self.has_csv))),
            style => Value::from_safe_string(style.to_owned()),
            script => Value::from_safe_string(script.to_owned()),
            policy,
        };
        write_file(out, name, self.templates.fill(name, context)?.as_bytes())
    }
}

/// The source expression of an inline element in a content security policy (CSP 3, hash-source).
fn digest(text: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)))
}
