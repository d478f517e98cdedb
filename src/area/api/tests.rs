use super::*;
use crate::area::testing::{accounts, facts, lines, outcome, rules, side, soap_rules};
use crate::facts::Credentials;
use crate::facts::credentials::{AttributeFilter, Consumer, Integration, RestRole, SoapRole, SoapUser, Token};
use crate::known::{Known, Lack};
use crate::matching::Judgement;

fn soap_user(id: u64, username: &str, role: u64) -> SoapUser {
    SoapUser {
        id,
        username: username.trim_start_matches('-').to_owned(),
        email: format!("{username}@shop.example"),
        name: String::new(),
        is_active: !username.starts_with('-'),
        created: None,
        last_session: "2026-11-20T00:00:00Z".parse().ok(),
        role: Some(role),
    }
}

fn consumer(id: u64, name: &str) -> Consumer {
    Consumer { id, name: name.to_owned(), callback_host: Some("app.example".to_owned()), created: None }
}

fn token(id: u64, consumer: u64, kind: &str, admin: Option<u64>) -> Token {
    let is_revoked = kind.starts_with('-');
    let kind = kind.trim_start_matches('-').to_owned();
    Token { id, consumer, admin, customer: None, kind, is_revoked }
}

fn rest_role(id: u64, name: &str, resource: &str, admin: u64) -> RestRole {
    let rules = vec![(resource.to_owned(), Some("retrieve".to_owned()))];
    RestRole { id, name: name.to_owned(), rules, admins: vec![admin] }
}

/// A store with one of each: users of SOAP, a consumer in an administrator's name, roles, a filter.
fn m1() -> Credentials {
    Credentials {
        soap_users: vec![soap_user(1, "erp", 1), soap_user(2, "-old_wms", 1), soap_user(3, "master", 2)],
        soap_roles: vec![
            SoapRole { id: 1, name: "Orders".to_owned(), rules: soap_rules("sales sales/order sales/order/info") },
            SoapRole { id: 2, name: "Full".to_owned(), rules: rules("-catalog +all") },
        ],
        consumers: Known::Is(vec![consumer(7, "ERP Bridge")]),
        tokens: Known::Is(vec![
            token(21, 7, "access", Some(1)),
            token(22, 7, "-access", Some(2)),
            token(23, 7, "request", None),
        ]),
        rest_roles: Known::Is(vec![rest_role(1, "Guest", "product", 9), rest_role(3, "Readers", "order", 1)]),
        attribute_filters: Known::Is(Vec::new()),
        integrations: Known::Is(Vec::new()),
    }
}

fn integration(id: u64, name: &str, allowed: &str) -> Integration {
    Integration {
        id,
        name: name.to_owned(),
        email: String::new(),
        status: 1,
        is_configured: false,
        consumer: Some(100 + id),
        rules: crate::area::testing::m2_rules(allowed),
    }
}

const ORDERS: &str = "Magento_Backend::admin Magento_Sales::sales Magento_Sales::sales_operation \
                      Magento_Sales::sales_order Magento_Sales::actions Magento_Sales::actions_view";

/// The Magento 2 in which all of it was made right.
fn m2() -> Credentials {
    let mut master = integration(3, "master", "");
    master.rules = rules("+Magento_Backend::all");
    let mut wms = integration(2, "old_wms", ORDERS);
    wms.status = 0;
    let integrations = vec![integration(1, "ERP", ORDERS), wms, master, integration(4, "erp bridge", ORDERS)];
    Credentials {
        consumers: Known::Is(
            integrations.iter().map(|it| consumer(100 + it.id, &format!("Integration{}", it.id))).collect(),
        ),
        tokens: Known::Is(integrations.iter().map(|it| token(50 + it.id, 100 + it.id, "access", None)).collect()),
        integrations: Known::Is(integrations),
        ..Credentials::default()
    }
}

fn compared(m1: Credentials, m2: Credentials, judgement: &Judgement) -> Outcome {
    let admins = accounts(&[("Administrators", rules("+all"), "anna bert")]);
    let m2_admins = accounts(&[("Administrators", rules("+Magento_Backend::all"), "anna someone_else")]);
    let (m1, m2) = (side("1.9.3.1", admins, m1), side("2.4.4", m2_admins, m2));
    outcome(&Api, &facts(m1, Some(m2)), judgement)
}

/// What changes if something of the Magento 2 that was made right is not.
fn check(change: impl Fn(&mut Credentials)) -> Vec<String> {
    let mut m2 = m2();
    change(&mut m2);
    lines(&compared(m1(), m2, &Judgement::default()).findings)
}

