//! `summary.md`: the report on one screen, for tickets and the pages of CI jobs.

use minijinja::context;
use minijinja::value::{Serde, Value};

use super::templates::Templates;
use super::{Output, Renderer, Report, view, write_file};
use crate::error::Error;

/// The format.
pub(super) struct Markdown<'a> {
    pub(super) templates: &'a Templates,
    /// Whether the summary may refer to the CSV files.
    pub(super) has_csv: bool,
}

impl Renderer for Markdown<'_> {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = "summary.md";
        let context = context! { page => Value::from(Serde(&view::page(report, self.has_csv))) };
        write_file(out, name, self.templates.fill(name, context)?.as_bytes())
    }
}
