//! Whether journeys with a channel convert more often than those without it: proof for points.

use super::{Channel, Journey, journey::entry};

/// Journeys with a channel beside those without it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lift {
    /// The channel.
    pub channel: Channel,
    /// Journeys with the channel, and how many of them converted.
    pub with: Counted,
    /// Journeys without it, and how many of them converted.
    pub without: Counted,
    /// How much higher the odds of a conversion are with the channel than without, as a logarithm.
    pub log_odds: f64,
    /// The standard error of that.
    pub error: f64,
}

/// Journeys, and how many of them converted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counted {
    /// All of them.
    pub journeys: f64,
    /// Those with a conversion.
    pub conversions: f64,
}

/// Counts journeys by which channels they had.
#[derive(Debug, Clone, Default)]
pub struct Lifts {
    all: Counted,
    with: Vec<Counted>,
}

impl Counted {
    /// Which part converted, between 0 and 1; with so little that it could be anything, about a half.
    #[must_use]
    pub fn rate(&self) -> f64 {
        (self.conversions + 0.5) / (self.journeys + 1.0)
    }

    /// The interval in which the rate lies in 95 of 100 cases (Wilson).
    #[must_use]
    pub fn interval(&self) -> [f64; 2] {
        const Z: f64 = 1.959_963_984_540_054;
        let count = self.journeys;
        if count <= 0.0 {
            return [0.0, 1.0];
        }
        let rate = self.conversions / count;
        let middle = (rate + Z * Z / (2.0 * count)) / (1.0 + Z * Z / count);
        let spread = Z / (1.0 + Z * Z / count)
            * (rate * (1.0 - rate) / count + Z * Z / (4.0 * count * count)).max(0.0).sqrt();
        [(middle - spread).max(0.0), (middle + spread).min(1.0)]
    }

    fn add(&mut self, journey: &Journey<'_>) {
        self.journeys += journey.weight();
        self.conversions += journey.conversions;
    }
}

impl Lifts {
    /// Takes in a journey; one without touchpoints says nothing.
    pub fn add(&mut self, journey: &Journey<'_>) {
        if journey.channels.is_empty() {
            return;
        }
        self.all.add(journey);
        let mut channels = journey.channels.to_vec();
        channels.sort_unstable();
        channels.dedup();
        channels.into_iter().for_each(|channel| entry(&mut self.with, channel).add(journey));
    }

    /// What each channel that occurs goes with, in their order.
    #[must_use]
    pub fn lifts(&self) -> Vec<Lift> {
        let numbered = (0..=u16::MAX).zip(&self.with).filter(|(_, with)| with.journeys > 0.0);
        numbered.map(|(number, with)| self.lift(Channel(number), *with)).collect()
    }

    fn lift(&self, channel: Channel, with: Counted) -> Lift {
        let without = Counted {
            journeys: self.all.journeys - with.journeys,
            conversions: self.all.conversions - with.conversions,
        };
        // Half a journey more in each of the four cells keeps the odds finite, and small counts near to nothing.
        let cells = [with, without].map(|of| [of.conversions + 0.5, of.journeys - of.conversions + 0.5]);
        let [[won, lost], [other_won, other_lost]] = cells;
        let log_odds = libm::log(won / lost) - libm::log(other_won / other_lost);
        let error = cells.iter().flatten().map(|cell| 1.0 / cell).sum::<f64>().sqrt();
        Lift { channel, with, without, log_odds, error }
    }
}

impl Lift {
    /// Points for it, where double odds are worth `per_doubling`: the end of the 95 % interval that is nearer to 0, so that what could
    /// be chance is worth nothing.
    #[must_use]
    pub fn points(&self, per_doubling: f64) -> f64 {
        let nearer = (self.log_odds.abs() - 1.959_963_984_540_054 * self.error).max(0.0);
        (nearer.copysign(self.log_odds) / std::f64::consts::LN_2 * per_doubling).round() + 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    /// Journeys with four channels each by chance, and of which conversion depends on the first alone.
    fn lifts(seed: u64, journeys: usize, effect: f64) -> Vec<Lift> {
        let (mut random, mut lifts) = (Random::new(seed), Lifts::default());
        for _ in 0..journeys {
            let channels: Vec<_> = (0..4).map(Channel).filter(|_| random.unit() < 0.5).collect();
            let rate = if channels.contains(&Channel(0)) { 0.2 + effect } else { 0.2 };
            let conversions = f64::from(u8::from(random.unit() < rate));
            let misses = 1.0 - conversions;
            lifts.add(&Journey { channels: &channels, ages_ms: &[], conversions, value: 0.0, misses });
        }
        lifts.lifts()
    }

    #[test]
    fn a_channel_that_brings_conversions_gets_points_in_every_seed() {
        for seed in 0..50 {
            let points: Vec<f64> = lifts(seed, 2_000, 0.2).iter().map(|lift| lift.points(10.0)).collect();
            assert!(points[0] > 3.0, "{seed}: {points:?}");
        }
    }

    #[test]
    fn a_channel_without_effect_gets_points_as_rarely_as_it_says() {
        let pointed = |seed| lifts(seed, 500, 0.0).iter().filter(|lift| lift.points(1e6) != 0.0).count();
        let pointed: usize = (0..200).map(pointed).sum();
        // 5 % of 800, and three standard deviations.
        assert!(pointed <= 59, "{pointed}");
    }

    #[test]
    fn few_journeys_prove_nothing() {
        let lift = Lifts::default();
        assert_eq!(lift.lifts(), []);
        assert_eq!(Counted { journeys: 0.0, conversions: 0.0 }.interval(), [0.0, 1.0]);
        let [low, high] = Counted { journeys: 10.0, conversions: 1.0 }.interval();
        assert!((low - 0.017_876).abs() < 1e-5 && (high - 0.404_150).abs() < 1e-5, "{low} {high}");
    }
}
