//! A score was computed: what follows from it, in the transaction that holds it.

use kelvin_kernel::{
    Duration, Instant,
    history::EventId,
    plan::Plan,
    score::{Detail, Score},
    state::State,
};
use kelvin_model::playbook::plan::HandOff;
use kelvin_store::{Consequences, Holding, LeadScore, NewTierChange, PlaybookChange, Timer, View};

use super::{
    Playbook,
    give::give,
    hand_off::{Next, Readiness, Terms},
    message::About,
    note::{self, Subject},
    stand::{Stand, place},
    tell::alerts,
};
use crate::{Error, Model, segment::Call, writer::tier};

/// How soon a lead is looked at again that lacks nothing but a condition on what changes without an event of the lead.
const AGAIN: Duration = Duration::from_millis(10 * 60 * 1000);

/// Changes of tier that are made up for at once, after the service was down.
pub(super) const MOST_PASSED: usize = 16;

/// Why scores are computed, and what is done about them.
pub(crate) struct Why<'a> {
    pub(crate) playbook: Option<&'a Playbook>,
    pub(crate) cause: Cause<'a>,
}

/// Why a score is computed.
#[derive(Clone, Copy)]
pub(crate) enum Cause<'a> {
    /// Events of the lead came.
    Events(&'a [(&'a Call, EventId)]),
    /// It was due.
    Time,
    /// The model is new or has changed.
    Model,
    /// Events were voided, or leads joined or parted: its past is another.
    History,
}

/// A score that was computed and is not noted yet.
pub(crate) struct Scored<'a> {
    pub(crate) model: &'a Model,
    pub(crate) lead: &'a str,
    pub(crate) state: &'a mut State,
    pub(crate) score: Option<&'a Score>,
    /// What the model gave it before, where that was looked up already.
    pub(crate) given: Option<Option<&'a LeadScore>>,
    pub(crate) now: Instant,
}

/// Where the lead stood when it was last looked at.
pub(super) struct Before {
    /// The tier's name.
    pub(super) tier: Option<String>,
    /// `None` where no score is noted: the lead is new, or scores are made again.
    pub(super) stand: Option<Stand>,
    /// The place of its tier.
    place: Option<usize>,
}

/// Notes a change of tier, and does what the playbook says.
pub(crate) fn scored(
    change: &mut dyn Consequences,
    why: &Why<'_>,
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let before = Before::read(change.view(), scored, why.cause)?;
    note_tier(change, &before, why, scored)?;
    let Some(playbook) = why.playbook else { return Ok(()) };
    for hand_off in playbook.hand_offs(scored.model, scored.lead) {
        carry_out(change, (playbook, hand_off), (&before, why.cause), scored)?;
    }
    alerts(change, (playbook, why.cause), &before, scored)
}

/// Notes that a lead is in no tier any more because nothing is left of it. That is no doing of the lead, and arms nothing.
pub(crate) fn given_up(change: &mut dyn Consequences, why: &Why<'_>, gone: &Scored<'_>) -> Result<(), Error> {
    let before = Before::read(change.view(), gone, why.cause)?;
    note_tier(change, &before, why, gone)
}

fn note_tier(
    change: &mut dyn Consequences,
    before: &Before,
    why: &Why<'_>,
    scored: &Scored<'_>,
) -> Result<(), Error> {
    let plan = scored.model.program().plan();
    let (from, to) = (before.tier.as_deref(), scored.score.and_then(|score| tier(plan, score)));
    if from == to {
        return Ok(());
    }
    let cause = why.cause.name();
    let Scored { lead, now, .. } = *scored;
    change.put_tier_change(&NewTierChange {
        model: scored.model.id(),
        lead,
        at: now,
        from,
        to,
        cause: &cause,
    })?;
    Ok(())
}

/// Hands the lead off if it is time for that.
fn carry_out(
    change: &mut dyn Consequences,
    (playbook, hand_off): (&Playbook, &HandOff),
    (before, cause): (&Before, Cause<'_>),
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let Some(terms) = Terms::of(hand_off, scored.model.program().plan()) else { return Ok(()) };
    let (stand, now) = (Stand::of(scored.score), scored.now);
    let is_low = !stand.is_in(terms.enter) && terms.is_left(&stand);
    if is_low && before.stand.is_some_and(|before| terms.is_left(&before)) {
        // There is nothing to hand off, and to be armed it is early enough when it rises.
        return Ok(());
    }
    let subject = playbook.subject(scored.model, scored.lead, &hand_off.id);
    let known: Option<Readiness> = note::read(change, subject)?;
    // A lead that was in the tier before anybody looked has entered it before the hand-off was there.
    let first = if before.is_in(terms.enter) { Readiness::PRESENT } else { Readiness::FRESH };
    let mut ready = known.clone().unwrap_or(first);
    if before.is_in(terms.enter) {
        ready.was_there();
    }
    match cause {
        Cause::History => ready.restore(&terms, before.is_in(terms.enter), &stand),
        _ => before.notice(change.view(), (&terms, cause), &mut ready, scored)?,
    }
    match ready.next(&terms, &stand, now) {
        Next::Nothing => {}
        Next::LookAt(at) => look_at(change, scored.lead, &hand_off.id, at)?,
        Next::HandOff => {
            let about = About::read(change.view(), (scored.model, scored.lead), scored.state, now)?;
            if meets(playbook, hand_off, &about) {
                let account = scored.model.account(scored.state.history(), now);
                give(change, (playbook, hand_off), (about, &cause.name()), account.as_deref())?;
                ready = Readiness::handed_off(now);
            } else if let Some(at) = next_chance(hand_off, now) {
                look_at(change, scored.lead, &hand_off.id, at)?;
            }
        }
    }
    ready.waits = ready.armed && stand.is_in(terms.enter);
    if known.is_none() && ready == Readiness::FRESH && !stand.is_in(terms.enter) {
        return Ok(());
    }
    note::write(change, subject, &ready, known.as_ref())
}

/// Has a lead looked at again at a time.
pub(super) fn look_at(
    change: &mut dyn PlaybookChange,
    lead: &str,
    rule: &str,
    at: Instant,
) -> Result<(), Error> {
    let (subject, name) = (lead.to_owned(), rule.to_owned());
    Ok(change.set_timer(&Timer { kind: "look".to_owned(), subject, name, at })?)
}

fn meets(playbook: &Playbook, hand_off: &HandOff, about: &About<'_>) -> bool {
    let Some(condition) = &hand_off.condition else { return true };
    let slots = about.facts.slots(&playbook.plan.schema, Some(about.at));
    condition.holds(&slots.env())
}

/// When a lead that does not meet the condition may meet it though nothing happens to the lead.
fn next_chance(hand_off: &HandOff, now: Instant) -> Option<Instant> {
    let reads = hand_off.condition.as_ref()?.reads();
    (reads.now || reads.account).then(|| now.after(AGAIN))
}

/// Whether a lead was in a tier that a model does not have.
fn is_unknown(plan: &Plan, tier: Option<&str>) -> bool {
    tier.is_some_and(|tier| tier != "disqualified" && place(plan, tier).is_none())
}

/// An event as a cause that is kept.
pub(super) fn of_event(id: &str) -> String {
    format!("event:{id}")
}

impl Cause<'_> {
    /// The cause as it is kept.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Events(events) => {
                events.last().map_or_else(|| of_event(""), |(_, id)| of_event(&id.text()))
            }
            Self::Time => "time".to_owned(),
            Self::Model => "model".to_owned(),
            Self::History => "history".to_owned(),
        }
    }
}

