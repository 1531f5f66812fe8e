//! `cargo xtask …`: the developer commands of Kelvin, in one small program.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "talking to the developer is the point")]

use std::process::ExitCode;

mod api;
mod bench;
mod clients;
mod demo;
mod fuzz;
mod random;
mod service;
mod setup;
mod shell;
mod test;
mod tidy;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [FOLDER]             build kelvin, write a small workspace (default kelvin-demo), score and explain it
  test [STEP…]              everything that CI runs, set-up included; or only the steps named
  ci                        what .ci/run runs: the same as test
  tidy                      check the shape of the repository: layers, headers, lengths, paths in the docs
  bench [WHAT…]             measure; `cargo xtask bench help` lists what there is
  fuzz TARGET [SECONDS]     fuzz one target with libFuzzer on the stable compiler; without a target, list them
  help                      this text
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match args.as_slice() {
        ["test", rest @ ..] => test::command(rest),
        ["ci"] => test::command(&[]),
        ["tidy"] => tidy::command(),
        ["bench", rest @ ..] => bench::command(rest),
        ["demo", rest @ ..] => demo::command(rest),
        ["fuzz", rest @ ..] => fuzz::command(rest),
        [] | ["help" | "--help" | "-h", ..] => {
            print!("{USAGE}");
            Ok(())
        }
        [other, ..] => Err(anyhow::anyhow!("unknown command `{other}`\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
