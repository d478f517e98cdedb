//! Why areas were not checked completely: what differs in a table alone is one reason for each side.

use crate::pair::Side;

/// The most tables that are named in one reason.
const MOST_NAMED: usize = 8;

/// Reasons that differ in a table alone.
struct Kind {
    /// What stands before the table.
    before: &'static str,
    /// How what stands behind it begins, and how it ends.
    behind: [&'static str; 2],
    /// What stands before and behind several tables.
    of_many: [&'static str; 2],
}

/// They are those of [`ReadError`](crate::source::tables::ReadError).
const KINDS: [Kind; 4] = [
    Kind { before: "there is no table ", behind: ["", ""], of_many: ["there are no tables ", ""] },
    Kind {
        before: "there is no table ",
        behind: [", and every store has it: ", ""],
        of_many: [
            "there are no tables ",
            ", and every store has them: make the dump with them, or GRANT SELECT on them",
        ],
    },
    Kind {
        before: ", and the table ",
        behind: [" is not complete in the part that is there", ""],
        of_many: [", and the tables ", " are not complete in the part that is there"],
    },
    Kind {
        before: "the table ",
        behind: [" has no rows, although ", ": emptied in the shop, or left out of the dump"],
        of_many: ["the tables ", " have no rows, although they had some: emptied in the shop, or left out of the dump"],
    },
];

/// A reason of one of these kinds.
#[derive(Debug, PartialEq, Eq)]
struct OfTable<'a> {
    side: Side,
    kind: usize,
    /// What stands before all that a kind tells.
    beginning: &'a str,
    table: &'a str,
}

impl<'a> OfTable<'a> {
    fn parse(reason: &'a str) -> Option<Self> {
        let side = Side::BOTH.into_iter().find(|it| reason.starts_with(&format!("{it} database: ")))?;
        let of_kind = |kind: usize| {
            let Kind { before, behind: [begins, ends], .. } = &KINDS[kind];
            let at = reason.find(before)?;
            let (beginning, rest) = (&reason[..at], &reason[at + before.len()..]);
            let length = rest.find([',', ' ', ':']).unwrap_or(rest.len());
            let (table, behind) = rest.split_at(length);
            // Of a table nothing is said but its name, or what the kind says.
            let fits = if begins.is_empty() { behind.is_empty() } else { behind.starts_with(begins) };
            (fits && behind.ends_with(ends)).then_some(Self { side, kind, beginning, table })
        };
        (0..KINDS.len()).find_map(of_kind)
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.side, self.kind, self.beginning) == (other.side, other.kind, other.beginning)
    }
}

/// Puts the reasons of all areas together: each area names its own tables, unless there are so many in all that one
/// cause is behind them.
pub(super) fn gather(all: &mut [&mut Vec<String>]) {
    let everywhere: Vec<String> = all.iter().flat_map(|it| it.iter().cloned()).collect();
    for reasons in all {
        let own = std::mem::take(*reasons);
        for reason in &own {
            let words = match OfTable::parse(reason) {
                Some(it) => together(&it, &own, &everywhere).unwrap_or_else(|| reason.clone()),
                None => reason.clone(),
            };
            if !reasons.contains(&words) {
                reasons.push(words);
            }
        }
    }
}

/// One reason for all tables of which the same is said; none if there is one only.
fn together(it: &OfTable<'_>, own: &[String], everywhere: &[String]) -> Option<String> {
    let tables = |reasons: &'_ [String]| {
        let mut tables: Vec<String> = Vec::new();
        for other in reasons.iter().filter_map(|it| OfTable::parse(it)).filter(|other| it.is_like(other)) {
            if !tables.iter().any(|it| it == other.table) {
                tables.push(other.table.to_owned());
            }
        }
        tables
    };
    let many = Some(tables(everywhere)).filter(|it| it.len() > MOST_NAMED);
    let tables = many.unwrap_or_else(|| tables(own));
    if tables.len() < 2 {
        return None;
    }
    let (named, rest) = tables.split_at(tables.len().min(MOST_NAMED));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    let [before, behind] = KINDS[it.kind].of_many;
    Some(format!("{}{before}{}{more}{behind}", it.beginning, named.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tables::ReadError;

    fn gathered(areas: &[&[&str]]) -> Vec<Vec<String>> {
        let mut all: Vec<Vec<String>> = areas.iter().map(|it| it.iter().map(|it| (*it).to_owned()).collect()).collect();
        gather(&mut all.iter_mut().collect::<Vec<_>>());
        all
    }

    #[test]
    fn what_is_said_of_several_tables_is_said_once() {
        let table = |it: &str| it.to_owned();
        let emptied = |it: &str, evidence: &str| {
            let error = ReadError::Emptied { table: table(it), evidence: table(evidence), next_key: None };
            format!("Magento 1 database: {error}")
        };
        let cut = |it: &str| format!("Magento 1 database: {}", ReadError::CutOff { table: table(it), at: 9 });
        let (tag, poll) = (emptied("tag", "every store has some"), emptied("poll", "the table tag has some"));
        let all = gathered(&[&[&tag, "no root", &poll, &cut("a")], &[&tag], &[&cut("a"), &cut("b")]]);
        let both = "Magento 1 database: the tables tag, poll have no rows, although they had some: emptied in the shop, \
                    or left out of the dump";
        assert_eq!(all[0], [both, "no root", &cut("a")]);
        assert_eq!(all[1], [tag]);
        let cuts = "Magento 1 database: the dump is cut off at byte 9, and the tables a, b are not complete in the part \
                    that is there";
        assert_eq!(all[2], [cuts]);
    }

    #[test]
    fn a_cause_of_many_tables_is_the_same_for_all_areas() {
        let no = |it: &str| format!("Magento 2 database: there is no table {it}");
        let first: Vec<String> = "abcde".chars().map(|it| no(&it.to_string())).collect();
        let second: Vec<String> = "efghij".chars().map(|it| no(&it.to_string())).collect();
        let of = |it: &[String]| it.to_vec();
        let mut all = [of(&first), of(&second)];
        let [one, other] = &mut all;
        gather(&mut [one, other]);
        let expected = "Magento 2 database: there are no tables a, b, c, d, e, f, g, h and 2 more";
        assert_eq!(all, [[expected], [expected]]);
        let left_out = ReadError::LeftOut { table: "x".to_owned() };
        let reason = format!("Magento 2 database: {left_out}");
        assert_eq!(OfTable::parse(&reason).map(|it| (it.kind, it.table)), Some((1, "x")));
    }
}
