//! What a playbook remembers, as cases.

use kelvin_kernel::Instant;
use kelvin_store::{NewTierChange, Timer};

use super::{Store, at};

pub(crate) fn the_last_tier_outlives_scores(mut store: impl Store) {
    let change = |from, to| NewTierChange { model: "m", lead: "ada", at: at(5), from, to, cause: "time" };
    store
        .change(|store| {
            store.put_tier_change(&change(None, Some("warm")))?;
            store.put_tier_change(&change(Some("warm"), Some("hot")))?;
            store.forget("m")
        })
        .unwrap();
    assert_eq!(store.look(|view| view.last_tier("m", "ada")).as_deref(), Some("hot"));
    assert_eq!(store.look(|view| view.last_tier("m", "bob")), None);
    store.change(|store| store.put_tier_change(&change(Some("hot"), None))).unwrap();
    assert_eq!(store.look(|view| view.last_tier("m", "ada")), None);
    let changes = store.look(|view| view.tier_changes("ada", None, 2));
    let tiers: Vec<_> = changes.iter().map(|change| (change.from.as_deref(), change.to.as_deref())).collect();
    assert_eq!(tiers, [(Some("hot"), None), (Some("warm"), Some("hot"))]);
    assert_eq!(store.look(|view| view.tier_changes("ada", Some(changes[1].seq), 9)).len(), 1);
}

pub(crate) fn a_note_takes_the_place_of_the_one_before(mut store: impl Store) {
    let mut put = |rule: &str, note: &str| store.change(|change| change.put_note("ada", rule, note)).unwrap();
    put("sales", "old");
    put("other", "more");
    put("sales", "new");
    assert_eq!(store.look(|view| view.note("ada", "sales")).as_deref(), Some("new"));
    assert_eq!(store.look(|view| view.note("bob", "sales")), None);
    let all = [("other", "more"), ("sales", "new")].map(|(rule, note)| (rule.to_owned(), note.to_owned()));
    assert_eq!(store.look(|view| view.notes_of("ada")), all);
    assert_eq!(store.look(|view| view.notes_of("bob")), []);
    store.change(|change| change.forget_notes("ada")).unwrap();
    assert_eq!(store.look(|view| view.notes_of("ada")), []);
}

pub(crate) fn a_rule_is_known_once_it_was_in_force(mut store: impl Store) {
    let know = |store: &mut _, time| {
        Store::change(store, |change| change.put_known_rule("sales", "m", at(time))).unwrap();
    };
    assert!(store.look(|view| view.known_rules()).is_empty());
    know(&mut store, 1);
    know(&mut store, 2);
    assert_eq!(store.look(|view| view.known_rules()), [("sales".to_owned(), "m".to_owned())]);
    let enter =
        NewTierChange { model: "m", lead: "ada", at: at(5), from: None, to: Some("hot"), cause: "time" };
    let mut last = 0;
    for _ in 0..2 {
        last = store.change(|store| store.put_tier_change(&enter)).unwrap();
        store.change(|store| store.put_absent_rule("sales", "m")).unwrap();
    }
    // It went before the second change.
    assert_eq!(store.look(|view| view.absent_since("sales", "m")), Some(last - 1));
    assert_eq!(store.look(|view| view.tier_changes_after("m", last - 1, 9)).len(), 1);
    know(&mut store, 3);
    assert_eq!(store.look(|view| view.absent_since("sales", "m")), None);
    store.change(|change| change.forget_rule("sales", "m")).unwrap();
    assert!(store.look(|view| view.known_rules()).is_empty());
}

pub(crate) fn timers_come_in_the_order_of_their_times(mut store: impl Store) {
    let timer = |subject: &str, time| Timer {
        kind: "look".to_owned(),
        subject: subject.to_owned(),
        name: "sales".to_owned(),
        at: at(time),
    };
    let timers = [timer("ada", 30), timer("bob", 20), timer("ada", 40)];
    store.change(|change| timers.iter().try_for_each(|timer| change.set_timer(timer))).unwrap();
    let due = |store: &mut _, now| -> Vec<(String, Instant)> {
        let due = Store::look(store, |view| view.timers(at(now), 9));
        due.into_iter().map(|timer| (timer.subject, timer.at)).collect()
    };
    assert_eq!(due(&mut store, 19), []);
    assert_eq!(due(&mut store, 40), [("bob".to_owned(), at(20)), ("ada".to_owned(), at(40))]);
    assert_eq!(store.look(|view| view.timers_of("look")).len(), 2);
    store.change(|change| change.stop_timer("look", "bob", "sales")).unwrap();
    assert_eq!(due(&mut store, 40), [("ada".to_owned(), at(40))]);
}
