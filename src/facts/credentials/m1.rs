//! Magento 1: `api_*` (`Mage_Api`, SOAP and XML-RPC), `api2_acl_*` (`Mage_Api2`, REST),
//! `oauth_*` (`Mage_Oauth`). The last two exist since 1.7.

use super::Subject;
use crate::source::tables::Read;

const USERS: Read = Read::table("api_user").columns(&["user_id", "username", "email", "is_active"]).optional(&[
    "firstname",
    "lastname",
    "created",
]);
const ROLES: Read = Read::table("api_role").columns(&["role_id", "parent_id", "role_type", "user_id", "role_name"]);
const RULES: Read = Read::table("api_rule").columns(&["rule_id", "role_id", "resource_id", "api_permission"]);
const SESSIONS: Read = Read::table("api_session").columns(&["user_id", "logdate"]);
const CONSUMERS: Read =
    Read::table("oauth_consumer").columns(&["entity_id", "name"]).optional(&["callback_url", "created_at"]);
const TOKENS: Read =
    Read::table("oauth_token").columns(&["entity_id", "consumer_id", "admin_id", "customer_id", "type", "revoked"]);
const REST_ROLES: Read = Read::table("api2_acl_role").columns(&["entity_id", "role_name"]);
const REST_ADMINS: Read = Read::table("api2_acl_user").columns(&["admin_id", "role_id"]);
const REST_RULES: Read = Read::table("api2_acl_rule").columns(&["entity_id", "role_id", "resource_id", "privilege"]);
const ATTRIBUTES: Read =
    Read::table("api2_acl_attribute").columns(&["user_type", "resource_id", "operation", "allowed_attributes"]);

pub(super) fn reads() -> Vec<(Subject, Read)> {
    vec![
        (Subject::SoapUsers, USERS),
        (Subject::SoapRoles, ROLES),
        (Subject::SoapRules, RULES),
        (Subject::SoapSessions, SESSIONS),
        (Subject::Consumers, CONSUMERS),
        (Subject::Tokens, TOKENS),
        (Subject::RestRoles, REST_ROLES),
        (Subject::RestAdmins, REST_ADMINS),
        (Subject::RestRules, REST_RULES),
        (Subject::Attributes, ATTRIBUTES),
    ]
}
