//! The meaning of a model: events become awards, awards become a score at an instant.
//!
//! Pure: no I/O, no clock, no async, no text formats, no dependence on hash order.

pub mod account;
pub mod arrival;
mod decay;
pub mod expr;
pub mod fields;
pub mod history;
pub mod instant;
pub mod ledger;
pub mod plan;
pub mod points;
pub mod predict;
pub mod program;
pub mod reference;
pub mod replay;
pub mod score;
pub mod sighting;
pub mod state;
pub mod trace;
mod until;
pub mod value;
pub mod what_if;
pub mod worth;

pub use instant::{Duration, DurationError, Instant, InstantError};
pub use points::Micropoints;
pub use value::Value;
