//! What is left when the service is killed at any moment, under load.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::{
    lines::Dice,
    process::{Process, client::Client},
    receiver::{Receiver, Reply, Request},
};
use crate::run::Folder;

/// Points that stay, so that a score does not depend on when it was computed.
pub(super) const MODEL: &str = "\
kelvin: 1
model: steady
dimensions:
  web:
    rules:
      - {id: demo, event: Demo Requested, points: 1}
      - {id: pro-demo, event: Demo Requested, if: lead.plan == 'pro', points: 10}
      - {id: pro, if: lead.plan == 'pro', points: 0.5}
tiers:
  - {name: warm, from: 20}
";

/// The model with other points for a demo: what is published while events come.
fn worth(points: usize) -> String {
    MODEL.replace("points: 1}", &format!("points: {points}}}"))
}

/// Every lead that gets warm goes to sales once, also if an event that comes late makes it fall again.
pub(super) const PLAYBOOK: &str = "\
playbook: 1
time_zone: Etc/UTC
owners:
  ann: {email: ann@acme.example}
  ben: {email: ben@acme.example, weight: 2}
targets:
  log: {log: true}
hand_offs:
  - {id: sales, tier: warm, leave: 0, assign: [{round_robin: [ann, ben]}], notify: [log, owner]}
alerts:
  - {id: warm, tier: warm, notify: log}
";

/// Nobody takes the mail: what is to be sent is looked up in the outbox.
pub(super) const SERVE: &str =
    "--playbook playbook.yaml --smtp-url smtp://127.0.0.1:1 --mail-from kelvin@acme.example";

/// Stores that are in use at the same time, and how often the service on each is killed.
const STORES: usize = 2;
const ROUNDS: usize = 110;

/// After so many rounds, what is there is compared with what was acknowledged.
const ROUNDS_BETWEEN_CHECKS: usize = 22;

const SENDERS: usize = 3;

/// A client that sends without pause, and sends again what was not acknowledged.
pub(super) struct Sender {
    number: usize,
    dice: Dice,
    sent: usize,
    /// A batch without an answer, if there is one, with its ids.
    pending: Option<(String, Vec<String>)>,
    pub(super) acknowledged: BTreeSet<String>,
}

impl Sender {
    pub(super) fn new(number: usize) -> Self {
        let dice = Dice(number as u64 + 1);
        Self { number, dice, sent: 0, pending: None, acknowledged: BTreeSet::new() }
    }

    /// Sends until the service is gone, or enough was sent.
    pub(super) fn send(&mut self, address: SocketAddr, progress: &AtomicUsize, is_enough: &AtomicBool) {
        let Ok(mut client) = Client::connect(address) else { return };
        while !is_enough.load(Ordering::Relaxed) {
            let (body, ids) = self.pending.take().unwrap_or_else(|| self.batch());
            match client.request("POST /v1/batch", &[], body.as_bytes()) {
                Ok(answer) if answer.status == 200 => {
                    self.acknowledged.extend(ids);
                    progress.fetch_add(1, Ordering::Relaxed);
                }
                _ => {
                    self.pending = Some((body, ids));
                    return;
                }
            }
        }
    }

    fn batch(&mut self) -> (String, Vec<String>) {
        let (mut calls, mut ids) = (Vec::new(), Vec::new());
        for _ in 0..=self.dice.roll(20) {
            self.sent += 1;
            let id = format!("{}-{}", self.number, self.sent);
            let lead = format!("lead-{:02}", self.dice.roll(40));
            let time = format!("2026-01-{:02}T00:00:00Z", 1 + self.dice.roll(28));
            let mut call = json!({"timestamp": time, "messageId": id});
            // Some do not say who they are, and some of these turn out to be somebody.
            let (names_user, names_cookie) =
                [(true, false), (true, false), (false, true), (true, true)][self.dice.roll(4)];
            if names_user {
                call["userId"] = json!(lead);
            }
            if names_cookie {
                call["anonymousId"] = json!(format!("cookie-{:02}", self.dice.roll(40)));
            }
            if self.dice.roll(6) == 0 {
                let plan = if self.dice.roll(2) == 0 { "pro" } else { "free" };
                (call["type"], call["traits"]) = (json!("identify"), json!({"plan": plan}));
            } else {
                (call["type"], call["event"]) = (json!("track"), json!("Demo Requested"));
            }
            calls.push(call);
            ids.push(id);
        }
        (json!({"batch": calls}).to_string(), ids)
    }
}

#[test]
fn a_killed_service_has_every_acknowledged_event_once_every_score_and_every_hand_off_once() {
    thread::scope(|scope| {
        for store in 0..STORES {
            scope.spawn(move || kill_again_and_again(store));
        }
    });
}

