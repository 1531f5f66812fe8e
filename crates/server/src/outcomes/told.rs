//! Outcomes that somebody tells: read, taken in, corrected and taken back.

use kelvin_kernel::Instant;
use kelvin_model::playbook::outcome::{is_currency, is_kind};
use kelvin_store::{Change, Outcome};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{By, Known, line};
use crate::{
    Error,
    access::{Act, Caller, note as audit},
    people,
    segment::LONGEST_KEY,
};

/// The greatest value, so that sums stay exact.
const GREATEST: f64 = 1e12;

/// A reason that is longer is none.
const LONGEST_REASON: usize = 2000;

/// An outcome as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    id: String,
    lead: String,
    kind: String,
    at: String,
    value: Option<f64>,
    currency: Option<String>,
    reason: Option<String>,
    deal: Option<String>,
    source: Option<String>,
}

/// What became of what was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Became {
    /// It is new.
    New,
    /// It took the place of another.
    Changed,
    /// It was there, just so.
    Same,
}

/// The outcome that somebody tells.
///
/// # Errors
/// What is wrong with it, for people.
pub(crate) fn read(told: Json) -> Result<Outcome, String> {
    let told = serde_json::from_value(told).map_err(|cause| cause.to_string())?;
    let Told { id, lead, kind, at, value, currency, reason, deal, source } = told;
    for (key, text) in [("id", &id), ("lead", &lead)] {
        named(key, text)?;
    }
    for (key, text) in [("deal", &deal), ("source", &source)] {
        text.as_deref().map_or(Ok(()), |text| named(key, text))?;
    }
    if !is_kind(&kind) || kind.len() > LONGEST_KEY {
        return Err(format!(
            "`{kind}` is no kind: kinds are `won`, `lost`, `opportunity` or of lower case, digits and `-`"
        ));
    }
    if reason.as_ref().is_some_and(|reason| reason.len() > LONGEST_REASON) {
        return Err(format!("`reason` has more than {LONGEST_REASON} bytes"));
    }
    let value_millionths = match value {
        Some(value) => Some(
            millionths(value)
                .ok_or_else(|| format!("`value` is a number from -{GREATEST:e} to {GREATEST:e}"))?,
        ),
        None => None,
    };
    match &currency {
        Some(code) if !is_currency(code) => {
            return Err(format!("`{code}` is no currency: its code is three capitals, as in `EUR`"));
        }
        Some(_) if value.is_none() => return Err("there is a `currency`, but no `value`".to_owned()),
        _ => {}
    }
    let time = Instant::parse(&at).map_err(|cause| format!("`at` is no instant: {cause}"))?;
    Ok(Outcome { id, lead, kind, time, value_millionths, currency, reason, deal, source })
}

/// Takes in what somebody tells. What is known under its id gives way, and is kept in the audit log.
pub(crate) fn note(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    mut outcome: Outcome,
) -> Result<Became, Error> {
    outcome.lead = people::name_of(change, &outcome.lead)?;
    let before = change.outcome(&outcome.id)?;
    if before.as_ref() == Some(&outcome) {
        return Ok(Became::Same);
    }
    change.put_outcome(&outcome)?;
    let after = in_short(&outcome);
    let act = Act::new("outcome.note", &outcome.lead).after(&after);
    match before.as_ref().map(in_short) {
        Some(before) => audit(change, caller, now, act.before(&before))?,
        None => audit(change, caller, now, act)?,
    }
    Ok(if before.is_some() { Became::Changed } else { Became::New })
}

/// Forgets what was told under an id.
pub(crate) fn forget(
    change: &mut dyn Change,
    caller: &Caller,
    now: Instant,
    id: &str,
) -> Result<Option<Outcome>, Error> {
    let Some(outcome) = change.outcome(id)? else { return Ok(None) };
    change.drop_outcome(id)?;
    audit(change, caller, now, Act::new("outcome.forget", &outcome.lead).before(&in_short(&outcome)))?;
    Ok(Some(outcome))
}

/// A value in millionths, if it is small enough to be exact.
pub(super) fn millionths(value: f64) -> Option<i64> {
    (value.abs() <= GREATEST).then(|| (value * 1e6).round() as i64)
}

/// A text that names something.
fn named(key: &str, text: &str) -> Result<(), String> {
    match text.len() {
        _ if text.trim().is_empty() => Err(format!("`{key}` is empty")),
        1..=LONGEST_KEY => Ok(()),
        long => Err(format!("`{key}` has {long} bytes, at most {LONGEST_KEY} fit")),
    }
}

/// All of it but what is not known.
fn in_short(outcome: &Outcome) -> String {
    let mut told = line(&Known { outcome: outcome.clone(), by: By::Hearsay });
    if let Some(keys) = told.as_object_mut() {
        keys.retain(|_, value| !value.is_null());
    }
    told.to_string()
}
