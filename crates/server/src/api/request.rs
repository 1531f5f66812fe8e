//! The body of a request to the intake: read within limits, unpacked, and by whom it may be sent.

use std::{error::Error, io::Read, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, header},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::read::MultiGzDecoder;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use super::{Answer, Problem};
use crate::{
    access::Access,
    segment::{Part, Written},
};

/// The largest request but those with events, unpacked.
const LARGEST: usize = 500 << 10;

/// The largest request with the text of a model, unpacked: it may carry trained models.
const LARGEST_MODEL: usize = 32 << 20;

/// How long a client may take to send a request.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the `Authorization` header says of the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// May send events.
    Known,
    /// Says nothing: the body may hold the key.
    Unknown,
}

/// Who sends, by the header.
pub(crate) fn sender(access: &Access, headers: &HeaderMap) -> Answer<Sender> {
    if !access.asks_for_write_key() {
        return Ok(Sender::Known);
    }
    let Some(given) = headers.get(header::AUTHORIZATION) else {
        return Ok(Sender::Unknown);
    };
    let user = given.to_str().ok().and_then(user).ok_or_else(Problem::unauthorized)?;
    if access.may_send(&user) { Ok(Sender::Known) } else { Err(Problem::unauthorized()) }
}

/// Whether a body holds the key.
pub(crate) fn check_body(access: &Access, body: &Written) -> Answer<()> {
    let given = body.root().get("writeKey").and_then(Part::as_str).unwrap_or_default();
    if access.may_send(&given) { Ok(()) } else { Err(Problem::unauthorized()) }
}

/// The bytes of a request to a route, as they came.
pub(crate) async fn packed(route: &str, body: Body) -> Answer<Bytes> {
    let takes_models = matches!(route, "/api/v1/models" | "/api/v1/simulations");
    packed_within(body, if takes_models { LARGEST_MODEL } else { LARGEST }).await
}

async fn packed_within(body: Body, most: usize) -> Answer<Bytes> {
    let read = tokio::time::timeout(PATIENCE, to_bytes(body, most)).await.map_err(|_| Problem::too_slow())?;
    read.map_err(|cause| {
        let is_too_long = cause.source().is_some_and(|cause| cause.is::<LengthLimitError>());
        if is_too_long { too_large(most) } else { Problem::bad("broken-body", "the request broke off") }
    })
}

/// The bytes of a request, unpacked.
pub(crate) async fn bytes(headers: &HeaderMap, body: Body) -> Answer<Bytes> {
    bytes_within(headers, body, LARGEST).await
}

/// The bytes of a request that may hold the text of a model, unpacked.
pub(crate) async fn bytes_of_model(headers: &HeaderMap, body: Body) -> Answer<Bytes> {
    bytes_within(headers, body, LARGEST_MODEL).await
}

/// The bytes of a request, unpacked, if they are no more than so many.
pub(crate) async fn bytes_within(headers: &HeaderMap, body: Body, most: usize) -> Answer<Bytes> {
    let packed = packed_within(body, most).await?;
    let encoding =
        headers.get(header::CONTENT_ENCODING).map(|encoding| encoding.as_bytes().to_ascii_lowercase());
    match encoding.as_deref() {
        None | Some(b"" | b"identity") => Ok(packed),
        Some(b"gzip" | b"x-gzip") => unpacked(&packed, most),
        Some(_) => Err(Problem::bad("unknown-encoding", "a body is sent as it is, or packed with gzip")),
    }
}

/// What a request asks for, as JSON; what is unknown or misspelt is told.
pub(crate) async fn read<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Answer<T> {
    let bytes = bytes(headers, body).await?;
    serde_json::from_slice(&bytes).map_err(|cause| Problem::bad("bad-request", cause.to_string()))
}

/// The user's name of Basic auth.
fn user(header: &str) -> Option<String> {
    let (scheme, rest) = header.split_once(' ')?;
    let decoded =
        BASE64_STANDARD.decode(rest.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    Some(text.split_once(':').map_or(text.as_str(), |(user, _)| user).to_owned())
}

/// What a packed body holds. Reading stops at the limit: a small body may stand for a huge one.
fn unpacked(packed: &[u8], most: usize) -> Answer<Bytes> {
    let mut bytes = Vec::new();
    let mut decoder = MultiGzDecoder::new(packed).take((most as u64).saturating_add(1));
    decoder.read_to_end(&mut bytes).map_err(|_| Problem::bad("bad-gzip", "the body is no sound gzip"))?;
    if bytes.len() > most { Err(too_large(most)) } else { Ok(bytes.into()) }
}

fn too_large(most: usize) -> Problem {
    Problem::too_large("request-too-large", format!("a request has at most {most} bytes"))
}
