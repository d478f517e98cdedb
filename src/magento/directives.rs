//! Directives in texts: `{{widget type="…"}}`, `{{block type="…"}}`, `{{skin url="…"}}`
//! (`Mage_Cms_Model_Template_Filter`, `Magento\Widget\Model\Template\Filter`).

use memchr::memmem;
use serde::{Deserialize, Serialize};

/// A directive that the two platforms treat in different ways. All others are passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directive {
    /// What it is.
    pub name: Name,
    /// Its `type`, or in Magento 2 the `class` of a block; empty if it has none.
    pub kind: String,
    /// Whether it is a block named by `type`: Magento 2 looks at `class` and `id` alone.
    pub is_typed: bool,
    /// How it begins.
    pub text: String,
    /// The line of the text that it stands in, from 1.
    pub line: usize,
    /// The CMS block or page that it shows or leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<Reference>,
}

/// A CMS block or page that a directive names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reference {
    /// A block, by its identifier or id.
    Block(String),
    /// A page, by its id.
    Page(u64),
}

/// The names of these directives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Name {
    /// `{{widget …}}`.
    Widget,
    /// `{{block …}}`.
    Block,
    /// `{{skin …}}`, which Magento 2 calls `{{view …}}`.
    Skin,
}

/// Longer than any name that is looked for.
const LONGEST_NAME: usize = 8;

/// Longer than any directive: what is not closed by then is none.
const LONGEST: usize = 8 * 1024;

/// How much of a directive is kept.
const KEPT: usize = 160;

impl Directive {
    /// Why Magento 2 does not honour it, and what it needs instead; none if it does.
    pub fn why_dead(&self) -> Option<String> {
        match self.name {
            Name::Skin => Some("{{view url=\"…\"}} with a file of the theme instead".to_owned()),
            Name::Block if self.is_typed => {
                let class = super::layout::block_class(&self.kind).map_or("", |(class, _)| class);
                Some(match class {
                    "" if self.kind.contains('\\') => "class instead of type".to_owned(),
                    "" => "Magento 2 has no such block: remove it, or use what replaces the feature".to_owned(),
                    class => format!("class=\"{class}\" instead of the type, the other parameters as they are"),
                })
            }
            Name::Widget if self.is_of_m1() => Some(match super::layout::widget_classes(&self.kind).next() {
                Some(class) => format!("type=\"{class}\" instead"),
                None => "a type of its successor, if it has one".to_owned(),
            }),
            Name::Widget | Name::Block => None,
        }
    }

    /// Whether its type is an alias of Magento 1: classes have backslashes.
    fn is_of_m1(&self) -> bool {
        self.kind.contains('/') && !self.kind.contains('\\')
    }
}

/// The directives of a text, in their order. A text without any costs one search.
pub fn read(text: &[u8]) -> Vec<Directive> {
    let mut found = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for at in memmem::find_iter(text, b"{{") {
        let rest = &text[at + 2..];
        let word = rest.iter().take_while(|it| it.is_ascii_alphabetic()).take(LONGEST_NAME);
        let name = match word.map(u8::to_ascii_lowercase).collect::<Vec<_>>().as_slice() {
            b"widget" => Name::Widget,
            b"block" => Name::Block,
            b"skin" => Name::Skin,
            _ => continue,
        };
        let Some(end) = memmem::find(&rest[..rest.len().min(LONGEST)], b"}}") else { continue };
        let inner = String::from_utf8_lossy(&rest[..end]);
        line += memchr::memchr_iter(b'\n', &text[counted..at]).count();
        counted = at;
        // Within quotes a backslash is written twice.
        let kind = parameter(&inner, "type").or_else(|| parameter(&inner, "class")).unwrap_or_default();
        let kind = kind.replace("\\\\", "\\");
        // Shown in one line, whatever its lines are.
        let one_line = inner.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = match one_line.char_indices().nth(KEPT) {
            Some((at, _)) => format!("{{{{{}…}}}}", &one_line[..at]),
            None => format!("{{{{{one_line}}}}}"),
        };
        let has = |it: &str| parameter(&inner, it).is_some();
        // An id counts in Magento 2 whatever the type is, and is that of a CMS block then.
        let is_typed = name == Name::Block && has("type") && !has("class");
        let refers = reference(name, &kind, is_typed, &inner);
        found.push(Directive { name, kind, is_typed, text: shown, line, refers });
    }
    found
}

