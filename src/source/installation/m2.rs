//! Magento 2: `app/etc/env.php`, `app/etc/config.php` and what Composer wrote.

use std::collections::BTreeSet;
use std::path::Path;

use super::tree::{Tree, name_of};
use super::{Connection, Installation, InstallationError, Locked, cloud, is_there, optional_text, text};
use crate::magento::configuration::{DESIGN, OTHERS};
use crate::magento::php::{self, Value};
use crate::magento::versions::{Edition, Platform, Version};

/// By which the platform is known. The first one tells the database; it holds a password, and so no repository has it.
pub(super) const MARKS: [&str; 4] =
    [SETTINGS, "app/etc/config.php", "bin/magento", "a composer.json that requires Magento"];

const SETTINGS: &str = "app/etc/env.php";

/// What shows that a folder is an installation.
pub(super) fn mark(root: &Path) -> Result<Option<&'static str>, InstallationError> {
    let [settings, config, program, project] = MARKS;
    let of_magento = ["magento/product-", "magento/magento2", "magento/magento-cloud", "mage-os/product-"];
    let requires = |it: String| of_magento.iter().any(|package| it.contains(package));
    for mark in [settings, config, program] {
        if is_there(&root.join(mark))? {
            return Ok(Some(mark));
        }
    }
    Ok(optional_text(&root.join("composer.json")).is_some_and(requires).then_some(project))
}

pub(super) fn read(root: &Path) -> Result<Installation, InstallationError> {
    let path = root.join(SETTINGS);
    let tree = Tree::new(root);
    let layout_files = layout_files(&tree);
    let unread = tree.unread();
    let bare = Installation {
        platform: composer(root).or(modules(root)),
        // A file in a folder that cannot be read is not missing.
        layout_files: unread.is_empty().then_some(layout_files),
        unread,
        ..Installation::without_settings(root.join("pub/media"))
    };
    if !is_there(&path)? {
        return Ok(Installation { database: of_cloud(), locked: locked(root, None), ..bare });
    }
    let env = php::returned(&text(&path)?)
        .map_err(|error| InstallationError::Syntax { path: path.clone(), why: error.to_string() })?;
    let values = &env.value;
    let name = values
        .at(&["resource", "default_setup", "connection"])
        .and_then(Value::text)
        .unwrap_or_else(|| "default".to_owned());
    let connection = ["db", "connection", &name];
    let database = match (values.at(&connection), env.code_at(&connection)) {
        (_, Some(line)) => Err(computed(&format!("the connection `{name}`"), line)),
        (Some(connection), None) => address(connection),
        (None, None) => Err(format!("there is no connection `{name}` in it")),
    };
    let prefix = match (values.at(&["db", "table_prefix"]), env.code_at(&["db", "table_prefix"])) {
        (Some(Value::Text(prefix)), None) => Some(prefix.clone()),
        // Computed by code, such as `getenv()`: it is found by the tables' names.
        _ => None,
    };
    let mut notes = Vec::new();
    let split: Vec<&str> = values
        .at(&["db", "connection"])
        .into_iter()
        .flat_map(Value::entries)
        .map(|(name, _)| name)
        .filter(|it| matches!(*it, "checkout" | "sales"))
        .collect();
    if !split.is_empty() {
        notes.push(format!("the database is split: tables of the connections {} were not looked at", split.join(", ")));
    }
    let driver = values.at(&["remote_storage", "driver"]);
    let media = match driver.and_then(Value::text).filter(|it| it != "file") {
        None => match values.get("remote_storage").zip(env.code_at(&["remote_storage", "driver"])) {
            None => Ok(root.join("pub/media")),
            Some((_, line)) => Err(format!(
                "line {line} of {} computes whether remote storage is in use, so that it is not known whether what lies in \
                 pub/media on disk is what the shop shows: give that folder, or a copy of the bucket, with --m2-media",
                path.display()
            )),
        },
        Some(driver) => Err(format!(
            "remote storage ({driver}) is in use, so what lies in pub/media on disk is not what the shop shows: \
             give a copy of the bucket with --m2-media"
        )),
    };
    // What PHP code computes, the environment may tell.
    let database = database.map_err(|why| format!("{}: {why}", path.display()));
    let database = database.or_else(|why| of_cloud().unwrap_or(Err(why)));
    Ok(Installation { database: Some(database), prefix, media, locked: locked(root, Some(&env.value)), notes, ..bare })
}

