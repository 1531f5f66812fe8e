//! `POST /api/v1/leads/{id}/merge` and `/split`: which ids are one lead, said by hand; and how a lead tells its ids.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::HeaderMap,
    response::Response,
};
use kelvin_store::{Id, IdKind, KnownId, Link, LinkKind, View};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App,
    problem::{Answer, Problem},
    render::json_response,
    request,
};
use crate::{
    access::{self, Act, Caller},
    people,
};

/// The other lead, and why it is the same.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    with: String,
    #[serde(default)]
    note: String,
}

/// The id that is somebody else's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Split {
    id: String,
}

type Named = Result<Path<String>, PathRejection>;

/// `POST …/merge`: makes one lead of two.
pub(crate) async fn merge(
    State(app): State<Arc<App>>,
    caller: Caller,
    lead: Named,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let lead = named(lead)?;
    app.check_ready()?;
    let Merge { with, note } = request::read(&headers, body).await?;
    let merged = app.inbox.ask(move |change, now, upset| -> Answer<String> {
        let (one, other) = (known(change, &lead)?, known(change, &with)?);
        if one.lead != other.lead {
            people::merge(change, (&one.id, &other.id), (&note, now), &mut upset.ids)?;
            access::note(change, &caller, now, Act::new("lead.merge", &lead).after(&with))?;
        }
        Ok(lead)
    });
    let merged = merged.await?;
    told(app, merged).await
}

/// `POST …/split`: takes an id out of a lead.
pub(crate) async fn split(
    State(app): State<Arc<App>>,
    caller: Caller,
    lead: Named,
    headers: HeaderMap,
    body: Body,
) -> Answer<Response> {
    let lead = named(lead)?;
    app.check_ready()?;
    let Split { id } = request::read(&headers, body).await?;
    let out = app.inbox.ask(move |change, now, upset| -> Answer<String> {
        let (whole, out) = (known(change, &lead)?.lead, known(change, &id)?);
        let ids = change.ids_of(&whole)?;
        if out.lead != whole || ids.len() < 2 {
            let detail = format!("`{id}` is not one of several ids of `{lead}`");
            return Err(Problem::bad("not-of-this-lead", detail));
        }
        people::split(change, &out.id, &mut upset.ids)?;
        access::note(change, &caller, now, Act::new("lead.split", &lead).before(&id))?;
        Ok(id)
    });
    let out = out.await?;
    told(app, out).await
}

/// The lead that an id belongs to now: none, where an address or the like is all that is left.
async fn told(app: Arc<App>, id: String) -> Answer<Response> {
    app.look(move |_, view| {
        let lead = people::known(view, &id)?.map(|known| known.lead);
        Ok(json_response(&json!({"lead_id": lead})))
    })
    .await
}

/// The id that a path names.
pub(crate) fn named(path: Named) -> Answer<String> {
    path.map(|Path(id)| id).map_err(|cause| Problem::bad("bad-path", cause.body_text()))
}

/// A text as an id of a lead.
pub(crate) fn known(view: &dyn View, text: &str) -> Answer<KnownId> {
    people::known(view, text)?
        .ok_or_else(|| Problem::not_found("unknown-lead", format!("nothing is known of `{text}`")))
}

/// The ids of a lead, and why each belongs to it.
pub(crate) fn ids(view: &dyn View, lead: &str) -> Answer<Vec<Json>> {
    let ids = view.ids_of(lead)?;
    let told = |known: &KnownId| -> Answer<Json> {
        let links = people::reasons(view, &known.id, &ids)?;
        let because: Vec<_> = links.iter().map(|link| reason(&known.id, link)).collect();
        Ok(json!({"id": known.id.text, "kind": kind(known), "because": because}))
    };
    ids.iter().map(told).collect()
}

fn reason(id: &Id, link: &Link) -> Json {
    let other = if link.from == *id { &link.to } else { &link.from };
    let source = if link.kind == LinkKind::ByHand { "note" } else { "event" };
    let mut told = json!({"link": link.kind.name(), "with": other.text, "at": link.time.to_string()});
    told[source] = json!(link.source);
    told
}

fn kind(known: &KnownId) -> &'static str {
    match known.id.kind {
        IdKind::Profile if known.is_user => "user",
        IdKind::Profile => "anonymous",
        kind => kind.name(),
    }
}
