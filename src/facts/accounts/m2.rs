//! Magento 2: `admin_user`, `authorization_role`, `authorization_rule`
//! (`Magento\User`, `Magento\Authorization`).

use super::Source;
use crate::source::tables::Read;

/// `Magento\Authorization\Model\UserContextInterface::USER_TYPE_ADMIN`; the
/// table holds integrations, customers and guests as well.
const ADMIN: &[u8] = b"2";

pub(super) static SOURCE: Source = Source {
    users: Read::table("admin_user").columns(&["user_id", "username", "email", "is_active"]).optional(&[
        "firstname",
        "lastname",
        "logdate",
        "created",
        "lock_expires",
    ]),
    roles: Read::table("authorization_role")
        .columns(&["role_id", "parent_id", "role_type", "user_id", "user_type", "role_name"])
        .optional(&["gws_is_all"]),
    rules: Read::table("authorization_rule").columns(&["rule_id", "role_id", "resource_id", "permission"]),
    is_admin: |row| row.bytes("user_type") == Some(ADMIN),
};
