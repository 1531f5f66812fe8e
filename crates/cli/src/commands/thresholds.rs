//! `kelvin thresholds`: from which score on a tier should begin.

use std::path::PathBuf;

use clap::Args;
use kelvin_kernel::plan::{Plan, Tier};
use kelvin_learn::{
    measure::Resampling,
    thresholds::{Goal, Moment, Thresholds},
};

use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples},
    machine, models,
    output::{Output, ReportFormat},
    render::thresholds::{self, Report},
    terminal::{Colour, Terminal},
};

/// Tell from which score on a tier should begin
///
/// Scores leads as they were at their moments of decision, and tells for each bound how many leads reach it, how many of them have the
/// outcome, and which of them to choose: for a capacity, for a share of outcomes, or for what the work costs and the outcomes bring. A
/// lead counts once, when it first reaches the bound. Disqualified leads reach none.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin thresholds -m model.yaml -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --capacity 40/week
  kelvin thresholds -m model.yaml -l leads.csv --outcome 'lead.won == true' --precision 30% --tier mql
  kelvin thresholds -m model.yaml -l leads.csv --outcome 'lead.won == true' --cost 25 --value 900
  kelvin thresholds -m model.yaml -l leads.csv --outcome 'lead.won == true' --format json | jq .curve

Exit status: 0 done; 1 some rows were rejected, or no bound is what was asked for; 2 the command, the model or a file is unusable.")]
pub(crate) struct Arguments {
    /// The model file
    #[arg(short, long, value_name = "FILE", help_heading = "Input")]
    model: PathBuf,

    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// The tier whose bound is asked for [default: the highest]
    #[arg(long, value_name = "TIER", help_heading = "Goal")]
    tier: Option<String>,

    /// At most so many leads reach it: `40/week`, `10/day`, `150/month`
    #[arg(long, value_name = "N/TIME", value_parser = capacity, help_heading = "Goal")]
    capacity: Option<f64>,

    /// At least this share of those who reach it have the outcome: `0.3`, `30%`
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Goal")]
    precision: Option<f64>,

    /// What it costs to work on a lead; the bound with the greatest profit is looked for
    #[arg(long, value_name = "AMOUNT", help_heading = "Goal")]
    cost: Option<f64>,

    /// What an outcome brings [default: what --outcome-value says]
    #[arg(long, value_name = "AMOUNT", requires = "cost", help_heading = "Goal")]
    value: Option<f64>,

    /// In how many weeks the leads came [default: from the first moment of decision to the last]
    #[arg(long, value_name = "N", help_heading = "Goal")]
    weeks: Option<f64>,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// For people, or all of it as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,

