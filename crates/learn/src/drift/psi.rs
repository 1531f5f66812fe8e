//! The population stability index: how far the shares of bins have moved.

/// A share that is smaller is taken for this, so that an empty bin does not count without bound.
pub(super) const LEAST_SHARE: f64 = 1e-4;

/// The inner edges of bins that hold a tenth of the numbers each, linear between ranks, each edge once. What is not a number
/// does not count. An edge belongs to the bin below it.
#[must_use]
pub fn edges(numbers: &[f64]) -> Vec<f64> {
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return Vec::new() };
    let mut edges: Vec<f64> = (1..10)
        .map(|tenth| {
            let (place, rest) = (last * tenth / 10, last * tenth % 10);
            let (low, high) = (sorted[place], sorted[(place + 1).min(last)]);
            low + (high - low) * float(rest) / 10.0
        })
        .collect();
    edges.dedup();
    edges
}

/// The index of numbers, in bins of tenths of those before; what is not a number has a bin of its own.
#[must_use]
pub fn number_psi(before: &[f64], after: &[f64]) -> f64 {
    let edges = edges(before);
    let bin = |number: &f64| match number.is_nan() {
        true => edges.len() + 1,
        false => edges.partition_point(|edge| edge < number),
    };
    let count = |numbers: &[f64]| counts(numbers.iter().map(bin), edges.len() + 2);
    psi(&count(before), &count(after))
}

/// The index of categories, by how often each occurs before and after.
#[must_use]
pub fn category_psi(before: &[f64], after: &[f64]) -> f64 {
    psi(before, after)
}

/// How often each of so many bins occurs.
pub(super) fn counts(bins: impl Iterator<Item = usize>, count: usize) -> Vec<f64> {
    let mut counts = vec![0.0; count];
    bins.for_each(|bin| counts[bin] += 1.0);
    counts
}

fn psi(before: &[f64], after: &[f64]) -> f64 {
    let sums = [before.iter().sum::<f64>(), after.iter().sum::<f64>()];
    if sums.contains(&0.0) {
        return 0.0;
    }
    let occurs = |(before, after): &(&f64, &f64)| **before > 0.0 || **after > 0.0;
    let moved = |(before, after): (&f64, &f64)| {
        let (r, q) = ((before / sums[0]).max(LEAST_SHARE), (after / sums[1]).max(LEAST_SHARE));
        (q - r) * libm::log(q / r)
    };
    before.iter().zip(after).filter(occurs).map(moved).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a remainder of ten")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_have_not_moved() {
        let numbers: Vec<f64> = (0..1000).map(f64::from).collect();
        assert!(number_psi(&numbers, &numbers) < 1e-12);
        assert!(category_psi(&[1.0, 3.0], &[10.0, 30.0]) < 1e-12);
    }

    #[test]
    fn values_that_go_missing_move_shares() {
        let before = [1.0, 2.0, 3.0, 4.0];
        assert!(number_psi(&before, &[1.0, 2.0, f64::NAN, f64::NAN]) > 1.0);
    }

    #[test]
    fn nothing_before_or_after_has_not_moved() {
        assert_eq!(number_psi(&[], &[1.0]), 0.0);
        assert_eq!(number_psi(&[1.0], &[]), 0.0);
    }
}
