//! What is read of one side, each kind once, by its subject and not by who wants it.
//!
//! What differs between the platforms stands in short declarations side by side
//! (`m1.rs`, `m2.rs`) that fill the same types.

pub mod accounts;
pub mod attributes;
mod catalog;
pub mod configuration;
pub mod content;
pub mod credentials;
pub mod design;
mod fact;
pub mod file;
mod gather;
pub mod indexers;
pub mod layout;
pub mod media;
pub mod modules;
pub mod platform;
pub mod recurring;
pub mod references;
pub mod stored;
pub mod stores;
pub mod tables;
pub mod times;
pub mod version;
pub mod widgets;

use serde::{Deserialize, Serialize};

use crate::known::{Known, Lack};
use crate::magento::migration::MigrationMap;
use crate::magento::versions::Platform;
use crate::pair::{Pair, Side};
use crate::source::installation::Locked;
use crate::source::tables::Read;
use crate::store::Store;

pub use accounts::Accounts;
pub use attributes::Attribute;
pub use configuration::Configuration;
pub use content::Content;
pub use credentials::Credentials;
use design::ConfigValue;
pub use design::Design;
pub use fact::{Fact, Input};
use gather::{Gather, gather_all, gather_wanted, lack_of};
pub use indexers::Indexer;
pub use layout::LayoutFacts;
pub use media::MediaFacts;
pub use modules::Modules;
pub use recurring::RecurringProfile;
pub use references::References;
pub use stored::StoredMedia;
pub use stores::StoreView;
pub use tables::TableFacts;
pub use times::Times;
pub use widgets::Widget;

/// All facts of one side that can be told without the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Snapshot {
    /// Version and edition.
    pub platform: Platform,
    /// Store views.
    pub stores: Known<Vec<StoreView>>,
    /// Admin users and roles.
    pub accounts: Known<Accounts>,
    /// EAV attributes, in order.
    #[serde(default = "of_older")]
    pub attributes: Known<Vec<Attribute>>,
    /// The configuration.
    #[serde(default = "of_older")]
    pub configuration: Known<Configuration>,
    /// Texts, by the directives in them.
    pub content: Known<Content>,
    /// Credentials for web services.
    pub credentials: Known<Credentials>,
    /// Themes, schedule and configuration of the design.
    pub design: Known<Design>,
    /// Indexers and their state; none in Magento 1.
    #[serde(default = "of_older")]
    pub indexers: Known<Vec<Indexer>>,
    /// Layout updates, and the design of single pages, categories and products.
    pub layout: Known<LayoutFacts>,
    /// Modules.
    #[serde(default = "of_older")]
    pub modules: Known<Modules>,
    /// Recurring profiles; none in Magento 2.
    #[serde(default = "of_older")]
    pub recurring: Known<Vec<RecurringProfile>>,
    /// What refers to media files.
    pub references: Known<References>,
    /// Media files in the database.
    pub stored: Known<StoredMedia>,
    /// Tables that no other fact reads.
    #[serde(default = "of_older")]
    pub tables: Known<TableFacts>,
    /// Dates of rows.
    #[serde(default = "of_older")]
    pub times: Known<Times>,
    /// Widgets.
    pub widgets: Known<Vec<Widget>>,
}

/// A fact that an older version of this program did not take.
fn of_older<T>() -> Known<T> {
    Known::Not(Lack::NotGiven(
        "the snapshot was taken by an older magegap, which did not read it: take it again".to_owned(),
    ))
}

impl Snapshot {
    /// Why a fact is not known; none for what no database tells.
    pub const fn lack(&self, fact: Fact) -> Option<&Lack> {
        match fact {
            Fact::Accounts => self.accounts.lack(),
            Fact::Attributes => self.attributes.lack(),
            Fact::Configuration => self.configuration.lack(),
            Fact::Content => self.content.lack(),
            Fact::Credentials => self.credentials.lack(),
            Fact::Design => self.design.lack(),
            Fact::Indexers => self.indexers.lack(),
            Fact::Layout => self.layout.lack(),
            Fact::Modules => self.modules.lack(),
            Fact::Recurring => self.recurring.lack(),
            Fact::References => self.references.lack(),
            Fact::Stored => self.stored.lack(),
            Fact::Stores => self.stores.lack(),
            Fact::Tables => self.tables.lack(),
            Fact::Times => self.times.lack(),
            Fact::Widgets => self.widgets.lack(),
            Fact::Media => None,
        }
    }

