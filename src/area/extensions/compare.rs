//! Extensions of Magento 1, what they left, and what takes their place.

use std::collections::{BTreeMap, BTreeSet};

use super::life::Life;
use super::successor::{New, Verdict};
use super::{attributes, inventory, loose, rules, tables};
use crate::area::{Context, Outcome, Whole};
use crate::facts::modules::Modules;
use crate::facts::tables::TableFacts;
use crate::facts::{Attribute, Configuration, Facts};
use crate::finding::{Confidence, Finding, Severity};
use crate::magento::modules::{Module, is_stock_setup, name_of_setup};
use crate::text;

/// What is known of Magento 1.
#[derive(Clone, Copy)]
pub(super) struct Old<'a> {
    pub(super) modules: &'a Modules,
    pub(super) tables: &'a TableFacts,
    pub(super) attributes: &'a [Attribute],
    /// Whether its database tells who uses an extension.
    pub(super) has_database: bool,
}

/// An extension, by whatever tells of it.
pub(super) struct Extension<'a> {
    /// Its name, `Vendor_Name`.
    pub(super) name: String,
    /// Its name as tables, settings and rights are named after it.
    pub(super) key: String,
    /// Groups of its classes. Where no file tells them they are named after it, or after its vendor.
    pub(super) groups: BTreeSet<String>,
    /// What its files tell.
    pub(super) module: Option<&'a Module>,
    /// Its setup resource and version in the database.
    pub(super) setup: Option<(&'a str, &'a str)>,
    /// Whether no other extension is of its vendor.
    pub(super) is_only_of_vendor: bool,
    /// What shows that it is used.
    pub(super) life: Life,
}

impl Extension<'_> {
    pub(super) fn has_class(&self, class: &str) -> bool {
        let group = class.split_once('/').map(|(group, _)| group);
        self.module.is_some_and(|it| it.has_class(class)) || group.is_some_and(|it| self.groups.contains(it))
    }

    pub(super) fn has_resource(&self, resource: &str) -> bool {
        self.module.is_some_and(|it| it.has_resource(resource)) || resource.split('/').any(|it| it == self.key)
    }

    /// Beginnings of its settings.
    pub(super) fn settings(&self) -> BTreeSet<String> {
        let key = self.key.clone();
        let mut settings = self.module.map(|it| it.settings.clone()).unwrap_or_default();
        // A section of its own holds them all.
        settings.retain(|it| it.split('/').next() != Some(&key));
        settings.insert(key);
        settings
    }

    pub(super) fn is_active(&self) -> bool {
        self.module.is_none_or(|it| it.is_active)
    }

    pub(super) fn state(&self, has_files: bool) -> &'static str {
        match self.module {
            Some(it) if !it.is_declared => "not declared",
            Some(it) if it.files.is_none() && it.is_active => "active, without code",
            Some(it) if it.files.is_none() => "off, without code",
            Some(it) if it.is_active => "active",
            Some(_) => "off",
            None if has_files => "removed",
            None => "installed",
        }
    }

    pub(super) fn version(&self) -> &str {
        let of_files = self.module.map(|it| it.version.as_str()).filter(|it| !it.is_empty());
        of_files.or(self.setup.map(|it| it.1)).unwrap_or_default()
    }
}

pub(super) fn compare(old: &Old<'_>, facts: &Facts, _: &Context<'_>) -> Outcome {
    let m2 = &facts.sides.m2;
    let mut outcome = Outcome { inventory: inventory::table(), ..Outcome::default() };
    let code = old.modules.code.get();
    let mut found = extensions(old, facts.sides.m1.configuration.get());
    for it in &mut found {
        it.life = Life::of(it, old, &facts.sides.m1);
    }
    let claimed = tables::claim(&mut found, old.tables);
    let new = New::of(m2.modules.get());
    let has_files = code.is_some();
    let wanted = found.iter().filter(|it| it.is_active() && (it.module.is_some() || !has_files)).count();
    outcome.whole = Whole::of(wanted, &rules::MISSING, |it| it.rule.code == rules::MISSING.code);
    let conflicts = conflicts(&found);
    let verdicts = new.verdicts(&found.iter().map(|it| it.name.as_str()).collect::<Vec<_>>());
    for (it, verdict) in found.iter().zip(&verdicts) {
        outcome.findings.extend(missing(it, verdict, &new, old, facts));
        outcome.findings.extend(rewrites(it, &conflicts));
        outcome.findings.extend(loose::encoded(it));
        outcome.inventory.rows.push(inventory::row(it, verdict, old));
        outcome.cards.push(inventory::card(it, verdict, &conflicts, old));
    }
    // Tables of Magento 2 are known, or there is none yet.
    if let Some(new_tables) = m2.tables.get() {
        // A table of nobody may be that of an extension whose setup resource is not known.
        let knows_owners = old.modules.setups.get().is_some();
        let left = tables::left(&found, &claimed, old.tables, new_tables).into_iter();
        outcome.findings.extend(left.filter(|it| knows_owners || it.rule.code != rules::ORPHAN_TABLE.code));
    }
    if let Some(new_attributes) = m2.attributes.get() {
        outcome.findings.extend(attributes::lost(old.attributes, new_attributes, facts));
        outcome.findings.extend(attributes::broken(new_attributes, old.attributes, &new));
        outcome.gaps.extend(attributes::unsure(new_attributes, &new));
    }
    outcome.inventory.rows.extend(tables::orphans(&claimed, old.tables));
    if let Some(code) = code {
        outcome.findings.extend(loose::overrides(&code.overrides));
        outcome.findings.extend(loose::loose(&code.loose));
        outcome.gaps.extend(code.flaws.iter().map(|it| format!("Magento 1: {it}")));
        let flaws = found.iter().filter_map(|it| it.module).flat_map(|it| &it.flaws);
        outcome.gaps.extend(flaws.map(|it| format!("Magento 1: {it}")));
    }
    outcome.gaps.extend(gaps(old, facts, &new));
    outcome.summary = summary(&found, &verdicts, code.is_some(), facts.is_assessment);
    outcome
}

