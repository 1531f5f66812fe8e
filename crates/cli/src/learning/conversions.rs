//! Conversions that only the whole history of a lead tells: that it reached a tier, or had an outcome of a playbook.

use std::path::PathBuf;

use kelvin_batch::read::{ReadOptions, Rejects};
use kelvin_kernel::{Instant, arrival::arrival, plan::Schema, program::Program, score::Standing};

use super::{known::Known, layout::Layout, outcome::Defined};
use crate::failure::Outcome;

/// What a lead converts to.
pub(crate) enum Conversion<'c> {
    /// An outcome of a playbook: each event that is one.
    Outcome(&'c Defined),
    /// A tier of a model, by its place, or one above it: the first time.
    Tier(&'c Program, usize),
}

/// Calls `take` with each conversion of each lead up to the last event: who, when, and what it was worth.
pub(crate) fn each_conversion(
    files: (&[PathBuf], &[PathBuf]),
    options: &ReadOptions,
    conversion: &Conversion<'_>,
    rejects: &Rejects<'_>,
    mut take: impl FnMut(&str, Instant, f64),
) -> Outcome<()> {
    let program = match conversion {
        Conversion::Outcome(outcome) => &outcome.program,
        Conversion::Tier(program, _) => program,
    };
    let (layout, _) = Layout::new(vec![program], &Schema::default(), options)?;
    let known = Known::read(files, layout, None, rejects)?;
    let Some(end) = known.last else { return Ok(()) };
    for (id, lead) in &known.leads {
        let history = known.layout.history(lead, 0);
        match conversion {
            Conversion::Outcome(outcome) => {
                outcome.each_found(&history, end, |at, value| take(id, at, value.unwrap_or(0.0)));
            }
            Conversion::Tier(program, tier) => {
                let is_there = |standing| matches!(standing, Standing::Tier(place) if place >= *tier);
                // What a lead did before it was created counts, too.
                let since = lead.since(&history).into_iter().chain(lead.first).min();
                if let Some(at) = since.and_then(|since| arrival(program, &history, (since, end), is_there)) {
                    take(id, at, 0.0);
                }
            }
        }
    }
    Ok(())
}
