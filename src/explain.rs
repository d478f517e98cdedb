//! Says of each finding whether the migration tool's rules explain it: what they ignore, empty or
//! replace is not a mistake of the migration, and will be the same after the next one.

use crate::finding::Finding;
use crate::magento::migration::MigrationMap;

#[cfg(test)]
mod tests;

/// Adds to findings what the rules of the migration tool explain about them.
pub fn explain(findings: &mut [Finding], map: &MigrationMap) {
    let explainer = Explainer { map };
    for finding in findings {
        if let Some(why) = explainer.why(finding) {
            let told = std::mem::take(&mut finding.detail);
            finding.detail = if told.is_empty() { why.into() } else { format!("{told}; {why}").into() };
        }
    }
}

/// What is looked up about a finding.
enum Cause<'a> {
    /// A table that may be ignored.
    Document(&'a str),
    /// A column that may be ignored.
    Field(&'a str),
    /// A column whose values of one attribute may be set to nothing.
    Emptied { field: &'a str, attribute: &'a str },
    /// A column whose values a handler may replace.
    Handled { field: &'a str, handler: &'a str },
    /// A path of the configuration that may be ignored.
    Setting(&'a str),
    /// A class that may become nothing.
    Class(&'a str),
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
        causes(finding).iter().find_map(|cause| self.applies(cause))
    }

    fn applies(&self, cause: &Cause<'_>) -> Option<String> {
        let map = self.map;
        match *cause {
            Cause::Document(table) => {
                map.ignores_document(table).then(|| format!("{} ignores the document {table}", self.whose("map.xml")))
            }
            Cause::Field(field) => {
                map.ignores_field(field).then(|| format!("{} ignores the field {field}", self.whose("map.xml")))
            }
            Cause::Emptied { field, attribute } => {
                let found = map.handlers(field).iter().find(|it| {
                    it.name == "SetValueAttributeCondition"
                        && it.params.get("attributeCode").is_some_and(|it| it == attribute)
                })?;
                let value = found.params.get("value").map_or("NULL", String::as_str);
                Some(format!("{} sets it to {value} by the handler {} on {field}", self.whose("map.xml"), found.name))
            }
            Cause::Handled { field, handler } => {
                let found = map.handlers(field).iter().find(|it| it.name == handler)?;
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

/// What may explain a finding, the likeliest first.
fn causes(finding: &Finding) -> Vec<Cause<'_>> {
    let subject: &str = &finding.subject;
    let (kind, key) = subject.split_once(':').unwrap_or(("", subject));
    match finding.rule.code {
        "admin_users.missing" => vec![Cause::Document("admin_user")],
        "admin_roles.missing" => vec![Cause::Document("admin_role")],
        "api.soap-user-missing" => vec![Cause::Document("api_user")],
        "api.rest-role-missing" => vec![Cause::Document("api2_acl_role")],
        "api.rest-attributes" => vec![Cause::Document("api2_acl_attribute")],
        "api.consumer-carried" => vec![Cause::Document("oauth_consumer")],
        "layout.missing" => match kind {
            "cms_page" => {
                vec![Cause::Field("cms_page.layout_update_xml"), Cause::Field("cms_page.custom_layout_update_xml")]
            }
            "category" => {
                vec![Cause::Emptied { field: "catalog_category_entity_text.value", attribute: "custom_layout_update" }]
            }
            "product" => {
                vec![Cause::Emptied { field: "catalog_product_entity_text.value", attribute: "custom_layout_update" }]
            }
            "update" => vec![Cause::Document("core_layout_update")],
            _ => Vec::new(),
        },
        "layout.theme-reference" => match kind {
            "category" => {
                vec![Cause::Emptied { field: "catalog_category_entity_varchar.value", attribute: "custom_design" }]
            }
            "product" => {
                vec![Cause::Emptied { field: "catalog_product_entity_varchar.value", attribute: "custom_design" }]
            }
            _ => Vec::new(),
        },
        "widgets.not-placed" => {
            vec![Cause::Document("core_layout_update"), Cause::Document("widget_instance_page_layout")]
        }
        "widgets.wrong-theme" => vec![Cause::Handled { field: "widget_instance.theme_id", handler: "SetValue" }],
        "widgets.type-lost" => {
            let class = finding.m1.as_deref().unwrap_or_default();
            vec![Cause::Class(class), Cause::Handled { field: "widget_instance.instance_type", handler: "ClassMap" }]
        }
        "cms_content.widget-lost" => {
            let field = match kind {
                "cms_block" => "cms_block.content",
                "email" => "core_email_template.template_text",
                "newsletter" => "newsletter_template.template_text",
                _ => "cms_page.content",
            };
            vec![Cause::Handled { field, handler: "Placeholder" }]
        }
        "design.config-lost" => vec![Cause::Setting(key)],
        "design.theme-missing" => vec![Cause::Setting("design/package/name")],
        "extensions.data-left" | "extensions.orphan-table" => vec![Cause::Document(key)],
        "extensions.column-left" => vec![Cause::Field(key)],
        "extensions.attribute-class-lost" => {
            let classes = finding.m1.as_deref().unwrap_or_default().split(", ");
            classes.filter_map(|it| Some(Cause::Class(it.split_once(' ')?.1))).collect()
        }
        "media_db.lost" | "media_db.in-use" => vec![Cause::Document("core_file_storage")],
        "migration.setting" => vec![Cause::Setting(subject)],
        "retired.recurring-active" => vec![Cause::Document("sales_recurring_profile")],
        "retired.left-behind" => {
            // The detail names those that have rows.
            let is_told = |table: &&str| finding.detail.contains(&format!(" {table} "));
            tables_of(subject).into_iter().filter(is_told).map(Cause::Document).collect()
        }
        "timezone.setting" => vec![Cause::Setting(crate::facts::configuration::TIME_ZONE)],
        "timezone.shifted" | "timezone.mixed" => fields_of(key),
        _ => Vec::new(),
    }
}

fn tables_of(feature: &str) -> Vec<&'static str> {
    crate::magento::retired::features().remove(feature).unwrap_or_default()
}

/// The column of Magento 1 whose dates may be shifted by a handler.
fn fields_of(column: &str) -> Vec<Cause<'static>> {
    let field = crate::facts::times::m1_name(column);
    field.into_iter().map(|field| Cause::Handled { field, handler: "Timezone" }).collect()
}
