//! What the service answers over HTTP.

mod accounts;
mod audit;
mod changes;
mod document;
mod erasure;
mod events;
mod experiments;
mod hand_offs;
mod health;
mod intake;
mod invitation;
mod keys;
mod leads;
mod me;
mod metrics;
mod models;
mod once;
mod outbox;
mod outcomes;
mod past;
mod people;
mod problem;
mod query;
mod rejected;
mod render;
mod request;
mod routes;
mod session;
mod simulations;
mod tags;
mod tasks;
mod users;
mod voids;

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    http::{Method, Uri},
    routing::{delete, get, post},
};
use kelvin_kernel::Instant;
use kelvin_store::{Reader, View};
use tokio::sync::Semaphore;

use self::routes::Routes;
pub(crate) use self::{
    changes::Streams,
    events::line as logged,
    hand_offs::hand_off,
    health::alive,
    problem::{Answer, Problem},
    render::{explained, points},
    tasks::task,
};
use crate::{
    Clock, Model,
    access::{self, Access},
    edge::{self, Limits, Metrics, Origins},
    models::{Shelf, Simulations},
    outcomes::Definitions,
    segment::Kind,
    writer::Inbox,
};

/// What all requests share.
pub(crate) struct App {
    /// Closed before the writer, which then is the last to close the store and leaves all in one file.
    pub(crate) readers: Readers,
    /// Ended before the writer, too: they look at the store.
    pub(crate) simulations: Simulations,
    pub(crate) inbox: Inbox,
    pub(crate) streams: Streams,
    pub(crate) shelf: Arc<Shelf>,
    /// By which events tell what became of leads.
    pub(crate) definitions: Definitions,
    pub(crate) clock: Clock,
    pub(crate) access: Access,
    /// Whose pages may send events.
    pub(crate) origins: Arc<Origins>,
    pub(crate) metrics: Arc<Metrics>,
    /// Whether a playbook is carried out.
    pub(crate) acts: bool,
    /// How much events and batches may be.
    pub(crate) limits: Limits,
}

/// Connections that look at the store, lent to one request at a time.
pub(crate) struct Readers {
    free: Mutex<Vec<Reader>>,
    permits: Arc<Semaphore>,
}

/// The routes.
pub(crate) fn routes(app: Arc<App>) -> Router {
    let (metrics, now) = (Arc::clone(&app.metrics), app.now());
    let routes = table(&app.origins).router();
    let routes = routes.fallback(nowhere).method_not_allowed_fallback(otherwise).with_state(Arc::clone(&app));
    let routes = once::guard(&app, tags::spare(routes));
    edge::watch(metrics, now, access::guard(&app, routes))
}

/// All routes. What each takes and answers stands in [`mod@crate::openapi`].
pub(crate) fn table(origins: &Arc<Origins>) -> Routes {
    Routes::default()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/kelvin.js", get(edge::script))
        .route("/metrics", get(metrics::scrape))
        .merge(governing())
        .route("/api/v1/leads", get(leads::list))
        .route("/api/v1/leads/{id}", get(leads::one).delete(erasure::erase))
        .route("/api/v1/leads/{id}/timeline", get(past::timeline))
        .route("/api/v1/leads/{id}/curve", get(past::curve))
        .route("/api/v1/leads/{id}/history", get(past::history))
        .route("/api/v1/leads/{id}/outcomes", get(outcomes::of_lead))
        .route("/api/v1/leads/{id}/merge", post(people::merge))
        .route("/api/v1/leads/{id}/split", post(people::split))
        .route("/api/v1/accounts", get(accounts::list))
        .route("/api/v1/accounts/{id}", get(accounts::one))
        .route("/api/v1/events", get(events::list))
        .route("/api/v1/changes", get(changes::listen))
        .route("/api/v1/hand-offs", get(hand_offs::hand_offs))
        .route("/api/v1/alerts", get(hand_offs::alerts))
        .route("/api/v1/tasks", get(tasks::list))
        .route("/api/v1/tasks/{id}", get(tasks::one).post(tasks::move_on))
        .route("/api/v1/models", get(models::list).post(models::publish))
        .route("/api/v1/models/{id}", get(models::one).delete(models::withdraw))
        .route("/api/v1/models/{id}/versions/{number}", get(models::text))
        .route("/api/v1/models/{id}/rollback", post(models::roll_back))
        .route("/api/v1/simulations", post(simulations::start))
        .route("/api/v1/simulations/{number}", get(simulations::one))
        .route("/api/v1/simulations/{number}/leads", get(simulations::leads))
        .route("/api/v1/experiments", get(experiments::list))
        .route("/api/v1/experiments/{id}", get(experiments::one))
        .route("/api/v1/outcomes", get(outcomes::list).post(outcomes::note))
        .route("/api/v1/outcomes/{id}", delete(outcomes::forget))
        .route("/api/v1/rejected", get(rejected::list))
        .route("/api/v1/outbox", get(outbox::list))
        .route("/api/v1/outbox/{id}/replay", post(outbox::replay))
        .route("/api/v1/voids", get(voids::list).post(voids::make))
        .route("/api/v1/voids/{void}", get(voids::one))
        .route("/api/v1/voids/{void}/lift", post(voids::lift))
        .route("/api/v1/openapi.json", get(document::show))
        .merge(intake().within(|routes| edge::open_to(origins, routes)))
}

