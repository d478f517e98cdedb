//! A snapshot in a file: all facts of one side, taken on a host that may not see the other one.
//!
//! A tar of `facts.json`, of `references/part-*.parquet`, and of `media/part-*.parquet` with the hash
//! of each file; where Magento 1 keeps media in its database there is `generated/part-*.parquet` as
//! well. `B3SUMS` has the hashes of all of them.

use std::io;
use std::path::Path;

use globset::GlobSet;
use serde::{Deserialize, Serialize};

use super::{Fact, References, Snapshot, references};
use crate::error::Error;
use crate::known::{Known, Lack};
use crate::pair::Side;
use crate::progress::Progress;
use crate::settings::{Settings, globs, media_filter};
use crate::source::archive::{self, Archive, ArchiveWriter};
use crate::source::media::manifest::{self, Manifest, PartAbout, Target};
use crate::source::media::{About, Listing, Scan};
use crate::store::{MediaSource, Store};

/// The form of the file; a newer one has a higher number.
const SCHEMA: &str = "magegap.snapshot/";
const VERSION: u32 = 1;
const FACTS: &str = archive::FIRST;

/// What can be told of a file before it is known whether this program understands the rest.
#[derive(Debug, Deserialize)]
struct Preamble {
    schema: String,
    tool: String,
}

/// What a snapshot says of itself, and all facts that are not in tables.
#[derive(Debug, Serialize, Deserialize)]
struct Contents {
    schema: String,
    tool: String,
    side: Side,
    taken: String,
    /// What it was taken of.
    inputs: Vec<Input>,
    notes: Vec<String>,
    /// What was not read, and why.
    not_read: Vec<NotRead>,
    /// Why an input is not complete.
    trouble: Option<String>,
    facts: Snapshot,
    references: Vec<String>,
    media: Known<MediaContents>,
}

/// An input of a snapshot.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Input {
    /// What kind it is.
    pub kind: String,
    /// The name that it was given by.
    pub name: String,
    /// What it was found to be.
    pub what: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct NotRead {
    what: String,
    why: String,
}

/// A media folder, apart from the files of its tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct MediaContents {
    about: About,
    parts: Vec<PartAbout>,
    include_generated: bool,
    /// What it was limited to (`[scan]`).
    include: Vec<String>,
    exclude: Vec<String>,
    /// All that the folder has, if files of the database are to be compared with it.
    generated: Option<Generated>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Generated {
    about: About,
    parts: Vec<PartAbout>,
}

/// A snapshot that was opened.
#[derive(Debug)]
pub struct SnapshotFile {
    /// When it was taken.
    pub taken: String,
    /// What it was taken of.
    pub inputs: Vec<Input>,
    /// What limited it.
    pub notes: Vec<String>,
    /// Why an input was not complete.
    pub trouble: Option<String>,
    /// What the database told.
    facts: Snapshot,
    references: Vec<String>,
    archive: Archive,
}

/// The media folder of a snapshot.
#[derive(Clone, Debug)]
pub struct SnapshotMedia {
    manifest: Manifest,
    generated: Manifest,
    contents: MediaContents,
    /// Whether generated folders were hashed as all others.
    pub include_generated: bool,
}

impl SnapshotMedia {
    /// The files that are compared.
    pub(super) fn listing(&self, scan: &Scan) -> io::Result<Listing> {
        Listing::of_manifest(&self.manifest, self.contents.about.clone(), self.include_generated, scan)
    }

    /// What it was limited to when it was taken.
    pub(super) fn limits(&self) -> Option<[GlobSet; 2]> {
        let MediaContents { include, exclude, .. } = &self.contents;
        // Patterns that were good when it was taken are good now, unless somebody has made them up.
        let limits = [globs(include).ok()?, globs(exclude).ok()?];
        (!include.is_empty() || !exclude.is_empty()).then_some(limits)
    }

    /// The patterns, in words.
    pub(super) fn patterns(&self) -> String {
        media_filter(&self.contents.include, &self.contents.exclude).unwrap_or_default()
    }

    /// All files, and what else is known of the folder.
    pub(super) fn everything(&self, scan: &Scan) -> io::Result<(Vec<Listing>, About)> {
        let main = self.listing(scan)?;
        Ok(match &self.contents.generated {
            None => {
                let about = main.about.clone();
                (vec![main], about)
            }
            Some(generated) => {
                let rest = Listing::of_manifest(&self.generated, generated.about.clone(), false, scan)?;
                (vec![main, rest], generated.about.clone())
            }
        })
    }
}

