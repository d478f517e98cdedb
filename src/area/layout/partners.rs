//! Which subject of one side is which of the other, as a store view sees it.

use std::collections::{BTreeMap, HashMap};

use super::subjects::Subject;
use crate::matching::is_shared;
use crate::text::fold;

/// Subjects of Magento 2 by name and scope, and how many of Magento 1 have a name.
pub(super) struct Index {
    exact: BTreeMap<(String, String), usize>,
    pub(super) by_name: BTreeMap<String, Vec<usize>>,
    pub(super) before: BTreeMap<String, usize>,
}

impl Index {
    pub(super) fn new(before: &[Subject<'_>], now: &[Subject<'_>]) -> Self {
        let mut index = Self { exact: BTreeMap::new(), by_name: BTreeMap::new(), before: BTreeMap::new() };
        for subject in before {
            *index.before.entry(fold(&subject.name)).or_default() += 1;
        }
        for (at, subject) in now.iter().enumerate() {
            index.exact.insert((fold(&subject.name), subject.scope.clone()), at);
            index.by_name.entry(fold(&subject.name)).or_default().push(at);
        }
        index
    }

    /// What Magento 2 has of the same thing, as the subject's store view sees it. Where Magento 1 has
    /// something else for the store view than for all, Magento 2 needs it as well.
    pub(super) fn partner<'a>(&self, subject: &Subject<'_>, now: &[Subject<'a>], own: Own) -> Option<Subject<'a>> {
        let name = fold(&subject.name);
        if subject.name.starts_with("cms_page:") {
            if let Some(&at) = self.exact.get(&(name.clone(), subject.scope.clone())) {
                return Some(now[at].clone());
            }
            // A page whose store views were changed is still the page, if there is but one.
            let alone = self.before[&name] == 1;
            return match self.by_name.get(&name)?.as_slice() {
                [at] if alone && is_shared(&subject.scope, &now[*at].scope) => Some(now[*at].clone()),
                _ => None,
            };
        }
        self.seen_by(&name, &subject.scope, now, own)
    }

    pub(super) fn seen_by<'a>(&self, name: &str, scope: &str, now: &[Subject<'a>], own: Own) -> Option<Subject<'a>> {
        let at = |scope: &str| self.exact.get(&(name.to_owned(), scope.to_owned())).map(|&at| &now[at]);
        let all = at("all").filter(|_| scope != "all");
        let all = all.map(|it| it.without(own.update, own.theme));
        match (at(scope), all) {
            (Some(it), Some(all)) => Some(it.over(&all)),
            (Some(it), None) => Some(it.clone()),
            (None, all) => all,
        }
    }
}

/// What Magento 1 says for all store views, by name.
pub(super) struct Alike {
    all: HashMap<String, usize>,
}

impl Alike {
    pub(super) fn new(before: &[Subject<'_>]) -> Self {
        let of_all = before.iter().enumerate().filter(|(_, it)| it.scope == "all");
        Self { all: of_all.map(|(at, it)| (fold(&it.name), at)).collect() }
    }

    /// What a store view has another of than all store views.
    pub(super) fn differs_from_all(&self, subject: &Subject<'_>, before: &[Subject<'_>]) -> Own {
        let all = self.all.get(&fold(&subject.name)).filter(|_| subject.scope != "all").map(|&at| &before[at]);
        let Some(all) = all else { return Own::default() };
        let texts = |it: &Subject<'_>| it.own().map(|it| it.text.excerpt.clone()).collect::<Vec<_>>();
        let (of_all, own) = (texts(all), texts(subject));
        Own {
            update: !of_all.is_empty() && !own.is_empty() && of_all != own,
            theme: !all.theme.is_empty() && !subject.theme.is_empty() && all.theme != subject.theme,
        }
    }
}

/// What a store view has of its own, where all have something else.
#[derive(Clone, Copy, Default)]
pub(super) struct Own {
    update: bool,
    theme: bool,
}
