//! Conversions that only the whole history of a lead tells: that it reached a tier, or had an outcome of a playbook.

use std::path::PathBuf;

use kelvin_batch::read::{ReadOptions, Rejects};
use kelvin_kernel::{
    Instant,
    arrival::arrival,
    history::History,
    plan::Schema,
    program::Program,
    replay::Replay,
    score::{Detail, Standing},
};
use serde_json::json;

use super::{known::Known, layout::Layout, outcome::Defined};
use crate::{failure::Outcome, models};

/// What a lead converts to.
pub(crate) enum Conversion<'c> {
    /// An outcome of a playbook: each event that is one.
    Outcome(&'c Defined),
    /// A tier of a model, by its place, or one above it: the first time; with a model whose score is what a lead is worth then.
    Tier(&'c Program, usize, Option<&'c Program>),
}

/// A model whose score is the value of an expression over a lead.
///
/// # Errors
/// The expression cannot be used.
pub(crate) fn worth_of_leads(option: &str, expression: &str) -> Outcome<Program> {
    let rules = json!({"value": {"rules": [{"id": "value", "if": "true", "points": expression}]}});
    // JSON is YAML.
    models::of_typed(&format!("kelvin: 1\nmodel: value\ndimensions: {rules}\n"), &[(option, expression)])
}

/// Calls `take` with each conversion of each lead up to the last event: who, when, and what it was worth.
pub(crate) fn each_conversion(
    files: (&[PathBuf], &[PathBuf]),
    options: &ReadOptions,
    conversion: &Conversion<'_>,
    rejects: &Rejects<'_>,
    mut take: impl FnMut(&str, Instant, f64),
) -> Outcome<()> {
    let programs = match conversion {
        Conversion::Outcome(outcome) => vec![&outcome.program],
        Conversion::Tier(program, _, worth) => [*program].into_iter().chain(*worth).collect(),
    };
    let (layout, _) = Layout::new(programs, &Schema::default(), options)?;
    let known = Known::read(files, layout, None, rejects)?;
    let Some(end) = known.last else { return Ok(()) };
    for (id, lead) in &known.leads {
        let history = known.layout.history(lead, 0);
        match conversion {
            Conversion::Outcome(outcome) => {
                outcome.each_found(&history, end, |at, value| take(id, at, value.unwrap_or(0.0)));
            }
            Conversion::Tier(program, tier, worth) => {
                let is_there = |standing| matches!(standing, Standing::Tier(place) if place >= *tier);
                // What a lead did before it was created counts, too.
                let since = lead.since(&history).into_iter().chain(lead.first).min();
                if let Some(at) = since.and_then(|since| arrival(program, &history, (since, end), is_there)) {
                    take(id, at, worth.map_or(0.0, |worth| value(worth, &known.layout.history(lead, 1), at)));
                }
            }
        }
    }
    Ok(())
}

/// What a lead is worth at an instant.
fn value(worth: &Program, history: &History, at: Instant) -> f64 {
    let score = Replay::new(worth, history, at).score(worth, Detail { until: false, reasons: false });
    score.map_or(0.0, |score| score.score.as_points())
}
