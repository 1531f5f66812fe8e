//! ETags: what a client has already is not sent again, and what changed since it looked is not changed blindly.

use std::fmt::Write as _;

use axum::{
    Router,
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::problem::{Answer, Problem};

/// Keys that tell when somebody looked, not what there was to be seen.
const LOOKED: &str = "as_of";

/// What a client saw that asks for a change: nothing is changed if it is otherwise by now.
#[derive(Debug)]
pub(crate) struct IfMatch(Option<String>);

/// The tag of a body. It is weak where the instant at which somebody looked is part of the body: that is left out.
pub(super) fn tag(body: &Json) -> String {
    let mut hash = Sha256::new();
    let weak = if mix(&mut hash, body) { "W/" } else { "" };
    let digits = hash.finalize().iter().take(12).fold(String::new(), |mut digits, byte| {
        let _infallible = write!(digits, "{byte:02x}");
        digits
    });
    format!("{weak}\"{digits}\"")
}

/// Mixes a body into a hash; whether something was left out.
fn mix(hash: &mut Sha256, body: &Json) -> bool {
    let Some(keys) = body.as_object() else {
        hash.update(body.to_string());
        return false;
    };
    let mut is_weak = false;
    for (key, value) in keys {
        match (key.as_str(), value) {
            (LOOKED, _) => is_weak = true,
            ("scores", Json::Array(scores)) => {
                is_weak |= scores.iter().fold(false, |is_weak, score| mix(hash, score) | is_weak);
            }
            _ => hash.update(format!("{key}\n{value}\n")),
        }
    }
    is_weak
}

/// Answers in a word where the client has what it asks for.
pub(super) fn spare(routes: Router) -> Router {
    routes.layer(from_fn(spare_one))
}

async fn spare_one(request: Request, next: Next) -> Response {
    let is_look = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect::<Vec<_>>();
    let response = next.run(request).await;
    match response.headers().get(header::ETAG) {
        Some(tag) if is_look && response.status() == StatusCode::OK && has(&known, tag) => {
            (StatusCode::NOT_MODIFIED, [(header::ETAG, tag.clone())]).into_response()
        }
        _ => response,
    }
}

/// Whether a tag is among those that a client has, weak or not.
fn has(known: &[HeaderValue], tag: &HeaderValue) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(tag) = tag.to_str().map(strong) else { return false };
    let lists = known.iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|known| known.trim() == "*" || strong(known) == tag)
}

impl IfMatch {
    /// A problem, unless the client saw it as it is now.
    pub(crate) fn check(&self, now: &Json) -> Answer<()> {
        let Some(seen) = &self.0 else { return Ok(()) };
        let tag = tag(now);
        let is_now = |seen: &str| matches!(seen.trim(), seen if seen == "*" || seen == tag);
        if seen.split(',').any(is_now) { Ok(()) } else { Err(changed()) }
    }

    /// The same for what need not be there; it is looked up if that matters.
    pub(crate) fn check_some<E>(
        &self,
        now: impl FnOnce() -> Result<Option<Json>, E>,
    ) -> Result<Answer<()>, E> {
        if self.0.is_none() {
            return Ok(Ok(()));
        }
        Ok(now()?.map_or_else(|| Err(changed()), |now| self.check(&now)))
    }
}

fn changed() -> Problem {
    let detail = "it has changed since you looked: look again, then decide";
    Problem::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile", detail)
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        Ok(Self(seen(&parts.headers)))
    }
}

/// What stands in `If-Match`; what cannot be read matches nothing.
fn seen(headers: &HeaderMap) -> Option<String> {
    headers.get(header::IF_MATCH).map(|seen| seen.to_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tag_tells_what_there_is_and_not_when_somebody_looked() {
        let lead =
            |as_of: &str, score: i64| json!({"as_of": as_of, "scores": [{"score": score, "as_of": as_of}]});
        assert_eq!(tag(&lead("1", 5)), tag(&lead("2", 5)));
        assert_ne!(tag(&lead("1", 5)), tag(&lead("1", 6)));
        assert!(tag(&lead("1", 5)).starts_with("W/"));
        // A lead's own attributes may be called as they like.
        let named = |value: &str| json!({"attributes": {"as_of": value}});
        assert_ne!(tag(&named("1")), tag(&named("2")));
    }

    #[test]
    fn only_what_was_seen_as_it_is_may_be_changed() {
        let task = json!({"id": 7});
        let check = |seen: Option<&str>| IfMatch(seen.map(str::to_owned)).check(&task).is_ok();
        assert!(check(None) && check(Some("*")) && check(Some(&format!("\"x\", {}", tag(&task)))));
        assert!(!check(Some("\"x\"")) && !check(Some(&format!("W/{}", tag(&task)))));
        let none = |seen: Option<&str>| IfMatch(seen.map(str::to_owned)).check_some(|| Ok::<_, ()>(None));
        assert!(none(None).expect("a look").is_ok() && none(Some("*")).expect("a look").is_err());
    }
}
