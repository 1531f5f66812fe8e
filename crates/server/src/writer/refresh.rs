//! Computes scores again that are due: a tier changes, or points fade.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Holding};

use super::{Desk, apply, foresee};
use crate::{
    Error, Model, Playbook,
    playbook::{Cause, Why},
};

/// Scores in one transaction: events wait no longer than that.
const SCORES: usize = 256;

impl Desk {
    /// Computes some of the scores that are due again; whether there may be more.
    pub(super) fn refresh(&mut self) -> bool {
        let now = (self.clock)();
        let (models, playbook) = (&self.models, self.playbook.as_ref());
        let done = self.store.change_in_passing(|change| -> Result<usize, Error> {
            let due = change.due(now, SCORES)?;
            let leads = || due.iter().map(|(_, lead)| lead.as_str()).collect();
            change.foresee(&|| foresee::of_leads(models, leads()))?;
            for (id, lead) in &due {
                let Some(held) = change.holding(id, lead)? else { continue };
                match models.iter().find(|model| model.key() == id) {
                    Some(model) => compute_again(change, (model, lead), &held, (playbook, now))?,
                    // Of a version that serves no more, nothing is due.
                    None => change.hold(id, lead, Some(Holding { due: None, ..held }))?,
                }
            }
            Ok(due.len())
        });
        match done {
            Ok(count) => count == SCORES,
            Err(cause) => {
                (self.say)(&format!("error: scores could not be computed again: {cause}"));
                false
            }
        }
    }
}

/// Computes a score again, and does what follows from it.
pub(super) fn compute_again(
    change: &mut dyn Change,
    (model, lead): (&Model, &str),
    held: &Holding,
    (playbook, now): (Option<&Playbook>, Instant),
) -> Result<(), Error> {
    let mut state = apply::remembered(change, model, lead, held)?;
    apply::put(change, (model, lead), &mut state, &Why { playbook, cause: Cause::Time }, now)
}
