//! Examples to learn from: leads of files as they were known at moments of decision, and what became of them.

mod columns;
mod conversions;
mod interned;
mod journeys;
mod known;
mod layout;
mod names;
mod outcome;
mod playbook;
mod rules;
mod scores;
mod table;
mod told;
mod touches;

use std::{collections::BTreeSet, fmt, path::Path};

use clap::Args;
use kelvin_batch::{
    Error,
    read::{Entry, Kind, ReadOptions, Reject, Rejects},
};
use kelvin_kernel::{Duration, Instant, program::Program};
use kelvin_learn::{
    Dataset, Feature, Predictor,
    features::Reading,
    leaks::{self, Suspect, Suspicion},
};

use self::{
    columns::Columns,
    outcome::{Defined, Definition},
};
use kelvin_server::Definitions;

pub(crate) use self::{
    conversions::{Conversion, each_conversion, worth_of_leads},
    names::column as column_called,
    playbook::defined as outcome_of_playbook,
    rules::check_asked as check_rules_asked,
    scores::ModelScores,
    told::each_told,
};
use crate::{
    clock,
    drawn::FromStore,
    failure::{Failure, Outcome},
    inputs::{Rows, input},
    machine, playbooks,
    progress::meanwhile,
    rejects::Teller,
    render::text::counted,
    terminal::{Colour, Terminal, tell},
};

/// Leads, events, what became of leads, and when they are looked at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Examples")]
pub(crate) struct ExampleOptions {
    #[command(flatten)]
    pub(crate) rows: Rows,

    #[command(flatten)]
    pub(crate) store: FromStore,

    #[command(flatten)]
    outcome: Definition,

    /// How long after a moment of decision an outcome counts
    #[arg(long, value_name = "DURATION", default_value = "90d", help_heading = "Moments of decision")]
    horizon: Duration,

    /// How long after it became known a lead is first looked at
    #[arg(long, value_name = "DURATION", default_value = "7d", help_heading = "Moments of decision")]
    after: Duration,

    /// How long after that again, until its outcome came or less than the horizon is left; `0d` is once
    #[arg(long, value_name = "DURATION", default_value = "30d", help_heading = "Moments of decision")]
    every: Duration,

    /// Until when it is known what happened: RFC 3339, a date, milliseconds, `now` [default: the last event]
    #[arg(long, value_name = "TIME", value_parser = clock::instant, help_heading = "Moments of decision")]
    until: Option<Instant>,

    /// Texts that stand for nothing, beside empty ones
    /// [default: unknown, n/a, na, nan, null, ?]
    #[arg(long, value_name = "TEXT,…", value_delimiter = ',', help_heading = "Attributes")]
    missing: Option<Vec<String>>,

    /// Attributes that are categories though they look like numbers, as ids and codes are
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', help_heading = "Attributes")]
    category: Vec<String>,

    /// Attributes that nothing is to be learnt from
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', help_heading = "Attributes")]
    ignore: Vec<String>,

    /// Leave out what seems to know the outcome; without this, it is only told
    #[arg(long, help_heading = "Attributes")]
    drop_leaks: bool,

    /// No summary and no notes
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    /// Whether nothing is learnt, and what seems to know the outcome would only explain it by itself.
    #[arg(skip)]
    is_told_without_leaks: bool,

    /// Whether leads are looked at once, when all are equally old, also where there is no outcome.
    #[arg(skip)]
    is_of_one_age: bool,

    /// What trained models ask for, as features are written.
    #[arg(skip)]
    asked: BTreeSet<String>,
}

/// What is learnt from.
#[derive(Debug)]
pub(crate) struct Examples {
    /// What was known, and what became of it.
    pub(crate) dataset: Dataset,
    /// What each model made of it at those moments.
    pub(crate) models: Vec<ModelScores>,
    /// What it is, in a line: files, outcome, moments.
    pub(crate) about: String,
    /// How many rows could not be used.
    pub(crate) rejected: u64,
    /// What to tell about it.
    pub(crate) notes: Vec<String>,
    /// What is learnt from though it seems to know the outcome.
    pub(crate) leaks: Vec<Suspect>,
}

