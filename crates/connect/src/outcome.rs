//! What came of an attempt to deliver a message.

use std::time::Duration;

/// What came of an attempt. Reasons are for people, and hold no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has it.
    Delivered,
    /// It may go better later.
    TryAgain {
        /// How long the receiver wants to be left alone, if it said so.
        after: Option<Duration>,
        /// What went wrong.
        reason: String,
    },
    /// It will not go better unless somebody changes something.
    Never {
        /// What is wrong.
        reason: String,
    },
}

impl Outcome {
    /// Another attempt, whenever.
    pub(crate) fn again(reason: impl Into<String>) -> Self {
        Self::TryAgain { after: None, reason: reason.into() }
    }

    /// No other attempt.
    pub(crate) fn never(reason: impl Into<String>) -> Self {
        Self::Never { reason: reason.into() }
    }
}
