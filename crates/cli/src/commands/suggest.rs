//! `kelvin suggest`: a scorecard that history suggests, as a model file.

mod numbers;
mod own;
mod report;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use kelvin_learn::{
    Table, Values,
    leaks::Suspect,
    measure::Resampling,
    scorecard::{Direction, Settings, Suggestion, model, suggest},
};
use serde_json::json;

use self::own::Own;
use crate::{
    failure::{Exit, Failure, Outcome},
    learning::{ExampleOptions, Examples, column_called},
    machine,
    output::Output,
    progress::meanwhile,
    render::text::{counted, harmless},
    terminal::{Colour, Terminal},
};

/// Suggest a scorecard from what became of leads
///
/// A model of few rules with whole points, ready to edit: each rule asks for one thing that was known at the moment of decision, a few for two at
/// once where these tell more together. Beside each of its points stand how many leads meet it, how they convert and how the others do, and the points before rounding with a 95 %
/// interval. What might as well be 0 is marked as unsure. With few outcomes points are drawn towards 0, and the model says so.
///
/// With `--model` the rules are yours, and only their points are new: your file comes back as it was, and beside what changed stands why.
/// With few outcomes your points hardly move. Whether the new points are better is told by leads that did not teach them.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  kelvin suggest -l leads.csv --outcome 'lead.converted == true' -o model.yaml
  kelvin suggest -l leads.csv --outcome 'lead.converted == true' --rules 6 --positive employees --negative discount
  kelvin suggest -l leads.csv -e events.jsonl --outcome-event 'Deal Won' --simple -o model.yaml
  kelvin suggest -m model.yaml -l leads.csv --outcome 'lead.converted == true' -o new.yaml && kelvin diff model.yaml new.yaml
  kelvin suggest -l leads.csv --outcome 'lead.converted == true' --format json | jq .held_out

Exit status: 0 done; 1 some rows were rejected; 2 the command or a file is unusable, or there is too little to learn from.")]
pub(crate) struct Arguments {
    /// A model of yours, of which the rules are kept and the points priced anew
    #[arg(short, long, value_name = "FILE", help_heading = "Input",
        conflicts_with_all = ["rules", "joint", "bands", "simple", "max_points", "positive", "negative", "name"])]
    model: Option<PathBuf>,

    #[command(flatten)]
    pub(super) examples: ExampleOptions,

    /// How many rules at most; a rule has as many bands as `--bands` allows
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Scorecard")]
    rules: usize,

    /// How many of them may ask for two things at once; 0 for none. With `--simple` there are none
    #[arg(long, value_name = "N", default_value_t = 3, help_heading = "Scorecard")]
    joint: usize,

    /// How many bands a rule may have, without the one for what is missing
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = "Scorecard",
        value_parser = clap::value_parser!(u8).range(2..=20))]
    bands: u8,

    /// Make each rule a single yes-or-no condition
    #[arg(long, help_heading = "Scorecard")]
    simple: bool,

    /// How many points a band gives or takes at most
    #[arg(long, value_name = "N", default_value_t = 10, help_heading = "Scorecard",
        value_parser = clap::value_parser!(i32).range(1..=1000))]
    max_points: i32,

    /// Numbers of which more never costs points, by attribute or by their name in `kelvin features`
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = "Scorecard")]
    positive: Vec<String>,

    /// Numbers of which more never brings points
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = "Scorecard")]
    negative: Vec<String>,

    /// The id of the model
    #[arg(long, value_name = "ID", default_value = "suggested", help_heading = "Scorecard")]
    name: String,

    /// What chance starts from: the same input and seed give the same model. Of more than 200,000 examples those of
    /// some leads are drawn by it
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Scorecard")]
    seed: u64,

    /// Write to a file; it appears only when it is complete
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// The model, or all numbers about it
    #[arg(short, long, value_name = "FORMAT", default_value = "yaml", help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Yaml,
    Json,
}

pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Outcome {
    let threads = machine::resources(None, None).threads;
    let how = Resampling { seed: arguments.seed, threads, ..Resampling::default() };
    if let Some(path) = &arguments.model {
        return arguments.reprice(path, &how, &Terminal::of_errors(colour));
    }
    let examples = arguments.examples.lessons(&[], &Terminal::of_errors(colour))?;
    let settings = arguments.settings(&examples.dataset.table)?;
    let errors = Terminal::of_errors(colour);
    let suggestion = meanwhile("suggesting", &errors, |_| suggest(&examples.dataset, &settings, &how));
    let suggestion = suggestion.map_err(|cause| {
        Failure::new(cause.to_string())
            .help("bring more leads whose outcome is known, or name a wider outcome")
    })?;
    let text = match arguments.format {
        Format::Yaml => {
            warnings(&examples) + &model(&suggestion, &arguments.name, &arguments.examples.missing_texts())
        }
        Format::Json => format!("{:#}\n", report::report(&suggestion, &examples)),
    };
    Output::write_text(arguments.output.as_deref(), &text)?;
    arguments.examples.tell(summary(&suggestion, &examples.about));
    arguments.examples.tell_notes(examples.notes.iter().chain(&suggestion.notes));
    Ok(if examples.rejected > 0 { Exit::Findings } else { Exit::Done })
}

impl Arguments {
    /// Keeps the rules of a model, and prices them anew.
    fn reprice(&self, path: &Path, how: &Resampling, terminal: &Terminal) -> Outcome {
        let own = Own::load(path, terminal)?;
        let examples = self.examples.examples(std::slice::from_ref(&own.program), terminal)?;
        let new = meanwhile("pricing", terminal, |_| own.priced(&examples, how))?;
        let (summary, of_points) = new.summary(&examples.about);
        let notes: Vec<String> = examples.notes.iter().cloned().chain(of_points).collect();
        let text = match self.format {
            Format::Yaml => new.text()?,
            Format::Json => {
                let mut told = new.report();
                (told["about"], told["notes"]) = (json!(examples.about), json!(notes));
                format!("{told:#}\n")
            }
        };
        Output::write_text(self.output.as_deref(), &text)?;
        self.examples.tell(summary);
        self.examples.tell_notes(&notes);
        Ok(if examples.rejected > 0 { Exit::Findings } else { Exit::Done })
    }

    fn settings(&self, table: &Table) -> Outcome<Settings> {
        let mut directions = BTreeMap::new();
        for (names, direction) in [(&self.positive, Direction::Up), (&self.negative, Direction::Down)] {
            for name in names {
                let column = column_called(table, name)?;
                if matches!(column.values, Values::Categories { .. }) {
                    return Err(Failure::new(format!("`{name}` has no more or less: it holds categories"))
                        .help("`--positive` and `--negative` take numbers"));
                }
                directions.insert(column.feature.clone(), direction);
            }
        }
        Ok(Settings {
            rules: self.rules,
            joint: self.joint,
            bands: usize::from(self.bands),
            simple: self.simple,
            max_points: self.max_points,
            directions,
        })
    }
}

/// What seems to know the outcome, told to those who only see the file.
fn warnings(examples: &Examples) -> String {
    let warning = |leak: &Suspect| format!("# warning: {}\n", harmless(&leak.to_string()));
    examples.leaks.iter().map(warning).collect()
}

fn summary(suggestion: &Suggestion, about: &str) -> String {
    let card = &suggestion.card;
    let (rules, bands) = (card.size() as u64, card.priced_bands() as u64);
    let mut summary = format!(
        "{} with {} from {} of {about}",
        counted(rules, "rule"),
        counted(bands, "priced band"),
        counted(suggestion.rows as u64, "example")
    );
    if let Some(auc) = suggestion.held_out {
        summary += &format!("; AUC {:.3} ({:.3} to {:.3}) on held-out leads", auc.value, auc.low, auc.high);
    }
    summary
}
