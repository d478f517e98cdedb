//! What can be wrong with a credential.

use crate::finding::{Rule, Severity, Step};

pub(super) const ALL: &[&Rule] = &[
    &TOKEN_CARRIED,
    &CONSUMER_REUSED,
    &SOAP_USER_MISSING,
    &CONSUMER_MISSING,
    &CONSUMER_CARRIED,
    &MORE_RIGHTS,
    &REST_ROLE_MISSING,
    &FEWER_RIGHTS,
    &REACTIVATED,
    &INTEGRATION_INACTIVE,
    &REST_ATTRIBUTES,
    &RENAMED,
    &SOAP_ROLE_UNUSED,
    &EXTRA,
];

pub(super) const SOAP_USER_MISSING: Rule = Rule {
    code: "api.soap-user-missing",
    severity: Severity::High,
    severity_note: "low if the user is inactive in Magento 1",
    title: "SOAP or XML-RPC user without an integration",
    meaning: "A program calls Magento 1 as this user, and Magento 2 has no integration for it.",
    why: "The program stops working at the cut-over. Magento 2 knows neither these users nor these calls: XML-RPC is gone, and SOAP has other methods.",
    detection: "No integration has the user's name, the name of its role, its e-mail address, or all words of its name.",
    action: "Find out who runs the program. Create an integration (System > Extensions > Integrations) with the resources that the user's card lists, activate it, hand the new credentials over, and have the calls rewritten to the routes of the card.",
    step: Step::Create,
    source: "data-migration-tool, map.xml.dist: api_user, api_role and api_rule are ignored; Mage_Api_Model_User; table integration.",
    points: 5,
};

pub(super) const CONSUMER_MISSING: Rule = Rule {
    code: "api.consumer-missing",
    severity: Severity::High,
    severity_note: "",
    title: "OAuth consumer without an integration",
    meaning: "An application calls Magento 1's REST API as this consumer, and Magento 2 has no integration for it.",
    why: "The application stops working at the cut-over: in Magento 2 a consumer is usable only through an integration, whose key, secret and tokens are made anew.",
    detection: "No integration has the consumer's name, the name of a REST role that it acts with, or all words of its name.",
    action: "Find out who runs the application. Create an integration with the resources that the consumer's card lists, activate it, and hand the new key, secret and tokens over. An application that acts for customers lets them log in by POST /V1/integration/customer/token instead.",
    step: Step::Create,
    source: "Mage_Oauth_Model_Consumer; Magento\\Integration\\Model\\Integration; table integration, column consumer_id.",
    points: 5,
};

pub(super) const REST_ROLE_MISSING: Rule = Rule {
    code: "api.rest-role-missing",
    severity: Severity::Medium,
    severity_note: "low if none of its administrators has a live access token",
    title: "REST role that no integration stands for",
    meaning: "Administrators have this role when an application calls in their name, and none of these applications has an integration in Magento 2.",
    why: "Magento 2 has no REST roles: the rights belong to the integration. What this role allowed is allowed to nobody.",
    detection: "No administrator with this role has a live access token of a consumer that is matched to an integration. Guest and Customer are no roles of administrators.",
    action: "Give the integration that replaces the application the resources that answer to the role's rules; if nobody uses the role, leave it behind.",
    step: Step::Create,
    source: "Tables api2_acl_role, api2_acl_user, api2_acl_rule (Mage_Api2); Magento 2: authorization_role, user type 1.",
    points: 3,
};

pub(super) const REST_ATTRIBUTES: Rule = Rule {
    code: "api.rest-attributes",
    severity: Severity::Low,
    severity_note: "",
    title: "Limit on REST attributes without counterpart",
    meaning: "Magento 1's REST API shows or takes only these attributes for this type of user.",
    why: "Magento 2 has no such limit: whoever may call a route sees every field of it.",
    detection: "The filter lists attributes; Magento 2 has nothing to compare it with.",
    action: "Make sure that nothing is shown that was hidden on purpose; if it matters, put a gateway or an extension in front.",
    step: Step::Decide,
    source: "Table api2_acl_attribute (Mage_Api2_Model_Acl_Filter_Attribute).",
    points: 1,
};

pub(super) const SOAP_ROLE_UNUSED: Rule = Rule {
    code: "api.soap-role-unused",
    severity: Severity::Info,
    severity_note: "",
    title: "SOAP role without users",
    meaning: "Nobody calls Magento 1 with this role.",
    why: "Nothing has to be migrated for it.",
    detection: "No user of api_user is assigned to the role.",
    action: "Leave it behind.",
    step: Step::Leave,
    source: "Table api_role (Mage_Api_Model_Resource_Role).",
    points: 0,
};

pub(super) const INTEGRATION_INACTIVE: Rule = Rule {
    code: "api.integration-inactive",
    severity: Severity::Medium,
    severity_note: "",
    title: "Integration that cannot call yet",
    meaning: "The integration replaces a credential that is active in Magento 1, and is not active itself.",
    why: "Calls are refused until somebody activates it.",
    detection: "integration.status is another than 1, or its consumer has no access token that is not revoked.",
    action: "Activate it (System > Extensions > Integrations) and hand the tokens over.",
    step: Step::Correct,
    source: "Magento\\Integration\\Model\\Integration::STATUS_*, tables integration, oauth_token.",
    points: 1,
};

