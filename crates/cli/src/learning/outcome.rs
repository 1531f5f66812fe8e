//! What is to be foretold, as a small model: its score tells whether the outcome came, when, and what it brought.

use clap::Args;
use kelvin_kernel::{
    Instant,
    program::Program,
    score::{Detail, Score},
};
use serde_json::json;

use crate::{failure::Outcome, models, terminal::Terminal};

/// What is to be foretold, as the command line says it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Outcome")]
pub(crate) struct Definition {
    /// The condition that a lead has had the outcome: `lead.converted == true`; with --outcome-event a condition on the
    /// event: `event.stage == 'won'`
    #[arg(long, value_name = "CONDITION")]
    outcome: Option<String>,

    /// The event that is the outcome; may be repeated
    #[arg(long, value_name = "EVENT", requires = "events")]
    outcome_event: Vec<String>,

    /// What the outcome brought, an expression: `event.amount`, `lead.revenue`
    #[arg(long, value_name = "EXPRESSION")]
    outcome_value: Option<String>,

    /// The attribute that tells when the outcome came, for a condition on leads
    #[arg(long, value_name = "ATTRIBUTE", conflicts_with = "outcome_event")]
    pub(super) outcome_at: Option<String>,
}

impl Definition {
    /// The definition as a model.
    pub(super) fn program(&self, terminal: &Terminal) -> Outcome<Option<Program>> {
        if self.outcome.is_none() && self.outcome_event.is_empty() {
            return Ok(None);
        }
        models::of_text("--outcome", &self.text(), terminal).map(Some)
    }

    fn text(&self) -> String {
        let mut condition = serde_json::Map::new();
        if !self.outcome_event.is_empty() {
            condition.insert("event".to_owned(), json!(self.outcome_event));
            condition.insert("limit".to_owned(), json!(1));
        }
        condition.extend(self.outcome.as_ref().map(|text| ("if".to_owned(), json!(text))));
        let rule = |id: &str, points: serde_json::Value| {
            let mut rule = condition.clone();
            rule.insert("id".to_owned(), json!(id));
            rule.insert("points".to_owned(), points);
            json!({"rules": [rule]})
        };
        let value = self.outcome_value.as_ref().map(|text| ("value".to_owned(), rule("value", json!(text))));
        let dimensions = [("came".to_owned(), rule("outcome", json!(1)))].into_iter().chain(value);
        let dimensions: serde_json::Map<_, _> = dimensions.collect();
        // JSON is YAML.
        format!("kelvin: 1\nmodel: outcome\ndimensions: {}\n", json!(dimensions))
    }

    /// The definition in words.
    pub(super) fn about(&self) -> Option<String> {
        let events = (!self.outcome_event.is_empty()).then(|| self.outcome_event.join(" or "));
        let told = events.into_iter().chain(self.outcome.clone()).collect::<Vec<_>>().join(" with ");
        Some(told).filter(|told| !told.is_empty())
    }
}

/// What became of a lead.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Fate {
    pub(super) came: bool,
    pub(super) at: Option<Instant>,
    pub(super) value: Option<f64>,
}

impl Fate {
    /// What is asked of the score that tells a fate.
    pub(super) const DETAIL: Detail = Detail { until: false, reasons: true };

    /// The fate that a score tells.
    pub(super) fn of(score: &Score) -> Self {
        let came = score.dimensions.first().is_some_and(|came| came.value.as_points() > 0.0);
        let at = score.reasons.iter().find(|reason| reason.rule == 0).and_then(|reason| reason.last);
        let value = score.dimensions.get(1).filter(|_| came).map(|value| value.value.as_points());
        Self { came, at, value }
    }
}
