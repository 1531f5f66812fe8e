//! Writers of scores: rows as bytes, to be called from any worker.
//!
//! Each writer is made once per model, holds every piece of text that does not change from lead to lead,
//! and appends whole rows to a buffer. None of them does I/O.

pub mod columns;
pub mod csv;
pub mod jsonl;
pub mod number;
pub(crate) mod parquet;
pub(crate) mod row_groups;
pub mod table;

#[cfg(test)]
pub(crate) mod sample;
