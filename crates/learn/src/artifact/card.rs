//! What is known of a model: what it was trained on, how good it is, what it looks at, and what to beware of.

use std::collections::{BTreeMap, BTreeSet};

use kelvin_kernel::Instant;
use serde::{Deserialize, Serialize};

use crate::measure::{Estimate, Measure, MeasureError, Resampling, Scored, estimates};
use crate::{Choice, Dataset, Trained, predictions};

/// What the caller knows of the data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// Where it is from: names of files.
    pub data: String,
    /// What counts as the outcome, as it was told.
    pub outcome: String,
    /// Within which time the outcome must come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<String>,
    /// The models of points whose rules it could learn from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// Of each rule that it asks for, by its name as an input, the digest of what the rule said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, String>,
}

/// A model card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// What the caller knows of the data.
    pub about: About,
    /// How many leads it was trained on.
    pub leads: usize,
    /// At how many moments they were looked at, where some were at several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moments: Option<usize>,
    /// How many of them have the outcome: leads, or moments where these are told.
    pub positives: usize,
    /// The first and the last moment of decision, in milliseconds since 1970; nothing where the data tells no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<(i64, i64)>,
    /// How many leads were predicted without having been learned from: what follows is measured on them.
    pub held_out: usize,
    /// At how many moments, where some were at several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out_moments: Option<usize>,
    /// The measures of these predictions.
    pub measures: Vec<Interval>,
    /// What was predicted beside what happened: from, to, leads or moments, mean prediction, share with the outcome.
    pub reliability: Vec<(f64, f64, f64, f64, f64)>,
    /// The share of outcomes that the best tenth holds, the best two tenths, and so on.
    pub gains: Vec<f64>,
    /// What was chosen, with the evidence.
    pub choice: Choice,
    /// What the model looks at, the weightiest first.
    pub importances: Vec<Importance>,
    /// What to beware of.
    pub warnings: Vec<Warning>,
}

/// A measure with the interval in which the truth lies at 95 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Which one: `auc`.
    pub measure: String,
    /// What was measured.
    pub value: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// How much an input moves predictions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The input.
    pub feature: String,
    /// By how much it moves the log-odds, on average.
    pub weight: f64,
    /// Its share in what all inputs move.
    pub share: f64,
}

/// Something that a user of the model should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Its name: `few-outcomes`.
    pub code: String,
    /// What it is.
    pub text: String,
}

/// How many leads importances are worked out over.
const IMPORTANCE_LEADS: usize = 200;

impl Card {
    /// The card of a model that was just trained.
    ///
    /// # Errors
    /// When predictions are not numbers.
    pub fn new(
        about: About,
        dataset: &Dataset,
        trained: &Trained,
        how: &Resampling,
    ) -> Result<Self, MeasureError> {
        let outcomes: Vec<bool> = trained.rows.iter().map(|row| dataset.examples[*row].outcome).collect();
        let leads = dataset.leads();
        let leads: Vec<u32> = trained.rows.iter().map(|row| leads[*row]).collect();
        let held_out = leads.iter().collect::<BTreeSet<_>>().len();
        let scored = Scored::new(&trained.probabilities, &outcomes)?.by_lead(&leads)?;
        let measured = estimates(&scored, &Measure::ALL, how);
        let measures: Vec<Interval> = Measure::ALL
            .into_iter()
            .zip(measured)
            .filter_map(|(measure, found)| Some(interval(measure, found?)))
            .collect();
        let band = |band: crate::measure::Band| (band.from, band.to, band.weight, band.predicted, band.rate);
        let mut card = Self {
            about,
            leads: dataset.leads_with(|_| true),
            moments: None,
            positives: dataset.positives(),
            period: period(dataset),
            held_out,
            held_out_moments: None,
            measures,
            reliability: scored.reliability().into_iter().map(band).collect(),
            gains: scored.gains().iter().map(|tenth| tenth.gain).collect(),
            choice: trained.choice.clone(),
            importances: importances(dataset, trained, how.threads),
            warnings: Vec::new(),
        };
        card.moments = Some(dataset.examples.len()).filter(|moments| *moments != card.leads);
        card.held_out_moments = card.moments.map(|_| scored.len());
        let rarer = [true, false].map(|outcome| dataset.leads_with(|example| example.outcome == outcome));
        card.warnings = warnings(&card, rarer.into_iter().min().unwrap_or(0));
        Ok(card)
    }

