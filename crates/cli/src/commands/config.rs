//! `kelvin config`: the settings of the service, and where each comes from.

use std::{ffi::OsStr, path::Path};

use clap::Args;
use kelvin_store::Location;

use crate::{
    failure::{Exit, Outcome},
    output::Output,
    settings::{self, Setting},
};

/// The name of the command.
pub(crate) const NAME: &str = "config";

/// Tell the settings of the live service, and where each comes from
///
/// Each flag of `kelvin serve` may stand in the environment and in a file: `--max-connections`, `KELVIN_MAX_CONNECTIONS`, and
/// `max_connections`. The file is the one that `--config` or KELVIN_CONFIG names, else `kelvin.toml`, if it is there. A flag
/// wins over the environment, the environment over the file. All commands that take a store read it from there, too.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin config --print
  kelvin config --print --config /etc/kelvin/kelvin.toml
  kelvin config --example > kelvin.toml      every setting, as it is where nobody sets it

Exit status: 0 printed; 2 the file cannot be read, or has a setting that is unknown or cannot be used.")]
pub(crate) struct Arguments {
    /// Every setting, with its value and where it comes from; secrets are not shown
    #[arg(long, required_unless_present = "example")]
    print: bool,

    /// A file to start from, with every setting and what it does
    #[arg(long, conflicts_with = "print")]
    example: bool,
}

pub(crate) fn run(arguments: &Arguments, file: Option<&Path>) -> Outcome {
    let text = if arguments.example { settings::example() } else { table(&settings::present(file)?) };
    Output::write_text(None, &text)?;
    Ok(Exit::Done)
}

/// A line for each setting, in columns.
fn table(settings: &[Setting]) -> String {
    let shown: Vec<String> = settings.iter().map(shown).collect();
    let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let keys = width(&mut settings.iter().map(|setting| setting.key.len()));
    let values = width(&mut shown.iter().map(|shown| shown.chars().count()));
    let line = |(setting, shown): (&Setting, &String)| {
        format!("{:keys$}  {shown:values$}  {}\n", setting.key, setting.origin)
    };
    settings.iter().zip(&shown).map(line).collect()
}

/// A value as it is shown: secrets are not, nor the password in the address of a store.
fn shown(setting: &Setting) -> String {
    match setting.values.as_slice() {
        [] => "–".to_owned(),
        [store] if setting.key == "store" => Location::parse(OsStr::new(store))
            .map_or_else(|_| "(hidden)".to_owned(), |store| store.to_string()),
        _ if setting.is_secret => "(hidden)".to_owned(),
        values => values.join(", "),
    }
}
