//! What the service needs of a store, whichever it is: one file for each thing that is kept.

mod log;
mod people;
mod scores;

pub use log::{LogChange, LogView};
pub use people::{PeopleChange, PeopleView};
pub use scores::{ScoresChange, ScoresView};

/// Looks at one state of the store.
pub trait View: LogView + PeopleView + ScoresView {}

/// Changes the store, within one transaction.
pub trait Change: View + LogChange + PeopleChange + ScoresChange {}
