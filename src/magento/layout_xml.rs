//! Layout updates as they stand in a database: fragments without a root, of either platform.

use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};

use super::layout;

/// Longer texts are not looked into: no column of either platform holds them.
const LONGEST: usize = 256 * 1024;

/// More levels than any layout has.
const DEEPEST: usize = 200;

/// Whose layout a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// Nothing but blanks and comments.
    #[default]
    Empty,
    /// Something in it means what it says in Magento 1 alone.
    M1,
    /// Nothing does.
    M2,
}

/// What a layout update says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Whose it is.
    pub dialect: Dialect,
    /// Why it cannot be read as XML, if it cannot.
    pub malformed: Option<String>,
    /// What becomes of each construct of Magento 1, in words.
    pub conversions: Vec<String>,
    /// Names of Magento 1 that a layout in Magento 2's dialect refers to.
    pub lost_targets: Vec<String>,
    /// The page layout, if choosing one is all that it does.
    pub only_page_layout: Option<String>,
    /// The page layout that it chooses, whatever else it does.
    pub page_layout: Option<String>,
}

/// Reads a layout update. Never fails: what is wrong with it is said.
pub fn read(text: &str) -> Layout {
    if text.trim().is_empty() {
        return Layout::default();
    }
    match parse(text) {
        Ok(layout) => layout,
        Err(why) => Layout { dialect: guess(text), malformed: Some(why), ..Layout::default() },
    }
}

/// Whose a text is that is no XML.
fn guess(text: &str) -> Dialect {
    let marks = ["<reference ", "<reference>", "<remove name="];
    let mut blocks = text.split("<block").skip(1).map(|it| it.split('>').next().unwrap_or_default());
    if marks.iter().any(|it| text.contains(it)) || blocks.any(|it| it.contains(" type=\"")) {
        Dialect::M1
    } else {
        Dialect::M2
    }
}

fn parse(text: &str) -> Result<Layout, String> {
    if text.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    // The parser descends by recursion.
    if depth(text) > DEEPEST {
        return Err(format!("its elements are nested more than {DEEPEST} deep"));
    }
    let wrapped = format!("<layout xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">{text}</layout>");
    let document = Document::parse(&wrapped).map_err(|it| it.to_string())?;
    let mut layout = Layout::default();
    let mut page_layouts = Vec::new();
    let mut others = 0;
    for node in document.root_element().descendants().skip(1).filter(Node::is_element) {
        if layout.dialect == Dialect::Empty {
            layout.dialect = Dialect::M2;
        }
        if let Some(conversion) = conversion(&node) {
            layout.dialect = Dialect::M1;
            if !layout.conversions.contains(&conversion) {
                layout.conversions.push(conversion);
            }
        }
        match (node.tag_name().name(), node.attribute("handle").and_then(layout::handle)) {
            ("update", Some(handle)) if handle.starts_with("page_layout=") => {
                page_layouts.push(handle.trim_start_matches("page_layout=").to_owned());
            }
            _ => others += 1,
        }
        let target = match node.tag_name().name() {
            "referenceBlock" | "referenceContainer" => node.attribute("name"),
            "move" => node.attribute("destination"),
            _ => None,
        };
        layout.lost_targets.extend(target.filter(|it| layout::is_of_m1_alone(it)).map(str::to_owned));
    }
    layout.page_layout = page_layouts.pop();
    if others == 0 {
        layout.only_page_layout.clone_from(&layout.page_layout);
    }
    Ok(layout)
}

/// What Magento 2 has instead of a call of a block's method.
fn instead_of(method: &str) -> &'static str {
    match method {
        "addCss" | "addJs" | "addItem" | "addLinkRel" | "setTitle" | "setRobots" | "removeItem" => {
            "<css>, <script>, <link>, <title>, <meta> or <remove> in the <head> of a layout file"
        }
        "setTemplate" => "the attribute template of the block, with the module before it",
        "insert" | "append" => "<move>",
        "unsetChild" | "unsetChildren" | "removeLinkByUrl" => "<referenceBlock name=\"…\" remove=\"true\"/>",
        _ => "<arguments> of the block",
    }
}