    /// A side of which nothing is known, for this reason.
    pub fn unknown(lack: &Lack) -> Self {
        Self {
            platform: Platform::default(),
            stores: Known::Not(lack.clone()),
            accounts: Known::Not(lack.clone()),
            attributes: Known::Not(lack.clone()),
            configuration: Known::Not(lack.clone()),
            content: Known::Not(lack.clone()),
            credentials: Known::Not(lack.clone()),
            design: Known::Not(lack.clone()),
            indexers: Known::Not(lack.clone()),
            layout: Known::Not(lack.clone()),
            modules: Known::Not(lack.clone()),
            recurring: Known::Not(lack.clone()),
            references: Known::Not(lack.clone()),
            stored: Known::Not(lack.clone()),
            tables: Known::Not(lack.clone()),
            times: Known::Not(lack.clone()),
            widgets: Known::Not(lack.clone()),
        }
    }

    /// A side that is known to have nothing: Magento 2 in an assessment.
    pub fn empty() -> Self {
        Self {
            platform: Platform::default(),
            stores: Known::Is(Vec::new()),
            accounts: Known::Is(Accounts::default()),
            attributes: Known::Is(Vec::new()),
            configuration: Known::Is(Configuration::default()),
            content: Known::Is(Content::default()),
            credentials: Known::Is(Credentials::default()),
            design: Known::Is(Design::default()),
            indexers: Known::Is(Vec::new()),
            layout: Known::Is(LayoutFacts::default()),
            modules: Known::Is(Modules::default()),
            recurring: Known::Is(Vec::new()),
            references: Known::Is(References::default()),
            stored: Known::Is(StoredMedia::default()),
            tables: Known::Is(TableFacts::default()),
            times: Known::Is(Times::default()),
            widgets: Known::Is(Vec::new()),
        }
    }

