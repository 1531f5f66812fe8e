//! `kelvin experiment`: whether one arm of an experiment does better, however often one looks.

mod report;
mod standing;

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use kelvin_kernel::Duration;
use kelvin_learn::{
    MISSING, Values,
    sequential::{Arm, LEVEL, Race},
};

use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples, column_called},
    output::{Output, ReportFormat},
    render::text::counted,
    terminal::{Colour, Terminal, tell},
};

/// Tell whether an arm of an experiment does better, however often one looks
///
/// Leads were dealt to arms by chance: by a service, in whose store the experiment is, or in files, where an attribute tells the arm of
/// each. Compares how many of each arm converted with those of the champion. The test holds at any time: one may look after every lead and
/// stop when it is decided, and arms without a difference are still called different in at most 5 of 100 experiments. With several
/// challengers that is shared among them. Tells how many more conversions decide it, if they fall as they did. With events each lead is
/// looked at once, when it became known.
#[derive(Debug, Args)]
#[command(mut_arg("leads", |leads| leads.required_unless_present("service")), after_help = "\
Examples:
  kelvin experiment --store kelvin.db --playbook playbook.yaml
  kelvin experiment demos --service https://kelvin.acme.example --outcome opportunity --within 90d
  kelvin experiment -l leads.csv --arm variant --outcome 'lead.won == true'
  kelvin experiment -l leads.csv --arm model --champion acquisition --share acquisition=80,acquisition-b=20 \\
    --outcome 'lead.won == true' --period 6w

Exit status: 0 done, decided or not; 1 some rows were rejected, or arms were not dealt in the shares that are said;
2 the command or a file is unusable.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    #[command(flatten)]
    served: standing::Served,

    /// In files, the attribute that tells the arm of a lead; who has none takes no part
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Arms", required_unless_present_any = ["from_store", "service"])]
    arm: Option<String>,

    /// The arm that the others are compared with [default: the first by name]
    #[arg(long, value_name = "ARM", help_heading = "Arms", requires = "arm")]
    champion: Option<String>,

    /// In which shares leads are dealt: `a=80,b=20` [default: each arm as many]
    #[arg(long, value_name = "ARM=SHARE,…", value_delimiter = ',', value_parser = share, help_heading = "Arms", requires = "arm")]
    share: Vec<(String, f64)>,

    /// How long it took for these leads to convert: tells when it will be decided
    #[arg(long, value_name = "DURATION", help_heading = "Arms", requires = "arm")]
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
    /// The champion first.
    arms: Vec<Counted>,
    /// How long it took, where that is known.
    weeks: Option<f64>,
    rejected: u64,
    /// Leads that had the outcome before they were dealt to an arm.
    left_out: u64,
    notes: Vec<String>,
}

/// An arm, and what became of its leads.
struct Counted {
    name: String,
    arm: Arm,
    /// What conversions brought, by currency.
    values: BTreeMap<String, f64>,
}

pub(crate) fn run(mut arguments: Arguments, colour: Colour) -> Outcome {
    let terminal = Terminal::of_errors(colour);
    let found = match arguments.arm.clone() {
        Some(attribute) => arguments.of_attribute(&attribute, &terminal)?,
        None => arguments.served.found(&arguments.examples, &terminal)?,
    };
    arguments.examples.tell_notes(&found.notes);
    let is_astray = tell_astray(&found.arms);
    let text = match arguments.format {
        ReportFormat::Text => found.text(&Terminal::of_target(colour, arguments.output.as_deref())),
        ReportFormat::Json => format!("{:#}\n", found.json()),
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    Ok(if is_astray || found.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Found {
    /// Each challenger against the champion.
    fn races(&self) -> Vec<Race> {
        let Some((champion, challengers)) = self.arms.split_first() else { return Vec::new() };
        let level = LEVEL / challengers.len().max(1) as f64;
        challengers.iter().map(|challenger| Race::new(champion.arm, challenger.arm, level)).collect()
    }

    /// In how many weeks it will be decided between the champion and a challenger.
    fn more_weeks(&self, challenger: &Counted, race: &Race) -> Option<f64> {
        let conversions = self.arms.first()?.arm.conversions + challenger.arm.conversions;
        race.more_weeks(conversions, self.weeks?)
    }
}

impl Arguments {
    /// Whether an attribute tells the arm of a lead, rather than a service that dealt it.
    pub(super) fn is_of_attribute(&self) -> bool {
        self.arm.is_some()
    }

    /// The arms that an attribute of leads tells.
    fn of_attribute(&mut self, attribute: &str, terminal: &Terminal) -> Outcome<Found> {
        self.examples.look_once();
        let examples = self.examples.examples(&[], terminal)?;
        let mut arms = self.arms(attribute, &examples)?;
        let name = self.champion.clone().or_else(|| arms.keys().next().cloned()).unwrap_or_default();
        let champion =
            arms.remove(&name).ok_or_else(|| Failure::new(format!("no lead is of the arm `{name}`")))?;
        let arms = std::iter::once((name, champion)).chain(arms);
        Ok(Found {
            about: examples.about,
            arms: arms.map(|(name, arm)| Counted { name, arm, values: BTreeMap::new() }).collect(),
            weeks: self.period.map(|period| period.as_millis() as f64 / (7.0 * 86_400_000.0)),
            rejected: examples.rejected,
            left_out: 0,
            notes: examples.notes,
        })
    }

    /// The arms by name.
    fn arms(&self, attribute: &str, examples: &Examples) -> Outcome<BTreeMap<String, Arm>> {
        let names = names(attribute, examples)?;
        let mut arms: BTreeMap<String, Arm> = BTreeMap::new();
        for (name, example) in names.into_iter().zip(&examples.dataset.examples) {
            let Some(name) = name else { continue };
            let arm = arms.entry(name).or_insert(Arm { share: 1.0, leads: 0, conversions: 0 });
            arm.leads += 1;
            arm.conversions += u64::from(example.outcome);
        }
        if arms.len() < 2 {
            let known = counted(arms.len() as u64, "arm");
            return Err(Failure::new(format!("`{attribute}` tells of {known}: it takes two to compare")));
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
}

/// The arm of each example.
fn names(attribute: &str, examples: &Examples) -> Outcome<Vec<Option<String>>> {
    Ok(match &column_called(&examples.dataset.table, attribute)?.values {
        Values::Numbers(numbers) => {
            numbers.iter().map(|number| (!number.is_nan()).then(|| number.to_string())).collect()
        }
        Values::Categories { codes, levels } => codes
            .iter()
            .map(|code| (*code != MISSING).then(|| levels.get(*code as usize).cloned()).flatten())
            .collect(),
    })
}

/// Tells where so many leads of an arm are not by chance: then its share is another, and the test does not hold.
fn tell_astray(arms: &[Counted]) -> bool {
    let all: Vec<Arm> = arms.iter().map(|counted| counted.arm).collect();
    let mut is_astray = false;
    for Counted { name, arm, .. } in arms {
        if let Some(expected) = arm.astray(&all) {
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
