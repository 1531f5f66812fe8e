//! Log-odds of conditions, drawn towards 0 by what is expected of them: logistic regression with a normal prior.

use super::tally::logistic;
use super::{Cases, Cholesky};

/// Log-odds fitted to some conditions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fit {
    /// The conditions, ascending.
    pub(crate) support: Vec<usize>,
    /// Their log-odds.
    pub(crate) log_odds: Vec<f64>,
    /// The log-odds where none is met.
    pub(crate) start: f64,
    /// The log loss over all rows, and the price of large log-odds.
    pub(crate) loss: f64,
    /// How curved the loss is: the inverse of the covariance, the start first.
    pub(crate) curvature: Cholesky,
}

/// Of each distinct row, the conditions of a support that are met, and their numbers.
struct Met {
    entries: Vec<(usize, f64)>,
    ends: Vec<usize>,
}

const ROUNDS: usize = 30;

/// The likeliest log-odds of some conditions; `from` is where the search begins.
pub(crate) fn fit(cases: &Cases, support: &[usize], shrinkage: f64, from: Option<&Fit>) -> Fit {
    let met = Met::new(cases, support);
    let mut at = beginning(support, from);
    let (mut loss, mut gradient, mut curvature) = met.slope_at(cases, &at, shrinkage);
    for _ in 0..ROUNDS {
        let step = Cholesky::new(curvature.clone(), at.len()).solve(&gradient);
        let gain: f64 = step.iter().zip(&gradient).map(|(step, gradient)| step * gradient).sum();
        let mut share = 1.0;
        let settled = loop {
            let next: Vec<f64> = at.iter().zip(&step).map(|(at, step)| at - share * step).collect();
            let there = met.slope_at(cases, &next, shrinkage);
            if there.0 <= loss {
                at = next;
                (loss, gradient, curvature) = there;
                break gain < 1e-8;
            }
            share /= 2.0;
            if share < 1e-6 {
                break true;
            }
        };
        if settled {
            break;
        }
    }
    let curvature = Cholesky::new(curvature, at.len());
    Fit { support: support.to_vec(), start: at[0], log_odds: at[1..].to_vec(), loss, curvature }
}

/// The start and the log-odds that are known already; 0 for the others.
fn beginning(support: &[usize], from: Option<&Fit>) -> Vec<f64> {
    let known = |condition: &usize| {
        from.and_then(|fit| Some(fit.log_odds[fit.support.binary_search(condition).ok()?])).unwrap_or(0.0)
    };
    std::iter::once(from.map_or(0.0, |fit| fit.start)).chain(support.iter().map(known)).collect()
}

impl Met {
    fn new(cases: &Cases, support: &[usize]) -> Self {
        let mut met = Self { entries: Vec::new(), ends: Vec::with_capacity(cases.len()) };
        for row in 0..cases.len() {
            for (place, condition) in support.iter().enumerate() {
                let number = cases.columns[*condition].at(row);
                if number != 0 {
                    met.entries.push((place + 1, f64::from(number)));
                }
            }
            met.ends.push(met.entries.len());
        }
        met
    }

    fn rows(&self) -> impl Iterator<Item = &[(usize, f64)]> {
        let mut from = 0;
        self.ends.iter().map(move |end| {
            let row = &self.entries[from..*end];
            from = *end;
            row
        })
    }

    /// The loss at a point, and its first and second derivatives.
    fn slope_at(&self, cases: &Cases, at: &[f64], shrinkage: f64) -> (f64, Vec<f64>, Vec<f64>) {
        let size = at.len();
        let mut loss = at[1..].iter().map(|value| value * value).sum::<f64>() * shrinkage / 2.0;
        let mut gradient: Vec<f64> = at.iter().map(|value| shrinkage * value).collect();
        gradient[0] = 0.0;
        let mut curvature = vec![0.0; size * size];
        (1..size).for_each(|place| curvature[place * size + place] = shrinkage);
        for (row, (won, lost)) in self.rows().zip(cases.won.iter().zip(&cases.lost)) {
            let log_odds = at[0] + row.iter().map(|(place, number)| at[*place] * number).sum::<f64>();
            let (chance, more) = logistic(log_odds, *won, *lost);
            loss += more;
            let miss = (won + lost) * chance - won;
            let spread = (won + lost) * chance * (1.0 - chance);
            gradient[0] += miss;
            curvature[0] += spread;
            for (nth, (place, number)) in row.iter().enumerate() {
                gradient[*place] += miss * number;
                curvature[place * size] += spread * number;
                for (other, factor) in &row[..=nth] {
                    curvature[place * size + other] += spread * number * factor;
                }
            }
        }
        (loss, gradient, curvature)
    }
}

