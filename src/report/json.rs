//! `findings.json`: the model as it is.

use std::io::Write;

use super::{FINDINGS, Output, Renderer, Report, failed};
use crate::error::Error;

/// The format.
pub(super) struct Json;

impl Renderer for Json {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = FINDINGS;
        let mut file = out.create(name).map_err(failed(name))?;
        serde_json::to_writer(&mut file, report).map_err(|error| failed(name)(error.into()))?;
        file.write_all(b"\n").and_then(|()| file.flush()).map_err(failed(name))
    }
}