pub(super) const REACTIVATED: Rule = Rule {
    code: "api.reactivated",
    severity: Severity::Medium,
    severity_note: "",
    title: "Inactive in Magento 1, active in Magento 2",
    meaning: "The user of SOAP or XML-RPC was switched off in Magento 1, and its integration is active.",
    why: "Whoever was locked out of the old store on purpose can call the new one.",
    detection: "api_user.is_active is 0, and integration.status of the matched integration is 1.",
    action: "Ask who needs the integration; deactivate it, or note that it was made on purpose.",
    step: Step::Secure,
    source: "Tables api_user, integration.",
    points: 1,
};

pub(super) const RENAMED: Rule = Rule {
    code: "api.renamed",
    severity: Severity::Info,
    severity_note: "",
    title: "Integration found by the words of its name only",
    meaning: "All words of the credential's name occur in the integration's, and nothing else connects the two.",
    why: "It is most likely the one that replaces the credential. Rights are compared as if it were.",
    detection: "No integration has the same name, the name of the role, or the same e-mail address.",
    action: "Nothing, if it is the right one; if not, say which is under [match.integrations].",
    step: Step::Know,
    source: "Table integration.",
    points: 0,
};

pub(super) const FEWER_RIGHTS: Rule = Rule {
    code: "api.fewer-rights",
    severity: Severity::Medium,
    severity_note: "",
    title: "Integration with fewer rights than in Magento 1",
    meaning: "The integration is not allowed something that answers to what the credential could do in Magento 1.",
    why: "Some of the program's calls fail, perhaps only those that it makes once a month.",
    detection: "Rights of Magento 1, by the table of resources and with all parents, without the effective rights of the integration.",
    action: "Allow the listed resources, or note that the program does not use them.",
    step: Step::Correct,
    source: "Table authorization_rule; Mage_Api_Model_Acl, tables api_rule, api2_acl_rule.",
    points: 1,
};

pub(super) const MORE_RIGHTS: Rule = Rule {
    code: "api.more-rights",
    severity: Severity::High,
    severity_note: "",
    title: "Integration with more rights than in Magento 1",
    meaning: "The integration is allowed something that the credential could not do in Magento 1.",
    why: "Whoever gets hold of its tokens can do all of that. Tools that create integrations without being told which resources allow everything.",
    detection: "Effective rights of the integration without those that answer to Magento 1's, and their parents.",
    action: "Limit the integration to the resources that the program needs (its card lists what it had), and save it.",
    step: Step::Secure,
    source: "Table authorization_rule; Magento\\Integration\\Model\\AuthorizationService::grantAllPermissions.",
    points: 3,
};

pub(super) const EXTRA: Rule = Rule {
    code: "api.extra",
    severity: Severity::Info,
    severity_note: "",
    title: "Integration in Magento 2 only",
    meaning: "The integration answers to no credential of Magento 1.",
    why: "New integrations are usually wanted, and each is a way in.",
    detection: "No user of SOAP and no consumer of Magento 1 matches it.",
    action: "Make sure that somebody answers for it.",
    step: Step::Know,
    source: "Table integration.",
    points: 0,
};

pub(super) const CONSUMER_CARRIED: Rule = Rule {
    code: "api.consumer-carried",
    severity: Severity::High,
    severity_note: "",
    title: "OAuth consumer carried over, and owned by no integration",
    meaning: "The official tool copied the row of the consumer. It looks like a migrated credential, and is none.",
    why: "Without an integration nobody sees the consumer in the administration, or can take it back. From 2.4.4 on Magento 2 cannot even read its secret, which Magento 1 stored as plain text.",
    detection: "No row of integration names the consumer.",
    action: "Delete the consumer's row of oauth_consumer, and its tokens with it, after the integration that replaces it was made.",
    step: Step::Secure,
    source: "data-migration-tool: no rule ignores oauth_consumer; Magento\\Integration\\Model\\Integration, column integration.consumer_id.",
    points: 1,
};

pub(super) const CONSUMER_REUSED: Rule = Rule {
    code: "api.consumer-reused",
    severity: Severity::High,
    severity_note: "blocker if a token of Magento 1 is with it that was not revoked",
    title: "Integration with the consumer of Magento 1",
    meaning: "The integration owns a consumer that the official tool copied, or whose number the tool's next run copies over its own.",
    why: "Key, secret and tokens of Magento 1 open Magento 2, with all rights of the integration: whoever had them once has them still.",
    detection: "The consumer that integration.consumer_id names has the id and the name of one of Magento 1.",
    action: "Delete the integration with its consumer and tokens, make it anew (System > Extensions > Integrations), and hand the new credentials over.",
    step: Step::Secure,
    source: "data-migration-tool: no rule ignores oauth_consumer and oauth_token, and ids are kept; Magento\\Integration\\Model\\Integration.",
    points: 1,
};

pub(super) const TOKEN_CARRIED: Rule = Rule {
    code: "api.token-carried",
    severity: Severity::Blocker,
    severity_note: "low if it is no access token, or was revoked",
    title: "OAuth token carried over",
    meaning: "The official tool copied a token of Magento 1, which belongs to no integration.",
    why: "Magento 2 takes the copy for an integration's token: as soon as an integration owns its consumer, whoever holds the old token calls with all its rights. And the token names an administrator by id, which in Magento 2 is, or will be, somebody else's.",
    detection: "The token's consumer is owned by no integration. The number is oauth_token.entity_id.",
    action: "Delete the row of oauth_token before any administrator is created in Magento 2, and issue new tokens by integrations.",
    step: Step::Secure,
    source: "data-migration-tool: no rule ignores oauth_token, and user_type is set to 1; Magento\\Integration\\Model\\Oauth\\Token.",
    points: 1,
};
