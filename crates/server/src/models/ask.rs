//! What is asked of models in service: a version is to serve, an earlier one again, none any more.

use kelvin_kernel::Instant;
use kelvin_store::{Change, NewSwitch, NewVersion, Switch, Version, View};

use super::{key, load::changes};
use crate::{Error, Model};

/// Who publishes what stands on the command line.
const OPERATOR: &str = "operator";

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

/// What a file that stands on the command line comes to at a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Offered {
    /// It is new, or has changed, and is published.
    Published(Asked),
    /// It is what serves, or what it was when it was published last.
    Known,
    /// It is what it was at an earlier start, and something else was asked for since.
    Overruled,
}

/// Publishes the file of a start if it is another text than that of the last start: what was published, rolled back or withdrawn
/// since then stays as it is.
pub(crate) fn offer(change: &mut dyn Change, model: &Model, now: Instant) -> Reply<Offered> {
    let id = model.id();
    if let Some(pending) = pending(change, id)? {
        return Ok(Err(Declined::UnderWay { version: pending.version }));
    }
    let last = last_offered(change, id)?;
    let has_changed = last.as_ref().is_none_or(|last| last.text != model.text());
    let serves = match serving(change, id)? {
        Some(switch) => {
            change.version(id, switch.version)?.is_some_and(|version| version.text == model.text())
        }
        None => false,
    };
    match (has_changed, serves) {
        (false, true) => return Ok(Ok(Offered::Known)),
        (false, false) if !has_failed(change, id, last.map(|last| last.number))? => {
            return Ok(Ok(Offered::Overruled));
        }
        _ => {}
    }
    let by = Asking { author: OPERATOR.to_owned(), note: at_start(model.file().unwrap_or(id)) };
    if serves {
        // Noted as what the file is from now on: it came to serve in another way.
        let Asking { author, note } = &by;
        change.put_version(&NewVersion {
            model: id,
            text: model.text(),
            author,
            note,
            at: now,
            changes: "[]",
        })?;
        return Ok(Ok(Offered::Known));
    }
    Ok(publish(change, model, &by, now)?.map(Offered::Published))
}

/// The latest version that came from a file at a start.
fn last_offered(view: &dyn View, id: &str) -> Result<Option<Version>, Error> {
    Ok(view.versions(id)?.into_iter().find(is_from_start))
}

fn is_from_start(version: &Version) -> bool {
    let note = &version.note;
    version.author == OPERATOR && note.starts_with("from `") && note.ends_with("` at start")
}

/// Why a version is there that stood on the command line.
fn at_start(file: &str) -> String {
    format!("from `{file}` at start")
}

/// Whether a version could not serve when that was asked for last.
fn has_failed(view: &dyn View, id: &str, version: Option<u64>) -> Result<bool, Error> {
    let last = view.switches(id)?.into_iter().find(|switch| Some(switch.version) == version);
    Ok(last.is_some_and(|switch| switch.failure.is_some()))
}

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