fn kill_again_and_again(store: usize) {
    let is_well = Arc::new(AtomicBool::new(false));
    let receiver = receiver(&is_well);
    let target = format!("log: {{webhook: 'http://{}/'}}", receiver.address);
    let playbook = PLAYBOOK.replace("log: {log: true}", &target);
    let folder = Folder::new(&[("model.yaml", MODEL), ("playbook.yaml", &playbook)]);
    let serve = format!("{SERVE} --allow-private-targets");
    let mut senders: Vec<_> = (0..SENDERS).map(|number| Sender::new(store * SENDERS + number)).collect();
    let mut dice = Dice(2026 + store as u64);
    let mut handed_off = 0;
    for round in 1..=ROUNDS {
        let service =
            Process::start(&folder, &format!("{} {serve}", if round == 1 { "-m model.yaml" } else { "" }));
        let (progress, never, address) = (AtomicUsize::new(0), AtomicBool::new(false), service.address());
        thread::scope(|scope| {
            for sender in &mut senders {
                scope.spawn(|| sender.send(address, &progress, &never));
            }
            // Most rounds end while a version is being made ready, some before it was kept.
            scope.spawn(move || publish(address, 1 + round % 3));
            // Some rounds end before anything was acknowledged, most in the middle of many commits.
            let least = dice.roll(6);
            while progress.load(Ordering::Relaxed) < least {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(dice.roll(15_000) as u64));
            service.kill();
        });
        // What fails is tried again for long: at last there is peace.
        is_well.fetch_or(round > ROUNDS / 2, Ordering::Relaxed);
        if round % ROUNDS_BETWEEN_CHECKS == 0 {
            handed_off = check(&folder, &serve, &senders, || outbox(&folder));
        }
    }
    let acknowledged: usize = senders.iter().map(|sender| sender.acknowledged.len()).sum();
    assert!(acknowledged > 10 * ROUNDS, "only {acknowledged} events were acknowledged");
    assert!(handed_off > 0, "nobody went to sales");
    check_deliveries(&folder, &serve, &receiver);
}

/// Somebody who takes messages; until all is well, some are not taken, and of some it is not said that they were.
fn receiver(is_well: &Arc<AtomicBool>) -> Receiver<Request> {
    let is_well = Arc::clone(is_well);
    Receiver::http(move |before| match before % 40 {
        _ if is_well.load(Ordering::Relaxed) => Reply::Status(200),
        7 => Reply::Status(500),
        23 => Reply::Half,
        31 => Reply::Cut,
        _ => Reply::Status(200),
    })
}

/// Waits until all messages that somebody takes are delivered: each came at least once.
fn check_deliveries(folder: &Folder, serve: &str, receiver: &Receiver<Request>) {
    let service = Process::start(folder, serve);
    while !ids(folder, "state = 'pending' AND target = 'log'").is_empty() {
        thread::sleep(Duration::from_millis(20));
    }
    service.kill();
    let came = receiver.came();
    let taken = came.iter().filter(|request| matches!(request.reply, Reply::Status(200)));
    let taken: BTreeSet<String> =
        taken.filter_map(|request| Some(request.json()["data"]["id"].as_str()?.to_owned())).collect();
    let never: Vec<_> = ids(folder, "target = 'log'").into_iter().filter(|id| !taken.contains(id)).collect();
    assert!(!taken.is_empty() && never.is_empty(), "{never:?} never came");
}

/// Has a version serve, if the service lives that long.
fn publish(address: SocketAddr, points: usize) {
    let Ok(mut client) = Client::connect(address) else { return };
    let body = json!({"text": worth(points), "author": "crash", "note": "in the middle"}).to_string();
    if let Ok(answer) = client.request("POST /api/v1/models", &[], body.as_bytes()) {
        assert!([200, 202, 409, 503].contains(&answer.status), "{answer:?}");
    }
}

