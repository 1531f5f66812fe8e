//! What is let go of, and what stays.

use kelvin_store::{Deed, MessageState, NewMessage, Person, Rejection, Stock};

use super::{Store, at, event};

pub(crate) fn events_that_go_leave_those_of_their_lead(mut store: impl Store) {
    let events = [1, 2, 3, 4].map(|time| (format!("e{time}"), time));
    store
        .change(|change| {
            events
                .iter()
                .try_for_each(|(id, time)| change.append(&event(Some(id), "ada", *time)).map(drop))?;
            change.erase(&Person { ids: &[], events: &[2, 4], traces: &[] }, "")
        })
        .unwrap();
    let seqs = |store: &mut _| -> Vec<u64> {
        Store::look(store, |view| view.events_of("ada")).iter().map(|event| event.seq).collect()
    };
    assert_eq!(seqs(&mut store), [1, 3]);
    let append = |id| move |change: &mut dyn kelvin_store::Change| change.append(&event(Some(id), "ada", 5));
    assert_eq!(store.change(append("e4")).unwrap(), None);
    assert_eq!(store.change(append("e5")).unwrap(), Some(5));
    assert_eq!(seqs(&mut store), [1, 3, 5]);
    assert_eq!(store.look(|view| view.events(0, 9)).len(), 3);
}

pub(crate) fn what_was_kept_long_enough_goes(mut store: impl Store) {
    let message = |id| NewMessage {
        id,
        lane: "ada",
        target: "crm",
        kind: "hand-off",
        body: "{\"lead\": 1}",
        at: at(1),
    };
    store
        .change(|change| {
            for time in [1, 2, 3] {
                let (who, what, subject) = ("me", "key.make", "1");
                change.put_deed(&Deed { at: at(time), who, what, subject, before: None, after: None })?;
                change.reject(&Rejection { received: at(time), code: "bad", reason: "why", body: "{" })?;
            }
            for (id, settled) in [("old", Some(1)), ("new", Some(3)), ("pending", None)] {
                change.enqueue(&message(id))?;
                settled.map_or(Ok(()), |time| change.delivered(id, at(time)))?;
            }
            Ok(())
        })
        .unwrap();
    for stock in [Stock::Messages, Stock::Audit, Stock::Rejected] {
        let mut after = Some(0);
        let mut steps = 0;
        while let Some(place) = after {
            after = store.change(|change| change.let_go(stock, at(3), place, 2)).unwrap();
            steps += 1;
        }
        assert_eq!(steps, 2, "{stock:?}");
    }
    let body = |store: &mut _, id: &str| Store::look(store, |view| view.message(id)).unwrap().body;
    assert_eq!(body(&mut store, "old"), "{}");
    assert_eq!([body(&mut store, "new"), body(&mut store, "pending")], ["{\"lead\": 1}"; 2]);
    assert!(!store.change(|change| change.enqueue(&message("old"))).unwrap());
    assert_eq!(store.look(|view| view.messages(MessageState::Pending, None, 9)).len(), 1);
    assert_eq!(
        store.look(|view| view.audit(None, 9)).iter().map(|deed| deed.at).collect::<Vec<_>>(),
        [at(3)]
    );
    assert_eq!(store.look(|view| view.rejected(None, 9)).len(), 1);
}

pub(crate) fn of_the_rejected_the_oldest_go(mut store: impl Store) {
    let rejection = |code| Rejection { received: at(7), code, reason: "why", body: "{" };
    let codes = ["one", "two", "three"];
    store.change(|change| codes.iter().try_for_each(|code| change.reject(&rejection(code)))).unwrap();
    assert_eq!(store.change(|change| change.drop_rejected(3)).unwrap(), 0);
    assert_eq!(store.change(|change| change.drop_rejected(2)).unwrap(), 1);
    let left = store.look(|view| view.rejected(None, 9));
    assert_eq!(left.iter().map(|rejected| rejected.code.as_str()).collect::<Vec<_>>(), ["three", "two"]);
}
