//! All that a store holds, row by row, to be written elsewhere.

use std::collections::BTreeSet;

use kelvin_kernel::{Instant, score::Detail};
use kelvin_store::{Location, Owner, TaskFilter, TierChange, View};
use serde_json::{Map, Value as Json, json};

use crate::{
    Error, Model,
    api::{explained, hand_off, logged, task},
    models::loaded,
    outcomes::{self, Definitions},
    segment::ALL_TRAITS,
    writer::known_state,
};

/// Rows that are read at once.
const ROWS: usize = 1000;

/// A kind of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extract {
    /// The log, as calls of Segment's, each of the lead that it belongs to; without events that do not count.
    Events,
    /// Leads, with their attributes and those of their accounts.
    Leads,
    /// What each model gives each lead, and why.
    Scores,
    /// Changes of tier.
    TierChanges,
    /// Leads that went to sales.
    HandOffs,
    /// What is to be done about them.
    Tasks,
    /// What became of leads, as somebody told it and as events tell it.
    Outcomes,
}

/// One state of a store.
pub struct Contents<'v> {
    view: &'v dyn View,
    models: Vec<Model>,
    definitions: &'v Definitions,
    at: Instant,
}

/// Takes a row.
type Take<'t, E> = dyn FnMut(Json) -> Result<(), E> + 't;

