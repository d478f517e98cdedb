//! What is read of one side, each kind once, by its subject and not by who wants it.
//!
//! A fact is a file here, and a line in the list below. What differs between the platforms stands in short
//! declarations side by side (`m1.rs`, `m2.rs`) that fill the same types.

pub mod accounts;
pub mod attributes;
mod catalog;
pub mod configuration;
pub mod content;
pub mod credentials;
pub mod design;
mod engine;
pub mod file;
mod ground;
pub mod indexers;
pub mod layout;
#[macro_use]
mod list;
pub mod media;
pub mod modules;
pub mod platform;
pub mod recurring;
pub mod references;
pub mod store;
pub mod stored;
pub mod stores;
pub mod tables;
pub mod take;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod times;
pub mod version;
pub mod widgets;

use crate::known::{Known, Lack};
use crate::magento::migration::MigrationMap;
use crate::pair::{Pair, Side};
use crate::source::installation::Locked;

pub use accounts::Accounts;
pub use attributes::Attribute;
pub use configuration::Configuration;
pub use content::Content;
pub use credentials::Credentials;
use design::ConfigValue;
pub use design::Design;
pub use engine::Declared;
use ground::Ground;
pub use indexers::Indexer;
pub use layout::LayoutFacts;
pub use media::MediaFacts;
pub use modules::Modules;
pub use recurring::RecurringProfile;
pub use references::References;
use store::{LiveStore, Store, StoreSource};
pub use stored::StoredMedia;
pub use stores::StoreView;
pub use tables::TableFacts;
pub use times::Times;
pub use widgets::Widget;

facts! {
    /// Store views.
    stores: Vec<StoreView> = Stores by stores::StoresReader, "store views";
    /// Admin users and roles.
    accounts: Accounts = Accounts by accounts::AccountsReader, "admin users and roles";
    /// EAV attributes, in order.
    attributes: Vec<Attribute> = Attributes by attributes::AttributesReader, "attributes", default;
    /// The configuration.
    configuration: Configuration = Configuration by configuration::ConfigurationReader, "the configuration", default;
    /// Texts, by the directives in them.
    content: Content = Content by content::ContentReader, "texts";
    /// Credentials for web services.
    credentials: Credentials = Credentials by credentials::CredentialsReader, "credentials for web services";
    /// Themes, schedule and configuration of the design.
    design: Design = Design by design::DesignReader, "design";
    /// Indexers and their state; none in Magento 1.
    indexers: Vec<Indexer> = Indexers by indexers::IndexersReader, "indexers", default;
    /// Layout updates, and the design of single pages, categories and products.
    layout: LayoutFacts = Layout by layout::LayoutReader, "layout updates";
    /// Modules.
    modules: Modules = Modules by modules::ModulesReader, "modules", default;
    /// Recurring profiles; none in Magento 2.
    recurring: Vec<RecurringProfile> = Recurring by recurring::RecurringReader, "recurring profiles", default;
    /// What refers to media files.
    references: References = References by references::ReferencesReader, "references to media files";
    /// Media files in the database.
    stored: StoredMedia = Stored by stored::StoredReader, "media in the database";
    /// Tables that no other fact reads.
    tables: TableFacts = Tables by tables::TablesReader, "tables", default;
    /// Dates of rows.
    times: Times = Times by times::TimesReader, "dates", default;
    /// Widgets.
    widgets: Vec<Widget> = Widgets by widgets::WidgetsReader, "widgets";
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The database.
    Database,
    /// The media folder.
    Media,
}

/// A fact that an older version of this program did not take.
fn of_older<T>() -> Known<T> {
    Known::Not(Lack::NotGiven(
        "the snapshot was taken by an older magegap, which did not read it: take it again".to_owned(),
    ))
}

fn left_out() -> Lack {
    Lack::NotGiven("left out by --only or --skip".to_owned())
}

impl Snapshot {
    /// Reads the facts of a store, apart from large ones that nobody wants. Once: what a snapshot holds is handed over.
    pub fn read(store: &mut Store, is_wanted: &dyn Fn(Fact) -> bool) -> Self {
        match &mut store.source {
            StoreSource::Snapshot(file) => file.facts(is_wanted),
            StoreSource::Live(live) => {
                let snapshot = Self::of_live(live, store.side, store.migration.as_ref(), is_wanted);
                let tables = if let Known::Is(it) = &mut live.database { it.tables() } else { None };
                let side = store.side;
                store.notes.extend(tables.and_then(|it| it.note()).map(|note| format!("{side} database: {note}")));
                snapshot
            }
        }
    }

