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

use super::baseline::Past;
use super::{AreaReport, DecisionReport, Entry, Report, StoreReport};
use crate::area::{self, Kind, Table};
use crate::diff::Part;
use crate::finding::{self, Severity};

/// Accounts that name nobody: words that Magento's own documentation and installers use, and those of this program's
/// sentences, which a mark would make unreadable.
const NOBODY: &[&str] = &[
    "active",
    "admin",
    "administrator",
    "all",
    "api",
    "customer",
    "everything",
    "guest",
    "inactive",
    "locked",
    "magento",
    "no",
    "role",
    "root",
    "test",
    "user",
    "yes",
];

/// An e-mail address as people write it (`addr-spec` of RFC 5322, with a quoted local part, too).
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?:"[^"@]{1,64}"|[\p{L}\p{N}._%+'-]{1,64})@[\p{L}\p{N}][\p{L}\p{N}-]*(?:\.[\p{L}\p{N}-]+)*\.[\p{L}][\p{L}\p{N}-]+"#,
    )
});

/// Names of pictures for fine screens, such as `logo@2x.png`, that look like addresses.
static FINE_PICTURE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"@\d+(?:\.\d+)?x\.(?i:png|jpe?g|gif|webp|svg|avif|bmp|ico|tiff?)$"));

/// The folder of a person in a text, where it begins a path, and the user in the address of a server.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?P<head>(?:^|[\s"'`(\[=,:]|file://)(?:/+(?:export/|mnt/|var/|usr/)?(?:home|Users)/+|[A-Za-z]:\\Users\\|~)|[a-z]+://)(?P<name>[^/\\\s"'`@:,;\]]+)(?P<tail>@?)"#,
    )
});

