//! A service of its own for each test: a store in a folder that goes, a clock that stands until it is set.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use kelvin_connect::{Courier, Guard, MailServer, Sink, Smtp};
use kelvin_kernel::{Instant, program::Program};
use kelvin_server::{
    Backoff, Config, Edge, Error, Limits, Model, Outbox, Playbook, Retention, Server, Settings,
};
use kelvin_store::Location;
use serde_json::Value as Json;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{
    client::{Answer, Client},
    document,
};

/// The present of every test, until it is set.
pub(crate) const NOW: &str = "2026-03-01T00:00:00Z";

/// A model with points that stay and points that fade.
pub(crate) const MODEL: &str = "\
kelvin: 1
model: small
dimensions:
  fit:
    rules:
      - {id: pro, if: lead.plan == 'pro', points: 5}
      - {id: large-account, if: account.employees >= 100, points: 7}
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 30}
      - {id: pricing, event: page, if: event.path.startsWith('/pricing'), points: 10, decay: {expire: 1d}}
tiers:
  - {name: warm, from: 10}
  - {name: hot, from: 30}
";

/// What a service told its operator.
pub(crate) type Said = Arc<Mutex<Vec<String>>>;

/// A service that is running.
pub(crate) struct Service {
    address: SocketAddr,
    clock: Arc<AtomicI64>,
    said: Said,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<Result<(), Error>>>,
}

/// What a service is started with.
pub(crate) struct Setup<'a> {
    pub(crate) models: &'a [&'a str],
    pub(crate) write_key: Option<&'a str>,
    pub(crate) listen: &'a str,
    /// Where the store is, if not in a folder of its own.
    pub(crate) store: Option<Location>,
    pub(crate) sinks: BTreeMap<String, Sink>,
    pub(crate) guard: Guard,
    pub(crate) smtp: Option<String>,
    pub(crate) backoff: Backoff,
    pub(crate) patience: Duration,
    pub(crate) longest_sleep: Duration,
    pub(crate) origins: &'a str,
    pub(crate) limits: Limits,
    pub(crate) retention: Retention,
    pub(crate) playbook: Option<&'a str>,
    pub(crate) settings: Settings,
}

impl Default for Setup<'_> {
    fn default() -> Self {
        let settings =
            Settings { public_url: Some("https://kelvin.example".to_owned()), ..Settings::default() };
        Self {
            models: &[MODEL],
            write_key: None,
            store: None,
            playbook: None,
            settings,
            listen: "127.0.0.1:0",
            sinks: BTreeMap::new(),
            guard: Guard::default(),
            smtp: None,
            backoff: Backoff::default(),
            patience: Duration::from_secs(2),
            longest_sleep: Duration::from_millis(20),
            origins: "*",
            limits: Limits::default(),
            retention: Retention::default(),
        }
    }
}

/// A service on a fresh store, with the folder that the store lies in.
pub(crate) fn fresh() -> (Service, TempDir) {
    with(&Setup::default())
}

/// A service on a fresh store.
pub(crate) fn with(setup: &Setup<'_>) -> (Service, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Service::start(folder.path(), setup), folder)
}

/// Opens a service at an instant that may change; what it tells its operator is collected.
pub(crate) fn open(
    folder: &Path,
    setup: &Setup<'_>,
    clock: &Arc<AtomicI64>,
    said: &Said,
) -> Result<Server, Error> {
    let (clock, said) = (Arc::clone(clock), Arc::clone(said));
    Server::open(Config {
        store: setup.store.clone().unwrap_or_else(|| folder.join("kelvin.db").into()),
        listen: setup.listen.to_owned(),
        write_key: setup.write_key.map(str::to_owned),
        models: setup.models.iter().map(|text| model(text)).collect(),
        outbox: outbox(setup, &said),
        playbook: setup.playbook.map(|text| playbook(text, setup)),
        retention: setup.retention,
        clock: Arc::new(move || Instant::from_millis(clock.load(Ordering::Relaxed))),
        edge: edge(setup),
        say: Arc::new(move |line| said.lock().unwrap().push(line.to_owned())),
    })
}

impl Service {
    /// Starts a service on the store in a folder, and waits until it is ready.
    pub(crate) fn start(folder: &Path, setup: &Setup<'_>) -> Self {
        Self::start_at(folder, setup, NOW)
    }