/// The database that the environment tells.
fn of_cloud() -> Option<Result<super::Address, String>> {
    crate::source::environment(cloud::VARIABLE).filter(|it| !it.is_empty()).map(|it| cloud::database(&it))
}

/// Settings that env.php and config.php lock; env.php comes first (`Magento\\Framework\\App\\DeploymentConfig`).
fn locked(root: &Path, env: Option<&Value>) -> Vec<Locked> {
    let config = optional_text(&root.join("app/etc/config.php")).and_then(|it| php::returned(&it).ok());
    let mut found: Vec<Locked> = Vec::new();
    for file in [env, config.as_ref().map(|it| &it.value)].into_iter().flatten() {
        let Some(system) = file.get("system") else { continue };
        let mut scopes: Vec<(&str, &str, &Value)> =
            system.get("default").map(|it| ("default", "", it)).into_iter().collect();
        for scope in ["websites", "stores"] {
            scopes.extend(system.get(scope).into_iter().flat_map(Value::entries).map(|(code, it)| (scope, code, it)));
        }
        for (scope, code, values) in scopes {
            for path in DESIGN.iter().chain(OTHERS) {
                let keys: Vec<&str> = path.split('/').collect();
                let Some(value) = values.at(&keys).and_then(Value::text) else { continue };
                let is_known = found.iter().any(|it| it.scope == scope && it.code == code && it.path == *path);
                if !is_known {
                    found.push(Locked {
                        scope: scope.to_owned(),
                        code: code.to_owned(),
                        path: (*path).to_owned(),
                        value,
                    });
                }
            }
        }
    }
    found
}

/// Why the database is not known.
fn computed(what: &str, line: usize) -> String {
    format!("{what} is computed by PHP code (line {line}); give the database with --m2-db")
}

fn address(connection: &Value) -> Result<super::Address, String> {
    let mut code = Vec::new();
    let connection = Connection::of(|name| match connection.get(name) {
        // A password can be given apart.
        Some(Value::Code { .. }) if name == "password" => None,
        Some(Value::Code { line, .. }) => {
            code.push((name.to_owned(), *line));
            None
        }
        value => value.and_then(Value::text),
    });
    if let Some((name, line)) = code.first() {
        return Err(computed(&format!("`{name}` of the connection"), *line));
    }
    connection.address()
}

/// The metapackages, and the edition that each stands for.
const EDITIONS: [(&str, Edition); 5] = [
    ("magento/magento-cloud-metapackage", Edition::Commerce),
    ("magento/product-enterprise-edition", Edition::Commerce),
    ("magento/product-community-edition", Edition::OpenSource),
    ("mage-os/product-community-edition", Edition::MageOs),
    ("mage-os/product-minimal-edition", Edition::MageOs),
];

/// Whether what Composer's file asks for is one version, and no range such as `~2.4.6`, `>=2.4.6 <2.4.7` or `2.4.*`.
fn is_version(constraint: &str) -> bool {
    let is_range = constraint.contains(['*', ' ', '|', ',']) || constraint.contains(".x");
    constraint.starts_with(|it: char| it.is_ascii_digit()) && !is_range
}

/// The oldest version of a range.
fn oldest(range: &str) -> Option<&str> {
    let first = range.split([' ', '|', ',']).find(|it| !it.is_empty())?;
    let numbers = first.trim_start_matches(['~', '^', '>', '=', 'v']).trim_end_matches(['*', '.', 'x']);
    (numbers.starts_with("2.") && Version::parse(numbers).is_some()).then_some(numbers)
}

