//! Values of categories and products that are about design.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::model::{EntityLayout, LayoutText};
use crate::facts::catalog::{Backend, EntityKind, Names, key};
use crate::source::tables::{CellError, Row};

/// An attribute of the catalog (`eav_attribute`).
pub(super) struct Attribute {
    pub(super) id: u64,
    pub(super) entity_type: u64,
    pub(super) code: String,
    pub(super) backend: String,
}

/// A part of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Update,
    File,
    Theme,
    From,
    To,
    PageLayout,
    TimedPageLayout,
    UseParent,
    OnProducts,
    Active,
}

impl Part {
    const ALL: [Self; 10] = [
        Self::Update,
        Self::File,
        Self::Theme,
        Self::From,
        Self::To,
        Self::PageLayout,
        Self::TimedPageLayout,
        Self::UseParent,
        Self::OnProducts,
        Self::Active,
    ];

    const fn code(self, kind: EntityKind) -> &'static str {
        match (self, kind) {
            (Self::Update, _) => "custom_layout_update",
            (Self::File, _) => "custom_layout_update_file",
            (Self::Theme, _) => "custom_design",
            (Self::From, _) => "custom_design_from",
            (Self::To, _) => "custom_design_to",
            (Self::PageLayout, _) => "page_layout",
            (Self::TimedPageLayout, _) => "custom_layout",
            (Self::UseParent, _) => "custom_use_parent_settings",
            (Self::OnProducts, _) => "custom_apply_to_products",
            (Self::Active, EntityKind::Category) => "is_active",
            (Self::Active, EntityKind::Product) => "status",
        }
    }
}

/// Which tables hold values of design.
pub(super) const TABLES: [(EntityKind, Backend); 7] = [
    (EntityKind::Category, Backend::Text),
    (EntityKind::Category, Backend::Varchar),
    (EntityKind::Category, Backend::Datetime),
    (EntityKind::Category, Backend::Int),
    (EntityKind::Product, Backend::Text),
    (EntityKind::Product, Backend::Varchar),
    (EntityKind::Product, Backend::Datetime),
];

/// The design of an entity and store view, as far as it has been read.
#[derive(Debug, Default)]
struct Own {
    update: Option<Arc<LayoutText>>,
    selected: String,
    theme: String,
    page_layout: String,
    timed_page_layout: String,
    from: Option<Date>,
    to: Option<Date>,
    uses_parent: Option<bool>,
    is_on_products: Option<bool>,
}

/// Values of the catalog that are being read.
#[derive(Debug, Default)]
pub(super) struct Values {
    attributes: BTreeMap<u64, (EntityKind, Backend, Part)>,
    /// By kind, entity (or row, with staging) and store view.
    found: BTreeMap<(EntityKind, u64, u64), Own>,
    /// Texts by their hash: thousands of products may share one.
    texts: BTreeMap<[u8; 32], Arc<LayoutText>>,
}

/// Whether an entity can be seen in a store view.
pub(super) type States = BTreeMap<(EntityKind, u64, u64), bool>;

impl Values {
    /// Learns the attributes of a store.
    pub(super) fn learn(&mut self, types: &BTreeMap<u64, EntityKind>, all: &[Attribute]) {
        for attribute in all {
            let Some(&kind) = types.get(&attribute.entity_type) else { continue };
            let part = Part::ALL.into_iter().find(|it| it.code(kind) == attribute.code);
            if let (Some(part), Some(backend)) = (part, Backend::of(&attribute.backend)) {
                self.attributes.insert(attribute.id, (kind, backend, part));
            }
        }
    }

    /// The attributes whose values stand in a table.
    pub(super) fn ids(&self, kind: EntityKind, backend: Backend) -> Vec<u64> {
        let wanted = self
            .attributes
            .iter()
            .filter(|(_, (of, table, part))| (*of, *table) == (kind, backend) && *part != Part::Active);
        wanted.map(|(id, _)| *id).collect()
    }

    /// The attribute that tells whether an entity can be seen.
    pub(super) fn state_ids(&self, kind: EntityKind) -> Vec<u64> {
        let own = self.attributes.iter().filter(|(_, (of, _, part))| *of == kind && *part == Part::Active);
        own.map(|(id, _)| *id).collect()
    }

    /// The entities that have any design.
    pub(super) fn entities(&self) -> impl Iterator<Item = (EntityKind, u64)> {
        self.found.keys().map(|(kind, key, _)| (*kind, *key))
    }

    /// Takes a value.
    pub(super) fn value(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let value = row.bytes("value").unwrap_or_default();
        let Some(&(kind, _, part)) = self.attributes.get(&row.id("attribute_id")?) else { return Ok(()) };
        // A category that was saved once has a row for every attribute, mostly without a value.
        if value.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        // What a category that was saved says where nothing was chosen.
        let store = row.id("store_id")?;
        if matches!(part, Part::UseParent | Part::OnProducts) && store == 0 && !row.flag("value")? {
            return Ok(());
        }
        let own = self.found.entry((kind, key(row)?, store)).or_default();
        let text = || row.text("value").unwrap_or_default();
        match part {
            Part::Update => {
                let hash = *blake3::hash(value).as_bytes();
                if !self.texts.contains_key(&hash)
                    && let Some(text) = LayoutText::of(row, "value")
                {
                    self.texts.insert(hash, Arc::new(text));
                }
                own.update = self.texts.get(&hash).cloned();
            }
            Part::File => own.selected = text(),
            Part::Theme => own.theme = text(),
            Part::From => own.from = row.date("value"),
            Part::To => own.to = row.date("value"),
            Part::PageLayout => own.page_layout = text(),
            Part::TimedPageLayout => own.timed_page_layout = text(),
            Part::UseParent => own.uses_parent = Some(row.flag("value")?),
            Part::OnProducts => own.is_on_products = Some(row.flag("value")?),
            Part::Active => {}
        }
        Ok(())
    }

    /// Values with the names of their entities. Values of entities that are gone are left out.
    pub(super) fn joined(self, names: &Names, states: &States) -> Vec<EntityLayout> {
        let of_all: BTreeMap<(EntityKind, u64), _> = self
            .found
            .iter()
            .filter(|((.., store), _)| *store == 0)
            .map(|((kind, key, _), own)| ((*kind, *key), (own.from, own.to, own.uses_parent, own.is_on_products)))
            .collect();
        let state = |kind, key, store| states.get(&(kind, key, store)).copied();
        let joined = self.found.into_iter().filter_map(|((kind, key, store), own)| {
            // A store view without a value of its own has the one of all store views.
            let (from, to, uses_parent, is_on_products) = of_all.get(&(kind, key)).copied().unwrap_or_default();
            let (name, version) = names.name(kind, key)?;
            Some(EntityLayout {
                kind,
                key: name.to_owned(),
                store,
                is_active: state(kind, key, store).or_else(|| state(kind, key, 0)).unwrap_or(true),
                update: own.update,
                selected: own.selected,
                theme: own.theme,
                page_layout: own.page_layout,
                timed_page_layout: own.timed_page_layout,
                from: own.from.or(from),
                to: own.to.or(to),
                uses_parent: own.uses_parent.or(uses_parent).unwrap_or_default(),
                is_on_products: own.is_on_products.or(is_on_products).unwrap_or_default(),
                version,
            })
        });
        joined.collect()
    }
}
