//! What changed of late. It is durable, in the log and in a journal, but has not been put in its place in the tables yet:
//! tables that are ordered by lead or by id cost a page for every row that is written by itself, and little for many in order.
//!
//! All of it can be cloned at no cost, so that whoever looks keeps what there was when the look began.

use super::{
    held::Holdings,
    journal::{Entry, Given, Held},
    name::Name,
    runs::Runs,
};
use crate::{Holding, LeadScore, Place};
use kelvin_kernel::Instant;

/// Bytes of the state in a row of usual size: of larger ones, fewer are brought together. What leads' states hold grows with
/// their events, and what is held in memory must not.
const ROW: usize = 320;

/// What changed of late.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent {
    pub(super) leads: Layers<Leads>,
    pub(super) ids: Layers<Ids>,
    pub(super) holdings: Layers<Holdings>,
}

/// Rows that come in, and rows that are on their way into their table meanwhile. The former hide the latter.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers<T> {
    pub(super) fresh: T,
    pub(super) settling: T,
    /// Rows that were written since the fresh ones began: what they are made again from at a start. More than there are,
    /// where the same ones change again and again.
    rows: usize,
    /// Bytes of the states in them.
    bytes: usize,
}

/// The last event of each lead.
pub(super) type Leads = Runs<Name, i64>;

/// The ids of events, by their hashes, each with its event.
pub(super) type Ids = Runs<(i64, i64), ()>;

/// A model and a lead.
pub(super) type Key = (String, Name);

impl Recent {
    /// Ends what a commit brings; what it adds to the journal, if anything.
    pub(super) fn close(&mut self) -> Option<&[u8]> {
        self.leads.fresh.close();
        self.ids.fresh.close();
        self.holdings.fresh.close()
    }

    /// Forgets a lead, also where it is on its way into a table.
    pub(super) fn erase(&mut self, lead: &str) {
        let lead = Name::from(lead);
        for leads in [&mut self.leads.fresh, &mut self.leads.settling] {
            leads.remove(|other| *other == lead);
        }
        self.holdings.fresh.erase(&lead);
        self.holdings.settling.erase(&lead);
    }
}

impl<T: Default> Layers<T> {
    /// The layers, the one that counts first.
    pub(super) fn both(&self) -> [&T; 2] {
        [&self.fresh, &self.settling]
    }

    /// How much was written since the fresh rows began, in rows of usual size.
    pub(super) fn written(&self) -> usize {
        self.rows.max(self.bytes / ROW)
    }

    /// Sends the fresh rows on their way, when none are any more.
    pub(super) fn turn(&mut self) {
        *self = Self { settling: std::mem::take(&mut self.fresh), ..Self::default() };
    }
}

impl Layers<Leads> {
    pub(super) fn put(&mut self, lead: &str, event: i64) {
        self.fresh.put(lead.into(), event);
        self.rows += 1;
    }

    pub(super) fn last(&self, lead: &str) -> Option<i64> {
        let lead = Name::from(lead);
        self.both().into_iter().find_map(|leads| leads.get(&lead)).copied()
    }
}

impl Layers<Ids> {
    pub(super) fn put(&mut self, hash: i64, event: i64) {
        self.fresh.put((hash, event), ());
        self.rows += 1;
    }

    /// The events whose ids have a hash.
    pub(super) fn events(&self, hash: i64) -> impl Iterator<Item = i64> {
        self.both().into_iter().flat_map(move |ids| ids.beginning_with(hash))
    }
}

impl Layers<Holdings> {
    /// Notes what a model holds of a lead from now on.
    pub(super) fn put(&mut self, model: &str, lead: &str, holding: Option<&Holding>) {
        let held = holding.map(Held::of);
        self.fresh.put(&Entry::Lead { model, lead, held });
        self.count(held);
    }

    fn count(&mut self, held: Option<Held<'_>>) {
        self.rows += 1;
        self.bytes += held.map_or(0, |held| held.state.len());
    }

    /// Drops what a model holds.
    pub(super) fn forget(&mut self, model: &str) {
        self.fresh.put(&Entry::Forgotten { model });
        self.settling.forget(model);
    }

    /// Takes in what a commit added to the journal; nothing where that is damaged.
    pub(super) fn read(&mut self, chunk: &[u8]) -> Option<()> {
        let mut rest = chunk;
        while !rest.is_empty() {
            let entry = Entry::read(&mut rest)?;
            self.fresh.put(&entry);
            if let Entry::Lead { held, .. } = entry {
                self.count(held);
            }
        }
        self.fresh.close();
        Some(())
    }

    /// What a model holds of a lead, if that changed of late: nothing here, or what it is now.
    pub(super) fn get(&self, model: &str, lead: &str) -> Option<Option<Held<'_>>> {
        let lead = Name::from(lead);
        self.both().into_iter().find_map(|holdings| holdings.get(model, &lead))
    }

    /// Whether what a model holds of a lead changed of late.
    pub(super) fn has(&self, model: &str, lead: &str) -> bool {
        let lead = Name::from(lead);
        self.both().into_iter().any(|holdings| holdings.has(model, &lead))
    }

    /// The first leads in the list of a model after a place, or in that of a tier.
    pub(super) fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
    ) -> Vec<LeadScore> {
        let in_fresh = |lead: &Name| self.fresh.has(model, lead);
        let mut found = self.fresh.ranked(model, tier, after, limit, |_| true);
        found.extend(self.settling.ranked(model, tier, after, limit, |lead| !in_fresh(lead)));
        found.into_iter().map(|(lead, given): (&Name, Given<'_>)| given.score(lead)).collect()
    }

    /// Models and leads that are due by an instant, in no order.
    pub(super) fn due(&self, now: Instant) -> Vec<(Instant, Key)> {
        let in_fresh = |key: &Key| self.fresh.has(&key.0, &key.1);
        let mut found = self.settling.due(now);
        found.retain(|(_, key)| !in_fresh(key));
        found.extend(self.fresh.due(now));
        found
    }

    /// Leads of which a model holds something, from after one on.
    pub(super) fn held_after(&self, model: &str, after: &str, limit: usize) -> Vec<String> {
        let after = Name::from(after);
        let is_held =
            |lead: &Name| self.both().into_iter().find_map(|held| held.get(model, lead)).flatten().is_some();
        let leads = self.both().into_iter().flat_map(|holdings| holdings.leads_after(model, &after));
        let mut found: Vec<Name> = leads.filter(is_held).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().take(limit).map(|lead| lead.to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_rows_are_brought_together_where_leads_hold_more() {
        let rows_until_enough = |bytes: usize| {
            let mut layers = Layers::<Holdings>::default();
            let holding = Holding { state: vec![0; bytes].into(), due: None, score: None };
            (1..).find(|row| {
                layers.put("model", &format!("lead-{row}"), Some(&holding));
                layers.written() >= 1000
            })
        };
        assert_eq!(rows_until_enough(ROW / 2), Some(1000));
        assert_eq!(rows_until_enough(ROW * 10), Some(100));
    }
}
