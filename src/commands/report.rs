//! `magegap report`: a report rendered again from its `findings.json`.

use crate::cli::ReportArgs;
use crate::commands::audit::redacted;
use crate::commands::{World, printed, summary};
use crate::error::Error;
use crate::report::folder::Folder;
use crate::report::{self, FINDINGS, Format, Report, ReportSettings};
use crate::settings::report_settings;
use crate::source;

pub(super) fn run(args: &ReportArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let ReportArgs { input, out, render, config, quiet } = args;
    if let Some(folder) = &render.templates {
        report::check_templates(folder)?;
    }
    let words = report_settings(config.as_deref())?;
    let file = report::findings_of(input);
    let mut report = report::read(&file)?;
    let is_redacted = render.redact || words.redact;
    // All else can be made from it, and it from nothing but an audit.
    if source::resolved(&file) == source::resolved(&out.join(FINDINGS)) {
        if !render.formats.contains(&Format::Json) {
            return Err(Error::usage(format!(
                "--out {} would be left without its {FINDINGS}: add json to --formats, or name another folder",
                out.display()
            )));
        }
        if is_redacted && !report.is_redacted {
            return Err(Error::usage(format!(
                "--out {} has the only {FINDINGS} that names people: name another folder for the redacted report",
                out.display()
            )));
        }
    }
    dress(&mut report, words);
    report.look.language = render.language.unwrap_or(report.look.language);
    let report = redacted(report, is_redacted, *quiet, world);
    let folder = Folder::prepare(out)?;
    report::render(&report, render, &folder)?;
    folder.publish()?;
    if !quiet {
        printed(summary::print(&report, out, false, world.out))?;
    }
    Ok(0)
}

/// Gives the report the words and the look that the configuration has; the audit's stay where it has none.
fn dress(report: &mut Report, words: ReportSettings) {
    let ReportSettings { title, client, agency, language, accent, logo, redact: _, rate, owners } = words;
    // A report that names nobody stays one.
    if !report.is_redacted {
        report.name_owners(&owners);
    }
    report.minutes_per_point = rate.unwrap_or(report.minutes_per_point);
    report.title = title.unwrap_or_else(|| std::mem::take(&mut report.title));
    report.client = client.or_else(|| report.client.take());
    report.agency = agency.or_else(|| report.agency.take());
    report.look.language = language.unwrap_or(report.look.language);
    report.look.accent = accent.or_else(|| report.look.accent.take());
    report.look.logo = logo.or_else(|| report.look.logo.take());
}
