//! Which of two models tells better what becomes of leads, on the same leads.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Dataset;
use crate::attribution::Counted;
use crate::measure::{Estimate, Measure, MeasureError, Resampling, Scored, design_effect, differences};

/// What a model made of the examples of a data set, in their order.
#[derive(Debug, Clone, Copy)]
pub struct Side<'s> {
    /// Its scores; nothing where it does not apply.
    pub scores: &'s [Option<f64>],
    /// Its tiers; nothing at all where it has none.
    pub tiers: &'s [Option<String>],
    /// Its best tier.
    pub best: Option<&'s str>,
}

/// Two models on the same leads; the first is `a`, the second `b`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Examples to which both apply: only they are compared.
    pub examples: usize,
    /// Those of them with the outcome.
    pub positives: usize,
    /// Examples to which only `a` applies, and only `b`.
    pub only: [usize; 2],
    /// How well each tells outcomes apart.
    pub measures: Vec<Measured>,
    /// Which is better, `a` or `b`, if that is shown: by the AUC alone, so that a difference where there is none is told in one of
    /// twenty comparisons, however many measures there are to read.
    pub better: Option<&'static str>,
    /// The share of examples that are worked where outcomes caught are compared.
    pub effort: f64,
    /// Who changes tier, the most first.
    pub moves: Vec<Move>,
    /// Examples with the outcome that are in the best tier of `b` only, so that `a` misses them; and the other way round.
    pub missed: [Missed; 2],
}

/// A measure of both models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Which: `auc`, `average_precision`, `caught`.
    pub measure: &'static str,
    /// Of the first.
    pub a: f64,
    /// Of the second.
    pub b: f64,
    /// By how much the second is better.
    pub more: f64,
    /// The lower end of the interval in which that lies in 95 of 100 cases.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Examples that are in one tier by `a` and in another by `b`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    /// The tier by the first model.
    pub a: Option<String>,
    /// By the second.
    pub b: Option<String>,
    /// How many there are.
    pub examples: usize,
    /// How many of them have the outcome.
    pub positives: usize,
    /// The interval in which the share of those lies in 95 of 100 cases (Wilson).
    pub interval: [f64; 2],
}

/// What a model misses.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Missed {
    /// How many leads.
    pub leads: usize,
    /// Those that the other model gives the most, with the score of the one that misses them.
    pub some: Vec<(String, f64)>,
}

/// Where there are no tiers, so many of all are worked.
const EFFORT: f64 = 0.1;

/// So many missed leads are listed.
const LISTED: usize = 10;

impl Comparison {
    /// Compares two models.
    ///
    /// # Errors
    /// When a score is not a number.
    ///
    /// # Panics
    /// When the sides are not as long as the data set.
    pub fn new(dataset: &Dataset, a: Side<'_>, b: Side<'_>, how: &Resampling) -> Result<Self, MeasureError> {
        let applies = |side: Side<'_>, row: usize| side.scores[row].is_some();
        let all = || 0..dataset.examples.len();
        let rows: Vec<usize> = all().filter(|row| applies(a, *row) && applies(b, *row)).collect();
        let only = |one: Side<'_>, other: Side<'_>| {
            all().filter(|row| applies(one, *row) && !applies(other, *row)).count()
        };
        let leads = dataset.leads();
        let leads: Vec<u32> = rows.iter().map(|row| leads[*row]).collect();
        let outcomes: Vec<bool> = rows.iter().map(|row| dataset.examples[*row].outcome).collect();
        let scored = |side: Side<'_>| {
            let scores: Vec<f64> = rows.iter().filter_map(|row| side.scores[*row]).collect();
            Scored::new(&scores, &outcomes)?.by_lead(&leads)
        };
        let effort = effort(a, &rows);
        let measures = measures(&scored(a)?, &scored(b)?, effort, how)?;
        Ok(Self {
            examples: rows.len(),
            positives: outcomes.iter().filter(|outcome| **outcome).count(),
            only: [only(a, b), only(b, a)],
            better: measures.iter().find(|told| told.measure == Measure::Auc.key()).and_then(Measured::side),
            measures,
            effort,
            moves: moves(dataset, a, b, &rows),
            missed: [missed(dataset, a, b, &rows), missed(dataset, b, a, &rows)],
        })
    }
}

