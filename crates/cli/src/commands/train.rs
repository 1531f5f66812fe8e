//! `kelvin train`: a predictive model from leads whose outcome is known.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use clap::Args;
use kelvin_kernel::program::Program;
use kelvin_learn::{
    About, Artifact, Card, Dataset, Feature, Succession, TrainSettings, Trained, Values, Warning,
    leaks::Suspect,
    measure::Resampling,
    train,
    trees::{Direction, TreeSettings},
};
use kelvin_model::{Loaded, predictor::rule_digest};

use super::score::options;
use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, check_rules_asked, column_called},
    machine, models,
    output::{Output, ReportFormat},
    progress::meanwhile,
    render::predictive,
    terminal::{Colour, Terminal, tell},
};

/// Train a predictive model on leads whose outcome is known
///
/// Fits boosted trees and a logistic regression to what was known of leads at the moment of decision, chooses between them and
/// calibrates by leads that were held out (later ones, where the data tells times), and tells how good the model is, with
/// intervals. `kelvin predict` applies it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin train --leads leads.csv --outcome 'lead.Converted == 1' --out model.kelvin.json
  kelvin train -l leads.csv --outcome 'lead.Converted == 1' --rising employees --card card.md
  kelvin train -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --horizon 60d -o model.kelvin.json
  kelvin train -l leads.csv -e events.jsonl --outcome-event 'Deal Won' -m model.yaml -o model.kelvin.json

Exit status: 0 done; 1 some rows were rejected, or the model that is there is better and stays; 2 the command or a file is unusable,
or there is too little data.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// Models of points: what their rules were worth is learnt from, too; a file or a folder, may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", help_heading = "Input")]
    models: Vec<PathBuf>,

    /// Write the model to this file, as JSON; `kelvin predict` reads it. A model that is there stays if it is better
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Replace what is at --out, even a better model
    #[arg(long, requires = "out", help_heading = "Output")]
    replace: bool,

    /// Write the model card to this file, as Markdown
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    card: Option<PathBuf>,

    /// What is printed: the model card for people, or all of it as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// The prediction never falls when this column rises; may be repeated
    #[arg(long, value_name = "COLUMN", help_heading = "Training")]
    rising: Vec<String>,

    /// The prediction never rises when this column rises; may be repeated
    #[arg(long, value_name = "COLUMN", help_heading = "Training")]
    falling: Vec<String>,

    /// What chance starts from: the same seed and data give the same model
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Training")]
    seed: u64,

    /// Threads to use; the model does not depend on it [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = options::threads, help_heading = "Training")]
    threads: Option<NonZeroUsize>,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let threads = machine::resources(arguments.threads, None).threads;
    let errors = Terminal::of_errors(colour);
    let (programs, written): (Vec<Program>, Vec<Loaded>) = match &*arguments.models {
        [] => Default::default(),
        paths => models::programs(paths, &errors)?.into_iter().unzip(),
    };
    if programs.len() > 1 {
        arguments.examples.tell(
            "note: what learns from the rules of several models is a dimension of none: only `kelvin predict` applies it",
        );
    }
    let old = arguments.out.as_deref().filter(|_| !arguments.replace).map(there).transpose()?.flatten();
    if let Some((old, path)) = old.as_ref().zip(arguments.out.as_deref()) {
        let help = "give the model that it is a rule of with --model, or --replace";
        check_rules_asked(path, &old.predictor, &programs, help)?;
    }
    let examples = arguments.examples.lessons(&programs, &errors)?;
    arguments.examples.tell_notes(&examples.notes);
    let dataset = &examples.dataset;
    let settings = TrainSettings {
        trees: TreeSettings::for_rows(dataset.examples.len()),
        directions: arguments.directions(dataset)?,
        seed: arguments.seed,
        threads,
    };
    let trained = meanwhile("training", &errors, |_| train(dataset, &settings)).map_err(|cause| {
        Failure::new(format!("cannot train: {cause}"))
            .help("give more leads, or an outcome that more of them have")
    })?;
    let how = Resampling { seed: arguments.seed, threads, ..Resampling::default() };
    let about = About {
        models: programs.iter().map(|program| program.plan().model.to_string()).collect(),
        rules: rules(&trained, &written),
        ..arguments.examples.card()
    };
    let mut card = meanwhile("judging", &errors, |_| Card::new(about, dataset, &trained, &how))
        .map_err(|cause| Failure::new(cause.to_string()))?;
    card.warnings.extend(leaks(&trained, &examples.leaks));
    let succession = old.map(|old| compared(&old, (&trained, &card), dataset, &how)).transpose()?;
    let stays = succession.as_ref().is_some_and(Succession::is_worse);
    let artifact = Artifact::new(card, trained.predictor).map_err(|cause| Failure::new(cause.to_string()))?;
    if let Some(path) = arguments.out.as_ref().filter(|_| !stays) {
        let json = artifact.json().map_err(|cause| Failure::new(cause.to_string()))?;
        Output::write_text(Some(path), &json)?;
    }
    if let Some(path) = &arguments.card {
        Output::write_text(Some(path), &artifact.markdown())?;
    }
    let report = match arguments.format {
        ReportFormat::Text => predictive::summary(&artifact, &Terminal::of_output(colour)),
        ReportFormat::Json => predictive::json(&artifact)?,
    };
    Output::write_text(None, &report)?;
    if let Some((succession, path)) = succession.as_ref().zip(arguments.out.as_deref()) {
        let told = predictive::succession(succession, path);
        // That a file was not written is no mere note.
        if stays { tell(told) } else { arguments.examples.tell(told) }
    }
    Ok(if examples.rejected > 0 || stays { Exit::Findings } else { Exit::Done })
}