impl Fit {
    /// How far the log-odds of each condition may be off: one standard deviation of what the data leave open.
    pub(crate) fn deviations(&self) -> Vec<f64> {
        (0..self.support.len()).map(|place| self.deviation_of(&[(place, 1.0)])).collect()
    }

    /// How far a weighted sum of some log-odds may be off; they are named by their places in the support.
    pub(crate) fn deviation_of(&self, weights: &[(usize, f64)]) -> f64 {
        let mut summed = vec![0.0; self.support.len() + 1];
        weights.iter().for_each(|(place, weight)| summed[place + 1] += weight);
        let solved = self.curvature.solve(&summed);
        let variance: f64 = solved.iter().zip(&summed).map(|(solved, summed)| solved * summed).sum();
        libm::sqrt(variance.max(0.0))
    }

    /// The log-odds of each distinct row.
    pub(super) fn of_rows(&self, cases: &Cases) -> Vec<f64> {
        let mut rows = vec![self.start; cases.len()];
        for (condition, log_odds) in self.support.iter().zip(&self.log_odds) {
            let column = &cases.columns[*condition];
            for (row, code) in rows.iter_mut().zip(&column.codes) {
                *row += log_odds * f64::from(column.levels[usize::from(*code)]);
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_condition_has_the_log_odds_of_its_table() {
        let met = [vec![1; 50], vec![0; 50]].concat();
        let outcomes: Vec<bool> = (0..100).map(|row| !(40..90).contains(&row)).collect();
        let fit = fit(&Cases::new(&[met], &outcomes), &[0], 1e-9, None);
        assert!((fit.start - libm::log(10.0 / 40.0)).abs() < 1e-6);
        assert!((fit.start + fit.log_odds[0] - libm::log(40.0 / 10.0)).abs() < 1e-6);
        let spread = libm::sqrt(1.0 / 40.0 + 1.0 / 10.0 + 1.0 / 40.0 + 1.0 / 10.0);
        assert!((fit.deviations()[0] - spread).abs() < 1e-6, "{:?}", fit.deviations());
    }

    #[test]
    fn log_odds_that_nothing_bounds_are_held_by_what_is_expected() {
        let fit = fit(&Cases::new(&[vec![1, 1, 0, 0]], &[true, true, false, false]), &[0], 1.0, None);
        assert!(fit.log_odds[0] > 0.5 && fit.log_odds[0] < 2.0, "{fit:?}");
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let mut random = crate::Random::new(1);
        let mut held = 0;
        for _ in 0..400 {
            let truth = [random.normal(), random.normal()];
            let (mut met, mut outcomes) = ([vec![], vec![]], vec![]);
            for _ in 0..300 {
                let row = [random.below(2), random.below(4) / 3];
                let log_odds = -1.0 + truth[0] * row[0] as f64 + truth[1] * row[1] as f64;
                outcomes.push(random.unit() < 1.0 / (1.0 + libm::exp(-log_odds)));
                met.iter_mut().zip(row).for_each(|(met, row)| met.push(row as i32));
            }
            let fit = fit(&Cases::new(&met, &outcomes), &[0, 1], 1.0, None);
            let off = (fit.log_odds[1] - truth[1]).abs();
            held += i32::from(off <= 1.96 * fit.deviations()[1]);
        }
        assert!((370..=390).contains(&held), "{held} of 400");
    }
}
