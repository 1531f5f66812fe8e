//! Removing people: what is left tells nothing of them.

use crate::{Audited, Person, Rejected, Removed, Result};

/// Looks for people where they are not kept by their id.
pub trait ErasureView {
    /// Events that could not be used and hold one of some texts.
    fn rejected_with(&self, traces: &[String]) -> Result<Vec<Rejected>>;

    /// Changes that somebody made to somebody or something by one of some names.
    fn audit_of(&self, subjects: &[String]) -> Result<Vec<Audited>>;
}

/// Removes people.
pub trait ErasureChange: ErasureView {
    /// Removes all that is kept of a person, wherever it is. Of each event there stays that something came at its place, and
    /// the hash of its id, so that it is known should it be sent again; of what others did to the person, that they did something
    /// to whom `proof` stands for.
    fn erase(&mut self, person: &Person<'_>, proof: &str) -> Result<Removed>;
}
