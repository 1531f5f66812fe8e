//! The rules of a model that somebody wrote, priced anew from what became of leads.
//!
//! Log-odds of rules are fitted together, with a normal prior around what the author's points stand for: those times
//! one scale, which is what a point of the score is worth in log-odds. How far rules may lie from there is what makes the
//! outcomes likeliest, and little is expected. With few outcomes points stay; with many, history speaks.
//! New points are scaled so that scores of these leads spread as they did.

use super::own::OwnModel;
use super::pull::{Pulled, Rows, pulled};
use super::suggest::{PARTS, parts};
use super::{SuggestError, check_leads, wording};
use crate::measure::{Estimate, Measure, Resampling, Scored, differences, estimates};
use crate::{Dataset, threads};

/// A model with new points.
#[derive(Debug, Clone, PartialEq)]
pub struct Repricing {
    /// Its rules, in the model's order.
    pub rules: Vec<Repriced>,
    /// How many examples taught it.
    pub rows: usize,
    /// How many of them have the outcome.
    pub positives: usize,
    /// The mean score of these examples before and after; how they spread stays.
    pub means: (f64, f64),
    /// The AUC with the author's points.
    pub before: Option<Estimate>,
    /// The AUC with points that were fitted alike, on leads that did not teach them.
    pub after: Option<Estimate>,
    /// By how much the second is greater, on the same leads.
    pub gained: Option<Estimate>,
}

/// A rule with new points.
#[derive(Debug, Clone, PartialEq)]
pub struct Repriced {
    /// How many times its points were taken, before rounding.
    pub factor: f64,
    /// Its new points, in the order of the old ones.
    pub numbers: Vec<f64>,
    /// What its largest number would be by history alone, with the interval at 95 %; nothing where history tells nothing.
    pub alone: Option<[f64; 3]>,
    /// In how many examples it is worth something.
    pub rows: usize,
    /// How many of these have the outcome.
    pub positives: usize,
    /// How many of all examples, and how many of those have the outcome.
    all: (usize, usize),
    /// What examples are.
    examples: wording::Unit,
    /// Whether history shows that its points go the wrong way.
    pub is_against: bool,
}

/// How far, in log-odds, rules may lie from what their author thought.
const SPREADS: [f64; 8] = [0.02, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.7];

/// How far they are expected to: the mean of an exponential distribution.
const EXPECTED: f64 = 0.3;

/// What a standard deviation of the author's scores is worth in log-odds before the data have spoken, how sure that
/// is, and the least: the author is taken to be right on the whole.
const SCALE: (f64, f64) = (1.0, 1.0);
const LEAST_SCALE: f64 = 0.25;

/// How far log-odds may lie from 0 where nobody has thought of them.
const UNKNOWN: f64 = 1.0;

/// New points for the rules of a model, from what became of the examples that it was shown.
///
/// # Errors
/// When there are too few examples with the outcome, or without it.
pub fn reprice(dataset: &Dataset, model: &OwnModel, how: &Resampling) -> Result<Repricing, SuggestError> {
    check_leads(dataset)?;
    let (rows, positives) = (dataset.examples.len(), dataset.positives());
    let rules = fitted(dataset, model);
    let own = model.scores(&vec![1.0; model.rules.len()]);
    let means = (mean(&own), mean(&model.scores(&factors(model, &rules))));
    let held_out = held_out(dataset, model, how);
    let scored =
        |scores: &[f64]| Scored::new(scores, &dataset.outcomes()).ok()?.by_lead(&dataset.leads()).ok();
    let (before, after) = (scored(&own), scored(&held_out));
    let auc = |scored: &Option<Scored>| *estimates(scored.as_ref()?, &[Measure::Auc], how).first()?;
    let gained = before.as_ref().zip(after.as_ref());
    let gained = gained.and_then(|(before, after)| differences(after, before, &[Measure::Auc], how).ok());
    Ok(Repricing {
        rules,
        rows,
        positives,
        means,
        before: auc(&before),
        after: auc(&after),
        gained: gained.and_then(|gained| gained.into_iter().next().flatten()),
    })
}

impl Repricing {
    /// Whether held-out leads show that the new points tell leads apart better.
    #[must_use]
    pub fn is_better(&self) -> bool {
        self.gained.is_some_and(|gained| gained.low > 0.0)
    }
}

