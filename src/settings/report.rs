//! What the configuration says of reports.

use std::collections::BTreeMap;
use std::path::Path;

use super::file;
use crate::area;
use crate::error::Error;
use crate::report::{Rate, ReportSettings};

/// What the configuration file says of reports, for a report that is rendered again.
///
/// # Errors
/// If the file is wrong, or names a colour or a picture that is none.
pub fn report_settings(config: Option<&Path>) -> Result<ReportSettings, Error> {
    of(&file::read(config)?)
}

pub(super) fn of(file: &file::File) -> Result<ReportSettings, Error> {
    let file::ReportTable { title, client, agency, language, accent, logo, redact } = &file.report;
    Ok(ReportSettings {
        title: title.clone(),
        client: client.clone(),
        agency: agency.clone(),
        language: *language,
        accent: accent.as_deref().map(self::accent).transpose()?,
        logo: logo.as_deref().map(self::logo).transpose()?,
        redact: *redact,
        rate: file.effort.minutes_per_point.map(self::rate).transpose()?,
        owners: owners(&file.owners)?,
    })
}

/// Who answers for what, if all of that is there.
fn owners(owners: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Error> {
    for name in owners.keys() {
        let is_area = area::ALL.iter().any(|it| it.name() == name);
        if !is_area && !area::ALL.iter().flat_map(|it| it.rules()).any(|it| it.code == name) {
            return Err(Error::usage(format!("[owners] names {name:?}, which is neither an area nor a rule")));
        }
    }
    Ok(owners.clone())
}

/// What a point costs, as the configuration says it.
fn rate([low, high]: [u32; 2]) -> Result<Rate, Error> {
    let rate = Rate { low, high };
    if !rate.is_possible() {
        return Err(Error::usage(format!(
            "[effort] minutes_per_point = [{low}, {high}] is no range such as [30, 120]"
        )));
    }
    Ok(rate)
}

/// A colour, if it is one.
fn accent(color: &str) -> Result<String, Error> {
    if crate::report::is_color(color) {
        Ok(color.to_owned())
    } else {
        Err(Error::usage(format!("[report] accent = {color:?} is no colour such as \"#0b57b7\"")))
    }
}

/// How large a mark may be: every page carries it.
const LOGO_BYTES: u64 = 300_000;

/// A picture as a `data:` URL.
fn logo(path: &Path) -> Result<String, Error> {
    let bytes = crate::source::small_file(path, LOGO_BYTES)
        .map_err(|source| Error::Read { path: path.to_owned(), source })?
        .ok_or_else(|| Error::usage(format!("[report] logo {} has more than {LOGO_BYTES} bytes", path.display())))?;
    crate::report::data_url(&bytes)
        .ok_or_else(|| Error::usage(format!("[report] logo {} is no PNG, JPEG, WebP, GIF or SVG", path.display())))
}
