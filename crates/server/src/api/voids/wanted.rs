//! Which events a void is to take.

use std::collections::BTreeMap;

use kelvin_kernel::{Instant, expr::Condition, plan::Schema};
use kelvin_model::cel::{Roots, Scope, compile_condition};
use kelvin_store::{Event, View};
use serde::{Deserialize, Serialize};

use super::super::{
    people,
    problem::{Answer, Problem},
    query,
};
use crate::{Error, playbook::Facts, segment::Call};

/// Events that are looked at at once.
const EVENTS: usize = 1000;

/// Which events are not to count: those of some ids, or all that meet the rest.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// A condition on the event, and on its lead as of then.
    #[serde(rename = "if", skip_serializing_if = "Option::is_none")]
    condition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing)]
    pub(super) reason: String,
}

/// The places of events in the log.
pub(super) fn seqs(view: &dyn View, ids: &[String]) -> Answer<Vec<u64>> {
    let unknown = |id| Problem::not_found("unknown-event", format!("the log has no event `{id}`"));
    ids.iter().map(|id| seq(view, id)?.ok_or_else(|| unknown(id))).collect()
}

/// The place of an event. One that came without an id goes by its place.
fn seq(view: &dyn View, id: &str) -> Answer<Option<u64>> {
    if let Some(seq) = view.seq_of(id)? {
        return Ok(Some(seq));
    }
    let Ok(seq) = id.parse() else { return Ok(None) };
    let event = view.event(seq)?.filter(|event| event.id.is_none() && id == format!("{seq:020}"));
    Ok(event.map(|event| event.seq))
}

impl Wanted {
    /// The places of the events.
    pub(super) fn find(&self, view: &dyn View) -> Answer<Vec<u64>> {
        let is_filter =
            [&self.lead, &self.event, &self.condition, &self.from, &self.to].iter().any(|key| key.is_some());
        match &self.ids {
            Some(ids) if !is_filter => seqs(view, ids),
            None if is_filter => self.filtered(view),
            _ => {
                let detail =
                    "either `ids` or some of `lead`, `event`, `if`, `from` and `to` tell which events";
                Err(Problem::bad("bad-request", detail))
            }
        }
    }

    fn filtered(&self, view: &dyn View) -> Answer<Vec<u64>> {
        let filter = Filter::of(self)?;
        let mut seqs = Vec::new();
        let mut take = |events: &[Event]| -> Answer<()> {
            for event in events {
                if filter.takes(view, event)? {
                    seqs.push(event.seq);
                }
            }
            Ok(())
        };
        if let Some(lead) = &self.lead {
            take(&view.events_of(&people::known(view, lead)?.lead)?)?;
            return Ok(seqs);
        }
        let mut after = 0;
        loop {
            let events = view.events(after, EVENTS)?;
            take(&events)?;
            match events.last() {
                Some(last) => after = last.seq,
                None => return Ok(seqs),
            }
        }
    }
}

/// What events are to meet.
struct Filter<'w> {
    name: Option<&'w str>,
    from: Option<Instant>,
    to: Option<Instant>,
    /// A condition, and the fields that it looks at.
    condition: Option<(Condition, Schema)>,
}

impl<'w> Filter<'w> {
    fn of(wanted: &'w Wanted) -> Answer<Self> {
        let (from, to) = (query::at(wanted.from.as_deref())?, query::at(wanted.to.as_deref())?);
        let condition = wanted.condition.as_deref().map(compiled).transpose()?;
        Ok(Self { name: wanted.event.as_deref(), from, to, condition })
    }

    fn takes(&self, view: &dyn View, event: &Event) -> Answer<bool> {
        let is_between =
            self.from.is_none_or(|from| event.time >= from) && self.to.is_none_or(|to| event.time < to);
        if !is_between || (self.name.is_none() && self.condition.is_none()) {
            return Ok(is_between);
        }
        let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
        let is_named = self.name.is_none_or(|name| call.name == name);
        Ok(match &self.condition {
            Some((condition, schema)) if is_named => {
                let facts = Facts::as_of(view, schema, event)?.with_event(&call);
                condition.holds(&facts.slots(schema, None).env())
            }
            _ => is_named,
        })
    }
}

/// A condition on an event.
fn compiled(text: &str) -> Answer<(Condition, Schema)> {
    let (mut schema, lists) = (Schema::default(), BTreeMap::new());
    let compiled = compile_condition(text, &mut Scope::new(Roots::EVENT, &lists, &mut schema));
    let condition = compiled.map_err(|problems| {
        let told = problems.into_iter().map(|problem| match problem.help {
            Some(help) => format!("{}: {help}", problem.message),
            None => problem.message,
        });
        Problem::bad("bad-condition", format!("`if`: {}", told.collect::<Vec<_>>().join("; ")))
    })?;
    Ok((condition, schema))
}
