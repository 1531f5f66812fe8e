//! Where the time of a run goes, against the floor of merely decoding the same columns.
//!
//! `cargo bench -p kelvin-batch --bench score -- FOLDER MODEL [THREADS] [EXTENSION]` scores `leads` and `events` of a
//! folder as of 2026-01-01 and prints the seconds of each stage.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench prints times"
)]

use std::{ops::ControlFlow, path::Path, time::Instant as Clock};

use kelvin_batch::{
    Error, Files, Intake, Job, Models, Resources, Source,
    read::{EventChunk, Input, LeadChunk, ReadOptions, Rejects},
    score,
    selection::Selection,
    write::columns::Shown,
};
use kelvin_kernel::{Instant, program::Program, score::Detail};

/// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [folder, model, rest @ ..] = arguments.as_slice() else {
        println!("usage: FOLDER MODEL [THREADS] [EXTENSION]");
        return;
    };
    let threads = rest.first().map_or(2, |threads| threads.parse().expect("a number of threads"));
    let extension = rest.get(1).map_or("parquet", String::as_str);
    let text = std::fs::read_to_string(model).expect("a model");
    let programs = [Program::new(kelvin_model::load(model, &text).plan.expect("a model without problems"))];
    let models = Models::new(&programs, false).expect("few names");
    let rejects = Rejects::new(|_| ControlFlow::Continue(()));

    let clock = Clock::now();
    floor(&files(Path::new(folder), extension, &models).source(&rejects), threads);
    println!("decode only  {:6.2} s", clock.elapsed().as_secs_f64());

    for until in [true, false] {
        let job = Job {
            models: &models,
            at: "2026-01-01T00:00:00Z".parse().map_or(Instant::MIN, |at: Instant| at),
            detail: Detail { until, reasons: false },
            selection: Selection::default(),
            resources: Resources { threads, memory: 8 << 30, folder: std::env::temp_dir(), partitions: 256 },
        };
        let clock = Clock::now();
        let files = files(Path::new(folder), extension, &models);
        let scores = score(&job, &files.source(&rejects)).expect("a run");
        println!("score        {:6.2} s (until: {until})", clock.elapsed().as_secs_f64());
        let clock = Clock::now();
        let mut out = Vec::new();
        scores.write_parquet(&Shown::default(), &mut out).expect("a file");
        println!("write        {:6.2} s ({} MB)", clock.elapsed().as_secs_f64(), out.len() / 1_000_000);
    }
}

fn files(folder: &Path, extension: &str, models: &Models<'_>) -> Files {
    let input = |name: &str| vec![Input::file(folder.join(format!("{name}.{extension}")))];
    Files::open(input("leads"), input("events"), models.wanted(), &ReadOptions::default()).expect("files")
}

/// Decodes all chunks and drops them.
fn floor(files: &dyn Source, threads: usize) {
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| files.each(&mut Drops(0)).expect("readable files"));
        }
    });
}

struct Drops(usize);

impl Intake for Drops {
    fn take_leads(&mut self, chunk: &LeadChunk) -> Result<(), Error> {
        self.0 += chunk.len();
        Ok(())
    }

    fn take_events(&mut self, chunk: &EventChunk) -> Result<(), Error> {
        self.0 += chunk.len();
        Ok(())
    }
}
