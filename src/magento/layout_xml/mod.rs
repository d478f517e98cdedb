//! Layout updates as they stand in a database: fragments without a root, of either platform.

mod conversions;

use std::fmt;

use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};

use self::conversions::conversions;
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

/// How a construct of Magento 1 can be said in Magento 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Verdict {
    /// By another word for the same.
    Exact,
    /// By something that is built in another way.
    Close,
    /// Not at all: what it named is not there any more.
    Lost,
    /// Magento 2 does not take it, and what it becomes depends on an extension or theme.
    Invalid,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Close, Self::Lost, Self::Invalid];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exact => "Converts exactly",
            Self::Close => "Converts closely",
            Self::Lost => "Has no counterpart",
            Self::Invalid => "Invalid in Magento 2, to be decided",
        }
    }
}

/// What becomes of a construct of Magento 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// As it stands in the text.
    pub construct: String,
    /// How well it can be said in Magento 2.
    pub verdict: Verdict,
    /// What is said instead.
    pub instead: String,
}

impl Conversion {
    fn new(construct: String, verdict: Verdict, instead: impl Into<String>) -> Self {
        Self { construct, verdict, instead: instead.into() }
    }
}

impl fmt::Display for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.construct, self.instead)
    }
}

/// What a layout update says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Whose it is.
    pub dialect: Dialect,
    /// Why it cannot be read as XML, if it cannot.
    pub malformed: Option<String>,
    /// What becomes of each construct of Magento 1.
    pub conversions: Vec<Conversion>,
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
    let wrapped = wrapped(text);
    let document = Document::parse(&wrapped).map_err(|it| why(&it))?;
    let mut layout = Layout::default();
    let mut page_layouts = Vec::new();
    let mut others = 0;
    for node in document.root_element().descendants().skip(1).filter(Node::is_element) {
        if layout.dialect == Dialect::Empty {
            layout.dialect = Dialect::M2;
        }
        // Arguments are named as their author liked.
        if node.ancestors().skip(1).any(|it| it.tag_name().name() == "action") {
            continue;
        }
        for conversion in conversions(&node) {
            layout.dialect = Dialect::M1;
            if !layout.conversions.contains(&conversion) {
                layout.conversions.push(conversion);
            }
        }
        match page_layout(&node) {
            Some(page_layout) => page_layouts.push(page_layout),
            // The element around a template of the whole page does nothing by itself.
            None if node.children().any(|it| page_layout(&it).is_some()) => {}
            None => others += 1,
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

/// A fragment with a root, on a line of its own: lines and columns stay those of the fragment.
fn wrapped(text: &str) -> String {
    format!("<layout xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n{text}\n</layout>")
}

/// Why a fragment is no XML, and where in it.
fn why(error: &roxmltree::Error) -> String {
    let position = error.pos();
    let said = error.to_string();
    let said = said.strip_suffix(&format!(" at {position}")).unwrap_or(&said);
    let said = match error {
        roxmltree::Error::UnexpectedCloseTag(expected, found, _) if found == "layout" => {
            return format!("<{expected}> is not closed");
        }
        _ => said,
    };
    format!("{said} in line {}, column {}", position.row.saturating_sub(1).max(1), position.col)
}

/// The page layout that an element chooses, if it does.
fn page_layout(node: &Node<'_, '_>) -> Option<String> {
    match node.tag_name().name() {
        "update" => {
            let handle = layout::handle(node.attribute("handle")?)?;
            handle.strip_prefix("page_layout=").map(str::to_owned)
        }
        "action" if node.attribute("method") == Some("setTemplate") => {
            let is_root = node.parent().is_some_and(|it| it.attribute("name") == Some("root"));
            let template = node.descendants().find(Node::is_text)?.text()?;
            layout::page_layout_of_template(template).filter(|_| is_root).map(str::to_owned)
        }
        _ => None,
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

/// A text with an element a line, indented by its depth; as it is where it is no XML.
///
/// What stands in an element without elements is left as it is written.
pub fn indented(text: &str) -> String {
    let wrapped = wrapped(text);
    let Ok(document) = Document::parse(&wrapped) else { return text.to_owned() };
    let mut lines = Vec::new();
    for node in document.root_element().children() {
        write(&node, 0, &wrapped, &mut lines);
    }
    lines.join("\n")
}

fn write(node: &Node<'_, '_>, depth: usize, source: &str, lines: &mut Vec<String>) {
    let mut push = |text: &str| {
        if !text.trim().is_empty() {
            lines.push(format!("{:width$}{}", "", text.trim(), width = 2 * depth));
        }
    };
    let (first, last) = (node.first_child(), node.last_child());
    match (first, last) {
        (Some(first), Some(last)) if node.children().any(|it| it.is_element() || it.is_comment()) => {
            push(&source[node.range().start..first.range().start]);
            for child in node.children() {
                write(&child, depth + 1, source, lines);
            }
            lines.push(format!(
                "{:width$}{}",
                "",
                source[last.range().end..node.range().end].trim(),
                width = 2 * depth
            ));
        }
        _ => push(&source[node.range()]),
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
        let said: Vec<(Verdict, String)> = it.conversions.iter().map(|it| (it.verdict, it.to_string())).collect();
        let expected = [
            (Verdict::Exact, "<reference name=\"left\">: <referenceContainer name=\"sidebar.main\">"),
            (Verdict::Exact, "<block type=\"cms/block\">: <block class=\"Magento\\Cms\\Block\\Block\">"),
            (Verdict::Close, "<action method=\"setBlockId\">: <argument name=\"block_id\" xsi:type=\"string\">"),
            (Verdict::Lost, "<remove name=\"right.poll\">: nothing to remove in Magento 2"),
        ];
        assert_eq!(said, expected.map(|(verdict, words)| (verdict, words.to_owned())));
        let verdict = |text: &str| read(text).conversions[0].verdict;
        assert_eq!(verdict("<block type=\"acme_blog/latest\"/>"), Verdict::Invalid);
        assert_eq!(verdict("<action method=\"setX\"><x helper=\"a/b/c\"/></action>"), Verdict::Invalid);
        assert_eq!(verdict("<action method=\"unsetCallChild\"><x/></action>"), Verdict::Lost);
        assert_eq!(read("<update handle=\"page_one_column\"/>").only_page_layout.as_deref(), Some("1column"));
        assert_eq!(read("<referenceContainer name=\"left\"/>").lost_targets, ["left"]);
    }

    #[test]
    fn an_element_is_a_line() {
        let text =
            "<reference name=\"left\">   <block type=\"a/b\"><!-- why --></block></reference><remove name=\"x\"/>";
        assert_eq!(
            indented(text),
            "<reference name=\"left\">\n  <block type=\"a/b\">\n    <!-- why -->\n  </block>\n</reference>\n<remove name=\"x\"/>"
        );
        assert_eq!(indented("<a><b></a>"), "<a><b></a>");
        let text = "<a><text>Tom &amp; Jerry &lt;b&gt; fun</text></a>";
        assert_eq!(indented(text), "<a>\n  <text>Tom &amp; Jerry &lt;b&gt; fun</text>\n</a>");
    }

    #[test]
    fn what_is_not_well_formed_says_where_in_the_text_itself() {
        let why = |text: &str| read(text).malformed.unwrap();
        assert_eq!(why("<reference name=\"content\">"), "<reference> is not closed");
        assert_eq!(why("<a/>\n<b x=1/>"), "expected a quote not '1' in line 2, column 6");
    }

    #[test]
    fn a_page_layout_may_be_chosen_by_the_template_of_the_root() {
        let text = "<reference name=\"root\"><action method=\"setTemplate\"><template>page/3columns.phtml</template></action></reference>";
        assert_eq!(read(text).only_page_layout.as_deref(), Some("3columns"));
        let more = format!("{text}<remove name=\"left\"/>");
        assert_eq!(read(&more).page_layout.as_deref(), Some("3columns"));
        assert_eq!(read(&more).only_page_layout, None);
    }

    #[test]
    fn advice_takes_away_no_more_than_was_taken_away() {
        let said = |text: &str| read(text).conversions[0].clone();
        assert_eq!(said("<remove name=\"left\"/>").verdict, Verdict::Exact);
        for name in
            ["my.account.wrapper", "left_first", "left.newsletter", "product.info.container1", "page.breadcrumbs"]
        {
            assert_eq!(said(&format!("<remove name=\"{name}\"/>")).verdict, Verdict::Lost, "{name}");
        }
        // Arguments are not judged.
        let text = "<reference name=\"left\"><action method=\"addLink\"><label>About</label></action></reference>";
        assert_eq!(read(text).conversions.len(), 2);
        assert_eq!(
            said("<update handle=\"CATEGORY_12\"/>").instead,
            "<update handle=\"catalog_category_view_id_12\"/>"
        );
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
