//! How well a model's scores told who would have the outcome, and which of its rules help: the closed loop, as data.

mod groups;
mod lift;
mod rules;

use serde::Serialize;

pub use groups::Group;
pub use rules::{Finding, RuleReport};

use crate::{
    Column, Dataset, Example,
    measure::{Measure, MeasureError, Resampling, Scored, Tenth, estimates},
};

/// What a model made of the examples of a data set, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'j> {
    /// Its scores; nothing where it does not apply.
    pub scores: &'j [Option<f64>],
    /// Its tiers.
    pub tiers: &'j [Option<String>],
    /// What each of its rules was worth, in points.
    pub rules: &'j [Column],
}

/// How well a model did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Examples to which the model applies.
    pub examples: usize,
    /// Those to which it does not, which are left out.
    pub left_out: usize,
    /// Examples with the outcome.
    pub positives: usize,
    /// How well the order of scores tells outcomes apart, with intervals.
    pub measures: Vec<Measured>,
    /// What is gained by working from the top.
    pub gains: Vec<Gain>,
    /// Conversion by tier, the lowest first.
    pub tiers: Vec<Group>,
    /// Conversion by bands of scores, the lowest first.
    pub bands: Vec<Group>,
    /// What each rule does, in the order of the model.
    pub rules: Vec<RuleReport>,
    /// The highest scores without the outcome.
    pub high_but_lost: Vec<Surprise>,
    /// The lowest scores with the outcome.
    pub low_but_won: Vec<Surprise>,
}

/// A measure with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Which.
    pub measure: &'static str,
    /// Its value.
    pub value: f64,
    /// The lower end of the interval in which it lies in 95 of 100 cases.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What the best so many tenths of leads hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gain {
    /// How many tenths.
    pub tenths: u8,
    /// The share of all outcomes that they hold.
    pub gain: f64,
    /// How many times as many as among as many leads picked blindly.
    pub lift: f64,
}

/// A lead whose score tells another story than its outcome.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Surprise {
    /// The lead.
    pub lead: String,
    /// The moment of decision.
    pub at: Option<String>,
    /// Its score then.
    pub score: f64,
    /// Its tier then.
    pub tier: Option<String>,
}

/// So many surprises of either kind are listed.
const SURPRISES: usize = 10;

impl Evaluation {
    /// Compares what a model made of examples with what became of them.
    ///
    /// # Errors
    /// When a score is not a number, or there are none.
    ///
    /// # Panics
    /// When the parts of `judged` are not as long as the data set.
    pub fn new(dataset: &Dataset, judged: Judged<'_>, how: &Resampling) -> Result<Self, MeasureError> {
        let kept: Vec<usize> = (0..judged.scores.len()).filter(|row| judged.scores[*row].is_some()).collect();
        let rows = Rows::new(dataset, &judged, &kept);
        let scored = Scored::new(&rows.scores, &rows.outcomes)?.by_lead(&rows.leads)?;
        let rules: Vec<Column> = judged.rules.iter().map(|rule| rule.take(&kept)).collect();
        Ok(Self {
            examples: kept.len(),
            left_out: judged.scores.len() - kept.len(),
            positives: scored.positives(),
            measures: measures(&scored, how),
            gains: scored.gains().iter().map(Gain::of).collect(),
            tiers: groups::by_tier(&rows),
            bands: groups::by_band(&rows),
            rules: rules::reports(&rules, &rows, how)?,
            high_but_lost: surprises(&rows, false),
            low_but_won: surprises(&rows, true),
        })
    }
}

/// The examples to which a model applies, and what it made of them.
#[derive(Debug)]
struct Rows<'r> {
    examples: Vec<&'r Example>,
    leads: Vec<u32>,
    outcomes: Vec<bool>,
    scores: Vec<f64>,
    tiers: Vec<Option<&'r str>>,
}

impl<'r> Rows<'r> {
    fn new(dataset: &'r Dataset, judged: &Judged<'r>, kept: &[usize]) -> Self {
        let examples: Vec<&Example> = kept.iter().map(|row| &dataset.examples[*row]).collect();
        let leads = dataset.leads();
        Self {
            leads: kept.iter().map(|row| leads[*row]).collect(),
            outcomes: examples.iter().map(|example| example.outcome).collect(),
            scores: kept.iter().filter_map(|row| judged.scores[*row]).collect(),
            tiers: kept.iter().map(|row| judged.tiers[*row].as_deref()).collect(),
            examples,
        }
    }

    fn len(&self) -> usize {
        self.examples.len()
    }
}

fn measures(scored: &Scored, how: &Resampling) -> Vec<Measured> {
    let measures = Measure::OF_ORDER;
    let measured = |(measure, estimate): (Measure, Option<crate::measure::Estimate>)| {
        let estimate = estimate?;
        Some(Measured {
            measure: measure.key(),
            value: estimate.value,
            low: estimate.low,
            high: estimate.high,
        })
    };
    measures.into_iter().zip(estimates(scored, &measures, how)).filter_map(measured).collect()
}

impl Gain {
    fn of(tenth: &Tenth) -> Self {
        Self { tenths: tenth.tenths, gain: tenth.gain, lift: tenth.lift }
    }
}

/// The leads whose scores lie furthest from their outcomes: the lowest that won, or the highest that did not.
fn surprises(rows: &Rows<'_>, outcome: bool) -> Vec<Surprise> {
    let (examples, scores) = (&rows.examples, &rows.scores);
    let mut order: Vec<usize> = (0..rows.len()).filter(|row| rows.outcomes[*row] == outcome).collect();
    let sign = if outcome { 1.0 } else { -1.0 };
    order.sort_by(|a, b| (sign * scores[*a]).total_cmp(&(sign * scores[*b])));
    let surprise = |row: usize| Surprise {
        lead: examples[row].lead.clone(),
        at: examples[row].at.map(|at| at.to_string()),
        score: scores[row],
        tier: rows.tiers[row].map(str::to_owned),
    };
    order.into_iter().take(SURPRISES).map(surprise).collect()
}
