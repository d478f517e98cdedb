//! What the operator says of the stores.

use std::collections::BTreeMap;

/// What the operator knows better than any rule.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// Magento 2 username by Magento 1 username.
    pub users: BTreeMap<String, String>,
    /// Magento 2 role by Magento 1 role.
    pub roles: BTreeMap<String, String>,
    /// Magento 2 integration by the name of a Magento 1 credential, with or without `soap:` or `consumer:`.
    pub integrations: BTreeMap<String, String>,
    /// Days without login after which an account is stale.
    pub stale_days: u32,
}
