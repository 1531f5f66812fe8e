//! Settings: what the command line leaves open comes from the environment, and then from a file.
//!
//! A setting is an argument of `kelvin serve` that may stand in the environment: `--max-connections`,
//! `KELVIN_MAX_CONNECTIONS`, and `max_connections` in the file. What the file says takes the place of the default, so
//! that one definition rules all of them.

mod example;
mod file;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches, parser::ValueSource};

pub(crate) use self::example::example;
use self::file::File;
use crate::{
    args::{self, Arguments},
    commands,
    failure::Outcome,
};

/// What all variables of the environment begin with.
const PREFIX: &str = "KELVIN_";

/// The file that is read where none is named.
const FILE: &str = "kelvin.toml";

/// Names the file, and is no setting itself.
const CONFIG: &str = "config";

/// A setting, and where its value comes from.
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) values: Vec<String>,
    pub(crate) is_secret: bool,
    pub(crate) origin: String,
}

/// The command line, completed by the environment and by the file. A command line that makes no sense ends here.
pub(crate) fn arguments() -> Outcome<Arguments> {
    let given: Vec<OsString> = env::args_os().collect();
    let mut command = Arguments::command();
    if asks(&command, &given)
        && let Some(file) = found(named(&given).or_else(|| env::var_os("KELVIN_CONFIG")).as_deref())?
    {
        command = completed(command, &file);
    }
    let matches = command.try_get_matches_from(given).unwrap_or_else(|error| args::with_hint(error).exit());
    Ok(Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()))
}

/// All settings of the service as they are, in the order of its help.
pub(crate) fn present(path: Option<&Path>) -> Outcome<Vec<Setting>> {
    let file = found(path.map(Path::as_os_str))?;
    let mut command = Arguments::command();
    if let Some(file) = &file {
        command = completed(command, file);
    }
    let matches = command.try_get_matches_from([env!("CARGO_PKG_NAME"), SERVE]);
    let matches = matches.unwrap_or_else(|error| error.exit());
    let Some(given) = matches.subcommand_matches(SERVE) else { return Ok(Vec::new()) };
    Ok(settings().map(|argument| setting(&argument, given, file.as_ref())).collect())
}

/// The command whose arguments are the settings.
const SERVE: &str = "serve";

fn setting(argument: &Arg, given: &ArgMatches, file: Option<&File>) -> Setting {
    let key = key(argument).unwrap_or_default();
    let id = argument.get_id().as_str();
    let values = given.get_raw(id).into_iter().flatten();
    let place = file.and_then(|file| file.place(&key));
    Setting {
        values: values.map(|value| value.to_string_lossy().into_owned()).collect(),
        is_secret: argument.is_hide_env_values_set(),
        origin: match (given.value_source(id), place) {
            (Some(ValueSource::EnvVariable), _) => format!("{PREFIX}{}", key.to_uppercase()),
            (Some(_), Some(place)) => place,
            (Some(_), None) => "default".to_owned(),
            (None, _) => "not set".to_owned(),
        },
        key,
    }
}

/// The settings of the service.
fn settings() -> impl Iterator<Item = Arg> {
    let command = Arguments::command();
    let serve = command.find_subcommand(SERVE).into_iter();
    let arguments: Vec<Arg> = serve.flat_map(Command::get_arguments).cloned().collect();
    arguments.into_iter().filter(|argument| key(argument).is_some())
}

/// The name of an argument as a setting, if it is one.
fn key(argument: &Arg) -> Option<String> {
    let variable = argument.get_env()?.to_str()?.strip_prefix(PREFIX)?;
    (argument.get_id() != CONFIG).then(|| variable.to_lowercase())
}

/// Whether the command that is given has settings.
fn asks(command: &Command, given: &[OsString]) -> bool {
    let of = |name: &OsString| command.find_subcommand(name);
    let Some(command) = given.iter().skip(1).find_map(of) else { return false };
    let known: Vec<_> = settings().filter_map(|known| key(&known)).collect();
    command.get_name() == commands::config::NAME || has_settings(command, &known)
}

fn has_settings(command: &Command, known: &[String]) -> bool {
    let is_setting = |argument| key(argument).is_some_and(|key| known.contains(&key));
    command.get_arguments().any(is_setting)
        || command.get_subcommands().any(|command| has_settings(command, known))
}

/// The file that the command line names.
fn named(given: &[OsString]) -> Option<OsString> {
    let mut rest = given.iter();
    while let Some(argument) = rest.next() {
        match argument.to_str() {
            Some("--config") => return rest.next().cloned(),
            Some("--") => return None,
            Some(text) if text.starts_with("--config=") => return text.get(9..).map(OsString::from),
            _ => {}
        }
    }
    None
}

/// The file that is named, or the one that is there.
fn found(named: Option<&OsStr>) -> Outcome<Option<File>> {
    let named = named.filter(|name| !name.is_empty()).map(PathBuf::from);
    let path = named.or_else(|| Some(PathBuf::from(FILE)).filter(|path| path.is_file()));
    let known: Vec<Arg> = settings().collect();
    path.map(|path| File::read(&path, &known)).transpose()
}

/// The command with the file's values for defaults, its subcommands too.
fn completed(command: Command, file: &File) -> Command {
    let with_value = |argument: Arg| match key(&argument).and_then(|key| file.values(&key)) {
        // What help does not show of the environment, it does not show of the file.
        Some(values) => {
            let is_secret = argument.is_hide_env_values_set();
            argument.default_values(values).hide_default_value(is_secret)
        }
        None => argument,
    };
    command.mut_args(with_value).mut_subcommands(|command| completed(command, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_before_or_behind_the_command() {
        let check = |line: &str, expect: Option<&str>| {
            let given: Vec<OsString> = line.split(' ').map(Into::into).collect();
            assert_eq!(named(&given).as_deref(), expect.map(OsStr::new), "{line}");
        };
        check("kelvin serve --config a.toml", Some("a.toml"));
        check("kelvin --config=a.toml serve", Some("a.toml"));
        check("kelvin serve --config", None);
        check("kelvin erase -- --config", None);
    }

    #[test]
    fn only_commands_that_have_settings_read_the_file() {
        let check = |line: &str, expect: bool| {
            let given: Vec<OsString> = line.split(' ').map(Into::into).collect();
            assert_eq!(asks(&Arguments::command(), &given), expect, "{line}");
        };
        check("kelvin serve -m model.yaml", true);
        check("kelvin --color never key list", true);
        check("kelvin config", true);
        check("kelvin score -m model.yaml", false);
        check("kelvin publish model.yaml", false);
        check("kelvin", false);
    }
}
