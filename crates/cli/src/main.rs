//! The binary `kelvin`: the only place that reads the clock and the environment, and that renders.

mod args;
mod clock;
mod commands;
mod explain;
mod failure;
mod inputs;
mod log;
mod machine;
mod models;
mod output;
mod playbooks;
mod progress;
mod rejects;
mod render;
mod service;
mod source;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use crate::failure::Exit;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = args::Arguments::try_parse().unwrap_or_else(|error| args::with_hint(error).exit());
    let exit = match commands::run(arguments) {
        Ok(exit) => exit,
        Err(failure) if failure.is_quiet() => Exit::Done,
        Err(failure) => {
            terminal::tell(failure);
            Exit::Unusable
        }
    };
    ExitCode::from(exit as u8)
}
