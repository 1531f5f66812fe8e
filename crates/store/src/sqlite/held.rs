//! What models hold of leads of late: the journal's own bytes, and where in them each lead is.

use std::{cmp::Ordering, collections::BTreeMap, sync::Arc};

use imbl::Vector;
use kelvin_kernel::{Instant, Micropoints};

use super::{
    journal::{self, Entry, Given, Held},
    name::Name,
    recent::Key,
    runs::Runs,
};
use crate::Place;

/// What models hold of leads, each model by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Holdings {
    models: BTreeMap<Arc<str>, OfModel>,
    /// What each commit added to the journal.
    chunks: Vector<Arc<[u8]>>,
    /// What this one adds.
    open: Vec<u8>,
}

/// What a model holds of leads.
#[derive(Debug, Clone)]
struct OfModel {
    rows: Runs<Name, Row>,
    /// Nothing was ever due before.
    earliest: Instant,
}

/// What a model holds of a lead, as far as lists ask for it, and where all of it is.
#[derive(Debug, Clone)]
struct Row {
    chunk: u32,
    place: u32,
    due: Option<Instant>,
    rank: Option<Rank>,
}

/// Where a lead stands.
#[derive(Debug, Clone)]
struct Rank {
    tier: Name,
    score: Micropoints,
}

/// A lead in a list, the greatest score first.
#[derive(Clone, Copy)]
struct Listed<'r> {
    score: Micropoints,
    lead: &'r Name,
    row: &'r Row,
}

impl Holdings {
    /// Notes what changes.
    pub(super) fn put(&mut self, entry: &Entry<'_>) {
        let (chunk, place) = (self.chunks.len() as u32, self.open.len() as u32);
        entry.write(&mut self.open);
        match *entry {
            Entry::Forgotten { model } => self.forget(model),
            Entry::Lead { model, lead, held } => {
                let row = Row::new((chunk, place), held);
                let model = match self.models.get_mut(model) {
                    Some(model) => model,
                    None => self.models.entry(model.into()).or_default(),
                };
                model.earliest = row.due.map_or(model.earliest, |due| due.min(model.earliest));
                model.rows.put(lead.into(), row);
            }
        }
    }

    /// Ends what a commit brings; what it adds to the journal, if anything.
    pub(super) fn close(&mut self) -> Option<&[u8]> {
        self.models.values_mut().for_each(|model| model.rows.close());
        if self.open.is_empty() {
            return None;
        }
        // Copied, so that nothing is held for what it grew by, and the next one need not grow again.
        self.chunks.push_back(Arc::from(&*self.open));
        self.open.clear();
        self.chunks.last().map(|chunk| &**chunk)
    }

    /// Brings all rows in one order.
    pub(super) fn close_all(&mut self) {
        self.models.values_mut().for_each(|model| model.rows.close_all());
    }

    pub(super) fn forget(&mut self, model: &str) {
        self.models.remove(model);
    }

    /// Forgets a lead, of which the journal says nothing any more.
    pub(super) fn erase(&mut self, lead: &Name) {
        let open = std::mem::take(&mut self.open);
        let mut others = &*journal::without(&open, lead).unwrap_or_default();
        while let Some(entry) = Entry::read(&mut others) {
            self.put(&entry);
        }
        self.models.values_mut().for_each(|model| model.rows.remove(|other| other == lead));
    }

    pub(super) fn has(&self, model: &str, lead: &Name) -> bool {
        self.row(model, lead).is_some()
    }

