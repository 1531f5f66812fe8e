//! Experiments that a service carries out: asked of the service, or looked up in its store.

use clap::Args;
use kelvin_kernel::{Duration, Instant, Micropoints};
use kelvin_learn::sequential::Arm;
use kelvin_model::playbook::outcome::is_kind;
use kelvin_server::{DealtArm, Definitions, Goal, Standing, standings};
use reqwest::Url;
use serde_json::Value as Json;

use super::{Counted, Found};
use crate::{
    clock,
    failure::{Failure, Outcome},
    learning::ExampleOptions,
    playbooks,
    render::text::counted,
    service::At,
    terminal::Terminal,
};

/// Which experiment of a service, and what is a conversion there.
#[derive(Debug, Args)]
#[command(next_help_heading = "Experiments of a service")]
pub(super) struct Served {
    /// The experiment, as the playbook calls it; the only one, if there are no others
    #[arg(value_name = "EXPERIMENT", conflicts_with = "arm")]
    experiment: Option<String>,

    /// Where the service listens; --store looks into its store instead
    #[arg(long, value_name = "URL", conflicts_with_all = ["arm", "happenings", "leads"])]
    service: Option<Url>,

    /// A key that may read; better in the environment than on a command line, which others can see
    #[arg(long, value_name = "KEY", env = "KELVIN_KEY", hide_env_values = true)]
    key: Option<String>,

    /// How long after a lead was dealt an outcome counts [default: for ever]
    #[arg(long, value_name = "DURATION")]
    within: Option<Duration>,
}

/// An experiment as a service tells it.
struct Told {
    dealt: Instant,
    as_of: Instant,
    left_out: u64,
    arms: Vec<Counted>,
}

impl Served {
    /// How the experiment stands.
    pub(super) fn found(&self, examples: &ExampleOptions, terminal: &Terminal) -> Outcome<Found> {
        let kind = examples.named_outcome().unwrap_or("won").to_owned();
        if !is_kind(&kind) {
            let failure = Failure::new(format!("`{kind}` is no kind of outcome"));
            return Err(failure.help("a service knows outcomes by kind: `--outcome won`, the default"));
        }
        let goal = Goal { kind, within: self.within };
        match &self.service {
            Some(service) => self.asked(service, &goal),
            None => self.looked_up(examples, goal, terminal),
        }
    }

    /// Asks the service.
    fn asked(&self, service: &Url, goal: &Goal) -> Outcome<Found> {
        let at = At::new(service.clone(), self.key.clone()).service()?;
        let all = at.get(&["experiments"])?;
        let ids = all["experiments"].as_array().into_iter().flatten().map(|one| one["id"].as_str());
        let id = self.meant(&ids.flatten().map(str::to_owned).collect::<Vec<_>>())?;
        let query = [("kind", goal.kind.clone())];
        let within = goal.within.map(|within| ("within", within.to_string()));
        let query: Vec<_> = query.into_iter().chain(within).collect();
        let told = Told::read(&at.get_by(&["experiments", &id], &query)?);
        let told =
            told.ok_or_else(|| Failure::new("the service tells no experiment: is it of this version?"))?;
        Ok(found(&id, goal, told))
    }

    /// Looks into the store.
    fn looked_up(&self, examples: &ExampleOptions, goal: Goal, terminal: &Terminal) -> Outcome<Found> {
        let location = examples.store.location()?.ok_or_else(|| Failure::new("no store is named"))?;
        let playbook =
            examples.playbook().map(|path| playbooks::read(path, (&[], None), terminal)).transpose()?;
        let known = standings(location, &Definitions::of(playbook.as_ref()), &goal, clock::now())?;
        let ids: Vec<String> = known.iter().map(|standing| standing.id.clone()).collect();
        let id = self.meant(&ids)?;
        let standing =
            known.into_iter().find(|standing| standing.id == id).ok_or_else(|| unknown(&id, &ids))?;
        Ok(found(&id, &goal, Told::of(standing)))
    }

    /// Which of the experiments that there are is meant.
    fn meant(&self, ids: &[String]) -> Outcome<String> {
        match &self.experiment {
            Some(id) if ids.contains(id) => Ok(id.clone()),
            Some(id) => Err(unknown(id, ids)),
            None => only(ids),
        }
    }
}

fn unknown(id: &str, ids: &[String]) -> Failure {
    Failure::new(format!("there is no experiment `{id}`")).help(listed(ids))
}

/// How an experiment stands as it is told.
fn found(id: &str, goal: &Goal, told: Told) -> Found {
    let weeks = told.as_of.millis_since(told.dealt) as f64 / (7.0 * 86_400_000.0);
    let within = goal.within.map(|within| format!(" within {}", clock::roughly(within)));
    let (dealt, kind, within) = (told.dealt, &goal.kind, within.unwrap_or_default());
    let about = format!("experiment `{id}`, leads dealt since {dealt}; outcome: {kind}{within}");
    let mut notes = Vec::new();
    if told.left_out > 0 {
        let leads = counted(told.left_out, "lead");
        notes.push(format!(
            "{leads} had the outcome before being dealt to an arm: nothing is counted of them"
        ));
    }
    Found { about, arms: told.arms, weeks: Some(weeks), rejected: 0, left_out: told.left_out, notes }
}

impl Told {
    fn of(standing: Standing) -> Self {
        let arm = |dealt: DealtArm| {
            let value = |(currency, millionths): (Option<String>, i64)| {
                (currency.unwrap_or_else(|| "none".to_owned()), Micropoints(millionths).as_points())
            };
            let values = dealt.values.into_iter().map(value).collect();
            Counted { name: dealt.model, arm: dealt.arm, values }
        };
        let Standing { dealt, at, left_out, arms, .. } = standing;
        Self { dealt, as_of: at, left_out, arms: arms.into_iter().map(arm).collect() }
    }

    /// Reads what `GET /api/v1/experiments/{id}` answers.
    fn read(told: &Json) -> Option<Self> {
        let instant = |key: &str| told[key].as_str()?.parse::<Instant>().ok();
        let arm = |arm: &Json| {
            let value = |(currency, value): (&String, &Json)| Some((currency.clone(), value.as_f64()?));
            let [leads, conversions] = ["leads", "conversions"].map(|key| arm[key].as_u64());
            Some(Counted {
                name: arm["model"].as_str()?.to_owned(),
                arm: Arm { share: arm["share"].as_f64()?, leads: leads?, conversions: conversions? },
                values: arm["values"].as_object()?.iter().filter_map(value).collect(),
            })
        };
        Some(Self {
            dealt: instant("dealt")?,
            as_of: instant("as_of")?,
            left_out: told["left_out"].as_u64()?,
            arms: told["arms"].as_array()?.iter().map(arm).collect::<Option<_>>()?,
        })
    }
}

/// The only experiment.
fn only(ids: &[String]) -> Outcome<String> {
    match ids {
        [only] => Ok(only.clone()),
        [] => Err(Failure::new("no experiment is carried out").help("a playbook says which: `experiments:`")),
        _ => Err(Failure::new("there are several experiments").help(listed(ids))),
    }
}

fn listed(ids: &[String]) -> String {
    let names: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
    if names.is_empty() { "there is none".to_owned() } else { format!("name one: {}", names.join(", ")) }
}
