//! `kelvin man`: manual pages.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, CommandFactory};
use clap_mangen::Man;

use crate::{
    args::Arguments as CommandLine,
    failure::{Exit, Failure, Outcome},
    output::Output,
};

/// Print the manual page, or write the pages of all commands to a folder
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin man | man -l -
  kelvin man ~/.local/share/man/man1")]
pub(crate) struct Arguments {
    /// The folder to write kelvin.1, kelvin-score.1, … to; created where it is missing
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match &arguments.folder {
        None => {
            let mut output = Output::open(None)?;
            output.put(&page(CommandLine::command())?.1)?;
            output.finish()?;
        }
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|cause| Failure::file("create", folder, &cause))?;
            for (name, page) in pages()? {
                write(&folder.join(name), &page)?;
            }
        }
    }
    Ok(Exit::Done)
}

/// All pages with their file names.
fn pages() -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut root = CommandLine::command();
    root.build();
    let commands = root.get_subcommands().cloned().collect::<Vec<_>>();
    [root].into_iter().chain(commands).map(page).collect()
}

/// A page with its file name.
fn page(command: clap::Command) -> Outcome<(String, Vec<u8>)> {
    let man = Man::new(command).manual("Kelvin");
    let mut page = Vec::new();
    man.render(&mut page)?;
    Ok((man.get_filename(), page))
}

fn write(path: &Path, page: &[u8]) -> Outcome<()> {
    let mut output = Output::open(Some(path))?;
    output.put(page)?;
    output.finish()
}