    /// Reads the facts of a store that its database tells, apart from large ones that nobody wants.
    pub fn read(store: &mut Store, is_wanted: &dyn Fn(Fact) -> bool) -> Self {
        let side = store.side;
        if let Some(snapshot) = &mut store.snapshot {
            return snapshot.facts(is_wanted);
        }
        let code = left_out_unless(is_wanted, Fact::Modules, || store.code());
        let folders = left_out_unless(is_wanted, Fact::Design, || store.themes());
        let unknown = |lack: &Lack| Self {
            platform: store.platform.clone(),
            modules: modules::Reading::of_code(code.clone(), lack),
            ..Self::unknown(lack)
        };
        let database = match &mut store.database {
            Known::Is(database) => database,
            Known::Not(lack) => return unknown(lack),
        };
        let Some(tables) = database.tables() else {
            return unknown(&Lack::NotGiven("the database was closed before".to_owned()));
        };
        let mut accounts = accounts::gather(side);
        let mut content = content::gather(side);
        let mut credentials = credentials::gather(side);
        let mut design = design::gather(side);
        let mut widgets = widgets::gather(side);
        let mut layout = layout::gather(side);
        let mut attributes = references::gather(side);
        let mut blobs = stored::gather(side);
        let mut stores = stores::gather(side);
        let mut indexers = indexers::gather(side);
        let mut eav = attributes::gather(side);
        let mut configuration = configuration::gather(side);
        let mut modules = modules::gather(side);
        let mut times = times::gather(side);
        let mut recurring = recurring::gather(side);
        let mut platform = platform::gather(side, tables);
        let mut first: Vec<&mut dyn Gather> =
            vec![&mut accounts, &mut credentials, &mut design, &mut widgets, &mut stores, &mut platform];
        first.extend([&mut indexers as &mut dyn Gather, &mut recurring, &mut configuration]);
        // A live shop must not send its texts, orders and blobs for a question about its users.
        let large: [(Fact, &mut dyn Gather); 7] = [
            (Fact::Attributes, &mut eav),
            (Fact::Content, &mut content),
            (Fact::Layout, &mut layout),
            (Fact::Modules, &mut modules),
            (Fact::References, &mut attributes),
            (Fact::Stored, &mut blobs),
            (Fact::Times, &mut times),
        ];
        first.extend(large.into_iter().filter(|(fact, _)| is_wanted(*fact)).map(|(_, it)| it));
        gather_all(tables, &mut first);
        // Attributes have ids of their own in each installation: their values are read when these are known.
        let extensions = references::of_extensions(side, tables);
        let (mut values, mut texts) = (layout.values(), content.texts());
        let mut media = attributes.second(extensions);
        let own = code.get().into_iter().flat_map(|it| &it.modules);
        let names = own.flat_map(|it| &it.names).map(String::as_str).collect();
        let mut counts = eav.values(&modules.vendors(), &names);
        let large: [(Fact, &mut dyn Gather); 4] = [
            (Fact::Attributes, &mut counts),
            (Fact::Layout, &mut values),
            (Fact::Content, &mut texts),
            (Fact::References, &mut media),
        ];
        gather_wanted(tables, large, is_wanted);
        let (mut entities, mut names) = (values.entities(), texts.entities());
        let mut targets = widgets.targets();
        let mut skus = references::Skus::new();
        let large: [(Fact, &mut dyn Gather); 4] = [
            (Fact::Layout, &mut entities),
            (Fact::Content, &mut names),
            (Fact::Widgets, &mut targets),
            (Fact::References, &mut skus),
        ];
        gather_wanted(tables, large, is_wanted);
        let mut snapshot = Self {
            platform: store.platform.clone().or(platform.finish()),
            stores: stores.finish(side),
            accounts: accounts.finish(side),
            attributes: left_out_unless(is_wanted, Fact::Attributes, || eav.finish(&counts)),
            configuration: configuration.finish(),
            content: left_out_unless(is_wanted, Fact::Content, || content.finish(texts, &names)),
            credentials: credentials.finish(side),
            design: design.finish(folders),
            indexers: indexers.finish(tables),
            layout: left_out_unless(is_wanted, Fact::Layout, || {
                layout.finish(values, &entities).map(|it| LayoutFacts { files: store.layout_files.clone(), ..it })
            }),
            modules: left_out_unless(is_wanted, Fact::Modules, || modules.finish(code)),
            recurring: recurring.finish(),
            references: left_out_unless(is_wanted, Fact::References, || media.finish(&attributes, skus)),
            stored: left_out_unless(is_wanted, Fact::Stored, || blobs.finish()),
            tables: left_out_unless(is_wanted, Fact::Tables, || tables::read(side, tables, store.migration.as_ref())),
            times: left_out_unless(is_wanted, Fact::Times, || times.finish(tables)),
            widgets: widgets.finish(side, &targets),
        };
        snapshot.lock(&store.locked);
        snapshot
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

/// A fact that is made only if somebody wants it.
fn left_out_unless<T>(is_wanted: &dyn Fn(Fact) -> bool, fact: Fact, make: impl FnOnce() -> Known<T>) -> Known<T> {
    if is_wanted(fact) { make() } else { Known::Not(left_out()) }
}

fn left_out() -> Lack {
    Lack::NotGiven("left out by --only or --skip".to_owned())
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

/// Every read that this crate declares, by side: what a least-privilege user
/// needs, and what a test looks through for secrets.
pub fn all_reads(side: Side) -> Vec<Read> {
    let mut reads = accounts::gather(side).reads();
    reads.extend(credentials::gather(side).reads());
    reads.extend(design::gather(side).reads());
    reads.extend(attributes::all_reads(side));
    reads.extend(configuration::gather(side).reads());
    reads.extend(modules::gather(side).reads());
    reads.extend(times::gather(side).reads());
    reads.extend(indexers::gather(side).reads());
    reads.extend(recurring::gather(side).reads());
    reads.extend(widgets::gather(side).reads());
    let content = content::gather(side);
    reads.extend(content.reads());
    let texts = content.texts();
    reads.extend(texts.reads());
    reads.extend(texts.entities().reads());
    let layout = layout::gather(side);
    reads.extend(layout.reads());
    let values = layout.values();
    reads.extend(values.reads());
    reads.extend(values.entities().reads());
    reads.extend(references::all_reads(side));
    reads.extend(stored::gather(side).reads());
    reads.extend(stores::gather(side).reads());
    reads.extend(platform::reads(side));
    // What two facts declare is read once.
    let mut once: Vec<Read> = Vec::new();
    for read in reads {
        if !once.contains(&read) {
            once.push(read);
        }
    }
    once
}
