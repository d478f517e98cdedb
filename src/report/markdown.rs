//! `summary.md`: the report on one screen, for tickets and the pages of CI jobs.

use minijinja::context;
use minijinja::value::{Serde, Value};

use super::Audience;
use super::templates::Templates;
use super::view::{self, Catalogue, Rests};
use super::{Output, OwnFile, Renderer, Report, write_file};
use crate::error::Error;

/// The format.
pub(super) struct Markdown<'a> {
    pub(super) templates: &'a Templates,
    /// Whether the summary may refer to the CSV files.
    pub(super) has_csv: bool,
}

/// Its file.
const NAME: &str = "summary.md";

/// Its files.
pub(super) fn files() -> Vec<OwnFile> {
    vec![OwnFile::new(NAME, "<!-- magegap.summary/")]
}

impl Renderer for Markdown<'_> {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = NAME;
        let words = Catalogue::of(report);
        let rests = Rests::default();
        let page = view::page(report, &words, Audience::Developer, &rests, self.has_csv);
        let context = context! { page => Value::from(Serde(&page)) };
        write_file(out, name, self.templates.fill(name, report.look.language, context)?.as_bytes())
    }
}
