//! Model files of the command line: found, read, loaded.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use kelvin_kernel::program::Program;
use kelvin_model::{Loaded, playbook::is_playbook};
use serde_json::json;

use crate::{
    failure::{Failure, Outcome},
    render::text::{counted, harmless},
    source::Source,
    terminal::{Terminal, tell},
};

/// The files that are meant: each file itself, of a folder all `*.yaml` and `*.yml` in it, by name.
pub(crate) fn files(paths: &[PathBuf]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(of_folder(path)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Reads and loads a file.
pub(crate) fn load(path: &Path) -> Outcome<Loaded> {
    Ok(of_source(&read(path)?))
}

/// Reads a file that is to be a model of points.
pub(crate) fn read(path: &Path) -> Outcome<Source> {
    let source = Source::read(path)?;
    // Its own format begins with this. As a model of points it would only be told a row of unknown keys.
    if source.bytes.starts_with(br#"{"kelvin_predictor""#) {
        let message = format!("`{}` is a trained model, and a model of points is asked for", source.name());
        return Err(Failure::new(message).help(
            "`predict:` in a dimension of a model of points makes it a part of that; `kelvin predict`, `evaluate` and `compare` take it as it is",
        ));
    }
    Ok(source)
}

/// Loads what was read; files that the model names lie beside it.
pub(crate) fn of_source(source: &Source) -> Loaded {
    let folder = source.path.parent().unwrap_or(Path::new(""));
    kelvin_model::load_bytes(&source.name(), &source.bytes, &|name| read_named(&folder.join(name)))
}

/// The models of a run, ready; one that has errors ends the run, all of them told on standard error.
pub(crate) fn programs(paths: &[PathBuf], terminal: &Terminal) -> Outcome<Vec<(Program, Loaded)>> {
    let mut programs: Vec<(Program, Loaded)> = Vec::new();
    for path in files(paths)? {
        let source = read(&path)?;
        // Beside the models of a folder may lie the playbook that goes with them.
        if !paths.contains(&path) && source.text().is_ok_and(is_playbook) {
            continue;
        }
        let mut loaded = of_source(&source);
        let Some(plan) = loaded.plan.take() else {
            return Err(unusable(loaded, terminal));
        };
        if let Some((_, other)) = programs.iter().find(|(program, _)| program.plan().model == plan.model) {
            let message = format!("`{}` and `{}` are both called `{}`", other.name, loaded.name, plan.model);
            return Err(
                Failure::new(message).help("their lines could not be told apart: give each model its own id")
            );
        }
        programs.push((Program::new(plan), loaded));
    }
    if programs.is_empty() {
        return Err(Failure::new("there is no model among these files, only playbooks"));
    }
    Ok(programs)
}

/// The models that a run may have or not, ready.
pub(crate) fn optional(paths: &[PathBuf], terminal: &Terminal) -> Outcome<Vec<Program>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    Ok(programs(paths, terminal)?.into_iter().map(|(program, _)| program).collect())
}

/// The model of a file, ready.
pub(crate) fn one(path: &Path, terminal: &Terminal) -> Outcome<Program> {
    ready(load(path)?, terminal)
}

/// The model of a text, ready.
pub(crate) fn of_text(name: &str, text: &str, terminal: &Terminal) -> Outcome<Program> {
    ready(kelvin_model::load(name, text), terminal)
}

/// The model that stands for expressions of the command line, ready. What is wrong is told of the expression that was typed, each of which
/// comes with its option.
pub(crate) fn of_typed(text: &str, typed: &[(&str, &str)]) -> Outcome<Program> {
    let loaded = kelvin_model::load("typed", text);
    if let Some(plan) = loaded.plan {
        return Ok(Program::new(plan));
    }
    let error = loaded.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
    let at = error.and_then(|error| error.labels.first()).map_or(0, |label| label.span.start);
    let is_meant = |(_, expression): &&(&str, &str)| {
        let written = json!(expression).to_string();
        text.find(&written).is_some_and(|start| (start..start + written.len()).contains(&at))
    };
    let meant = typed.iter().find(is_meant).or(typed.first());
    let (option, expression) = meant.copied().unwrap_or_default();
    let why = error.map(|error| error.message.as_str()).unwrap_or_default();
    let failure = Failure::new(format!("cannot use {option} `{}`: {why}", harmless(expression)));
    Err(error.and_then(|error| error.help.clone()).into_iter().fold(failure, Failure::help))
}

/// The model of a text, ready; files that it names lie in a folder.
pub(crate) fn of_text_in(folder: &Path, (name, text): (&str, &str), terminal: &Terminal) -> Outcome<Program> {
    ready(kelvin_model::load_with(name, text, &|name| read_named(&folder.join(name))), terminal)
}

/// The text of a file that a model names; else why there is none.
fn read_named(path: &Path) -> Result<String, String> {
    let bytes = Source::read_named(path).map_err(|cause| cause.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

fn ready(mut loaded: Loaded, terminal: &Terminal) -> Outcome<Program> {
    match loaded.plan.take() {
        Some(plan) => Ok(Program::new(plan)),
        None => Err(unusable(loaded, terminal)),
    }
}

/// The fields that every model which reads them can do without.
pub(crate) fn optional_fields(models: &[Loaded]) -> BTreeSet<String> {
    let fields = models.iter().flat_map(|model| &model.fields);
    let is_needed = |field: &str| models.iter().any(|model| model.fields.get(field) == Some(&false));
    fields.map(|(field, _)| field).filter(|field| !is_needed(field)).cloned().collect()
}

/// The model of a file, without errors.
pub(crate) fn sound(path: &Path, terminal: &Terminal) -> Outcome<Loaded> {
    let loaded = load(path)?;
    if loaded.has_errors() { Err(unusable(loaded, terminal)) } else { Ok(loaded) }
}

/// Tells what is wrong with a model.
pub(crate) fn unusable(mut loaded: Loaded, terminal: &Terminal) -> Failure {
    loaded.diagnostics.retain(|diagnostic| diagnostic.is_error());
    tell(loaded.render(terminal.colour));
    let errors = counted(loaded.diagnostics.len() as u64, "error");
    Failure::new(format!("`{}` has {errors}", loaded.name))
}

fn of_folder(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let failed = |cause: std::io::Error| Failure::file("read", folder, &cause);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_model = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if is_model && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Failure::new(format!("`{}` holds no model: expected files `*.yaml`", folder.display())));
    }
    files.sort();
    Ok(files)
}
