//! What is known of the files of one side, wherever it comes from: a folder that can be read, a
//! snapshot, or a listing that another program made.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::io;

use super::Scan;
use super::about::About;
use super::digest::{Algorithm, Digest};
use super::manifest::{self, Manifest};
use super::named::Named;
use super::tree::Tree;
use super::twins;
use crate::text;

/// A file as a listing knows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a> {
    pub(super) path: &'a [u8],
    /// Whether its text is not its bytes.
    pub(super) is_odd: bool,
    /// None if it is not known.
    pub(super) size: Option<u64>,
    /// Where it stands in its tree, if it can be read.
    pub(super) at: Option<usize>,
    /// The hash of its content, if it came with the listing.
    pub(super) digest: Option<Digest>,
    /// Whether it begins like a script, as far as the listing knows.
    pub(super) is_script: bool,
    /// Why it could not be read when the listing was made.
    pub(super) error: Option<&'a str>,
}

impl File<'_> {
    /// How two files stand in the order of all listings.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        text::path_order((self.path, self.is_odd), (other.path, other.is_odd))
    }
}

/// Whether it is known of which kind the hashes of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is.
    None,
    /// The name of the list says so.
    Named,
    /// It is not.
    Unknown,
}

/// Where the files of a listing come from.
#[derive(Debug)]
enum Files {
    Tree(Tree),
    Manifest(Manifest),
}

/// The files of one media folder.
#[derive(Debug)]
pub struct Listing {
    files: Files,
    /// Whether its hashes may be of either kind that has their length.
    pub(super) doubt: Doubt,
    /// What a reader of the report has to know of how a list was read.
    pub remark: Option<String>,
    /// What else is known of the folder.
    pub about: About,
}

impl Default for Listing {
    fn default() -> Self {
        Self::of_tree(Tree::default(), About::default())
    }
}

impl Listing {
    pub(super) fn of_tree(mut tree: Tree, mut about: About) -> Self {
        tree.sort();
        about.files = tree.len() as u64;
        about.sort();
        Self { files: Files::Tree(tree), doubt: Doubt::None, remark: None, about }
    }

    /// The files of a snapshot that are to be looked at.
    ///
    /// # Errors
    ///
    /// If the snapshot cannot be read.
    pub(crate) fn of_manifest(manifest: &Manifest, about: About, has_generated: bool, scan: &Scan) -> io::Result<Self> {
        let mut about = about.limited(scan);
        if has_generated && !scan.include_generated {
            let mut cursor = manifest.cursor()?;
            while cursor.advance()? {
                let file = cursor.file();
                if let Some(account) = scan.account(file.path).filter(|_| !scan.is_outside(file.path)) {
                    about.count(scan, account, file.path, file.size.unwrap_or_default());
                    about.files -= 1;
                }
            }
        }
        about.sort();
        Ok(Self { files: Files::Manifest(manifest.filtered(scan)), doubt: Doubt::None, remark: None, about })
    }

    /// Leaves out the files that another listing of the folder has.
    pub(crate) fn without(&mut self, other: &Self) {
        if let (Files::Tree(own), Files::Tree(other)) = (&mut self.files, &other.files) {
            own.without(other);
            self.about.files = own.len() as u64;
        }
    }

    /// Whether it is a list that another program made.
    pub(super) fn is_list(&self) -> bool {
        matches!(&self.files, Files::Tree(tree) if tree.root.is_none())
    }

    /// Gives files of a list other names; returns how many.
    pub(super) fn rename(&mut self, names: &HashMap<Vec<u8>, Vec<u8>>) -> u64 {
        match &mut self.files {
            Files::Tree(tree) => tree.rename(names),
            Files::Manifest(_) => 0,
        }
    }

    /// A path that stands there twice.
    pub(super) fn repeated(&self) -> Option<&[u8]> {
        match &self.files {
            Files::Tree(tree) => tree.repeated(),
            Files::Manifest(_) => None,
        }
    }

    /// The same, with hashes of which it is not known of which kind they are, or is.
    pub(super) fn doubted(self, doubt: Doubt) -> Self {
        Self { doubt, ..self }
    }

    /// Forgets hashes of which nobody knows the kind.
    pub(super) fn doubt_stays(&mut self) {
        if let Files::Tree(tree) = &mut self.files {
            tree.digests.retain(|it| it.algorithm == Algorithm::Md5);
        }
    }

    /// Takes the hashes of 64 digits for those of this kind.
    pub(super) fn doubt_is_settled(&mut self, algorithm: Algorithm) {
        if let Files::Tree(tree) = &mut self.files {
            for digests in tree.digests.iter_mut().filter(|it| it.algorithm != Algorithm::Md5) {
                digests.algorithm = algorithm;
            }
        }
    }

