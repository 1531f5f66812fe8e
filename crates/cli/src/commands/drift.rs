//! `kelvin drift`: what has changed between two periods.

mod events;
mod report;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use kelvin_kernel::Instant;
use kelvin_learn::{
    Column, Dataset, Feature, Table, Values,
    drift::{Calibration, EventMix, Level, Limits, Shift, calibration, chi_squared, event_mix, shifts},
};
use serde_json::json;

use crate::{
    clock,
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples, ModelScores},
    models,
    output::{Output, ReportFormat},
    terminal::{Colour, Terminal},
};

/// Tell what has changed between two periods
///
/// Compares leads of a later period with those of an earlier one, each looked at once, when it had been known for as long as `--after`
/// says: each attribute, what leads did, the mix of events, scores of models, how many have the outcome, and whether probabilities
/// still mean what they say. An index (PSI) says how large a change is, a test whether it could be chance; an alarm needs both.
#[derive(Debug, Args)]
#[command(mut_arg("every", |every| every.default_value("0d").hide(true)), after_help = "\
Examples:
  kelvin drift -l leads-2025.csv --later leads-2026.csv
  kelvin drift -l leads.csv -e events.jsonl --since 2026-01-01 -m model.yaml
  kelvin drift -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --since 2026-01-01 --after 60d
  kelvin drift -l scored.csv --later scored-now.csv --outcome 'lead.won == true' --probability p --alarm strong

Exit status: 0 nothing has changed by as much as --alarm says; 1 something has, or some rows were rejected;
2 the command, a model or a file is unusable.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// Leads of the later period; all others are of the earlier one; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Periods", required_unless_present = "since")]
    later: Vec<PathBuf>,

    /// The later period begins here: RFC 3339, a date, `now-90d`. Leads that are looked at from then on are of it
    #[arg(long, value_name = "TIME", value_parser = clock::instant, allow_hyphen_values = true, conflicts_with = "later")]
    #[arg(help_heading = "Periods", requires = "happenings")]
    since: Option<Instant>,

    /// Models, whose scores are compared too; a file or a folder, may be repeated
    #[arg(short, long = "model", value_name = "FILE|FOLDER", help_heading = "Input")]
    models: Vec<PathBuf>,

    /// An attribute that is the probability of the outcome
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Input")]
    probability: Option<String>,

    /// From which change on the exit status is 1
    #[arg(long, value_name = "LEVEL", default_value = "moderate", help_heading = "Alarm")]
    alarm: Alarm,

    /// Where nothing has changed, the chance of any alarm among attributes, and that of one about events, is at most this
    #[arg(long, value_name = "SHARE", default_value = "0.05", help_heading = "Alarm")]
    false_alarms: f64,

    /// A table for people, or a JSON object
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

/// The least change that is an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Alarm {
    Moderate,
    Strong,
}

/// What was found.
struct Found {
    rows: [usize; 2],
    attributes: Vec<Shift>,
    /// Where there are events.
    events: Option<EventMix>,
    /// Of each model, by its id.
    scores: Vec<Shift>,
    conversion: Option<Conversion>,
    /// Before and after.
    calibration: Option<[Calibration; 2]>,
}

/// How many have the outcome.
struct Conversion {
    positives: [usize; 2],
    /// The chance of a difference as large where nothing has changed.
    p: f64,
}

pub(crate) fn run(mut arguments: Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let [before, after] = periods(&mut arguments, &terminal)?;
    arguments.examples.tell_notes(before.notes.iter().chain(&after.notes));
    let found = compare(&arguments, &before, &after)?;
    let told = match arguments.format {
        ReportFormat::Text => found.text(&Terminal::of_target(colour, arguments.output.as_deref())),
        ReportFormat::Json => {
            let mut told = found.json();
            told["about"] = json!([&before.about, &after.about]);
            told["notes"] = json!([&before.notes[..], &after.notes[..]].concat());
            format!("{told:#}\n")
        }
    };
    Output::write_text(arguments.output.as_deref(), &told)?;
    let limit = match arguments.alarm {
        Alarm::Moderate => Level::Moderate,
        Alarm::Strong => Level::Strong,
    };
    let is_quiet = found.level() < limit && before.rejected + after.rejected == 0;
    Ok(if is_quiet { Exit::Done } else { Exit::Findings })
}

