//! Modules: what the files of one say of it (`Mage_Core_Model_Config`), and which module of
//! Magento 2 takes its place.

pub mod successors;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use roxmltree::{Document, Node};
use serde::{Deserialize, Serialize};

/// A module of Magento 1, as its files tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// Its name, such as `Acme_Blog`.
    pub name: String,
    /// `community` or `local`; empty if it has no declaration.
    pub pool: String,
    /// Whether it is switched on.
    pub is_active: bool,
    /// Whether `app/etc/modules` declares it.
    pub is_declared: bool,
    /// Files in its folder; none if there is no folder.
    pub files: Option<u64>,
    /// Its version.
    pub version: String,
    /// Modules that it needs.
    pub depends: Vec<String>,
    /// Classes of others that it replaces.
    pub rewrites: Vec<Rewrite>,
    /// Events that it observes, as `area event (class::method)`.
    pub observers: Vec<String>,
    /// Its cron jobs.
    pub crons: Vec<CronJob>,
    /// Routes that it answers, as `area route`.
    pub routers: Vec<String>,
    /// Controllers of others that it comes before.
    pub controllers: Vec<String>,
    /// Layout files that it adds.
    pub layout_files: Vec<String>,
    /// Groups of classes (`acme_blog` in `acme_blog/post`).
    pub groups: BTreeSet<String>,
    /// Tables that it declares.
    pub tables: BTreeSet<String>,
    /// Setup resources (`core_resource.code`).
    pub setups: BTreeSet<String>,
    /// Its paths of the configuration: `section/group`, or a field in a group of Magento's own.
    pub settings: BTreeSet<String>,
    /// Resources of the administration's access control.
    pub acl: BTreeSet<String>,
    /// Resources of the access control of SOAP and XML-RPC.
    pub api_acl: BTreeSet<String>,
    /// Resources that REST offers of it.
    #[serde(default)]
    pub rest: BTreeSet<String>,
    /// Types of its widgets.
    pub widgets: BTreeSet<String>,
    /// Names in its setup scripts: columns and attributes that it may have made.
    pub names: BTreeSet<String>,
    /// Files that are encoded, each with the program that made it so.
    pub encoded: Vec<(String, String)>,
    /// Files of it that cannot be understood.
    pub flaws: Vec<String>,
}

/// A cron job of a module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CronJob {
    /// Its code (`cron_schedule.job_code`).
    pub code: String,
    /// When it runs, as cron writes it; empty if a setting tells.
    pub schedule: String,
    /// What it runs: `class::method`.
    pub run: String,
}

/// A class that a module puts in the place of another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rewrite {
    /// `model`, `resource model`, `block` or `helper`.
    pub kind: String,
    /// The class that is replaced, by its alias.
    pub alias: String,
    /// The class that replaces it.
    pub class: String,
}

/// Whether a module comes with Magento 1: its own, and those of others that it ships.
pub fn is_stock(name: &str) -> bool {
    let vendor = name.split('_').next().unwrap_or_default();
    matches!(vendor, "Mage" | "Enterprise" | "Zend" | "Varien")
        || matches!(name, "Phoenix_Moneybookers" | "Cm_RedisSession" | "Find_Feed" | "Social_Facebook")
}

/// Sections of Magento 1's own configuration (`system.xml`).
const STOCK_SECTIONS: &str = "admin advanced api captcha carriers catalog cataloginventory checkout cms configswatches contacts \
    crontab currency customer design dev downloadable general giftcard google i18n moneybookers newsletter oauth \
    payment payment_services paygate paypal paypaluk persistent promo reports rss sales sales_email sales_pdf \
    sendfriend shipping sitemap system tax trans_email web wishlist";

/// Setup resources of modules that come with Magento 1, without `_setup` (`config.xml`).
const STOCK_SETUPS: &str = "admin adminhtml adminnotification amazonpayments api api2 authorizenet backup bundle captcha catalog catalogindex \
    cataloginventory catalogrule catalogsearch centinel checkout chronopay cms compiler configurableswatches \
    contacts core cron customer cybermut cybersource dataflow directory downloadable eav eway find_feed flo2cash \
    giftmessage giftregistry googleanalytics googlebase googlecheckout googleoptimizer googleshopping ideal \
    importexport index log moneybookers newsletter oauth ogone oscommerce paybox paygate payment paypal paypaluk \
    persistent poll productalert protx rating reports review rss rule sales salesrule sendfriend shipping \
    sitemap social_facebook strikeiron tag tax usa weee widget wishlist xmlconnect";

/// Whether a setup resource is of a module that comes with Magento 1.
pub fn is_stock_setup(code: &str) -> bool {
    let name = code.strip_suffix("_setup").unwrap_or(code);
    name.starts_with("enterprise") || name.ends_with("_read") || name.ends_with("_write") || is_in(STOCK_SETUPS, name)
}

