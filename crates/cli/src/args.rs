//! The command line, defined once: help, man pages and completions follow from it.

use std::path::PathBuf;

use clap::{
    Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{commands, terminal::Colour};

/// Lead scoring that explains itself.
///
/// A model file says which attributes and events of a lead are worth how many points, and how they fade.
/// Kelvin applies it to files of leads and events: the same model and the same files give the same scores
/// at any instant, past or future, and every point has a reason.
#[derive(Debug, Parser)]
#[command(
    name = "kelvin",
    version,
    about,
    propagate_version = false,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = "\
Examples:
  kelvin new --template b2b-saas -o model.yaml     write a starter model
  kelvin check model.yaml                          report all its problems
  kelvin score --model model.yaml --leads leads.csv --events events.jsonl
  kelvin explain ada@acme.example --model model.yaml --leads leads.csv --events events.jsonl
  kelvin serve --model model.yaml                  take events over HTTP and keep scores live

Exit status: 0 done, 1 done but something was found (rejected rows, problems in a model, failed cases,
a difference), 2 the command, the model or a file is unusable."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub(crate) color: Colour,

    /// A file with settings, for the service and its store [default: kelvin.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "KELVIN_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Score(commands::score::Arguments),
    Explain(commands::explain::Arguments),
    Check(commands::check::Arguments),
    Fmt(commands::fmt::Arguments),
    Diff(commands::diff::Arguments),
    Test(commands::test::Arguments),
    Features(commands::features::Arguments),
    Evaluate(commands::evaluate::Arguments),
    Compare(commands::compare::Arguments),
    Thresholds(commands::thresholds::Arguments),
    Experiment(commands::experiment::Arguments),
    Train(commands::train::Arguments),
    Predict(commands::predict::Arguments),
    Attribute(commands::attribute::Arguments),
    Drift(commands::drift::Arguments),
    Suggest(commands::suggest::Arguments),
    Serve(commands::serve::Arguments),
    Config(commands::config::Arguments),
    Publish(commands::publish::Arguments),
    Rollback(commands::rollback::Arguments),
    Simulate(commands::simulate::Arguments),
    Backup(commands::backup::Backup),
    Restore(commands::backup::Restore),
    Export(commands::export::Arguments),
    Import(commands::import::Arguments),
    Erase(commands::erase::Erase),
    ExportPerson(commands::erase::Export),
    Key(commands::key::Arguments),
    User(commands::user::Arguments),
    New(commands::new::Arguments),
    Schema(commands::schema::Arguments),
    Openapi(commands::openapi::Arguments),
    Completions(commands::completions::Arguments),
    Man(commands::man::Arguments),
}

/// The error with a hint where a file stands apart from the `--accounts` that it is for.
pub(crate) fn with_hint(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let given: Vec<_> = std::env::args().collect();
    let is_apart = given.windows(2).any(|pair| pair[0] == "--accounts" && pair[1] == *unknown);
    if error.kind() == ErrorKind::UnknownArgument && is_apart {
        let hint = format!("accounts go to a file of their own with '--accounts={unknown}'");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    }
    error
}