    /// What chance starts from where intervals are drawn: the same seed and data give the same report
    #[arg(long, value_name = "N", default_value = "1", help_heading = "Output")]
    seed: u64,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let program = models::one(&arguments.model, &terminal)?;
    let tier = arguments.tier(program.plan())?;
    let mut examples = arguments.examples.examples(std::slice::from_ref(&program), &terminal)?;
    if tier.is_some_and(|tier| !tier.needs.is_empty()) {
        let more = "the tier needs more than a score, which is not looked at: fewer leads reach it than are told here";
        examples.notes.push(more.to_owned());
    }
    arguments.examples.tell_notes(&examples.notes);
    let weeks = arguments.weeks.or_else(|| weeks(&examples));
    let thresholds = Thresholds::new(&moments(&examples));
    let threads = machine::resources(None, None).threads;
    let how = Resampling { seed: arguments.seed, threads, ..Resampling::default() };
    let goals = arguments.goals(weeks, &examples)?;
    let report = Report {
        about: &examples.about,
        model: &program.plan().model,
        tier: tier.map(|tier| (&*tier.name, tier.from.as_points())),
        weeks,
        curve: thresholds.curve(),
        answers: goals.into_iter().map(|goal| (goal, thresholds.choose(goal, &how))).collect(),
        notes: &examples.notes,
    };
    let text = match arguments.format {
        ReportFormat::Text => {
            thresholds::text(&report, &Terminal::of_target(colour, arguments.output.as_deref()))
        }
        ReportFormat::Json => thresholds::json(&report),
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    let is_unmet = report.answers.iter().any(|(_, answer)| answer.is_none());
    Ok(if examples.rejected > 0 || is_unmet { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    /// The tier that is meant; none where the model has none.
    fn tier<'p>(&self, plan: &'p Plan) -> Outcome<Option<&'p Tier>> {
        let Some(name) = &self.tier else { return Ok(plan.tiers.iter().max_by_key(|tier| tier.from)) };
        let found = plan.tiers.iter().find(|tier| *tier.name == **name);
        found.map(Some).ok_or_else(|| {
            let known: Vec<_> = plan.tiers.iter().map(|tier| format!("`{}`", tier.name)).collect();
            Failure::new(format!("`{}` has no tier `{name}`", plan.model))
                .help(format!("there is {}", known.join(", ")))
        })
    }

    fn goals(&self, weeks: Option<f64>, examples: &Examples) -> Outcome<Vec<Goal>> {
        let capacity = self.capacity.map(|per_week| -> Outcome<Goal> {
            let weeks = weeks.ok_or_else(|| {
                Failure::new("the leads have no times, so nothing tells how many there are in a week")
                    .help("--weeks says in how many weeks they came")
            })?;
            Ok(Goal::Capacity(per_week * weeks))
        });
        let mut valued = examples.dataset.examples.iter().filter(|example| example.value.is_some());
        if self.cost.is_some() && self.value.is_none() && valued.next().is_none() {
            return Err(Failure::new("nothing says what an outcome brings")
                .help("--value says it of all, --outcome-value of each"));
        }
        let precision = self.precision.map(Goal::Precision);
        let profit = self.cost.map(|cost| Goal::Profit { cost, value: self.value });
        Ok(capacity.transpose()?.into_iter().chain(precision).chain(profit).collect())
    }
}

/// What the model gave leads at their moments, without those who are disqualified.
fn moments(examples: &Examples) -> Vec<Moment> {
    let Some(model) = examples.models.first() else { return Vec::new() };
    let leads = examples.dataset.leads();
    let rows = examples.dataset.examples.iter().zip(leads).zip(model.scores.iter().zip(&model.tiers));
    let in_force = rows.filter(|(_, (_, tier))| tier.as_deref() != Some("disqualified"));
    let moment = |((example, lead), (score, _)): ((&kelvin_learn::Example, u32), (&Option<f64>, _))| {
        let value = example.value.unwrap_or_default();
        score.map(|score| Moment { lead, score, outcome: example.outcome, value })
    };
    in_force.filter_map(moment).collect()
}

/// From the first moment of decision to the last, and one week at least.
fn weeks(examples: &Examples) -> Option<f64> {
    const WEEK: f64 = 7.0 * 86_400_000.0;
    let times = || examples.dataset.examples.iter().filter_map(|example| example.at);
    let span = times().max()?.millis_since(times().min()?);
    Some((span as f64 / WEEK).max(1.0))
}

/// Reads a number in a time, as leads a week.
fn capacity(text: &str) -> Result<f64, String> {
    let wrong = || "expected a number in a time, as in `40/week`, `10/day` or `150/month`".to_owned();
    let (number, unit) = text.split_once('/').ok_or_else(wrong)?;
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let in_a_week = match unit.trim().trim_end_matches('s') {
        "day" => 7.0,
        "week" => 1.0,
        "month" => 12.0 * 7.0 / 365.25,
        "quarter" => 4.0 * 7.0 / 365.25,
        "year" => 7.0 / 365.25,
        _ => return Err(wrong()),
    };
    if number.is_finite() && number > 0.0 { Ok(number * in_a_week) } else { Err(wrong()) }
}

/// Reads a share of one.
fn share(text: &str) -> Result<f64, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |number| (number, 100.0));
    let share = number.trim().parse().ok().map(|number: f64| number / whole);
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "expected a share, as in `0.3` or `30%`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacities_are_told_by_any_time() {
        let weekly = |text: &str| capacity(text).map(|number| (number * 100.0).round() / 100.0);
        assert_eq!(weekly("40/week"), Ok(40.0));
        assert_eq!(weekly("10 / day"), Ok(70.0));
        assert_eq!(weekly("100/month"), Ok(23.0));
        for text in ["40", "0/week", "x/week", "40/fortnight", "inf/week", "NaN/day"] {
            assert!(weekly(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shares_may_be_in_per_cent() {
        assert_eq!((share("0.3"), share("30%"), share(" 30 %")), (Ok(0.3), Ok(0.3), Ok(0.3)));
        assert!(share("30").is_err() && share("-1%").is_err() && share("NaN").is_err());
    }
}
