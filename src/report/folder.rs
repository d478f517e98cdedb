//! The report folder: written aside, then put in place as a whole.
#![expect(clippy::disallowed_methods, reason = "an existing report is looked at before it is replaced")]

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rustix::fs::{CWD, RenameFlags};
use tempfile::TempDir;

use super::{Format, Output, OwnFile};
use crate::area;
use crate::error::Error;

/// A report that is being written.
#[derive(Debug)]
pub struct Folder {
    place: PathBuf,
    aside: TempDir,
}

impl Folder {
    /// Prepares to write a report to `place`, beside which it is written first.
    /// Fails before any work is done if it cannot be put there.
    pub fn prepare(place: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Write { path: place.to_owned(), source };
        let parent = match place.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        if place.file_name().is_none() {
            return Err(Error::usage(format!("--out {} does not name a folder of its own", place.display())));
        }
        refuse_foreign(place)?;
        fs::create_dir_all(parent).map_err(failed)?;
        // A report is as readable as any new folder: a web server or a CI job takes it from here.
        let mode = fs::Permissions::from_mode(0o777);
        let aside =
            tempfile::Builder::new().prefix(".magegap-").permissions(mode).tempdir_in(parent).map_err(failed)?;
        Ok(Self { place: place.to_owned(), aside })
    }

    /// Puts the report in its place, instead of the one that is there.
    pub fn publish(self) -> Result<(), Error> {
        let failed = |source| Error::Write { path: self.place.clone(), source };
        if fs::symlink_metadata(&self.place).is_err() {
            let aside = self.aside.keep();
            return fs::rename(aside, &self.place).map_err(failed);
        }
        refuse_foreign(&self.place)?;
        exchange(self.aside.path(), &self.place).map_err(failed)?;
        // What is aside now is the old report.
        self.aside.close().map_err(failed)
    }
}

/// A folder that holds anything but a report is not overwritten.
fn refuse_foreign(place: &Path) -> Result<(), Error> {
    let Ok(metadata) = fs::symlink_metadata(place) else { return Ok(()) };
    if !metadata.is_dir() {
        return Err(Error::usage(format!("--out {} is there already, and is not a folder", place.display())));
    }
    let failed = |source| Error::Write { path: place.to_owned(), source };
    let names = names(place).map_err(failed)?;
    if names.is_empty() {
        return Ok(());
    }
    let own: Vec<OwnFile> = Format::value_variants().iter().flat_map(|it| it.files()).collect();
    let is_report = own.iter().filter(|it| !it.beginning.is_empty()).any(|file| {
        let mut head = vec![0; file.beginning.len()];
        let read = File::open(place.join(&file.name)).and_then(|mut it| it.read_exact(&mut head));
        read.is_ok() && head == file.beginning.as_bytes()
    });
    let is_own = |name: &str| own.iter().any(|it| it.name.trim_end_matches('/') == name);
    let is_of_area = |name: &str| area::ALL.iter().any(|it| name == format!("{}.csv", it.name()));
    let mut foreign = names.iter().find(|it| !is_report || !is_own(it)).cloned();
    for folder in own.iter().filter_map(|it| it.name.strip_suffix('/')) {
        let inside = self::names(&place.join(folder)).unwrap_or_default();
        let stray = inside.into_iter().find(|it| !is_of_area(it)).map(|it| format!("{folder}/{it}"));
        foreign = foreign.or(stray);
    }
    let Some(foreign) = foreign else { return Ok(()) };
    let what = if is_report { "a report, and also" } else { "no report, but" };
    Err(Error::usage(format!(
        "--out {} holds {what} {}: name another folder",
        place.display(),
        crate::text::visible(&foreign)
    )))
}

/// The names in a folder, in order.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries: io::Result<Vec<fs::DirEntry>> = fs::read_dir(folder)?.collect();
    let mut names: Vec<String> = entries?.iter().map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Has two folders change places in one step, where the system can.
fn exchange(aside: &Path, place: &Path) -> io::Result<()> {
    match rustix::fs::renameat_with(CWD, aside, CWD, place, RenameFlags::EXCHANGE) {
        Ok(()) => return Ok(()),
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::INVAL) => {}
        Err(error) => return Err(error.into()),
    }
    let old = aside.with_extension("old");
    fs::rename(place, &old)?;
    if let Err(error) = fs::rename(aside, place) {
        // The old report goes back: it is replaced whole, or not at all.
        fs::rename(&old, place)?;
        return Err(error);
    }
    fs::rename(&old, aside)
}

impl Output for Folder {
    fn create(&self, name: &str) -> io::Result<Box<dyn Write + '_>> {
        let path = self.aside.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(Box::new(BufWriter::with_capacity(256 * 1024, File::create(path)?)))
    }
}
