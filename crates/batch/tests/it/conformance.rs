//! The shared conformance cases through the engine, from files to lines, in every way that it can be run.

use std::{fs, io::Cursor, path::Path};

use kelvin_batch::{
    Files, Job, Models,
    read::{Input, ReadOptions, Rejects},
    score,
    selection::Selection,
};
use kelvin_kernel::{Instant, program::Program, score::Detail};
use serde_json::Value as Json;

use crate::{
    generate::Random,
    shared::shared,
    support::{How, PLAIN},
};

const TOLERANCE: f64 = 0.000_002;

#[test]
fn every_shared_case_comes_out_of_the_engine() {
    let Some(shared) = shared() else { return };
    let folders = fs::read_dir(shared.join("conformance")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty(), "the shared folder holds no cases");
    let wrong: Vec<String> = folders.iter().flat_map(|folder| Case::read(folder).check()).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

/// A case, with its files as text.
struct Case {
    name: String,
    program: Program,
    leads: String,
    events: String,
    expected: Vec<Json>,
    /// Absent where accounts are not scored.
    expected_accounts: Option<Vec<Json>>,
}

impl Case {
    fn read(folder: &Path) -> Self {
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let accounts = folder.join("expected-accounts.jsonl").exists();
        Self {
            name: folder.display().to_string(),
            program: Program::new(kelvin_model::load("model.yaml", &text("model.yaml")).plan.unwrap()),
            leads: text("leads.jsonl"),
            events: text("events.jsonl"),
            expected: lines(&text("expected.jsonl")),
            expected_accounts: accounts.then(|| lines(&text("expected-accounts.jsonl"))),
        }
    }

    fn check(&self) -> Vec<String> {
        let ways = [
            (PLAIN, self.events.clone()),
            (How { partitions: 16, chunk: 200, ..PLAIN }, self.events.clone()),
            (How { threads: 2, partitions: 4, memory: 0, chunk: 300, ..PLAIN }, self.events.clone()),
            (How { threads: 2, partitions: 64, memory: 5000, chunk: 300, ..PLAIN }, self.shuffled()),
        ];
        let mut instants: Vec<&str> =
            self.expected.iter().filter_map(|line| line["as_of"].as_str()).collect();
        instants.dedup();
        let mut wrong = Vec::new();
        for (how, events) in ways {
            for at in &instants {
                let mut check = |what: &str, got: &[Json], expected: &[Json]| {
                    let of_instant: Vec<_> = expected.iter().filter(|line| line["as_of"] == **at).collect();
                    if got.len() != of_instant.len() || !got.iter().zip(&of_instant).all(|(a, b)| same(a, b))
                    {
                        wrong.push(format!("{} {how:?} {what} at {at}: {got:?} {of_instant:?}", self.name));
                    }
                };
                let (leads, accounts) = self.run(&events, at.parse().unwrap(), how);
                check("leads", &leads, &self.expected);
                if let Some(expected) = &self.expected_accounts {
                    check("accounts", &accounts, expected);
                }
            }
        }
        wrong
    }

    /// The events in another order, some of them twice; as they are if some have no id, for then their order counts.
    fn shuffled(&self) -> String {
        let mut lines: Vec<&str> = self.events.lines().collect();
        if !lines.iter().all(|line| serde_json::from_str::<Json>(line).unwrap().get("id").is_some())
            || has_duplicates(&lines)
        {
            return self.events.clone();
        }
        let mut random = Random::new(7);
        let again: Vec<_> = lines.iter().copied().filter(|_| random.once_in(3)).collect();
        lines.extend(again);
        for place in (1..lines.len()).rev() {
            lines.swap(place, random.below(place + 1));
        }
        lines.join("\n")
    }

    fn run(&self, events: &str, at: Instant, how: How) -> (Vec<Json>, Vec<Json>) {
        let programs = std::slice::from_ref(&self.program);
        let models = Models::new(programs, self.expected_accounts.is_some()).unwrap();
        let job = Job {
            models: &models,
            at,
            detail: Detail { until: true, reasons: true },
            selection: Selection::default(),
            resources: how.resources(),
        };
        let options = ReadOptions { chunk_bytes: how.chunk, ..ReadOptions::default() };
        let input = |text: &str| vec![Input::stream("in.jsonl", Cursor::new(text.to_owned()))];
        let rejects = Rejects::new(|reject| panic!("{reject}"));
        let files = Files::open(input(&self.leads), input(events), models.wanted(), &options).unwrap();
        let scores = score(&job, &files.source(&rejects)).unwrap();
        let (mut leads, mut accounts) = (Vec::new(), Vec::new());
        scores.write_jsonl(true, &mut leads).unwrap();
        scores.write_accounts_jsonl(&mut accounts).unwrap();
        (lines(&String::from_utf8(leads).unwrap()), lines(&String::from_utf8(accounts).unwrap()))
    }
}

/// Whether two events with one id differ: then which of them comes first counts.
fn has_duplicates(lines: &[&str]) -> bool {
    let mut ids: Vec<_> =
        lines.iter().map(|line| serde_json::from_str::<Json>(line).unwrap()["id"].to_string()).collect();
    ids.sort();
    ids.windows(2).any(|pair| pair[0] == pair[1])
}

fn lines(text: &str) -> Vec<Json> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether a line says all that is expected, with numbers that are near enough.
fn same(got: &Json, expected: &Json) -> bool {
    match (got, expected) {
        (Json::Number(a), Json::Number(b)) => {
            a.as_f64().zip(b.as_f64()).is_some_and(|(a, b)| (a - b).abs() <= TOLERANCE)
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| same(a, b)))
        }
        (Json::Object(a), Json::Object(b)) => b.iter().all(|(key, b)| a.get(key).is_some_and(|a| same(a, b))),
        _ => got == expected,
    }
}
