//! The laws of the house: one number on every path, in any order, with reasons that add up to it.

use kelvin_kernel::{
    Duration, Instant, Micropoints,
    account::{MemberScore, account_events, account_score},
    history::{Event, History},
    plan::{Decay, Effect, EventEffect, EventRule, Hit, MatcherId, Plan, Range, Rule, RuleKind, Weight},
    predict::Ask,
    program::Program,
    reference,
    replay::{Replay, at_each},
    score::{Detail, Reason, Score, Scorer, score},
    state::{Applied, Gathered, State},
    what_if::outcome,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::plans::{history, hour, plan};

const REASONS: Detail = Detail { until: false, reasons: true };
const ALL: Detail = Detail { until: true, reasons: true };

fn replay(program: &Program, history: &History, at: Instant, detail: Detail) -> Score {
    Replay::new(program, history, at).score(program, detail).expect("the plan applies to all")
}

/// Whether a trained model looks at what a rule is worth.
fn is_asked_for(plan: &Plan, rule: usize) -> bool {
    let asks = plan.rules.rules.iter().flat_map(|rule| match &rule.kind {
        RuleKind::Predict(prediction) => prediction.asks.as_slice(),
        _ => &[],
    });
    asks.into_iter().any(|ask| matches!(ask, Ask::Rule { place, .. } if *place == rule))
}

fn state(program: &Program, history: &History, events: impl IntoIterator<Item = Event>) -> State {
    let mut state = State::new(history.attributes.clone(), history.account.clone());
    for event in events {
        state.apply(program, event);
    }
    state
}

proptest! {
    #[test]
    fn a_replay_scores_as_the_reference_does(plan in plan(), history in history(), at in -10..900_i64) {
        let program = Program::new(plan);
        let expect = reference::score(program.plan(), &history, hour(at)).expect("the plan applies to all");
        prop_assert_eq!(replay(&program, &history, hour(at), REASONS), expect);
    }

    #[test]
    fn a_score_without_a_reason_is_that_of_a_rule_worth_nothing(
        plan in plan(),
        history in history(),
        at in -10..900_i64,
    ) {
        let program = Program::new(plan);
        let replay = Replay::new(&program, &history, hour(at));
        let score = replay.score(&program, REASONS).expect("the plan applies to all");
        // To trained models a rule is worth more than its reason tells.
        let alone = |reason: &&Reason| !is_asked_for(program.plan(), reason.rule);
        for reason in score.reasons.iter().filter(alone) {
            let expect = outcome(&program, &replay.subject(), &[(reason.rule, Micropoints::ZERO)]);
            prop_assert_eq!(score.without(program.plan(), reason.rule), expect.score);
        }
    }

    #[test]
    fn a_lead_scores_after_others_as_it_does_alone(
        plan in plan(),
        histories in prop::collection::vec(history(), 1..5),
        at in -10..900_i64,
    ) {
        let program = Program::new(plan);
        let mut scorer = Scorer::new(&program);
        // At the second instant, texts are met again that rules were asked of at the first.
        for (history, at) in histories.iter().flat_map(|history| [(history, at), (history, at + 200)]) {
            let replay = Replay::new(&program, history, hour(at));
            prop_assert_eq!(scorer.score(&replay.subject(), ALL), replay.score(&program, ALL));
        }
    }

    #[test]
    fn events_in_any_order_of_arrival_with_duplicates_end_in_the_same_score(
        plan in plan(),
        history in history(),
        order in any::<proptest::sample::Index>(),
        at in -10..900_i64,
        seed in any::<u64>(),
    ) {
        let program = Program::new(plan);
        // Of two events with one id the first received counts, so only such events may change places.
        let mut events = first_of_each_id(&history);
        shuffle(&mut events, seed);
        let expect = replay(&program, &history, hour(at), ALL);
        let mut state = state(&program, &history, events.clone());
        prop_assert_eq!(state.score(&program, hour(at), ALL), Some(expect.clone()));
        if !events.is_empty() {
            let again = events[order.index(events.len())].clone();
            prop_assert_eq!(state.apply(&program, again), Applied::Duplicate);
        }
        prop_assert_eq!(state.score(&program, hour(at), ALL), Some(expect));
    }

    #[test]
    fn events_gathered_in_any_order_with_duplicates_fold_to_the_same_score(
        plan in plan(),
        history in history(),
        at in -10..900_i64,
        seed in any::<u64>(),
    ) {
        let program = Program::new(plan);
        let (mut events, mut parts) = (first_of_each_id(&history), [Gathered::default(), Gathered::default()]);
        shuffle(&mut events, seed);
        for (nth, event) in events.iter().chain(&events).enumerate() {
            parts[nth % 3 % 2].push(&program, event.clone());
        }
        let known = History { events: history.events, ..History::default() };
        let expect = replay(&program, &known, hour(at), ALL);
        prop_assert_eq!(Gathered::fold(&parts, &program).score(&program, hour(at), ALL), Some(expect));
    }

    #[test]
    fn a_state_scored_between_events_scores_as_a_replay(plan in plan(), history in history()) {
        let program = Program::new(plan);
        let mut state = State::new(history.attributes.clone(), Vec::new());
        let mut known = History { events: Vec::new(), ..history.clone() };
        for event in history.events {
            known.events.push(event.clone());
            state.apply(&program, event.clone());
            let expect = replay(&program, &known, event.time, ALL);
            prop_assert_eq!(state.score(&program, event.time, ALL), Some(expect));
        }
    }

    #[test]
    fn a_history_folded_once_scores_at_each_instant_as_a_replay(
        plan in plan(),
        history in history(),
        at in proptest::collection::btree_set(-10..900_i64, 0..20),
    ) {
        let program = Program::new(plan);
        let instants: Vec<Instant> = at.into_iter().map(hour).collect();
        let (end, mut scores) = (hour(900), Vec::new());
        let last = at_each(&program, &history, &instants, end, |subject| {
            scores.push(score(&program, subject, ALL));
        });
        scores.push(last.score(&program, ALL));
        let expect = instants.iter().chain([&end]).map(|at| Some(replay(&program, &history, *at, ALL)));
        prop_assert_eq!(scores, expect.collect::<Vec<_>>());
    }

    #[test]
    fn states_merge_and_survive_their_bytes(plan in plan(), history in history(), cut in 0..40_usize, at in 0..900_i64) {
        let program = Program::new(plan);
        let (first, second) = history.events.split_at(cut.min(history.events.len()));
        let mut merged = state(&program, &history, first.iter().cloned());
        let other = state(&program, &history, second.iter().cloned());
        let bytes = other.encode(&program);
        merged.merge(&program, State::decode(&program, &bytes).expect("bytes just written"));
        let expect = replay(&program, &history, hour(at), ALL);
        prop_assert_eq!(merged.score(&program, hour(at), ALL), Some(expect));
    }

    #[test]
    fn damaged_bytes_never_panic(plan in plan(), history in history(), at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let program = Program::new(plan);
        let mut bytes = state(&program, &history, history.events.clone()).encode(&program);
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let _ = State::decode(&program, &bytes);
        let _ = State::decode(&program, &bytes[..place]);
    }

    #[test]
    fn reasons_add_up_to_the_dimensions_and_these_to_the_score(plan in plan(), history in history(), at in 0..900_i64) {
        let program = Program::new(plan);
        let score = replay(&program, &history, hour(at), REASONS);
        let plan = program.plan();
        let mut total = Micropoints::ZERO;
        for (place, dimension) in plan.dimensions.iter().enumerate() {
            let of_it = score.reasons.iter().filter(|reason| plan.rules.rules[reason.rule].dimension == place);
            let sum: Micropoints = of_it.map(|reason| reason.points).sum();
            prop_assert_eq!(sum, score.dimensions[place].sum);
            total = total + sum.clamp_to(dimension.range).weighted(dimension.weight);
        }
        prop_assert_eq!(total.clamp_to(plan.range), score.score);
    }

    #[test]
    fn the_standing_holds_until_the_instant_given_and_not_longer(plan in plan(), history in history(), at in 0..600_i64) {
        let program = Program::new(plan);
        check_until(&program, &history, hour(at))?;
    }

    #[test]
    fn who_looks_less_far_ahead_sees_the_same_as_far_as_they_look(
        plan in plan(),
        history in history(),
        at in 0..600_i64,
        ahead in 0..3000_i64,
    ) {
        let (program, at, ahead) = (Program::new(plan), hour(at), Duration::from_millis(ahead * 600_000));
        let mut state = state(&program, &history, history.events.iter().filter(|event| event.time <= at).cloned());
        let far = state.score(&program, at, Detail { until: true, reasons: false }).expect("the plan applies to all");
        let near = state.score_ahead(&program, at, ahead).expect("the plan applies to all");
        let end = at.after(ahead);
        match near.until {
            Some(bound) => prop_assert_eq!(bound, far.until.unwrap_or(end).min(end)),
            None => prop_assert_eq!(far.until, None),
        }
        prop_assert_eq!(Score { until: None, ..near }, Score { until: None, ..far });
    }

    #[test]
    fn an_account_scores_as_the_reference_does(
        plan in plan(),
        members in proptest::collection::vec(history(), 0..4),
        at in 0..900_i64,
    ) {
        // Ids are unique over all input: give each member's events ids of their own.
        let members: Vec<History> = members.into_iter().enumerate().map(|(who, history)| own_ids(who, history)).collect();
        let program = Program::new(plan);
        let at = hour(at);
        let expect = reference::account_score(program.plan(), &members.iter().collect::<Vec<_>>(), &[], at);
        let mut events = Vec::new();
        let mut scores = Vec::new();
        for (who, history) in members.iter().enumerate() {
            events.extend(account_events(&program, history, who as u32, at));
            scores.push(Some(MemberScore::from(&replay(&program, history, at, Detail::default()))));
        }
        prop_assert_eq!(account_score(&program, &scores, &mut events, &[], at), expect);
    }
}

/// Scores just before and at `until`, and at many instants before.
fn check_until(program: &Program, history: &History, at: Instant) -> Result<(), TestCaseError> {
    // What happens after `at` is not known at `at`.
    let known = History {
        events: history.events.iter().filter(|event| event.time <= at).cloned().collect(),
        ..history.clone()
    };
    let now = replay(program, &known, at, ALL);
    let standing = |at: Instant| replay(program, &known, at, Detail::default()).standing;
    let horizon = at.after(Duration::from_days(366));
    let end = now.until.unwrap_or_else(|| horizon.after(Duration::from_millis(1)));
    for part in 1..200 {
        let span = end.millis_since(at) - 1;
        let instant = Instant::from_millis(at.as_millis() + span * part / 200);
        prop_assert_eq!(standing(instant), now.standing, "at {} of {:?}", instant, now.until);
    }
    prop_assert_eq!(standing(end.before(Duration::from_millis(1))), now.standing);
    if let Some(until) = now.until {
        prop_assert_ne!(standing(until), now.standing);
    }
    Ok(())
}

fn first_of_each_id(history: &History) -> Vec<Event> {
    let mut seen = std::collections::BTreeSet::new();
    history.events.iter().filter(|event| seen.insert(event.id.clone())).cloned().collect()
}

fn own_ids(who: usize, mut history: History) -> History {
    history.events = first_of_each_id(&history);
    for event in &mut history.events {
        event.id = kelvin_kernel::history::EventId::Text(format!("{}-{who}", event.id.text()).into());
    }
    history
}

/// A Fisher–Yates shuffle with a small generator (xorshift), so that a failure can be replayed.
fn shuffle(events: &mut [Event], seed: u64) {
    let mut state = seed | 1;
    for place in (1..events.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        events.swap(place, (state % (place as u64 + 1)) as usize);
    }
}

#[test]
fn a_lead_that_does_not_quite_recover_within_the_horizon_has_no_until() {
    let mut runner = TestRunner::deterministic();
    let mut plan = plan().new_tree(&mut runner).expect("a plan").current();
    let rule = |id: &str, kind| Rule { id: id.into(), dimension: 0, kind, cap: None };
    let decay = Decay::Lose { lose: 0.25, every: Duration::from_days(30) };
    let complaint = EventRule {
        hit: Hit::Each { event: MatcherId(3) },
        distinct: None,
        limit: None,
        decay,
        effect: EventEffect::Points(-25.0),
    };
    let effect = Effect::Points(1.0);
    let quiet = RuleKind::Inactivity { after: Duration::HOUR, event: None, every: None, effect };
    plan.rules.rules = vec![rule("quiet", quiet), rule("complaint", RuleKind::Event(complaint))];
    plan.dimensions.iter_mut().for_each(|dimension| dimension.range = Range::UNBOUNDED);
    plan.dimensions.iter_mut().for_each(|dimension| dimension.weight = Weight::Whole(1));
    plan.range = Range::UNBOUNDED;
    // The first tier begins at 1 point: that is what being quiet is worth, and a little of the complaint is left.
    let mut history = history().new_tree(&mut runner).expect("a history").current();
    let event = Event { name: plan.names.id("trial"), ..history.events[0].clone() };
    history.events = vec![Event { time: hour(0), ..event }];
    assert_eq!(replay(&Program::new(plan), &history, hour(0), ALL).until, None);
}

#[test]
fn a_plan_is_plain_data() {
    fn check<T: Send + Sync + Clone>() {}
    check::<Plan>();
    check::<Program>();
    check::<State>();
}
