//! Trained models of the definition: each input counted anew, each tree walked from its root.

use super::Case;
use crate::{
    instant::{Duration, Instant},
    plan::{CaptureId, MatcherId, Purpose},
    predict::{Ask, Forecast, Node, Observed, Prediction, Predictor, Test},
    value::Value,
};

const DAY_MILLIS: i64 = 86_400_000;

impl Case<'_> {
    /// What a trained model grants, before rounding.
    pub(super) fn foretold(&self, prediction: &Prediction) -> f64 {
        let row = self.inputs(prediction);
        let (low, high) = prediction.points;
        low + probability(&prediction.predictor, &row) * (high - low)
    }

    /// The same, input by input.
    pub(super) fn forecast(&self, prediction: &Prediction) -> Forecast {
        Forecast::new(&prediction.predictor, prediction.points, &self.inputs(prediction))
    }

    fn inputs(&self, prediction: &Prediction) -> Vec<f64> {
        let inputs = prediction.asks.iter().zip(&prediction.predictor.inputs);
        inputs.map(|(ask, input)| self.input(ask, input.levels.as_deref())).collect()
    }

    fn input(&self, ask: &Ask, levels: Option<&[String]>) -> f64 {
        let days = |millis: i64| millis as f64 / DAY_MILLIS as f64;
        match ask {
            Ask::Age(of) => match crate::predict::told_time(of, &self.env()) {
                Some(time) if time <= self.at => days(self.at.millis_since(time)),
                _ => f64::NAN,
            },
            Ask::Count { seen, within } => self.observed(*seen, *within).len() as f64,
            Ask::DaysSince { seen } => match self.observed(*seen, None).last() {
                Some(last) => days(self.at.millis_since(*last)),
                None => f64::NAN,
            },
            Ask::ActiveDays { seen, within } => {
                let times = self.observed(*seen, *within);
                let mut days: Vec<i64> =
                    times.iter().map(|time| time.as_millis().div_euclid(DAY_MILLIS)).collect();
                days.dedup();
                days.len() as f64
            }
            Ask::Trend { seen, within } => {
                let both = Duration::from_millis(2 * within.as_millis());
                let (recent, all) = (self.observed(*seen, Some(*within)), self.observed(*seen, Some(both)));
                recent.len() as f64 - (all.len() - recent.len()) as f64
            }
            Ask::Values { seen } => {
                let mut values: Vec<Value> = Vec::new();
                for value in self.values(*seen) {
                    if !values.iter().any(|known| known.is_same(&value)) {
                        values.push(value);
                    }
                }
                values.len() as f64
            }
            Ask::Told { seen, .. } => {
                let told = match self.rules.observations[*seen].what {
                    Observed::First(_) => self.values(*seen).into_iter().next(),
                    _ => self.values(*seen).into_iter().last(),
                };
                let is = |level: &String| told.as_ref().and_then(Value::as_str) == Some(level.as_str());
                levels.and_then(|levels| levels.iter().position(is)).map_or(f64::NAN, |place| place as f64)
            }
            Ask::Rule { place, .. } => self.worth(&self.rules.rules[*place]).as_points(),
            of_attributes => of_attributes.of_attributes(levels, &self.env()),
        }
    }

    /// The times of the events that are observed, in a window or all.
    fn observed(&self, seen: usize, within: Option<Duration>) -> Vec<Instant> {
        let in_window =
            |time: &Instant| within.is_none_or(|within| self.at.millis_since(*time) <= within.as_millis());
        let events = self.observed_events(self.rules.observations[seen].event);
        events.into_iter().map(|place| self.occurrences[place].event.time).filter(in_window).collect()
    }

    /// The values that are read from observed events.
    fn values(&self, seen: usize) -> Vec<Value> {
        let observation = &self.rules.observations[seen];
        let read = |capture: CaptureId| {
            let events = self.observed_events(observation.event).into_iter();
            events
                .filter_map(|place| self.capture(&self.occurrences[place], capture, Purpose::Distinct))
                .collect()
        };
        match observation.what {
            Observed::Times => Vec::new(),
            Observed::Values(capture) | Observed::First(capture) | Observed::Last(capture) => read(capture),
        }
    }

    fn observed_events(&self, matcher: MatcherId) -> Vec<usize> {
        self.counted(matcher, None)
    }
}

fn probability(predictor: &Predictor, row: &[f64]) -> f64 {
    let mut trees = 0.0;
    for tree in &predictor.trees {
        trees += leaf(&tree.nodes, &tree.nodes[0], row);
    }
    let linear = match &predictor.linear {
        Some(linear) => {
            let parts = linear.terms.iter().zip(row).map(|(term, value)| term.part(*value));
            linear.base + parts.sum::<f64>()
        }
        None => 0.0,
    };
    predictor.calibration.probability(predictor.base + trees + linear)
}

/// The value of the leaf that a row comes to from a node.
fn leaf(nodes: &[Node], node: &Node, row: &[f64]) -> f64 {
    match node {
        Node::Leaf { value, .. } => *value,
        Node::Split(split) => {
            let value = row[split.column];
            let is_left = match &split.test {
                _ if value.is_nan() => split.missing_left,
                Test::AtMost(cut) => value <= *cut,
                Test::OneOf(places) => places.iter().any(|place| f64::from(*place) == value),
            };
            leaf(nodes, &nodes[if is_left { split.left } else { split.right }], row)
        }
    }
}
