//! Events that do not count: their points vanish from now and from history, and they stay in the log.

mod caused;

use kelvin_kernel::Instant;
use kelvin_store::{Change, Event, NewVoid};

use crate::{Error, machine::Rule, people::Moved, segment::Call, writer::each_attribute};

pub(crate) use caused::{Caused, caused};

/// The cause of voids that people make.
pub(crate) const BY_HAND: &str = "by-hand";

/// The void of a rule.
pub(crate) fn by_rule(change: &mut dyn Change, rule: Rule, now: Instant) -> Result<u64, Error> {
    if let Some(number) = change.void_by(rule.name())? {
        return Ok(number);
    }
    Ok(change.put_void(&NewVoid { at: now, cause: rule.name(), reason: rule.reason(), asked: "{}" })?)
}

/// Voids an event that has just been appended, and of which nothing else was noted.
pub(crate) fn void_new(change: &mut dyn Change, rule: Rule, seq: u64, now: Instant) -> Result<(), Error> {
    let number = by_rule(change, rule, now)?;
    change.void_event(number, seq)?;
    Ok(())
}

/// Lets events not count any more; how many of them this void holds since now.
pub(crate) fn set(
    change: &mut dyn Change,
    number: u64,
    seqs: &[u64],
    leads: &mut Moved,
) -> Result<usize, Error> {
    let mut count = 0;
    for seq in seqs {
        let Some(event) = change.event(*seq)? else { continue };
        if !change.void_event(number, *seq)? {
            continue;
        }
        count += 1;
        if !event.is_void {
            let call = call(&event)?;
            each_attribute(&call, &call.event_id(*seq), &mut |write| Ok(change.unwrite(write)?))?;
            leads.insert(event.lead);
        }
    }
    Ok(count)
}

/// Lets events of a void count again, unless another holds them; how many the void has let go.
pub(crate) fn lift(
    change: &mut dyn Change,
    number: u64,
    seqs: &[u64],
    leads: &mut Moved,
) -> Result<usize, Error> {
    let mut count = 0;
    for seq in seqs {
        if !change.lift(number, *seq)? {
            continue;
        }
        count += 1;
        let Some(event) = change.event(*seq)?.filter(|event| !event.is_void) else { continue };
        let call = call(&event)?;
        each_attribute(&call, &call.event_id(*seq), &mut |write| Ok(change.write(write)?))?;
        leads.insert(event.lead);
    }
    Ok(count)
}

fn call(event: &Event) -> Result<Call, Error> {
    Call::from_log(event).ok_or(Error::Damaged(event.seq))
}