/// A name for a module of which only its setup resource is known: `oldvendor_promo_setup` is taken
/// for `Oldvendor_Promo`.
pub fn name_of_setup(code: &str) -> String {
    let code = code.strip_suffix("_setup").unwrap_or(code);
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    match code.split_once('_') {
        Some((vendor, name)) => format!("{}_{}", capital(vendor), capital(name)),
        None => capital(code),
    }
}

/// Whether a word is one of a list's.
fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|it| it == word)
}

/// What a declaration (`app/etc/modules/*.xml`) says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// The module's name.
    pub name: String,
    /// Its code pool.
    pub pool: String,
    /// Whether it is switched on; none if this file does not say.
    pub is_active: Option<bool>,
    /// Modules that it needs.
    pub depends: Vec<String>,
}

/// The declarations of a file.
pub fn declarations(xml: &str) -> Result<Vec<Declaration>, String> {
    let document = parse(xml)?;
    let modules = children(document.root_element(), "modules").flat_map(|it| it.children()).filter(Node::is_element);
    Ok(modules
        .map(|it| Declaration {
            name: it.tag_name().name().to_owned(),
            pool: text(it, "codePool").trim().to_owned(),
            // `Varien_Simplexml_Element::is` takes for true whatever is not one of these.
            is_active: children(it, "active")
                .next()
                .map(|it| !matches!(content(it).to_ascii_lowercase().as_str(), "" | "0" | "false" | "off")),
            depends: children(it, "depends")
                .flat_map(|it| it.children())
                .filter(Node::is_element)
                .map(|it| it.tag_name().name().to_owned())
                .collect(),
        })
        .collect())
}

impl Module {
    /// Takes what a file of the module's `etc` folder says; the file's name tells what it is about.
    pub fn take(&mut self, file: &str, xml: &str) -> Result<(), String> {
        let document = parse(xml)?;
        let root = document.root_element();
        match file {
            "config.xml" => self.take_config(root),
            "adminhtml.xml" => self.take_acl(root),
            "api.xml" => {
                for resources in at(root, &["api", "acl", "resources"]) {
                    collect(resources, "", None, &mut self.api_acl);
                }
            }
            "api2.xml" => {
                let resources = at(root, &["api2", "resources"]).flat_map(elements);
                self.rest.extend(resources.map(|it| it.tag_name().name().to_owned()));
            }
            "system.xml" => self.take_system(root),
            "widget.xml" => {
                let widgets = root.children().filter(Node::is_element).filter_map(|it| it.attribute("type"));
                self.widgets.extend(widgets.map(str::to_owned));
            }
            _ => {}
        }
        Ok(())
    }

    fn take_config(&mut self, root: Node<'_, '_>) {
        for module in at(root, &["modules"]).flat_map(elements).filter(|it| it.has_tag_name(self.name.as_str())) {
            text(module, "version").trim().clone_into(&mut self.version);
        }
        for (element, kind) in [("models", "model"), ("blocks", "block"), ("helpers", "helper")] {
            for group in at(root, &["global", element]).flat_map(elements) {
                self.take_group(group, kind);
            }
        }
        self.setups.extend(
            at(root, &["global", "resources"])
                .flat_map(elements)
                .filter(|it| children(*it, "setup").next().is_some())
                .map(|it| it.tag_name().name().to_owned()),
        );
        for area in ["global", "frontend", "adminhtml", "admin", "crontab"] {
            for event in at(root, &[area, "events"]).flat_map(elements) {
                for observer in at(event, &["observers"]).flat_map(elements) {
                    let (class, method) = (text(observer, "class"), text(observer, "method"));
                    let by = if class.is_empty() { String::new() } else { format!(" ({class}::{method})") };
                    self.observers.push(format!("{area} {}{by}", event.tag_name().name()));
                }
            }
            for router in at(root, &[area, "routers"]).flat_map(elements) {
                let route = at(router, &["args", "frontName"]).next().map(content);
                self.routers.extend(route.map(|it| format!("{area} {it}")));
                let before = at(router, &["args", "modules"]).flat_map(elements);
                self.controllers.extend(before.map(|it| match it.attribute("before").or(it.attribute("after")) {
                    Some(other) => format!("{} beside {other}", content(it)),
                    None => content(it),
                }));
            }
            let updates = at(root, &[area, "layout", "updates"]).flat_map(elements);
            self.layout_files.extend(updates.map(|it| text(it, "file")).filter(|it| !it.is_empty()));
        }
        let jobs = at(root, &["crontab", "jobs"]).flat_map(elements);
        let job = |it: Node<'_, '_>| CronJob {
            code: it.tag_name().name().to_owned(),
            schedule: at(it, &["schedule", "cron_expr"]).next().map(content).unwrap_or_default(),
            run: at(it, &["run", "model"]).next().map(content).unwrap_or_default(),
        };
        self.crons.extend(jobs.map(job));
        for section in at(root, &["default"]).flat_map(elements) {
            for group in elements(section) {
                self.take_settings(section, group, elements(group));
            }
        }
        for adminhtml in at(root, &["adminhtml"]) {
            self.take_acl(adminhtml);
        }
    }

