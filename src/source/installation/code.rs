//! Custom code of an installation: modules, classes of Magento's own that are replaced by files,
//! and what lies outside of modules.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use walkdir::{DirEntry, WalkDir};

use crate::magento::modules::{Module, declarations, encoder, is_stock, overridden_class};
use crate::magento::php::{self, Value};
use crate::pair::Side;
use crate::parallel;
use crate::text;

/// The code of an installation, apart from Magento's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Modules, by name. Of Magento 2 all that `config.php` lists; of Magento 1 those that do not
    /// come with it.
    pub modules: Vec<Module>,
    /// Files that take the place of a class of Magento's own.
    pub overrides: Vec<Override>,
    /// Code outside of modules.
    pub loose: Vec<Loose>,
    /// Packages of Composer, with their versions. Magento 2 only.
    pub packages: BTreeMap<String, String>,
    /// What could not be read of it.
    pub flaws: Vec<String>,
}

/// A file that takes the place of a class of Magento's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Its path below the installation.
    pub path: String,
    /// The class.
    pub class: String,
    /// How it differs from Magento's own file.
    pub state: OverrideState,
}

/// How a file differs from the one whose place it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OverrideState {
    /// It is another text.
    Differs,
    /// It is the same text.
    Same,
    /// Magento has no such file: a class of the shop's own in Magento's name.
    New,
    /// Magento's own code is not there to be compared.
    Unknown,
}

/// Code outside of modules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loose {
    /// A file or folder, below the installation.
    pub path: String,
    /// How many files.
    pub files: u64,
}

/// Whether an installation folder holds code: a copy of its settings alone tells nothing of modules.
pub fn is_there(root: &Path, side: Side) -> bool {
    match side {
        Side::M1 => root.join("app/etc/modules").is_dir() && root.join("app/code").is_dir(),
        Side::M2 => root.join("app/etc/config.php").is_file(),
    }
}

/// What an installation has that holds code.
pub const fn places(side: Side) -> &'static str {
    match side {
        Side::M1 => "app/etc/modules and app/code",
        Side::M2 => "app/etc/config.php",
    }
}

/// Reads the code of an installation.
pub fn read(root: &Path, side: Side) -> Code {
    match side {
        Side::M1 => m1(root),
        Side::M2 => m2(root),
    }
}

fn m1(root: &Path) -> Code {
    let mut code = Code::default();
    let mut found: BTreeMap<String, Module> = BTreeMap::new();
    for path in files_in(&root.join("app/etc/modules"), "xml") {
        match text_of(&path).ok_or_else(|| "it cannot be read".to_owned()).and_then(|it| declarations(&it)) {
            Ok(all) => {
                // Files are merged, in the order of their names: one may say no more than that a module is off.
                for it in all {
                    let module = found.entry(it.name.clone()).or_insert_with(|| Module {
                        name: it.name,
                        is_declared: true,
                        ..Module::default()
                    });
                    if !it.pool.is_empty() {
                        module.pool = it.pool;
                    }
                    if let Some(is_active) = it.is_active {
                        module.is_active = is_active;
                    }
                    module.depends.extend(it.depends);
                }
            }
            Err(why) => code.flaws.push(format!("{}: {why}", below(root, &path))),
        }
    }
    for pool in ["community", "local"] {
        for vendor in folders_in(&root.join("app/code").join(pool)) {
            for folder in folders_in(&vendor) {
                let name = format!("{}_{}", name_of(&vendor), name_of(&folder));
                if folder.join("etc/config.xml").is_file() && !found.contains_key(&name) {
                    found.insert(name.clone(), Module { name, pool: pool.to_owned(), ..Module::default() });
                }
            }
        }
    }
    // `Mage_Core_Model_Config::_canUseLocalModules`
    let is_set = |xml: String| xml.split_whitespace().collect::<String>().contains("<disable_local_modules>true<");
    if text_of(&root.join("app/etc/local.xml")).is_some_and(is_set) {
        for module in found.values_mut().filter(|it| it.pool == "local") {
            module.is_active = false;
        }
    }
    found.retain(|name, it| !is_stock(name) && it.pool != "core");
    let modules: Vec<Module> = found.into_values().collect();
    code.modules = parallel::install(|| modules.into_par_iter().map(|it| of_module(root, it)).collect());
    code.overrides = overrides(root, &mut code.flaws);
    code.loose = loose(root, &mut code.flaws);
    code
}

