//! What an inactivity will be worth if nothing happens.

use super::changes::{horizon, periods_to_come};
use crate::{
    instant::{Duration, Instant},
    ledger::Entry,
    plan::{Effect, Rule, RuleKind},
    points::Micropoints,
    worth::{Subject, capped, periods},
};

/// The points of an inactivity, period by period: never falling, or never rising.
#[derive(Debug)]
pub(crate) struct Silence {
    /// When they are granted first, if they ever are, and how often after that.
    first: Option<Instant>,
    every: Option<Duration>,
    points: f64,
    cap: Option<f64>,
}

impl Silence {
    /// The silence that a rule looks at, if it grants the same points each time.
    pub(super) fn of(rule: &Rule, entry: &Entry, subject: &Subject<'_>) -> Option<Self> {
        let RuleKind::Inactivity { after, every, effect: Effect::Points(points), .. } = &rule.kind else {
            return None;
        };
        let first = subject.silent_since(entry).map(|since| since.after(*after));
        Some(Self { first, every: *every, points: *points, cap: rule.cap })
    }

    /// What it is worth at an instant.
    pub(super) fn worth(&self, at: Instant) -> Micropoints {
        match self.first.map_or(0, |first| periods(at.millis_since(first), self.every)) {
            0 => Micropoints::ZERO,
            periods => capped(periods as f64 * self.points, self.cap),
        }
    }

    /// Whether it comes to be worth something else: it never turns back.
    pub(super) fn changes(&self, subject: &Subject<'_>) -> bool {
        self.worth(subject.at) != self.worth(horizon(subject))
    }

    pub(super) fn rises(&self) -> bool {
        self.points > 0.0
    }

    /// The instants after the subject's at which it comes to be worth something else.
    pub(super) fn changes_to_come(&self, subject: &Subject<'_>) -> impl Iterator<Item = Instant> {
        // Beyond the cap nothing changes any more.
        let mut worth = self.worth(subject.at);
        let periods = self.first.into_iter().flat_map(|first| periods_to_come(first, self.every, subject));
        periods.take_while(move |at| std::mem::replace(&mut worth, self.worth(*at)) != worth)
    }
}
