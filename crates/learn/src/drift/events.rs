//! Whether leads do other things than before: the mix of events, and how often each comes.
//!
//! An event is no case of its own: who is keen does much at once, and is looked at again and again. So what chance can do is taken from
//! how leads differ, not from how many events there are.

use std::collections::BTreeMap;

use super::{
    columns::{Level, Limits},
    psi::{LEAST_SHARE, category_psi},
};
use crate::{
    Dataset, Feature, Values,
    chance::{adjusted, normal_tails},
    dataset::numbered,
};

/// What leads did in the days before they were looked at, in two periods.
#[derive(Debug, Clone, PartialEq)]
pub struct EventMix {
    /// Each event, in the order of the columns before.
    pub events: Vec<EventShift>,
    /// Which events they are: the stability index of their shares.
    pub mix: Moved,
    /// How many there are of each for a lead: the index of rates, `Σ (after − before) · ln(after / before) / Σ before`. As many times 1.4 of
    /// each event is an index of 0.13, as many times 1.7 one of 0.37.
    pub rates: Moved,
}

/// How far something has moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// The index.
    pub psi: f64,
    /// The chance that any event moves as far where nothing has changed.
    pub p: f64,
    /// How much has changed.
    pub level: Level,
}

/// What has become of an event, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct EventShift {
    /// Its name.
    pub event: String,
    /// Which part of all events it is.
    pub shares: [f64; 2],
    /// How many of it there are for each time that a lead was looked at.
    pub rates: [f64; 2],
    /// The chance of such shares where nothing has changed, with all events taken into account.
    pub share_q: f64,
    /// The same of such rates.
    pub rate_q: f64,
}

/// Over how many days before a lead is looked at its events are counted.
pub const DAYS: u32 = 30;

/// What has become of events, by the columns that count them; nothing where no events are counted.
#[must_use]
pub fn event_mix(before: &Dataset, after: &Dataset, limits: &Limits) -> Option<EventMix> {
    let counts = [before, after].map(counts);
    let names: Vec<&str> = counts[0]
        .keys()
        .chain(counts[1].keys().filter(|name| !counts[0].contains_key(*name)))
        .copied()
        .collect();
    let rows = [before, after].map(|period| period.examples.len());
    let cases = Cases::new(before, after);
    let column = |period: usize, name: &str| counts[period].get(name).copied().unwrap_or(&[]);
    let mut all = [0, 1].map(|period| vec![0.0; rows[period]]);
    for (period, all) in all.iter_mut().enumerate() {
        for name in &names {
            all.iter_mut().zip(column(period, name)).for_each(|(all, count)| *all += count);
        }
    }
    let totals = all.each_ref().map(|all| all.iter().sum::<f64>());
    if rows.contains(&0) || totals.contains(&0.0) {
        return None;
    }
    let ones = rows.map(|rows| vec![1.0; rows]);
    let mut events = Vec::with_capacity(names.len());
    for name in names {
        let counts = [column(0, name), column(1, name)];
        let sums = counts.map(|counts| counts.iter().sum::<f64>());
        let of = |wholes: [f64; 2]| [sums[0] / wholes[0], sums[1] / wholes[1]];
        events.push(EventShift {
            event: name.to_owned(),
            shares: of(totals),
            rates: of(rows.map(float)),
            share_q: cases.chance(counts, &all),
            rate_q: cases.chance(counts, &ones),
        });
    }
    let least = |chances: &mut dyn FnMut(&mut EventShift) -> &mut f64, events: &mut [EventShift]| -> f64 {
        let found: Vec<f64> = events.iter_mut().map(|event| *chances(event)).collect();
        let adjusted = adjusted(&found);
        events.iter_mut().zip(&adjusted).for_each(|(event, q)| *chances(event) = *q);
        adjusted.into_iter().fold(1.0, f64::min)
    };
    let share_p = least(&mut |event| &mut event.share_q, &mut events);
    let rate_p = least(&mut |event| &mut event.rate_q, &mut events);
    let shares = [0, 1].map(|period| events.iter().map(|event| event.shares[period]).collect::<Vec<_>>());
    // Two questions are asked, so each chance counts twice.
    let moved = |psi: f64, p: f64| Moved { psi, p: (2.0 * p).min(1.0), level: limits.level(psi, 2.0 * p) };
    let mix = moved(category_psi(&shares[0], &shares[1]), share_p);
    let rates = moved(rate_index(&events), rate_p);
    Some(EventMix { events, mix, rates })
}

/// How often each event came before each row was looked at.
fn counts(period: &Dataset) -> BTreeMap<&str, &[f64]> {
    let counted =
        period.table.columns().iter().filter_map(|column| match (&column.feature, &column.values) {
            (Feature::Count { event, days: Some(DAYS) }, Values::Numbers(numbers)) => {
                Some((event.as_str(), numbers.as_slice()))
            }
            _ => None,
        });
    counted.collect()
}

fn rate_index(events: &[EventShift]) -> f64 {
    let before: f64 = events.iter().map(|event| event.rates[0]).sum();
    let moved = |event: &EventShift| {
        let [r, q] = event.rates.map(|rate| rate.max(LEAST_SHARE * before));
        (q - r) * libm::log(q / r)
    };
    events.iter().map(moved).sum::<f64>() / before
}

/// Whose rows they are: a lead of both periods is one case.
struct Cases {
    leads: [Vec<u32>; 2],
    count: usize,
}

impl Cases {
    fn new(before: &Dataset, after: &Dataset) -> Self {
        let all = before.examples.iter().chain(&after.examples);
        let mut leads = numbered(all.map(|example| example.lead.as_str()));
        let count = leads.iter().max().map_or(0, |last| *last as usize + 1);
        let of_after = leads.split_off(before.examples.len());
        Self { leads: [leads, of_after], count }
    }

    /// The chance that two ratios of sums, of `parts` to `wholes`, differ as much as they do where they are the same: by how much leads
    /// differ from the ratio of both periods together (linearised, as for a sample of clusters: Cochran, Sampling Techniques, 1977).
    fn chance(&self, parts: [&[f64]; 2], wholes: &[Vec<f64>; 2]) -> f64 {
        let sums = parts.map(|parts| parts.iter().sum::<f64>());
        let totals = [0, 1].map(|period| wholes[period].iter().sum::<f64>());
        let ratio = (sums[0] + sums[1]) / (totals[0] + totals[1]);
        let mut residuals = vec![0.0; self.count];
        for period in [0, 1] {
            let sign = if period == 0 { -1.0 } else { 1.0 };
            let rows = self.leads[period].iter().zip(&wholes[period]).enumerate();
            for (row, (lead, whole)) in rows {
                let part = parts[period].get(row).copied().unwrap_or(0.0);
                residuals[*lead as usize] += sign * (part - ratio * whole) / totals[period];
            }
        }
        let variance: f64 = residuals.iter().map(|residual| residual * residual).sum();
        let difference = sums[1] / totals[1] - sums[0] / totals[0];
        if variance > 0.0 { normal_tails(difference / variance.sqrt()) } else { 1.0 }
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 leads")]
fn float(count: usize) -> f64 {
    count as f64
}
