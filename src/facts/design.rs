//! Themes, the schedule of designs, and what the configuration says about design.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use super::{StoreView, of_older};
use crate::known::{Known, Lack};
use crate::magento::configuration::DESIGN;
use crate::pair::Side;
use crate::source::installation::themes::ThemeFolders;
use crate::source::tables::{CellError, Read, Row, Tables};

/// Design of one side, as far as the database tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Design {
    /// Themes that are registered, by id. Magento 2 only: Magento 1 has them on disk alone.
    pub themes: Known<Vec<Theme>>,
    /// Designs that are put on a store view for a time.
    pub schedule: Known<Vec<DesignChange>>,
    /// Values of the configuration about design.
    pub config: Known<Vec<ConfigValue>>,
    /// Themes that layout updates of the database are linked to, as `package/theme`. Magento 1 only.
    #[serde(default)]
    pub linked: BTreeSet<String>,
    /// Themes on disk.
    #[serde(default = "of_older")]
    pub folders: Known<ThemeFolders>,
}

impl Default for Design {
    /// A side that has none.
    fn default() -> Self {
        Self {
            themes: Known::Is(Vec::new()),
            schedule: Known::Is(Vec::new()),
            config: Known::Is(Vec::new()),
            linked: BTreeSet::new(),
            folders: Known::Not(Lack::NotGiven("no installation folder was given".to_owned())),
        }
    }
}

/// A registered theme (`theme`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Its id, which differs between installations.
    pub id: u64,
    /// Its path, such as `Magento/luma`.
    pub path: String,
    /// `frontend` or `adminhtml`.
    pub area: String,
    /// Whether its files are on disk: others were made in the administration, or are scheduled (`type`).
    #[serde(default)]
    pub is_physical: bool,
}

impl Theme {
    /// Whether a value of the configuration or of a schedule names it, by id or by path, and it is
    /// one of the storefront. A file that locks it writes `frontend/Vendor/theme`.
    pub fn is_named(&self, value: &str) -> bool {
        let path = value.strip_prefix("frontend/").unwrap_or(value);
        self.area == "frontend" && (self.path == path || value.parse() == Ok(self.id))
    }

    /// Whether it comes with Magento.
    pub fn is_stock(&self) -> bool {
        self.path.starts_with("Magento/")
    }
}

/// A design for a store view and a time (`design_change`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignChange {
    /// Its id, which the migration tool keeps.
    pub id: u64,
    /// The store view.
    pub store: u64,
    /// What it names: `package/theme` in Magento 1, a theme's id in Magento 2.
    pub design: String,
    /// Its first day; none is open.
    pub from: Option<Date>,
    /// Its last day; none is open.
    pub to: Option<Date>,
}

/// A value of the configuration (`core_config_data`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigValue {
    /// `default`, `websites` or `stores`.
    pub scope: String,
    /// The website or store view.
    pub scope_id: u64,
    /// Its path.
    pub path: String,
    /// Its value.
    pub value: String,
}

impl Design {
    /// A value as a store view sees it: its own, its website's, or the default.
    ///
    /// An empty value counts as none: an empty theme means that the one above is taken.
    pub fn value(&self, path: &str, store: &StoreView) -> Option<&str> {
        let config = self.config.get()?;
        let at = |scope: &str, id: u64| {
            let found = config.iter().find(|it| it.path == path && it.scope == scope && it.scope_id == id);
            found.map(|it| it.value.as_str()).filter(|it| !it.is_empty())
        };
        at("stores", store.id).or_else(|| at("websites", store.website)).or_else(|| at("default", 0))
    }
}

/// The theme that a store view of Magento 2 has without any setting (`Magento_Theme`, `config.xml`).
pub const DEFAULT_THEME: &str = "Magento/luma";

/// Where Magento 2 keeps the theme of a scope.
pub const THEME_ID: &str = "design/theme/theme_id";

const CONFIG: Read =
    Read::table("core_config_data").only_in("path", DESIGN).columns(&["scope", "scope_id", "path", "value"]);
const SCHEDULE: Read =
    Read::table("design_change").columns(&["design_change_id", "store_id", "design", "date_from", "date_to"]);
const THEMES: Read = Read::table("theme").columns(&["theme_id", "theme_path", "area"]).optional(&["type"]);

const LINKS: Read = Read::table("core_layout_link").columns(&["package", "theme"]);

/// Design that is being read.
#[derive(Default)]
pub(super) struct DesignReader {
    themes: Vec<Theme>,
    schedule: Vec<DesignChange>,
    config: Vec<ConfigValue>,
    linked: BTreeSet<String>,
}

impl DesignReader {
    fn value(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.config.push(ConfigValue {
            scope: row.text("scope").unwrap_or_default(),
            scope_id: row.id("scope_id")?,
            path: row.text("path").unwrap_or_default(),
            value: row.text("value").unwrap_or_default(),
        });
        Ok(())
    }

    fn change(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.schedule.push(DesignChange {
            id: row.id("design_change_id")?,
            store: row.id("store_id")?,
            design: row.text("design").unwrap_or_default(),
            from: row.date("date_from"),
            to: row.date("date_to"),
        });
        Ok(())
    }

    fn link(&mut self, row: &Row<'_>) {
        let text = |column| row.text(column).unwrap_or_default();
        self.linked.insert(format!("{}/{}", text("package"), text("theme")));
    }

    fn theme(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.themes.push(Theme {
            id: row.id("theme_id")?,
            path: row.text("theme_path").unwrap_or_default(),
            area: row.text("area").unwrap_or_default(),
            is_physical: row.number::<u64>("type")? == Some(0),
        });
        Ok(())
    }
}

impl FactReader for DesignReader {
    type Value = Design;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let themes = match ground.side {
            // Links only name themes; Magento 1 has no table of them.
            Side::M1 => Ask::optional(LINKS, Self::link),
            Side::M2 => Ask::optional(THEMES, Self::theme).never_empty(),
        };
        vec![Ask::optional(CONFIG, Self::value), Ask::optional(SCHEDULE, Self::change), themes]
    }

    /// Known if the configuration or the schedule is.
    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<Design> {
        if let (Some(lack), Some(_)) = (answers.lack(&CONFIG), answers.lack(&SCHEDULE)) {
            return Known::Not(lack);
        }
        self.schedule.sort_by_key(|it| it.id);
        self.themes.sort_by_key(|it| it.id);
        self.config.sort_by(|one, other| {
            (&one.path, &one.scope, one.scope_id).cmp(&(&other.path, &other.scope, other.scope_id))
        });
        Known::Is(Design {
            config: answers.known(&[CONFIG], self.config),
            schedule: answers.known(&[SCHEDULE], self.schedule),
            themes: answers.known(&[THEMES], self.themes),
            linked: self.linked,
            folders: ground.themes.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_store_views_the_websites_or_the_default() {
        let value = |scope: &str, scope_id, value: &str| ConfigValue {
            scope: scope.to_owned(),
            scope_id,
            path: THEME_ID.to_owned(),
            value: value.to_owned(),
        };
        let config =
            vec![value("default", 0, "2"), value("websites", 5, "3"), value("stores", 7, "4"), value("stores", 8, "")];
        let design = Design { config: Known::Is(config), ..Design::default() };
        let store = |id, website| StoreView { id, code: String::new(), name: String::new(), is_active: true, website };
        let of = |id, website| design.value(THEME_ID, &store(id, website)).unwrap_or("none");
        assert_eq!([of(7, 5), of(8, 5), of(9, 6)], ["4", "3", "2"]);
        assert_eq!(design.value("design/head/default_title", &store(7, 5)), None);
    }
}
