//! Every declared read gives the same cells from the server and from the dump.

use magegap::facts;
use magegap::pair::Side;
use magegap::progress::Progress;
use magegap::source::dump::Dump;
use magegap::source::server::Server as Live;
use magegap::source::tables::{Condition, Ids, Read, ReadError, Tables, Tally, is_secret};

use crate::server::{Server, fixture};

/// The cells of a row.
type Cells = Vec<Option<Vec<u8>>>;

/// Rows of each read, sorted: a server gives them in any order.
fn rows(tables: &mut dyn Tables, reads: &[Read]) -> Vec<Result<Vec<Cells>, ReadError>> {
    let mut rows = vec![Vec::new(); reads.len()];
    let outcomes = tables.read(reads, &mut |at, row| {
        rows[at].push(reads[at].column_names().map(|name| row.bytes(name).map(<[u8]>::to_vec)).collect::<Vec<_>>());
    });
    outcomes
        .into_iter()
        .zip(rows)
        .map(|(outcome, mut rows)| {
            rows.sort();
            outcome.map(|()| rows)
        })
        .collect()
}

fn both(server: &Server, database: &str, name: &str, prefix: &str, side: Side) -> (Live, Dump) {
    let mut live = Live::open(&server.address(database), side).unwrap();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let mut dump = Dump::open(&path, &Progress::hidden()).unwrap();
    live.set_prefix(prefix);
    dump.set_prefix(prefix);
    (live, dump)
}

#[test]
fn every_read_and_tally_of_every_store() {
    let server = Server::start();
    for (side, name) in [(Side::M1, "demo/m1.sql"), (Side::M2, "demo/m2.sql")] {
        let database = side.code();
        server.load(database, fixture(name));
        let (mut live, mut dump) = both(&server, database, name, "", side);
        assert_eq!(*live.schema(), dump.schema().clone().in_database(format!("`{database}`")), "{name}");
        let reads = facts::all_reads(side);
        let found = rows(&mut dump, &reads);
        assert_eq!(rows(&mut live, &reads), found, "{name}");
        assert!(
            found.iter().filter(|it| it.as_ref().is_ok_and(|it| !it.is_empty())).count() >= 4,
            "the reads find rows"
        );
        let tallies: Vec<Tally> = dump
            .schema()
            .table_names()
            .flat_map(|table| {
                let columns = dump.schema().columns(table).unwrap();
                let key = columns[0].clone();
                [None, Some(key)].map(|greatest| Tally {
                    table: table.to_owned(),
                    filled: greatest.iter().cloned().collect(),
                    greatest,
                })
            })
            .collect();
        // A code is text, whose greatest value depends on the server's collation.
        let tallies: Vec<Tally> = tallies.into_iter().filter(|it| it.greatest.as_deref() != Some("code")).collect();
        assert_eq!(live.tally(&tallies), dump.tally(&tallies), "{name}");
    }
}

const CONDITIONS: [Read; 4] = [
    Read::table("admin_user").columns(&["user_id", "username"]).only_in("username", &["MARTA", "катя", "grafik"]),
    Read::table("admin_user").columns(&["user_id"]),
    Read::table("admin_user").columns(&["user_id"]),
    Read::table("admin_user").columns(&["user_id", "extra"]).optional(&["no_such_column"]),
];

const TY: Read = Read::table("ty").columns(&[
    "id", "d", "dt", "ts", "y", "l1", "u8", "u8m", "vb", "bl", "tx", "de", "bu", "si", "ti", "f", "db", "e", "bt",
    "tm", "ch",
]);