/// The routes by which events come in.
fn intake() -> Routes {
    let mut routes = Routes::default().route("/v1/projects/{key}/settings", get(edge::settings));
    for kind in Kind::ALL {
        // SDKs know each call by its first letter too.
        for path in [kind.name(), &kind.name()[..1]] {
            let call = move |app, headers, body| intake::one(kind, app, headers, body);
            routes = routes.route(&format!("/v1/{path}"), post(call));
        }
    }
    for path in ["/v1/batch", "/v1/b"] {
        routes = routes.route(path, post(intake::batch));
    }
    // Set before any layer: a browser's question comes by a method that no route takes.
    routes.within(|routes| routes.method_not_allowed_fallback(otherwise))
}

/// The routes by which it is ruled who may do what.
fn governing() -> Routes {
    Routes::default()
        .route("/api/v1/leads/{id}/export", get(erasure::export))
        .route("/api/v1/keys", get(keys::list).post(keys::make))
        .route("/api/v1/keys/{id}", delete(keys::withdraw))
        .route("/api/v1/audit", get(audit::list))
        .route("/api/v1/me", get(me::me))
        .route("/api/v1/session", post(session::begin).delete(session::end))
        .route("/api/v1/users", get(users::list))
        .route("/api/v1/users/{id}", get(users::one).patch(users::alter))
        .route("/api/v1/invitations", post(users::invite))
        .route("/api/v1/invitations/{token}", get(invitation::show).post(invitation::accept))
}

async fn nowhere(uri: Uri) -> Problem {
    Problem::not_found("no-such-path", format!("there is nothing at `{}`", uri.path()))
}

async fn otherwise(method: Method, uri: Uri) -> Problem {
    Problem::method_not_allowed(format!("`{}` does not take {method}", uri.path()))
}

impl Readers {
    pub(crate) fn new(readers: Vec<Reader>) -> Self {
        Self { permits: Arc::new(Semaphore::new(readers.len())), free: Mutex::new(readers) }
    }

    /// Lends a reader that is free.
    fn lend<T>(&self, look: impl FnOnce(&mut Reader) -> Answer<T>) -> Answer<T> {
        let free = || self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = free().pop().ok_or_else(Problem::failed)?;
        let seen = look(&mut reader);
        free().push(reader);
        seen
    }
}

impl App {
    /// The present.
    pub(crate) fn now(&self) -> Instant {
        (self.clock)()
    }

    /// A problem while scores are being made again: what is there is not all.
    fn check_ready(&self) -> Answer<()> {
        if self.inbox.is_ready() { Ok(()) } else { Err(Problem::not_ready()) }
    }

    /// Looks at one state of the store, on a thread that may wait for the disk.
    pub(crate) async fn look<T: Send + 'static>(
        self: Arc<Self>,
        look: impl FnOnce(&Self, &dyn View) -> Answer<T> + Send + 'static,
    ) -> Answer<T> {
        let permit = Arc::clone(&self.readers.permits).acquire_owned().await;
        let permit = permit.map_err(|_| Problem::failed())?;
        let looked = tokio::task::spawn_blocking(move || {
            // Held until the reader is back, also when the client has gone meanwhile.
            let _permit = permit;
            self.readers.lend(|reader| reader.look(|view| look(&self, view)))
        });
        looked.await.unwrap_or_else(|_| Err(Problem::failed()))
    }

    /// The model of a name; the only one that serves where none is named.
    fn model(&self, view: &dyn View, name: Option<&str>) -> Answer<Model> {
        let mut serving = self.shelf.serving(view)?;
        if let Some(name) = name {
            let found = serving.into_iter().find(|model| model.id() == name);
            return found.ok_or_else(|| self::models::not_serving(view, name));
        }
        match (serving.pop(), serving.as_slice()) {
            (Some(only), []) => Ok(only),
            (None, _) if view.pending_switches()?.is_empty() => Err(self::models::none()),
            (None, _) => Err(Problem::not_ready()),
            _ => Err(Problem::bad("model-required", "several models are served: `model` tells which")),
        }
    }
}
