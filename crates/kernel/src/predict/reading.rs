//! What one input of a prediction is from an instant on, if nothing else happens.

use crate::{
    instant::{Duration, Instant},
    until::Curve,
    worth::count,
};

const DAY_MILLIS: f64 = 86_400_000.0;

/// What an input is, and will be.
#[derive(Debug)]
pub(crate) enum Reading<'a> {
    /// The same all the time; not a number where nothing is known.
    Fixed(f64),
    /// The days since an instant; nothing before it.
    Days(Instant),
    /// How many of some ascending times lie in a window.
    Count(&'a [Instant], Duration),
    /// The last times of days, of which those are counted that lie in a window.
    Active(Vec<Instant>, Duration),
    /// How many more of some ascending times lie in a window than in one as long before.
    Trend(&'a [Instant], Duration),
    /// What a rule comes to be worth.
    Rule(Box<Curve<'a>>),
}

/// Between what an input lies for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    /// The least and the greatest number; nothing where it is never known.
    pub(super) known: Option<(f64, f64)>,
    /// Whether nothing is known at some time.
    pub(super) may_miss: bool,
}

impl<'a> Reading<'a> {
    /// Nothing is known.
    pub(super) const NOTHING: Self = Self::Fixed(f64::NAN);

    /// On how many days some ascending times lie.
    pub(super) fn active_days(times: &[Instant], within: Option<Duration>) -> Self {
        let day = |time: &Instant| time.as_millis().div_euclid(DAY_MILLIS as i64);
        let lasts = times.chunk_by(|a, b| day(a) == day(b)).filter_map(|of_day| of_day.last().copied());
        match within {
            Some(within) => Self::Active(lasts.collect(), within),
            None => Self::Fixed(lasts.count() as f64),
        }
    }

    /// What it is at an instant.
    pub(super) fn at(&self, at: Instant) -> f64 {
        let within = |times: &[Instant], window: Duration| count(times, Some(window), at) as f64;
        match self {
            Self::Fixed(value) => *value,
            Self::Days(since) if at < *since => f64::NAN,
            Self::Days(since) => at.millis_since(*since) as f64 / DAY_MILLIS,
            Self::Count(times, window) => within(times, *window),
            Self::Active(lasts, window) => within(lasts, *window),
            Self::Trend(times, window) => 2.0 * within(times, *window) - within(times, twice(*window)),
            Self::Rule(curve) => curve.worth(at).as_points(),
        }
    }

    /// Between what it lies from one instant to another, both included: no time comes to be counted, some no longer are.
    pub(super) fn between(&self, from: Instant, to: Instant) -> Span {
        let known = |least: f64, most: f64| Span { known: Some((least, most)), may_miss: false };
        match self {
            Self::Fixed(value) if value.is_nan() => Span { known: None, may_miss: true },
            Self::Fixed(value) => known(*value, *value),
            Self::Days(since) if to < *since => Span { known: None, may_miss: true },
            Self::Days(since) => {
                let least = if from < *since { 0.0 } else { self.at(from) };
                Span { known: Some((least, self.at(to))), may_miss: from < *since }
            }
            Self::Count(..) | Self::Active(..) => known(self.at(to), self.at(from)),
            Self::Trend(times, window) => {
                let within = |window, at| count(times, Some(window), at) as f64;
                let of = |recent: Instant, before: Instant| {
                    2.0 * within(*window, recent) - within(twice(*window), before)
                };
                known(of(to, from), of(from, to))
            }
            Self::Rule(curve) => {
                let bounds = curve.bounds(from, to);
                known(bounds.min.as_points(), bounds.max.as_points())
            }
        }
    }

    /// Whether it stays as it is.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// The instants after `at` at which it changes, or comes to be more than one of the `cuts` for what grows all the time.
    pub(super) fn changes<C: Iterator<Item = f64>>(&self, at: Instant, cuts: impl Fn() -> C) -> Vec<Instant> {
        let mut changes: Vec<Instant> = match self {
            // Rules tell of jumps themselves.
            Self::Fixed(_) | Self::Rule(_) => Vec::new(),
            Self::Days(since) => cuts().filter_map(|cut| after_days(*since, cut)).chain([*since]).collect(),
            Self::Count(times, window) => left(times, *window).collect(),
            Self::Active(lasts, window) => left(lasts, *window).collect(),
            Self::Trend(times, window) => left(times, *window).chain(left(times, twice(*window))).collect(),
        };
        changes.retain(|change| *change > at);
        changes
    }
}

/// When times have left a window: in the millisecond after their last one in it.
fn left(times: &[Instant], window: Duration) -> impl Iterator<Item = Instant> {
    times.iter().map(move |time| time.after(window).after(Duration::from_millis(1)))
}

/// The first instant at which more days than this have passed; `None` where that is out of sight.
fn after_days(since: Instant, days: f64) -> Option<Instant> {
    const MOST_DAYS: f64 = 1e6;
    // A tree asks for days without end where it only wants to know whether there are any.
    if !(0.0..MOST_DAYS).contains(&days) {
        return None;
    }
    let near = (days * DAY_MILLIS) as i64;
    let later = (near.saturating_sub(1)..near + 3).find(|millis| *millis as f64 / DAY_MILLIS > days)?;
    Some(since.after(Duration::from_millis(later)))
}

fn twice(window: Duration) -> Duration {
    Duration::from_millis(window.as_millis().saturating_mul(2))
}
