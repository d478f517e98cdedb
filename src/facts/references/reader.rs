//! References, while they are read.

use std::collections::BTreeMap;

use super::sources::{
    ASSETS, ATTRIBUTES, CONFIG, FILE_INPUTS, FILE_OPTIONS, Holder, SWATCHES_BY_NAME, Source, TEXTS, TYPES, UPLOADS,
    pictures, sources,
};
use super::{Collector, GALLERY, GUESS, HIDDEN, Names, Reference, References, SLASHES, User};
use crate::facts::catalog;
use crate::facts::engine::{Answers, Ask, FactReader};
use crate::facts::ground::Ground;
use crate::known::Known;
use crate::magento::media_urls::{self, Scanner};
use crate::pair::Side;
use crate::source::tables::{CellError, Read, Row, Tables};

struct Attribute {
    id: u64,
    entity_type: u64,
    code: String,
    backend: String,
    input: String,
}

/// A row of the gallery.
struct Picture {
    value_id: u32,
    path: u32,
    /// Whose it is; Magento 2 keeps that in a table of its own.
    product: Option<u32>,
    flags: u8,
}

/// References that are being read.
pub(in crate::facts) struct ReferencesReader {
    side: Side,
    config: Vec<(String, String)>,
    types: BTreeMap<u64, Holder>,
    attributes: Vec<Attribute>,
    has_file_options: bool,
    /// Whether what the first pass told was put to use.
    is_begun: bool,
    scanner: Scanner,
    collector: Collector,
    /// Attributes of products whose file may lie anywhere, in order.
    uncertain: Vec<u64>,
    gallery: Vec<Picture>,
    /// Picture, product.
    entities: Vec<(u32, u32)>,
    /// Pictures that are hidden in all store views.
    disabled: Vec<u32>,
    assets: Vec<u64>,
    skus: Names,
}

fn small(id: u64) -> Option<u32> {
    u32::try_from(id).ok()
}

/// A short mark of a text, for sets of many: two of a million have the same one by a chance of one in 10⁷.
pub fn mark(text: &[u8]) -> u64 {
    let hash = blake3::hash(text);
    u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at]))
}

/// A value that stands for no file (`Mage_Catalog_Model_Product_Attribute_Backend_Media`).
fn is_nothing(value: &[u8]) -> bool {
    value.is_empty() || value == b"no_selection"
}

fn below(folder: &str, value: &[u8]) -> Option<Vec<u8>> {
    media_urls::normalised(&[folder.as_bytes(), b"/", value].concat())
}

/// Whether a value of the gallery does not begin with one slash, or has two in a row.
fn slashes(value: &[u8]) -> u8 {
    if !value.starts_with(b"/") || value.windows(2).any(|it| it == b"//") { SLASHES } else { 0 }
}

impl ReferencesReader {
    fn setting(&mut self, row: &Row<'_>) {
        self.config.push((row.text("path").unwrap_or_default(), row.text("value").unwrap_or_default()));
    }

    fn entity_type(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        if let Some(holder) = Holder::of_type(&row.text("entity_type_code").unwrap_or_default()) {
            self.types.insert(row.id("entity_type_id")?, holder);
        }
        Ok(())
    }

    fn attribute(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let text = |column: &str| row.text(column).unwrap_or_default();
        self.attributes.push(Attribute {
            id: row.id("attribute_id")?,
            entity_type: row.id("entity_type_id")?,
            code: text("attribute_code"),
            backend: text("backend_type"),
            input: text("frontend_input"),
        });
        Ok(())
    }

    fn file_option(&mut self, _: &Row<'_>) {
        self.has_file_options = true;
    }

    fn sku(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let number = self.skus.texts.push(row.bytes("sku").unwrap_or_default());
        self.skus.numbers.extend(small(catalog::key(row)?).zip(number));
        Ok(())
    }

    fn ids(&self, holder: Holder, is_wanted: impl Fn(&Attribute) -> bool) -> Vec<u64> {
        let own = self.attributes.iter().filter(|it| self.types.get(&it.entity_type) == Some(&holder));
        own.filter(|it| is_wanted(it)).map(|it| it.id).collect()
    }

