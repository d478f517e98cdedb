use std::collections::BTreeSet;

use proptest::prelude::*;

use super::expected::Expected;
use super::m1::{self, List};
use super::map::{ADMIN, Fit, REST, SOAP};
use super::{Rules, m2};
use crate::magento::versions::{Edition, Platform};

fn platform(version: &str) -> Platform {
    Platform { version: Some(version.to_owned()), ..Platform::default() }
}

fn hint(hint: &str) -> Platform {
    Platform { version_hint: Some(hint.to_owned()), ..Platform::default() }
}

/// Rules as words: `+resource` or `-resource`.
fn rules(text: &str) -> Rules {
    text.split_whitespace().map(|it| (&it[1..], it.starts_with('+'))).collect()
}

/// A role as Magento 1 saves it: a rule for every resource of 1.9.3.1.
fn saved(allowed: &[&str]) -> Rules {
    let stock: Vec<&str> =
        ADMIN.targets().filter(|it| it.m2_ids().next().is_some()).map(|it| it.m1_id.as_str()).collect();
    stock.into_iter().map(|it| (it, allowed.contains(&it))).collect()
}

fn m1_rights(list: List, role: &Rules, platform: &Platform) -> m1::Rights {
    m1::Resources::of(list, &[role], platform).rights(role)
}

fn m1_allows(text: &str, resource: &str) -> bool {
    let rights = m1_rights(List::Admin, &rules(text), &platform("1.9.3.1"));
    rights.everything || rights.allowed.contains(resource)
}

#[test]
fn every_resource_of_the_maps_is_one_of_magento_2_and_mapped_once() {
    let resources = m2::Resources::of_successor(&Platform::default());
    for map in [&*ADMIN, &*SOAP] {
        for target in map.targets() {
            assert!(target.fit != Fit::None || target.m2_ids().next().is_none(), "{}", target.m1_id);
            for id in target.m2_ids().chain(target.m2_recommended()) {
                assert!(resources.find(id).is_some(), "{} leads to {id}", target.m1_id);
            }
            for id in target.m2_recommended() {
                let name = id.split_once("::").unwrap().1;
                assert!(target.note.contains(name), "{id} does not stand in the note of {}", target.m1_id);
            }
        }
    }
    for (bytes, rows) in [(&include_bytes!("acl_map.csv")[..], 280), (&include_bytes!("soap_map.csv")[..], 144)] {
        let ids: Vec<String> = csv::Reader::from_reader(bytes).records().map(|it| it.unwrap()[0].to_owned()).collect();
        assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (rows, rows), "a resource occurs twice");
    }
    let mut seen = BTreeSet::new();
    for target in &*REST {
        assert!(target.m2_ids().all(|it| resources.find(it).is_some()), "{target:?}");
        assert!(seen.insert((&target.resource, &target.user_type, &target.operation)), "{target:?} occurs twice");
    }
    assert_eq!(seen.len(), 44);
}

#[test]
fn every_resource_of_magento_2_hangs_below_another() {
    let mut reader = csv::Reader::from_reader(include_bytes!("m2_acl.csv").as_slice());
    let rows: Vec<csv::StringRecord> = reader.records().map(|it| it.unwrap()).collect();
    let ids: BTreeSet<&str> = rows.iter().map(|it| &it[0]).collect();
    assert_eq!(ids.len(), rows.len());
    for row in &rows {
        assert!(matches!(&row[0], m2::ALL | m2::ROOT) || ids.contains(&row[2]), "{} hangs below {}", &row[0], &row[2]);
        assert!(matches!(&row[4], "open-source" | "commerce") && !row[3].is_empty(), "{row:?}");
    }
}

#[test]
fn magento_1_grants_as_it_does() {
    assert!(m1_allows("+all", "admin/sales/order"));
    assert!(m1_allows("+admin +admin/sales -admin/sales/order", "admin/sales"));
    assert!(!m1_allows("+admin +admin/sales -admin/sales/order", "admin/sales/order"));
    assert!(m1_allows("+admin -admin/sales +admin/sales/order", "admin/sales/order/actions/create"), "inherited");
    assert!(!m1_allows("+admin -admin/sales", "admin/sales/order"), "inherited");
    assert!(m1_allows("-admin/sales +admin/sales", "admin/sales"), "the later one wins");
    assert!(!m1_allows("+admin/sales -admin/sales", "admin/sales"), "the later one wins");
    assert!(!m1_allows("", "admin"), "a role without rules has no rights");
    assert!(!m1_allows("+all -admin/sales", "admin/sales/order"), "below `all`, a denial holds");
}

