//! `kelvin check`: all that is wrong or doubtful in model files and playbooks.

use std::path::PathBuf;

use clap::Args;
use kelvin_model::{
    Loaded,
    diagnostics::{self, Diagnostic},
    playbook,
};

use crate::{
    failure::{Exit, Outcome},
    models,
    output::{Output, ReportFormat},
    render::text::counted,
    source::Source,
    terminal::{Colour, Terminal},
};

/// Report all problems of models and playbooks at once
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin check model.yaml
  kelvin check --deny-warnings models/
  kelvin check playbook.yaml models/      the names of models and tiers, too
  kelvin check --format json model.yaml | jq '.[].code'

Exit status: 0 the files can be used (there may be warnings); 1 some file has errors,
or warnings with --deny-warnings; 2 a file cannot be read.")]
pub(crate) struct Arguments {
    /// Models and playbooks, or folders whose `*.yaml` files are all checked; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// How problems are told: for people, or as a JSON array of objects
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,

    /// Treat warnings as errors
    #[arg(long)]
    deny_warnings: bool,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let paths = models::files(&arguments.files)?;
    let sources = paths.iter().map(|path| models::read(path)).collect::<Outcome<Vec<_>>>()?;
    let checked = checked(&sources);
    let report = match arguments.format {
        ReportFormat::Text => text(&checked, &Terminal::of_output(colour)),
        ReportFormat::Json => json(&checked),
    };
    Output::write_text(None, &report)?;
    let bad = |file: &Checked| {
        file.problems.iter().any(Diagnostic::is_error) || arguments.deny_warnings && !file.problems.is_empty()
    };
    Ok(if checked.iter().any(bad) { Exit::Findings } else { Exit::Done })
}

/// A file with all that is wrong or doubtful in it.
struct Checked {
    name: String,
    source: String,
    problems: Vec<Diagnostic>,
}

/// The models, each on its own, and the playbooks, beside the models.
fn checked(sources: &[Source]) -> Vec<Checked> {
    let is_playbook = |source: &Source| source.text().is_ok_and(playbook::is_playbook);
    let load = |source| models::of_source(source);
    let loaded: Vec<_> = sources.iter().map(|source| (!is_playbook(source)).then(|| load(source))).collect();
    let mut models: Vec<_> = loaded.iter().flatten().map(|loaded| &loaded.model).collect();
    if loaded.iter().flatten().any(Loaded::has_errors) {
        // What a playbook names may stand where a model is wrong.
        models.clear();
    }
    let one = |(source, model): (&Source, &Option<Loaded>)| match model {
        Some(model) => {
            Checked { name: source.name(), source: model.source.clone(), problems: model.diagnostics.clone() }
        }
        None => {
            let book = playbook::load_bytes(&source.name(), &source.bytes, &models);
            Checked { name: book.name, source: book.source, problems: book.diagnostics }
        }
    };
    sources.iter().zip(&loaded).map(one).collect()
}

/// Every problem with the source underlined, and a line for each file.
fn text(checked: &[Checked], terminal: &Terminal) -> String {
    let mut text = String::new();
    for file in checked.iter().filter(|file| !file.problems.is_empty()) {
        text.push_str(&diagnostics::render(&file.problems, &file.name, &file.source, terminal.colour));
        text.push('\n');
    }
    for file in checked {
        text.push_str(&summary(file));
        text.push('\n');
    }
    text
}

fn summary(file: &Checked) -> String {
    let errors = file.problems.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = file.problems.len() - errors;
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
fn json(checked: &[Checked]) -> String {
    let objects = checked.iter().flat_map(|file| {
        let object = |diagnostic| diagnostics::to_json(diagnostic, &file.name).to_string();
        file.problems.iter().map(object)
    });
    let lines = objects.collect::<Vec<_>>().join(",\n");
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{lines}\n]\n") }
}
