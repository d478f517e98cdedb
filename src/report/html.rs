//! The pages: each needs no network, no server and no script to be read.

use base64::Engine;
use clap::ValueEnum;
use minijinja::context;
use minijinja::value::{Serde, Value};
use sha2::{Digest, Sha256};

use super::Audience;
use super::templates::Templates;
use super::view::{self, Catalogue, Rests};
use super::{Output, OwnFile, Renderer, Report, write_file};
use crate::error::Error;

/// The format.
pub(super) struct Html<'a> {
    pub(super) templates: &'a Templates,
    /// The readers, of whom the first has `index.html`.
    pub(super) audiences: &'a [Audience],
    /// Whether the pages may refer to the CSV files.
    pub(super) has_csv: bool,
}

/// How many bytes a page may have: what mail servers and browsers take without trouble.
const BUDGET: usize = 5_000_000 - 100_000;

/// Whether a reader's page has a row for each finding.
const fn has_rows(audience: Audience) -> bool {
    matches!(audience, Audience::Developer | Audience::Verifier)
}

/// Where the page of a reader goes.
pub(super) fn file_name(place: usize, audience: Audience) -> String {
    if place == 0 { "index.html".to_owned() } else { format!("{}.html", audience.code()) }
}

/// The pages of all readers, whoever is the first.
pub(super) fn files() -> Vec<OwnFile> {
    // Every report of this format has the first one: a page of another name alone may be somebody else's.
    let first = OwnFile::new(file_name(0, Audience::Developer), "<!DOCTYPE html>");
    let others = Audience::value_variants().iter().map(|it| OwnFile::new(file_name(1, *it), ""));
    std::iter::once(first).chain(others).collect()
}

/// The template of a reader's page.
const fn template(audience: Audience) -> &'static str {
    match audience {
        Audience::Developer => "index.html",
        Audience::Verifier => "verifier.html",
        Audience::Manager => "manager.html",
        Audience::Merchant => "merchant.html",
    }
}

impl Renderer for Html<'_> {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let words = Catalogue::of(report);
        let accent = report.look.accent.as_ref().map(|it| format!("\n:root {{ --accent: {it}; }}\n"));
        let style = format!("{}{}", self.templates.source("report.css"), accent.unwrap_or_default());
        let script = self.templates.source("report.js");
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            digest(&style),
            digest(script)
        );
        let pages: Vec<Value> = self
            .audiences
            .iter()
            .enumerate()
            .map(|(place, it)| context! { audience => it.code(), file => file_name(place, *it) })
            .collect();
        for (place, &audience) in self.audiences.iter().enumerate() {
            let fill = |rests: &Rests| {
                let page = view::page(report, &words, audience, rests, self.has_csv);
                let context = context! {
                    page => Value::from(Serde(&page)),
                    pages => pages.clone(),
                    style => Value::from_safe_string(style.clone()),
                    script => Value::from_safe_string(script.to_owned()),
                    policy => policy.clone(),
                    // What the model says of single things is English in every language.
                    en => Value::from_safe_string(
                        if report.look.language.code() == "en" { "" } else { " lang=\"en\"" }.to_owned()
                    ),
                };
                self.templates.fill(template(audience), report.look.language, context)
            };
            let mut page = fill(&Rests::default())?;
            let rests =
                Rests::of(report, &words, if has_rows(audience) { BUDGET.saturating_sub(page.len()) } else { 0 });
            if !rests.is_empty() {
                page = fill(&rests)?;
            }
            write_file(out, &file_name(place, audience), page.as_bytes())?;
        }
        Ok(())
    }
}

/// The source expression of an inline element in a content security policy (CSP 3, hash-source).
fn digest(text: &str) -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text)))
}
