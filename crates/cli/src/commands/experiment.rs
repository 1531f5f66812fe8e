//! `kelvin experiment`: whether one arm of an experiment does better, however often one looks.

mod report;

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use kelvin_kernel::Duration;
use kelvin_learn::{
    Feature, MISSING, Values,
    sequential::{Arm, Race},
};

use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples},
    output::{Output, ReportFormat},
    render::text::counted,
    terminal::{Colour, Terminal, tell},
};

/// Tell whether an arm of an experiment does better, however often one looks
///
/// Leads were dealt to arms by chance; an attribute tells the arm of each. Compares how many of each arm converted with those of the
/// champion. The test holds at any time: one may look after every lead and stop when it is decided, and arms without a difference are still
/// called different in at most 5 of 100 experiments. With several challengers that is shared among them. Tells how many more conversions
/// decide it, if they fall as they did. With events each lead is looked at once, when it became known.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin experiment -l leads.csv --arm variant --outcome 'lead.won == true'
  kelvin experiment -l leads.csv --arm model --champion acquisition --share acquisition=80,acquisition-b=20 \\
    --outcome 'lead.won == true' --period 6w

Exit status: 0 done, decided or not; 1 some rows were rejected, or arms were not dealt in the shares that are said;
2 the command or a file is unusable.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    examples: ExampleOptions,

    /// The attribute that tells the arm of a lead; who has none takes no part
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Arms")]
    arm: String,

    /// The arm that the others are compared with [default: the first by name]
    #[arg(long, value_name = "ARM", help_heading = "Arms")]
    champion: Option<String>,

    /// In which shares leads are dealt: `a=80,b=20` [default: each arm as many]
    #[arg(long, value_name = "ARM=SHARE,…", value_delimiter = ',', value_parser = share, help_heading = "Arms")]
    share: Vec<(String, f64)>,

    /// How long it took for these leads to convert: tells when it will be decided
    #[arg(long, value_name = "DURATION", help_heading = "Arms")]
    period: Option<Duration>,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// For people, or all of it as JSON
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: ReportFormat,
}

/// How things stand.
struct Found {
    about: String,
    champion: (String, Arm),
    challengers: Vec<(String, Arm, Race)>,
    /// How many conversions there are a week, where that is known.
    a_week: Option<f64>,
}

/// How often arms without a difference are called different, over all challengers together.
const LEVEL: f64 = 0.05;

/// By so many deviations numbers of leads do not stray from their shares by chance.
const ASTRAY: f64 = 4.0;

pub(crate) fn run(mut arguments: Arguments, colour: Colour) -> Outcome {
    arguments.examples.look_once();
    let examples = arguments.examples.examples(&[], &Terminal::of_errors(colour))?;
    examples.notes.iter().for_each(|note| tell(format_args!("note: {note}")));
    let mut arms = arguments.arms(&examples)?;
    let is_astray = tell_astray(&arms);
    let name = arguments.champion.clone().or_else(|| arms.keys().next().cloned()).unwrap_or_default();
    let champion =
        arms.remove(&name).ok_or_else(|| Failure::new(format!("no lead is of the arm `{name}`")))?;
    let level = LEVEL / arms.len() as f64;
    let race = |(name, arm): (String, Arm)| (name, arm, Race::new(champion, arm, level));
    let challengers: Vec<_> = arms.into_iter().map(race).collect();
    let conversions =
        champion.conversions + challengers.iter().map(|(_, arm, _)| arm.conversions).sum::<u64>();
    let weeks = arguments.period.map(|period| period.as_millis() as f64 / (7.0 * 86_400_000.0));
    let a_week = weeks.filter(|weeks| *weeks > 0.0).map(|weeks| conversions as f64 / weeks);
    let found = Found { about: examples.about, champion: (name, champion), challengers, a_week };
    let text = match arguments.format {
        ReportFormat::Text => found.text(&Terminal::of_target(colour, arguments.output.as_deref())),
        ReportFormat::Json => format!("{:#}\n", found.json()),
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    Ok(if is_astray || examples.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    /// The arms by name.
    fn arms(&self, examples: &Examples) -> Outcome<BTreeMap<String, Arm>> {
        let names = self.names(examples)?;
        let mut arms: BTreeMap<String, Arm> = BTreeMap::new();
        for (name, example) in names.into_iter().zip(&examples.dataset.examples) {
            let Some(name) = name else { continue };
            let arm = arms.entry(name).or_insert(Arm { share: 1.0, leads: 0, conversions: 0 });
            arm.leads += 1;
            arm.conversions += u64::from(example.outcome);
        }
        if arms.len() < 2 {
            let known = counted(arms.len() as u64, "arm");
            return Err(Failure::new(format!("`{}` tells of {known}: it takes two to compare", self.arm)));
        }
        for (name, arm) in &mut arms {
            let told = self.share.iter().find(|(of, _)| of == name).map(|(_, share)| *share);
            arm.share = match told {
                Some(share) => share,
                None if self.share.is_empty() => 1.0,
                None => return Err(Failure::new(format!("--share says nothing of the arm `{name}`"))),
            };
        }
        match self.share.iter().find(|(name, _)| !arms.contains_key(name)) {
            Some((name, _)) => {
                Err(Failure::new(format!("no lead is of the arm `{name}` that --share names")))
            }
            None => Ok(arms),
        }
    }

    /// The arm of each example.
    fn names(&self, examples: &Examples) -> Outcome<Vec<Option<String>>> {
        let feature = Feature::Attribute(self.arm.clone());
        let column = examples.dataset.table.columns().iter().find(|column| column.feature == feature);
        let column =
            column.ok_or_else(|| Failure::new(format!("no lead has the attribute `{}`", self.arm)))?;
        Ok(match &column.values {
            Values::Numbers(numbers) => {
                numbers.iter().map(|number| (!number.is_nan()).then(|| number.to_string())).collect()
            }
            Values::Categories { codes, levels } => codes
                .iter()
                .map(|code| (*code != MISSING).then(|| levels.get(*code as usize).cloned()).flatten())
                .collect(),
        })
    }
}

/// Tells where so many leads of an arm are not by chance: then its share is another, and the test does not hold.
fn tell_astray(arms: &BTreeMap<String, Arm>) -> bool {
    let leads: f64 = arms.values().map(|arm| arm.leads as f64).sum();
    let shares: f64 = arms.values().map(|arm| arm.share).sum();
    let mut is_astray = false;
    for (name, arm) in arms {
        let share = arm.share / shares;
        let (expected, spread) = (leads * share, (leads * share * (1.0 - share)).sqrt());
        if (arm.leads as f64 - expected).abs() > ASTRAY * spread {
            is_astray = true;
            tell(format_args!(
                "note: the arm `{name}` has {} leads where its share makes {expected:.0}: that is no chance, and the test does not hold; `--share` says how leads are dealt",
                arm.leads
            ));
        }
    }
    is_astray
}

/// Reads `b=20`.
fn share(text: &str) -> Result<(String, f64), String> {
    let wrong = || "expected an arm and its share: `b=20`".to_owned();
    let (name, share) = text.rsplit_once('=').ok_or_else(wrong)?;
    let share: f64 = share.trim().parse().map_err(|_| wrong())?;
    if share > 0.0 && share.is_finite() { Ok((name.trim().to_owned(), share)) } else { Err(wrong()) }
}
