//! Widgets: by title, with type and store views as far as they agree.

use super::{Pairing, Partners};
use crate::facts::Widget;
use crate::magento::layout;
use crate::text::fold;

/// How two widgets were found to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Title, type and store views are the same.
    All,
    /// Title and store views are.
    Stores,
    /// Title and type are.
    Type,
    /// The title is.
    Title,
}

impl How {
    /// The words that the inventory uses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "title, type, store views",
            Self::Stores => "title, store views",
            Self::Type => "title, type",
            Self::Title => "title",
        }
    }
}

/// Partners of Magento 1's widgets. The scopes are the codes of their store views.
pub fn pair_off(
    m1: &[Widget],
    m2: &[Widget],
    m1_scope: &dyn Fn(usize) -> String,
    m2_scope: &dyn Fn(usize) -> String,
) -> Partners<How> {
    let order: Vec<usize> = (0..m1.len()).collect();
    let mut pairing = Pairing::new(m2.len());
    // What Magento 2 calls a type of Magento 1, if it calls it anything.
    let m1_type = |at: usize| {
        let kind = m1[at].kind.as_str();
        let mut classes = layout::widget_classes(kind);
        let is_there = |class: &&str| m2.iter().any(|it| it.kind == **class);
        classes.find(is_there).unwrap_or(kind).to_owned()
    };
    let title = |widget: &Widget| fold(&widget.title);
    // A NUL stands between parts, since no title has one.
    let join = |parts: &[&str]| parts.join("\0");
    for how in [How::All, How::Stores, How::Type, How::Title] {
        let key = |title: String, kind: String, scope: String| match how {
            How::All => join(&[&title, &kind, &scope]),
            How::Stores => join(&[&title, &scope]),
            How::Type => join(&[&title, &kind]),
            How::Title => title,
        };
        let wanted = |at: usize| Some(key(title(&m1[at]), m1_type(at), m1_scope(at)));
        let own = |at: usize| key(title(&m2[at]), m2[at].kind.clone(), m2_scope(at));
        pairing.by_key(how, &order, &wanted, &own);
    }
    pairing.partners
}