#[test]
fn a_resource_of_a_module_that_was_removed_counts_for_nothing() {
    let mut rows: Vec<(u64, String, bool)> =
        ADMIN.targets().zip(1..).map(|(it, id)| (id, it.m1_id.clone(), it.m1_id == "admin")).collect();
    let newer = Rules::new(rows.iter().map(|(id, name, allows)| (id + 1000, name.clone(), *allows)));
    rows.push((9999, "admin/gone_module".to_owned(), true));
    let older = Rules::new(rows);
    let resources = m1::Resources::of(List::Admin, &[&older, &newer], &Platform::default());
    let rights = resources.rights(&older);
    assert!(!rights.allowed.contains("admin/gone_module"));
    assert_eq!(rights.gone, BTreeSet::from(["admin/gone_module".to_owned()]));
    assert!(resources.rights(&newer).gone.is_empty());
}

#[test]
fn a_resource_added_later_is_inherited_and_said_to_be() {
    let older = saved(&["admin", "admin/sales"]);
    let newer: Rules = older.resources().map(|it| (it, false)).chain([("admin/acme_blog", false)]).collect();
    let resources = m1::Resources::of(List::Admin, &[&older, &newer], &Platform::default());
    let rights = resources.rights(&older);
    assert!(rights.allowed.contains("admin/acme_blog") && rights.inherited.contains("admin/acme_blog"));
}

#[test]
fn for_soap_everything_wins_over_any_denial() {
    let role = rules("-cart -catalog +all");
    assert!(m1_rights(List::Soap, &role, &Platform::default()).everything);
    let role = rules("+catalog -catalog/product");
    let rights = m1_rights(List::Soap, &role, &Platform::default());
    assert!(rights.allowed.contains("catalog/category/info") && !rights.allowed.contains("catalog/product/info"));
    assert!(!rights.allowed.contains("sales/order/info"));
}

fn m2_allows(platform: &Platform, roles: &[&str], resource: &str) -> (bool, bool) {
    let roles: Vec<Rules> = roles.iter().map(|it| rules(it)).collect();
    let resources = m2::Resources::of(&roles.iter().collect::<Vec<_>>(), platform);
    let granted = resources.granted(&roles[0]);
    let place = resources.find(resource).unwrap();
    (granted.surely.contains(place), granted.possibly.contains(place))
}

#[test]
fn a_missing_rule_means_several_things_by_version() {
    let limited = "+Magento_Backend::admin +Magento_Sales::sales -Magento_Cms::page";
    let knows_it = "-Magento_Sales::invoice";
    let of = |version: &str, others: &[&str]| {
        m2_allows(&platform(version), &[&[limited], others].concat(), "Magento_Sales::invoice")
    };
    assert_eq!(of("2.1.0", &[]), (true, true));
    assert_eq!(of("2.4.4-p3", &[]), (true, true));
    for version in ["2.4.5", "2.4.6-p1", "2.4.7"] {
        assert_eq!(of(version, &[]), (false, false), "{version}");
    }
    let all = "+Magento_Sales::sales_operation +Magento_Sales::sales_order +Magento_Sales::actions";
    assert_eq!(of("2.4.5", &[knows_it, all]), (true, true), "some role has a rule for it");
    assert_eq!(of("2.4.6-p1", &[knows_it]), (false, false), "what lies above it is denied");
    assert_eq!(of("2.4.7", &[knows_it, all]), (true, true));
    let unknown = |platform: &Platform| m2_allows(platform, &[limited], "Magento_Sales::invoice");
    assert_eq!(unknown(&hint("2.4.0 to 2.4.3")), (true, true));
    assert_eq!(unknown(&hint("2.4.4 or later")), (false, true), "both are possible");
    assert_eq!(unknown(&hint("2.4.5 or later")), (false, false));
    assert_eq!(unknown(&Platform::default()), (false, true));
    // Without any denial everything is inherited, in all versions.
    let open = m2_allows(&platform("2.4.8"), &["+Magento_Backend::admin"], "Magento_Sales::invoice");
    assert_eq!(open, (true, true));
}

