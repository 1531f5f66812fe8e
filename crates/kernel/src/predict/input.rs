//! A predictor in a plan: where each of its inputs comes from, and what its probabilities are worth.

use std::sync::Arc;

use super::{FieldFunction, Forecast, Predictor, Reading, Tree, bounds, cell};
use crate::{
    expr::{Env, Expr},
    fields::{department, email_kind, seniority},
    instant::{Duration, Instant},
    plan::Rule,
    points::Micropoints,
    value::Value,
    worth::{Subject, Worth},
};

/// A trained model that grants points.
#[derive(Debug, Clone)]
pub struct Prediction {
    /// The trained model.
    pub predictor: Arc<Predictor>,
    /// What it asks, one an input.
    pub asks: Vec<Ask>,
    /// The points of a probability of 0, and of 1.
    pub points: (f64, f64),
}

/// Where an input comes from. Observations are places in [`RuleSet::observations`](crate::plan::RuleSet::observations).
#[derive(Debug, Clone)]
pub enum Ask {
    /// Nothing is ever known of it.
    Nothing,
    /// An attribute.
    Attribute(Expr),
    /// What a function makes of an attribute's text.
    Field {
        /// The function.
        function: FieldFunction,
        /// The attribute.
        of: Expr,
    },
    /// How many characters an attribute's text has; 0 where there is none.
    Length(Expr),
    /// How many days ago the time lies that an attribute tells; nothing while it is to come.
    Age(Expr),
    /// How many events were observed, within a while or ever.
    Count {
        /// The observation of their times.
        seen: usize,
        /// How far back.
        within: Option<Duration>,
    },
    /// How many days ago the last event was observed.
    DaysSince {
        /// The observation of times.
        seen: usize,
    },
    /// On how many days (UTC) events were observed, within a while or ever.
    ActiveDays {
        /// The observation of times.
        seen: usize,
        /// How far back.
        within: Option<Duration>,
    },
    /// How many more events were observed within a while than in as long before.
    Trend {
        /// The observation of times.
        seen: usize,
        /// How long.
        within: Duration,
    },
    /// How many values were observed.
    Values {
        /// The observation of values.
        seen: usize,
    },
    /// The value that was observed first, or last.
    Told {
        /// The observation of a value.
        seen: usize,
        /// The canonical bytes of the input's levels.
        levels: Vec<Box<[u8]>>,
    },
    /// What another rule of the plan is worth, in points.
    Rule {
        /// Its place in [`RuleSet::rules`](crate::plan::RuleSet::rules).
        place: usize,
        /// The same rule: no prediction.
        rule: Box<Rule>,
    },
}

impl Prediction {
    /// What a lead is worth at the subject's instant, before rounding.
    pub(crate) fn worth(&self, subject: &Subject<'_>, env: &Env<'_>) -> f64 {
        self.points_at(&self.readings(subject, env), subject.at)
    }

    /// The same, with the points of each input.
    pub(crate) fn forecast(&self, subject: &Subject<'_>) -> Forecast {
        let readings = self.readings(subject, &subject.env());
        Forecast::new(&self.predictor, self.points, &row(&readings, subject.at))
    }

    /// What a lead would be worth if some rules (by place) were worth something else; `None` where that is not asked for.
    pub(crate) fn worth_if(&self, subject: &Subject<'_>, instead: &[(usize, Micropoints)]) -> Option<f64> {
        let mut readings = self.readings(subject, &subject.env());
        let mut is_asked = false;
        for (ask, reading) in self.asks.iter().zip(&mut readings) {
            let Ask::Rule { place, .. } = ask else { continue };
            if let Some((_, points)) = instead.iter().find(|(rule, _)| rule == place) {
                *reading = Reading::Fixed(points.as_points());
                is_asked = true;
            }
        }
        is_asked.then(|| self.points_at(&readings, subject.at))
    }

    /// What each input is from the subject's instant on, if nothing else happens; what rules are worth, only at that instant.
    pub(crate) fn readings<'a>(&self, subject: &Subject<'a>, env: &Env<'_>) -> Vec<Reading<'a>> {
        let inputs = self.asks.iter().zip(&self.predictor.inputs);
        inputs.map(|(ask, input)| ask.reading(input.levels.as_deref(), subject, env)).collect()
    }

