//! Events that do not count, as cases.

use kelvin_store::{MailEvent, NewVoid, Owner, Write};

use super::{Store, at, event};

fn void(cause: &'static str) -> NewVoid<'static> {
    NewVoid { at: at(7), cause, reason: "why", asked: "{}" }
}

pub(crate) fn an_event_does_not_count_while_any_void_holds_it(mut store: impl Store) {
    store.change(|change| change.append(&event(Some("a"), "ada", 1)).map(drop)).unwrap();
    assert_eq!(store.look(|view| view.seq_of("a")), Some(1));
    let numbers =
        ["by-hand", "rule"].map(|cause| store.change(|change| change.put_void(&void(cause))).unwrap());
    assert_eq!(numbers, [1, 2]);
    let is_void = |store: &mut _| Store::look(store, |view| view.event(1)).unwrap().is_void;
    let mut set = |number, is_void| {
        let done = |change: &mut dyn kelvin_store::Change| {
            if is_void { change.void_event(number, 1) } else { change.lift(number, 1) }
        };
        store.change(done).unwrap()
    };
    assert_eq!([set(1, true), set(1, true), set(2, true)], [true, false, true]);
    assert_eq!([set(1, false), set(1, false)], [true, false]);
    // What was lifted is not found again.
    assert!(!set(1, true));
    assert!(is_void(&mut store));
    assert_eq!(store.look(|view| view.voids_of(1)).iter().map(|void| void.number).collect::<Vec<_>>(), [2]);
    assert_eq!(
        (store.look(|view| view.voided_by(1)), store.look(|view| view.voided_by(2))),
        (vec![], vec![1])
    );
    store.change(|change| change.lift(2, 1)).unwrap();
    assert!(!is_void(&mut store));
}

pub(crate) fn voids_are_listed_latest_first(mut store: impl Store) {
    for cause in ["one", "two", "one"] {
        store.change(|change| change.put_void(&void(cause))).unwrap();
    }
    store.change(|change| change.void_event(3, 9)).unwrap();
    let listed = store.look(|view| view.voids(None, 2));
    assert_eq!(listed.iter().map(|void| (void.number, void.events)).collect::<Vec<_>>(), [(3, 1), (2, 0)]);
    assert_eq!(store.look(|view| view.voids(Some(2), 9)), [store.look(|view| view.void(1)).unwrap()]);
    assert_eq!(store.look(|view| view.void_by("one")), Some(3));
    assert_eq!((store.look(|view| view.void_by("none")), store.look(|view| view.void(9))), (None, None));
}

pub(crate) fn a_write_that_is_taken_back_never_was(mut store: impl Store) {
    let write =
        |value| Write { owner: Owner::Lead("ada"), key: "plan", time: at(1), id: "a", value: Some(value) };
    store.change(|change| change.write(&write("1"))).unwrap();
    store.change(|change| change.unwrite(&write("1"))).unwrap();
    assert!(store.look(|view| view.attributes(Owner::Lead("ada"), at(9))).is_empty());
}

pub(crate) fn what_happened_to_a_mail_is_kept_by_who_got_it(mut store: impl Store) {
    let click = |seq| MailEvent { seq, time: at(5), link: Some("x".to_owned()), links: None };
    store.change(|change| change.put_mail_event("ada", "m", &click(2))).unwrap();
    store.change(|change| change.put_mail_event("bob", "m", &click(3))).unwrap();
    let mut between =
        |mail, from, to| store.look(|view| view.mail_events("ada", mail, (at(from), at(to)), 9));
    assert_eq!(between("m", 5, 5), [click(2)]);
    assert!(between("m", 6, 9).is_empty() && between("m", 0, 4).is_empty() && between("n", 0, 9).is_empty());
    let delivery = |seq, links| MailEvent { seq, time: at(1), link: None, links: Some(links) };
    assert_eq!(store.look(|view| view.mail_links("ada", "m")), None);
    for event in [delivery(4, 7), delivery(5, 3)] {
        store.change(|change| change.put_mail_event("ada", "m", &event)).unwrap();
    }
    assert_eq!(store.look(|view| view.mail_links("ada", "m")), Some(3));
}
