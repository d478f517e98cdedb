//! Texts of the store: CMS pages and blocks, e-mails and newsletters, categories and products, by
//! the directives in them. The texts themselves are not kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::catalog::{self, ENTITIES, EntityKind, Names, TEXTS};
use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use super::version::Version;
use crate::known::Known;
use crate::magento::directives::{self, Directive};
use crate::pair::Pair;
use crate::source::tables::{CellError, Read, Row, Tables};

/// Texts of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Content {
    /// All CMS pages and blocks; of everything else what has a directive that matters.
    pub texts: Vec<Text>,
    /// Kinds of texts of which not everything is known: what is not among them may be there all the same.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub partly_known: BTreeSet<TextKind>,
    /// What could not be read, in snapshots of the first version ([`Snapshot::gaps`](super::Snapshot::gaps)).
    #[serde(default, skip_serializing)]
    pub lacks: Vec<String>,
}

impl Content {
    /// The texts that are shown now.
    pub fn shown(&self, now: Timestamp) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(move |it| it.version.is_shown(now))
    }
}

/// A text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Whose it is.
    pub kind: TextKind,
    /// The natural key: an identifier, a template's code, a category's id, a SKU.
    pub key: String,
    /// Its name in findings where that is not the key: an id that the migration tool keeps.
    pub id: u64,
    /// Its store views; 0 is all.
    pub stores: Vec<u64>,
    /// Whether it can be seen.
    pub is_active: bool,
    /// When this version is shown.
    pub version: Version,
    /// The directives that the platforms treat in different ways.
    pub directives: Vec<Directive>,
    /// How long a page or block is, in bytes; none of other texts, and in snapshots by older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
    /// Whether Page Builder made it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_of_page_builder: bool,
    /// Whether it is what an installer writes, to be replaced.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_placeholder: bool,
}

impl Text {
    /// An empty text of a kind, that is shown.
    pub fn of(kind: TextKind) -> Self {
        Self {
            kind,
            key: String::new(),
            id: 0,
            stores: Vec::new(),
            is_active: true,
            version: Version::default(),
            directives: Vec::new(),
            length: None,
            is_of_page_builder: false,
            is_placeholder: false,
        }
    }

    /// Its key in findings. Templates are known by the id that the tool keeps, everything else by its key.
    pub fn subject(&self) -> String {
        match self.kind {
            TextKind::Email | TextKind::Newsletter => format!("{}:{}", self.kind.code(), self.id),
            _ => format!("{}:{}", self.kind.code(), self.key),
        }
    }
}

/// Whose a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TextKind {
    /// A CMS page.
    Page,
    /// A CMS block.
    Block,
    /// A template of e-mails.
    Email,
    /// A template of newsletters.
    Newsletter,
    /// A category.
    Category,
    /// A product.
    Product,
}

impl TextKind {
    /// All of them.
    const ALL: [Self; 6] = [Self::Page, Self::Block, Self::Email, Self::Newsletter, Self::Category, Self::Product];

    /// The word that findings use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Page => "cms_page",
            Self::Block => "cms_block",
            Self::Email => "email",
            Self::Newsletter => "newsletter",
            Self::Category => "category",
            Self::Product => "product",
        }
    }
}

/// What Page Builder writes into every text of its own.
const PAGE_BUILDER: &[u8] = b"data-content-type=";

/// Sentences of the home page and of the privacy policy that installers write (`Magento\Cms\Setup\Patch\Data`; Magento 1's
/// policy has the same one, its home page is a heading alone).
const PLACEHOLDERS: [&str; 3] = [
    "CMS homepage content goes here.",
    "Please replace this text with you Privacy Policy",
    "<div class=\"page-title\"><h2>Home Page</h2></div>",
];