    /// How many leads it was trained on, or moments where some leads were looked at several times.
    #[must_use]
    pub fn examples(&self) -> usize {
        self.moments.unwrap_or(self.leads)
    }

    /// The share of leads with the outcome, or of moments.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "leads are fewer than 2^52")]
    pub fn base_rate(&self) -> f64 {
        self.positives as f64 / self.examples().max(1) as f64
    }

    /// One of the measures, where it is defined.
    #[must_use]
    pub fn measure(&self, measure: Measure) -> Option<&Interval> {
        self.measures.iter().find(|interval| interval.measure == measure.key())
    }
}

fn interval(measure: Measure, Estimate { value, low, high }: Estimate) -> Interval {
    Interval { measure: measure.key().into(), value, low, high }
}

fn period(dataset: &Dataset) -> Option<(i64, i64)> {
    let times = || dataset.examples.iter().filter_map(|example| example.at).map(Instant::as_millis);
    Some((times().min()?, times().max()?))
}

/// The inputs that move predictions at all, the weightiest first.
fn importances(dataset: &Dataset, trained: &Trained, threads: usize) -> Vec<Importance> {
    let weights = predictions::importances(&trained.predictor, &dataset.table, IMPORTANCE_LEADS, threads);
    let total: f64 = weights.iter().sum();
    let inputs = trained.predictor.inputs.iter().zip(weights).filter(|(_, weight)| *weight > 0.0);
    let mut importances: Vec<Importance> = inputs
        .map(|(input, weight)| Importance { feature: input.feature.clone(), weight, share: weight / total })
        .collect();
    importances.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    importances
}

/// Fewer outcomes than this make wide intervals.
const FEW: usize = 100;
/// Who tells outcomes apart as well as this has most likely seen them.
const SUSPICIOUS: f64 = 0.97;
/// An input with this share of all importance is the model.
const DOMINANT: f64 = 0.6;

/// What to beware of, where so many leads have the rarer outcome.
fn warnings(card: &Card, rare: usize) -> Vec<Warning> {
    let warning = |code: &str, text: String| Some(Warning { code: code.into(), text });
    let auc = card.measure(Measure::Auc);
    let few = (rare < FEW)
        .then(|| format!("only {rare} leads of the rarer outcome: read the intervals, not the values"));
    let chance = auc.filter(|auc| auc.low <= 0.5).map(|auc| {
        format!(
            "no better than chance, as far as can be told: the AUC lies between {:.3} and {:.3}",
            auc.low, auc.high
        )
    });
    let suspicious = auc.filter(|auc| auc.value > SUSPICIOUS).map(|auc| {
        format!("an AUC of {:.3} is too good: some input is likely known only after the outcome", auc.value)
    });
    let dominant =
        card.importances.first().filter(|first| first.share > DOMINANT && card.importances.len() > 1);
    let dominant = dominant.map(|first| {
        format!(
            "`{}` has {:.0} % of all importance: make sure that it is known before the outcome",
            first.feature,
            first.share * 100.0
        )
    });
    let timeless = card.period.is_none().then(|| {
        "the data tells no times: leads were held out at random, and what changes with time was not tested".to_string()
    });
    [
        ("few-outcomes", few),
        ("no-better-than-chance", chance),
        ("too-good", suspicious),
        ("one-input", dominant),
        ("no-times", timeless),
    ]
    .into_iter()
    .filter_map(|(code, text)| warning(code, text?))
    .collect()
}
