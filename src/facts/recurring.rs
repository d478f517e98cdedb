//! Recurring profiles of Magento 1 (`Mage_Sales_Model_Recurring_Profile`): money that is taken
//! again and again, by a payment provider that goes on when the shop is gone.

use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::pair::Side;
use crate::source::tables::{CellError, Read, Row, Tables};

/// A recurring profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecurringProfile {
    /// Its id.
    pub id: u64,
    /// `active`, `pending`, `suspended`, `canceled`, `expired` or `unknown`.
    pub state: String,
    /// The store view; none if it was deleted.
    pub store: Option<u64>,
    /// The customer; none if the account was deleted.
    #[serde(default)]
    pub customer: Option<u64>,
    /// By which the payment provider knows the agreement.
    #[serde(default)]
    pub reference: String,
    /// The method of payment.
    pub method: String,
    /// What is taken each time, shipping and tax included.
    pub amount: String,
    /// The currency.
    pub currency: String,
    /// `day`, `week`, `semi_month`, `month` or `year`.
    pub unit: String,
    /// How many of them lie between two payments.
    pub every: u32,
    /// How often it is taken; none is without end.
    pub cycles: Option<u32>,
    /// When it began, in UTC.
    pub start: Option<jiff::Timestamp>,
}

impl RecurringProfile {
    /// Whether money is, or may again be, taken.
    pub fn is_live(&self) -> bool {
        matches!(self.state.as_str(), "active" | "pending" | "suspended")
    }

    /// The next day on which money is due; none if that cannot be told, or all cycles are over.
    pub fn next(&self, now: jiff::Timestamp) -> Option<jiff::civil::Date> {
        let start = self.start?.to_zoned(jiff::tz::TimeZone::UTC).date();
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let every = i64::from(self.every.max(1));
        // Enough for a daily payment over thirty years.
        (0..11_000).take_while(|cycle| self.cycles.is_none_or(|it| it == 0 || *cycle < i64::from(it))).find_map(
            |cycle| {
                let span = jiff::Span::new();
                let count = cycle * every;
                let span = match self.unit.as_str() {
                    "day" => span.try_days(count),
                    "week" => span.try_weeks(count),
                    "semi_month" => span.try_days(count * 15),
                    "month" => span.try_months(count),
                    "year" => span.try_years(count),
                    _ => return None,
                };
                start.checked_add(span.ok()?).ok().filter(|it| *it >= today)
            },
        )
    }
}

const PROFILES: Read = Read::table("sales_recurring_profile").columns(&["profile_id", "state"]).optional(&[
    "store_id",
    "customer_id",
    "reference_id",
    "method_code",
    "billing_amount",
    "shipping_amount",
    "tax_amount",
    "currency_code",
    "period_unit",
    "period_frequency",
    "period_max_cycles",
    "start_datetime",
]);

/// Orders that profiles made.
const ORDERS: Read = Read::table("sales_recurring_profile_order").columns(&["profile_id"]);

/// Profiles that are being read.
#[derive(Default)]
pub(super) struct RecurringReader {
    profiles: Vec<RecurringProfile>,
    /// Whether an order was made by a profile.
    has_orders: bool,
}

impl RecurringReader {
    fn profile(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.profiles.push(RecurringProfile {
            id: row.id("profile_id")?,
            state: row.text("state").unwrap_or_default(),
            store: row.number("store_id")?,
            customer: row.number("customer_id")?,
            reference: row.text("reference_id").unwrap_or_default(),
            method: row.text("method_code").unwrap_or_default(),
            amount: sum(&["billing_amount", "shipping_amount", "tax_amount"].map(|it| row.text(it))),
            currency: row.text("currency_code").unwrap_or_default(),
            unit: row.text("period_unit").unwrap_or_default(),
            every: row.number("period_frequency")?.unwrap_or(1),
            cycles: row.number("period_max_cycles")?,
            start: row.time("start_datetime"),
        });
        Ok(())
    }
}

impl FactReader for RecurringReader {
    type Value = Vec<RecurringProfile>;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        match ground.side {
            // Stores since 1.4.1 have it, whether or not they use it: one that is not there was not looked at.
            Side::M1 => {
                vec![
                    Ask::optional(PROFILES, Self::profile).of_newer(ground.columns("sales_flat_order").is_some()),
                    Ask::if_there(ORDERS, |it: &mut Self, _| it.has_orders = true),
                ]
            }
            Side::M2 => Vec::new(),
        }
    }

    fn emptied(&self) -> Vec<(Read, String)> {
        let evidence = format!("orders were made by some of them ({})", ORDERS.name());
        if self.has_orders && self.profiles.is_empty() { vec![(PROFILES, evidence)] } else { Vec::new() }
    }

    fn finish(mut self, answers: &mut Answers, _: &Ground<'_>, _: &mut dyn Tables) -> Known<Vec<RecurringProfile>> {
        self.profiles.sort_by_key(|it| it.id);
        answers.known(&[PROFILES], self.profiles)
    }
}

/// The sum of decimals, with as many places as the table has: no money is rounded.
fn sum(amounts: &[Option<String>; 3]) -> String {
    const PLACES: usize = 4;
    let units = |text: &str| -> Option<i64> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let part = format!("{part:0<PLACES$}");
        format!("{whole}{}", part.get(..PLACES)?).parse().ok()
    };
    let total: i64 = amounts.iter().flatten().filter_map(|it| units(it.trim())).sum();
    format!("{}.{:04}", total / 10_000, total % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_billed_shipped_and_taxed() {
        let of = |it: [&str; 3]| sum(&it.map(|it| Some(it.to_owned()).filter(|it| !it.is_empty())));
        assert_eq!(
            [of(["19.9000", "", ""]), of(["64.5", "4.9000", "0.0001"]), of(["", "", ""])],
            ["19.9000", "69.4001", "0.0000"]
        );
    }

    #[test]
    fn the_next_payment_follows_from_the_first_one() {
        let profile = |unit: &str, every, cycles, start: &str| RecurringProfile {
            id: 1,
            state: "active".to_owned(),
            store: None,
            customer: None,
            reference: String::new(),
            method: String::new(),
            amount: String::new(),
            currency: String::new(),
            unit: unit.to_owned(),
            every,
            cycles,
            start: start.parse().ok(),
        };
        let next = |it: RecurringProfile| {
            let now = "2026-11-22T10:00:00Z".parse().unwrap();
            it.next(now).map_or("never".to_owned(), |it| it.to_string())
        };
        assert_eq!(next(profile("month", 1, None, "2024-01-31T12:00:00Z")), "2026-11-30");
        assert_eq!(next(profile("month", 3, Some(0), "2026-10-01T00:00:00Z")), "2027-01-01");
        assert_eq!(next(profile("week", 2, None, "2026-11-08T00:00:00Z")), "2026-11-22");
        assert_eq!(next(profile("year", 1, Some(2), "2020-01-01T00:00:00Z")), "never");
        assert_eq!(next(profile("fortnight", 1, None, "2020-01-01T00:00:00Z")), "never");
        assert_eq!(next(profile("day", 1, None, "")), "never");
    }
}
