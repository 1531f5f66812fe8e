//! All rows fitted with what was chosen.

use super::Choice;
use crate::binned::{Binned, BinnedColumn, Bins};
use crate::calibration::Calibration;
use crate::logistic::{Linear, Logistic};
use crate::trees::boost::{Boosting, Lessons};
use crate::trees::{Tree, tree};
use crate::{Input, Predictor};

/// The model of all rows, not yet calibrated. The lots hold at least as many trees as were chosen.
pub(super) fn refit(
    binned: &Binned,
    logistic: &Logistic<'_>,
    lots: &[Boosting<'_>],
    choice: &Choice,
) -> Predictor {
    let (base, trees) = if choice.tree_share > 0.0 { trees(binned, lots, choice) } else { (0.0, Vec::new()) };
    let linear = (choice.tree_share < 1.0).then(|| linear(logistic, binned, choice));
    let inputs = binned.columns.iter().map(input).collect();
    Predictor { inputs, base, trees, linear, calibration: Calibration::None }
}

/// The trees of all rows, not yet grown: several lots from different seeds where rows are few, for what one lot makes of few rows is
/// chance.
pub(super) fn lots<'a>(lessons: Lessons<'a>, seed: u64) -> Vec<Boosting<'a>> {
    let rows = lessons.binned.rows;
    let lot =
        |lot| Boosting::new(lessons, (0..).take(rows).collect(), Vec::new(), seed.wrapping_add(1000 + lot));
    (0..lot_count(rows)).map(lot).collect()
}

/// The trees that were chosen, of which each counts less where there are several lots.
#[expect(clippy::cast_precision_loss, reason = "lots are few")]
fn trees(binned: &Binned, lots: &[Boosting<'_>], choice: &Choice) -> (f64, Vec<Tree>) {
    let weight = choice.tree_share / lots.len() as f64;
    let base = lots.iter().map(|lot| lot.base * weight).sum();
    let trees = lots.iter().flat_map(|lot| lot.trees.iter().take(choice.rounds));
    (base, trees.map(|grown| tree(grown, binned, weight)).collect())
}

fn lot_count(rows: usize) -> u64 {
    match rows {
        0..2_000 => 8,
        2_000..20_000 => 3,
        _ => 1,
    }
}

fn linear(logistic: &Logistic<'_>, binned: &Binned, choice: &Choice) -> Linear {
    let rows: Vec<u32> = (0..).take(binned.rows).collect();
    let weights = logistic.fit(&rows, choice.l2, &logistic.start());
    logistic.linear(&weights, 1.0 - choice.tree_share)
}

fn input(column: &BinnedColumn) -> Input {
    let levels = match &column.bins {
        Bins::Levels(levels) => Some(levels.clone()),
        Bins::Cuts(_) => None,
    };
    Input { feature: column.feature.to_string(), levels }
}
