//! What is asked of models in service: a version is to serve, an earlier one again, none any more.

use kelvin_kernel::Instant;
use kelvin_store::{Change, NewSwitch, NewVersion, Switch, View};

use super::{key, load::changes};
use crate::{Error, Model};

/// Who asks, and why.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub(crate) author: String,
    pub(crate) note: String,
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) model: String,
    pub(crate) version: u64,
    /// Whether it serves already.
    pub(crate) is_serving: bool,
    /// What it changes in the meaning of the one that serves, as JSON.
    pub(crate) changes: String,
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Declined {
    /// Another version of the model is being made ready.
    UnderWay { version: u64 },
    /// There is no such model.
    NoModel,
    /// There is no such version.
    NoVersion,
    /// No version served before the one that does.
    NoEarlier,
}

/// What comes of asking.
pub(crate) type Reply<T> = Result<Result<T, Declined>, Error>;

/// Keeps a text as a new version that is to serve, unless it is the one that serves.
pub(crate) fn publish(change: &mut dyn Change, model: &Model, by: &Asking, now: Instant) -> Reply<Asked> {
    let id = model.id();
    if let Some(pending) = pending(change, id)? {
        return Ok(Err(Declined::UnderWay { version: pending.version }));
    }
    let serving = serving(change, id)?;
    let before = match &serving {
        Some(switch) => change.version(id, switch.version)?.map(|version| version.text),
        None => None,
    };
    if let (Some(switch), Some(before)) = (&serving, &before)
        && before == model.text()
    {
        return Ok(Ok(asked(switch, true, "[]")));
    }
    let changes = changes(before.as_deref(), model.text());
    let Asking { author, note } = by;
    let version = NewVersion { model: id, text: model.text(), author, note, at: now, changes: &changes };
    let version = change.put_version(&version)?;
    change.ask_switch(&NewSwitch { model: id, version, author, note, asked: now })?;
    Ok(Ok(Asked { model: id.to_owned(), version, is_serving: false, changes }))
}

/// Has a version serve again: the one that served before the one that does, unless another is named.
pub(crate) fn roll_back(
    change: &mut dyn Change,
    (id, to): (&str, Option<u64>),
    by: &Asking,
    now: Instant,
) -> Reply<Asked> {
    if let Some(pending) = pending(change, id)? {
        return Ok(Err(Declined::UnderWay { version: pending.version }));
    }
    let Some(serving) = serving(change, id)? else { return Ok(Err(Declined::NoModel)) };
    let to = match to {
        Some(to) => to,
        None => match before(change, &serving)? {
            Some(before) => before,
            None => return Ok(Err(Declined::NoEarlier)),
        },
    };
    if to == serving.version {
        return Ok(Ok(asked(&serving, true, "[]")));
    }
    let Some(version) = change.version(id, to)? else { return Ok(Err(Declined::NoVersion)) };
    let text = change.version(id, serving.version)?.map(|version| version.text);
    let changes = changes(text.as_deref(), &version.text);
    let Asking { author, note } = by;
    change.ask_switch(&NewSwitch { model: id, version: to, author, note, asked: now })?;
    Ok(Ok(Asked { model: id.to_owned(), version: to, is_serving: false, changes }))
}

/// Takes a model out of service.
pub(crate) fn withdraw(change: &mut dyn Change, id: &str) -> Reply<()> {
    if let Some(pending) = pending(change, id)? {
        return Ok(Err(Declined::UnderWay { version: pending.version }));
    }
    Ok(if change.withdraw(id)? { Ok(()) } else { Err(Declined::NoModel) })
}

/// Has models scored anew that another version of Kelvin has scored.
pub(crate) fn renew(change: &mut dyn Change, maker: &str, now: Instant) -> Result<(), Error> {
    let kept = change.models()?;
    for switch in change.in_service()? {
        let name = key(&switch);
        let is_own = kept.iter().any(|(kept, by)| *kept == name && by == maker);
        if !is_own && pending(change, &switch.model)?.is_none() {
            let Switch { model, version, .. } = &switch;
            let note = format!("scored anew by Kelvin {maker}");
            let again = NewSwitch { model, version: *version, author: "kelvin", note: &note, asked: now };
            change.ask_switch(&again)?;
        }
    }
    Ok(())
}

/// The switch by which a model serves.
pub(crate) fn serving(view: &dyn View, id: &str) -> Result<Option<Switch>, Error> {
    Ok(view.in_service()?.into_iter().find(|switch| switch.model == id))
}

/// The switch of a model that is asked for.
pub(crate) fn pending(view: &dyn View, id: &str) -> Result<Option<Switch>, Error> {
    Ok(view.pending_switches()?.into_iter().find(|switch| switch.model == id))
}

/// The version that served before a switch.
fn before(view: &dyn View, serving: &Switch) -> Result<Option<u64>, Error> {
    let mut switches = view.switches(&serving.model)?.into_iter();
    let earlier = switches.find(|switch| {
        switch.number < serving.number && switch.failure.is_none() && switch.version != serving.version
    });
    Ok(earlier.map(|switch| switch.version))
}

fn asked(switch: &Switch, is_serving: bool, changes: &str) -> Asked {
    let Switch { model, version, .. } = switch;
    Asked { model: model.clone(), version: *version, is_serving, changes: changes.to_owned() }
}
