//! What else somebody is told of: scores that rise, leads that are about to cool.

use kelvin_kernel::{Duration, Instant, Micropoints};
use serde::{Deserialize, Serialize};

use super::note::millis;

/// What is remembered of a lead for an alert about its rise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rise {
    /// The score when it was last looked at, in millionths.
    latest: i64,
    /// Scores before, in millionths, each with when it was left, in milliseconds. Only those below all later ones are
    /// kept: the first is the lowest.
    lows: Vec<(i64, i64)>,
    /// When it was last told.
    #[serde(with = "millis", default, skip_serializing_if = "Option::is_none")]
    told: Option<Instant>,
}

/// What is remembered of a lead for an alert about its cooling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cooling {
    /// The instant of leaving that was last told.
    #[serde(with = "millis", default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<Instant>,
}

/// When a lead leaves a tier, if nothing happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Never, as far as anybody can see.
    Never,
    /// At an instant.
    At(Instant),
    /// Not before an instant.
    NotBefore(Instant),
}

/// What a lead that cools comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    LookAt(Instant),
    Tell(Instant),
}

impl Rise {
    /// A lead that stands at a score, from which rises are counted.
    pub(super) fn from(score: Micropoints) -> Self {
        Self { latest: score.0, ..Self::default() }
    }

    /// Of two leads that join, the higher one's scores; what was told of one was told of both.
    pub(super) fn joined(self, other: Self) -> Self {
        let told = self.told.max(other.told);
        let higher = if other.latest > self.latest { other } else { self };
        Self { told, ..higher }
    }

    /// Starts over from a score that rose or fell by no doing of the lead.
    pub(super) fn start_over(&mut self, score: Micropoints) {
        (self.latest, self.lows) = (score.0, Vec::new());
    }

    /// Takes note of a score at an instant; by how much it lies above the lowest within the time before.
    pub(super) fn notice(&mut self, score: Micropoints, within: Duration, now: Instant) -> Micropoints {
        let before = std::mem::replace(&mut self.latest, score.0);
        while self.lows.last().is_some_and(|(low, _)| *low >= before) {
            self.lows.pop();
        }
        self.lows.push((before, now.as_millis()));
        let start = now.before(within).as_millis();
        self.lows.retain(|(_, left)| *left > start);
        let lowest = self.lows.first().map_or(score.0, |(low, _)| *low);
        Micropoints(score.0.saturating_sub(lowest).max(0))
    }

    /// Whether a rise is told: again only after as long as rises are looked at.
    pub(super) fn is_told(&mut self, within: Duration, now: Instant) -> bool {
        let is_due = self.told.is_none_or(|told| now >= told.after(within));
        if is_due {
            self.told = Some(now);
        }
        is_due
    }
}

impl Cooling {
    /// What is to happen with a lead that leaves its tier: it is told once, and again when that was put off to later.
    pub(super) fn next(&self, leaving: Leaving, within: Duration, now: Instant) -> Next {
        match leaving {
            Leaving::Never => Next::Nothing,
            Leaving::NotBefore(at) => Next::LookAt(at.before(within)),
            Leaving::At(at) if self.told.is_some_and(|told| at <= told) => Next::Nothing,
            Leaving::At(at) if now < at.before(within) => Next::LookAt(at.before(within)),
            Leaving::At(at) => Next::Tell(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::testing::day;

    const WEEK: Duration = Duration::from_days(7);

    fn points(points: i64) -> Micropoints {
        Micropoints(points * 1_000_000)
    }

    /// The rises over the days, in points.
    fn rises(first: i64, scores: &[(u32, i64)]) -> Vec<i64> {
        let mut rise = Rise::from(points(first));
        let by = |(on, score): &(u32, i64)| rise.notice(points(*score), WEEK, day(*on)).0 / 1_000_000;
        scores.iter().map(by).collect()
    }

    #[test]
    fn a_rise_is_counted_from_the_lowest_within_the_time() {
        assert_eq!(rises(0, &[(1, 10), (2, 30), (3, 20), (4, 40)]), [10, 30, 20, 40]);
        assert_eq!(rises(50, &[(1, 20), (2, 30), (3, 25), (4, 40)]), [0, 10, 5, 20]);
    }

    #[test]
    fn what_was_left_longer_ago_does_not_count() {
        assert_eq!(rises(0, &[(1, 30), (7, 31), (8, 31)]), [30, 31, 1]);
        // Low until the fifth day, high until the eighth: on the twelfth the low is out of sight.
        assert_eq!(rises(10, &[(5, 50), (8, 30), (12, 45)]), [40, 20, 15]);
    }

    #[test]
    fn few_scores_are_kept_however_many_there_were() {
        let mut rise = Rise::from(points(0));
        for count in 0..1000 {
            rise.notice(points(100 - i64::from(count % 7)), WEEK, day(count / 100));
        }
        assert!(rise.lows.len() <= 8, "{}", rise.lows.len());
    }

    #[test]
    fn a_rise_is_told_again_only_after_as_long() {
        let mut rise = Rise::from(points(0));
        let told: Vec<_> = (1..16).filter(|on| rise.is_told(WEEK, day(*on))).collect();
        assert_eq!(told, [1, 8, 15]);
    }

    #[test]
    fn a_model_that_changes_makes_no_rise() {
        let mut rise = Rise::from(points(0));
        rise.start_over(points(90));
        assert_eq!(rise.notice(points(95), WEEK, day(1)), points(5));
    }

    #[test]
    fn cooling_is_told_once_and_again_when_it_was_put_off() {
        let mut cooling = Cooling::default();
        let check = |cooling: &Cooling, leaving, on, expect| {
            assert_eq!(cooling.next(leaving, WEEK, day(on)), expect, "on {on}");
        };
        check(&cooling, Leaving::Never, 0, Next::Nothing);
        check(&cooling, Leaving::NotBefore(day(30)), 0, Next::LookAt(day(23)));
        check(&cooling, Leaving::At(day(10)), 2, Next::LookAt(day(3)));
        check(&cooling, Leaving::At(day(10)), 3, Next::Tell(day(10)));
        cooling.told = Some(day(10));
        check(&cooling, Leaving::At(day(10)), 4, Next::Nothing);
        check(&cooling, Leaving::At(day(9)), 4, Next::Nothing);
        check(&cooling, Leaving::At(day(12)), 4, Next::LookAt(day(5)));
        check(&cooling, Leaving::At(day(12)), 5, Next::Tell(day(12)));
    }
}
