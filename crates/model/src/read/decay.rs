//! The five forms of decay.

use super::field;
use crate::{
    syntax::Node,
    tree::{Decay, Row},
};

/// The decay that a map describes; steps in ascending order.
pub(super) fn decay(node: &Node) -> Option<Decay> {
    let duration = |key: &str| node.get(key).and_then(|node| field::duration(node, false));
    if let Some(half_life) = duration("half_life") {
        return Some(Decay::HalfLife(half_life.value));
    }
    if let Some(linear) = duration("linear") {
        return Some(Decay::Linear(linear.value));
    }
    if let Some(expire) = duration("expire") {
        return Some(Decay::Expire(expire.value));
    }
    if let Some(steps) = node.get("steps").and_then(Node::entries) {
        let row = |entry: &crate::syntax::Entry| {
            Some(Row { key: field::duration(&entry.key, true)?, number: field::number(&entry.value)? })
        };
        let mut rows: Vec<_> = steps.iter().filter_map(row).collect();
        rows.sort_by_key(|row| row.key.value);
        return Some(Decay::Steps(rows));
    }
    let lose = field::number(node.get("lose")?)?.value;
    Some(Decay::Lose { lose, every: duration("every")?.value })
}
