//! Evidence that somebody uses an extension.

use std::collections::BTreeSet;

use super::compare::{Extension, Old};
use crate::facts::Snapshot;
use crate::facts::modules::Orders;
use crate::magento::modules::is_stock_attribute;
use crate::text;

/// What shows that an extension is used.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// Its tables, with their rows and latest dates.
    pub(super) tables: Vec<(String, u64, Option<String>)>,
    /// Columns of its own in Magento's tables that hold values.
    pub(super) columns: Vec<String>,
    /// Attributes of its own, with the number of their values.
    pub(super) attributes: Vec<(String, Option<u64>)>,
    /// Whether an attribute or a table of its own has what could not be counted.
    pub(super) has_uncounted: bool,
    /// Settings.
    pub(super) settings: u64,
    /// Who shows its widgets and blocks, in the words of findings.
    pub(super) used_by: Vec<String>,
    /// Roles that have rights of its own.
    pub(super) roles: Vec<String>,
    /// Orders that were sent or paid by a method of its own.
    pub(super) orders: Vec<(String, Orders)>,
    /// Cron jobs that were scheduled.
    pub(super) jobs: Vec<String>,
}

impl Life {
    pub(super) fn of(it: &Extension<'_>, old: &Old<'_>, m1: &Snapshot) -> Self {
        let mut life = Self::default();
        for attribute in old.attributes {
            let is_own = attribute.classes.iter().any(|(_, class)| it.has_class(class))
                || (!is_stock_attribute(&attribute.code)
                    && it.module.is_some_and(|it| it.names.contains(&attribute.code)));
            if is_own {
                life.has_uncounted |= attribute.is_uncounted();
                life.attributes.push((format!("{}/{}", attribute.entity, attribute.code), attribute.values));
            }
        }
        life.settings = m1.configuration.get().map_or(0, |configuration| configuration.set_below(it.settings().iter()));
        if let Some(widgets) = m1.widgets.get() {
            let own = widgets.iter().filter(|widget| it.has_class(&widget.kind));
            life.used_by.extend(own.map(|widget| format!("widget {}", widget.title)));
        }
        if let Some(content) = m1.content.get() {
            for text in &content.texts {
                if text.directives.iter().any(|directive| it.has_class(&directive.kind)) {
                    life.used_by.push(text.subject().replacen(':', " ", 1));
                }
            }
        }
        if let Some(layout) = m1.layout.get() {
            let mut users: BTreeSet<String> = BTreeSet::new();
            let is_used = |update: &str| it.groups.iter().any(|group| update.contains(&format!("\"{group}/")));
            for page in &layout.pages {
                let updates = [&page.update, &page.custom_update].into_iter().flatten();
                users
                    .extend(updates.filter(|it| is_used(&it.excerpt)).map(|_| format!("cms_page {}", page.identifier)));
            }
            let entities =
                layout.entities.iter().filter(|it| it.update.as_ref().is_some_and(|it| is_used(&it.excerpt)));
            users.extend(entities.map(|it| format!("{} {}", it.kind.code(), it.key)));
            let loose = layout.updates.iter().filter(|it| it.text.as_ref().is_some_and(|it| is_used(&it.excerpt)));
            users.extend(loose.map(|it| format!("layout update {}", it.id)));
            life.used_by.extend(users.into_iter().filter(|user| !life.used_by.contains(user)).collect::<Vec<_>>());
        }
        if let Some(accounts) = m1.accounts.get() {
            let has_right =
                |rules: &crate::magento::acl::Rules| rules.allowed().any(|resource| it.has_resource(resource));
            life.roles
                .extend(accounts.roles.iter().filter(|role| has_right(&role.rules)).map(|role| role.name.clone()));
        }
        if let Some(credentials) = m1.credentials.get() {
            let has_right = |rules: &crate::magento::acl::Rules| {
                rules.allowed().any(|resource| it.module.is_some_and(|it| it.api_acl.contains(resource)))
            };
            let own = credentials.soap_roles.iter().filter(|role| has_right(&role.rules));
            life.roles.extend(own.map(|role| format!("SOAP: {}", role.name)));
        }
        life.orders = orders(it, old);
        let jobs = it.module.map(|it| it.crons.as_slice()).unwrap_or_default();
        let codes = jobs.iter().map(|job| &job.code);
        life.jobs.extend(codes.filter(|code| old.modules.jobs.contains(*code)).cloned());
        life
    }

