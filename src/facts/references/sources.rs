//! Where references stand, on either platform.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::User;
use crate::facts::catalog;
use crate::facts::ground::Ground;
use crate::magento::tables;
use crate::pair::{Pair, Side};
use crate::source::tables::{Read, is_secret};

/// Settings whose value is a file that was uploaded, and the folder that it lies in
/// (`system.xml`, `upload_dir`).
pub(super) const UPLOADS: [(&str, &str); 15] = [
    ("catalog/placeholder/image_placeholder", "catalog/product/placeholder"),
    ("catalog/placeholder/small_image_placeholder", "catalog/product/placeholder"),
    ("catalog/placeholder/swatch_image_placeholder", "catalog/product/placeholder"),
    ("catalog/placeholder/thumbnail_placeholder", "catalog/product/placeholder"),
    ("design/email/logo", "email/logo"),
    ("design/head/shortcut_icon", "favicon"),
    // Magento 1 keeps the logo of the storefront in the skin.
    ("design/header/logo_src", "logo"),
    ("design/watermark/image_image", "catalog/product/watermark"),
    ("design/watermark/small_image_image", "catalog/product/watermark"),
    ("design/watermark/swatch_image_image", "catalog/product/watermark"),
    ("design/watermark/thumbnail_image", "catalog/product/watermark"),
    ("sales/identity/logo", "sales/store/logo"),
    ("sales/identity/logo_html", "sales/store/logo_html"),
    ("sales/identity/logo_pdf", "sales/store/logo"),
    ("theme/logo/src", "logo"),
];

/// Settings whose value is a text.
pub(super) const TEXTS: [&str; 4] =
    ["design/footer/absolute_footer", "design/footer/copyright", "design/head/includes", "design/header/welcome"];

/// Whether Magento 1 shows files of `wysiwyg/swatches` by their names (`Mage_ConfigurableSwatches`).
pub(super) const SWATCHES_BY_NAME: &str = "configswatches/general/enabled";

pub(super) const CONFIG: Read = Read::table("core_config_data")
    .only_in(
        "path",
        &[
            "catalog/placeholder/image_placeholder",
            "catalog/placeholder/small_image_placeholder",
            "catalog/placeholder/swatch_image_placeholder",
            "catalog/placeholder/thumbnail_placeholder",
            "design/email/logo",
            "design/head/shortcut_icon",
            "design/header/logo_src",
            "design/watermark/image_image",
            "design/watermark/small_image_image",
            "design/watermark/swatch_image_image",
            "design/watermark/thumbnail_image",
            "sales/identity/logo",
            "sales/identity/logo_html",
            "sales/identity/logo_pdf",
            "theme/logo/src",
            "design/footer/absolute_footer",
            "design/footer/copyright",
            "design/head/includes",
            "design/header/welcome",
            "web/secure/base_url",
            "web/unsecure/base_url",
            "web/secure/base_media_url",
            "web/unsecure/base_media_url",
            "configswatches/general/enabled",
        ],
    )
    .columns(&["path", "value"]);
pub(super) const TYPES: Read = Read::table("eav_entity_type").columns(&["entity_type_id", "entity_type_code"]);
pub(super) const ATTRIBUTES: Read = Read::table("eav_attribute").columns(&[
    "attribute_id",
    "entity_type_id",
    "attribute_code",
    "backend_type",
    "frontend_input",
]);
pub(super) const FILE_OPTIONS: Read =
    Read::table("catalog_product_option").only_in("type", &["file"]).columns(&["option_id"]);

/// What has attributes whose values are files or texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    Category,
    Product,
    Customer,
    Address,
}

impl Holder {
    pub(super) fn of_type(code: &str) -> Option<Self> {
        match code {
            "catalog_category" => Some(Self::Category),
            "catalog_product" => Some(Self::Product),
            "customer" => Some(Self::Customer),
            "customer_address" => Some(Self::Address),
            _ => None,
        }
    }

    pub(super) const fn user(self) -> User {
        match self {
            Self::Category => User::Category,
            Self::Product => User::Product,
            Self::Customer => User::Customer,
            Self::Address => User::Address,
        }
    }

    /// The folder that files of its attributes lie in.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Category => "catalog/category",
            Self::Product => "catalog/product",
            Self::Customer => "customer",
            Self::Address => "customer_address",
        }
    }
}

/// Inputs of attributes whose value is a file.
pub(super) const FILE_INPUTS: [&str; 3] = ["media_image", "image", "file"];

/// Where references stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    CategoryTexts,
    ProductTexts,
    CategoryLayout,
    ProductLayout,
    Files(Holder),
    Gallery,
    GalleryValues,
    GalleryEntities,
    Pages,
    Blocks,
    Emails,
    Newsletters,
    Widgets,
    Variables,
    Links,
    Samples,
    QuoteOptions,
    OrderItems,
    Purchases,
    Wishlists,
    Letters,
    Agreements,
    /// Commerce.
    Banners,
    /// Templates of the page builder.
    Templates,
    Swatches,
    Assets,
    /// A table of an extension.
    Extension,
}

