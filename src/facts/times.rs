//! When rows were made: keys and dates of the tables that the migration copies with their keys, so
//! that a shift of all dates can be seen.
//!
//! Of a large table a sample is kept: rows that a number made of their key picks, so that both sides
//! have the same ones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::{Known, Lack};
use crate::pair::Pair;
use crate::source::tables::{Clock, Read, Tables};

/// Dates of one side.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Times {
    /// By `table.column`, as Magento 2 names them.
    pub columns: BTreeMap<String, Sample>,
    /// How the database tells the time.
    pub clock: Clock,
}

/// Dates of one column, or a sample of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Rows that have a date.
    pub rows: u64,
    /// One of so many keys is in the sample: a power of two.
    pub step: u32,
    /// Key and date, in seconds since 1970, by key.
    #[serde(with = "packed")]
    pub points: Vec<(u32, u32)>,
}

impl Default for Sample {
    fn default() -> Self {
        Self { rows: 0, step: 1, points: Vec::new() }
    }
}

/// Whether a key is in a sample of one of `step` keys: the same keys on both sides, and a coarser
/// sample is part of a finer one.
///
/// By a product whose upper bits depend on all of the key's: keys themselves may all be odd, as where
/// two servers give them out in turn (`auto_increment_increment`).
pub fn is_in_sample(key: u32, step: u32) -> bool {
    step <= 1 || key.wrapping_mul(0x9E37_79B1) >> (32 - step.trailing_zeros()) == 0
}

/// The most rows of a table that are kept.
const MOST: usize = 200_000;

impl Sample {
    fn push(&mut self, key: u64, seconds: i64) {
        self.rows += 1;
        let (Ok(key), Ok(seconds)) = (u32::try_from(key), u32::try_from(seconds)) else { return };
        if !is_in_sample(key, self.step) {
            return;
        }
        self.points.push((key, seconds));
        if self.points.len() > MOST {
            self.step *= 2;
            let step = self.step;
            self.points.retain(|(key, _)| is_in_sample(*key, step));
        }
    }
}

/// A column whose dates are compared: the tables of both sides, the key and the date.
struct TimeColumn {
    name: &'static str,
    m1: &'static str,
    reads: Pair<Read>,
    key: &'static str,
    date: &'static str,
}

macro_rules! column {
    ($m1:literal, $m2:literal, $key:literal, $date:literal) => {
        TimeColumn {
            name: concat!($m2, ".", $date),
            m1: concat!($m1, ".", $date),
            reads: Pair { m1: Read::table($m1).columns(&[$key, $date]), m2: Read::table($m2).columns(&[$key, $date]) },
            key: $key,
            date: $date,
        }
    };
}

/// The columns. `updated_at` is left out: either side and the tool rewrite it.
static COLUMNS: [TimeColumn; 18] = [
    column!("customer_entity", "customer_entity", "entity_id", "created_at"),
    column!("customer_address_entity", "customer_address_entity", "entity_id", "created_at"),
    column!("sales_flat_order", "sales_order", "entity_id", "created_at"),
    column!("sales_flat_order_grid", "sales_order_grid", "entity_id", "created_at"),
    column!("sales_flat_order_item", "sales_order_item", "item_id", "created_at"),
    column!("sales_flat_order_status_history", "sales_order_status_history", "entity_id", "created_at"),
    column!("sales_flat_invoice", "sales_invoice", "entity_id", "created_at"),
    column!("sales_flat_shipment", "sales_shipment", "entity_id", "created_at"),
    column!("sales_flat_creditmemo", "sales_creditmemo", "entity_id", "created_at"),
    column!("sales_payment_transaction", "sales_payment_transaction", "transaction_id", "created_at"),
    column!("sales_flat_quote", "quote", "entity_id", "created_at"),
    column!("sales_flat_quote_item", "quote_item", "item_id", "created_at"),
    column!("review", "review", "review_id", "created_at"),
    column!("newsletter_subscriber", "newsletter_subscriber", "subscriber_id", "change_status_at"),
    column!("cms_page", "cms_page", "page_id", "creation_time"),
    column!("cms_block", "cms_block", "block_id", "creation_time"),
    column!("catalog_product_entity", "catalog_product_entity", "entity_id", "created_at"),
    column!("catalog_category_entity", "catalog_category_entity", "entity_id", "created_at"),
];

/// The column of Magento 1 that became a column of Magento 2, as `table.column`.
pub fn m1_name(m2: &str) -> Option<&'static str> {
    COLUMNS.iter().find(|it| it.name == m2).map(|it| it.m1)
}

/// Dates that are being read: a sample of each column.
pub(super) struct TimesReader(Vec<Sample>);

impl FactReader for TimesReader {
    type Value = Times;

