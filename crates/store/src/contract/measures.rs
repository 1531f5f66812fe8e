//! What operators watch of a store.

use crate::Result;

/// Measures the store.
pub trait MeasuresView {
    /// How much room the store takes, in bytes.
    fn size_bytes(&self) -> Result<u64>;
}
