//! What leads did before their moments of decision, as numbers.

use std::collections::BTreeSet;

use kelvin_kernel::Instant;

use crate::{Column, Feature, MISSING, Values};

/// Something a lead did, by the places of names in [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// When.
    pub at: Instant,
    /// The event's name.
    pub event: u32,
    /// The page that was seen; [`MISSING`] where it was none.
    pub page: u32,
    /// Where the lead came from; [`MISSING`] where it is not told.
    pub source: u32,
}

/// All that a lead did, by time.
pub type Journey = Vec<Touch>;

/// What the numbers in touches stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Of events.
    pub events: Vec<String>,
    /// Of sources.
    pub sources: Vec<String>,
}

const DAY_MILLIS: i64 = 86_400_000;

/// How far back events are counted.
const WINDOWS: [Option<u32>; 4] = [Some(7), Some(30), Some(90), None];

/// Over how many days a trend is told.
const TREND_DAYS: u32 = 30;

/// The columns of what leads did up to a moment each, that moment included. Of events, the `counted` have columns of their own.
#[must_use]
pub fn behaviour(rows: &[(&[Touch], Instant)], names: &Names, counted: &BTreeSet<u32>) -> Vec<Column> {
    let identify =
        names.events.iter().position(|name| name == "identify").map_or(MISSING, |place| place as u32);
    let pasts: Vec<Past<'_>> = rows.iter().map(|(journey, at)| Past::new(journey, *at, identify)).collect();
    let column = |feature, value: &dyn Fn(&Past<'_>) -> f64| Column {
        feature,
        values: Values::Numbers(pasts.iter().map(value).collect()),
    };
    let mut columns = Vec::new();
    for event in counted {
        let name = || names.events.get(*event as usize).cloned().unwrap_or_default();
        for days in WINDOWS {
            let feature = Feature::Count { event: name(), days };
            columns.push(column(feature, &|past| {
                past.within(days).filter(|touch| touch.event == *event).count() as f64
            }));
        }
        let last = |past: &Past<'_>| past.days_since(|touch| touch.event == *event);
        columns.push(column(Feature::DaysSince(Some(name())), &last));
    }
    columns.push(column(Feature::DaysSince(None), &|past| past.days_since(|touch| touch.event != identify)));
    for days in [Some(30), None] {
        columns.push(column(Feature::ActiveDays(days), &|past| past.active_days(days)));
    }
    columns.push(column(Feature::Trend(TREND_DAYS), &|past| past.trend()));
    columns.push(column(Feature::Pages, &|past| past.pages()));
    let sources = |feature, code: &dyn Fn(&Past<'_>) -> u32| Column {
        feature,
        values: Values::Categories { codes: pasts.iter().map(code).collect(), levels: names.sources.clone() },
    };
    columns.push(sources(Feature::FirstSource, &|past| past.source(|told| told.next())));
    columns.push(sources(Feature::LastSource, &|past| past.source(|told| told.last())));
    columns
}

/// What a lead did up to a moment.
struct Past<'j> {
    touches: &'j [Touch],
    at: Instant,
    /// What tells who a lead is, and not that it did anything.
    identify: u32,
}

impl<'j> Past<'j> {
    fn new(journey: &'j [Touch], at: Instant, identify: u32) -> Self {
        Self { touches: &journey[..journey.partition_point(|touch| touch.at <= at)], at, identify }
    }

