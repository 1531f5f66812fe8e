//! A short run of every fuzz target: its seeds, then inputs near them, the same ones each time.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and tells on standard output"
)]

use std::{fs, path::Path};

use kelvin_fuzz::{TARGETS, mutate::Mutator};

/// Runs a target on its seeds and on inputs near them, or on as many of those as `KELVIN_FUZZ_ROUNDS` asks for.
/// What it is given is written down first: a stack overflow leaves no other trace.
fn check(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = seeds(name);
    assert!(!seeds.is_empty(), "fuzz/corpus/{name} has no seed");
    let last = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("last-{name}"));
    println!("the last input lies in {}", last.display());

    let rounds = std::env::var("KELVIN_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok());
    let mut mutator = Mutator::new(&seeds);
    let near = std::iter::repeat_with(|| mutator.input()).take(rounds.unwrap_or(target.rounds));
    for input in seeds.iter().cloned().chain(near) {
        fs::write(&last, &input).unwrap();
        (target.run)(&input);
    }
}

/// The seeds, in the order of their names.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn every_target_has_a_test() {
    let me = include_str!("main.rs");
    let without = TARGETS.iter().filter(|target| !me.contains(&format!("check(\"{}\")", target.name)));
    assert_eq!(without.map(|target| target.name).collect::<Vec<_>>(), Vec::<&str>::new());
}

#[test]
fn conditions() {
    check("condition");
}

#[test]
fn delimited_text() {
    check("csv");
}

#[test]
fn playbooks() {
    check("playbook");
}

#[test]
fn json_lines() {
    check("jsonl");
}

#[test]
fn e_mail_addresses() {
    check("email");
}

#[test]
fn models_to_lay_out() {
    check("format");
}

#[test]
fn cases_in_markdown() {
    check("markdown");
}

#[test]
fn models() {
    check("model");
}

#[test]
fn states_that_a_store_hands_back() {
    check("state");
}

#[test]
fn instants_and_durations() {
    check("time");
}

#[test]
fn bytes_of_values() {
    check("value");
}

#[test]
fn bodies_of_events() {
    check("intake");
}

#[test]
fn whole_requests() {
    check("request");
}
