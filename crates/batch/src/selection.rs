//! Which of the scored leads are wanted, and in which order.

use std::cmp::Ordering;

use kelvin_kernel::{
    plan::Plan,
    score::{Score, Standing},
};

/// Which leads of each model are wanted, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The order. With several models, an order by lead holds over all of them (and then by model); any other holds
    /// within each model, and the models follow each other.
    pub order: Order,
    /// At most so many leads of each model, the first in order.
    pub top: Option<usize>,
    /// Only leads that stand here; all if empty.
    pub tiers: Vec<TierName>,
}

/// An order of leads. Equal leads are ordered by id, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub key: OrderKey,
    /// Greatest first.
    pub descending: bool,
}

/// What leads are ordered by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OrderKey {
    /// The lead's id, by bytes.
    #[default]
    LeadId,
    /// The score.
    Score,
    /// The value of a dimension; a model without it has 0.
    Dimension(Box<str>),
}

/// Where leads may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TierName {
    /// In no tier.
    None,
    /// Disqualified.
    Disqualified,
    /// In a tier of this name.
    Named(Box<str>),
}

impl Selection {
    /// Whether a lead with this standing is wanted.
    pub fn keeps(&self, plan: &Plan, standing: Standing) -> bool {
        let matches = |wanted: &TierName| match (wanted, standing) {
            (TierName::None, Standing::None) | (TierName::Disqualified, Standing::Disqualified) => true,
            (TierName::Named(name), Standing::Tier(tier)) => {
                plan.tiers.get(tier).is_some_and(|tier| tier.name == *name)
            }
            _ => false,
        };
        self.tiers.is_empty() || self.tiers.iter().any(matches)
    }
}

impl Order {
    /// The order of two leads of one model.
    pub fn compare(&self, plan: &Plan, a: (&str, &Score), b: (&str, &Score)) -> Ordering {
        let dimension = match &self.key {
            OrderKey::Dimension(name) => plan.dimensions.iter().position(|dimension| dimension.id == *name),
            _ => None,
        };
        let value = |score: &Score| match &self.key {
            OrderKey::LeadId => 0,
            OrderKey::Score => score.score.0,
            OrderKey::Dimension(_) => dimension
                .and_then(|place| score.dimensions.get(place))
                .map_or(0, |dimension| dimension.value.0),
        };
        let by_id = a.0.as_bytes().cmp(b.0.as_bytes());
        match (&self.key, self.descending) {
            (OrderKey::LeadId, false) => by_id,
            (OrderKey::LeadId, true) => by_id.reverse(),
            (_, false) => value(a.1).cmp(&value(b.1)).then(by_id),
            (_, true) => value(b.1).cmp(&value(a.1)).then(by_id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::sample::{disqualified, plan, score};

    #[test]
    fn leads_are_kept_by_where_they_stand() {
        let check = |tiers: &[TierName], standing, expect| {
            let selection = Selection { tiers: tiers.to_vec(), ..Selection::default() };
            assert_eq!(selection.keeps(&plan(), standing), expect, "{tiers:?} {standing:?}");
        };
        let nurture = || TierName::Named("nurture".into());
        check(&[], Standing::None, true);
        check(&[nurture()], Standing::Tier(0), true);
        check(&[nurture()], Standing::Tier(1), false);
        check(&[nurture()], Standing::None, false);
        check(&[nurture(), TierName::None], Standing::None, true);
        check(&[TierName::Disqualified], Standing::Disqualified, true);
        check(&[TierName::Disqualified], Standing::Tier(0), false);
    }

    #[test]
    fn leads_are_ordered_by_the_key_and_then_by_id() {
        let (high, low) = (score(), disqualified());
        let check = |key: OrderKey, descending, expect: &[&str]| {
            let order = Order { key, descending };
            let mut leads = [("b", &high), ("c", &low), ("a", &low)];
            leads.sort_by(|a, b| order.compare(&plan(), *a, *b));
            assert_eq!(leads.iter().map(|lead| lead.0).collect::<Vec<_>>(), expect, "{order:?}");
        };
        check(OrderKey::LeadId, false, &["a", "b", "c"]);
        check(OrderKey::LeadId, true, &["c", "b", "a"]);
        check(OrderKey::Score, false, &["a", "c", "b"]);
        check(OrderKey::Score, true, &["b", "a", "c"]);
        check(OrderKey::Dimension("fit".into()), true, &["a", "b", "c"]);
        check(OrderKey::Dimension("unknown".into()), false, &["a", "b", "c"]);
    }
}
