//! `--redact`: a report that can be shown to people who need not know who works for the shop.
//!
//! Admin users, the names and e-mail addresses of API users, every other e-mail
//! address, and the home folders of people become marks. A mark is made of what
//! it stands for, so that the same person has the same mark everywhere, and in
//! every report with the same key. Names of accounts that are nobody's, such as
//! `admin`, stay, as do those of API users: they are the names of programs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Captures, Regex};

use super::{AreaReport, Entry, Report, StoreReport};
use crate::area::{self, Kind};
use crate::diff::Part;
use crate::finding::{self, Severity};

/// Accounts that name nobody, by the words that Magento's own documentation and installers use.
const NOBODY: &[&str] = &["admin", "administrator", "api", "customer", "guest", "magento", "root", "test", "user"];

/// An e-mail address as people write it (the `addr-spec` of RFC 5322 without quotes and comments).
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"[\p{L}\p{N}._%+'-]*[\p{L}\p{N}_%+-]@[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.[\p{L}][\p{L}\p{N}-]+",
    )
});

/// Names of pictures for fine screens, such as `logo@2x.png`, that look like addresses.
static FINE_PICTURE: LazyLock<Regex> = LazyLock::new(|| pattern(r"@\d+(?:\.\d+)?x\."));

/// The folder of a person, and the user in an address of a server.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?P<head>(?:^|[\s"'`(=,:]|file://)(?:/home/|/Users/|/export/home/|[A-Za-z]:\\Users\\)|[a-z]+://)(?P<name>[^/\\\s"'`@:]+)(?P<tail>@?)"#,
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of the program are patterns")
}

/// Makes people unreadable. `key` keeps those who guess a name from checking the guess.
pub fn redact(report: &mut Report, key: Option<&str>) {
    if report.is_redacted {
        return;
    }
    report.is_redacted = true;
    let people = People::of(report, key.unwrap_or_default());
    let Report { stores, troubles, areas, findings, .. } = report;
    for it in troubles {
        people.everywhere(it);
    }
    for store in [Some(&mut stores.m1), stores.m2.as_mut()].into_iter().flatten() {
        people.store(store);
    }
    for area in areas {
        people.area(area);
    }
    let mut taken = BTreeSet::new();
    for entry in findings.iter_mut() {
        people.entry(entry, &mut taken);
    }
    // The order must not tell the alphabet of the names.
    let mut places: BTreeMap<(Severity, String), usize> = BTreeMap::new();
    for it in findings.iter() {
        let place = places.len();
        places.entry((it.severity, it.rule.to_string())).or_insert(place);
    }
    let place = |it: &Entry| places[&(it.severity, it.rule.to_string())];
    findings.sort_by_cached_key(|it| (place(it), it.subject.clone(), it.scope.clone()));
}

fn is_nobody(name: &str) -> bool {
    name.is_empty() || NOBODY.iter().any(|it| name.eq_ignore_ascii_case(it))
}

/// Whether an area speaks of people by the names of their accounts.
fn names_people(area: &str) -> bool {
    area::ALL.iter().find(|it| it.name() == area).is_none_or(|it| it.names_people())
}

/// Who is to be unreadable.
struct People<'a> {
    key: &'a str,
    /// Marks by what they stand for: as it is spelled, and in lower case.
    marks: BTreeMap<String, String>,
    /// All names and addresses, and full names alone.
    all: Words,
    full: Words,
}

/// Texts to look for, with the mark of each.
struct Words {
    finder: AhoCorasick,
    marks: Vec<String>,
}

impl Words {
    fn new<'a>(words: impl Iterator<Item = (&'a String, &'a String)>) -> Self {
        let (words, marks): (Vec<&String>, Vec<String>) = words.map(|(word, mark)| (word, mark.clone())).unzip();
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(words)
            .expect("names of people fit into memory");
        Self { finder, marks }
    }

    /// The text with marks in place of whole words.
    fn replaced<'t>(&self, text: &'t str) -> Cow<'t, str> {
        // What joins parts of codes, paths and addresses does not end a word.
        let is_inner = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '/' | ':' | '\\' | '@');
        let mut result = String::new();
        let mut done = 0;
        for it in self.finder.find_iter(text) {
            let before = text[..it.start()].chars().next_back().is_some_and(is_inner);
            let mut after = text[it.end()..].chars();
            let follows = match after.next() {
                // A colon and a dot join if something follows.
                Some(':' | '.') => after.next().is_some_and(char::is_alphanumeric),
                Some(it) => is_inner(it),
                None => false,
            };
            if !before && !follows {
                result.push_str(&text[done..it.start()]);
                result.push_str(&self.marks[it.pattern().as_usize()]);
                done = it.end();
            }
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        result.push_str(&text[done..]);
        Cow::Owned(result)
    }
}

