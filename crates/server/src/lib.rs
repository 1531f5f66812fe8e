//! The live service: events in over HTTP, scores out, nothing lost.
//!
//! A request's events go to the one writer, which appends them to the log together with everything that follows from
//! them; the request is answered when that is durable. What a score is, the kernel alone knows.

mod access;
mod accounts;
mod api;
mod at_rest;
mod edge;
mod erasure;
mod error;
mod experiments;
mod extract;
mod import;
mod machine;
mod model;
mod models;
mod openapi;
mod outbox;
mod outcomes;
mod people;
mod playbook;
#[doc(hidden)]
pub mod probe;
mod retention;
mod segment;
mod serve;
mod signal;
mod standby;
mod voids;
mod writer;

use std::sync::Arc;

use kelvin_kernel::Instant;
use kelvin_store::Location;

pub use at_rest::AtRest;
pub use edge::{Edge, Limits, Memory, Origins, Stopwatch, UnknownOrigin};
pub use erasure::Erased;
pub use error::Error;
pub use experiments::{DealtArm, Goal, Standing, standings};
pub use extract::{Contents, Extract, contents};
pub use import::{Heard, Import, Imported};
pub use kelvin_store::{Role, Scope};
pub use model::Model;
pub use openapi::openapi;
pub use outbox::{Backoff, Outbox, TargetError, sinks, wants_mail};
pub use outcomes::Definitions;
pub use playbook::{Playbook, Settings};
pub use retention::Retention;
pub use serve::Server;
pub use signal::asked_to_stop;

/// The present, as the caller has it.
pub type Clock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// What is served, and how.
pub struct Config {
    /// Where the store is: a file, or a database.
    pub store: Location,
    /// Where to listen: `127.0.0.1:8080`; port 0 is any that is free.
    pub listen: String,
    /// A key that clients may show to send events, beside those that the store knows.
    pub write_key: Option<String>,
    /// Models that are published at the start, where they are not in service already.
    pub models: Vec<Model>,
    /// Where messages go.
    pub outbox: Outbox,
    /// What happens when scores change.
    pub playbook: Option<Playbook>,
    /// How long things are kept.
    pub retention: Retention,
    /// The present.
    pub clock: Clock,
    /// How it meets the world.
    pub edge: Edge,
    /// Tells the operator what is worth telling.
    pub say: Arc<dyn Fn(&str) + Send + Sync>,
}
