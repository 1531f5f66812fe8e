//! What events tell of what became of leads.

use kelvin_model::playbook::{Playbook as Plan, outcome::Found};
use kelvin_store::{Event, Outcome, View};

use super::{By, Known, told::millionths};
use crate::{Error, playbook::Facts, segment::Call};

/// By which events tell of outcomes.
#[derive(Debug, Default)]
pub struct Definitions(Option<Plan>);

impl Definitions {
    /// Those of a playbook.
    pub fn of(playbook: Option<&Plan>) -> Self {
        Self(playbook.filter(|plan| !plan.outcomes.is_empty()).cloned())
    }

    /// Whether there are none, so that no event tells anything.
    pub(crate) fn are_none(&self) -> bool {
        self.0.is_none()
    }

    /// The outcomes that an event tells of, in the order of their definitions; none where it does not count.
    pub(crate) fn found_in(&self, view: &dyn View, event: &Event) -> Result<Vec<Known>, Error> {
        let Some(plan) = self.0.as_ref().filter(|_| !event.is_void) else { return Ok(Vec::new()) };
        let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
        let mut defined = plan.outcomes_by(&call.name).peekable();
        if defined.peek().is_none() {
            return Ok(Vec::new());
        }
        let facts = Facts::as_of(view, &plan.schema, event)?.with_event(&call);
        let slots = facts.slots(&plan.schema, None);
        let id = call.event_id(event.seq);
        let found = defined.filter_map(|outcome| outcome.found(&slots.env()));
        Ok(found.map(|found| known(event, &id.text(), found)).collect())
    }
}

fn known(event: &Event, id: &str, found: Found<'_>) -> Known {
    let Found { outcome, value, currency, reason, deal } = found;
    let value_millionths = value.and_then(millionths);
    Known {
        outcome: Outcome {
            id: format!("{}:{id}", outcome.id),
            lead: event.lead.clone(),
            kind: outcome.kind.clone(),
            time: event.time,
            value_millionths,
            currency: currency.filter(|_| value_millionths.is_some()),
            reason,
            deal,
            source: None,
        },
        by: By::Event { definition: outcome.id.clone(), id: id.to_owned() },
    }
}
