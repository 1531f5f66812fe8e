//! Whose events: calls name ids, ids are linked, and a lead is all ids that are linked.
//!
//! Which ids are one lead follows from the set of links alone, so that no order of arrival matters. A link that is
//! new makes the leads around it be worked out again: all ids that any links reach ([`circle`]), divided into leads
//! ([`leads`]).

mod by_hand;
mod circle;
mod leads;
mod named;

use std::collections::{BTreeMap, BTreeSet};

use kelvin_kernel::history::EventId;
use kelvin_store::{Change, Id, IdKind, KnownId, Link, View};

pub(crate) use by_hand::{merge, split};

use self::circle::{Circle, Full};
use crate::{Error, segment::Call};

/// Leads that are not what they were: they have other ids now, or none.
pub(crate) type Moved = BTreeSet<String>;

/// What comes of ids that were stirred.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub(crate) moved: Moved,
    /// Who goes on with what is remembered of leads that were, in the order in which that is handed on.
    pub(crate) heirs: Vec<Heir>,
}

/// A lead that goes on with what is remembered of another.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heir {
    /// The lead that was.
    pub(crate) of: String,
    pub(crate) lead: String,
    /// Whether the lead that was goes on as this one; otherwise this one is a part of it, which stands by itself now.
    pub(crate) is_whole: bool,
}

/// Ids of which something new is known, with how many links are new: the leads around them are to be worked out again.
pub(crate) type Stirred = BTreeMap<Id, usize>;

/// Notes what a call says of people; the lead that it belongs to, unless that comes to be among those that move.
pub(crate) fn note(
    change: &mut dyn Change,
    call: &Call,
    id: &EventId,
    stirred: &mut Stirred,
) -> Result<String, Error> {
    let profile = Id::profile(call.profile.as_str());
    let known = change.known_id(&profile)?;
    let lead = known.as_ref().map_or_else(|| call.profile.clone(), |known| known.lead.clone());
    let is_user = call.is_user;
    if known.as_ref().is_none_or(|known| is_user && !known.is_user) {
        // Until something links it, an id is a lead of its own.
        change.put_id(&KnownId { id: profile.clone(), lead: lead.clone(), is_user })?;
        stirred.extend(known.map(|_| (profile, 0)));
    }
    for link in named::links(call, id) {
        if change.link(&link)? {
            *stirred.entry(link.from).or_default() += 1;
            *stirred.entry(link.to).or_default() += 1;
        }
    }
    Ok(lead)
}

/// The links that a call may make, whichever place it gets in the log.
pub(crate) fn links(call: &Call) -> Vec<Link> {
    named::links(call, &call.event_id(0))
}

/// Works out again the leads around what was stirred.
pub(crate) fn settle(change: &mut dyn Change, mut stirred: Stirred) -> Result<Settled, Error> {
    for (id, fresh) in stirred.clone() {
        // An id that has come to be shared by too many lets go of all that it held together.
        stirred.extend(circle::let_go(change, &id, fresh)?.into_iter().map(|id| (id, 0)));
    }
    let (mut settled, mut full) = (Settled::default(), Full::new());
    while let Some((around, _)) = stirred.pop_first() {
        let circle = Circle::around(change, &around, &mut full)?;
        regroup(change, &circle, &mut settled)?;
        for (id, _) in &circle.ids {
            stirred.remove(id);
        }
    }
    Ok(settled)
}

/// The lead that an id belongs to: a profile, else an e-mail address, else an id of another system.
pub(crate) fn known(view: &dyn View, text: &str) -> Result<Option<KnownId>, Error> {
    for id in named::readings(text) {
        if let Some(known) = view.known_id(&id)? {
            return Ok(Some(known));
        }
    }
    Ok(None)
}

/// What a text is kept as that names a lead: an id that is known as it is known; else an address as ids have it, or the text.
pub(crate) fn name_of(view: &dyn View, text: &str) -> Result<String, Error> {
    if let Some(known) = known(view, text)? {
        return Ok(known.id.text);
    }
    let address = named::readings(text).find(|id| id.kind == IdKind::Email);
    Ok(address.map_or_else(|| text.trim().to_owned(), |address| address.text))
}

/// The links within a lead that hold an id in it.
pub(crate) fn reasons(view: &dyn View, id: &Id, lead: &[KnownId]) -> Result<Vec<Link>, Error> {
    let mut links = view.links_from(id, circle::MOST_SHARED)?;
    links.extend(view.links_to(id, circle::MOST_SHARED)?);
    let is_within = |id: &Id| lead.iter().any(|known| known.id == *id);
    links.retain(|link| is_within(&link.from) && is_within(&link.to));
    links.sort_by(|one, other| (one.time, &one.source).cmp(&(other.time, &other.source)));
    Ok(links)
}

/// Works out again which leads the ids of a circle are.
fn regroup(change: &mut dyn Change, circle: &Circle, settled: &mut Settled) -> Result<(), Error> {
    for lead in leads::divide(circle) {
        for place in lead.members {
            let (id, is_user) = &circle.ids[place];
            let before = change.known_id(id)?;
            let Some(name) = &lead.name else {
                if before.is_some() {
                    change.forget_id(id)?;
                }
                continue;
            };
            if before.as_ref().is_some_and(|before| before.lead == *name) {
                continue;
            }
            // An id that is new, or no profile, brings no events along.
            if let Some(before) = before.filter(|before| before.id.kind == IdKind::Profile) {
                let heir = heir(change, (&id.text, &before.lead), name)?;
                settled.heirs.extend(heir.filter(|heir| !settled.heirs.contains(heir)));
                settled.moved.extend([before.lead, name.clone()]);
            }
            change.put_id(&KnownId { id: id.clone(), lead: name.clone(), is_user: *is_user })?;
        }
    }
    Ok(())
}

/// Whether a lead that gains an id goes on with what is remembered of the lead that loses it: it does if the other went by
/// that id, or if it was a part of the other itself. Anybody else who turns out to have a browser, say, has only its events.
fn heir(view: &dyn View, (id, of): (&str, &str), lead: &str) -> Result<Option<Heir>, Error> {
    let is_whole = id == of;
    let is_part = || -> Result<bool, Error> {
        Ok(view.known_id(&Id::profile(lead))?.is_some_and(|known| known.lead == of))
    };
    let heir = Heir { of: of.to_owned(), lead: lead.to_owned(), is_whole };
    Ok((is_whole || is_part()?).then_some(heir))
}
