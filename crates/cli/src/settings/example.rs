//! A file with every setting, as it is where nobody sets it.

use std::fmt::Write as _;

use clap::Arg;

use super::{
    PREFIX,
    file::{is_flag, is_list},
    key, settings,
};

/// How wide comments are.
const WIDTH: usize = 100;

const HEAD: &str = "\
# Settings of Kelvin's service: `kelvin serve --config FILE`, or kelvin.toml where it is started.
# A flag wins over the environment, the environment over this file, this file over the defaults, which stand here.
# `kelvin config --print` tells what holds, and from where.
";

/// The text of the file.
pub(crate) fn example() -> String {
    settings().fold(HEAD.to_owned(), |mut text, argument| {
        let key = key(&argument).unwrap_or_default();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        text.push('\n');
        for line in wrapped(&help) {
            // Writing to a text never fails.
            let _written = writeln!(text, "# {line}");
        }
        let variable = format!("{PREFIX}{}", key.to_uppercase());
        let long = argument.get_long().unwrap_or_default();
        let _written = writeln!(text, "# (--{long}, {variable})\n# {key} = {}", value(&argument));
        text
    })
}

/// The default as TOML; where there is none, what to put there.
fn value(argument: &Arg) -> String {
    if is_flag(argument) {
        return "false".to_owned();
    }
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let names = argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string);
    let values = if defaults.is_empty() { names.collect() } else { defaults };
    let is_number = |value: &String| value.parse::<u64>().is_ok();
    let one = |value: &String| if is_number(value) { value.clone() } else { format!("{value:?}") };
    let values = values.iter().map(one).collect::<Vec<_>>().join(", ");
    if is_list(argument) { format!("[{values}]") } else { values }
}

/// A text in lines that are not too long.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + word.chars().count() >= WIDTH {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}