impl<'a> People<'a> {
    /// Everybody that the inventories name.
    fn of(report: &Report, key: &'a str) -> Self {
        let mut marks: BTreeMap<String, String> = BTreeMap::new();
        for area in &report.areas {
            let columns: Vec<usize> = (0..area.inventory.columns.len())
                .filter(|&it| area.inventory.columns[it].kind == Kind::Person)
                .collect();
            for row in area.inventory.rows.iter().filter(|_| !columns.is_empty()) {
                let names = columns.iter().filter_map(|&it| row.get(it)).map(|it| it.trim());
                let names: Vec<&str> = names.filter(|it| !is_nobody(it)).collect();
                let Some(first) = names.first().map(|it| it.to_lowercase()) else { continue };
                let mark = marks.get(&first).cloned().unwrap_or_else(|| mark(key, &first));
                for spelling in names.iter().flat_map(|it| [it.to_lowercase(), (*it).to_owned()]) {
                    marks.entry(spelling).or_insert_with(|| mark.clone());
                }
            }
        }
        let of_text = |name: &str| !name.contains('@');
        let all = Words::new(marks.iter().filter(|(name, _)| of_text(name)));
        let full = Words::new(marks.iter().filter(|(name, _)| of_text(name) && name.contains(' ')));
        Self { key, marks, all, full }
    }

    fn mark(&self, name: &str) -> String {
        let name = name.to_lowercase();
        self.marks.get(&name).cloned().unwrap_or_else(|| mark(self.key, &name))
    }

    /// An address in place of an address: whose it is, and which of theirs.
    fn address(&self, address: &str) -> String {
        let own = mark(self.key, &address.to_lowercase());
        format!("{}.{}@redacted.invalid", self.mark(address), &own[own.len() - 4..])
    }

    /// A text of no certain kind.
    fn everywhere(&self, text: &mut String) {
        self.text(text, false);
    }

    fn text(&self, text: &mut String, names_people: bool) {
        if text.is_empty() {
            return;
        }
        let addresses = ADDRESS.replace_all(text, |it: &Captures<'_>| {
            let address = &it[0];
            if FINE_PICTURE.is_match(address) {
                return address.to_owned();
            }
            self.address(address)
        });
        let places = PLACE.replace_all(&addresses, |it: &Captures<'_>| {
            let is_user = it["head"].ends_with("://");
            if is_user && it["tail"].is_empty() || it["name"].starts_with(MARK) {
                return it[0].to_owned();
            }
            format!("{}{}{}", &it["head"], self.mark(&it["name"]), &it["tail"])
        });
        let words = if names_people { &self.all } else { &self.full };
        let result = words.replaced(&places);
        if result != **text {
            *text = result.into_owned();
        }
    }

    fn boxed(&self, text: &mut Box<str>, names_people: bool) {
        let mut owned = std::mem::take(text).into_string();
        self.text(&mut owned, names_people);
        *text = owned.into_boxed_str();
    }

    fn store(&self, store: &mut StoreReport) {
        for input in &mut store.inputs {
            self.everywhere(&mut input.name);
            input.what.iter_mut().for_each(|it| self.everywhere(it));
        }
        store.notes.iter_mut().for_each(|it| self.everywhere(it));
    }

    fn area(&self, area: &mut AreaReport) {
        let names_people = names_people(&area.name);
        let text = |it: &mut String| self.text(it, names_people);
        text(&mut area.reason);
        area.summary.iter_mut().for_each(text);
        for bar in area.picture.iter_mut().flat_map(|it| &mut it.bars) {
            text(&mut bar.label);
        }
        for card in &mut area.cards {
            text(&mut card.title);
            text(&mut card.state);
            card.also.iter_mut().for_each(text);
            for line in &mut card.lines {
                text(&mut line.text);
                line.list.iter_mut().for_each(text);
                let sides = line.diff.iter_mut().flat_map(|it| [&mut it.before, &mut it.after]);
                sides.flatten().for_each(|it| self.parts(it, names_people));
            }
        }
        let table = &mut area.inventory;
        for row in &mut table.rows {
            for (cell, column) in row.iter_mut().zip(&table.columns) {
                match column.kind {
                    Kind::Person => self.cell(cell),
                    Kind::Number | Kind::Bytes => (),
                    Kind::Text | Kind::List => text(cell),
                }
            }
        }
        if table.columns.first().is_some_and(|it| it.kind == Kind::Person) {
            table.rows.sort();
        }
    }

    /// A line of which parts are marked: an address may be cut by them.
    fn parts(&self, parts: &mut Vec<Part>, names_people: bool) {
        let before: String = parts.iter().map(|it| it.text.as_str()).collect();
        let mut text = before.clone();
        self.text(&mut text, names_people);
        if text != before {
            let is_changed = parts.iter().any(|it| it.is_changed);
            *parts = vec![Part { text, is_changed }];
        }
    }

    /// A cell that holds nothing but a name or an address.
    fn cell(&self, cell: &mut String) {
        let name = cell.trim();
        if is_nobody(name) {
            return;
        }
        *cell = if name.contains('@') { self.address(name) } else { self.mark(name) };
    }

    fn entry(&self, entry: &mut Entry, taken: &mut BTreeSet<String>) {
        let names_people = names_people(&entry.area);
        let before = entry.subject.clone();
        let texts = [Some(&mut entry.subject), Some(&mut entry.detail), entry.m1.as_mut(), entry.m2.as_mut()];
        for it in texts.into_iter().flatten() {
            self.boxed(it, names_people);
        }
        self.text(&mut entry.used_by, names_people);
        if entry.subject == before {
            taken.insert(entry.fingerprint.clone());
            return;
        }
        // The name of the finding must not be one of the person's.
        let subject = entry.subject.clone();
        for number in 2.. {
            entry.fingerprint = finding::fingerprint(&entry.rule, &entry.subject, &entry.scope);
            if taken.insert(entry.fingerprint.clone()) {
                break;
            }
            entry.subject = format!("{subject} ({number})").into();
        }
    }
}

