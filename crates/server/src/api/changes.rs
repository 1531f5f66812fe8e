//! `GET /api/v1/changes`: what happens to leads, told as it is committed (server-sent events).

mod streams;

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use kelvin_store::{Happened, Happening, View};
use serde::Deserialize;
use serde_json::json;
use tokio::{
    sync::watch,
    time::{interval, sleep},
};

pub(crate) use self::streams::Streams;
use self::streams::{Teller, stream};
use super::{
    App, hand_offs, past,
    problem::{Answer, Problem},
    query::Asked,
};
use crate::access::{Caller, Right};

/// How long nothing is told at most: who listens learns that somebody is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// How long what happens is gathered before the store is looked at again.
const PAUSE: Duration = Duration::from_millis(100);

/// What is told at once.
const MOST: usize = 100;

/// How long a browser is to wait before it comes again.
const AGAIN_MS: u64 = 2000;

/// What is to be told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// By one model.
    model: Option<String>,
    /// What has to do with one tier.
    tier: Option<String>,
    /// From after a place on; from now on if absent.
    after: Option<u64>,
}

/// A client that is told what happens.
struct Listener {
    app: Arc<App>,
    caller: Caller,
    wanted: Wanted,
    /// The place of the last that was looked at.
    place: u64,
}

/// What there was to be told.
struct Found {
    text: String,
    is_all: bool,
}

/// Tells what happens, from a place on, until the client or the service goes.
pub(crate) async fn listen(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Asked(wanted): Asked<Wanted>,
) -> Answer<Response> {
    let seat = app.streams.seat()?;
    let after = last_seen(&headers)?.or(wanted.after);
    let last = Arc::clone(&app).look(|_, view| Ok(view.last_happening()?)).await?;
    let place = after.unwrap_or(last);
    if place > last {
        return Err(Problem::bad("bad-cursor", format!("nothing was ever told at place {place}")));
    }
    let (teller, body) = stream(seat);
    tokio::spawn(Listener { app, caller, wanted, place }.tell(teller));
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-store"),
        // Proxies of this kind would keep it back until there is much of it.
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, body).into_response())
}

/// The place that a browser saw last, which it tells when it comes again.
fn last_seen(headers: &HeaderMap) -> Answer<Option<u64>> {
    let seen = headers.get("last-event-id").map(|seen| seen.to_str().ok()?.parse().ok());
    seen.map(|seen| seen.ok_or_else(|| Problem::bad("bad-cursor", "`Last-Event-ID` is the `id` of an event")))
        .transpose()
}

impl Listener {
    /// Nothing is looked at before the client has taken what was told: the writer waits for nobody.
    async fn tell(mut self, teller: Teller) {
        let (mut happened, mut ended) = (self.app.inbox.happened(), self.app.streams.ended());
        let mut beat = interval(HEARTBEAT);
        let mut text = format!("retry: {AGAIN_MS}\n");
        loop {
            happened.mark_unchanged();
            let Some(found) = self.look().await else { return };
            text += &found.text;
            if !text.is_empty() && !teller.tell(std::mem::take(&mut text)).await {
                return;
            }
            if !found.is_all {
                continue;
            }
            tokio::select! {
                _ = ended.wait_for(|ended| *ended) => return,
                () = teller.left() => return,
                is_open = something(&mut happened) => if !is_open { return },
                // Comes at once for the first time: the client learns where it stands.
                _ = beat.tick() => text = format!(": nothing new\nid: {}\n\n", self.place),
            }
        }
    }

    /// What happened since; nothing, if that cannot be told, or not to them any more.
    async fn look(&mut self) -> Option<Found> {
        let (caller, place) = (self.caller.clone(), self.place);
        let look = move |app: &App, view: &dyn View| {
            let is_let_in = caller.again(app, view)?.is_some_and(|caller| caller.may(Right::Read));
            Ok(if is_let_in { Some(view.happenings(place, MOST)?) } else { None })
        };
        let happenings = Arc::clone(&self.app).look(look).await.ok()??;
        self.place = happenings.last().map_or(self.place, |last| last.place);
        let text = happenings.iter().filter_map(|happening| self.wanted.told(happening)).collect();
        Some(Found { text, is_all: happenings.len() < MOST })
    }
}

/// Waits until something has happened, and what happens at the same time; whether anything can happen any more.
async fn something(happened: &mut watch::Receiver<u64>) -> bool {
    let is_open = happened.changed().await.is_ok();
    sleep(PAUSE).await;
    is_open
}

impl Wanted {
    /// A happening as an event of the stream, if it is wanted.
    fn told(&self, happening: &Happening) -> Option<String> {
        let what = happening.what.as_ref().filter(|what| self.wants(what))?;
        let (kind, told) = match what {
            Happened::Tier(change) => ("tier", past::change(change)),
            Happened::HandOff(hand_off) => ("hand-off", hand_offs::hand_off(hand_off)),
            Happened::Task(hand_off, state) => {
                ("task", json!({"state": state.name(), "hand_off": hand_offs::hand_off(hand_off)}))
            }
            Happened::Alert(alert) => ("alert", hand_offs::alert(alert)),
        };
        Some(format!("id: {}\nevent: {kind}\ndata: {told}\n\n", happening.place))
    }

    fn wants(&self, what: &Happened) -> bool {
        let (model, tiers) = match what {
            Happened::Tier(change) => (&change.model, [&change.from, &change.to]),
            Happened::HandOff(hand_off) | Happened::Task(hand_off, _) => {
                (&hand_off.model, [&hand_off.tier; 2])
            }
            Happened::Alert(alert) => (&alert.model, [&alert.tier; 2]),
        };
        let is_of = |asked: &Option<String>, known: &str| asked.as_deref().is_none_or(|asked| asked == known);
        is_of(&self.model, model)
            && tiers.into_iter().any(|tier| is_of(&self.tier, tier.as_deref().unwrap_or("none")))
    }
}
