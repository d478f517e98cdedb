//! What can be wrong with an admin user.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[
    &MORE_RIGHTS,
    &MISSING,
    &GAINED_RIGHTS,
    &NO_ROLE,
    &REACTIVATED,
    &INACTIVE,
    &ROLE_DIFFERS,
    &LOCKED,
    &EMAIL_DIFFERS,
    &EXTRA,
    &RENAMED,
    &STALE,
];

pub(super) const MISSING: Rule = Rule {
    code: "admin_users.missing",
    severity: Severity::High,
    severity_note: "low if the user is inactive in Magento 1",
    title: "Admin user is not in Magento 2",
    meaning: "The user can log in to the old administration and has no account in the new one.",
    why: "The data migration tool leaves the table admin_user out: nobody but the accounts made by hand can log in after the cut-over.",
    detection: "No account of Magento 2 has this username, or else this e-mail address.",
    action: "Create the role first, then the user in it (System > Permissions > All Users). Do not use `bin/magento admin:user:create` for anybody but administrators: it gives every user all rights. Passwords are not carried over; have the user set a new one.",
    step: Step::Create,
    source: "data-migration-tool, map.xml.dist: admin_user is ignored; Magento\\Setup\\Model\\AdminAccount::saveAdminUserRole.",
    points: 1,
};

pub(super) const INACTIVE: Rule = Rule {
    code: "admin_users.inactive",
    severity: Severity::Medium,
    severity_note: "",
    title: "Active in Magento 1, inactive in Magento 2",
    meaning: "The account exists on both sides, and is switched off in Magento 2.",
    why: "The user cannot log in.",
    detection: "admin_user.is_active is 1 in Magento 1 and 0 in Magento 2.",
    action: "Switch the account on (User Information > This account is), or note that it was switched off on purpose.",
    step: Step::Correct,
    source: "Magento\\User\\Model\\User, table admin_user.",
    points: 1,
};

pub(super) const REACTIVATED: Rule = Rule {
    code: "admin_users.reactivated",
    severity: Severity::High,
    severity_note: "",
    title: "Inactive in Magento 1, active in Magento 2",
    meaning: "The account was switched off in Magento 1 and is switched on in Magento 2.",
    why: "Whoever left the company, or was locked out of the old administration on purpose, can log in to the new one.",
    detection: "admin_user.is_active is 0 in Magento 1 and 1 in Magento 2.",
    action: "Ask who needs the account; switch it off or delete it, or note that it was switched on on purpose.",
    step: Step::Secure,
    source: "Magento\\User\\Model\\User, table admin_user.",
    points: 1,
};

pub(super) const LOCKED: Rule = Rule {
    code: "admin_users.locked",
    severity: Severity::Low,
    severity_note: "",
    title: "Locked in Magento 2",
    meaning: "Too many logins failed, and the account is locked for a time.",
    why: "The user cannot log in until the lock ends; somebody may have tried to guess the password.",
    detection: "admin_user.lock_expires of Magento 2 lies after the time of the report.",
    action: "Ask the user whether it was they; unlock with `bin/magento admin:user:unlock`.",
    step: Step::Correct,
    source: "Magento\\User\\Model\\ResourceModel\\User::unlock, column admin_user.lock_expires (2.1 and later).",
    points: 1,
};

pub(super) const EMAIL_DIFFERS: Rule = Rule {
    code: "admin_users.email-differs",
    severity: Severity::Low,
    severity_note: "",
    title: "E-mail address differs",
    meaning: "The same username has another e-mail address in Magento 2.",
    why: "Links to reset the password and to set up two-factor authentication go to that address.",
    detection: "The usernames are equal and the e-mail addresses are not; letter case makes no difference.",
    action: "Ask the user which address is right, and set it.",
    step: Step::Correct,
    source: "Magento\\User\\Model\\User, column admin_user.email.",
    points: 1,
};

pub(super) const RENAMED: Rule = Rule {
    code: "admin_users.renamed",
    severity: Severity::Info,
    severity_note: "",
    title: "Found by e-mail address only",
    meaning: "Magento 2 has an account with this e-mail address under another username.",
    why: "It is most likely the same person, who has to know the new username.",
    detection: "No username is equal, and exactly this e-mail address has no other partner.",
    action: "Tell the user the new username; if it is somebody else, say so under [match.users].",
    step: Step::Know,
    source: "Magento\\User\\Model\\ResourceModel\\User::userExists refuses a second account with the same address.",
    points: 0,
};

