//! Attributes, and the classes that they need.

use super::rules;
use super::successor::New;
use crate::facts::{Attribute, Facts};
use crate::finding::{Cause, Finding};
use crate::magento::modules::module_of_class;
use crate::text;

/// Attributes that had a class of an extension, and have none now.
pub(super) fn lost(old: &[Attribute], new: &[Attribute], facts: &Facts) -> Vec<Finding> {
    let is_assessment = facts.is_assessment;
    let mut findings = Vec::new();
    for attribute in old {
        let now = new.iter().find(|it| it.entity == attribute.entity && it.code == attribute.code);
        if now.is_none() && !is_assessment {
            continue;
        }
        let has_now = |kind: &str| now.is_some_and(|it| it.classes.iter().any(|(it, _)| it == kind));
        let lost: Vec<&(String, String)> = attribute.own_classes().filter(|(kind, _)| !has_now(kind)).collect();
        if lost.is_empty() {
            continue;
        }
        let mut finding = rules::ATTRIBUTE_CLASS_LOST
            .finding(attribute.subject())
            .m1(lost.iter().map(|(kind, class)| format!("{kind} {class}")).collect::<Vec<_>>().join(", "))
            .explained_by(lost.iter().map(|(_, class)| Cause::Class(class.clone())))
            .detail(attribute.label.as_str());
        if let Some(values) = attribute.values {
            finding = finding.more_detail(&text::count(values, "value", "values"));
        }
        let is_mapped = attribute.own_classes().all(|(_, class)| facts.map().class(class).is_some());
        findings.push(match (is_assessment, is_mapped) {
            (true, true) => finding,
            (true, false) => {
                finding.more_detail("the official tool stops at it until class-map.xml says what becomes of the class")
            }
            (false, _) => finding.m2("none"),
        });
    }
    findings
}

/// Whether a class has a name of Magento 1: an alias, or words that underscores join.
fn is_of_m1(class: &str) -> bool {
    class.contains('/') || (class.contains('_') && !class.contains('\\'))
}

/// Whether nothing provides a class; none if that cannot be told.
fn is_broken(class: &str, new: &New<'_>) -> Option<bool> {
    if is_of_m1(class) {
        return Some(true);
    }
    // A virtual type, or a vendor of an odd name.
    let module = module_of_class(class)?;
    // The framework and its libraries are no modules.
    if module.starts_with("Magento_Framework") || module.starts_with("Laminas_") || module.starts_with("Zend_") {
        return Some(false);
    }
    match new.module(&module) {
        Some((_, is_on)) => Some(!is_on),
        None if new.is_complete() => Some(true),
        None => None,
    }
}

/// Attributes of Magento 2 whose class no module provides.
pub(super) fn broken(new: &[Attribute], old: &[Attribute], modules: &New<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for attribute in new {
        let broken: Vec<String> = attribute
            .classes
            .iter()
            .filter(|(_, class)| is_broken(class, modules) == Some(true))
            .map(|(kind, class)| format!("{kind} {class}"))
            .collect();
        if broken.is_empty() {
            continue;
        }
        let before = old.iter().find(|it| it.entity == attribute.entity && it.code == attribute.code);
        let classes = before
            .map(|it| it.classes.iter().map(|(kind, class)| format!("{kind} {class}")).collect::<Vec<_>>().join(", "));
        let finding =
            rules::BROKEN_ATTRIBUTE.finding(attribute.subject()).m2(broken.join(", ")).detail(attribute.label.as_str());
        findings.push(match classes.filter(|it| !it.is_empty()) {
            Some(classes) => finding.m1(classes),
            None => finding,
        });
    }
    findings
}

/// What cannot be told of classes.
pub(super) fn unsure(new: &[Attribute], modules: &New<'_>) -> Option<String> {
    let is_unsure = |it: &&Attribute| {
        it.classes.iter().any(|(_, class)| !class.starts_with("Magento\\") && is_broken(class, modules).is_none())
    };
    let count = new.iter().filter(is_unsure).count() as u64;
    let words = text::count(count, "attribute of Magento 2 has a class", "attributes of Magento 2 have classes");
    (count > 0).then(|| {
        format!(
            "{words} of extensions; without the installation folder it is not known whether their modules are there"
        )
    })
}