/// With what the module's own folder says.
fn of_module(root: &Path, mut module: Module) -> Module {
    let Some((vendor, name)) = module.name.split_once('_') else { return module };
    let folder = root.join("app/code").join(&module.pool).join(vendor).join(name.replace('_', "/"));
    if module.pool.is_empty() || !folder.is_dir() {
        return module;
    }
    for file in ["config.xml", "adminhtml.xml", "api.xml", "api2.xml", "system.xml", "widget.xml"] {
        let path = folder.join("etc").join(file);
        let Some(xml) = text_of(&path) else { continue };
        if let Err(why) = module.take(file, &xml) {
            module.flaws.push(format!("{}: {why}", below(root, &path)));
        }
    }
    let files = files_below(root, &folder, &mut module.flaws);
    module.files = Some(files.len() as u64);
    for path in &files {
        if path.extension().is_some_and(|it| it == "php") {
            let in_folder = path.strip_prefix(&folder).unwrap_or(path);
            if in_folder.starts_with("sql") || in_folder.starts_with("data") {
                module.take_script(&text_of(path).unwrap_or_default());
            }
            if let Some(by) = encoder(&head(path)) {
                module.encoded.push((below(root, path), by.to_owned()));
            }
        }
    }
    module
}

/// More files than any folder of code has.
const MOST_FILES: usize = 500_000;

/// Files of a folder, in order. Links are followed as far as they stay in the installation: tools such
/// as modman make folders of modules of them.
pub(super) fn files_below(root: &Path, folder: &Path, flaws: &mut Vec<String>) -> Vec<PathBuf> {
    let Ok(real_root) = root.canonicalize() else { return Vec::new() };
    if !folder.is_dir() {
        return Vec::new();
    }
    let mut outside = Vec::new();
    let mut found = Vec::new();
    let walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    let stays = |entry: &DirEntry| {
        let is_inside =
            !entry.path_is_symlink() || entry.path().canonicalize().is_ok_and(|it| it.starts_with(&real_root));
        if !is_inside {
            outside.push(below(root, entry.path()));
        }
        is_inside
    };
    for entry in walk.filter_entry(stays) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => found.push(entry.into_path()),
            Ok(_) => {}
            Err(error) => {
                let path = error.path().map_or_else(String::new, |it| below(root, it));
                flaws.push(format!("{path}: it cannot be read, or is a link in a circle"));
            }
        }
        if found.len() >= MOST_FILES {
            flaws.push(format!("{}: only the first {MOST_FILES} files were looked at", below(root, folder)));
            break;
        }
    }
    flaws.extend(
        outside.into_iter().map(|it| format!("{it}: a link that leads out of the installation was not followed")),
    );
    found
}

/// Whether two files have the same text.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    match (text_of(one), text_of(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// The text of a file of code; none if it is not there, is no file, or is larger than any code is.
pub(super) fn text_of(path: &Path) -> Option<String> {
    const MOST: u64 = 16 << 20;
    let about = std::fs::metadata(path).ok()?;
    if !about.is_file() || about.len() > MOST {
        return None;
    }
    Some(String::from_utf8_lossy(&std::fs::read(path).ok()?).into_owned())
}

/// The beginning of a file; nothing if it cannot be read.
fn head(path: &Path) -> Vec<u8> {
    let mut bytes = vec![0; 512];
    let count = std::fs::File::open(path).and_then(|mut it| it.read(&mut bytes)).unwrap_or(0);
    bytes.truncate(count);
    bytes
}

/// Files below the code pools that take the place of Magento's own classes.
fn overrides(root: &Path, flaws: &mut Vec<String>) -> Vec<Override> {
    let core = root.join("app/code/core");
    let has_core = core.join("Mage").is_dir();
    let mut found = Vec::new();
    for pool in ["community", "local"] {
        for vendor in ["Enterprise", "Mage", "Varien", "Zend"] {
            let folder = root.join("app/code").join(pool).join(vendor);
            for file in files_below(root, &folder, flaws) {
                let path = below(root, &file);
                let Some(class) = overridden_class(&path) else { continue };
                let inner = file.strip_prefix(root.join("app/code").join(pool)).unwrap_or(&file);
                let is_library = matches!(vendor, "Varien" | "Zend");
                let own = if is_library { root.join("lib").join(inner) } else { core.join(inner) };
                let is_known = if is_library { root.join("lib/Varien").is_dir() } else { has_core };
                let state = match (is_known, own.is_file()) {
                    (false, _) => OverrideState::Unknown,
                    (true, false) => OverrideState::New,
                    (true, true) if is_same(&file, &own) => OverrideState::Same,
                    (true, true) => OverrideState::Differs,
                };
                found.push(Override { path, class, state });
            }
        }
    }
    found
}

