//! Numbers that a person would write.

/// The number with the fewest digits above `low` and at most `high`; of several, the one nearest to the middle.
///
/// Whoever has at least this number has more than `low`.
#[must_use]
pub(super) fn readable(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    for places in -9..=9 {
        // 2000 before 1700, and 1500 before both 1400 and 1600: halves read as easily as wholes.
        for steps in [1.0, 2.0] {
            if let Some(number) = nearest(middle, low, high, places, steps) {
                return number;
            }
        }
    }
    high
}

/// The multiple of a power of ten, or of its half, that lies between bounds and nearest to the middle.
fn nearest(middle: f64, low: f64, high: f64, places: i32, steps: f64) -> Option<f64> {
    let scale = libm::pow(10.0, f64::from(places)) * steps;
    let around = libm::round(middle * scale);
    [around, around - 1.0, around + 1.0]
        .into_iter()
        // Nobody writes -0.
        .map(|whole| whole / scale + 0.0)
        .find(|number| *number > low && *number <= high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roundest_number_in_a_gap_is_taken() {
        assert_eq!(readable(1873.0, 2241.0), 2000.0);
        assert_eq!(readable(41.0, 42.0), 42.0);
        assert_eq!(readable(28.4, 28.6), 28.5);
        assert_eq!(readable(0.0, 1.0), 1.0);
        assert_eq!(readable(-3.4, -1.1), -2.0);
        assert_eq!(readable(0.0, 0.013_7), 0.01);
        assert_eq!(readable(4.961, 4.962), 4.962);
        assert_eq!(readable(-0.3, 0.1).to_string(), "0");
    }

    #[test]
    fn nothing_between_two_neighbours_gives_the_upper_one() {
        let next = f64::from_bits(1.0_f64.to_bits() + 1);
        assert_eq!(readable(1.0, next), next);
    }
}