impl Source {
    /// The folder whose files may be used by what stands here, if it is about use: a text may show any file.
    pub(super) const fn folder(self) -> Option<&'static str> {
        Some(match self {
            Self::CategoryTexts
            | Self::ProductTexts
            | Self::CategoryLayout
            | Self::ProductLayout
            | Self::Pages
            | Self::Blocks
            | Self::Emails
            | Self::Newsletters
            | Self::Letters
            | Self::Agreements
            | Self::Banners
            | Self::Templates
            | Self::Extension
            | Self::Widgets
            | Self::Variables => "",
            Self::Files(holder) => holder.folder(),
            Self::Gallery | Self::GalleryValues | Self::GalleryEntities => "catalog/product",
            Self::Links | Self::Samples | Self::Purchases => "downloadable",
            Self::QuoteOptions | Self::OrderItems | Self::Wishlists => "custom_options",
            Self::Swatches => "attribute",
            Self::Assets => return None,
        })
    }

    /// Whether values of some attributes are read.
    pub(super) const fn is_about_values(self) -> bool {
        matches!(
            self,
            Self::CategoryTexts | Self::ProductTexts | Self::CategoryLayout | Self::ProductLayout | Self::Files(_)
        )
    }

    /// Whether it is only looked through if customers can send files with their orders, which are many.
    pub(super) const fn is_of_orders(self) -> bool {
        matches!(self, Self::QuoteOptions | Self::OrderItems | Self::Wishlists)
    }

    /// Whether only some versions or editions have it: where its table is not there, nothing is.
    pub(super) const fn is_of_some(self) -> bool {
        matches!(
            self,
            Self::Swatches
                | Self::Purchases
                | Self::Wishlists
                | Self::Letters
                | Self::Agreements
                | Self::Banners
                | Self::Templates
                | Self::Extension
        )
    }
}

pub(super) const fn values_of(table: &'static str) -> Read {
    Read::table(table).columns(&["attribute_id", "value"]).optional(&["entity_id", "row_id"])
}

pub(super) const GALLERY_M1: Read =
    Read::table("catalog_product_entity_media_gallery").columns(&["value_id", "entity_id", "value"]);
pub(super) const GALLERY_M2: Read =
    Read::table("catalog_product_entity_media_gallery").columns(&["value_id", "value"]).optional(&["disabled"]);
/// Pictures of products.
pub(super) const fn pictures(side: Side) -> Read {
    match side {
        Side::M1 => GALLERY_M1,
        Side::M2 => GALLERY_M2,
    }
}

pub(super) const GALLERY_VALUES: Read =
    Read::table("catalog_product_entity_media_gallery_value").columns(&["value_id", "store_id", "disabled"]);
pub(super) const GALLERY_ENTITIES: Read = Read::table("catalog_product_entity_media_gallery_value_to_entity")
    .columns(&["value_id"])
    .optional(&["entity_id", "row_id"]);
pub(super) const PAGES: Read =
    Read::table("cms_page").columns(&["page_id", "content", "layout_update_xml", "custom_layout_update_xml"]);
pub(super) const BLOCKS: Read = Read::table("cms_block").columns(&["block_id", "content"]);
pub(super) const EMAILS: Pair<Read> = Pair {
    m1: Read::table("core_email_template").columns(&["template_id", "template_text"]).optional(&["template_styles"]),
    m2: Read::table("email_template").columns(&["template_id", "template_text"]).optional(&["template_styles"]),
};
pub(super) const NEWSLETTERS: Read =
    Read::table("newsletter_template").columns(&["template_id", "template_text"]).optional(&["template_styles"]);
pub(super) const WIDGETS: Read = Read::table("widget_instance").columns(&["instance_id", "widget_parameters"]);
pub(super) const VARIABLES: Pair<Read> = Pair {
    m1: Read::table("core_variable_value").columns(&["variable_id"]).optional(&["html_value"]),
    m2: Read::table("variable_value").columns(&["variable_id"]).optional(&["html_value"]),
};
pub(super) const LINKS: Read = Read::table("downloadable_link").columns(&["product_id"]).optional(&[
    "link_file",
    "link_type",
    "sample_file",
    "sample_type",
]);
pub(super) const SAMPLES: Read =
    Read::table("downloadable_sample").columns(&["product_id"]).optional(&["sample_file", "sample_type"]);