/// What Composer's files tell: the metapackage is named in no other place.
fn composer(root: &Path) -> Platform {
    let json =
        |name: &str| -> Option<serde_json::Value> { serde_json::from_str(&optional_text(&root.join(name))?).ok() };
    let lock = json("composer.lock");
    let locked = |package: &str| -> Option<String> {
        let packages = lock.as_ref()?.get("packages")?.as_array()?;
        let found = packages.iter().find(|it| it.get("name").and_then(|name| name.as_str()) == Some(package))?;
        Some(found.get("version")?.as_str()?.trim_start_matches('v').to_owned())
    };
    let project = json("composer.json");
    let required = |package: &str| -> Option<String> {
        let version = project.as_ref()?.get("require")?.get(package)?.as_str()?;
        Some(version.to_owned())
    };
    for (package, edition) in EDITIONS {
        let Some(version) = locked(package).or_else(|| required(package)) else { continue };
        let platform = Platform { edition: Some(edition), ..Platform::default() };
        return if is_version(&version) {
            Platform { version: Some(version), ..platform }
        } else {
            // Mage-OS counts on its own.
            let hint = oldest(&version).filter(|_| edition != Edition::MageOs);
            Platform { version_hint: hint.map(|it| format!("{it} or later")), ..platform }
        };
    }
    // A checkout of the platform's own repository has no metapackage.
    let named = project.as_ref().and_then(|it| it.get("name")).and_then(|it| it.as_str()).unwrap_or_default();
    let is_project = matches!(
        named,
        "magento/magento2ce" | "magento/project-community-edition" | "magento/project-enterprise-edition"
    );
    let own = project.as_ref().filter(|_| is_project).and_then(|it| it.get("version")).and_then(|it| it.as_str());
    let base = json("vendor/magento/magento2-base/composer.json");
    let of_base = base.as_ref().and_then(|it| it.get("version")).and_then(|it| it.as_str());
    let has_commerce_base = root.join("vendor/magento/magento2-ee-base").is_dir();
    Platform {
        version: own.or(of_base).map(str::to_owned),
        edition: match (named, has_commerce_base) {
            ("magento/project-enterprise-edition", _) | (_, true) => Some(Edition::Commerce),
            ("magento/magento2ce" | "magento/project-community-edition", _) => Some(Edition::OpenSource),
            _ => None,
        },
        ..Platform::default()
    }
}

/// Where themes and modules have layout files, below their own folder.
const LAYOUT_FOLDERS: [&str; 3] = ["Magento_Cms/layout", "Magento_Catalog/layout", "view/frontend/layout"];

/// Names of the files with layout updates that can be selected for a single page, category or
/// product (`Magento\Catalog\Model\Attribute\LayoutUpdateManager`).
fn layout_files(tree: &Tree<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for parent in ["app/design/frontend", "app/code", "vendor"] {
        for package in tree.folders(&tree.root.join(parent)).iter().flat_map(|vendor| tree.folders(vendor)) {
            for folder in LAYOUT_FOLDERS {
                let names = tree.entries(&package.join(folder));
                found.extend(names.iter().map(|it| name_of(it)).filter(|it| it.contains("_selectable_")));
            }
        }
    }
    found
}

/// What the list of modules in `app/etc/config.php` tells.
fn modules(root: &Path) -> Platform {
    let modules =
        optional_text(&root.join("app/etc/config.php")).and_then(|it| php::returned(&it).ok()).map(|it| it.value);
    let has = |name: &str| modules.as_ref().and_then(|it| it.at(&["modules", name])).is_some();
    let edition = if has("Magento_Enterprise") || has("Magento_CatalogStaging") {
        Some(Edition::Commerce)
    } else {
        has("Magento_Store").then_some(Edition::OpenSource)
    };
    let listed = modules.as_ref().and_then(|it| it.at(&["modules"]));
    let is_on = |it: &Value| it.text().as_deref() == Some("1");
    let on = listed.map(|it| it.entries().filter(|(_, it)| is_on(it)).map(|(name, _)| name.to_owned()).collect());
    Platform { edition, modules: on, ..Platform::default() }
}
