//! Widgets, where they were placed, and which of their placements are in force.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::catalog::{ENTITIES, EntityKind};
use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::magento::{layout, parameters};
use crate::pair::Side;
use crate::source::tables::{CellError, Read, Row, Tables};
use crate::text::fold;

/// A widget (`widget_instance`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    /// Its id, which the migration tool keeps.
    pub id: u64,
    /// Its title, by which people know it. Nothing makes it unique.
    pub title: String,
    /// What it shows: an alias such as `cms/widget_block` in Magento 1, a class in Magento 2.
    pub kind: String,
    /// Its theme: `package/theme` in Magento 1, a theme's id in Magento 2.
    pub theme: String,
    /// The store views that it is for; 0 is all.
    pub stores: Vec<u64>,
    /// Where it was placed.
    pub placements: Vec<Placement>,
    /// The names of its parameters that have a value; none if they cannot be read.
    pub parameters: Option<BTreeSet<String>>,
    /// What its parameters refer to.
    pub references: Vec<Reference>,
}

/// Something that a widget shows or links to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The parameter. Values of others are not kept: an extension may have a secret among them.
    pub parameter: String,
    /// Its value.
    pub value: String,
    /// Whether the store has it; none if that could not be told.
    pub is_there: Option<bool>,
}

/// The parameters whose value names something of the store, with the types of their widgets.
/// Only those of Magento's own widgets: an extension may give the same name to something of its own.
const REFERENCES: [(&str, &[&str]); 3] = [
    ("block_id", &["cms/widget_block", r"Magento\Cms\Block\Widget\Block"]),
    ("page_id", &["cms/widget_page_link", r"Magento\Cms\Block\Widget\Page\Link"]),
    (
        "id_path",
        &[
            "catalog/category_widget_link",
            "catalog/product_widget_link",
            r"Magento\Catalog\Block\Category\Widget\Link",
            r"Magento\Catalog\Block\Product\Widget\Link",
        ],
    ),
];

/// A place of a widget (`widget_instance_page`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// Which pages: `all_pages`, `pages`, `anchor_categories`, …
    pub group: String,
    /// The layout handle.
    pub handle: String,
    /// The container, or in Magento 1 the block, that it stands in.
    pub container: String,
    /// The template that was chosen for the place.
    pub template: String,
    /// Layout updates that put it there, and are linked to a theme: without one it is shown nowhere.
    pub updates: usize,
    /// The categories or products that it was chosen for; none if it is for all of them, or that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<BTreeSet<u64>>,
    /// The store views that its layout updates are linked to; 0 is all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub linked: BTreeSet<u64>,
}

/// `Mage_Widget`, `Magento\Widget`: the theme's column and the link's table differ.
struct Source {
    widgets: Read,
    links: Read,
    updates: Read,
    kind: &'static str,
    theme: &'static str,
}

static M1: Source = Source {
    widgets: Read::table("widget_instance").columns(&[
        "instance_id",
        "instance_type",
        "title",
        "store_ids",
        "package_theme",
        "widget_parameters",
    ]),
    links: Read::table("core_layout_link").columns(&["layout_update_id", "store_id"]),
    updates: Read::table("core_layout_update").columns(&["layout_update_id", "handle"]),
    kind: "instance_type",
    theme: "package_theme",
};

static M2: Source = Source {
    widgets: Read::table("widget_instance").columns(&[
        "instance_id",
        "instance_type",
        "title",
        "store_ids",
        "theme_id",
        "widget_parameters",
    ]),
    links: Read::table("layout_link")
        .columns(&["layout_update_id", "store_id"])
        .optional(&["theme_id", "is_temporary"]),
    updates: Read::table("layout_update").columns(&["layout_update_id", "handle"]),
    kind: "instance_type",
    theme: "theme_id",
};

const fn source(side: Side) -> &'static Source {
    match side {
        Side::M1 => &M1,
        Side::M2 => &M2,
    }
}

const PAGES: Read = Read::table("widget_instance_page")
    .columns(&["page_id", "instance_id", "page_group", "layout_handle", "block_reference"])
    .optional(&["page_template", "page_for", "entities"]);
