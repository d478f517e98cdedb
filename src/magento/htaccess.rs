//! The `.htaccess` files that Magento itself puts into the media folder.
//!
//! Known by their BLAKE3 hashes, read from the tagged releases of both
//! platforms. A hash alone proves nothing where both have the same file:
//! Magento 1's `media/customer/.htaccess` is byte for byte that of Magento 2.1.

use std::sync::LazyLock;

use serde::Deserialize;

use super::versions::Version;
use crate::pair::Side;

/// The name of the files this module is about.
pub const NAME: &[u8] = b".htaccess";

/// A stock file of some releases.
#[derive(Debug, Deserialize)]
struct Stock {
    platform: Side,
    path: String,
    first_version: String,
    last_version: String,
    blake3: String,
}

static STOCK: LazyLock<Vec<Stock>> = LazyLock::new(|| {
    csv::Reader::from_reader(include_bytes!("htaccess.csv").as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("htaccess.csv is well-formed; a test reads it")
});

/// Whether a path below the media folder is an `.htaccess` file.
pub fn is_htaccess(path: &[u8]) -> bool {
    path.strip_suffix(NAME).is_some_and(|it| it.is_empty() || it.ends_with(b"/"))
}

/// Whether some release of Magento 2 has its own file at `path`.
pub fn is_path_of_m2(path: &[u8]) -> bool {
    STOCK.iter().any(|it| it.platform == Side::M2 && it.path.as_bytes() == path)
}

/// Whether `hash` is that of the file that a release of `side` has at `path`.
pub fn is_stock(side: Side, path: &[u8], hash: &blake3::Hash) -> bool {
    let hash = hash.to_hex();
    STOCK.iter().any(|it| it.platform == side && it.path.as_bytes() == path && it.blake3 == hash.as_str())
}

/// Whether `hash` is that of any file of `side`, wherever it lies.
pub fn is_stock_somewhere(side: Side, hash: &blake3::Hash) -> bool {
    let hash = hash.to_hex();
    STOCK.iter().any(|it| it.platform == side && it.blake3 == hash.as_str())
}

/// The files that Magento 2 of this version has; where the version is not
/// known, those that every version has.
pub fn expected_in_m2(version: Option<&Version>) -> Vec<&'static str> {
    let mut paths: Vec<&str> = STOCK
        .iter()
        .filter(|it| it.platform == Side::M2)
        .filter(|it| match version {
            Some(version) => {
                let newest = Version::parse(&it.last_version);
                // The list ends at 2.4.4: what that release has, later ones have too.
                let is_open_ended = it.last_version == NEWEST_LISTED;
                Version::parse(&it.first_version).is_none_or(|first| *version >= first)
                    && (is_open_ended || newest.is_none_or(|last| *version <= last))
            }
            None => IN_EVERY_VERSION.contains(&it.path.as_str()),
        })
        .map(|it| it.path.as_str())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// The newest release of Magento 2 in the list.
const NEWEST_LISTED: &str = "2.4.4";

/// Paths that 2.1.0 and all later releases have.
const IN_EVERY_VERSION: &[&str] =
    &[".htaccess", "customer/.htaccess", "downloadable/.htaccess", "import/.htaccess", "theme_customization/.htaccess"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_both_platforms_and_every_hash_is_one() {
        assert!(STOCK.iter().any(|it| it.platform == Side::M1) && STOCK.iter().any(|it| it.platform == Side::M2));
        for it in STOCK.iter() {
            assert!(blake3::Hash::from_hex(&it.blake3).is_ok() && is_htaccess(it.path.as_bytes()), "{it:?}");
        }
    }

    #[test]
    fn paths_of_every_version_are_those_of_the_oldest_and_the_newest() {
        let of = |text: &str| expected_in_m2(Some(&Version::parse(text).unwrap()));
        assert!(IN_EVERY_VERSION.iter().all(|it| of("2.1.0").contains(it) && of("2.4.4").contains(it)));
        assert_eq!(of("2.1.0").len(), IN_EVERY_VERSION.len());
        assert!(of("2.4.4").contains(&"sitemap/.htaccess") && !of("2.4.1").contains(&"sitemap/.htaccess"));
        assert_eq!(of("2.4.7"), of("2.4.4"));
    }

    #[test]
    fn the_same_file_on_both_platforms_is_known() {
        let deny_all = blake3::hash(b"Order deny,allow\nDeny from all\n");
        assert!(is_stock(Side::M1, b"customer/.htaccess", &deny_all));
        assert!(is_stock(Side::M2, b"customer/.htaccess", &deny_all));
    }
}
