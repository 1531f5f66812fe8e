//! A lead goes on under another id, or leads join or part: what is remembered of one holds for the other, too.

use kelvin_store::{Change, Holding, LeadScore, NewTierChange};
use serde::{Deserialize, Serialize};

use super::{
    alert::{Cooling, Rise},
    hand_off::Readiness,
};
use crate::Error;

/// A note of any kind, told by what it has.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Note {
    HandOff(Readiness),
    Rise(Rise),
    Cooling(Cooling),
}

/// Notes that an id of a lead belongs to another lead since now. Twice is as good as once.
pub(crate) fn carry_over(change: &mut dyn Change, (id, from): (&str, &str), to: &str) -> Result<(), Error> {
    for (rule, text) in change.notes_of(from)? {
        let other = change.note(to, &rule)?;
        let joined = other.and_then(|other| joined(&other, &text)).unwrap_or(text);
        change.put_note(to, &rule, &joined)?;
    }
    for (model, _) in change.models()? {
        stand_in(change, &model, from, to)?;
    }
    if id == from {
        // The id by which a lead goes takes the lead along; without it, it is not there any more.
        change.list_under(from, to)?;
    }
    Ok(())
}

/// Lets a lead stand where another stood, if that was higher: nobody enters a tier by going on as somebody else.
fn stand_in(change: &mut dyn Change, model: &str, from: &str, to: &str) -> Result<(), Error> {
    let Some(higher) = change.holding(model, from)? else { return Ok(()) };
    let lower = change.holding(model, to)?;
    let score = |held: &Holding| held.score.as_ref().map(|row| row.score);
    if lower.as_ref().is_some_and(|lower| score(lower) >= score(&higher)) {
        return Ok(());
    }
    let Some(row) = &higher.score else { return Ok(()) };
    // What a version of a model holds is under the model's id and the number of its switch; tiers are the model's.
    let (id, _) = model.split_once('@').unwrap_or((model, ""));
    let before = change.last_tier(id, to)?;
    if before != row.tier {
        let (before, after) = (before.as_deref(), row.tier.as_deref());
        change.put_tier_change(&NewTierChange {
            model: id,
            lead: to,
            at: row.at,
            from: before,
            to: after,
            cause: "history",
        })?;
    }
    let score = Some(LeadScore { lead: to.to_owned(), ..row.clone() });
    Ok(change.hold(model, to, Some(Holding { score, ..higher }))?)
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
