//! A scorecard with all that is to be said of it: how well it holds on others, tiers, what to mind.

use kelvin_kernel::Instant;

use super::language::words;
use super::sample::{Enough, sample};
use super::wording::Unit;
use super::{Scorecard, Settings, SuggestError};
use crate::measure::{Estimate, Measure, Resampling, Scored, estimates};
use crate::{Column, Dataset, Random, Table, threads};

/// A scorecard, and what is to be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Its rules.
    pub card: Scorecard,
    /// How many examples taught it.
    pub rows: usize,
    /// How many leads these are of.
    pub leads: usize,
    /// How many of the examples have the outcome.
    pub positives: usize,
    /// From when to when decisions were made, where that is known.
    pub period: Option<(Instant, Instant)>,
    /// The AUC of cards that were learned alike, on leads that did not teach them.
    pub held_out: Option<Estimate>,
    /// Tiers, the lowest first.
    pub tiers: Vec<Tier>,
    /// What to mind, as clauses without a full stop.
    pub notes: Vec<String>,
}

/// A tier that is suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// What it is called.
    pub name: &'static str,
    /// The least score in it.
    pub from: i64,
    /// How many leads are in it, or in a higher one.
    pub rows: usize,
    /// How many of these have the outcome.
    pub positives: usize,
}

/// In how many parts leads are split to see how cards hold on others.
pub(super) const PARTS: usize = 5;

/// Fewer leads with the outcome than this leave most points open.
const FEW: usize = 100;

/// A scorecard and what is to be said of it, from a data set, of which some leads are enough where it is very large. `how` tells how its
/// AUC is estimated.
///
/// # Errors
/// When there are too few leads with the outcome, or without it.
pub fn suggest(dataset: &Dataset, settings: &Settings, how: &Resampling) -> Result<Suggestion, SuggestError> {
    let all = dataset.examples.len();
    let sample = sample(dataset, Enough::default(), how.seed);
    let (dataset, left_out) = expressible(sample.as_ref().unwrap_or(dataset));
    drop(sample);
    let card = Scorecard::new(&dataset, settings)?;
    let (rows, positives) = (dataset.examples.len(), dataset.positives());
    let held_out = held_out(&dataset, settings, how);
    let moments = || dataset.examples.iter().filter_map(|example| example.at);
    let mut suggestion = Suggestion {
        period: moments().min().zip(moments().max()),
        tiers: tiers(&card.scores(&dataset.table), &dataset.outcomes()),
        notes: Vec::new(),
        card,
        rows,
        leads: dataset.leads_with(|_| true),
        positives,
        held_out,
    };
    suggestion.notes = notes(&suggestion, &dataset, (settings, &left_out));
    if rows < all {
        let drawn = format!(
            "{rows} of {all} examples are looked at, those of leads drawn by chance: they are enough for so few rules"
        );
        suggestion.notes.insert(0, drawn);
    }
    Ok(suggestion)
}

impl Suggestion {
    /// What its examples are.
    pub(super) fn unit(&self) -> Unit {
        Unit::new(self.rows, self.leads)
    }
}

/// The columns that rules can ask for, and the names of the others.
fn expressible(dataset: &Dataset) -> (Dataset, Vec<String>) {
    let (kept, others): (Vec<&Column>, Vec<&Column>) =
        dataset.table.columns().iter().partition(|column| words(&column.feature).is_some());
    let others = others.iter().map(|column| column.feature.to_string()).collect();
    let table = Table::new(kept.into_iter().cloned().collect()).unwrap_or_default();
    (Dataset { table, examples: dataset.examples.clone() }, others)
}

/// The AUC of cards on the part of the leads that did not teach them.
fn held_out(dataset: &Dataset, settings: &Settings, how: &Resampling) -> Option<Estimate> {
    let part_of = parts(dataset, how.seed);
    let by_part = threads::map(PARTS, how.threads, |part| {
        let (test, taught): (Vec<usize>, Vec<usize>) =
            (0..part_of.len()).partition(|row| part_of[*row] == part);
        let card = Scorecard::new(&dataset.take(&taught), settings).ok()?;
        let scores = card.scores(&dataset.table.take(&test));
        // Cards of different parts have points of different worth: log-odds are what they have in common.
        let log_odds = scores.iter().map(|score| card.line.start + card.line.slope * score);
        Some(test.iter().copied().zip(log_odds).collect::<Vec<_>>())
    });
    let mut scores = vec![0.0; part_of.len()];
    for (row, score) in by_part.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten() {
        scores[row] = score;
    }
    let scored = Scored::new(&scores, &dataset.outcomes()).ok()?.by_lead(&dataset.leads()).ok()?;
    *estimates(&scored, &[Measure::Auc], how).first()?
}

/// The part of each row; all rows of a lead are in one.
pub(super) fn parts(dataset: &Dataset, seed: u64) -> Vec<usize> {
    let mut leads: Vec<&str> = dataset.examples.iter().map(|example| example.lead.as_str()).collect();
    leads.sort_unstable();
    leads.dedup();
    let mut order: Vec<usize> = (0..leads.len()).collect();
    Random::new(seed).shuffle(&mut order);
    let part = |lead: &str| leads.binary_search(&lead).map_or(0, |place| order[place] % PARTS);
    dataset.examples.iter().map(|example| part(&example.lead)).collect()
}

/// Tiers for the best tenth and the best third of scores, where scores tell so many apart.
fn tiers(scores: &[f64], outcomes: &[bool]) -> Vec<Tier> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tier = |(name, tenths): (&'static str, usize)| {
        let from = *sorted.get(sorted.len() * tenths / 10)?;
        let reached: Vec<bool> =
            scores.iter().zip(outcomes).filter(|pair| *pair.0 >= from).map(|pair| *pair.1).collect();
        let positives = reached.iter().filter(|outcome| **outcome).count();
        #[expect(clippy::cast_possible_truncation, reason = "scores are sums of few whole points")]
        Some(Tier { name, from: from as i64, rows: reached.len(), positives })
    };
    let mut tiers: Vec<Tier> = [("warm", 7), ("hot", 9)].into_iter().filter_map(tier).collect();
    tiers.dedup_by_key(|tier| tier.from);
    tiers.retain(|tier| tier.rows < scores.len());
    tiers
}

fn notes(
    suggestion: &Suggestion,
    dataset: &Dataset,
    (settings, left_out): (&Settings, &[String]),
) -> Vec<String> {
    let rules = suggestion.card.size();
    let [with, without] = [true, false].map(|came| dataset.leads_with(|example| example.outcome == came));
    let fewer = with.min(without);
    let mut notes = Vec::new();
    if fewer < FEW {
        notes.push(format!(
            "only {fewer} leads {} the outcome, so points are uncertain: read the intervals, and learn again with more",
            if fewer == with { "have" } else { "lack" }
        ));
    }
    if suggestion.held_out.is_some_and(|auc| auc.low <= 0.5) {
        notes.push("the data do not show that these rules tell leads apart at all".to_owned());
    }
    if rules < settings.rules {
        let plural = if rules == 1 { "" } else { "s" };
        notes.push(format!("{rules} rule{plural}, as no further one helps"));
    }
    match suggestion.card.bands().filter(|band| band.is_unsure()).count() {
        0 => {}
        count => notes.push(format!("{count} of the points might as well be 0; they are marked as unsure")),
    }
    if !left_out.is_empty() {
        notes.push(format!("no rule can ask for {}", left_out.join(", ")));
    }
    notes
}
