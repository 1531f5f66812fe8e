//! When a lead is handed off, as stories of scores.

use kelvin_kernel::Micropoints;

use super::*;
use crate::playbook::testing::{day, model, playbook};

/// What happens on a day.
#[derive(Clone, Copy)]
enum Happens {
    /// The lead comes to a score.
    Score(i64),
    /// Sales gives the lead back.
    Returned,
    /// Somebody looks.
    Nothing,
}
use Happens::{Nothing, Returned, Score};

/// The days on which a lead is handed off, and those on which it is to be looked at again.
fn story(terms: &str, days: &[(u32, Happens)]) -> (Vec<u32>, Vec<u32>) {
    let rules = format!("hand_offs:\n  - {{id: sales, tier: hot, assign: eve{terms}}}\n");
    let (playbook, plan) = (playbook(&rules), model());
    let terms = Terms::of(&playbook.hand_offs[0], &plan).expect("a tier");
    let (mut ready, mut stand) = (Readiness::FRESH, Stand { score: None, tier: None, until: None });
    let (mut handed_off, mut looks) = (Vec::new(), Vec::new());
    for (number, happens) in days {
        match happens {
            Score(score) => stand = at_score(&plan, *score),
            Returned => ready.returned = Some(day(*number)),
            Nothing => {}
        }
        ready.notice(&terms, &stand, day(*number));
        match ready.next(&terms, &stand, day(*number)) {
            Next::HandOff => {
                handed_off.push(*number);
                ready = Readiness::handed_off(day(*number));
            }
            Next::LookAt(at) => looks.push((at.millis_since(day(0)) / day(1).millis_since(day(0))) as u32),
            Next::Nothing => {}
        }
    }
    (handed_off, looks)
}

fn at_score(plan: &Plan, score: i64) -> Stand {
    let score = Micropoints(score * 1_000_000);
    let tier = plan.tiers.iter().rposition(|tier| tier.from <= score);
    Stand { score: Some(score), tier, until: None }
}

fn check(terms: &str, days: &[(u32, Happens)], expect: &[u32]) {
    assert_eq!(story(terms, days).0, expect, "{terms}");
}

#[test]
fn a_lead_is_handed_off_once_for_each_time_that_it_enters() {
    check("", &[(0, Score(50)), (1, Score(60)), (2, Score(95)), (3, Score(61)), (4, Nothing)], &[1]);
    check("", &[(1, Score(95)), (2, Score(59)), (3, Score(60)), (4, Score(0)), (5, Score(70))], &[1, 3, 5]);
}

#[test]
fn a_lead_that_wavers_around_the_bound_comes_once() {
    let wavers = [(1, Score(60)), (2, Score(59)), (3, Score(60)), (4, Score(45)), (5, Score(60))];
    check("", &wavers, &[1, 3, 5]);
    check(", leave: 45", &wavers, &[1]);
    check(", leave: 46", &wavers, &[1, 5]);
    check(", leave: warm", &wavers, &[1]);
    check(", leave: warm", &[(1, Score(60)), (2, Score(29)), (3, Score(60))], &[1, 3]);
}

#[test]
fn a_lead_waits_for_the_end_of_again_after_and_is_handed_off_then() {
    let comes_back = [(1, Score(60)), (5, Score(10)), (6, Score(60)), (10, Nothing), (11, Nothing)];
    assert_eq!(story(", again_after: 10d", &comes_back), (vec![1, 11], vec![11, 11]));
    let has_left = [(1, Score(60)), (5, Score(10)), (6, Score(60)), (7, Score(10)), (11, Nothing)];
    assert_eq!(story(", again_after: 10d", &has_left).0, [1]);
}

#[test]
fn a_lead_that_came_back_is_armed_again_without_falling() {
    let returned = [(1, Score(60)), (2, Returned), (8, Nothing), (9, Nothing)];
    check("", &returned, &[1]);
    assert_eq!(story(", recycle_after: 7d", &returned), (vec![1, 9], vec![9, 9]));
    check(", recycle_after: 7d, again_after: 90d", &returned, &[1, 9]);
}

#[test]
fn a_lead_that_came_back_need_not_wait_for_both() {
    let falls = [(1, Score(60)), (2, Returned), (3, Score(10)), (4, Score(60)), (9, Nothing), (20, Nothing)];
    check(", recycle_after: 7d, again_after: 15d", &falls, &[1, 9]);
    check(", recycle_after: 30d, again_after: 15d", &falls, &[1, 20]);
    check(", recycle_after: 30d", &falls, &[1, 4]);
}

#[test]
fn a_lead_that_was_there_before_the_hand_off_has_entered_already() {
    let (playbook, plan) = (playbook("hand_offs: [{id: sales, tier: hot, assign: eve}]\n"), model());
    let terms = Terms::of(&playbook.hand_offs[0], &plan).expect("a tier");
    let mut ready = Readiness::PRESENT;
    let mut next = |days, score| {
        ready.notice(&terms, &at_score(&plan, score), day(days));
        ready.next(&terms, &at_score(&plan, score), day(days))
    };
    assert_eq!(next(1, 70), Next::Nothing);
    assert_eq!(next(2, 50), Next::Nothing);
    assert_eq!(next(3, 70), Next::HandOff);
}

#[test]
fn a_disqualified_lead_is_in_no_tier() {
    let (playbook, plan) = (playbook("hand_offs: [{id: sales, tier: hot, assign: eve}]\n"), model());
    let terms = Terms::of(&playbook.hand_offs[0], &plan).expect("a tier");
    let disqualified = Stand { tier: None, ..at_score(&plan, 99) };
    let mut ready = Readiness::handed_off(day(1));
    ready.notice(&terms, &disqualified, day(2));
    assert_eq!(ready.next(&terms, &disqualified, day(2)), Next::Nothing);
    assert!(ready.armed);
}

/// What becomes of a note when another model counts: `was` and `is` tell by which of the two the lead is in the tier.
fn check_dealt(known: Option<Readiness>, (was, is): (bool, bool), expect: Option<(bool, bool)>) {
    let dealt = Readiness::dealt(known, (was, is));
    assert_eq!(dealt.map(|ready| (ready.armed, ready.waits)), expect, "was {was}, is {is}");
}

#[test]
fn another_model_hands_nobody_off_again() {
    let given = || Some(Readiness::handed_off(day(1)));
    for stood in [(true, true), (true, false), (false, true), (false, false)] {
        check_dealt(given(), stood, Some((false, false)));
    }
    // It has left the tier since: it stays armed, until it stands in the tier by the other model alone.
    let left = || given().map(|ready| Readiness { armed: true, ..ready });
    check_dealt(left(), (false, false), Some((true, false)));
    check_dealt(left(), (false, true), Some((false, false)));
}

#[test]
fn another_model_forgets_nobody() {
    check_dealt(None, (false, true), Some((true, true)));
    check_dealt(Some(Readiness::FRESH), (false, true), Some((true, true)));
    // Who was there counts as handed off, and those of whom nothing is known stay so.
    check_dealt(None, (true, false), Some((false, false)));
    check_dealt(None, (true, true), None);
    check_dealt(None, (false, false), None);
    // Who waits for a condition goes on waiting.
    let waits = Readiness { waits: true, ..Readiness::FRESH };
    check_dealt(Some(waits), (true, true), Some((true, true)));
}
