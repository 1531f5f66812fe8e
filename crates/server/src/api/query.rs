//! What stands behind the `?` of an address.

use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kelvin_kernel::{Instant, Micropoints};
use kelvin_store::Place;
use serde::{Deserialize, de::DeserializeOwned};

use super::{Answer, Problem};

/// Leads, events or rejections on one page, where nobody says.
const USUAL: usize = 50;

/// A query, read; what is unknown or misspelt is told.
pub(crate) struct Asked<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Answer<Self> {
        let read = Query::<T>::try_from_uri(&parts.uri);
        read.map(|Query(asked)| Self(asked)).map_err(|cause| Problem::bad("bad-query", cause.body_text()))
    }
}

/// What stands in a path in place of the names in braces.
#[derive(Debug)]
pub(crate) struct Named<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let read = Path::<T>::from_request_parts(parts, state).await;
        read.map(|Path(named)| Self(named)).map_err(|cause| Problem::bad("bad-path", cause.body_text()))
    }
}

/// A part of a list: those that come after the place of another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    pub(crate) limit: Option<usize>,
    pub(crate) after: Option<u64>,
}

/// How many are asked for.
pub(crate) fn limit(asked: Option<usize>, most: usize) -> Answer<usize> {
    match asked.unwrap_or(USUAL) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Problem::bad("bad-limit", format!("`limit` is a number from 1 to {most}"))),
    }
}

/// The instant that is asked for.
pub(crate) fn at(asked: Option<&str>) -> Answer<Option<Instant>> {
    // An unescaped `+` of an offset comes as a blank, which is read as well.
    let read = |text: &str| {
        Instant::parse(text).or_else(|cause| Instant::parse(&text.replace(' ', "+")).or(Err(cause)))
    };
    let told = |cause| Problem::bad("bad-time", format!("`at` is no instant: {cause}"));
    asked.map(read).transpose().map_err(told)
}

/// A place in a list of leads as text that clients hand back.
pub(crate) fn cursor(place: &Place) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{} {}", place.score.0, place.lead))
}

/// The place that such a text stands for.
pub(crate) fn place(cursor: &str) -> Answer<Place> {
    let read = || {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
        let (score, lead) = text.split_once(' ')?;
        Some(Place { score: Micropoints(score.parse().ok()?), lead: lead.to_owned() })
    };
    read().ok_or_else(|| Problem::bad("bad-cursor", "`after` is the `next` of another page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let at = Place { score: Micropoints(-1_500_000), lead: "a lead, with blanks".to_owned() };
        assert_eq!(place(&cursor(&at)).expect("a place"), at);
        assert_eq!(place("nonsense").expect_err("a problem").code(), "bad-cursor");
    }

    #[test]
    fn an_offset_survives_its_way_through_an_address() {
        let expect = Instant::parse("2026-03-01T00:00:00+02:00").expect("an instant");
        assert_eq!(at(Some("2026-03-01T00:00:00 02:00")).expect("an instant"), Some(expect));
    }
}
