//! Which parts of the media folder a migration copies, and which are made anew.

use std::sync::LazyLock;

use memchr::memmem;
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folder of the media tree that Magento knows.
#[derive(Debug, Deserialize)]
struct Folder {
    #[serde(rename = "folder")]
    path: String,
    generated: String,
    copy_on_migration: String,
}

static FOLDERS: LazyLock<Vec<Folder>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("media_folders.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("media_folders.csv is well-formed; a test reads it")
});

/// Folders that are generated, or not to be copied, on either platform; and
/// the upload scratch folders, whatever lies in them.
static LEFT_OUT: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut folders: Vec<&str> = FOLDERS
        .iter()
        .filter(|it| it.generated == "yes" || it.copy_on_migration == "no")
        .map(|it| it.path.as_str())
        .chain(["tmp", "catalog/tmp", "downloadable/tmp"])
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders
});

/// Names of folders that are left out wherever they lie: previews, and the
/// book-keeping of version control.
const LEFT_OUT_NAMES: &[&[u8]] = &[b".renditions", b".svn", b".git", b".hg", b"CVS"];

/// Files that a desktop leaves behind.
const LEFT_OUT_FILES: &[&[u8]] = &[b".DS_Store", b"Thumbs.db", b"desktop.ini"];

/// The folder on account of which a folder is not compared: itself.
///
/// Asked of each folder on the way down, so nothing below is walked apart from
/// being counted.
pub fn is_left_out(folder: &[u8]) -> bool {
    let name = folder.rsplit(|&it| it == b'/').next().unwrap_or(folder);
    name.starts_with(b".thumbs")
        || LEFT_OUT_NAMES.contains(&name)
        || LEFT_OUT.binary_search_by(|it| it.as_bytes().cmp(folder)).is_ok()
}

/// Whether a path lies in a folder that is left out.
pub fn is_in_left_out(path: &[u8]) -> bool {
    memchr::memchr_iter(b'/', path).any(|end| is_left_out(&path[..end])) || is_left_out_file(path)
}

/// Folders whose files only Magento's own modules use: who else has files keeps them in folders
/// of its own, except below `wysiwyg`.
const OF_CORE: [&[u8]; 11] = [
    b"attribute/swatch/",
    b"catalog/category/",
    b"catalog/product/",
    b"custom_options/",
    b"customer/",
    b"customer_address/",
    b"downloadable/files/",
    b"email/logo/",
    b"favicon/",
    b"sales/store/",
    b"wysiwyg/",
];

/// Whether Magento's own tables tell all that may use a file.
pub fn has_users_in_core(path: &[u8]) -> bool {
    OF_CORE.iter().any(|it| path.starts_with(it))
}

/// Whether a product's picture lies in none of the folders that are named by its first two letters
/// (`Varien_File_Uploader::getDispretionPath`).
pub fn is_undispersed(path: &[u8]) -> bool {
    path.strip_prefix(b"catalog/product/").is_some_and(|it| !it.contains(&b'/'))
}

/// The folder of the media gallery that a file is in (`Magento_MediaGalleryIntegration`).
pub fn gallery_folder(path: &[u8]) -> Option<&'static str> {
    ["catalog/category", "wysiwyg"].into_iter().find(|folder| {
        let rest = path.strip_prefix(folder.as_bytes());
        rest.is_some_and(|it| it.starts_with(b"/")) && is_picture(path)
    })
}

fn is_picture(path: &[u8]) -> bool {
    let ending = path.rsplit(|it| *it == b'.').next().unwrap_or_default().to_ascii_lowercase();
    [&b"jpg"[..], b"jpeg", b"png", b"gif"].contains(&ending.as_slice())
}

/// Whether a path of the database is what its columns made of a file's path: characters that they
/// cannot hold became `?`, names that differ in letter case or accents became one, long folders were cut.
pub fn is_damaged(stored: &[u8], file: &[u8]) -> bool {
    let key = |path: &[u8]| -> String {
        let text = String::from_utf8_lossy(path);
        text.nfd().filter(|it| !is_combining_mark(*it)).flat_map(char::to_lowercase).collect()
    };
    let split = |path: &[u8]| memchr::memrchr(b'/', path).map_or((0, 0), |at| (at, at + 1));
    let ((stored_end, stored_name), (file_end, file_name)) = (split(stored), split(file));
    let is_cut = stored_end >= 100
        && file[..file_end].starts_with(&stored[..stored_end])
        && stored[stored_name..] == file[file_name..];
    let mut rest = file;
    let pieces: Vec<&[u8]> = stored.split(|it| *it == b'?').filter(|it| !it.is_empty()).collect();
    let are_in_order = pieces.iter().all(|piece| match memmem::find(rest, piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    });
    let is_masked = stored.contains(&b'?')
        && are_in_order
        && (rest.is_empty() || stored.ends_with(b"?"))
        && stored.split(|it| *it == b'?').next().is_some_and(|it| file.starts_with(it));
    is_cut || is_masked || key(stored) == key(file)
}

/// The name that a file had before it was numbered, because another had its name:
/// `a/b/ab.jpg` of `a/b/ab_1.jpg` and `a/b/ab_1_2.jpg` (`Varien_File_Uploader::getNewFileName`).
pub fn without_number(path: &[u8]) -> Option<Vec<u8>> {
    let start = memchr::memrchr(b'/', path).map_or(0, |at| at + 1);
    let dot = start + memchr::memrchr(b'.', &path[start..])?;
    let mut stem = &path[..dot];
    while let Some(mark) = memchr::memrchr(b'_', &stem[start..]).map(|at| start + at) {
        let number = &stem[mark + 1..];
        // Numbers of articles are longer, and none begins with a zero.
        let is_number = !number.is_empty() && number.len() <= 3 && number.iter().all(u8::is_ascii_digit);
        if !is_number || number.starts_with(b"0") || mark == start {
            break;
        }
        stem = &stem[..mark];
    }
    (stem.len() < dot).then(|| [stem, &path[dot..]].concat())
}