    fn take_group(&mut self, group: Node<'_, '_>, kind: &str) {
        let name = group.tag_name().name();
        if children(group, "class").next().is_some() {
            self.groups.insert(name.to_owned());
        }
        for rewrite in children(group, "rewrite").flat_map(elements) {
            let is_resource =
                kind == "model" && ["_resource", "_mysql4", "_resource_eav_mysql4"].iter().any(|it| name.ends_with(it));
            self.rewrites.push(Rewrite {
                kind: if is_resource { "resource model" } else { kind }.to_owned(),
                alias: format!(
                    "{}/{}",
                    if is_resource { resource_group(name) } else { name },
                    rewrite.tag_name().name()
                ),
                class: content(rewrite),
            });
        }
        let tables = children(group, "entities").flat_map(elements).map(|it| text(it, "table"));
        self.tables.extend(tables.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()));
    }

    /// Names of the nodes below `acl/resources`, joined by slashes, `children` left out.
    fn take_acl(&mut self, root: Node<'_, '_>) {
        for resources in at(root, &["acl", "resources"]) {
            collect(resources, "", Some("children"), &mut self.acl);
        }
    }

    fn take_system(&mut self, root: Node<'_, '_>) {
        for section in at(root, &["sections"]).flat_map(elements) {
            for group in at(section, &["groups"]).flat_map(elements) {
                self.take_settings(section, group, at(group, &["fields"]).flat_map(elements));
            }
        }
    }

    /// A group of Magento's own may get a field of the module's: only that one is its.
    fn take_settings<'a, 'b: 'a>(
        &mut self,
        section: Node<'a, 'b>,
        group: Node<'a, 'b>,
        fields: impl Iterator<Item = Node<'a, 'b>>,
    ) {
        let group = format!("{}/{}", section.tag_name().name(), group.tag_name().name());
        if is_in(STOCK_SECTIONS, section.tag_name().name())
            && !group.starts_with("carriers/")
            && !group.starts_with("payment/")
        {
            self.settings.extend(fields.map(|it| format!("{group}/{}", it.tag_name().name())));
        } else {
            self.settings.insert(group);
        }
    }

    /// Takes the names in a setup script: quoted words that could name a table, a column or an attribute.
    pub fn take_script(&mut self, php: &str) {
        const MOST: usize = 2_000;
        let is_name = |it: &str| {
            it.len() >= 3
                && it.len() <= 64
                && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_')
        };
        for word in php.split(['\'', '"', '`']).filter(|it| is_name(it)) {
            if self.names.len() >= MOST {
                return;
            }
            self.names.insert(word.to_owned());
        }
    }

    /// Whether a class alias (`group/class`) or a class name is one of the module's.
    pub fn has_class(&self, class: &str) -> bool {
        match class.split_once('/') {
            Some((group, _)) => self.groups.contains(group),
            None => class.strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with('_')),
        }
    }

    /// Whether a resource of the access control is one of the module's own, and not merely passed
    /// on the way to one.
    pub fn has_resource(&self, resource: &str) -> bool {
        self.acl.contains(resource) && !is_shared_resource(resource)
    }
}

/// A group of resource models by one name: older releases called them otherwise.
fn resource_group(name: &str) -> &str {
    ["_resource_eav_mysql4", "_mysql4", "_resource"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name)
}

/// Resources that a module repeats to hang its own below them.
fn is_shared_resource(resource: &str) -> bool {
    super::acl::map::ADMIN.find(resource).is_some()
}

/// What the head of a PHP file tells of the program that encoded it.
pub fn encoder(head: &[u8]) -> Option<&'static str> {
    let has = |mark: &[u8]| memchr::memmem::find(head, mark).is_some();
    if has(b"ionCube Loader") || has(b"ioncube_loader") {
        Some("ionCube")
    } else if has(b"@Zend;") || has(b"Zend Guard") || has(b"Zend Optimizer not installed") {
        Some("Zend Guard")
    } else if has(b"sg_load(") || has(b"SourceGuardian") {
        Some("SourceGuardian")
    } else {
        None
    }
}

