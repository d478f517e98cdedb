//! Credentials for web services: who may call the store, and what for.
//!
//! Keys, secrets, tokens, verifiers and session ids are never read: not one of
//! their columns is declared, and [`Read`] refuses them.

mod m1;
mod m2;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::accounts::{self, RulesOfRoles};
use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::magento::acl::Rules;
use crate::pair::{Pair, Side};
use crate::source::tables::{CellError, Read, Row, Tables};

/// Credentials of one side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Credentials {
    /// Users of SOAP and XML-RPC, by id. Magento 1 only.
    pub soap_users: Vec<SoapUser>,
    /// Their roles, by id. Magento 1 only.
    pub soap_roles: Vec<SoapRole>,
    /// Consumers of OAuth, by id.
    pub consumers: Known<Vec<Consumer>>,
    /// Tokens of consumers, by id.
    pub tokens: Known<Vec<Token>>,
    /// Roles of REST, by id. Magento 1 only.
    pub rest_roles: Known<Vec<RestRole>>,
    /// Attributes that REST shows or takes, where that is limited. Magento 1 only.
    pub attribute_filters: Known<Vec<AttributeFilter>>,
    /// Integrations, by id. Magento 2 only.
    pub integrations: Known<Vec<Integration>>,
}

impl Default for Credentials {
    /// A side that has none.
    fn default() -> Self {
        Self {
            soap_users: Vec::new(),
            soap_roles: Vec::new(),
            consumers: Known::Is(Vec::new()),
            tokens: Known::Is(Vec::new()),
            rest_roles: Known::Is(Vec::new()),
            attribute_filters: Known::Is(Vec::new()),
            integrations: Known::Is(Vec::new()),
        }
    }
}

/// A user of SOAP and XML-RPC (`api_user`). The API key is not part of it, and is never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoapUser {
    /// Id, which says nothing on the other side.
    pub id: u64,
    /// Login name. Nothing makes it unique.
    pub username: String,
    /// E-mail address.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// Whether it may log in.
    pub is_active: bool,
    /// When it was made, if that is known.
    pub created: Option<Timestamp>,
    /// The newest of its sessions that are still on record: they stay until its next login.
    pub last_session: Option<Timestamp>,
    /// The role whose rights it has.
    pub role: Option<u64>,
}

/// A role of SOAP and XML-RPC users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoapRole {
    /// Id, which says nothing on the other side.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What it allows and denies.
    pub rules: Rules,
}

/// A consumer of OAuth. Key and secret are not part of it, and are never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumer {
    /// Id, which the migration tool keeps.
    pub id: u64,
    /// Its name. Nothing makes it unique.
    pub name: String,
    /// The host of its callback address: who calls. The rest of the address may hold a secret.
    pub callback_host: Option<String>,
    /// When it was made, if that is known.
    pub created: Option<Timestamp>,
}

/// A token of a consumer, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Id, which the migration tool keeps.
    pub id: u64,
    /// The consumer that uses it.
    pub consumer: u64,
    /// The admin user in whose name it acts.
    pub admin: Option<u64>,
    /// The customer in whose name it acts.
    pub customer: Option<u64>,
    /// `request`, `access` or `verifier`.
    pub kind: String,
    /// Whether it was taken back.
    pub is_revoked: bool,
}

impl Token {
    /// Whether calls can be made with it.
    pub fn is_live(&self) -> bool {
        self.kind == "access" && !self.is_revoked
    }
}

/// A role of REST (`api2_acl_role`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestRole {
    /// Id. 1 is Guest and 2 is Customer, made by the installer.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Resource and operation, or `all` without one.
    pub rules: Vec<(String, Option<String>)>,
    /// Ids of the admin users that have it.
    pub admins: Vec<u64>,
}

impl RestRole {
    /// The role of all customers; 1 is that of guests.
    pub const CUSTOMER: u64 = 2;

    /// Whether administrators can have it: guests and customers have a role each that is made for them.
    pub fn is_for_admins(&self) -> bool {
        self.id > Self::CUSTOMER
    }
}

/// A limit on the attributes of a REST resource (`api2_acl_attribute`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeFilter {
    /// `admin`, `customer` or `guest`.
    pub user_type: String,
    /// The resource.
    pub resource: String,
    /// `read` or `write`.
    pub operation: String,
    /// The attributes that are shown or taken; none is no limit.
    pub attributes: Vec<String>,
}

/// An integration of Magento 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Id, which says nothing on the other side.
    pub id: u64,
    /// Its name, which is unique.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// 0 inactive, 1 active, 2 recreated (`Magento\Integration\Model\Integration`).
    pub status: u64,
    /// Whether a module's `integration.xml` made it, and no person.
    pub is_configured: bool,
    /// The consumer that it owns.
    pub consumer: Option<u64>,
    /// What it allows and denies.
    pub rules: Rules,
}