    fn of_live(
        live: &mut LiveStore,
        side: Side,
        migration: Option<&MigrationMap>,
        is_wanted: &dyn Fn(Fact) -> bool,
    ) -> Self {
        let code = if is_wanted(Fact::Modules) { live.code(side) } else { Known::Not(left_out()) };
        let themes = if is_wanted(Fact::Design) { live.themes(side) } else { Known::Not(left_out()) };
        // What is there and cannot be read is not what is not there.
        let unread = [
            (Fact::Modules, code.get().map_or(&[][..], |it| &it.unread)),
            (Fact::Design, themes.get().map_or(&[][..], |it| &it.unread)),
            (Fact::Layout, &live.unread),
        ];
        let gap = |it: &String| Lack::NotWhole(format!("{side} installation: {it}"));
        let unread: Vec<(Fact, Lack)> =
            unread.into_iter().flat_map(|(fact, it)| it.iter().map(move |it| (fact, gap(it)))).collect();
        let ground = Ground { code, themes, layout_files: live.layout_files.as_ref(), migration, ..Ground::bare(side) };
        let tables = match &mut live.database {
            Known::Is(database) => database.tables().ok_or(Lack::NotGiven("the database was closed before".to_owned())),
            Known::Not(lack) => Err(lack.clone()),
        };
        let mut snapshot = match tables {
            Ok(tables) => Self::gather(&ground.with_tables(tables), tables, is_wanted),
            Err(lack) => Self::without_database(&ground, &lack),
        };
        snapshot.gaps.extend(unread);
        snapshot.platform = live.platform.clone().or(snapshot.platform);
        snapshot.lock(&live.locked);
        snapshot
    }

    /// The first version told in some facts what could not be read of them.
    fn tell_lacks_of_older(&mut self) {
        let mut tell = |fact: Fact, lacks: Vec<String>| {
            self.gaps.extend(lacks.into_iter().map(|why| (fact, Lack::NotThere(why))));
        };
        if let Known::Is(it) = &mut self.content {
            tell(Fact::Content, std::mem::take(&mut it.lacks));
        }
        if let Known::Is(it) = &mut self.layout {
            tell(Fact::Layout, std::mem::take(&mut it.lacks));
        }
        if let Known::Is(it) = &mut self.tables {
            tell(Fact::Tables, std::mem::take(&mut it.lacks));
        }
    }

    /// The store views of a store, before all its facts are read.
    pub fn store_views(store: &mut Store) -> Known<Vec<StoreView>> {
        match &mut store.source {
            StoreSource::Snapshot(file) => file.store_views().clone(),
            StoreSource::Live(live) => Self::of_live(live, store.side, None, &|fact| fact == Fact::Stores).stores,
        }
    }

    /// Puts values that files lock in the place of the database's, scope by scope.
    fn lock(&mut self, locked: &[Locked]) {
        let websites = self.configuration.get().map(|it| it.websites.clone()).unwrap_or_default();
        let stores = self.stores.get().cloned().unwrap_or_default();
        for it in locked {
            let scope_id = match it.scope.as_str() {
                "websites" => websites.iter().find(|(_, code)| **code == it.code).map(|(id, _)| *id),
                "stores" => stores.iter().find(|store| store.code == it.code).map(|store| store.id),
                _ => Some(0),
            };
            let Some(scope_id) = scope_id else { continue };
            let value = ConfigValue {
                scope: it.scope.clone(),
                scope_id,
                path: it.path.clone(),
                value: configuration::without_user(it.value.clone()),
            };
            let put = |values: &mut Vec<ConfigValue>| {
                values.retain(|it| (&it.path, &it.scope, it.scope_id) != (&value.path, &value.scope, scope_id));
                values.push(value.clone());
            };
            if let (true, Known::Is(design)) = (it.path.starts_with("design/"), &mut self.design)
                && let Known::Is(config) = &mut design.config
            {
                put(config);
            } else if let Known::Is(configuration) = &mut self.configuration {
                put(&mut configuration.values);
            }
        }
    }
}

/// All facts of both sides.
#[derive(Debug)]
pub struct Facts {
    /// What each side's database tells.
    pub sides: Pair<Snapshot>,
    /// What the media folders have in common.
    pub media: MediaFacts,
    /// Whether there is no Magento 2 to compare with, and everything is work ahead.
    pub is_assessment: bool,
    /// The operator's rules of the migration tool; none if they were not given.
    pub migration: Option<MigrationMap>,
}

impl Facts {
    /// The rules by which the migration tool works: the operator's, else its own.
    pub fn map(&self) -> &MigrationMap {
        self.migration.as_ref().unwrap_or_else(|| MigrationMap::stock())
    }

    /// Why a fact of a side is not known.
    pub const fn lack(&self, side: Side, fact: Fact) -> Option<&Lack> {
        match fact {
            Fact::Media => self.media.known.of(side).lack(),
            _ => self.sides.of(side).lack(fact),
        }
    }
}