/// What cannot be told without files.
fn gaps(old: &Old<'_>, facts: &Facts, new: &New<'_>) -> Vec<String> {
    let mut gaps = Vec::new();
    if !old.has_database {
        gaps.push(
            "without Magento 1's database nothing tells whether an extension is used, and which data it has".to_owned(),
        );
    }
    if let Some(lack) = old.modules.code.lack() {
        gaps.push(format!(
            "{}: modules are known by what they left in the database only, and rewrites, copied classes and code outside of \
             modules are not looked for",
            lack.why()
        ));
    }
    if let Some(lack) = old.modules.setups.lack() {
        gaps.push(lack.why().to_owned());
    }
    if let Some(modules) = facts.sides.m2.modules.get().filter(|_| !facts.is_assessment && !new.is_complete()) {
        let why = modules.code.lack().map_or("its app/etc/config.php lists no module", |it| it.why());
        gaps.push(format!(
            "{why}: modules of Magento 2 are known by setup_module and patch_list only, so one that is called missing may be there"
        ));
    }
    gaps
}

/// All extensions that anything tells of, by name.
fn extensions<'a>(old: &Old<'a>, configuration: Option<&Configuration>) -> Vec<Extension<'a>> {
    let code = old.modules.code.get();
    let mut found: BTreeMap<String, Extension<'a>> = BTreeMap::new();
    let mut new = |name: String, module, setup| {
        let key = name.to_ascii_lowercase();
        found.entry(key.clone()).or_insert(Extension {
            name,
            key,
            groups: BTreeSet::new(),
            module,
            setup,
            is_only_of_vendor: true,
            life: Life::default(),
        });
    };
    let setups = old.modules.setups.get();
    let version = |code: &str| setups?.get_key_value(code).map(|(code, version)| (code.as_str(), version.as_str()));
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for module in code.into_iter().flat_map(|it| &it.modules) {
        let named_after = format!("{}_setup", module.name.to_ascii_lowercase());
        let setup = module.setups.iter().map(String::as_str).chain([named_after.as_str()]).find_map(version);
        taken.extend(setup.map(|it| it.0));
        taken.extend(module.setups.iter().filter_map(|it| version(it)).map(|it| it.0));
        new(module.name.clone(), Some(module), setup);
    }
    for (code, version) in setups.into_iter().flatten() {
        if !is_stock_setup(code) && !taken.contains(code.as_str()) {
            let name = name_of_setup(code);
            new(written(&name, configuration).unwrap_or(name), None, Some((code.as_str(), version.as_str())));
        }
    }
    let mut found: Vec<Extension<'_>> = found.into_values().collect();
    let vendors: Vec<String> = found.iter().map(|it| it.key.split('_').next().unwrap_or_default().to_owned()).collect();
    for (at, it) in found.iter_mut().enumerate() {
        it.is_only_of_vendor = vendors.iter().filter(|vendor| **vendor == vendors[at]).count() == 1;
        it.groups = match it.module {
            Some(module) if !module.groups.is_empty() => module.groups.clone(),
            Some(_) => BTreeSet::from([it.key.clone()]),
            None => {
                let vendor = it.is_only_of_vendor.then(|| vendors[at].clone());
                vendor.into_iter().chain([it.key.clone()]).collect()
            }
        };
    }
    found
}

/// A module's name as the configuration writes it, which lists those whose output is switched off.
fn written(name: &str, configuration: Option<&Configuration>) -> Option<String> {
    let mut paths = configuration?.paths.keys().filter_map(|it| it.strip_prefix("advanced/modules_disable_output/"));
    paths.find(|it| it.eq_ignore_ascii_case(name)).map(str::to_owned)
}

/// Classes that more than one active module replaces, with these modules.
fn conflicts<'a>(found: &[Extension<'a>]) -> BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>> {
    let mut by_class: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for module in found.iter().filter_map(|it| it.module).filter(|it| it.is_active) {
        for rewrite in &module.rewrites {
            by_class.entry((&rewrite.kind, &rewrite.alias)).or_default().insert(&module.name);
        }
    }
    by_class.retain(|_, modules| modules.len() > 1);
    by_class
}