/// The share of rows in a model's best tier: what is worked with it.
fn effort(side: Side<'_>, rows: &[usize]) -> f64 {
    let best = rows.iter().filter(|row| is_best(side, **row)).count() as f64 / rows.len().max(1) as f64;
    if best > 0.0 { best } else { EFFORT }
}

fn is_best(side: Side<'_>, row: usize) -> bool {
    side.best.is_some() && side.tiers[row].as_deref() == side.best
}

fn measures(a: &Scored, b: &Scored, effort: f64, how: &Resampling) -> Result<Vec<Measured>, MeasureError> {
    let measures = [Measure::Auc, Measure::AveragePrecision, Measure::Caught(effort)];
    let measured = |(measure, more): (Measure, Option<Estimate>)| {
        let (a, b, more) = (measure.of(a)?, measure.of(b)?, more?);
        Some(Measured { measure: measure.key(), a, b, more: more.value, low: more.low, high: more.high })
    };
    Ok(measures.into_iter().zip(differences(b, a, &measures, how)?).filter_map(measured).collect())
}

impl Measured {
    /// The model that has more of it, where the interval leaves no doubt.
    #[must_use]
    pub fn side(&self) -> Option<&'static str> {
        match () {
            () if self.low > 0.0 => Some("b"),
            () if self.high < 0.0 => Some("a"),
            () => None,
        }
    }
}

fn moves(dataset: &Dataset, a: Side<'_>, b: Side<'_>, rows: &[usize]) -> Vec<Move> {
    if a.best.is_none() || b.best.is_none() {
        return Vec::new();
    }
    let leads = dataset.leads();
    let mut members: BTreeMap<[&Option<String>; 2], Vec<usize>> = BTreeMap::new();
    for row in rows.iter().filter(|row| a.tiers[**row] != b.tiers[**row]) {
        members.entry([&a.tiers[*row], &b.tiers[*row]]).or_default().push(*row);
    }
    let mut moves: Vec<Move> = members
        .into_iter()
        .map(|([a, b], members)| {
            let positives = members.iter().filter(|row| dataset.examples[**row].outcome).count();
            let of_leads: Vec<u32> = members.iter().map(|row| leads[*row]).collect();
            let rate = positives as f64 / members.len() as f64;
            let part = |row: &usize| f64::from(u8::from(dataset.examples[*row].outcome)) - rate;
            // Moments of one lead tell the same again.
            let effect = design_effect(&members.iter().map(part).collect::<Vec<_>>(), &of_leads);
            let [journeys, conversions] = [members.len(), positives].map(|count| count as f64 / effect);
            Move {
                a: a.clone(),
                b: b.clone(),
                examples: members.len(),
                positives,
                interval: Counted { journeys, conversions }.interval(),
            }
        })
        .collect();
    moves.sort_by_key(|one| std::cmp::Reverse(one.examples));
    moves
}

/// Leads with the outcome that only the other model has in its best tier, each at the moment at which that gives it the most.
fn missed(dataset: &Dataset, by: Side<'_>, other: Side<'_>, rows: &[usize]) -> Missed {
    if by.best.is_none() || other.best.is_none() {
        return Missed::default();
    }
    let mut leads: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let is_missed =
        |row: &&usize| dataset.examples[**row].outcome && is_best(other, **row) && !is_best(by, **row);
    for row in rows.iter().filter(is_missed) {
        let scores = other.scores[*row].zip(by.scores[*row]).unwrap_or_default();
        let known = leads.entry(&dataset.examples[*row].lead).or_insert(scores);
        if scores.0 > known.0 {
            *known = scores;
        }
    }
    let mut some: Vec<(&str, (f64, f64))> = leads.into_iter().collect();
    some.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    let listed = some.iter().take(LISTED).map(|(lead, (_, score))| ((*lead).to_owned(), *score));
    Missed { leads: some.len(), some: listed.collect() }
}
