//! Says of each finding whether the migration tool's rules explain it: what they ignore, empty or
//! replace is not a mistake of the migration, and will be the same after the next one.

use crate::finding::{Cause, Finding};
use crate::magento::migration::MigrationMap;

/// Adds to findings what the rules of the migration tool explain about them.
pub(crate) fn explain(findings: &mut [Finding], map: &MigrationMap) {
    let explainer = Explainer { map };
    for finding in findings {
        if let Some(why) = explainer.why(finding) {
            let told = std::mem::take(&mut finding.detail);
            finding.detail = if told.is_empty() { why.into() } else { format!("{told}; {why}").into() };
        }
    }
}

struct Explainer<'a> {
    map: &'a MigrationMap,
}

impl Explainer<'_> {
    /// Whose rules they are.
    fn whose(&self, file: &str) -> String {
        if self.map.is_own() { format!("your {file}") } else { format!("the migration tool's own {file}") }
    }

    fn why(&self, finding: &Finding) -> Option<String> {
        finding.causes.iter().find_map(|cause| self.applies(cause))
    }

    fn applies(&self, cause: &Cause) -> Option<String> {
        let map = self.map;
        match cause {
            Cause::Document(table) => {
                map.ignores_document(table).then(|| format!("{} ignores the document {table}", self.whose("map.xml")))
            }
            Cause::Field(field) => {
                map.ignores_field(field).then(|| format!("{} ignores the field {field}", self.whose("map.xml")))
            }
            Cause::Emptied { field, attribute } => {
                let found = map.handlers(field).iter().find(|it| {
                    it.name == "SetValueAttributeCondition"
                        && it.params.get("attributeCode").is_some_and(|code| code == attribute)
                })?;
                let value = found.params.get("value").map_or("NULL", String::as_str);
                Some(format!("{} sets it to {value} by the handler {} on {field}", self.whose("map.xml"), found.name))
            }
            Cause::Handled { field, handler } => {
                let found = map.handlers(field).iter().find(|it| it.name == *handler)?;
                let value = found.params.get("value").or(found.params.get("offset"));
                let with = value.map(|it| format!(" ({it})")).unwrap_or_default();
                Some(format!("{} changes {field} by the handler {handler}{with}", self.whose("map.xml")))
            }
            Cause::Setting(path) => {
                map.ignores_setting(path).then(|| format!("{} ignores {path}", self.whose("settings.xml")))
            }
            Cause::Class(class) => match map.class(class)? {
                "" => Some(format!("{} maps {class} to nothing", self.whose("class-map.xml"))),
                other => Some(format!("{} maps {class} to {other}", self.whose("class-map.xml"))),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area;

    /// What is added to a finding that this may explain.
    fn told(cause: Cause, map: &MigrationMap) -> String {
        let rule = area::ALL[0].rules()[0];
        let mut findings = [rule.finding("x").detail("known").explained_by([cause])];
        explain(&mut findings, map);
        findings[0].detail.strip_prefix("known").unwrap().trim_start_matches("; ").to_owned()
    }

    #[test]
    fn the_tools_own_rules_explain_what_nobody_can_help() {
        let told = |cause| told(cause, MigrationMap::stock());
        let emptied = Cause::Emptied { field: "catalog_category_entity_text.value", attribute: "custom_layout_update" };
        let theme = Cause::Handled { field: "widget_instance.theme_id", handler: "SetValue" };
        let shift = Cause::Handled { field: "sales_flat_order.created_at", handler: "Timezone" };
        assert_eq!(
            [
                told(Cause::document("admin_user")),
                told(emptied),
                told(Cause::field("cms_page.layout_update_xml")),
                told(theme),
                told(Cause::Setting("general/locale/timezone".into())),
                told(shift),
                told(Cause::Document("acme_post".into())),
            ],
            [
                "the migration tool's own map.xml ignores the document admin_user",
                "the migration tool's own map.xml sets it to NULL by the handler SetValueAttributeCondition on \
                 catalog_category_entity_text.value",
                "the migration tool's own map.xml ignores the field cms_page.layout_update_xml",
                "the migration tool's own map.xml changes widget_instance.theme_id by the handler SetValue (3)",
                "the migration tool's own settings.xml ignores general/locale/timezone",
                "",
                "",
            ]
        );
    }

    #[test]
    fn an_operators_rules_are_called_theirs() {
        let mut map = MigrationMap::default();
        map.take_map(
            "map.xml",
            "<map><source><document_rules><ignore><document>acme_post</document></ignore></document_rules><field_rules>\
             <transform><field>sales_flat_order.created_at</field><handler class=\"\\Migration\\Handler\\Timezone\">\
             <param name=\"offset\" value=\"5\"/></handler></transform></field_rules></source></map>",
        )
        .unwrap();
        map.take_classes("class-map.xml", "<classmap><rename><from>acme/season</from><to/></rename></classmap>")
            .unwrap();
        let shift = Cause::Handled { field: "sales_flat_order.created_at", handler: "Timezone" };
        assert_eq!(
            [
                told(Cause::Document("acme_post".into()), &map),
                told(Cause::Class("acme/season".to_owned()), &map),
                told(shift, &map),
                told(Cause::document("admin_user"), &map),
            ],
            [
                "your map.xml ignores the document acme_post",
                "your class-map.xml maps acme/season to nothing",
                "your map.xml changes sales_flat_order.created_at by the handler Timezone (5)",
                "",
            ]
        );
    }
}
