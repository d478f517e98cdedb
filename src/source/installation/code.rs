//! Custom code of an installation: modules, classes of Magento's own that are replaced by files,
//! and what lies outside of modules.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};

use super::tree::{Tree, name_of};
use crate::magento::modules::{self, Module, encoder, is_stock, overridden_class};
use crate::magento::php::{self, Value};
use crate::pair::Side;
use crate::parallel;

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
    /// What is wrong with it, or was not looked into.
    pub flaws: Vec<String>,
    /// Files and folders that are there and cannot be read.
    #[serde(default)]
    pub unread: Vec<String>,
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
        Side::M1 => root.join("app/code").is_dir(),
        Side::M2 => root.join("app/etc/config.php").is_file(),
    }
}

/// What an installation has that holds code.
pub const fn places(side: Side) -> &'static str {
    match side {
        Side::M1 => "app/code",
        Side::M2 => "app/etc/config.php",
    }
}

/// Reads the code of an installation.
pub fn read(root: &Path, side: Side) -> Code {
    let tree = Tree::new(root);
    let code = match side {
        Side::M1 => m1(&tree),
        Side::M2 => m2(&tree),
    };
    Code { unread: tree.unread(), ..code }
}

fn m1(tree: &Tree<'_>) -> Code {
    let root = tree.root;
    let mut code = Code::default();
    let mut found: BTreeMap<String, Module> = BTreeMap::new();
    let mut has_unknown = false;
    for path in tree.files(&root.join("app/etc/modules"), "xml") {
        let declared = tree.text(&path).map(|it| modules::declarations(&it));
        match declared {
            None => has_unknown = true,
            Some(Ok(all)) => {
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
            Some(Err(why)) => {
                code.flaws.push(format!("{}: {why}", tree.below(&path)));
                has_unknown = true;
            }
        }
    }
    let declarations = root.join("app/etc/modules");
    let is_absent = !tree.is_folder(&declarations);
    if is_absent {
        code.flaws.push("there is no app/etc/modules, which tells which modules are switched on".to_owned());
    }
    let is_hidden = is_absent || tree.is_unread(&declarations);
    for pool in ["community", "local"] {
        for vendor in tree.folders(&root.join("app/code").join(pool)) {
            for folder in tree.folders(&vendor) {
                let name = format!("{}_{}", name_of(&vendor), name_of(&folder));
                if tree.is_file(&folder.join("etc/config.xml")) && !found.contains_key(&name) {
                    // Whatever its name, a file may declare any module.
                    let is_unknown = is_hidden || has_unknown;
                    let mut module = Module { name: name.clone(), pool: pool.to_owned(), ..Module::default() };
                    if is_unknown {
                        (module.is_declared, module.is_active) = (true, true);
                        module.flaws.push(format!("{name}: its declaration cannot be read; it is taken for active"));
                    }
                    found.insert(name, module);
                }
            }
        }
    }
    // `Mage_Core_Model_Config::_canUseLocalModules`
    let is_set = |xml: String| xml.split_whitespace().collect::<String>().contains("<disable_local_modules>true<");
    if tree.text(&root.join("app/etc/local.xml")).is_some_and(is_set) {
        for module in found.values_mut().filter(|it| it.pool == "local") {
            module.is_active = false;
        }
    }
    found.retain(|name, it| !is_stock(name) && it.pool != "core");
    let found: Vec<Module> = found.into_values().collect();
    code.modules = parallel::install(|| found.into_par_iter().map(|it| of_module(tree, it)).collect());
    code.overrides = overrides(tree, &mut code.flaws);
    code.loose = loose(tree, &mut code.flaws);
    code
}

/// With what the module's own folder says.
fn of_module(tree: &Tree<'_>, mut module: Module) -> Module {
    let Some((vendor, name)) = module.name.split_once('_') else { return module };
    let folder = tree.root.join("app/code").join(&module.pool).join(vendor).join(name.replace('_', "/"));
    if module.pool.is_empty() || !tree.is_folder(&folder) {
        return module;
    }
    for file in ["config.xml", "adminhtml.xml", "api.xml", "api2.xml", "system.xml", "widget.xml"] {
        let path = folder.join("etc").join(file);
        let Some(xml) = tree.text(&path) else { continue };
        if let Err(why) = module.take(file, &xml) {
            module.flaws.push(format!("{}: {why}", tree.below(&path)));
        }
    }
    let files = tree.files_below(&folder, &mut module.flaws);
    module.files = Some(files.len() as u64);
    for path in &files {
        if path.extension().is_some_and(|it| it == "php") {
            let in_folder = path.strip_prefix(&folder).unwrap_or(path);
            if in_folder.starts_with("sql") || in_folder.starts_with("data") {
                module.take_script(&tree.text(path).unwrap_or_default());
            }
            if let Some(by) = encoder(&tree.head(path)) {
                module.encoded.push((tree.below(path), by.to_owned()));
            }
        }
    }
    module
}

/// Files below the code pools that take the place of Magento's own classes.
fn overrides(tree: &Tree<'_>, flaws: &mut Vec<String>) -> Vec<Override> {
    let root = tree.root;
    let core = root.join("app/code/core");
    let has_core = tree.is_folder(&core.join("Mage"));
    let mut found = Vec::new();
    for pool in ["community", "local"] {
        for vendor in ["Enterprise", "Mage", "Varien", "Zend"] {
            let folder = root.join("app/code").join(pool).join(vendor);
            for file in tree.files_below(&folder, flaws) {
                let path = tree.below(&file);
                let Some(class) = overridden_class(&path) else { continue };
                let inner = file.strip_prefix(root.join("app/code").join(pool)).unwrap_or(&file);
                let is_library = matches!(vendor, "Varien" | "Zend");
                let own = if is_library { root.join("lib").join(inner) } else { core.join(inner) };
                let is_known = if is_library { tree.is_folder(&root.join("lib/Varien")) } else { has_core };
                let state = match (is_known, tree.is_file(&own)) {
                    (false, _) => OverrideState::Unknown,
                    (true, false) => OverrideState::New,
                    (true, true) if tree.is_same(&file, &own) => OverrideState::Same,
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

fn loose(tree: &Tree<'_>, flaws: &mut Vec<String>) -> Vec<Loose> {
    let root = tree.root;
    let mut found = Vec::new();
    for path in tree.entries(root) {
        let is_script = path.extension().is_some_and(|it| SCRIPTS.iter().any(|script| it.eq_ignore_ascii_case(script)));
        if is_script && !STOCK_SCRIPTS.contains(&name_of(&path).as_str()) && tree.is_file(&path) {
            found.push(Loose { path: tree.below(&path), files: 1 });
        }
    }
    for (folder, stock) in STOCK {
        for path in tree.entries(&root.join(folder)).into_iter().filter(|it| !stock.contains(&name_of(it).as_str())) {
            let files = if tree.is_file(&path) { 1 } else { tree.files_below(&path, flaws).len() as u64 };
            // A link that leads elsewhere is code of the shop as well.
            if files > 0 || path.is_symlink() {
                found.push(Loose { path: tree.below(&path), files });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn m2(tree: &Tree<'_>) -> Code {
    let root = tree.root;
    let mut code = Code::default();
    match tree.text(&root.join("app/etc/config.php")).map(|it| php::returned(&it)) {
        Some(Ok(config)) => {
            if let Some(line) = config.code_at(&["modules"]) {
                code.flaws.push(format!("app/etc/config.php: line {line} computes modules, which are not known"));
            }
            let listed = config.value.at(&["modules"]).into_iter().flat_map(Value::entries);
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
        None => code.flaws.push("app/etc/config.php, which lists the modules, was not read".to_owned()),
    }
    let lock = tree.text(&root.join("composer.lock"));
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
