//! `magegap report`: a report rendered again from its `findings.json`.

use crate::cli::{Format, ReportArgs};
use crate::commands::audit::redacted;
use crate::commands::{World, printed, summary};
use crate::error::Error;
use crate::report::folder::Folder;
use crate::report::{self, FINDINGS};
use crate::source;

pub(super) fn run(args: &ReportArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let ReportArgs { input, out, render, quiet } = args;
    if let Some(folder) = &render.templates {
        report::check_templates(folder)?;
    }
    let file = if source::is_folder(input) { input.join(FINDINGS) } else { input.clone() };
    let mut report = report::read(&file)?;
    report.look.language = render.language.unwrap_or(report.look.language);
    // All else can be made from it, and it from nothing but an audit.
    let replaces_input = source::resolved(&file) == source::resolved(&out.join(FINDINGS));
    if replaces_input && !render.formats.contains(&Format::Json) {
        return Err(Error::usage(format!(
            "--out {} would be left without its {FINDINGS}: add json to --formats, or name another folder",
            out.display()
        )));
    }
    let report = redacted(report, render.redact);
    let folder = Folder::prepare(out)?;
    report::render(&report, render, &folder)?;
    folder.publish()?;
    if !quiet {
        printed(summary::print(&report, out, false, world.out))?;
    }
    Ok(0)
}