/// What a mark begins with.
const MARK: &str = "person-";

/// The mark of a name in lower case: 40 bits of a hash with the key.
fn mark(key: &str, name: &str) -> String {
    let key = blake3::derive_key("magegap 2026 names of people in reports", key.as_bytes());
    format!("{MARK}{}", &blake3::keyed_hash(&key, name.as_bytes()).to_hex()[..10])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people<'a>(rows: &[&[&str]], key: &'a str) -> People<'a> {
        let marks = rows.iter().flat_map(|row| row.iter().map(|it| ((*it).to_owned(), mark(key, row[0]))));
        let marks: BTreeMap<String, String> = marks.collect();
        let all = Words::new(marks.iter().filter(|(name, _)| !name.contains('@')));
        let full = Words::new(marks.iter().filter(|(name, _)| name.contains(' ')));
        People { key, marks, all, full }
    }

    fn redacted(text: &str, names_people: bool) -> String {
        let mut text = text.to_owned();
        people(&[&["jane", "jane doe", "jane@shop.example"], &["катя"]], "").text(&mut text, names_people);
        text.replace(&mark("", "jane"), "JANE").replace(&mark("", "катя"), "KATYA")
    }

    #[test]
    fn a_person_has_one_mark_by_every_name() {
        assert_eq!(redacted("acts as jane; Jane Doe, role Sales", true), "acts as JANE; JANE, role Sales");
        assert_eq!(redacted("user jane, user катя.", true), "user JANE, user KATYA.");
        let address = redacted("Jane Doe <jane@shop.example>", false);
        assert!(address.starts_with("JANE <JANE.") && address.ends_with("@redacted.invalid>"), "{address}");
    }

    #[test]
    fn what_only_looks_like_a_name_stays() {
        for text in ["sales/jane/x", "admin:jane:create", "jane_table", "soap:jane", "janet", "jane.phtml"] {
            assert_eq!(redacted(text, true), text);
        }
        assert_eq!(redacted("wysiwyg/jane", false), "wysiwyg/jane", "a path of an area that names nobody");
        assert_eq!(redacted("wysiwyg/logo@2x.png", false), "wysiwyg/logo@2x.png");
    }

    #[test]
    fn folders_of_people_and_users_of_servers_are_unreadable() {
        assert_eq!(redacted("/home/jane/shop/dump.sql", false), "/home/JANE/shop/dump.sql");
        assert_eq!(redacted("cannot read \"/Users/jane/x\"", false), "cannot read \"/Users/JANE/x\"");
        assert_eq!(redacted(r"C:\Users\jane\shop", false), r"C:\Users\JANE\shop");
        assert_eq!(redacted("mysql://jane@db1/shop", false), "mysql://JANE@db1/shop");
        assert_eq!(redacted("https://shop.example/x", false), "https://shop.example/x");
        assert_eq!(redacted("wysiwyg/home/banner.jpg", false), "wysiwyg/home/banner.jpg");
    }

    #[test]
    fn a_key_makes_other_marks() {
        assert_ne!(mark("", "jane"), mark("secret", "jane"));
    }
}
