//! How well a model's scores told who would have the outcome, and which of its rules help: the closed loop, as data.

mod common;
mod concordance;
mod groups;
mod lift;
mod probabilities;
mod rules;
mod segments;
mod surprises;

use serde::Serialize;

pub use common::{Common, Is};
pub use groups::{Bin, Group};
pub use probabilities::{Probabilities, Reliability};
pub use rules::{Finding, JudgedRule, RuleReport};
pub use segments::{Against, Segment, Segments, segments};
pub use surprises::{InCommon, Surprise};

use crate::{
    Dataset, Example,
    measure::{Measure, MeasureError, Resampling, Scored, Tenth, estimates},
};
use surprises::Side;

/// What a model made of the examples of a data set, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'j> {
    /// Its scores; nothing where it does not apply.
    pub scores: &'j [Option<f64>],
    /// Its tiers.
    pub tiers: &'j [Option<String>],
    /// What each of its rules made of them.
    pub rules: &'j [JudgedRule],
    /// Whether its scores are probabilities of the outcome; else they are points.
    pub probabilities: bool,
}

/// How well a model did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Examples to which the model applies.
    pub examples: usize,
    /// Those to which it does not, which are left out.
    pub left_out: usize,
    /// Whose examples they are.
    pub leads: usize,
    /// Examples with the outcome.
    pub positives: usize,
    /// How well the order of scores tells outcomes apart, with intervals.
    pub measures: Vec<Measured>,
    /// How true the probabilities are that scores stand for, where there are enough outcomes to tell.
    pub probabilities: Option<Probabilities>,
    /// What is gained by working from the top.
    pub gains: Vec<Gain>,
    /// Conversion by tier, the lowest first.
    pub tiers: Vec<Group>,
    /// Conversion by bands of scores, the lowest first.
    pub bands: Vec<Group>,
    /// How the scores of those with the outcome lie, and of the others, in narrower bands.
    pub distribution: Vec<Bin>,
    /// What each rule does, in the order of the model.
    pub rules: Vec<RuleReport>,
    /// The highest scores without the outcome, each lead once.
    pub high_but_lost: Vec<Surprise>,
    /// What such leads have more often than those of high scores that had it.
    pub high_in_common: Option<InCommon>,
    /// The lowest scores with the outcome, each lead once.
    pub low_but_won: Vec<Surprise>,
    /// What such leads have more often than those of low scores without it.
    pub low_in_common: Option<InCommon>,
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

/// Of what is said of rules, common traits and segments, this part may be chance.
const FALSE: f64 = 0.05;

/// So many bands there are at most, to read and to draw.
const BANDS: usize = 8;
const BINS: usize = 30;

impl Evaluation {
    /// Compares what a model made of examples with what became of them.
    ///
    /// # Errors
    /// When a score is not a number.
    ///
    /// # Panics
    /// When the parts of `judged` are not as long as the data set.
    pub fn new(dataset: &Dataset, judged: Judged<'_>, how: &Resampling) -> Result<Self, MeasureError> {
        let rows = Rows::new(dataset, &judged);
        let scored = Scored::new(&rows.scores, &rows.outcomes)?.by_lead(&rows.leads)?;
        let rules: Vec<JudgedRule> = judged.rules.iter().map(|rule| rule.take(&rows.places)).collect();
        let of = |side| surprises::surprises(&rows, side);
        let in_common = |side| surprises::common(&rows, &dataset.table, side);
        Ok(Self {
            examples: rows.len(),
            left_out: judged.scores.len() - rows.len(),
            leads: scored.leads(),
            positives: scored.positives(),
            measures: measured(&scored, &Measure::OF_ORDER, how),
            probabilities: probabilities::probabilities(&rows, judged.probabilities, how)?,
            gains: scored.gains().iter().map(Gain::of).collect(),
            tiers: groups::by_tier(&rows),
            bands: groups::by_band(&rows, BANDS),
            distribution: groups::distribution(&rows, BINS),
            rules: rules::reports(&rules, &rows, how)?,
            high_but_lost: of(Side::HighButLost),
            high_in_common: in_common(Side::HighButLost),
            low_but_won: of(Side::LowButWon),
            low_in_common: in_common(Side::LowButWon),
        })
    }
}

/// The examples to which a model applies, and what it made of them.
#[derive(Debug, Default)]
pub(crate) struct Rows<'r> {
    /// Their places in the data set.
    places: Vec<usize>,
    examples: Vec<&'r Example>,
    leads: Vec<u32>,
    outcomes: Vec<bool>,
    scores: Vec<f64>,
    tiers: Vec<Option<&'r str>>,
}

impl<'r> Rows<'r> {
    fn new(dataset: &'r Dataset, judged: &Judged<'r>) -> Self {
        let places: Vec<usize> =
            (0..judged.scores.len()).filter(|row| judged.scores[*row].is_some()).collect();
        Self {
            scores: places.iter().filter_map(|row| judged.scores[*row]).collect(),
            tiers: places.iter().map(|row| judged.tiers[*row].as_deref()).collect(),
            ..Self::of(dataset, places)
        }
    }

    /// Some examples of a data set, without scores.
    fn of(dataset: &'r Dataset, places: Vec<usize>) -> Self {
        let examples: Vec<&Example> = places.iter().map(|row| &dataset.examples[*row]).collect();
        let leads = dataset.leads();
        Self {
            leads: places.iter().map(|row| leads[*row]).collect(),
            outcomes: examples.iter().map(|example| example.outcome).collect(),
            examples,
            places,
            ..Self::default()
        }
    }

    fn len(&self) -> usize {
        self.examples.len()
    }
}

fn measured(scored: &Scored, measures: &[Measure], how: &Resampling) -> Vec<Measured> {
    let measured = |(measure, estimate): (&Measure, Option<crate::measure::Estimate>)| {
        let estimate = estimate?;
        Some(Measured {
            measure: measure.key(),
            value: estimate.value,
            low: estimate.low,
            high: estimate.high,
        })
    };
    measures.iter().zip(estimates(scored, measures, how)).filter_map(measured).collect()
}

impl Gain {
    fn of(tenth: &Tenth) -> Self {
        Self { tenths: tenth.tenths, gain: tenth.gain, lift: tenth.lift }
    }
}
