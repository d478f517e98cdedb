//! Where the media folder lies in what a list names.

use std::collections::HashSet;

use super::Line;

/// What stands before the paths of the media folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) above: Vec<u8>,
    /// Whether other files than those below it are named as well: the list is of the whole shop.
    pub(super) is_of_shop: bool,
}

/// Folders and files by which the root of a shop is known.
const OF_SHOP: [&[u8]; 8] = [b"app", b"bin", b"downloader", b"index.php", b"lib", b"skin", b"var", b"vendor"];

/// Where the media folder of a shop lies, below its root.
const MEDIA: [&[u8]; 2] = [b"pub/media/", b"media/"];

impl Place {
    /// Finds it out by the paths of all files.
    pub(super) fn of<'a, I: Iterator<Item = &'a [u8]>>(paths: impl Fn() -> I) -> Self {
        let common = common(paths());
        let folder = memchr::memrchr(b'/', common).map_or(0, |at| at + 1);
        let tops: HashSet<&[u8]> = paths()
            .map(|it| it.get(folder..).unwrap_or_default())
            .map(|it| &it[..memchr::memchr(b'/', it).unwrap_or(it.len())])
            .collect();
        let is_shop = OF_SHOP.iter().filter(|it| tops.contains(*it)).count() > 1;
        let has = |media: &[u8]| paths().any(|it| it.get(folder..).is_some_and(|it| it.starts_with(media)));
        if let Some(media) = MEDIA.into_iter().find(|it| is_shop && has(it)) {
            return Self { above: [&common[..folder], media].concat(), is_of_shop: true };
        }
        Self { above: above_media(common).to_vec(), is_of_shop: false }
    }

    /// A path as it is below the media folder; none if it lies elsewhere.
    pub(super) fn below<'a>(&self, path: &'a [u8]) -> Option<&'a [u8]> {
        path.strip_prefix(self.above.as_slice())
    }
}

/// What all paths begin with.
fn common<'a>(mut paths: impl Iterator<Item = &'a [u8]>) -> &'a [u8] {
    let Some(first) = paths.next() else { return b"" };
    let mut end = first.len();
    for path in paths {
        end = first[..end].iter().zip(path).take_while(|(one, other)| one == other).count();
    }
    &first[..end]
}

/// What is above the media folder: up to a folder `media`.
fn above_media(common: &[u8]) -> &[u8] {
    let is_end = |at: usize| at == 0 || common[at - 1] == b'/';
    match memchr::memmem::find_iter(common, b"media/").filter(|at| is_end(*at)).last() {
        Some(at) => &common[..at + b"media/".len()],
        None => b"",
    }
}

/// Turns the separators of Windows, if the list knows no others.
pub(super) fn turn_separators(files: &mut [Line]) {
    if files.iter().all(|it| !it.path.contains(&b'/')) {
        for byte in files.iter_mut().flat_map(|it| &mut it.path).filter(|it| **it == b'\\') {
            *byte = b'/';
        }
    }
}

/// Paths that others lie below: a list of everything has folders as well.
pub(super) fn folders(files: &[Line]) -> HashSet<&[u8]> {
    let parent = |path: &'_ [u8]| memchr::memrchr(b'/', path);
    files.iter().filter_map(|it| Some(&it.path[..parent(&it.path)?])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn above(paths: &[&'static str]) -> (String, bool) {
        let place = Place::of(|| paths.iter().map(|it| it.as_bytes()));
        (String::from_utf8(place.above).unwrap(), place.is_of_shop)
    }

    #[test]
    fn what_lies_above_the_media_folder_is_taken_off() {
        let is = |it: &str, of_shop: bool| (it.to_owned(), of_shop);
        assert_eq!(above(&["/var/www/media/a", "/var/www/media/b/c"]), is("/var/www/media/", false));
        assert_eq!(above(&["media/catalog/a", "media/catalog/b"]), is("media/", false));
        assert_eq!(above(&["multimedia/a", "multimedia/b"]), is("", false));
        assert_eq!(above(&["catalog/a", "catalog/b"]), is("", false));
        assert_eq!(above(&["index.php", "app/Mage.php", "media/a"]), is("media/", true));
        assert_eq!(above(&["/www/index.php", "/www/app/Mage.php", "/www/media/a"]), is("/www/media/", true));
        assert_eq!(above(&["bin/magento", "app/x", "pub/media/a", "vendor/x/media/y"]), is("pub/media/", true));
        assert_eq!(above(&["app/a.jpg", "media/b.jpg"]), is("", false));
    }
}
