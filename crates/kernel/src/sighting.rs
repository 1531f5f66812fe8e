//! What the rules see of an event: which matchers it meets, and what the captures read from it.

use crate::{
    expr::Env,
    plan::{CaptureId, MatcherId, NameId, Purpose},
    program::Rules,
};

/// All that the rules ever see of an event. Two events with equal sightings differ, for the rules, only in time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sighting {
    /// Whether the event is an `identify`, which puts no inactivity off.
    identify: bool,
    matched: Vec<MatcherId>,
    captured: Vec<(CaptureId, Captured)>,
}

/// What a capture read from an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Captured {
    /// Nothing: the expression was an error.
    Nothing,
    /// A value to tell events apart, as its canonical bytes.
    Key(Box<[u8]>),
    /// Points, as the bits of a finite floating-point number.
    Points(u64),
}

impl Sighting {
    /// What `rules` see of an event of this name, which `env` looks at.
    pub fn of(rules: Rules<'_>, name: NameId, env: &Env<'_>) -> Self {
        let mut sighting = Self::unmatched(name);
        for matcher in rules.matchers_of(name) {
            let condition = rules.set.matchers[usize::from(matcher.0)].condition.as_ref();
            if condition.is_none_or(|condition| condition.holds(env)) {
                sighting.matched.push(*matcher);
                for capture in rules.captures_of(*matcher) {
                    sighting.captured.push((*capture, Captured::read(rules, *capture, env)));
                }
            }
        }
        sighting
    }

    /// An event of this name that meets no matcher.
    pub fn unmatched(name: NameId) -> Self {
        Self { identify: name == NameId::IDENTIFY, matched: Vec::new(), captured: Vec::new() }
    }

    /// Adds a matcher that the event meets; in ascending order.
    pub fn add_match(&mut self, matcher: MatcherId) {
        self.matched.push(matcher);
    }

    /// Adds what a capture read; after its matcher.
    pub fn add_capture(&mut self, capture: CaptureId, captured: Captured) {
        self.captured.push((capture, captured));
    }

    /// Whether the event is an `identify`.
    pub fn is_identify(&self) -> bool {
        self.identify
    }

    /// The matchers that the event meets, ascending.
    pub fn matched(&self) -> &[MatcherId] {
        &self.matched
    }

    /// What the captures read, in the order of their matchers.
    pub fn captured(&self) -> &[(CaptureId, Captured)] {
        &self.captured
    }

    /// Whether the event meets a matcher.
    pub fn meets(&self, matcher: MatcherId) -> bool {
        self.matched.contains(&matcher)
    }

    /// The distinct key that a capture read.
    pub fn key(&self, capture: CaptureId) -> Option<&[u8]> {
        match self.read_by(capture) {
            Some(Captured::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// The points that a capture read; 0 for an error or a value that is no number.
    pub fn points(&self, capture: CaptureId) -> f64 {
        match self.read_by(capture) {
            Some(Captured::Points(bits)) => f64::from_bits(*bits),
            _ => 0.0,
        }
    }

    fn read_by(&self, capture: CaptureId) -> Option<&Captured> {
        self.captured.iter().find(|(id, _)| *id == capture).map(|(_, captured)| captured)
    }
}

impl Captured {
    /// What a capture reads from an event.
    pub fn read(rules: Rules<'_>, capture: CaptureId, env: &Env<'_>) -> Self {
        let capture = &rules.set.captures[usize::from(capture.0)];
        let Ok(value) = capture.expr.value(env) else {
            return Self::Nothing;
        };
        match capture.purpose {
            Purpose::Distinct => Self::Key(value.canonical_key()),
            Purpose::Points => value.number().map_or(Self::Nothing, |points| Self::Points(points.to_bits())),
        }
    }
}
