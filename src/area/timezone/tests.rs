use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::area::testing::{facts, lines, outcome};
use crate::facts::configuration::{Configuration, TIME_ZONE};
use crate::facts::design::ConfigValue;
use crate::facts::times::{Sample, Times, is_in_sample};
use crate::facts::{Snapshot, StoreView};
use crate::known::Known;
use crate::matching::Judgement;
use crate::source::tables::Clock;

/// Values as `scope scope_id zone`.
fn configuration(values: &[&str]) -> Known<Configuration> {
    let value = |it: &&str| {
        let cells: Vec<&str> = it.split(' ').collect();
        ConfigValue {
            scope: cells[0].to_owned(),
            scope_id: cells[1].parse().unwrap(),
            path: TIME_ZONE.to_owned(),
            value: cells[2].to_owned(),
        }
    };
    Known::Is(Configuration {
        values: values.iter().map(value).collect(),
        websites: BTreeMap::from([(1, "base".to_owned()), (2, "b2b".to_owned())]),
        ..Configuration::default()
    })
}

fn side(values: &[&str]) -> Snapshot {
    let store = |id, code: &str, website| StoreView {
        id,
        code: code.to_owned(),
        name: String::new(),
        is_active: true,
        website,
    };
    Snapshot {
        configuration: configuration(values),
        stores: Known::Is(vec![store(1, "en", 1), store(2, "de", 1), store(3, "fr", 2)]),
        ..Snapshot::empty()
    }
}

fn settings(m1: &[&str], m2: &[&str]) -> Vec<String> {
    lines(&outcome(&TimeZone, &facts(side(m1), Some(side(m2))), &Judgement::default()).findings)
}

#[test]
fn settings_are_compared_as_each_scope_sees_them() {
    let m1 = ["default 0 America/New_York", "stores 2 Europe/Berlin", "websites 2 Europe/Paris"];
    assert_eq!(settings(&m1, &m1), Vec::<String>::new());
    assert_eq!(
        settings(&m1, &["default 0 UTC"]),
        ["setting setting:default medium", "setting setting:stores/de medium", "setting setting:websites/b2b medium"]
    );
    assert_eq!(
        settings(&m1, &["default 0 America/New_York", "websites 1 Europe/Berlin", "websites 2 Europe/Paris"]),
        Vec::<String>::new()
    );
    assert_eq!(settings(&[], &["default 0 UTC"]), Vec::<String>::new(), "a configuration that was stripped");
    assert_eq!(settings(&["default 0 America/Los_Angeles"], &[]), Vec::<String>::new(), "what is built in");
    assert_eq!(settings(&["default 0 UTC"], &[]), ["setting setting:default medium"]);
}

/// A column with one row every ten days, shifted by the seconds that `shift` gives for a day of the year.
fn sample(rows: u32, shift: impl Fn(i16) -> i64) -> Sample {
    let start: Timestamp = "2023-01-03T12:00:00Z".parse().unwrap();
    let point = |key: u32| {
        let seconds = start.as_second() + i64::from(key) * 10 * 86_400;
        let day = Timestamp::from_second(seconds).unwrap().to_zoned(jiff::tz::TimeZone::UTC).day_of_year();
        (key, u32::try_from(seconds + shift(day)).unwrap())
    };
    Sample { rows: u64::from(rows), step: 1, points: (1..=rows).map(point).collect() }
}

fn shifts(columns: &[(&str, Sample)], clock: Clock) -> (Vec<String>, Outcome) {
    let times = |columns: Vec<(&str, Sample)>, clock: Clock| {
        let columns = columns.into_iter().map(|(name, sample)| (name.to_owned(), sample)).collect();
        Snapshot { times: Known::Is(Times { columns, clock }), ..side(&[]) }
    };
    let before = columns.iter().map(|(name, it)| (*name, sample(u32::try_from(it.rows).unwrap(), |_| 0))).collect();
    let facts = facts(times(before, clock), Some(times(columns.to_vec(), Clock::default())));
    let outcome = outcome(&TimeZone, &facts, &Judgement::default());
    (lines(&outcome.findings), outcome)
}

