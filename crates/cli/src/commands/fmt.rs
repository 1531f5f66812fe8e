//! `kelvin fmt`: lays model files out canonically.

use std::path::{Path, PathBuf};

use clap::Args;
use kelvin_model::{
    diagnostics::{self, Diagnostic},
    fmt::format,
};

use crate::{
    failure::{Exit, Failure, Outcome},
    output::Output,
    source::Source,
    terminal::{Colour, Terminal, tell},
};

/// Lay model files out canonically, keeping their meaning and their comments
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin fmt model.yaml            rewrite the file in place
  kelvin fmt --check models/*.yaml name the files that are not laid out so
  kelvin fmt - < model.yaml        from standard input to standard output

Exit status: 0 done; 1 with --check, some file is not laid out so; 2 a file cannot be read as YAML.")]
pub(crate) struct Arguments {
    /// Model files; `-` reads standard input and writes standard output
    #[arg(value_name = "MODEL", required = true)]
    models: Vec<PathBuf>,

    /// Change nothing, but name the files that would change
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let mut exit = Exit::Done;
    for path in &arguments.models {
        let source = Source::read(path)?;
        let text = source.text()?;
        let laid_out = format(text).map_err(|problems| unreadable(&source, text, &problems, &terminal))?;
        match (arguments.check, path == Path::new("-")) {
            (true, _) if laid_out != text => {
                Output::write_text(None, &format!("{}\n", source.name()))?;
                exit = Exit::Findings;
            }
            (false, true) => Output::write_text(None, &laid_out)?,
            (false, false) if laid_out != text => Output::write_text(Some(path), &laid_out)?,
            _ => {}
        }
    }
    Ok(exit)
}

/// Tells on standard error what is wrong with a file's YAML.
fn unreadable(source: &Source, text: &str, problems: &[Diagnostic], terminal: &Terminal) -> Failure {
    tell(diagnostics::render(problems, &source.name(), text, terminal.colour));
    Failure::new(format!("`{}` cannot be laid out", source.name()))
}