    fn begin(_: &Ground<'_>) -> Self {
        Self(vec![Sample::default(); COLUMNS.len()])
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let ask = |(at, column): (usize, &'static TimeColumn)| {
            Ask::optional(*column.reads.of(ground.side), move |reader: &mut Self, row| {
                if let Some(time) = row.time(column.date) {
                    reader.0[at].push(row.id(column.key)?, time.as_second());
                }
                Ok(())
            })
        };
        COLUMNS.iter().enumerate().map(ask).collect()
    }

    /// Known if anything of it is: a dump may leave the orders out.
    fn finish(self, answers: &mut Answers, ground: &Ground<'_>, tables: &mut dyn Tables) -> Known<Times> {
        let mut times = Times { columns: BTreeMap::new(), clock: tables.clock() };
        let mut absent: Option<Lack> = None;
        for (column, mut sample) in COLUMNS.iter().zip(self.0) {
            match answers.lack(column.reads.of(ground.side)) {
                None => {
                    sample.points.sort_unstable();
                    times.columns.insert(column.name.to_owned(), sample);
                }
                Some(lack) if lack.is_failure() => return Known::Not(lack),
                Some(lack) => absent = absent.or(Some(lack)),
            }
        }
        match absent.filter(|_| times.columns.is_empty()) {
            Some(lack) => Known::Not(lack),
            None => Known::Is(times),
        }
    }
}

/// Points in a file of facts: differences from one to the next, packed.
mod packed {
    use std::io::Read;

    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    use super::MOST;

    pub(super) fn serialize<S: Serializer>(points: &[(u32, u32)], serializer: S) -> Result<S::Ok, S::Error> {
        let mut last = (0_u32, 0_u32);
        let mut steps: (Vec<u8>, Vec<u8>) = Default::default();
        for point in points {
            steps.0.extend(point.0.wrapping_sub(last.0).to_le_bytes());
            steps.1.extend(point.1.wrapping_sub(last.1).to_le_bytes());
            last = *point;
        }
        steps.0.append(&mut steps.1);
        let packed = zstd::bulk::compress(&steps.0, 3).map_err(ser::Error::custom)?;
        serializer.serialize_str(&STANDARD.encode(packed))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(u32, u32)>, D::Error> {
        let packed = STANDARD.decode(String::deserialize(deserializer)?).map_err(de::Error::custom)?;
        let mut bytes = Vec::new();
        // No more than there can be, whatever a damaged file says.
        let decoder = zstd::Decoder::new(packed.as_slice()).map_err(de::Error::custom)?;
        decoder.take(MOST as u64 * 8 + 1).read_to_end(&mut bytes).map_err(de::Error::custom)?;
        let (keys, times) = bytes.split_at(bytes.len() / 2);
        let (keys, rest) = keys.as_chunks::<4>();
        let (times, rest_of_times) = times.as_chunks::<4>();
        if !rest.is_empty() || !rest_of_times.is_empty() || keys.len() != times.len() || keys.len() > MOST {
            return Err(de::Error::custom("dates are of eight bytes each, and not more than a sample has"));
        }
        let mut last = (0_u32, 0_u32);
        let next = |(key, time): (&[u8; 4], &[u8; 4])| {
            last = (last.0.wrapping_add(u32::from_le_bytes(*key)), last.1.wrapping_add(u32::from_le_bytes(*time)));
            last
        };
        Ok(keys.iter().zip(times).map(next).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_table_is_sampled_by_keys_that_both_sides_have() {
        let mut sample = Sample::default();
        for key in 1..=500_000_u64 {
            sample.push(key, 1_600_000_000 + i64::try_from(key).unwrap());
        }
        assert_eq!((sample.rows, sample.step), (500_000, 4));
        let count = sample.points.len();
        assert!((124_000..126_000).contains(&count), "{count}");
        sample.push(u64::MAX, 1);
        sample.push(4, -1);
        assert_eq!(sample.points.len(), count, "what does not fit is only counted");
        // Keys that two servers give out in turn.
        let odd = (1..1_000_000_u32).step_by(2).filter(|it| is_in_sample(*it, 8)).count();
        assert!((60_000..65_000).contains(&odd), "{odd}");
        assert!((0..10_000).all(|key| !is_in_sample(key, 16) || is_in_sample(key, 8)));
    }

    #[test]
    fn points_come_back_from_a_file() {
        let sample = Sample {
            rows: 4,
            step: 1,
            points: vec![(1, 1_700_000_000), (5, 1_600_000_000), (6, 0), (u32::MAX, u32::MAX)],
        };
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);
        assert!(serde_json::from_str::<Sample>(&text.replace("\"points\":\"", "\"points\":\"AAAA")).is_err());
    }
}
