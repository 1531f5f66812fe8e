//! What an award is worth as it ages.

use crate::{instant::Instant, ledger::Award, plan::Decay};

impl Decay {
    /// What awards, in order of time and none of them later than `at`, are worth together: each `points` times
    /// [`factor`](Self::factor), added in this order.
    pub(crate) fn sum(&self, awards: &[Award], at: Instant, points: impl Fn(f64) -> f64) -> f64 {
        let age = |award: &Award| at.millis_since(award.time);
        // What is worth nothing need not be added.
        let younger_than = |millis: i64| &awards[awards.partition_point(|award| age(award) >= millis)..];
        match self {
            Self::None => awards.iter().map(|award| points(award.points)).sum(),
            Self::Expire(length) => {
                younger_than(length.as_millis()).iter().map(|award| points(award.points)).sum()
            }
            Self::Linear(length) => younger_than(length.as_millis())
                .iter()
                .map(|award| points(award.points) * linear(age(award), length.as_millis()))
                .sum(),
            Self::HalfLife(half_life) => awards
                .iter()
                .map(|award| points(award.points) * halved(age(award), half_life.as_millis()))
                .sum(),
            Self::Steps(steps) => {
                let (mut sum, mut rest) = (0.0, awards);
                // The oldest awards come first, and have passed the most steps.
                for (step, factor) in steps.iter().rev() {
                    let (passed, younger) =
                        rest.split_at(rest.partition_point(|award| age(award) >= step.as_millis()));
                    passed.iter().for_each(|award| sum += points(award.points) * factor);
                    rest = younger;
                }
                rest.iter().for_each(|award| sum += points(award.points));
                sum
            }
            Self::Lose { .. } => {
                awards.iter().map(|award| points(award.points) * self.factor(age(award))).sum()
            }
        }
    }

    /// The share of its points that an award of this age (milliseconds, not negative) is worth.
    pub fn factor(&self, age: i64) -> f64 {
        match self {
            Self::None => 1.0,
            Self::HalfLife(half_life) => halved(age, half_life.as_millis()),
            Self::Linear(length) => linear(age, length.as_millis()),
            Self::Expire(length) if age < length.as_millis() => 1.0,
            Self::Expire(_) => 0.0,
            Self::Steps(steps) => {
                let passed = steps.iter().take_while(|(step, _)| step.as_millis() <= age);
                passed.last().map_or(1.0, |(_, factor)| *factor)
            }
            Self::Lose { lose, every } => {
                // `pow` of the same arguments gives the same bits everywhere only in a portable library.
                libm::pow(1.0 - lose, (age / every.as_millis().max(1)) as f64)
            }
        }
    }

    /// Whether an award is never worth more than when it was younger.
    pub(crate) fn falls(&self) -> bool {
        let Self::Steps(steps) = self else {
            return true;
        };
        let mut above = 1.0;
        steps.iter().all(|(_, factor)| *factor <= std::mem::replace(&mut above, *factor))
    }

    /// The least and the greatest factor at all ages `young..=old`.
    pub(crate) fn factors(&self, young: i64, old: i64) -> (f64, f64) {
        let (first, last) = (self.factor(young), self.factor(old));
        let (mut least, mut most) = (first.min(last), first.max(last));
        if let Self::Steps(steps) = self {
            // Only steps can rise again in between.
            let between = steps.iter().filter(|(step, _)| (young..=old).contains(&step.as_millis()));
            for (_, factor) in between {
                (least, most) = (least.min(*factor), most.max(*factor));
            }
        }
        (least, most)
    }
}

fn halved(age: i64, half_life: i64) -> f64 {
    // `exp2` of the same argument gives the same bits everywhere only in a portable library.
    libm::exp2(-(age as f64) / half_life as f64)
}

fn linear(age: i64, length: i64) -> f64 {
    (1.0 - age as f64 / length as f64).max(0.0)
}

#[cfg(test)]
mod tests {
    use crate::{Duration, Instant, ledger::Award, plan::Decay};

    fn check(decay: &Decay, expect: &[(&str, f64)]) {
        for (age, factor) in expect {
            let age: Duration = age.parse().expect("a duration");
            let got = decay.factor(age.as_millis());
            assert!((got - factor).abs() < 1e-12, "{decay:?} at {age}: {got}, expected {factor}");
        }
    }

    #[test]
    fn an_award_decays_as_its_rule_says() {
        let days = |n| Duration::from_days(n);
        check(&Decay::None, &[("0s", 1.0), ("900d", 1.0)]);
        check(&Decay::HalfLife(days(14)), &[("0s", 1.0), ("14d", 0.5), ("28d", 0.25)]);
        check(&Decay::Linear(days(10)), &[("0s", 1.0), ("4d", 0.6), ("10d", 0.0), ("11d", 0.0)]);
        let steps = Decay::Steps(vec![(days(7), 0.75), (days(30), 0.5), (days(90), 0.0)]);
        check(&steps, &[("6d23h", 1.0), ("7d", 0.75), ("29d", 0.75), ("30d", 0.5), ("90d", 0.0)]);
        let lose = Decay::Lose { lose: 0.25, every: days(30) };
        check(&lose, &[("29d", 1.0), ("30d", 0.75), ("60d", 0.5625)]);
    }

    #[test]
    fn awards_are_worth_together_what_each_is_worth() {
        let award = |hours: i64, points| Award { time: Instant::from_millis(hours * 3_600_000), points };
        let awards = [award(1, 10.0), award(30, -2.5), award(30, 0.1), award(700, 0.3), award(720, 7.0)];
        let days = |n| Duration::from_days(n);
        for decay in [
            Decay::None,
            Decay::HalfLife(days(14)),
            Decay::Linear(days(20)),
            Decay::Expire(days(1)),
            Decay::Steps(vec![(days(7), 0.75), (days(29), 0.0)]),
            Decay::Lose { lose: 0.25, every: days(30) },
        ] {
            for hours in [720, 744, 1_180, 1_181, 20_000] {
                let at = award(hours, 0.0).time;
                let each =
                    awards.iter().map(|award| award.points * decay.factor(at.millis_since(award.time)));
                assert_eq!(
                    decay.sum(&awards, at, |points| points),
                    each.sum::<f64>(),
                    "{decay:?} at {hours} h"
                );
            }
        }
    }

    #[test]
    fn an_award_stops_counting_at_its_expiry() {
        let decay = Decay::Expire(Duration::from_days(1));
        assert_eq!([86_399_999, 86_400_000].map(|age| decay.factor(age)), [1.0, 0.0]);
    }
}