impl Integration {
    /// Its status in a word.
    pub const fn status_word(&self) -> &'static str {
        match self.status {
            0 => "inactive",
            1 => "active",
            2 => "recreated, to be activated again",
            _ => "in an unknown state",
        }
    }
}

impl Credentials {
    /// Whether any rule of SOAP roles is known. A dump can be stripped of them.
    pub fn has_soap_rules(&self) -> bool {
        self.soap_roles.iter().any(|it| !it.rules.is_empty())
    }

    /// The role of a SOAP user.
    pub fn role_of(&self, user: &SoapUser) -> Option<&SoapRole> {
        let role = user.role?;
        self.soap_roles.iter().find(|it| it.id == role)
    }
}

const CONSUMERS: Read =
    Read::table("oauth_consumer").columns(&["entity_id", "name"]).optional(&["callback_url", "created_at"]);
const TOKENS: Read =
    Read::table("oauth_token").columns(&["entity_id", "consumer_id", "admin_id", "customer_id", "type", "revoked"]);

/// Credentials that are being read.
#[derive(Default)]
pub(super) struct CredentialsReader {
    soap_users: Vec<SoapUser>,
    soap_roles: Vec<SoapRole>,
    consumers: Vec<Consumer>,
    tokens: Vec<Token>,
    rest_roles: Vec<RestRole>,
    rest_admins: Vec<(u64, u64)>,
    rest_rules: Vec<(u64, u64, String, Option<String>)>,
    attribute_filters: Vec<AttributeFilter>,
    integrations: Vec<Integration>,
    /// Assignments of roles to SOAP users: row, user, role.
    assignments: Vec<(u64, u64, u64)>,
    sessions: BTreeMap<u64, Timestamp>,
    /// Row of the roles' table by the integration that it stands for.
    roles_of_integrations: BTreeMap<u64, u64>,
    rules: RulesOfRoles,
}

impl CredentialsReader {
    fn soap_user(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let name = [row.text("firstname"), row.text("lastname")];
        self.soap_users.push(SoapUser {
            id: row.id("user_id")?,
            username: row.text("username").unwrap_or_default(),
            email: row.text("email").unwrap_or_default(),
            name: name.into_iter().flatten().collect::<Vec<_>>().join(" ").trim().to_owned(),
            is_active: row.flag("is_active")?,
            created: row.time("created"),
            last_session: None,
            role: None,
        });
        Ok(())
    }

    /// A row of the roles' table is a role (type G) or an assignment (type U). The level in the
    /// tree says nothing: both have 1.
    fn soap_role(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let id = row.id("role_id")?;
        match row.bytes("role_type") {
            Some(b"G") => {
                let name = row.text("role_name").unwrap_or_default();
                self.soap_roles.push(SoapRole { id, name, rules: Rules::default() });
            }
            Some(b"U") => self.assignments.push((id, row.id("user_id")?, row.id("parent_id")?)),
            _ => {}
        }
        Ok(())
    }

    fn session(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        if let Some(time) = row.time("logdate") {
            let last = self.sessions.entry(row.id("user_id")?).or_insert(time);
            *last = time.max(*last);
        }
        Ok(())
    }

    fn consumer(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.consumers.push(Consumer {
            id: row.id("entity_id")?,
            name: row.text("name").unwrap_or_default(),
            callback_host: host(row, "callback_url"),
            created: row.time("created_at"),
        });
        Ok(())
    }

    fn token(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.tokens.push(Token {
            id: row.id("entity_id")?,
            consumer: row.id("consumer_id")?,
            admin: row.number("admin_id")?,
            customer: row.number("customer_id")?,
            kind: row.text("type").unwrap_or_default(),
            is_revoked: row.flag("revoked")?,
        });
        Ok(())
    }

    fn rest_role(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.rest_roles.push(RestRole {
            id: row.id("entity_id")?,
            name: row.text("role_name").unwrap_or_default(),
            rules: Vec::new(),
            admins: Vec::new(),
        });
        Ok(())
    }

    fn rest_admin(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.rest_admins.push((row.id("role_id")?, row.id("admin_id")?));
        Ok(())
    }

    fn rest_rule(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.rest_rules.push((
            row.id("role_id")?,
            row.id("entity_id")?,
            row.text("resource_id").unwrap_or_default(),
            row.text("privilege").filter(|it| !it.is_empty()),
        ));
        Ok(())
    }

    fn attribute_filter(&mut self, row: &Row<'_>) {
        let attributes = row.text("allowed_attributes").unwrap_or_default();
        self.attribute_filters.push(AttributeFilter {
            user_type: row.text("user_type").unwrap_or_default(),
            resource: row.text("resource_id").unwrap_or_default(),
            operation: row.text("operation").unwrap_or_default(),
            attributes: attributes.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect(),
        });
    }

