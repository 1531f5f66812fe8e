//! All rows fitted with what was chosen.

use super::{Choice, TrainSettings};
use crate::binned::{Binned, BinnedColumn, Bins};
use crate::calibration::Calibration;
use crate::logistic::{Linear, Logistic};
use crate::trees::boost::{Boosting, Lessons};
use crate::trees::{Tree, tree};
use crate::{Input, Predictor, Table, threads};

/// The model of all rows, not yet calibrated.
pub(super) fn refit(
    table: &Table,
    binned: &Binned,
    outcomes: &[bool],
    settings: &TrainSettings,
    choice: &Choice,
) -> Predictor {
    let (base, trees) =
        if choice.tree_share > 0.0 { trees(binned, outcomes, settings, choice) } else { (0.0, Vec::new()) };
    let linear = (choice.tree_share < 1.0).then(|| linear(table, binned, outcomes, choice));
    let inputs = binned.columns.iter().map(input).collect();
    Predictor { inputs, base, trees, linear, calibration: Calibration::None }
}

/// Several times as many trees as were chosen, from different seeds, of which each counts as much less: where rows
/// are few, what one lot of trees makes of them is chance.
#[expect(clippy::cast_precision_loss, reason = "lots are few")]
fn trees(binned: &Binned, outcomes: &[bool], settings: &TrainSettings, choice: &Choice) -> (f64, Vec<Tree>) {
    let lots = lots(binned.rows);
    let inner = if lots > 1 { 1 } else { settings.threads };
    let lessons = Lessons {
        binned,
        outcomes,
        settings: &settings.trees,
        directions: &settings.directions,
        threads: inner,
    };
    let weight = choice.tree_share / lots as f64;
    let grown = threads::map(lots, settings.threads, |lot| {
        let seed = settings.seed.wrapping_add(1000 + lot as u64);
        let mut boosting = Boosting::new(lessons, (0..).take(binned.rows).collect(), Vec::new(), seed);
        (0..choice.rounds).for_each(|_| boosting.add());
        let trees = boosting.trees.iter().map(|grown| tree(grown, binned, weight)).collect();
        (boosting.base * weight, trees)
    });
    let (bases, trees): (Vec<f64>, Vec<Vec<Tree>>) = grown.into_iter().unzip();
    (bases.iter().sum(), trees.into_iter().flatten().collect())
}

fn lots(rows: usize) -> usize {
    match rows {
        0..2_000 => 8,
        2_000..20_000 => 3,
        _ => 1,
    }
}

fn linear(table: &Table, binned: &Binned, outcomes: &[bool], choice: &Choice) -> Linear {
    let logistic = Logistic::new(table, binned, outcomes);
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
