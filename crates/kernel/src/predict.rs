//! Trained models: from what is known of a lead at an instant to the probability of its outcome, and to points.
//!
//! A [`Predictor`] is plain data: trees, a line, a calibration over a row of numbers. A [`Prediction`] is a predictor in a
//! plan: it says what each number is, of attributes and of what [`Observation`]s have noted of events.

mod bounds;
pub mod calibration;
pub mod cell;
mod explain;
mod feature;
mod forecast;
mod input;
mod linear;
mod observation;
pub mod odds;
mod predictor;
mod reading;
mod tree;

pub use calibration::Calibration;
pub use feature::{Feature, FieldFunction};
pub use forecast::{Forecast, Part};
pub(crate) use input::told_time;
pub use input::{Ask, Prediction};
pub use linear::{Linear, Shape, Term};
pub(crate) use observation::Noted;
pub use observation::{Observation, Observed};
pub use predictor::{Explanation, Input, Predictor};
pub(crate) use reading::Reading;
pub use tree::{Node, Split, Test, Tree};
