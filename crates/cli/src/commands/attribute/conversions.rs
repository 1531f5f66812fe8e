//! Which moments of leads are conversions.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use clap::Args;
use kelvin_batch::read::Rejects;
use kelvin_kernel::Instant;
use kelvin_learn::attribution::{Moment, What};
use kelvin_server::Definitions;

use super::{Arguments, visits::Seen};
use crate::{
    failure::{Failure, Outcome},
    learning::{Conversion, each_conversion, each_told, outcome_of_playbook, worth_of_leads},
    models, playbooks,
    terminal::Terminal,
};

/// Which events are conversions, or what leads come to by them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Conversions")]
pub(crate) struct Conversions {
    /// The name of the event that is a conversion; may be repeated
    #[arg(long, value_name = "EVENT", conflicts_with = "paths", group = "valued")]
    #[arg(required_unless_present_any = ["paths", "playbook", "reached", "outcome"])]
    pub(super) won: Vec<String>,

    /// A CEL condition over `event` and `context` that a conversion meets too: `event.stage == 'Closed Won'`
    #[arg(long = "won-if", value_name = "EXPR", requires = "won")]
    pub(super) condition: Option<String>,

    /// A CEL expression for what a conversion brings: `event.amount`; with --reached over the lead as it is known then: `lead.revenue`
    #[arg(long, value_name = "EXPR", requires = "valued")]
    pub(super) value: Option<String>,

    /// A playbook, of whose `outcomes` one is a conversion
    #[arg(long, value_name = "FILE", conflicts_with_all = ["won", "paths"])]
    playbook: Option<PathBuf>,

    /// The outcome that is a conversion, by its id or its kind: of --outcomes, of --playbook, or of the
    /// store: those that it was told, and with --playbook those that events tell
    #[arg(long, value_name = "ID", conflicts_with_all = ["won", "paths"])]
    outcome: Option<String>,

    /// Outcomes that were told, as `kelvin export --what outcomes` writes them, with `lead_id`, `kind`, `at` and `value`
    #[arg(long, value_name = "FILE", requires = "outcome", conflicts_with = "playbook")]
    outcomes: Option<PathBuf>,

    /// A tier of --model: that a lead first reaches it, or one above it, is a conversion
    #[arg(long, value_name = "TIER", requires = "model", group = "valued", conflicts_with_all = ["won", "playbook", "outcome", "paths"])]
    reached: Option<String>,

    /// The model whose tier is meant
    #[arg(short, long, value_name = "FILE", requires = "reached")]
    model: Option<PathBuf>,

    /// Leads, for what --model or --playbook asks of them; formats as for events; may be repeated
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["won", "paths"])]
    leads: Vec<PathBuf>,
}

/// What whole histories tell.
#[derive(Default)]
pub(super) struct Histories {
    conversions: Vec<(String, Instant, f64)>,
    /// Whether events were read for them, and what is wrong with those told.
    pub(super) are_of_events: bool,
    /// Rows of outcomes that could not be used.
    pub(super) rejected: u64,
    /// Whether what a lead does after its conversion leads to no other.
    is_once: bool,
}

impl Conversions {
    /// By what definitions a store tells outcomes beside those that it was told, where conversions are outcomes.
    pub(super) fn definitions(&self, terminal: &Terminal) -> Outcome<Option<Definitions>> {
        let playbook = self.playbook.as_deref();
        let playbook = playbook.map(|path| playbooks::read(path, (&[], None), terminal)).transpose()?;
        Ok(self.outcome.as_ref().map(|_| Definitions::of(playbook.as_ref())))
    }

    /// Takes the outcomes of a store, unless others are named.
    pub(super) fn take_told(&mut self, outcomes: Option<PathBuf>) {
        self.outcomes = self.outcomes.take().or(outcomes);
    }

    /// The conversions that no event tells by itself; nothing where events do.
    pub(super) fn of_histories(
        &self,
        arguments: &Arguments,
        rejects: &Rejects<'_>,
        terminal: &Terminal,
    ) -> Outcome<Option<Histories>> {
        if let (Some(path), Some(name)) = (&self.outcomes, &self.outcome) {
            let mut found = Histories::default();
            let heard = each_told(path, name, |lead, at, value| {
                found.conversions.push((lead.to_owned(), at, value.unwrap_or(0.0)));
            })?;
            return Ok(Some(Histories { rejected: heard.rejected, ..found }));
        }
        let (outcome, program, worth);
        let tier = self.model.as_deref().zip(self.reached.as_deref());
        let conversion = match (&self.playbook, tier) {
            (Some(path), _) => {
                outcome = outcome_of_playbook(path, self.outcome.as_deref(), terminal)?;
                Conversion::Outcome(&outcome)
            }
            (None, Some((path, tier))) => {
                program = models::one(path, terminal)?;
                let value = self.value.as_deref().map(|value| worth_of_leads("--value", value));
                worth = value.transpose()?;
                Conversion::Tier(&program, place(&program.plan().tiers, tier)?, worth.as_ref())
            }
            (None, None) => match &self.outcome {
                None => return Ok(None),
                Some(name) => {
                    return Err(Failure::new(format!("it is not said where the outcome `{name}` stands"))
                        .help("name a playbook with --playbook, told outcomes with --outcomes, or a store with --store"));
                }
            },
        };
        if self.leads.iter().chain(&arguments.events).any(|path| path == Path::new("-")) {
            return Err(Failure::new("events are read twice, and standard input can be read but once")
                .help("write it to a file first"));
        }
        let is_once = matches!(conversion, Conversion::Tier(..));
        let mut found = Histories { is_once, are_of_events: true, ..Histories::default() };
        let files = (self.leads.as_slice(), arguments.events.as_slice());
        each_conversion(files, &arguments.layout.options()?, &conversion, rejects, |lead, at, value| {
            found.conversions.push((lead.to_owned(), at, value));
        })?;
        Ok(Some(found))
    }
}

impl Histories {
    /// Puts the conversions among what was seen.
    pub(super) fn put(self, seen: &mut Seen) {
        let mut ends: HashMap<u32, i64> = HashMap::new();
        let mut conversions = Vec::with_capacity(self.conversions.len());
        for (lead, at, value) in self.conversions {
            let (lead, time_ms) = (seen.lead(&lead), at.as_millis());
            if self.is_once {
                ends.insert(lead, time_ms);
            }
            conversions.push(Moment { lead, time_ms, what: What::Conversion(value) });
        }
        seen.moments.retain(|moment| ends.get(&moment.lead).is_none_or(|end| moment.time_ms <= *end));
        seen.moments.extend(conversions);
    }
}

/// The place of a tier, by its name.
fn place(tiers: &[kelvin_kernel::plan::Tier], name: &str) -> Outcome<usize> {
    tiers.iter().position(|tier| *tier.name == *name).ok_or_else(|| {
        let known: Vec<_> = tiers.iter().map(|tier| format!("`{}`", tier.name)).collect();
        let help = if known.is_empty() {
            "the model has no tiers: add `tiers:`".to_owned()
        } else {
            format!("there is {}", known.join(", "))
        };
        Failure::new(format!("there is no tier `{name}`")).help(help)
    })
}
