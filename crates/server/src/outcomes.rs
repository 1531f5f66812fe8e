//! What became of leads: as somebody told it, and as events tell it by the definitions of a playbook.
//!
//! What was told is kept under the id that it names as its lead. What events tell is kept nowhere: it follows from the log, from what
//! is known of leads, and from the definitions, whenever somebody asks.

mod found;
mod line;
mod told;

use kelvin_store::{Outcome, OutcomeFilter, View};

pub use self::found::Definitions;
pub(crate) use self::{
    line::line,
    told::{Became, forget, note, read},
};
use crate::{Error, people};

/// What became of a lead.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    /// It, of the lead that it belongs to now.
    pub(crate) outcome: Outcome,
    /// How it is known.
    pub(crate) by: By,
}

/// How an outcome is known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum By {
    /// Somebody told it.
    Hearsay,
    /// An event tells it.
    Event {
        /// The definition by which it does.
        definition: String,
        /// The event.
        id: String,
    },
}

/// Rows that are read at once.
const ROWS: usize = 1000;

/// Gives all outcomes: those that were told, then what events tell.
pub(crate) fn each<E: From<Error>>(
    view: &dyn View,
    definitions: &Definitions,
    take: &mut dyn FnMut(Known) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let told = view.outcomes(&OutcomeFilter::default(), after, ROWS).map_err(Error::from)?;
        let Some(last) = told.last() else { break };
        after = last.seq;
        told.into_iter().try_for_each(|told| take(placed(view, told.outcome)?))?;
    }
    if definitions.are_none() {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let events = view.events(after, ROWS).map_err(Error::from)?;
        let Some(last) = events.last() else { return Ok(()) };
        after = last.seq;
        for event in &events {
            definitions.found_in(view, event)?.into_iter().try_for_each(&mut *take)?;
        }
    }
}

/// All outcomes of a lead that are asked for, by time.
pub(crate) fn of_lead(
    view: &dyn View,
    definitions: &Definitions,
    lead: &str,
    filter: &OutcomeFilter,
) -> Result<Vec<Known>, Error> {
    let mut all = told_of(view, lead)?;
    for event in view.events_of(lead)? {
        all.extend(definitions.found_in(view, &event)?);
    }
    all.retain(|known| filter.takes(&known.outcome.kind, known.outcome.time));
    all.sort_by(|one, other| one.key().cmp(&other.key()));
    Ok(all)
}

/// An outcome that was told, of the lead that it belongs to now.
pub(crate) fn placed(view: &dyn View, mut outcome: Outcome) -> Result<Known, Error> {
    if let Some(known) = people::known(view, &outcome.lead)? {
        outcome.lead = known.lead;
    }
    Ok(Known { outcome, by: By::Hearsay })
}

/// What was told of a lead, whichever of its ids it names.
fn told_of(view: &dyn View, lead: &str) -> Result<Vec<Known>, Error> {
    let mut names: Vec<String> = view.ids_of(lead)?.into_iter().map(|known| known.id.text).collect();
    if names.is_empty() {
        names.push(lead.to_owned());
    }
    names.sort();
    names.dedup();
    let mut told = Vec::new();
    for name in names {
        for outcome in view.outcomes_naming(&name)? {
            told.push(placed(view, outcome)?);
        }
    }
    // A text may be an id of several leads, of different kinds; it stands for one of them.
    told.retain(|known| known.outcome.lead == lead);
    Ok(told)
}

impl Known {
    /// By what outcomes of a lead are in order.
    pub(crate) fn key(&self) -> (i64, &str) {
        (self.outcome.time.as_millis(), &self.outcome.id)
    }
}
