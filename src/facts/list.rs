//! How a list of facts becomes everything that speaks of all of them.

/// Makes of a list of facts their kinds ([`Fact`](super::Fact)), the [`Snapshot`](super::Snapshot) that holds them, what
/// is lacking, unknown and empty, how they are read, and all reads that they may make.
///
/// A line is a fact: the snapshot's field and its type, the kind, the reader, its name for people, and `default` if
/// snapshots of an older version do not have it.
macro_rules! facts {
    ($($(#[$doc:meta])+ $field:ident: $value:ty = $kind:ident by $reader:path, $name:literal $(, $default:ident)?;)+) => {
        /// A kind of fact that an area may need.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum Fact {
            $($(#[$doc])+ $kind,)+
            /// The media folder.
            Media,
        }

        impl Fact {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)+ Self::Media];

            /// What it is, for people.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                    Self::Media => "media files",
                }
            }

            /// Where it comes from.
            pub const fn input(self) -> $crate::facts::Input {
                match self {
                    $(Self::$kind => $crate::facts::Input::Database,)+
                    Self::Media => $crate::facts::Input::Media,
                }
            }
        }

        /// All facts of one side that can be told without the other.
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
        pub struct Snapshot {
            /// Version and edition.
            pub platform: $crate::magento::versions::Platform,
            $(
                $(#[$doc])+
                $(#[serde($default = "crate::facts::of_older")])?
                pub $field: $crate::known::Known<$value>,
            )+
            /// What of a fact is not known, whether or not the fact itself is.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub gaps: Vec<(Fact, $crate::known::Lack)>,
        }

        impl Snapshot {
            /// Why a fact is not known; none for what no database tells.
            pub const fn lack(&self, fact: Fact) -> Option<&$crate::known::Lack> {
                match fact {
                    $(Fact::$kind => self.$field.lack(),)+
                    Fact::Media => None,
                }
            }

            /// A side of which nothing is known, for this reason.
            pub fn unknown(lack: &$crate::known::Lack) -> Self {
                Self {
                    platform: $crate::magento::versions::Platform::default(),
                    $($field: $crate::known::Known::Not(lack.clone()),)+
                    gaps: Vec::new(),
                }
            }

            /// A side that is known to have nothing: Magento 2 in an assessment.
            pub fn empty() -> Self {
                Self {
                    platform: $crate::magento::versions::Platform::default(),
                    $($field: $crate::known::Known::Is(Default::default()),)+
                    gaps: Vec::new(),
                }
            }

            /// What files alone tell of a side whose database is not known, for this reason.
            pub(in crate::facts) fn without_database(
                ground: &$crate::facts::ground::Ground<'_>,
                lack: &$crate::known::Lack,
            ) -> Self {
                use $crate::facts::engine::FactReader;
                Self {
                    platform: $crate::magento::versions::Platform::default(),
                    $($field: <$reader>::without_database(ground, lack),)+
                    gaps: Vec::new(),
                }
            }

            /// Reads the facts of a database, apart from large ones that nobody wants.
            pub(in crate::facts) fn gather(
                ground: &$crate::facts::ground::Ground<'_>,
                tables: &mut dyn $crate::source::tables::Tables,
                is_wanted: &dyn Fn(Fact) -> bool,
            ) -> Self {
                use $crate::facts::engine::{FactReader, Gather, Gathering, gather};
                let mut platform = Gathering::<$crate::facts::platform::PlatformReader>::begin(ground);
                $(let mut $field = (<$reader>::IS_SMALL || is_wanted(Fact::$kind))
                    .then(|| Gathering::<$reader>::begin(ground));)+
                let mut all: Vec<&mut dyn Gather> = vec![&mut platform];
                $(all.extend($field.as_mut().map(|it| it as &mut dyn Gather));)+
                gather(tables, &mut all);
                let mut gaps = Vec::new();
                $(let $field = match $field {
                    Some(it) => {
                        let (value, own) = it.finish(ground, tables);
                        gaps.extend(own.into_iter().map(|lack| (Fact::$kind, lack)));
                        value
                    }
                    None => $crate::known::Known::Not($crate::facts::left_out()),
                };)+
                Self {
                    platform: match platform.finish(ground, tables).0 {
                        $crate::known::Known::Is(platform) => platform,
                        $crate::known::Known::Not(_) => Default::default(),
                    },
                    $($field,)+
                    gaps,
                }
            }
        }

        /// What each fact may ask of a side.
        pub fn declared(side: $crate::pair::Side) -> Vec<(Fact, Vec<$crate::facts::Declared>)> {
            use $crate::facts::engine::declared_by;
            let ground = $crate::facts::ground::Ground::bare(side);
            vec![$((Fact::$kind, declared_by::<$reader>(&ground))),+]
        }

        /// Every read that this crate declares, by side: what a least-privilege user
        /// needs, and what a test looks through for secrets.
        pub fn all_reads(side: $crate::pair::Side) -> Vec<$crate::source::tables::Read> {
            use $crate::facts::engine::declared_by;
            let ground = $crate::facts::ground::Ground::bare(side);
            let of_platform = declared_by::<$crate::facts::platform::PlatformReader>(&ground);
            let all = of_platform.into_iter().chain(declared(side).into_iter().flat_map(|(_, it)| it));
            // What two facts declare is read once.
            let mut once: Vec<$crate::source::tables::Read> = Vec::new();
            for read in all.map(|it| it.read) {
                if !once.contains(&read) {
                    once.push(read);
                }
            }
            once
        }
    };
}
