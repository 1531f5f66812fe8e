//! An experiment, as it is kept.

use kelvin_kernel::Instant;

/// An experiment that is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Experiment {
    /// Its id.
    pub id: String,
    /// Which models leads are dealt out to, as JSON.
    pub terms: String,
    /// When it began.
    pub since: Instant,
}
