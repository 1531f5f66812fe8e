//! What is kept for a while.

/// What is kept for a while, beside events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// What messages said that were delivered. Their ids are known for ever, and those that were given up may be replayed.
    Messages,
    /// Who changed what.
    Audit,
    /// What came and could not be used.
    Rejected,
}

impl Stock {
    /// The table that holds it, in every store.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Messages => "outbox",
            Self::Audit => "audit",
            Self::Rejected => "rejected",
        }
    }
}
