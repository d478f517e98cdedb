use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use super::testing::Rows;
use super::*;
use crate::source::tables::{Read, Row, Tables};

/// A list with a fact of its own, as a new one would be added.
#[expect(unreachable_pub, reason = "what the list makes is public where it is not made for a test")]
mod own {
    use super::MadeUpReader;

    facts! {
        /// Something made up.
        made_up: Vec<String> = MadeUp by MadeUpReader, "something made up", default;
    }
}

const PARENTS: Read = Read::table("made_up").columns(&["id", "name"]);
const CHILDREN: Read = Read::table("made_up_child").columns(&["parent_id", "name"]);
const RARE: Read = Read::table("made_up_rare").columns(&["id"]);

/// Names of things, and then of what belongs to them.
struct MadeUpReader {
    parents: Vec<(u64, String)>,
    names: Vec<String>,
}

impl FactReader for MadeUpReader {
    type Value = Vec<String>;

    fn begin(_: &Ground<'_>) -> Self {
        Self { parents: Vec::new(), names: Vec::new() }
    }

    fn asks(_: &Ground<'_>) -> Vec<Ask<Self>> {
        let parent = |reader: &mut Self, row: &Row<'_>| {
            reader.parents.push((row.id("id")?, row.text("name").unwrap_or_default()));
            Ok(())
        };
        let child = |reader: &mut Self, row: &Row<'_>| {
            reader.names.extend(row.text("name"));
            Ok(())
        };
        let parents = |reader: &Self| reader.parents.iter().map(|(id, _)| *id).collect();
        vec![
            Ask::required(PARENTS, parent),
            Ask::optional(CHILDREN, child).after(&[PARENTS]).among("parent_id", parents),
            Ask::if_there(RARE, |_: &mut Self, _| Ok(())),
        ]
    }

    fn finish(mut self, answers: &mut Answers, _: &Ground<'_>, _: &mut dyn Tables) -> Known<Vec<String>> {
        self.names.extend(self.parents.into_iter().map(|(_, name)| name));
        self.names.extend(answers.lack(&CHILDREN).map(|it| it.why().to_owned()));
        Known::Is(self.names)
    }
}

#[test]
fn a_fact_in_the_list_is_in_all_that_is_made_of_it() {
    assert!(own::all_reads(Side::M2).ends_with(&[PARENTS, CHILDREN, RARE]));
    assert_eq!(own::Fact::ALL, [own::Fact::MadeUp, own::Fact::Media]);
    assert_eq!((own::Fact::MadeUp.name(), own::Fact::MadeUp.input()), ("something made up", Input::Database));
    let lack = Lack::NotGiven("no database".to_owned());
    assert_eq!(own::Snapshot::unknown(&lack).lack(own::Fact::MadeUp), Some(&lack));
    let bare = own::Snapshot::without_database(&Ground::bare(Side::M1), &lack);
    assert_eq!(bare.lack(own::Fact::MadeUp), Some(&lack));
    assert_eq!(own::Snapshot::empty().lack(own::Fact::MadeUp), None);
    let text = serde_json::to_value(own::Snapshot::empty()).unwrap();
    assert_eq!(text["made_up"], serde_json::json!({"Is": []}));
    let older: own::Snapshot = serde_json::from_value(serde_json::json!({"platform": text["platform"]})).unwrap();
    assert!(older.lack(own::Fact::MadeUp).unwrap().why().contains("older magegap"));
}

#[test]
fn rows_tell_what_is_asked_next_and_what_nobody_wants_is_not_asked() {
    let mut rows = Rows::of(
        "made_up: 1|one\nmade_up: 2|two\nmade_up_child: 1|of one\nmade_up_child: 3|of nobody\nmade_up_rare: !",
    );
    let ground = Ground::bare(Side::M1).with_tables(&rows);
    let snapshot = own::Snapshot::gather(&ground, &mut rows, &|_| true);
    assert_eq!(snapshot.made_up.get().unwrap(), &["of one", "one", "two"]);
    assert_eq!(rows.passes, 2);
    let snapshot = own::Snapshot::gather(&ground, &mut rows, &|_| false);
    assert_eq!(snapshot.lack(own::Fact::MadeUp).unwrap().why(), "left out by --only or --skip");
}

