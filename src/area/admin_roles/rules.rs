//! What can be wrong with a role.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[&MISSING, &MORE_RIGHTS, &FEWER_RIGHTS, &RENAMED, &RIGHTS_WITHOUT_TARGET, &EXTRA];

pub(super) const MISSING: Rule = Rule {
    code: "admin_roles.missing",
    severity: Severity::High,
    severity_note: "low if nobody has the role in Magento 1",
    title: "Role is not in Magento 2",
    meaning: "Users of the old administration have this role, and the new one has none that answers to it.",
    why: "Users who are recreated without their role end up as administrators, or see nothing at all.",
    detection: "No role of Magento 2 has this name, or rights that overlap by half or more.",
    action: "Create the role before its users (System > Permissions > User Roles), with the resources that its card lists under \"Allow in Magento 2\". From 2.4.0 on everybody needs the right to two-factor authentication to log in, unless it is switched off.",
    step: Step::Create,
    source: "data-migration-tool, map.xml.dist: admin_role and admin_rule are ignored; tables authorization_role, authorization_rule.",
    points: 3,
};

pub(super) const FEWER_RIGHTS: Rule = Rule {
    code: "admin_roles.fewer-rights",
    severity: Severity::Medium,
    severity_note: "",
    title: "Fewer rights than in Magento 1",
    meaning: "The role is not allowed something in Magento 2 that answers to what it could do in Magento 1.",
    why: "Its users miss menus and buttons, and ask for a role that can do more than they need.",
    detection: "Effective rights of Magento 1, by the table of rights and with all parents, without the effective rights of Magento 2.",
    action: "Allow the listed resources (System > Permissions > User Roles > Role Resources), or note that they were left out on purpose.",
    step: Step::Correct,
    source: "Magento\\Authorization\\Model\\Acl\\Loader\\Rule; Mage_Admin_Model_Acl; the modules' acl.xml and adminhtml.xml.",
    points: 1,
};

pub(super) const MORE_RIGHTS: Rule = Rule {
    code: "admin_roles.more-rights",
    severity: Severity::High,
    severity_note: "",
    title: "More rights than in Magento 1",
    meaning: "The role is allowed something in Magento 2 that it could not do in Magento 1.",
    why: "More people than before can change settings, read customers' data or lose data. Up to 2.4.4, a role even gains rights without anybody allowing them: those of modules that were installed after it was saved.",
    detection: "Effective rights of Magento 2 without those that answer to Magento 1's, their parents and the recommended ones; or a role that was limited to some websites, and is not in Magento 2.",
    action: "Take back what is not needed, and save the role again: that writes a rule for every resource that there is now.",
    step: Step::Secure,
    source: "Magento\\Authorization\\Model\\Acl\\Loader\\Rule; magento2#37620, magento2#35365.",
    points: 3,
};

pub(super) const RENAMED: Rule = Rule {
    code: "admin_roles.renamed",
    severity: Severity::Info,
    severity_note: "",
    title: "Found by its rights only",
    meaning: "Magento 2 has a role of another name that may do much the same.",
    why: "It is most likely the same role. Its rights and its users are compared as if it were.",
    detection: "No role has the same name, and the rights that were chosen overlap by half or more.",
    action: "Nothing, if it is the same role; if not, say which is under [match.roles].",
    step: Step::Know,
    source: "Table authorization_rule against admin_rule, by the table of rights.",
    points: 0,
};

pub(super) const RIGHTS_WITHOUT_TARGET: Rule = Rule {
    code: "admin_roles.rights-without-target",
    severity: Severity::Info,
    severity_note: "",
    title: "Rights that Magento 2 does not have",
    meaning: "The role could do something in Magento 1 that Magento 2 has no right for.",
    why: "The feature is gone, needs Adobe Commerce, or belongs to an extension whose successor defines rights of its own.",
    detection: "The right has no target in the table of rights, or is in none of Magento's modules.",
    action: "Nothing for features that are gone. For extensions, allow their successors' rights.",
    step: Step::Leave,
    source: "The modules' adminhtml.xml (Magento 1) and acl.xml (Magento 2).",
    points: 0,
};

pub(super) const EXTRA: Rule = Rule {
    code: "admin_roles.extra",
    severity: Severity::Info,
    severity_note: "",
    title: "Role in Magento 2 only",
    meaning: "The role answers to none of Magento 1.",
    why: "New roles are usually wanted. One that nobody has is clutter.",
    detection: "No role of Magento 1 has its name, or rights that overlap by half or more.",
    action: "Nothing, if it is wanted.",
    step: Step::Know,
    source: "Table authorization_role.",
    points: 0,
};
