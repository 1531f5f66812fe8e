//! `/api/v1/outcomes`: what became of leads.

mod page;

use std::sync::Arc;

use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use kelvin_store::{Outcome, OutcomeFilter};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use self::page::Page;
use super::{
    App,
    problem::{Answer, Problem},
    query::{self, Asked, Named},
    render::json_response,
    request,
};
use crate::{
    access::Caller,
    outcomes::{self, Became, line},
};

/// Outcomes on one page at most.
const MOST: usize = 1000;

/// Which outcomes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    lead: Option<String>,
    kind: Option<String>,
    from: Option<String>,
    to: Option<String>,
    limit: Option<usize>,
    after: Option<String>,
}

/// `GET /api/v1/outcomes`: of a lead by time, of all in the order in which they came; page by page.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(list): Asked<List>) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let limit = query::limit(list.limit, MOST)?;
        let (filter, after) = (list.filter()?, list.after.as_deref());
        let Page { outcomes, next } = match &list.lead {
            Some(lead) => page::of_lead(app, view, (lead, &filter), after, limit)?,
            None => page::of_all(app, view, &filter, after, limit)?,
        };
        let lines: Vec<_> = outcomes.iter().map(line).collect();
        Ok(json_response(&json!({"outcomes": lines, "next": next})))
    })
    .await
}

/// `GET /api/v1/leads/{id}/outcomes`: the same of one lead.
pub(crate) async fn of_lead(
    app: State<Arc<App>>,
    Named(lead): Named<String>,
    Asked(list): Asked<List>,
) -> Answer<Response> {
    if list.lead.is_some() {
        return Err(Problem::bad("bad-query", "the path says which lead"));
    }
    self::list(app, Asked(List { lead: Some(lead), ..list })).await
}

/// `POST /api/v1/outcomes`: takes in one or several, all or none. What was sent before changes nothing.
pub(crate) async fn note(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    app.check_ready()?;
    let outcomes = read(request::read(&headers, body).await?)?;
    let noted = app.inbox.ask(move |change, now, _| -> Answer<Json> {
        let noted = outcomes.into_iter().map(|outcome| outcomes::note(change, &caller, now, outcome));
        let noted: Vec<Became> = noted.collect::<Result<_, _>>()?;
        let count = |as_: Became| noted.iter().filter(|became| **became == as_).count();
        let [new, changed, same] = [Became::New, Became::Changed, Became::Same].map(count);
        Ok(json!({"new": new, "changed": changed, "same": same}))
    });
    Ok(json_response(&noted.await?))
}

/// `DELETE /api/v1/outcomes/{id}`: forgets what was told. What an event tells stays as long as the event counts.
pub(crate) async fn forget(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named<String>,
) -> Answer<Response> {
    app.check_ready()?;
    let forgotten = app.inbox.ask(move |change, now, _| -> Answer<Json> {
        let known = outcomes::forget(change, &caller, now, &id)?;
        let unknown = || Problem::not_found("no-such-outcome", format!("nobody told an outcome `{id}`"));
        let known = known.ok_or_else(unknown)?;
        Ok(line(&outcomes::placed(change, known)?))
    });
    Ok(json_response(&forgotten.await?))
}

impl List {
    fn filter(&self) -> Answer<OutcomeFilter> {
        let (from, to) = (query::at(self.from.as_deref())?, query::at(self.to.as_deref())?);
        Ok(OutcomeFilter { kind: self.kind.clone(), from, to })
    }
}

/// The outcomes of a body: one, or a list.
fn read(body: Json) -> Answer<Vec<Outcome>> {
    let several = match body {
        Json::Array(several) => several,
        one => vec![one],
    };
    let read = |(place, told): (usize, Json)| {
        outcomes::read(told)
            .map_err(|why| Problem::bad("bad-outcome", format!("outcome {}: {why}", place + 1)))
    };
    several.into_iter().enumerate().map(read).collect()
}
