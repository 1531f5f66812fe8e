//! All rows fitted with what was chosen.

use super::{Choice, TrainSettings};
use crate::binned::{Binned, BinnedColumn, Bins};
use crate::calibration::Calibration;
use crate::logistic::{Linear, Logistic};
use crate::trees::boost::{Boosting, Lessons};
use crate::trees::{Tree, tree};
use crate::{Input, Predictor, threads};

/// The model of all rows, not yet calibrated; `begun` has trees for all rows, at least as many as were chosen of each lot, where they were
/// grown beside others.
pub(super) fn refit(
    lessons: Lessons<'_>,
    logistic: &Logistic<'_>,
    begun: Vec<Boosting<'_>>,
    settings: &TrainSettings,
    choice: &Choice,
) -> Predictor {
    let binned = lessons.binned;
    let (base, trees) =
        if choice.tree_share > 0.0 { trees(lessons, begun, settings, choice) } else { (0.0, Vec::new()) };
    let linear = (choice.tree_share < 1.0).then(|| linear(logistic, binned, choice));
    let inputs = binned.columns.iter().map(input).collect();
    Predictor { inputs, base, trees, linear, calibration: Calibration::None }
}

/// The trees of all rows, of which there are several lots where rows are few, not yet grown.
pub(super) fn lots<'a>(lessons: Lessons<'a>, seed: u64) -> Vec<Boosting<'a>> {
    let rows = lessons.binned.rows;
    let lot =
        |lot| Boosting::new(lessons, (0..).take(rows).collect(), Vec::new(), seed.wrapping_add(1000 + lot));
    (0..lot_count(rows)).map(lot).collect()
}

/// Several times as many trees as were chosen, from different seeds, of which each counts as much less: where rows
/// are few, what one lot of trees makes of them is chance.
#[expect(clippy::cast_precision_loss, reason = "lots are few")]
fn trees<'a>(
    lessons: Lessons<'a>,
    begun: Vec<Boosting<'a>>,
    settings: &TrainSettings,
    choice: &Choice,
) -> (f64, Vec<Tree>) {
    let mut grown = if begun.is_empty() { lots(lessons, settings.seed) } else { begun };
    threads::each(&mut grown, settings.threads, |lot| {
        (lot.trees.len()..choice.rounds).for_each(|_| lot.add());
    });
    let weight = choice.tree_share / grown.len() as f64;
    let bases = grown.iter().map(|lot| lot.base * weight).sum();
    let trees = grown.iter().flat_map(|lot| lot.trees.iter().take(choice.rounds));
    (bases, trees.map(|grown| tree(grown, lessons.binned, weight)).collect())
}

/// Whether the trees of all rows are best grown beside those of the folds: where there is one lot, nothing else keeps all threads busy.
pub(super) fn is_early(rows: usize) -> bool {
    lot_count(rows) == 1
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
