//! What the playbook has to be done at a time.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Timer};

use super::{Desk, refresh::compute_again};
use crate::{Error, Model, Playbook, playbook};

/// Timers in one transaction: events wait no longer than that.
const TIMERS: usize = 256;

impl Desk {
    /// Does some of what is due; whether there may be more.
    pub(super) fn on_time(&mut self) -> bool {
        let Some(playbook) = &self.playbook else { return false };
        let (now, models) = ((self.clock)(), &self.models);
        let done = self.store.change(|change| -> Result<usize, Error> {
            let due = change.timers(now, TIMERS)?;
            for timer in &due {
                change.stop_timer(&timer.kind, &timer.subject, &timer.name)?;
                act(change, (playbook, models), timer, now)?;
            }
            Ok(due.len())
        });
        match done {
            Ok(count) => count == TIMERS,
            Err(cause) => {
                (self.say)(&format!("error: the playbook could not be carried out: {cause}"));
                false
            }
        }
    }

    /// Lets hand-offs and alerts that are new rest while scores are brought up to date.
    pub(super) fn let_new_rules_rest(&mut self) -> Result<(), Error> {
        let (models, playbook) = (self.serving(), self.playbook.as_mut());
        self.store.change(|change| match playbook {
            Some(playbook) => playbook.let_rest(change, &models),
            None => playbook::let_all_go(change),
        })
    }

    /// Puts them in force once all scores are there, and tells the operator.
    pub(super) fn put_new_rules_in_force(&mut self) -> Result<(), Error> {
        let (now, models) = ((self.clock)(), self.serving());
        let Some(playbook) = self.playbook.as_mut() else { return Ok(()) };
        let told = self.store.change(|change| playbook.put_in_force(change, &models, now))?;
        told.iter().for_each(|line| (self.say)(line));
        Ok(())
    }
}

fn act(
    change: &mut dyn Change,
    (playbook, models): (&Playbook, &[Model]),
    timer: &Timer,
    now: Instant,
) -> Result<(), Error> {
    if timer.kind != "look" {
        return playbook::on_time(change, (playbook, models), timer, now);
    }
    for model in models.iter().filter(|model| playbook.looks_at(&timer.name, model)) {
        if let Some(held) = change.holding(model.key(), &timer.subject)? {
            compute_again(change, (model, &timer.subject), &held, (Some(playbook), now))?;
        }
    }
    Ok(())
}
