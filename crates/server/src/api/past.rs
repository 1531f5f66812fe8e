//! How a lead came to where it is: `GET /api/v1/leads/{id}/timeline`, `…/curve` and `…/history`.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use kelvin_kernel::{
    Instant,
    score::Detail,
    trace::{AwardTrace, RuleTrace, Why},
};
use kelvin_store::{Event, TierChange, View};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    App, people,
    problem::{Answer, Problem},
    query::{self, Asked, Named, Page},
    render::{json_response, points},
};
use crate::{Error, Model, segment::Call, writer};

/// Events or changes on one page at most.
const MOST: usize = 1000;

/// Instants of a curve at most.
const MOST_INSTANTS: usize = 500;

/// What a curve shows where nobody says: the last 90 days.
const USUAL_MILLIS: i64 = 90 * 24 * 60 * 60 * 1000;

/// Which events.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    limit: Option<usize>,
    after: Option<String>,
}

/// Which part of a curve, and how fine.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    model: Option<String>,
    from: Option<String>,
    to: Option<String>,
    points: Option<usize>,
}

/// The awards that one model's rules hold of a lead now.
struct Awards {
    model: Model,
    traces: Vec<RuleTrace>,
}

/// `GET …/timeline`: the events of a lead and what each brought, the newest first, page by page.
pub(crate) async fn timeline(
    State(app): State<Arc<App>>,
    Named(id): Named<String>,
    Asked(part): Asked<Part>,
) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let lead = people::known(view, &id)?.lead;
        let limit = query::limit(part.limit, MOST)?;
        let before = part.after.as_deref().map(place).transpose()?;
        let mut events = view.events_of(&lead)?;
        events.retain(|event| before.is_none_or(|before| key(event) < before));
        events.sort_by_key(|event| std::cmp::Reverse(key(event)));
        events.truncate(limit);
        let next = events.last().filter(|_| events.len() == limit).map(cursor);
        let awards = awards(app, view, &lead)?;
        let told: Vec<_> = events.iter().map(|event| told(event, &awards)).collect::<Answer<_>>()?;
        Ok(json_response(&json!({"lead_id": lead, "events": told, "next": next})))
    })
    .await
}

/// `GET …/curve`: the score at instants that lie evenly between two.
pub(crate) async fn curve(
    State(app): State<Arc<App>>,
    Named(id): Named<String>,
    Asked(span): Asked<Span>,
) -> Answer<Response> {
    app.check_ready()?;
    app.look(move |app, view| {
        let lead = people::known(view, &id)?.lead;
        let model = app.model(view, span.model.as_deref())?;
        let mut state = writer::known_state(view, &model, &lead)?.unwrap_or_else(Model::blank);
        let mut curve = Vec::new();
        for at in span.instants(app.now())? {
            let score = model.score(&mut state, view, at, Detail { until: false, reasons: false })?;
            let tier = score.as_ref().and_then(|score| writer::tier(model.program().plan(), score));
            let value = score.as_ref().map(|score| points(score.score));
            curve.push(json!({"at": at.to_string(), "score": value, "tier": tier}));
        }
        Ok(json_response(&json!({"lead_id": lead, "model": model.id(), "curve": curve})))
    })
    .await
}

/// `GET …/history`: the changes of a lead's tier and why, the latest first, page by page.
pub(crate) async fn history(
    State(app): State<Arc<App>>,
    Named(id): Named<String>,
    Asked(page): Asked<Page>,
) -> Answer<Response> {
    app.look(move |_, view| {
        let lead = people::known(view, &id)?.lead;
        let limit = query::limit(page.limit, MOST)?;
        let changes = view.tier_changes(&lead, page.after, limit)?;
        let next = changes.last().filter(|_| changes.len() == limit).map(|last| last.seq);
        let lines: Vec<_> = changes.iter().map(change).collect();
        Ok(json_response(&json!({"lead_id": lead, "changes": lines, "next": next})))
    })
    .await
}

impl Span {
    /// The instants that are asked for, the first and the last among them.
    fn instants(&self, now: Instant) -> Answer<Vec<Instant>> {
        let count = self.points.unwrap_or(50);
        if !(2..=MOST_INSTANTS).contains(&count) {
            return Err(Problem::bad("bad-limit", format!("`points` is a number from 2 to {MOST_INSTANTS}")));
        }
        let to = query::at(self.to.as_deref())?.unwrap_or(now).as_millis();
        let from = query::at(self.from.as_deref())?.map_or(to - USUAL_MILLIS, Instant::as_millis);
        if from >= to {
            return Err(Problem::bad("bad-time", "`from` lies before `to`"));
        }
        let at = |place: usize| {
            let share = i128::from(to - from) * place as i128 / (count - 1) as i128;
            from + i64::try_from(share).unwrap_or(to - from)
        };
        Ok((0..count).map(|place| Instant::from_millis(at(place))).collect())
    }
}

fn awards(app: &App, view: &dyn View, lead: &str) -> Answer<Vec<Awards>> {
    let mut all = Vec::new();
    for model in app.shelf.serving(view)? {
        let Some(state) = writer::known_state(view, &model, lead)? else { continue };
        let traces = model.trace(&state, view, app.now())?;
        all.push(Awards { model, traces });
    }
    Ok(all)
}

/// An event with the awards of its instant.
fn told(event: &Event, awards: &[Awards]) -> Answer<Json> {
    let call = Call::from_log(event).ok_or(Error::Damaged(event.seq))?;
    let brought =
        if event.is_void { Vec::new() } else { awards.iter().flat_map(|of| of.at(event.time)).collect() };
    Ok(json!({
        "seq": event.seq,
        "event_id": call.event_id(event.seq).text(),
        "at": event.time.to_string(),
        "type": event.call,
        "name": call.name,
        "voided": event.is_void,
        "awards": brought,
    }))
}

impl Awards {
    /// What rules granted at an instant, and how much of it is left.
    fn at(&self, time: Instant) -> Vec<Json> {
        let plan = self.model.program().plan();
        let line = |rule: usize, award: &AwardTrace| {
            let rule = &plan.rules.rules[rule];
            json!({
                "model": self.model.id(),
                "rule": rule.id,
                "dimension": plan.dimensions[rule.dimension].id,
                "points": award.points,
                "left": award.worth(),
            })
        };
        let of_rule = |(place, trace): (usize, &RuleTrace)| -> Vec<Json> {
            let Why::Awards(awards) = &trace.why else { return Vec::new() };
            awards.iter().filter(|award| award.time == time).map(|award| line(place, award)).collect()
        };
        self.traces.iter().enumerate().flat_map(of_rule).collect()
    }
}

/// By what events of a timeline are in order.
fn key(event: &Event) -> (i64, u64) {
    (event.time.as_millis(), event.seq)
}

fn cursor(event: &Event) -> String {
    let (time, seq) = key(event);
    format!("{time}.{seq}")
}

fn place(cursor: &str) -> Answer<(i64, u64)> {
    let read = || {
        let (time, seq) = cursor.split_once('.')?;
        Some((time.parse().ok()?, seq.parse().ok()?))
    };
    read().ok_or_else(|| Problem::bad("bad-cursor", "`after` is the `next` of another page"))
}

/// A change of tier as JSON.
pub(super) fn change(change: &TierChange) -> Json {
    json!({
        "id": change.seq,
        "model": change.model,
        "lead_id": change.lead,
        "at": change.at.to_string(),
        "from": change.from,
        "to": change.to,
        "cause": change.cause,
    })
}