/// What Magento 1 has in folders where shops put code of their own, 1.4 to 20.
const STOCK: [(&str, &[&str]); 4] = [
    (
        "shell",
        &[
            ".htaccess",
            "abstract.php",
            "cleanAdminNotifications.php",
            "compiler.php",
            "ditest.php",
            "indexer.php",
            "log.php",
            "notifications.php",
            "remove-mysql4.php",
            "rename-mysql4-class-to-resource-pr1470.php",
            "rename-mysql4-class-to-resource.php",
            "translations.php",
            "update-copyright.php",
        ],
    ),
    (
        "lib",
        &[
            ".htaccess",
            "3Dsecure",
            "Apache",
            "Cm",
            "Credis",
            "LinLibertineFont",
            "Mage",
            "Magento",
            "PEAR",
            "Pelago",
            "Symfony",
            "Unserialize",
            "Varien",
            "Zend",
            "flex",
            "googlecheckout",
            "mcryptcompat",
            "phpseclib",
        ],
    ),
    (
        "js",
        &[
            "blank.html",
            "calendar",
            "enterprise",
            "extjs",
            "flash",
            "index.php",
            "jscolor",
            "lib",
            "mage",
            "openmage",
            "proxy.php",
            "prototype",
            "scriptaculous",
            "spacer.gif",
            "tiny_mce",
            "tinymce",
            "varien",
            "xmlconnect",
        ],
    ),
    ("app/locale", &[".htaccess", "en_US"]),
];

/// Scripts that Magento 1 has in its own folder.
const STOCK_SCRIPTS: [&str; 8] =
    [".php-cs-fixer.dist.php", "api.php", "cron.php", "cron.sh", "get.php", "index.php", "install.php", "mage"];

/// Endings of what a web server or a shell may run.
const SCRIPTS: [&str; 7] = ["php", "phtml", "php5", "sh", "pl", "py", "cgi"];

fn loose(root: &Path, flaws: &mut Vec<String>) -> Vec<Loose> {
    let mut found = Vec::new();
    for path in entries_of(root).into_iter().filter(|it| it.is_file()) {
        let is_script = path.extension().is_some_and(|it| SCRIPTS.iter().any(|script| it.eq_ignore_ascii_case(script)));
        if is_script && !STOCK_SCRIPTS.contains(&name_of(&path).as_str()) {
            found.push(Loose { path: below(root, &path), files: 1 });
        }
    }
    for (folder, stock) in STOCK {
        for path in entries_of(&root.join(folder)).into_iter().filter(|it| !stock.contains(&name_of(it).as_str())) {
            let files = if path.is_file() { 1 } else { files_below(root, &path, flaws).len() as u64 };
            // A link that leads elsewhere is code of the shop as well.
            if files > 0 || path.is_symlink() {
                found.push(Loose { path: below(root, &path), files });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn m2(root: &Path) -> Code {
    let mut code = Code::default();
    match text_of(&root.join("app/etc/config.php")).map(|it| php::returned(&it)) {
        Some(Ok(config)) => {
            let listed = config.at(&["modules"]).into_iter().flat_map(Value::entries);
            code.modules = listed
                .map(|(name, state)| Module {
                    name: name.to_owned(),
                    is_active: state.text().as_deref() == Some("1"),
                    is_declared: true,
                    ..Module::default()
                })
                .collect();
        }
        Some(Err(error)) => code.flaws.push(format!("app/etc/config.php: {error}")),
        None => code.flaws.push("there is no app/etc/config.php, which lists the modules".to_owned()),
    }
    let lock = text_of(&root.join("composer.lock"));
    let lock: Option<serde_json::Value> = lock.and_then(|it| serde_json::from_str(&it).ok());
    let packages = lock.as_ref().and_then(|it| it.get("packages")).and_then(|it| it.as_array());
    for package in packages.into_iter().flatten() {
        let field = |name: &str| package.get(name).and_then(|it| it.as_str()).map(str::to_owned);
        if let (Some(name), Some(version)) = (field("name"), field("version")) {
            code.packages.insert(name, version);
        }
    }
    code.modules.sort_by(|one, other| one.name.cmp(&other.name));
    code
}

/// A path below the installation, as reports show it.
pub(super) fn below(root: &Path, path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    text::path(path.strip_prefix(root).unwrap_or(path).as_os_str().as_bytes())
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What lies in a folder, in order; nothing if it cannot be listed.
pub(super) fn entries_of(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
    found.sort();
    found
}

pub(super) fn folders_in(folder: &Path) -> Vec<PathBuf> {
    entries_of(folder).into_iter().filter(|it| it.is_dir()).collect()
}

fn files_in(folder: &Path, ending: &str) -> Vec<PathBuf> {
    entries_of(folder).into_iter().filter(|it| it.extension().is_some_and(|it| it == ending)).collect()
}
