//! The binary `kelvin`: the only place that reads the clock and the environment, and that renders.

mod allocator;
mod args;
mod clock;
mod commands;
mod drawn;
mod explain;
mod failure;
mod flat;
mod import;
mod inputs;
mod learning;
mod log;
mod machine;
mod models;
mod origins;
mod output;
mod playbooks;
mod progress;
mod rejects;
mod render;
mod service;
mod settings;
mod source;
mod terminal;

use std::process::ExitCode;

use crate::failure::Exit;

fn main() -> ExitCode {
    let exit = match settings::arguments().and_then(commands::run) {
        Ok(exit) => exit,
        Err(failure) if failure.is_quiet() => Exit::Done,
        Err(failure) => {
            terminal::tell(failure);
            Exit::Unusable
        }
    };
    ExitCode::from(exit as u8)
}
