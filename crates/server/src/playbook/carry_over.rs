//! A lead goes on under another id, or leads join or part: what is remembered of one holds for the other, too.

use std::collections::BTreeMap;

use kelvin_store::{Change, Holding, LeadScore, NewTierChange};
use serde::{Deserialize, Serialize};

use super::{
    Playbook,
    alert::{Cooling, Rise},
    hand_off::Readiness,
};
use crate::{Error, Model, people::Heir};

/// A note of any kind, told by what it has.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Note {
    HandOff(Readiness),
    Rise(Rise),
    Cooling(Cooling),
}

/// Hands on what is remembered of a lead to one that goes on with it. `models` are those that serve; what follows from their
/// switches was done for both leads.
pub(crate) fn carry_over(
    change: &mut dyn Change,
    models: &[Model],
    heir: &Heir,
    playbook: Option<&Playbook>,
) -> Result<(), Error> {
    let Heir { of, lead, is_whole } = heir;
    let mut notes: BTreeMap<_, _> = change.notes_of(of)?.into_iter().collect();
    if let Some(playbook) = playbook {
        let dealt = playbook.dealt_over(change, models, (of, lead))?;
        notes.extend(dealt.into_iter().map(|note| (note.key, note.text)));
    }
    for (rule, text) in notes {
        let other = change.note(lead, &rule)?;
        let joined = other.and_then(|other| joined(&other, &text)).unwrap_or(text);
        change.put_note(lead, &rule, &joined)?;
    }
    for model in models.iter().filter(|model| model.incoming().is_none()) {
        stand_in(change, model, of, lead)?;
    }
    if *is_whole {
        change.list_under(of, lead)?;
    }
    Ok(())
}

/// Lets a lead stand where another stood, if that was higher: nobody enters a tier by going on as somebody else. What the
/// model remembers of it comes from the log, and takes the place of this.
fn stand_in(change: &mut dyn Change, model: &Model, of: &str, lead: &str) -> Result<(), Error> {
    let Some(held) = change.holding(model.key(), of)? else { return Ok(()) };
    let (Some(row), own) = (&held.score, change.score_of(model.key(), lead)?) else { return Ok(()) };
    let rank = |row: &LeadScore| (row.tier.as_deref() != Some("disqualified"), row.score);
    if own.is_some_and(|own| rank(&own) >= rank(row)) {
        return Ok(());
    }
    let (before, after) = (change.last_tier(model.id(), lead)?, row.tier.as_deref());
    if before.as_deref() != after {
        let (from, at) = (before.as_deref(), row.at);
        change.put_tier_change(&NewTierChange {
            model: model.id(),
            lead,
            at,
            from,
            to: after,
            cause: "history",
        })?;
    }
    let score = Some(LeadScore { lead: lead.to_owned(), ..row.clone() });
    Ok(change.hold(model.key(), lead, Some(Holding { score, ..held }))?)
}

/// What two notes come to; `None` where they are not of one kind.
fn joined(one: &str, other: &str) -> Option<String> {
    let joined = match (serde_json::from_str(one).ok()?, serde_json::from_str(other).ok()?) {
        (Note::HandOff(one), Note::HandOff(other)) => Note::HandOff(one.joined(other)),
        (Note::Rise(one), Note::Rise(other)) => Note::Rise(one.joined(other)),
        (Note::Cooling(one), Note::Cooling(other)) => {
            Note::Cooling(Cooling { told: one.told.max(other.told) })
        }
        _ => return None,
    };
    serde_json::to_string(&joined).ok()
}

impl Readiness {
    /// Armed only if both are; what came last counts.
    fn joined(self, other: Self) -> Self {
        let (armed, waits) = (self.armed && other.armed, self.waits || other.waits);
        let later = if other.last > self.last { other } else { self };
        Self { armed, waits: armed && waits, ..later }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, expect: Option<&str>) {
        assert_eq!(joined(one, other).as_deref(), expect);
        assert_eq!(joined(other, one).as_deref(), expect);
    }

    #[test]
    fn joined_leads_are_armed_only_if_both_were() {
        let (fresh, given) = (r#"{"armed":true}"#, r#"{"armed":false,"last":5}"#);
        check(fresh, fresh, Some(fresh));
        check(fresh, given, Some(given));
        check(r#"{"armed":true,"last":9}"#, given, Some(r#"{"armed":false,"last":9}"#));
    }

    #[test]
    fn what_was_told_of_one_was_told_of_both() {
        check(r#"{"told":5}"#, r#"{"told":9}"#, Some(r#"{"told":9}"#));
        let (low, high) = (r#"{"latest":1,"lows":[],"told":5}"#, r#"{"latest":7,"lows":[[2,3]]}"#);
        check(low, high, Some(r#"{"latest":7,"lows":[[2,3]],"told":5}"#));
        check(r#"{"told":5}"#, r#"{"armed":true}"#, None);
    }
}
