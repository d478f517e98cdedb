use super::*;
use crate::facts::testing::Rows;
use crate::pair::Side;

fn references(side: Side, first: &str, second: &str, products: &str) -> References {
    Rows::of(&format!("{first}\n{second}\n{products}")).known::<ReferencesReader>(side)
}

fn lines(references: &References) -> Vec<String> {
    let line = |(path, users): (&[u8], &[Reference])| {
        let users: Vec<String> = users.iter().map(|it| references.words(*it)).collect();
        format!("{} < {}", String::from_utf8_lossy(path), users.join(", "))
    };
    references.iter().map(line).collect()
}

const FIRST: &str = "
    eav_entity_type: 3|catalog_category
    eav_entity_type: 4|catalog_product
    eav_entity_type: 1|customer
    eav_attribute: 41|3|image|varchar|image
    eav_attribute: 42|3|description|text|textarea
    eav_attribute: 71|4|image|varchar|media_image
    eav_attribute: 72|4|description|text|textarea
    eav_attribute: 73|4|manual|varchar|file
    eav_attribute: 74|4|name|varchar|text
    eav_attribute: 11|1|contract|varchar|file
    core_config_data: web/unsecure/base_url|http://shop.acme.com/
    core_config_data: web/unsecure/base_media_url|http://cdn.acme.com/media/
    core_config_data: design/head/shortcut_icon|stores/2/acme.png
    core_config_data: design/header/logo_src|images/logo.gif
    core_config_data: design/footer/copyright|<img src=\"/media/wysiwyg/seal.png\">
    catalog_product_option: 5";

