//! What the playbook has to be done at a time.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Timer};

use super::{Desk, refresh::compute_again};
use crate::{Error, Model, Playbook, playbook};

/// Timers in one transaction: events wait no longer than that.
const TIMERS: usize = 256;

/// How hand-offs and alerts that rest are put in force.
type Put = fn(&mut Playbook, &mut dyn Change, &[Model], Instant) -> Result<Vec<String>, Error>;

impl Desk {
    /// Does some of what is due; whether there may be more.
    pub(super) fn on_time(&mut self) -> bool {
        let Some(playbook) = &self.playbook else { return false };
        let (now, models) = ((self.clock)(), &self.models);
        let done = self.store.change_in_passing(|change| -> Result<usize, Error> {
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
        self.put_in_force(Playbook::put_back_in_force)?;
        self.deal_out()?;
        self.put_in_force(Playbook::put_in_force)
    }

    /// Puts some in force, and tells the operator.
    fn put_in_force(&mut self, put: Put) -> Result<(), Error> {
        let (now, models) = ((self.clock)(), self.serving());
        let Some(playbook) = self.playbook.as_mut() else { return Ok(()) };
        let told = self.store.change(|change| put(playbook, change, &models, now))?;
        told.iter().for_each(|line| (self.say)(line));
        Ok(())
    }

    /// Deals leads out by the experiments of the playbook and the models that serve now.
    pub(super) fn deal_out(&mut self) -> Result<(), Error> {
        let (now, models) = ((self.clock)(), self.serving());
        let Some(playbook) = self.playbook.as_mut() else { return Ok(()) };
        let trials = self.store.change(|change| playbook.deal_out(change, &models, now))?;
        playbook.carry_out_experiments(trials);
        Ok(())
    }

    /// Tells the operator of challengers that are not in service.
    pub(super) fn tell_of_idle_challengers(&mut self) -> Result<(), Error> {
        let Some(playbook) = self.playbook.as_ref() else { return Ok(()) };
        let pending = self.store.change(|change| change.pending_switches())?;
        let is_coming = |id: &str| pending.iter().any(|switch| switch.model == id);
        playbook.idle_challengers(is_coming).iter().for_each(|line| (self.say)(line));
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
    let looks_at = |model: &&Model| playbook.looks_at(&timer.name, (model, &timer.subject));
    for model in models.iter().filter(looks_at) {
        if let Some(held) = change.holding(model.key(), &timer.subject)? {
            compute_again(change, (model, &timer.subject), &held, (Some(playbook), now))?;
        }
    }
    Ok(())
}
