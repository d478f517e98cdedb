//! Themes on disk: of Magento 1 what they consist of, of Magento 2 which there are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use roxmltree::Document;
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use super::tree::{Tree, name_of};
use crate::magento::themes::{is_stock, kind_of};
use crate::pair::Side;

/// A theme on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeFolder {
    /// `frontend` or `adminhtml`.
    pub area: String,
    /// `package/theme` in Magento 1, `Vendor/theme` in Magento 2.
    pub path: String,
    /// The theme that it builds on; none if it names none. Magento 1.9 and later.
    pub parent: Option<String>,
    /// Files by what they are. Magento 1's own themes are not looked into.
    pub files: BTreeMap<String, FileTally>,
}

/// Files of a kind in a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTally {
    /// Files that none of the themes has that it builds on.
    pub own: u64,
    /// Files that take the place of another theme's.
    pub overriding: u64,
    /// Files that are the same as those whose place they take.
    pub same: u64,
}

impl ThemeFolder {
    /// The key of findings about it.
    pub fn subject(&self) -> String {
        format!("theme:{}/{}", self.area, self.path)
    }

    /// Whether it comes with Magento 1.
    pub fn is_stock(&self) -> bool {
        self.path.split_once('/').is_some_and(|(package, theme)| self.area == "frontend" && is_stock(package, theme))
            || (self.area == "adminhtml"
                && matches!(self.path.as_str(), "default/default" | "base/default" | "default/openmage"))
            || self.area == "install"
    }
}

/// The themes of an installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeFolders {
    /// By area and path.
    pub themes: Vec<ThemeFolder>,
    /// Whether Magento's own themes are there, so that it is known what others replace.
    pub has_base: bool,
    /// Files and folders that are there and cannot be read.
    #[serde(default)]
    pub unread: Vec<String>,
}

/// Whether an installation folder holds themes.
pub fn is_there(root: &Path, side: Side) -> bool {
    match side {
        Side::M1 => root.join("app/design").is_dir(),
        // Themes lie in either: with one of them alone, absence is not known.
        Side::M2 => root.join("app/design").is_dir() && root.join("vendor").is_dir(),
    }
}

/// What an installation has that holds themes.
pub const fn places(side: Side) -> &'static str {
    match side {
        Side::M1 => "app/design",
        Side::M2 => "app/design and vendor",
    }
}

/// Reads the themes of an installation.
pub fn read(root: &Path, side: Side) -> ThemeFolders {
    let tree = Tree::new(root);
    let folders = match side {
        Side::M1 => m1(&tree),
        Side::M2 => m2(&tree),
    };
    ThemeFolders { unread: tree.unread(), ..folders }
}

fn m1(tree: &Tree<'_>) -> ThemeFolders {
    let root = tree.root;
    let mut found: BTreeMap<(String, String), ThemeFolder> = BTreeMap::new();
    for top in ["app/design", "skin"] {
        for area in tree.folders(&root.join(top)) {
            for package in tree.folders(&area) {
                for theme in tree.folders(&package) {
                    let key = (name_of(&area), format!("{}/{}", name_of(&package), name_of(&theme)));
                    found.entry(key.clone()).or_insert_with(|| ThemeFolder {
                        area: key.0,
                        path: key.1,
                        ..ThemeFolder::default()
                    });
                }
            }
        }
    }
    let has_base = tree.is_folder(&root.join("app/design/frontend/base/default"));
    for theme in found.values_mut() {
        theme.parent = parent(tree, theme);
    }
    let parents: BTreeMap<(String, String), Option<String>> =
        found.iter().map(|(key, it)| (key.clone(), it.parent.clone())).collect();
    for theme in found.values_mut().filter(|it| !it.is_stock()) {
        let chain = fallback(theme, &parents);
        for (top, is_skin) in [("app/design", false), ("skin", true)] {
            count(tree, top, is_skin, theme, &chain);
        }
    }
    ThemeFolders { themes: found.into_values().collect(), has_base, unread: Vec::new() }
}

