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

/// What `app/Mage.php` tells, whose methods return the version as an array.
fn platform(root: &Path) -> Platform {
    let Some(source) = optional_text(&root.join("app/Mage.php")) else { return Platform::default() };
    let version = php::array_after(&source, "function getVersionInfo").map(|info| {
        let part = |key: &str| info.get(key).and_then(php::Value::text).unwrap_or_default();
        let numbers = [part("major"), part("minor"), part("revision"), part("patch")];
        let stability = format!("{}{}", part("stability"), part("number"));
        let numbers: Vec<String> = numbers.into_iter().filter(|it| !it.is_empty()).collect();
        format!("{}-{stability}", numbers.join(".")).trim_matches(['.', '-']).to_owned()
    });
    let has_enterprise_files = root.join("app/etc/modules/Enterprise_Enterprise.xml").is_file();
    let edition = if source.contains("function getOpenMageVersion") {
        Some(Edition::OpenMage)
    } else if has_enterprise_files || current_edition(&source).is_some_and(|it| it.contains("ENTERPRISE")) {
        Some(Edition::Enterprise)
    } else {
        // Before 1.7 the file does not name the edition, and Enterprise has files of its own.
        Some(Edition::Community)
    };
    Platform { version: version.filter(|it| !it.is_empty()), version_hint: None, edition, modules: None }
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
