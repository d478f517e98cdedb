//! The configuration: which paths are set, and the values of a few that anybody may know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::StoreView;
use super::design::ConfigValue;
use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::magento::configuration::OTHERS;
use crate::pair::Pair;
use crate::source::tables::{CellError, Read, Row, Tables};

/// The configuration of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Configuration {
    /// Every path that is set, and in how many scopes. Of most no value is read: it may be a key.
    pub paths: BTreeMap<String, u64>,
    /// Websites, by id: their codes.
    pub websites: BTreeMap<u64, String>,
    /// Whether nobody knows which websites there are: nothing is said of their settings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lacks_websites: bool,
    /// Values of listed paths.
    pub values: Vec<ConfigValue>,
}

/// Where the time zone of a scope is.
pub const TIME_ZONE: &str = "general/locale/timezone";

const PATHS: Read = Read::table("core_config_data").columns(&["path"]);
const VALUES: Read =
    Read::table("core_config_data").only_in("path", OTHERS).columns(&["scope", "scope_id", "path", "value"]);

/// `Mage_Core_Model_Resource_Website`, `Magento\Store\Model\ResourceModel\Website`.
const WEBSITES: Pair<Read> = Pair {
    m1: Read::table("core_website").columns(&["website_id", "code"]),
    m2: Read::table("store_website").columns(&["website_id", "code"]),
};

impl Configuration {
    /// The value of a path in a scope; none if nothing is set there.
    pub fn at(&self, path: &str, scope: &str, scope_id: u64) -> Option<&str> {
        let found = self.values.iter().find(|it| it.path == path && it.scope == scope && it.scope_id == scope_id);
        found.map(|it| it.value.as_str())
    }

    /// The value of a path as a store view sees it.
    pub fn value(&self, path: &str, store: &StoreView) -> Option<&str> {
        self.at(path, "stores", store.id)
            .or_else(|| self.at(path, "websites", store.website))
            .or_else(|| self.at(path, "default", 0))
    }

    /// How many paths begin with one of these sections and groups.
    pub fn set_below<'a>(&self, beginnings: impl Iterator<Item = &'a String>) -> u64 {
        let below = |beginning: &String| {
            let start = format!("{beginning}/");
            let found = self.paths.range(start.clone()..).take_while(move |(path, _)| path.starts_with(&start));
            found.map(|(_, scopes)| scopes).sum::<u64>() + self.paths.get(beginning).copied().unwrap_or(0)
        };
        beginnings.map(below).sum()
    }
}

/// Configuration that is being read.
#[derive(Default)]
pub(super) struct ConfigurationReader(Configuration);

impl ConfigurationReader {
    fn path(&mut self, row: &Row<'_>) {
        *self.0.paths.entry(row.text("path").unwrap_or_default()).or_default() += 1;
    }

    fn value(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.0.values.push(ConfigValue {
            scope: row.text("scope").unwrap_or_default(),
            scope_id: row.id("scope_id")?,
            path: row.text("path").unwrap_or_default(),
            value: without_user(row.text("value").unwrap_or_default()),
        });
        Ok(())
    }

    fn website(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.0.websites.insert(row.id("website_id")?, row.text("code").unwrap_or_default());
        Ok(())
    }
}

impl FactReader for ConfigurationReader {
    type Value = Configuration;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        vec![
            Ask::required(PATHS, Self::path).never_empty(),
            Ask::required(VALUES, Self::value),
            Ask::optional(*WEBSITES.of(ground.side), Self::website).never_empty(),
        ]
    }

    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<Configuration> {
        self.0.lacks_websites = answers.has_gap(&[*WEBSITES.of(ground.side)]);
        self.0.values.sort_by(|one, other| {
            (&one.path, &one.scope, one.scope_id).cmp(&(&other.path, &other.scope, other.scope_id))
        });
        Known::Is(self.0)
    }
}

/// An address without what may be secret in it: the user and password that protect a shop which is
/// not open yet, and what follows a question mark.
pub(super) fn without_user(value: String) -> String {
    let Some((scheme, rest)) = value.split_once("//") else { return value };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    // A password may hold a slash: everything before the last @ goes.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}//{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_without_user_and_password() {
        let of = |value: &str| without_user(value.to_owned());
        assert_eq!(of("https://anna:geheim@shop.example/de/"), "https://shop.example/de/");
        assert_eq!(of("//anna:ge/heim@shop.example/"), "//shop.example/");
        assert_eq!(of("https://cdn.example/media/?sig=geheim#x"), "https://cdn.example/media/");
        assert_eq!([of("https://shop.example/"), of("Europe/Berlin")], ["https://shop.example/", "Europe/Berlin"]);
    }
}
