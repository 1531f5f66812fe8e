//! How many with each score have the outcome, and the log-odds that a score stands for.

/// Of each score from the lowest on, how many had the outcome and how many had not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tally {
    pub(super) lowest: i32,
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
}

/// The log-odds of a score: a straight line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// The log-odds of the score 0.
    pub start: f64,
    /// What one point adds.
    pub slope: f64,
    /// The log loss over all rows, and the price of large log-odds.
    pub loss: f64,
}

/// Where the loss of a line falls, and how steeply.
struct Slope {
    loss: f64,
    gradient: [f64; 2],
    /// The second derivatives by start, by both, by slope.
    curvature: [f64; 3],
}

/// A step is small enough when it gains less than this.
const SETTLED: f64 = 1e-10;

impl Tally {
    /// A tally of scores within bounds, of none yet.
    pub(super) fn new(lowest: i32, highest: i32) -> Self {
        let width = usize::try_from(highest - lowest + 1).unwrap_or(0);
        Self { lowest, won: vec![0.0; width], lost: vec![0.0; width] }
    }

    pub(super) fn add(&mut self, score: i32, won: f64, lost: f64) {
        let place = usize::try_from(score - self.lowest).unwrap_or(0);
        self.won[place] += won;
        self.lost[place] += lost;
    }

    /// The line that makes the outcomes likeliest, found from another one; nothing where it will be worse than `bound`.
    ///
    /// A slope that is squared costs half of `price`.
    pub(super) fn line(&self, from: Line, price: f64, bound: f64) -> Option<Line> {
        let mut line = from;
        let mut here = self.slope_at(line, price);
        for _ in 0..50 {
            let (start, slope, gain) = here.step();
            // Near the end a step gains half of what its first derivative promises; twice as much is a safe bound.
            if here.loss - 2.0 * gain > bound && gain < 1.0 {
                return None;
            }
            if gain < SETTLED {
                break;
            }
            let Some((next, there)) = self.descend(line, (start, slope), price, here.loss) else { break };
            (line, here) = (next, there);
        }
        Some(Line { loss: here.loss, ..line })
    }

    /// The first of a step, its half, its quarter … that lowers the loss.
    fn descend(&self, line: Line, step: (f64, f64), price: f64, loss: f64) -> Option<(Line, Slope)> {
        let mut share = 1.0;
        for _ in 0..30 {
            let next =
                Line { start: line.start + share * step.0, slope: line.slope + share * step.1, ..line };
            let there = self.slope_at(next, price);
            if there.loss < loss {
                return Some((next, there));
            }
            share /= 2.0;
        }
        None
    }

    fn slope_at(&self, line: Line, price: f64) -> Slope {
        let mut at = Slope {
            loss: price * line.slope * line.slope / 2.0,
            gradient: [0.0, price * line.slope],
            curvature: [1e-12, 0.0, price + 1e-12],
        };
        let mut score = f64::from(self.lowest) - 1.0;
        for (won, lost) in self.won.iter().zip(&self.lost) {
            score += 1.0;
            let all = won + lost;
            if all > 0.0 {
                let (chance, loss) = logistic(line.start + line.slope * score, *won, *lost);
                at.loss += loss;
                let miss = all * chance - won;
                let spread = all * chance * (1.0 - chance);
                at.gradient[0] += miss;
                at.gradient[1] += miss * score;
                at.curvature[0] += spread;
                at.curvature[1] += spread * score;
                at.curvature[2] += spread * score * score;
            }
        }
        at
    }
}

impl Slope {
    /// Newton's step and what it promises to gain.
    fn step(&self) -> (f64, f64, f64) {
        let [a, b, c] = self.curvature;
        let [by_start, by_slope] = self.gradient;
        // All at one score: the slope says nothing there.
        let determinant = (a * c - b * b).max(1e-12 * (1.0 + a * c));
        let start = (b * by_slope - c * by_start) / determinant;
        let slope = (b * by_start - a * by_slope) / determinant;
        (start, slope, -(start * by_start + slope * by_slope) / 2.0)
    }
}

/// The chance that log-odds stand for, and the log loss of so many with and without the outcome.
pub(crate) fn logistic(log_odds: f64, won: f64, lost: f64) -> (f64, f64) {
    let small = libm::exp(-log_odds.abs());
    let other = libm::log1p(small);
    let chance = if log_odds >= 0.0 { 1.0 / (1.0 + small) } else { small / (1.0 + small) };
    let (if_won, if_lost) =
        if log_odds >= 0.0 { (other, log_odds + other) } else { (other - log_odds, other) };
    (chance, won * if_won + lost * if_lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Line = Line { start: 0.0, slope: 0.0, loss: 0.0 };

    #[test]
    fn a_line_meets_the_log_odds_of_two_scores() {
        let tally = Tally { lowest: 0, won: vec![10.0, 0.0, 60.0], lost: vec![90.0, 0.0, 40.0] };
        let line = tally.line(FLAT, 0.0, f64::INFINITY).expect("no bound");
        assert!((line.start - libm::log(10.0 / 90.0)).abs() < 1e-6, "{line:?}");
        assert!((line.start + 2.0 * line.slope - libm::log(1.5)).abs() < 1e-6, "{line:?}");
    }

    #[test]
    fn scores_that_part_all_outcomes_still_have_a_finite_line_when_slopes_cost() {
        let tally = Tally { lowest: -1, won: vec![0.0, 0.0, 5.0], lost: vec![5.0, 0.0, 0.0] };
        let line = tally.line(FLAT, 1.0, f64::INFINITY).expect("no bound");
        assert!(line.slope > 0.5 && line.slope < 5.0, "{line:?}");
    }
}
