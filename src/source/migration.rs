//! The configuration of the migration tool, as an operator has it.

use std::io;
use std::path::{Path, PathBuf};

/// A file of the tool's configuration.
#[derive(Debug)]
pub(crate) struct ConfigFile {
    /// Its name, without `.dist`.
    pub(crate) name: String,
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Its text.
    pub(crate) text: String,
}

/// The files of a folder that hold rules: `map*.xml`, `class-map.xml` and `settings.xml`. Those that
/// the tool keeps beside the folders of single versions are looked for in the folder above, and its
/// own (`.dist`) are taken where there is no other.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<ConfigFile>> {
    let mut found: Vec<ConfigFile> = Vec::new();
    let names = |folder: &Path| -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
        let mut names: Vec<String> = entries.into_iter().filter_map(|it| it.file_name().into_string().ok()).collect();
        // `map.xml` comes before `map.xml.dist`.
        names.sort();
        Ok(names)
    };
    let above = folder.join("..");
    for (folder, is_above) in [(folder, false), (above.as_path(), true)] {
        let listed = if is_above { names(folder).unwrap_or_default() } else { names(folder)? };
        for file in listed {
            let name = file.strip_suffix(".dist").unwrap_or(&file);
            let is_map =
                name == "map.xml" || name.strip_prefix("map-").is_some_and(|it| it.strip_suffix(".xml").is_some());
            let is_wanted = is_map && !is_above || matches!(name, "class-map.xml" | "settings.xml");
            if !is_wanted || found.iter().any(|it| it.name == name) {
                continue;
            }
            let path = folder.join(&file);
            let text = std::fs::read_to_string(&path)?;
            found.push(ConfigFile { name: name.to_owned(), path, text });
        }
    }
    Ok(found)
}
