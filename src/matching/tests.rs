use std::collections::BTreeMap;

use super::credentials::{Caller, How};
use super::*;
use crate::facts::credentials::Integration;

fn integration(name: &str, email: &str) -> Integration {
    Integration {
        id: 1,
        name: name.to_owned(),
        email: email.to_owned(),
        status: 1,
        is_configured: false,
        consumer: None,
        rules: crate::magento::acl::Rules::default(),
    }
}

/// A caller as words `name/role/e-mail`; a leading `-` is inactive.
fn caller(text: &str) -> Caller {
    let parts: Vec<&str> = text.trim_start_matches('-').split('/').collect();
    Caller {
        subject: format!("soap:{}", parts[0]),
        name: parts[0].to_owned(),
        roles: parts.get(1).iter().filter(|it| !it.is_empty()).map(|it| (**it).to_owned()).collect(),
        email: parts.get(2).map_or(String::new(), |it| (*it).to_owned()),
        is_active: !text.starts_with('-'),
    }
}

/// Pairs as lines `caller = integration, how, confidence`.
fn pairs(callers: &[&str], integrations: &[(&str, &str)], overrides: &[(&str, &str)]) -> Vec<String> {
    let callers: Vec<Caller> = callers.iter().map(|it| caller(it)).collect();
    let integrations: Vec<Integration> = integrations.iter().map(|(name, email)| integration(name, email)).collect();
    let overrides: BTreeMap<String, String> =
        overrides.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect();
    credentials::pair_off(&callers, &integrations, &overrides)
        .iter()
        .map(|(&at, it)| {
            format!("{} = {} {:?} {}", callers[at].name, integrations[it.place].name, it.how, it.confidence.code())
        })
        .collect()
}

#[test]
fn credentials_are_matched_in_passes() {
    assert_eq!(pairs(&["ERP"], &[("erp ", "")], &[]), ["ERP = erp  Name certain"]);
    assert_eq!(pairs(&["sync/Order export"], &[("ORDER EXPORT", "")], &[]), ["sync = ORDER EXPORT Role certain"]);
    assert_eq!(pairs(&["a//x@y"], &[("B", "X@y")], &[]), ["a = B Email certain"]);
    assert_eq!(pairs(&["a//x@y", "b//x@y"], &[("C", "x@y")], &[]), Vec::<String>::new(), "not unique");
    assert_eq!(
        pairs(&["erp_sync"], &[("ERP order sync (new)", "")], &[]),
        ["erp_sync = ERP order sync (new) Words likely"]
    );
    assert_eq!(
        pairs(&["erp", "erp_wms"], &[("ERP WMS connector", "")], &[]),
        ["erp_wms = ERP WMS connector Words guess"],
        "the name that says most"
    );
    assert_eq!(pairs(&["erp"], &[("ERP two", ""), ("ERP number three", "")], &[]), ["erp = ERP two Words guess"]);
    assert_eq!(pairs(&["erp", "x"], &[("erp", ""), ("x", "")], &[("soap:erp", "x")])[0], "erp = x Override certain");
    assert_eq!(How::Words.code(), "words of the name");
}

#[test]
fn some_words_say_nothing() {
    assert_eq!(pairs(&["api_user"], &[("Magento API user", "")], &[]), Vec::<String>::new());
    assert_eq!(pairs(&["soap erp"], &[("ERP", "")], &[]), ["soap erp = ERP Words likely"]);
    assert_eq!(pairs(&["erp wms"], &[("ERP", "")], &[]), Vec::<String>::new(), "all words are wanted");
    assert_eq!(pairs(&["второй"], &[("ВТОРОЙ склад", "")], &[]), ["второй = ВТОРОЙ склад Words likely"]);
}

#[test]
fn of_two_callers_for_one_integration_the_active_one_gets_it() {
    assert_eq!(pairs(&["-old_wms/Orders", "erp/Orders"], &[("Orders", "")], &[]), ["erp = Orders Role guess"]);
}
