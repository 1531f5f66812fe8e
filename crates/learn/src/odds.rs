//! Probabilities and their log-odds, and how far they are from what happened.

pub(crate) use kelvin_kernel::predict::odds::probability;

/// The log losses of many rows, added up: a product has one logarithm where a sum would have one for each row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loss {
    sum: f64,
    product: f64,
}

/// Products beyond this become part of the sum.
const LARGE: f64 = 1e200;

impl Loss {
    pub(crate) const NONE: Self = Self { sum: 0.0, product: 1.0 };

    /// Adds a row; tells the slope of its loss: by how much the probability is too high.
    #[inline]
    pub(crate) fn add(&mut self, log_odds: f64, outcome: bool) -> f64 {
        let against = if outcome { -log_odds } else { log_odds };
        let near = libm::exp(-against.abs());
        let share = 1.0 / (1.0 + near);
        self.sum += against.max(0.0);
        self.product *= 1.0 + near;
        if self.product > LARGE {
            *self = Self { sum: self.total(), product: 1.0 };
        }
        let wrong = if against > 0.0 { share } else { near * share };
        if outcome { -wrong } else { wrong }
    }

    /// The sum of the losses of all rows.
    pub(crate) fn total(self) -> f64 {
        self.sum + libm::log(self.product)
    }

    /// The sum of the losses of rows, each with its log-odds and its outcome.
    pub(crate) fn of(rows: impl Iterator<Item = (f64, bool)>) -> f64 {
        let mut loss = Self::NONE;
        rows.for_each(|(log_odds, outcome)| _ = loss.add(log_odds, outcome));
        loss.total()
    }
}

/// The log-odds of the outcome among some rows, drawn a little to even odds so that it is finite.
#[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^52")]
pub(crate) fn base(outcomes: &[bool], rows: &[u32]) -> f64 {
    let positives = rows.iter().filter(|row| outcomes[**row as usize]).count() as f64;
    libm::log((positives + 0.5) / (rows.len() as f64 - positives + 0.5))
}

#[cfg(test)]
mod tests {
    use kelvin_kernel::predict::odds::surprise;

    use super::*;

    #[test]
    fn losses_of_many_rows_are_the_sum_of_those_of_each() {
        let rows = || (0..5000).map(|row| (f64::from(row % 81) - 40.0, row % 3 == 0));
        let sum: f64 = rows().map(|(log_odds, outcome)| surprise(log_odds, outcome)).sum();
        let found = Loss::of(rows());
        assert!((found / sum - 1.0).abs() < 1e-12, "{found} {sum}");
    }

    #[test]
    fn the_slope_of_a_loss_is_how_far_the_probability_is_off() {
        for (log_odds, outcome) in [(-3.0, true), (-3.0, false), (0.0, true), (5.0, false)] {
            let off = probability(log_odds) - f64::from(u8::from(outcome));
            assert!((Loss::NONE.clone().add(log_odds, outcome) - off).abs() < 1e-15);
        }
    }
}