/// How deep elements are nested at most, by their brackets alone.
fn depth(text: &str) -> usize {
    let (mut deepest, mut depth) = (0usize, 0usize);
    for tag in text.split('<').skip(1) {
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !tag.starts_with(['!', '?']) && !tag.split('>').next().unwrap_or("").ends_with('/') {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// What an element of Magento 1 is in Magento 2; none if Magento 2 takes it as it is.
fn conversion(node: &Node<'_, '_>) -> Option<String> {
    let attribute = |name: &str| node.attribute(name).unwrap_or_default();
    match node.tag_name().name() {
        "reference" => {
            let name = attribute("name");
            Some(match layout::name(name) {
                Some(it) if it.m2.is_empty() && !it.note.is_empty() => {
                    format!("<reference name=\"{name}\">: {}", it.note)
                }
                Some(it) if it.m2.is_empty() => {
                    format!("<reference name=\"{name}\">: nothing in Magento 2 is called so")
                }
                Some(it) if it.kind.contains("container") => {
                    format!("<reference name=\"{name}\">: <referenceContainer name=\"{}\">", it.m2)
                }
                Some(it) => format!("<reference name=\"{name}\">: <referenceBlock name=\"{}\">", it.m2),
                None => {
                    format!("<reference name=\"{name}\">: <referenceBlock> or <referenceContainer>, if the name exists")
                }
            })
        }
        "block" if node.has_attribute("type") => {
            let kind = attribute("type");
            Some(match layout::block_class(kind) {
                Some(("", _)) => format!("<block type=\"{kind}\">: no counterpart"),
                Some((class, "exact")) => format!("<block type=\"{kind}\">: <block class=\"{class}\">"),
                Some((class, _)) => format!("<block type=\"{kind}\">: about <block class=\"{class}\">"),
                None => format!("<block type=\"{kind}\">: a block of an extension"),
            })
        }
        "action" => {
            let is_m1 = node.children().any(|it| it.is_element() && it.tag_name().name() != "argument");
            is_m1.then(|| {
                let method = attribute("method");
                format!("<action method=\"{method}\">: {}", instead_of(method))
            })
        }
        "remove" if node.has_attribute("name") => {
            let name = attribute("name");
            Some(match layout::name(name) {
                Some(it) if it.m2.is_empty() => format!("<remove name=\"{name}\">: nothing to remove in Magento 2"),
                Some(it) => format!("<remove name=\"{name}\">: <referenceBlock name=\"{}\" remove=\"true\"/>", it.m2),
                None => format!("<remove name=\"{name}\">: <referenceBlock name=\"…\" remove=\"true\"/>"),
            })
        }
        "update" => {
            let name = attribute("handle");
            let handle = layout::handle(name).filter(|it| *it != name)?;
            Some(match handle.split_once('=') {
                Some((_, page)) => format!("<update handle=\"{name}\">: the page layout {page}"),
                None if handle.is_empty() => format!("<update handle=\"{name}\">: no counterpart"),
                None => format!("<update handle=\"{name}\">: <update handle=\"{handle}\"/>"),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dialects_are_told_apart() {
        let of = |text: &str| read(text).dialect;
        assert_eq!(of(" \n<!-- <reference name=\"root\"/> -->"), Dialect::Empty);
        assert_eq!(of("<reference name=\"left\"><block type=\"cms/block\" name=\"x\"/></reference>"), Dialect::M1);
        assert_eq!(of("<remove name=\"left.newsletter\"/>"), Dialect::M1);
        assert_eq!(of("<update handle=\"page_three_columns\"/>"), Dialect::M1);
        assert_eq!(
            of(
                "<body><referenceContainer name=\"content\"><block class=\"A\\B\" name=\"x\"/></referenceContainer></body>"
            ),
            Dialect::M2
        );
        assert_eq!(
            of(
                "<referenceBlock name=\"x\"><action method=\"setX\"><argument name=\"a\" xsi:type=\"string\">1</argument></action></referenceBlock>"
            ),
            Dialect::M2
        );
        assert_eq!(of("<reference name=\"left\"><block type=\"x\">"), Dialect::M1, "no XML, and still Magento 1's");
        assert_eq!(
            of("<block class=\"A\\B\"><argument xsi:type=\"string\">"),
            Dialect::M2,
            "no XML, and not Magento 1's"
        );
    }

    #[test]
    fn each_construct_says_what_becomes_of_it() {
        let it = read(
            "<reference name=\"left\"><block type=\"cms/block\" name=\"x\"><action method=\"setBlockId\"><id>a</id></action></block></reference><remove name=\"right.poll\"/>",
        );
        assert_eq!(it.conversions[0], "<reference name=\"left\">: <referenceContainer name=\"sidebar.main\">");
        assert!(it.conversions[1].contains("Magento\\Cms\\Block\\Block"), "{:?}", it.conversions);
        assert_eq!(it.conversions[2], "<action method=\"setBlockId\">: <arguments> of the block");
        assert_eq!(it.conversions[3], "<remove name=\"right.poll\">: nothing to remove in Magento 2");
        assert_eq!(read("<update handle=\"page_one_column\"/>").only_page_layout.as_deref(), Some("1column"));
        assert_eq!(read("<referenceContainer name=\"left\"/>").lost_targets, ["left"]);
    }

    #[test]
    fn hostile_texts_cost_nothing_and_are_said_to_be_malformed() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;\">]><a>&c;</a>";
        let deep = "<a>".repeat(1_600_000);
        let nested = format!("{}{}", "<a>".repeat(20_000), "</a>".repeat(20_000));
        for text in [bomb, &deep, &nested, "<a>\0</a>", "<reference name=", "&undefined;"] {
            assert!(read(text).malformed.is_some(), "{}", &text[..text.len().min(40)]);
        }
    }
}
