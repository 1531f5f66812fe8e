//! The audit log: who changed what.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Deed};

use super::Caller;

/// What somebody did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act<'a> {
    what: &'static str,
    subject: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// Something done (`lead.merge`) to somebody or something. A lead is named by its id alone, so that erasing it finds this.
    pub(crate) fn new(what: &'static str, subject: &'a str) -> Self {
        Self { what, subject, before: None, after: None }
    }

    /// What there was before, in short.
    pub(crate) fn before(self, before: &'a str) -> Self {
        Self { before: Some(before), ..self }
    }

    /// What there is now, in short.
    pub(crate) fn after(self, after: &'a str) -> Self {
        Self { after: Some(after), ..self }
    }
}

/// Notes what somebody did, in the transaction that does it.
pub(crate) fn note(
    change: &mut dyn Change,
    caller: &Caller,
    at: Instant,
    act: Act<'_>,
) -> kelvin_store::Result<()> {
    let Act { what, subject, before, after } = act;
    change.put_deed(&Deed { at, who: &caller.name(), what, subject, before, after })?;
    Ok(())
}
