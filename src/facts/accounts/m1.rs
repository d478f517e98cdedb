//! Magento 1: `admin_user`, `admin_role`, `admin_rule` (`Mage_Admin_Model_Resource_*`).

use super::Source;
use crate::source::tables::Read;

pub(super) static SOURCE: Source = Source {
    users: Read::table("admin_user")
        .columns(&["user_id", "username", "email", "is_active", "logdate", "created"])
        .optional(&["firstname", "lastname", "lock_expires"]),
    roles: Read::table("admin_role")
        .columns(&["role_id", "parent_id", "role_type", "user_id", "role_name"])
        .optional(&["gws_is_all"]),
    rules: Read::table("admin_rule").columns(&["rule_id", "role_id", "resource_id", "permission"]),
    is_admin: |_| true,
};
