//! Signed webhooks, as Standard Webhooks has them.

use kelvin_kernel::Instant;
use reqwest::{
    Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::json;

use crate::{Message, Outcome, Secret, http::Http, signature::wire_id};

/// Sends a message. The id stays from attempt to attempt; time and signature are those of this one.
pub(crate) async fn send(
    http: &Http,
    url: &Url,
    secret: Option<&Secret>,
    message: &Message,
    now: Instant,
) -> Outcome {
    let body = body(message);
    let headers = headers(secret, &message.id, &body, now);
    http.post(url, headers, body, now).await.outcome
}

/// What is sent: the kind, when it happened, and the message.
fn body(message: &Message) -> String {
    json!({"type": message.kind.name(), "timestamp": message.at, "data": message}).to_string()
}

fn headers(secret: Option<&Secret>, id: &str, body: &str, now: Instant) -> HeaderMap {
    let (id, seconds) = (wire_id(id), now.as_millis().div_euclid(1000));
    let signature = secret.map(|secret| secret.sign(&id, seconds, body));
    let named = [
        ("webhook-id", Some(id)),
        ("webhook-timestamp", Some(seconds.to_string())),
        ("webhook-signature", signature),
    ];
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in named {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}