#[test]
fn since_laminas_the_last_rule_counts_for_all_below() {
    // What no role lists would be denied.
    let all = "+Magento_Sales::sales +Magento_Sales::sales_operation +Magento_Sales::sales_order +Magento_Sales::actions \
               +Magento_Sales::invoice +Magento_Backend::admin";
    let allows = |version: &str, rules: &str| m2_allows(&platform(version), &[rules, all], "Magento_Sales::invoice").0;
    let child_first = "+Magento_Sales::invoice -Magento_Sales::actions +Magento_Backend::admin";
    let child_last = "-Magento_Sales::actions +Magento_Sales::invoice";
    assert!(allows("2.4.4", "+Magento_Sales::invoice -Magento_Sales::actions"));
    assert!(allows("2.4.7", child_first) && allows("2.4.7", child_last));
    assert!(!allows("2.4.7", "+Magento_Sales::invoice -Magento_Sales::actions"));
    // A denial that a later rule of the same resource takes back makes a role limited all the same.
    let unlisted = |rules: &str| m2_allows(&platform("2.4.5"), &[rules, all], "Magento_Sales::creditmemo").0;
    assert!(unlisted("+Magento_Cms::page +Magento_Sales::actions"));
    assert!(!unlisted("-Magento_Cms::page +Magento_Cms::page +Magento_Sales::actions"));
    // One of a resource that does not exist does not.
    assert!(allows("2.2.5", "-Magento_Csp::config +Magento_Sales::actions"));
}

/// Places of the resources in a list such as `1 5-8`.
fn places(list: &str) -> impl Iterator<Item = usize> {
    list.split_whitespace().flat_map(|it| {
        let (from, to) = it.split_once('-').unwrap_or((it, it));
        from.parse().unwrap()..=to.parse().unwrap()
    })
}

