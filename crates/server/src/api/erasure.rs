//! `DELETE /api/v1/leads/{id}` and `GET …/export`: a person removed, and all that is known of one.

use std::sync::Arc;

use axum::{
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use serde_json::json;

use super::{
    App, people,
    problem::{Answer, Problem},
    render::json_response,
};
use crate::{
    access::{Act, Caller, note},
    erasure,
};

type Named = Result<Path<String>, PathRejection>;

/// `DELETE /api/v1/leads/{id}`: removes a person. It is done to its end even if the client goes.
pub(crate) async fn erase(State(app): State<Arc<App>>, caller: Caller, lead: Named) -> Answer<Response> {
    let id = people::named(lead)?;
    app.check_ready()?;
    let erasing = tokio::spawn(async move {
        let erased = app.inbox.ask(move |change, now, upset| -> Answer<_> {
            erasure::erase(change, &caller, now, &id, &mut upset.ids)?.ok_or_else(|| unknown(&id))
        });
        let erased = erased.await?;
        let is_scrubbed = app.inbox.scrub().await?;
        Ok(json_response(&json!({
            "events": erased.removed.events,
            "rows": erased.removed.rows,
            "proof": erased.proof,
            "receipt": erased.receipt,
            "scrubbed": is_scrubbed,
        })))
    });
    erasing.await.unwrap_or_else(|_| Err(Problem::failed()))
}

/// `GET /api/v1/leads/{id}/export`: all that is known of a person. That somebody asked for it is noted.
pub(crate) async fn export(State(app): State<Arc<App>>, caller: Caller, lead: Named) -> Answer<Response> {
    let id = people::named(lead)?;
    app.check_ready()?;
    let asked = id.clone();
    let told = Arc::clone(&app)
        .look(move |app, view| erasure::export(view, &asked, app.now())?.ok_or_else(|| unknown(&asked)));
    let told = told.await?;
    let noted = app.inbox.ask(move |change, now, _| -> Answer<()> {
        Ok(note(change, &caller, now, Act::new("lead.export", &id))?)
    });
    noted.await?;
    Ok(json_response(&told))
}

fn unknown(id: &str) -> Problem {
    Problem::not_found("unknown-lead", format!("nothing is known of `{id}`"))
}