pub(super) const NO_ROLE: Rule = Rule {
    code: "admin_users.no-role",
    severity: Severity::High,
    severity_note: "",
    title: "Without a role in Magento 2",
    meaning: "The user had a role in Magento 1; the account in Magento 2 is assigned to none.",
    why: "Without a role the user is let in to nothing.",
    detection: "authorization_role has no row of type U and user type 2 for the user whose parent is a role.",
    action: "Assign the role that matches the old one (User Role in the user's form).",
    step: Step::Correct,
    source: "Magento\\Authorization\\Model\\ResourceModel\\Role, table authorization_role.",
    points: 1,
};

pub(super) const ROLE_DIFFERS: Rule = Rule {
    code: "admin_users.role-differs",
    severity: Severity::Medium,
    severity_note: "",
    title: "Another role than before",
    meaning: "Magento 2 has the role that the user had in Magento 1, but the user is in another one.",
    why: "The user may see too little to work, or more than was meant.",
    detection: "The user's effective role of Magento 1 has a partner in Magento 2 (by [match.roles], by name, or by its rights), and the user's role there is not it.",
    action: "Assign the old role, or note that the change is wanted.",
    step: Step::Decide,
    source: "Table authorization_role; Magento 1: Mage_Admin_Model_Resource_Acl, table admin_role.",
    points: 1,
};

pub(super) const MORE_RIGHTS: Rule = Rule {
    code: "admin_users.more-rights",
    severity: Severity::Blocker,
    severity_note: "",
    title: "Everything allowed in Magento 2, and not in Magento 1",
    meaning: "The user's role in Magento 2 allows everything; the one in Magento 1 did not.",
    why: "`bin/magento admin:user:create` puts every user into the role Administrators. A clerk can then change payment settings, read all customers and create more administrators.",
    detection: "Nothing is denied to the user's role in Magento 2: a rule allows Magento_Backend::all, or nothing is denied by any. Something was denied to the effective role in Magento 1.",
    action: "Assign a role with the user's former rights at once; create it first if it is missing.",
    step: Step::Secure,
    source: "Magento\\Setup\\Model\\AdminAccount::saveAdminUserRole; table authorization_rule.",
    points: 3,
};

pub(super) const GAINED_RIGHTS: Rule = Rule {
    code: "admin_users.gained-rights",
    severity: Severity::High,
    severity_note: "",
    title: "Another role that allows more than before",
    meaning: "The user is in a role of Magento 2 that is not the one of Magento 1, and may do by it what was not allowed before.",
    why: "Accounts that are recreated in a hurry end up in whatever role is at hand.",
    detection: "Effective rights of the user's role in Magento 2 without those that answer to the user's effective rights in Magento 1. A role that allows everything is admin_users.more-rights; what the partner of the user's own role allows too much is admin_roles.more-rights.",
    action: "Assign the role that answers to the old one, or note that the change is wanted.",
    step: Step::Secure,
    source: "Tables authorization_role, authorization_rule; Magento 1: admin_role, admin_rule.",
    points: 1,
};

pub(super) const STALE: Rule = Rule {
    code: "admin_users.stale",
    severity: Severity::Info,
    severity_note: "",
    title: "No login for a long time: propose not to recreate",
    meaning: "The user of Magento 1 has not logged in for longer than the limit, and is not in Magento 2.",
    why: "Every account is a way in. A migration is the time to leave unused ones behind.",
    detection: "admin_user.logdate, or for somebody who never logged in admin_user.created, lies further back than [limits] stale_days.",
    action: "Ask the merchant whether the account is still wanted, before recreating it.",
    step: Step::Leave,
    source: "Mage_Admin_Model_Resource_User::recordLogin, column admin_user.logdate.",
    points: 0,
};

pub(super) const EXTRA: Rule = Rule {
    code: "admin_users.extra",
    severity: Severity::Low,
    severity_note: "",
    title: "In Magento 2 only",
    meaning: "The account has no counterpart in Magento 1.",
    why: "Accounts of installers, agencies and tests tend to stay when the project is over.",
    detection: "No user of Magento 1 matches by username or e-mail address.",
    action: "Make sure that somebody answers for the account, or delete it.",
    step: Step::Decide,
    source: "Magento\\User\\Model\\User, table admin_user.",
    points: 1,
};
