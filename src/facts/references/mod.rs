//! What refers to files of the media folder.
//!
//! A large shop has millions of references: each is twelve bytes, and paths and
//! SKUs lie in one piece of memory each. Texts are scanned while they stream.

mod paths;
mod reader;
mod sources;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use paths::{Interner, Sorted, Texts};
pub(super) use reader::ReferencesReader;
pub use reader::mark;
pub(super) use table::{read as read_table, write as write_table};

/// What refers to files of one side's media folder.
///
/// As text it is only what is not in the table of the references.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct References {
    /// Paths below the media folder, in the order of their bytes.
    #[serde(skip)]
    paths: Sorted,
    /// By path, then by who refers.
    #[serde(skip)]
    all: Vec<Reference>,
    /// Names of those that are known by a name and not by an id.
    #[serde(skip)]
    names: Names,
    /// Paths of the configuration and names of tables, by the ids of those that refer.
    config: Vec<String>,
    /// Folders of which it is not known whether anything refers to a file, in order.
    pub unknown: BTreeSet<String>,
    /// Files that the media gallery knows (`media_gallery_asset`), by the hashes of their paths; none
    /// if the store has no such index. Magento 2.4.
    #[serde(with = "as_base64")]
    pub assets: Option<Vec<u64>>,
    /// What could not be read of it.
    pub lacks: Vec<String>,
}

/// A reference to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    path: u32,
    user: User,
    id: u32,
    flags: u8,
}

/// Who refers to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum User {
    /// A product, by its gallery, an attribute or a text.
    Product,
    /// A category.
    Category,
    /// A CMS page.
    Page,
    /// A CMS block.
    Block,
    /// A template of e-mails.
    Email,
    /// A template of newsletters.
    Newsletter,
    /// A setting.
    Config,
    /// A widget.
    Widget,
    /// A custom variable.
    Variable,
    /// An option of an attribute, by its swatch.
    Option,
    /// A file that customers download.
    Download,
    /// A customer.
    Customer,
    /// The address of a customer.
    Address,
    /// An order, by a file that its customer sent.
    Order,
    /// A quote, by a file that its customer sent.
    Quote,
    /// A download that was bought.
    Purchase,
    /// An item of a wishlist, by a file that its customer sent.
    Wishlist,
    /// A newsletter that was sent.
    Letter,
    /// The terms and conditions.
    Agreement,
    /// A banner. Commerce.
    Banner,
    /// A template of the page builder.
    Template,
    /// A table of an extension.
    Table,
}

impl User {
    const ALL: [Self; 22] = [
        Self::Product,
        Self::Category,
        Self::Page,
        Self::Block,
        Self::Email,
        Self::Newsletter,
        Self::Config,
        Self::Widget,
        Self::Variable,
        Self::Option,
        Self::Download,
        Self::Customer,
        Self::Address,
        Self::Order,
        Self::Quote,
        Self::Purchase,
        Self::Wishlist,
        Self::Letter,
        Self::Agreement,
        Self::Banner,
        Self::Template,
        Self::Table,
    ];

    /// The word that tables use: one of its own for each.
    const fn word(self) -> &'static str {
        if matches!(self, Self::Download) { "download" } else { self.code() }
    }

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// The word that findings use.
    const fn code(self) -> &'static str {
        match self {
            // What is downloaded belongs to a product.
            Self::Product | Self::Download => "product",
            Self::Category => "category",
            Self::Page => "cms_page",
            Self::Block => "cms_block",
            Self::Email => "email",
            Self::Newsletter => "newsletter",
            Self::Config => "config",
            Self::Widget => "widget",
            Self::Variable => "variable",
            Self::Option => "attribute_option",
            Self::Customer => "customer",
            Self::Address => "customer_address",
            Self::Order => "order",
            Self::Quote => "quote",
            Self::Purchase => "purchased_link",
            Self::Wishlist => "wishlist_item",
            Self::Letter => "newsletter_queue",
            Self::Agreement => "checkout_agreement",
            Self::Banner => "banner",
            Self::Template => "pagebuilder_template",
            Self::Table => "table",
        }
    }
}

