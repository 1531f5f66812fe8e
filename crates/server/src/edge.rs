//! Where the service meets the world: browsers of any site, operators, clients that are slow or strange.

mod cors;

pub use cors::{Origins, UnknownOrigin};

pub(crate) use cors::open_to;

/// How the service meets the world.
#[derive(Debug, Default)]
pub struct Edge {
    /// Which web pages may send events.
    pub origins: Origins,
}