pub(super) const QUOTE_OPTIONS: Pair<Read> = Pair {
    m1: Read::table("sales_flat_quote_item_option").columns(&["item_id", "value"]),
    m2: Read::table("quote_item_option").columns(&["item_id", "value"]),
};
pub(super) const ORDER_ITEMS: Pair<Read> = Pair {
    m1: Read::table("sales_flat_order_item").columns(&["order_id", "product_options"]),
    m2: Read::table("sales_order_item").columns(&["order_id", "product_options"]),
};
pub(super) const PURCHASES: Read =
    Read::table("downloadable_link_purchased_item").columns(&["item_id"]).optional(&["link_file", "link_type"]);
const WISHLISTS: Read = Read::table("wishlist_item_option").columns(&["wishlist_item_id", "value"]);
const LETTERS: Read = Read::table("newsletter_queue").columns(&["queue_id"]).optional(&["newsletter_text"]);
const AGREEMENTS: Read = Read::table("checkout_agreement").columns(&["agreement_id"]).optional(&["content"]);
const BANNERS: Pair<Read> = Pair {
    m1: Read::table("enterprise_banner_content").columns(&["banner_id"]).optional(&["banner_content"]),
    m2: Read::table("magento_banner_content").columns(&["banner_id"]).optional(&["banner_content"]),
};
const TEMPLATES: Read = Read::table("pagebuilder_template").columns(&["template_id"]).optional(&["template"]);
const SWATCHES: Read =
    Read::table("eav_attribute_option_swatch").only_in("type", &["2"]).columns(&["option_id", "value"]);
pub(super) const ASSETS: Read = Read::table("media_gallery_asset").columns(&["path"]);

/// Where references of a side stand, and what is read there.
pub(super) fn sources(ground: &Ground<'_>) -> Vec<(Source, Read)> {
    let side = ground.side;
    let mut sources = vec![
        (Source::CategoryTexts, catalog::TEXTS[0]),
        (Source::ProductTexts, catalog::TEXTS[1]),
        (Source::Files(Holder::Category), values_of("catalog_category_entity_varchar")),
        (Source::Files(Holder::Product), values_of("catalog_product_entity_varchar")),
        (Source::Files(Holder::Customer), values_of("customer_entity_varchar")),
        (Source::Files(Holder::Address), values_of("customer_address_entity_varchar")),
        (Source::Gallery, pictures(side)),
        (Source::GalleryValues, GALLERY_VALUES),
        (Source::Pages, PAGES),
        (Source::Blocks, BLOCKS),
        (Source::Emails, *EMAILS.of(side)),
        (Source::Newsletters, NEWSLETTERS),
        (Source::Widgets, WIDGETS),
        (Source::Variables, *VARIABLES.of(side)),
        (Source::Links, LINKS),
        (Source::Samples, SAMPLES),
        (Source::Purchases, PURCHASES),
        (Source::Letters, LETTERS),
        (Source::Agreements, AGREEMENTS),
        (Source::Banners, *BANNERS.of(side)),
        (Source::CategoryLayout, catalog::TEXTS[0]),
        (Source::ProductLayout, catalog::TEXTS[1]),
    ];
    if side == Side::M2 {
        sources.extend([
            (Source::GalleryEntities, GALLERY_ENTITIES),
            (Source::Swatches, SWATCHES),
            (Source::Templates, TEMPLATES),
            (Source::Assets, ASSETS),
        ]);
    }
    sources.extend([
        (Source::QuoteOptions, *QUOTE_OPTIONS.of(side)),
        (Source::OrderItems, *ORDER_ITEMS.of(side)),
        (Source::Wishlists, WISHLISTS),
    ]);
    sources.extend(of_extensions(ground).map(|read| (Source::Extension, read)));
    sources
}

/// Words in names of columns that may hold a path or a text.
const TELLING: [&str; 21] = [
    "banner", "body", "content", "descr", "file", "html", "icon", "image", "img", "logo", "media", "path", "pdf",
    "photo", "pic", "src", "template", "text", "thumb", "url", "value",
];

/// Tables that are none of Magento 1's own: what an extension shows stands there.
///
/// Only columns whose names tell of files or texts are read: tables of statistics have none.
fn of_extensions<'a>(ground: &'a Ground<'_>) -> impl Iterator<Item = Read> + use<'a> {
    let foreign = ground.table_names().filter(|name| ground.side == Side::M1 && !tables::is_of_m1(name));
    foreign.filter_map(|name| {
        let columns = ground.columns(name)?.iter().map(String::as_str);
        let telling = |it: &&str| TELLING.iter().any(|word| it.to_ascii_lowercase().contains(word));
        let columns: Vec<&'static str> = columns.filter(telling).filter(|it| !is_secret(it)).map(kept).collect();
        (!columns.is_empty()).then(|| Read::table(kept(name)).optional(columns.leak()))
    })
}

/// A name for as long as the program runs, as constants have it: the same one each time.
fn kept(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(name) = names.get(name) {
        return name;
    }
    let name: &'static str = name.to_owned().leak();
    names.insert(name);
    name
}
