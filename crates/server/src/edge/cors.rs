//! Which web pages may send events: what browsers ask before they send, and what others are told.

use std::{str::FromStr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, Uri, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::api::Problem;

/// How long a browser may remember that it may send.
const REMEMBERED: Duration = Duration::from_secs(2 * 60 * 60);

/// The web pages that may send events, by their origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// All: in a browser the write key is public anyway.
    Any,
    /// Those of these origins, written as browsers do: `https://acme.example`.
    These(Vec<String>),
}

/// A text that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no origin: write scheme and host without a path, `https://acme.example`, or `*` for all")]
pub struct UnknownOrigin(String);

/// No web page may send.
impl Default for Origins {
    fn default() -> Self {
        Self::These(Vec::new())
    }
}

/// One origin, or `*` for all.
impl FromStr for Origins {
    type Err = UnknownOrigin;

    fn from_str(text: &str) -> Result<Self, UnknownOrigin> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let uri: Uri = text.parse().map_err(|_| UnknownOrigin(text.to_owned()))?;
        let is_bare = uri.path() == "/" && uri.query().is_none() && !text.ends_with('/');
        if uri.scheme().is_none() || uri.host().is_none() || !is_bare || text.contains('@') {
            return Err(UnknownOrigin(text.to_owned()));
        }
        Ok(Self::These(vec![text.to_ascii_lowercase()]))
    }
}

/// Those of several together.
impl FromIterator<Self> for Origins {
    fn from_iter<I: IntoIterator<Item = Self>>(several: I) -> Self {
        several.into_iter().fold(Self::default(), |all, more| match (all, more) {
            (Self::These(all), Self::These(more)) => Self::These(all.into_iter().chain(more).collect()),
            _ => Self::Any,
        })
    }
}

impl Origins {
    fn include(&self, origin: &HeaderValue) -> bool {
        match self {
            Self::Any => true,
            Self::These(origins) => origins.iter().any(|known| known.as_bytes() == origin.as_bytes()),
        }
    }
}

/// Opens routes to the pages of some origins, and closes them to all others.
pub(crate) fn open_to<S: Clone + Send + Sync + 'static>(
    origins: &Arc<Origins>,
    routes: Router<S>,
) -> Router<S> {
    let known = Arc::clone(origins);
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| known.include(origin)))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        // `sendBeacon` always sends cookies along. These routes never look at them.
        .allow_credentials(true)
        .expose_headers([header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(REMEMBERED);
    routes.layer(from_fn_with_state(Arc::clone(origins), refuse_strangers)).layer(cors)
}

/// A browser sends simple requests without asking, whether or not it may read the answer: so pages that may not
/// send are refused here, too.
async fn refuse_strangers(State(origins): State<Arc<Origins>>, request: Request, next: Next) -> Response {
    match request.headers().get(header::ORIGIN) {
        Some(origin) if !origins.include(origin) => Problem::forbidden(
            "origin-not-allowed",
            "pages of this origin may not send events: `--allow-origin` lets them",
        )
        .into_response(),
        _ => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        let read = |text: &str| text.parse::<Origins>().is_ok();
        for fine in ["*", "https://acme.example", "http://localhost:3000", "https://Acme.example"] {
            assert!(read(fine), "{fine}");
        }
        for bad in ["", "acme.example", "https://acme.example/", "https://acme.example/x", "https://a@b"] {
            assert!(!read(bad), "{bad}");
        }
    }

    #[test]
    fn several_origins_are_all_let_in() {
        let read = |texts: &[&str]| -> Origins { texts.iter().map(|text| text.parse().unwrap()).collect() };
        let both = read(&["https://a.example", "https://B.example"]);
        let include = |origins: &Origins, text| origins.include(&HeaderValue::from_static(text));
        assert!(include(&both, "https://a.example") && include(&both, "https://b.example"));
        assert!(!include(&both, "https://a.example.evil") && !include(&both, "null"));
        assert!(include(&read(&["https://a.example", "*"]), "null"));
    }
}
