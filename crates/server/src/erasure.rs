//! Removing a person, with a proof that tells nothing of them; and telling all that is known of one.

mod export;

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use kelvin_kernel::Instant;
use kelvin_store::{Change, Event, Id, Person, Removed, View};
use serde_json::json;
use sha2::Sha256;

pub(crate) use export::export;

use crate::{
    Error,
    access::{Act, Caller, note, random},
    people::{self, Stirred},
    segment::Call,
    writer::each_attribute,
};

/// What became of a person.
#[derive(Debug)]
pub struct Erased {
    /// How much was removed.
    pub removed: Removed,
    /// What stands in the audit log for the person.
    pub proof: String,
    /// The key by which somebody who knows the id can show that the proof is theirs. It is kept nowhere.
    pub receipt: String,
    /// Whether the bytes are gone from the file, too.
    pub is_scrubbed: bool,
}

/// All by which somebody is found.
struct Known {
    lead: String,
    ids: Vec<Id>,
    events: Vec<Event>,
    traces: Vec<String>,
}

/// Removes the person of an id, if there is one; ids that were linked to theirs are stirred.
pub(crate) fn erase(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    id: &str,
    stirred: &mut Stirred,
) -> Result<Option<Erased>, Error> {
    let Some(known) = known(change, id)? else { return Ok(None) };
    let (proof, receipt) = proof(id)?;
    let removed = remove(change, &known, &proof, stirred)?;
    let in_short = format!("{} events, {} other rows", removed.events, removed.rows);
    note(change, caller, now, Act::new("lead.erase", &proof).after(&in_short))?;
    Ok(Some(Erased { removed, proof, receipt, is_scrubbed: false }))
}

/// Forgets a lead of which nothing is to be kept any longer: no proof is asked for. What only mentions it, elsewhere, stays for as
/// long as that is kept.
pub(crate) fn forget(change: &mut dyn Change, lead: &str, stirred: &mut Stirred) -> Result<(), Error> {
    let Some(known) = known(change, lead)? else { return Ok(()) };
    remove(change, &Known { traces: Vec::new(), ..known }, "expired", stirred)?;
    Ok(())
}

/// Removes somebody; ids that were linked to theirs are stirred.
fn remove(
    change: &mut dyn Change,
    known: &Known,
    proof: &str,
    stirred: &mut Stirred,
) -> Result<Removed, Error> {
    for event in &known.events {
        let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
        each_attribute(&call, &call.event_id(event.seq), &mut |write| Ok(change.unwrite(write)?))?;
    }
    stirred.extend(neighbours(change, &known.ids)?.into_iter().map(|id| (id, 0)));
    let events: Vec<u64> = known.events.iter().map(|event| event.seq).collect();
    let person = Person { ids: &known.ids, events: &events, traces: &known.traces };
    Ok(change.erase(&person, proof)?)
}

fn known(view: &dyn View, id: &str) -> Result<Option<Known>, Error> {
    let Some(lead) = people::known(view, id)?.map(|known| known.lead) else { return by_outcomes(view, id) };
    let ids: Vec<Id> = view.ids_of(&lead)?.into_iter().map(|known| known.id).collect();
    let events = view.events_of(&lead)?;
    let traces = ids.iter().flat_map(traces).collect();
    Ok(Some(Known { lead, ids, events, traces }))
}

/// Somebody of whom nothing is known but what others told became of them.
fn by_outcomes(view: &dyn View, id: &str) -> Result<Option<Known>, Error> {
    let lead = people::name_of(view, id)?;
    if view.outcomes_naming(&lead)?.is_empty() {
        return Ok(None);
    }
    let ids = vec![Id::profile(lead.as_str())];
    let traces = ids.iter().flat_map(traces).collect();
    Ok(Some(Known { lead, ids, events: Vec::new(), traces }))
}

/// Keys by which calls and messages name a lead.
const NAMED_BY: [&str; 6] = ["userId", "anonymousId", "previousId", "lead_id", "lead", "profile"];

/// What tells that a text is about somebody: an address wherever it stands by itself, any other id where a key says that it is a
/// lead's. A bare `17` may be anything, and `"ada"` an owner.
fn traces(id: &Id) -> Vec<String> {
    if id.text.contains('@') {
        return vec![id.text.clone()];
    }
    let value = json!(id.text);
    NAMED_BY.iter().flat_map(|key| [format!("\"{key}\":{value}"), format!("\"{key}\": {value}")]).collect()
}

/// Ids of others that were linked to some ids.
fn neighbours(view: &dyn View, ids: &[Id]) -> Result<Vec<Id>, Error> {
    let mut ends = Vec::new();
    for id in ids {
        let links = view.links_from(id, usize::MAX)?.into_iter().chain(view.links_to(id, usize::MAX)?);
        ends.extend(links.flat_map(|link| [link.from, link.to]));
    }
    ends.retain(|end| !ids.contains(end));
    Ok(ends)
}

/// A keyed hash of an id, and the key, both as hexadecimal digits. Addresses can be guessed, so that a hash without a key, or with
/// one that is kept beside it, would tell whose it is.
fn proof(id: &str) -> Result<(String, String), Error> {
    let key = random()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|cause| Error::Random(cause.to_string()))?;
    mac.update(id.as_bytes());
    Ok((format!("erased {}", hex(&mac.finalize().into_bytes())), hex(&key)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _infallible = write!(digits, "{byte:02x}");
        digits
    })
}
