//! What changed of late. It is durable, in the log and in a journal, but has not been put in its place in the tables yet:
//! tables that are ordered by lead or by id cost a page for every row that is written by itself, and little for many in order.
//!
//! All of it can be cloned at no cost, so that whoever looks keeps what there was when the look began.

use std::{cmp::Reverse, ops::Bound, sync::Arc};

use imbl::{OrdMap, OrdSet};
use kelvin_kernel::{Instant, Micropoints};

use super::name::Name;
use crate::{Holding, LeadScore, Place};

/// Bytes of a row of usual size: a larger one counts as several.
const ROW: usize = 1024;

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
    /// How much was written since the fresh rows began: what they are made again from at a start. More than there are
    /// rows, where the same ones change again and again.
    pub(super) written: usize,
}

/// The last event of each lead.
pub(super) type Leads = OrdMap<Name, i64>;

/// The ids of events, by their hashes, each with its event.
pub(super) type Ids = OrdSet<(i64, i64)>;

/// What models hold of leads, each model by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Holdings {
    models: OrdMap<Arc<str>, OfModel>,
}

/// What a model holds of leads; `None` where it holds nothing any more.
#[derive(Debug, Clone, Default)]
struct OfModel {
    rows: OrdMap<Name, Option<Arc<Holding>>>,
    ranked: OrdSet<Rank>,
    due: OrdSet<(Instant, Name)>,
}

/// Where a lead stands in the list of its tier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    tier: Name,
    score: Reverse<Micropoints>,
    lead: Name,
}

/// A model and a lead.
pub(super) type Key = (Arc<str>, Name);

/// What is known of a holding: nothing here, or what it is now.
type Known<'r> = Option<Option<&'r Arc<Holding>>>;

impl Recent {
    /// Forgets a lead, also where it is on its way into a table.
    pub(super) fn erase(&mut self, lead: &str) {
        for leads in [&mut self.leads.fresh, &mut self.leads.settling] {
            leads.remove(&Name::from(lead));
        }
        self.holdings.fresh.erase(lead);
        self.holdings.settling.erase(lead);
    }
}

impl<T> Layers<T> {
    /// The layers, the one that counts first.
    pub(super) fn both(&self) -> [&T; 2] {
        [&self.fresh, &self.settling]
    }
}

impl Layers<Leads> {
    pub(super) fn put(&mut self, lead: &str, event: i64) {
        self.fresh.insert(lead.into(), event);
        self.written += 1;
    }

    pub(super) fn last(&self, lead: &str) -> Option<i64> {
        let lead = Name::from(lead);
        self.both().into_iter().find_map(|leads| leads.get(&lead)).copied()
    }
}

impl Layers<Ids> {
    pub(super) fn put(&mut self, hash: i64, event: i64) {
        self.fresh.insert((hash, event));
        self.written += 1;
    }

    /// The events whose ids have a hash.
    pub(super) fn events(&self, hash: i64) -> impl Iterator<Item = i64> {
        let within = move |ids: &Ids| {
            ids.range((hash, i64::MIN)..=(hash, i64::MAX)).map(|id| id.1).collect::<Vec<_>>()
        };
        self.both().into_iter().flat_map(within)
    }
}

impl Layers<Holdings> {
    /// Notes what a model holds of a lead from now on.
    pub(super) fn put(&mut self, model: &str, lead: &str, holding: Option<Holding>) {
        let size = holding.as_ref().map_or(0, |holding| holding.state.len());
        self.fresh.put(model, lead, holding);
        self.written += 1 + size / ROW;
    }

    /// What a model holds of a lead, if that changed of late.
    pub(super) fn get(&self, model: &str, lead: &str) -> Known<'_> {
        self.both().into_iter().find_map(|holdings| holdings.get(model, lead))
    }

    /// The first leads in the list of a model and tier, after a place.
    pub(super) fn ranked(
        &self,
        model: &str,
        tier: &str,
        after: Option<&Place>,
        limit: usize,
    ) -> Vec<LeadScore> {
        let in_fresh = |lead: &str| self.fresh.get(model, lead).is_some();
        let mut found = self.fresh.ranked(model, tier, after, limit, |_| true);
        found.extend(self.settling.ranked(model, tier, after, limit, |lead| !in_fresh(lead)));
        found
    }

    /// The tiers that leads of a model are in.
    pub(super) fn tiers(&self, model: &str) -> impl Iterator<Item = Name> {
        self.both().into_iter().flat_map(move |holdings| holdings.tiers(model))
    }

    /// Models and leads that are due by an instant, the longest overdue first in each layer.
    pub(super) fn due(&self, now: Instant, limit: usize) -> Vec<(Instant, Key)> {
        let in_fresh = |key: &Key| self.fresh.get(&key.0, &key.1).is_some();
        let mut found = self.fresh.due(now, limit, |_| true);
        found.extend(self.settling.due(now, limit, |key| !in_fresh(key)));
        found
    }

    /// Leads of which a model holds something, from after one on, in no order.
    pub(super) fn held_after(&self, model: &str, after: &str, limit: usize) -> Vec<String> {
        let is_held = |lead: &&Name| matches!(self.get(model, lead), Some(Some(_)));
        let of_layer = |holdings: &Holdings| -> Vec<String> {
            let Some(model) = holdings.models.get(model) else { return Vec::new() };
            let leads = model.rows.range((Bound::Excluded(Name::from(after)), Bound::Unbounded));
            leads.map(|(lead, _)| lead).filter(is_held).take(limit).map(|lead| lead.to_string()).collect()
        };
        let mut found: Vec<String> = self.both().into_iter().flat_map(of_layer).collect();
        found.sort();
        found.dedup();
        found
    }

    /// Drops what a model holds.
    pub(super) fn forget(&mut self, model: &str) {
        for layer in [&mut self.fresh, &mut self.settling] {
            layer.models.remove(model);
        }
    }
}

