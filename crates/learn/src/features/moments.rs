//! The moments of decision: instants at which something is to be foretold, and nothing later is known.

use kelvin_kernel::{Duration, Instant};

/// When leads are looked at. A lead is first looked at some time after it became known, then again and again until its outcome came, or
/// until less than the horizon is left: then it is not known yet what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// How long after it became known a lead is first looked at.
    pub after: Duration,
    /// How long after that again; only once where it is left out.
    pub every: Option<Duration>,
    /// How long after a moment an outcome is counted.
    pub horizon: Duration,
    /// Until when it is known what happened.
    pub end: Instant,
}

/// More moments of one lead would make it count for too much.
const MOST: usize = 24;

impl Moments {
    /// The moments of a lead that became known at `since` and had its outcome then, or never.
    #[must_use]
    pub fn of(&self, since: Instant, outcome: Option<Instant>) -> Vec<Instant> {
        let mut moments = Vec::new();
        let mut at = since.after(self.after);
        // An outcome at the very moment is known already.
        while at.after(self.horizon) <= self.end
            && outcome.is_none_or(|outcome| at < outcome)
            && moments.len() < MOST
        {
            moments.push(at);
            match self.every.filter(|every| every.as_millis() > 0) {
                Some(every) => at = at.after(every),
                None => break,
            }
        }
        moments
    }

    /// Whether an outcome counts for a moment.
    #[must_use]
    pub fn counts(&self, at: Instant, outcome: Option<Instant>) -> bool {
        outcome.is_some_and(|outcome| at < outcome && outcome <= at.after(self.horizon))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Instant {
        Instant::from_millis(day * 86_400_000)
    }

    fn days(moments: &[Instant]) -> Vec<i64> {
        moments.iter().map(|at| at.as_millis() / 86_400_000).collect()
    }

    const MONTHLY: Moments = Moments {
        after: Duration::from_days(7),
        every: Some(Duration::from_days(30)),
        horizon: Duration::from_days(90),
        end: Instant::from_millis(200 * 86_400_000),
    };

    #[test]
    fn a_lead_is_looked_at_until_less_than_the_horizon_is_left() {
        assert_eq!(days(&MONTHLY.of(day(0), None)), [7, 37, 67, 97]);
        assert_eq!(days(&MONTHLY.of(day(104), None)), [0; 0]);
        assert_eq!(days(&Moments { every: None, ..MONTHLY }.of(day(0), None)), [7]);
    }

    #[test]
    fn nobody_is_looked_at_when_the_outcome_is_known() {
        assert_eq!(days(&MONTHLY.of(day(0), Some(day(37)))), [7]);
        assert_eq!(days(&MONTHLY.of(day(0), Some(day(3)))), [0; 0]);
    }

    #[test]
    fn an_outcome_counts_within_the_horizon() {
        assert!(MONTHLY.counts(day(7), Some(day(97))));
        assert!(!MONTHLY.counts(day(7), Some(day(98))));
        assert!(!MONTHLY.counts(day(7), Some(day(7))));
        assert!(!MONTHLY.counts(day(7), None));
    }
}
