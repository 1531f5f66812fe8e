//! `kelvin export`: what the store of the live service holds, as files.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use clap::{Args, ValueEnum};
use kelvin_batch::write::table::{Found, Row, Table};
use kelvin_kernel::Instant;
use kelvin_server::{Contents, Definitions, Extract, contents};
use kelvin_store::Location;
use serde_json::Value as Json;

use super::store::Store;
use crate::{
    clock,
    failure::{Exit, Failure, Outcome},
    flat::flat,
    output::Output,
    playbooks,
    progress::{Progress, during},
    render::text::counted,
    terminal::{Colour, Terminal},
};

/// Write what the store of the live service holds to files
///
/// Events, leads, scores, changes of tier, hand-offs, tasks and outcomes, as of one moment; the service may run meanwhile. Events are written
/// as `kelvin score` reads them: in JSON Lines its scores over them are those of the service. In Parquet each property has a column, and
/// attributes stand with the leads.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin export --to export/                         a file of each, as JSON Lines
  kelvin export --to export/ --format parquet
  kelvin export --to scores.parquet --what scores --as-of 2026-01-01
  kelvin export --to outcomes.jsonl --what outcomes --playbook playbook.yaml
  kelvin export --to events.jsonl && kelvin score -m model.yaml -e events.jsonl

Exit status: 0 done; 2 the store cannot be read, or a file cannot be written.")]
pub(crate) struct Arguments {
    /// A folder, which is made if it is not there, or a file, whose extension tells the format; `-` is standard output
    #[arg(long, value_name = "FOLDER|FILE")]
    to: PathBuf,

    /// What to write [default: all to a folder, events to a file]
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    what: Vec<What>,

    /// The format [default: by the extension; else jsonl]
    #[arg(short, long, value_name = "FORMAT")]
    format: Option<Format>,

    /// Scores and attributes as of this instant, past or future: as `kelvin score` takes it
    #[arg(long, value_name = "INSTANT", default_value = "now", value_parser = clock::instant, allow_hyphen_values = true)]
    as_of: Instant,

    /// The playbook by which events tell of outcomes; without one, only those that were sent are written
    #[arg(short, long, value_name = "FILE", env = "KELVIN_PLAYBOOK")]
    playbook: Option<PathBuf>,

    #[command(flatten)]
    store: Store,

    /// No progress bar and no summary
    #[arg(short, long)]
    quiet: bool,
}

/// What can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Events,
    Leads,
    Scores,
    TierChanges,
    HandOffs,
    Tasks,
    Outcomes,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Parquet,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let targets = arguments.targets()?;
    let written = AtomicU64::new(0);
    let progress = Progress { total: None, read: &|| written.load(Ordering::Relaxed) };
    let terminal = Terminal::of_errors(colour);
    let playbook = arguments
        .playbook
        .as_deref()
        .map(|path| playbooks::read(path, (&[], None), &terminal))
        .transpose()?;
    let definitions = Definitions::of(playbook.as_ref());
    during(&progress, !arguments.quiet, &terminal, |say| {
        contents(arguments.store.location()?, arguments.as_of, &definitions, |contents: &Contents<'_>| {
            for (what, format, path) in &targets {
                let rows = write(contents, *what, *format, path, &written)?;
                if !arguments.quiet {
                    say(&format!("wrote {} to `{}`", counted(rows, what.row()), path.display()));
                }
            }
            Ok::<_, Failure>(Exit::Done)
        })
    })
}

/// Writes the events of a store to a file, as JSON Lines, and its outcomes to another, by some definitions.
pub(crate) fn draw(store: Location, events: &Path, outcomes: Option<(&Definitions, &Path)>) -> Outcome<()> {
    let none = Definitions::default();
    let definitions = outcomes.map_or(&none, |(definitions, _)| definitions);
    let outcomes = outcomes.map(|(_, path)| (What::Outcomes, path));
    contents(store, clock::now(), definitions, |contents: &Contents<'_>| {
        [(What::Events, events)].into_iter().chain(outcomes).try_for_each(|(what, path)| {
            write(contents, what, Format::Jsonl, path, &AtomicU64::new(0)).map(drop)
        })
    })
}

