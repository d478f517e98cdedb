//! Admin users and the roles they have.

mod m1;
mod m2;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::engine::{Answers, Ask, FactReader};
use super::ground::Ground;
use crate::known::Known;
use crate::magento::acl::{self, Rules};
use crate::pair::Side;
use crate::source::tables::{CellError, Read, Row, Tables};

/// Admin users and roles of one side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    /// Users, by id.
    pub users: Vec<User>,
    /// Roles, by id.
    pub roles: Vec<Role>,
    /// Whether any role's rights are known. A dump can be stripped of its rules.
    pub has_rules: bool,
    /// Assignments of a role to a user that does not exist.
    pub ghost_assignments: u64,
}

/// An admin user. The password is not part of it, and is never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Id, which says nothing on the other side.
    pub id: u64,
    /// Login name, unique on each side.
    pub username: String,
    /// E-mail address. In Magento 1 several users may share one.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Last login; none if there never was one, or the date is no date.
    pub last_login: Option<Timestamp>,
    /// When the account was made, if that is known.
    pub created: Option<Timestamp>,
    /// Until when it is locked after failed logins. Magento 2 only.
    pub locked_until: Option<Timestamp>,
    /// The role whose rights the user has.
    pub role: Option<u64>,
    /// Further roles that are assigned, and without effect.
    pub idle_roles: Vec<u64>,
}

/// A role of admin users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Id, which says nothing on the other side.
    pub id: u64,
    /// Its name, which need not be unique.
    pub name: String,
    /// What it allows and denies.
    pub rules: Rules,
    /// Whether it is limited to some websites or store groups. Enterprise and Commerce only.
    pub is_scoped: bool,
}

impl Accounts {
    /// The role of an id.
    pub fn role(&self, id: u64) -> Option<&Role> {
        Some(&self.roles[self.role_place(id)?])
    }

    /// Where the role of an id stands in the list.
    pub fn role_place(&self, id: u64) -> Option<usize> {
        self.roles.binary_search_by_key(&id, |it| it.id).ok()
    }

    /// The user of an id.
    pub fn user(&self, id: u64) -> Option<&User> {
        Some(&self.users[self.users.binary_search_by_key(&id, |it| it.id).ok()?])
    }

    /// The role whose rights a user has.
    pub fn role_of(&self, user: &User) -> Option<&Role> {
        self.role(user.role?)
    }
}

/// Where each platform keeps its accounts.
pub(super) struct Source {
    pub(super) users: Read,
    pub(super) roles: Read,
    pub(super) rules: Read,
    /// Whether a row of the roles' table is about admin users.
    is_admin: fn(&Row<'_>) -> bool,
}

/// An assignment of a role to a user: a row of the roles' table, too.
struct Assignment {
    id: u64,
    user: u64,
    role: u64,
}

/// Accounts that are being read.
#[derive(Default)]
pub(super) struct AccountsReader {
    accounts: Accounts,
    assignments: Vec<Assignment>,
    rules: RulesOfRoles,
}

/// Where a platform keeps its accounts.
pub(super) const fn source(side: Side) -> &'static Source {
    match side {
        Side::M1 => &m1::SOURCE,
        Side::M2 => &m2::SOURCE,
    }
}

/// Rules that are being read, by role.
#[derive(Debug, Default)]
pub(super) struct RulesOfRoles(BTreeMap<u64, Vec<(u64, String, bool)>>);

impl RulesOfRoles {
    /// Takes a row. Rows about no resource, or with another permission than allow and deny, mean
    /// nothing to Magento.
    pub(super) fn row(&mut self, row: &Row<'_>, permission: &str) -> Result<(), CellError> {
        let allows = match row.bytes(permission) {
            Some(b"allow") => true,
            Some(b"deny") => false,
            _ => return Ok(()),
        };
        if let Some(resource) = row.text("resource_id") {
            let (id, role) = (row.id("rule_id")?, row.id("role_id")?);
            self.0.entry(role).or_default().push((id, resource, allows));
        }
        Ok(())
    }

    /// The rules of a role.
    pub(super) fn take(&mut self, role: u64) -> Rules {
        self.0.remove(&role).map(Rules::new).unwrap_or_default()
    }

