//! Rules that share a conversion out along one journey, whatever others do.

use super::{Channel, Journey};

/// How a journey's credit is shared out among its touchpoints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// All to the first.
    First,
    /// All to the last.
    Last,
    /// All to the last that is not direct; to the last where all are.
    LastNonDirect,
    /// The same to each.
    Linear,
    /// 40 % to the first, 40 % to the last, the rest evenly between them; halves where there are two.
    UShaped,
    /// 30 % each to the first, the middle and the last, the rest evenly to the others; thirds where there are three,
    /// halves where there are two. Of an even number the middle is the earlier of the two.
    WShaped,
    /// Half as much for every so many touchpoints that follow.
    DecayByPlace {
        /// After how many touchpoints a half is left.
        half_life: f64,
    },
    /// Half as much for every so much time before the end; as [`Rule::Linear`] where times are not known.
    DecayByTime {
        /// After how many milliseconds a half is left.
        half_life_ms: f64,
    },
}

impl Rule {
    /// What each touchpoint of a journey gets of one conversion: the shares sum to 1, and there are none of no touchpoints.
    pub fn shares(self, journey: &Journey<'_>, direct: Option<Channel>, shares: &mut Vec<f64>) {
        let count = journey.channels.len();
        shares.clear();
        shares.resize(count, 0.0);
        let Some(last) = count.checked_sub(1) else { return };
        match self {
            Self::First => shares[0] = 1.0,
            Self::Last => shares[last] = 1.0,
            Self::LastNonDirect => shares[last_but(journey.channels, direct).unwrap_or(last)] = 1.0,
            Self::Linear => shares.fill(1.0),
            Self::UShaped => peaks(shares, &[0, last], 0.4),
            Self::WShaped => peaks(shares, &[0, last / 2, last], 0.3),
            Self::DecayByPlace { half_life } => {
                each(shares, |place| libm::exp2(-float(last - place) / half_life));
            }
            Self::DecayByTime { half_life_ms } => decay_by_time(shares, journey.ages_ms, half_life_ms),
        }
        normalise(shares);
    }
}

/// Where the last channel stands that is not direct.
fn last_but(channels: &[Channel], direct: Option<Channel>) -> Option<usize> {
    channels.iter().rposition(|channel| Some(*channel) != direct)
}

/// Gives each peak its part and the rest evenly to the others; all to the peaks where there are no others.
fn peaks(shares: &mut [f64], places: &[usize], part: f64) {
    let is_peak = |place: &usize| places.contains(place);
    let tops = (0..shares.len()).filter(is_peak).count();
    let others = shares.len() - tops;
    let rest = (1.0 - part * float(places.len())) / float(others.max(1));
    let (top, rest) = if others == 0 { (1.0, 0.0) } else { (part, rest) };
    each(shares, |place| if places.contains(&place) { top } else { rest });
}

fn decay_by_time(shares: &mut [f64], ages_ms: &[i64], half_life_ms: f64) {
    // Ages count from the youngest: a half-life that is short beside all of them leaves shares, not zeros.
    let Some(youngest) = ages_ms.iter().min() else { return shares.fill(1.0) };
    for (share, age) in shares.iter_mut().zip(ages_ms) {
        *share = libm::exp2(-millis(age.saturating_sub(*youngest)) / half_life_ms);
    }
}

fn each(shares: &mut [f64], share: impl Fn(usize) -> f64) {
    shares.iter_mut().enumerate().for_each(|(place, slot)| *slot = share(place));
}

fn normalise(shares: &mut [f64]) {
    let sum: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
}

#[expect(clippy::cast_precision_loss, reason = "no journey has 2^53 touchpoints")]
fn float(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "a float holds all milliseconds of 285,000 years")]
fn millis(age: i64) -> f64 {
    age as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(rule: Rule, channels: &[u16], ages_ms: &[i64]) -> Vec<f64> {
        let channels: Vec<_> = channels.iter().copied().map(Channel).collect();
        let journey = Journey { channels: &channels, ages_ms, conversions: 1.0, value: 0.0, misses: 0.0 };
        let mut shares = Vec::new();
        rule.shares(&journey, Some(Channel(9)), &mut shares);
        shares.iter().map(|share| (share * 1e6).round() / 1e6).collect()
    }

    #[test]
    fn first_and_last_take_all() {
        assert_eq!(shares(Rule::First, &[1, 2, 3], &[]), [1.0, 0.0, 0.0]);
        assert_eq!(shares(Rule::Last, &[1, 2, 3], &[]), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn a_direct_visit_takes_the_credit_only_where_there_is_nothing_else() {
        assert_eq!(shares(Rule::LastNonDirect, &[1, 2, 9, 9], &[]), [0.0, 1.0, 0.0, 0.0]);
        assert_eq!(shares(Rule::LastNonDirect, &[9, 9], &[]), [0.0, 1.0]);
    }

    #[test]
    fn a_u_has_two_peaks_however_short_the_journey() {
        assert_eq!(shares(Rule::UShaped, &[1], &[]), [1.0]);
        assert_eq!(shares(Rule::UShaped, &[1, 2], &[]), [0.5, 0.5]);
        assert_eq!(shares(Rule::UShaped, &[1, 2, 3, 4], &[]), [0.4, 0.1, 0.1, 0.4]);
    }

    #[test]
    fn a_w_has_three_peaks_where_there_is_room() {
        assert_eq!(shares(Rule::WShaped, &[1], &[]), [1.0]);
        assert_eq!(shares(Rule::WShaped, &[1, 2], &[]), [0.5, 0.5]);
        assert_eq!(shares(Rule::WShaped, &[1, 2, 3], &[]), [0.333_333, 0.333_333, 0.333_333]);
        assert_eq!(shares(Rule::WShaped, &[1, 2, 3, 4, 5], &[]), [0.3, 0.05, 0.3, 0.05, 0.3]);
    }

    #[test]
    fn decay_halves_by_place_or_by_time() {
        let by_place = Rule::DecayByPlace { half_life: 1.0 };
        assert_eq!(shares(by_place, &[1, 2, 3], &[]), [0.142_857, 0.285_714, 0.571_429]);
        let by_time = Rule::DecayByTime { half_life_ms: 10.0 };
        assert_eq!(shares(by_time, &[1, 2], &[25, 5]), [0.2, 0.8]);
        assert_eq!(shares(by_time, &[1, 2], &[2_000_005, 2_000_005]), [0.5, 0.5]);
        assert_eq!(shares(by_time, &[1, 2], &[]), [0.5, 0.5]);
    }

    #[test]
    fn a_journey_without_touchpoints_has_nobody_to_credit() {
        assert_eq!(shares(Rule::WShaped, &[], &[]), [0.0; 0]);
    }
}
