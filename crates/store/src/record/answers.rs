//! What was answered to changes that clients call by a key.

use crate::Digest;

/// A change that was asked for under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAnswer {
    /// All that was asked for, as a hash.
    pub asked: Digest,
    /// Whether the change was made; else it is being made, or was when the service ended.
    pub is_settled: bool,
    /// What was answered, where that is kept.
    pub given: Option<GivenAnswer>,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAnswer {
    /// Its status.
    pub status: u16,
    /// The type of its body; empty where there is none.
    pub kind: String,
    /// Its body.
    pub body: String,
}
