//! `kelvin new`: a commented starter model or playbook.

use std::path::{Path, PathBuf};

use clap::{Args, builder::PossibleValuesParser};
use kelvin_model::templates::{self, TEMPLATES, Template, template};

use crate::{
    failure::{Exit, Failure, Outcome},
    output::Output,
    render::grid::{Align, Grid},
    terminal::{Colour, Terminal},
};

/// Write a commented starter model or playbook
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin new --list
  kelvin new model.yaml
  kelvin new --template ecommerce -o model.yaml
  kelvin new --template playbook playbook.yaml")]
pub(crate) struct Arguments {
    /// Which one
    #[arg(
        short,
        long,
        value_name = "NAME",
        value_parser = PossibleValuesParser::new(templates::all().map(|template| template.name)),
        default_value = TEMPLATES[0].name,
    )]
    template: String,

    /// Write to a file that does not exist yet, instead of standard output
    #[arg(value_name = "FILE", group = "target")]
    file: Option<PathBuf>,

    /// The same
    #[arg(short, long, value_name = "FILE", group = "target")]
    output: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long, requires = "target")]
    force: bool,

    /// Tell which there are
    #[arg(long, conflicts_with_all = ["template", "target", "force"])]
    list: bool,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    if arguments.list {
        Output::write_text(None, &list(&Terminal::of_output(colour)))?;
        return Ok(Exit::Done);
    }
    let Some(Template { text, .. }) = template(&arguments.template) else {
        return Err(Failure::new(format!("there is no template `{}`", arguments.template)));
    };
    let path = arguments.file.as_deref().or(arguments.output.as_deref());
    if let Some(folder) = path.filter(|path| path.is_dir()) {
        let file = folder.join("model.yaml");
        return Err(Failure::new(format!("`{}` is a folder", folder.display()))
            .help(format!("name the file that is to be made: `{}`", file.display())));
    }
    if let Some(path) = path.filter(|path| !arguments.force && exists(path)) {
        return Err(Failure::new(format!("`{}` exists", path.display())).help("--force replaces it"));
    }
    Output::write_text(path, text)?;
    Ok(Exit::Done)
}

/// Whether something would be replaced.
fn exists(path: &Path) -> bool {
    path != Path::new("-") && path.symlink_metadata().is_ok()
}

fn list(terminal: &Terminal) -> String {
    let mut grid = Grid::new([("", Align::Left), ("", Align::Left)]);
    for template in templates::all() {
        grid.add([template.name.into(), template.about.into()]);
    }
    grid.render(0, terminal)
}
