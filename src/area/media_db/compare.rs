//! Stored files against both folders and Magento 2's database.

use std::collections::{BTreeMap, HashMap};

use super::rules;
use crate::area::{Column, Kind, Outcome, Table, Whole};
use crate::facts::Facts;
use crate::facts::media::StoredComparison;
use crate::facts::stored::{STORAGE, StoredFile, StoredMedia};
use crate::finding::{Cause, Finding, Severity};
use crate::magento::media_folders;
use crate::source::media::Named;
use crate::text;

/// The table of the files.
const FILES: Cause = Cause::document("core_file_storage");

pub(super) fn compare(m1: &StoredMedia, facts: &Facts) -> Outcome {
    let m2 = facts.sides.m2.stored.get().filter(|_| !facts.is_assessment);
    let nothing = StoredComparison::default();
    let disk = facts.media.stored.as_ref().unwrap_or(&nothing);
    let files = m1.files.as_deref().unwrap_or_default();
    let mut outcome = Outcome { inventory: table(), ..Outcome::default() };
    outcome.findings.extend(in_use(m1, facts.is_assessment));
    outcome.findings.extend(m2.and_then(of_m2));
    let view = View { m1, m2, disk, stored_in_m2: by_path(m2) };
    let mut tally = Tally::default();
    let mut in_folder = 0_usize;
    for (at, file) in files.iter().enumerate() {
        let on_m1 = disk.on_disk.m1.as_ref().map(|it| &it[at]);
        let on_m2 = disk.on_disk.m2.as_ref().map(|it| &it[at]);
        tally.add(on_m1, file);
        outcome.findings.extend(view.on_disk(at, file, on_m1));
        match view.lost(at, file, on_m1, on_m2) {
            Some(Lost::Here(finding)) => outcome.findings.push(*finding),
            Some(Lost::InFolder) => in_folder += 1,
            None => {}
        }
        outcome.inventory.rows.push(view.row(file, on_m1, on_m2));
    }
    outcome.findings.extend(view.not_stored());
    for path in &disk.not_stored {
        let cells = [text::path(path), String::new(), "not in the database".to_owned(), String::new(), String::new()];
        outcome.inventory.rows.push(cells.to_vec());
    }
    // What the folder has is the folder's to be told of.
    let own = files.iter().filter(|it| !media_folders::is_in_left_out(&it.path)).count();
    outcome.whole = Whole::of(own.saturating_sub(in_folder), &rules::LOST, |it| it.rule.code == rules::LOST.code);
    outcome.summary = summary(files, m1, disk, &tally);
    if in_folder > 0 {
        let count = text::count(in_folder as u64, "file", "files");
        outcome.summary.push(format!(
            "{count} of the database that Magento 2 does not have are in Magento 1's folder as well: see the media files."
        ));
    }
    let is_used = m1.is_used == Some(true);
    if is_used && m1.files.as_ref().is_some_and(Vec::is_empty) && m1.folders > 0 {
        let why = "Magento 1 uses its database for media, and core_file_storage has no rows, as in a dump without them";
        outcome.gaps.push(why.to_owned());
    }
    if is_used && m1.files.is_none() {
        outcome
            .gaps
            .push("Magento 1 uses its database for media, and the table core_file_storage is not there".to_owned());
    }
    if !files.is_empty() {
        let lack = |side: &Option<Vec<Named>>, words: &str| side.is_none().then(|| words.to_owned());
        let m1_lack =
            "the contents of Magento 1's media folder are not known: they were not compared with the database";
        let m2_lack =
            "the contents of Magento 2's media folder are not known: nor is whether files of the database are there";
        outcome.gaps.extend(lack(&disk.on_disk.m1, m1_lack));
        outcome.gaps.extend(lack(&disk.on_disk.m2, m2_lack).filter(|_| !facts.is_assessment));
    }
    outcome
}

/// Stored files of Magento 2 by path.
fn by_path(m2: Option<&StoredMedia>) -> HashMap<&[u8], &StoredFile> {
    let files = m2.and_then(|it| it.files.as_deref()).unwrap_or_default();
    files.iter().map(|it| (it.path.as_slice(), it)).collect()
}

