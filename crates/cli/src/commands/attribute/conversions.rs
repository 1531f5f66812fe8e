//! Which moments of leads are conversions.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use clap::Args;
use kelvin_batch::read::Rejects;
use kelvin_kernel::Instant;
use kelvin_learn::attribution::{Moment, What};

use super::{Arguments, visits::Seen};
use crate::{
    failure::{Failure, Outcome},
    learning::{Conversion, each_conversion, outcome_of_playbook},
    models,
    terminal::Terminal,
};

/// Which events are conversions, or what leads come to by them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Conversions")]
pub(crate) struct Conversions {
    /// The name of the event that is a conversion; may be repeated
    #[arg(long, value_name = "EVENT", conflicts_with = "paths")]
    #[arg(required_unless_present_any = ["paths", "playbook", "reached"])]
    pub(super) won: Vec<String>,

    /// A CEL condition over `event` and `context` that a conversion meets too: `event.stage == 'Closed Won'`
    #[arg(long = "won-if", value_name = "EXPR", requires = "won")]
    pub(super) condition: Option<String>,

    /// A CEL expression for what a conversion brings: `event.amount`
    #[arg(long, value_name = "EXPR", requires = "won")]
    pub(super) value: Option<String>,

    /// A playbook, of whose `outcomes` one is a conversion
    #[arg(long, value_name = "FILE", conflicts_with_all = ["won", "paths"])]
    playbook: Option<PathBuf>,

    /// The outcome of the playbook that is a conversion, by its id or its kind
    #[arg(long, value_name = "ID", requires = "playbook")]
    outcome: Option<String>,

    /// A tier of --model: that a lead first reaches it, or one above it, is a conversion
    #[arg(long, value_name = "TIER", requires = "model", conflicts_with_all = ["won", "playbook", "paths"])]
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
    /// Whether what a lead does after its conversion leads to no other.
    is_once: bool,
}

impl Conversions {
    /// The conversions that no event tells by itself; nothing where events do.
    pub(super) fn of_histories(
        &self,
        arguments: &Arguments,
        rejects: &Rejects<'_>,
        terminal: &Terminal,
    ) -> Outcome<Option<Histories>> {
        let (outcome, program);
        let tier = self.model.as_deref().zip(self.reached.as_deref());
        let conversion = match (&self.playbook, tier) {
            (Some(path), _) => {
                outcome = outcome_of_playbook(path, self.outcome.as_deref(), terminal)?;
                Conversion::Outcome(&outcome)
            }
            (None, Some((path, tier))) => {
                program = models::one(path, terminal)?;
                Conversion::Tier(&program, place(&program.plan().tiers, tier)?)
            }
            (None, None) => return Ok(None),
        };
        if self.leads.iter().chain(&arguments.events).any(|path| path == Path::new("-")) {
            return Err(Failure::new("events are read twice, and standard input can be read but once")
                .help("write it to a file first"));
        }
        let mut found =
            Histories { is_once: matches!(conversion, Conversion::Tier(..)), ..Histories::default() };
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