    /// Starts a service at an instant.
    pub(crate) fn start_at(folder: &Path, setup: &Setup<'_>, now: &str) -> Self {
        let clock = Arc::new(AtomicI64::new(Instant::parse(now).unwrap().as_millis()));
        let said = Said::default();
        let server = open(folder, setup, &clock, &said).unwrap();
        let address = server.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let run = || server.run(async move { drop(stopped.await) });
        let service = Self { address, clock, said, stop: Some(stop), thread: Some(thread::spawn(run)) };
        service.wait_for("/readyz", |answer| answer.status == 200);
        service.wait_for("/api/v1/models", |answer| {
            let is_settled = |model: &Json| model["coming"].is_null() && model["settled"] == true;
            // A service that asks who it is does not tell.
            answer.status == 401 || answer.json()["models"].as_array().unwrap().iter().all(is_settled)
        });
        service
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn client(&self) -> Client {
        Client::connect(self.address).unwrap()
    }

    /// Sets the clock.
    pub(crate) fn set_clock(&self, now: &str) {
        self.clock.store(Instant::parse(now).unwrap().as_millis(), Ordering::Relaxed);
    }

    pub(crate) fn post(&self, path: &str, body: &Json) -> Answer {
        self.post_bytes(path, &[], body.to_string().as_bytes())
    }

    pub(crate) fn post_bytes(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.request(&format!("POST {path}"), headers, body)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request(&format!("GET {path}"), &[], &[])
    }

    /// Sends a request; whatever is answered must be as the API's document says.
    pub(crate) fn request(&self, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let answer = self.client().request(line, headers, body).unwrap();
        document::check(line, &answer);
        answer
    }

    /// The one score of a lead.
    pub(crate) fn score(&self, lead: &str) -> Json {
        self.get(&format!("/api/v1/leads/{lead}")).json()["scores"][0]["score"].clone()
    }

    /// The lines of the log.
    pub(crate) fn log(&self) -> Vec<Json> {
        let answer = self.get("/api/v1/events?limit=10000");
        answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Asks until the answer is as it should be.
    pub(crate) fn wait_for(&self, path: &str, holds: impl Fn(&Answer) -> bool) {
        for _ in 0..1200 {
            if holds(&self.get(path)) {
                return;
            }
            thread::sleep(Duration::from_millis(25));
        }
        panic!("`{path}` stays {:?}", self.get(path));
    }

    /// What the operator was told since the last time.
    pub(crate) fn said(&self) -> Vec<String> {
        std::mem::take(&mut self.said.lock().unwrap())
    }

    /// Stops the service as an operator would.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            let _ = stop.send(());
            let ended = thread.join();
            if !thread::panicking() {
                ended.unwrap().unwrap();
                let mut said = self.said();
                // What a start with another file tells is no complaint.
                said.retain(|line| !line.contains(" has changed: version "));
                assert_eq!(said, [""; 0]);
            }
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end();
    }
}

/// An outbox with the sinks of a test.
fn outbox(setup: &Setup<'_>, said: &Said) -> Outbox {
    let said = Arc::clone(said);
    let server = |url: &String| MailServer::new(Smtp::parse(url).unwrap(), "kelvin@acme.example").unwrap();
    let (guard, mail) = (setup.guard.clone(), setup.smtp.as_ref().map(server));
    let say = Arc::new(move |line: &str| said.lock().unwrap().push(line.to_owned()));
    let courier = Courier::new(guard, mail, setup.patience, say).unwrap();
    let (backoff, longest_sleep) = (setup.backoff, setup.longest_sleep);
    Outbox { backoff, longest_sleep, ..Outbox::new(courier, setup.sinks.clone(), 7) }
}

/// A stopwatch that shows a millisecond more each time that somebody looks.
fn edge(setup: &Setup<'_>) -> Edge {
    let looks = AtomicU64::new(0);
    Edge {
        origins: setup.origins.split(' ').map(|origin| origin.parse().unwrap()).collect(),
        stopwatch: Arc::new(move || Duration::from_millis(looks.fetch_add(1, Ordering::Relaxed))),
        memory: Arc::new(|| Some(1 << 20)),
        limits: setup.limits,
    }
}

fn playbook(text: &str, setup: &Setup<'_>) -> Playbook {
    let models: Vec<_> =
        setup.models.iter().map(|text| kelvin_model::load("model.yaml", text).model).collect();
    let loaded = kelvin_model::playbook::load("playbook.yaml", text, &models.iter().collect::<Vec<_>>());
    let plan = loaded.plan.clone().unwrap_or_else(|| panic!("{}", loaded.render(false)));
    Playbook::new(plan, setup.settings.clone(), |_| None).unwrap()
}

fn model(text: &str) -> Model {
    let loaded = kelvin_model::load("model.yaml", text);
    let plan = loaded.plan.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    Model::new(Program::new(plan), text)
}
