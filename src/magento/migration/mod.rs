//! The rules of Adobe's data-migration-tool: what it leaves behind, changes and renames
//! (`map.xml`, `class-map.xml`, `settings.xml`), its own or an operator's.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use roxmltree::{Document, Node};

/// Rules of the tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MigrationMap {
    /// The files that were read; none for the tool's own rules.
    pub files: Vec<String>,
    documents: Patterns,
    fields: Patterns,
    settings: Patterns,
    /// Handlers of a field of either side, with their parameters.
    transforms: BTreeMap<String, Vec<Handler>>,
    /// Classes of Magento 1, with what they become; nothing if that is empty.
    classes: BTreeMap<String, String>,
}

impl MigrationMap {
    /// All of the rules in a text by which two runs are compared. Histories keep its digest: it stays as it is.
    pub fn told(&self) -> String {
        let patterns = |it: &Patterns| format!("Patterns {{ exact: {:?}, starred: {:?} }}", it.exact, it.starred);
        let handlers = |all: &[Handler]| {
            let one = |it: &Handler| format!("Handler {{ name: {:?}, params: {:?} }}", it.name, it.params);
            all.iter().map(one).collect::<Vec<_>>().join(", ")
        };
        let transforms = self.transforms.iter().map(|(field, all)| format!("{field:?}: [{}]", handlers(all)));
        format!(
            "MigrationMap {{ files: {:?}, documents: {}, fields: {}, settings: {}, transforms: {{{}}}, classes: {:?} }}",
            self.files,
            patterns(&self.documents),
            patterns(&self.fields),
            patterns(&self.settings),
            transforms.collect::<Vec<_>>().join(", "),
            self.classes
        )
    }
}

/// Names, some of which have stars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Patterns {
    exact: BTreeSet<String>,
    starred: Vec<String>,
}

impl Patterns {
    fn insert(&mut self, name: &str) {
        if name.contains('*') {
            self.starred.push(name.to_owned());
        } else {
            self.exact.insert(name.to_owned());
        }
    }

    fn has(&self, name: &str) -> bool {
        self.exact.contains(name) || self.starred.iter().any(|it| fits(it, name))
    }
}

/// Whether a name fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(start) else { return false };
    rest.is_empty() || name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| fits(rest, &name[at..]))
}

/// A handler that changes the values of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handler {
    /// Its class, without the namespace.
    pub name: String,
    /// Its parameters.
    pub params: BTreeMap<String, String>,
}

