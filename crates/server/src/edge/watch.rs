//! Around each request: how it went and how long it took.

use std::sync::Arc;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::Response,
};

use super::Metrics;

/// What stands for a path that is none of ours: what a client makes up is neither counted apart nor logged.
const ELSEWHERE: &str = "other";

/// Watches all routes.
pub(crate) fn watch(metrics: &Arc<Metrics>, routes: Router) -> Router {
    routes.layer(from_fn_with_state(Arc::clone(metrics), watch_one))
}

async fn watch_one(
    State(metrics): State<Arc<Metrics>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let began = metrics.elapsed();
    // As the route is written: what stands for `{id}` is personal data.
    let path = matched.as_ref().map_or(ELSEWHERE, MatchedPath::as_str);
    let method = known(request.method());
    let response = next.run(request).await;
    metrics.answered(path, method, response.status().as_str(), began);
    response
}

/// A method's name; clients may make up others.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        Method::HEAD => "HEAD",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => ELSEWHERE,
    }
}