const PAGE_LAYOUTS: Read = Read::table("widget_instance_page_layout").columns(&["page_id", "layout_update_id"]);

const CMS_PAGES: Read = Read::table("cms_page").columns(&["page_id", "identifier"]);
const CMS_BLOCKS: Read = Read::table("cms_block").columns(&["block_id", "identifier"]);

/// Widgets that are being read.
pub(super) struct WidgetsReader {
    side: Side,
    source: &'static Source,
    widgets: Vec<Widget>,
    /// Page, widget, placement.
    pages: Vec<(u64, u64, Placement)>,
    /// Page, layout update.
    updates: Vec<(u64, u64)>,
    /// Store views and themes that layout updates are linked to.
    linked: BTreeMap<u64, Vec<(u64, Option<String>)>>,
    /// Layout updates whose handle nothing in Magento 2 has.
    dead: BTreeSet<u64>,
    /// Ids and identifiers of CMS pages and blocks.
    cms_pages: BTreeSet<String>,
    cms_blocks: BTreeSet<String>,
    /// Categories and products that are referred to and there.
    entities: BTreeSet<(EntityKind, u64)>,
    wanted: BTreeSet<(EntityKind, u64)>,
}

impl WidgetsReader {
    fn widget(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let kind = row.text(self.source.kind).unwrap_or_default();
        let parameters = parameters::read(self.side, row.bytes("widget_parameters").unwrap_or_default()).ok();
        self.widgets.push(Widget {
            id: row.id("instance_id")?,
            title: row.text("title").unwrap_or_default(),
            theme: row.text(self.source.theme).unwrap_or_default(),
            stores: store_ids(&row.text("store_ids").unwrap_or_default()),
            placements: Vec::new(),
            references: parameters.as_ref().map(|it| references(&kind, it)).unwrap_or_default(),
            kind,
            parameters: parameters
                .map(|it| it.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| name).collect()),
        });
        Ok(())
    }

    fn page(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let placement = Placement {
            group: row.text("page_group").unwrap_or_default(),
            handle: row.text("layout_handle").unwrap_or_default(),
            container: row.text("block_reference").unwrap_or_default(),
            template: row.text("page_template").unwrap_or_default(),
            updates: 0,
            only: (row.bytes("page_for") == Some(b"specific"))
                .then(|| store_ids(&row.text("entities").unwrap_or_default()).into_iter().collect()),
            linked: BTreeSet::new(),
        };
        self.pages.push((row.id("page_id")?, row.id("instance_id")?, placement));
        Ok(())
    }

    fn page_update(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.updates.push((row.id("page_id")?, row.id("layout_update_id")?));
        Ok(())
    }

    fn link(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        // What somebody tries out is linked for as long as that.
        let (is_temporary, theme) = match self.side {
            Side::M1 => (false, None),
            Side::M2 => (row.number("is_temporary")? == Some(1), row.text("theme_id")),
        };
        if !is_temporary {
            self.linked.entry(row.id("layout_update_id")?).or_default().push((row.id("store_id")?, theme));
        }
        Ok(())
    }

    fn update(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        if self.side == Side::M2 && layout::is_handle_of_m1_alone(&row.text("handle").unwrap_or_default()) {
            self.dead.insert(row.id("layout_update_id")?);
        }
        Ok(())
    }

    fn cms_page(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let identifier = fold(&row.text("identifier").unwrap_or_default());
        self.cms_pages.extend([row.id("page_id")?.to_string(), identifier]);
        Ok(())
    }

    fn cms_block(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let identifier = fold(&row.text("identifier").unwrap_or_default());
        self.cms_blocks.extend([row.id("block_id")?.to_string(), identifier]);
        Ok(())
    }

    fn entity(&mut self, kind: EntityKind, row: &Row<'_>) -> Result<(), CellError> {
        let entity = (kind, row.id("entity_id")?);
        if self.wanted.contains(&entity) {
            self.entities.insert(entity);
        }
        Ok(())
    }

    /// Whether something is there; none if that cannot be told.
    fn is_there(&self, reference: &Reference, answers: &Answers) -> Option<bool> {
        let was_read = |reads: &[Read]| reads.iter().all(|it| answers.error(it).is_none());
        match reference.parameter.as_str() {
            "page_id" if was_read(&[CMS_PAGES]) => Some(self.cms_pages.contains(&fold(&reference.value))),
            "block_id" if was_read(&[CMS_BLOCKS]) => Some(self.cms_blocks.contains(&fold(&reference.value))),
            "id_path" if was_read(&ENTITIES) => entity(&reference.value).map(|it| self.entities.contains(&it)),
            _ => None,
        }
    }
}