fn in_use(m1: &StoredMedia, is_assessment: bool) -> Option<Finding> {
    let files = m1.files.as_deref().unwrap_or_default();
    let is_used = m1.is_used == Some(true);
    let severity = if is_assessment { Severity::High } else { Severity::Info };
    let mode = if is_used { "database" } else { "file system" };
    let bytes = text::bytes(files.iter().map(|it| it.size).sum());
    let count = text::count(files.len() as u64, "file", "files");
    let folders = text::count(m1.folders, "folder", "folders");
    let mut detail = format!("{count} ({bytes}) in {folders} are in the database");
    if is_assessment && is_used {
        detail.push_str(
            "; the official tool copies the setting, and stops at the tables: Magento 2 then looks where nothing is",
        );
    }
    let finding = rules::IN_USE.finding(STORAGE).severity(severity).m1(mode).detail(detail).explained_by([FILES]);
    (is_used || !files.is_empty()).then(|| finding.incidents((files.len() as u64).max(1)))
}

/// What Magento 2's setting tells.
fn of_m2(m2: &StoredMedia) -> Option<Finding> {
    if m2.is_used != Some(true) {
        return None;
    }
    Some(match &m2.files {
        None => rules::MODE_CARRIED.finding(STORAGE).m2("database, without its tables"),
        Some(files) => {
            let count = text::count(files.len() as u64, "file", "files");
            rules::DEPRECATED.finding(STORAGE).m2(format!("database, {count}"))
        }
    })
}

/// How many files are named in a finding about a folder.
const NAMED: usize = 5;

/// Where a file is that Magento 2 does not have.
enum Lost {
    /// In the database alone.
    Here(Box<Finding>),
    /// In Magento 1's folder as well.
    InFolder,
}

struct View<'a> {
    m1: &'a StoredMedia,
    m2: Option<&'a StoredMedia>,
    disk: &'a StoredComparison,
    stored_in_m2: HashMap<&'a [u8], &'a StoredFile>,
}

impl View<'_> {
    /// The row against Magento 1's own folder.
    fn on_disk(&self, at: usize, file: &StoredFile, on_disk: Option<&Named>) -> Option<Finding> {
        let elsewhere = self.disk.content_at.get(&at).map(|it| format!("its content is that of {}", text::path(it)));
        let subject = text::path(&file.path);
        let size = text::bytes(file.size);
        match on_disk? {
            Named::NotLookedAt => None,
            Named::Is(hash) if *hash.as_bytes() == file.hash => None,
            Named::Is(_) | Named::OtherSize => {
                let finding = rules::DISK_DIFFERS.finding(subject).m1(format!("database: {size}"));
                Some(finding.detail(elsewhere.unwrap_or_default()))
            }
            Named::NotThere => {
                let finding = rules::NOT_ON_DISK.finding(subject).m1(format!("database: {size}"));
                Some(finding.detail(elsewhere.unwrap_or_default()))
            }
            Named::Unreadable(why) => {
                let finding = rules::DISK_DIFFERS.finding(subject).m1(format!("database: {size}"));
                Some(finding.detail(format!("the file could not be read: {why}")))
            }
        }
    }

    fn lost(&self, at: usize, file: &StoredFile, on_m1: Option<&Named>, on_m2: Option<&Named>) -> Option<Lost> {
        self.m2?;
        let is_same = |it: Option<&Named>| matches!(it, Some(Named::Is(hash)) if *hash.as_bytes() == file.hash);
        let is_stored = self.stored_in_m2.get(file.path.as_slice()).is_some_and(|it| it.hash == file.hash);
        // Without the folder nobody knows, unless the database has it.
        if is_stored || on_m2.is_none() || is_same(on_m2) || media_folders::is_in_left_out(&file.path) {
            return None;
        }
        if self.is_in_folder(at, file, on_m1) {
            return Some(Lost::InFolder);
        }
        let detail = match on_m1 {
            None => "",
            it if is_same(it) => "Magento 1's folder has it behind a symbolic link, which is not copied",
            Some(_) => "Magento 1's folder does not have it: it is in the database only",
        };
        let m2 = match on_m2 {
            Some(Named::NotThere) => "not there",
            // Perhaps it lies behind a link.
            Some(Named::Unreadable(_) | Named::NotLookedAt) => return None,
            _ => "other content",
        };
        let finding = rules::LOST.finding(text::path(&file.path)).m1(text::bytes(file.size)).m2(m2).detail(detail);
        Some(Lost::Here(Box::new(finding.explained_by([FILES]))))
    }

    /// Whether Magento 1's folder has it, under its own name or the one that the database has damaged: then it is
    /// compared with Magento 2's folder, and is said there.
    fn is_in_folder(&self, at: usize, file: &StoredFile, on_m1: Option<&Named>) -> bool {
        let is_same = matches!(on_m1, Some(Named::Is(hash)) if *hash.as_bytes() == file.hash);
        let is_linked = self.disk.behind_links.contains(&at);
        let is_damaged = || self.disk.content_at.get(&at).is_some_and(|it| media_folders::is_damaged(&file.path, it));
        is_same && !is_linked || is_damaged()
    }

    /// By folder: a synchronisation that broke off leaves thousands.
    fn not_stored(&self) -> Vec<Finding> {
        let severity = if self.m1.is_used == Some(true) { Severity::Low } else { Severity::Info };
        // What the synchronisation passes on purpose is nothing to say.
        let is_passed =
            |path: &[u8]| path.split(|it| *it == b'/').any(|it| it == b".svn") || path.ends_with(b".htaccess");
        let mut folders: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
        for path in self.disk.not_stored.iter().filter(|it| !is_passed(it) && !media_folders::is_in_left_out(it)) {
            folders.entry(media_folders::part(path)).or_default().push(path);
        }
        let finding = |(folder, paths): (&[u8], Vec<&[u8]>)| {
            let named: Vec<String> = paths.iter().take(NAMED).map(|it| text::path(it)).collect();
            let more = paths.len() - named.len();
            let more = if more > 0 { format!(", +{} more", text::number(more as u64)) } else { String::new() };
            let count = text::count(paths.len() as u64, "file", "files");
            let finding = rules::NOT_STORED.finding(text::path(folder)).severity(severity);
            let detail = format!("{}{more}", named.join(", "));
            finding.m1(format!("{count} on disk only")).detail(detail).incidents(paths.len() as u64)
        };
        folders.into_iter().map(finding).collect()
    }

    fn row(&self, file: &StoredFile, on_m1: Option<&Named>, on_m2: Option<&Named>) -> Vec<String> {
        let words = |it: Option<&Named>| match it {
            None | Some(Named::NotLookedAt) => "",
            Some(Named::Is(hash)) if *hash.as_bytes() == file.hash => "same",
            Some(Named::Is(_) | Named::OtherSize) => "other content",
            Some(Named::NotThere) => "not there",
            Some(Named::Unreadable(_)) => "not readable",
        };
        let in_m2 = match (self.m2.and_then(|it| it.files.as_ref()), self.stored_in_m2.get(file.path.as_slice())) {
            (None, _) => "",
            (_, None) => "not there",
            (_, Some(it)) if it.hash == file.hash => "same",
            (_, Some(_)) => "other content",
        };
        let cells = [words(on_m1), in_m2, words(on_m2)].map(str::to_owned);
        [text::path(&file.path), file.size.to_string()].into_iter().chain(cells).collect()
    }
}

