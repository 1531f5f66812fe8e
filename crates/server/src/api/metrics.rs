//! `GET /metrics`: what operators watch.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use kelvin_kernel::Instant;
use kelvin_store::{MessageState, View};

use super::{Answer, App, Problem};
use crate::{
    Error,
    edge::{Reading, Waiting},
    models::Progress,
};

/// Scores that are due are counted up to here: more are as bad, and take long to count.
const MOST_DUE: usize = 10_000;

/// Messages are counted up to here.
const MOST_MESSAGES: usize = 1000;

/// As text, in version 0.0.4 of Prometheus's format.
pub(crate) async fn scrape(State(app): State<Arc<App>>) -> Answer<Response> {
    let (waiting_requests, waiting_bytes) = app.inbox.backlog();
    let measured = Arc::clone(&app)
        .look(|app, view| {
            let overdue = view.due(app.now(), MOST_DUE)?.len() as u64;
            Ok((overdue, view.size_bytes()?, waiting(view, app.now())?))
        })
        .await
        // What the store cannot tell must not hide the rest.
        .ok();
    let reading = Reading {
        waiting_requests,
        waiting_bytes,
        overdue: measured.map(|(overdue, ..)| overdue),
        store_bytes: measured.map(|(_, bytes, _)| bytes),
        outbox: measured.map(|(.., outbox)| outbox),
        rescoring: rescoring(&app),
    };
    let text = app.metrics.text(reading).map_err(|_| Problem::failed())?;
    Ok(([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response())
}

/// What the outbox holds that was not delivered.
fn waiting(view: &dyn View, now: Instant) -> Result<Waiting, Error> {
    let pending = view.messages(MessageState::Pending, None, MOST_MESSAGES)?;
    let dead = view.messages(MessageState::Dead, None, MOST_MESSAGES)?;
    let oldest = pending.iter().map(|message| message.at).min();
    let waited_ms = oldest.map_or(0, |oldest| now.millis_since(oldest));
    Ok(Waiting {
        pending: pending.len() as u64,
        dead: dead.len() as u64,
        oldest_seconds: u64::try_from(waited_ms / 1000).unwrap_or(0),
    })
}

/// How far the version of a model is that is being made ready, one at a time.
fn rescoring(app: &App) -> Option<Progress> {
    app.shelf.all().iter().find_map(|model| Some(model.incoming()?.progress()))
}
