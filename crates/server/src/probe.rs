//! What the network can reach, as functions of bytes: for fuzzing, and for nothing else.

use axum::{
    body::{Body, to_bytes},
    http::{Request, header},
};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use kelvin_kernel::Instant;
use kelvin_store::Event;
use tokio::runtime::{Builder, Runtime};

use crate::{
    Config, Error, Server, people,
    segment::{Call, Kind, LONGEST_KEY, Sending, Written, parse},
    writer::each_attribute,
};

/// A service without a socket.
pub struct Probe {
    runtime: Runtime,
    server: Server,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// What the body is.
    pub kind: String,
    /// The body; nothing of one that never ends.
    pub body: String,
}

impl Probe {
    /// Opens a service, and waits until it is ready.
    ///
    /// # Errors
    /// The store or the address cannot be used.
    pub fn open(config: Config) -> Result<Self, Error> {
        let server = Server::open(config)?;
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::Serve)?;
        let probe = Self { runtime, server };
        while probe.answer("GET", "/readyz", &[], &[]).is_some_and(|answer| answer.status != 200) {
            std::thread::yield_now();
        }
        Ok(probe)
    }

    /// What is answered to a request; `None` where HTTP has no such request.
    pub fn answer(
        &self,
        method: &str,
        target: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Answered> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in [("host", "localhost")].iter().chain(fields) {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_vec())).ok()?;
        let routes = TowerToHyperService::new(self.server.routes());
        let Ok(response) = self.runtime.block_on(routes.call(request));
        let (parts, body) = response.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let kind = kind.unwrap_or_default().to_owned();
        let body = if kind.starts_with("text/event-stream") { Body::empty() } else { body };
        let body = self.runtime.block_on(to_bytes(body, usize::MAX)).ok()?;
        Some(Answered {
            status: parts.status.as_u16(),
            kind,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// Reads a body as the intake does: as one call of each kind, and as a batch. What is taken must read as the same when it is read from
/// the log.
pub fn take_in(body: &[u8]) {
    let Ok(body) = parse(body) else { return };
    let root = body.root();
    for kind in Kind::ALL {
        check(root.own(None), Some(kind));
    }
    let context = root.get("context").filter(|context| context.is_object());
    if let Some(events) = root.get("batch").filter(|events| events.is_list()) {
        events.items().for_each(|event| check(event.own(context), None));
    }
}

fn check(body: Written, kind: Option<Kind>) {
    let sending =
        Sending { received: Instant::from_millis(1_767_225_600_000), sent: None, event_bytes: 32 << 10 };
    assert_eq!(serde_json::from_str::<serde_json::Value>(body.text()).ok(), Some(body.root().json()));
    let Ok(call) = Call::read(body, kind, sending) else { return };
    let kept = call.for_log(sending.received);
    let event = Event {
        seq: 1,
        id: kept.id.map(str::to_owned),
        lead: kept.profile.to_owned(),
        profile: kept.profile.to_owned(),
        time: kept.time,
        received: kept.received,
        call: kept.call.to_owned(),
        body: kept.body.to_owned(),
        is_void: false,
    };
    let again = Call::from_log(&event);
    let seen =
        |call: &Call| (call.kind, call.name.clone(), call.is_user, call.group(), call.all_properties());
    assert_eq!(again.as_ref().map(seen), Some(seen(&call)), "{}", call.body.text());
    let links = people::links(&call);
    assert!(
        links.iter().all(|link| link.from.text.len().max(link.to.text.len()) <= 2 * LONGEST_KEY),
        "{links:?}"
    );
    let _written = each_attribute(&call, &call.event_id(1), &mut |_| Ok(()));
}
