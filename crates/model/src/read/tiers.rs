//! Grades and tiers.

use super::{Reader, field};
use crate::{
    diagnostics,
    span::Spanned,
    syntax::Node,
    tree::{Grades, Tier},
};

impl Reader<'_> {
    pub(super) fn grades(&mut self, node: &Node) -> Option<Grades> {
        let of = node.get("of").and_then(field::name);
        if let Some(of) = &of {
            self.known_dimension(of);
        }
        let letters = node.entries()?.iter().filter(|entry| entry.key.text() != Some("of"));
        let mut bounds: Vec<_> = letters
            .filter_map(|entry| Some((field::name(&entry.key)?, field::number(&entry.value)?)))
            .collect();
        bounds.sort_by(|(_, a), (_, b)| b.value.total_cmp(&a.value));
        for pair in bounds.windows(2) {
            if let [(_, first), (_, second)] = pair
                && first.value == second.value
            {
                let (first, second) = (first.span.min(second.span), first.span.max(second.span));
                let bound = second.text(self.source).to_owned();
                self.diagnostics.push(diagnostics::same_bound("grade", &bound, first, second));
            }
        }
        Some(Grades { of: of?, bounds })
    }

    /// The tiers under `tiers`, which must ascend.
    pub(super) fn tiers(&mut self, map: &Node) -> Vec<Tier> {
        let items = map.get("tiers").and_then(Node::items).unwrap_or_default();
        let tiers: Vec<Tier> = items.iter().filter_map(|node| self.tier(node)).collect();
        for (place, tier) in tiers.iter().enumerate() {
            if let Some(first) = tiers[..place].iter().find(|first| first.name.value == tier.name.value) {
                self.diagnostics.push(diagnostics::duplicate_id("tier", &first.name, &tier.name));
            }
            if tier.name.value == "disqualified" {
                self.diagnostics.push(diagnostics::bad_name("a tier's name", "disqualified", tier.name.span));
            }
        }
        for pair in tiers.windows(2) {
            let [before, tier] = pair else { continue };
            // Two tiers may start at one score if the upper one asks for more.
            let overlaps = tier.from.value == before.from.value && tier.needs.is_empty();
            if overlaps || tier.from.value < before.from.value {
                let before = (before.name.value.as_str(), &before.from);
                self.diagnostics.push(diagnostics::tier_order(&tier.name.value, &tier.from, before));
            }
        }
        tiers
    }

    fn tier(&mut self, node: &Node) -> Option<Tier> {
        let entries = node.get("needs").and_then(Node::entries).unwrap_or_default();
        let needs: Vec<_> = entries
            .iter()
            .filter_map(|entry| Some((field::name(&entry.key)?, field::number(&entry.value)?)))
            .collect();
        for (dimension, _) in &needs {
            self.known_dimension(dimension);
        }
        let name = node.get("name").and_then(field::name)?;
        Some(Tier { name, from: node.get("from").and_then(field::number)?, needs })
    }

    fn known_dimension(&mut self, name: &Spanned<String>) {
        let names: Vec<&str> = self.model.dimensions.iter().map(|d| d.name.value.as_str()).collect();
        if !names.contains(&name.value.as_str()) {
            self.diagnostics.push(diagnostics::unknown_dimension(&name.value, &names, name.span));
        }
    }
}
