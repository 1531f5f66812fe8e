//! When a lead first reaches a tier: no instant before shows it there.

use kelvin_kernel::{
    Instant,
    arrival::arrival,
    history::History,
    program::Program,
    replay::Replay,
    score::{Detail, Standing},
};
use proptest::prelude::*;

use crate::plans::{history, hour, plan};

fn stands(program: &Program, history: &History, at: Instant) -> Standing {
    let score = Replay::new(program, history, at).score(program, Detail::default());
    score.expect("the plan applies to all").standing
}

proptest! {
    #[test]
    fn a_lead_arrives_at_the_first_instant_that_shows_it_there(
        plan in plan(),
        history in history(),
        tier in 0..2_usize,
        from in -10..300_i64,
        length in 0..12_000_i64,
        probes in prop::collection::vec(0.0..1.0_f64, 20),
    ) {
        let program = Program::new(plan);
        let is_there = |standing| matches!(standing, Standing::Tier(at) if at >= tier);
        let (from, end) = (hour(from), hour(from + length));
        let found = arrival(&program, &history, (from, end), is_there);
        if let Some(found) = found {
            prop_assert!(from <= found && found <= end);
            prop_assert!(is_there(stands(&program, &history, found)));
        }
        // Before it: the millisecond before, whole hours near the start, events, and instants anywhere.
        let last = found.map_or(end.as_millis(), |found| found.as_millis() - 1);
        let span = last - from.as_millis();
        let anywhere = probes.iter().map(|part| from.as_millis() + (*part * span as f64) as i64);
        let hours = (0..24).map(|hours| from.as_millis() + hours * 3_600_000);
        let events = history.events.iter().map(|event| event.time.as_millis());
        for at in [last].into_iter().chain(anywhere).chain(hours).chain(events) {
            if (from.as_millis()..=last).contains(&at) {
                prop_assert!(!is_there(stands(&program, &history, Instant::from_millis(at))));
            }
        }
    }
}
