//! `kelvin check`: all that is wrong or doubtful in model files.

use std::path::PathBuf;

use clap::Args;
use kelvin_model::{Loaded, diagnostics};

use crate::{
    failure::{Exit, Outcome},
    models,
    output::{Output, ReportFormat},
    render::text::counted,
    terminal::{Colour, Terminal},
};

/// Report all problems of model files at once
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin check model.yaml
  kelvin check --deny-warnings models/
  kelvin check --format json model.yaml | jq '.[].code'

Exit status: 0 the models can be used (there may be warnings); 1 some model has errors,
or warnings with --deny-warnings; 2 a file cannot be read.")]
pub(crate) struct Arguments {
    /// Model files, or folders whose `*.yaml` files are all checked; `-` is standard input
    #[arg(value_name = "MODEL", required = true)]
    models: Vec<PathBuf>,

    /// How problems are told: for people, or as a JSON array of objects
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,

    /// Treat warnings as errors
    #[arg(long)]
    deny_warnings: bool,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let files = models::files(&arguments.models)?;
    let loaded = files.iter().map(|path| models::load(path)).collect::<Outcome<Vec<_>>>()?;
    let report = match arguments.format {
        ReportFormat::Text => text(&loaded, &Terminal::of_output(colour)),
        ReportFormat::Json => json(&loaded),
    };
    Output::write_text(None, &report)?;
    let bad =
        |loaded: &Loaded| loaded.has_errors() || arguments.deny_warnings && !loaded.diagnostics.is_empty();
    Ok(if loaded.iter().any(bad) { Exit::Findings } else { Exit::Done })
}

/// Every problem with the source underlined, and a line for each file.
fn text(loaded: &[Loaded], terminal: &Terminal) -> String {
    let mut text = String::new();
    for file in loaded.iter().filter(|file| !file.diagnostics.is_empty()) {
        text.push_str(&file.render(terminal.colour));
        text.push('\n');
    }
    for file in loaded {
        text.push_str(&summary(file));
        text.push('\n');
    }
    text
}

fn summary(file: &Loaded) -> String {
    let errors = file.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = file.diagnostics.len() - errors;
    let counts = match (errors, warnings) {
        (0, 0) => "no problems".to_owned(),
        (errors, 0) => counted(errors as u64, "error"),
        (0, warnings) => counted(warnings as u64, "warning"),
        (errors, warnings) => {
            format!("{}, {}", counted(errors as u64, "error"), counted(warnings as u64, "warning"))
        }
    };
    format!("{}: {counts}", file.name)
}

/// A JSON array, one diagnostic a line.
fn json(loaded: &[Loaded]) -> String {
    let objects = loaded.iter().flat_map(|file| {
        let object = |diagnostic| diagnostics::to_json(diagnostic, &file.name).to_string();
        file.diagnostics.iter().map(object)
    });
    let lines = objects.collect::<Vec<_>>().join(",\n");
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{lines}\n]\n") }
}
