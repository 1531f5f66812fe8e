//! Makes states and scores again from the log, for models that are new or have changed.

use std::{ops::ControlFlow, sync::Arc};

use kelvin_store::Event;

use super::{Desk, fold::put_folded};
use crate::{
    Error, Model,
    playbook::{Cause, Why},
};

/// Leads in one transaction.
const LEADS: usize = 1000;

impl Desk {
    /// Forgets models that are not served any more; makes what new and changed ones remember from the log.
    pub(super) fn bring_up_to_date(&mut self) -> Result<(), Error> {
        self.learn_ids()?;
        self.let_new_rules_rest()?;
        let models = Arc::clone(&self.models);
        let is_served = |id: &str, seal: &str| models.iter().any(|model| model.is_sealed(id, seal));
        let known = self.store.change(|change| -> Result<_, Error> {
            let known = change.models()?;
            for (id, _) in known.iter().filter(|(id, seal)| !is_served(id, seal)) {
                change.forget(id)?;
            }
            Ok(known)
        })?;
        let is_known = |model: &&Model| known.iter().any(|(id, seal)| model.is_sealed(id, seal));
        let stale: Vec<&Model> = models.iter().filter(|model| !is_known(model)).collect();
        if !stale.is_empty() {
            self.rebuild(&stale)?;
        }
        self.put_new_rules_in_force()
    }

    /// Makes states and scores of some models. A model is sealed only when it is complete: what a crash leaves
    /// half done is done again.
    fn rebuild(&mut self, models: &[&Model]) -> Result<(), Error> {
        self.store.change(|change| -> Result<(), Error> {
            Ok(models.iter().try_for_each(|model| change.forget(model.id()))?)
        })?;
        let mut histories = Vec::new();
        let mut outcome = Ok(());
        self.store.reader()?.look(|log| {
            log.events_by_lead(&mut |event| {
                outcome = self.take(models, &mut histories, event);
                if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
        })?;
        outcome?;
        self.put_all(models, &histories)?;
        self.store.change(|change| -> Result<(), Error> {
            Ok(models.iter().try_for_each(|model| change.seal(model.id(), model.seal()))?)
        })
    }

    /// Adds an event to the history of its lead, which is the last one or a new one.
    fn take(
        &mut self,
        models: &[&Model],
        histories: &mut Vec<Vec<Event>>,
        event: Event,
    ) -> Result<(), Error> {
        if event.is_void {
            return Ok(());
        }
        if let Some(last) = histories.last_mut()
            && last.first().is_some_and(|first| first.lead == event.lead)
        {
            last.push(event);
            return Ok(());
        }
        if histories.len() >= LEADS {
            self.put_all(models, histories)?;
            histories.clear();
        }
        histories.push(vec![event]);
        Ok(())
    }

    /// Folds the histories of some leads.
    fn put_all(&mut self, models: &[&Model], histories: &[Vec<Event>]) -> Result<(), Error> {
        let (now, why) = ((self.clock)(), Why { playbook: self.playbook.as_ref(), cause: Cause::Model });
        self.store.change(|change| {
            for events in histories {
                let Some(first) = events.first() else { continue };
                put_folded(change, models, &first.lead, (events, &why), now)?;
            }
            Ok(())
        })
    }
}