fn integrations(m2: &mut Credentials) -> &mut Vec<Integration> {
    let Known::Is(integrations) = &mut m2.integrations else { panic!("they are known") };
    integrations
}

#[test]
fn where_every_credential_was_made_right_nothing_is_found() {
    let found = compared(m1(), m2(), &Judgement::default());
    assert_eq!((lines(&found.findings), found.gaps), (Vec::new(), Vec::new()));
    assert!(found.summary[1].contains("4 integrations, 4 matched; 0 consumers and 0 tokens"), "{:?}", found.summary);
}

#[test]
fn whoever_has_no_integration_is_missing() {
    assert_eq!(
        check(|m2| integrations(m2).clear()),
        [
            "consumer-carried consumer:Integration1 high likely",
            "consumer-carried consumer:Integration2 high likely",
            "consumer-carried consumer:Integration3 high likely",
            "consumer-carried consumer:Integration4 high likely",
            "consumer-missing consumer:ERP Bridge high",
            "rest-role-missing rest-role:Readers medium",
            "soap-user-missing soap:erp high",
            "soap-user-missing soap:master high",
            "soap-user-missing soap:old_wms low",
            "token-carried token:51 blocker",
            "token-carried token:52 blocker",
            "token-carried token:53 blocker",
            "token-carried token:54 blocker",
        ]
    );
}

#[test]
fn a_rest_role_without_a_live_token_is_low() {
    let mut before = m1();
    before.tokens = Known::Is(vec![token(22, 7, "-access", Some(1))]);
    let mut now = m2();
    integrations(&mut now).truncate(3);
    now.consumers = Known::Is(Vec::new());
    now.tokens = Known::Not(Lack::NotThere("Magento 2 database: there is no table oauth_token".to_owned()));
    let found = compared(before, now, &Judgement::default());
    assert_eq!(
        lines(&found.findings),
        ["consumer-missing consumer:ERP Bridge high", "rest-role-missing rest-role:Readers low"]
    );
    assert_eq!(found.gaps, ["Magento 2 database: there is no table oauth_token"]);
}

#[test]
fn an_integration_is_compared_with_what_the_credential_could_do() {
    let of = |text: &str| check(|m2| integrations(m2)[0].rules = crate::area::testing::m2_rules(text));
    assert_eq!(of(&ORDERS.replace("Magento_Sales::actions_view", "")), ["fewer-rights soap:erp medium"]);
    assert_eq!(of(&format!("{ORDERS} Magento_Sales::cancel")), ["more-rights soap:erp high"]);
    assert_eq!(check(|m2| integrations(m2)[0].rules = rules("+Magento_Backend::all")), ["more-rights soap:erp high"]);
    assert_eq!(
        check(|m2| integrations(m2)[3].rules = rules("+Magento_Backend::all")),
        ["more-rights consumer:ERP Bridge high"]
    );
    assert_eq!(check(|m2| integrations(m2)[2].rules = rules("")), ["fewer-rights soap:master medium"]);
}

#[test]
fn an_integration_that_cannot_call_is_said_to() {
    assert_eq!(check(|m2| integrations(m2)[0].status = 2), ["integration-inactive integration:ERP medium"]);
    // Of a user that was inactive before, the same is right.
    assert_eq!(check(|m2| integrations(m2)[1].status = 2), Vec::<String>::new());
    assert_eq!(check(|m2| m2.tokens = Known::Is(Vec::new())).len(), 3, "active, and without an access token");
    assert_eq!(
        check(|m2| integrations(m2).push(Integration { consumer: None, ..integration(9, "New", "") })),
        ["extra integration:New info"]
    );
}

#[test]
fn what_the_tool_carried_over_is_no_migrated_credential() {
    let carried = |m2: &mut Credentials| {
        let (Known::Is(consumers), Known::Is(tokens)) = (&mut m2.consumers, &mut m2.tokens) else { panic!() };
        consumers.push(consumer(7, "ERP Bridge"));
        tokens.extend([
            token(21, 7, "access", Some(1)),
            token(22, 7, "access", Some(2)),
            token(23, 7, "-access", Some(3)),
            token(24, 7, "request", None),
        ]);
    };
    assert_eq!(
        check(carried),
        [
            "consumer-carried consumer:ERP Bridge high",
            "token-carried token:21 blocker",
            "token-carried token:22 blocker",
            "token-carried token:23 low",
            "token-carried token:24 low",
        ]
    );
    let mut m2 = m2();
    carried(&mut m2);
    let found = compared(m1(), m2, &Judgement::default()).findings;
    let detail = |subject: &str| found.iter().find(|it| &*it.subject == subject).unwrap().detail.clone();
    assert!(detail("token:21").contains("the same person's, anna"));
    assert!(detail("token:22").contains("somebody else: someone_else"));
    assert!(detail("token:23").contains("nobody has the id 3"));
}