    /// Whether there is none of any role.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn user(row: &Row<'_>) -> Result<User, CellError> {
    let name = [row.text("firstname"), row.text("lastname")];
    Ok(User {
        id: row.id("user_id")?,
        username: row.text("username").unwrap_or_default(),
        email: row.text("email").unwrap_or_default(),
        name: name.into_iter().flatten().collect::<Vec<_>>().join(" ").trim().to_owned(),
        is_active: row.flag("is_active")?,
        last_login: row.time("logdate"),
        created: row.time("created"),
        locked_until: row.time("lock_expires"),
        role: None,
        idle_roles: Vec::new(),
    })
}

impl AccountsReader {
    fn user(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        self.accounts.users.push(user(row)?);
        Ok(())
    }

    /// A row of the roles' table is a role (type G) or an assignment (type U).
    fn role(&mut self, row: &Row<'_>) -> Result<(), CellError> {
        let id = row.id("role_id")?;
        match row.bytes("role_type") {
            Some(b"G") => self.accounts.roles.push(Role {
                id,
                name: row.text("role_name").unwrap_or_default(),
                rules: Rules::default(),
                is_scoped: row.bytes("gws_is_all") == Some(b"0"),
            }),
            Some(b"U") => {
                let (user, role) = (row.id("user_id")?, row.id("parent_id")?);
                self.assignments.push(Assignment { id, user, role });
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives each user the role whose rights it has, and each role its rules.
    fn joined(mut self) -> Accounts {
        let mut accounts = self.accounts;
        accounts.has_rules = !self.rules.is_empty();
        accounts.users.sort_by_key(|it| it.id);
        accounts.roles.sort_by_key(|it| it.id);
        for role in &mut accounts.roles {
            role.rules = self.rules.take(role.id);
        }
        self.assignments.sort_by_key(|it| it.id);
        for assignment in &self.assignments {
            let Ok(user) = accounts.users.binary_search_by_key(&assignment.user, |it| it.id) else {
                accounts.ghost_assignments += 1;
                continue;
            };
            if accounts.role_place(assignment.role).is_some() {
                accounts.users[user].idle_roles.push(assignment.role);
            }
        }
        for at in 0..accounts.users.len() {
            // Of several roles the first that has a rule for a resource decides (`Zend_Acl` asks all of
            // them for a resource before it asks for the one above). Roles hold a rule for every
            // resource, so that is the first that has any, apart from the one rule about everything,
            // which is asked for last.
            let rules = |role: &u64| accounts.role(*role).map(|it| &it.rules);
            let is_detailed = |it: &u64| {
                rules(it).is_some_and(|it| it.resources().any(|it| it != acl::m1::ALL && it != acl::m2::ALL))
            };
            let assigned = &accounts.users[at].idle_roles;
            let has_any = |it: &u64| rules(it).is_some_and(|it| !it.is_empty());
            let first = assigned.iter().position(is_detailed).or_else(|| assigned.iter().position(has_any));
            if !assigned.is_empty() {
                let user = &mut accounts.users[at];
                user.role = Some(user.idle_roles.remove(first.unwrap_or(0)));
            }
        }
        accounts
    }
}

impl FactReader for AccountsReader {
    type Value = Accounts;
    const IS_SMALL: bool = true;

    fn begin(_: &Ground<'_>) -> Self {
        Self::default()
    }

    fn asks(ground: &Ground<'_>) -> Vec<Ask<Self>> {
        let Source { users, roles, rules, is_admin } = *source(ground.side);
        let users = Ask::required(users, Self::user);
        vec![
            // Magento 1's installer makes a user; Magento 2's may leave that to a command.
            if ground.side == Side::M1 { users.never_empty() } else { users },
            Ask::required(roles, move |reader: &mut Self, row| if is_admin(row) { reader.role(row) } else { Ok(()) })
                .never_empty(),
            Ask::required(rules, |reader: &mut Self, row| reader.rules.row(row, "permission")),
        ]
    }

    fn emptied(&self) -> Vec<(Read, String)> {
        let has_users = self.accounts.users.is_empty() && !self.assignments.is_empty();
        let users = [(source(Side::M2).users, "users have roles".to_owned())];
        users.into_iter().filter(|_| has_users).collect()
    }

    fn finish(self, _: &mut Answers, _: &Ground<'_>, _: &mut dyn Tables) -> Known<Accounts> {
        Known::Is(self.joined())
    }
}
