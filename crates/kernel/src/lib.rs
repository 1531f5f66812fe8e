//! The meaning of a model: events become awards, awards become a score at an instant.
//!
//! Pure: no I/O, no clock, no async, no text formats, no dependence on hash order.

pub mod expr;
pub mod history;
pub mod instant;
pub mod plan;
pub mod points;
pub mod score;
pub mod value;

pub use instant::{Duration, DurationError, Instant, InstantError};
pub use points::Micropoints;
pub use value::Value;