    /// The attributes whose values are read, where it is about values.
    fn ids_of(&self, source: Source) -> Option<Vec<u64>> {
        let texts = |holder| self.ids(holder, |it| it.backend == "text" && it.code != "custom_layout_update");
        let layouts = |holder| self.ids(holder, |it| it.backend == "text" && it.code == "custom_layout_update");
        Some(match source {
            Source::CategoryTexts => texts(Holder::Category),
            Source::ProductTexts => texts(Holder::Product),
            Source::CategoryLayout => layouts(Holder::Category),
            Source::ProductLayout => layouts(Holder::Product),
            Source::Files(holder) => {
                self.ids(holder, |it| it.backend == "varchar" && FILE_INPUTS.contains(&it.input.as_str()))
            }
            _ => return None,
        })
    }

    /// Puts addresses and attributes to use.
    fn begin_values(&mut self) {
        let values = |name: &str| {
            let named = self.config.iter().filter(|(path, _)| path.ends_with(name));
            named.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        let scanner = Scanner::new(values("/base_url"), values("/base_media_url"));
        for (path, value) in self.config.iter().filter(|(_, value)| !value.is_empty()) {
            let upload = UPLOADS.iter().find(|(setting, _)| setting == path);
            // Magento 1 keeps the logo of the storefront in the skin.
            let is_skin = self.side == Side::M1 && upload.is_some_and(|(_, folder)| *folder == "logo");
            if let Some((_, folder)) = upload.filter(|_| !is_skin) {
                if let Some(file) = media_urls::normalised(format!("{folder}/{value}").as_bytes()) {
                    self.collector.add_config(&file, path, 0);
                }
            } else if TEXTS.contains(&path.as_str()) {
                scanner.scan(value.as_bytes(), &mut |file, is_certain| {
                    self.collector.add_config(file, path, if is_certain { 0 } else { GUESS });
                });
            }
        }
        self.scanner = scanner;
        // Attributes of an extension may keep their files elsewhere.
        self.uncertain = self.ids(Holder::Product, |it| it.input != "media_image");
        self.uncertain.sort_unstable();
    }

    /// Takes what stands in a row.
    fn row(&mut self, source: Source, read: &Read, row: &Row<'_>) -> Result<(), CellError> {
        let Self { scanner, collector, .. } = self;
        let mut scan = |columns: &[&str], user: User, id: u64| {
            for text in columns.iter().filter_map(|it| row.bytes(it)) {
                scanner.scan(text, &mut |path, is_certain| {
                    collector.add(path, user, id, if is_certain { 0 } else { GUESS });
                });
            }
        };
        match source {
            Source::CategoryTexts | Source::CategoryLayout => scan(&["value"], User::Category, catalog::key(row)?),
            Source::ProductTexts | Source::ProductLayout => scan(&["value"], User::Product, catalog::key(row)?),
            Source::Pages => {
                scan(&["content", "layout_update_xml", "custom_layout_update_xml"], User::Page, row.id("page_id")?);
            }
            Source::Blocks => scan(&["content"], User::Block, row.id("block_id")?),
            Source::Emails => scan(&["template_text", "template_styles"], User::Email, row.id("template_id")?),
            Source::Newsletters => {
                scan(&["template_text", "template_styles"], User::Newsletter, row.id("template_id")?);
            }
            Source::Widgets => scan(&["widget_parameters"], User::Widget, row.id("instance_id")?),
            Source::Variables => scan(&["html_value"], User::Variable, row.id("variable_id")?),
            Source::Files(holder) => self.file(holder, row)?,
            Source::Gallery => self.picture(row)?,
            Source::GalleryValues => {
                if row.number::<u64>("store_id")? == Some(0) && row.flag("disabled")? {
                    self.disabled.extend(small(row.id("value_id")?));
                }
            }
            Source::GalleryEntities => {
                self.entities.extend(small(row.id("value_id")?).zip(small(catalog::key(row)?)));
            }
            Source::Links => {
                let product = row.id("product_id")?;
                self.download(row, ["link_file", "link_type"], "downloadable/files/links", User::Download, product);
                let sample = ["sample_file", "sample_type"];
                self.download(row, sample, "downloadable/files/link_samples", User::Download, product);
            }
            Source::Samples => {
                let product = row.id("product_id")?;
                let sample = ["sample_file", "sample_type"];
                self.download(row, sample, "downloadable/files/samples", User::Download, product);
            }
            Source::Purchases => {
                let file = ["link_file", "link_type"];
                self.download(row, file, "downloadable/files/links", User::Purchase, row.id("item_id")?);
            }
            Source::Wishlists => self.options(row.bytes("value"), User::Wishlist, row.id("wishlist_item_id")?),
            Source::Letters => scan(&["newsletter_text"], User::Letter, row.id("queue_id")?),
            Source::Agreements => scan(&["content"], User::Agreement, row.id("agreement_id")?),
            Source::Banners => scan(&["banner_content"], User::Banner, row.id("banner_id")?),
            Source::Templates => scan(&["template"], User::Template, row.id("template_id")?),
            Source::Extension => self.extension(read, row),
            Source::QuoteOptions => self.options(row.bytes("value"), User::Quote, row.id("item_id")?),
            Source::OrderItems => self.options(row.bytes("product_options"), User::Order, row.id("order_id")?),
            Source::Swatches => {
                let value = row.bytes("value").unwrap_or_default();
                self.add_below("attribute/swatch", value, User::Option, row.id("option_id")?, 0);
            }
            Source::Assets => {
                self.assets.push(mark(row.bytes("path").unwrap_or_default()));
            }
        }
        Ok(())
    }

    fn add_below(&mut self, folder: &str, value: &[u8], user: User, id: u64, flags: u8) {
        if let Some(path) = below(folder, value).filter(|_| !is_nothing(value)) {
            self.collector.add(&path, user, id, flags);
        }
    }

    fn file(&mut self, holder: Holder, row: &Row<'_>) -> Result<(), CellError> {
        let value = row.bytes("value").unwrap_or_default();
        let (id, user) = (catalog::key(row)?, holder.user());
        if holder == Holder::Product && self.uncertain.binary_search(&row.id("attribute_id")?).is_ok() {
            self.add_below(holder.folder(), value, user, id, GUESS);
            self.add_below("", value, user, id, GUESS);
            return Ok(());
        }
        // Magento 2 may keep the whole address of a category's picture.
        let whole = memchr::memmem::find(value, b"/media/").filter(|_| holder == Holder::Category);
        match whole {
            Some(at) => self.add_below("", &value[at + b"/media/".len()..], user, id, 0),
            None => self.add_below(holder.folder(), value, user, id, 0),
        }
        Ok(())
    }

    fn picture(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let value = row.bytes("value").unwrap_or_default();
        let Some(path) = below("catalog/product", value).filter(|_| !is_nothing(value)) else { return Ok(()) };
        let is_hidden = self.side == Side::M2 && row.flag("disabled").unwrap_or_default();
        let product = if self.side == Side::M1 { small(row.id("entity_id")?) } else { None };
        let flags = GALLERY | slashes(value) | if is_hidden { HIDDEN } else { 0 };
        match (self.collector.paths.number(&path), small(row.id("value_id")?)) {
            (Some(path), Some(value_id)) => self.gallery.push(Picture { value_id, path, product, flags }),
            _ => self.collector.is_full = true,
        }
        Ok(())
    }

    /// A file and its type: what is an address keeps the name of a file that was there before.
    fn download(&mut self, row: &Row<'_>, [file, kind]: [&str; 2], folder: &str, user: User, id: u64) {
        if row.bytes(kind) != Some(b"url") {
            self.add_below(folder, row.bytes(file).unwrap_or_default(), user, id, 0);
        }
    }

    /// A row of an extension's table, of which nothing is known but the names of its columns.
    fn extension(&mut self, read: &Read, row: &Row<'_>) {
        let Self { scanner, collector, .. } = self;
        for cell in read.column_names().filter_map(|it| row.bytes(it)) {
            scanner.scan(cell, &mut |path, _| collector.add_table(path, read.name()));
            if let Some(path) = media_urls::bare(cell) {
                collector.add_table(&path, read.name());
            }
        }
    }

    fn options(&mut self, text: Option<&[u8]>, user: User, id: u64) {
        // Once there is an order, the file of its quote may go.
        let flags = |path: &[u8]| if path.starts_with(b"custom_options/quote/") { GUESS } else { 0 };
        media_urls::option_files(text.unwrap_or_default(), &mut |path| {
            self.collector.add(path, user, id, flags(path));
        });
    }

    /// Pictures and their products, brought together.
    fn join(&mut self) {
        self.disabled.sort_unstable();
        self.entities.sort_unstable();
        for picture in std::mem::take(&mut self.gallery) {
            let Picture { value_id, path, product, mut flags } = picture;
            if self.disabled.binary_search(&value_id).is_ok() {
                flags |= HIDDEN;
            }
            let start = self.entities.partition_point(|(it, _)| *it < value_id);
            let own = self.entities[start..].iter().take_while(|(it, _)| *it == value_id).map(|(_, product)| *product);
            for id in product.into_iter().chain(own) {
                self.collector.all.push(Reference { path, user: User::Product, id, flags });
            }
        }
        self.entities = Vec::new();
    }
}

impl FactReader for ReferencesReader {
    type Value = References;

