//! Few whole points that tell outcomes apart: sparse integer risk scores.
//!
//! In the class of `FasterRisk` (Liu et al., 2022): a beam search finds which conditions matter, rays of multipliers round
//! their log-odds to points, and a search among the neighbours of each card ends where no single change of points and
//! no exchange of two conditions makes the data likelier. The last step is exact and cheap, because the loss of a
//! card depends on the data only by how many with each score have the outcome.

mod cases;
mod cholesky;
mod fit;
mod polish;
mod round;
mod support;
mod tally;

pub use cases::Cases;
pub(crate) use cholesky::Cholesky;
pub(crate) use fit::{Fit, fit};
pub(crate) use support::residuals;
pub use tally::Line;
pub(crate) use tally::logistic;

use polish::Card;

/// What points may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// How many conditions may have points.
    pub conditions: usize,
    /// Of each condition, the least and the most points; 0 lies between them.
    pub points: Vec<(i32, i32)>,
    /// How strongly log-odds are drawn towards 0: one over the variance that is expected of them.
    pub shrinkage: f64,
}

/// Points of conditions.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// Of each condition; 0 where it does not count.
    pub points: Vec<i32>,
    /// What a score means.
    pub line: Line,
}

/// How many sets of conditions are followed at once, how many of their roundings are polished, how many to the end.
const BEAM: usize = 5;
const CANDIDATES: usize = 20;
const FINALISTS: usize = 3;

/// The card of few whole points that makes the outcomes likeliest, as far as the search sees.
#[must_use]
pub fn points(cases: &Cases, limits: &Limits) -> Points {
    let supports = support::supports(cases, limits, BEAM);
    let rounded = supports.iter().flat_map(|fit| round::cards(cases, limits, fit)).collect();
    let mut cards = best(rounded, CANDIDATES);
    cards.iter_mut().for_each(|card| card.settle(cases, limits));
    let mut cards = best(cards, FINALISTS);
    cards.iter_mut().for_each(|card| card.exchange(cases, limits));
    first(cases, cards)
}

/// Whole points near log-odds that were fitted to the same conditions; none is exchanged for another.
pub(crate) fn rounded(cases: &Cases, limits: &Limits, fit: &Fit) -> Points {
    let mut cards = best(round::cards(cases, limits, fit), CANDIDATES);
    cards.iter_mut().for_each(|card| card.settle(cases, limits));
    first(cases, cards)
}

/// The likeliest cards, best first, each once.
fn best(mut cards: Vec<Card>, count: usize) -> Vec<Card> {
    cards.sort_by(|a, b| a.line.loss.total_cmp(&b.line.loss));
    cards.dedup_by(|a, b| a.points == b.points);
    cards.truncate(count);
    cards
}

fn first(cases: &Cases, cards: Vec<Card>) -> Points {
    best(cards, 1).pop().unwrap_or_else(|| Card::empty(cases)).into()
}

impl From<Card> for Points {
    fn from(card: Card) -> Self {
        Self { points: card.points, line: card.line }
    }
}
