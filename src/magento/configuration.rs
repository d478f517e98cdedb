//! Paths of the configuration whose values anybody may know. Of no other path a value is read: it may
//! be a key or a password, and nothing tells.

/// Design: themes, titles, logos.
pub const DESIGN: &[&str] = &[
    "design/package/name",
    "design/package/ua_regexp",
    "design/theme/default",
    "design/theme/default_ua_regexp",
    "design/theme/layout",
    "design/theme/layout_ua_regexp",
    "design/theme/locale",
    "design/theme/skin",
    "design/theme/skin_ua_regexp",
    "design/theme/template",
    "design/theme/template_ua_regexp",
    "design/theme/theme_id",
    "design/theme/ua_regexp",
    "design/head/default_title",
    "design/head/title_prefix",
    "design/head/title_suffix",
    "design/head/default_description",
    "design/head/default_keywords",
    "design/head/default_robots",
    "design/search_engine_robots/default_robots",
    "design/head/includes",
    "design/head/shortcut_icon",
    "design/header/logo_src",
    "design/header/logo_alt",
    "design/header/welcome",
    "design/footer/copyright",
    "design/footer/absolute_footer",
    "design/watermark/image_image",
    "design/watermark/image_position",
    "design/watermark/image_size",
    "design/watermark/small_image_image",
    "design/watermark/thumbnail_image",
    "design/email/logo",
    "design/email/logo_alt",
];

/// What else is compared: time zone, addresses, and what hurts if it is carried over.
pub const OTHERS: &[&str] = &[
    "admin/captcha/enable",
    "catalog/seo/category_url_suffix",
    "catalog/seo/product_url_suffix",
    "general/locale/timezone",
    "web/secure/base_media_url",
    "web/secure/base_url",
    "web/unsecure/base_media_url",
    "web/unsecure/base_url",
];
