//! Targets of the server crate: what the network can reach.

use std::{
    str,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use kelvin_connect::{Courier, Guard};
use kelvin_kernel::{Instant, program::Program};
use kelvin_model::playbook as playbooks;
use kelvin_server::{
    Config, Edge, Limits, Model, Outbox, Playbook, Retention, Settings, openapi,
    probe::{self, Answered, Probe},
};
use serde_json::Value as Json;

/// The service that is asked, on a store of its own that goes with it.
struct Service {
    probe: Probe,
    document: Json,
    _folder: tempfile::TempDir,
}

static SERVICE: LazyLock<Mutex<Service>> = LazyLock::new(|| Mutex::new(Service::open()));

/// A body of events: what is taken reads as the same from the log.
pub(crate) fn intake(data: &[u8]) {
    probe::take_in(data);
}

/// A whole request, `POST /v1/batch`, header fields, an empty line, a body: the answer stands in the API's document, and is no
/// failure.
pub(crate) fn request(data: &[u8]) {
    let Some(asked) = Asked::read(data) else { return };
    let service = SERVICE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(answer) = asked.send(&service.probe) {
        service.check(&asked, &answer);
    }
}

/// A request, as a seed writes it.
#[derive(Debug)]
struct Asked<'a> {
    method: &'a str,
    target: &'a str,
    fields: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
}

impl<'a> Asked<'a> {
    fn read(data: &'a [u8]) -> Option<Self> {
        let end = data.windows(2).position(|two| two == b"\n\n").unwrap_or(data.len());
        let (head, body) = (str::from_utf8(&data[..end]).ok()?, data.get(end + 2..).unwrap_or_default());
        let mut lines = head.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        Some(Self { method, target, fields: lines.filter_map(|line| line.split_once(": ")).collect(), body })
    }

    fn send(&self, probe: &Probe) -> Option<Answered> {
        probe.answer(self.method, self.target, &self.fields, self.body)
    }
}

impl Service {
    #[expect(clippy::expect_used, reason = "without a service there is nothing to be asked")]
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let courier = Courier::new(Guard::default(), None, Duration::from_secs(1), Arc::new(|_| {}));
        let text = include_str!("../corpus/model/rules.yaml");
        let loaded = kelvin_model::load("model.yaml", text);
        let playbook = playbooks::load("playbook.yaml", PLAYBOOK, &[&loaded.model]).plan.expect("a playbook");
        let playbook = Playbook::new(playbook, Settings::default(), |_| None).expect("a playbook");
        let config = Config {
            store: folder.path().join("kelvin.db").into(),
            listen: "127.0.0.1:0".to_owned(),
            write_key: None,
            models: vec![Model::new(Program::new(loaded.plan.expect("a model")), text)],
            outbox: Outbox::new(courier.expect("a courier"), Default::default(), 7),
            playbook: Some(playbook),
            retention: Retention::default(),
            clock: Arc::new(|| Instant::from_millis(1_767_225_600_000)),
            edge: Edge {
                origins: ["*".parse().expect("an origin")].into_iter().collect(),
                stopwatch: Arc::new(|| Duration::ZERO),
                memory: Arc::new(|| None),
                limits: Limits::default(),
            },
            say: Arc::new(|_| {}),
        };
        let probe = Probe::open(config).expect("a service");
        Self { probe, document: openapi(), _folder: folder }
    }

    /// No answer is a failure, and each stands in the document where the document has the path.
    fn check(&self, asked: &Asked<'_>, answer: &Answered) {
        // While a version is made ready, some things have to wait.
        let is_early = answer.status == 503 && answer.body.contains("not-ready");
        assert!(answer.status < 500 || is_early, "{asked:?}: {answer:?}");
        let path = asked.target.split(['?', '#']).next().unwrap_or_default();
        let told = self.answers(&asked.method.to_lowercase(), path);
        let is_told = told.is_none_or(|told| told.get(answer.status.to_string()).is_some());
        assert!(
            is_told || asked.method == "OPTIONS",
            "{asked:?} answers what is not in the document: {answer:?}"
        );
    }

    /// What the document says of an operation.
    fn answers(&self, method: &str, path: &str) -> Option<&Json> {
        let is_at = |written: &str| {
            let (written, path) = (written.split('/'), path.split('/'));
            written.clone().count() == path.clone().count()
                && written.zip(path).all(|(written, part)| written == part || written.starts_with('{'))
        };
        let mut paths: Vec<_> =
            self.document["paths"].as_object()?.iter().filter(|(written, _)| is_at(written)).collect();
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        paths.first()?.1.get(method)?.get("responses")
    }
}

/// Hand-offs by the model of the seeds, and outcomes.
const PLAYBOOK: &str = "\
playbook: 1
time_zone: Europe/Berlin
owners: {ada: {email: ada@acme.example}}
targets: {log: {log: true}}
outcomes:
  - {id: won, kind: won, event: Deal Won, value: event.amount, currency: event.currency, deal: event.deal}
alerts:
  - {id: any, event: [page, Demo Requested], if: has(event.path), notify: log}
";
