//! To whom a lead goes: the first step of an assignment that finds somebody.

use kelvin_kernel::expr::Env;
use kelvin_model::playbook::plan::{Assign, Assignee, Owner, OwnerId};

/// What is known of the owners when a lead is assigned.
#[derive(Debug, Clone, Default)]
pub(super) struct Staff {
    /// Who has the lead's account.
    pub(super) account_owner: Option<OwnerId>,
    /// The hand-offs of this week, by owner.
    pub(super) loads: Vec<u32>,
    /// The hand-offs by each step so far, in the order in which the step names owners.
    pub(super) turns: Vec<Vec<u64>>,
}

/// Who gets a lead, and by which step; `None` leaves it unassigned.
pub(super) fn assigned(
    owners: &[Owner],
    steps: &[Assign],
    staff: &Staff,
    env: &Env<'_>,
) -> Option<(usize, OwnerId)> {
    let is_meant =
        |(_, step): &(usize, &Assign)| step.condition.as_ref().is_none_or(|condition| condition.holds(env));
    let takes = |id: &OwnerId| owners.get(id.0).is_some_and(|owner| takes(owner, staff.load(*id), env));
    steps.iter().enumerate().filter(is_meant).find_map(|(place, step)| {
        let owner = match &step.to {
            Assignee::AccountOwner => staff.account_owner,
            Assignee::Owner(id) => Some(*id).filter(takes),
            Assignee::RoundRobin(ids) => {
                let turns = staff.turns.get(place).map_or(&[][..], Vec::as_slice);
                round_robin(owners, ids, turns, takes)
            }
        };
        Some((place, owner?))
    })
}

/// The name under which the turns of a step are counted. A step that names others begins anew.
pub(super) fn step_name(owners: &[Owner], ids: &[OwnerId]) -> String {
    let names: Vec<&str> = ids.iter().filter_map(|id| Some(owners.get(id.0)?.id.as_str())).collect();
    names.join(",")
}

/// Whether an owner is not full, and has the lead in the territory.
fn takes(owner: &Owner, load: u32, env: &Env<'_>) -> bool {
    owner.capacity.is_none_or(|capacity| load < capacity)
        && owner.condition.as_ref().is_none_or(|territory| territory.holds(env))
}

/// Of those who take the lead, the one with the fewest turns for the weight; the first named of equals.
fn round_robin(
    owners: &[Owner],
    ids: &[OwnerId],
    turns: &[u64],
    takes: impl Fn(&OwnerId) -> bool,
) -> Option<OwnerId> {
    let share = |place: usize| {
        let weight = owners.get(ids[place].0).map_or(1, |owner| owner.weight.max(1));
        (u128::from(turns.get(place).copied().unwrap_or(0)), u128::from(weight))
    };
    // Fractions are compared by cross-multiplication: exact, whatever the weights.
    let fewer = |a: usize, b: usize| share(a).0 * share(b).1 < share(b).0 * share(a).1;
    let able = (0..ids.len()).filter(|place| takes(&ids[*place]));
    let first = able.reduce(|best, next| if fewer(next, best) { next } else { best })?;
    Some(ids[first])
}

impl Staff {
    fn load(&self, owner: OwnerId) -> u32 {
        self.loads.get(owner.0).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests;
