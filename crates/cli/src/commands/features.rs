//! `kelvin features`: what was known of leads at their moments of decision, as a table for other tools.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kelvin_batch::write::{
    csv::push_cell,
    table::{Found, Row, Table},
};
use kelvin_learn::{Example, MISSING, Values};
use serde_json::{Value as Json, json};

use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples},
    models,
    output::Output,
    render::text::{counted, grouped},
    terminal::{Colour, Terminal},
};

/// Write what was known of leads when it was to be decided about them
///
/// A row for each lead and moment of decision: its id, the moment, whether the outcome came within the horizon, and what was known at that
/// moment and nothing later: attributes, how often and when it did what, where it came from, and what each rule of models was worth. A table of
/// leads without events has a row for each lead; so has everything where no outcome is named.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin features -l leads.csv --outcome 'lead.converted == true' -o matrix.csv
  kelvin features -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --outcome-value event.amount -o matrix.parquet
  kelvin features -l leads.csv -e events.jsonl --outcome-event 'Deal Won' -m model.yaml --horizon 60d -o matrix.jsonl

Exit status: 0 done; 1 some rows were rejected; 2 the command, a model or a file is unusable.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// Models, whose rules become features too; a file or a folder, may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", help_heading = "Input")]
    models: Vec<PathBuf>,

    /// Write to a file, whose extension tells the format; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// The format [default: by the output's extension; else csv]
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
    Parquet,
}

/// The columns before those of features.
const FIRST: [&str; 5] = ["lead_id", "at", "outcome", "outcome_at", "value"];

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let programs = models::optional(&arguments.models, &terminal)?;
    let examples = arguments.examples.examples_or_leads(&programs, &terminal)?;
    let mut output = Output::open(arguments.output.as_deref())?;
    match arguments.format() {
        Format::Csv => write_csv(&examples, &mut output)?,
        Format::Jsonl => {
            each_row(&examples, |row| output.put(format!("{}\n", Json::Object(row)).as_bytes()))?
        }
        Format::Parquet => write_parquet(&examples, &mut output)?,
    }
    output.finish()?;
    arguments.examples.tell(summary(&examples));
    arguments.examples.tell_notes(&examples.notes);
    Ok(if examples.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    fn format(&self) -> Format {
        let extension = self.output.as_ref().and_then(|path| path.extension()?.to_str());
        let by_extension = match extension {
            Some("jsonl" | "ndjson") => Format::Jsonl,
            Some("parquet") => Format::Parquet,
            _ => Format::Csv,
        };
        self.format.unwrap_or(by_extension)
    }
}

fn summary(examples: &Examples) -> String {
    let dataset = &examples.dataset;
    let (rows, positives) = (dataset.examples.len(), dataset.positives());
    let share = 100.0 * positives as f64 / rows.max(1) as f64;
    let mut summary = format!("{} of {}", counted(rows as u64, "example"), examples.about);
    if positives > 0 {
        summary += &format!(", {} with the outcome ({share:.1} %)", grouped(positives as u64));
    }
    summary += &format!(", {}", counted(dataset.table.columns().len() as u64, "feature"));
    let models: Vec<_> = examples.models.iter().map(|model| model.model.as_str()).collect();
    if !models.is_empty() {
        summary += &format!(", with the rules of {}", models.join(", "));
    }
    summary
}

/// All columns with their names: those of features, and what rules are worth.
fn columns(examples: &Examples) -> Vec<(String, &Values)> {
    let rules = examples.models.iter().flat_map(|model| &model.rules).map(|rule| &rule.worths);
    let columns = examples.dataset.table.columns().iter().chain(rules);
    columns.map(|column| (column.feature.to_string(), &column.values)).collect()
}

fn cell(values: &Values, row: usize) -> Json {
    match values {
        Values::Numbers(numbers) if numbers[row].is_nan() => Json::Null,
        Values::Numbers(numbers) if numbers[row].fract() == 0.0 && numbers[row].abs() < 1e15 => {
            json!(numbers[row] as i64)
        }
        Values::Numbers(numbers) => json!(numbers[row]),
        Values::Categories { codes, .. } if codes[row] == MISSING => Json::Null,
        Values::Categories { codes, levels } => json!(levels[codes[row] as usize]),
    }
}

/// What stands before the features, in the order of [`FIRST`].
fn head(example: &Example) -> [Json; 5] {
    let instant = |at: Option<kelvin_kernel::Instant>| at.map_or(Json::Null, |at| json!(at.to_string()));
    [
        json!(example.lead),
        instant(example.at),
        json!(u8::from(example.outcome)),
        instant(example.outcome_at),
        json!(example.value),
    ]
}

fn each_row(examples: &Examples, mut take: impl FnMut(Row) -> Outcome<()>) -> Outcome<()> {
    let columns = columns(examples);
    for (place, example) in examples.dataset.examples.iter().enumerate() {
        let first = FIRST.into_iter().map(str::to_owned).zip(head(example));
        let features = columns.iter().map(|(name, values)| (name.clone(), cell(values, place)));
        take(first.chain(features).collect())?;
    }
    Ok(())
}

fn write_csv(examples: &Examples, output: &mut Output) -> Outcome<()> {
    let columns = columns(examples);
    let names = FIRST.into_iter().chain(columns.iter().map(|(name, _)| name.as_str()));
    output.put(&line(names.map(|name| json!(name))))?;
    for (place, example) in examples.dataset.examples.iter().enumerate() {
        let features = columns.iter().map(|(_, values)| cell(values, place));
        output.put(&line(head(example).into_iter().chain(features)))?;
    }
    Ok(())
}

fn line(cells: impl Iterator<Item = Json>) -> Vec<u8> {
    let mut line = Vec::new();
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            line.push(b',');
        }
        match cell {
            Json::Null => {}
            Json::String(text) => push_cell(&mut line, &text),
            other => line.extend(other.to_string().into_bytes()),
        }
    }
    line.push(b'\n');
    line
}

fn write_parquet(examples: &Examples, output: &mut Output) -> Outcome<()> {
    let failed = |cause| Failure::new(format!("cannot write the table: {cause}"));
    let mut found = Found::beginning_with(&FIRST);
    each_row(examples, |row| {
        found.notice(&row);
        Ok(())
    })?;
    let mut table = Table::begin(output, found).map_err(failed)?;
    each_row(examples, |row| table.put(row).map_err(failed))?;
    table.finish().map_err(failed)
}
