//! Exact points: what a rule is worth, in millionths.

use std::fmt;

use crate::plan::{Range, Weight};

const MICRO: i64 = 1_000_000;

/// No rule is ever worth more than this many points, either way: sums of rules cannot overflow.
const MOST_POINTS: f64 = 1e9;

/// Millionths of a point. All arithmetic after a rule's rounding is exact in this unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micropoints(pub i64);

impl Micropoints {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `points`, rounded to six decimals, half away from zero; 0 for what is not a number.
    pub fn round(points: f64) -> Self {
        Self::round_within(points, MOST_POINTS)
    }

    /// `points`, but no more than `most` either way, rounded likewise.
    pub(crate) fn round_within(points: f64, most: f64) -> Self {
        // The limit keeps the product exact enough to round. Comparisons let NaN pass, which `half_away` turns into 0.
        let most = if most < MOST_POINTS { most } else { MOST_POINTS };
        let within = if points > most { most } else { points };
        let within = if within < -most { -most } else { within };
        Self(half_away(within * MICRO as f64))
    }

    /// The points as a floating-point number.
    pub fn as_points(self) -> f64 {
        self.0 as f64 / MICRO as f64
    }

    /// The nearer end of `range` where this lies outside it.
    #[must_use]
    pub fn clamp_to(self, range: Range) -> Self {
        // Not `Ord::clamp`: that panics on an empty range.
        self.min(range.max).max(range.min)
    }

    /// This times a dimension's weight.
    #[must_use]
    pub fn weighted(self, weight: Weight) -> Self {
        match weight {
            Weight::Whole(factor) => Self(self.0.saturating_mul(factor)),
            Weight::Real(factor) => Self(half_away(self.0 as f64 * factor)),
        }
    }

    /// This divided by a count, rounded to six decimals, half away from zero; 0 for no parts.
    #[must_use]
    pub fn divided(self, parts: usize) -> Self {
        if parts == 0 {
            return Self::ZERO;
        }
        let (sum, parts) = (i128::from(self.0), parts as i128);
        let half = if sum < 0 { -parts } else { parts };
        Self::saturate((2 * sum + half) / (2 * parts))
    }

    fn saturate(wide: i128) -> Self {
        Self(wide.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }
}

/// Rounds to a whole number, half away from zero, as [`f64::round`] does; but that is a call, and this is hot.
/// Saturates; 0 for what is not a number.
fn half_away(number: f64) -> i64 {
    let whole = number as i64;
    let rest = number - whole as f64;
    whole.saturating_add(i64::from(rest >= 0.5) - i64::from(rest <= -0.5))
}

impl std::ops::Add for Micropoints {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Micropoints {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Micropoints {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, |sum, points| sum + points)
    }
}

impl fmt::Display for Micropoints {
    /// The exact decimal, without needless digits: `61.25`, `-3`, `0.000001`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / MICRO as u64, magnitude % MICRO as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{fraction:06}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::{Micropoints, Range, Weight};

    #[test]
    fn points_round_half_away_from_zero() {
        let check = |points: f64, expect: &str| assert_eq!(Micropoints::round(points).to_string(), expect);
        check(61.25, "61.25");
        check(-3.0, "-3");
        check(0.000_000_5, "0.000001");
        check(-0.000_000_5, "-0.000001");
        check(0.000_000_4, "0");
        check(f64::NAN, "0");
        check(f64::INFINITY, "1000000000");
        check(-1e300, "-1000000000");
    }

    #[test]
    fn rounding_is_that_of_the_standard_library() {
        let near = |whole: f64| [whole.next_down(), whole, whole.next_up()];
        for number in
            [0.5, 1.5, -0.5, -2.5, 1e15 + 0.5, 4.5e15, 1e300, -1e300, 0.0].into_iter().flat_map(near)
        {
            assert_eq!(super::half_away(number), number.round() as i64, "{number}");
        }
    }

    #[test]
    fn a_weight_keeps_whole_products_exact_and_rounds_others() {
        let check = |micro, weight, expect| assert_eq!(Micropoints(micro).weighted(weight).0, expect);
        check(3, Weight::Whole(-7), -21);
        check(3, Weight::Real(0.5), 2);
        check(-3, Weight::Real(0.5), -2);
        check(i64::MAX, Weight::Whole(2), i64::MAX);
    }

    #[test]
    fn a_mean_rounds_half_away_from_zero() {
        let check = |micro, parts, expect| assert_eq!(Micropoints(micro).divided(parts).0, expect);
        check(5, 2, 3);
        check(-5, 2, -3);
        check(4, 3, 1);
        check(7, 0, 0);
    }

    #[test]
    fn a_clamp_keeps_what_lies_inside() {
        let range = Range { min: Micropoints(-5), max: Micropoints(10) };
        assert_eq!([-9, 3, 99].map(|micro| Micropoints(micro).clamp_to(range).0), [-5, 3, 10]);
    }
}
