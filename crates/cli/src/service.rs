//! A running service, asked over HTTP.

use std::{error::Error, io, time::Duration};

use clap::Args;
use reqwest::{
    Url,
    blocking::{Client, RequestBuilder},
    redirect,
};
use serde_json::Value as Json;

use crate::failure::{Failure, Outcome, plain};

/// How long a service may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which service is asked, and by whom.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// Where the service listens
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", env = "KELVIN_SERVICE")]
    service: Url,

    /// An admin key; a service that only this machine reaches, and that has no users, asks for none. Better in the
    /// environment than on a command line, which others can see
    #[arg(long, value_name = "KEY", env = "KELVIN_KEY", hide_env_values = true)]
    key: Option<String>,
}

/// A service.
#[derive(Debug)]
pub(crate) struct Service {
    client: Client,
    base: Url,
    key: Option<String>,
}

/// What it answers.
#[derive(Debug)]
struct Answer {
    status: u16,
    tag: Option<String>,
    body: String,
}

impl At {
    /// A service that is asked with a key.
    pub(crate) fn new(service: Url, key: Option<String>) -> Self {
        Self { service, key }
    }

    /// The service, which is not asked yet.
    pub(crate) fn service(&self) -> Outcome<Service> {
        let Self { service, key } = self;
        if !["http", "https"].contains(&service.scheme()) {
            let failure = Failure::new(format!("cannot ask `{service}`: it is no address of a service"));
            return Err(failure.help("an address is written like `http://127.0.0.1:8080`"));
        }
        // Whoever came first has decided on the cryptography of the process.
        let _decided = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("Kelvin/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|cause| Failure::new(format!("cannot ask `{service}`: {cause}")))?;
        Ok(Service { client, base: service.clone(), key: key.clone() })
    }
}

impl Service {
    /// What is at a path of the API: the parts are escaped.
    pub(crate) fn get(&self, path: &[&str]) -> Outcome<Json> {
        self.ask(self.client.get(self.url(path)))
    }

    /// What is at a path of the API by a query, all of it escaped.
    pub(crate) fn get_by(&self, path: &[&str], query: &[(&str, String)]) -> Outcome<Json> {
        let mut url = self.url(path);
        url.query_pairs_mut().extend_pairs(query);
        self.ask(self.client.get(url))
    }

    /// What is at a path of the API, and the tag by which it is known whether it is still so.
    pub(crate) fn get_tagged(&self, path: &[&str]) -> Outcome<(Json, Option<String>)> {
        let mut answer = self.answer(self.client.get(self.url(path)))?;
        let tag = answer.tag.take();
        Ok((answer.json()?, tag))
    }

    /// What is answered to an object that is sent to a path of the API.
    pub(crate) fn post(&self, path: &[&str], body: &Json) -> Outcome<Json> {
        self.post_if(path, body, None)
    }

    /// The same, if what has the tag is still so.
    pub(crate) fn post_if(&self, path: &[&str], body: &Json, tag: Option<&str>) -> Outcome<Json> {
        let request = self.client.post(self.url(path)).header("content-type", "application/json");
        let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
        self.ask(request.body(body.to_string()))
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        // Only addresses like `mailto:` have no path; this one has a host.
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        url
    }

    fn ask(&self, request: RequestBuilder) -> Outcome<Json> {
        self.answer(request)?.json()
    }

    fn answer(&self, request: RequestBuilder) -> Outcome<Answer> {
        let request = self.key.iter().fold(request, |request, key| request.bearer_auth(key));
        let answer = request.send().and_then(|response| {
            let status = response.status().as_u16();
            let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
            Ok(Answer { status, tag, body: response.text()? })
        });
        answer.map_err(|cause| self.unreachable(&cause))
    }

    fn unreachable(&self, cause: &reqwest::Error) -> Failure {
        let base = self.base.as_str().trim_end_matches('/');
        let why = if cause.is_timeout() { "it takes too long to answer".to_owned() } else { root(cause) };
        Failure::new(format!("cannot ask `{base}`: {why}")).help("is `kelvin serve` running there?")
    }
}

/// What is at the bottom of an error: the layers above tell that there is one.
fn root(error: &reqwest::Error) -> String {
    let mut root: &dyn Error = error;
    while let Some(deeper) = root.source() {
        root = deeper;
    }
    root.downcast_ref::<io::Error>().map_or_else(|| root.to_string(), plain)
}

impl Answer {
    /// The object that was answered; what the service found wrong is a failure.
    fn json(&self) -> Outcome<Json> {
        let body: Json = serde_json::from_str(&self.body).unwrap_or_default();
        if self.status < 300 {
            return Ok(body);
        }
        let detail = body["detail"].as_str().unwrap_or("no more is known");
        let failure = Failure::new(format!("the service answered {}: {detail}", self.status));
        Err(match (self.status, body["diagnostics"][0]["message"].as_str()) {
            (401, _) => failure.help("give an admin key in KELVIN_KEY; `kelvin key create` makes one"),
            (_, Some(first)) => failure.help(first),
            (_, None) => failure,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> At {
        At { service: address.parse().expect("an address"), key: None }
    }

    #[test]
    fn parts_of_a_path_are_escaped() {
        let service = at("https://acme.example/kelvin/").service().expect("a service");
        let url = service.url(&["models", "a/b ü", "rollback"]);
        assert_eq!(url.as_str(), "https://acme.example/kelvin/api/v1/models/a%2Fb%20%C3%BC/rollback");
    }

    #[test]
    fn only_addresses_of_the_web_are_asked() {
        let failure = at("ftp://acme.example").service().expect_err("a failure");
        assert_eq!(
            failure.to_string(),
            "error: cannot ask `ftp://acme.example/`: it is no address of a service\n\
             help: an address is written like `http://127.0.0.1:8080`"
        );
    }

    #[test]
    fn what_the_service_finds_wrong_is_told() {
        let told = |status, body: &str| {
            Answer { status, tag: None, body: body.to_owned() }.json().map_err(|e| e.to_string())
        };
        assert_eq!(told(200, "{}"), Ok(serde_json::json!({})));
        assert_eq!(
            told(409, r#"{"detail": "busy"}"#),
            Err("error: the service answered 409: busy".to_owned())
        );
        assert_eq!(told(502, "<html>"), Err("error: the service answered 502: no more is known".to_owned()));
    }
}
