//! One module per command: its arguments, and what it does.

pub(crate) mod attribute;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod erase;
pub(crate) mod evaluate;
pub(crate) mod experiment;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod features;
pub(crate) mod fmt;
pub(crate) mod import;
pub(crate) mod key;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod openapi;
pub(crate) mod predict;
pub(crate) mod publish;
pub(crate) mod rollback;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod store;
pub(crate) mod suggest;
pub(crate) mod test;
pub(crate) mod thresholds;
pub(crate) mod train;
pub(crate) mod user;

use crate::{
    args::{Arguments, Command},
    failure::Outcome,
    terminal::Terminal,
};

/// Does what the command line asks for.
pub(crate) fn run(mut arguments: Arguments) -> Outcome {
    draw(&mut arguments.command, &Terminal::of_errors(arguments.color))?;
    match arguments.command {
        Command::Score(command) => score::run(&command, arguments.color),
        Command::Explain(command) => explain::run(&command, arguments.color),
        Command::Check(command) => check::run(&command, arguments.color),
        Command::Completions(command) => completions::run(&command),
        Command::Config(command) => config::run(&command, arguments.config.as_deref()),
        Command::Diff(command) => diff::run(&command, arguments.color),
        Command::Serve(command) => serve::run(command, arguments.color),
        Command::Publish(command) => publish::run(&command, arguments.color),
        Command::Rollback(command) => rollback::run(&command),
        Command::Attribute(command) => attribute::run(&command, arguments.color),
        Command::Drift(command) => drift::run(command, arguments.color),
        Command::Backup(command) => backup::run(&command),
        Command::Restore(command) => backup::run_restore(&command),
        Command::Export(command) => export::run(&command, arguments.color),
        Command::Import(command) => import::run(&command, arguments.color),
        Command::Erase(command) => erase::run(&command),
        Command::ExportPerson(command) => erase::run_export(&command),
        Command::Key(command) => key::run(command),
        Command::User(command) => user::run(command),
        Command::Simulate(command) => simulate::run(&command, arguments.color),
        Command::Test(command) => test::run(&command, arguments.color),
        Command::Evaluate(command) => evaluate::run(command, arguments.color),
        Command::Experiment(command) => experiment::run(command, arguments.color),
        Command::Features(command) => features::run(&command, arguments.color),
        Command::Train(command) => train::run(&command, arguments.color),
        Command::Predict(command) => predict::run(command, arguments.color),
        Command::Suggest(command) => suggest::run(&command, arguments.color),
        Command::Compare(command) => compare::run(command, arguments.color),
        Command::Thresholds(command) => thresholds::run(&command, arguments.color),
        Command::Fmt(command) => fmt::run(&command, arguments.color),
        Command::Schema(command) => schema::run(&command),
        Command::Openapi(command) => openapi::run(&command),
        Command::Man(command) => man::run(&command),
        Command::New(command) => new::run(&command, arguments.color),
    }
}

/// Draws what a command learns from out of the store that it names, if it does.
fn draw(command: &mut Command, terminal: &Terminal) -> Outcome<()> {
    match command {
        Command::Attribute(command) => command.draw(terminal),
        Command::Compare(command) => command.examples.draw(terminal),
        Command::Drift(command) => command.examples.draw(terminal),
        Command::Evaluate(command) => command.examples.draw(terminal),
        Command::Experiment(command) if command.is_of_attribute() => command.examples.draw(terminal),
        Command::Features(command) => command.examples.draw(terminal),
        Command::Predict(command) => command.leads.draw(terminal),
        Command::Suggest(command) => command.examples.draw(terminal),
        Command::Thresholds(command) => command.examples.draw(terminal),
        Command::Train(command) => command.examples.draw(terminal),
        _ => Ok(()),
    }
}
