//! What is told of the mix of events: as text and JSON.

use kelvin_learn::drift::{DAYS, EventMix, EventShift, Level, Moved};
use serde_json::{Value as Json, json};

use super::report::{chance, name, percent};
use crate::{
    render::{
        grid::{Align, Grid},
        text::harmless,
    },
    terminal::Terminal,
};

/// Events told by name at most: those whose share or rate has changed the most.
const MOST: usize = 10;

/// What has changed: both indexes, and the events by which they have.
pub(super) fn text(events: &EventMix, terminal: &Terminal) -> String {
    let mut text =
        format!("\nevents: the mix {}; how many there are {}\n", moved(events.mix), moved(events.rates));
    let mut changed: Vec<&EventShift> = match events.mix.level.max(events.rates.level) {
        Level::None => Vec::new(),
        _ => events.events.iter().filter(|event| event.share_q.min(event.rate_q) < TOLD).collect(),
    };
    changed.sort_by(|a, b| by(b).total_cmp(&by(a)));
    if changed.is_empty() {
        return text;
    }
    let titles = ["event", "share before", "after", "by chance", "per lead before", "after", "by chance"];
    let align = |title: &str| if title == "event" { Align::Left } else { Align::Right };
    let mut grid = Grid::new(titles.map(|title| (title, align(title))));
    for event in changed.into_iter().take(MOST) {
        let [share, share_after] = event.shares.map(percent);
        let [rate, rate_after] = event.rates.map(|rate| format!("{rate:.2}"));
        grid.add([
            harmless(&event.event).into(),
            share.into(),
            share_after.into(),
            chance(event.share_q).into(),
            rate.into(),
            rate_after.into(),
            chance(event.rate_q).into(),
        ]);
    }
    text.push_str(&format!("\n{}", grid.render(0, terminal)));
    text
}

/// Events that moved as far by chance are not told by name.
const TOLD: f64 = 0.05;

/// How far an event has moved: by the larger factor.
fn by(event: &EventShift) -> f64 {
    let factor = |[before, after]: [f64; 2]| (after.max(1e-9) / before.max(1e-9)).ln().abs();
    factor(event.shares).max(factor(event.rates))
}

fn moved(moved: Moved) -> String {
    let Moved { psi, p, level } = moved;
    let what = match level {
        Level::None => "has not changed".to_owned(),
        level => format!("has changed ({})", name(level)),
    };
    format!("{what}, PSI {psi:.2}, by chance {}", chance(p))
}

/// All numbers.
pub(super) fn json(events: &EventMix) -> Json {
    let moved = |moved: Moved| json!({"level": name(moved.level), "psi": moved.psi, "p": moved.p});
    let event = |event: &EventShift| {
        json!({
            "event": event.event,
            "shares": event.shares,
            "rates": event.rates,
            "share_q": event.share_q,
            "rate_q": event.rate_q,
        })
    };
    json!({
        "days": DAYS,
        "mix": moved(events.mix),
        "rates": moved(events.rates),
        "events": events.events.iter().map(event).collect::<Vec<_>>(),
    })
}
