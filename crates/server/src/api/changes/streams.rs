//! Answers without an end: how many there may be, how text gets into one, and that all end when the service does.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{StatusCode, header},
};
use hyper::body::Frame;
use tokio::sync::{
    OwnedSemaphorePermit, Semaphore,
    mpsc::{self, Receiver, Sender},
    watch,
};

use crate::api::{Answer, Problem};

/// Streams at once. Each takes a connection, of which events need some, too.
const MOST: usize = 200;

/// The streams of a service.
pub(crate) struct Streams {
    seats: Arc<Semaphore>,
    ended: watch::Sender<bool>,
}

/// Where text is put into a stream.
pub(super) struct Teller(Sender<Bytes>);

/// The body of a stream.
struct Told {
    text: Receiver<Bytes>,
    /// Given back when the client has gone.
    _seat: OwnedSemaphorePermit,
}

impl Default for Streams {
    fn default() -> Self {
        Self { seats: Arc::new(Semaphore::new(MOST)), ended: watch::Sender::new(false) }
    }
}

impl Streams {
    /// Ends all of them, those that are still to come among them.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Tells when they end.
    pub(super) fn ended(&self) -> watch::Receiver<bool> {
        self.ended.subscribe()
    }

    /// A place for one more.
    pub(super) fn seat(&self) -> Answer<OwnedSemaphorePermit> {
        Arc::clone(&self.seats).try_acquire_owned().map_err(|_| {
            let detail = format!("{MOST} clients are told of changes already: come again later");
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", detail)
                .with_header(header::RETRY_AFTER, "10")
        })
    }
}

/// A stream: what is told comes out of the body. No more than one text waits in between.
pub(super) fn stream(seat: OwnedSemaphorePermit) -> (Teller, Body) {
    let (sender, text) = mpsc::channel(1);
    (Teller(sender), Body::new(Told { text, _seat: seat }))
}

impl Teller {
    /// Waits until the text before was taken; whether there is anybody to take this one.
    pub(super) async fn tell(&self, text: String) -> bool {
        self.0.send(text.into()).await.is_ok()
    }

    /// Waits until the client has gone.
    pub(super) async fn left(&self) {
        self.0.closed().await;
    }
}

impl HttpBody for Told {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.text.poll_recv(context).map(|text| text.map(|text| Ok(Frame::data(text))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_so_many_and_for_another_when_one_has_gone() {
        let streams = Streams::default();
        let mut bodies: Vec<_> = (0..MOST).map(|_| stream(streams.seat().expect("room")).1).collect();
        assert_eq!(streams.seat().expect_err("no room").code(), "too-many-streams");
        bodies.pop();
        assert!(streams.seat().is_ok());
    }
}
