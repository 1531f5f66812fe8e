//! `kelvin explain`: one lead's ledger.

use std::path::PathBuf;

use clap::Args;
use kelvin_batch::{
    Job, Models, history,
    read::{Reject, Rejects},
    selection::Selection,
};
use kelvin_kernel::{history::History, program::Program, score::Detail};

use crate::{
    explain::{Explanation, json, ledger, phrases::Phrases},
    failure::{Exit, Failure, Outcome},
    inputs::{AsOf, Inputs},
    machine, models,
    output::{Output, ReportFormat},
    progress::{Progress, during},
    rejects::Teller,
    render::text::harmless,
    terminal::{Colour, Terminal},
};

/// Samples of the curve in JSON: one a day.
const DAYS: usize = 181;

/// Explain one lead's score, point by point
///
/// Prints what every rule awarded and when, what is left of it, what caps and ranges cut off, the score over the past
/// and the coming 90 days, when the tier will change, and the least that would lift the lead to the next tier.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin explain l1 -m model.yaml -l leads.csv -e events.jsonl
  kelvin explain ada@acme.example -m model.yaml -l crm.csv --map lead_id=Email
  kelvin explain l1 -m model.yaml -e events.parquet --as-of now+30d
  kelvin explain l1 -m model.yaml -e events.jsonl --format json | jq .actions

Exit status: 0 done; 1 some rows were rejected, the rest is used;
2 the command, the model or a file is unusable, or the lead is unknown.")]
pub(crate) struct Arguments {
    /// The lead's id
    #[arg(value_name = "LEAD")]
    lead: String,

    #[command(flatten)]
    inputs: Inputs,

    #[command(flatten)]
    as_of: AsOf,

    /// For people, or as a JSON object for each model
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// List all awards of a rule, not just the latest
    #[arg(long, help_heading = "Output")]
    full: bool,

    /// Write to a file
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let errors = Terminal::of_errors(colour);
    arguments.inputs.check()?;
    let loaded = models::programs(&arguments.inputs.models, &errors)?;
    let (programs, phrases): (Vec<Program>, Vec<Phrases>) =
        loaded.into_iter().map(|(program, loaded)| (program, Phrases::new(&loaded.model))).unzip();
    let (histories, rejected) = read(arguments, &programs, &errors)?;
    let terminal = Terminal::of_target(colour, arguments.output.as_deref());
    let mut text = String::new();
    for ((program, phrases), history) in programs.iter().zip(&phrases).zip(&histories) {
        if !text.is_empty() && arguments.format == ReportFormat::Text {
            text.push('\n');
        }
        text.push_str(&one(arguments, (program, phrases), history, &terminal));
    }
    Output::write_text(arguments.output.as_deref(), &text)?;
    Ok(if rejected > 0 { Exit::Findings } else { Exit::Done })
}

/// What the inputs know of the lead, by model, and how many rows were rejected.
fn read(arguments: &Arguments, programs: &[Program], errors: &Terminal) -> Outcome<(Vec<History>, u64)> {
    let models = Models::new(programs, false)?;
    let job = Job {
        models: &models,
        at: arguments.as_of.instant,
        detail: Detail::default(),
        selection: Selection::default(),
        resources: machine::resources(None, None),
    };
    let files = arguments.inputs.open(models.wanted())?;
    let teller = Teller::new(None, false)?;
    arguments.as_of.tell_early(false);
    let progress = Progress { total: files.bytes_total(), read: &|| files.bytes_read() };
    let found = during(&progress, true, errors, |say| {
        let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, say));
        history(&job, &files.source(&rejects), &arguments.lead)
    });
    let rejected = teller.finish()?;
    match found? {
        Some(histories) => Ok((histories, rejected)),
        None => Err(Failure::new(format!("no input knows the lead `{}`", harmless(&arguments.lead)))
            .help("ids are compared letter by letter; --map lead_id=COLUMN says which column holds them")),
    }
}

/// The explanation by one model.
fn one(arguments: &Arguments, model: (&Program, &Phrases), history: &History, terminal: &Terminal) -> String {
    let Arguments { lead, as_of, format, full, .. } = arguments;
    let samples = if *format == ReportFormat::Json { DAYS } else { ledger::samples(terminal) };
    match (Explanation::new(model, (lead, history), as_of.instant, samples), format) {
        (Some(explanation), ReportFormat::Json) => format!("{}\n", json::object(&explanation)),
        (Some(explanation), ReportFormat::Text) => {
            ledger::Page { explanation: &explanation, terminal, full: *full }.render()
        }
        (None, ReportFormat::Json) => String::new(),
        (None, ReportFormat::Text) => {
            let (lead, model) = (harmless(lead), harmless(&model.0.plan().model));
            format!("`{model}` does not apply to `{lead}` as of {}\n", as_of.instant)
        }
    }
}
