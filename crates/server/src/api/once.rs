//! `Idempotency-Key`: a change that is asked for again, as after an answer that was lost, is not made again. Its answer is told again.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use kelvin_kernel::Instant;
use kelvin_store::{Change, Digest, GivenAnswer};
use sha2::{Digest as _, Sha256};

use super::{
    App,
    problem::{Answer, Problem},
    request,
};
use crate::{
    access::{self, Caller},
    edge::RequestId,
    writer::Upset,
};

/// Where a client says how it calls a change.
const HEADER: &str = "idempotency-key";

/// A longer key is none that a client would make.
const LONGEST: usize = 255;

/// How long an answer is kept.
const KEPT_MS: i64 = 86_400_000;

/// What is answered with a secret, which is kept nowhere: such answers are not either.
const SECRET: [(&str, &str); 3] =
    [("POST", "/api/v1/keys"), ("POST", "/api/v1/invitations"), ("DELETE", "/api/v1/leads/{id}")];

/// A change that a client calls by a key.
struct Once {
    app: Arc<App>,
    /// The client's key, with who the client is.
    key: Digest,
    /// All that is asked for.
    asked: Digest,
    is_secret: bool,
}

/// Has changes made once that come with a key. The gate, which knows who asks, is before this.
pub(super) fn guard(app: &Arc<App>, routes: Router) -> Router {
    routes.layer(from_fn_with_state(Arc::clone(app), pass))
}

async fn pass(
    State(app): State<Arc<App>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Answer<Response> {
    let method = request.method();
    let is_ours = route.as_ref().is_some_and(|route| access::is_route(method.as_str(), route.as_str()));
    let caller = request.extensions().get::<Caller>().filter(|_| is_ours && is_change(method));
    let (Some(caller), Some(key)) = (caller.cloned(), key(request.headers())?) else {
        return Ok(next.run(request).await);
    };
    let (parts, body) = request.into_parts();
    let body = request::packed(route.as_ref().map_or("", |route| route.as_str()), body).await?;
    let (method, uri) = (parts.method.as_str(), parts.uri.to_string());
    let once = Once {
        app,
        key: digest(&[caller.name().as_bytes(), key.as_bytes()]),
        asked: digest(&[method.as_bytes(), uri.as_bytes(), &body]),
        is_secret: route.is_some_and(|route| SECRET.contains(&(method, route.as_str()))),
    };
    let answer = once.answer(next.run(Request::from_parts(parts, Body::from(body))));
    // It is done to its end even if the client goes: else nobody knows what became of it.
    let id = RequestId::current();
    let answering = tokio::spawn(async move {
        match id {
            Some(id) => id.during(answer).await,
            None => answer.await,
        }
    });
    answering.await.unwrap_or_else(|_| Err(Problem::failed()))
}

impl Once {
    /// The answer that was given, or is given now.
    async fn answer(self, carry_out: impl Future<Output = Response> + Send) -> Answer<Response> {
        if let Some(given) = self.begin().await? {
            return given.ok_or_else(not_kept).and_then(again);
        }
        let (parts, body) = carry_out.await.into_parts();
        let body = to_bytes(body, usize::MAX).await.map_err(|_| Problem::failed())?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let given = (!self.is_secret).then(|| GivenAnswer {
            status: parts.status.as_u16(),
            kind: kind.unwrap_or_default().to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        });
        self.end(parts.status.is_success(), given).await?;
        Ok(Response::from_parts(parts, Body::from(body)))
    }

    /// Notes that the change is being made; or what was answered, if it was made before. That is nothing where the answer is not kept.
    async fn begin(&self) -> Answer<Option<Option<GivenAnswer>>> {
        let (key, asked) = (self.key, self.asked);
        let begin = move |change: &mut dyn Change, now: Instant, _: &mut Upset| -> Answer<_> {
            change.forget_answers(Instant::from_millis(now.as_millis() - KEPT_MS))?;
            match change.answer(&key)? {
                None => Ok(change.expect_answer(&key, &asked, now).map(|()| None)?),
                Some(known) if known.asked != asked => Err(used()),
                Some(known) if !known.is_settled => Err(unknown()),
                Some(known) => Ok(Some(known.given)),
            }
        };
        self.app.inbox.ask(begin).await
    }

    /// Keeps what was answered. What failed changed nothing, and may be tried again.
    async fn end(&self, is_done: bool, given: Option<GivenAnswer>) -> Answer<()> {
        let key = self.key;
        let end = move |change: &mut dyn Change, _: Instant, _: &mut Upset| -> Answer<()> {
            match is_done {
                true => change.settle_answer(&key, given.as_ref())?,
                false => change.forget_answer(&key)?,
            }
            Ok(())
        };
        self.app.inbox.ask(end).await
    }
}

fn is_change(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// The key of a request, if it has one.
fn key(headers: &HeaderMap) -> Answer<Option<String>> {
    let is_sane = |key: &&str| (1..=LONGEST).contains(&key.len());
    let read = |given: &HeaderValue| {
        let key = given.to_str().ok().filter(is_sane).map(str::to_owned);
        let detail = format!("`Idempotency-Key` is 1 to {LONGEST} letters, digits and signs of ASCII");
        key.ok_or_else(|| Problem::bad("bad-idempotency-key", detail))
    };
    headers.get(HEADER).map(read).transpose()
}

/// A hash of some parts, which cannot run into each other.
fn digest(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// An answer as it was given.
fn again(given: GivenAnswer) -> Answer<Response> {
    let status = StatusCode::from_u16(given.status).map_err(|_| Problem::failed())?;
    let mut response = (status, given.body).into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Ok(kind) = HeaderValue::from_str(&given.kind)
        && !kind.is_empty()
    {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response.headers_mut().insert("idempotency-replayed", HeaderValue::from_static("true"));
    Ok(response)
}

fn used() -> Problem {
    let detail = "another request came with this `Idempotency-Key`: take a new one for each";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-used", detail)
}

fn unknown() -> Problem {
    let detail = "the request with this `Idempotency-Key` is being carried out, or the service ended meanwhile: look what became of it";
    Problem::conflict("outcome-unknown", detail)
}

fn not_kept() -> Problem {
    let detail = "this was done; its answer held a secret and is not kept";
    Problem::conflict("answer-not-kept", detail)
}
