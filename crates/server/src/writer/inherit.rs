//! Leads that go on as others: what was remembered of the ones holds for the others, too.

use kelvin_kernel::Instant;
use kelvin_store::Change;

use super::{apply::forget_before, publish::follow_one};
use crate::{
    Error, Model, Playbook,
    people::Heir,
    playbook::{Cause, Why, carry_over},
};

/// Hands on what is remembered of leads that were, before anything new is made of those that are now.
pub(super) fn hand_on(
    change: &mut dyn Change,
    models: &[Model],
    heirs: &[Heir],
    (playbook, now): (Option<&Playbook>, Instant),
) -> Result<(), Error> {
    for heir in heirs {
        // By which version a lead stood where would be forgotten: what follows from a switch comes first.
        follow(change, models, &heir.of, (playbook, now))?;
        follow(change, models, &heir.lead, (playbook, now))?;
        carry_over(change, models, heir, playbook)?;
    }
    // Others may have been parts of a lead that went: only now nobody asks for it any more.
    heirs.iter().filter(|heir| heir.is_whole).try_for_each(|heir| Ok(change.forget_notes(&heir.of)?))
}

/// Does what follows from switches for a lead that was not looked at since.
fn follow(
    change: &mut dyn Change,
    models: &[Model],
    lead: &str,
    (playbook, now): (Option<&Playbook>, Instant),
) -> Result<(), Error> {
    let why = Why { playbook, cause: Cause::Model };
    for model in models {
        let Some(before) = model.before() else { continue };
        if change.holding(before, lead)?.is_some() {
            follow_one(change, model, (before, lead), &why, now)?;
            forget_before(change, model, lead)?;
        }
    }
    Ok(())
}
