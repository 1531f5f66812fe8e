//! What somebody changed, as plain data.

use kelvin_kernel::Instant;

/// A change that somebody made.
#[derive(Debug, Clone, Copy)]
pub struct Deed<'a> {
    /// When.
    pub at: Instant,
    /// Who.
    pub who: &'a str,
    /// What, as a stable name: `key.make`.
    pub what: &'a str,
    /// On what or whom: a lead's id, so that erasing the lead finds it, or `key 3`.
    pub subject: &'a str,
    /// What there was before, in short.
    pub before: Option<&'a str>,
    /// What there is now, in short.
    pub after: Option<&'a str>,
}

/// A change that somebody made, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Its place: 1 is the first.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who.
    pub who: String,
    /// What, as a stable name.
    pub what: String,
    /// On what or whom.
    pub subject: String,
    /// What there was before, in short.
    pub before: Option<String>,
    /// What there was after it, in short.
    pub after: Option<String>,
}
