//! `kelvin score`: scores the leads of files.

pub(super) mod options;
mod output;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kelvin_batch::{
    Job, Models,
    read::{Reject, Rejects},
    score,
    selection::{Order, Selection},
};
use kelvin_kernel::{program::Program, score::Detail};
use kelvin_model::Loaded;

use crate::{
    allocator::keep_freed_memory,
    failure::{Exit, Outcome},
    inputs::{AsOf, Inputs},
    machine, models,
    progress::{Progress, during},
    rejects::Teller,
    render::text::harmless,
    terminal::{Colour, Terminal, tell},
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
  kelvin score -m model.yaml -l leads.parquet -e events.parquet -o scores.csv --columns lead_id,score,tier
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

    /// Only these columns, in this order, in CSV and Parquet; without `until` scoring takes a fifth less time
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = "Output")]
    columns: Vec<String>,

    /// Score accounts too. Their lines follow those of leads, or go to a file of their own, whose extension tells the
    /// format; beside `-o x.csv` or `-o x.parquet` that is `x.accounts.csv`, `x.accounts.parquet` unless given
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
    #[arg(long, value_name = "KEY", allow_hyphen_values = true, value_parser = options::order, help_heading = "Selection")]
    sort: Option<Order>,

    /// Stop at the first row that is rejected
    #[arg(long, help_heading = "Running")]
    strict: bool,

    /// Write every rejected row to this file, as JSON Lines with file, line and reason
    #[arg(long, value_name = "FILE", help_heading = "Running")]
    rejects: Option<PathBuf>,

    /// Threads to use [default: as many as there are processors]
    #[arg(long, value_name = "N", value_parser = options::threads, help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,

    /// Memory for events before they are spilled to temporary files: `512M`, `4G` [default: half of the machine's]
    #[arg(long, value_name = "SIZE", value_parser = options::size, help_heading = "Running")]
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

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let Arguments { inputs, as_of, .. } = arguments;
    inputs.check()?;
    keep_freed_memory();
    let errors = Terminal::of_errors(colour);
    let target = output::Target::new(arguments, colour)?;
    let (programs, loaded): (Vec<Program>, Vec<Loaded>) =
        models::programs(&inputs.models, &errors)?.into_iter().unzip();
    target.check_columns(programs.iter().map(Program::plan))?;
    let models = Models::new(&programs, arguments.accounts.is_some())?;
    let job = Job {
        models: &models,
        at: as_of.instant,
        detail: Detail {
            until: target.shows_until(),
            reasons: arguments.explain || target.format == Format::Table,
        },
        selection: selection(arguments, &target, &programs)?,
        resources: machine::resources(arguments.threads, arguments.memory),
    };
    let files = inputs.open(models.wanted())?;
    let teller = Teller::new(arguments.rejects.as_ref(), arguments.strict)?;
    as_of.tell_early(arguments.quiet);
    let progress = Progress { total: files.bytes_total(), read: &|| files.bytes_read() };
    let scores = during(&progress, !arguments.quiet, &errors, |say| {
        let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, say));
        score(&job, &files.source(&rejects))
    });
    let rejected = teller.finish()?;
    if !arguments.quiet {
        for warning in files.warnings(&models::optional_fields(&loaded)) {
            tell(format_args!("note: {}", harmless(&warning.to_string())));
        }
    }
    match scores {
        // The row that stopped the run is told already.
        Err(kelvin_batch::Error::Stopped) => {
            tell("error: stopped at the first rejected row, as --strict asks: no scores are written");
            Ok(Exit::Findings)
        }
        scores => {
            target.write(&scores?, &job)?;
            Ok(if rejected > 0 { Exit::Findings } else { Exit::Done })
        }
    }
}

/// Which leads are wanted; a tier or dimension that no model has is a mistake.
fn selection(arguments: &Arguments, target: &output::Target<'_>, programs: &[Program]) -> Outcome<Selection> {
    let plans = || programs.iter().map(Program::plan);
    let tiers: Vec<_> = arguments.tier.iter().map(|name| options::tier(name)).collect();
    let by_score = target.format == Format::Table || arguments.top.is_some();
    let order = arguments.sort.clone().unwrap_or_else(|| options::default_order(by_score));
    let known = plans().flat_map(|plan| &plan.tiers).map(|tier| &*tier.name);
    options::check_tiers(&tiers, known.collect())?;
    let known = plans().flat_map(|plan| &plan.dimensions).map(|dimension| &*dimension.id);
    options::check_order(&order, known.collect())?;
    Ok(Selection { order, top: arguments.top, tiers })
}