    /// Whether there is no file to compare.
    pub const fn is_empty(&self) -> bool {
        self.about.files == 0
    }

    /// The files of a folder that can be read.
    pub(super) const fn readable(&self) -> Option<&Tree> {
        match &self.files {
            Files::Tree(tree) if tree.root.is_some() => Some(tree),
            _ => None,
        }
    }

    /// Whether it has, or can have, the hashes that snapshots and stored files have.
    pub(crate) fn has_hashes_of_snapshots(&self) -> bool {
        self.doubt == Doubt::None && self.algorithms().contains(&Algorithm::Blake3)
    }

    /// The folder that all files lie in, if there is one.
    pub(crate) fn only_folder(&self) -> io::Result<Option<Vec<u8>>> {
        let mut only: Option<Vec<u8>> = None;
        let mut count = 0_u64;
        self.each(|path, _| {
            let top = &path[..memchr::memchr(b'/', path).unwrap_or_default()];
            match &mut only {
                None => only = Some(top.to_vec()),
                Some(known) if known != top => known.clear(),
                Some(_) => {}
            }
            count += 1;
        })?;
        Ok(only.filter(|it| !it.is_empty() && count > 1))
    }

    /// Whether the hashes of its files are known, or can be made.
    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        match &self.files {
            // Where there is nothing, nothing is in the way.
            Files::Tree(tree) if tree.root.is_some() || tree.len() == 0 => Algorithm::ALL.to_vec(),
            Files::Tree(tree) => {
                let has = |it: &Algorithm| tree.digests.iter().any(|of| of.algorithm == *it);
                Algorithm::ALL.into_iter().filter(has).collect()
            }
            Files::Manifest(_) => vec![Algorithm::Blake3],
        }
    }

    /// The files in order, with their hashes of this kind.
    pub(super) fn cursor(&self, algorithm: Option<Algorithm>) -> io::Result<Cursor<'_>> {
        Ok(match &self.files {
            Files::Tree(tree) => Cursor::Tree { tree, next: 0, algorithm },
            Files::Manifest(manifest) => Cursor::Manifest(Box::new(manifest.cursor()?)),
        })
    }

    /// Goes through all files in order: path and size.
    pub fn each(&self, mut file: impl FnMut(&[u8], Option<u64>)) -> io::Result<()> {
        let mut cursor = self.cursor(None)?;
        while cursor.advance()? {
            let it = cursor.file();
            file(it.path, it.size);
        }
        Ok(())
    }

    /// For each path the file whose name differs from it in letter case or Unicode form alone.
    pub fn alike(&self, paths: &[&[u8]]) -> io::Result<Vec<Option<twins::Alike>>> {
        twins::alike(self, paths)
    }

    /// What is known of the contents of files that are asked for by path and size, without reading any.
    pub fn look_up(&self, files: &[(&[u8], u64)]) -> io::Result<Vec<Named>> {
        let mut wanted: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (at, (path, _)) in files.iter().enumerate() {
            wanted.entry(path).or_default().push(at);
        }
        let mut found = vec![Named::NotThere; files.len()];
        let mut cursor = self.cursor(Some(Algorithm::Blake3))?;
        while cursor.advance()? {
            let file = cursor.file();
            for &at in wanted.get(file.path).into_iter().flatten() {
                found[at] = match (file.size, file.digest) {
                    (Some(size), _) if size != files[at].1 => Named::OtherSize,
                    (_, Some(digest)) => Named::Is(digest.into()),
                    (_, None) => Named::Unreadable(file.error.unwrap_or("its content is not known").to_owned()),
                };
            }
        }
        // What lies behind a link, or in a folder that could not be read, is not known.
        for (named, (path, _)) in found.iter_mut().zip(files) {
            if *named == Named::NotThere && self.about.blind_spot(path) {
                *named = Named::Unreadable("a symbolic link or an unreadable folder is in the way".to_owned());
            }
        }
        Ok(found)
    }
}

/// The files of a listing, one after the other.
pub(super) enum Cursor<'a> {
    Tree { tree: &'a Tree, next: usize, algorithm: Option<Algorithm> },
    Manifest(Box<manifest::Cursor<'a>>),
}

impl Cursor<'_> {
    /// Goes on to the next file; false if there is none.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        match self {
            Self::Tree { tree, next, .. } => {
                *next += 1;
                Ok(*next <= tree.len())
            }
            Self::Manifest(cursor) => cursor.advance(),
        }
    }

    /// The file that it stands at. There must be one.
    pub(super) fn file(&self) -> File<'_> {
        match self {
            Self::Tree { tree, next, algorithm } => tree.file(*next - 1, *algorithm),
            Self::Manifest(cursor) => cursor.file(),
        }
    }
}