/// The tool's own rules: documents of every edition and version, fields and settings of
/// opensource-to-opensource 1.9.4.5.
static STOCK: LazyLock<MigrationMap> = LazyLock::new(|| {
    let mut map = MigrationMap::default();
    for (kind, name) in include_str!("stock.csv").lines().skip(1).filter_map(|it| it.split_once(',')) {
        match kind {
            "document" => map.documents.insert(name),
            "field" => map.fields.insert(name),
            _ => map.settings.insert(name),
        }
    }
    let handler = |name: &str, params: &[(&str, &str)]| Handler {
        name: name.to_owned(),
        params: params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let nothing = |code: &str| handler("SetValueAttributeCondition", &[("attributeCode", code), ("value", "NULL")]);
    let transforms: [(&str, Handler); 9] = [
        ("catalog_category_entity_text.value", nothing("custom_layout_update")),
        ("catalog_category_entity_varchar.value", nothing("custom_design")),
        ("catalog_product_entity_varchar.value", nothing("custom_design")),
        ("widget_instance.theme_id", handler("SetValue", &[("value", "3")])),
        ("widget_instance.instance_type", handler("ClassMap", &[])),
        ("cms_page.content", handler("Placeholder", &[])),
        ("cms_block.content", handler("Placeholder", &[])),
        ("newsletter_template.template_text", handler("Placeholder", &[])),
        ("core_email_template.template_text", handler("Placeholder", &[])),
    ];
    for (field, handler) in transforms {
        map.transforms.entry(field.to_owned()).or_default().push(handler);
    }
    map
});

impl MigrationMap {
    /// The tool's own rules.
    pub fn stock() -> &'static Self {
        &STOCK
    }

    /// Whether these are an operator's.
    pub fn is_own(&self) -> bool {
        !self.files.is_empty()
    }

    /// Takes a `map.xml`, or one of the maps of single steps beside it: of these the handlers alone,
    /// since what they leave out another step takes.
    pub fn take_map(&mut self, file: &str, xml: &str) -> Result<(), String> {
        let document = parse(xml, "map")?;
        let is_main = matches!(file, "map.xml" | "map.xml.dist");
        for side in elements(document.root_element()) {
            let is_source = side.has_tag_name("source");
            for rule in elements(side).flat_map(elements) {
                match rule.tag_name().name() {
                    "ignore" if is_source && is_main => {
                        texts(rule, "document").for_each(|it| self.documents.insert(&it));
                        texts(rule, "field").for_each(|it| self.fields.insert(&it));
                    }
                    "transform" => {
                        let handlers = elements(rule).filter(|it| it.has_tag_name("handler")).map(|it| handler(it));
                        let handlers: Vec<Handler> = handlers.collect();
                        for field in texts(rule, "field") {
                            self.transforms.entry(field).or_default().extend(handlers.iter().cloned());
                        }
                    }
                    _ => {}
                }
            }
        }
        self.files.push(file.to_owned());
        Ok(())
    }

    /// Takes a `class-map.xml`.
    pub fn take_classes(&mut self, file: &str, xml: &str) -> Result<(), String> {
        let document = parse(xml, "classmap")?;
        for rule in elements(document.root_element()).filter(|it| it.has_tag_name("rename")) {
            let to = texts(rule, "to").next().unwrap_or_default();
            self.classes.extend(texts(rule, "from").map(|from| (from, to.clone())));
        }
        self.files.push(file.to_owned());
        Ok(())
    }

    /// Takes a `settings.xml`.
    pub fn take_settings(&mut self, file: &str, xml: &str) -> Result<(), String> {
        let document = parse(xml, "settings")?;
        for rule in elements(document.root_element()).flat_map(elements).filter(|it| it.has_tag_name("ignore")) {
            texts(rule, "path").for_each(|it| self.settings.insert(&it));
        }
        self.files.push(file.to_owned());
        Ok(())
    }

    /// Whether a table of Magento 1 is left behind.
    pub fn ignores_document(&self, table: &str) -> bool {
        self.documents.has(table)
    }

    /// Whether a column of Magento 1, `table.column`, is left behind.
    pub fn ignores_field(&self, field: &str) -> bool {
        self.fields.has(field)
    }

    /// Whether a path of the configuration is left behind.
    pub fn ignores_setting(&self, path: &str) -> bool {
        self.settings.has(path)
    }

    /// The handlers of a field.
    pub fn handlers(&self, field: &str) -> &[Handler] {
        self.transforms.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    /// What a class of Magento 1 becomes: none if nothing is said of it, and an empty text if nothing becomes of it.
    pub fn class(&self, class: &str) -> Option<&str> {
        self.classes.get(class).map(String::as_str)
    }

    /// Whether a table is left behind beyond the tool's own rules.
    pub fn adds_document(&self, table: &str) -> bool {
        self.ignores_document(table) && !Self::stock().ignores_document(table)
    }

    /// Whether a column, `table.column`, is left behind beyond the tool's own rules.
    pub fn adds_field(&self, field: &str) -> bool {
        self.ignores_field(field) && !Self::stock().ignores_field(field)
    }
}

fn handler(node: Node<'_, '_>) -> Handler {
    let class = node.attribute("class").unwrap_or_default();
    let params = elements(node).filter(|it| it.has_tag_name("param"));
    Handler {
        name: class.rsplit('\\').next().unwrap_or_default().to_owned(),
        params: params
            .filter_map(|it| Some((it.attribute("name")?.to_owned(), it.attribute("value")?.to_owned())))
            .collect(),
    }
}

fn parse<'a>(xml: &'a str, root: &str) -> Result<Document<'a>, String> {
    let document = Document::parse(xml.trim_start_matches('\u{feff}').trim_start())
        .map_err(|error| format!("it is not well-formed XML at line {}", error.pos().row))?;
    if document.root_element().has_tag_name(root) {
        Ok(document)
    } else {
        Err(format!("it does not begin with <{root}>, as that file of the migration tool does"))
    }
}

fn elements<'a, 'b>(node: Node<'a, 'b>) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(Node::is_element)
}

fn texts<'a>(node: Node<'a, '_>, name: &'static str) -> impl Iterator<Item = String> + use<'a> {
    let found: Vec<String> = elements(node)
        .filter(|it| it.has_tag_name(name))
        .filter_map(|it| it.text())
        .map(|it| it.trim().to_owned())
        .collect();
    found.into_iter()
}