/// What became of a snapshot that was taken.
#[derive(Debug)]
pub struct Taken {
    /// Facts that are not in it, and why; whether that is a failure.
    pub not_read: Vec<(String, Lack)>,
    /// Files and bytes of the media folder.
    pub files: u64,
    /// Why an input is not complete.
    pub trouble: Option<String>,
}

/// Takes a snapshot of a store that was opened, and puts it at its place.
///
/// # Errors
///
/// If the file cannot be written, or the run is interrupted.
pub fn take(store: &mut Store, settings: &Settings, path: &Path, progress: &Progress) -> Result<Taken, Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    // A place that cannot be written is known before hours were spent.
    let writer = ArchiveWriter::create(path).map_err(failed)?;
    let facts = Snapshot::read(store, &|_| true);
    let (trouble, description) = (store.trouble(), store.database.get().map(|it| it.description.clone()));
    store.close();
    let references = match &facts.references {
        Known::Is(it) => references::write_table(it, writer.folder()).map_err(failed)?,
        Known::Not(_) => Vec::new(),
    };
    let media = media(store, &facts, settings, writer.folder(), progress)
        .map_err(|error| if crate::source::interrupt::is_asked() { Error::Interrupted } else { failed(error) })?;
    let mut not_read: Vec<(String, Lack)> =
        Fact::ALL.iter().filter_map(|&fact| Some((fact.name().to_owned(), facts.lack(fact)?.clone()))).collect();
    not_read.extend(media.lack().map(|lack| (Fact::Media.name().to_owned(), lack.clone())));
    let files = media.get().map_or(0, |it| it.about.files);
    let inputs = store.inputs.iter().map(|(kind, name)| Input {
        kind: (*kind).to_owned(),
        name: name.clone(),
        what: description.clone().filter(|_| *kind == "database"),
    });
    let parts = |it: &MediaContents| {
        let generated = it.generated.iter().flat_map(|it| &it.parts);
        it.parts.iter().chain(generated).map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    let mut members = vec![FACTS.to_owned()];
    members.extend(references.iter().cloned());
    members.extend(media.get().map(parts).into_iter().flatten());
    let contents = Contents {
        schema: format!("{SCHEMA}{VERSION}"),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        side: store.side,
        taken: settings.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        inputs: inputs.collect(),
        notes: store.notes.clone(),
        not_read: not_read
            .iter()
            .map(|(what, lack)| NotRead { what: what.clone(), why: lack.why().to_owned() })
            .collect(),
        trouble: trouble.clone(),
        facts,
        references,
        media,
    };
    let json = serde_json::to_vec_pretty(&contents).map_err(|error| failed(error.into()))?;
    std::fs::write(writer.folder().join(FACTS), json).map_err(failed)?;
    if crate::source::interrupt::is_asked() {
        return Err(Error::Interrupted);
    }
    writer.finish(&members, settings.now.as_second()).map_err(failed)?;
    Ok(Taken { not_read, files, trouble })
}

/// Hashes the media folder into tables.
fn media(
    store: &Store,
    facts: &Snapshot,
    settings: &Settings,
    folder: &Path,
    progress: &Progress,
) -> io::Result<Known<MediaContents>> {
    let side = store.side;
    let root = match &store.media {
        Known::Is(MediaSource::Folder(root)) => root,
        Known::Is(_) => {
            let why = format!("a list of {side} files has no contents that could be hashed");
            return Ok(Known::Not(Lack::Failed(why)));
        }
        Known::Not(lack) => return Ok(Known::Not(lack.clone())),
    };
    let scan = super::media::scan(settings);
    let list = |scan: &Scan| Listing::of_folder(root, scan, &progress.count(&format!("listing {side} media")));
    let listing = match list(&scan) {
        Ok(listing) => listing,
        Err(error) if crate::source::interrupt::is_asked() => return Err(error),
        Err(error) => {
            let why = format!("cannot read the {side} media folder {}: {error}", root.display());
            return Ok(Known::Not(Lack::Failed(why)));
        }
    };
    let bar = progress.bytes("hashing media files", 0);
    let parts = manifest::write(&listing, &Target::new(folder, "media", side), &scan, &bar)?;
    let stored = facts.stored.get().and_then(|it| it.files.as_ref()).filter(|it| !it.is_empty() && side == Side::M1);
    let generated = if let Some(stored) = stored {
        let scan = super::media::everything(settings);
        let mut rest = list(&scan)?;
        let about = rest.about.clone();
        rest.without(&listing);
        // Only what may be one of the stored files is read: caches are large.
        let sizes = stored.iter().map(|it| it.size).collect();
        let target = Target { sizes: Some(sizes), ..Target::new(folder, "generated", side) };
        Some(Generated { about, parts: manifest::write(&rest, &target, &scan, &bar)? })
    } else {
        None
    };
    bar.finish_and_clear();
    Ok(Known::Is(MediaContents {
        about: listing.about,
        parts,
        include_generated: settings.include_generated,
        include: settings.media_patterns.include.clone(),
        exclude: settings.media_patterns.exclude.clone(),
        generated,
    }))
}

