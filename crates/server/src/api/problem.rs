//! What is wrong with a request, as `application/problem+json` with a code that stays.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value as Json, json};

use crate::{
    Error,
    edge::RequestId,
    segment::{Code, Refused},
    writer::Refusal,
};

/// What a request comes to.
pub(crate) type Answer<T> = Result<T, Problem>;

/// What is wrong with a request.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    header: Option<(header::HeaderName, &'static str)>,
    /// What else is told, by its name.
    more: Option<Box<(&'static str, Vec<Json>)>>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), header: None, more: None }
    }

    pub(crate) fn bad(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    pub(crate) fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    pub(crate) fn no_json() -> Self {
        let detail = "the body is JSON: send it with `content-type: application/json`";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "json-required", detail)
    }

    pub(crate) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    pub(crate) fn method_not_allowed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    }

    pub(crate) fn unauthorized() -> Self {
        let detail = "the write key is missing or wrong: send it as the user of Basic auth, or as `writeKey`";
        let header = (header::WWW_AUTHENTICATE, "Basic realm=\"kelvin\"");
        Self { header: Some(header), ..Self::new(StatusCode::UNAUTHORIZED, "wrong-write-key", detail) }
    }

    pub(crate) fn forbidden(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }

    pub(crate) fn too_large(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, code, detail)
    }

    pub(crate) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "the request did not arrive in time")
    }

    pub(crate) fn not_ready() -> Self {
        let detail = "scores are being brought up to date: try again soon";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail).again_in("5")
    }

    pub(crate) fn standby() -> Self {
        let detail = "another server uses the store: this one waits, and takes its place when it ends";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "standby", detail).again_in("5")
    }

    pub(crate) fn failed() -> Self {
        let detail = "the store failed; nothing of the request was taken";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store-failed", detail).again_in("5")
    }

    fn again_in(self, seconds: &'static str) -> Self {
        Self { header: Some((header::RETRY_AFTER, seconds)), ..self }
    }

    /// Adds a header to the answer.
    pub(crate) fn with_header(self, name: header::HeaderName, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// Tells which events of a request were rejected.
    pub(crate) fn with_rejected(self, rejected: Vec<Json>) -> Self {
        self.with("rejected", rejected)
    }

    /// Tells a list of something besides.
    pub(crate) fn with(self, name: &'static str, list: Vec<Json>) -> Self {
        Self { more: Some(Box::new((name, list))), ..self }
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused.code {
            Code::TooLarge | Code::TooMany => Self::too_large(refused.code.name(), refused.reason),
            code => Self::bad(code.name(), refused.reason),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = "more comes than can be kept: send it again later";
        match refusal {
            Refusal::Busy => Self::new(StatusCode::TOO_MANY_REQUESTS, "busy", detail).again_in("1"),
            Refusal::Failed => Self::failed(),
        }
    }
}

/// What the store says is for the operator, not for clients.
impl From<kelvin_store::Error> for Problem {
    fn from(_: kelvin_store::Error) -> Self {
        Self::failed()
    }
}

impl From<Error> for Problem {
    fn from(_: Error) -> Self {
        Self::failed()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default();
        let mut body = json!({
            "type": "about:blank",
            "title": title,
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let Some(id) = RequestId::current() {
            body["request_id"] = Json::from(id.as_str());
        }
        if let Some((name, list)) = self.more.map(|more| *more).filter(|(_, list)| !list.is_empty()) {
            body[name] = Json::Array(list);
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, kind, body.to_string()).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
