//! The outbox, as cases.

use kelvin_kernel::Instant;
use kelvin_store::{Change, Message, MessageState, NewMessage, Result};

use super::{Store, at};

pub(crate) fn a_message_whose_id_is_known_is_put_in_once(mut store: impl Store) {
    assert!(put(&mut store, "1", "ada", "crm", 10));
    assert!(!put(&mut store, "1", "bob", "slack", 20));
    change(&mut store, |change| change.delivered("1", at(30)));
    assert!(!put(&mut store, "1", "ada", "crm", 40));
    let known = store.look(|view| view.message("1")).unwrap();
    assert_eq!((known.lane.as_str(), known.target.as_str(), known.at), ("ada", "crm", at(10)));
    assert_eq!((known.state, known.due, known.settled), (MessageState::Delivered, None, Some(at(30))));
    assert_eq!(store.look(|view| view.message("2")), None);
}

pub(crate) fn the_first_of_each_lane_is_due(mut store: impl Store) {
    for (id, lane, target) in
        [("1", "ada", "crm"), ("2", "ada", "crm"), ("3", "bob", "crm"), ("4", "ada", "slack")]
    {
        put(&mut store, id, lane, target, id.parse().unwrap());
    }
    assert_eq!(store.look(|view| view.pending_targets()), ["crm", "slack"]);
    assert_eq!(heads(&mut store, "crm"), ["1", "3"]);
    assert_eq!(heads(&mut store, "slack"), ["4"]);
    assert_eq!(heads(&mut store, "nowhere"), [""; 0]);
    assert_eq!(store.look(|view| view.lane_heads("crm", 1)).len(), 1);
    change(&mut store, |change| change.delivered("1", at(10)));
    assert_eq!(heads(&mut store, "crm"), ["2", "3"]);
    change(&mut store, |change| change.delivered("4", at(10)));
    assert_eq!(store.look(|view| view.pending_targets()), ["crm"]);
}

pub(crate) fn a_message_that_is_put_off_holds_up_its_lane_alone(mut store: impl Store) {
    for (id, lane) in [("1", "ada"), ("2", "ada"), ("3", "bob")] {
        put(&mut store, id, lane, "crm", 1);
    }
    change(&mut store, |change| change.put_off("1", at(50), "busy"));
    change(&mut store, |change| change.put_off("2", at(90), "not its turn"));
    let first = store.look(|view| view.message("1")).unwrap();
    assert_eq!((first.due, first.attempts, first.error.as_deref()), (Some(at(50)), 1, Some("busy")));
    assert_eq!(heads(&mut store, "crm"), ["3", "1"]);
}

pub(crate) fn a_dead_message_is_listed_and_comes_again_behind_its_lane(mut store: impl Store) {
    for id in ["1", "2", "3"] {
        put(&mut store, id, "ada", "crm", 1);
    }
    change(&mut store, |change| change.bury("1", at(10), "no such channel"));
    assert_eq!(heads(&mut store, "crm"), ["2"]);
    let dead = store.look(|view| view.messages(MessageState::Dead, None, 9));
    assert_eq!((dead.len(), dead[0].error.as_deref()), (1, Some("no such channel")));
    assert_eq!((dead[0].settled, dead[0].attempts), (Some(at(10)), 1));
    assert!(store.change(|change| change.replay("1", at(20))).unwrap());
    assert!(!store.change(|change| change.replay("1", at(20))).unwrap(), "it is not dead any more");
    assert_eq!(list(&mut store, MessageState::Pending, None), ["2", "3", "1"]);
    change(&mut store, |change| change.delivered("2", at(30)));
    change(&mut store, |change| change.delivered("3", at(30)));
    assert_eq!(heads(&mut store, "crm"), ["1"]);
    assert_eq!(store.look(|view| view.message("1")).unwrap().attempts, 0);
}

pub(crate) fn what_is_settled_stays_so(mut store: impl Store) {
    put(&mut store, "1", "ada", "crm", 1);
    change(&mut store, |change| change.delivered("1", at(10)));
    change(&mut store, |change| change.delivered("1", at(20)));
    change(&mut store, |change| change.bury("1", at(20), "late"));
    change(&mut store, |change| change.put_off("1", at(20), "late"));
    let message = store.look(|view| view.message("1")).unwrap();
    assert_eq!((message.state, message.settled), (MessageState::Delivered, Some(at(10))));
    assert_eq!((message.error, message.due, message.attempts), (None, None, 0));
}

pub(crate) fn messages_are_listed_page_by_page(mut store: impl Store) {
    assert_eq!(store.look(|view| view.newest_message()), 0);
    for id in ["1", "2", "3", "4", "5"] {
        put(&mut store, id, id, "crm", 1);
    }
    assert_eq!(store.look(|view| view.newest_message()), 5);
    for id in ["1", "3", "5"] {
        change(&mut store, |change| change.bury(id, at(10), "why"));
    }
    assert_eq!(list(&mut store, MessageState::Pending, None), ["2", "4"]);
    assert_eq!(list(&mut store, MessageState::Pending, Some(2)), ["4"]);
    assert_eq!(list(&mut store, MessageState::Dead, None), ["5", "3", "1"]);
    assert_eq!(list(&mut store, MessageState::Dead, Some(5)), ["3", "1"]);
    assert_eq!(store.look(|view| view.messages(MessageState::Dead, None, 2)).len(), 2);
    assert_eq!(list(&mut store, MessageState::Delivered, None), [""; 0]);
}

fn put(store: &mut impl Store, id: &str, lane: &str, target: &str, time: i64) -> bool {
    let message = NewMessage { id, lane, target, kind: "alert", body: "{}", at: Instant::from_millis(time) };
    store.change(|change| change.enqueue(&message)).unwrap()
}

fn change(store: &mut impl Store, work: impl FnOnce(&mut dyn Change) -> Result<()>) {
    store.change(work).unwrap();
}

fn heads(store: &mut impl Store, target: &str) -> Vec<String> {
    ids(store.look(|view| view.lane_heads(target, 9)))
}

fn list(store: &mut impl Store, state: MessageState, after: Option<u64>) -> Vec<String> {
    ids(store.look(|view| view.messages(state, after, 9)))
}

fn ids(messages: Vec<Message>) -> Vec<String> {
    messages.into_iter().map(|message| message.id).collect()
}
