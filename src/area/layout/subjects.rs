//! What has a layout of its own, on either side, in one shape.

use jiff::civil::Date;

use crate::facts::StoreView;
use crate::facts::layout::{EntityLayout, LayoutFacts, LayoutText, PageLayout};
use crate::facts::stores::scope;
use crate::magento::layout;

/// A page, category or product for certain store views.
pub(super) struct Subject<'a> {
    /// Its name in findings.
    pub(super) name: String,
    /// Its store views.
    pub(super) scope: String,
    /// Whether any of its store views exists.
    pub(super) has_store: bool,
    pub(super) is_active: bool,
    /// Layout updates; whether the time limits each of them.
    pub(super) updates: Vec<(&'a LayoutText, bool)>,
    /// A file that was selected.
    pub(super) selected: &'a str,
    /// The page layout, in Magento 2's words.
    pub(super) page_layout: &'a str,
    /// Whether the time limits it, too.
    pub(super) is_page_layout_timed: bool,
    /// The page layout for the time, as it stands.
    pub(super) timed_page_layout: &'a str,
    /// The theme, as it stands.
    pub(super) theme: &'a str,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

impl Subject<'_> {
    /// Why what the time limits has no effect; none if it has, or will have.
    pub(super) fn why_dead(&self, is_timed: bool, today: Date) -> Option<String> {
        if !self.is_active {
            return Some("it is inactive".to_owned());
        }
        if !self.has_store {
            return Some("its store view does not exist".to_owned());
        }
        let to = self.to.filter(|to| is_timed && *to < today)?;
        Some(format!("its time was over on {to}"))
    }
}

/// Everything that has a layout of its own.
pub(super) fn subjects<'a>(facts: &'a LayoutFacts, stores: &[StoreView]) -> Vec<Subject<'a>> {
    let mut subjects: Vec<Subject<'_>> = facts.pages.iter().map(|it| page(it, stores)).collect();
    subjects.extend(facts.entities.iter().map(|it| entity(it, stores)));
    subjects
}

fn has_store(ids: &[u64], stores: &[StoreView]) -> bool {
    ids.contains(&0) || ids.is_empty() || ids.iter().any(|id| stores.iter().any(|it| it.id == *id))
}

fn page<'a>(page: &'a PageLayout, stores: &[StoreView]) -> Subject<'a> {
    let update = page.update.iter().map(|it| (it, false));
    Subject {
        name: format!("cms_page:{}", page.identifier),
        scope: scope(&page.stores, stores),
        has_store: has_store(&page.stores, stores),
        is_active: page.is_active,
        updates: update.chain(page.custom_update.iter().map(|it| (it, true))).collect(),
        selected: &page.selected,
        page_layout: layout::page_layout(&page.page_layout),
        is_page_layout_timed: false,
        timed_page_layout: &page.custom_page_layout,
        theme: &page.custom_theme,
        from: page.from,
        to: page.to,
    }
}

fn entity<'a>(entity: &'a EntityLayout, stores: &[StoreView]) -> Subject<'a> {
    Subject {
        name: format!("{}:{}", entity.kind.code(), entity.key),
        scope: scope(&[entity.store], stores),
        has_store: has_store(&[entity.store], stores),
        is_active: entity.is_active,
        updates: entity.update.iter().map(|it| (&**it, true)).collect(),
        selected: &entity.selected,
        page_layout: layout::page_layout(&entity.page_layout),
        is_page_layout_timed: true,
        timed_page_layout: "",
        theme: &entity.theme,
        from: entity.from,
        to: entity.to,
    }
}
