//! A partition: all rows of some leads, as bytes, and what the rules make of them.
//!
//! A partition knows nothing of the others, so any process that has the models can score one.

pub(crate) mod event_rows;
mod familiar;
pub(crate) mod gather;
mod lead_ids;
pub(crate) mod lead_rows;
mod numbered_rows;
pub(crate) mod payload;
pub(crate) mod plain_rows;
pub(crate) mod score;
pub(crate) mod shuffle;
