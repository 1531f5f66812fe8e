//! A server whose store another one uses: it waits for its turn, and says so to who asks.

use std::{future::pending, net::TcpListener, thread, time::Duration};

use axum::{Router, routing::get};
use kelvin_store::{Error as StoreError, Location, Writer};
use tokio::{
    net, runtime,
    sync::{oneshot, watch},
};

use crate::{
    Config, Error, api,
    edge::{self, Limits},
};

/// How long to wait before the next look at a database that cannot be reached.
const RESPITE: Duration = Duration::from_secs(1);

/// What comes of an attempt to open a store.
pub(crate) type Opened = Result<Writer, StoreError>;

/// Whether a store is a database that another server uses.
pub(crate) fn is_taken(opened: &Opened, store: &Location) -> bool {
    matches!(opened, Err(StoreError::InUse { .. })) && store.file().is_err()
}

/// Opens a store as soon as no other server uses it; nothing, if it is asked to stop before.
pub(crate) fn wait(
    Config { store, edge, say, .. }: &Config,
    listener: &TcpListener,
    stopped: watch::Receiver<bool>,
) -> Result<Option<Writer>, Error> {
    say(&format!("another server uses the store `{store}`: waiting until that ends"));
    let store = store.clone();
    let (turn, mut opened) = oneshot::channel();
    let queue = move || queue(&store, turn);
    thread::Builder::new().name("standby".to_owned()).spawn(queue).map_err(Error::Serve)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
    let listener = listener.try_clone().map_err(Error::Serve)?;
    let came = runtime.block_on(answer(&mut opened, (listener, edge.limits), stopped));
    // Whoever was told to wait connects anew.
    runtime.shutdown_background();
    let Some(opened) = came? else { return Ok(None) };
    say("the other server has gone: taking its place");
    Ok(Some(opened?))
}

/// Answers until something comes of the queue; nothing, if it is asked to stop before.
async fn answer(
    opened: &mut oneshot::Receiver<Opened>,
    (listener, limits): (TcpListener, Limits),
    mut stopped: watch::Receiver<bool>,
) -> Result<Option<Opened>, Error> {
    let listener = net::TcpListener::from_std(listener).map_err(Error::Serve)?;
    tokio::select! {
        () = edge::serve(listener, routes(), limits, pending()) => Ok(None),
        opened = opened => opened.map(Some).map_err(|_| Error::Stopped),
        _ = stopped.wait_for(|stopped| *stopped) => Ok(None),
    }
}

/// Stands in the queue for a store, as long as somebody waits for that.
fn queue(store: &Location, turn: oneshot::Sender<Opened>) {
    while !turn.is_closed() {
        match Writer::open(store.clone()) {
            // It has stood there for a while.
            Err(StoreError::InUse { .. }) => {}
            Err(cause) if cause.is_outage() => thread::sleep(RESPITE),
            // Nobody waits any more if this cannot be handed over: the store is closed again.
            opened => return drop(turn.send(opened)),
        }
    }
}

fn routes() -> Router {
    Router::new().route("/healthz", get(api::alive)).fallback(|| async { api::Problem::standby() })
}
