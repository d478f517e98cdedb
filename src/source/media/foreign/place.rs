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
        let top = |path: &'a [u8]| {
            let below = path.get(folder..).unwrap_or_default();
            &below[..memchr::memchr(b'/', below).unwrap_or(below.len())]
        };
        let tops: HashSet<&[u8]> = paths().map(top).collect();
        let is_shop = OF_SHOP.iter().filter(|it| tops.contains(*it)).count() > 1;
        // In a backup of a whole home the shop is one of many folders.
        let root = if is_shop { Some(&common[..folder]) } else { the_only(paths().filter_map(root_by_program)) };
        let of_shop = root.into_iter().flat_map(|root| MEDIA.map(|it| [root, it].concat()));
        match of_shop.into_iter().find(|media| paths().any(|it| it.starts_with(media))) {
            Some(above) => Self { above, is_of_shop: true },
            None => Self { above: above_media(common).to_vec(), is_of_shop: false },
        }
    }

    /// A path as it is below the media folder; none if it lies elsewhere.
    pub(super) fn below<'a>(&self, path: &'a [u8]) -> Option<&'a [u8]> {
        path.strip_prefix(self.above.as_slice())
    }
}

/// The root of a shop, by a program of Magento's that lies nowhere else.
fn root_by_program(path: &[u8]) -> Option<&[u8]> {
    let root = path.strip_suffix(b"app/Mage.php").or_else(|| path.strip_suffix(b"bin/magento"))?;
    (root.is_empty() || root.ends_with(b"/")).then_some(root)
}

/// The one thing of some, if there are no others.
fn the_only<T: PartialEq>(mut some: impl Iterator<Item = T>) -> Option<T> {
    let only = some.next()?;
    some.all(|it| it == only).then_some(only)
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
        assert_eq!(above(&["b/mysql/x.sql", "b/www/app/Mage.php", "b/www/media/a"]), is("b/www/media/", true));
        assert_eq!(above(&["one/app/Mage.php", "one/media/a", "two/app/Mage.php", "x"]), is("", false));
        assert_eq!(above(&["app/a.jpg", "media/b.jpg"]), is("", false));
    }
}
