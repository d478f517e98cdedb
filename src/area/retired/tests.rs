use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::Snapshot;
use crate::facts::recurring::RecurringProfile;
use crate::facts::tables::{Table, TableFacts};
use crate::known::Known;
use crate::matching::Judgement;

/// Tables as `name rows`.
fn side(tables: &[(&str, u64)]) -> Snapshot {
    let tables = tables.iter().map(|(name, rows)| {
        let is_counted = crate::magento::retired::of(name).is_some();
        ((*name).to_owned(), Table { rows: is_counted.then_some(*rows), ..Table::default() })
    });
    let facts = TableFacts { tables: tables.collect(), ..TableFacts::default() };
    Snapshot { tables: Known::Is(facts), ..Snapshot::empty() }
}

fn found(m1: Snapshot) -> Outcome {
    outcome(&Retired, &facts(m1, None), &Judgement::default())
}

#[test]
fn what_the_installation_makes_is_nobodys_data() {
    let stock = [("dataflow_profile", 6), ("permission_variable", 15), ("poll", 0), ("tag", 0)];
    assert_eq!(lines(&found(side(&stock)).findings), Vec::<String>::new());
    let used = [("dataflow_profile", 7), ("dataflow_profile_history", 7), ("poll", 3), ("poll_vote", 24)];
    let used = found(side(&used));
    assert_eq!(lines(&used.findings), ["left-behind dataflow low", "left-behind poll low"]);
    assert_eq!(&*used.findings[1].detail, "Polls: poll 3, poll_vote 24");
}

#[test]
fn indexes_logs_and_sessions_are_counted_and_are_no_loss() {
    let volatile =
        [("log_url", 800), ("core_session", 8), ("catalog_product_flat_1", 36), ("catalog_product_index_price", 148)];
    let outcome = found(side(&volatile));
    assert_eq!(lines(&outcome.findings), Vec::<String>::new());
    assert_eq!(
        outcome.summary[1],
        "Nothing to do about 2 tables of logs, queues and sessions (808 rows), and about 2 tables of indexes, caches and \
         statistics, which Magento 2 makes anew."
    );
}

#[test]
fn live_recurring_profiles_are_money() {
    let profile = |id, state: &str, start: &str| RecurringProfile {
        id,
        state: state.to_owned(),
        store: None,
        customer: None,
        reference: String::new(),
        method: "paypal_express".to_owned(),
        amount: "19.9000".to_owned(),
        currency: "USD".to_owned(),
        unit: "month".to_owned(),
        every: 1,
        cycles: None,
        start: start.parse().ok(),
    };
    let profiles = vec![
        profile(1, "active", "2026-11-01T00:00:00Z"),
        profile(2, "canceled", "2026-11-01T00:00:00Z"),
        profile(3, "suspended", "2026-10-25T00:00:00Z"),
    ];
    let side = Snapshot { recurring: Known::Is(profiles), ..side(&[("sales_recurring_profile", 3)]) };
    let outcome = found(side);
    assert_eq!(
        lines(&outcome.findings),
        ["left-behind recurring-profile low", "recurring-active recurring-profile blocker"]
    );
    assert_eq!(
        &*outcome.findings[0].detail,
        "1 active, 1 suspended; the next payment is due on 2026-12-01; profile 1: 19.90 USD every month, profile 3: \
         19.90 USD every month"
    );
    assert_eq!(outcome.cards.len(), 2);
}