/// The parent that `etc/theme.xml` names (`Mage_Core_Model_Design_Config`).
fn parent(tree: &Tree<'_>, theme: &ThemeFolder) -> Option<String> {
    let xml = tree.text(&tree.root.join("app/design").join(&theme.area).join(&theme.path).join("etc/theme.xml"))?;
    let document = Document::parse(&xml).ok()?;
    let parent = document.descendants().find(|it| it.has_tag_name("parent"))?.text()?.trim().to_owned();
    parent.contains('/').then_some(parent)
}

/// Where a file is looked for that the theme does not have (`Mage_Core_Model_Design_Fallback`).
fn fallback(theme: &ThemeFolder, parents: &BTreeMap<(String, String), Option<String>>) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    let mut next = theme.parent.clone();
    while let Some(parent) = next.filter(|it| !chain.contains(it) && *it != theme.path) {
        next = parents.get(&(theme.area.clone(), parent.clone())).cloned().flatten();
        chain.push(parent);
    }
    let package = theme.path.split('/').next().unwrap_or_default();
    for last in [format!("{package}/default"), "base/default".to_owned()] {
        if last != theme.path && !chain.contains(&last) {
            chain.push(last);
        }
    }
    chain
}

fn count(tree: &Tree<'_>, top: &str, is_skin: bool, theme: &mut ThemeFolder, chain: &[String]) {
    let area = tree.root.join(top).join(&theme.area);
    let folder = area.join(&theme.path);
    // Links that lead elsewhere are told of the code.
    for path in tree.files_below(&folder, &mut Vec::new()) {
        let Ok(inner) = path.strip_prefix(&folder) else { continue };
        let tally = theme.files.entry(kind_of(&inner.to_string_lossy(), is_skin).to_owned()).or_default();
        let replaced = chain.iter().map(|it| area.join(it).join(inner)).find(|it| tree.is_file(it));
        match replaced {
            None => tally.own += 1,
            Some(other) if tree.is_same(&path, &other) => tally.same += 1,
            Some(_) => tally.overriding += 1,
        }
    }
}

/// Themes that a `registration.php` registers, in `app/design` or in a package.
fn m2(tree: &Tree<'_>) -> ThemeFolders {
    let root = tree.root;
    let mut files: Vec<PathBuf> = Vec::new();
    for area in tree.folders(&root.join("app/design")) {
        for vendor in tree.folders(&area) {
            files.extend(tree.folders(&vendor).into_iter().map(|it| it.join("registration.php")));
        }
    }
    // Mostly `vendor/acme/theme-shop`; some packages hold several themes, a few levels deeper.
    for package in tree.folders(&root.join("vendor")).iter().flat_map(|it| tree.folders(it)) {
        let walk = WalkDir::new(&package).max_depth(5).into_iter();
        let is_code =
            |it: &DirEntry| matches!(it.file_name().to_str(), Some("web" | "Test" | "view" | "node_modules" | "i18n"));
        let entries = walk.filter_entry(|it| !(it.file_type().is_dir() && is_code(it)));
        let entries = entries.filter_map(|it| it.map_err(|error| tree.tell_walk(error, &package)).ok());
        let themes = entries.filter(|it| it.file_name() == "theme.xml");
        files.extend(themes.filter_map(|it| Some(it.path().parent()?.join("registration.php"))));
    }
    let mut themes: Vec<ThemeFolder> = files.iter().filter_map(|it| registered(&tree.text(it)?)).collect();
    themes.sort_by(|one, other| (&one.area, &one.path).cmp(&(&other.area, &other.path)));
    themes.dedup();
    // A copy of the store's own files has none of Magento's.
    let has_base = themes.iter().any(|it| it.path.starts_with("Magento/"));
    ThemeFolders { themes, has_base, unread: Vec::new() }
}

/// The theme that a registration names: a text such as `frontend/Acme/shop`.
fn registered(php: &str) -> Option<ThemeFolder> {
    let name = php.split(['\'', '"']).find(|it| {
        let mut parts = it.split('/');
        matches!(parts.next(), Some("frontend" | "adminhtml")) && parts.filter(|it| !it.is_empty()).count() == 2
    })?;
    let (area, path) = name.split_once('/')?;
    Some(ThemeFolder { area: area.to_owned(), path: path.to_owned(), ..ThemeFolder::default() })
}
