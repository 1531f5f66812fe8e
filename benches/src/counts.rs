//! Runs one operation of the kernel many times, for callgrind to count: `counts SCENARIO ROUNDS`.
//!
//! Without arguments it lists the scenarios. Whatever the rounds, the same things are prepared, so that the
//! difference of two runs is the operations alone. It prints how many operations it did.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells what it did")]

use std::{hint::black_box, process::ExitCode};

use kelvin_kernel::{Duration, Instant, program::Program, score::Detail, state::State};
use workload::Workload;

mod workload;

/// The most rounds that are prepared.
const ROUNDS: usize = 2;
/// The instants of a round of scores: enough for the set-up's own noise not to be heard.
const INSTANTS: usize = 25;

struct Scenario {
    name: &'static str,
    /// Does the operations of so many rounds and returns their number.
    run: fn(&Program, Workload, usize) -> usize,
}

const SCENARIOS: &[Scenario] = &[
    Scenario { name: "apply", run: apply },
    Scenario { name: "score", run: |program, work, rounds| score(program, work, rounds, Detail::default()) },
    Scenario { name: "score-reasons", run: |program, work, rounds| score(program, work, rounds, REASONS) },
    Scenario { name: "score-until", run: |program, work, rounds| score(program, work, rounds, UNTIL) },
    Scenario { name: "state-decode", run: decode },
    Scenario { name: "state-encode", run: encode },
];

const REASONS: Detail = Detail { until: false, reasons: true };
const UNTIL: Detail = Detail { until: true, reasons: false };

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, rounds] = args.as_slice() else {
        SCENARIOS.iter().for_each(|scenario| println!("{}", scenario.name));
        return ExitCode::SUCCESS;
    };
    let model = kelvin_model::load("counts.yaml", include_str!("../counts.yaml"));
    let (Some(scenario), Ok(rounds), Some(plan)) =
        (SCENARIOS.iter().find(|scenario| scenario.name == name), rounds.parse::<usize>(), &model.plan)
    else {
        eprintln!("counts SCENARIO ROUNDS\n{}", model.render(false));
        return ExitCode::FAILURE;
    };
    let program = Program::new(plan.clone());
    let work = Workload::new(program.plan());
    println!("{}", (scenario.run)(&program, work, rounds.min(ROUNDS)));
    ExitCode::SUCCESS
}

/// Events in order, taken in one by one.
fn apply(program: &Program, work: Workload, rounds: usize) -> usize {
    let mut copies: Vec<_> = (0..ROUNDS).map(|_| work.clone()).collect();
    let mut operations = 0;
    let mut states = Vec::new();
    for copy in copies.drain(..rounds) {
        for lead in copy.leads {
            let mut state = State::new(lead.attributes, Vec::new());
            for event in lead.events {
                black_box(state.apply(program, event));
                operations += 1;
            }
            states.push(state);
        }
    }
    std::mem::forget((copies, states));
    operations
}

/// Scores at instants after all events, a day apart.
fn score(program: &Program, work: Workload, rounds: usize, detail: Detail) -> usize {
    let mut states = folded(program, work);
    let instants = INSTANTS * rounds;
    for instant in 0..instants {
        let at = workload::END.as_millis() + instant as i64 * DAY.as_millis();
        for state in &mut states {
            black_box(state.score(program, Instant::from_millis(at), detail));
        }
    }
    instants * states.len()
}

/// States as bytes.
fn encode(program: &Program, work: Workload, rounds: usize) -> usize {
    let states = folded(program, work);
    for state in (0..rounds).flat_map(|_| &states) {
        black_box(state.encode(program));
    }
    rounds * states.len()
}

/// States from bytes.
fn decode(program: &Program, work: Workload, rounds: usize) -> usize {
    let encoded: Vec<_> = folded(program, work).iter().map(|state| state.encode(program)).collect();
    for bytes in (0..rounds).flat_map(|_| &encoded) {
        let _ = black_box(State::decode(program, bytes));
    }
    rounds * encoded.len()
}

const DAY: Duration = Duration::from_millis(86_400_000);

/// States that have taken in all events.
fn folded(program: &Program, work: Workload) -> Vec<State> {
    let fold = |lead: workload::Lead| {
        let mut state = State::new(lead.attributes, Vec::new());
        for event in lead.events {
            state.apply(program, event);
        }
        state
    };
    work.leads.into_iter().map(fold).collect()
}
