//! A store that was written before ids were kept learns them from its log.

use super::Desk;
use crate::{
    Error,
    people::{self, Stirred},
    segment::Call,
};

/// Events that are read at once.
const EVENTS: usize = 1000;

impl Desk {
    /// Notes what all calls of the log say of people, if nothing was noted of any; all scores are to be made again then.
    pub(super) fn learn_ids(&mut self) -> Result<(), Error> {
        self.store.change(|change| {
            let Some(first) = change.events(0, 1)?.pop() else { return Ok(()) };
            if people::known(change, &first.profile)?.is_some() {
                return Ok(());
            }
            let (mut stirred, mut after) = (Stirred::new(), 0);
            loop {
                let events = change.events(after, EVENTS)?;
                let Some(last) = events.last() else { break };
                after = last.seq;
                for event in &events {
                    let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
                    people::note(change, &call, &call.event_id(event.seq), &mut stirred)?;
                }
            }
            people::settle(change, stirred)?;
            Ok(change.models()?.iter().try_for_each(|(model, _)| change.forget(model))?)
        })
    }
}
