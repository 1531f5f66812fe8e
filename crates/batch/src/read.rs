//! Readers: leads and events from CSV, JSON Lines and Parquet, as chunks of columns.
//!
//! [`Reader::open`] looks at all inputs and their columns; then any number of threads take a [`Worker`] each and call
//! [`Worker::next`] until it yields nothing more. Each call decodes one chunk on the thread that calls:
//!
//! ```no_run
//! # use kelvin_batch::{Error, read::{EventChunk, Events, Input, ReadOptions, Rejects, Wanted}};
//! # fn run(wanted: &Wanted, rejects: &Rejects<'_>) -> Result<(), Error> {
//! let events = Events::open(vec![Input::named("events.csv")], wanted, &ReadOptions::default())?;
//! std::thread::scope(|scope| -> Result<(), Error> {
//!     let work = || -> Result<(), Error> {
//!         let mut worker = events.worker();
//!         while let Some(chunk) = worker.next(rejects)? {
//!             println!("{} events from position {}", chunk.len(), chunk.first);
//!         }
//!         Ok(())
//!     };
//!     let other = scope.spawn(work);
//!     work()?;
//!     other.join().unwrap_or(Ok(()))
//! })
//! # }
//! ```
//!
//! Only what the plans want is decoded ([`Wanted`]): the top-level keys that conditions read have a slot each, and a
//! chunk has a [`Column`] per slot. Chunks come in any order when several threads read; positions tell how their rows
//! stand in the inputs. Rows that cannot be used are told to [`Rejects`] in the order of the input, and the rest is
//! kept. Memory is bounded by the threads' chunks ([`ReadOptions::chunk_bytes`], [`ReadOptions::chunk_rows`]).

mod bytes;
mod cells;
mod chunk;
mod columns;
mod csv;
mod encoding;
mod findings;
mod input;
mod json;
mod mapping;
mod marks;
mod parquet;
mod reader;
mod rejects;
mod rows;
mod schema;
mod seen;
pub(crate) mod suggest;
mod text;
mod timeless;
mod want;
mod wanted;
mod zone;

pub use chunk::{AccountWrite, EventChunk, LeadChunk, RowWrite};
pub use columns::{Column, Dictionary, Texts};
pub use findings::Warning;
pub use input::Input;
pub use mapping::{Entry, Kind, Mapping, MappingError};
pub use reader::{Chunk, Events, Leads, ReadOptions, Reader, Worker};
pub use rejects::{Reject, Rejects};
pub(crate) use schema::no_column;
pub use wanted::{Places, Wanted};
pub use zone::{TimeZone, UnknownZone};
