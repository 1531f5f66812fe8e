//! `cargo xtask test`: all that CI runs, one step after the other, with a summary at the end.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::{
    api, bench, clients, demo, fuzz, setup,
    shell::{cargo, run, works},
    tidy,
};

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn() -> Result<()>,
}

/// Cheap and telling steps first. CONTRIBUTING lists them; keep the two alike.
const STEPS: &[Step] = &[
    Step { name: "setup", what: "rustfmt, clippy and PostgreSQL are installed", run: setup::all },
    Step { name: "tidy", what: "the repository has its shape", run: tidy::command },
    Step { name: "format", what: "the code is formatted", run: format },
    Step { name: "lint", what: "clippy has nothing to say", run: lint },
    Step { name: "tests", what: "unit and integration tests", run: tests },
    Step { name: "doctests", what: "examples in the code's documentation", run: doctests },
    Step { name: "fuzz", what: "a short run of every fuzz target", run: fuzz::smoke },
    Step { name: "demo", what: "the demo runs and prints what the README shows", run: demo::check },
    Step { name: "clients", what: "the SDKs and browsers of others", run: clients::check },
    Step { name: "api", what: "schemathesis against the service", run: api::check },
    Step { name: "counts", what: "instruction counts against their baseline", run: bench::counts::check },
    Step { name: "docs", what: "the code's documentation builds, its links hold", run: docs },
];

/// Runs all steps, or those named.
pub(crate) fn command(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("unknown step `{unknown}`: the steps are {}", known.join(", "));
    }
    let chosen = STEPS.iter().filter(|step| names.is_empty() || names.contains(&step.name));
    let results: Vec<_> = chosen.map(|step| (step.name, timed(step))).collect();

    println!("\n── summary");
    for (name, (seconds, error)) in &results {
        let mark = if error.is_none() { "ok    " } else { "FAILED" };
        println!("{mark} {name:<10} {seconds:>6.1} s");
    }
    let failed = results.iter().filter(|(_, (_, error))| error.is_some()).count();
    println!("steps: {} passed, {failed} failed", results.len() - failed);
    if failed > 0 {
        bail!("see the steps that failed above");
    }
    Ok(())
}

fn timed(step: &Step) -> (f64, Option<anyhow::Error>) {
    println!("\n── {}: {}", step.name, step.what);
    let start = Instant::now();
    let error = (step.run)().err();
    if let Some(error) = &error {
        eprintln!("{}: {error:#}", step.name);
    }
    (start.elapsed().as_secs_f64(), error)
}

fn format() -> Result<()> {
    run(&mut cargo(&["fmt", "--all", "--check"])?)
}

fn lint() -> Result<()> {
    run(&mut cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])?)
}

/// With nextest where it is installed; compiling it for minutes would buy little.
fn tests() -> Result<()> {
    if works(&mut cargo(&["nextest", "--version"])?) {
        return run(&mut cargo(&[
            "nextest",
            "run",
            "--workspace",
            "--exclude",
            "kelvin-fuzz",
            "--profile",
            "ci",
        ])?);
    }
    let args =
        ["test", "--workspace", "--exclude", "kelvin-fuzz", "--lib", "--bins", "--tests", "--no-fail-fast"];
    run(&mut cargo(&args)?)
}

fn doctests() -> Result<()> {
    run(&mut cargo(&["test", "--quiet", "--workspace", "--doc"])?)
}

fn docs() -> Result<()> {
    let args = ["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"];
    run(cargo(&args)?.env("RUSTDOCFLAGS", "--deny warnings"))
}
