//! From single moments of leads to their journeys.

use super::{Channel, Journey};

/// That a lead came by a channel, or that it converted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// The lead, by a number.
    pub lead: u32,
    /// When.
    pub time_ms: i64,
    /// What happened.
    pub what: What,
}

/// What happens on a journey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// The lead came by a channel.
    Touch(Channel),
    /// The lead converted, which brought so much; nothing where that is not known.
    Conversion(f64),
}

/// Hands the journeys of all leads to `take`. Moments of the same time stay in the order in which they came.
///
/// A journey ends with a conversion, and the next one begins after it. What follows the last conversion is a journey that
/// ended in none. Touchpoints that lie longer before a journey's end than `lookback_ms` are no part of it.
pub fn each_journey(mut moments: Vec<Moment>, lookback_ms: Option<i64>, mut take: impl FnMut(&Journey<'_>)) {
    moments.sort_by_key(|moment| (moment.lead, moment.time_ms));
    let (mut channels, mut times) = (Vec::new(), Vec::new());
    for of_lead in moments.chunk_by(|a, b| a.lead == b.lead) {
        for moment in of_lead {
            match moment.what {
                What::Touch(channel) => {
                    channels.push(channel);
                    times.push(moment.time_ms);
                }
                What::Conversion(value) => {
                    end(&mut channels, &mut times, moment.time_ms, lookback_ms, Some(value), &mut take);
                }
            }
        }
        if let Some(last) = times.last().copied() {
            end(&mut channels, &mut times, last, lookback_ms, None, &mut take);
        }
    }
}

fn end(
    channels: &mut Vec<Channel>,
    times: &mut Vec<i64>,
    end_ms: i64,
    lookback_ms: Option<i64>,
    value: Option<f64>,
    take: &mut impl FnMut(&Journey<'_>),
) {
    let is_too_old = |time: &i64| lookback_ms.is_some_and(|most| end_ms.saturating_sub(*time) > most);
    let first = times.partition_point(is_too_old);
    let ages_ms: Vec<i64> = times[first..].iter().map(|time| end_ms.saturating_sub(*time)).collect();
    let conversions = f64::from(u8::from(value.is_some()));
    take(&Journey {
        channels: &channels[first..],
        ages_ms: &ages_ms,
        conversions,
        value: value.unwrap_or(0.0),
        misses: 1.0 - conversions,
    });
    channels.clear();
    times.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    fn touch(lead: u32, day: i64, channel: u16) -> Moment {
        Moment { lead, time_ms: day * DAY, what: What::Touch(Channel(channel)) }
    }

    fn conversion(lead: u32, day: i64, value: f64) -> Moment {
        Moment { lead, time_ms: day * DAY, what: What::Conversion(value) }
    }

    /// The journeys as text: channels, `=` and the value where there was a conversion.
    fn journeys(moments: &[Moment], lookback_days: Option<i64>) -> Vec<String> {
        let mut all = Vec::new();
        each_journey(moments.to_vec(), lookback_days.map(|days| days * DAY), |journey| {
            let channels: Vec<_> = journey.channels.iter().map(|channel| channel.0.to_string()).collect();
            let end = if journey.conversions > 0.0 { format!(" = {}", journey.value) } else { String::new() };
            all.push(format!("{}{end}", channels.join(">")));
        });
        all
    }

    #[test]
    fn a_journey_ends_with_its_conversion_and_the_next_begins_after_it() {
        let moments = [touch(1, 3, 2), touch(1, 1, 1), conversion(1, 5, 7.0), touch(1, 8, 3), touch(2, 1, 1)];
        assert_eq!(journeys(&moments, None), ["1>2 = 7", "3", "1"]);
    }

    #[test]
    fn what_lies_too_far_back_is_no_part_of_a_journey() {
        let moments =
            [touch(1, 1, 1), touch(1, 11, 2), conversion(1, 12, 0.0), touch(2, 1, 1), touch(2, 40, 2)];
        assert_eq!(journeys(&moments, Some(10)), ["2 = 0", "2"]);
        assert_eq!(journeys(&moments, Some(11)), ["1>2 = 0", "2"]);
    }

    #[test]
    fn a_conversion_without_a_touchpoint_is_a_journey_too() {
        assert_eq!(journeys(&[conversion(1, 1, 3.0), conversion(1, 2, 4.0)], None), [" = 3", " = 4"]);
    }

    #[test]
    fn a_touchpoint_at_the_time_of_the_conversion_counts_where_it_came_first() {
        assert_eq!(journeys(&[touch(1, 1, 1), conversion(1, 1, 0.0)], Some(0)), ["1 = 0"]);
        assert_eq!(journeys(&[conversion(1, 1, 0.0), touch(1, 1, 1)], Some(0)), [" = 0", "1"]);
    }
}
