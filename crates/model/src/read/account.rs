//! How accounts are scored.

use super::{Reader, field};
use crate::{
    span::Spanned,
    syntax::Node,
    tree::{Accounts, Combine, Sees},
};

impl Reader<'_> {
    pub(super) fn accounts(&mut self, node: &Node) -> Option<Accounts> {
        node.entries()?;
        let key = self.expression_at(node, "key", Sees::Key);
        let (rules, is_whole) = self.rules(node, true);
        self.duplicate_ids();
        Some(Accounts {
            key,
            combine: node.get("combine").and_then(combine),
            range: node.get("range").and_then(field::range),
            rules,
            is_whole,
            tiers: self.tiers(node),
        })
    }
}

fn combine(node: &Node) -> Option<Spanned<Combine>> {
    let combine = match node.text() {
        Some("max") => Combine::Max,
        Some("mean") => Combine::Mean,
        Some("sum") => Combine::Sum,
        Some(_) => return None,
        None => Combine::Top(field::whole(node.get("top")?)?.value),
    };
    Some(Spanned::new(combine, node.span))
}
