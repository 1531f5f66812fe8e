//! `kelvin score`: scores the leads of files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kelvin_batch::selection::{Order, OrderKey, Selection, TierName};

use crate::{
    failure::Outcome,
    inputs::{AsOf, Inputs},
    terminal::{Colour, Terminal},
};

/// Score leads from files
///
/// Reads models, leads and events, scores every lead as of an instant, and writes a line for each. A lead that occurs
/// only in events is scored too; a lead to which a model does not apply has no line. Rows that cannot be used are
/// told on standard error, and the rest is scored.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin score -m model.yaml -l leads.csv -e events.jsonl
  kelvin score -m model.yaml -l crm.csv --map 'lead_id=Email,employees=\"No. of Employees\"' --top 20
  kelvin score -m models/ -l leads.parquet -e events.parquet -o scores.parquet
  zcat events.jsonl.gz | kelvin score -m model.yaml -e - --as-of 2026-01-01 --explain

Exit status: 0 done; 1 some rows were rejected, the rest is scored (--strict stops at the first);
2 the command, the model or a file is unusable.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    inputs: Inputs,

    #[command(flatten)]
    as_of: AsOf,

    /// Write to a file, whose extension tells the format; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// The format [default: by the output's extension; else table on a terminal, jsonl in a pipe]
    #[arg(short, long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,

    /// Tell the reasons of each score: what each rule is worth
    #[arg(long, help_heading = "Output")]
    explain: bool,

    /// Score accounts too; the lines of accounts follow those of leads, or go to a file of their own
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, help_heading = "Output")]
    #[expect(clippy::option_option, reason = "absent, without a file, with a file")]
    accounts: Option<Option<PathBuf>>,

    /// Only the first N leads of each model, in order
    #[arg(long, value_name = "N", help_heading = "Selection")]
    top: Option<usize>,

    /// Only leads of this tier, or `none`, or `disqualified`; may be repeated
    #[arg(long, value_name = "TIER", help_heading = "Selection")]
    tier: Vec<String>,

    /// Order by `lead_id`, `score` or a dimension; `-score` is the greatest first
    /// [default: -score in a table and with --top, else lead_id]
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, value_parser = order, help_heading = "Selection")]
    sort: Option<Order>,

    /// Stop at the first row that is rejected
    #[arg(long, help_heading = "Running")]
    strict: bool,

    /// Write every rejected row to this file, as JSON Lines with file, line and reason
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    rejects: Option<PathBuf>,

    /// Threads to use [default: as many as there are processors]
    #[arg(long, value_name = "N", help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,

    /// Memory for events before they are spilled to temporary files: `512M`, `4G` [default: half of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = "Running")]
    memory: Option<u64>,

    /// No progress bar and no summary
    #[arg(short, long, help_heading = "Running")]
    quiet: bool,
}

/// How scores are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Jsonl,
    Csv,
    Parquet,
}

fn order(text: &str) -> Result<Order, String> {
    let (key, descending) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
    let key = match key {
        "" => return Err("expected `lead_id`, `score` or a dimension".to_owned()),
        "lead_id" => OrderKey::LeadId,
        "score" => OrderKey::Score,
        dimension => OrderKey::Dimension(dimension.into()),
    };
    Ok(Order { key, descending })
}

/// Reads a number of bytes.
fn size(text: &str) -> Result<u64, String> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let factor = match text[end..].to_ascii_lowercase().trim_end_matches('b').trim_end_matches('i') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        "t" => 1 << 40,
        _ => return Err("expected a size, as in `512M` or `4G`".to_owned()),
    };
    let number: u64 = text[..end].parse().map_err(|_| "expected a size, as in `512M` or `4G`".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "larger than any memory".to_owned())
}

fn tier(name: &str) -> TierName {
    match name {
        "none" => TierName::None,
        "disqualified" => TierName::Disqualified,
        name => TierName::Named(name.into()),
    }
}
