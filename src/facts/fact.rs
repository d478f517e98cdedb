//! The kinds of facts.

/// A kind of fact that an area may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Admin users and roles.
    Accounts,
    /// EAV attributes.
    Attributes,
    /// The configuration.
    Configuration,
    /// Texts, by the directives in them.
    Content,
    /// Credentials for web services.
    Credentials,
    /// Themes, schedule and configuration of the design.
    Design,
    /// Indexers and their state.
    Indexers,
    /// Layout updates, and the design of single pages, categories and products.
    Layout,
    /// Modules.
    Modules,
    /// Recurring profiles.
    Recurring,
    /// What refers to media files.
    References,
    /// Media files in the database.
    Stored,
    /// Store views.
    Stores,
    /// Tables that no other fact reads.
    Tables,
    /// Dates of rows.
    Times,
    /// Widgets.
    Widgets,
    /// The media folder.
    Media,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The database.
    Database,
    /// The media folder.
    Media,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Accounts,
        Self::Attributes,
        Self::Configuration,
        Self::Content,
        Self::Credentials,
        Self::Design,
        Self::Indexers,
        Self::Layout,
        Self::Modules,
        Self::Recurring,
        Self::References,
        Self::Stored,
        Self::Stores,
        Self::Tables,
        Self::Times,
        Self::Widgets,
        Self::Media,
    ];

    /// What it is, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "admin users and roles",
            Self::Attributes => "attributes",
            Self::Configuration => "the configuration",
            Self::Content => "texts",
            Self::Credentials => "credentials for web services",
            Self::Design => "design",
            Self::Indexers => "indexers",
            Self::Layout => "layout updates",
            Self::Modules => "modules",
            Self::Recurring => "recurring profiles",
            Self::References => "references to media files",
            Self::Stored => "media in the database",
            Self::Stores => "store views",
            Self::Tables => "tables",
            Self::Times => "dates",
            Self::Widgets => "widgets",
            Self::Media => "media files",
        }
    }

    /// Where it comes from.
    pub const fn input(self) -> Input {
        match self {
            Self::Accounts
            | Self::Attributes
            | Self::Configuration
            | Self::Content
            | Self::Credentials
            | Self::Design
            | Self::Indexers
            | Self::Layout
            | Self::Modules
            | Self::Recurring
            | Self::References
            | Self::Stored
            | Self::Stores
            | Self::Tables
            | Self::Times
            | Self::Widgets => Input::Database,
            Self::Media => Input::Media,
        }
    }
}
