//! What is to be foretold: a condition of the command line, as a small model whose score tells whether the outcome came, when, and what
//! it brought; or an outcome of a playbook.

use std::{cell::OnceCell, path::PathBuf};

use clap::Args;
use kelvin_kernel::{
    Instant,
    expr::{Expr, Root},
    history::History,
    plan::Schema,
    program::Program,
    replay::{Replay, each_event},
    score::{Detail, Score},
};
use kelvin_model::playbook::{outcome::is_kind, plan};
use serde_json::json;

use super::{layout, playbook, told::Told};
use crate::{
    failure::{Failure, Outcome},
    models,
    terminal::Terminal,
};

/// What is to be foretold, as the command line says it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Outcome")]
pub(crate) struct Definition {
    /// The condition that a lead has had the outcome: `lead.converted == true`; with --outcome-event a condition on the
    /// event: `event.stage == 'won'`; with --playbook the id or the kind of an outcome there
    #[arg(long, value_name = "CONDITION|ID")]
    pub(super) outcome: Option<String>,

    /// A playbook whose `outcomes` tell by events what became of leads
    #[arg(long, value_name = "FILE", conflicts_with_all = ["outcome_event", "outcome_value", "outcome_at"])]
    pub(super) playbook: Option<PathBuf>,

    /// Outcomes that were told, as `kelvin export --what outcomes` writes them, with `lead_id`, `kind`, `at` and `value`; --outcome names
    /// their kind. With --store such a name is enough: they are those of the store
    #[arg(long, value_name = "FILE", requires = "outcome")]
    #[arg(conflicts_with_all = ["playbook", "outcome_event", "outcome_value", "outcome_at"])]
    pub(super) outcomes: Option<PathBuf>,

    /// The event that is the outcome; may be repeated
    #[arg(long, value_name = "EVENT", requires = "happenings")]
    outcome_event: Vec<String>,

    /// What the outcome brought, an expression: `event.amount`, `lead.revenue`
    #[arg(long, value_name = "EXPRESSION")]
    outcome_value: Option<String>,

    /// The attribute that tells when the outcome came, for a condition on leads
    #[arg(long, value_name = "ATTRIBUTE", conflicts_with = "outcome_event")]
    pub(super) outcome_at: Option<String>,

    /// The outcome of a playbook that has no other, once it is known.
    #[arg(skip)]
    only: OnceCell<String>,
}

impl Definition {
    /// What tells of the outcome; nothing where the command line names none.
    pub(super) fn defined(&self, has_events: bool, terminal: &Terminal) -> Outcome<Option<Defined>> {
        if let (Some(path), Some(name)) = (&self.outcomes, &self.outcome) {
            let told = Some(Told::read(path, name)?);
            let program = Program::new(layout::plan(&[], Schema::default())?);
            return Ok(Some(Defined { program, by_events: Vec::new(), told }));
        }
        if let Some(path) = &self.playbook {
            if !has_events {
                return Err(Failure::new(
                    "the outcomes of a playbook are found in events, and there are none",
                )
                .help(
                    "give them with --events, or a condition on leads: `--outcome 'lead.converted == true'`",
                ));
            }
            let defined = playbook::defined(path, self.outcome.as_deref(), terminal)?;
            if let [only] = defined.by_events.as_slice() {
                self.only.get_or_init(|| only.id.clone());
            }
            return Ok(Some(defined));
        }
        if self.outcome.is_none() && self.outcome_event.is_empty() {
            return Ok(None);
        }
        let options = [("--outcome", &self.outcome), ("--outcome-value", &self.outcome_value)];
        let typed: Vec<_> =
            options.into_iter().filter_map(|(option, text)| Some((option, text.as_deref()?))).collect();
        let program = models::of_typed(&self.text(), &typed).map_err(|failure| match self.kind() {
            Some(name) => failure.help(format!(
                "a condition is written `lead.{name} == true`; an outcome of a playbook is named together with --playbook, one that was told with --outcomes"
            )),
            None => failure,
        })?;
        Ok(Some(Defined { program, by_events: Vec::new(), told: None }))
    }

    fn text(&self) -> String {
        let mut condition = serde_json::Map::new();
        if !self.outcome_event.is_empty() {
            condition.insert("event".to_owned(), json!(self.outcome_event));
            condition.insert("limit".to_owned(), json!(1));
        }
        condition.extend(self.outcome.as_ref().map(|text| ("if".to_owned(), json!(text))));
        let rule = |id: &str, points: serde_json::Value| {
            let mut rule = condition.clone();
            rule.insert("id".to_owned(), json!(id));
            rule.insert("points".to_owned(), points);
            json!({"rules": [rule]})
        };
        let value = self.outcome_value.as_ref().map(|text| ("value".to_owned(), rule("value", json!(text))));
        let dimensions = [("came".to_owned(), rule("outcome", json!(1)))].into_iter().chain(value);
        let dimensions: serde_json::Map<_, _> = dimensions.collect();
        // JSON is YAML.
        format!("kelvin: 1\nmodel: outcome\ndimensions: {}\n", json!(dimensions))
    }

