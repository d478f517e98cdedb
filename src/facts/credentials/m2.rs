//! Magento 2: `integration` and `oauth_*` (`Magento\Integration`), with the rights
//! in `authorization_*` (`Magento\Authorization`).

use super::{CONSUMERS, CredentialsReader as Reader, accounts};
use crate::facts::engine::Ask;
use crate::pair::Side;
use crate::source::tables::Read;

/// `Magento\Authorization\Model\UserContextInterface::USER_TYPE_INTEGRATION`.
pub(super) const INTEGRATION: &[u8] = b"1";

pub(super) const INTEGRATIONS: Read = Read::table("integration")
    .columns(&["integration_id", "name", "status", "consumer_id"])
    .optional(&["email", "setup_type"]);
/// Until 2.4.4 every login of a customer left a token without consumer here.
pub(super) const TOKENS: Read = super::TOKENS.only_not_null("consumer_id");

pub(super) fn asks() -> Vec<Ask<Reader>> {
    let of_accounts = accounts::source(Side::M2);
    vec![
        Ask::optional(INTEGRATIONS, Reader::integration),
        Ask::optional(CONSUMERS, Reader::consumer),
        Ask::optional(TOKENS, Reader::token),
        // Tokens name administrators, whom `accounts` reads.
        Ask::required(of_accounts.users, |_: &mut Reader, _| Ok(())),
        Ask::required(of_accounts.roles, Reader::role_of_integration),
        Ask::required(of_accounts.rules, |reader: &mut Reader, row| reader.rules.row(row, "permission")),
    ]
}
