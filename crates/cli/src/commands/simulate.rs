//! `kelvin simulate`: what a model would change in a running service if it were published.

use std::{path::PathBuf, thread, time::Duration};

use clap::Args;
use serde_json::{Value as Json, json};

use crate::{
    failure::{Exit, Failure, Outcome},
    models,
    output::{Output, ReportFormat},
    render::simulation::report,
    service::{At, Service},
    terminal::{Colour, Terminal},
};

/// How often a service is asked how far it is.
const BEAT: Duration = Duration::from_millis(200);

/// Tell what a model would change in a running service if it were published
///
/// All leads of the service are scored by the file, as of now, and the playbook is rehearsed: who would go to sales and to whom,
/// and what owners have to do beside. Nothing changes: leads keep their scores, and nobody is told.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin simulate model.yaml
  kelvin simulate model.yaml --format json | jq .hand_offs.by_rule

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
    let model = models::sound(&arguments.model, &Terminal::of_errors(colour))?;
    let asked = json!({"text": model.bundled(), "name": model.name});
    let begun = service.post(&["simulations"], &asked)?;
    let found = wait(&service, &begun["simulation"])?;
    let told = match arguments.format {
        ReportFormat::Json => format!("{found}\n"),
        ReportFormat::Text => report(&found, &Terminal::of_output(colour)),
    };
    Output::write_text(None, &told)?;
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
