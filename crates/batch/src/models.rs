//! The models of a run, and the sets of rules that look at its events.

use kelvin_kernel::{
    Value,
    plan::NameId,
    program::{Program, Rules},
};

use crate::{
    Error,
    read::{Places, Wanted},
};

/// The models that a run scores, with what they want from the inputs.
#[derive(Debug)]
pub struct Models<'a> {
    programs: &'a [Program],
    wanted: Wanted,
    places: Vec<Places>,
    sets: Vec<Set>,
}

/// Rules of one model: those of its leads or those of its accounts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    /// The model.
    pub(crate) model: usize,
    /// Whether they are the rules of its accounts.
    pub(crate) of_accounts: bool,
    /// Whether they look at attributes as of an event: then events can only be matched lead by lead.
    pub(crate) deferred: bool,
    /// Whether even an event that meets no matcher matters.
    pub(crate) needs_every_event: bool,
}

impl<'a> Models<'a> {
    /// The models of a run; `accounts` tells whether accounts are scored too.
    ///
    /// # Errors
    /// When the models mention too many event names.
    pub fn new(programs: &'a [Program], accounts: bool) -> Result<Self, Error> {
        let (wanted, places) = match programs {
            [program] => (Wanted::of(program.plan()), vec![Places::of(program.plan())]),
            _ => {
                let plans: Vec<_> = programs.iter().map(Program::plan).collect();
                Wanted::of_all(&plans).ok_or(Error::TooManyNames)?
            }
        };
        let mut sets = Vec::new();
        for (model, program) in programs.iter().enumerate() {
            let set = |rules: Rules<'_>, of_accounts| Set {
                model,
                of_accounts,
                deferred: rules.looks_at_lead(),
                needs_every_event: rules.needs_every_event(),
            };
            sets.push(set(program.lead_rules(), false));
            if let Some(rules) = program.account_rules().filter(|_| accounts) {
                sets.push(set(rules, true));
            }
        }
        Ok(Self { programs, wanted, places, sets })
    }

    /// The programs.
    pub fn programs(&self) -> &'a [Program] {
        self.programs
    }

    /// What readers must look for.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Where a model's slots and names lie in what is wanted.
    pub fn places(&self, model: usize) -> &Places {
        &self.places[model]
    }

    pub(crate) fn sets(&self) -> &[Set] {
        &self.sets
    }

    pub(crate) fn rules(&self, set: &Set) -> Rules<'a> {
        let program = &self.programs[set.model];
        match program.account_rules() {
            Some(rules) if set.of_accounts => rules,
            _ => program.lead_rules(),
        }
    }

    /// Whether conditions that must wait for the lead's attributes, or rules of accounts, may need an event of this
    /// wanted name as it is.
    pub(crate) fn defers(&self, name: NameId) -> bool {
        let waits = |set: &Set| {
            set.needs_every_event || !self.rules(set).matchers_of(self.name(set.model, name)).is_empty()
        };
        self.sets.iter().any(|set| set.deferred && waits(set))
    }

    /// Whether there are events that must be looked at beside their leads.
    pub(crate) fn defers_any(&self) -> bool {
        self.sets.iter().any(|set| set.deferred)
    }

    /// Whether attributes of accounts can matter.
    pub(crate) fn keeps_account_attributes(&self) -> bool {
        self.wanted.schema.account.fields.len() > 1 || self.scores_accounts()
    }

    /// Whether accounts are scored, so that events of several leads meet and need their positions.
    pub(crate) fn scores_accounts(&self) -> bool {
        self.sets.iter().any(|set| set.of_accounts)
    }

    /// A model's id of a wanted event name.
    pub(crate) fn name(&self, model: usize, wanted: NameId) -> NameId {
        self.places[model].name(wanted)
    }

    /// The number of wanted slots of each root: lead, account, event, context.
    pub(crate) fn widths(&self) -> [usize; 4] {
        let schema = &self.wanted.schema;
        [&schema.lead, &schema.account, &schema.event, &schema.context].map(|fields| fields.fields.len())
    }
}

/// Sets `to` to the values of `from` at these places.
pub(crate) fn project(from: &[Option<Value>], places: &[usize], to: &mut Vec<Option<Value>>) {
    to.clear();
    to.extend(places.iter().map(|place| from.get(*place).cloned().flatten()));
}