/// Where the file of an attribute lies is not certain: it counts as used, never as broken.
const GUESS: u8 = 1;
/// Several rows of the gallery say so.
const REPEATED: u8 = 2;
/// The value has slashes that are too many or too few.
const SLASHES: u8 = 4;
/// Not shown in any store view.
const HIDDEN: u8 = 8;
/// From the gallery of a product.
const GALLERY: u8 = 16;

impl Reference {
    /// Whether the file is surely meant.
    pub const fn is_certain(self) -> bool {
        self.flags & GUESS == 0
    }

    /// Whether several rows of a product's gallery name the file.
    pub const fn is_repeated(self) -> bool {
        self.flags & REPEATED != 0
    }

    /// Whether the value does not begin with one slash, or has two in a row.
    pub const fn has_odd_slashes(self) -> bool {
        self.flags & SLASHES != 0
    }

    /// Whether the picture is hidden in the gallery.
    pub const fn is_hidden(self) -> bool {
        self.flags & HIDDEN != 0
    }

    /// Whether it is from the gallery of a product.
    pub const fn is_of_gallery(self) -> bool {
        self.flags & GALLERY != 0
    }
}

/// Names by id.
#[derive(Clone, Debug, Default)]
struct Names {
    /// Ids in order, with the number of the name.
    numbers: Vec<(u32, u32)>,
    texts: Texts,
}

impl Names {
    fn get(&self, id: u32) -> Option<&[u8]> {
        let at = self.numbers.binary_search_by_key(&id, |(it, _)| *it).ok()?;
        Some(self.texts.get(self.numbers[at].1))
    }
}

impl References {
    /// All paths that are referred to, in the order of their bytes, with the references.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[Reference])> {
        self.all.chunk_by(|one, other| one.path == other.path).map(|it| (self.paths.get(it[0].path), it))
    }

    /// The references to a file.
    pub fn to(&self, path: &[u8]) -> &[Reference] {
        let Some(number) = self.paths.find(path) else { return &[] };
        let start = self.all.partition_point(|it| it.path < number);
        let end = self.all.partition_point(|it| it.path <= number);
        &self.all[start..end]
    }

    /// How many paths there are, each with a place of its own.
    pub fn places(&self) -> usize {
        self.paths.len()
    }

    /// The place of a path, asked for in an order that is nearly that of their bytes: the search goes
    /// on at the hint.
    pub fn place_from(&self, path: &[u8], hint: &mut usize) -> Option<usize> {
        self.paths.find_from(path, hint).map(|it| it as usize)
    }

    /// The path at a place.
    pub fn path_at(&self, place: usize) -> &[u8] {
        u32::try_from(place).map_or(&[], |it| self.paths.get(it))
    }

    /// The place of a path.
    pub fn place(&self, path: &[u8]) -> Option<usize> {
        self.paths.find(path).map(|it| it as usize)
    }

    /// How many references there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether nothing refers to anything.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether it is not known if anything refers to a file.
    pub fn is_unknown(&self, path: &[u8]) -> bool {
        self.unknown.iter().any(|folder| {
            folder.is_empty() || path.strip_prefix(folder.as_bytes()).is_some_and(|rest| rest.starts_with(b"/"))
        })
    }

    /// The name of who refers, if it is known by one.
    fn name(&self, reference: Reference) -> Option<Cow<'_, str>> {
        match reference.user {
            User::Product | User::Download => self.names.get(reference.id).map(String::from_utf8_lossy),
            User::Config | User::Table => self.config.get(reference.id as usize).map(|it| it.as_str().into()),
            _ => None,
        }
    }

    /// Who refers, in the words of findings: `product SKU`, `cms_page 5`.
    pub fn words(&self, reference: Reference) -> String {
        let name = self.name(reference).unwrap_or_else(|| reference.id.to_string().into());
        format!("{} {name}", reference.user.code())
    }
}