/// Whether a file is left out by its own name.
pub fn is_left_out_file(path: &[u8]) -> bool {
    LEFT_OUT_FILES.contains(&path.rsplit(|&it| it == b'/').next().unwrap_or(path))
}

/// Endings of files that a web server may run.
const EXECUTABLE: &[&[u8]] = &[
    b"php", b"phtml", b"phar", b"php3", b"php4", b"php5", b"php6", b"php7", b"php8", b"pht", b"cgi", b"pl", b"py",
    b"sh", b"asp", b"aspx", b"jsp",
];

/// Whether a web server may run a file by its name.
pub fn has_executable_name(path: &[u8]) -> bool {
    let name = path.rsplit(|&it| it == b'/').next().unwrap_or(path);
    let Some(dot) = memchr::memrchr(b'.', name) else { return false };
    EXECUTABLE.iter().any(|it| it.eq_ignore_ascii_case(&name[dot + 1..]))
}

/// Whether a file is a script by how it begins: `#!`, or PHP's opening tag
/// after nothing but blank.
pub fn has_script_head(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    head.starts_with(b"#!") || memmem::find(&head[..head.len().min(5)].to_ascii_lowercase(), b"<?php") == Some(0)
}

/// Whether a part of the media tree, or the first folder of one, is a folder of Magento's own that is copied.
pub fn is_of_magento(part: &[u8]) -> bool {
    let is_it = |folder: &Folder| {
        folder.path.as_bytes() == part || folder.path.split('/').next().map(str::as_bytes) == Some(part)
    };
    FOLDERS.iter().filter(|it| it.copy_on_migration == "yes").any(is_it)
}

/// The part of the media tree that a path belongs to, for counting: its first
/// two folders below `catalog`, the first elsewhere, `.` for the root.
pub fn part(path: &[u8]) -> &[u8] {
    let Some(first) = memchr::memchr(b'/', path) else { return b"." };
    if &path[..first] != b"catalog" {
        return &path[..first];
    }
    memchr::memchr(b'/', &path[first + 1..]).map_or(&path[..first], |second| &path[..first + 1 + second])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_magento_are_known_by_their_names() {
        let is = |part: &str| is_of_magento(part.as_bytes());
        assert!(is("catalog") && is("catalog/product") && is("wysiwyg") && is("downloadable"));
        assert!(!is("product") && !is("src") && !is(".") && !is("catalog/x"));
    }

    #[test]
    fn names_that_the_database_damaged_are_known_again() {
        let is = |stored: &str, file: &[u8]| is_damaged(stored.as_bytes(), file);
        assert!(is("wysiwyg/smile????.txt", "wysiwyg/smile😀.txt".as_bytes()));
        assert!(is("wysiwyg/gr??e.txt", b"wysiwyg/gr\xF6\xDFe.txt"));
        assert!(is("wysiwyg/café.txt", b"wysiwyg/cafe.txt") && is("a/Logo.png", b"a/logo.png"));
        let folder = "d".repeat(255);
        assert!(is(&format!("{folder}/x.txt"), format!("{folder}eeper/x.txt").as_bytes()));
        assert!(!is("wysiwyg/a.jpg", b"catalog/product/z.jpg") && !is("a/b?.jpg", b"c/b1.jpg"));
    }

    #[test]
    fn generated_folders_of_either_platform_are_left_out() {
        for folder in [
            "catalog/product/cache",
            "catalog/category/cache",
            "css",
            "css_secure",
            "js",
            "captcha",
            "tmp",
            "catalog/tmp",
            "downloadable/tmp",
            "wysiwyg/.thumbs",
            "wysiwyg/home/.thumbs",
            ".thumbswysiwyg",
            "wysiwyg/.renditions",
            ".svn",
            "a/.git",
            "xmlconnect",
            "sitemap",
            "theme_customization",
            "export",
        ] {
            assert!(is_left_out(folder.as_bytes()), "{folder}");
        }
    }

    #[test]
    fn what_a_migration_copies_is_compared() {
        for folder in [
            "catalog",
            "catalog/product",
            "catalog/product/c",
            "wysiwyg",
            "downloadable",
            "import",
            "dhl",
            "email/logo",
            "wysiwyg/tmp",
            "wysiwyg/css",
            "favicon",
            "customer",
            "amasty",
        ] {
            assert!(!is_left_out(folder.as_bytes()), "{folder}");
        }
    }

    #[test]
    fn a_script_is_known_by_its_name_or_its_head() {
        assert!(has_executable_name(b"a/b/Shell.PHP5") && has_executable_name(b".php"));
        assert!(!has_executable_name(b"a.php/b.jpg") && !has_executable_name(b"a.phpx"));
        assert!(has_script_head(b"#!/bin/sh") && has_script_head(b"\n <?PHP echo") && !has_script_head(b"GIF89a<?php"));
    }

    #[test]
    fn parts_are_folders_that_people_know() {
        assert_eq!(part(b"a.jpg"), b".");
        assert_eq!(part(b"wysiwyg/home/x.jpg"), b"wysiwyg");
        assert_eq!(part(b"catalog/product/a/b/x.jpg"), b"catalog/product");
        assert_eq!(part(b"catalog/x.jpg"), b"catalog");
    }
}