impl FactReader for WidgetsReader {
    type Value = Vec<Widget>;

    fn begin(ground: &Ground<'_>) -> Self {
        Self {
            side: ground.side,
            source: source(ground.side),
            widgets: Vec::new(),
            pages: Vec::new(),
            updates: Vec::new(),
            linked: BTreeMap::new(),
            dead: BTreeSet::new(),
            cms_pages: BTreeSet::new(),
            cms_blocks: BTreeSet::new(),
            entities: BTreeSet::new(),
            wanted: BTreeSet::new(),
        }
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let Source { widgets, links, updates, .. } = *source(ground.side);
        let mut asks = vec![
            // Rows of one refer to the other's by a foreign key: without these there are none of those.
            Ask::required(widgets, Self::widget).never_empty_beside(&[PAGES]),
            Ask::required(PAGES, Self::page).never_empty_beside(&[PAGE_LAYOUTS]),
            Ask::required(PAGE_LAYOUTS, Self::page_update).rarely_empty_beside(&[updates, PAGES]),
            Ask::required(links, Self::link).never_empty_beside(&[updates, PAGE_LAYOUTS]),
            Ask::required(updates, Self::update),
            Ask::optional(CMS_PAGES, Self::cms_page),
            Ask::optional(CMS_BLOCKS, Self::cms_block),
        ];
        for (kind, read) in EntityKind::BOTH.into_iter().zip(ENTITIES) {
            let take = move |reader: &mut Self, row: &Row<'_>| reader.entity(kind, row);
            let is_wanted = move |reader: &Self| reader.wanted.iter().any(|(of, _)| *of == kind);
            asks.push(Ask::optional(read, take).after(&[widgets]).only_if(is_wanted));
        }
        asks
    }

    fn passed(&mut self, _: &Answers) {
        let paths = self.widgets.iter().flat_map(|it| &it.references).filter(|it| it.parameter == "id_path");
        self.wanted = paths.filter_map(|it| entity(&it.value)).collect();
    }

    fn finish(mut self, answers: &mut Answers, _: &Ground<'_>, _: &mut dyn Tables) -> Known<Vec<Widget>> {
        let mut updates: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for (page, update) in self.updates.iter().filter(|(_, update)| !self.dead.contains(update)) {
            updates.entry(*page).or_default().push(*update);
        }
        let themes: BTreeMap<u64, &str> = self.widgets.iter().map(|it| (it.id, it.theme.as_str())).collect();
        let mut placements: BTreeMap<u64, Vec<(u64, Placement)>> = BTreeMap::new();
        for (page, widget, mut placement) in std::mem::take(&mut self.pages) {
            for update in updates.get(&page).into_iter().flatten() {
                // Saving a widget links its updates to its theme; who changes the theme alone leaves them with the old one.
                let is_its_own = |theme: &Option<String>| {
                    theme.as_deref().zip(themes.get(&widget).copied()).is_none_or(|(one, other)| one == other)
                };
                let links = self.linked.get(update).into_iter().flatten();
                let stores: Vec<u64> = links.filter(|(_, theme)| is_its_own(theme)).map(|(store, _)| *store).collect();
                placement.updates += usize::from(!stores.is_empty());
                placement.linked.extend(stores);
            }
            placements.entry(widget).or_default().push((page, placement));
        }
        let mut widgets = std::mem::take(&mut self.widgets);
        widgets.sort_by_key(|it| it.id);
        for widget in &mut widgets {
            let mut own = placements.remove(&widget.id).unwrap_or_default();
            own.sort_by_key(|(page, _)| *page);
            widget.placements = own.into_iter().map(|(_, it)| it).collect();
            for reference in &mut widget.references {
                reference.is_there = self.is_there(reference, answers);
            }
        }
        Known::Is(widgets)
    }
}

