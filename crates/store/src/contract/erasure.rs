//! Removing people: what is left tells nothing of them.

use crate::{Kept, Person, Removed, Result};

/// Looks for people where they are not kept as leads.
pub trait ErasureView {
    /// What is kept of a person beside ids, events, attributes and scores.
    fn kept_of(&self, person: &Person<'_>) -> Result<Vec<Kept>>;
}

/// Removes people.
pub trait ErasureChange: ErasureView {
    /// Removes all that is kept of a person, wherever it is. Of each event there stays that something came at its place, and
    /// the hash of its id, so that it is known should it be sent again; of what others did to the person, that they did something
    /// to whom `proof` stands for.
    fn erase(&mut self, person: &Person<'_>, proof: &str) -> Result<Removed>;
}
