//! One page of outcomes: which, and where the next one begins.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kelvin_store::{Event, OutcomeFilter, View};

use super::super::{
    App,
    problem::{Answer, Problem},
};
use crate::{
    outcomes::{self, Known},
    people,
};

/// Events that are looked at for one page at most: what they tell is kept nowhere.
const MOST_EVENTS: usize = 20_000;

/// Events that are looked at at once.
const EVENTS: usize = 1000;

/// A page.
pub(super) struct Page {
    pub(super) outcomes: Vec<Known>,
    /// Where the next one begins, as text that clients hand back.
    pub(super) next: Option<String>,
}

/// A place among all outcomes: those that were told come first, then what events tell, in the order of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Behind an outcome that was told.
    Told(u64),
    /// At an event, behind so many of its outcomes.
    At(u64, usize),
}

/// The outcomes of the lead of an id, by time.
pub(super) fn of_lead(
    app: &App,
    view: &dyn View,
    (id, filter): (&str, &OutcomeFilter),
    after: Option<&str>,
    limit: usize,
) -> Answer<Page> {
    let known = people::known(view, id)?;
    let is_known = known.is_some();
    let lead = known.map_or_else(|| people::name_of(view, id), |known| Ok(known.lead))?;
    let after = after.map(of_lead_behind).transpose()?;
    let mut outcomes = outcomes::of_lead(view, &app.definitions, &lead, filter)?;
    if outcomes.is_empty() && !is_known {
        return Err(Problem::not_found("unknown-lead", format!("nothing is known of `{id}`")));
    }
    if let Some((time, id)) = &after {
        outcomes.retain(|known| known.key() > (*time, id));
    }
    let is_all = outcomes.len() <= limit;
    outcomes.truncate(limit);
    let last = outcomes.last().filter(|_| !is_all).map(Known::key);
    let next = last.map(|(time, id)| encoded(&format!("{time} {id}")));
    Ok(Page { outcomes, next })
}

/// All outcomes, in the order in which they came. A page that looked at many events in vain holds few.
pub(super) fn of_all(
    app: &App,
    view: &dyn View,
    filter: &OutcomeFilter,
    after: Option<&str>,
    limit: usize,
) -> Answer<Page> {
    let mut outcomes = Vec::new();
    let mut from = match after.map(place).transpose()?.unwrap_or(Place::Told(0)) {
        Place::At(seq, done) => (seq, done),
        Place::Told(after) => {
            let told = view.outcomes(filter, after, limit)?;
            let last = told.last().map(|last| last.seq).filter(|_| told.len() == limit);
            for placed in told {
                outcomes.push(outcomes::placed(view, placed.outcome)?);
            }
            if let Some(last) = last {
                return Ok(Page { outcomes, next: Some(Place::Told(last).text()) });
            }
            (1, 0)
        }
    };
    if app.definitions.are_none() {
        return Ok(Page { outcomes, next: None });
    }
    for _ in 0..MOST_EVENTS / EVENTS {
        let events = view.events(from.0.saturating_sub(1), EVENTS)?;
        for event in &events {
            let found = found(app, view, event, filter)?;
            let done = if event.seq == from.0 { from.1 } else { 0 };
            let room = limit - outcomes.len();
            outcomes.extend(found.iter().skip(done).take(room).cloned());
            if done + room < found.len() {
                return Ok(Page { outcomes, next: Some(Place::At(event.seq, done + room).text()) });
            }
        }
        match events.last() {
            Some(last) if events.len() == EVENTS => from = (last.seq + 1, 0),
            _ => return Ok(Page { outcomes, next: None }),
        }
    }
    Ok(Page { outcomes, next: Some(Place::At(from.0, from.1).text()) })
}

fn found(app: &App, view: &dyn View, event: &Event, filter: &OutcomeFilter) -> Answer<Vec<Known>> {
    let mut found = app.definitions.found_in(view, event)?;
    found.retain(|known| filter.takes(&known.outcome.kind, known.outcome.time));
    Ok(found)
}

impl Place {
    fn text(self) -> String {
        encoded(&match self {
            Self::Told(seq) => format!("told {seq}"),
            Self::At(seq, done) => format!("{seq} {done}"),
        })
    }
}

fn place(cursor: &str) -> Answer<Place> {
    let read = || {
        let text = decoded(cursor)?;
        let (first, second) = text.split_once(' ')?;
        Some(match first {
            "told" => Place::Told(second.parse().ok()?),
            seq => Place::At(seq.parse().ok()?, second.parse().ok()?),
        })
    };
    read().ok_or_else(no_cursor)
}

/// The time and the id of the outcome behind which a page of a lead begins.
fn of_lead_behind(cursor: &str) -> Answer<(i64, String)> {
    let read = || {
        let text = decoded(cursor)?;
        let (time, id) = text.split_once(' ')?;
        Some((time.parse().ok()?, id.to_owned()))
    };
    read().ok_or_else(no_cursor)
}

fn no_cursor() -> Problem {
    Problem::bad("bad-cursor", "`after` is the `next` of another page")
}

fn encoded(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

fn decoded(cursor: &str) -> Option<String> {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        for at in [Place::Told(7), Place::At(12, 0), Place::At(u64::MAX, 3)] {
            assert_eq!(place(&at.text()).expect("a place"), at);
        }
        for nonsense in ["nonsense", "", "bm9uZQ"] {
            assert_eq!(place(nonsense).expect_err("a problem").code(), "bad-cursor");
        }
    }
}