/// The class of Magento that a file below `app/code/local` or `app/code/community` takes the place
/// of; none if it is in no folder of Magento's own.
pub fn overridden_class(path: &str) -> Option<String> {
    let below = path.strip_prefix("app/code/local/").or(path.strip_prefix("app/code/community/"))?;
    let vendor = below.split('/').next()?;
    let class = below.strip_suffix(".php")?;
    // These are taken from the module's own pool, and not by the include path.
    if below.split('/').any(|it| matches!(it, "controllers" | "data" | "etc" | "sql")) {
        return None;
    }
    matches!(vendor, "Mage" | "Enterprise" | "Varien" | "Zend").then(|| class.replace('/', "_"))
}

/// Groups of Magento 1's own classes (`global/models` of its `config.xml` files).
const STOCK_GROUPS: &str = "admin adminhtml adminnotification api api2 authorizenet backup bundle captcha catalog catalog_entity \
    catalog_resource catalogindex cataloginventory catalogrule catalogsearch centinel checkout cms compiler \
    configurableswatches contacts core cron customer customer_entity customer_resource dataflow directory \
    downloadable eav eav_resource giftmessage googleanalytics googlebase googlecheckout googleoptimizer \
    googleshopping importexport index log moneybookers msrp newsletter oauth page paygate payment paypal \
    paypaluk persistent poll productalert rating reports review rss rule sales salesrule sendfriend shipping \
    sitemap tag tax usa weee widget wishlist xmlconnect";

/// Whether a class of an attribute in Magento 1 is Magento's own: an alias such as
/// `catalog/product_attribute_source_layout`, or a class name.
pub fn is_stock_class(class: &str) -> bool {
    match class.split_once('/') {
        Some((group, _)) => is_in(STOCK_GROUPS, group) || group.starts_with("enterprise"),
        None => ["Mage_", "Enterprise_", "Varien_"].iter().any(|it| class.starts_with(it)),
    }
}

/// Codes of the attributes that come with Magento 1.
static STOCK_ATTRIBUTES: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("../m1_attributes.csv").lines().skip(1).collect());

/// Whether an attribute comes with Magento 1, by its code.
pub fn is_stock_attribute(code: &str) -> bool {
    STOCK_ATTRIBUTES.contains(code)
}

/// The module that a class of Magento 2 belongs to: `Acme\Blog\Model\Source` to `Acme_Blog`. None for
/// a name that is no class of Magento 2.
pub fn module_of_class(class: &str) -> Option<String> {
    let mut parts = class.trim_start_matches('\\').split('\\');
    let (vendor, name) = (parts.next()?, parts.next()?);
    parts.next()?;
    let is_name = |it: &str| {
        it.starts_with(|it: char| it.is_ascii_uppercase()) && it.bytes().all(|it| it.is_ascii_alphanumeric())
    };
    (is_name(vendor) && is_name(name)).then(|| format!("{vendor}_{name}"))
}

fn parse(xml: &str) -> Result<Document<'_>, String> {
    // Some editors write a mark before the declaration, which no parser takes after blanks.
    Document::parse(xml.trim_start_matches('\u{feff}').trim_start())
        .map_err(|error| format!("it is not well-formed XML at line {}", error.pos().row))
}

fn elements<'a, 'b>(node: Node<'a, 'b>) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(Node::is_element)
}

fn children<'a, 'b>(node: Node<'a, 'b>, name: &'static str) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(move |it| it.has_tag_name(name))
}

/// All nodes at a path: a file may have a parent twice.
fn at<'a, 'b>(node: Node<'a, 'b>, path: &[&str]) -> impl Iterator<Item = Node<'a, 'b>> + use<'a, 'b> {
    let mut found = vec![node];
    for name in path {
        found = found
            .into_iter()
            .flat_map(|it| it.children().filter(|it| it.has_tag_name(*name)).collect::<Vec<_>>())
            .collect();
    }
    found.into_iter()
}

fn content(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|it| it.text()).collect::<String>().trim().to_owned()
}

fn text(node: Node<'_, '_>, name: &'static str) -> String {
    children(node, name).next().map(content).unwrap_or_default()
}

/// More levels than any tree of resources has.
const DEEPEST: usize = 24;

/// Paths of the elements below a node. Those that only describe a resource have no title of their own.
fn collect(node: Node<'_, '_>, above: &str, between: Option<&'static str>, found: &mut BTreeSet<String>) {
    if above.split('/').count() > DEEPEST {
        return;
    }
    for child in elements(node) {
        let name = child.tag_name().name();
        if matches!(name, "title" | "sort_order" | "disabled" | "depends") && elements(child).next().is_none() {
            continue;
        }
        let path = if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") };
        match between {
            Some(between) => {
                for inner in children(child, between) {
                    collect(inner, &path, Some(between), found);
                }
            }
            None => collect(child, &path, None, found),
        }
        found.insert(path);
    }
}