    fn begin(ground: &Ground<'_>) -> Self {
        Self {
            side: ground.side,
            config: Vec::new(),
            types: BTreeMap::new(),
            attributes: Vec::new(),
            has_file_options: false,
            is_begun: false,
            scanner: Scanner::new([], []),
            collector: Collector::default(),
            uncertain: Vec::new(),
            gallery: Vec::new(),
            entities: Vec::new(),
            disabled: Vec::new(),
            assets: Vec::new(),
            skus: Names::default(),
        }
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let mut asks = vec![
            Ask::required(CONFIG, Self::setting),
            Ask::required(TYPES, Self::entity_type).never_empty(),
            Ask::required(ATTRIBUTES, Self::attribute).never_empty(),
            Ask::optional(FILE_OPTIONS, Self::file_option),
        ];
        asks.extend(sources(ground).into_iter().map(|(source, read)| {
            let take = move |reader: &mut Self, row: &Row<'_>| reader.row(source, &read, row);
            let ask = if source.is_of_some() { Ask::if_there(read, take) } else { Ask::optional(read, take) };
            let ask = ask
                .after(&[CONFIG, TYPES, ATTRIBUTES, FILE_OPTIONS])
                .only_if(move |reader| reader.has_file_options || !source.is_of_orders());
            let ask = match source {
                Source::GalleryValues | Source::GalleryEntities => ask.rarely_empty_beside(&[pictures(ground.side)]),
                // Magento 2.4 has it, and further tables of the same module.
                Source::Assets => ask.of_newer(ground.columns("media_gallery_keyword").is_some()),
                _ => ask,
            };
            if source.is_about_values() {
                ask.among("attribute_id", move |reader| reader.ids_of(source).unwrap_or_default())
            } else {
                ask
            }
        }));
        asks.push(Ask::optional(catalog::ENTITIES[1], Self::sku));
        asks
    }

