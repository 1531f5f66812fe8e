//! How much trees and the logistic model count, by the evidence of rows that neither was fitted to.

use serde::{Deserialize, Serialize};

use super::held_out::HeldOut;
use crate::calibration::Tried;
use crate::odds;

/// A blend must lower the log loss by this share of what trees alone have, or it is not worth its length.
const WORTH_BLENDING: f64 = 0.001;

/// What training chose, and the evidence: log losses on rows that were held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// How many trees.
    pub rounds: usize,
    /// How strongly the weights of the logistic model are shrunk.
    pub l2: f64,
    /// The share of trees in the log-odds; the rest is the logistic model's.
    pub tree_share: f64,
    /// The log loss of trees alone.
    pub trees_log_loss: f64,
    /// The log loss of the logistic model alone.
    pub logistic_log_loss: f64,
    /// The log loss of what was chosen, before calibration.
    pub log_loss: f64,
    /// The calibration that was chosen.
    pub calibration: String,
    /// The log loss of each kind of calibration, by its name.
    pub calibrations: Vec<(String, f64)>,
}

/// Both models together on the rows that were held out.
pub(super) struct Blend {
    pub(super) rows: Vec<usize>,
    pub(super) log_odds: Vec<f64>,
    tree_share: f64,
    trees_log_loss: f64,
    logistic_log_loss: f64,
    log_loss: f64,
}

/// The blend of the lowest log loss; trees alone, or the logistic model alone, where a blend is hardly better.
pub(super) fn blend(trees: &HeldOut<usize>, logistic: &HeldOut<f64>, outcomes: &[bool]) -> Blend {
    let rows: Vec<usize> = (0..outcomes.len()).filter(|row| !trees.log_odds[*row].is_nan()).collect();
    let mixed = |share: f64| -> Vec<f64> {
        rows.iter()
            .map(|row| share * trees.log_odds[*row] + (1.0 - share) * logistic.log_odds[*row])
            .collect()
    };
    let loss = |share: f64| mean_loss(&mixed(share), &rows, outcomes);
    let shares: Vec<(f64, f64)> =
        (0..=10_u8).map(|tenths| f64::from(tenths) / 10.0).map(|share| (share, loss(share))).collect();
    let (trees_log_loss, logistic_log_loss) = (shares[10].1, shares[0].1);
    let alone = if trees_log_loss <= logistic_log_loss { shares[10] } else { shares[0] };
    let best =
        shares.into_iter().reduce(|best, next| if next.1 < best.1 { next } else { best }).unwrap_or(alone);
    let (tree_share, log_loss) = if best.1 < alone.1 * (1.0 - WORTH_BLENDING) { best } else { alone };
    let log_odds = mixed(tree_share);
    Blend { rows, log_odds, tree_share, trees_log_loss, logistic_log_loss, log_loss }
}

impl Blend {
    pub(super) fn choice(
        &self,
        trees: &HeldOut<usize>,
        logistic: &HeldOut<f64>,
        calibration: &str,
        tried: &[Tried],
    ) -> Choice {
        Choice {
            rounds: trees.strength,
            l2: logistic.strength,
            tree_share: self.tree_share,
            trees_log_loss: self.trees_log_loss,
            logistic_log_loss: self.logistic_log_loss,
            log_loss: self.log_loss,
            calibration: calibration.into(),
            calibrations: tried.iter().map(|tried| (tried.name.into(), tried.log_loss)).collect(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
fn mean_loss(log_odds: &[f64], rows: &[usize], outcomes: &[bool]) -> f64 {
    let loss = odds::Loss::of(log_odds.iter().zip(rows).map(|(log_odds, row)| (*log_odds, outcomes[*row])));
    loss / rows.len().max(1) as f64
}