#[test]
fn conditions_and_types_mean_the_same() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    let (mut live, mut dump) = both(&server, "m1", "demo/m1.sql", "", Side::M1);
    let [in_set, first, second, optional] = CONDITIONS;
    let reads = [
        in_set,
        first.only("user_id", Condition::Greater(9)),
        second.only("logdate", Condition::NotNull),
        optional.only("extra", Condition::NotEmpty),
        first.only("user_id", Condition::OneOf(Ids::groups(&[3, 7, 999]).next().unwrap())),
        second.only("user_id", Condition::OneOf(Ids::groups(&[]).next().unwrap())),
    ];
    let found = rows(&mut dump, &reads);
    assert_eq!(rows(&mut live, &reads), found);
    // The server calls MARTA and marta equal; a read does not.
    let counts: Vec<usize> = found.iter().map(|it| it.as_ref().unwrap().len()).collect();
    assert_eq!(counts, [2, 3, 11, 12, 2, 0]);

    let sample = "dumps/ty-mariadb-dump-10.5.sql";
    server.load("ty", std::fs::read(format!("{}/fixtures/{sample}", env!("CARGO_MANIFEST_DIR"))).unwrap());
    let (mut live, mut dump) = both(&server, "ty", sample, "", Side::M1);
    let found = rows(&mut dump, &[TY]);
    assert_eq!(found[0].as_ref().unwrap().len(), 2);
    assert_eq!(rows(&mut live, &[TY]), found);
}

#[test]
fn what_is_not_there_is_told_in_the_same_words() {
    let server = Server::start();
    server.load("m1", fixture("demo/m1.sql"));
    let (mut live, mut dump) = both(&server, "m1", "demo/m1.sql", "", Side::M1);
    let reads = [
        Read::table("no_such_table").columns(&["id"]),
        Read::table("admin_user").columns(&["user_id", "colour", "shape"]),
    ];
    assert_eq!(rows(&mut live, &reads), rows(&mut dump, &reads));
}

