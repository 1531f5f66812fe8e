//! `/api/v1/models`: what serves, what is to serve, and every version that ever did.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use kelvin_kernel::Instant;
use kelvin_store::{Change, Switch, Version, View};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    query::Named,
    render::{instant, json_response},
    request,
    tags::IfMatch,
};
use crate::{
    Error, Model,
    access::{self, Act, Caller},
    models::{Asked, Asking, Declined, ask, key, sound},
};

/// What is published.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewModel {
    text: String,
    /// The name of the file, for what is told of it.
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    author: String,
}

/// Which version is to serve again.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Back {
    to: Option<u64>,
    note: String,
    author: String,
}

/// What is done to models in service.
type Ask = Box<dyn FnOnce(&mut dyn Change, Instant) -> Result<Result<Asked, Declined>, Error> + Send>;

/// `GET /api/v1/models`: the models that serve or are to serve.
pub(crate) async fn list(State(app): State<Arc<App>>) -> Answer<Response> {
    app.look(|app, view| {
        let (serving, pending) = (view.in_service()?, view.pending_switches()?);
        let mut ids: Vec<&str> = serving.iter().chain(&pending).map(|switch| &*switch.model).collect();
        ids.sort_unstable();
        ids.dedup();
        let models: Vec<_> = ids.into_iter().map(|id| summary(app, id, (&serving, &pending))).collect();
        Ok(json_response(&json!({ "models": models })))
    })
    .await
}

/// `GET /api/v1/models/{id}`: a model with its versions and when each came to serve.
pub(crate) async fn one(State(app): State<Arc<App>>, Named(id): Named<String>) -> Answer<Response> {
    app.look(move |app, view| {
        let told = whole(app, view, &id)?.ok_or_else(|| unknown(&id))?;
        Ok(json_response(&told))
    })
    .await
}

/// A model with its versions, if there ever was one.
fn whole(app: &App, view: &dyn View, id: &str) -> Result<Option<Json>, Error> {
    let (serving, pending) = (view.in_service()?, view.pending_switches()?);
    let versions = view.versions(id)?;
    if versions.is_empty() {
        return Ok(None);
    }
    let mut told = summary(app, id, (&serving, &pending));
    told["versions"] = versions.iter().map(version).collect();
    told["switches"] = view.switches(id)?.iter().map(switch).collect();
    Ok(Some(told))
}

/// `GET /api/v1/models/{id}/versions/{number}`: the text of a version.
pub(crate) async fn text(
    State(app): State<Arc<App>>,
    Named((id, number)): Named<(String, u64)>,
) -> Answer<Response> {
    app.look(move |_, view| {
        let version = view.version(&id, number)?.ok_or_else(|| no_version(&id, number))?;
        Ok(([(header::CONTENT_TYPE, "application/yaml")], version.text).into_response())
    })
    .await
}

/// `POST /api/v1/models`: a text is to serve as a new version.
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    caller: Caller,
    seen: IfMatch,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let NewModel { text, name, note, author } = read(&headers, body).await?;
    let model = checked(name.as_deref().unwrap_or("model.yaml"), &text)?;
    let by = Asking { author: author_of(&caller, author), note };
    let id = model.id().to_owned();
    let ask: Ask = Box::new(move |change, now| ask::publish(change, &model, &by, now));
    carry_out(&app, (caller, "model.publish"), (id, seen), ask).await
}

/// `POST /api/v1/models/{id}/rollback`: an earlier version is to serve again.
pub(crate) async fn roll_back(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named<String>,
    seen: IfMatch,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let Back { to, note, author } = read(&headers, body).await?;
    let by = Asking { author: author_of(&caller, author), note };
    let asked = id.clone();
    let ask: Ask = Box::new(move |change, now| ask::roll_back(change, (&asked, to), &by, now));
    carry_out(&app, (caller, "model.rollback"), (id, seen), ask).await
}

