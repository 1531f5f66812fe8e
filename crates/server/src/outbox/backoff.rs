//! When an attempt that failed is followed by another: twice as late each time, spread by chance so that what failed
//! together does not come again together.

use std::time::Duration;

/// When an attempt that failed is followed by another, and when no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest wait after the first attempt.
    pub first: Duration,
    /// The longest wait after any attempt, and the longest that a receiver may ask for.
    pub longest: Duration,
    /// Attempts until a message is given up.
    pub attempts: u32,
}

/// About three days: half of the longest waits, on average.
impl Default for Backoff {
    fn default() -> Self {
        Self { first: Duration::from_secs(20), longest: Duration::from_secs(6 * 3600), attempts: 34 }
    }
}

impl Backoff {
    /// How long to wait after so many failures; `chance` is from 0 to below 1.
    pub(crate) fn wait(&self, failures: u32, chance: f64) -> Duration {
        let doubled =
            2_u32.checked_pow(failures.saturating_sub(1)).and_then(|times| self.first.checked_mul(times));
        doubled.unwrap_or(self.longest).min(self.longest).mul_f64(chance)
    }
}

/// Numbers that look like chance, the same ones for the same seed: SplitMix64.
#[derive(Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The next number, from 0 to below 1.
    pub(crate) fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        // As many bits as a number has room for.
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let backoff =
            Backoff { first: Duration::from_secs(10), longest: Duration::from_secs(60), attempts: 9 };
        let waits: Vec<_> = (1..=5).map(|failures| backoff.wait(failures, 0.5).as_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 30, 30]);
        assert_eq!(backoff.wait(u32::MAX, 0.5).as_secs(), 30);
        assert_eq!(backoff.wait(3, 0.0), Duration::ZERO);
    }

    #[test]
    fn the_usual_patience_is_about_three_days() {
        let backoff = Backoff::default();
        let total: Duration = (1..backoff.attempts).map(|failures| backoff.wait(failures, 0.5)).sum();
        assert_eq!(total.as_secs() / 3600, 71);
    }

    #[test]
    fn chance_is_spread_and_repeats_with_its_seed() {
        let numbers = |seed| -> Vec<f64> {
            let mut chance = Chance(seed);
            (0..1000).map(|_| chance.next()).collect()
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        assert!(numbers(7).iter().all(|number| (0.0..1.0).contains(number)));
        let low = numbers(7).iter().filter(|number| **number < 0.5).count();
        assert!((400..600).contains(&low), "{low}");
    }
}
