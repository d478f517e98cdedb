//! The inventory of extensions, and a card for each of them.

use super::compare::{Conflicts, Extension, Old};
use super::successor::Verdict;
use crate::area::{Card, Column, Kind, Table};
use crate::magento::modules::CronJob;
use crate::text;

/// What to do with it, as a proposal.
fn proposal(it: &Extension<'_>, verdict: &Verdict<'_>, old: &Old<'_>) -> &'static str {
    let has_files = old.modules.code.get().is_some();
    if !old.has_database && it.is_active() {
        return "";
    }
    let is_removed = it.module.is_none() && has_files;
    match verdict {
        _ if is_removed || !it.is_active() || !it.life.is_alive() => "drop",
        Verdict::Present { .. } => "lift",
        Verdict::InCore(_) | Verdict::NotPresent(_) => "replace",
        Verdict::Gone(_) => "drop",
        Verdict::Custom => "rewrite",
    }
}

pub(super) fn row(it: &Extension<'_>, verdict: &Verdict<'_>, old: &Old<'_>) -> Vec<String> {
    let has_files = old.modules.code.get().is_some();
    let module = it.module;
    let count = |list: usize| if module.is_some() { list.to_string() } else { String::new() };
    let tables: Vec<String> = it.life.tables.iter().map(|(table, ..)| table.clone()).collect();
    let attributes: Vec<String> = it.life.attributes.iter().map(|(name, _)| name.clone()).collect();
    vec![
        format!("module:{}", it.name),
        it.state(has_files).to_owned(),
        module.map_or(String::new(), |it| it.pool.clone()),
        module.and_then(|it| it.files).map_or(String::new(), |it| it.to_string()),
        module.map_or(String::new(), |it| it.encoded.len().to_string()),
        it.version().to_owned(),
        it.setup.map_or(String::new(), |(code, version)| format!("{code} {version}")),
        count(module.map_or(0, |it| it.rewrites.len())),
        count(module.map_or(0, |it| it.observers.len())),
        count(module.map_or(0, |it| it.crons.len())),
        tables.join(" "),
        it.life.rows().to_string(),
        it.life.newest().unwrap_or_default().to_owned(),
        attributes.join(" "),
        it.life.settings.to_string(),
        it.life.used_by.len().to_string(),
        it.life.roles.len().to_string(),
        match (it.life.is_alive(), it.module.is_none() && has_files) {
            _ if !old.has_database => "",
            (true, false) => "yes",
            // Nothing runs any more that could use it.
            (true, true) => "leavings",
            (false, _) => "no",
        }
        .to_owned(),
        verdict.name().to_owned(),
        verdict.word().to_owned(),
        verdict.score(),
        proposal(it, verdict, old).to_owned(),
        String::new(),
    ]
}

pub(super) fn card(it: &Extension<'_>, verdict: &Verdict<'_>, conflicts: &Conflicts<'_>, old: &Old<'_>) -> Card {
    let has_files = old.modules.code.get().is_some();
    let state = format!("{}, {}", it.state(has_files), verdict.word());
    let mut card = Card::new(it.name.clone(), state)
        .about(format!("module:{}", it.name))
        .text("Version", it.version())
        .text("Evidence of life", if it.life.is_alive() { it.life.words() } else { "none was found".to_owned() });
    if let Some(module) = it.module {
        let files = module.files.map(|it| text::count(it, "file", "files")).unwrap_or_default();
        let rewrites = module.rewrites.iter().map(|it| {
            let conflict = conflicts.contains_key(&(it.kind.as_str(), it.alias.as_str()));
            let mark = if conflict { " (another module replaces it, too)" } else { "" };
            format!("{} {} by {}{mark}", it.kind, it.alias, it.class)
        });
        card = card
            .text(
                "Code",
                [module.pool.as_str(), &files]
                    .iter()
                    .filter(|it| !it.is_empty())
                    .copied()
                    .collect::<Vec<_>>()
                    .join(", "),
            )
            .text("Needs", module.depends.join(", "))
            .list("Replaces", rewrites.collect())
            .list("Observes", module.observers.clone())
            .list("Cron jobs", module.crons.iter().map(job).collect())
            .list("Routes", module.routers.iter().chain(&module.controllers).cloned().collect())
            .list("Layout files", module.layout_files.clone())
            .list("Rights", module.acl.iter().filter(|it| module.has_resource(it)).cloned().collect())
            .list("API rights", module.api_acl.iter().cloned().collect())
            .list("REST resources", module.rest.iter().cloned().collect());
    }
    card = card.list("Used by", it.life.used_by.clone()).list("Rights held by", it.life.roles.clone());
    let proposal = match proposal(it, verdict, old) {
        "" => String::new(),
        what => format!("{what}: {}", reason(verdict, it.life.is_alive())),
    };
    card.text("Proposal", proposal)
}

fn job(it: &CronJob) -> String {
    let schedule = if it.schedule.is_empty() { "by a setting" } else { it.schedule.as_str() };
    format!("{}: {schedule}, {}", it.code, it.run)
}

fn reason(verdict: &Verdict<'_>, is_alive: bool) -> String {
    if !is_alive {
        return "nothing shows that it is used".to_owned();
    }
    match verdict {
        Verdict::InCore(name) => format!("Magento 2 does it itself ({name})"),
        Verdict::Present { name, is_on: true, score: None } => format!("{name} is there"),
        Verdict::Present { name, is_on: true, score: Some(score) } => format!("{name} may be it ({score:.2})"),
        Verdict::Present { name, is_on: false, .. } => format!("{name} is there, and switched off"),
        Verdict::NotPresent(name) => format!("{name} is its known successor, and not there"),
        Verdict::Gone(note) => (*note).to_owned(),
        Verdict::Custom => "no successor is known".to_owned(),
    }
}

pub(super) fn table() -> Table {
    let column = |name, title, kind| Column::new(name, title, kind);
    Table {
        columns: vec![
            column("subject", "Extension", Kind::Text),
            column("state", "State", Kind::Text),
            column("pool", "Pool", Kind::Text),
            column("files", "Files", Kind::Number),
            column("encoded", "Encoded files", Kind::Number),
            column("version", "Version", Kind::Text),
            column("setup", "Setup", Kind::Text),
            column("rewrites", "Rewrites", Kind::Number),
            column("observers", "Observers", Kind::Number),
            column("crons", "Cron jobs", Kind::Number),
            column("tables", "Tables", Kind::List),
            column("rows", "Rows", Kind::Number),
            column("newest", "Latest", Kind::Text),
            column("attributes", "Attributes", Kind::List),
            column("settings", "Settings", Kind::Number),
            column("used_in", "Used in", Kind::Number),
            column("roles", "Roles", Kind::Number),
            column("alive", "Alive", Kind::Text),
            column("m2", "Magento 2", Kind::Text),
            column("verdict", "Verdict", Kind::Text),
            column("score", "Score", Kind::Text),
            column("proposal", "Proposal", Kind::Text),
            column("decision", "Decision", Kind::Text),
        ],
        rows: Vec::new(),
    }
}