#[expect(clippy::disallowed_methods, reason = "a test looks at files")]
fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/rights/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Random roles of whole stores, and which of all resources real installations of five releases allowed to each.
#[test]
fn real_installations_grant_the_same() {
    let resources = fixture("resources.csv");
    let mut resources = csv::Reader::from_reader(resources.as_slice());
    let releases: Vec<String> =
        resources.headers().unwrap().iter().filter_map(|it| it.strip_prefix("parent_").map(str::to_owned)).collect();
    let resources: Vec<csv::StringRecord> = resources.records().map(Result::unwrap).collect();
    let packed = fixture("roles.csv.gz");
    let roles: Vec<csv::StringRecord> = csv::Reader::from_reader(flate2::read::GzDecoder::new(packed.as_slice()))
        .records()
        .map(Result::unwrap)
        .collect();
    let rules_of: Vec<Rules> = roles
        .iter()
        .map(|role| {
            let row = |it: &str| (it.starts_with('+'), it[1..].parse::<usize>().unwrap());
            role[3].split_whitespace().map(row).map(|(allows, at)| (&resources[at][1], allows)).collect()
        })
        .collect();
    let mut stores: Vec<&str> = roles.iter().map(|it| &it[0]).collect();
    stores.dedup();
    let mut wrong = Vec::new();
    for (column, release) in releases.iter().enumerate() {
        let exists = |it: &&csv::StringRecord| &it[2 + column] != "-";
        let module = |it: &csv::StringRecord| m2::modules_of(&it[1]);
        let modules = resources.iter().filter(exists).flat_map(module).collect();
        let platform = Platform { modules: Some(modules), edition: Some(Edition::OpenSource), ..platform(release) };
        for store in &stores {
            let own: Vec<usize> = (0..roles.len()).filter(|&at| &roles[at][0] == *store).collect();
            let all: Vec<&Rules> = own.iter().map(|&at| &rules_of[at]).collect();
            let known = m2::Resources::of(&all, &platform);
            for at in own {
                let granted = known.granted(&rules_of[at]);
                let allowed: BTreeSet<&str> =
                    places(&roles[at][4 + column]).map(|it| &resources[it][1]).filter(|it| *it != m2::ALL).collect();
                let everything = known.stock();
                let found: BTreeSet<&str> = if granted.everything {
                    known.ids(&everything).chain([m2::ROOT]).collect()
                } else {
                    known.ids(&granted.surely).collect()
                };
                if found != allowed || !granted.everything && granted.surely != granted.possibly {
                    let differs: Vec<_> = found.symmetric_difference(&allowed).collect();
                    wrong.push(format!("{release} store {store} {} {}: {differs:?}", &roles[at][2], &roles[at][3]));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}: {:#?}",
        wrong.len(),
        roles.len() * releases.len(),
        &wrong[..wrong.len().min(5)]
    );
    assert_eq!(roles.len() * releases.len(), 2370);
}

#[test]
fn everything_is_everything_however_it_is_written() {
    let of = |text: &str| {
        let role = rules(text);
        m2::Resources::of(&[&role], &platform("2.4.4")).granted(&role).everything
    };
    assert!(of("+Magento_Backend::all"));
    assert!(of("+Magento_Backend::admin"), "no denial: all else is inherited");
    assert!(!of("+Magento_Backend::all -Magento_Sales::sales"));
    assert!(!of("+Magento_Backend::admin -Magento_Sales::sales"));
    assert!(!of(""));
}

fn expected(allowed: &[&str], m2: &Platform) -> (m2::Resources, Expected) {
    let role = saved(allowed);
    let rights = m1_rights(List::Admin, &role, &Platform::default());
    let resources = m2::Resources::of(&[], m2);
    let expected = Expected::of_admin(&rights, &resources);
    (resources, expected)
}

#[test]
fn parents_are_expected_and_newer_rights_are_recommended_where_they_exist() {
    let (resources, it) = expected(&["admin", "admin/catalog", "admin/catalog/products"], &platform("2.4.4"));
    let ids: Vec<&str> = resources.ids(&it.ids).collect();
    assert_eq!(
        ids,
        [
            "Magento_Backend::admin",
            "Magento_Catalog::catalog",
            "Magento_Catalog::catalog_inventory",
            "Magento_Catalog::products"
        ]
    );
    let recommended: Vec<&str> = resources.ids(&it.recommended).collect();
    assert!(recommended.contains(&"Magento_Catalog::edit_product_design"), "{recommended:?}");
    assert!(recommended.contains(&"Magento_TwoFactorAuth::tfa"), "{recommended:?}");
    let (resources, it) = expected(&["admin", "admin/catalog", "admin/catalog/products"], &platform("2.3.0"));
    let recommended: Vec<&str> = resources.ids(&it.recommended).collect();
    assert_eq!(recommended, ["Magento_Catalog::catalog_inventory"]);
}

#[test]
fn what_has_no_target_says_why() {
    let role = rules("-admin +admin/cms/poll +admin/catalog/events +admin/acme_blog -admin/sales");
    let rights = m1_rights(List::Admin, &role, &Platform::default());
    let resources = m2::Resources::of(&[], &platform("2.4.4"));
    let said: Vec<String> = Expected::of_admin(&rights, &resources)
        .without_target
        .iter()
        .map(|(id, why)| format!("{id} {why:?}"))
        .collect();
    assert_eq!(said, ["admin/acme_blog Extension", "admin/catalog/events CommerceOnly", "admin/cms/poll Retired"]);
    let commerce = Platform { edition: Some(Edition::Commerce), ..platform("2.4.4") };
    let resources = m2::Resources::of(&[], &commerce);
    assert_eq!(Expected::of_admin(&rights, &resources).without_target.len(), 2);
}

#[test]
fn a_release_without_the_resource_guards_the_same_by_what_is_above() {
    let role = rules("+customer +customer/delete");
    let rights = m1_rights(List::Soap, &role, &platform("1.9.3.1"));
    for (version, id) in [("2.4.4", "Magento_Customer::delete"), ("2.2.0", "Magento_Customer::manage")] {
        let resources = m2::Resources::of(&[], &platform(version));
        let expected = Expected::of_soap(&rights, &resources);
        assert!(resources.ids(&expected.ids).any(|it| it == id), "{version}");
    }
}

#[test]
fn rest_rights_are_those_of_administrators() {
    let resources = m2::Resources::of(&[], &platform("2.4.4"));
    let of = |rules: &[(&str, Option<&str>)]| Expected::of_rest(rules.iter().copied(), &resources);
    assert!(of(&[("all", None)]).everything);
    let it = of(&[("product", Some("retrieve")), ("acme_thing", Some("retrieve"))]);
    assert!(resources.ids(&it.ids).any(|it| it == "Magento_Catalog::products"));
    assert_eq!(it.without_target, [("acme_thing/retrieve".to_owned(), super::map::NoTarget::Extension)]);
}

/// Rows of a role about a few resources that hang below one another.
fn some_rules(ids: &'static [&'static str]) -> impl Strategy<Value = Vec<(&'static str, bool)>> {
    proptest::collection::vec((proptest::sample::select(ids), any::<bool>()), 0..12)
}

const M1_IDS: &[&str] = &[
    "all",
    "admin",
    "admin/sales",
    "admin/sales/order",
    "admin/sales/order/actions",
    "admin/cms",
    "admin/cms/page",
    "admin/acme_blog",
    "admin/acme_blog/posts",
];

const M2_IDS: &[&str] = &[
    "Magento_Backend::all",
    "Magento_Backend::admin",
    "Magento_Sales::sales",
    "Magento_Sales::sales_operation",
    "Magento_Sales::sales_order",
    "Magento_Sales::actions",
    "Magento_Cms::page",
    "Acme_Blog::posts",
];

proptest! {
    #[test]
    fn rights_to_everything_include_those_of_any_role(rows in some_rules(M1_IDS)) {
        // A role to which one resource is denied, so that `all` is not simply everything.
        let all = rules("+all -admin/cms/page");
        let role: Rules = rows.into_iter().filter(|(id, _)| *id != "all").chain([("admin/cms/page", false)]).collect();
        let resources = m1::Resources::of(List::Admin, &[&all, &role], &Platform::default());
        let (all, some) = (resources.rights(&all), resources.rights(&role));
        prop_assert!(!all.everything && some.allowed.is_subset(&all.allowed));
        let unlimited = rules("+all");
        for list in [List::Admin, List::Soap] {
            let resources = m1::Resources::of(list, &[&unlimited, &role], &Platform::default());
            prop_assert!(resources.rights(&unlimited).everything);
        }
    }

    #[test]
    fn in_magento_2_too(rows in some_rules(M2_IDS), version in proptest::sample::select(&["2.2.0", "2.4.6", "2.4.8"][..])) {
        let all = rules("+Magento_Backend::all");
        let role: Rules = rows.into_iter().collect();
        let resources = m2::Resources::of(&[&all, &role], &platform(version));
        let (all, some) = (resources.granted(&all), resources.granted(&role));
        prop_assert!(some.possibly.is_subset(&all.surely) && some.surely.is_subset(&some.possibly));
    }

    #[test]
    fn one_more_permission_takes_no_right_away(rows in some_rules(M1_IDS), added in proptest::sample::select(M1_IDS)) {
        let before: Rules = rows.iter().copied().collect();
        let after: Rules = rows.iter().copied().chain([(added, true)]).collect();
        let resources = m1::Resources::of(List::Admin, &[&before, &after], &Platform::default());
        let (before, after) = (resources.rights(&before), resources.rights(&after));
        prop_assert!(after.everything || (!before.everything && before.allowed.is_subset(&after.allowed)));
    }

    #[test]
    fn nor_in_magento_2(rows in some_rules(M2_IDS), added in proptest::sample::select(M2_IDS), version in proptest::sample::select(&["2.2.0", "2.4.6", "2.4.8"][..])) {
        let before: Rules = rows.iter().copied().collect();
        let after: Rules = rows.iter().copied().chain([(added, true)]).collect();
        let resources = m2::Resources::of(&[&before, &after], &platform(version));
        let (before, after) = (resources.granted(&before), resources.granted(&after));
        prop_assert!(before.surely.is_subset(&after.surely) && before.possibly.is_subset(&after.possibly));
    }
}