    /// The kind of outcome that is named, where it may be one.
    pub(super) fn kind(&self) -> Option<&str> {
        // No condition is written so but for these two.
        self.outcome.as_deref().filter(|name| is_kind(name) && !["true", "false"].contains(name))
    }

    /// The definition in words.
    pub(super) fn about(&self) -> Option<String> {
        if let (Some(_), Some(name)) = (&self.outcomes, &self.outcome) {
            return Some(format!("`{name}`"));
        }
        if self.playbook.is_some() {
            let name = self.outcome.as_ref().or_else(|| self.only.get());
            let name = name.map_or("the outcome".to_owned(), |name| format!("`{name}`"));
            return Some(format!("{name} of the playbook"));
        }
        let events = (!self.outcome_event.is_empty()).then(|| self.outcome_event.join(" or "));
        let told = events.into_iter().chain(self.outcome.clone()).collect::<Vec<_>>().join(" with ");
        Some(told).filter(|told| !told.is_empty())
    }
}

/// What tells of an outcome, ready to be asked.
pub(crate) struct Defined {
    /// What is read for it. Where no event tells the outcome by itself, the score does.
    pub(super) program: Program,
    /// Outcomes of a playbook: the first event that is one of them.
    pub(super) by_events: Vec<plan::Outcome>,
    /// Outcomes that were told, and nothing else tells.
    pub(super) told: Option<Told>,
}

/// What became of a lead.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Fate {
    pub(super) came: bool,
    pub(super) at: Option<Instant>,
    pub(super) value: Option<f64>,
}

impl Defined {
    /// What became of a lead up to an instant.
    pub(super) fn fate(&self, history: &History, until: Instant) -> Fate {
        if self.by_events.is_empty() {
            let replay = Replay::new(&self.program, history, until);
            return replay.score(&self.program, Fate::DETAIL).as_ref().map(Fate::of).unwrap_or_default();
        }
        let mut fate = Fate::default();
        self.each_found(history, until, |at, value| {
            if !fate.came {
                fate = Fate { came: true, at: Some(at), value };
            }
        });
        fate
    }

    /// Calls `take` with each event of a history up to an instant that is an outcome: when, and what it is worth. An event that is one
    /// by several definitions is one by the first.
    pub(super) fn each_found(
        &self,
        history: &History,
        until: Instant,
        mut take: impl FnMut(Instant, Option<f64>),
    ) {
        let names = &self.program.plan().names;
        each_event(&self.program, history, until, |event, env| {
            let is_named =
                |outcome: &&plan::Outcome| outcome.names.iter().any(|name| names.id(name) == event.name);
            let found = self.by_events.iter().filter(is_named).find_map(|outcome| outcome.found(env));
            if let Some(found) = found {
                take(event.time, found.value);
            }
        });
    }

    /// Whether events of a name may tell of the outcome.
    pub(super) fn heeds(&self, name: &str) -> bool {
        if self.by_events.is_empty() {
            return self.program.plan().names.iter().any(|known| known == name);
        }
        self.by_events.iter().any(|outcome| outcome.names.iter().any(|known| known == name))
    }

    /// The attributes of leads that tell of the outcome.
    pub(super) fn attributes(&self) -> Vec<&str> {
        let fields = &self.program.plan().schema.lead.fields;
        let name = |slot: usize| fields.get(slot).map(|field| &*field.name);
        if self.by_events.is_empty() {
            return (0..fields.len()).filter_map(name).collect();
        }
        let asked = self.by_events.iter().flat_map(|outcome| {
            let condition = outcome.condition.iter().flat_map(|condition| condition.fields());
            condition.chain(outcome.value.iter().flat_map(Expr::fields))
        });
        asked.filter(|(root, _)| *root == Root::Lead).filter_map(|(_, slot)| name(*slot)).collect()
    }
}

impl Fate {
    /// What is asked of the score that tells a fate.
    pub(super) const DETAIL: Detail = Detail { until: false, reasons: true };

    /// The fate that a score tells.
    pub(super) fn of(score: &Score) -> Self {
        let came = score.dimensions.first().is_some_and(|came| came.value.as_points() > 0.0);
        let at = score.reasons.iter().find(|reason| reason.rule == 0).and_then(|reason| reason.last);
        let value = score.dimensions.get(1).filter(|_| came).map(|value| value.value.as_points());
        Self { came, at, value }
    }
}
