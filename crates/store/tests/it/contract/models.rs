//! Cases on models in service: versions, and which of them serves.

use kelvin_store::{Change, Holding, NewSwitch, NewVersion, Result, Switch};

use super::{Store, at, held, score};

fn publish(change: &mut dyn Change, model: &str, text: &str) -> Result<(u64, u64)> {
    let (author, note) = ("ada", "why");
    let version = NewVersion { model, text, author, note, at: at(7), changes: "[]" };
    let version = change.put_version(&version)?;
    let switch = change.ask_switch(&NewSwitch { model, version, author, note, asked: at(8) })?;
    Ok((version, switch))
}

fn versions(switches: &[Switch]) -> Vec<(&str, u64)> {
    switches.iter().map(|switch| (switch.model.as_str(), switch.version)).collect()
}

pub(crate) fn versions_are_numbered_by_model(mut store: impl Store) {
    let mut put = |model, text| store.change(|change| publish(change, model, text)).unwrap();
    assert_eq!([put("b", "one"), put("b", "two"), put("a", "three")], [(1, 1), (2, 2), (1, 3)]);
    let texts: Vec<_> =
        store.look(|view| view.versions("b")).into_iter().map(|version| version.text).collect();
    assert_eq!(texts, ["two", "one"]);
    let one = store.look(|view| view.version("b", 1)).unwrap();
    assert_eq!((one.author.as_str(), one.note.as_str(), one.at), ("ada", "why", at(7)));
    assert_eq!(store.look(|view| view.version("b", 3)), None);
}

pub(crate) fn a_version_serves_from_its_switch_on(mut store: impl Store) {
    store
        .change(|change| {
            ["b", "b", "a"].iter().try_for_each(|model| publish(change, model, "text").map(drop))?;
            change.end_switch(1, at(9))?;
            change.end_switch(3, at(9))
        })
        .unwrap();
    assert_eq!(versions(&store.look(|view| view.in_service())), [("a", 1), ("b", 1)]);
    assert_eq!(versions(&store.look(|view| view.pending_switches())), [("b", 2)]);
    store.change(|change| change.end_switch(2, at(10))).unwrap();
    assert_eq!(versions(&store.look(|view| view.in_service())), [("a", 1), ("b", 2)]);
    let switches = store.look(|view| view.switches("b"));
    assert_eq!((versions(&switches), switches[0].ended), (vec![("b", 2), ("b", 1)], Some(at(10))));
    assert!(store.change(|change| change.withdraw("b")).unwrap());
    assert!(!store.change(|change| change.withdraw("b")).unwrap());
    assert_eq!(versions(&store.look(|view| view.in_service())), [("a", 1)]);
}

pub(crate) fn a_version_that_fails_does_not_serve(mut store: impl Store) {
    store.change(|change| publish(change, "m", "text")).unwrap();
    assert_eq!(store.change(|change| change.ask_again(1)).unwrap(), 2);
    store.change(|change| change.fail_switch(2, at(9), "damaged")).unwrap();
    assert!(store.look(|view| view.in_service()).is_empty());
    assert!(store.look(|view| view.pending_switches()).is_empty());
    let switches = store.look(|view| view.switches("m"));
    assert_eq!((switches.len(), switches[0].asked), (1, at(8)));
    assert_eq!((switches[0].ended, switches[0].failure.as_deref()), (Some(at(9)), Some("damaged")));
}

pub(crate) fn leads_are_filled_in_where_nothing_is_held(mut store: impl Store) {
    let with = |state: &[u8], points| held(state, None, Some(score("x", points, None)));
    let rows = |state: &[u8]| -> Vec<(String, Holding)> {
        ["ada", "bob", "eve"].map(|lead| (lead.to_owned(), with(state, 1))).into()
    };
    store.change(|change| change.hold("m", "bob", Some(with(b"own", 2)))).unwrap();
    store.change(|change| change.fill("m", &rows(b"first"))).unwrap();
    store.change(|change| change.fill("m", &rows(b"second"))).unwrap();
    let mut check = |lead: &str, state: &[u8], points| {
        let found = store.look(|view| view.holding("m", lead));
        assert_eq!(found.map(|found| found.state.to_vec()).as_deref(), Some(state), "{lead}");
        let found = store.look(|view| view.score_of("m", lead));
        assert_eq!(found.map(|found| found.score.0), Some(points), "{lead}");
    };
    check("ada", b"first", 1);
    check("bob", b"own", 2);
    check("eve", b"first", 1);
    assert_eq!(store.look(|view| view.score_of("m", "nobody")), None);
}

pub(crate) fn what_a_model_holds_is_forgotten_bit_by_bit(mut store: impl Store) {
    let rows: Vec<_> = (0..5).map(|lead| (format!("lead-{lead}"), held(b"", Some(at(1)), None))).collect();
    store
        .change(|change| {
            change.fill("m", &rows)?;
            change.fill("other", &rows)?;
            change.hold("m", "late", Some(held(b"", None, None)))
        })
        .unwrap();
    let mut rounds = 1;
    while store.change(|change| change.forget_some("m", 2)).unwrap() {
        rounds += 1;
    }
    assert!(rounds >= 3);
    assert_eq!(store.look(|view| view.holding("m", "late")), None);
    let due = store.look(|view| view.due(at(9), 99));
    assert_eq!((due.len(), due[0].0.as_str()), (5, "other"));
}
