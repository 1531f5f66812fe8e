//! Where the service meets the world: browsers of any site, operators, clients that are slow or strange.

mod connections;
mod cors;
mod metrics;
mod patient;
mod request_id;
mod settings;
mod tracker;
mod watch;

use std::{sync::Arc, time::Duration};

pub use connections::Limits;
pub use cors::{Origins, UnknownOrigin};
pub use metrics::Memory;

pub(crate) use connections::serve;
pub(crate) use cors::open_to;
pub(crate) use metrics::{Metrics, Reading, Waiting};
pub(crate) use request_id::RequestId;
pub(crate) use settings::settings;
pub(crate) use tracker::script;
pub(crate) use watch::watch;

/// The time since some beginning; it only ever goes forward.
pub type Stopwatch = Arc<dyn Fn() -> Duration + Send + Sync>;

/// How the service meets the world.
pub struct Edge {
    /// Which web pages may send events.
    pub origins: Origins,
    /// Measures how long things take.
    pub stopwatch: Stopwatch,
    /// How much memory the process takes.
    pub memory: Memory,
    /// What clients may take.
    pub limits: Limits,
}
