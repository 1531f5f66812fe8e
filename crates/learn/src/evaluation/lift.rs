//! How many times as often the outcome comes in some rows as in the others, and how sure that is.

use super::Rows;
use crate::{chance::fisher, measure::design_effect};

/// The ratio of two rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lift {
    /// The ratio's logarithm.
    log: f64,
    /// The standard error of that.
    error: f64,
    /// The chance of rates as far apart, or farther, where the outcome does not depend on it.
    pub(super) chance: f64,
}

/// Rows, and how many of them have the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Side {
    pub(super) rows: f64,
    pub(super) positives: f64,
}

impl Side {
    /// The share with the outcome; nothing without rows.
    pub(super) fn rate(self) -> Option<f64> {
        (self.rows > 0.0).then(|| self.positives / self.rows)
    }
}

/// The rows that something holds for, and the others.
pub(super) fn sides(holds: &[bool], outcomes: &[bool]) -> [Side; 2] {
    let mut sides = [Side::default(); 2];
    for (holds, outcome) in holds.iter().zip(outcomes) {
        let side = &mut sides[usize::from(!holds)];
        side.rows += 1.0;
        side.positives += f64::from(u8::from(*outcome));
    }
    sides
}

impl Lift {
    /// How many times as often the outcome comes in the rows that something holds for; nothing where it holds for all or none.
    ///
    /// The error is that of Katz et al. (1978), half an example added to each count, and as many times the larger as rows of one lead
    /// tell the same again; the chance is that of Fisher's exact test, of as many times the fewer rows.
    pub(super) fn new(holds: &[bool], rows: &Rows<'_>) -> Option<Self> {
        let sides = sides(holds, &rows.outcomes);
        if sides.iter().any(|side| side.rows <= 0.0) {
            return None;
        }
        let [with, without] =
            sides.map(|side| Side { rows: side.rows + 0.5, positives: side.positives + 0.5 });
        let spread = |side: Side| (1.0 / side.positives - 1.0 / side.rows).max(0.0);
        // What each row adds to the logarithm (delta method).
        let part = |(holds, outcome): (&bool, &bool)| {
            let (side, sign) = if *holds { (with, 1.0) } else { (without, -1.0) };
            sign * (f64::from(u8::from(*outcome)) - side.positives / side.rows) / side.positives
        };
        let parts: Vec<f64> = holds.iter().zip(&rows.outcomes).map(part).collect();
        let effect = design_effect(&parts, &rows.leads);
        Some(Self {
            log: libm::log(with.positives / with.rows) - libm::log(without.positives / without.rows),
            error: (effect * (spread(with) + spread(without))).sqrt(),
            chance: fisher(sides.map(|side| {
                [side.positives, side.rows - side.positives].map(|count| (count / effect).round() as u64)
            })),
        })
    }

    /// Whether the outcome comes more often where it holds.
    pub(super) fn rises(self) -> bool {
        self.log > 0.0
    }

    /// The ratio.
    pub(super) fn value(self) -> f64 {
        libm::exp(self.log)
    }

    /// The interval in which the ratio lies in 95 of 100 cases.
    pub(super) fn interval(self) -> [f64; 2] {
        const Z: f64 = 1.959_963_984_540_054;
        [-Z, Z].map(|z| libm::exp(self.log + z * self.error))
    }
}
