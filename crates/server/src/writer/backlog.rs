//! What waits at the writer, counted: more than can be kept is not let in.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of requests that may wait.
pub(super) const MOST_BYTES: usize = 64 << 20;

/// The requests that wait.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    requests: AtomicUsize,
    bytes: AtomicUsize,
}

impl Backlog {
    /// Lets a request in, if there is room.
    pub(super) fn enter(&self, bytes: usize) -> bool {
        self.requests.fetch_add(1, Ordering::AcqRel);
        let has_room = self.bytes.fetch_add(bytes, Ordering::AcqRel) <= MOST_BYTES;
        if !has_room {
            self.leave(bytes);
        }
        has_room
    }

    /// Lets a request go.
    pub(super) fn leave(&self, bytes: usize) {
        self.requests.fetch_sub(1, Ordering::AcqRel);
        self.bytes.fetch_sub(bytes, Ordering::AcqRel);
    }

    /// How many requests wait, and how many bytes they are.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.requests.load(Ordering::Acquire), self.bytes.load(Ordering::Acquire))
    }
}
