//! The playbook of the command line: read, checked beside the models, ready to be carried out.

use std::{env, path::Path};

use kelvin_model::{Loaded, diagnostics::Diagnostic, playbook};
use kelvin_server::{Playbook, Settings};

use crate::{
    failure::{Failure, Outcome},
    render::text::counted,
    source::Source,
    terminal::{Terminal, tell},
};

/// The playbook of a file, ready; one that has errors ends the run, all of them told on standard error.
pub(crate) fn ready(
    path: &Path,
    models: &[&Loaded],
    settings: Settings,
    terminal: &Terminal,
) -> Outcome<Playbook> {
    let source = Source::read(path)?;
    let models: Vec<_> = models.iter().map(|loaded| &loaded.model).collect();
    let mut loaded = playbook::load_bytes(&source.name(), &source.bytes, &models);
    let Some(plan) = loaded.plan.take() else { return Err(unusable(loaded, terminal)) };
    let environment = |name: &str| env::var(name).ok();
    Playbook::new(plan, settings, environment).map_err(|variable| {
        let message = format!("`{}` needs the variable `{variable}` of the environment", loaded.name);
        Failure::new(message).help(format!("set it: `{variable}=… kelvin serve …`"))
    })
}

/// Tells what is wrong with a playbook.
fn unusable(mut loaded: playbook::Loaded, terminal: &Terminal) -> Failure {
    loaded.diagnostics.retain(Diagnostic::is_error);
    tell(loaded.render(terminal.colour));
    let errors = counted(loaded.diagnostics.len() as u64, "error");
    Failure::new(format!("`{}` has {errors}", loaded.name))
}