#[test]
fn an_integration_with_the_consumer_of_magento_1_is_no_clean_one() {
    let reuse = |m2: &mut Credentials| {
        let (Known::Is(consumers), Known::Is(tokens)) = (&mut m2.consumers, &mut m2.tokens) else { panic!() };
        consumers.push(consumer(7, "ERP Bridge"));
        tokens.push(token(21, 7, "access", Some(1)));
        integrations(m2)[3].consumer = Some(7);
    };
    assert_eq!(
        check(reuse),
        [
            "consumer-carried consumer:Integration4 high likely",
            "consumer-reused integration:erp bridge blocker",
            "integration-inactive integration:erp bridge medium",
            "token-carried token:54 blocker",
        ]
    );
}

#[test]
fn a_user_that_was_switched_off_and_calls_again_is_said_to() {
    assert_eq!(check(|m2| integrations(m2)[1].status = 1), ["reactivated soap:old_wms medium"]);
}

#[test]
fn rights_that_are_not_known_are_not_judged() {
    let mut stripped = m1();
    for role in &mut stripped.soap_roles {
        role.rules = rules("");
    }
    stripped.tokens = Known::Not(Lack::NotThere("Magento 1 database: there is no table oauth_token".to_owned()));
    let found = compared(stripped, m2(), &Judgement::default());
    assert_eq!((lines(&found.findings), found.gaps.len()), (Vec::new(), 2), "{:?}", found.gaps);
}

#[test]
fn filters_with_a_list_and_roles_without_users_are_told() {
    let mut before = m1();
    let filter = |operation: &str, attributes: &[&str]| AttributeFilter {
        user_type: "guest".to_owned(),
        resource: "product".to_owned(),
        operation: operation.to_owned(),
        attributes: attributes.iter().map(|it| (*it).to_owned()).collect(),
    };
    before.attribute_filters = Known::Is(vec![filter("read", &["sku"]), filter("", &[])]);
    before.soap_roles.push(SoapRole { id: 5, name: "Unused".to_owned(), rules: rules("") });
    let found = compared(before, m2(), &Judgement::default()).findings;
    assert_eq!(
        lines(&found),
        ["rest-attributes rest-attributes:guest/product/read low", "soap-role-unused soap-role:Unused info"]
    );
}

#[test]
fn the_operator_knows_which_integration_it_is() {
    let change = |m2: &mut Credentials| integrations(m2)[0].name = "Quite another".to_owned();
    assert_eq!(check(change), ["extra integration:Quite another info", "soap-user-missing soap:erp high"]);
    let mut now = m2();
    change(&mut now);
    for key in ["soap:erp", "ERP"] {
        let integrations = [(key.to_owned(), "quite ANOTHER".to_owned())].into();
        let judgement = Judgement { integrations, ..Judgement::default() };
        assert_eq!(lines(&compared(m1(), now.clone(), &judgement).findings), Vec::<String>::new());
    }
    let integrations = [("soap:nobody".to_owned(), "x".to_owned())].into();
    let found = compared(m1(), m2(), &Judgement { integrations, ..Judgement::default() });
    assert_eq!(found.gaps.len(), 2, "{:?}", found.gaps);
}

#[test]
fn without_integrations_nothing_is_called_missing() {
    let mut now = m2();
    now.integrations = Known::Not(Lack::NotThere("Magento 2 database: there is no table integration".to_owned()));
    let found = compared(m1(), now, &Judgement::default());
    assert_eq!((lines(&found.findings), found.gaps.len()), (Vec::new(), 1));
}

#[test]
fn the_card_says_who_calls_what_replaces_it_and_what_to_issue() {
    let found = compared(m1(), Credentials::default(), &Judgement::default());
    let card = found.cards.iter().find(|it| it.title == "soap:erp").unwrap();
    let line = |label: &str| card.lines.iter().find(|it| it.label == label).unwrap();
    assert_eq!(line("Last session").text, "2026-11-20");
    assert!(line("REST routes of Magento 2 that replace the calls").list.contains(&"GET /V1/orders/:id".to_owned()));
    assert!(line("Allow in Magento 2").list.iter().any(|it| it.ends_with("(Magento_Sales::actions_view)")));
    assert!(line("Issue anew").text.contains("OAuth 1.0a"));
    let bridge = found.cards.iter().find(|it| it.title == "consumer:ERP Bridge").unwrap();
    assert!(bridge.lines.iter().any(|it| it.list.contains(&"access for anna, not revoked".to_owned())), "{bridge:?}");
}