/// `DELETE /api/v1/models/{id}`: the model serves no more. Its versions stay.
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named<String>,
    seen: IfMatch,
) -> Answer<Response> {
    app.check_ready()?;
    let known = Arc::clone(&app);
    let done = app.inbox.ask_of_models(move |change, now| {
        if let Err(changed) = seen.check_some(|| whole(&known, change, &id))? {
            return Ok(Err(changed));
        }
        let done = ask::withdraw(change, &id)?;
        if done.is_ok() {
            access::note(change, &caller, now, Act::new("model.withdraw", &format!("model {id}")))?;
        }
        Ok(done.map_err(|declined| problem(&id, &declined)))
    });
    done.await??;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The model of a text; what is wrong with it, as `kelvin check` tells it.
pub(super) fn checked(name: &str, text: &str) -> Answer<Model> {
    sound(name, text).map_err(|loaded| {
        let errors = loaded.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        let told: Vec<_> =
            errors.map(|error| kelvin_model::diagnostics::to_json(error, &loaded.name)).collect();
        let detail = format!("`{}` cannot be used: {} wrong", loaded.name, told.len());
        Problem::bad("bad-model", detail).with("diagnostics", told)
    })
}

/// Reads a request that is an object; an empty one is one without keys.
pub(super) async fn read<T: serde::de::DeserializeOwned>(headers: &HeaderMap, body: Body) -> Answer<T> {
    let bytes = request::bytes_of_model(headers, body).await?;
    let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    serde_json::from_slice(text).map_err(|cause| Problem::bad("bad-request", cause.to_string()))
}

/// Who it was: on a machine where nobody is asked, whoever they say they are.
fn author_of(caller: &Caller, said: String) -> String {
    match caller {
        Caller::Machine if !said.is_empty() => said,
        _ => caller.name(),
    }
}

/// Does what was asked for of a model as the client saw it, and notes who did.
async fn carry_out(
    app: &Arc<App>,
    (caller, what): (Caller, &'static str),
    (id, seen): (String, IfMatch),
    ask: Ask,
) -> Answer<Response> {
    app.check_ready()?;
    let known = Arc::clone(app);
    let done = app.inbox.ask_of_models(move |change, now| {
        if let Err(changed) = seen.check_some(|| whole(&known, change, &id))? {
            return Ok(Err(changed));
        }
        let done = ask(change, now)?;
        if let Ok(Asked { model, version, is_serving: false, .. }) = &done {
            let (subject, version) = (format!("model {model}"), format!("version {version}"));
            access::note(change, &caller, now, Act::new(what, &subject).after(&version))?;
        }
        Ok(done.map_err(|declined| problem(&id, &declined)))
    });
    let asked = done.await??;
    let status = if asked.is_serving { StatusCode::OK } else { StatusCode::ACCEPTED };
    let told = json!({
        "model": asked.model,
        "version": asked.version,
        "status": if asked.is_serving { "serving" } else { "scoring" },
        "changes": changes(&asked.changes),
    });
    let mut response = json_response(&told);
    *response.status_mut() = status;
    Ok(response)
}

/// A model as it stands: the version that serves, and the one that is to.
fn summary(app: &App, id: &str, (serving, pending): (&[Switch], &[Switch])) -> Json {
    let of_model = |switches: &[Switch]| switches.iter().find(|switch| switch.model == id).cloned();
    let (serving, coming) = (of_model(serving), of_model(pending));
    json!({
        "model": id,
        "serving": serving.as_ref().map(switch),
        "coming": coming.as_ref().map(switch),
        "progress": coming.and_then(|coming| progress(app, &coming)),
        "settled": serving.is_none_or(|serving| is_settled(app, &serving)),
    })
}

/// Whether all is done that follows from the last switch: hand-offs, alerts, changes of tier.
fn is_settled(app: &App, serving: &Switch) -> bool {
    let name = key(serving);
    // Just after a switch, what is loaded is still as it was before.
    let is_done = |model: &Model| model.incoming().is_none() && model.before().is_none();
    app.shelf.all().iter().any(|model| model.key() == name && is_done(model))
}

/// How far the scores of a version are, once they are being made.
fn progress(app: &App, coming: &Switch) -> Option<Json> {
    let name = key(coming);
    let models = app.shelf.all();
    let progress = models.iter().find(|model| model.key() == name)?.incoming()?.progress();
    Some(json!({"done": progress.done, "all": progress.all}))
}

fn switch(switch: &Switch) -> Json {
    json!({
        "version": switch.version,
        "author": switch.author,
        "note": switch.note,
        "asked_at": switch.asked.to_string(),
        "ended_at": instant(switch.ended),
        "failure": switch.failure,
    })
}

fn version(version: &Version) -> Json {
    json!({
        "version": version.number,
        "author": version.author,
        "note": version.note,
        "at": version.at.to_string(),
        "changes": changes(&version.changes),
    })
}

/// What is kept as JSON.
fn changes(kept: &str) -> Json {
    serde_json::from_str(kept).unwrap_or_default()
}

/// Why a model does not serve.
pub(super) fn not_serving(view: &dyn View, name: &str) -> Problem {
    let is_named = |switch: &Switch| switch.model == name;
    let is_coming = view.pending_switches().is_ok_and(|pending| pending.iter().any(is_named));
    if is_coming { Problem::not_ready() } else { unknown(name) }
}

/// There is no model at all.
pub(super) fn none() -> Problem {
    Problem::not_found("no-model", "no model is in service: publish one")
}

fn unknown(name: &str) -> Problem {
    Problem::not_found("unknown-model", format!("no model is called `{name}`"))
}

fn no_version(name: &str, number: u64) -> Problem {
    Problem::not_found("unknown-version", format!("`{name}` has no version {number}"))
}

fn problem(id: &str, declined: &Declined) -> Problem {
    match declined {
        Declined::UnderWay { version } => {
            let detail = format!("version {version} of `{id}` is being made ready: ask again when it serves");
            Problem::conflict("under-way", detail)
        }
        Declined::NoModel => unknown(id),
        Declined::NoVersion => Problem::not_found("unknown-version", format!("`{id}` has no such version")),
        Declined::NoEarlier => {
            Problem::conflict("no-earlier-version", format!("no other version of `{id}` served before"))
        }
    }
}
