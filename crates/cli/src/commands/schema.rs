//! `kelvin schema`: the language as a JSON Schema, for editors.

use std::path::PathBuf;

use clap::Args;

use crate::{
    failure::{Exit, Outcome},
    output::Output,
};

/// Print the JSON Schema of model files, with which editors complete and check them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin schema -o kelvin.schema.json

In an editor with the YAML language server, the first line of a model then says:
  # yaml-language-server: $schema=kelvin.schema.json")]
pub(crate) struct Arguments {
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let text = serde_json::to_string_pretty(&kelvin_model::schema::schema(&kelvin_model::grammar::MODELS))
        .map_err(|cause| crate::failure::Failure::new(format!("cannot print the schema: {cause}")))?;
    Output::write_text(arguments.output.as_deref(), &format!("{text}\n"))?;
    Ok(Exit::Done)
}
