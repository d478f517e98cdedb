//! What becomes of each construct of Magento 1.

use roxmltree::Node;

use super::{Conversion, Verdict, page_layout};
use crate::magento::layout;

/// What becomes of an element of Magento 1; nothing if Magento 2 takes it as it is.
pub(super) fn conversions(node: &Node<'_, '_>) -> Vec<Conversion> {
    let attribute = |name: &str| node.attribute(name).unwrap_or_default();
    let name = attribute("name");
    match node.tag_name().name() {
        "reference" => vec![reference(name)],
        "block" => block(node),
        "action" => action(node).into_iter().collect(),
        "remove" if node.has_attribute("name") => vec![remove(name)],
        "update" => update(attribute("handle")).into_iter().collect(),
        tag @ ("label" | "module") => vec![Conversion::new(format!("<{tag}>"), Verdict::Lost, "nothing")],
        _ => Vec::new(),
    }
}

fn reference(name: &str) -> Conversion {
    let construct = format!("<reference name=\"{name}\">");
    match layout::name(name) {
        Some(it) if it.m2.is_empty() && !it.note.is_empty() => {
            Conversion::new(construct, Verdict::Lost, it.note.as_str())
        }
        Some(it) if it.m2.is_empty() => Conversion::new(construct, Verdict::Lost, "nothing in Magento 2 is called so"),
        Some(it) => {
            let tag = if it.kind.contains("container") { "referenceContainer" } else { "referenceBlock" };
            let verdict = if it.is_the_same() { Verdict::Exact } else { Verdict::Close };
            Conversion::new(construct, verdict, format!("<{tag} name=\"{}\">", it.m2))
        }
        None => {
            let instead = "<referenceBlock> or <referenceContainer>, if the name exists";
            Conversion::new(construct, Verdict::Invalid, instead)
        }
    }
}

fn block(node: &Node<'_, '_>) -> Vec<Conversion> {
    let mut found = Vec::new();
    let mut is_known = true;
    if let Some(kind) = node.attribute("type") {
        let construct = format!("<block type=\"{kind}\">");
        found.push(match layout::block_class(kind) {
            Some(("", _)) => Conversion::new(construct, Verdict::Lost, "no counterpart"),
            Some((class, "exact")) => Conversion::new(construct, Verdict::Exact, format!("<block class=\"{class}\">")),
            Some((class, _)) => Conversion::new(construct, Verdict::Close, format!("about <block class=\"{class}\">")),
            None => {
                is_known = false;
                Conversion::new(construct, Verdict::Invalid, "a block of an extension")
            }
        });
        if let Some(template) = node.attribute("template").filter(|it| is_known && !it.contains("::")) {
            let construct = format!("template=\"{template}\"");
            found.push(Conversion::new(construct, Verdict::Close, "the template of a module: Vendor_Module::path"));
        }
    }
    if let Some(parent) = node.attribute("parent") {
        let instead = "the block inside <referenceContainer> or <referenceBlock>";
        found.push(Conversion::new(format!("parent=\"{parent}\""), Verdict::Close, instead));
    }
    if node.attribute("output").is_some_and(|it| it != "1") {
        let construct = format!("output=\"{}\"", node.attribute("output").unwrap_or_default());
        found.push(Conversion::new(construct, Verdict::Exact, "output=\"1\", or nothing"));
    }
    found
}

fn action(node: &Node<'_, '_>) -> Option<Conversion> {
    let mut arguments = node.children().filter(Node::is_element);
    arguments.clone().find(|it| it.tag_name().name() != "argument")?;
    let method = node.attribute("method").unwrap_or_default();
    if let Some(page_layout) = page_layout(node) {
        let construct = format!("<action method=\"{method}\">");
        return Some(Conversion::new(construct, Verdict::Exact, format!("the page layout {page_layout}")));
    }
    let construct = format!("<action method=\"{method}\">");
    if arguments.any(|it| it.has_attribute("helper")) {
        let instead = "a class of your own: layout updates in the database take no helper";
        return Some(Conversion::new(construct, Verdict::Invalid, instead));
    }
    Some(match layout::action(method) {
        Some((instead, "none")) => Conversion::new(construct, Verdict::Lost, instead),
        Some((instead, _)) => Conversion::new(construct, Verdict::Close, instead),
        None => Conversion::new(construct, Verdict::Close, "<arguments> of the block"),
    })
}

fn remove(name: &str) -> Conversion {
    let construct = format!("<remove name=\"{name}\">");
    match layout::name(name) {
        Some(it) if it.m2.is_empty() => Conversion::new(construct, Verdict::Lost, "nothing to remove in Magento 2"),
        // What became a part of something else takes that with it.
        Some(it) if !it.is_the_same() => {
            let instead = if it.m2 == name {
                "Magento 2 calls something else so: look up what shows it".to_owned()
            } else {
                format!("no counterpart of its own: it became a part of {}, which holds more", it.m2)
            };
            Conversion::new(construct, Verdict::Lost, instead)
        }
        Some(it) => {
            let instead = format!("<referenceBlock name=\"{}\" remove=\"true\"/>", it.m2);
            Conversion::new(construct, Verdict::Exact, instead)
        }
        None => {
            let instead = "<referenceBlock name=\"…\" remove=\"true\"/>, if the name exists";
            Conversion::new(construct, Verdict::Invalid, instead)
        }
    }
}

fn update(name: &str) -> Option<Conversion> {
    let handle = layout::handle(name).filter(|it| *it != name)?;
    let construct = format!("<update handle=\"{name}\">");
    Some(match handle.split_once('=') {
        Some((_, page)) => Conversion::new(construct, Verdict::Exact, format!("the page layout {page}")),
        None if handle.is_empty() => Conversion::new(construct, Verdict::Lost, "no counterpart"),
        None => Conversion::new(construct, Verdict::Exact, format!("<update handle=\"{handle}\"/>")),
    })
}