impl Holdings {
    fn get(&self, model: &str, lead: &str) -> Known<'_> {
        Some(self.models.get(model)?.rows.get(&Name::from(lead))?.as_ref())
    }

    fn put(&mut self, model: &str, lead: &str, holding: Option<Holding>) {
        let model = match self.models.get_mut(model) {
            Some(model) => model,
            None => self.models.entry(model.into()).or_default(),
        };
        model.put(lead, holding.map(Arc::new));
    }

    fn erase(&mut self, lead: &str) {
        let models: Vec<_> = self.models.keys().cloned().collect();
        for model in models {
            self.models.get_mut(&model).into_iter().for_each(|held| held.erase(lead));
        }
    }

    /// Rows after one of them, in order.
    pub(super) fn after(&self, key: Option<&Key>, most: usize) -> Vec<(Key, Option<Arc<Holding>>)> {
        let first = key.map_or(Bound::Unbounded, |(model, _)| Bound::Included(model.clone()));
        let models = self.models.range((first, Bound::Unbounded));
        let rows = models.flat_map(|(model, held)| {
            let within = key.filter(|key| key.0 == *model).map(|key| Bound::Excluded(key.1.clone()));
            let rows = held.rows.range((within.unwrap_or(Bound::Unbounded), Bound::Unbounded));
            rows.map(|(lead, holding)| ((model.clone(), lead.clone()), holding.clone()))
        });
        rows.take(most).collect()
    }

    fn tiers(&self, model: &str) -> Vec<Name> {
        let Some(model) = self.models.get(model) else { return Vec::new() };
        let mut tiers: Vec<Name> = Vec::new();
        let next = |last: Option<&Name>| match last {
            // The greatest score comes first, so the last place of a tier is that of the least and no lead.
            Some(tier) => model.ranked.range((Bound::Excluded(Rank::end(tier)), Bound::Unbounded)).next(),
            None => model.ranked.get_min(),
        };
        while let Some(rank) = next(tiers.last()) {
            tiers.push(rank.tier.clone());
        }
        tiers
    }

    fn ranked(
        &self,
        model: &str,
        tier: &str,
        after: Option<&Place>,
        limit: usize,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Vec<LeadScore> {
        let Some(model) = self.models.get(model) else { return Vec::new() };
        let start = match after {
            Some(place) => Bound::Excluded(Rank::new(tier, place.score, &*place.lead)),
            None => Bound::Included(Rank::new(tier, Micropoints(i64::MAX), "")),
        };
        let ranks = model.ranked.range((start, Bound::Unbounded)).take_while(|rank| &*rank.tier == tier);
        let held = ranks
            .filter(|rank| is_wanted(&rank.lead))
            .filter_map(|rank| model.rows.get(&rank.lead)?.as_ref());
        held.filter_map(|holding| holding.score.clone()).take(limit).collect()
    }

    fn due(&self, now: Instant, limit: usize, is_wanted: impl Fn(&Key) -> bool) -> Vec<(Instant, Key)> {
        let of_model = |(model, held): (&Arc<str>, &OfModel)| {
            let due = held.due.iter().take_while(|(due, _)| *due <= now);
            let named = due.map(|(due, lead)| (*due, (model.clone(), lead.clone())));
            named.filter(|(_, key)| is_wanted(key)).take(limit).collect::<Vec<_>>()
        };
        self.models.iter().flat_map(of_model).collect()
    }
}

impl OfModel {
    /// Notes what is held of a lead.
    fn put(&mut self, lead: &str, holding: Option<Arc<Holding>>) {
        let lead = Name::from(lead);
        let before = self.rows.insert(lead.clone(), holding.clone()).flatten();
        self.rank(&lead, before.as_deref(), holding.as_deref());
        self.schedule(&lead, before.as_deref(), holding.as_deref());
    }

    /// Forgets a lead.
    fn erase(&mut self, lead: &str) {
        self.put(lead, None);
        self.rows.remove(&Name::from(lead));
    }

    fn rank(&mut self, lead: &Name, before: Option<&Holding>, now: Option<&Holding>) {
        let rank = |holding: Option<&Holding>| {
            let score = holding?.score.as_ref()?;
            Some(Rank::new(score.tier.as_deref().unwrap_or_default(), score.score, lead.clone()))
        };
        let [old, new] = [before, now].map(rank);
        if old != new {
            old.iter().for_each(|rank| drop(self.ranked.remove(rank)));
            self.ranked.extend(new);
        }
    }

    fn schedule(&mut self, lead: &Name, before: Option<&Holding>, now: Option<&Holding>) {
        let [old, new] = [before, now].map(|holding| Some((holding?.due?, lead.clone())));
        if old != new {
            old.iter().for_each(|due| drop(self.due.remove(due)));
            self.due.extend(new);
        }
    }
}

impl Rank {
    fn new(tier: &str, score: Micropoints, lead: impl Into<Name>) -> Self {
        Self { tier: tier.into(), score: Reverse(score), lead: lead.into() }
    }

    /// After all places of a tier.
    fn end(tier: &str) -> Self {
        Self::new(&format!("{tier}\0"), Micropoints(i64::MAX), "")
    }
}
