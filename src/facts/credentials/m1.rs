//! Magento 1: `api_*` (`Mage_Api`, SOAP and XML-RPC), `api2_acl_*` (`Mage_Api2`, REST),
//! `oauth_*` (`Mage_Oauth`). The last two exist since 1.7.

use super::{CONSUMERS, CredentialsReader as Reader, TOKENS};
use crate::facts::engine::Ask;
use crate::facts::ground::Ground;
use crate::source::tables::Read;

pub(super) const USERS: Read = Read::table("api_user")
    .columns(&["user_id", "username", "email", "is_active"])
    .optional(&["firstname", "lastname", "created"]);
const ROLES: Read = Read::table("api_role").columns(&["role_id", "parent_id", "role_type", "user_id", "role_name"]);
const RULES: Read = Read::table("api_rule").columns(&["rule_id", "role_id", "resource_id", "api_permission"]);
const SESSIONS: Read = Read::table("api_session").columns(&["user_id", "logdate"]);
pub(super) const REST_ROLES: Read = Read::table("api2_acl_role").columns(&["entity_id", "role_name"]);
pub(super) const REST_ADMINS: Read = Read::table("api2_acl_user").columns(&["admin_id", "role_id"]);
pub(super) const REST_RULES: Read =
    Read::table("api2_acl_rule").columns(&["entity_id", "role_id", "resource_id", "privilege"]);
pub(super) const ATTRIBUTES: Read =
    Read::table("api2_acl_attribute").columns(&["user_type", "resource_id", "operation", "allowed_attributes"]);

pub(super) fn asks(ground: &Ground<'_>) -> Vec<Ask<Reader>> {
    let rest = [CONSUMERS, TOKENS, REST_ROLES, REST_ADMINS, REST_RULES, ATTRIBUTES];
    let has_rest = rest.iter().any(|it| ground.columns(it.name()).is_some());
    let rest_roles = Ask::optional(REST_ROLES, Reader::rest_role).of_newer(has_rest);
    vec![
        Ask::required(USERS, Reader::soap_user),
        Ask::required(ROLES, Reader::soap_role),
        Ask::required(RULES, |reader: &mut Reader, row| reader.rules.row(row, "api_permission")),
        Ask::optional(SESSIONS, Reader::session),
        // They came together: where one of them is there, the others should be.
        // A token is deleted with its consumer.
        Ask::optional(CONSUMERS, Reader::consumer).of_newer(has_rest).never_empty_beside(&[TOKENS]),
        Ask::optional(TOKENS, Reader::token).of_newer(has_rest),
        // The installation makes those of guests and of customers, and nobody can delete them.
        if has_rest { rest_roles.never_empty() } else { rest_roles },
        Ask::optional(REST_ADMINS, Reader::rest_admin).of_newer(has_rest).rarely_empty_beside(&[REST_ROLES, TOKENS]),
        Ask::optional(REST_RULES, Reader::rest_rule).of_newer(has_rest),
        Ask::optional(ATTRIBUTES, Reader::attribute_filter).of_newer(has_rest),
    ]
}