/// Every column that this program may ask a store for. A new one is added here by somebody who has
/// looked at what it holds.
const COLUMNS: &str = "
    m1 admin_role: role_id parent_id role_type user_id role_name gws_is_all
    m1 admin_rule: rule_id role_id resource_id permission
    m1 admin_user: user_id username email is_active logdate created firstname lastname lock_expires
    m1 api2_acl_attribute: user_type resource_id operation allowed_attributes
    m1 api2_acl_role: entity_id role_name
    m1 api2_acl_rule: entity_id role_id resource_id privilege
    m1 api2_acl_user: admin_id role_id
    m1 api_role: role_id parent_id role_type user_id role_name
    m1 api_rule: rule_id role_id resource_id api_permission
    m1 api_session: user_id logdate
    m1 api_user: user_id username email is_active firstname lastname created
    m1 catalog_category_entity: entity_id created_at
    m1 catalog_category_entity: entity_id row_id created_in updated_in
    m1 catalog_category_entity_datetime: attribute_id
    m1 catalog_category_entity_datetime: attribute_id store_id value entity_id row_id
    m1 catalog_category_entity_decimal: attribute_id
    m1 catalog_category_entity_int: attribute_id
    m1 catalog_category_entity_int: attribute_id store_id value entity_id row_id
    m1 catalog_category_entity_text: attribute_id
    m1 catalog_category_entity_text: attribute_id store_id value entity_id row_id
    m1 catalog_category_entity_varchar: attribute_id
    m1 catalog_category_entity_varchar: attribute_id store_id value entity_id row_id
    m1 catalog_category_entity_varchar: attribute_id value entity_id row_id
    m1 catalog_product_entity: entity_id created_at
    m1 catalog_product_entity: entity_id sku row_id created_in updated_in
    m1 catalog_product_entity_datetime: attribute_id
    m1 catalog_product_entity_datetime: attribute_id store_id value entity_id row_id
    m1 catalog_product_entity_decimal: attribute_id
    m1 catalog_product_entity_int: attribute_id
    m1 catalog_product_entity_int: attribute_id store_id value entity_id row_id
    m1 catalog_product_entity_media_gallery: value_id entity_id value
    m1 catalog_product_entity_media_gallery_value: value_id store_id disabled
    m1 catalog_product_entity_text: attribute_id
    m1 catalog_product_entity_text: attribute_id store_id value entity_id row_id
    m1 catalog_product_entity_varchar: attribute_id
    m1 catalog_product_entity_varchar: attribute_id store_id value entity_id row_id
    m1 catalog_product_entity_varchar: attribute_id value entity_id row_id
    m1 catalog_product_option: option_id
    m1 checkout_agreement: agreement_id content
    m1 cms_block: block_id content
    m1 cms_block: block_id creation_time
    m1 cms_block: block_id identifier
    m1 cms_block: block_id identifier is_active content row_id created_in updated_in
    m1 cms_block_store: store_id block_id row_id
    m1 cms_page: page_id content layout_update_xml custom_layout_update_xml
    m1 cms_page: page_id creation_time
    m1 cms_page: page_id identifier
    m1 cms_page: page_id identifier is_active content row_id created_in updated_in
    m1 cms_page: page_id identifier is_active layout_update_xml custom_layout_update_xml root_template custom_theme custom_theme_from custom_theme_to custom_root_template
    m1 cms_page_store: store_id page_id row_id
    m1 core_config_data: path
    m1 core_config_data: path value
    m1 core_config_data: scope scope_id path value
    m1 core_config_data: scope scope_id path value
    m1 core_config_data: scope value
    m1 core_directory_storage: directory_id
    m1 core_email_template: template_id template_code template_text
    m1 core_email_template: template_id template_text template_styles
    m1 core_file_storage: filename content directory
    m1 core_layout_link: layout_update_id store_id
    m1 core_layout_link: package theme
    m1 core_layout_update: layout_update_id handle
    m1 core_layout_update: layout_update_id handle xml
    m1 core_resource: code version
    m1 core_store: store_id code name is_active website_id
    m1 core_variable_value: variable_id html_value
    m1 core_website: website_id code
    m1 cron_schedule: job_code
    m1 customer_address_entity: entity_id created_at
    m1 customer_address_entity_datetime: attribute_id
    m1 customer_address_entity_decimal: attribute_id
    m1 customer_address_entity_int: attribute_id
    m1 customer_address_entity_text: attribute_id
    m1 customer_address_entity_varchar: attribute_id
    m1 customer_address_entity_varchar: attribute_id value entity_id row_id
    m1 customer_entity: entity_id created_at
    m1 customer_entity_datetime: attribute_id
    m1 customer_entity_decimal: attribute_id
    m1 customer_entity_int: attribute_id
    m1 customer_entity_text: attribute_id
    m1 customer_entity_varchar: attribute_id
    m1 customer_entity_varchar: attribute_id value entity_id row_id
    m1 design_change: design_change_id store_id design date_from date_to
    m1 downloadable_link: product_id link_file link_type sample_file sample_type
    m1 downloadable_link_purchased_item: item_id link_file link_type
    m1 downloadable_sample: product_id sample_file sample_type
    m1 eav_attribute: attribute_id
    m1 eav_attribute: attribute_id entity_type_id attribute_code
    m1 eav_attribute: attribute_id entity_type_id attribute_code backend_model backend_type source_model attribute_model frontend_model frontend_label is_user_defined
    m1 eav_attribute: attribute_id entity_type_id attribute_code backend_type
    m1 eav_attribute: attribute_id entity_type_id attribute_code backend_type frontend_input
    m1 eav_entity_type: entity_type_id entity_type_code
    m1 enterprise_banner_content: banner_id banner_content
    m1 newsletter_queue: queue_id newsletter_text
    m1 newsletter_subscriber: subscriber_id change_status_at
    m1 newsletter_template: template_id template_code template_text
    m1 newsletter_template: template_id template_text template_styles
    m1 oauth_consumer: entity_id name callback_url created_at
    m1 oauth_token: entity_id consumer_id admin_id customer_id type revoked
    m1 review: review_id created_at
    m1 sales_flat_creditmemo: entity_id created_at
    m1 sales_flat_invoice: entity_id created_at
    m1 sales_flat_order: entity_id created_at
    m1 sales_flat_order: shipping_method created_at
    m1 sales_flat_order_grid: entity_id created_at
    m1 sales_flat_order_item: item_id created_at
    m1 sales_flat_order_item: order_id product_options
    m1 sales_flat_order_payment: method
    m1 sales_flat_order_status_history: entity_id created_at
    m1 sales_flat_quote: entity_id created_at
    m1 sales_flat_quote_item: item_id created_at
    m1 sales_flat_quote_item_option: item_id value
    m1 sales_flat_shipment: entity_id created_at
    m1 sales_payment_transaction: transaction_id created_at
    m1 sales_recurring_profile: profile_id state store_id customer_id reference_id method_code billing_amount shipping_amount tax_amount currency_code period_unit period_frequency period_max_cycles start_datetime
    m1 sales_recurring_profile_order: profile_id
    m1 widget_instance: instance_id instance_type title store_ids package_theme widget_parameters
    m1 widget_instance: instance_id widget_parameters
    m1 widget_instance_page: page_id instance_id page_group layout_handle block_reference page_template page_for entities
    m1 widget_instance_page_layout: page_id layout_update_id
    m1 wishlist_item_option: wishlist_item_id value
    m2 admin_user: user_id username email is_active firstname lastname logdate created lock_expires
    m2 authorization_role: role_id parent_id role_type user_id user_type role_name gws_is_all
    m2 authorization_rule: rule_id role_id resource_id permission
    m2 catalog_category_entity: entity_id created_at
    m2 catalog_category_entity: entity_id row_id created_in updated_in
    m2 catalog_category_entity_datetime: attribute_id store_id value entity_id row_id
    m2 catalog_category_entity_int: attribute_id store_id value entity_id row_id
    m2 catalog_category_entity_text: attribute_id store_id value entity_id row_id
    m2 catalog_category_entity_varchar: attribute_id store_id value entity_id row_id
    m2 catalog_category_entity_varchar: attribute_id value entity_id row_id
    m2 catalog_product_entity: entity_id created_at
    m2 catalog_product_entity: entity_id sku row_id created_in updated_in
    m2 catalog_product_entity_datetime: attribute_id store_id value entity_id row_id
    m2 catalog_product_entity_int: attribute_id store_id value entity_id row_id
    m2 catalog_product_entity_media_gallery: value_id value disabled
    m2 catalog_product_entity_media_gallery_value: value_id store_id disabled
    m2 catalog_product_entity_media_gallery_value_to_entity: value_id entity_id row_id
    m2 catalog_product_entity_text: attribute_id store_id value entity_id row_id
    m2 catalog_product_entity_varchar: attribute_id store_id value entity_id row_id
    m2 catalog_product_entity_varchar: attribute_id value entity_id row_id
    m2 catalog_product_option: option_id
    m2 checkout_agreement: agreement_id content
    m2 cms_block: block_id content
    m2 cms_block: block_id creation_time
    m2 cms_block: block_id identifier
    m2 cms_block: block_id identifier is_active content row_id created_in updated_in
    m2 cms_block_store: store_id block_id row_id
    m2 cms_page: page_id content layout_update_xml custom_layout_update_xml
    m2 cms_page: page_id creation_time
    m2 cms_page: page_id identifier
    m2 cms_page: page_id identifier is_active content row_id created_in updated_in
    m2 cms_page: page_id identifier is_active layout_update_xml custom_layout_update_xml page_layout custom_theme custom_theme_from custom_theme_to custom_root_template layout_update_selected row_id created_in updated_in
    m2 cms_page_store: store_id page_id row_id
    m2 core_config_data: path
    m2 core_config_data: path value
    m2 core_config_data: scope scope_id path value
    m2 core_config_data: scope scope_id path value
    m2 core_config_data: scope value
    m2 customer_address_entity: entity_id created_at
    m2 customer_address_entity_varchar: attribute_id value entity_id row_id
    m2 customer_entity: entity_id created_at
    m2 customer_entity_varchar: attribute_id value entity_id row_id
    m2 design_change: design_change_id store_id design date_from date_to
    m2 downloadable_link: product_id link_file link_type sample_file sample_type
    m2 downloadable_link_purchased_item: item_id link_file link_type
    m2 downloadable_sample: product_id sample_file sample_type
    m2 eav_attribute: attribute_id
    m2 eav_attribute: attribute_id entity_type_id attribute_code
    m2 eav_attribute: attribute_id entity_type_id attribute_code backend_model backend_type source_model attribute_model frontend_model frontend_label is_user_defined
    m2 eav_attribute: attribute_id entity_type_id attribute_code backend_type
    m2 eav_attribute: attribute_id entity_type_id attribute_code backend_type frontend_input
    m2 eav_attribute_option_swatch: option_id value
    m2 eav_entity_type: entity_type_id entity_type_code
    m2 email_template: template_id template_code template_text
    m2 email_template: template_id template_text template_styles
    m2 indexer_state: indexer_id status updated
    m2 integration: integration_id name status consumer_id email setup_type
    m2 layout_link: layout_update_id store_id
    m2 layout_link: layout_update_id store_id theme_id is_temporary
    m2 layout_update: layout_update_id handle
    m2 layout_update: layout_update_id handle xml
    m2 magento_banner_content: banner_id banner_content
    m2 media_gallery_asset: path
    m2 media_storage_directory_storage: directory_id
    m2 media_storage_file_storage: filename content directory
    m2 mview_state: view_id mode version_id
    m2 newsletter_queue: queue_id newsletter_text
    m2 newsletter_subscriber: subscriber_id change_status_at
    m2 newsletter_template: template_id template_code template_text
    m2 newsletter_template: template_id template_text template_styles
    m2 oauth_consumer: entity_id name callback_url created_at
    m2 oauth_token: entity_id consumer_id admin_id customer_id type revoked
    m2 pagebuilder_template: template_id template
    m2 patch_list: patch_name
    m2 quote: entity_id created_at
    m2 quote_item: item_id created_at
    m2 quote_item_option: item_id value
    m2 review: review_id created_at
    m2 sales_creditmemo: entity_id created_at
    m2 sales_invoice: entity_id created_at
    m2 sales_order: entity_id created_at
    m2 sales_order_grid: entity_id created_at
    m2 sales_order_item: item_id created_at
    m2 sales_order_item: order_id product_options
    m2 sales_order_status_history: entity_id created_at
    m2 sales_payment_transaction: transaction_id created_at
    m2 sales_shipment: entity_id created_at
    m2 setup_module: module schema_version
    m2 store: store_id code name is_active website_id
    m2 store_website: website_id code
    m2 theme: theme_id theme_path area type
    m2 variable_value: variable_id html_value
    m2 widget_instance: instance_id instance_type title store_ids theme_id widget_parameters
    m2 widget_instance: instance_id widget_parameters
    m2 widget_instance_page: page_id instance_id page_group layout_handle block_reference page_template page_for entities
    m2 widget_instance_page_layout: page_id layout_update_id
    m2 wishlist_item_option: wishlist_item_id value
";

#[test]
fn every_declared_column_is_on_the_list() {
    let mut found: Vec<String> = Vec::new();
    for side in Side::BOTH {
        for read in facts::all_reads(side) {
            let columns: Vec<&str> = read.column_names().collect();
            found.push(format!("{} {}: {}", side.code(), read.name(), columns.join(" ")));
        }
    }
    found.sort();
    assert_eq!(found, COLUMNS.lines().map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>());
}

#[test]
fn no_declared_read_asks_for_a_secret() {
    for side in Side::BOTH {
        for read in facts::all_reads(side) {
            for column in read.column_names() {
                assert!(!is_secret(column), "{}.{column}", read.name());
            }
            let has_value = read.column_names().any(|it| it == "value");
            assert!(
                read.name() != "core_config_data"
                    || !has_value
                    || matches!(read.condition(), Some(("path", Condition::In(_)))),
                "values of the configuration are read by a list of paths"
            );
        }
    }
}
