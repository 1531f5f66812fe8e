//! How well scores tell those who bought from those who did not.
//!
//! [`Scored`] holds scores beside outcomes, sorted once; every measure is a function of it. Ties are treated fairly
//! everywhere: equal scores count as drawn in every order at once, so that no measure depends on the order of rows.

mod bootstrap;
mod deck;
mod design;
mod gains;
mod kind;
mod placements;
mod probability;
mod ranking;
mod scored;
mod ties;

pub use bootstrap::{Estimate, Resampling, differences, estimates};
pub(crate) use bootstrap::{drawn, mean_interval, quantile};
pub(crate) use design::design_effect;
pub use gains::Tenth;
pub use kind::Measure;
pub(crate) use probability::log_loss;
pub use probability::{Band, Confusion};
pub use scored::{MeasureError, Scored};
pub use ties::Ties;
