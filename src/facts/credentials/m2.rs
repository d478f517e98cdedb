//! Magento 2: `integration` and `oauth_*` (`Magento\Integration`), with the rights
//! in `authorization_*` (`Magento\Authorization`).

use super::{Subject, of_accounts};
use crate::pair::Side;
use crate::source::tables::{Condition, Read};

/// `Magento\Authorization\Model\UserContextInterface::USER_TYPE_INTEGRATION`.
pub(super) const INTEGRATION: &[u8] = b"1";

const INTEGRATIONS: Read = Read::table("integration")
    .columns(&["integration_id", "name", "status", "consumer_id"])
    .optional(&["email", "setup_type"]);
const CONSUMERS: Read =
    Read::table("oauth_consumer").columns(&["entity_id", "name"]).optional(&["callback_url", "created_at"]);
const TOKENS: Read =
    Read::table("oauth_token").columns(&["entity_id", "consumer_id", "admin_id", "customer_id", "type", "revoked"]);

pub(super) fn reads() -> Vec<(Subject, Read)> {
    let mut reads = vec![
        (Subject::Integrations, INTEGRATIONS),
        (Subject::Consumers, CONSUMERS),
        // Until 2.4.4 every login of a customer left a token without consumer here.
        (Subject::Tokens, TOKENS.only("consumer_id", Condition::NotNull)),
    ];
    reads.extend(of_accounts(Side::M2));
    reads
}
