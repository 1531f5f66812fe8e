//! `cargo xtask fuzz`: libFuzzer on the stable compiler, and the short run that CI makes.

use anyhow::{Result, bail};

use crate::{
    setup,
    shell::{cargo, program, root, run, target},
};

/// What cargo-fuzz asks of the compiler, less the sanitizers, which need a nightly one.
const COVERAGE: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Coverflow-checks",
];

/// Every target on its seeds and on inputs near them.
pub(crate) fn smoke() -> Result<()> {
    run(&mut cargo(&["test", "--package", "kelvin-fuzz", "--test", "it"])?)
}

/// Fuzzes one target for some seconds (60); finds land in `target/fuzz/finds`.
pub(crate) fn command(args: &[&str]) -> Result<()> {
    let (name, seconds) = match args {
        [name] => (*name, 60),
        [name, seconds] => (*name, seconds.parse::<u32>()?),
        _ => bail!("name one target: {}", targets()?.join(", ")),
    };
    if !targets()?.iter().any(|target| target == name) {
        bail!("unknown target `{name}`: the targets are {}", targets()?.join(", "));
    }
    setup::package("c++", "g++", "to build libFuzzer")?;

    // A target folder and a target triple of its own: build scripts must not be instrumented.
    let folder = target()?.join("fuzz");
    let triple = host()?;
    let build = ["build", "--package", "kelvin-fuzz", "--features", "libfuzzer", "--bin", "libfuzzer"];
    let mut build = cargo(&build)?;
    build.args(["--profile", "fuzz", "--target", &triple]).env("CARGO_TARGET_DIR", &folder);
    run(build.env("CARGO_ENCODED_RUSTFLAGS", COVERAGE.join("\x1f")))?;

    let (found, finds) = (folder.join("corpus").join(name), folder.join("finds"));
    std::fs::create_dir_all(&found)?;
    std::fs::create_dir_all(&finds)?;
    let mut fuzzer =
        program(folder.join(triple).join("fuzz/libfuzzer"), &["-timeout=10", "-rss_limit_mb=4096"]);
    fuzzer.arg(format!("-max_total_time={seconds}")).arg(format!("-artifact_prefix={}/", finds.display()));
    fuzzer.arg(found).arg(root().join("fuzz/corpus").join(name)).env("KELVIN_FUZZ_TARGET", name);
    run(&mut fuzzer)
}

/// The targets: each has a folder of seeds.
fn targets() -> Result<Vec<String>> {
    let folders = std::fs::read_dir(root().join("fuzz/corpus"))?;
    let mut names = Vec::new();
    for folder in folders {
        names.push(folder?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The triple that the compiler builds for.
fn host() -> Result<String> {
    let version = crate::shell::output(&mut program("rustc", &["--version", "--verbose"]))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("rustc does not tell its host"))
}
