//! How long things are kept. A score follows from the history that is kept: with an event, its points go.

use std::collections::BTreeSet;

use kelvin_kernel::{Duration, Instant};
use kelvin_store::{Change, Event, Person, Stock, Write};

use crate::{Error, erasure, segment::Call, writer::Upset, writer::each_attribute};

/// How long things are kept; for ever, where that is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Events, by the time at which they happened.
    pub events: Option<Duration>,
    /// What messages said, from when they were delivered.
    pub messages: Option<Duration>,
    /// Who changed what.
    pub audit: Option<Duration>,
    /// What came and could not be used.
    pub rejected: Option<Duration>,
    /// How much of that is kept at most, the latest of it.
    pub most_rejected: u64,
}

/// Events that are looked at in one transaction: those that come meanwhile wait no longer than that.
const EVENTS: usize = 500;

/// Leads whose past is gone through in one transaction.
const LEADS: usize = 32;

impl Default for Retention {
    fn default() -> Self {
        Self { events: None, messages: None, audit: None, rejected: None, most_rejected: 100_000 }
    }
}

impl Retention {
    /// How long what is not an event is kept.
    pub(crate) fn stocks(&self) -> impl Iterator<Item = (Stock, Duration)> {
        let stocks =
            [(Stock::Messages, self.messages), (Stock::Audit, self.audit), (Stock::Rejected, self.rejected)];
        stocks.into_iter().filter_map(|(stock, kept)| Some((stock, kept?)))
    }
}

/// Goes through some events behind a place in the log, and lets go of those from before an instant; the place to go on from, if
/// there may be more.
pub(crate) fn expire_some(
    change: &mut dyn Change,
    before: Instant,
    after: u64,
    upset: &mut Upset,
) -> Result<Option<u64>, Error> {
    let (mut leads, mut last) = (BTreeSet::new(), None);
    for event in change.events(after, EVENTS)? {
        last = Some(event.seq);
        if event.time < before {
            leads.insert(event.lead);
        }
        if leads.len() == LEADS {
            break;
        }
    }
    leads.iter().try_for_each(|lead| expire(change, lead, before, upset))?;
    Ok(last)
}

/// Lets go of the events of a lead from before an instant. Calls that wrote what still holds of it stay as long as something is
/// heard of it, be it of earlier times; a lead of which nothing is left goes with all that is known of it.
fn expire(change: &mut dyn Change, lead: &str, before: Instant, upset: &mut Upset) -> Result<(), Error> {
    let events = change.events_of(lead)?;
    let (count, is_silent) =
        (events.len(), events.iter().all(|event| event.time.max(event.received) < before));
    let old = events.into_iter().filter(|event| event.time < before).collect();
    let idle = without_effect(old)?;
    if is_silent || idle.len() == count {
        return erasure::forget(change, lead, &mut upset.ids);
    }
    let mut gone = Vec::new();
    for (event, call) in idle {
        if !event.is_void {
            each_attribute(&call, &call.event_id(event.seq), &mut |write| Ok(change.unwrite(write)?))?;
        }
        gone.push(event.seq);
    }
    if !gone.is_empty() {
        change.erase(&Person { ids: &[], events: &gone, traces: &[] }, "")?;
        upset.leads.insert(lead.to_owned());
    }
    Ok(())
}

/// The events of which nothing holds any more at the end of them all.
fn without_effect(events: Vec<Event>) -> Result<Vec<(Event, Call)>, Error> {
    let read = |event: Event| {
        let call = Call::from_log(&event).ok_or(Error::Damaged(event.seq))?;
        Ok((event, call))
    };
    let mut calls = events.into_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    calls.sort_by_key(|(event, call)| (event.time, call.event_id(event.seq)));
    let mut known = BTreeSet::new();
    let mut idle = Vec::new();
    for (event, call) in calls.into_iter().rev() {
        let mut is_last = false;
        let mut note = |write: &Write<'_>| {
            is_last |= known.insert(format!("{:?} {}", write.owner, write.key));
            Ok(())
        };
        if !event.is_void {
            each_attribute(&call, &call.event_id(event.seq), &mut note)?;
        }
        if !is_last {
            idle.push((event, call));
        }
    }
    Ok(idle)
}
