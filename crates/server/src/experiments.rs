//! How the arms of an experiment convert, from the moment at which leads were dealt out.
//!
//! A lead counts where it is dealt now, by the id that it has now. Which id that is no model decides, so that arms without a difference
//! convert alike also where people came to be one lead. Leads are in by what was known before a model decided for them, and by nothing that
//! came later: whether a model gives them a score is no matter.

use std::collections::BTreeMap;

use kelvin_kernel::{Duration, Instant};
use kelvin_learn::sequential::{Arm, LEVEL, Race};
use kelvin_store::{Location, View};

use crate::{
    Error, Model,
    models::loaded,
    outcomes::{self, Definitions},
    playbook::Trial,
};

/// Leads that are looked up at once.
const LEADS: usize = 1000;

/// A week in milliseconds.
const WEEK_MS: f64 = 7.0 * 86_400_000.0;

/// What counts as a conversion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// The kind of outcome: `won`.
    pub kind: String,
    /// How long after a lead was dealt an outcome counts; however long, if nobody says.
    pub within: Option<Duration>,
}

/// An experiment as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// When it began.
    pub since: Instant,
    /// Since when leads are dealt as they are: nothing before counts.
    pub dealt: Instant,
    /// As of when.
    pub at: Instant,
    /// What counts.
    pub goal: Goal,
    /// The models that leads are dealt to, the champion first.
    pub arms: Vec<DealtArm>,
    /// Leads that take no part: they had the outcome before they were dealt.
    pub left_out: u64,
}

/// A model with what became of its leads.
#[derive(Debug, Clone, PartialEq)]
pub struct DealtArm {
    /// The model.
    pub model: String,
    /// Its leads, and those that converted.
    pub arm: Arm,
    /// What that brought, in millionths, by currency; under nothing what has none.
    pub values: BTreeMap<Option<String>, i64>,
}

/// An outcome that counts, if it came in time.
struct Won {
    at: Instant,
    value_millionths: Option<i64>,
    currency: Option<String>,
}

/// The experiments that a store knows, as they stand; a server may use it meanwhile.
///
/// # Errors
/// The store or one of its models cannot be used.
pub fn standings(
    store: impl Into<Location>,
    definitions: &Definitions,
    goal: &Goal,
    at: Instant,
) -> Result<Vec<Standing>, Error> {
    kelvin_store::look_into(store, |view| {
        let models =
            view.in_service()?.iter().map(|switch| loaded(view, switch)).collect::<Result<Vec<_>, _>>()?;
        let mut standings = Vec::new();
        for kept in view.experiments()? {
            if let Some(trial) = Trial::read(&kept) {
                standings.push(standing(view, definitions, &models, (&trial, &kept), goal, at)?);
            }
        }
        Ok(standings)
    })
}

/// How an experiment stands that is kept so.
pub(crate) fn standing(
    view: &dyn View,
    definitions: &Definitions,
    models: &[Model],
    (trial, kept): (&Trial, &kelvin_store::Experiment),
    goal: &Goal,
    at: Instant,
) -> Result<Standing, Error> {
    let arms = trial.dealt_arms().map(|(model, share)| DealtArm {
        model: model.to_owned(),
        arm: Arm { share: f64::from(share), leads: 0, conversions: 0 },
        values: BTreeMap::new(),
    });
    let mut standing = Standing {
        id: kept.id.clone(),
        since: kept.since,
        dealt: Trial::dealt_since(kept),
        at,
        goal: goal.clone(),
        arms: arms.collect(),
        left_out: 0,
    };
    let champion = models.iter().find(|model| model.id() == trial.experiment.champion);
    if let Some(champion) = champion {
        let won = outcomes_of(view, definitions, goal, at)?;
        each_lead(view, champion, &mut |lead| {
            standing.count(view, trial.counting(lead), lead, won.get(lead))
        })?;
    }
    Ok(standing)
}

/// The outcomes that may count, by lead.
fn outcomes_of(
    view: &dyn View,
    definitions: &Definitions,
    goal: &Goal,
    at: Instant,
) -> Result<BTreeMap<String, Vec<Won>>, Error> {
    let mut won: BTreeMap<String, Vec<Won>> = BTreeMap::new();
    outcomes::each(view, definitions, &mut |known| -> Result<(), Error> {
        let outcome = known.outcome;
        if outcome.kind == goal.kind && outcome.time <= at {
            let (value_millionths, currency) = (outcome.value_millionths, outcome.currency);
            won.entry(outcome.lead).or_default().push(Won { at: outcome.time, value_millionths, currency });
        }
        Ok(())
    })?;
    Ok(won)
}

/// Shows every lead that a model knows, whether it gives it a score or not.
fn each_lead(
    view: &dyn View,
    model: &Model,
    show: &mut dyn FnMut(&str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after = String::new();
    loop {
        let leads = view.held_after(model.key(), &after, LEADS)?;
        leads.iter().try_for_each(|lead| show(lead))?;
        let Some(last) = leads.into_iter().last() else { return Ok(()) };
        after = last;
    }
}

impl Standing {
    /// Counts a lead in its arm, with its outcomes if it has any.
    fn count(
        &mut self,
        view: &dyn View,
        model: &str,
        lead: &str,
        won: Option<&Vec<Won>>,
    ) -> Result<(), Error> {
        let won = won.map_or(&[][..], Vec::as_slice);
        // Only of those who converted it matters when they became known.
        let dealt = if won.is_empty() { self.dealt } else { self.dealt.max(known_since(view, lead)?) };
        if won.iter().any(|won| won.at <= dealt) {
            self.left_out += 1;
            return Ok(());
        }
        let Some(arm) = self.arms.iter_mut().find(|arm| arm.model == model) else { return Ok(()) };
        let is_in_time = |won: &&Won| self.goal.within.is_none_or(|within| won.at <= dealt.after(within));
        let won: Vec<&Won> = won.iter().filter(is_in_time).collect();
        arm.arm.leads += 1;
        arm.arm.conversions += u64::from(!won.is_empty());
        for won in won {
            if let Some(value) = won.value_millionths {
                let sum = arm.values.entry(won.currency.clone()).or_default();
                *sum = sum.saturating_add(value);
            }
        }
        Ok(())
    }

    /// Each challenger against the champion; the rate of errors is shared among them.
    pub fn races(&self) -> Vec<Race> {
        let Some((champion, challengers)) = self.arms.split_first() else { return Vec::new() };
        let level = LEVEL / challengers.len().max(1) as f64;
        challengers.iter().map(|challenger| Race::new(champion.arm, challenger.arm, level)).collect()
    }

    /// In how many weeks it is decided whether a challenger does better, if both go on as they did.
    pub fn more_weeks(&self, challenger: &Arm, race: &Race) -> Option<f64> {
        race.more_weeks(self.arms.first()?.arm.conversions + challenger.conversions, self.weeks())
    }

    /// For how many weeks leads have been dealt so.
    pub fn weeks(&self) -> f64 {
        (self.at.millis_since(self.dealt) as f64 / WEEK_MS).max(0.0)
    }
}

/// Since when a lead is known, by whichever of its ids.
fn known_since(view: &dyn View, lead: &str) -> Result<Instant, Error> {
    let events = view.events_of(lead)?;
    let first = events.iter().filter(|event| !event.is_void).map(|event| event.time).min();
    Ok(first.unwrap_or(Instant::MIN))
}
