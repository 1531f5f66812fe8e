//! A disk that is full, and one that does not keep what it was told to: nothing that was acknowledged is lost, and the service
//! goes on when it can.

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
};

use serde_json::{Value as Json, json};

use super::process::{Process, client::Client};
use crate::run::{Folder, MODEL};

/// Points for each event.
const POINTS: usize = 30;

/// Whether a program can be run here; says so where it cannot.
fn is_there(program: &str, arguments: &[&str]) -> bool {
    let run = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let is_there = run.is_ok_and(|status| status.success());
    if !is_there {
        println!("`{program}` cannot be run here: not tested");
    }
    is_there
}

/// A service that is run by a command before it.
fn run_by(folder: &Folder, before: &[&str]) -> Process {
    let mut command = Command::new(before[0]);
    let binary = folder.command("");
    command.args(&before[1..]).arg(binary.get_program());
    command.args(["serve", "-m", "model.yaml", "--listen", "127.0.0.1:0"]).current_dir(folder.path(""));
    Process::spawn(command)
}

/// What was sent, and what became of it.
#[derive(Default)]
struct Sent {
    acknowledged: Vec<String>,
    refused: Vec<Json>,
}

impl Sent {
    /// Sends a batch of large events, named after a number; whether it was taken.
    fn send(&mut self, client: &mut Client, number: usize) -> bool {
        let event = |place: usize| {
            let (lead, id) = (format!("lead-{}", place % 5), format!("{number}-{place}"));
            let filler = "x".repeat(2000);
            json!({"type": "track", "userId": lead, "event": "Demo Requested", "messageId": id, "properties": {"x": filler}})
        };
        self.take(client, json!({"batch": (0..20).map(event).collect::<Vec<_>>()}))
    }

    fn take(&mut self, client: &mut Client, batch: Json) -> bool {
        let answer = client.request("POST /v1/batch", &[], batch.to_string().as_bytes()).expect("an answer");
        match answer.status {
            200 => {
                let ids = batch["batch"].as_array().expect("events").iter();
                self.acknowledged
                    .extend(ids.filter_map(|event| Some(event["messageId"].as_str()?.to_owned())));
            }
            503 => {
                assert_eq!(answer.json()["code"], "store-failed");
                self.refused.push(batch);
            }
            status => panic!("{status}: {}", answer.body),
        }
        answer.status == 200
    }

    /// Sends again what was refused.
    fn send_again(&mut self, client: &mut Client) {
        for batch in std::mem::take(&mut self.refused) {
            assert!(self.take(client, batch), "refused again");
        }
    }

    /// Compares what a service knows with what was acknowledged.
    fn check(&self, client: &mut Client) {
        let ids = self.known(client);
        let expect: BTreeMap<_, _> = self.acknowledged.iter().map(|id| (id.clone(), 1)).collect();
        assert!(ids == expect, "{} of {} events are there", ids.len(), expect.len());
    }

    /// Compares it where what was refused may be there all the same, as it is when the disk fails only after a commit.
    fn check_roughly(&self, client: &mut Client) {
        let ids = self.known(client);
        assert!(ids.values().all(|count| *count == 1), "{ids:?}");
        assert!(self.acknowledged.iter().all(|id| ids.contains_key(id)), "{} are there", ids.len());
        let refused =
            |id: &String| self.refused.iter().any(|batch| batch.to_string().contains(&format!("{id:?}")));
        assert!(
            ids.keys().all(|id| self.acknowledged.contains(id) || refused(id)),
            "{} are there",
            ids.len()
        );
    }

    /// How often the service has each event; all scores are those of these events.
    fn known(&self, client: &mut Client) -> BTreeMap<String, usize> {
        let mut ids = BTreeMap::<String, usize>::new();
        let mut after = Some("0".to_owned());
        while let Some(place) = after {
            let path = format!("GET /api/v1/events?limit=10000&after={place}");
            let answer = client.request(&path, &[], b"").expect("an answer");
            for line in answer.body.lines() {
                let line: Json = serde_json::from_str(line).expect("JSON");
                *ids.entry(line["messageId"].as_str().expect("an id").to_owned()).or_default() += 1;
            }
            after = answer.header("kelvin-next").map(str::to_owned);
        }
        for lead in 0..5 {
            let path = format!("GET /api/v1/leads/lead-{lead}");
            let score =
                client.request(&path, &[], b"").expect("an answer").json()["scores"][0]["score"].clone();
            assert_eq!(score, json!(ids.len() / 5 * POINTS), "lead-{lead}");
        }
        ids
    }
}

#[test]
fn a_full_disk_costs_nothing_that_was_acknowledged_and_ends_when_there_is_room() {
    if !is_there("prlimit", &["--version"]) {
        return;
    }
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    let script = "trap '' XFSZ; exec prlimit --fsize=3000000:unlimited -- \"$@\"";
    let service = run_by(&folder, &["sh", "-c", script, "sh"]);
    let mut client = service.client();
    let mut sent = Sent::default();
    let full = (0..2000).find(|number| !sent.send(&mut client, *number)).expect("a full disk");
    assert!(full > 5, "full after {full}");
    assert!(!sent.send(&mut client, full + 1));
    // What is there can be read all the same.
    sent.check(&mut client);
    let room = ["--fsize=unlimited:unlimited", "--pid", &service.id().to_string()];
    assert!(is_there("prlimit", &room));
    sent.send_again(&mut client);
    (full + 2..full + 40).for_each(|number| assert!(sent.send(&mut client, number)));
    sent.check(&mut client);
    service.kill();
    let service = Process::start(&folder, "-m model.yaml");
    sent.check(&mut service.client());
}

#[test]
fn a_disk_that_fails_to_keep_costs_nothing_that_was_acknowledged() {
    let folder = Folder::new(&[("model.yaml", MODEL)]);
    // Detached: the service is our child, and not the tracer's.
    let trace = folder.path("trace").display().to_string();
    let mut tracer =
        vec!["strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", &trace, "-e", "trace=fdatasync,fsync"];
    if !is_there("strace", &[&tracer[1..], &["true"]].concat()) {
        return;
    }
    tracer.extend(["-e", "inject=fdatasync,fsync:error=EIO:when=25..40"]);
    let service = run_by(&folder, &tracer);
    let mut client = service.client();
    let mut sent = Sent::default();
    let taken: Vec<bool> = (0..60).map(|number| sent.send(&mut client, number)).collect();
    assert!(taken.contains(&false) && taken.ends_with(&[true]), "{taken:?}");
    sent.check_roughly(&mut client);
    sent.send_again(&mut client);
    sent.check(&mut client);
    service.kill();
    let service = Process::start(&folder, "-m model.yaml");
    sent.check(&mut service.client());
}
