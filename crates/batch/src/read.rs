//! Readers: leads and events from CSV, JSON Lines and Parquet, as chunks of columns.
//!
//! Only what the plans want is decoded ([`Wanted`]): the top-level keys that conditions read have a slot each, and a
//! chunk has a [`Column`] per slot. Rows that cannot be used are told to [`Rejects`], in the order of the input.

mod chunk;
mod columns;
mod mapping;
mod rejects;
mod wanted;

pub use chunk::{AccountWrite, EventChunk, LeadChunk, RowWrite};
pub use columns::{Column, Dictionary, Texts};
pub use mapping::{Entry, Kind, Mapping, MappingError};
pub use rejects::{Reject, Rejects};
pub use wanted::{Places, Wanted};
