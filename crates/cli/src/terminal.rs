//! What the terminal can show: its width, colours, and characters beyond ASCII.

use std::{
    env,
    io::{self, IsTerminal, Write},
    path::Path,
};

use clap::ValueEnum;

/// How wide output is where nobody says.
const WIDTH: usize = 100;

/// When to use colours; `auto` is on a terminal, unless `NO_COLOR` is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Whether a person looks at the output.
    pub(crate) interactive: bool,
    /// In columns.
    pub(crate) width: usize,
    /// Whether to use colours.
    pub(crate) colour: bool,
    /// Whether characters beyond ASCII can be shown.
    pub(crate) unicode: bool,
}

impl Terminal {
    /// What standard output can show.
    pub(crate) fn of_output(colour: Colour) -> Self {
        Self::new(io::stdout().is_terminal(), colour)
    }

    /// What a file can show where there is one, else standard output.
    pub(crate) fn of_target(colour: Colour, path: Option<&Path>) -> Self {
        match path.filter(|path| *path != Path::new("-")) {
            Some(_) => Self::new(false, colour),
            None => Self::of_output(colour),
        }
    }

    /// What standard error can show.
    pub(crate) fn of_errors(colour: Colour) -> Self {
        Self::new(io::stderr().is_terminal(), colour)
    }

    fn new(interactive: bool, colour: Colour) -> Self {
        let colour = match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => {
                interactive && !is_set("NO_COLOR") && env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        Self { interactive, width: width(interactive), colour, unicode: speaks_unicode() }
    }
}

fn width(interactive: bool) -> usize {
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || {
        let (terminal_size::Width(width), _) = terminal_size::terminal_size()?;
        interactive.then_some(usize::from(width))
    };
    asked.or_else(seen).unwrap_or(WIDTH).clamp(40, 500)
}

/// By the locale, as C programs do; where none is set, Unicode is likelier than not.
fn speaks_unicode() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Writes a line to standard error. One that cannot be written is lost, as on a full disk or in a closed pipe:
/// the work goes on, and the exit code tells how it ended.
pub(crate) fn tell(line: impl std::fmt::Display) {
    let _lost = writeln!(io::stderr(), "{line}");
}
