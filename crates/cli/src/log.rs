//! The service's log, on standard error: lines for people, or JSON for machines.

use std::io;

use clap::ValueEnum;
use tracing_appender::non_blocking::{self, NonBlocking, WorkerGuard};
use tracing_subscriber::{filter::LevelFilter, fmt};

use crate::{
    render::text::harmless,
    terminal::{Colour, Terminal, tell},
};

/// How lines of the log are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// What is worth a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Off,
    Error,
    Warn,
    Info,
    Debug,
}

/// A log that is being written; what is yet to be written is written when this goes.
pub(crate) struct Log {
    format: Format,
    _worker: WorkerGuard,
}

impl Log {
    /// Starts the log of this process.
    pub(crate) fn start(format: Format, level: Level, colour: Colour) -> Self {
        // A log that nobody reads must not hold up events: lines that find no room are lost.
        let (lines, worker): (NonBlocking, _) = non_blocking::NonBlocking::new(io::stderr());
        let lines = fmt().with_writer(lines).with_max_level(LevelFilter::from(level)).with_target(false);
        match format {
            Format::Text => lines.with_ansi(Terminal::of_errors(colour).colour).init(),
            Format::Json => lines.json().flatten_event(true).init(),
        }
        Self { format, _worker: worker }
    }

    /// Tells where the service listens: to people at once, and whatever the level.
    pub(crate) fn listening(&self, address: impl std::fmt::Display) {
        match self.format {
            Format::Text => tell(format_args!("listening on http://{address}")),
            Format::Json => tracing::info!("listening on http://{address}"),
        }
    }
}

/// A line of the service to its operator, at the level that it begins with.
pub(crate) fn say(line: &str) {
    let line = harmless(line);
    if let Some(error) = line.strip_prefix("error: ") {
        tracing::error!("{error}");
    } else if let Some(warning) = line.strip_prefix("warning: ") {
        tracing::warn!("{warning}");
    } else {
        tracing::info!("{line}");
    }
}

impl From<Level> for LevelFilter {
    fn from(level: Level) -> Self {
        match level {
            Level::Off => Self::OFF,
            Level::Error => Self::ERROR,
            Level::Warn => Self::WARN,
            Level::Info => Self::INFO,
            Level::Debug => Self::DEBUG,
        }
    }
}