impl Repriced {
    /// Whether its points might as well be 0, as far as history tells.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        self.alone.is_none_or(|[_, low, high]| low <= 0.0 && high >= 0.0)
    }

    /// What is known of it, in words.
    #[must_use]
    pub fn evidence(&self) -> String {
        let mut words = wording::support((self.rows, self.positives), self.all, self.examples);
        if let Some([alone, low, high]) = self.alone {
            words += &format!("; {alone:.1} ({low:.1} to {high:.1}) by history alone");
        }
        if self.is_unsure() {
            words += "; unsure";
        }
        if self.is_against {
            words += "; history goes the other way than your sign";
        }
        words
    }
}

/// By how much each rule's worth changes: exactly so where it has one number, else but for rounding.
fn factors(model: &OwnModel, rules: &[Repriced]) -> Vec<f64> {
    let factor =
        |(own, new): (&super::OwnRule, &Repriced)| match (own.numbers.as_slice(), new.numbers.as_slice()) {
            ([old], [new]) if *old != 0.0 => new / old,
            _ => new.factor,
        };
    model.rules.iter().zip(rules).map(factor).collect()
}

/// Scores of examples with points that their leads did not teach, as high on the whole as the author's.
fn held_out(dataset: &Dataset, model: &OwnModel, how: &Resampling) -> Vec<f64> {
    let part_of = parts(dataset, how.seed);
    let by_part = threads::map(PARTS, how.threads, |part| {
        let (test, taught): (Vec<usize>, Vec<usize>) =
            (0..part_of.len()).partition(|row| part_of[*row] == part);
        let taught_model = model.take(&taught);
        let factors = factors(model, &fitted(&dataset.take(&taught), &taught_model));
        let own = vec![1.0; factors.len()];
        let shift = mean(&taught_model.scores(&own)) - mean(&taught_model.scores(&factors));
        let scores = model.take(&test).scores(&factors);
        test.into_iter()
            .zip(scores.into_iter().map(|score| score + shift).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    });
    let mut scores = vec![0.0; part_of.len()];
    by_part.into_iter().flatten().for_each(|(row, score)| scores[row] = libm::round(score * 1e6) / 1e6);
    scores
}

/// The rules with points that all examples teach.
fn fitted(dataset: &Dataset, model: &OwnModel) -> Vec<Repriced> {
    let (outcomes, examples) = (dataset.outcomes(), wording::Unit::of(dataset));
    let all: Vec<Vec<f64>> = model.rules.iter().map(|rule| model.effects(rule)).collect();
    let weights = weights(&dataset.leads());
    let moving: Vec<usize> = (0..all.len()).filter(|rule| spread(&all[*rule]) > 1e-9).collect();
    let sizes: Vec<f64> = moving.iter().map(|rule| size(&all[*rule])).collect();
    let scaled = |(rule, size): (&usize, &f64)| all[*rule].iter().map(|effect| effect / size).collect();
    let effects: Vec<Vec<f64>> = moving.iter().zip(&sizes).map(scaled).collect();
    let rows = Rows { effects: &effects, outcomes: &outcomes, weights: &weights };
    let scale = scale(&all, &outcomes, &weights);
    let is_kept: Vec<bool> = moving.iter().map(|rule| model.rules[*rule].numbers.is_empty()).collect();
    let pulled = drawn_together(&rows, &sizes, &is_kept, scale);
    let alone = self::pulled(&rows, &vec![(0.0, UNKNOWN); moving.len()]);
    let per_point: Vec<f64> =
        pulled.log_odds.iter().zip(&sizes).map(|(log_odds, size)| log_odds / size).collect();
    let unit = unit(&moving, &per_point, &all).unwrap_or(scale);
    let rule = |(place, own): (usize, &super::OwnRule)| {
        let fires: Vec<bool> = own.worths.iter().map(|worth| *worth != 0.0).collect();
        let mut repriced = Repriced {
            factor: 1.0,
            numbers: own.numbers.clone(),
            alone: None,
            rows: fires.iter().filter(|fires| **fires).count(),
            positives: fires.iter().zip(&outcomes).filter(|(fires, outcome)| **fires && **outcome).count(),
            all: (outcomes.len(), dataset.positives()),
            examples,
            is_against: false,
        };
        if let Ok(at) = moving.binary_search(&place)
            && !is_kept[at]
        {
            let by = 1.0 / (sizes[at] * unit);
            let off = 1.96 * alone.deviations[at];
            let alone = [0.0, -off, off].map(|off| (alone.log_odds[at] + off) * by);
            repriced.take(own, per_point[at] / unit, alone);
        }
        repriced
    };
    model.rules.iter().enumerate().map(rule).collect()
}

impl Repriced {
    /// Takes new points: so many times the old ones; by history alone it would be as many times, with an interval. Points change
    /// their sign only where history alone shows it.
    fn take(&mut self, own: &super::OwnRule, factor: f64, alone: [f64; 3]) {
        self.is_against = alone[2] < 0.0;
        self.factor = if factor < 0.0 && !self.is_against { 0.0 } else { factor };
        let largest =
            own.numbers.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        let [value, low, high] = alone.map(|alone| alone * largest);
        self.alone = Some([value, low.min(high), low.max(high)]);
        let fine = libm::pow(10.0, f64::from(own.decimals));
        // 0 has no sign that anybody would write.
        let rounded = |number: &f64| libm::round(self.factor * number * fine) / fine + 0.0;
        self.numbers = own.numbers.iter().map(rounded).collect();
    }
}

/// Log-odds drawn towards the author's points, as strongly as the outcomes ask for.
fn drawn_together(rows: &Rows<'_>, sizes: &[f64], is_kept: &[bool], scale: f64) -> Pulled {
    let tried = SPREADS.map(|spread| {
        let spread_of = |kept: &bool| if *kept { SPREADS[0] / 10.0 } else { spread };
        let prior: Vec<(f64, f64)> =
            sizes.iter().zip(is_kept).map(|(size, kept)| (scale * size, spread_of(kept))).collect();
        let mut fit = pulled(rows, &prior);
        fit.evidence -= spread / EXPECTED;
        fit
    });
    let [first, others @ ..] = tried;
    others.into_iter().fold(first, |best, fit| if fit.evidence > best.evidence { fit } else { best })
}

/// What a point of the author's scores stands for, in log-odds.
fn scale(effects: &[Vec<f64>], outcomes: &[bool], weights: &[f64]) -> f64 {
    let scores = summed(effects.iter().map(|effect| (1.0, effect)), outcomes.len());
    let spread = spread(&scores);
    if spread <= 0.0 {
        return 1.0;
    }
    let (mean, by) = (mean(&scores), 1.0 / spread);
    let column = [scores.iter().map(|score| (score - mean) * by).collect::<Vec<f64>>()];
    let fit = pulled(&Rows { effects: &column, outcomes, weights }, &[SCALE]);
    fit.log_odds.first().copied().unwrap_or(SCALE.0).max(LEAST_SCALE) * by
}

/// The log-odds of a point with which scores spread as they did.
fn unit(moving: &[usize], per_point: &[f64], effects: &[Vec<f64>]) -> Option<f64> {
    let rows = effects.first()?.len();
    let own = spread(&summed(effects.iter().map(|effect| (1.0, effect)), rows));
    let priced = moving.iter().zip(per_point).map(|(rule, per_point)| (*per_point, &effects[*rule]));
    let new = spread(&summed(priced, rows));
    (own > 0.0 && new > 0.0).then(|| new / own)
}

fn summed<'a>(effects: impl Iterator<Item = (f64, &'a Vec<f64>)>, rows: usize) -> Vec<f64> {
    let mut sums = vec![0.0; rows];
    for (factor, effect) in effects {
        sums.iter_mut().zip(effect).for_each(|(sum, effect)| *sum += factor * effect);
    }
    sums
}

/// Each row counts for its share of its lead, so that a lead that was looked at often does not make anything surer.
fn weights(leads: &[u32]) -> Vec<f64> {
    let count = leads.iter().max().map_or(0, |last| *last as usize + 1);
    let mut looks = vec![0.0; count];
    leads.iter().for_each(|lead| looks[*lead as usize] += 1.0);
    leads.iter().map(|lead| 1.0 / looks[*lead as usize]).collect()
}

/// The size of an effect where there is one: the root of its mean square.
fn size(effects: &[f64]) -> f64 {
    let squares: Vec<f64> =
        effects.iter().filter(|effect| **effect != 0.0).map(|effect| effect * effect).collect();
    libm::sqrt(mean(&squares))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn spread(values: &[f64]) -> f64 {
    let mean = mean(values);
    libm::sqrt(self::mean(&values.iter().map(|value| (value - mean) * (value - mean)).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests;