/// Marks of many paths in a file of facts: as one text.
mod as_base64 {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    #[expect(clippy::ref_option, reason = "the form that serde asks for")]
    pub(super) fn serialize<S: Serializer>(marks: &Option<Vec<u64>>, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = |marks: &Vec<u64>| marks.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<u8>>();
        marks.as_ref().map(|it| STANDARD.encode(bytes(it))).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<u64>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        let marks = |text: String| {
            let bytes = STANDARD.decode(text).map_err(de::Error::custom)?;
            let (marks, rest) = bytes.as_chunks::<8>();
            if rest.is_empty() {
                Ok(marks.iter().map(|it| u64::from_le_bytes(*it)).collect())
            } else {
                Err(de::Error::custom("marks are of eight bytes each"))
            }
        };
        text.map(marks).transpose()
    }
}

#[cfg(test)]
impl References {
    /// References of pages, by their paths and the pages' ids.
    pub(crate) fn of_pages(references: &[(&str, u64)]) -> Self {
        let mut collector = Collector::default();
        for (path, id) in references {
            collector.add(path.as_bytes(), User::Page, *id, 0);
        }
        collector.finish(Names::default(), false)
    }
}

/// References that are being collected.
#[derive(Debug, Default)]
struct Collector {
    paths: Interner,
    all: Vec<Reference>,
    config: Vec<String>,
    /// Whether there were more than there is room for.
    is_full: bool,
}

impl Collector {
    fn add(&mut self, path: &[u8], user: User, id: u64, flags: u8) {
        match (self.paths.number(path), u32::try_from(id)) {
            (Some(path), Ok(id)) => self.all.push(Reference { path, user, id, flags }),
            _ => self.is_full = true,
        }
    }

    fn add_config(&mut self, path: &[u8], setting: &str, flags: u8) {
        let at = self.word(setting);
        self.add(path, User::Config, at, flags);
    }

    /// What an extension means by a path is not certain.
    fn add_table(&mut self, path: &[u8], table: &str) {
        let at = self.word(table);
        self.add(path, User::Table, at, GUESS);
    }

    fn word(&mut self, word: &str) -> u64 {
        let at = self.config.iter().position(|it| it == word).unwrap_or_else(|| {
            self.config.push(word.to_owned());
            self.config.len() - 1
        });
        at as u64
    }

    fn finish(mut self, names: Names, are_products_known: bool) -> References {
        // Rows that a deleted product left behind use nothing.
        if are_products_known {
            self.all.retain(|it| it.user != User::Product || names.get(it.id).is_some());
        }
        // Texts alone are kept: what finds them while they come in is as large as they are.
        let (paths, place) = Sorted::of(std::mem::take(&mut self.paths).texts);
        for reference in &mut self.all {
            reference.path = place[reference.path as usize];
        }
        self.all.sort_unstable();
        // Of several references of one to the same file one is kept. Rows of the gallery are counted,
        // and what is shown anywhere is not hidden.
        self.all.dedup_by(|again, first| {
            let is_same = (again.path, again.user, again.id) == (first.path, first.user, first.id);
            if is_same {
                let is_repeated = again.is_of_gallery() && first.is_of_gallery();
                let are_all = GUESS | HIDDEN;
                let any = (again.flags | first.flags) & !are_all;
                first.flags = any | (again.flags & first.flags & are_all) | if is_repeated { REPEATED } else { 0 };
            }
            is_same
        });
        self.all.shrink_to_fit();
        let mut lacks = Vec::new();
        let mut unknown = BTreeSet::new();
        if self.is_full {
            lacks.push("there are more references to media files than can be kept".to_owned());
            unknown.insert(String::new());
        }
        References { paths, all: self.all, names, config: self.config, unknown, assets: None, lacks }
    }
}
