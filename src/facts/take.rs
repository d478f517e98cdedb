//! All facts of a store, put into a snapshot.

use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::file::{Contents, FACTS, Generated, Input, MediaContents, NotRead, SCHEMA, VERSION};
use super::media::MediaOptions;
use super::store::{MediaSource, Store};
use super::{Fact, Snapshot, references};
use crate::error::Error;
use crate::known::{Known, Lack};
use crate::pair::Side;
use crate::progress::Progress;
use crate::source::archive::ArchiveWriter;
use crate::source::interrupt;
use crate::source::media::manifest::{self, Target};
use crate::source::media::{Listing, Scan};

/// What became of a snapshot that was taken.
#[derive(Debug)]
pub struct Taken {
    /// Facts that are not in it, and why; whether that is a failure.
    pub not_read: Vec<(String, Lack)>,
    /// What is not whole in it, and why.
    pub not_whole: Vec<(String, Lack)>,
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
pub fn take(
    store: &mut Store,
    options: &MediaOptions,
    now: Timestamp,
    path: &Path,
    progress: &Progress,
) -> Result<Taken, Error> {
    let failed = |source| Error::Write { path: path.to_owned(), source };
    // A place that cannot be written is known before hours were spent.
    let writer = ArchiveWriter::create(path).map_err(failed)?;
    let facts = Snapshot::read(store, &|_| true);
    let description = store.database().and_then(Known::get).map(|it| it.description.clone());
    let trouble = store.trouble();
    store.close();
    let references = match &facts.references {
        Known::Is(it) => references::write_table(it, writer.folder()).map_err(failed)?,
        Known::Not(_) => Vec::new(),
    };
    let media = media(store, &facts, options, writer.folder(), progress)
        .map_err(|error| if interrupt::is_asked() { Error::Interrupted } else { failed(error) })?;
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
        taken: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
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
    // What is not in it at all is told as that.
    let is_in_it = |fact: Fact| contents.facts.lack(fact).is_none();
    let gaps = contents.facts.gaps.iter().filter(|(fact, lack)| !lack.is_absence() && is_in_it(*fact));
    let not_whole = gaps.map(|(fact, lack)| (fact.name().to_owned(), lack.clone())).collect();
    let json = serde_json::to_vec_pretty(&contents).map_err(|error| failed(error.into()))?;
    std::fs::write(writer.folder().join(FACTS), json).map_err(failed)?;
    if interrupt::is_asked() {
        return Err(Error::Interrupted);
    }
    writer.finish(&members, now.as_second()).map_err(failed)?;
    Ok(Taken { not_read, not_whole, files, trouble })
}

/// Hashes the media folder into tables.
fn media(
    store: &Store,
    facts: &Snapshot,
    options: &MediaOptions,
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
    let scan = options.scan();
    let list = |scan: &Scan| Listing::of_folder(root, scan, &progress.count(&format!("listing {side} media")));
    let listing = match list(&scan) {
        Ok(listing) => listing,
        Err(error) if interrupt::is_asked() => return Err(error),
        Err(error) => {
            let why = format!("cannot read the {side} media folder {}: {error}", root.display());
            return Ok(Known::Not(Lack::Failed(why)));
        }
    };
    let bar = progress.bytes("hashing media files", 0);
    let parts = manifest::write(&listing, &Target::new(folder, "media", side), &scan, &bar)?;
    let stored = facts.stored.get().and_then(|it| it.files.as_ref()).filter(|it| !it.is_empty() && side == Side::M1);
    let generated = if let Some(stored) = stored {
        let scan = options.scan_of_everything();
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
        include_generated: options.include_generated,
        include: options.patterns.include.clone(),
        exclude: options.patterns.exclude.clone(),
        generated,
    }))
}
