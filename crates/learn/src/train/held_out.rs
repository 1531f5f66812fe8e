//! Predictions for rows that were not learned from, by trees and by the logistic model.

use super::TrainSettings;
use super::folds::Fold;
use crate::logistic::Logistic;
use crate::trees::boost::{Boosting, Lessons};
use crate::{odds, threads};

/// After so many trees that brought nothing no more are tried.
const PATIENCE: usize = 40;
/// How strongly the weights of the logistic model may be shrunk, the strongest first.
const SHRINKAGES: [f64; 5] = [1000.0, 100.0, 30.0, 10.0, 1.0];

/// How a kind of model did on rows that it had not learned from, as strong as it did best.
pub(super) struct HeldOut<T> {
    /// How strong that was: trees, or shrinking.
    pub(super) strength: T,
    /// The log-odds of each row; where a row was held out several times, their mean, and not a number where never.
    pub(super) log_odds: Vec<f64>,
}

/// Log-odds of the rows that folds held out, fold by fold.
type ByFold = Vec<Vec<f64>>;

/// Folds wait for each other only after so many trees: a few trees too many take less time than to wait after each.
const STRIDE: usize = 8;

/// Trees of one fold, and what they foretold after each tree of the last stride.
struct Stride<'a> {
    trees: Boosting<'a>,
    /// The mean log loss of the rows that the fold watches, and their log-odds.
    steps: Vec<(f64, Vec<f64>)>,
}

impl<'a> Stride<'a> {
    fn new(trees: Boosting<'a>) -> Self {
        Self { trees, steps: Vec::new() }
    }

    fn go(&mut self, rounds: usize) {
        let Self { trees, steps } = self;
        let step = |_| {
            trees.add();
            (trees.loss(), trees.foretold())
        };
        *steps = (0..rounds).map(step).collect();
    }
}

/// Trees are added to all folds at once until the folds together gain no more; beside them to the lots of trees for all rows, so that
/// these are ready.
pub(super) fn trees<'a>(
    lessons: Lessons<'a>,
    folds: &[Fold],
    lots: &mut Vec<Boosting<'a>>,
    settings: &TrainSettings,
) -> HeldOut<usize> {
    let start = |(number, fold): (u64, &Fold)| {
        Boosting::new(lessons, fold.taught.clone(), fold.watched.clone(), settings.seed.wrapping_add(number))
    };
    let all = (0_u64..).zip(folds).map(start).chain(lots.drain(..));
    let mut strides: Vec<Stride<'_>> = all.map(Stride::new).collect();
    let before: ByFold = strides[..folds.len()].iter().map(|fold| fold.trees.foretold()).collect();
    let (mut best, mut round) = ((f64::INFINITY, 0, before), 0);
    while round < settings.trees.rounds && round < best.1 + PATIENCE {
        let rounds = STRIDE.min(settings.trees.rounds - round);
        threads::each(&mut strides, settings.threads, |fold| fold.go(rounds));
        for step in 0..rounds {
            round += 1;
            let of_folds = || strides[..folds.len()].iter().map(|fold| &fold.steps[step]);
            let loss: f64 = of_folds().map(|(loss, _)| loss).sum();
            if loss < best.0 {
                best = (loss, round, of_folds().map(|(_, log_odds)| log_odds.clone()).collect());
            } else if round >= best.1 + PATIENCE {
                break;
            }
        }
    }
    lots.extend(strides.drain(folds.len()..).map(|lot| lot.trees));
    HeldOut { strength: best.1, log_odds: mean(lessons.outcomes.len(), folds, &best.2) }
}

/// The logistic model with each shrinking, each starting from the one before.
pub(super) fn logistic(
    logistic: &Logistic<'_>,
    outcomes: &[bool],
    folds: &[Fold],
    threads: usize,
) -> HeldOut<f64> {
    let fitted = threads::map(folds.len(), threads, |fold| {
        let mut weights = logistic.start();
        SHRINKAGES.map(|l2| {
            weights = logistic.fit(&folds[fold].taught, l2, &weights);
            logistic.log_odds(&folds[fold].watched, &weights)
        })
    });
    let strengths = SHRINKAGES.into_iter().enumerate().map(|(place, l2)| {
        let by_fold: ByFold = fitted.iter().map(|fold| fold[place].clone()).collect();
        (loss(outcomes, folds, &by_fold), l2, by_fold)
    });
    let best = strengths.min_by(|a, b| a.0.total_cmp(&b.0));
    let (strength, by_fold) = best.map_or((SHRINKAGES[0], ByFold::new()), |(_, l2, by_fold)| (l2, by_fold));
    HeldOut { strength, log_odds: mean(outcomes.len(), folds, &by_fold) }
}

fn loss(outcomes: &[bool], folds: &[Fold], by_fold: &ByFold) -> f64 {
    let rows = folds.iter().zip(by_fold).flat_map(|(fold, log_odds)| fold.watched.iter().zip(log_odds));
    odds::Loss::of(rows.map(|(row, log_odds)| (*log_odds, outcomes[*row as usize])))
}

/// What folds predicted for each row, on average.
fn mean(rows: usize, folds: &[Fold], by_fold: &ByFold) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); rows];
    for (fold, log_odds) in folds.iter().zip(by_fold) {
        for (row, log_odds) in fold.watched.iter().zip(log_odds) {
            let sum = &mut sums[*row as usize];
            *sum = (sum.0 + log_odds, sum.1 + 1.0);
        }
    }
    // 0 by 0 is not a number, as it should be.
    sums.into_iter().map(|(sum, times)| sum / times).collect()
}
