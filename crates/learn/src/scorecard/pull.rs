//! Log-odds that are drawn towards some that were thought of before: logistic regression with a normal prior around any centre.

use crate::points::{Cholesky, logistic};

/// What is looked at: the size of each effect in each row, what became of the rows, and how much each counts.
pub(super) struct Rows<'a> {
    pub(super) effects: &'a [Vec<f64>],
    pub(super) outcomes: &'a [bool],
    pub(super) weights: &'a [f64],
}

/// Log-odds of effects.
#[derive(Debug, Clone)]
pub(super) struct Pulled {
    /// The log-odds of each effect of size 1.
    pub(super) log_odds: Vec<f64>,
    /// How far each may be off: one standard deviation.
    pub(super) deviations: Vec<f64>,
    /// The logarithm of how likely the outcomes are by this prior, but for a constant (Laplace's approximation).
    pub(super) evidence: f64,
}

/// What is expected of the log-odds of each effect: centre and standard deviation.
pub(super) type Prior = [(f64, f64)];

/// The loss at a point with its derivatives.
struct Slope {
    loss: f64,
    gradient: Vec<f64>,
    curvature: Vec<f64>,
}

const ROUNDS: usize = 40;

/// The likeliest log-odds by what is expected and what became of the rows.
pub(super) fn pulled(rows: &Rows<'_>, prior: &Prior) -> Pulled {
    let size = prior.len() + 1;
    let mut at = vec![0.0; size];
    at.iter_mut().skip(1).zip(prior).for_each(|(at, (centre, _))| *at = *centre);
    let mut here = rows.slope_at(&at, prior);
    for _ in 0..ROUNDS {
        let step = Cholesky::new(here.curvature.clone(), size).solve(&here.gradient);
        let gain: f64 = step.iter().zip(&here.gradient).map(|(step, gradient)| step * gradient).sum();
        let Some((next, there)) = rows.descend(&at, &step, prior, here.loss) else { break };
        (at, here) = (next, there);
        if gain < 1e-9 {
            break;
        }
    }
    let curvature = Cholesky::new(here.curvature, size);
    let deviation = |place: usize| {
        let mut one = vec![0.0; size];
        one[place] = 1.0;
        libm::sqrt(curvature.solve(&one)[place].max(0.0))
    };
    let spreads: f64 = prior.iter().map(|(_, spread)| libm::log(*spread)).sum();
    Pulled {
        deviations: (1..size).map(deviation).collect(),
        evidence: -here.loss - curvature.log_determinant() / 2.0 - spreads,
        log_odds: at.split_off(1),
    }
}

impl Rows<'_> {
    /// The first of a step, its half, its quarter … that does not raise the loss.
    fn descend(&self, at: &[f64], step: &[f64], prior: &Prior, loss: f64) -> Option<(Vec<f64>, Slope)> {
        let mut share = 1.0;
        while share > 1e-6 {
            let next: Vec<f64> = at.iter().zip(step).map(|(at, step)| at - share * step).collect();
            let there = self.slope_at(&next, prior);
            if there.loss <= loss {
                return Some((next, there));
            }
            share /= 2.0;
        }
        None
    }

    fn slope_at(&self, at: &[f64], prior: &Prior) -> Slope {
        let size = at.len();
        let mut slope = Slope { loss: 0.0, gradient: vec![0.0; size], curvature: vec![0.0; size * size] };
        for (place, (centre, spread)) in (1..).zip(prior) {
            let (off, price) = (at[place] - centre, 1.0 / (spread * spread));
            slope.loss += price * off * off / 2.0;
            slope.gradient[place] = price * off;
            slope.curvature[place * size + place] = price;
        }
        let mut row = Vec::with_capacity(size);
        for (number, (outcome, weight)) in self.outcomes.iter().zip(self.weights).enumerate() {
            row.clear();
            row.push((0, 1.0));
            let of_row = self.effects.iter().map(|effect| effect[number]);
            row.extend((1..).zip(of_row).filter(|(_, effect)| *effect != 0.0));
            slope.add(at, &row, *outcome, *weight);
        }
        slope
    }
}

impl Slope {
    fn add(&mut self, at: &[f64], row: &[(usize, f64)], outcome: bool, weight: f64) {
        let log_odds = row.iter().map(|(place, effect)| at[*place] * effect).sum();
        let (won, lost) = if outcome { (weight, 0.0) } else { (0.0, weight) };
        let (chance, loss) = logistic(log_odds, won, lost);
        self.loss += loss;
        let (miss, spread) = (weight * chance - won, weight * chance * (1.0 - chance));
        for (nth, (place, effect)) in row.iter().enumerate() {
            self.gradient[*place] += miss * effect;
            for (other, factor) in &row[..=nth] {
                self.curvature[place * at.len() + other] += spread * effect * factor;
            }
        }
    }
}
