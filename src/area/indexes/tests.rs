use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::Snapshot;
use crate::facts::indexers::Indexer;
use crate::known::Known;
use crate::matching::Judgement;

fn found(is_assessment: bool) -> Vec<String> {
    let indexer = |id: &str, status: &str, backlog| Indexer {
        id: id.to_owned(),
        status: status.to_owned(),
        updated: None,
        is_scheduled: backlog > 0,
        backlog: Some(backlog),
    };
    let indexers = vec![
        indexer("customer_grid", "valid", 0),
        indexer("catalog_product_price", "invalid", 1_000),
        indexer("inventory", "working", 1_001),
    ];
    let m2 = Snapshot { indexers: Known::Is(indexers), ..Snapshot::empty() };
    let mut facts = facts(Snapshot::empty(), Some(m2));
    facts.is_assessment = is_assessment;
    lines(&outcome(&Indexes, &facts, &Judgement::default()).findings)
}

#[test]
fn an_index_is_valid_or_the_shop_shows_the_wrong_thing() {
    assert_eq!(found(false), ["backlog inventory low", "invalid catalog_product_price high", "invalid inventory high"]);
}

#[test]
fn before_the_migration_there_is_no_index_to_look_at() {
    assert_eq!(found(true), Vec::<String>::new());
}
