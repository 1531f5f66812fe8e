//! `kelvin openapi`: the service's API as an OpenAPI document.

use std::path::PathBuf;

use clap::Args;

use crate::{
    failure::{Exit, Failure, Outcome},
    output::Output,
};

/// Print the OpenAPI document of what `kelvin serve` answers, from which clients and their types are made
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin openapi -o kelvin.openapi.json

A running service has it at /api/v1/openapi.json.")]
pub(crate) struct Arguments {
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let text = serde_json::to_string_pretty(&kelvin_server::openapi())
        .map_err(|cause| Failure::new(format!("cannot print the document: {cause}")))?;
    Output::write_text(arguments.output.as_deref(), &format!("{text}\n"))?;
    Ok(Exit::Done)
}
