//! `magegap rules`: what is looked for, and what each finding means.

use std::fmt::Write;

use crate::area;
use crate::cli::RulesArgs;
use crate::commands::{World, printed};
use crate::error::Error;
use crate::finding::Rule;

pub(super) fn run(args: &RulesArgs, world: &mut World<'_>) -> Result<u8, Error> {
    let text = match &args.code {
        None => list(|_| true),
        Some(code) => {
            let rules = || area::ALL.iter().flat_map(|it| it.rules());
            match rules().find(|it| it.code == code) {
                Some(rule) => explained(rule),
                None if area::ALL.iter().any(|it| it.name() == code) => list(|it| it.area() == code),
                None => {
                    return Err(Error::usage(format!(
                        "there is no rule or area `{}`; `magegap rules` lists them",
                        crate::text::visible(code)
                    )));
                }
            }
        }
    };
    printed(world.out.write_all(text.as_bytes()))?;
    Ok(0)
}

fn list(is_wanted: impl Fn(&Rule) -> bool) -> String {
    let mut text = String::new();
    for rule in area::ALL.iter().flat_map(|it| it.rules()).filter(|it| is_wanted(it)) {
        writeln!(text, "{:33} {:8} {}", rule.code, rule.severity, rule.title).expect("a String takes everything");
    }
    text
}

fn explained(rule: &Rule) -> String {
    let severity = severity(rule);
    format!(
        "{}: {}\n\nSeverity: {severity}\nEffort:   {}\n\nWhat it means\n  {}\n\nWhy it matters\n  {}\n\n\
         How it is detected\n  {}\n\nWhat to do\n  {}\n\nSource\n  {}\n",
        rule.code, rule.title, rule.points, rule.meaning, rule.why, rule.detection, rule.action, rule.source
    )
}

fn severity(rule: &Rule) -> String {
    if rule.severity_note.is_empty() {
        rule.severity.to_string()
    } else {
        format!("{}; {}", rule.severity, rule.severity_note)
    }
}

/// `docs/rules.md`: every rule, from the same constants.
pub fn documentation() -> String {
    let mut text =
        "# Rules\n\nMade from the rule constants in `src/area`; a test fails when this file is not what they say.\n"
            .to_owned();
    for area in area::ALL {
        write!(text, "\n## {}\n\n{}\n", area.name(), area.question()).expect("a String takes everything");
        for rule in area.rules() {
            write!(
                text,
                "\n### {}\n\n**{}**\n\n- Severity: {}\n- Effort points: {}\n- What it means: {}\n- Why it matters: {}\n\
                 - How it is detected: {}\n- What to do: {}\n- Source: {}\n",
                rule.code,
                rule.title,
                severity(rule),
                rule.points,
                rule.meaning,
                rule.why,
                rule.detection,
                rule.action,
                rule.source
            )
            .expect("a String takes everything");
        }
    }
    text
}
