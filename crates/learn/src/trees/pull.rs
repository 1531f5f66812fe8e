//! Where rows want to go, in whole numbers: sums of them are exact, whatever their order, and quick.

use std::ops::{AddAssign, Sub};

/// Slope and curvature of the loss at a row, or their sums over rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pull {
    slope: i64,
    /// The curvature in the upper bits, how many rows in the lower.
    weight: i64,
}

/// Slope and curvature of the loss over some rows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    pub(super) gradient: f64,
    pub(super) hessian: f64,
    pub(super) rows: u32,
}

/// The units of pulls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// How many units of slope and of curvature are 1.
    units: [f64; 2],
    /// What a unit of each is.
    unit: [f64; 2],
    /// For how many rows.
    count_bits: u32,
}

impl Scale {
    /// Units as fine as the sums of so many rows allow: a curvature is a quarter at most, and 63 bits hold it and the count.
    pub(super) fn new(rows: usize) -> Self {
        let count_bits = usize::BITS - rows.leading_zeros();
        let power = |bits: u32| f64::from(1_u32 << bits.min(30));
        let units = [power(30), power(65_u32.saturating_sub(2 * count_bits))];
        Self { units, unit: units.map(f64::recip), count_bits }
    }

    /// A row by the slope and the curvature of its loss.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a slope is at most 1, a curvature a quarter")]
    pub(super) fn pull(&self, slope: f64, curvature: f64) -> Pull {
        let [slopes, curvatures] = self.units;
        let weight = (((curvature * curvatures + 0.5) as i64) << self.count_bits) + 1;
        Pull { slope: (slope * slopes) as i64, weight }
    }

    /// The sum that pulls stand for.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "sums of so many rows need less than a float holds")]
    pub(super) fn sum(&self, pull: Pull) -> Sum {
        Sum {
            gradient: pull.slope as f64 * self.unit[0],
            hessian: (pull.weight >> self.count_bits) as f64 * self.unit[1],
            rows: self.rows(pull),
        }
    }

    /// How many rows a sum of pulls is of.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rows are counted in 32 bits"
    )]
    pub(super) fn rows(&self, pull: Pull) -> u32 {
        (pull.weight & ((1 << self.count_bits) - 1)) as u32
    }
}

impl Pull {
    /// Whether no row is in it.
    #[inline]
    pub(super) fn is_none(self) -> bool {
        self.weight == 0
    }
}

impl AddAssign for Pull {
    #[inline]
    fn add_assign(&mut self, other: Self) {
        self.slope += other.slope;
        self.weight += other.weight;
    }
}

impl Sub for Pull {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self { slope: self.slope - other.slope, weight: self.weight - other.weight }
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_pulls_are_those_of_slopes_and_curvatures() {
        for rows in [1, 1000, 1 << 20, 1 << 24, 1 << 28] {
            let scale = Scale::new(rows);
            let mut sum = Pull::default();
            for _ in 0..rows.min(1000) {
                sum += scale.pull(-1.0, 0.25);
            }
            let whole = Sum { gradient: -1.0, hessian: 0.25, rows: 1 };
            let counted = f64::from(u32::try_from(rows.min(1000)).expect("few"));
            let found = scale.sum(sum);
            assert_eq!(found.gradient, whole.gradient * counted, "{rows}");
            assert_eq!(f64::from(found.rows), counted, "{rows}");
            assert_eq!(found.hessian, whole.hessian * counted, "{rows}");
        }
    }

    #[test]
    fn a_part_and_the_rest_are_the_whole() {
        let scale = Scale::new(3);
        let (part, rest) = (scale.pull(-0.3, 0.21), scale.pull(0.7, 0.02));
        let mut whole = part;
        whole += rest;
        assert_eq!(whole - part, rest);
    }
}
