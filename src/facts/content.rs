//! Texts of the store: CMS pages and blocks, e-mails and newsletters, categories and products, by
//! the directives in them. The texts themselves are not kept.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::catalog::{self, Entities, EntityKind};
use super::version::Version;
use super::{Gather, lack_of};
use crate::known::Known;
use crate::magento::directives::{self, Directive};
use crate::pair::{Pair, Side};
use crate::source::tables::{CellError, Condition, Ids, Read, ReadError, Row};

/// Texts of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Content {
    /// All CMS pages and blocks; of everything else what has a directive that matters.
    pub texts: Vec<Text>,
    /// What could not be read of it.
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
}

impl Text {
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

const PAGES: Read = Read::table("cms_page").columns(&["page_id", "identifier", "is_active"]).optional(&[
    "content",
    "row_id",
    "created_in",
    "updated_in",
]);
const PAGE_STORES: Read = Read::table("cms_page_store").columns(&["store_id"]).optional(&["page_id", "row_id"]);
const BLOCKS: Read = Read::table("cms_block").columns(&["block_id", "identifier", "is_active"]).optional(&[
    "content",
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

/// Content that is being read: everything but texts of the catalog.
pub(super) struct Reading {
    side: Side,
    /// Texts by their row: with staging, one page has several.
    found: Vec<(u64, Text)>,
    stores: BTreeMap<(TextKind, u64), Vec<u64>>,
    types: BTreeMap<u64, EntityKind>,
    attributes: Vec<(u64, u64)>,
    outcomes: Vec<Result<(), ReadError>>,
}

pub(super) fn gather(side: Side) -> Reading {
    Reading {
        side,
        found: Vec::new(),
        stores: BTreeMap::new(),
        types: BTreeMap::new(),
        attributes: Vec::new(),
        outcomes: Vec::new(),
    }
}

impl Gather for Reading {
    fn reads(&self) -> Vec<Read> {
        vec![PAGES, PAGE_STORES, BLOCKS, BLOCK_STORES, *EMAILS.of(self.side), NEWSLETTERS, TYPES, ATTRIBUTES]
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        match which {
            0 => self.cms(TextKind::Page, "page_id", row)?,
            1 => self.store(TextKind::Page, "page_id", row)?,
            2 => self.cms(TextKind::Block, "block_id", row)?,
            3 => self.store(TextKind::Block, "block_id", row)?,
            4 => self.template(TextKind::Email, row)?,
            5 => self.template(TextKind::Newsletter, row)?,
            6 => {
                let code = row.text("entity_type_code").unwrap_or_default();
                if let Some(kind) = EntityKind::of_type(&code) {
                    self.types.insert(row.id("entity_type_id")?, kind);
                }
            }
            _ => {
                // Layout updates have an area of their own.
                if row.bytes("attribute_code") != Some(b"custom_layout_update") {
                    self.attributes.push((row.id("attribute_id")?, row.id("entity_type_id")?));
                }
            }
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}

impl Reading {
    fn cms(&mut self, kind: TextKind, id: &'static str, row: &Row<'_>) -> Result<(), CellError> {
        let id = row.id(id)?;
        self.found.push((
            row.number("row_id")?.unwrap_or(id),
            Text {
                kind,
                key: row.text("identifier").unwrap_or_default(),
                id,
                stores: Vec::new(),
                is_active: row.flag("is_active")?,
                version: Version::of(row)?,
                directives: directives::read(row.bytes("content").unwrap_or_default()),
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
            let version = Version::default();
            self.found.push((id, Text { kind, key, id, stores: vec![0], is_active: true, version, directives }));
        }
        Ok(())
    }

    /// What is to be read of the catalog, now that its attributes are known.
    pub(super) fn texts(&self) -> Texts {
        let ids = |kind: EntityKind| -> Ids {
            self.attributes.iter().filter(|(_, of)| self.types.get(of) == Some(&kind)).map(|(id, _)| *id).collect()
        };
        Texts {
            ids: [ids(EntityKind::Category), ids(EntityKind::Product)],
            found: BTreeMap::new(),
            outcomes: Vec::new(),
        }
    }

    pub(super) fn finish(mut self, texts: Texts, names: &Entities) -> Known<Content> {
        let side = self.side;
        let lack = |at: usize| self.outcomes.get(at).and_then(|it| it.as_ref().err()).map(|it| lack_of(side, it));
        if let (Some(first), Some(_)) = (lack(0), lack(2)) {
            return Known::Not(first);
        }
        let mut lacks: Vec<String> = (0..self.outcomes.len()).filter_map(lack).map(|it| it.why().to_owned()).collect();
        let later = texts.outcomes.iter().chain(names.outcomes()).filter_map(|it| it.as_ref().err());
        lacks.extend(later.map(|it| lack_of(side, it).why().to_owned()));
        lacks.sort();
        lacks.dedup();
        let most =
            |kind: EntityKind| self.attributes.iter().filter(|(_, of)| self.types.get(of) == Some(&kind)).count();
        if EntityKind::BOTH.into_iter().map(most).any(|it| it > Ids::MOST) {
            lacks.push(format!(
                "{side} has more than {} text attributes of a kind; the rest was not looked at",
                Ids::MOST
            ));
        }
        let mut all: Vec<Text> = Vec::new();
        for (row_id, mut text) in std::mem::take(&mut self.found) {
            if let Some(stores) = self.stores.get(&(text.kind, row_id)) {
                text.stores.clone_from(stores);
                text.stores.sort_unstable();
            }
            all.push(text);
        }
        for ((kind, key, store), directives) in texts.found {
            let Some((name, version)) = names.name(kind, key) else { continue };
            let kind = match kind {
                EntityKind::Category => TextKind::Category,
                EntityKind::Product => TextKind::Product,
            };
            let key = name.to_owned();
            all.push(Text { kind, key, id: 0, stores: vec![store], is_active: true, version, directives });
        }
        all.sort_by(|one, other| {
            (one.kind, one.id, &one.key, &one.stores).cmp(&(other.kind, other.id, &other.key, &other.stores))
        });
        Known::Is(Content { texts: all, lacks })
    }
}

/// Texts of the catalog that are being read.
pub(super) struct Texts {
    ids: [Ids; 2],
    found: BTreeMap<(EntityKind, u64, u64), Vec<Directive>>,
    outcomes: Vec<Result<(), ReadError>>,
}

impl Texts {
    /// The entities whose names are to be read.
    pub(super) fn entities(&self) -> Entities {
        let wanted: BTreeSet<(EntityKind, u64)> = self.found.keys().map(|(kind, key, _)| (*kind, *key)).collect();
        Entities::named(wanted)
    }
}

impl Gather for Texts {
    fn reads(&self) -> Vec<Read> {
        catalog::TEXTS
            .into_iter()
            .zip(self.ids)
            .map(|(read, ids)| read.only("attribute_id", Condition::OneOf(ids)))
            .collect()
    }

    fn row(&mut self, which: usize, row: &Row<'_>) -> Result<(), CellError> {
        let directives = directives::read(row.bytes("value").unwrap_or_default());
        if !directives.is_empty() {
            let kind = EntityKind::BOTH[which];
            let key = catalog::key(row)?;
            self.found.entry((kind, key, row.id("store_id")?)).or_default().extend(directives);
        }
        Ok(())
    }

    fn outcomes(&mut self, outcomes: Vec<Result<(), ReadError>>) {
        self.outcomes = outcomes;
    }
}
