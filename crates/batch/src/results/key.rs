//! Sort keys: lines are ordered by their keys as bytes.

use kelvin_kernel::{plan::Plan, score::Score};

use crate::selection::{Order, OrderKey};

/// How the keys of one model's lines are made.
#[derive(Debug, Clone)]
pub(crate) struct KeyOrder {
    model: u16,
    by: By,
    descending: bool,
}

#[derive(Debug, Clone)]
enum By {
    Id,
    Score,
    /// A dimension of the model, if it has it.
    Dimension(Option<usize>),
}

impl KeyOrder {
    /// The order of a model's lines.
    pub(crate) fn new(order: &Order, model: usize, plan: &Plan) -> Self {
        let by = match &order.key {
            OrderKey::LeadId => By::Id,
            OrderKey::Score => By::Score,
            OrderKey::Dimension(name) => {
                By::Dimension(plan.dimensions.iter().position(|dimension| dimension.id == *name))
            }
        };
        Self { model: model as u16, by, descending: order.descending }
    }

    /// Ascending by id.
    pub(crate) fn by_id() -> Self {
        Self { model: 0, by: By::Id, descending: false }
    }

    /// Appends the key of a line; the id is UTF-8.
    pub(crate) fn put(&self, out: &mut Vec<u8>, id: &[u8], score: &Score) {
        let value = match self.by {
            By::Id => return self.put_id(out, id),
            By::Score => score.score.0,
            By::Dimension(place) => {
                place.and_then(|place| score.dimensions.get(place)).map_or(0, |dimension| dimension.value.0)
            }
        };
        // Models follow each other; values are ordered as unsigned numbers, turned around if descending.
        out.extend_from_slice(&self.model.to_be_bytes());
        let value = value as u64 ^ 1 << 63;
        out.extend_from_slice(&if self.descending { !value } else { value }.to_be_bytes());
        out.extend_from_slice(id);
    }

    /// Appends the key of a line that is ordered by id.
    pub(crate) fn put_id(&self, out: &mut Vec<u8>, id: &[u8]) {
        if self.descending {
            // No byte of UTF-8 is 0xff or 0xfe: what ends first comes last.
            out.extend(id.iter().map(|byte| 0xfe - byte));
            out.push(0xff);
        } else {
            out.extend_from_slice(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::sample::{disqualified, plan, score};

    #[test]
    fn keys_are_ordered_like_leads() {
        let scores = [score(), disqualified()];
        let ids = ["", "a", "a\0", "ab", "b", "ü", "\u{10ffff}"];
        let keys = [OrderKey::LeadId, OrderKey::Score, OrderKey::Dimension("fit".into())];
        for key in keys.into_iter().chain([OrderKey::Dimension("unknown".into())]) {
            for descending in [false, true] {
                let order = Order { key: key.clone(), descending };
                let by = KeyOrder::new(&order, 0, &plan());
                let bytes = |id: &str, score: &Score| {
                    let mut out = Vec::new();
                    by.put(&mut out, id.as_bytes(), score);
                    out
                };
                let leads: Vec<_> =
                    ids.iter().flat_map(|id| scores.iter().map(move |score| (*id, score))).collect();
                for a in &leads {
                    for b in &leads {
                        let expect = order.compare(&plan(), *a, *b);
                        assert_eq!(
                            bytes(a.0, a.1).cmp(&bytes(b.0, b.1)),
                            expect,
                            "{order:?} {} {}",
                            a.0,
                            b.0
                        );
                    }
                }
            }
        }
    }
}
