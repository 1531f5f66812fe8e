//! What people say of leads: these two are one, this id is somebody else's.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Id, Link, LinkKind};

use super::{
    Stirred,
    circle::{Circle, Full},
    leads,
};
use crate::Error;

/// Makes one lead of those that two ids belong to.
pub(crate) fn merge(
    change: &mut dyn Change,
    (one, other): (&Id, &Id),
    (note, now): (&str, Instant),
    stirred: &mut Stirred,
) -> Result<(), Error> {
    for mine in ids_beside(change, one)? {
        for theirs in ids_beside(change, other)? {
            change.let_together(&mine, &theirs)?;
        }
    }
    let (from, to) = (one.clone(), other.clone());
    change.link(&Link { kind: LinkKind::ByHand, from, to, time: now, source: note.to_owned() })?;
    stirred.extend([one.clone(), other.clone()].map(|id| (id, 0)));
    Ok(())
}

/// Takes an id out of its lead. What was merged by hand leaves with all that came with it; what calls had linked
/// leaves alone. It stays apart from the others until it is merged with one of them by hand.
pub(crate) fn split(change: &mut dyn Change, id: &Id, stirred: &mut Stirred) -> Result<(), Error> {
    let lead = ids_beside(change, id)?;
    change.unlink(id)?;
    let left = still_with(change, id, &lead)?;
    let leaves = if left.len() == lead.len() { vec![id.clone()] } else { left };
    for stays in lead.iter().filter(|stays| !leaves.contains(stays)) {
        change.keep_apart(id, stays)?;
    }
    // Without the link that was made by hand, the two parts may not reach each other any more.
    stirred.extend(lead.into_iter().map(|id| (id, 0)));
    Ok(())
}

/// All ids of the lead that an id belongs to.
fn ids_beside(change: &dyn Change, id: &Id) -> Result<Vec<Id>, Error> {
    let Some(known) = change.known_id(id)? else { return Ok(vec![id.clone()]) };
    Ok(change.ids_of(&known.lead)?.into_iter().map(|known| known.id).collect())
}

/// Those of some ids that links still hold together with one.
fn still_with(change: &dyn Change, id: &Id, lead: &[Id]) -> Result<Vec<Id>, Error> {
    let circle = Circle::around(change, id, &mut Full::new())?;
    let groups = leads::divide(&circle).into_iter().map(|lead| lead.members);
    let own = groups.into_iter().find(|members| members.iter().any(|place| circle.ids[*place].0 == *id));
    let ids = own.into_iter().flatten().map(|place| circle.ids[place].0.clone());
    Ok(ids.filter(|id| lead.contains(id)).collect())
}
