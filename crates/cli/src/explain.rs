//! What there is to say about one lead at one instant: its score, why, since when, until when, and what would lift it.

pub(crate) mod actions;
pub(crate) mod json;
pub(crate) mod ledger;
pub(crate) mod phrases;
mod words;

#[cfg(test)]
mod tests;

use phrases::Phrases;

use kelvin_kernel::{
    Duration, Instant, Micropoints,
    history::History,
    program::Program,
    replay::{Replay, at_each},
    score::{Detail, Score, Standing, score},
    trace::{RuleTrace, trace},
    worth::Subject,
};

/// How far back and ahead the curve goes.
pub(crate) const REACH: Duration = Duration::from_days(90);

/// All that is said about one lead.
pub(crate) struct Explanation<'a> {
    pub(crate) program: &'a Program,
    pub(crate) phrases: &'a Phrases,
    pub(crate) lead_id: &'a str,
    pub(crate) at: Instant,
    pub(crate) score: Score,
    /// By place of the rule.
    pub(crate) rules: Vec<RuleTrace>,
    /// When the standing changes if nothing else happens, and what to.
    pub(crate) next: Option<(Instant, Standing)>,
    /// Evenly spaced from [`REACH`] before to [`REACH`] after the instant.
    pub(crate) curve: Vec<Sample>,
    /// The cheapest ways to a better standing.
    pub(crate) actions: Vec<actions::Way>,
}

/// A score at an instant; `None` where the model does not apply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) at: Instant,
    pub(crate) score: Option<(Micropoints, Standing)>,
}

impl<'a> Explanation<'a> {
    /// Explains the lead at `at`, with a curve of so many samples; `None` where the model does not apply to it.
    pub(crate) fn new(
        (program, phrases): (&'a Program, &'a Phrases),
        (lead_id, history): (&'a str, &History),
        at: Instant,
        samples: usize,
    ) -> Option<Self> {
        let (replay, curve) = replay(program, history, at, samples);
        let subject = replay.subject();
        let found = score(program, &subject, Detail { until: true, reasons: true })?;
        let next = found
            .until
            .and_then(|until| Some((until, score(program, &subject.at(until), Detail::default())?.standing)));
        Some(Self {
            program,
            phrases,
            lead_id,
            at,
            rules: trace(program, &subject),
            next,
            curve,
            actions: actions::ways(program, &subject, found.standing),
            score: found,
        })
    }
}

/// The lead at `at`, and its score around it.
fn replay<'h>(
    program: &Program,
    history: &'h History,
    at: Instant,
    samples: usize,
) -> (Replay<'h>, Vec<Sample>) {
    let (from, span) = (at.before(REACH), 2 * REACH.as_millis());
    let last = samples.saturating_sub(1).max(1) as i64;
    let instant =
        |step: i64| from.after(Duration::from_millis(span / last * step + span % last * step / last));
    let instants: Vec<Instant> = (0..samples as i64).map(instant).collect();
    let (past, ahead) = instants.split_at(instants.partition_point(|then| *then <= at));
    let mut curve = Vec::with_capacity(samples);
    let mut sample = |subject: &Subject<'_>| {
        let found = score(program, subject, Detail::default());
        curve.push(Sample { at: subject.at, score: found.map(|found| (found.score, found.standing)) });
    };
    let now = at_each(program, history, past, at, &mut sample);
    // Ahead nothing else happens, whatever the history holds.
    ahead.iter().for_each(|then| sample(&now.subject().at(*then)));
    (now, curve)
}