/// Looks at all that a store holds, as of an instant; a server may use it meanwhile. `definitions` say which events tell of outcomes.
///
/// # Errors
/// The store or one of its models cannot be used; those of the look.
pub fn contents<T, E: From<Error>>(
    store: impl Into<Location>,
    at: Instant,
    definitions: &Definitions,
    look: impl FnOnce(&Contents<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let looked = kelvin_store::look_into(store, |view| -> Result<_, Error> {
        let models =
            view.in_service()?.iter().map(|switch| loaded(view, switch)).collect::<Result<_, _>>()?;
        Ok(look(&Contents { view, models, definitions, at }))
    });
    looked.map_err(E::from)?
}

impl Contents<'_> {
    /// Gives every row of a kind.
    ///
    /// # Errors
    /// The store failed; those of who takes the rows.
    pub fn each<E: From<Error>>(&self, what: Extract, take: &mut Take<'_, E>) -> Result<(), E> {
        match what {
            Extract::Events => self.events(take),
            Extract::Leads => self.each_lead(&mut |lead| take(self.lead(lead)?)),
            Extract::Scores => self.scores(take),
            Extract::TierChanges => self.each_lead(&mut |lead| self.tier_changes(lead, take)),
            Extract::HandOffs => self.hand_offs(take),
            Extract::Tasks => self.tasks(take),
            Extract::Outcomes => {
                outcomes::each(self.view, self.definitions, &mut |known| take(outcomes::line(&known)))
            }
        }
    }

    fn events<E: From<Error>>(&self, take: &mut Take<'_, E>) -> Result<(), E> {
        let mut after = 0;
        loop {
            let events = self.view.events(after, ROWS).map_err(Error::from)?;
            let Some(last) = events.last() else { return Ok(()) };
            after = last.seq;
            events.iter().filter(|event| !event.is_void).try_for_each(|event| take(logged(event)?))?;
        }
    }

    /// Every lead of which a model holds something, once; while no model serves, every lead that has an event.
    fn each_lead<E: From<Error>>(&self, take: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        if self.models.is_empty() {
            return self.leads_of_log()?.iter().try_for_each(|lead| take(lead));
        }
        for (place, model) in self.models.iter().enumerate() {
            self.each_held(model, &mut |lead| {
                let is_known =
                    |other: &Model| Ok::<_, Error>(self.view.holding(other.key(), lead)?.is_some());
                for other in &self.models[..place] {
                    if is_known(other)? {
                        return Ok(());
                    }
                }
                take(lead)
            })?;
        }
        Ok(())
    }

    /// The leads that events belong to which count, in their order.
    fn leads_of_log(&self) -> Result<BTreeSet<String>, Error> {
        let (mut leads, mut after) = (BTreeSet::new(), 0);
        loop {
            let events = self.view.events(after, ROWS)?;
            let Some(last) = events.last() else { return Ok(leads) };
            after = last.seq;
            leads.extend(events.into_iter().filter(|event| !event.is_void).map(|event| event.lead));
        }
    }

    fn each_held<E: From<Error>>(
        &self,
        model: &Model,
        take: &mut dyn FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = String::new();
        loop {
            let leads = self.view.held_after(model.key(), &after, ROWS).map_err(Error::from)?;
            let Some(last) = leads.last() else { return Ok(()) };
            after.clone_from(last);
            leads.iter().try_for_each(|lead| take(lead))?;
        }
    }

    fn lead(&self, lead: &str) -> Result<Json, Error> {
        let mut row = self.attributes(Owner::Lead(lead))?;
        let account = match row.get("account_id") {
            Some(Json::String(account)) => self.attributes(Owner::Account(account))?,
            _ => Map::new(),
        };
        row.insert("lead_id".to_owned(), json!(lead));
        if !account.is_empty() {
            row.insert("account".to_owned(), Json::Object(account));
        }
        Ok(Json::Object(row))
    }

    fn attributes(&self, owner: Owner<'_>) -> Result<Map<String, Json>, Error> {
        let attributes = self.view.attributes(owner, self.at)?.into_iter();
        let read = |(key, value): (String, String)| {
            let value = serde_json::from_str(&value).unwrap_or(Json::String(value));
            (key, value)
        };
        Ok(attributes.filter(|(key, _)| key != ALL_TRAITS).map(read).collect())
    }

    fn scores<E: From<Error>>(&self, take: &mut Take<'_, E>) -> Result<(), E> {
        let detail = Detail { until: true, reasons: true };
        for model in &self.models {
            self.each_held(model, &mut |lead| {
                let Some(mut state) = known_state(self.view, model, lead)? else { return Ok(()) };
                match model.score(&mut state, self.view, self.at, detail)? {
                    Some(score) => take(explained(model.program().plan(), lead, &score, self.at)),
                    None => Ok(()),
                }
            })?;
        }
        Ok(())
    }

    fn tier_changes<E: From<Error>>(&self, lead: &str, take: &mut Take<'_, E>) -> Result<(), E> {
        let mut before = None;
        loop {
            let changes = self.view.tier_changes(lead, before, ROWS).map_err(Error::from)?;
            let Some(last) = changes.last() else { return Ok(()) };
            before = Some(last.seq);
            changes.iter().try_for_each(|change| take(tier_change(change)))?;
        }
    }

    fn hand_offs<E: From<Error>>(&self, take: &mut Take<'_, E>) -> Result<(), E> {
        let mut before = None;
        loop {
            let hand_offs = self.view.hand_offs(None, before, ROWS).map_err(Error::from)?;
            let Some(last) = hand_offs.last() else { return Ok(()) };
            before = Some(last.seq);
            hand_offs.iter().try_for_each(|one| take(hand_off(one)))?;
        }
    }

    fn tasks<E: From<Error>>(&self, take: &mut Take<'_, E>) -> Result<(), E> {
        let mut before = None;
        loop {
            let tasks = self.view.tasks(&TaskFilter::default(), before, ROWS).map_err(Error::from)?;
            let Some(last) = tasks.last() else { return Ok(()) };
            before = Some(last.id);
            tasks.iter().try_for_each(|one| take(task(one)))?;
        }
    }
}

fn tier_change(change: &TierChange) -> Json {
    json!({
        "id": change.seq,
        "lead_id": change.lead,
        "model": change.model,
        "at": change.at.to_string(),
        "from": change.from,
        "to": change.to,
        "cause": change.cause,
    })
}