/// Waits until the version that was asked for last serves; its text.
fn serving(client: &mut Client) -> String {
    loop {
        let model = client.request("GET /api/v1/models/steady", &[], b"").unwrap().json();
        if model["coming"].is_null() && model["settled"] == true {
            let path = format!("GET /api/v1/models/steady/versions/{}", model["serving"]["version"]);
            return client.request(&path, &[], b"").unwrap().body;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Compares what a restarted service knows with what was acknowledged, and with a replay; how many leads went to sales.
pub(super) fn check(
    folder: &Folder,
    serve: &str,
    senders: &[Sender],
    outbox: impl Fn() -> BTreeSet<String>,
) -> usize {
    let service = Process::start(folder, serve);
    let mut client = service.client();
    folder.write("serving.yaml", &serving(&mut client));
    let log = log(&mut client);
    let ids: Vec<&str> = log.iter().map(|line| line["messageId"].as_str().unwrap()).collect();
    let once: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(once.len(), ids.len(), "some event is there twice");
    for id in senders.iter().flat_map(|sender| &sender.acknowledged) {
        assert!(once.contains(id.as_str()), "`{id}` was acknowledged and is lost");
    }
    let text: String = log.iter().map(|line| format!("{line}\n")).collect();
    let replay = folder.run_with("score -q -m serving.yaml -e - --as-of 2030-01-01 --format jsonl", &text);
    assert_eq!((replay.code, replay.err.as_str()), (Some(0), ""));
    let replayed = replay.out.lines().map(|line| standing(&serde_json::from_str(line).unwrap())).collect();
    let live = client.request("GET /api/v1/leads?limit=1000", &[], b"").unwrap().json();
    let live: BTreeMap<_, _> = live["leads"].as_array().unwrap().iter().map(standing).collect();
    assert_eq!(live, replayed);
    let tiers: BTreeMap<_, _> = live.iter().map(|(lead, (_, tier))| (lead.clone(), tier.clone())).collect();
    let handed_off = check_hand_offs(&mut client, &tiers, &outbox());
    for (lead, expect) in live {
        let answer = client.request(&format!("GET /api/v1/leads/{lead}?at=2030-01-01"), &[], b"").unwrap();
        assert_eq!(standing(&answer.json()["scores"][0]).1, expect, "{lead}");
    }
    handed_off
}

/// Compares who went to sales with who is warm, and what is to be sent with that.
fn check_hand_offs(client: &mut Client, tiers: &BTreeMap<String, Json>, outbox: &BTreeSet<String>) -> usize {
    let mut list = |path: &str, key: &str| -> Vec<Json> {
        let answer = client.request(&format!("GET /api/v1/{path}?limit=1000"), &[], b"").unwrap().json();
        answer[key].as_array().unwrap().clone()
    };
    let (hand_offs, tasks) = (list("hand-offs", "hand_offs"), list("tasks", "tasks"));
    let alerts = list("alerts", "alerts");
    let warm = tiers.iter().filter(|(_, tier)| *tier == "warm").map(|(lead, _)| lead.as_str());
    let leads = |lines: &[Json]| -> BTreeSet<String> {
        lines.iter().map(|line| line["lead_id"].as_str().unwrap().to_owned()).collect()
    };
    let handed_off = leads(&hand_offs);
    // A browser may have gone to sales before it turned out to be somebody who had, too: the titles tell who went.
    let went: BTreeSet<&str> = tasks.iter().map(|task| task["title"].as_str().unwrap()).collect();
    assert_eq!(went.len(), hand_offs.len(), "some lead went to sales twice");
    assert_eq!(warm.filter(|lead| !handed_off.contains(*lead)).collect::<Vec<_>>(), [""; 0]);
    assert_eq!((leads(&tasks), tasks.len()), (handed_off.clone(), hand_offs.len()));
    assert_eq!(leads(&alerts), handed_off);
    let of_ben = hand_offs.iter().filter(|line| line["owner"] == "ben").count();
    assert!(of_ben.abs_diff(2 * hand_offs.len() / 3) <= 1, "{of_ben} of {} went to Ben", hand_offs.len());
    let told = |line: &Json| {
        let (id, owner) = (&line["id"], line["owner"].as_str().unwrap());
        [format!("hand_off:{id}:log"), format!("hand_off:{id}:owner:{owner}")]
    };
    let of_alert = |line: &Json| format!("alert:{}:log", line["id"]);
    let expect: BTreeSet<String> =
        hand_offs.iter().flat_map(told).chain(alerts.iter().map(of_alert)).collect();
    assert_eq!(*outbox, expect);
    hand_offs.len()
}

/// The ids of all messages in the store.
fn outbox(folder: &Folder) -> BTreeSet<String> {
    ids(folder, "true")
}

/// The ids of the messages that meet a condition.
fn ids(folder: &Folder, condition: &str) -> BTreeSet<String> {
    let disk = Connection::open(folder.path("kelvin.db")).unwrap();
    let mut outbox = disk.prepare(&format!("SELECT id FROM outbox WHERE {condition}")).unwrap();
    outbox.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn standing(line: &Json) -> (String, (Json, Json)) {
    (line["lead_id"].as_str().unwrap().to_owned(), (line["score"].clone(), line["tier"].clone()))
}

/// The whole log, page by page.
fn log(client: &mut Client) -> Vec<Json> {
    let (mut lines, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let answer =
            client.request(&format!("GET /api/v1/events?limit=1000&after={after}"), &[], b"").unwrap();
        lines.extend(answer.body.lines().map(|line| serde_json::from_str::<Json>(line).unwrap()));
        match answer.header("kelvin-next") {
            Some(next) => next.clone_into(&mut after),
            None => return lines,
        }
    }
}