/// Whether there is a snapshot at a path, by how it begins.
pub fn is_snapshot(path: &Path) -> bool {
    archive::begins(path)
}

/// Opens a snapshot of this side: the file, and its media folder.
///
/// # Errors
///
/// If it cannot be read, is none or not whole, is of the other side, or newer than this program.
pub fn open(side: Side, path: &Path) -> Result<(SnapshotFile, Known<MediaSource>), Error> {
    let refused = |why: &str| Error::usage(format!("cannot use {} as a snapshot: {why}", path.display()));
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::InvalidData => refused(&format!("{error}; take it again, or copy it again")),
        io::ErrorKind::NotFound => Error::usage(format!("there is no snapshot {}", path.display())),
        _ => Error::Read { path: path.to_owned(), source: error },
    };
    let archive = Archive::open(path).map_err(unreadable)?;
    let text = archive.text(FACTS).map_err(unreadable)?;
    let wrong = |error: serde_json::Error| refused(&format!("{FACTS} is not what it should be ({error})"));
    let Preamble { schema, tool } = serde_json::from_str(&text).map_err(wrong)?;
    match schema.strip_prefix(SCHEMA).and_then(|it| it.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => {
            return Err(refused(&format!(
                "it was taken by magegap {tool} in the form {schema}, and this is magegap {}, which knows {SCHEMA}{VERSION}: use the newer program",
                env!("CARGO_PKG_VERSION")
            )));
        }
        _ => return Err(refused(&format!("its form is {schema}"))),
    }
    let contents: Contents = serde_json::from_str(&text).map_err(wrong)?;
    if contents.side != side {
        return Err(Error::Swapped { side, what: path.display().to_string() });
    }
    let manifest = |parts: &[PartAbout]| -> io::Result<Manifest> {
        let part = |it: &PartAbout| Ok((it.clone(), archive.member(&it.name)?));
        Ok(Manifest::new(parts.iter().map(part).collect::<io::Result<_>>()?))
    };
    let media = match contents.media {
        Known::Not(lack) => Known::Not(lack),
        Known::Is(media) => {
            let generated = media.generated.as_ref().map(|it| it.parts.as_slice()).unwrap_or_default();
            Known::Is(MediaSource::Snapshot(Box::new(SnapshotMedia {
                manifest: manifest(&media.parts).map_err(unreadable)?,
                generated: manifest(generated).map_err(unreadable)?,
                include_generated: media.include_generated,
                contents: media,
            })))
        }
    };
    let file = SnapshotFile {
        taken: contents.taken,
        inputs: contents.inputs,
        notes: contents.notes,
        trouble: contents.trouble,
        facts: contents.facts,
        references: contents.references,
        archive,
    };
    Ok((file, media))
}

impl SnapshotFile {
    /// The facts, apart from large ones that nobody wants.
    pub(super) fn facts(&mut self, is_wanted: &dyn Fn(Fact) -> bool) -> Snapshot {
        let mut facts = std::mem::replace(&mut self.facts, Snapshot::empty());
        if !is_wanted(Fact::References) {
            facts.references = Known::Not(Lack::NotGiven("left out by --only or --skip".to_owned()));
        } else if let Known::Is(it) = facts.references {
            facts.references = self.with_rows(it);
        }
        facts
    }

    fn with_rows(&self, references: References) -> Known<References> {
        let slices = self.references.iter().map(|it| self.archive.member(it)).collect::<io::Result<Vec<_>>>();
        slices.and_then(|it| references::read_table(references, &it)).map_or_else(
            |error| Known::Not(Lack::Failed(format!("cannot read the references of the snapshot: {error}"))),
            Known::Is,
        )
    }
}