#[test]
fn a_constant_shift_is_found_and_a_table_that_was_forgotten() {
    let five = |_| 5 * 3600;
    let columns = [
        ("sales_order.created_at", sample(60, five)),
        ("customer_entity.created_at", sample(60, five)),
        ("sales_order_item.created_at", sample(60, |_| 0)),
    ];
    let (found, outcome) = shifts(&columns, Clock { of_server: Some("CET".to_owned()), is_local: false });
    assert_eq!(
        found,
        [
            "differs column:sales_order_item.created_at high",
            "shifted column:customer_entity.created_at high",
            "shifted column:sales_order.created_at high",
        ]
    );
    let order = outcome.findings.iter().find(|it| it.subject.contains("sales_order.")).unwrap();
    assert_eq!(order.m2.as_deref(), Some("5 h later"));
    assert_eq!(&*order.detail, "60 of 60 rows");
    assert_eq!(outcome.summary[1], "The time zone of Magento 1's database server is CET.");
    assert!(outcome.picture.is_some());
}

#[test]
fn daylight_saving_time_makes_two_offsets() {
    let season = |day| if (85..300).contains(&day) { -7200 } else { -3600 };
    let (found, _) = shifts(&[("sales_order.created_at", sample(100, season))], Clock::default());
    assert_eq!(found, ["mixed column:sales_order.created_at high"]);
    // The same two offsets without any order are something else.
    let random = |day| if day % 20 < 10 { -7200 } else { -3600 };
    assert_eq!(shifts(&[("sales_order.created_at", sample(100, random))], Clock::default()).0, Vec::<String>::new());
}

#[test]
fn few_rows_and_local_dumps_make_it_less_certain() {
    let one = |rows| [("review.created_at", sample(rows, |_| 1800))];
    assert_eq!(shifts(&one(9), Clock::default()).0, ["shifted column:review.created_at high likely"]);
    assert_eq!(shifts(&one(2), Clock::default()).0, ["shifted column:review.created_at high guess"]);
    let (found, outcome) = shifts(&one(60), Clock { of_server: None, is_local: true });
    assert_eq!(found, ["shifted column:review.created_at high guess"]);
    assert!(outcome.gaps[0].contains("--skip-tz-utc"));
}

#[test]
fn rows_that_were_edited_are_no_shift() {
    let mut edited = sample(60, |_| 0);
    for point in edited.points.iter_mut().take(8) {
        point.1 += 977;
    }
    assert_eq!(shifts(&[("review.created_at", edited)], Clock::default()).0, Vec::<String>::new());
}

#[test]
fn samples_of_different_steps_are_compared_by_the_coarser_one() {
    let points = |step: u32, shift: u32| -> Vec<(u32, u32)> {
        (1..=64).filter(|key| is_in_sample(*key, step)).map(|key| (key, 1_000_000 + shift)).collect()
    };
    let m1 = Sample { rows: 64, step: 2, points: points(2, 0) };
    let m2 = Sample { rows: 64, step: 4, points: points(4, 1800) };
    let found = shift::of(&m1, &m2);
    assert_eq!((found.step, found.offsets), (4, vec![(1800, m2.points.len() as u64)]));
}

#[test]
fn what_no_time_zone_explains_is_another_row() {
    // Two installations whose pages are years, or a minute and a half, apart.
    for apart in [94, 3 * 365 * 86_400] {
        assert_eq!(
            shifts(&[("cms_page.creation_time", sample(6, |_| apart))], Clock::default()).0,
            Vec::<String>::new()
        );
    }
    // A third of the rows was made after the migration, on both sides.
    let mut live = sample(90, |_| 3600);
    for point in live.points.iter_mut().skip(60) {
        point.1 += 12_345;
    }
    assert_eq!(shifts(&[("quote.created_at", live)], Clock::default()).0, ["shifted column:quote.created_at high"]);
}

#[test]
fn single_rows_out_of_season_hide_no_season() {
    // Three rows a day, over three years; a few imported ones have the other season's offset.
    let season = |day: i64| if (85..300).contains(&(day % 365)) { -7200 } else { -3600 };
    let point = |key: u32| (key, 1_600_000_000 + key * 28_800);
    let m1 = Sample { rows: 3_000, step: 1, points: (1..=3_000).map(point).collect() };
    let shifted = |(key, time): (u32, u32)| {
        let offset = if key % 400 == 7 { -10_800 - season(i64::from(key / 3)) } else { season(i64::from(key / 3)) };
        (key, u32::try_from(i64::from(time) + offset).unwrap())
    };
    let m2 = Sample { points: m1.points.iter().copied().map(shifted).collect(), ..m1.clone() };
    let found = shift::of(&m1, &m2);
    assert!(matches!(found.shift, shift::Shift::Seasons(..)), "{:?}", found.shift);
}

#[test]
fn an_offset_is_told_in_words() {
    assert_eq!(
        [5 * 3600, -1800, 3661, 0].map(shift::words),
        ["5 h later", "30 min earlier", "1 h 1 min 1 s later", "the same"]
    );
}
