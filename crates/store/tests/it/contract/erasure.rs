//! Who is erased is gone, and what others have is as it was.

use kelvin_store::{Change, Deed, Id, NewTierChange, NewVoid, Owner, Person, Rejection, Removed, Write};

use super::{Store, at, event, held, score};

pub(crate) fn who_is_erased_is_found_nowhere(mut store: impl Store) {
    keep_two(&mut store);
    let (ids, traces) = named();
    let person = Person { ids: &ids, events: &[], traces: &traces };
    let kept = store.look(|view| view.kept_of(&person));
    assert_eq!(kept.iter().map(|row| row.table).collect::<Vec<_>>(), ["audit", "rejected"]);
    let removed = erase(&mut store);
    assert!(store.look(|view| view.kept_of(&person)).is_empty());
    assert_eq!(removed.events, 2);
    assert!(store.look(|view| view.events_of("ada")).is_empty());
    assert!(store.look(|view| view.attributes(Owner::Lead("ada"), at(100))).is_empty());
    assert_eq!(store.look(|view| view.holding("m", "ada")), None);
    assert!(store.look(|view| view.rejected(None, 9)).is_empty());
    let ranked = store.look(|view| view.ranked("m", None, None, 9));
    assert_eq!(ranked.iter().map(|score| score.lead.as_str()).collect::<Vec<_>>(), ["bob"]);
    let audit = store.look(|view| view.audit(None, 9));
    assert_eq!((audit[0].subject.as_str(), audit[0].before.as_deref()), ("proof", None));
}

pub(crate) fn what_was_noted_of_events_of_who_is_erased_goes_too(mut store: impl Store) {
    keep_two(&mut store);
    let asked = [r#"{"ids":["a1"]}"#, r#"{"lead":"x"}"#, r#"{"ids":["a2","b1"]}"#, r#"{"event":"y"}"#, "{}"];
    let voided: [&[u64]; 5] = [&[1], &[1, 3], &[2, 3], &[1, 2], &[1]];
    store
        .change(|change| {
            for (asked, events) in asked.iter().zip(voided) {
                let number =
                    change.put_void(&NewVoid { at: at(7), cause: "by-hand", reason: "why", asked })?;
                events.iter().try_for_each(|seq| change.void_event(number, *seq).map(drop))?;
                let (who, what, subject) = ("eve", "void.make", "void");
                change.put_deed(&Deed { at: at(7), who, what, subject, before: None, after: Some(asked) })?;
            }
            for cause in ["event:a2", "event:b1"] {
                let (model, from, to) = ("m", None, Some("hot"));
                change.put_tier_change(&NewTierChange { model, lead: "bob", at: at(7), from, to, cause })?;
            }
            Ok(())
        })
        .unwrap();
    erase(&mut store);
    let mut voids = store.look(|view| view.voids(None, 9));
    voids.reverse();
    let left = ["{}", "{}", "{}", asked[3], "{}"];
    assert_eq!(voids.iter().map(|void| void.asked.as_str()).collect::<Vec<_>>(), left);
    assert_eq!(voids.iter().map(|void| void.reason.as_str()).collect::<Vec<_>>(), ["", "", "", "why", "why"]);
    let mut audit = store.look(|view| view.audit(None, 5));
    audit.reverse();
    let after: Vec<_> = audit.iter().map(|entry| entry.after.as_deref()).collect();
    assert_eq!(after, [None, None, None, Some(asked[3]), Some("{}")]);
    let causes = store.look(|view| view.tier_changes("bob", None, 9));
    assert_eq!(causes.iter().map(|change| change.cause.as_str()).collect::<Vec<_>>(), ["event:b1", "event:"]);
}

pub(crate) fn what_others_have_outlives_an_erasure(mut store: impl Store) {
    keep_two(&mut store);
    erase(&mut store);
    let events = store.look(|view| view.events(0, 9));
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [2]);
    assert_eq!(store.look(|view| view.events_of("bob")), events);
    assert!(store.look(|view| view.holding("m", "bob")).is_some());
}

pub(crate) fn who_has_an_address_that_ends_alike_is_not_erased(mut store: impl Store) {
    let bodies =
        ["mail to Ada@Acme.example.", "mail to anna-ada@acme.example", "\u{c4}DA@acme.example", "\0"];
    let reject = |change: &mut dyn Change, body| {
        change.reject(&Rejection { received: at(1), code: "x", reason: "y", body })
    };
    store.change(|change| bodies.iter().try_for_each(|body| reject(change, body))).unwrap();
    for (trace, left) in [("ada@acme.example", 3), ("\u{e4}da@acme.example", 2)] {
        let person = Person { ids: &[], events: &[], traces: &[trace.to_owned()] };
        assert_eq!(store.look(|view| view.kept_of(&person)).len(), 1, "{trace}");
        store.change(|change| change.erase(&person, "proof")).unwrap();
        assert_eq!(store.look(|view| view.rejected(None, 9)).len(), left, "{trace}");
    }
}

pub(crate) fn an_erased_event_that_is_sent_again_stays_away(mut store: impl Store) {
    keep_two(&mut store);
    erase(&mut store);
    assert_eq!(store.change(|change| change.append(&event(Some("a1"), "ada", 1))).unwrap(), None);
    assert_eq!(store.look(|view| view.seq_of("a1")), None);
    let next = store.change(|change| change.append(&event(Some("a3"), "ada", 1))).unwrap();
    assert_eq!(next, Some(4), "a place is never used again");
    assert_eq!(store.look(|view| view.events_of("ada")).len(), 1);
}

/// Keeps what there may be of `ada`, around something of `bob`.
fn keep_two(store: &mut impl Store) {
    store
        .change(|change| {
            change.append(&event(Some("a1"), "ada", 1))?;
            change.append(&event(Some("b1"), "bob", 1))?;
            change.append(&event(Some("a2"), "ada", 2))?;
            let owner = Owner::Lead("ada");
            change.write(&Write { owner, key: "name", time: at(1), id: "a1", value: Some("\"Ada\"") })?;
            change.hold("m", "ada", Some(held(b"s", None, Some(score("ada", 5, None)))))?;
            change.hold("m", "bob", Some(held(b"s", None, Some(score("bob", 3, None)))))?;
            let body = r#"{"userId":"ada"}"#;
            change.reject(&Rejection { received: at(1), code: "x", reason: "y", body })?;
            let (who, what, subject) = ("eve", "lead.merge", "ada");
            change.put_deed(&Deed { at: at(1), who, what, subject, before: Some("ada-2"), after: None })?;
            Ok(())
        })
        .unwrap();
}

fn named() -> ([Id; 1], [String; 1]) {
    ([Id::profile("ada")], ["\"ada\"".to_owned()])
}

fn erase(store: &mut impl Store) -> Removed {
    let (ids, traces) = named();
    let person = Person { ids: &ids, events: &[1, 3], traces: &traces };
    store.change(|change| change.erase(&person, "proof")).unwrap()
}
