//! `kelvin diff`: what changed between two models, in meaning.

use std::path::PathBuf;

use clap::Args;
use kelvin_model::diff;

use crate::{
    failure::{Exit, Outcome},
    models,
    output::{Output, ReportFormat},
    render::text::harmless,
    terminal::{Colour, Terminal},
};

/// Tell what changed between two models in meaning, not in text
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin diff old.yaml new.yaml
  git show HEAD:model.yaml | kelvin diff - model.yaml

Exit status: 0 both mean the same; 1 they differ; 2 a model cannot be read or has errors.")]
pub(crate) struct Arguments {
    /// The model before; `-` is standard input
    #[arg(value_name = "BEFORE")]
    before: PathBuf,

    /// The model after
    #[arg(value_name = "AFTER")]
    after: PathBuf,

    /// A sentence for each change, the most important first, or a JSON array of objects
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let errors = Terminal::of_errors(colour);
    let (before, after) =
        (models::sound(&arguments.before, &errors)?, models::sound(&arguments.after, &errors)?);
    let changes = diff::diff(&before.model, &after.model);
    let text = match arguments.format {
        ReportFormat::Json => format!("{}\n", diff::to_json(&changes)),
        ReportFormat::Text => {
            changes.iter().map(|change| format!("{}\n", harmless(&change.sentence))).collect()
        }
    };
    Output::write_text(None, &text)?;
    Ok(if changes.is_empty() { Exit::Done } else { Exit::Findings })
}
