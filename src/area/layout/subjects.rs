//! What has a layout of its own, on either side, in one shape.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::facts::StoreView;
use crate::facts::layout::{EntityKind, EntityLayout, LayoutFacts, LayoutKind, LayoutText, PageLayout};
use crate::facts::stores::scope;
use crate::finding::Cause;
use crate::magento::layout;
use crate::magento::layout_xml::Dialect;
use crate::pair::Side;

/// What has layout and design of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// A CMS page.
    Page,
    /// A category.
    Category,
    /// A product.
    Product,
}

impl From<Owner> for LayoutKind {
    fn from(owner: Owner) -> Self {
        match owner {
            Owner::Page => Self::Page,
            Owner::Category => Self::Category,
            Owner::Product => Self::Product,
        }
    }
}

impl Owner {
    /// What may explain that its layout update is not in Magento 2.
    pub(super) fn why_without_update(self) -> Vec<Cause> {
        let emptied = |field| vec![Cause::Emptied { field, attribute: "custom_layout_update" }];
        match self {
            Self::Page => {
                vec![Cause::field("cms_page.layout_update_xml"), Cause::field("cms_page.custom_layout_update_xml")]
            }
            Self::Category => emptied("catalog_category_entity_text.value"),
            Self::Product => emptied("catalog_product_entity_text.value"),
        }
    }

    /// What may explain that its theme is not in Magento 2.
    pub(super) fn why_without_theme(self) -> Vec<Cause> {
        let emptied = |field| vec![Cause::Emptied { field, attribute: "custom_design" }];
        match self {
            Self::Page => Vec::new(),
            Self::Category => emptied("catalog_category_entity_varchar.value"),
            Self::Product => emptied("catalog_product_entity_varchar.value"),
        }
    }
}

/// A page, category or product for certain store views.
#[derive(Clone)]
pub(super) struct Subject<'a> {
    /// What it is.
    pub(super) kind: Owner,
    /// Its name in findings.
    pub(super) name: String,
    /// Its store views.
    pub(super) scope: String,
    /// Whether any of its store views exists.
    pub(super) has_store: bool,
    pub(super) is_active: bool,
    /// Layout updates, empty ones as well.
    pub(super) updates: Vec<Update<'a>>,
    /// A file that was selected.
    pub(super) selected: &'a str,
    /// The page layout; Magento 1's in Magento 2's words.
    pub(super) page_layout: &'a str,
    /// Whether the time limits it, too.
    pub(super) is_page_layout_timed: bool,
    /// The page layout for the time, as it stands.
    pub(super) timed_page_layout: &'a str,
    /// The theme, as it stands.
    pub(super) theme: &'a str,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    pub(super) reach: Reach,
}

/// Which design a category shows, and where else it does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Its own.
    Own,
    /// Its own, and its products have it.
    Products,
    /// That of its parent, whatever its own is.
    Parent,
}

impl Reach {
    /// In words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Own => "its own design",
            Self::Products => "its own design, and its products have it",
            Self::Parent => "the design of its parent category",
        }
    }
}

/// A layout update of a subject.
#[derive(Clone, Copy)]
pub(super) struct Update<'a> {
    pub(super) text: &'a LayoutText,
    /// Whether the time limits it.
    pub(super) is_timed: bool,
    /// Whether the custom one of its page replaces it for good.
    pub(super) is_replaced: bool,
}

impl<'a> Subject<'a> {
    /// Layout updates that say something.
    pub(super) fn own(&self) -> impl Iterator<Item = Update<'a>> {
        self.updates.iter().copied().filter(|it| it.text.layout.dialect != Dialect::Empty)
    }

    /// Whether it has any design.
    pub(super) fn has_any(&self) -> bool {
        self.own().next().is_some() || !self.theme.is_empty() || !self.selected.is_empty()
    }

    /// Why a layout update has no effect; none if it has, or will have.
    pub(super) fn why_update_dead(&self, update: &Update<'_>, today: Date) -> Option<String> {
        let replaced = || "its custom layout update, which has no end, replaces it".to_owned();
        self.why_dead(update.is_timed, today).or_else(|| update.is_replaced.then(replaced))
    }

    /// Why what the time limits has no effect; none if it has, or will have.
    pub(super) fn why_dead(&self, is_timed: bool, today: Date) -> Option<String> {
        if !self.is_active {
            return Some("it is inactive".to_owned());
        }
        if !self.has_store {
            return Some("its store view does not exist".to_owned());
        }
        if self.reach == Reach::Parent {
            return Some("the design of its parent category applies instead".to_owned());
        }
        let to = self.to.filter(|to| is_timed && *to < today)?;
        Some(format!("its time was over on {to}"))
    }
}

