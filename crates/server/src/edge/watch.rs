//! Around each request: its id, a line in the log, and what is counted.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use kelvin_kernel::Instant;

use super::{
    Metrics,
    request_id::{HEADER, RequestId, RequestIds},
};

/// What stands for a path or method that is none of ours: what clients make up is neither counted apart nor logged.
const OTHER: &str = "other";

/// Paths that machines ask for all the time.
const ROUTINE: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

struct Watch {
    metrics: Arc<Metrics>,
    ids: RequestIds,
}

/// A request that was answered, in words that cannot be a client's.
struct Answered {
    id: RequestId,
    method: &'static str,
    path: String,
    status: StatusCode,
    took: Duration,
}

/// Watches all routes, from `now` on.
pub(crate) fn watch(metrics: Arc<Metrics>, now: Instant, routes: Router) -> Router {
    let watch = Arc::new(Watch { metrics, ids: RequestIds::new(now) });
    routes.layer(from_fn_with_state(watch, watch_one))
}

async fn watch_one(
    State(watch): State<Arc<Watch>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let began = watch.metrics.elapsed();
    let id = watch.ids.of(request.headers());
    // As the route is written: what stands for `{id}` is personal data.
    let path = matched.as_ref().map_or(OTHER, MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let mut response = id.clone().during(next.run(request)).await;
    response.headers_mut().extend(id.header().map(|id| (HEADER, id)));
    let status = response.status();
    let took = watch.metrics.answered(&path, method, status.as_str(), began);
    Answered { id, method, path, status, took }.log();
    response
}

impl Answered {
    fn log(&self) {
        let Self { id, method, path, status, took } = self;
        let (status, duration_ms) = (status.as_u16(), took.as_micros() as f64 / 1000.0);
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(request_id = %id, method, path, status, duration_ms, "request")
            };
        }
        match status {
            _ if ROUTINE.contains(&path.as_str()) => line!(debug),
            500.. => line!(warn),
            _ => line!(info),
        }
    }
}

/// A method's name; clients may make up others.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "OPTIONS", "HEAD", "PUT", "PATCH", "DELETE"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or(OTHER)
}