#[derive(Default)]
struct Tally {
    same: u64,
    other: u64,
    not_there: u64,
}

impl Tally {
    fn add(&mut self, on_disk: Option<&Named>, file: &StoredFile) {
        match on_disk {
            Some(Named::Is(hash)) if *hash.as_bytes() == file.hash => self.same += 1,
            Some(Named::NotThere) => self.not_there += 1,
            None | Some(Named::NotLookedAt) => {}
            Some(_) => self.other += 1,
        }
    }
}

fn summary(files: &[StoredFile], m1: &StoredMedia, disk: &StoredComparison, tally: &Tally) -> Vec<String> {
    if m1.files.is_none() && m1.is_used == Some(true) {
        return vec!["Magento 1 is set to use its database: what is in it is not known.".to_owned()];
    }
    if files.is_empty() {
        let words =
            if m1.is_used == Some(true) { "Magento 1 is set to use its database, and has" } else { "Magento 1 has" };
        return vec![format!("{words} no media files in its database.")];
    }
    let mut lines = vec![format!(
        "{} ({}) in Magento 1's database.",
        text::count(files.len() as u64, "file", "files"),
        text::bytes(files.iter().map(|it| it.size).sum())
    )];
    if disk.on_disk.m1.is_some() {
        lines.push(format!(
            "{} of them are the same in its folder, {} have another content there, {} have no file of the name; {} of the folder are not stored.",
            text::number(tally.same),
            text::number(tally.other),
            text::number(tally.not_there),
            text::count(disk.not_stored.len() as u64, "file", "files")
        ));
    }
    lines
}

fn table() -> Table {
    let text = |name, title| Column::new(name, title, Kind::Text);
    Table {
        columns: vec![
            text("path", "Path"),
            Column::new("bytes", "Bytes", Kind::Bytes),
            text("m1_disk", "Magento 1 folder"),
            text("m2_database", "Magento 2 database"),
            text("m2_disk", "Magento 2 folder"),
        ],
        rows: Vec::new(),
    }
}
