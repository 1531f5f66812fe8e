//! Computes scores again that are due: a tier changes, or points fade.

use super::{Desk, apply};
use crate::Error;

/// Scores in one transaction: events wait no longer than that.
const SCORES: usize = 256;

impl Desk {
    /// Computes some of the scores that are due again; whether there may be more.
    pub(super) fn refresh(&mut self) -> bool {
        let now = (self.clock)();
        let models = std::sync::Arc::clone(&self.models);
        let done = self.store.change(|change| -> Result<usize, Error> {
            let due = change.due(now, SCORES)?;
            for (id, lead) in &due {
                let Some(model) = models.iter().find(|model| model.id() == id) else {
                    change.put_due(id, lead, None)?;
                    continue;
                };
                let mut state = apply::state(change, model, lead)?;
                let next = apply::put_score(change, model, lead, &mut state, now)?;
                change.put_due(id, lead, next)?;
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