/// Warnings of what the model looks at though it seems to know the outcome: they go with it.
fn leaks(trained: &Trained, suspects: &[Suspect]) -> Vec<Warning> {
    let inputs = &trained.predictor.inputs;
    let is_asked = |suspect: &&Suspect| {
        let name = suspect.feature.to_string();
        inputs.iter().any(|input| input.feature == name)
    };
    let warning = |suspect: &Suspect| Warning { code: "leak".to_owned(), text: suspect.to_string() };
    suspects.iter().filter(is_asked).map(warning).collect()
}

/// The digests of the rules that a model asks for, by their names as inputs.
fn rules(trained: &Trained, written: &[Loaded]) -> BTreeMap<String, String> {
    let inputs = trained.predictor.inputs.iter().map(|input| &input.feature);
    let digest = |feature: &String| {
        let Some(Feature::Rule { model, rule }) = Feature::parse(feature) else { return None };
        let of = written.iter().map(|loaded| &loaded.model);
        let mut of = of.filter(|of| of.id.as_ref().is_some_and(|id| id.value == model));
        Some((feature.clone(), rule_digest(of.next()?, &rule)?))
    };
    inputs.filter_map(digest).collect()
}

/// The model that is at a path already.
fn there(path: &Path) -> Outcome<Option<Artifact>> {
    let help = "name another file, or give --replace";
    match fs::read_to_string(path) {
        Ok(text) => Artifact::read(&text).map(Some).map_err(|cause| {
            Failure::new(format!("`{}` is there already: {cause}", path.display())).help(help)
        }),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Failure::file("read", path, &cause).help(help)),
    }
}

/// The new model beside the one that is there.
fn compared(
    old: &Artifact,
    new: (&Trained, &Card),
    dataset: &Dataset,
    how: &Resampling,
) -> Outcome<Succession> {
    let (is, was) = (&new.1.about.outcome, &old.card.about.outcome);
    if is != was {
        let message = format!("the model that is there foretells another outcome: `{was}`, not `{is}`");
        return Err(Failure::new(message).help("name another file, or give --replace"));
    }
    Succession::new(old, new, dataset, how).map_err(|cause| Failure::new(cause.to_string()))
}

impl Arguments {
    /// Of each column, which way predictions may go along it.
    fn directions(&self, dataset: &Dataset) -> Outcome<Vec<Direction>> {
        let mut directions = vec![Direction::Any; dataset.table.columns().len()];
        let wanted = self.rising.iter().map(|name| (name, Direction::Up));
        for (name, direction) in wanted.chain(self.falling.iter().map(|name| (name, Direction::Down))) {
            let place = place(dataset, name)?;
            if directions[place] != Direction::Any {
                return Err(Failure::new(format!("`{name}` is told a direction twice")));
            }
            directions[place] = direction;
        }
        Ok(directions)
    }
}

/// The place of a column of numbers that a person names.
fn place(dataset: &Dataset, name: &str) -> Outcome<usize> {
    let found = column_called(&dataset.table, name)?;
    if matches!(found.values, Values::Categories { .. }) {
        return Err(Failure::new(format!("`{name}` holds texts: only numbers rise and fall")));
    }
    let mut columns = dataset.table.columns().iter();
    Ok(columns.position(|column| column.feature == found.feature).unwrap_or_default())
}