impl<'a> Subject<'a> {
    /// What a store view sees: what is said for it alone, and for all store views where it is silent.
    pub(super) fn over(&self, all: &Self) -> Self {
        let or = |own: &'a str, all: &'a str| if own.is_empty() { all } else { own };
        let has_update = self.own().next().is_some() || !self.selected.is_empty();
        let update = if has_update { self } else { all };
        Subject {
            updates: update.updates.clone(),
            selected: update.selected,
            page_layout: or(self.page_layout, all.page_layout),
            timed_page_layout: or(self.timed_page_layout, all.timed_page_layout),
            theme: or(self.theme, all.theme),
            ..self.clone()
        }
    }

    /// The same without what has to be there for a store view alone.
    pub(super) fn without(&self, update: bool, theme: bool) -> Self {
        let mut left = self.clone();
        if update {
            left.updates = Vec::new();
            left.selected = "";
        }
        if theme {
            left.theme = "";
        }
        left
    }
}

/// Everything that has a layout of its own, in the version that is shown.
pub(super) struct Subjects<'a> {
    pub(super) all: Vec<Subject<'a>>,
    /// Versions that are scheduled for later.
    pub(super) later: usize,
}

impl<'a> Subjects<'a> {
    pub(super) fn of(side: Side, facts: &'a LayoutFacts, stores: &[StoreView], now: Timestamp) -> Self {
        let pages =
            facts.pages.iter().filter(|it| it.version.is_shown(now)).map(|it| page(side, it, stores, today(now)));
        let entities = facts.entities.iter().filter(|it| it.version.is_shown(now)).map(|it| entity(side, it, stores));
        let versions = facts.pages.iter().map(|it| it.version).chain(facts.entities.iter().map(|it| it.version));
        Self { all: pages.chain(entities).collect(), later: versions.filter(|it| it.is_later(now)).count() }
    }
}

/// The day of the report.
pub(super) fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

fn has_store(ids: &[u64], stores: &[StoreView]) -> bool {
    ids.contains(&0) || ids.is_empty() || ids.iter().any(|id| stores.iter().any(|it| it.id == *id))
}

/// Magento 1's page layouts have other names in Magento 2; there they mean nothing.
fn in_words_of_m2(side: Side, page_layout: &str) -> &str {
    match side {
        Side::M1 => layout::page_layout(page_layout),
        Side::M2 => page_layout,
    }
}

fn page<'a>(side: Side, page: &'a PageLayout, stores: &[StoreView], today: Date) -> Subject<'a> {
    // Magento 1 takes this word for none here (`Mage_Cms_Helper_Page`).
    let custom_page_layout = match (side, page.custom_page_layout.as_str()) {
        (Side::M1, "empty") => "",
        (_, other) => other,
    };
    let mut subject = Subject {
        kind: Owner::Page,
        name: format!("cms_page:{}", page.identifier),
        scope: scope(&page.stores, stores),
        has_store: has_store(&page.stores, stores),
        is_active: page.is_active,
        updates: page.update.iter().map(|text| Update { text, is_timed: false, is_replaced: false }).collect(),
        selected: &page.selected,
        page_layout: in_words_of_m2(side, &page.page_layout),
        is_page_layout_timed: false,
        timed_page_layout: custom_page_layout,
        theme: &page.custom_theme,
        from: page.from,
        to: page.to,
        reach: Reach::Own,
    };
    let has_begun = page.from.is_none_or(|from| from <= today);
    let custom = page.custom_update.iter().filter(|it| it.layout.dialect != Dialect::Empty);
    if has_begun && page.to.is_none() {
        // What has no end replaces the page's own for good.
        subject.timed_page_layout = "";
        if !custom_page_layout.is_empty() {
            subject.page_layout = in_words_of_m2(side, custom_page_layout);
        }
        let custom: Vec<Update<'_>> = custom.map(|text| Update { text, is_timed: false, is_replaced: false }).collect();
        for own in &mut subject.updates {
            own.is_replaced = !custom.is_empty();
        }
        subject.updates.extend(custom);
    } else {
        subject.updates.extend(custom.map(|text| Update { text, is_timed: true, is_replaced: false }));
    }
    subject
}

fn entity<'a>(side: Side, entity: &'a EntityLayout, stores: &[StoreView]) -> Subject<'a> {
    let reach = match entity.kind {
        EntityKind::Category if entity.uses_parent => Reach::Parent,
        EntityKind::Category if entity.is_on_products => Reach::Products,
        EntityKind::Category | EntityKind::Product => Reach::Own,
    };
    Subject {
        kind: match entity.kind {
            EntityKind::Category => Owner::Category,
            EntityKind::Product => Owner::Product,
        },
        name: format!("{}:{}", entity.kind.code(), entity.key),
        scope: scope(&[entity.store], stores),
        has_store: has_store(&[entity.store], stores),
        is_active: entity.is_active,
        updates: entity.update.iter().map(|text| Update { text, is_timed: true, is_replaced: false }).collect(),
        selected: &entity.selected,
        page_layout: in_words_of_m2(side, &entity.page_layout),
        is_page_layout_timed: true,
        timed_page_layout: &entity.timed_page_layout,
        theme: &entity.theme,
        from: entity.from,
        to: entity.to,
        reach,
    }
}
