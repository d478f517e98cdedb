//! Users of SOAP and consumers of OAuth to integrations: by `[match.integrations]`, by name, by
//! the name of their role, by e-mail address, by the words of their name.

use std::collections::{BTreeMap, BTreeSet};

use super::{Pairing, Partners};
use crate::facts::credentials::Integration;
use crate::finding::Confidence;
use crate::text::fold;

/// Words that say nothing about who calls.
const NO_WORDS: [&str; 9] = ["soap", "rest", "api", "xml", "rpc", "legacy", "integration", "magento", "user"];

/// How a credential and an integration were found to be for the same caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `[match.integrations]` says so.
    Override,
    /// They have the same name.
    Name,
    /// The integration has the name of the credential's role.
    Role,
    /// They have the same e-mail address, and nobody else has it.
    Email,
    /// All words of the credential's name occur in the integration's.
    Words,
}

impl How {
    /// The words that the inventory uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Override => "[match.integrations]",
            Self::Name => "name",
            Self::Role => "name of the role",
            Self::Email => "e-mail",
            Self::Words => "words of the name",
        }
    }
}

/// What is known of a credential of Magento 1 when its integration is looked for.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its name in findings: `soap:erp`, `consumer:ERP`.
    pub subject: String,
    /// Its own name.
    pub name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// Its e-mail address, or nothing.
    pub email: String,
    /// Whether it may call. Who may not comes after who may.
    pub is_active: bool,
}

/// Partners of Magento 1's credentials.
pub fn pair_off(
    callers: &[Caller],
    integrations: &[Integration],
    overrides: &BTreeMap<String, String>,
) -> Partners<How> {
    let overrides: BTreeMap<String, String> = overrides.iter().map(|(one, other)| (fold(one), fold(other))).collect();
    let mut order: Vec<usize> = (0..callers.len()).collect();
    order.sort_by_key(|&at| !callers[at].is_active);
    let mut pairing = Pairing::new(integrations.len());
    let name = |at: usize| fold(&integrations[at].name);
    let by_override = |at: usize| {
        let caller = &callers[at];
        overrides.get(&fold(&caller.subject)).or_else(|| overrides.get(&fold(&caller.name))).cloned()
    };
    pairing.by_key(How::Override, &order, &by_override, &name);
    pairing.by_key(How::Name, &order, &|at| Some(fold(&callers[at].name)), &name);
    let longest = callers.iter().map(|it| it.roles.len()).max().unwrap_or(0);
    for nth in 0..longest {
        pairing.by_key(How::Role, &order, &|at| callers[at].roles.get(nth).map(|it| fold(it)), &name);
    }
    let counted = |texts: &mut dyn Iterator<Item = &String>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for text in texts {
            *counts.entry(fold(text)).or_default() += 1;
        }
        counts
    };
    let of_callers = counted(&mut callers.iter().map(|it| &it.email));
    let of_integrations = counted(&mut integrations.iter().map(|it| &it.email));
    let email = |at: usize| {
        let wanted = fold(&callers[at].email);
        let is_unique = of_callers.get(&wanted) == Some(&1) && of_integrations.get(&wanted) == Some(&1);
        Some(wanted).filter(|_| is_unique)
    };
    pairing.by_key(How::Email, &order, &email, &|at| fold(&integrations[at].email));
    by_words(&mut pairing, &order, callers, integrations);
    pairing.partners
}

fn by_words(pairing: &mut Pairing<How>, order: &[usize], callers: &[Caller], integrations: &[Integration]) {
    let of_integrations: Vec<BTreeSet<String>> = integrations.iter().map(|it| words(&it.name)).collect();
    let mut free: Vec<(usize, BTreeSet<String>)> =
        order.iter().filter(|it| pairing.is_free(**it)).map(|&it| (it, words(&callers[it].name))).collect();
    free.retain(|(_, words)| !words.is_empty());
    // Whose name says most comes first: `erp_wms` before `erp`.
    free.sort_by_key(|(_, words)| std::cmp::Reverse(words.len()));
    for (place, wanted) in &free {
        let fits = |at: &usize| !pairing.taken[*at] && wanted.is_subset(&of_integrations[*at]);
        let mut fitting: Vec<usize> = (0..integrations.len()).filter(fits).collect();
        fitting.sort_by_key(|&at| of_integrations[at].len());
        let Some(&other) = fitting.first() else { continue };
        let is_rival = |it: &&(usize, BTreeSet<String>)| it.0 != *place && it.1.is_subset(&of_integrations[other]);
        let has_rival = fitting.len() > 1 || free.iter().any(|it| is_rival(&it));
        let confidence = if has_rival { Confidence::Guess } else { Confidence::Likely };
        pairing.pair(*place, How::Words, other, confidence);
    }
}

/// The words of a name that say who it is.
fn words(name: &str) -> BTreeSet<String> {
    let folded = fold(name);
    folded
        .split(|it: char| !it.is_alphanumeric())
        .filter(|it| !it.is_empty() && !NO_WORDS.contains(it))
        .map(str::to_owned)
        .collect()
}
