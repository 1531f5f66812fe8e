//! `kelvin predict`: the probability of the outcome for each lead, by a model of `kelvin train`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use kelvin_batch::write::csv::push_cell;
use kelvin_learn::{Artifact, Explanation, Predictor, Table, rows};
use serde_json::{Map, Value, json};

use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, check_rules_asked},
    models,
    output::Output,
    terminal::{Colour, Terminal, tell},
};

/// Predict the outcome of leads with a model of `kelvin train`
///
/// Writes a line for each lead: its id, the probability of the outcome, and with --explain what each input adds to the log-odds:
/// with `base` and `calibration` the parts add up to `log_odds`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin predict --model model.kelvin.json --leads new.csv
  kelvin predict --model model.kelvin.json --leads new.csv --explain | jq .
  kelvin predict --model model.kelvin.json --leads new.csv -o probabilities.csv
  kelvin predict --model model.kelvin.json --rules model.yaml --leads new.csv --events events.jsonl

Exit status: 0 done; 1 some rows were rejected; 2 the command, the model or a file is unusable.")]
pub(crate) struct Arguments {
    /// The model: a file that `kelvin train --out` wrote
    #[arg(short, long, value_name = "FILE", help_heading = "Input")]
    model: PathBuf,

    /// The models of points whose rules it asks for; a file or a folder, may be repeated
    #[arg(long, value_name = "FILE|FOLDER", help_heading = "Input")]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    pub(super) leads: ExampleOptions,

    /// Write to a file; its extension tells the format, `.csv` or `.jsonl`
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// The format [default: by the output's extension, else jsonl]
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,

    /// Tell what each input adds
    #[arg(long, help_heading = "Output")]
    explain: bool,
}

/// How predictions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Csv,
}

pub(crate) fn run(mut arguments: Arguments, colour: Colour) -> Outcome {
    let format = arguments.format()?;
    let artifact = read(&arguments.model)?;
    let programs = models::optional(&arguments.rules, &Terminal::of_errors(colour))?;
    let help = "give the model that it is a rule of: `--rules model.yaml`";
    check_rules_asked(&arguments.model, &artifact.predictor, &programs, help)?;
    arguments.leads.ask(&artifact.predictor);
    let leads = arguments.leads.leads(&programs)?;
    arguments.leads.tell_notes(&leads.notes);
    let table = leads.table_for(&artifact.predictor)?;
    tell_absent(&artifact.predictor, &table);
    let mut output = Output::open(arguments.output.as_deref())?;
    if format == Format::Csv {
        output.put(b"lead_id,probability\n")?;
    }
    for (example, row) in leads.dataset.examples.iter().zip(rows(&artifact.predictor, &table)) {
        let lead = &example.lead;
        let line = match format {
            Format::Csv => csv_line(lead, artifact.predictor.probability(&row)),
            Format::Jsonl => json_line(&artifact.predictor, lead, &row, arguments.explain),
        };
        output.put(&line)?;
    }
    output.finish()?;
    Ok(if leads.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    fn format(&self) -> Outcome<Format> {
        let named = self.output.as_deref().and_then(Path::extension).and_then(|extension| extension.to_str());
        let format = self.format.unwrap_or(if named == Some("csv") { Format::Csv } else { Format::Jsonl });
        if format == Format::Csv && self.explain {
            return Err(Failure::new("a CSV file has no room for explanations").help("use --format jsonl"));
        }
        Ok(format)
    }
}

/// Reads a file of `kelvin train`.
pub(super) fn read(path: &Path) -> Outcome<Artifact> {
    let text = fs::read_to_string(path).map_err(|cause| Failure::file("read", path, &cause))?;
    Artifact::read(&text).map_err(|cause| {
        Failure::new(format!("cannot use `{}`: {cause}", path.display()))
            .help("`kelvin train --out` writes such files")
    })
}

/// Tells of inputs that no lead has.
pub(super) fn tell_absent(predictor: &Predictor, table: &Table) {
    let has = |feature: &str| table.columns().iter().any(|column| column.feature.to_string() == feature);
    for input in predictor.inputs.iter().filter(|input| !has(&input.feature)) {
        tell(format_args!("note: the leads have no `{}`: it is taken as missing", input.feature));
    }
}

fn csv_line(lead: &str, probability: f64) -> Vec<u8> {
    let mut line = Vec::new();
    push_cell(&mut line, lead);
    line.extend(format!(",{probability}\n").into_bytes());
    line
}

fn json_line(predictor: &Predictor, lead: &str, row: &[f64], explain: bool) -> Vec<u8> {
    let mut line = json!({ "lead_id": lead, "probability": predictor.probability(row) });
    if explain {
        line["explanation"] = explanation(predictor, &predictor.explanation(row));
    }
    format!("{line}\n").into_bytes()
}

/// The parts, those that move most first.
fn explanation(predictor: &Predictor, told: &Explanation) -> Value {
    let mut parts: Vec<(&str, f64)> =
        predictor.inputs.iter().map(|input| &*input.feature).zip(told.parts.iter().copied()).collect();
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let parts: Map<String, Value> =
        parts.into_iter().map(|(name, part)| (name.to_owned(), json!(part))).collect();
    json!({ "base": told.base, "parts": parts, "calibration": told.calibration, "log_odds": told.log_odds })
}
