//! `kelvin evaluate`: how well a model's scores told what became of leads.

use std::path::PathBuf;

use clap::Args;
use kelvin_learn::{
    evaluation::{Evaluation, Judged},
    measure::Resampling,
};

use crate::{
    failure::{Exit, Failure, Outcome},
    learning::ExampleOptions,
    machine, models,
    output::{Output, ReportFormat},
    render::evaluation,
    terminal::{Colour, Terminal, tell},
};

/// Tell how well a model's scores told what became of leads
///
/// Scores leads as they were at their moments of decision and compares that with what became of them: how well the order of scores tells
/// them apart, how many of each tier and band of scores converted, what each rule does and what the score would be without it, and
/// which leads went another way than their scores. Intervals know which examples are moments of one lead. The score without a rule is the score less its points, whatever weights and ranges would make of it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin evaluate -m model.yaml -l leads.csv --outcome 'lead.converted == true'
  kelvin evaluate -m model.yaml -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --outcome-value event.amount
  kelvin evaluate -m models/ -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --format json -o report.json

Exit status: 0 done; 1 some rows were rejected; 2 the command, a model or a file is unusable.")]
pub(crate) struct Arguments {
    /// A model file, or a folder whose `*.yaml` files are all used; may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", required = true, help_heading = "Input")]
    models: Vec<PathBuf>,

    #[command(flatten)]
    examples: ExampleOptions,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// For people, or all of it as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// What chance starts from where intervals are drawn: the same seed and data give the same report
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Output")]
    seed: u64,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let programs: Vec<_> =
        models::programs(&arguments.models, &terminal)?.into_iter().map(|(program, _)| program).collect();
    let examples = arguments.examples.examples(&programs, &terminal)?;
    examples.notes.iter().for_each(|note| tell(format_args!("note: {note}")));
    let threads = machine::resources(None, None).threads;
    let how = Resampling { seed: arguments.seed, threads, ..Resampling::default() };
    let mut reports = Vec::new();
    for model in &examples.models {
        let judged = Judged { scores: &model.scores, tiers: &model.tiers, rules: &model.rules };
        let report = Evaluation::new(&examples.dataset, judged, &how)
            .map_err(|cause| Failure::new(format!("cannot evaluate `{}`: {cause}", model.model)))?;
        reports.push((model.model.as_str(), report));
    }
    let text = match arguments.format {
        ReportFormat::Text => {
            let terminal = Terminal::of_target(colour, arguments.output.as_deref());
            evaluation::text(&examples.about, &reports, &terminal)
        }
        ReportFormat::Json => evaluation::json(&examples.about, &reports)?,
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    Ok(if examples.rejected > 0 { Exit::Findings } else { Exit::Done })
}
