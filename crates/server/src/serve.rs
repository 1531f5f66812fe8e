//! The server: its threads and its socket, from the first request to the last.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use kelvin_store::{Reader, Writer};
use tokio::{
    net,
    runtime::{self, Runtime},
    sync::watch,
};

use crate::{
    Clock, Config, Edge, Error, Playbook,
    access::{Access, Known, users},
    api::{self, App, Readers, Streams},
    edge::{self, Limits, Metrics},
    models::{Shelf, Simulations},
    outbox::Deliverer,
    outcomes::Definitions,
    standby,
    writer::{self, Say},
};

/// How long requests that are under way when the server stops may still take.
const GRACE: Duration = Duration::from_secs(10);

/// Connections that look at the store at once.
const READERS: usize = 4;

/// A server that listens. It answers while it [runs](Server::run).
pub struct Server {
    app: Arc<App>,
    listener: TcpListener,
    address: SocketAddr,
    writer: JoinHandle<Result<(), Error>>,
    deliverer: Deliverer,
    limits: Limits,
}

impl Server {
    /// Serves until `stop` is over. Where another server uses the store, it waits until that ends. Says where it listens.
    ///
    /// # Errors
    /// The store or the address cannot be used, the socket or the writer failed, or another server has taken the place of this one.
    pub fn serve(
        config: Config,
        stop: impl Future<Output = ()> + Send + 'static,
        listening: impl FnOnce(SocketAddr),
    ) -> Result<(), Error> {
        let runtime = runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Serve)?;
        let (stopping, mut stopped) = watch::channel(false);
        runtime.spawn(async move {
            stop.await;
            stopping.send_replace(true);
        });
        let (listener, address) = listen(&config.listen)?;
        let opened = Writer::open(config.store.clone());
        let is_taken = standby::is_taken(&opened, &config.store);
        let store = if is_taken { None } else { Some(opened?) };
        listening(address);
        let wait = || standby::wait(&config, &listener, stopped.clone());
        let Some(store) = store.map_or_else(wait, |store| Ok(Some(store)))? else { return Ok(()) };
        let stop = async move {
            let _closed = stopped.wait_for(|stopped| *stopped).await;
        };
        Self::with(config, store, (listener, address))?.run_on(runtime, stop)
    }

    /// Opens the store and listens.
    ///
    /// # Errors
    /// The store or the address cannot be used.
    pub fn open(config: Config) -> Result<Self, Error> {
        let place = listen(&config.listen)?;
        let store = Writer::open(config.store.clone())?;
        Self::with(config, store, place)
    }

    fn with(
        config: Config,
        mut store: Writer,
        (listener, address): (TcpListener, SocketAddr),
    ) -> Result<Self, Error> {
        let Config { write_key, models, playbook, outbox, retention, clock, edge, say, .. } = config;
        let is_reachable = !address.ip().is_loopback();
        if is_reachable {
            welcome(&mut store, &clock, &say, address)?;
        }
        let known = store.reader()?.look(|view| Known::of(view))?;
        let access = Access::new(is_reachable, write_key, known);
        let readers: Vec<Reader> = (0..READERS).map(|_| store.reader()).collect::<Result<_, _>>()?;
        let shelf = Arc::<Shelf>::default();
        let Edge { origins, stopwatch, memory, limits } = edge;
        let (origins, readers) = (Arc::new(origins), Readers::new(readers));
        let metrics = Arc::new(Metrics::new(stopwatch, memory).map_err(Error::Metrics)?);
        let playbook = playbook.map(|playbook| playbook.reached_at(address));
        let acts = playbook.is_some();
        let definitions = Definitions::of(playbook.as_ref().map(Playbook::plan));
        let (inbox, writer) = writer::start(
            store,
            (models, Arc::clone(&shelf)),
            playbook,
            (Arc::clone(&clock), Arc::clone(&say)),
            Arc::clone(&metrics),
            retention,
        )?;
        let app = Arc::new(App {
            inbox,
            readers,
            simulations: Simulations::default(),
            streams: Streams::default(),
            shelf,
            definitions,
            clock,
            access,
            origins,
            metrics,
            acts,
            limits,
        });
        let deliverer = Deliverer::new(Arc::clone(&app), outbox, say);
        Ok(Self { app, listener, address, writer, deliverer, limits })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it answers by, without a socket.
    pub(crate) fn routes(&self) -> axum::Router {
        api::routes(Arc::clone(&self.app))
    }

    /// Answers until `stop` is over or the writer fails; then finishes what is under way. All that was acknowledged
    /// is kept.
    ///
    /// # Errors
    /// The socket or the writer failed.
    pub fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let runtime = runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Serve)?;
        self.run_on(runtime, stop)
    }

    fn run_on(self, runtime: Runtime, stop: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
        let Self { app, listener, writer, deliverer, limits, .. } = self;
        // The last to hold the connections to the store: they cannot be closed on a thread that must not wait.
        let held = Arc::clone(&app);
        let served = runtime.block_on(answer(app, listener, deliverer, limits, stop));
        // Requests that have not ended in time are dropped here: they were not acknowledged.
        runtime.shutdown_timeout(GRACE);
        drop(held);
        served?;
        writer.join().map_err(|_| Error::Stopped)?
    }
}

/// Takes the address.
fn listen(address: &str) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = |cause| Error::Listen { address: address.to_owned(), cause };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Invites the first administrator to a service that others can reach, where nobody could come in otherwise.
fn welcome(store: &mut Writer, clock: &Clock, say: &Say, address: SocketAddr) -> Result<(), Error> {
    let now = clock();
    if let Some(token) = store.change(|change| users::invite_first(change, now))? {
        let link = users::path(&token);
        say(&format!("the first administrator sets a password within a day at http://{address}{link}"));
    }
    Ok(())
}

async fn answer(
    app: Arc<App>,
    listener: TcpListener,
    deliverer: Deliverer,
    limits: Limits,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let listener = net::TcpListener::from_std(listener).map_err(Error::Serve)?;
    let (stopping, mut stopped) = watch::channel(false);
    let ended = app.inbox.ended();
    let delivering = tokio::spawn(deliverer.run(stopped.clone()));
    let streaming = Arc::clone(&app);
    let asked = async move {
        tokio::select! {
            () = stop => {}
            () = ended => {}
        }
        stopping.send_replace(true);
        streaming.streams.end();
    };
    let serving = edge::serve(listener, api::routes(app), limits, asked);
    let out_of_patience = async move {
        let _closed = stopped.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = serving => {}
        () = out_of_patience => {}
    }
    // It has a farewell of its own, and knows that the service stops: it does not end before.
    let _ended = delivering.await;
    Ok(())
}