#[test]
fn every_kind_of_reference_of_magento_1() {
    let found = references(
        Side::M1,
        FIRST,
        "catalog_product_entity_media_gallery: 1|7|/a/b/ab.jpg
         catalog_product_entity_media_gallery: 2|7|/a/b/ab.jpg
         catalog_product_entity_media_gallery: 3|8|//c/d/cd.jpg
         catalog_product_entity_media_gallery: 4|99|/g/o/gone.jpg
         catalog_product_entity_media_gallery_value: 3|0|1
         catalog_product_entity_varchar: 71|/a/b/ab.jpg|7|-
         catalog_product_entity_varchar: 71|no_selection|8|-
         catalog_product_entity_varchar: 73|m/manual.pdf|8|-
         catalog_product_entity_varchar: 74|x.jpg|8|-
         catalog_category_entity_varchar: 41|Kleider Ü.jpg|4|-
         customer_entity_varchar: 11|/c/o/contract.pdf|6|-
         catalog_product_entity_text: 72|0|{{media url=\"wysiwyg/a.jpg\"}}|7|-
         catalog_category_entity_text: 42|0|http://cdn.acme.com/media/wysiwyg/a.jpg |4|-
         cms_page: 5|<img src='/media/wysiwyg/a.jpg'>|-|-
         cms_block: 6|http://other.com/media/wysiwyg/a.jpg
         core_email_template: 1|{{media url=wysiwyg/mail.png}}|-
         newsletter_template: 2|{{media url=wysiwyg/mail.png}}|-
         widget_instance: 3|a:1:{s:4:\"html\";s:31:\"{{media url=\"wysiwyg/w.png\"}}\";}
         core_variable_value: 4|<img src=\"/media/wysiwyg/v.png\">
         downloadable_link: 8|/l/i/link.pdf|file|/s/a/sample.pdf|file
         downloadable_link: 8|/o/l/old.pdf|url|-|-
         downloadable_sample: 8|/s/a/sample.pdf|file
         downloadable_link_purchased_item: 31|/b/o/bought.pdf|file
         wishlist_item_option: 32|s:39:\"/media/custom_options/quote/w/i/wi.pdf\";
         newsletter_queue: 33|{{media url=wysiwyg/sent.png}}
         checkout_agreement: 34|<img src='/media/wysiwyg/terms.png'>
         enterprise_banner_content: 35|{{media url=wysiwyg/banner.png}}
         sales_flat_quote_item_option: 21|s:39:\"/media/custom_options/quote/a/b/ab.pdf\";
         sales_flat_order_item: 22|s:39:\"/media/custom_options/order/a/b/ab.pdf\";",
        "catalog_product_entity: 7|TEE|-|-|-\ncatalog_product_entity: 8|MUG Ä|-|-|-",
    );
    assert_eq!(
        lines(&found),
        [
            "catalog/category/Kleider Ü.jpg < category 4",
            "catalog/product/a/b/ab.jpg < product TEE",
            "catalog/product/c/d/cd.jpg < product MUG Ä",
            "catalog/product/m/manual.pdf < product MUG Ä",
            "custom_options/order/a/b/ab.pdf < order 22",
            "custom_options/quote/a/b/ab.pdf < quote 21",
            "custom_options/quote/w/i/wi.pdf < wishlist_item 32",
            "customer/c/o/contract.pdf < customer 6",
            "downloadable/files/link_samples/s/a/sample.pdf < product MUG Ä",
            "downloadable/files/links/b/o/bought.pdf < purchased_link 31",
            "downloadable/files/links/l/i/link.pdf < product MUG Ä",
            "downloadable/files/samples/s/a/sample.pdf < product MUG Ä",
            "favicon/stores/2/acme.png < config design/head/shortcut_icon",
            "m/manual.pdf < product MUG Ä",
            "wysiwyg/a.jpg < product TEE, category 4, cms_page 5, cms_block 6",
            "wysiwyg/banner.png < banner 35",
            "wysiwyg/mail.png < email 1, newsletter 2",
            "wysiwyg/seal.png < config design/footer/copyright",
            "wysiwyg/sent.png < newsletter_queue 33",
            "wysiwyg/terms.png < checkout_agreement 34",
            "wysiwyg/v.png < variable 4",
            "wysiwyg/w.png < widget 3",
        ]
    );
    let one = |path: &str| found.to(path.as_bytes())[0];
    assert!(one("catalog/product/a/b/ab.jpg").is_repeated() && !one("catalog/product/a/b/ab.jpg").is_hidden());
    assert!(one("catalog/product/c/d/cd.jpg").has_odd_slashes() && one("catalog/product/c/d/cd.jpg").is_hidden());
    assert!(!one("m/manual.pdf").is_certain());
    assert_eq!((found.unknown.len(), found.lacks.len()), (0, 0));
}

#[test]
fn magento_2_keeps_products_of_pictures_in_a_table_of_its_own() {
    let found = references(
        Side::M2,
        FIRST,
        "catalog_product_entity_media_gallery: 1|/a/b/ab.jpg|0
         catalog_product_entity_media_gallery: 2|/g/o/gone.jpg|0
         catalog_product_entity_media_gallery_value_to_entity: 1|7|-
         catalog_product_entity_media_gallery_value_to_entity: 1|8|-
         catalog_category_entity_varchar: 41|/media/catalog/category/whole.jpg|4|-
         catalog_category_entity_varchar: 41|bare.jpg|5|-
         eav_attribute_option_swatch: 5|/r/e/red.png
         media_gallery_asset: wysiwyg/a.jpg",
        "catalog_product_entity: 7|TEE|-|-|-\ncatalog_product_entity: 8|MUG|-|-|-",
    );
    let expected = [
        "attribute/swatch/r/e/red.png < attribute_option 5",
        "catalog/category/bare.jpg < category 5",
        "catalog/category/whole.jpg < category 4",
        "catalog/product/a/b/ab.jpg < product TEE, product MUG",
        "favicon/stores/2/acme.png < config design/head/shortcut_icon",
        "logo/images/logo.gif < config design/header/logo_src",
        "wysiwyg/seal.png < config design/footer/copyright",
    ];
    assert_eq!(lines(&found), expected);
    assert_eq!(found.assets, Some(vec![mark(b"wysiwyg/a.jpg")]));
}

#[test]
fn what_was_not_read_is_not_taken_for_unused() {
    let found = references(Side::M1, FIRST, "cms_page: !", "");
    assert!(found.is_unknown(b"wysiwyg/a.jpg") && found.is_unknown(b"catalog/product/a/b/ab.jpg"));
    assert_eq!(found.lacks.len(), 1);
    assert!(found.lacks[0].ends_with("what uses files cannot be told"), "{:?}", found.lacks);
}

#[test]
fn tables_of_extensions_are_looked_through() {
    let text = "acme_banner: promo/xmas.jpg|<img src='/media/wysiwyg/x.jpg'>\nacme_banner: no path|-";
    let mut rows = Rows::of(&format!("{FIRST}\n{text}"))
        .with_schema(&[("acme_banner", &["id", "image", "html", "secret_html"]), ("acme_log", &["id", "at"])]);
    let found = rows.known::<ReferencesReader>(Side::M1);
    let own: Vec<String> = lines(&found).into_iter().filter(|it| it.contains("table")).collect();
    assert_eq!(own, ["promo/xmas.jpg < table acme_banner", "wysiwyg/x.jpg < table acme_banner"]);
}

#[test]
fn however_many_attributes_there_are_all_are_read() {
    let lines = |line: &dyn Fn(u64) -> String| (100..200).map(line).collect::<Vec<_>>().join("\n");
    let attributes = lines(&|id| format!("eav_attribute: {id}|4|text_{id}|text|textarea"));
    let texts = lines(&|id| format!("catalog_product_entity_text: {id}|0|{{{{media url=a/{id}.jpg}}}}|7|-"));
    let found = references(Side::M1, FIRST, &format!("{attributes}\n{texts}"), "catalog_product_entity: 7|TEE|-|-|-");
    assert_eq!((found.iter().filter(|(path, _)| path.starts_with(b"a/")).count(), found.lacks.len()), (100, 0));
}
