//! `findings.json`: the model as it is.

pub(super) mod v1;

use std::io::{self, Write};

use super::{FINDINGS, Output, OwnFile, Renderer, Report, failed};
use crate::error::Error;

/// The format.
pub(super) struct Json;

/// Its files.
pub(super) fn files() -> Vec<OwnFile> {
    vec![OwnFile::new(FINDINGS, "{\"schema\":\"magegap.findings/")]
}

impl Renderer for Json {
    fn render(&self, report: &Report, out: &dyn Output) -> Result<(), Error> {
        let name = FINDINGS;
        let mut file = out.create(name).map_err(failed(name))?;
        write(report, &mut file).map_err(failed(name))
    }
}

/// Writes the file's bytes.
pub(super) fn write(report: &Report, into: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *into, &v1::Written(report))?;
    into.write_all(b"\n")?;
    into.flush()
}