/// The examples of both periods.
fn periods(arguments: &mut Arguments, terminal: &Terminal) -> Outcome<[Examples; 2]> {
    let programs = models::optional(&arguments.models, terminal)?;
    arguments.examples.look_at_one_age()?;
    let read = |options: &ExampleOptions| options.examples_or_leads(&programs, terminal);
    let all = read(&arguments.examples)?;
    let Some(since) = arguments.since else {
        arguments.examples.rows.leads = std::mem::take(&mut arguments.later);
        return Ok([all, read(&arguments.examples)?]);
    };
    let is_later = |row: &usize| all.dataset.examples[*row].at.is_some_and(|at| at >= since);
    let (after, before): (Vec<usize>, Vec<usize>) = (0..all.dataset.examples.len()).partition(is_later);
    if before.is_empty() || after.is_empty() {
        let side = if after.is_empty() { "since" } else { "before" };
        return Err(Failure::new(format!("there are no leads to look at {side} {since}")));
    }
    let later = part(&all, &after);
    Ok([Examples { rejected: all.rejected, notes: all.notes.clone(), ..part(&all, &before) }, later])
}

/// Some rows of examples.
fn part(all: &Examples, rows: &[usize]) -> Examples {
    let scores = |of: &ModelScores| ModelScores {
        model: of.model.clone(),
        scores: rows.iter().map(|row| of.scores[*row]).collect(),
        ..ModelScores::default()
    };
    Examples {
        dataset: all.dataset.take(rows),
        models: all.models.iter().map(scores).collect(),
        about: all.about.clone(),
        rejected: 0,
        notes: Vec::new(),
        leaks: Vec::new(),
    }
}

fn compare(arguments: &Arguments, before: &Examples, after: &Examples) -> Outcome<Found> {
    let limits = Limits { false_alarms: arguments.false_alarms, ..Limits::default() };
    let datasets = [&before.dataset, &after.dataset];
    let cases = datasets.map(Dataset::cases);
    let compared = |before: &Table, after: &Table| {
        let help = "give both files the same columns, or leave one out with --ignore; --category makes numbers texts";
        shifts(before, after, cases, &limits).map_err(|cause| Failure::new(cause.to_string()).help(help))
    };
    let has_outcome = arguments.examples.has_outcome();
    let calibration = match &arguments.probability {
        Some(_) if !has_outcome => {
            return Err(Failure::new("--probability needs an outcome to be held against"));
        }
        Some(name) => Some([calibrated(datasets[0], name)?, calibrated(datasets[1], name)?]),
        None => None,
    };
    Ok(Found {
        rows: datasets.map(|dataset| dataset.examples.len()),
        attributes: compared(&before.dataset.table, &after.dataset.table)?,
        events: event_mix(&before.dataset, &after.dataset, &limits),
        scores: compared(&scores(&before.models)?, &scores(&after.models)?)?,
        conversion: has_outcome.then(|| conversion(datasets)),
        calibration,
    })
}

/// The scores of models as columns.
fn scores(models: &[ModelScores]) -> Outcome<Table> {
    let column = |of: &ModelScores| Column {
        feature: Feature::Attribute(of.model.clone()),
        values: Values::Numbers(of.scores.iter().map(|score| score.unwrap_or(f64::NAN)).collect()),
    };
    Table::new(models.iter().map(column).collect()).map_err(|cause| Failure::new(cause.to_string()))
}

fn conversion(datasets: [&Dataset; 2]) -> Conversion {
    let positives = datasets.map(Dataset::positives);
    let [before, after] = datasets.map(|dataset| {
        let positives = dataset.positives();
        [positives, dataset.examples.len() - positives].map(|count| count as f64 * of_a_case(dataset))
    });
    Conversion { positives, p: chi_squared(&before, &after) }
}

/// As how much of a case each row counts: those of one lead may all be alike.
fn of_a_case(dataset: &Dataset) -> f64 {
    dataset.cases() / dataset.examples.len().max(1) as f64
}

fn calibrated(dataset: &Dataset, name: &str) -> Outcome<Calibration> {
    let is_it = |column: &&Column| column.feature == Feature::Attribute(name.to_owned());
    let wrong = |why: &str| Failure::new(format!("cannot use --probability `{name}`: {why}"));
    let column =
        dataset.table.columns().iter().find(is_it).ok_or_else(|| wrong("there is no such attribute"))?;
    let Values::Numbers(numbers) = &column.values else { return Err(wrong("it is text")) };
    let told = |(number, outcome): (&f64, bool)| (0.0..=1.0).contains(number).then_some((*number, outcome));
    let outcomes = dataset.examples.iter().map(|example| example.outcome);
    let (probabilities, outcomes): (Vec<f64>, Vec<bool>) =
        numbers.iter().zip(outcomes).filter_map(told).unzip();
    if probabilities.is_empty() {
        return Err(wrong("no value of it lies from 0 to 1"));
    }
    Ok(calibration(&probabilities, &outcomes, of_a_case(dataset)))
}