pub(super) type Conflicts<'a> = BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>;

fn missing(it: &Extension<'_>, verdict: &Verdict<'_>, new: &New<'_>, old: &Old<'_>, facts: &Facts) -> Option<Finding> {
    let (has_files, has_database) = (old.modules.code.get().is_some(), old.has_database);
    let subject = format!("module:{}", it.name);
    let m1 = format!("{} {}", it.state(has_files), it.version()).trim_end().to_owned();
    let evidence = it.life.words();
    if it.module.is_none() && has_files {
        let setup = it.setup.map_or("", |it| it.0);
        let finding = rules::LEAVINGS.finding(subject).m1(m1).detail(format!("known by core_resource {setup}"));
        return Some(if evidence.is_empty() { finding } else { finding.more_detail(&evidence) });
    }
    if !it.is_active() {
        let words = if it.module.is_some_and(|it| it.files.is_none()) { "there is no code of it" } else { "" };
        return Some(rules::DISABLED.finding(subject).m1(m1).detail(words));
    }
    if verdict.is_there() || (facts.sides.m2.modules.get().is_none() && !facts.is_assessment) {
        return None;
    }
    let is_needed = it.life.has_data() || it.life.has_uncounted || !it.life.used_by.is_empty();
    let severity = if is_needed { Severity::High } else { Severity::Medium };
    let is_sure = it.module.is_some() && (new.is_complete() || facts.is_assessment);
    let confidence = if is_sure { Confidence::Certain } else { Confidence::Likely };
    let mut finding = rules::MISSING.finding(subject).severity(severity).confidence(confidence).m1(m1);
    finding.detail = match (verdict, evidence.is_empty()) {
        (_, false) => evidence.into(),
        (_, true) if !has_database => "without the database it is not known whether it is used".into(),
        (_, true) if !knows_use(facts) => {
            "nothing shows that it is used, and not all that would show it is known".into()
        }
        // Its setup has run, and which tables it made is not known without its files.
        (_, true) if it.module.is_none() => {
            "nothing shows that it is used, as far as that is known without its code".into()
        }
        (_, true) => "nothing shows that it is used: propose to drop it".into(),
    };
    match verdict {
        Verdict::NotPresent(name) => finding = finding.more_detail(&format!("its successor would be {name}")),
        Verdict::Present { name, score: Some(score), .. } => {
            finding = finding.m2(format!("perhaps {name} ({score:.2})")).confidence(Confidence::Guess);
        }
        Verdict::Present { name, .. } => finding = finding.m2(format!("{name}, switched off")),
        _ => {}
    }
    let names = [verdict.name(), it.name.as_str()];
    if let Some(package) = names.into_iter().find_map(|name| new.package(name)) {
        finding = finding.more_detail(&format!("Composer has the package {package}: the module is not set up"));
    }
    Some(finding.used_by(&it.life.used_by))
}

/// Whether all is known of Magento 1 that would show that an extension is used.
fn knows_use(facts: &Facts) -> bool {
    let m1 = &facts.sides.m1;
    super::FACTS.iter().all(|fact| m1.lack(*fact).is_none() && !m1.gaps.iter().any(|(of, _)| of == fact))
}

fn rewrites(it: &Extension<'_>, conflicts: &Conflicts<'_>) -> Option<Finding> {
    let module = it.module.filter(|it| it.is_active && (!it.rewrites.is_empty() || !it.controllers.is_empty()))?;
    let mut list: Vec<String> = module.rewrites.iter().map(|it| format!("{} {}", it.kind, it.alias)).collect();
    list.extend(module.controllers.iter().map(|it| format!("controllers {it}")));
    let mut finding =
        rules::REWRITE.finding(format!("module:{}", module.name)).incidents(list.len() as u64).detail(list.join(", "));
    for ((kind, alias), modules) in conflicts.iter().filter(|(_, modules)| modules.contains(module.name.as_str())) {
        let others: Vec<&str> = modules.iter().copied().filter(|other| *other != module.name).collect();
        finding = finding.more_detail(&format!(
            "conflict: {kind} {alias} is replaced by {} as well, and only the module that is loaded last is heard",
            others.join(", ")
        ));
    }
    Some(finding)
}

fn summary(found: &[Extension<'_>], verdicts: &[Verdict<'_>], has_files: bool, is_assessment: bool) -> Vec<String> {
    let active = found.iter().zip(verdicts).filter(|(it, _)| it.is_active() && !(it.module.is_none() && has_files));
    let (mut total, mut alive, mut there) = (0, 0, 0);
    for (it, verdict) in active {
        total += 1;
        alive += u64::from(it.life.is_alive());
        there += u64::from(verdict.is_there());
    }
    let total = text::count(total, "extension", "extensions");
    let line = format!("{total} switched on in Magento 1, {alive} of them with evidence of life");
    let there = if is_assessment { String::new() } else { format!("; Magento 2 has what takes the place of {there}") };
    vec![format!("{line}{there}.")]
}
