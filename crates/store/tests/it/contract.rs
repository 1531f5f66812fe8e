//! The contract, as cases that a store is put through. A second store comes with the same cases.

mod access;
mod accounts;
mod answers;
mod erasure;
mod experiments;
mod foresight;
mod hand_offs;
mod happenings;
mod models;
mod outbox;
mod outcomes;
mod people;
mod playbook;
mod retention;
mod voids;

use std::ops::ControlFlow;

use kelvin_kernel::{Instant, Micropoints};
use kelvin_store::{
    Change, Error, Holding, LeadScore, NewEvent, Owner, Place, Rejection, Result, View, Write,
};

/// A store under test.
pub(crate) trait Store {
    /// Does all of some work or nothing.
    fn change<T>(&mut self, work: impl FnOnce(&mut dyn Change) -> Result<T>) -> Result<T>;

    /// Looks at the store.
    fn look<T>(&mut self, look: impl FnOnce(&dyn View) -> Result<T>) -> T;
}

/// Puts fresh stores through all cases.
macro_rules! cases {
    ($store:expr) => { $crate::contract::cases! { as_tests: $store } };
    ($how:ident: $store:expr) => {
        $crate::contract::cases! { $how: $store;
            the_log_keeps_the_order_of_arrival,
            of_two_events_with_one_id_the_first_counts,
            work_that_fails_leaves_nothing,
            events_come_together_by_lead,
            the_last_write_up_to_an_instant_is_the_attribute,
            states_are_due_in_their_order,
            leads_are_ranked_page_by_page,
            the_rejected_are_listed_latest_first,
            a_forgotten_model_leaves_the_log,
            versions_are_numbered_by_model,
            a_version_serves_from_its_switch_on,
            a_version_that_fails_does_not_serve,
            leads_are_filled_in_where_nothing_is_held,
            what_a_model_holds_is_forgotten_bit_by_bit,
            events_and_attributes_of_a_lead_are_those_of_all_its_profiles,
            leads_are_found_by_a_part_of_any_of_their_ids,
            of_links_that_say_the_same_the_first_is_kept,
            what_is_kept_apart_is_so_both_ways,
            an_id_belongs_to_one_lead,
            an_event_does_not_count_while_any_void_holds_it,
            voids_are_listed_latest_first,
            a_write_that_is_taken_back_never_was,
            what_happened_to_a_mail_is_kept_by_who_got_it,
            a_message_whose_id_is_known_is_put_in_once,
            the_first_of_each_lane_is_due,
            a_message_that_is_put_off_holds_up_its_lane_alone,
            a_dead_message_is_listed_and_comes_again_behind_its_lane,
            what_is_settled_stays_so,
            messages_are_listed_page_by_page,
            the_room_that_a_store_takes_is_told,
            the_last_tier_outlives_scores,
            a_note_takes_the_place_of_the_one_before,
            a_rule_is_known_once_it_was_in_force,
            timers_come_in_the_order_of_their_times,
            hand_offs_are_listed_latest_first,
            a_lead_that_goes_on_as_another_takes_its_hand_offs_along,
            the_owner_of_an_account_is_the_last_one,
            an_owners_load_counts_from_an_instant_on,
            turns_are_counted_for_each_step,
            a_task_is_kept_as_it_was_put_last,
            alerts_are_listed_latest_first,
            what_happens_is_told_in_its_order_from_any_place,
            what_happened_to_who_is_removed_is_told_no_more,
            members_of_an_account_are_listed_in_their_order,
            members_go_with_what_a_model_holds,
            an_answer_is_kept_under_its_key,
            answers_are_forgotten_one_by_one_and_after_a_while,
            an_answer_that_names_who_is_erased_is_forgotten,
            an_experiment_takes_the_place_of_the_one_of_its_id,
            hand_offs_are_counted_by_model_from_an_instant_on,
            a_key_is_there_until_it_is_dropped,
            a_user_is_found_by_address,
            a_pass_lets_in_until_it_ends,
            what_somebody_changed_is_listed_latest_first,
            an_outcome_with_a_known_id_takes_the_place_of_the_one_before,
            outcomes_are_listed_page_by_page,
            outcomes_of_who_is_erased_go_whichever_id_they_name,
            who_is_erased_is_found_nowhere,
            what_was_noted_of_events_of_who_is_erased_goes_too,
            what_others_have_outlives_an_erasure,
            who_has_an_address_that_ends_alike_is_not_erased,
            an_erased_event_that_is_sent_again_stays_away,
            a_change_sees_what_it_has_done,
            what_was_foreseen_changes_no_answer,
            events_that_go_leave_those_of_their_lead,
            what_was_kept_long_enough_goes,
            of_the_rejected_the_oldest_go,
        }
    };
    (as_tests: $store:expr; $($case:ident),+ $(,)?) => {
        $(#[test] fn $case() { $crate::contract::$case($store) })+
    };
    (one_by_one: $store:expr; $($case:ident),+ $(,)?) => {
        $($crate::contract::$case($store);)+
    };
}
pub(crate) use access::*;
pub(crate) use accounts::*;
pub(crate) use answers::*;
pub(crate) use cases;
pub(crate) use erasure::*;
pub(crate) use experiments::*;
pub(crate) use foresight::*;
pub(crate) use hand_offs::*;
pub(crate) use happenings::*;
pub(crate) use models::*;
pub(crate) use outbox::*;
pub(crate) use outcomes::*;
pub(crate) use people::*;
pub(crate) use playbook::*;
pub(crate) use retention::*;
pub(crate) use voids::*;

pub(crate) fn the_log_keeps_the_order_of_arrival(mut store: impl Store) {
    let events = [event(Some("b"), "ada", 20), event(None, "bob", 10), event(Some("a"), "ada", 5)];
    let places: Result<Vec<_>> =
        store.change(|change| events.iter().map(|event| change.append(event)).collect());
    assert_eq!(places.unwrap(), [Some(1), Some(2), Some(3)]);
    let read: Vec<_> = store.look(|view| view.events(1, 9)).into_iter().map(|event| event.time).collect();
    assert_eq!(read, [at(10), at(5)]);
    assert_eq!(store.look(|view| view.events(0, 1)).len(), 1);
    let first = &store.look(|view| view.events(0, 1))[0];
    assert_eq!((first.lead.as_str(), first.id.as_deref(), first.received), ("ada", Some("b"), at(1000)));
}

pub(crate) fn of_two_events_with_one_id_the_first_counts(mut store: impl Store) {
    let mut append = |event| store.change(|change| change.append(&event)).unwrap();
    assert_eq!(append(event(Some("a"), "ada", 1)), Some(1));
    assert_eq!(append(event(Some("a"), "bob", 2)), None);
    assert_eq!(append(event(None, "ada", 1)), Some(2));
    assert_eq!(append(event(None, "ada", 1)), Some(3));
    assert_eq!(store.look(|view| view.events(0, 9)).len(), 3);
}

pub(crate) fn work_that_fails_leaves_nothing(mut store: impl Store) {
    let failed: Result<()> = store.change(|change| {
        change.append(&event(Some("a"), "ada", 1))?;
        change.hold("m", "ada", Some(held(b"state", None, None)))?;
        Err(Error::InUse { store: "x".into() })
    });
    assert!(failed.is_err());
    assert!(store.look(|view| view.events(0, 9)).is_empty());
    assert_eq!(store.look(|view| view.holding("m", "ada")), None);
    assert_eq!(store.change(|change| change.append(&event(Some("a"), "ada", 1))).unwrap(), Some(1));
}

pub(crate) fn events_come_together_by_lead(mut store: impl Store) {
    let events = [event(None, "bob", 3), event(None, "ada", 2), event(None, "bob", 1), event(None, "eve", 1)];
    store.change(|change| events.iter().try_for_each(|event| change.append(event).map(drop))).unwrap();
    let mut seen = Vec::new();
    store.look(|view| {
        view.events_by_lead(&mut |event| {
            seen.push((event.lead, event.seq));
            if seen.len() < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    });
    assert_eq!(seen, [("ada".to_owned(), 2), ("bob".to_owned(), 1), ("bob".to_owned(), 3)]);
    store.change(|change| change.append(&event(Some("late"), "bob", 0))).unwrap();
    let of = |store: &mut _, lead: &str| -> Vec<u64> {
        Store::look(store, |view| view.events_of(lead)).iter().map(|event| event.seq).collect()
    };
    assert_eq!(of(&mut store, "bob"), [1, 3, 5]);
    assert_eq!(of(&mut store, "eve"), [4]);
    assert_eq!(of(&mut store, "nobody"), []);
}

pub(crate) fn the_last_write_up_to_an_instant_is_the_attribute(mut store: impl Store) {
    let write = |key, time, id, value| Write { owner: Owner::Lead("ada"), key, time: at(time), id, value };
    let writes = [
        write("plan", 20, "a", Some("\"pro\"")),
        write("plan", 10, "b", Some("\"free\"")),
        write("city", 10, "b", Some("1")),
        write("city", 20, "a", None),
        write("plan", 20, "b", Some("\"team\"")),
    ];
    store.change(|change| writes.iter().try_for_each(|write| change.write(write))).unwrap();
    let mut check = |time, expect: &[(&str, &str)]| {
        let read = store.look(|view| view.attributes(Owner::Lead("ada"), at(time)));
        let read: Vec<_> = read.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(read, expect, "at {time}");
    };
    check(9, &[]);
    check(10, &[("city", "1"), ("plan", "\"free\"")]);
    check(20, &[("plan", "\"team\"")]);
    assert!(store.look(|view| view.attributes(Owner::Account("ada"), at(99))).is_empty());
}

pub(crate) fn states_are_due_in_their_order(mut store: impl Store) {
    let dues = [("ada", Some(at(30))), ("bob", None), ("eve", Some(at(20)))];
    store
        .change(|change| {
            dues.iter().try_for_each(|(lead, due)| change.hold("m", lead, Some(held(b"old", *due, None))))
        })
        .unwrap();
    assert_eq!(due(&mut store, 19), [""; 0]);
    assert_eq!(due(&mut store, 30), ["eve", "ada"]);
    store.change(|change| change.hold("m", "eve", None)).unwrap();
    store.change(|change| change.hold("m", "ada", Some(held(b"new", Some(at(40)), None)))).unwrap();
    assert_eq!(due(&mut store, 30), [""; 0]);
    let state = |store: &mut _, lead: &str| {
        Store::look(store, |view| view.holding("m", lead)).map(|holding| holding.state.to_vec())
    };
    assert_eq!(state(&mut store, "ada").as_deref(), Some(&b"new"[..]));
    assert_eq!(state(&mut store, "bob").as_deref(), Some(&b"old"[..]));
    assert_eq!(state(&mut store, "eve"), None);
}

fn due(store: &mut impl Store, time: i64) -> Vec<String> {
    store.look(|view| view.due(at(time), 9)).into_iter().map(|(_, lead)| lead).collect()
}

pub(crate) fn leads_are_ranked_page_by_page(mut store: impl Store) {
    let scores = [score("ada", 10, Some("hot")), score("bob", 30, Some("hot")), score("eve", 10, None)];
    let give = |change: &mut dyn Change, model: &str, score: &LeadScore| {
        change.hold(model, &score.lead, Some(held(b"", None, Some(score.clone()))))
    };
    store.change(|change| scores.iter().try_for_each(|score| give(change, "m", score))).unwrap();
    store.change(|change| give(change, "other", &score("zoe", 99, None))).unwrap();
    let mut page = |tier, after: Option<(i64, &str)>, limit| -> Vec<String> {
        let after = after.map(|(score, lead)| Place { score: Micropoints(score), lead: lead.to_owned() });
        let leads = store.look(|view| view.ranked("m", tier, after.as_ref(), limit));
        leads.into_iter().map(|score| score.lead).collect()
    };
    assert_eq!(page(None, None, 9), ["bob", "ada", "eve"]);
    assert_eq!(page(None, None, 2), ["bob", "ada"]);
    assert_eq!(page(None, Some((10, "ada")), 9), ["eve"]);
    assert_eq!(page(Some("hot"), None, 9), ["bob", "ada"]);
    assert_eq!(page(Some("hot"), Some((30, "bob")), 9), ["ada"]);
    assert_eq!(page(Some("none"), None, 9), ["eve"]);
    store.change(|change| give(change, "m", &score("ada", 40, None))).unwrap();
    store.change(|change| change.hold("m", "bob", Some(held(b"", None, None)))).unwrap();
    assert_eq!(store.look(|view| view.ranked("m", None, None, 9))[0], score("ada", 40, None));
    assert_eq!(store.look(|view| view.ranked("m", None, None, 9)).len(), 2);
}

pub(crate) fn the_rejected_are_listed_latest_first(mut store: impl Store) {
    let rejection = |code| Rejection { received: at(7), code, reason: "why", body: "{" };
    let codes = ["one", "two", "three"];
    store.change(|change| codes.iter().try_for_each(|code| change.reject(&rejection(code)))).unwrap();
    let first = store.look(|view| view.rejected(None, 2));
    let codes: Vec<_> = first.iter().map(|rejected| rejected.code.as_str()).collect();
    assert_eq!(codes, ["three", "two"]);
    let rest = store.look(|view| view.rejected(Some(first[1].seq), 9));
    assert_eq!((rest.len(), rest[0].code.as_str(), rest[0].received), (1, "one", at(7)));
}

pub(crate) fn a_forgotten_model_leaves_the_log(mut store: impl Store) {
    store
        .change(|change| {
            change.append(&event(None, "ada", 1))?;
            change.hold("m", "ada", Some(held(b"state", None, Some(score("ada", 1, None)))))?;
            change.seal("m", "v1")
        })
        .unwrap();
    assert_eq!(store.look(|view| view.models()), [("m".to_owned(), "v1".to_owned())]);
    store.change(|change| change.forget("m")).unwrap();
    assert!(store.look(|view| view.models()).is_empty());
    assert_eq!(store.look(|view| view.holding("m", "ada")), None);
    assert!(store.look(|view| view.ranked("m", None, None, 9)).is_empty());
    assert_eq!(store.look(|view| view.events(0, 9)).len(), 1);
}

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

pub(crate) fn the_room_that_a_store_takes_is_told(mut store: impl Store) {
    let empty = store.look(|view| view.size_bytes());
    // Some stores keep less of what repeats itself.
    let numbers = (0..10_000_u64).map(|number| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_string());
    let body: String = numbers.collect();
    store.change(|change| change.append(&NewEvent { body: &body, ..event(None, "ada", 1) })).unwrap();
    assert!(store.look(|view| view.size_bytes()) >= empty + 90_000);
}

fn event<'a>(id: Option<&'a str>, lead: &'a str, time: i64) -> NewEvent<'a> {
    NewEvent { id, profile: lead, time: at(time), received: at(1000), call: "track", body: "{}" }
}

fn held(state: &[u8], due: Option<Instant>, score: Option<LeadScore>) -> Holding {
    Holding { state: state.into(), due, score }
}

fn score(lead: &str, score: i64, tier: Option<&str>) -> LeadScore {
    LeadScore {
        lead: lead.to_owned(),
        score: Micropoints(score),
        tier: tier.map(str::to_owned),
        grade: Some("A".to_owned()),
        until: Some(at(99)),
        at: at(50),
    }
}
