//! Magento 1: `app/etc/local.xml` and `app/Mage.php`.

use std::path::Path;

use roxmltree::{Document, Node};

use super::{Connection, Installation, InstallationError, is_there, optional_text, text};
use crate::magento::php;
use crate::magento::versions::{Edition, Platform};

/// By which the platform is known. The first one tells the database; it holds a password, and so no repository has it.
pub(super) const MARKS: [&str; 3] = [SETTINGS, "app/Mage.php", "app/etc/modules"];

const SETTINGS: &str = "app/etc/local.xml";

/// What shows that a folder is an installation.
pub(super) fn mark(root: &Path) -> Result<Option<&'static str>, InstallationError> {
    for mark in MARKS {
        if is_there(&root.join(mark))? {
            return Ok(Some(mark));
        }
    }
    Ok(None)
}

pub(super) fn read(root: &Path) -> Result<Installation, InstallationError> {
    let path = root.join(SETTINGS);
    if !is_there(&path)? {
        return Ok(Installation { platform: platform(root), ..Installation::without_settings(root.join("media")) });
    }
    let source = text(&path)?;
    let syntax = |why: String| InstallationError::Syntax { path: path.clone(), why };
    // The parser's message could quote the file: only the place is told.
    let document = Document::parse(&source)
        .map_err(|error| syntax(format!("it is not well-formed XML at line {}", error.pos().row)))?;
    let resources = child(document.root_element(), &["global", "resources"]);
    let prefix = resources.and_then(|it| child(it, &["db", "table_prefix"])).map(content);
    let connections: Vec<Node<'_, '_>> =
        resources.into_iter().flat_map(|it| it.children()).filter(|it| child(*it, &["connection"]).is_some()).collect();
    let setup =
        connections.iter().find(|it| it.has_tag_name("default_setup")).and_then(|it| child(*it, &["connection"]));
    let database = match setup {
        Some(connection) => Connection::of(|name| child(connection, &[name]).map(content)).address(),
        None => Err("there is no connection default_setup in it".to_owned()),
    };
    let mut notes = Vec::new();
    let others: Vec<&str> =
        connections.iter().map(|it| it.tag_name().name()).filter(|it| *it != "default_setup").collect();
    if !others.is_empty() {
        notes.push(format!(
            "{SETTINGS} has further connections ({}): tables that lie in another database were not looked at",
            others.join(", ")
        ));
    }
    Ok(Installation {
        database: Some(database.map_err(|why| format!("{}: {why}", path.display()))),
        prefix,
        platform: platform(root),
        notes,
        ..Installation::without_settings(root.join("media"))
    })
}

/// What `app/Mage.php` tells, whose methods return the version.
fn platform(root: &Path) -> Platform {
    let Some(source) = optional_text(&root.join("app/Mage.php")) else { return Platform::default() };
    // Before 1.4.2, and in Maho, a method returns it as a text.
    let version = php::array_after(&source, "function getVersionInfo")
        .map(|it| numbers(&it, &["major", "minor", "revision", "patch"]))
        .or_else(|| php::text_after(&source, "function getVersion(", "return"));
    let version = version.filter(|it| !it.is_empty());
    let has_enterprise_files = root.join("app/etc/modules/Enterprise_Enterprise.xml").is_file();
    let edition = if source.contains("function getMahoVersion") || source.contains("mahocommerce.com") {
        Edition::Maho
    } else if source.contains("function getOpenMageVersion") {
        Edition::OpenMage
    } else if has_enterprise_files || current_edition(&source).is_some_and(|it| it.contains("ENTERPRISE")) {
        Edition::Enterprise
    } else {
        // Before 1.7 the file does not name the edition, and Enterprise has files of its own.
        Edition::Community
    };
    let release = match edition {
        Edition::OpenMage => openmage_release(&source),
        // Later releases count on their own alone.
        Edition::Maho => php::text_after(&source, "function getMahoVersion(", "return").or_else(|| version.clone()),
        _ => None,
    };
    let version = version.filter(|it| edition != Edition::Maho || it.starts_with("1."));
    Platform { version, release, edition: Some(edition), ..Platform::default() }
}

/// The numbers of an array, and what stands behind them.
fn numbers(info: &php::Value, keys: &[&str]) -> String {
    let part = |key: &str| info.get(key).and_then(php::Value::text).unwrap_or_default();
    let stability = format!("{}{}", part("stability"), part("number"));
    let numbers: Vec<String> = keys.iter().map(|it| part(it)).filter(|it| !it.is_empty()).collect();
    format!("{}-{stability}", numbers.join(".")).trim_matches(['.', '-']).to_owned()
}

/// The number of a release of `OpenMage`. From 19.5 and 20.1 on the file has the numbers of both lines, and says which of
/// them it is.
fn openmage_release(source: &str) -> Option<String> {
    let line = php::number_after(source, "function getOpenMageMajorVersion(", "return");
    let mut mark = source.find("function getOpenMageVersionInfo")?;
    loop {
        let rest = &source[mark..];
        let info = php::array_after(rest, "return")?;
        let major = info.get("major")?.text()?;
        if line.is_none_or(|it| it.to_string() == major) {
            return Some(numbers(&info, &["major", "minor", "patch"]));
        }
        mark += rest.find("return")? + "return".len();
    }
}

/// What `$_currentEdition` is set to.
fn current_edition(source: &str) -> Option<&str> {
    let after = &source[source.find("$_currentEdition")?..];
    after.split_once('=')?.1.split(';').next()
}

fn child<'a, 'b>(node: Node<'a, 'b>, path: &[&str]) -> Option<Node<'a, 'b>> {
    path.iter().try_fold(node, |node, name| node.children().find(|it| it.has_tag_name(*name)))
}

/// The text of an element, CDATA included.
fn content(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|it| it.text()).collect::<String>().trim().to_owned()
}
