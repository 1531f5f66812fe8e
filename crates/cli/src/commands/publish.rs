//! `kelvin publish`: has a model file serve in a running service.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::rollback::{By, tell_what_comes};
use crate::{
    failure::Outcome,
    models,
    service::At,
    terminal::{Colour, Terminal},
};

/// Have a model file serve in a running service, as a new version
///
/// The file is checked, kept as a version that never changes, and compared in meaning with the one in service. All leads are
/// scored by it in the background; until that is done, the version before serves, and events are taken as ever.
/// Then the new one takes over at once.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin publish model.yaml --note \"demos are worth more\"
  kelvin publish model.yaml --service https://kelvin.acme.example --no-wait
  kelvin publish model.yaml --if-version 4              not if somebody published another meanwhile
  kelvin rollback saas-new-business                     the version before serves again

Exit status: 0 the version serves (with --no-wait: is to serve); 2 the model, the file or the service is unusable.")]
pub(crate) struct Arguments {
    /// The model file; `-` is standard input
    #[arg(value_name = "MODEL")]
    model: PathBuf,

    #[command(flatten)]
    at: At,

    #[command(flatten)]
    by: By,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let service = arguments.at.service()?;
    let model = models::sound(&arguments.model, &Terminal::of_errors(colour))?;
    let asked = json!({
        "text": model.bundled(),
        "name": model.name,
        "note": arguments.by.note,
        "author": arguments.by.author(),
    });
    let id = model.plan.as_ref().map(|plan| &*plan.model);
    let tag = id.map(|id| arguments.by.tag(&service, id)).transpose()?.flatten();
    let told = service.post_if(&["models"], &asked, tag.as_deref())?;
    tell_what_comes(&service, &told, arguments.by.no_wait)
}