/// Widgets of both platforms that show a block.
const BLOCK_WIDGETS: [&str; 2] = ["cms/widget_block", "Magento\\Cms\\Block\\Widget\\Block"];

/// Widgets of both platforms that lead to a page.
const PAGE_WIDGETS: [&str; 2] = ["cms/widget_page_link", "Magento\\Cms\\Block\\Widget\\Page\\Link"];

/// The class of a block that shows a CMS block.
const CMS_BLOCK: &str = "Magento\\Cms\\Block\\Block";

/// What a directive refers to (`Magento\Framework\Filter\Template::blockDirective`, and the widgets' parameters).
fn reference(name: Name, kind: &str, is_typed: bool, inner: &str) -> Option<Reference> {
    let given = |it: &str| parameter(inner, it).filter(|it| !it.is_empty() && !it.contains(['{', '$']));
    match name {
        Name::Block if is_typed || kind.is_empty() => given("id").map(Reference::Block),
        Name::Block if kind == CMS_BLOCK => given("block_id").map(Reference::Block),
        Name::Widget if BLOCK_WIDGETS.contains(&kind) => given("block_id").map(Reference::Block),
        Name::Widget if PAGE_WIDGETS.contains(&kind) => given("page_id")?.parse().ok().map(Reference::Page),
        Name::Block | Name::Widget | Name::Skin => None,
    }
}

/// A parameter: in double or single quotes, encoded ones too, or bare up to a blank.
fn parameter(inner: &str, name: &str) -> Option<String> {
    let decoded = inner.replace("&quot;", "\"");
    for (at, _) in decoded.match_indices(&format!("{name}=")) {
        // `block_type=` is another parameter.
        if decoded[..at].chars().next_back().is_some_and(|it| !it.is_whitespace()) {
            continue;
        }
        let value = &decoded[at + name.len() + 1..];
        let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''));
        return Some(match quote {
            Some(quote) => value[1..].split(quote).next().unwrap_or_default().to_owned(),
            None => value.split_whitespace().next().unwrap_or_default().to_owned(),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_of_several_lines_is_shown_in_one() {
        let text = b"{{block type=\"catalog/product_new\"\n    products_count=\"4\"}}";
        assert_eq!(read(text)[0].text, "{{block type=\"catalog/product_new\" products_count=\"4\"}}");
    }

    #[test]
    fn directives_are_read_in_all_quotings() {
        let text = b"<p>{{widget type=\"cms/widget_block\" block_id=\"3\"}}</p>\n{{media url='x.jpg'}}\n\n\
            {{block type='core/template' template='a.phtml'}}{{skin url=images/a.png}} {{widget block_type=\"no\" type=&quot;A\\\\B&quot;}}{{block id=\"x\"}}{{open";
        let found = read(text);
        let shown: Vec<(Name, &str, usize)> = found.iter().map(|it| (it.name, it.kind.as_str(), it.line)).collect();
        assert_eq!(
            shown,
            [
                (Name::Widget, "cms/widget_block", 1),
                (Name::Block, "core/template", 4),
                (Name::Skin, "", 4),
                (Name::Widget, "A\\B", 4),
                (Name::Block, "", 4),
            ]
        );
        assert_eq!(found[0].refers, Some(Reference::Block("3".to_owned())));
        assert_eq!(found[4].refers, Some(Reference::Block("x".to_owned())));
        let page = read(b"{{widget type=\"Magento\\\\Cms\\\\Block\\\\Widget\\\\Page\\\\Link\" page_id=\"7\"}}");
        assert_eq!(page[0].refers, Some(Reference::Page(7)));
        // Nothing is closed, and nothing takes long.
        assert_eq!(read("{{".repeat(500_000).as_bytes()), []);
        assert_eq!(read("{{widget ".repeat(50_000).as_bytes()), []);
        assert_eq!(read(b"{{Widget type=\"a/b\"}}").len(), 1);
        let dead: Vec<bool> = found.iter().map(|it| it.why_dead().is_some()).collect();
        assert_eq!(dead, [true, true, true, false, false]);
        assert!(found[0].why_dead().unwrap().contains("Magento\\Cms\\Block\\Widget\\Block"));
    }
}
