//! When a lead first came to stand somewhere, found over its history: an event may bring it there, or time alone.

use crate::{
    history::History,
    instant::{Duration, Instant},
    ledger::Ledger,
    program::Program,
    replay::{attributes_since_ever, in_event_order, take_in},
    score::{Standing, score_ahead},
    sighting::Sighting,
    until::HORIZON,
    worth::Subject,
};

/// The first instant from `from` to `end`, both included, at which the standing is one that is meant; `None` where it never is, or
/// the plan does not apply. It is found exactly, to the millisecond: at events, and between them where the standing changes by itself.
pub fn arrival(
    program: &Program,
    history: &History,
    (from, end): (Instant, Instant),
    is_meant: impl Fn(Standing) -> bool,
) -> Option<Instant> {
    let rules = program.lead_rules();
    let events = in_event_order(&history.events, end);
    let mut rest = &events[..];
    let mut ledger = Ledger::new(rules);
    let mut lead = attributes_since_ever(program, history);
    let mut at = from;
    while at <= end {
        let (due, later) = rest.split_at(rest.partition_point(|event| event.time <= at));
        take_in(&mut lead, &history.account, due, |event, env| {
            ledger.apply(rules, event.time, 0, &Sighting::of(rules, event.name, env));
        });
        rest = later;
        ledger.settle(rules, at);
        let subject = Subject { ledger: &ledger, lead: &lead, account: &history.account, at };
        let next = rest.first().map_or(end, |event| event.time);
        // A stretch as long as the horizon would be searched to an end that is not told.
        let ahead = Duration::from_millis(next.millis_since(at).clamp(1, HORIZON.as_millis() - 1));
        let scored = score_ahead(program, &subject, ahead);
        let changes = match &scored {
            Some(score) if is_meant(score.standing) => return Some(at),
            Some(score) => score.until.unwrap_or(at.after(ahead)),
            // Whether the plan applies may depend on the hour.
            None if program.plan().applies.as_ref().is_some_and(|applies| applies.reads().now) => {
                at.hour().after(Duration::HOUR)
            }
            None => at.after(ahead),
        };
        if at == end {
            break;
        }
        at = changes.min(next);
    }
    None
}
