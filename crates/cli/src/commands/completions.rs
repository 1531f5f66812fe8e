//! `kelvin completions`: a script that completes command lines in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{
    args::Arguments as CommandLine,
    failure::{Exit, Outcome},
    output::Output,
};

/// Print a script that completes kelvin's command lines in a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin completions bash > ~/.local/share/bash-completion/completions/kelvin
  kelvin completions zsh > ~/.zfunc/_kelvin
  kelvin completions fish > ~/.config/fish/completions/kelvin.fish")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut CommandLine::command(), "kelvin", &mut script);
    let mut output = Output::open(None)?;
    output.put(&script)?;
    output.finish()?;
    Ok(Exit::Done)
}
