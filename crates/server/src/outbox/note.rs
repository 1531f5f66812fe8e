//! What became of a message, to be written down by the one who writes.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Result};

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    /// Its target has it.
    Delivered { id: String, at: Instant },
    /// There will be another attempt.
    PutOff { id: String, until: Instant, error: String },
    /// There will be none.
    Buried { id: String, at: Instant, error: String },
}

impl Note {
    /// Which message.
    pub(crate) fn id(&self) -> &str {
        let (Self::Delivered { id, .. } | Self::PutOff { id, .. } | Self::Buried { id, .. }) = self;
        id
    }

    /// Writes it down.
    pub(crate) fn write(&self, change: &mut dyn Change) -> Result<()> {
        match self {
            Self::Delivered { id, at } => change.delivered(id, *at),
            Self::PutOff { id, until, error } => change.put_off(id, *until, error),
            Self::Buried { id, at, error } => change.bury(id, *at, error),
        }
    }
}
