//! Tests of whether two samples may come from one distribution.

use crate::chance::{chi_squared_tail, kolmogorov_tail};

/// The chance that the distributions of two samples lie as far apart as they do, if both are samples of one
/// (Kolmogorov-Smirnov); what is not a number does not count. With ties the chance is told too high, never too low.
#[must_use]
pub fn kolmogorov_smirnov(before: &[f64], after: &[f64]) -> f64 {
    kolmogorov_smirnov_of(before, after, [1.0, 1.0])
}

/// The same, where a number before and one after is so much of a case.
pub(super) fn kolmogorov_smirnov_of(before: &[f64], after: &[f64], cases: [f64; 2]) -> f64 {
    let [before, after] = [before, after].map(sorted);
    if before.is_empty() || after.is_empty() {
        return 1.0;
    }
    let sizes = [float(before.len()), float(after.len())];
    let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
    while i < before.len() && j < after.len() {
        let at = before[i].min(after[j]);
        i += before[i..].iter().take_while(|number| **number <= at).count();
        j += after[j..].iter().take_while(|number| **number <= at).count();
        distance = distance.max((float(i) / sizes[0] - float(j) / sizes[1]).abs());
    }
    kolmogorov_tail(distance, [sizes[0] * cases[0], sizes[1] * cases[1]])
}

/// The chance that counts of categories differ as much as they do, if both are drawn from the same (chi-squared). Categories
/// that are expected fewer than five times are put together.
#[must_use]
pub fn chi_squared(before: &[f64], after: &[f64]) -> f64 {
    let sums = [before.iter().sum::<f64>(), after.iter().sum::<f64>()];
    let all = sums[0] + sums[1];
    if sums.contains(&0.0) {
        return 1.0;
    }
    let rare = |(before, after): (&f64, &f64)| (before + after) * sums[0].min(sums[1]) / all < 5.0;
    let (mut cells, mut rest) = (Vec::new(), [0.0, 0.0]);
    for (before, after) in before.iter().zip(after) {
        if rare((before, after)) {
            rest = [rest[0] + before, rest[1] + after];
        } else {
            cells.push([*before, *after]);
        }
    }
    if rest[0] + rest[1] > 0.0 {
        cells.push(rest);
    }
    let deviation = |counts: &[f64; 2]| -> f64 {
        let expected = sums.map(|sum| (counts[0] + counts[1]) * sum / all);
        counts.iter().zip(expected).map(|(count, expected)| (count - expected).powi(2) / expected).sum()
    };
    let statistic: f64 = cells.iter().map(deviation).sum();
    chi_squared_tail(statistic, float(cells.len().saturating_sub(1)))
}

fn sorted(numbers: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 leads")]
fn float(count: usize) -> f64 {
    count as f64
}