impl Arguments {
    /// What goes where, and how.
    fn targets(&self) -> Outcome<Vec<(What, Format, PathBuf)>> {
        let known = self.to.extension().and_then(|extension| Format::of(&extension.to_string_lossy()));
        let is_file = known.is_some() || self.to == Path::new("-");
        let format = self.format.or(known).unwrap_or(Format::Jsonl);
        let one =
            |what: What| (what, format, self.to.join(format!("{}.{}", what.file(), format.extension())));
        match (is_file, self.what.as_slice()) {
            (true, []) => Ok(vec![(What::Events, format, self.to.clone())]),
            (true, [what]) => Ok(vec![(*what, format, self.to.clone())]),
            (true, _) => {
                let failure = Failure::new("one file holds one thing: `--what` names several");
                Err(failure.help("name a folder with `--to`"))
            }
            (false, whats) => {
                fs::create_dir_all(&self.to).map_err(|cause| Failure::file("write", &self.to, &cause))?;
                let whats = if whats.is_empty() { What::value_variants() } else { whats };
                Ok(whats.iter().copied().map(one).collect())
            }
        }
    }
}

/// Writes one file; how many rows it has.
fn write(
    contents: &Contents<'_>,
    what: What,
    format: Format,
    path: &Path,
    written: &AtomicU64,
) -> Outcome<u64> {
    let output = Output::open(Some(path))?;
    match format {
        Format::Jsonl => write_lines(contents, what, output, written),
        Format::Parquet => write_table(contents, what, output, written),
    }
}

fn write_lines(contents: &Contents<'_>, what: What, mut output: Output, written: &AtomicU64) -> Outcome<u64> {
    let mut rows = 0;
    contents.each(what.extract(), &mut |row| {
        let line = format!("{row}\n");
        written.fetch_add(line.len() as u64, Ordering::Relaxed);
        rows += 1;
        output.put(line.as_bytes())
    })?;
    output.finish()?;
    Ok(rows)
}

/// A first look finds the columns: what is not known beforehand cannot be written in one go.
fn write_table(contents: &Contents<'_>, what: What, mut output: Output, written: &AtomicU64) -> Outcome<u64> {
    let mut found = Found::beginning_with(what.columns());
    contents.each(what.extract(), &mut |row| {
        found.notice(&what.flat(row));
        Ok::<_, Failure>(())
    })?;
    let mut rows = 0;
    let failed = |cause| Failure::new(format!("cannot write the table: {cause}"));
    let mut table = Table::begin(&mut output, found).map_err(failed)?;
    contents.each(what.extract(), &mut |row| {
        written.fetch_add(row.to_string().len() as u64, Ordering::Relaxed);
        rows += 1;
        table.put(what.flat(row)).map_err(failed)
    })?;
    table.finish().map_err(failed)?;
    output.finish()?;
    Ok(rows)
}

impl What {
    fn extract(self) -> Extract {
        match self {
            Self::Events => Extract::Events,
            Self::Leads => Extract::Leads,
            Self::Scores => Extract::Scores,
            Self::TierChanges => Extract::TierChanges,
            Self::HandOffs => Extract::HandOffs,
            Self::Tasks => Extract::Tasks,
            Self::Outcomes => Extract::Outcomes,
        }
    }

    /// The name of its file.
    fn file(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Leads => "leads",
            Self::Scores => "scores",
            Self::TierChanges => "tier-changes",
            Self::HandOffs => "hand-offs",
            Self::Tasks => "tasks",
            Self::Outcomes => "outcomes",
        }
    }

    /// What one of its rows is called.
    fn row(self) -> &'static str {
        match self {
            Self::Events => "event",
            Self::Leads => "lead",
            Self::Scores => "score",
            Self::TierChanges => "tier change",
            Self::HandOffs => "hand-off",
            Self::Tasks => "task",
            Self::Outcomes => "outcome",
        }
    }

    /// The columns that come first in a table, whether there are rows or not.
    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["lead_id", "time", "event", "id"],
            Self::Leads => &["lead_id"],
            Self::Scores => &["lead_id", "model", "as_of", "score", "tier", "grade", "disqualified", "until"],
            Self::TierChanges => &["id", "lead_id", "model", "at", "from", "to", "cause"],
            Self::HandOffs => {
                &["id", "hand_off", "model", "lead_id", "account_id", "owner", "at", "score", "tier"]
            }
            Self::Tasks => {
                &["id", "hand_off", "model", "lead_id", "owner", "title", "state", "reason", "opened_at"]
            }
            Self::Outcomes => {
                &["id", "lead_id", "kind", "at", "value", "currency", "reason", "deal", "source"]
            }
        }
    }

    /// A row as columns.
    fn flat(self, row: Json) -> Row {
        flat(row, self == Self::Events, self == Self::Leads)
    }
}

impl Format {
    fn of(extension: &str) -> Option<Self> {
        match extension {
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "parquet" | "pq" => Some(Self::Parquet),
            _ => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}