    /// What lies so many days back, or all; as `within` counts, an event exactly so long ago is one of them.
    fn within(&self, days: Option<u32>) -> impl Iterator<Item = &'j Touch> {
        let from = days.map_or(Instant::MIN, |days| self.days_ago(days));
        self.touches[self.touches.partition_point(|touch| touch.at < from)..].iter()
    }

    /// The same without what tells no more than who the lead is.
    fn acts_within(&self, days: Option<u32>) -> impl Iterator<Item = &'j Touch> {
        let identify = self.identify;
        self.within(days).filter(move |touch| touch.event != identify)
    }

    fn days_ago(&self, days: u32) -> Instant {
        Instant::from_millis(self.at.as_millis() - i64::from(days) * DAY_MILLIS)
    }

    fn days_since(&self, is_meant: impl Fn(&Touch) -> bool) -> f64 {
        let last = self.touches.iter().rev().find(|touch| is_meant(touch));
        last.map_or(f64::NAN, |touch| self.at.millis_since(touch.at) as f64 / DAY_MILLIS as f64)
    }

    fn active_days(&self, days: Option<u32>) -> f64 {
        let mut active: Vec<i64> =
            self.acts_within(days).map(|touch| touch.at.as_millis().div_euclid(DAY_MILLIS)).collect();
        active.dedup();
        active.len() as f64
    }

    fn trend(&self) -> f64 {
        let before = self.acts_within(Some(2 * TREND_DAYS)).count();
        let recent = self.acts_within(Some(TREND_DAYS)).count();
        2.0 * recent as f64 - before as f64
    }

    fn pages(&self) -> f64 {
        let pages = self.touches.iter().map(|touch| touch.page).filter(|page| *page != MISSING);
        pages.collect::<BTreeSet<_>>().len() as f64
    }

    fn source(&self, pick: impl Fn(&mut dyn Iterator<Item = u32>) -> Option<u32>) -> u32 {
        let mut told = self.touches.iter().map(|touch| touch.source).filter(|source| *source != MISSING);
        pick(&mut told).unwrap_or(MISSING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(day: i64, event: u32, page: u32, source: u32) -> Touch {
        Touch { at: Instant::from_millis(day * DAY_MILLIS), event, page, source }
    }

    fn value(columns: &[Column], name: &str) -> String {
        let column = columns.iter().find(|column| column.feature.to_string() == name).expect(name);
        match &column.values {
            Values::Numbers(numbers) => numbers[0].to_string(),
            Values::Categories { codes, levels } => levels[codes[0] as usize].clone(),
        }
    }

    fn columns(day: i64) -> Vec<Column> {
        let journey = [
            touch(0, 0, 5, 1),
            touch(50, 0, 5, MISSING),
            touch(50, 1, 6, 0),
            touch(95, 0, 7, MISSING),
            touch(200, 0, 8, 1),
        ];
        let names = Names {
            events: vec!["page".into(), "Demo".into()],
            sources: vec!["ads".into(), "search".into()],
        };
        behaviour(&[(&journey, Instant::from_millis(day * DAY_MILLIS))], &names, &BTreeSet::from([0, 1]))
    }

    #[test]
    fn only_what_lies_before_the_moment_is_counted() {
        let columns = columns(100);
        let check = |name: &str, expect: &str| assert_eq!(value(&columns, name), expect, "{name}");
        check("count(page)", "3");
        check("count(page, 90d)", "2");
        check("count(page, 30d)", "1");
        check("count(page, 7d)", "1");
        check("days since page", "5");
        check("days since Demo", "50");
        check("days since the last event", "5");
        check("active days", "3");
        check("active days in 30d", "1");
        check("trend of 30d", "-1");
        check("distinct pages", "3");
        check("first source", "search");
        check("last source", "ads");
    }

    #[test]
    fn who_a_lead_is_told_to_be_is_nothing_that_it_did() {
        let journey = [touch(10, 1, 5, 1), touch(20, 0, MISSING, MISSING)];
        let names = Names { events: vec!["identify".into(), "page".into()], sources: vec!["ads".into(); 2] };
        let at = Instant::from_millis(30 * DAY_MILLIS);
        let columns = behaviour(&[(&journey, at)], &names, &BTreeSet::from([0]));
        let check = |name: &str, expect: &str| assert_eq!(value(&columns, name), expect, "{name}");
        check("days since the last event", "20");
        check("active days", "1");
        check("trend of 30d", "1");
        check("count(identify)", "1");
    }

    #[test]
    fn an_event_at_the_very_beginning_of_a_window_lies_in_it() {
        assert_eq!(value(&columns(102), "count(page, 7d)"), "1");
        assert_eq!(value(&columns(103), "count(page, 7d)"), "0");
    }

    #[test]
    fn what_never_happened_has_no_days_since() {
        assert_eq!(value(&columns(10), "days since Demo"), "NaN");
        assert_eq!(value(&columns(10), "count(Demo)"), "0");
    }
}
