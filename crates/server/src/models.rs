//! Models in service: versions that are published, scored in the background, and switched to at once.
//!
//! What a model holds of leads is kept under the name of the switch by which it came to serve ([`key`]). While the scores
//! of a new version are being made, there are two of a model: the one that serves and the one that is coming
//! ([`Incoming`]). Events go to both; whoever asks sees the one that serves.

pub(crate) mod ask;
mod incoming;
mod load;
mod rescore;
mod shelf;
mod simulate;

use kelvin_store::Switch;

pub(crate) use ask::{Asked, Asking, Declined};
pub(crate) use incoming::{Incoming, Progress};
pub(crate) use load::{loaded, sound};
pub(crate) use rescore::{News, Rescoring, Slice};
pub(crate) use shelf::Shelf;
pub(crate) use simulate::{Moved, Outcome, SIMULATION_READERS, Simulation, Simulations};

/// The version of Kelvin: what another one made is made again.
pub(crate) const MAKER: &str = env!("CARGO_PKG_VERSION");

/// Under which name the store has what a model holds of leads that serves by a switch.
pub(crate) fn key(switch: &Switch) -> String {
    format!("{}@{}", switch.model, switch.number)
}
