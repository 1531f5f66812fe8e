//! What operators watch: each metric moves, and the guide knows them all.

use std::{collections::BTreeMap, fmt::Write, thread};

use rusqlite::Connection;
use serde_json::json;

use crate::service::{Service, fresh};

/// What `/metrics` told.
#[derive(Default)]
struct Exposition {
    /// By name and labels.
    samples: BTreeMap<String, f64>,
    /// Type and help, by name.
    metrics: BTreeMap<String, [String; 2]>,
}

impl Exposition {
    /// Reads a text; a line that is none of the format fails.
    fn read(text: &str) -> Self {
        let mut told = Self::default();
        for line in text.lines() {
            let about = ["# TYPE ", "# HELP "].iter().position(|mark| line.starts_with(mark));
            if let Some(place) = about {
                let (name, text) = line[7..].split_once(' ').unwrap();
                text.clone_into(&mut told.metrics.entry(name.to_owned()).or_default()[place]);
            } else {
                let (name, value) = line.rsplit_once(' ').unwrap();
                assert!(told.samples.insert(name.to_owned(), value.parse().unwrap()).is_none(), "{name}");
            }
        }
        told
    }

    /// The value of a sample; one that is not there has not moved.
    fn get(&self, name: &str) -> f64 {
        self.samples.get(name).copied().unwrap_or_default()
    }
}

fn scrape(service: &Service) -> Exposition {
    let answer = service.get("/metrics");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4"));
    Exposition::read(&answer.body)
}

/// Sends something of everything.
fn busy() -> (Service, tempfile::TempDir) {
    let (service, folder) = fresh();
    let demo = json!({"type": "track", "userId": "ada", "event": "Demo Requested", "messageId": "1"});
    let batch = json!({"batch": [demo, demo, {"type": "page", "userId": "bob"}, {"type": "page"}]});
    assert_eq!(service.post("/v1/batch", &batch).status, 200);
    assert_eq!(service.post_bytes("/v1/track", &[], b"{").status, 400);
    service.get("/api/v1/leads/ada");
    service.get("/nowhere/at-all");
    service.client().request("BREW /v1/track", &[], b"").unwrap();
    (service, folder)
}

#[test]
fn requests_and_events_are_counted() {
    let (service, _folder) = busy();
    let told = scrape(&service);
    let check = |name: &str, expect: f64| assert!((told.get(name) - expect).abs() < 1e-9, "{name}");
    check("kelvin_events_accepted_total", 2.0);
    check("kelvin_events_duplicate_total", 1.0);
    check(r#"kelvin_events_rejected_total{code="missing-user"}"#, 1.0);
    check(r#"kelvin_events_rejected_total{code="bad-json"}"#, 1.0);
    check("kelvin_commit_events_count", 2.0);
    check("kelvin_commit_events_sum", 3.0);
    check(r#"kelvin_commit_events_bucket{le="4"}"#, 2.0);
    let requests = |path: &str, method: &str, status: u16| {
        let labels = format!(r#"{{method="{method}",path="{path}",status="{status}"}}"#);
        told.get(&format!("kelvin_http_requests_total{labels}"))
    };
    let counted = [
        requests("/v1/batch", "POST", 200),
        requests("/v1/track", "POST", 400),
        requests("/v1/track", "other", 405),
        requests("/api/v1/leads/{id}", "GET", 200),
        requests("other", "GET", 404),
    ];
    assert_eq!(counted, [1.0; 5]);
}

#[test]
fn durations_and_sizes_are_measured() {
    let (service, _folder) = busy();
    let told = scrape(&service);
    let check = |name: &str| assert!(told.get(name) > 0.0, "{name}");
    check(r#"kelvin_http_request_duration_seconds_sum{path="/v1/batch"}"#);
    check(r#"kelvin_http_request_duration_seconds_bucket{path="/v1/batch",le="+Inf"}"#);
    check("kelvin_commit_duration_seconds_sum");
    check("kelvin_store_bytes");
    check("process_resident_memory_bytes");
}

#[test]
fn what_waits_while_the_disk_is_busy_is_seen() {
    let (service, folder) = fresh();
    let page = json!({"userId": "ada", "properties": {"path": "/pricing"}});
    assert_eq!(service.post("/v1/page", &page).status, 200);
    let waiting = |service: &Service| {
        let told = scrape(service);
        ["requests", "bytes"].map(|what| told.get(&format!("kelvin_waiting_{what}")))
    };
    assert_eq!(waiting(&service), [0.0, 0.0]);
    let disk = Connection::open(folder.path().join("kelvin.db")).unwrap();
    disk.execute_batch("BEGIN IMMEDIATE").unwrap();
    // The points for the page go away a day later.
    service.set_clock("2026-03-02T00:00:01Z");
    thread::scope(|scope| {
        let sent = scope.spawn(|| service.post("/v1/page", &page).status);
        service.wait_for("/metrics", |answer| {
            let told = Exposition::read(&answer.body);
            told.get("kelvin_waiting_requests") > 0.0 && told.get("kelvin_scores_overdue") > 0.0
        });
        assert!(waiting(&service)[1] > 0.0);
        disk.execute_batch("COMMIT").unwrap();
        assert_eq!(sent.join().unwrap(), 200);
    });
    assert_eq!(waiting(&service), [0.0, 0.0]);
    service.wait_for("/metrics", |answer| {
        Exposition::read(&answer.body).get("kelvin_scores_overdue").abs() < 1e-9
    });
}

#[test]
fn the_guide_knows_every_metric() {
    let (service, _folder) = busy();
    let table = scrape(&service).metrics.iter().fold(String::new(), |mut table, (name, [kind, help])| {
        writeln!(table, "| `{name}` | {kind} | {help} |").unwrap();
        table
    });
    let guide = include_str!("../../../../docs/operate/watching.md");
    assert!(guide.contains(&table), "docs/operate/watching.md should hold\n{table}");
}
