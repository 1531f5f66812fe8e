//! Messages about a lead, put into the outbox for each of those who are told.

use kelvin_connect::{Kind, Message, Owner, Reason, Task};
use kelvin_kernel::{
    Instant,
    score::{Detail, Score},
    state::State,
};
use kelvin_model::playbook::{
    plan::{OwnerId, Recipient},
    template::Template,
};
use kelvin_store::{Consequences, NewMessage, View};

use super::{
    Playbook,
    facts::Facts,
    text::{Words, filled},
};
use crate::{
    Error, Model,
    writer::{grade, tier},
};

/// Reasons in a message: those worth most.
const REASONS: usize = 5;

/// A lead, as messages tell of it.
pub(super) struct About<'a> {
    pub(super) lead: &'a str,
    pub(super) model: &'a Model,
    pub(super) score: Option<Score>,
    pub(super) facts: Facts,
    pub(super) owner: Option<OwnerId>,
    pub(super) at: Instant,
}

/// A message, whoever gets it.
pub(super) struct Letter<'a> {
    pub(super) kind: Kind,
    /// What it follows from: with the name of who gets it, that is its id.
    pub(super) source: String,
    /// What made it happen, where a change of the lead did.
    pub(super) cause: Option<&'a str>,
    /// The hand-off or the alert that it comes from.
    pub(super) rule: &'a str,
    /// What happened, in a line.
    pub(super) title: String,
    /// What the playbook says first.
    pub(super) text: Option<&'a Template>,
    /// What is to be done.
    pub(super) task: Option<Task>,
}

impl<'a> About<'a> {
    /// What there is to tell of a lead.
    pub(super) fn read(
        view: &dyn View,
        (model, lead): (&'a Model, &'a str),
        state: &mut State,
        at: Instant,
    ) -> Result<Self, Error> {
        let score = model.score(state, view, at, Detail { until: false, reasons: true })?;
        let account = model.account(state.history(), at);
        let facts = Facts::read(view, lead, account.as_deref(), at)?;
        Ok(Self { lead, model, score, facts, owner: None, at })
    }

    /// What people call the lead.
    pub(super) fn name(&self) -> &str {
        self.facts.name().unwrap_or(self.lead)
    }

    /// The tier's name.
    pub(super) fn tier(&self) -> Option<&str> {
        tier(self.model.program().plan(), self.score.as_ref()?)
    }

    /// A text of the playbook with its places filled in.
    pub(super) fn filled(&self, playbook: &Playbook, template: &Template) -> String {
        let score = self.score.as_ref();
        let reason = |reason: Reason| format!("{} {:+}", reason.rule, reason.points);
        let owner = self.owner.and_then(|owner| playbook.plan.owners.get(owner.0));
        let words = Words {
            score: score.map(|score| score.score.to_string()).unwrap_or_default(),
            tier: self.tier().unwrap_or_default().to_owned(),
            reasons: self.reasons().into_iter().map(reason).collect::<Vec<_>>().join(", "),
            link: playbook.link(self.lead),
            owner: owner.map(|owner| owner.name.clone()).unwrap_or_default(),
            model: self.model.id().to_owned(),
        };
        filled(template, &words, &self.facts)
    }

    fn reasons(&self) -> Vec<Reason> {
        let rules = &self.model.program().plan().rules;
        let reasons = self.score.iter().flat_map(|score| &score.reasons).take(REASONS);
        let told = |reason: &kelvin_kernel::score::Reason| Reason {
            rule: rules.reason_name(reason).into_owned(),
            points: reason.points.as_points(),
        };
        reasons.map(told).collect()
    }

    fn message(&self, playbook: &Playbook, letter: &Letter<'_>, id: String) -> Message {
        let score = self.score.as_ref();
        let plan = self.model.program().plan();
        Message {
            id,
            kind: letter.kind,
            at: self.at.to_string(),
            title: letter.title.clone(),
            text: letter.text.map(|text| self.filled(playbook, text)).unwrap_or_default(),
            lead_id: Some(self.lead.to_owned()),
            model: Some(self.model.id().to_owned()),
            score: score.map(|score| score.score.as_points()),
            tier: self.tier().map(str::to_owned),
            grade: score.and_then(|score| grade(plan, score)).map(str::to_owned),
            reasons: self.reasons(),
            link: Some(playbook.link(self.lead)),
            owner: self.owner.and_then(|owner| contact(playbook, owner)),
            playbook_id: letter.rule.to_owned(),
            cause: letter.cause.map(str::to_owned),
            task: letter.task.clone(),
            lines: Vec::new(),
        }
    }
}

/// Puts a message into the outbox for each of those who are told. Where there is no owner, nobody gets what is for the
/// owner.
pub(super) fn send(
    change: &mut dyn Consequences,
    playbook: &Playbook,
    about: &About<'_>,
    letter: &Letter<'_>,
    recipients: &[Recipient],
) -> Result<(), Error> {
    for recipient in recipients {
        let Some(target) = target(playbook, *recipient, about.owner) else { continue };
        let message = about.message(playbook, letter, format!("{}:{target}", letter.source));
        enqueue(change, about.lead, &target, &message, about.at)?;
    }
    Ok(())
}

/// Puts a message for a target behind those of its lane.
pub(super) fn enqueue(
    change: &mut dyn Consequences,
    lane: &str,
    target: &str,
    message: &Message,
    at: Instant,
) -> Result<(), Error> {
    let body = serde_json::to_string(message).map_err(std::io::Error::from).map_err(Error::Serve)?;
    let (id, kind) = (message.id.as_str(), message.kind.name());
    change.enqueue(&NewMessage { id, lane, target, kind, body: &body, at })?;
    Ok(())
}

/// An owner, as messages name them.
pub(super) fn contact(playbook: &Playbook, id: OwnerId) -> Option<Owner> {
    let (owner, email) = (playbook.plan.owners.get(id.0)?, playbook.emails.get(id.0)?);
    Some(Owner { id: owner.id.clone(), name: owner.name.clone(), email: email.clone() })
}

/// The name of who gets a message, as the outbox has it.
fn target(playbook: &Playbook, recipient: Recipient, owner: Option<OwnerId>) -> Option<String> {
    match recipient {
        Recipient::Owner => Some(owner_target(&playbook.plan.owners.get(owner?.0)?.id)),
        Recipient::Target(target) => Some(playbook.plan.targets.get(target.0)?.id.clone()),
    }
}

/// An owner as a target.
pub(super) fn owner_target(owner: &str) -> String {
    format!("owner:{owner}")
}
