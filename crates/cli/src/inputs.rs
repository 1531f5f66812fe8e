//! The inputs of a run, as the command line names them.

use std::path::{Path, PathBuf};

use clap::Args;
use kelvin_batch::{
    Files,
    read::{Entry, Input, Kind, Mapping, ReadOptions, TimeZone, Wanted},
};
use kelvin_kernel::{
    Instant,
    plan::{Field, Fields},
};

use crate::{
    clock,
    failure::{Failure, Outcome},
    terminal::tell,
};

/// Models, leads, events, and how to read them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct Inputs {
    /// A model file, or a folder whose `*.yaml` files are all used; may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", required = true)]
    pub(crate) models: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) rows: Rows,
}

/// Leads, events, and how to read them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct Rows {
    /// Leads: CSV, JSON Lines or Parquet, by extension; `-` is CSV or JSON Lines on standard input; may be repeated
    #[arg(short, long, value_name = "FILE", required_unless_present = "happenings")]
    pub(crate) leads: Vec<PathBuf>,

    /// Events: as leads; JSON Lines may be Segment calls; may be repeated
    #[arg(short, long, value_name = "FILE", group = "happenings")]
    pub(crate) events: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) layout: Layout,
}

/// How rows are laid out.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct Layout {
    /// Which columns stand for which fields: `lead_id=Email,employees="No. of Employees"`.
    ///
    /// A field is an attribute or property that the model reads, or `lead_id`, `time`, `event`, `id`. Names with a
    /// comma, `=` or quotes stand in double quotes. `leads:` or `events:` before a field limits an entry to those files;
    /// the column `@line` is the number of the line, for leads that have no id. May be repeated.
    #[arg(long, value_name = "FIELD=COLUMN,…")]
    map: Vec<String>,

    /// Read times without an offset as noted here: `+02:00`, `UTC`, `Europe/Berlin`; else such rows are rejected
    #[arg(long, value_name = "ZONE", value_parser = clock::zone, allow_hyphen_values = true)]
    time_zone: Option<TimeZone>,

    /// The same as --time-zone UTC
    #[arg(long, conflicts_with = "time_zone")]
    assume_utc: bool,
}

/// The instant of a run.
#[derive(Debug, Args)]
pub(crate) struct AsOf {
    /// Score as of this instant, past or future: RFC 3339, a date (midnight UTC), milliseconds since 1970,
    /// or relative: `now-30d`, `now+7d`
    #[arg(long = "as-of", value_name = "TIME", default_value = "now", value_parser = clock::instant, allow_hyphen_values = true)]
    #[arg(help_heading = "Input")]
    pub(crate) instant: Instant,
}

impl AsOf {
    /// Tells of an instant that looks like seconds since 1970 taken for milliseconds.
    pub(crate) fn tell_early(&self, quiet: bool) {
        const SECONDS: std::ops::Range<i64> = 100_000_000..10_000_000_000;
        let millis = self.instant.as_millis();
        // Nobody asks for the score of a day in 1970 otherwise: a date lies at midnight.
        if SECONDS.contains(&millis) && millis % 86_400_000 != 0 && !quiet {
            tell(format_args!(
                "note: --as-of {millis} is {}: it is taken as milliseconds since 1970, and looks like seconds",
                self.instant
            ));
        }
    }
}

impl Layout {
    /// The column mapping.
    fn mapping(&self) -> Outcome<Mapping> {
        let mut mapping = Mapping::default();
        for text in &self.map {
            mapping.add(text).map_err(|cause| Failure::new(format!("cannot use --map `{text}`: {cause}")))?;
        }
        Ok(mapping)
    }

    /// How the inputs are read.
    pub(crate) fn options(&self) -> Outcome<ReadOptions> {
        let utc = self.assume_utc.then_some(TimeZone::at_offset(0));
        let time_zone = utc.or_else(|| self.time_zone.clone());
        Ok(ReadOptions { mapping: self.mapping()?, time_zone, ..ReadOptions::default() })
    }
}

impl Rows {
    /// How they are read.
    pub(crate) fn options(&self) -> Outcome<ReadOptions> {
        self.layout.options()
    }

    /// The files in a line.
    pub(crate) fn names(&self) -> String {
        let files = self.leads.iter().chain(&self.events);
        files.map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    }
}

/// What no column's name begins with: fields after it are looked for under names that properties may have as well.
const MARK: char = '\u{1}';

/// Wants a column of events as a field that is no property; returns its slot.
pub(crate) fn want_aside(fields: &mut Fields, mapping: &mut Mapping, column: &str) -> usize {
    let field = format!("{MARK}{column}");
    let mapped = mapping.column(Kind::Events, column).unwrap_or(column).to_owned();
    mapping.asides.push(Entry { kind: Some(Kind::Events), field: field.clone(), column: mapped });
    fields.intern(&field)
}

/// The column of a field that [`want_aside`] made.
pub(crate) fn aside(field: &Field) -> Option<&str> {
    field.name.strip_prefix(MARK)
}

impl Inputs {
    /// Opens leads and events.
    pub(crate) fn open(&self, wanted: &Wanted) -> Outcome<Files> {
        let inputs = |paths: &[PathBuf]| paths.iter().map(|path| input(path)).collect();
        let Rows { leads, events, .. } = &self.rows;
        Ok(Files::open(inputs(leads), inputs(events), wanted, &self.rows.options()?)?)
    }

    /// Refuses standard input for more than one thing.
    pub(crate) fn check(&self) -> Outcome<()> {
        let files = self.models.iter().chain(&self.rows.leads).chain(&self.rows.events);
        match files.filter(|path| *path == Path::new("-")).count() {
            0 | 1 => Ok(()),
            _ => {
                Err(Failure::new("standard input can only be one of the inputs: `-` is given more than once"))
            }
        }
    }
}

/// A file of the command line, or standard input.
pub(crate) fn input(path: &Path) -> Input {
    match path.to_str() {
        Some(name) => Input::named(name),
        None => Input::file(path),
    }
}
