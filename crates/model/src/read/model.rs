//! The model itself, its lists and its dimensions.

use std::collections::BTreeMap;

use super::{Reader, field, scalars};
use crate::{
    diagnostics,
    span::Spanned,
    syntax::Node,
    tree::{Constant, Dimension, List, Sees},
};

impl Reader<'_> {
    pub(super) fn model(&mut self, root: &Node) {
        self.model.id = root.get("model").and_then(field::name);
        self.model.title = root.get("title").and_then(field::name);
        self.model.kind = root.get("kind").and_then(field::name);
        self.model.applies = self.expression_at(root, "applies", Sees::Lead);
        self.model.range = root.get("range").and_then(field::range);
        self.model.lists = lists(root);
        for entry in root.get("dimensions").and_then(Node::entries).unwrap_or_default() {
            if let Some(name) = field::name(&entry.key) {
                let dimension = self.dimension(name, &entry.value);
                self.model.dimensions.push(dimension);
            }
        }
        self.duplicate_ids();
        self.model.grades = root.get("grades").and_then(|node| self.grades(node));
        self.model.tiers = self.tiers(root);
        self.model.accounts = root.get("accounts").and_then(|node| self.accounts(node));
    }

    fn dimension(&mut self, name: Spanned<String>, node: &Node) -> Dimension {
        self.dimension_is_clear(node);
        let (rules, is_whole) = match node.get("predict") {
            Some(_) => self.prediction(&name, node),
            None => self.rules(node, false),
        };
        let range = node.get("range").and_then(field::range);
        let weight = node.get("weight").and_then(field::number);
        Dimension { name, range, weight, rules, is_whole }
    }

    /// Rule ids are unique over all dimensions: reasons name rules by them.
    pub(super) fn duplicate_ids(&mut self) {
        let mut seen: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        for id in &self.ids {
            match seen.get(id.value.as_str()) {
                Some(first) => self.diagnostics.push(diagnostics::duplicate_id("rule", first, id)),
                None => {
                    seen.insert(&id.value, id);
                }
            }
        }
        self.ids.clear();
    }
}

fn lists(root: &Node) -> Vec<List> {
    let entries = root.get("lists").and_then(Node::entries).unwrap_or_default();
    let list = |name: Spanned<String>, node: &Node| List {
        name,
        values: node.items().unwrap_or_default().iter().filter_map(constant).collect(),
    };
    entries.iter().filter_map(|entry| Some(list(field::name(&entry.key)?, &entry.value))).collect()
}

/// The constant that a node is.
pub(super) fn constant(node: &Node) -> Option<Spanned<Constant>> {
    scalars::literal(&node.scalar()?.literal()).map(|value| Spanned::new(value, node.span))
}
