//! What can go wrong with the service itself; what is wrong with a request is answered to its client.

use std::io;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] kelvin_store::Error),
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`: {cause}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        cause: io::Error,
    },
    /// Threads or sockets failed.
    #[error("cannot serve: {0}")]
    Serve(io::Error),
    /// A version of a model that is kept cannot be used any more.
    #[error("version {number} of `{model}` cannot be used: {why}")]
    Version {
        /// The model.
        model: String,
        /// The version.
        number: u64,
        /// Why.
        why: String,
    },
    /// What operators watch cannot be counted.
    #[error("cannot count: {0}")]
    Metrics(prometheus::Error),
    /// The log holds what cannot be read.
    #[error("event {0} of the log is damaged")]
    Damaged(u64),
    /// What should be an e-mail address is none.
    #[error("`{0}` is no e-mail address")]
    Address(String),
    /// The operating system gives no random bytes.
    #[error("no random bytes: {0}")]
    Random(String),
    /// The thread that writes has ended before its time.
    #[error("the writer has stopped")]
    Stopped,
}

impl Error {
    /// Whether the store is out of reach for now, whatever is asked of it.
    pub(crate) fn is_outage(&self) -> bool {
        matches!(self, Self::Store(cause) if cause.is_outage())
    }
}