impl Playbook {
    /// What a note on a lead for a hand-off or an alert is for: whichever model counts, it is that which the playbook
    /// speaks of.
    pub(super) fn subject<'s>(&'s self, model: &'s Model, lead: &'s str, rule: &'s str) -> Subject<'s> {
        Subject { lead, model: self.trials.champion_of(model.id()), rule }
    }
}

/// What a model held of a lead when it was last looked at: after a switch, what counts is where the version before had the
/// lead, until that was looked at.
pub(super) fn last_looked_at(view: &dyn View, model: &Model, lead: &str) -> Result<Option<Holding>, Error> {
    let before = match model.before() {
        Some(name) => view.holding(name, lead)?,
        None => None,
    };
    Ok(before.map_or_else(|| view.holding(model.key(), lead), |held| Ok(Some(held)))?)
}

impl Before {
    fn read(view: &dyn View, scored: &Scored<'_>, cause: Cause<'_>) -> Result<Self, Error> {
        let id = scored.model.id();
        let plan = scored.model.program().plan();
        let place = |tier: &Option<String>| place(plan, tier.as_deref()?);
        // After a switch, what counts is where the version before had the lead, until that was looked at.
        let before = match scored.model.before() {
            Some(name) => view.holding(name, scored.lead)?,
            None => None,
        };
        let given = match (before, scored.given) {
            (Some(before), _) => before.score,
            (None, Some(given)) => given.cloned(),
            (None, None) => view.score_of(scored.model.key(), scored.lead)?,
        };
        // A tier that the model has no more may be where the lead is now, by another name: it does not enter it.
        let place = |tier: &Option<String>| {
            let is_renamed = matches!(cause, Cause::Model) && is_unknown(plan, tier.as_deref());
            if is_renamed { Stand::of(scored.score).tier } else { place(tier) }
        };
        let Some(row) = given else {
            let tier = view.last_tier(id, scored.lead)?;
            return Ok(Self { place: place(&tier), tier, stand: None });
        };
        let stand = Stand { score: Some(row.score), tier: place(&row.tier), until: row.until };
        Ok(Self { place: stand.tier, tier: row.tier, stand: Some(stand) })
    }

    /// Whether the lead was in a tier, or one above it.
    pub(super) fn is_in(&self, tier: usize) -> bool {
        self.place.is_some_and(|place| place >= tier)
    }

    /// Lets what happened since the lead was last looked at arm it.
    fn notice(
        &self,
        view: &dyn View,
        (terms, cause): (&Terms, Cause<'_>),
        ready: &mut Readiness,
        scored: &mut Scored<'_>,
    ) -> Result<(), Error> {
        // One of which nothing counted before it does something stood nowhere.
        let is_nowhere = matches!(cause, Cause::Events(_)) && self.place.is_none();
        if let Some(stand) = self.stand.or_else(|| is_nowhere.then(|| Stand::of(None))) {
            ready.notice(terms, &stand, scored.now);
        }
        if !ready.armed {
            for (at, passed) in self.passed(view, scored)? {
                ready.notice(terms, &passed, at);
            }
        }
        ready.notice(terms, &Stand::of(scored.score), scored.now);
        Ok(())
    }

    /// Where the lead stood between then and now, if nobody looked when its tier changed.
    fn passed(&self, view: &dyn View, scored: &mut Scored<'_>) -> Result<Vec<(Instant, Stand)>, Error> {
        let mut passed = Vec::new();
        let mut until = self.stand.and_then(|stand| stand.until);
        while let Some(at) = until.filter(|at| *at < scored.now && passed.len() < MOST_PASSED) {
            let detail = Detail { until: true, reasons: false };
            let stand = Stand::of(scored.model.score(scored.state, view, at, detail)?.as_ref());
            passed.push((at, stand));
            until = stand.until;
        }
        Ok(passed)
    }
}
