//! One request to one address, and what its answer means. No redirect is followed, no proxy is asked, and of an answer
//! only the beginning is read.

use std::{error::Error, sync::Arc, time::Duration};

use jiff::fmt::rfc2822::DateTimeParser;
use kelvin_kernel::Instant;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{HeaderMap, RETRY_AFTER},
    redirect, retry,
};

use crate::{
    Outcome,
    guard::{Gate, Guard, Refused},
};

/// Of an answer, what is read.
const GIST: usize = 1024;

/// Connections to one host that are kept open while nothing is sent.
const IDLE: usize = 4;

/// The way to web addresses.
#[derive(Debug, Clone)]
pub(crate) struct Http {
    client: Client,
    guard: Arc<Guard>,
    patience: Duration,
}

/// What the receiver said: a word at the beginning of its answer, if it is one.
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    pub(crate) word: Option<String>,
}

impl Http {
    /// A client that goes where the guard lets it, and waits so long for an answer.
    pub(crate) fn new(guard: Guard, patience: Duration) -> Result<Self, reqwest::Error> {
        // Whoever came first has decided on the cryptography of the process.
        let _decided = rustls::crypto::ring::default_provider().install_default();
        let guard = Arc::new(guard);
        let client = Client::builder()
            .dns_resolver(Gate(Arc::clone(&guard)))
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .timeout(patience)
            .pool_max_idle_per_host(IDLE)
            .user_agent(concat!("Kelvin/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, guard, patience })
    }

    /// Posts a body of JSON.
    pub(crate) async fn post(&self, url: &Url, headers: HeaderMap, body: String, now: Instant) -> Answer {
        if let Err(refused) = self.guard.check(url) {
            return Answer { outcome: Outcome::never(refused.to_string()), word: None };
        }
        let request = self.client.post(url.clone()).headers(headers).body(body);
        match request.send().await {
            Ok(response) => {
                let outcome = outcome(response.status(), response.headers(), now);
                Answer { outcome, word: word(response).await }
            }
            Err(cause) => Answer { outcome: self.failure(&cause), word: None },
        }
    }

    /// What it means that there is no answer. The error's own text would hold the address.
    fn failure(&self, cause: &reqwest::Error) -> Outcome {
        let mut root: &dyn Error = cause;
        while let Some(deeper) = root.source() {
            root = deeper;
            if let Some(refused) = root.downcast_ref::<Refused>() {
                return Outcome::never(refused.to_string());
            }
        }
        Outcome::again(if cause.is_timeout() {
            format!("no answer within {} s", self.patience.as_secs_f64())
        } else if cause.is_connect() {
            format!("cannot connect: {root}")
        } else {
            "the connection broke before there was an answer".to_owned()
        })
    }
}

/// What a status means.
fn outcome(status: StatusCode, headers: &HeaderMap, now: Instant) -> Outcome {
    let reason = format!("the answer was {status}");
    match status.as_u16() {
        200..=299 => Outcome::Delivered,
        300..=399 => {
            Outcome::never(format!("{reason}: redirects are not followed, give the address that it leads to"))
        }
        408 | 425 | 429 | 500..=599 => Outcome::TryAgain { after: retry_after(headers, now), reason },
        _ => Outcome::never(reason),
    }
}

/// How long the receiver wants to be left alone: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Instant) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = DateTimeParser::new().parse_timestamp(text).ok()?;
    u64::try_from(date.as_millisecond() - now.as_millis()).ok().map(Duration::from_millis)
}

/// The code word that an answer is, as Slack gives them: `no_service`. Anything else may be anything, secrets included.
async fn word(mut response: Response) -> Option<String> {
    let mut body = Vec::new();
    while body.len() < GIST {
        let Ok(Some(chunk)) = response.chunk().await else { break };
        body.extend_from_slice(&chunk);
    }
    let text = String::from_utf8(body).ok()?;
    let is_word = (1..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    is_word.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 784_111_777_000; // Sun, 06 Nov 1994 08:49:37 GMT

    fn answered(status: u16, retry_after: Option<&str>) -> Outcome {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(RETRY_AFTER, text.parse().expect("a header"));
        }
        let status = StatusCode::from_u16(status).expect("a status");
        outcome(status, &headers, Instant::from_millis(NOW))
    }

    #[test]
    fn a_status_tells_whether_it_may_go_better_later() {
        for status in [200, 201, 202, 204] {
            assert_eq!(answered(status, None), Outcome::Delivered, "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert!(matches!(answered(status, None), Outcome::TryAgain { after: None, .. }), "{status}");
        }
        for status in [301, 307, 400, 401, 403, 404, 410, 413, 422] {
            assert!(matches!(answered(status, None), Outcome::Never { .. }), "{status}");
        }
        assert_eq!(answered(404, None), Outcome::never("the answer was 404 Not Found"));
    }

    #[test]
    fn a_receiver_says_how_long_it_wants_to_be_left_alone() {
        let check = |text, expect: Option<u64>| {
            let Outcome::TryAgain { after, .. } = answered(429, Some(text)) else { panic!("{text}") };
            assert_eq!(after.map(|after| after.as_secs()), expect, "{text}");
        };
        check("120", Some(120));
        check(" 7 ", Some(7));
        check("Sun, 06 Nov 1994 08:50:37 GMT", Some(60));
        check("Sun, 06 Nov 1994 08:40:00 GMT", None);
        check("-5", None);
        check("soon", None);
        check("99999999999999999999", None);
    }
}