impl ExampleOptions {
    /// Tells something on standard error, if it is to be told at all.
    pub(crate) fn tell(&self, line: impl fmt::Display) {
        if !self.quiet {
            tell(line);
        }
    }

    /// Tells notes.
    pub(crate) fn tell_notes<'n>(&self, notes: impl IntoIterator<Item = &'n String>) {
        notes.into_iter().for_each(|note| self.tell(format_args!("note: {note}")));
    }

    /// The examples with what became of them, and what models make of them.
    pub(crate) fn examples(&self, programs: &[Program], terminal: &Terminal) -> Outcome<Examples> {
        self.examples_and(programs, terminal, |_| Ok(()))
    }

    /// The same, to learn from it, and from what the rules of models were worth; also attributes are told that seem to tell nothing.
    pub(crate) fn lessons(&self, programs: &[Program], terminal: &Terminal) -> Outcome<Examples> {
        let (mut examples, suspects) = self.guarded(programs, terminal, |examples, outcome| {
            let is_ignored = |feature: &Feature| self.ignore.contains(&feature.to_string());
            examples.learn_from_rules(programs, &outcome.attributes(), is_ignored)
        })?;
        examples.notes.extend(useless(&suspects));
        if !self.drop_leaks {
            examples.leaks = suspects.into_iter().filter(|suspect| suspect.why.is_leak()).collect();
        }
        Ok(examples)
    }

    /// The same; something is done with all that is known before what seems to know the outcome is told and left out.
    pub(crate) fn examples_and(
        &self,
        programs: &[Program],
        terminal: &Terminal,
        first: impl FnOnce(&mut Examples) -> Outcome<()>,
    ) -> Outcome<Examples> {
        self.guarded(programs, terminal, |examples, _| first(examples)).map(|(examples, _)| examples)
    }

    fn guarded(
        &self,
        programs: &[Program],
        terminal: &Terminal,
        first: impl FnOnce(&mut Examples, &Defined) -> Outcome<()>,
    ) -> Outcome<(Examples, Vec<Suspect>)> {
        let has_events = !self.rows.events.is_empty();
        let outcome = self.outcome.defined(has_events, terminal)?.ok_or_else(|| {
            Failure::new("nothing says what is to be learnt").help(
                "name the outcome: `--outcome 'lead.converted == true'`, `--outcome-event 'Deal Won'`, or `--playbook playbook.yaml`",
            )
        })?;
        let asked: Vec<String> = outcome.attributes().into_iter().map(str::to_owned).collect();
        let mut examples = self.read(programs, Some(&outcome))?;
        let (rows, positives) = (examples.dataset.examples.len(), examples.dataset.positives());
        if rows == 0 {
            return Err(Failure::new("there are no examples").help(if self.rows.events.is_empty() {
                "the files hold no leads"
            } else {
                "no lead was known for as long as `--after` and `--horizon` ask, or none came before its outcome"
            }));
        }
        if positives == 0 || positives == rows {
            return Err(self.all_alike(rows, positives > 0, &asked));
        }
        first(&mut examples, &outcome)?;
        let suspects = self.guard(&mut examples, programs);
        Ok((examples, suspects))
    }

    /// That all examples have the outcome or none has, with what is most likely wrong.
    fn all_alike(&self, rows: usize, have_it: bool, asked: &[String]) -> Failure {
        let all = if have_it { "each" } else { "none" };
        let message = format!(
            "{all} of {} has the outcome: there is nothing to tell apart",
            counted(rows as u64, "example")
        );
        let columns = self.options().and_then(|options| Columns::find(&self.rows, &options));
        let known = columns.unwrap_or_default().attributes;
        let names = |names: &mut dyn Iterator<Item = &String>| -> String {
            names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        // These are read of every lead, whatever the outcome asks.
        let always = ["created_at", "account_id"];
        let is_unknown = |name: &&String| !known.contains(*name) && !always.contains(&name.as_str());
        let unknown = names(&mut asked.iter().filter(is_unknown));
        let help = if !unknown.is_empty() {
            format!("no lead has {unknown}; there is {}", names(&mut known.iter()))
        } else if have_it {
            "give leads that did not have it, too, or a condition that not all of them meet".to_owned()
        } else {
            let letters =
                "values and names of events are compared letter by letter: write them as the files do";
            let late = if self.rows.events.is_empty() {
                ""
            } else {
                "; an outcome counts within `--horizon` after a moment of decision"
            };
            format!("{letters}{late}")
        };
        Failure::new(message).help(help)
    }

    /// Tells of columns that seem to know the outcome, and leaves them out if that is wished.
    fn guard(&self, examples: &mut Examples, programs: &[Program]) -> Vec<Suspect> {
        let dataset = &mut examples.dataset;
        let mut suspects = leaks::suspects(dataset, machine::resources(None, None).threads);
        suspects.retain(|suspect| rules::is_told(&suspect.feature, programs));
        let leaks = suspects.iter().filter(|suspect| suspect.why.is_leak());
        let what_now = match self.is_told_without_leaks {
            true => "what leads have in common is told without it",
            false if self.drop_leaks => "it is left out",
            false => "`--drop-leaks` leaves it out",
        };
        examples.notes.extend(leaks.map(|leak| format!("{leak}; {what_now}")));
        if self.drop_leaks || self.is_told_without_leaks {
            dataset.table = leaks::without(&dataset.table, &suspects);
        }
        suspects
    }

    /// Draws from the store that the command line names, if it does: its events, and where an outcome is named by its kind, that.
    pub(crate) fn draw(&mut self, terminal: &Terminal) -> Outcome<()> {
        let playbook =
            self.playbook().map(|path| playbooks::read(path, (&[], None), terminal)).transpose()?;
        let definitions = self.outcome.kind().map(|_| Definitions::of(playbook.as_ref()));
        let outcomes = self.store.draw(&mut self.rows.events, definitions.as_ref())?;
        self.outcome.outcomes = self.outcome.outcomes.take().or(outcomes);
        Ok(())
    }

    /// The files, or the store, in a line.
    fn source(&self) -> String {
        let Some(store) = self.store.name() else { return self.rows.names() };
        let leads = self.rows.leads.iter().map(|path| path.display().to_string());
        leads.chain([store.to_owned()]).collect::<Vec<_>>().join(", ")
    }

    /// The playbook that the command line names.
    pub(crate) fn playbook(&self) -> Option<&Path> {
        self.outcome.playbook.as_deref()
    }

    /// What the command line says of the outcome: a condition, or a name.
    pub(crate) fn named_outcome(&self) -> Option<&str> {
        self.outcome.outcome.as_deref()
    }

    /// Looks at each lead once, when it became known.
    pub(crate) fn look_once(&mut self) {
        (self.after, self.every) = (Duration::from_millis(0), Duration::from_millis(0));
    }

    /// Looks at each lead once, when all are equally old: what comes after `--every` would be of older leads.
    pub(crate) fn look_at_one_age(&mut self) -> Outcome<()> {
        if self.every.as_millis() > 0 {
            return Err(Failure::new(
                "`--every` cannot be used here: leads are compared at one age, each once",
            )
            .help("leave it out; `--after 60d` looks at all of them when they are older"));
        }
        self.is_of_one_age = true;
        Ok(())
    }

    /// Has leads described without what seems to know their outcome.
    pub(crate) fn tell_without_leaks(&mut self) {
        self.is_told_without_leaks = true;
    }

    /// Has all attributes ready as a trained model asks for them.
    pub(crate) fn ask(&mut self, predictor: &Predictor) {
        self.asked.extend(predictor.inputs.iter().map(|input| input.feature.to_string()));
    }

    /// Whether the command line says what is to be foretold.
    pub(crate) fn has_outcome(&self) -> bool {
        self.outcome.about().is_some()
    }

    /// All leads as they are known, whatever became of them; where there are events, as of `--until`.
    pub(crate) fn leads(&self, programs: &[Program]) -> Outcome<Examples> {
        self.read(programs, None)
    }

    /// The examples where the command line says what is to be foretold, else all leads.
    pub(crate) fn examples_or_leads(&self, programs: &[Program], terminal: &Terminal) -> Outcome<Examples> {
        if self.has_outcome() { self.examples(programs, terminal) } else { self.leads(programs) }
    }

    fn read(&self, programs: &[Program], outcome: Option<&Defined>) -> Outcome<Examples> {
        let options = self.options()?;
        let teller = Teller::new(None, false)?;
        let mut examples = meanwhile("reading", &Terminal::of_errors(Colour::Never), |say| {
            let rejects = Rejects::new(|reject: &Reject| teller.tell(reject, say));
            let columns = Columns::find(&self.rows, &options)?;
            let reading = self.reading(outcome);
            let run = Run { options: self, read: &options, columns: &columns, reading, programs, outcome };
            if self.rows.events.is_empty() {
                table::read(run, &rejects)
            } else {
                journeys::read(run, &rejects)
            }
        })?;
        let of_outcomes = outcome.and_then(|outcome| Some(outcome.told.as_ref()?.rejected));
        examples.rejected = teller.finish()? + of_outcomes.unwrap_or_default();
        Ok(examples)
    }

    /// Texts that stand for nothing, in lower case.
    pub(crate) fn missing_texts(&self) -> BTreeSet<String> {
        self.reading(None).missing
    }

    /// How inputs are read: leads that have no ids go by their lines.
    fn options(&self) -> Outcome<ReadOptions> {
        let mut options = self.rows.options()?;
        if self.rows.events.is_empty() && options.mapping.column(Kind::Leads, "lead_id").is_none() {
            let inputs = self.rows.leads.iter().map(|path| input(path)).collect();
            let plain =
                kelvin_batch::read::Leads::open(inputs, &kelvin_batch::read::Wanted::default(), &options);
            if let Err(Error::MissingColumn { .. }) = plain {
                let line = Entry { kind: None, field: "lead_id".into(), column: Entry::LINE.into() };
                options.mapping.entries.push(line);
            }
        }
        Ok(options)
    }

    fn reading(&self, outcome: Option<&Defined>) -> Reading {
        let told = outcome.into_iter().flat_map(Defined::attributes);
        let told = told.filter(|name| *name != "created_at").map(str::to_owned);
        let mut reading = Reading {
            categories: self.category.iter().cloned().collect(),
            ignored: self.ignore.iter().cloned().chain(told).collect(),
            asked: self.asked.clone(),
            ..Reading::default()
        };
        reading.ignored.insert("account_id".to_owned());
        if let Some(missing) = &self.missing {
            reading.missing = missing.iter().map(|text| text.trim().to_lowercase()).collect::<BTreeSet<_>>();
        }
        reading
    }

    /// The examples as a model card tells them.
    pub(crate) fn card(&self) -> kelvin_learn::About {
        kelvin_learn::About {
            data: self.source(),
            outcome: self.outcome.about().unwrap_or_default(),
            horizon: (!self.rows.events.is_empty()).then(|| clock::roughly(self.horizon)),
            ..kelvin_learn::About::default()
        }
    }

    /// The examples in a line.
    fn about(&self) -> String {
        let mut about = self.source();
        about.extend(self.outcome.about().map(|outcome| format!("; outcome: {outcome}")));
        if !self.rows.events.is_empty() {
            about += &format!(" within {}", clock::roughly(self.horizon));
        }
        about
    }
}

/// Attributes from which there may be nothing to learn.
fn useless(suspects: &[Suspect]) -> Vec<String> {
    let notes = [
        (Suspicion::Identifier, "for nearly every lead another: if it only names them, `--ignore` it"),
        (Suspicion::Constant, "the same everywhere"),
    ];
    let note = |(why, what): (Suspicion, &str)| {
        let of_leads = suspects.iter().filter(|suspect| matches!(suspect.feature, Feature::Attribute(_)));
        let names = of_leads.filter(|suspect| suspect.why == why);
        let names: Vec<_> = names.map(|suspect| format!("`{}`", suspect.feature)).collect();
        let is = if names.len() == 1 { "is" } else { "are each" };
        (!names.is_empty()).then(|| format!("{} {is} {what}", names.join(", ")))
    };
    notes.into_iter().filter_map(note).collect()
}

/// One reading of the inputs.
struct Run<'r> {
    options: &'r ExampleOptions,
    read: &'r ReadOptions,
    columns: &'r Columns,
    reading: Reading,
    programs: &'r [Program],
    outcome: Option<&'r Defined>,
}