/// The folder of a person in the name of an input, which is nothing but a path.
static FOLDER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?P<head>(?:^|[/\\])(?:home|Users)[/\\]+)(?P<name>[^/\\"]+)(?P<tail>)"#));

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
    let Report { title, client, agency, stores, troubles, areas, rules, findings, decisions, baseline, .. } = report;
    for it in troubles.iter_mut().chain([title]).chain(client).chain(agency) {
        people.everywhere(it);
    }
    for store in [Some(&mut stores.m1), stores.m2.as_mut()].into_iter().flatten() {
        people.store(store);
    }
    for area in areas {
        people.area(area);
    }
    for owner in rules.iter_mut().filter_map(|it| it.owner.as_mut()) {
        people.cell(owner, None);
    }
    let mut taken = BTreeSet::new();
    let mut renamed = BTreeMap::new();
    for entry in findings.iter_mut() {
        let before = entry.fingerprint.clone();
        people.entry(entry, &mut taken);
        renamed.insert(before, entry.fingerprint.clone());
    }
    for it in decisions {
        people.decision(it, &renamed);
    }
    for list in baseline.iter_mut().flat_map(|it| [&mut it.fixed, &mut it.unchecked, &mut it.waived_gone]) {
        for it in list.iter_mut() {
            people.past(it);
        }
        list.sort_by(|one, other| {
            (one.severity, &one.rule, &one.subject).cmp(&(other.severity, &other.rule, &other.subject))
        });
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
    /// Marks by what they stand for, in lower case.
    marks: BTreeMap<String, String>,
    /// Every name that areas use that name people, and the names alone that nobody else has.
    all: Words,
    full: Words,
}

/// Texts to look for, with the mark of each.
struct Words {
    finder: AhoCorasick,
    /// The mark, and whether the text may be a part of a code, such as `sales`.
    marks: Vec<(String, bool)>,
}

impl Words {
    /// Words as they are spelled, and in capitals. (A name such as "No Role" is none where it is written small.)
    fn new<'a>(words: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut spellings: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for (word, mark) in words {
            let is_code = word.chars().all(|it| it.is_alphanumeric() || it == '_' || it == '-');
            for spelling in [word.to_owned(), word.to_uppercase()] {
                spellings.entry(spelling).or_insert_with(|| (mark.to_owned(), is_code));
            }
        }
        let (words, marks): (Vec<String>, Vec<(String, bool)>) = spellings.into_iter().unzip();
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words);
        Self { finder: finder.expect("names of people fit into memory"), marks }
    }

    /// The text with marks in place of whole words.
    fn replaced<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut result = String::new();
        let mut done = 0;
        for it in self.finder.find_iter(text) {
            let (mark, is_code) = &self.marks[it.pattern().as_usize()];
            // What joins the parts of codes and paths does not end a word that may be one of them.
            let is_inner = |it: char| it.is_alphanumeric() || it == '_' || *is_code && matches!(it, '/' | ':' | '\\');
            let before = text[..it.start()].chars().next_back().is_some_and(is_inner);
            let mut after = text[it.end()..].chars();
            let follows = match after.next() {
                // A colon and a dot join if something follows.
                Some(':' | '.') => *is_code && after.next().is_some_and(char::is_alphanumeric),
                Some(it) => is_inner(it),
                None => false,
            };
            if !before && !follows {
                result.push_str(&text[done..it.start()]);
                result.push_str(mark);
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
        let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut spellings: BTreeMap<String, String> = BTreeMap::new();
        // Tables of people first: what they say of a person goes for all others.
        let tables = || report.areas.iter().map(|it| &it.inventory);
        let ordered = tables().filter(|it| is_of_people(it)).chain(tables().filter(|it| !is_of_people(it)));
        for (table, row) in ordered.flat_map(|table| table.rows.iter().map(move |row| (table, row))) {
            let names = person_cells(table, row);
            let known = |name: &&str| owners.get(&name.to_lowercase()).is_some_and(|it| it.len() == 1);
            let known = names.iter().copied().find(known).filter(|_| !is_of_people(table));
            let Some(mark) = names.first().map(|first| match known {
                Some(name) => owners[&name.to_lowercase()].first().cloned().unwrap_or_default(),
                None => mark(key, &first.to_lowercase()),
            }) else {
                continue;
            };
            for name in names {
                let parts = name.split_whitespace().filter(|it| it.len() > 2 && !is_nobody(it));
                for part in parts.chain([name]) {
                    owners.entry(part.to_lowercase()).or_default().insert(mark.clone());
                    spellings.insert(part.to_owned(), part.to_lowercase());
                }
            }
        }
        // Who decides and who answers for something is named by the whole name alone: it may be a team's.
        let parts = |name: &'_ str| {
            let parts = name.split([',', ';', '&', '/', '<', '>', '(', ')']).map(str::trim).map(str::to_owned);
            parts.filter(|it| it.contains(' ')).chain([name.to_owned()]).collect::<Vec<_>>()
        };
        for name in &steering(report).flat_map(parts).filter(|it| !is_nobody(it)).collect::<Vec<_>>() {
            let lower = name.to_lowercase();
            owners.entry(lower.clone()).or_insert_with(|| BTreeSet::from([mark(key, &lower)]));
            spellings.insert(name.clone(), lower);
        }
        // What several people are called is nobody's own.
        let marks: BTreeMap<String, String> = owners
            .into_iter()
            .map(|(name, owners)| match owners.first() {
                Some(only) if owners.len() == 1 => (name, only.clone()),
                _ => (name.clone(), mark(key, &name)),
            })
            .collect();
        let words = || spellings.iter().map(|(spelling, name)| (spelling.as_str(), marks[name].as_str()));
        let all = Words::new(words());
        let full = Words::new(words().filter(|(name, _)| name.contains([' ', '@'])));
        Self { key, marks, all, full }
    }

    fn mark(&self, name: &str) -> String {
        let name = name.to_lowercase();
        self.marks.get(&name).cloned().unwrap_or_else(|| mark(self.key, &name))
    }

    /// An address in place of an address: whose it is, and which of theirs.
    fn address(&self, address: &str, person: &str) -> String {
        let own = mark(self.key, &address.to_lowercase());
        format!("{person}.{}@redacted.invalid", &own[own.len() - 4..])
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
            self.address(address, &self.mark(address))
        });
        let places = PLACE.replace_all(&addresses, |it: &Captures<'_>| self.place(it));
        let words = if names_people { &self.all } else { &self.full };
        let result = words.replaced(&places);
        if result != **text {
            *text = result.into_owned();
        }
    }

    /// The place with a mark for the person in it.
    fn place(&self, it: &Captures<'_>) -> String {
        let is_host = it["head"].ends_with("://") && it["tail"].is_empty();
        if is_host || it["name"].starts_with(MARK) || is_nobody(&it["name"]) {
            return it[0].to_owned();
        }
        format!("{}{}{}", &it["head"], self.mark(&it["name"]), &it["tail"])
    }

    fn boxed(&self, text: &mut Box<str>, names_people: bool) {
        let mut owned = std::mem::take(text).into_string();
        self.text(&mut owned, names_people);
        *text = owned.into_boxed_str();
    }

    fn store(&self, store: &mut StoreReport) {
        for input in &mut store.inputs {
            let name = FOLDER.replace_all(&input.name, |it: &Captures<'_>| self.place(it)).into_owned();
            input.name = name;
            self.everywhere(&mut input.name);
            input.what.iter_mut().for_each(|it| self.everywhere(it));
        }
        store.store_views.iter_mut().chain(&mut store.notes).for_each(|it| self.everywhere(it));
    }

    fn area(&self, area: &mut AreaReport) {
        let names_people = names_people(&area.name);
        let text = |it: &mut String| self.text(it, names_people);
        text(&mut area.reason);
        area.reasons.iter_mut().for_each(text);
        // What two people are the same stays unsaid, even as a digest that a guess could be checked against.
        area.settings.retain(|it| !it.starts_with("match ="));
        area.owner.iter_mut().for_each(|it| self.cell(it, None));
        area.summary.iter_mut().for_each(text);
        for bar in area.picture.iter_mut().flat_map(|it| &mut it.bars) {
            text(&mut bar.label);
        }
        for card in &mut area.cards {
            text(&mut card.title);
            for about in &mut card.about {
                text(&mut about.subject);
                about.scope.iter_mut().for_each(text);
            }
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
        let mut rows = std::mem::take(&mut table.rows);
        for row in &mut rows {
            // A row of a person is that person's, whoever else has the name.
            let own = person_cells(table, row).first().map(|it| mark(self.key, &it.to_lowercase()));
            let own = own.filter(|_| is_of_people(table));
            for (cell, column) in row.iter_mut().zip(&table.columns) {
                match column.kind {
                    Kind::Person => self.cell(cell, own.as_deref()),
                    Kind::Number | Kind::Bytes => (),
                    Kind::Text | Kind::List => text(cell),
                }
            }
        }
        if is_of_people(table) {
            rows.sort();
        }
        table.rows = rows;
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
    fn cell(&self, cell: &mut String, own: Option<&str>) {
        let name = cell.trim();
        if is_nobody(name) {
            return;
        }
        let mark = own.map_or_else(|| self.mark(name), str::to_owned);
        *cell = if name.contains('@') { self.address(name, &mark) } else { mark };
    }

    fn decision(&self, it: &mut DecisionReport, renamed: &BTreeMap<String, String>) {
        it.by.iter_mut().for_each(|it| self.cell(it, None));
        let texts = [Some(&mut it.place), Some(&mut it.aim), Some(&mut it.reason), it.ticket.as_mut()];
        for text in texts.into_iter().flatten() {
            self.text(text, true);
        }
        // What is of no finding may be of a person whom nobody looked at this time.
        match it.aim.split_once(' ') {
            None if it.aim.contains('.') => (),
            None => it.aim = renamed.get(&it.aim).cloned().unwrap_or_else(|| self.mark(&it.aim)),
            Some((rule, subject)) => {
                let is_of_people = rule.split_once('.').is_some_and(|(area, _)| names_people(area));
                // A pattern may name several, of whom not all were found.
                let is_mark = subject.strip_prefix(MARK).is_some_and(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
                if is_of_people && !is_mark {
                    it.aim = format!("{rule} {}", self.mark(subject));
                }
            }
        }
    }

    fn past(&self, it: &mut Past) {
        let before = (it.subject.clone(), it.scope.clone());
        let names_people = names_people(&it.area);
        self.boxed(&mut it.subject, names_people);
        self.boxed(&mut it.scope, names_people);
        if names_people && it.subject == before.0 && !is_nobody(&it.subject) {
            it.subject = self.mark(&before.0).into();
        }
        if (&it.subject, &it.scope) != (&before.0, &before.1) {
            it.fingerprint = finding::fingerprint(&it.rule, &it.subject, &it.scope);
        }
    }

    fn entry(&self, entry: &mut Entry, taken: &mut BTreeSet<String>) {
        let names_people = names_people(&entry.area);
        let before = (entry.subject.clone(), entry.scope.clone());
        let texts = [
            Some(&mut entry.subject),
            Some(&mut entry.scope),
            Some(&mut entry.detail),
            entry.m1.as_mut(),
            entry.m2.as_mut(),
        ];
        for it in texts.into_iter().flatten() {
            self.boxed(it, names_people);
        }
        self.text(&mut entry.used_by, names_people);
        if (&entry.subject, &entry.scope) == (&before.0, &before.1) {
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

/// Whether each row of a table is a person.
fn is_of_people(table: &Table) -> bool {
    table.columns.first().is_some_and(|it| it.kind == Kind::Person)
}

/// Who decides, and who answers for something.
fn steering(report: &Report) -> impl Iterator<Item = &str> {
    let by = report.decisions.iter().filter_map(|it| it.by.as_deref());
    let of_rules = report.rules.iter().filter_map(|it| it.owner.as_deref());
    by.chain(of_rules).chain(report.areas.iter().filter_map(|it| it.owner.as_deref())).map(str::trim)
}

/// What a row says of its person.
fn person_cells<'t>(table: &Table, row: &'t [String]) -> Vec<&'t str> {
    let cells = row.iter().zip(&table.columns).filter(|(_, column)| column.kind == Kind::Person);
    cells.map(|(cell, _)| cell.trim()).filter(|it| !is_nobody(it)).collect()
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
        let names = || rows.iter().flat_map(|row| row.iter().map(|it| (*it, mark(key, row[0]))));
        let marks: BTreeMap<String, String> = names().map(|(name, mark)| (name.to_lowercase(), mark)).collect();
        let words: Vec<(&str, String)> = names().collect();
        let words = || words.iter().map(|(name, mark)| (*name, mark.as_str()));
        let (all, full) = (Words::new(words()), Words::new(words().filter(|(name, _)| name.contains([' ', '@']))));
        People { key, marks, all, full }
    }

    fn redacted(text: &str, names_people: bool) -> String {
        let mut text = text.to_owned();
        people(&[&["jane", "Jane Doe", "jane@shop.example"], &["катя"], &["kim@intranet"]], "")
            .text(&mut text, names_people);
        text.replace(&mark("", "jane"), "JANE").replace(&mark("", "катя"), "KATYA")
    }

    #[test]
    fn a_person_has_one_mark_by_every_name() {
        assert_eq!(redacted("acts as jane; Jane Doe, role Sales", true), "acts as JANE; JANE, role Sales");
        assert_eq!(redacted("user jane, user катя. KATYA is КАТЯ", true), "user JANE, user KATYA. KATYA is KATYA");
        let role = redacted("Team/kim@intranet JANE DOE", false);
        assert!(role.starts_with("Team/person-") && role.ends_with(" JANE") && !role.contains("kim"), "{role}");
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
        assert!(!redacted("dev@2x.example and \"zoe o\"@shop.example and a.@b.example", false).contains(['"', 'z']));
    }

    #[test]
    fn folders_of_people_and_users_of_servers_are_unreadable() {
        assert_eq!(redacted("/home/jane/shop/dump.sql", false), "/home/JANE/shop/dump.sql");
        assert_eq!(redacted("cannot read \"/Users/jane/x\"", false), "cannot read \"/Users/JANE/x\"");
        assert_eq!(redacted(r"C:\Users\jane\shop", false), r"C:\Users\JANE\shop");
        assert_eq!(redacted("mysql://jane@db1/shop", false), "mysql://JANE@db1/shop");
        assert_eq!(
            redacted("in /mnt/home/jane, [/home/jane/x] and ~jane/y", false),
            "in /mnt/home/JANE, [/home/JANE/x] and ~JANE/y"
        );
        assert_eq!(redacted("https://shop.example/x", false), "https://shop.example/x");
        assert_eq!(redacted("wysiwyg/home/banner.jpg", false), "wysiwyg/home/banner.jpg");
    }

    #[test]
    fn a_key_makes_other_marks() {
        assert_ne!(mark("", "jane"), mark("secret", "jane"));
    }
}