/// What of the parameters names something of the store.
fn references(kind: &str, parameters: &BTreeMap<String, String>) -> Vec<Reference> {
    let own = REFERENCES.into_iter().filter(|(_, kinds)| kinds.contains(&kind));
    let named = own.filter_map(|(name, _)| parameters.get_key_value(name));
    let reference =
        |(name, value): (&String, &String)| Reference { parameter: name.clone(), value: value.clone(), is_there: None };
    named.filter(|(_, value)| !value.is_empty()).map(reference).collect()
}

/// The category or product of a parameter `id_path`: `category/5`, `product/12`, `product/12/5`.
fn entity(id_path: &str) -> Option<(EntityKind, u64)> {
    let (kind, rest) = id_path.split_once('/')?;
    let kind = EntityKind::BOTH.into_iter().find(|it| it.code() == kind)?;
    Some((kind, rest.split('/').next()?.parse().ok()?))
}

/// A list of store ids as both platforms write it: `0`, `1,2`.
fn store_ids(text: &str) -> Vec<u64> {
    text.split(',').filter_map(|it| it.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::testing::Rows;

    #[test]
    fn a_placement_counts_if_a_linked_layout_update_makes_it() {
        let text = r#"
            widget_instance: 2|-|Second|0|3|a:0:{}
            widget_instance: 1|Magento\Cms\Block\Widget\Block|First|1, 2|2|{"block_id":"9","page_id":"9","x":""}
            widget_instance: 3|Magento\Cms\Block\Widget\Page\Link|Third|0|3|{"page_id":"Home"}
            widget_instance: 4|Magento\Catalog\Block\Product\Widget\Link|Fourth|0|3|{"id_path":"product/7/3"}
            widget_instance_page: 5|1|all_pages|default|content|-|all|-
            widget_instance_page: 6|1|pages|cms_index_index|content|-|specific|5,9
            widget_instance_page: 7|9|pages|x|y|-|-|-
            widget_instance_page_layout: 5|50
            widget_instance_page_layout: 5|51
            widget_instance_page_layout: 6|60
            layout_link: 50|0|2|0
            layout_link: 50|1|2|1
            layout_link: 51|0|2|0
            layout_link: 60|0|1|0
            layout_link: 99|1|2|0
            layout_update: 50|default
            layout_update: 51|catalog_category_layered
            layout_update: 60|cms_index_index
            cms_page: 1|home
            cms_block: 8|footer
            catalog_product_entity: 7|sku|-|-|-
            catalog_product_entity: 8|sku|-|-|-"#;
        let mut rows = Rows::of(text);
        let widgets = rows.known::<WidgetsReader>(Side::M2);
        assert_eq!(rows.passes, 2, "what widgets link to is looked for once they are known");
        assert_eq!((widgets[0].title.as_str(), widgets[0].stores.as_slice()), ("First", &[1, 2][..]));
        let updates: Vec<usize> = widgets[0].placements.iter().map(|it| it.updates).collect();
        assert_eq!(updates, [1, 0], "a link to another theme is none of its own");
        let place = &widgets[0].placements;
        assert_eq!((&place[0].only, &place[0].linked), (&None, &BTreeSet::from([0])), "a temporary link is none");
        assert_eq!(place[1].only, Some(BTreeSet::from([5, 9])));
        assert_eq!((widgets[1].kind.as_str(), widgets[1].placements.len()), ("", 0));
        let there = widgets.iter().flat_map(|it| &it.references).map(|it| (it.parameter.as_str(), it.is_there));
        let expected = [("block_id", Some(false)), ("page_id", Some(true)), ("id_path", Some(true))];
        assert_eq!(there.collect::<Vec<_>>(), expected);
        let names = |at: usize| widgets[at].parameters.as_ref().map(BTreeSet::len);
        assert_eq!([names(0), names(1)], [Some(2), None], "what PHP serialised is not Magento 2's");
    }
}
