//! `kelvin simulate`: what a model would change in a running service if it were published.

use std::{fmt::Write as _, path::PathBuf, thread, time::Duration};

use clap::Args;
use serde_json::{Value as Json, json};

use crate::{
    failure::{Exit, Failure, Outcome},
    models,
    output::{Output, ReportFormat},
    service::{At, Service},
    terminal::{Colour, Terminal},
};

/// How often a service is asked how far it is.
const BEAT: Duration = Duration::from_millis(200);

/// Tell what a model would change in a running service if it were published
///
/// All leads of the service are scored by the file, as of now. Nothing changes: leads keep their scores, and nobody is told.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin simulate model.yaml
  kelvin simulate model.yaml --format json | jq .entered

Exit status: 0 done; 2 the model, the file or the service is unusable.")]
pub(crate) struct Arguments {
    /// The model file; `-` is standard input
    #[arg(value_name = "MODEL")]
    model: PathBuf,

    #[command(flatten)]
    at: At,

    /// A table for people, or a JSON object
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let service = arguments.at.service()?;
    let source = models::sound(&arguments.model, &Terminal::of_errors(colour))?;
    let asked = json!({"text": source.text()?, "name": source.name()});
    let begun = service.post(&["simulations"], &asked)?;
    let found = wait(&service, &begun["simulation"])?;
    let report = match arguments.format {
        ReportFormat::Json => format!("{found}\n"),
        ReportFormat::Text => text(&found),
    };
    Output::write_text(None, &report)?;
    Ok(Exit::Done)
}

/// What a simulation found, when it has ended.
fn wait(service: &Service, number: &Json) -> Outcome<Json> {
    let number = number.to_string();
    loop {
        let told = service.get(&["simulations", &number])?;
        match told["status"].as_str() {
            Some("done") => return Ok(told),
            Some("failed") => {
                let why = told["failure"].as_str().unwrap_or_default();
                return Err(Failure::new(format!("the simulation failed: {why}")));
            }
            _ => thread::sleep(BEAT),
        }
    }
}

/// How many leads go from which tier to which, the most first.
fn text(found: &Json) -> String {
    let mut moves: Vec<&Json> = found["moves"].as_array().into_iter().flatten().collect();
    moves.sort_by_key(|one| std::cmp::Reverse(one["leads"].as_u64()));
    let tier = |tier: &Json| tier.as_str().unwrap_or("no tier").to_owned();
    let count: u64 = moves.iter().filter_map(|one| one["leads"].as_u64()).sum();
    let mut text = format!("{count} of {} leads would change their tier\n", found["leads"]);
    for one in moves {
        // Writing to a text never fails.
        let _written = writeln!(text, "{:>9}  {} → {}", one["leads"], tier(&one["from"]), tier(&one["to"]));
    }
    for (tier, leads) in found["entered"].as_object().into_iter().flatten() {
        let _written = writeln!(text, "{leads:>9}  would enter `{tier}`");
    }
    text
}
