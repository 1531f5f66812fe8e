//! Between what log-odds lie while each input lies somewhere in a span.
//!
//! Sums are taken in the order of [`Predictor::log_odds`]: as rounding never turns an order round, what is summed of least
//! parts is no more than what is summed of any.

use super::{Node, Predictor, Split, Term, Test, Tree, reading::Span};

/// The least and the greatest log-odds.
pub(super) fn log_odds(predictor: &Predictor, spans: &[Span]) -> (f64, f64) {
    let trees: Vec<_> = predictor.trees.iter().map(|tree| below(tree, spans, 0)).collect();
    let terms: Vec<_> = predictor
        .linear
        .iter()
        .flat_map(|linear| linear.terms.iter().zip(spans))
        .map(|(term, span)| term.between(span))
        .collect();
    let total = |end: fn(&(f64, f64)) -> f64| {
        let linear = predictor.linear.as_ref();
        let linear = linear.map_or(0.0, |linear| linear.base + terms.iter().map(end).sum::<f64>());
        predictor.base + trees.iter().map(end).sum::<f64>() + linear
    };
    (total(|ends| ends.0), total(|ends| ends.1))
}

/// The least and the greatest leaf that can be reached from a node.
fn below(tree: &Tree, spans: &[Span], at: usize) -> (f64, f64) {
    match &tree.nodes[at] {
        Node::Leaf { value, .. } => (*value, *value),
        Node::Split(split) => match split.sides(&spans[split.column]) {
            (true, false) => below(tree, spans, split.left),
            (false, _) => below(tree, spans, split.right),
            (true, true) => hull(below(tree, spans, split.left), below(tree, spans, split.right)),
        },
    }
}

fn hull(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.max(b.1))
}

impl Split {
    /// Whether the left and the right can be gone to.
    fn sides(&self, span: &Span) -> (bool, bool) {
        let (left, right) = match (span.known, &self.test) {
            (None, _) => (false, false),
            (Some((least, most)), Test::AtMost(cut)) => (least <= *cut, most > *cut),
            // The place of a level, which does not change.
            (Some((level, _)), test) => (test.holds(level), !test.holds(level)),
        };
        (left || span.may_miss && self.missing_left, right || span.may_miss && !self.missing_left)
    }
}

impl Term {
    /// Between what a column's part lies: it only rises with the number, or only falls.
    fn between(&self, span: &Span) -> (f64, f64) {
        let known = span.known.map(|(least, most)| {
            let (a, b) = (self.part(least), self.part(most));
            (a.min(b), a.max(b))
        });
        let missing = span.may_miss.then(|| self.part(f64::NAN)).map(|part| (part, part));
        match (known, missing) {
            (Some(known), Some(missing)) => hull(known, missing),
            (known, missing) => known.or(missing).unwrap_or_default(),
        }
    }
}