    fn passed(&mut self, answers: &Answers) {
        if answers.are_there(&[CONFIG, TYPES, ATTRIBUTES]) && !std::mem::replace(&mut self.is_begun, true) {
            self.begin_values();
        }
    }

    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<References> {
        self.join();
        let has_assets = self.side == Side::M2 && answers.error(&ASSETS).is_none();
        let mut names = self.skus;
        names.numbers.sort_unstable();
        let mut found = self.collector.finish(names, answers.error(&catalog::ENTITIES[1]).is_none());
        for (source, read) in sources(ground) {
            let (Some(lack), Some(folder)) = (answers.lack(&read), source.folder()) else { continue };
            let files = if folder.is_empty() { String::new() } else { format!(" of {folder}") };
            found.lacks.push(format!("{}: what uses files{files} cannot be told", lack.why()));
            found.unknown.insert(folder.to_owned());
        }
        if self.config.iter().any(|(path, value)| path == SWATCHES_BY_NAME && value == "1") {
            found.unknown.insert("wysiwyg/swatches".to_owned());
        }
        if !self.has_file_options {
            // Orders may still have files of options that are gone.
            found.unknown.insert("custom_options".to_owned());
        }
        found.assets = has_assets.then(|| {
            self.assets.sort_unstable();
            self.assets
        });
        found.lacks.sort();
        found.lacks.dedup();
        Known::Is(found)
    }
}