#[test]
fn what_a_failing_read_means_stands_beside_it() {
    let read = |text: &str| Rows::of(text).read::<MadeUpReader>(Side::M1);
    let Known::Not(lack) = read("made_up: !") else { panic!("a required table is missing") };
    assert_eq!(lack.why(), "Magento 1 database: there is no table made_up");
    let told = read("made_up: 1|one\nmade_up_child: !\nmade_up_rare: !");
    assert_eq!(told.get().unwrap(), &["one", "Magento 1 database: there is no table made_up_child"]);
    let Known::Not(lack) = read("made_up: x|one") else { panic!("a row is unusable") };
    assert!(lack.is_failure() && lack.why().contains("made_up.id: expected a whole number, got x"), "{}", lack.why());
}

#[test]
fn rows_that_every_store_has_are_not_taken_for_none() {
    let gaps = |side, text: &str| {
        let mut rows = Rows::of(text);
        let ground = Ground::bare(side).with_tables(&rows);
        let snapshot = Snapshot::gather(&ground, &mut rows, &|_| true);
        assert!(rows.passes <= 3, "{side}: {} passes over a dump", rows.passes);
        snapshot
    };
    for side in Side::BOTH {
        let snapshot = gaps(side, "");
        for fact in [Fact::Stores, Fact::Accounts, Fact::Attributes, Fact::References] {
            assert!(snapshot.lack(fact).is_some_and(Lack::is_not_whole), "{side}: {fact:?}");
            assert!(snapshot.gaps.iter().any(|(of, _)| *of == fact), "{side}: {fact:?}");
        }
    }
    let page = "cms_page: 1|home|1|-|-|-|-";
    let told = |text: &str| {
        let of_content = gaps(Side::M1, text).gaps.into_iter().filter(|(fact, _)| *fact == Fact::Content);
        of_content.map(|(_, lack)| lack.why().to_owned()).filter(|it| it.contains("cms_")).collect::<Vec<_>>()
    };
    let expected = "Magento 1 database: the table cms_page_store has no rows, although the table cms_page has some: \
                    emptied in the shop, or left out of the dump";
    assert_eq!(told(page), [expected]);
    assert_eq!(told(&format!("{page}\ncms_page_store: 0|1|-")), [""; 0]);
    // Without its pages, whose ids their store views name.
    let told = told("cms_page_store: 0|1|-");
    assert!(
        told.len() == 1 && told[0].contains("cms_page has no rows, although the table cms_page_store has"),
        "{told:?}"
    );
}

#[test]
fn what_others_tell_of_a_table_is_evidence_that_it_had_rows() {
    let text = "integration: 1|ERP|1|4|-|-\nauthorization_role: 1|0|G|0|2|A|-";
    let found = Rows::of(text).known::<credentials::CredentialsReader>(Side::M2);
    assert!(found.consumers.lack().is_some_and(Lack::is_not_whole) && found.tokens.get().is_none());
    let found =
        Rows::of(&format!("{text}\noauth_consumer: 4|ERP|-|-")).known::<credentials::CredentialsReader>(Side::M2);
    assert_eq!((found.consumers.get().map(Vec::len), found.tokens.get().map(Vec::len)), (Some(1), Some(0)));
    let orders = "sales_recurring_profile_order: 1";
    let Known::Not(lack) = Rows::of(orders).read::<recurring::RecurringReader>(Side::M1) else { panic!("stripped") };
    assert!(lack.why().contains("orders were made by some of them"), "{}", lack.why());
    assert_eq!(Rows::of("").known::<recurring::RecurringReader>(Side::M1), []);
}