const PAGES: Read = Read::table("cms_page").columns(&["page_id", "identifier", "is_active", "content"]).optional(&[
    "row_id",
    "created_in",
    "updated_in",
]);
const PAGE_STORES: Read = Read::table("cms_page_store").columns(&["store_id"]).optional(&["page_id", "row_id"]);
const BLOCKS: Read = Read::table("cms_block").columns(&["block_id", "identifier", "is_active", "content"]).optional(&[
    "row_id",
    "created_in",
    "updated_in",
]);
const BLOCK_STORES: Read = Read::table("cms_block_store").columns(&["store_id"]).optional(&["block_id", "row_id"]);
const EMAILS: Pair<Read> = Pair {
    m1: Read::table("core_email_template").columns(&["template_id", "template_code", "template_text"]),
    m2: Read::table("email_template").columns(&["template_id", "template_code", "template_text"]),
};
const NEWSLETTERS: Read =
    Read::table("newsletter_template").columns(&["template_id", "template_code", "template_text"]);
const TYPES: Read = Read::table("eav_entity_type").columns(&["entity_type_id", "entity_type_code"]);
const ATTRIBUTES: Read = Read::table("eav_attribute").only_in("backend_type", &["text"]).columns(&[
    "attribute_id",
    "entity_type_id",
    "attribute_code",
]);

/// Content that is being read.
#[derive(Default)]
pub(super) struct ContentReader {
    /// Texts by their row: with staging, one page has several.
    found: Vec<(u64, Text)>,
    stores: BTreeMap<(TextKind, u64), Vec<u64>>,
    types: BTreeMap<u64, EntityKind>,
    /// Attributes that are texts, with their entity types.
    attributes: Vec<(u64, u64)>,
    /// Directives of the catalog's texts by kind, entity and store view.
    of_catalog: BTreeMap<(EntityKind, u64, u64), Vec<Directive>>,
    names: Names,
}

impl ContentReader {
    fn cms(&mut self, kind: TextKind, id: &'static str, row: &Row<'_>) -> Result<(), CellError> {
        let id = row.id(id)?;
        let content = row.bytes("content").unwrap_or_default();
        self.found.push((
            row.number("row_id")?.unwrap_or(id),
            Text {
                key: row.text("identifier").unwrap_or_default(),
                id,
                is_active: row.flag("is_active")?,
                version: Version::of(row)?,
                directives: directives::read(content),
                length: Some(content.trim_ascii().len() as u64),
                is_of_page_builder: memchr::memmem::find(content, PAGE_BUILDER).is_some(),
                is_placeholder: PLACEHOLDERS.iter().any(|it| memchr::memmem::find(content, it.as_bytes()).is_some()),
                ..Text::of(kind)
            },
        ));
        Ok(())
    }

    fn store(&mut self, kind: TextKind, id: &'static str, row: &Row<'_>) -> Result<(), CellError> {
        let of = match row.number("row_id")? {
            Some(row_id) => row_id,
            None => row.id(id)?,
        };
        self.stores.entry((kind, of)).or_default().push(row.id("store_id")?);
        Ok(())
    }

    fn template(&mut self, kind: TextKind, row: &Row<'_>) -> Result<(), CellError> {
        let directives = directives::read(row.bytes("template_text").unwrap_or_default());
        if !directives.is_empty() {
            let id = row.id("template_id")?;
            let key = row.text("template_code").unwrap_or_default();
            self.found.push((id, Text { key, id, stores: vec![0], directives, ..Text::of(kind) }));
        }
        Ok(())
    }

    fn entity_type(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        if let Some(kind) = EntityKind::of_type(&row.text("entity_type_code").unwrap_or_default()) {
            self.types.insert(row.id("entity_type_id")?, kind);
        }
        Ok(())
    }

    fn attribute(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        // Layout updates have an area of their own.
        if row.bytes("attribute_code") != Some(b"custom_layout_update") {
            self.attributes.push((row.id("attribute_id")?, row.id("entity_type_id")?));
        }
        Ok(())
    }

    fn attributes_of(&self, kind: EntityKind) -> Vec<u64> {
        let own = self.attributes.iter().filter(|(_, entity_type)| self.types.get(entity_type) == Some(&kind));
        own.map(|(id, _)| *id).collect()
    }

    fn text(&mut self, kind: EntityKind, row: &Row<'_>) -> Result<(), CellError> {
        let directives = directives::read(row.bytes("value").unwrap_or_default());
        if !directives.is_empty() {
            let place = (kind, catalog::key(row)?, row.id("store_id")?);
            self.of_catalog.entry(place).or_default().extend(directives);
        }
        Ok(())
    }
}

