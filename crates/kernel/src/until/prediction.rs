//! What a trained model will foretell if nothing happens.

use super::{bounds::Bounds, changes::horizon, curve::Curve};
use crate::{
    instant::Instant,
    points::Micropoints,
    predict::{Prediction, Reading},
    worth::{Subject, Worth},
};

/// A prediction with what its inputs will be.
#[derive(Debug)]
pub(crate) struct Ahead<'a> {
    prediction: &'a Prediction,
    readings: Vec<Reading<'a>>,
}

/// Probabilities that lie nearer than this, in points, may come out in any order: the exponential is not exact.
const NEAR: Micropoints = Micropoints(1);

impl<'a> Ahead<'a> {
    /// What a prediction looks at, if that changes.
    pub(super) fn of(prediction: &'a Prediction, subject: &Subject<'a>) -> Option<Self> {
        let mut readings = prediction.readings(subject, &subject.env());
        for (ask, reading) in prediction.asks.iter().zip(&mut readings) {
            let Some((place, rule)) = ask.moving_rule() else { continue };
            let now = Worth::of(rule, subject.ledger.entry(place), subject);
            match Curve::new(rule, place, subject, &now) {
                Curve::Flat(_) => {}
                curve => *reading = Reading::Rule(Box::new(curve)),
            }
        }
        let changes = readings.iter().any(|reading| !reading.is_fixed());
        changes.then_some(Self { prediction, readings })
    }

    /// What it is worth at an instant.
    pub(super) fn worth(&self, at: Instant) -> Micropoints {
        Micropoints::round(self.prediction.points_at(&self.readings, at))
    }

    /// What it is worth at all instants `from..=to`.
    pub(super) fn bounds(&self, from: Instant, to: Instant) -> Bounds {
        let (least, most) = self.prediction.points_between(&self.readings, from, to);
        let bounds = Bounds { min: Micropoints::round(least), max: Micropoints::round(most) };
        // One value is what it is all the time.
        if least == most { bounds } else { Bounds { min: bounds.min - NEAR, max: bounds.max + NEAR } }
    }

    /// Adds the instants after the subject's at which it may come to be worth something else at once.
    pub(super) fn put_jumps(&self, subject: &Subject<'_>, out: &mut Vec<i64>) {
        let changes = self.prediction.changes(&self.readings, subject.at).into_iter();
        out.extend(changes.filter(|change| *change <= horizon(subject)).map(Instant::as_millis));
        for reading in &self.readings {
            if let Reading::Rule(curve) = reading {
                curve.put_jumps(subject, out);
            }
        }
    }
}
