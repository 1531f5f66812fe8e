//! `/api/v1/tasks`: what is to be done about leads that were handed off, and moving it on.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, header},
    response::Response,
};
use kelvin_store::{Milestone, Task, TaskFilter, TaskState};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    query::{self, Asked, Named},
    render::{instant, json_response},
    request,
    tags::IfMatch,
};
use crate::{
    access::{Act, Caller, note},
    playbook::{Illegal, Move, move_task},
};

/// Tasks on one page at most.
const MOST: usize = 1000;

/// Which tasks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    owner: Option<String>,
    state: Option<String>,
    lead: Option<String>,
    limit: Option<usize>,
    after: Option<u64>,
}

/// Where a task is to go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct To {
    state: String,
    reason: Option<String>,
}

/// `GET /api/v1/tasks`: the latest first, page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(list): Asked<List>) -> Answer<Response> {
    app.look(move |_, view| {
        let limit = query::limit(list.limit, MOST)?;
        let state = list.state.as_deref().map(state).transpose()?;
        let filter = TaskFilter { owner: list.owner, state, lead: list.lead };
        let tasks = view.tasks(&filter, list.after, limit)?;
        let next = tasks.last().filter(|_| tasks.len() == limit).map(|last| last.id);
        let tasks: Vec<_> = tasks.iter().map(task).collect();
        Ok(json_response(&json!({"tasks": tasks, "next": next})))
    })
    .await
}

/// `GET /api/v1/tasks/{id}`: one of them.
pub(crate) async fn one(State(app): State<Arc<App>>, Named(id): Named<u64>) -> Answer<Response> {
    app.look(move |_, view| {
        let known = view.task(id)?.ok_or_else(|| unknown(id))?;
        Ok(json_response(&task(&known)))
    })
    .await
}

/// `POST /api/v1/tasks/{id}`: moves a task on. Doing it again changes nothing.
pub(crate) async fn move_on(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named<u64>,
    seen: IfMatch,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    check_is_json(&headers)?;
    let bytes = request::bytes(&headers, body).await?;
    let asked: To =
        serde_json::from_slice(&bytes).map_err(|cause| Problem::bad("bad-json", cause.to_string()))?;
    let to = Move { to: state(&asked.state)?, reason: asked.reason };
    app.check_ready()?;
    let name = to.to.name();
    let work = move |change: &mut dyn kelvin_store::Change, office: &crate::writer::Office<'_>| {
        let known = change.task(id)?;
        if let Some(Err(changed)) = known.map(|known| seen.check(&task(&known))) {
            return Ok(Err(changed));
        }
        let moved = move_task(change, (office.playbook, office.models), (id, &to), office.now)?;
        if let Some(Ok(_)) = moved {
            let subject = format!("task {id}");
            note(change, &caller, office.now, Act::new("task.move", &subject).after(to.to.name()))?;
        }
        Ok(Ok(moved))
    };
    match app.inbox.run(work).await?? {
        None => Err(unknown(id)),
        Some(Ok(moved)) => Ok(json_response(&task(&moved))),
        Some(Err(Illegal::NoReason)) => Err(Problem::bad(
            "reason-required",
            "a task is rejected for a `reason`: `{\"state\": \"rejected\", \"reason\": \"no budget\"}`",
        )),
        Some(Err(Illegal::Back { from })) => Err(Problem::conflict(
            "illegal-move",
            format!("the task is `{}` and cannot become `{name}`", from.name()),
        )),
    }
}

fn unknown(id: u64) -> Problem {
    Problem::not_found("unknown-task", format!("there is no task `{id}`"))
}

/// Pages of other sites can send text unasked, but not JSON.
fn check_is_json(headers: &HeaderMap) -> Answer<()> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Problem::no_json()) }
}

/// A task as JSON.
pub(crate) fn task(task: &Task) -> Json {
    let mut told = json!({
        "id": task.id,
        "hand_off": task.hand_off,
        "model": task.model,
        "lead_id": task.lead,
        "owner": task.owner,
        "title": task.title,
        "state": task.state.name(),
        "reason": task.reason,
        "opened_at": task.opened.to_string(),
    });
    let milestones = [
        (&task.accept, ["accept_due", "accepted_at", "accept_breached_at"]),
        (&task.contact, ["contact_due", "contacted_at", "contact_breached_at"]),
        (&task.close, ["due", "closed_at", "breached_at"]),
    ];
    for (Milestone { due, reached, breached }, [due_key, reached_key, breached_key]) in milestones {
        told[due_key] = instant(*due);
        told[reached_key] = instant(*reached);
        told[breached_key] = instant(*breached);
    }
    told
}

fn state(name: &str) -> Answer<TaskState> {
    let names = TaskState::ALL.map(TaskState::name).join("`, `");
    let unknown =
        || Problem::bad("unknown-state", format!("`{name}` is no state of a task: one of `{names}`"));
    TaskState::named(name).ok_or_else(unknown)
}