    /// What a model holds of a lead: nothing here, or what it is now.
    pub(super) fn get(&self, model: &str, lead: &Name) -> Option<Option<Held<'_>>> {
        self.held(self.row(model, lead)?)
    }

    fn row(&self, model: &str, lead: &Name) -> Option<&Row> {
        self.models.get(model)?.rows.get(lead)
    }

    /// What is written where a row points to.
    fn held(&self, row: &Row) -> Option<Option<Held<'_>>> {
        let chunk = self.chunks.get(row.chunk as usize).map_or(&*self.open, |chunk| chunk);
        match Entry::read(&mut chunk.get(row.place as usize..)?)? {
            Entry::Lead { held, .. } => Some(held),
            Entry::Forgotten { .. } => None,
        }
    }

    /// Some rows after one of them, in order.
    pub(super) fn after(&self, key: Option<&Key>, most: usize) -> Vec<(Key, Option<Held<'_>>)> {
        let mut found = Vec::new();
        for (model, held) in self.models.iter().filter(|(model, _)| key.is_none_or(|key| ***model >= *key.0))
        {
            let after = key.filter(|key| key.0 == **model).map(|key| &key.1);
            let rows = held.rows.after(after, most - found.len());
            let row = |(lead, row): (&Name, &Row)| Some(((model.to_string(), lead.clone()), self.held(row)?));
            found.extend(rows.into_iter().filter_map(row));
        }
        found
    }

    /// Leads of a model after one of them, in order.
    pub(super) fn leads_after(&self, model: &str, after: &Name) -> Vec<Name> {
        let Some(model) = self.models.get(model) else { return Vec::new() };
        model.rows.after(Some(after), usize::MAX).into_iter().map(|(lead, _)| lead.clone()).collect()
    }

    /// The first leads that are wanted in the list of a model after a place, or in that of a tier; in no order.
    pub(super) fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
        is_wanted: impl Fn(&Name) -> bool,
    ) -> Vec<(&Name, Given<'_>)> {
        let Some(OfModel { rows, .. }) = self.models.get(model) else { return Vec::new() };
        let listed = || rows.rows().filter_map(|(lead, row)| Listed::in_list(lead, row, (tier, after)));
        let first =
            first(listed, limit, |listed| rows.counts(listed.lead, listed.row) && is_wanted(listed.lead));
        first.into_iter().filter_map(|listed| Some((listed.lead, self.held(listed.row)??.score?))).collect()
    }

    /// Models and leads that are due by an instant, in no order.
    pub(super) fn due(&self, now: Instant) -> Vec<(Instant, Key)> {
        let may_be_due = self.models.iter().filter(|(_, held)| held.earliest <= now);
        let of_model = |(model, held): (&Arc<str>, &OfModel)| {
            let rows = held.rows.rows().filter(|(_, row)| row.due.is_some_and(|due| due <= now));
            let due = rows.filter(|(lead, row)| held.rows.counts(lead, row));
            due.filter_map(|(lead, row)| Some((row.due?, (model.to_string(), lead.clone()))))
                .collect::<Vec<_>>()
        };
        may_be_due.flat_map(of_model).collect()
    }
}

impl Default for OfModel {
    fn default() -> Self {
        Self { rows: Runs::default(), earliest: Instant::MAX }
    }
}

impl Row {
    fn new((chunk, place): (u32, u32), held: Option<Held<'_>>) -> Self {
        let rank = held
            .and_then(|held| held.score)
            .map(|given| Rank { tier: given.tier.into(), score: given.score });
        Self { chunk, place, due: held.and_then(|held| held.due), rank }
    }
}

impl<'r> Listed<'r> {
    /// A row, if it is in the list of a tier, or in that of all, behind a place.
    fn in_list(lead: &'r Name, row: &'r Row, (tier, after): (Option<&str>, Option<&Place>)) -> Option<Self> {
        let Rank { tier: own, score } = row.rank.as_ref()?;
        let is_behind = |after: &Place| *score < after.score || *score == after.score && **lead > *after.lead;
        let is_in = tier.is_none_or(|tier| **own == *tier) && after.is_none_or(is_behind);
        is_in.then_some(Self { score: *score, lead, row })
    }

    fn order(&self, other: &Self) -> Ordering {
        other.score.cmp(&self.score).then_with(|| self.lead.cmp(other.lead))
    }
}

/// The first in a list that count, in no order. Whether one counts is asked of no more than it takes.
fn first<'r, I: Iterator<Item = Listed<'r>>>(
    listed: impl Fn() -> I,
    limit: usize,
    counts: impl Fn(&Listed<'r>) -> bool,
) -> Vec<Listed<'r>> {
    let mut looked_at = limit.saturating_mul(2).max(1);
    loop {
        let (mut found, is_all) = front(listed(), looked_at);
        found.retain(&counts);
        if found.len() >= limit || is_all {
            found.sort_unstable_by(Listed::order);
            found.truncate(limit);
            return found;
        }
        looked_at = looked_at.saturating_mul(4);
    }
}

/// The first so many in a list, in no order; whether that is all of them. No more than twice as many are held at once.
fn front<'r>(listed: impl Iterator<Item = Listed<'r>>, most: usize) -> (Vec<Listed<'r>>, bool) {
    let mut front: Vec<Listed<'_>> = Vec::new();
    let mut last: Option<Listed<'_>> = None;
    for one in listed {
        if last.is_some_and(|last| one.order(&last).is_gt()) {
            continue;
        }
        front.push(one);
        if front.len() > most.saturating_mul(2) {
            front.select_nth_unstable_by(most, Listed::order);
            last = front.get(most).copied();
            front.truncate(most);
        }
    }
    if front.len() > most {
        front.select_nth_unstable_by(most, Listed::order);
        front.truncate(most);
        return (front, false);
    }
    (front, last.is_none())
}
