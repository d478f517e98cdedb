//! A snapshot in a file: all facts of one side, taken on a host that may not see the other one.
//!
//! A tar of `facts.json`, of `references/part-*.parquet`, and of `media/part-*.parquet` with the hash
//! of each file; where Magento 1 keeps media in its database there is `generated/part-*.parquet` as
//! well. `B3SUMS` has the hashes of all of them.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Fact, References, Snapshot, StoreView, references};
use crate::error::Error;
use crate::known::{Known, Lack};
use crate::pair::Side;
use crate::source::archive::{self, Archive};
use crate::source::media::manifest::{Manifest, PartAbout};
use crate::source::media::{About, Listing, Patterns, Scan};

/// The form of the file; a newer one has a higher number.
pub(super) const SCHEMA: &str = "magegap.snapshot/";
pub(super) const VERSION: u32 = 1;
pub(super) const FACTS: &str = archive::FIRST;

/// What can be told of a file before it is known whether this program understands the rest.
#[derive(Debug, Deserialize)]
struct Preamble {
    schema: String,
    tool: String,
}

/// What a snapshot says of itself, and all facts that are not in tables.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) schema: String,
    pub(super) tool: String,
    pub(super) side: Side,
    pub(super) taken: String,
    /// What it was taken of.
    pub(super) inputs: Vec<Input>,
    pub(super) notes: Vec<String>,
    /// What was not read, and why.
    pub(super) not_read: Vec<NotRead>,
    /// Why an input is not complete.
    pub(super) trouble: Option<String>,
    pub(super) facts: Snapshot,
    pub(super) references: Vec<String>,
    pub(super) media: Known<MediaContents>,
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
pub(super) struct NotRead {
    pub(super) what: String,
    pub(super) why: String,
}

/// A media folder, apart from the files of its tables.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MediaContents {
    pub(super) about: About,
    pub(super) parts: Vec<PartAbout>,
    pub(super) include_generated: bool,
    /// What it was limited to (`[scan]`).
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
    /// All that the folder has, if files of the database are to be compared with it.
    pub(super) generated: Option<Generated>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Generated {
    pub(super) about: About,
    pub(super) parts: Vec<PartAbout>,
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
    patterns: Patterns,
    /// Whether generated folders were hashed as all others.
    pub include_generated: bool,
}

impl SnapshotMedia {
    /// The files that are compared.
    pub(super) fn listing(&self, scan: &Scan) -> io::Result<Listing> {
        Listing::of_manifest(&self.manifest, self.contents.about.clone(), self.include_generated, scan)
    }

    /// What it was limited to when it was taken.
    pub(super) const fn patterns(&self) -> &Patterns {
        &self.patterns
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

/// Whether there is a snapshot at a path, by how it begins.
pub fn is_snapshot(path: &Path) -> bool {
    archive::begins(path)
}

/// Opens a snapshot of this side: the file, and its media folder.
///
/// # Errors
///
/// If it cannot be read, is none or not whole, is of the other side, or newer than this program.
pub(super) fn open(side: Side, path: &Path) -> Result<(SnapshotFile, Known<SnapshotMedia>), Error> {
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
            Known::Is(SnapshotMedia {
                manifest: manifest(&media.parts).map_err(unreadable)?,
                generated: manifest(generated).map_err(unreadable)?,
                patterns: Patterns::new(media.include.clone(), media.exclude.clone())
                    .map_err(|error| refused(&format!("its patterns of media paths are none ({error})")))?,
                include_generated: media.include_generated,
                contents: media,
            })
        }
    };
    let mut facts = contents.facts;
    facts.tell_lacks_of_older();
    let file = SnapshotFile {
        taken: contents.taken,
        inputs: contents.inputs,
        notes: contents.notes,
        trouble: contents.trouble,
        facts,
        references: contents.references,
        archive,
    };
    Ok((file, media))
}

impl SnapshotFile {
    /// The store views.
    pub(super) const fn store_views(&self) -> &Known<Vec<StoreView>> {
        &self.facts.stores
    }

    /// The facts, apart from large ones that nobody wants; only once, since they may be large.
    pub(super) fn facts(&mut self, is_wanted: &dyn Fn(Fact) -> bool) -> Snapshot {
        let nothing = Snapshot::unknown(&Lack::Failed("the snapshot was read before".to_owned()));
        let mut facts = std::mem::replace(&mut self.facts, nothing);
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
