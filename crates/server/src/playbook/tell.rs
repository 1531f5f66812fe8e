//! Alerts: what a score or an event makes somebody told of.

use kelvin_connect::Kind;
use kelvin_kernel::{Duration, Micropoints, history::EventId, score::Detail};
use kelvin_model::playbook::plan::{Alert, AlertKind, OwnerId};
use kelvin_store::{Consequences, HandOffsView, NewAlert, PlaybookChange, View};

use super::{
    Playbook,
    alert::{Cooling, Leaving, Next, Rise},
    carry_out::{Before, Cause, MOST_PASSED, Scored, look_at, of_event},
    facts::Facts,
    message::{About, Letter, send},
    note,
    stand::{Stand, place},
};
use crate::{Error, Model, segment::Call};

/// What an alert comes from.
enum Origin<'a> {
    /// The lead was looked at.
    Look(Cause<'a>),
    /// It is about an event.
    Event(&'a Call, &'a str),
}

/// How old an event may be that somebody is told of: what is older was brought in later, and is no news.
const NEWS: Duration = Duration::DAY;

/// Tells of what a score that was computed comes to.
pub(super) fn alerts(
    change: &mut dyn Consequences,
    (playbook, cause): (&Playbook, Cause<'_>),
    before: &Before,
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    for alert in playbook.alerts(scored.model, scored.lead) {
        match &alert.kind {
            AlertKind::Rise { points, within, tier } => {
                let terms = (*points, *within, tier.as_deref());
                rise(change, (playbook, alert), terms, (before, cause), scored)?;
            }
            AlertKind::Event { .. } => {
                if let Cause::Events(events) = cause {
                    on_events(change, (playbook, alert), events, scored)?;
                }
            }
            AlertKind::Cooling { within, tier } => {
                cooling(change, (playbook, alert), (*within, tier), cause, scored)?;
            }
            AlertKind::Tier { tier } => entered(change, (playbook, alert), tier, (before, cause), scored)?,
            AlertKind::Digest { .. } => {}
        }
    }
    Ok(())
}

/// A lead whose score rose.
fn rise(
    change: &mut dyn Consequences,
    (playbook, alert): (&Playbook, &Alert),
    (least, within, tier): (Micropoints, Duration, Option<&str>),
    (before, cause): (&Before, Cause<'_>),
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let Some(score) = scored.score.map(|score| score.score) else { return Ok(()) };
    let subject = playbook.subject(scored.model, scored.lead, &alert.id);
    let known: Option<Rise> = note::read(change, subject)?;
    let first = || Rise::from(before.stand.and_then(|stand| stand.score).unwrap_or_default());
    let mut rise = known.clone().unwrap_or_else(first);
    if matches!(cause, Cause::Model | Cause::History) {
        rise.start_over(score);
    } else {
        let risen = rise.notice(score, within, scored.now);
        if risen >= least && is_in(scored, tier) && rise.is_told(within, scored.now) {
            let title = |name: &str| format!("{name} rose by {risen} to {score}");
            tell(change, (playbook, alert), &title, Origin::Look(cause), scored)?;
        }
    }
    note::write(change, subject, &rise, known.as_ref())
}

impl Playbook {
    /// Has rises of a lead counted from where it stands by a version that leaves it in its tier.
    pub(crate) fn start_rises_over(
        &self,
        change: &mut dyn PlaybookChange,
        (model, lead): (&Model, &str),
        score: Micropoints,
    ) -> Result<(), Error> {
        let is_rise = |alert: &&Alert| matches!(alert.kind, AlertKind::Rise { .. });
        for alert in self.alerts(model, lead).filter(is_rise) {
            let subject = self.subject(model, lead, &alert.id);
            if let Some(known) = note::read::<Rise>(change, subject)? {
                let mut rise = known.clone();
                rise.start_over(score);
                note::write(change, subject, &rise, Some(&known))?;
            }
        }
        Ok(())
    }
}

/// Events of a lead that somebody wants to hear of.
fn on_events(
    change: &mut dyn Consequences,
    (playbook, alert): (&Playbook, &Alert),
    events: &[(&Call, EventId)],
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let AlertKind::Event { names, condition, tier } = &alert.kind else { return Ok(()) };
    if !is_in(scored, tier.as_deref()) {
        return Ok(());
    }
    let oldest = scored.now.before(NEWS);
    for (call, id) in events.iter().filter(|(call, _)| names.contains(&call.name) && call.time >= oldest) {
        let account = scored.model.account(scored.state.history(), call.time);
        let facts = Facts::read(change.view(), scored.lead, account.as_deref(), call.time)?.with_event(call);
        let slots = facts.slots(&playbook.plan.schema, None);
        if condition.as_ref().is_none_or(|condition| condition.holds(&slots.env())) {
            let title = |name: &str| format!("{name}: {}", call.name);
            tell(change, (playbook, alert), &title, Origin::Event(call, &id.text()), scored)?;
        }
    }
    Ok(())
}

/// A lead that is about to leave a tier.
fn cooling(
    change: &mut dyn Consequences,
    (playbook, alert): (&Playbook, &Alert),
    (within, tier): (Duration, &str),
    cause: Cause<'_>,
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let leaving = leaving(change.view(), tier, within, scored)?;
    if leaving == Leaving::Never {
        return Ok(());
    }
    let subject = playbook.subject(scored.model, scored.lead, &alert.id);
    let known: Option<Cooling> = note::read(change, subject)?;
    match known.clone().unwrap_or_default().next(leaving, within, scored.now) {
        Next::Nothing => Ok(()),
        Next::LookAt(at) => look_at(change, scored.lead, &alert.id, at),
        Next::Tell(at) => {
            let title = |name: &str| format!("{name} will leave `{tier}` on {at} if nothing happens");
            tell(change, (playbook, alert), &title, Origin::Look(cause), scored)?;
            note::write(change, subject, &Cooling { told: Some(at) }, known.as_ref())
        }
    }
}

/// When the lead leaves a tier, looked for as far ahead as anybody wants to know.
fn leaving(view: &dyn View, tier: &str, within: Duration, scored: &mut Scored<'_>) -> Result<Leaving, Error> {
    let Some(tier) = place(scored.model.program().plan(), tier) else { return Ok(Leaving::Never) };
    let mut stand = Stand::of(scored.score);
    if !stand.is_in(tier) {
        return Ok(Leaving::Never);
    }
    let horizon = scored.now.after(within);
    for _ in 0..MOST_PASSED {
        let Some(at) = stand.until else { return Ok(Leaving::Never) };
        if at > horizon {
            return Ok(Leaving::NotBefore(at));
        }
        let detail = Detail { until: true, reasons: false };
        stand = Stand::of(scored.model.score(scored.state, view, at, detail)?.as_ref());
        if !stand.is_in(tier) {
            return Ok(Leaving::At(at));
        }
    }
    Ok(Leaving::Never)
}

/// A lead that came into a tier from below it.
fn entered(
    change: &mut dyn Consequences,
    (playbook, alert): (&Playbook, &Alert),
    tier: &str,
    (before, cause): (&Before, Cause<'_>),
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let Some(place) = place(scored.model.program().plan(), tier) else { return Ok(()) };
    if before.is_in(place) || !Stand::of(scored.score).is_in(place) {
        return Ok(());
    }
    let title = |name: &str| format!("{name} reached `{tier}`");
    tell(change, (playbook, alert), &title, Origin::Look(cause), scored)
}

/// Whether the lead is in a tier, or one above it; in any, if none is asked for.
fn is_in(scored: &Scored<'_>, tier: Option<&str>) -> bool {
    let Some(tier) = tier else { return true };
    let place = place(scored.model.program().plan(), tier);
    place.is_some_and(|place| Stand::of(scored.score).is_in(place))
}

/// Notes an alert, and tells those who want to hear of it.
fn tell(
    change: &mut dyn Consequences,
    (playbook, alert): (&Playbook, &Alert),
    title: &dyn Fn(&str) -> String,
    origin: Origin<'_>,
    scored: &mut Scored<'_>,
) -> Result<(), Error> {
    let mut about = About::read(change.view(), (scored.model, scored.lead), scored.state, scored.now)?;
    about.owner = owner(change, playbook, scored.lead)?;
    let (event, cause) = match origin {
        Origin::Look(cause) => (None, cause.name()),
        Origin::Event(call, id) => {
            about.facts = about.facts.with_event(call);
            (Some(id), of_event(id))
        }
    };
    let seq = change.put_alert(&NewAlert {
        alert: &alert.id,
        model: scored.model.id(),
        lead: scored.lead,
        at: scored.now,
        score: about.score.as_ref().map(|score| score.score).unwrap_or_default(),
        tier: about.tier(),
        event,
        cause: &cause,
    })?;
    let letter = Letter {
        kind: Kind::Alert,
        source: format!("alert:{seq}"),
        cause: Some(&cause),
        rule: &alert.id,
        title: title(about.name()),
        text: alert.text.as_ref(),
        task: None,
    };
    send(change, playbook, &about, &letter, &alert.notify)
}

/// Who has the lead: the owner of its latest hand-off.
fn owner(view: &dyn HandOffsView, playbook: &Playbook, lead: &str) -> Result<Option<OwnerId>, Error> {
    let latest = view.hand_offs(Some(lead), None, 1)?.pop();
    Ok(latest.and_then(|latest| latest.owner).and_then(|owner| playbook.owner(&owner)))
}
