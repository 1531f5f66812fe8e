//! Which conditions matter: a beam search that adds one condition at a time.

use super::fit::{Fit, fit};
use super::{Cases, Limits};

/// How many conditions are tried on each card of the beam.
const TRIED: usize = 5;

/// The likeliest sets of conditions, each with its log-odds, best first.
pub(super) fn supports(cases: &Cases, limits: &Limits, beam: usize) -> Vec<Fit> {
    let mut fits = vec![fit(cases, &[], limits.shrinkage, None)];
    for _ in 0..limits.conditions.min(cases.conditions()) {
        let mut longer: Vec<Fit> = Vec::new();
        for parent in &fits {
            for condition in promising(cases, limits, parent) {
                let mut support = parent.support.clone();
                support.insert(support.partition_point(|other| *other < condition), condition);
                if longer.iter().all(|known| known.support != support) {
                    longer.push(fit(cases, &support, limits.shrinkage, Some(parent)));
                }
            }
        }
        longer.sort_by(|a, b| a.loss.total_cmp(&b.loss).then_with(|| a.support.cmp(&b.support)));
        longer.truncate(beam);
        if longer.is_empty() {
            break;
        }
        fits = longer;
    }
    fits
}

/// The conditions that promise most beside those of a card, best first.
fn promising(cases: &Cases, limits: &Limits, parent: &Fit) -> Vec<usize> {
    let (misses, spreads) = residuals(cases, parent);
    let gain = |condition: usize| {
        cases.gain(condition, limits.points[condition], limits.shrinkage, &misses, &spreads)
    };
    let mut gains: Vec<(f64, usize)> = (0..cases.conditions())
        .filter(|condition| parent.support.binary_search(condition).is_err())
        .filter_map(|condition| Some((gain(condition)?, condition)))
        .collect();
    gains.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    gains.iter().take(TRIED).map(|(_, condition)| *condition).collect()
}

/// Of each distinct row, how many more had the outcome than the card says, and how much of that is chance.
pub(crate) fn residuals(cases: &Cases, parent: &Fit) -> (Vec<f64>, Vec<f64>) {
    let rows = parent.of_rows(cases);
    let both = rows.iter().zip(cases.won.iter().zip(&cases.lost)).map(|(log_odds, (won, lost))| {
        let chance = 1.0 / (1.0 + libm::exp(-log_odds));
        (won - (won + lost) * chance, (won + lost) * chance * (1.0 - chance))
    });
    both.unzip()
}

impl Cases {
    /// What a condition would gain by its own best log-odds and a new start, twice; nothing where its sign is not allowed.
    pub(crate) fn gain(
        &self,
        condition: usize,
        (least, most): (i32, i32),
        shrinkage: f64,
        misses: &[f64],
        spreads: &[f64],
    ) -> Option<f64> {
        let column = &self.columns[condition];
        let (mut pull, mut first, mut second, mut total) = (0.0, 0.0, 0.0, 0.0);
        for ((code, miss), spread) in column.codes.iter().zip(misses).zip(spreads) {
            let number = f64::from(column.levels[usize::from(*code)]);
            pull += number * miss;
            first += number * spread;
            second += number * number * spread;
            total += spread;
        }
        let curvature = second - first * first / total.max(1e-12) + shrinkage;
        let allowed = if pull > 0.0 { most > 0 } else { least < 0 };
        (allowed && curvature > 1e-9).then(|| pull * pull / curvature)
    }
}
