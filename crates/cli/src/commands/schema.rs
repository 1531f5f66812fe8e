//! `kelvin schema`: the language as a JSON Schema, for editors.

use std::path::PathBuf;

use clap::Args;
use kelvin_model::{grammar, schema};

use crate::{
    failure::{Exit, Outcome},
    output::Output,
};

/// Print the JSON Schema of models or playbooks, with which editors complete and check them
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin schema -o kelvin.schema.json
  kelvin schema --playbook -o playbook.schema.json

In an editor with the YAML language server, the first line of a model then says:
  # yaml-language-server: $schema=kelvin.schema.json")]
pub(crate) struct Arguments {
    /// That of playbooks
    #[arg(long)]
    playbook: bool,

    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let document = if arguments.playbook { &grammar::PLAYBOOKS } else { &grammar::MODELS };
    let text = serde_json::to_string_pretty(&schema::schema(document))
        .map_err(|cause| crate::failure::Failure::new(format!("cannot print the schema: {cause}")))?;
    Output::write_text(arguments.output.as_deref(), &format!("{text}\n"))?;
    Ok(Exit::Done)
}