impl FactReader for ContentReader {
    type Value = Content;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let mut asks = vec![
            // A foreign key leads from either table of store views to the texts.
            Ask::optional(PAGES, |reader: &mut Self, row| reader.cms(TextKind::Page, "page_id", row))
                .never_empty_beside(&[PAGE_STORES]),
            Ask::optional(PAGE_STORES, |reader: &mut Self, row| reader.store(TextKind::Page, "page_id", row))
                .never_empty_beside(&[PAGES]),
            Ask::optional(BLOCKS, |reader: &mut Self, row| reader.cms(TextKind::Block, "block_id", row))
                .never_empty_beside(&[BLOCK_STORES]),
            Ask::optional(BLOCK_STORES, |reader: &mut Self, row| reader.store(TextKind::Block, "block_id", row))
                .never_empty_beside(&[BLOCKS]),
            Ask::optional(*EMAILS.of(ground.side), |reader: &mut Self, row| reader.template(TextKind::Email, row)),
            Ask::optional(NEWSLETTERS, |reader: &mut Self, row| reader.template(TextKind::Newsletter, row)),
            Ask::optional(TYPES, Self::entity_type).never_empty(),
            Ask::optional(ATTRIBUTES, Self::attribute),
            Ask::optional(catalog::ATTRIBUTES, |_: &mut Self, _| ()).never_empty(),
        ];
        for (kind, read) in EntityKind::BOTH.into_iter().zip(TEXTS) {
            let text = move |reader: &mut Self, row: &Row<'_>| reader.text(kind, row);
            let ids = move |reader: &Self| reader.attributes_of(kind);
            asks.push(Ask::optional(read, text).after(&[TYPES, ATTRIBUTES]).among("attribute_id", ids));
        }
        for (kind, read) in EntityKind::BOTH.into_iter().zip(ENTITIES) {
            let name = move |reader: &mut Self, row: &Row<'_>| reader.names.take(kind, row);
            let texts = TEXTS[usize::from(matches!(kind, EntityKind::Product))];
            asks.push(Ask::optional(read, name).after(&TEXTS).never_empty_beside(&[texts]));
        }
        asks
    }

    fn passed(&mut self, _: &Answers) {
        self.names.want(self.of_catalog.keys().map(|(kind, key, _)| (*kind, *key)));
    }

    /// Known if pages or blocks are.
    fn finish(self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<Content> {
        if let (Some(lack), Some(_)) = (answers.lack(&PAGES), answers.lack(&BLOCKS)) {
            return Known::Not(lack);
        }
        let mut all: Vec<Text> = Vec::new();
        for (row_id, mut text) in self.found {
            if let Some(stores) = self.stores.get(&(text.kind, row_id)) {
                text.stores.clone_from(stores);
                text.stores.sort_unstable();
            }
            all.push(text);
        }
        for ((kind, key, store), directives) in self.of_catalog {
            let Some((name, version)) = self.names.name(kind, key) else { continue };
            let kind = match kind {
                EntityKind::Category => TextKind::Category,
                EntityKind::Product => TextKind::Product,
            };
            let key = name.to_owned();
            all.push(Text { key, stores: vec![store], version, directives, ..Text::of(kind) });
        }
        all.sort_by(|one, other| {
            (one.kind, one.id, &one.key, &one.stores).cmp(&(other.kind, other.id, &other.key, &other.stores))
        });
        let has_gap = |kind: &TextKind| {
            let of_catalog = |at: usize| answers.has_gap(&[TYPES, ATTRIBUTES, TEXTS[at], ENTITIES[at]]);
            match kind {
                TextKind::Page => answers.has_gap(&[PAGES, PAGE_STORES]),
                TextKind::Block => answers.has_gap(&[BLOCKS, BLOCK_STORES]),
                TextKind::Email => answers.has_gap(&[*EMAILS.of(ground.side)]),
                TextKind::Newsletter => answers.has_gap(&[NEWSLETTERS]),
                TextKind::Category => of_catalog(0),
                TextKind::Product => of_catalog(1),
            }
        };
        let partly_known = TextKind::ALL.into_iter().filter(has_gap).collect();
        Known::Is(Content { texts: all, partly_known, lacks: Vec::new() })
    }
}
