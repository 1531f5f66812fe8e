//! What the service needs of a store, whichever it is: one file for each thing that is kept.

mod log;
mod measures;
mod people;
mod scores;
mod voids;

pub use log::{LogChange, LogView};
pub use measures::MeasuresView;
pub use people::{PeopleChange, PeopleView};
pub use scores::{ScoresChange, ScoresView};
pub use voids::{VoidsChange, VoidsView};

/// Looks at one state of the store.
pub trait View: LogView + PeopleView + ScoresView + VoidsView + MeasuresView {}

/// Changes the store, within one transaction.
pub trait Change: View + LogChange + PeopleChange + ScoresChange + VoidsChange {}
