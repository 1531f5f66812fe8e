//! From the text of a version to a model.

use kelvin_kernel::program::Program;
use kelvin_model::{Loaded, diff};
use kelvin_store::{Switch, View};

use crate::{Error, Model};

/// A text without errors, as a model; else all that is wrong with it.
pub(crate) fn sound(name: &str, text: &str) -> Result<Model, Box<Loaded>> {
    let mut loaded = kelvin_model::load(name, text);
    match loaded.plan.take() {
        Some(plan) => Ok(Model::new(Program::new(plan), text)),
        None => Err(Box::new(loaded)),
    }
}

/// The model that serves, or is to serve, by a switch.
pub(crate) fn loaded(view: &dyn View, switch: &Switch) -> Result<Model, Error> {
    let unreadable = |why| Error::Version { model: switch.model.clone(), number: switch.version, why };
    let version = view.version(&switch.model, switch.version)?;
    let text = version.ok_or_else(|| unreadable("it is not there".to_owned()))?.text;
    let model = sound(&switch.model, &text).map_err(|loaded| unreadable(first_error(&loaded)))?;
    Ok(model.by(switch))
}

/// What a text changes in the meaning of another, as JSON.
pub(super) fn changes(before: Option<&str>, after: &str) -> String {
    let Some(before) = before else { return "[]".to_owned() };
    let [before, after] = [before, after].map(|text| kelvin_model::load("", text).model);
    diff::to_json(&diff::diff(&before, &after)).to_string()
}

fn first_error(loaded: &Loaded) -> String {
    let first = loaded.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
    first.map_or_else(String::new, |first| format!("line {}: {}", first.line(), first.message))
}