    /// What is granted at an instant at or after that of the readings.
    pub(crate) fn points_at(&self, readings: &[Reading<'_>], at: Instant) -> f64 {
        self.points_of(self.predictor.log_odds(&row(readings, at)))
    }

    /// Between what all lie that is granted from one instant to another, both included; whether that is one value.
    pub(crate) fn points_between(&self, readings: &[Reading<'_>], from: Instant, to: Instant) -> (f64, f64) {
        let spans: Vec<_> = readings.iter().map(|reading| reading.between(from, to)).collect();
        let (least, most) = bounds::log_odds(&self.predictor, &spans);
        let (a, b) = (self.points_of(least), self.points_of(most));
        (a.min(b), a.max(b))
    }

    /// The instants after `at` at which an input changes or comes to what a tree asks it for, in any order.
    pub(crate) fn changes(&self, readings: &[Reading<'_>], at: Instant) -> Vec<Instant> {
        let of = |(column, reading): (usize, &Reading<'_>)| {
            let cuts = || self.predictor.trees.iter().flat_map(move |tree: &Tree| tree.cuts(column));
            reading.changes(at, cuts)
        };
        readings.iter().enumerate().flat_map(of).collect()
    }

    /// The points of log-odds.
    pub(crate) fn points_of(&self, log_odds: f64) -> f64 {
        let (low, high) = self.points;
        low + self.predictor.calibration.probability(log_odds) * (high - low)
    }

    /// Whether the points can change though nothing happens.
    pub(crate) fn can_move(&self) -> bool {
        self.asks.iter().any(|ask| {
            matches!(
                ask,
                Ask::Age(_)
                    | Ask::Count { within: Some(_), .. }
                    | Ask::DaysSince { .. }
                    | Ask::ActiveDays { within: Some(_), .. }
                    | Ask::Trend { .. }
            ) || ask.moving_rule().is_some()
        })
    }
}

/// The inputs at an instant.
fn row(readings: &[Reading<'_>], at: Instant) -> Vec<f64> {
    readings.iter().map(|reading| reading.at(at)).collect()
}

impl Ask {
    /// The rule that is asked for, with its place, if its worth can change though nothing happens.
    pub(crate) fn moving_rule(&self) -> Option<(usize, &Rule)> {
        match self {
            // A rule that disqualifies is never worth anything.
            Self::Rule { place, rule } if rule.kind.can_move() && !rule.kind.is_disqualifier() => {
                Some((*place, rule))
            }
            _ => None,
        }
    }

    fn reading<'a>(&self, levels: Option<&[String]>, subject: &Subject<'a>, env: &Env<'_>) -> Reading<'a> {
        let noted = |seen: &usize| subject.ledger.noted(*seen);
        match self {
            Self::Nothing | Self::Attribute(_) | Self::Field { .. } | Self::Length(_) => {
                Reading::Fixed(self.of_attributes(levels, env))
            }
            Self::Age(of) => told_time(of, env).map_or(Reading::NOTHING, Reading::Days),
            Self::Count { seen, within: None } => Reading::Fixed(noted(seen).times().len() as f64),
            Self::Count { seen, within: Some(within) } => Reading::Count(noted(seen).times(), *within),
            Self::DaysSince { seen } => {
                noted(seen).times().last().map_or(Reading::NOTHING, |last| Reading::Days(*last))
            }
            Self::ActiveDays { seen, within } => Reading::active_days(noted(seen).times(), *within),
            Self::Trend { seen, within } => Reading::Trend(noted(seen).times(), *within),
            Self::Values { seen } => Reading::Fixed(noted(seen).values() as f64),
            Self::Told { seen, levels } => {
                let told = noted(seen).told();
                Reading::Fixed(place(told.and_then(|told| levels.iter().position(|level| **level == *told))))
            }
            Self::Rule { place, rule } => {
                let worth = Worth::seen(rule, subject.ledger.entry(*place), (subject, env));
                Reading::Fixed(worth.points.as_points())
            }
        }
    }

    /// What the attributes say, if it is asked of them and stays as it is.
    pub(crate) fn of_attributes(&self, levels: Option<&[String]>, env: &Env<'_>) -> f64 {
        match self {
            Self::Attribute(of) => known(of, env).map_or(f64::NAN, |value| attribute(&value, levels)),
            Self::Field { function, of } => {
                let text = known(of, env).map(|value| cell::text(&value));
                place(text.and_then(|text| level(levels?, function.answer(&text))))
            }
            Self::Length(of) => known(of, env).map_or(0.0, |value| cell::text(&value).chars().count() as f64),
            _ => f64::NAN,
        }
    }
}

/// The instant that an attribute tells.
pub(crate) fn told_time(of: &Expr, env: &Env<'_>) -> Option<Instant> {
    known(of, env).and_then(time)
}

/// The instant that a value tells.
fn time(value: Value) -> Option<Instant> {
    match &value {
        Value::String(text) => cell::time(text),
        Value::Timestamp(_) => value.as_instant(),
        _ => None,
    }
}

/// The value of an attribute, if it says something.
fn known(of: &Expr, env: &Env<'_>) -> Option<Value> {
    of.value(env).ok().filter(|value| !cell::is_missing(value))
}

/// An attribute as a number, or as the place of its level.
fn attribute(value: &Value, levels: Option<&[String]>) -> f64 {
    let Some(levels) = levels else {
        return match value {
            Value::String(text) => cell::amount(text),
            value => value.number().unwrap_or(f64::NAN),
        };
    };
    // A number may be the name of a category however it is written.
    let as_number = || level(levels, &cell::number(value)?.to_string());
    place(level(levels, &cell::text(value)).or_else(as_number))
}

fn level(levels: &[String], text: &str) -> Option<usize> {
    levels.iter().position(|level| level == text)
}

fn place(place: Option<usize>) -> f64 {
    place.map_or(f64::NAN, |place| place as f64)
}

impl FieldFunction {
    /// What the function makes of a text.
    fn answer(self, text: &str) -> &'static str {
        match self {
            Self::EmailKind => email_kind(text).as_str(),
            Self::Seniority => seniority(text).as_str(),
            Self::Department => department(text).as_str(),
        }
    }
}
