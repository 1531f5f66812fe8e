//! What makes a command stop: the command, the model or a file is unusable.

use std::{fmt, io, path::Path};

/// A reason to stop, with what may help.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    help: Option<String>,
    quiet: bool,
}

/// What commands return.
pub(crate) type Outcome<T = Exit> = Result<T, Failure>;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, nothing to report.
    Done = 0,
    /// Done, and something was found: rejected rows, problems in a model, failed cases, a difference.
    Findings = 1,
    /// The command, the model or a file is unusable.
    Unusable = 2,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, quiet: false }
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// A failure to do something (`read`, `write`) with a file.
    pub(crate) fn file(act: &str, path: &Path, cause: &io::Error) -> Self {
        Self::new(format!("cannot {act} `{}`: {}", path.display(), plain(cause)))
    }

    /// The reader of our output has gone: there is nobody to tell, and nothing wrong.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        self.help.iter().try_for_each(|help| write!(f, "\nhelp: {help}"))
    }
}

/// Failures to write to standard output.
impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        let quiet = cause.kind() == io::ErrorKind::BrokenPipe;
        Self { quiet, ..Self::new(format!("cannot write to standard output: {}", plain(&cause))) }
    }
}

/// Errors of a run make a file or the command unusable.
impl From<kelvin_batch::Error> for Failure {
    fn from(error: kelvin_batch::Error) -> Self {
        use kelvin_batch::Error;
        let message = match &error {
            Error::Open { file, cause } => format!("cannot open `{file}`: {}", plain(cause)),
            Error::Read { file, cause } => format!("cannot read `{file}`: {}", plain(cause)),
            error => error.to_string(),
        };
        Self { help: error.help().map(str::to_owned), ..Self::new(message) }
    }
}

/// The cause in our grammar: without the number of the operating system, lower case.
pub(crate) fn plain(cause: &io::Error) -> String {
    let text = cause.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if !text.starts_with("I/O") => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}
