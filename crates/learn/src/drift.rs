//! Whether what is known of leads has changed between two periods: stability indexes, tests, and calibration.
//!
//! An index says how large a change is, a test whether it could be chance. An alarm needs both: with many leads a test finds
//! changes that matter to nobody, with few an index is large by chance.

mod calibration;
mod columns;
mod events;
mod evidence;
mod psi;

pub use calibration::{Calibration, calibration};
pub use columns::{DriftError, Level, Limits, Shift, shifts};
pub use events::{DAYS, EventMix, EventShift, Moved, event_mix};
pub use evidence::{chi_squared, kolmogorov_smirnov};
pub use psi::{category_psi, edges, number_psi};
