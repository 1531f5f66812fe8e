//! What a request is called, in the log and towards its client.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use kelvin_kernel::Instant;

/// The header in which ids come and go.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// A longer id is none that a proxy would make.
const LONGEST: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// An id of letters, digits and a few signs: it can be logged and shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

/// Makes ids that no other start of the service makes.
#[derive(Debug)]
pub(super) struct RequestIds {
    started: Instant,
    count: AtomicU64,
}

impl RequestIds {
    pub(super) fn new(started: Instant) -> Self {
        Self { started, count: AtomicU64::new(0) }
    }

    /// The id that a request came with, if it is a sane one; else one of ours.
    pub(super) fn of(&self, headers: &HeaderMap) -> RequestId {
        let given = headers.get(HEADER).and_then(|given| given.to_str().ok()).filter(|given| is_sane(given));
        given.map_or_else(|| self.next(), |given| RequestId(given.into()))
    }

    fn next(&self) -> RequestId {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{:x}-{count:x}", self.started.as_millis()).into())
    }
}

impl RequestId {
    /// The id of the request that is being answered.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Answers a request under this id.
    pub(crate) async fn during<T>(self, answer: impl Future<Output = T>) -> T {
        CURRENT.scope(self, answer).await
    }

    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_sane(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(given: &str) -> String {
        let ids = RequestIds::new(Instant::from_millis(0xabc));
        let headers = [(HEADER, HeaderValue::from_str(given).expect("a header"))].into_iter().collect();
        ids.of(&headers).to_string()
    }

    #[test]
    fn only_a_sane_id_is_taken_over() {
        for sane in ["7", "0af7651916cd43dd8448eb211c80319c", "Root=1-67891233-abcdef012345678912345678"] {
            assert_eq!(id(sane), sane);
        }
        for strange in ["", "a b", "a\"b", "a\tb", "<b>", "{{7}}", "%0a", "é", &"x".repeat(65)] {
            assert_eq!(id(strange), "abc-0", "{strange}");
        }
    }

    #[test]
    fn no_two_requests_are_called_alike() {
        let ids = RequestIds::new(Instant::from_millis(0));
        let none = HeaderMap::new();
        assert_ne!(ids.of(&none), ids.of(&none));
    }
}