    fn integration(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.integrations.push(Integration {
            id: row.id("integration_id")?,
            name: row.text("name").unwrap_or_default(),
            email: row.text("email").unwrap_or_default(),
            status: row.id("status")?,
            is_configured: row.flag("setup_type")?,
            consumer: row.number("consumer_id")?,
            rules: Rules::default(),
        });
        Ok(())
    }

    /// Magento 2 knows integrations by rows of the roles' table.
    fn role_of_integration(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        if row.bytes("role_type") == Some(b"U") && row.bytes("user_type") == Some(m2::INTEGRATION) {
            self.roles_of_integrations.insert(row.id("user_id")?, row.id("role_id")?);
        }
        Ok(())
    }

    /// Gives each SOAP user its role and its last session, and each role its rules.
    fn join_soap_roles(&mut self) {
        for role in &mut self.soap_roles {
            role.rules = self.rules.take(role.id);
        }
        self.assignments.sort_unstable();
        for &(_, user, role) in &self.assignments {
            let is_role = self.soap_roles.iter().any(|it| it.id == role);
            let user = self.soap_users.iter_mut().find(|it| it.id == user && it.role.is_none());
            if let Some(user) = user.filter(|_| is_role) {
                user.role = Some(role);
            }
        }
        for user in &mut self.soap_users {
            user.last_session = self.sessions.get(&user.id).copied();
        }
    }

    fn join_rest_roles(&mut self) {
        self.rest_rules.sort();
        self.rest_admins.sort_unstable();
        for role in &mut self.rest_roles {
            let own = self.rest_rules.iter().filter(|(of, ..)| *of == role.id);
            role.rules = own.map(|(.., resource, operation)| (resource.clone(), operation.clone())).collect();
            role.admins = self.rest_admins.iter().filter(|(of, _)| *of == role.id).map(|(_, admin)| *admin).collect();
        }
    }
}

impl FactReader for CredentialsReader {
    type Value = Credentials;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        match ground.side {
            Side::M1 => m1::asks(ground),
            Side::M2 => m2::asks(),
        }
    }

    fn emptied(&self) -> Vec<(Read, String)> {
        let mut emptied = Vec::new();
        // An integration keeps its consumer as long as it lives.
        let is_there = |id: u64| self.consumers.iter().any(|it| it.id == id);
        if let Some(owner) = self.integrations.iter().find(|it| it.consumer.is_some_and(|id| !is_there(id))) {
            let evidence = format!("the integration {} has a consumer", crate::text::visible(&owner.name));
            emptied.extend([(CONSUMERS, evidence.clone()), (m2::TOKENS, evidence)]);
        }
        // Magento deletes these rows with whom they are of.
        if self.soap_users.is_empty() && !self.assignments.is_empty() {
            emptied.push((m1::USERS, "users have roles (api_role)".to_owned()));
        }
        if self.integrations.is_empty() && !self.roles_of_integrations.is_empty() {
            emptied.push((m2::INTEGRATIONS, "integrations have roles (authorization_role)".to_owned()));
        }
        emptied
    }

    fn finish(mut self, answers: &mut Answers, ground: &Ground<'_>, _: &mut dyn Tables) -> Known<Credentials> {
        self.soap_users.sort_by_key(|it| it.id);
        self.soap_roles.sort_by_key(|it| it.id);
        self.consumers.sort_by_key(|it| it.id);
        self.tokens.sort_by_key(|it| it.id);
        self.rest_roles.sort_by_key(|it| it.id);
        self.integrations.sort_by_key(|it| it.id);
        self.join_soap_roles();
        self.join_rest_roles();
        for integration in &mut self.integrations {
            let role = self.roles_of_integrations.get(&integration.id);
            integration.rules = role.map(|&it| self.rules.take(it)).unwrap_or_default();
        }
        let tokens = Pair { m1: TOKENS, m2: m2::TOKENS };
        Known::Is(Credentials {
            soap_users: self.soap_users,
            soap_roles: self.soap_roles,
            consumers: answers.known(&[CONSUMERS], self.consumers),
            tokens: answers.known(&[*tokens.of(ground.side)], self.tokens),
            rest_roles: answers.known(&[m1::REST_ROLES, m1::REST_ADMINS, m1::REST_RULES], self.rest_roles),
            attribute_filters: answers.known(&[m1::ATTRIBUTES], self.attribute_filters),
            integrations: answers.known(&[m2::INTEGRATIONS], self.integrations),
        })
    }
}

/// The host of an address. Path, query and user may hold a secret, and are not kept.
fn host(row: &Row<'_>, column: &str) -> Option<String> {
    Some(Url::parse(row.text(column)?.trim()).ok()?.host_str()?.to_owned())
}
