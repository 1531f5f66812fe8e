//! What an award is worth as it ages.

use crate::plan::Decay;

impl Decay {
    /// The share of its points that an award of this age (milliseconds, not negative) is worth.
    pub fn factor(&self, age: i64) -> f64 {
        match self {
            Self::None => 1.0,
            Self::HalfLife(half_life) => libm::exp2(-(age as f64) / half_life.as_millis() as f64),
            Self::Linear(length) => (1.0 - age as f64 / length.as_millis() as f64).max(0.0),
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

#[cfg(test)]
mod tests {
    use crate::{Duration, plan::Decay};

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
    fn an_award_stops_counting_at_its_expiry() {
        let decay = Decay::Expire(Duration::from_days(1));
        assert_eq!([86_399_999, 86_400_000].map(|age| decay.factor(age)), [1.0, 0.0]);
    }
}
