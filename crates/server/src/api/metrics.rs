//! `GET /metrics`: what operators watch.

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::{Answer, App, Problem};
use crate::edge::Reading;

/// Scores that are due are counted up to here: more are as bad, and take long to count.
const MOST_DUE: usize = 10_000;

/// As text, in version 0.0.4 of Prometheus's format.
pub(crate) async fn scrape(State(app): State<Arc<App>>) -> Answer<Response> {
    let (waiting_requests, waiting_bytes) = app.inbox.backlog();
    let measured = Arc::clone(&app)
        .look(|app, view| Ok((view.due(app.now(), MOST_DUE)?.len() as u64, view.size_bytes()?)))
        .await
        // What the store cannot tell must not hide the rest.
        .ok();
    let reading = Reading {
        waiting_requests,
        waiting_bytes,
        overdue: measured.map(|(overdue, _)| overdue),
        store_bytes: measured.map(|(_, bytes)| bytes),
    };
    let text = app.metrics.text(reading).map_err(|_| Problem::failed())?;
    Ok(([(header::CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response())
}