    /// Rows in its tables.
    pub(super) fn rows(&self) -> u64 {
        self.tables.iter().map(|(_, rows, _)| rows).sum()
    }

    /// The latest date in its tables.
    pub(super) fn newest(&self) -> Option<&str> {
        self.tables.iter().filter_map(|(.., newest)| newest.as_deref()).max()
    }

    /// Whether it has data of its own.
    pub(super) fn has_data(&self) -> bool {
        self.rows() > 0
            || !self.orders.is_empty()
            || !self.columns.is_empty()
            || self.attributes.iter().any(|(_, values)| values.is_some_and(|it| it > 0))
    }

    /// Whether there is any evidence. Values that nobody counted may be there.
    pub(super) fn is_alive(&self) -> bool {
        self.has_data()
            || self.attributes.iter().any(|(_, values)| values.is_none())
            || self.settings > 0
            || !self.used_by.is_empty()
            || !self.roles.is_empty()
            || !self.jobs.is_empty()
    }

    /// All of it in words; empty if there is none.
    pub(super) fn words(&self) -> String {
        let mut words = Vec::new();
        let tables: Vec<String> = self
            .tables
            .iter()
            .filter(|(_, rows, _)| *rows > 0)
            .map(|(table, rows, _)| format!("{table} {}", text::count(*rows, "row", "rows")))
            .collect();
        if !tables.is_empty() {
            let newest = self.newest().map(|it| format!(", latest {it}")).unwrap_or_default();
            words.push(format!("{}{newest}", tables.join(", ")));
        }
        if !self.columns.is_empty() {
            words.push(format!("columns {}", self.columns.join(", ")));
        }
        let attributes: Vec<String> = self
            .attributes
            .iter()
            .map(|(name, values)| match values {
                Some(values) => format!("{name} {}", text::count(*values, "value", "values")),
                None => name.clone(),
            })
            .collect();
        if !attributes.is_empty() {
            words.push(format!("attributes {}", attributes.join(", ")));
        }
        words.extend(self.orders.iter().map(|(what, orders)| {
            let newest = orders.newest.map(|it| format!(", latest {it}")).unwrap_or_default();
            format!("{} {what}{newest}", text::count(orders.count, "order", "orders"))
        }));
        if self.settings > 0 {
            words.push(text::count(self.settings, "setting", "settings"));
        }
        if !self.used_by.is_empty() {
            words.push(format!("used in {}", text::count(self.used_by.len() as u64, "place", "places")));
        }
        if !self.roles.is_empty() {
            words.push(format!("rights of {}", self.roles.join(", ")));
        }
        if !self.jobs.is_empty() {
            words.push(format!("cron jobs {}", self.jobs.join(", ")));
        }
        words.join("; ")
    }
}

/// Orders that were sent by a carrier of the module, or paid by a method of payment of it
/// (`carriers/CODE` and `payment/CODE` of the configuration).
fn orders(it: &Extension<'_>, old: &Old<'_>) -> Vec<(String, Orders)> {
    let settings = it.module.map(|it| &it.settings).into_iter().flatten();
    let mut found = Vec::new();
    for setting in settings {
        let (code, methods, what) = match setting.split_once('/') {
            Some(("carriers", code)) => (code, &old.modules.shipped, "sent by"),
            Some(("payment", code)) => (code, &old.modules.paid, "paid by"),
            _ => continue,
        };
        let is_its =
            |method: &str| method.strip_prefix(code).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        let mut sum = Orders::default();
        for (_, orders) in methods.iter().filter(|(method, _)| is_its(method)) {
            sum.count += orders.count;
            sum.newest = sum.newest.max(orders.newest);
        }
        if sum.count > 0 {
            found.push((format!("{what} {code}"), sum));
        }
    }
    found
}
