//! The socket: clients that are slow, strange or many get no more than their share.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{Router, http::Request};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::patient::Patient;
use crate::access::Peer;

/// How long to wait where the system has no room for another connection.
const RESPITE: Duration = Duration::from_millis(500);

/// Header fields in one request.
const MOST_FIELDS: usize = 100;

/// What clients may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long the head of a request may take to come, and an answer to be read; a connection that is idle as long is closed.
    pub patience: Duration,
    /// How large the head of a request may be, in bytes.
    pub head_bytes: usize,
    /// Connections at once; more wait until one is closed.
    pub connections: usize,
    /// How large an event may be, in bytes, as JSON without needless spaces.
    pub event_bytes: usize,
    /// How large a request with events may be, in bytes, unpacked.
    pub batch_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
            head_bytes: 16 << 10,
            connections: 1000,
            event_bytes: 32 << 10,
            batch_bytes: 500 << 10,
        }
    }
}

/// Answers on a socket until `stop` is over; then finishes what is under way.
pub(crate) async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
    let (open, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(places)));
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.patience)
        .max_header_size(limits.head_bytes)
        .max_headers(MOST_FIELDS);
    let mut stop = pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let peer = Peer(stream.peer_addr().ok().map(|address| address.ip()));
        let routes = TowerToHyperService::new(routes.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            routes.call(request)
        });
        let stream = TokioIo::new(Patient::new(stream, limits.patience));
        let connection = open.watch(protocol.serve_connection(stream, service));
        tokio::spawn(async move {
            // A connection that breaks off is the client's affair.
            let _ended = connection.await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}

/// The next client, as soon as there is a place for it.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let place = Arc::clone(room).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and whole: there is nothing to wait for. Where that cannot be said they are slower.
                let _slower = stream.set_nodelay(true);
                return (stream, place);
            }
            Err(cause) if is_of_one_connection(&cause) => {}
            Err(cause) => {
                tracing::error!("no connection can be taken: {cause}");
                tokio::time::sleep(RESPITE).await;
            }
        }
    }
}

/// Whether a client has gone before it was there, which says nothing on the next one.
fn is_of_one_connection(cause: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
