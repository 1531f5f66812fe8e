//! A change sees what it has done itself, and what was foreseen changes no answer.

use kelvin_store::{Change, Coming, Id, KnownId, Link, LinkKind, NewTierChange, Owner, Result, Write};

use super::{Store, at, event, held, score};

pub(crate) fn a_change_sees_what_it_has_done(mut store: impl Store) {
    store.change(|change| does_and_sees(change)).unwrap();
    assert_eq!(store.look(|view| view.events(0, 9)).len(), 2);
}

pub(crate) fn what_was_foreseen_changes_no_answer(mut store: impl Store) {
    let coming = || Coming {
        ids: vec!["a", "b"],
        profiles: vec!["ada", "cookie"],
        leads: vec!["bob"],
        links: vec![link(5)],
        models: vec!["m", "other"],
    };
    let work = |change: &mut dyn Change| {
        change.foresee(&coming)?;
        does_and_sees(change)
    };
    store.change(work).unwrap();
    // What is there is foreseen as it is.
    let again: Result<_> = store.change(|change| {
        change.foresee(&coming)?;
        let known =
            (change.append(&event(Some("a"), "ada", 1))?, change.link(&link(5))?, change.link(&link(3))?);
        let held = change.holding("m", "bob")?.is_some_and(|held| held.score.is_none());
        Ok((known, held, change.known_id(&Id::profile("cookie"))?.map(|known| known.lead)))
    });
    assert_eq!(again.unwrap(), ((None, false, true), true, Some("ada".to_owned())));
    let links = store.look(|view| view.links_from(&Id::profile("cookie"), 9));
    assert_eq!(links, [link(3)]);
}

fn link(time: i64) -> Link {
    let (from, to) = (Id::profile("cookie"), Id::profile("ada"));
    Link { kind: LinkKind::Together, from, to, time: at(time), source: "a".to_owned() }
}

/// Changes many things, and looks at each in several ways.
fn does_and_sees(change: &mut dyn Change) -> Result<()> {
    assert_eq!(change.append(&event(Some("a"), "cookie", 1))?, Some(1));
    assert_eq!(change.append(&event(Some("a"), "ada", 1))?, None);
    assert_eq!(change.append(&event(Some("b"), "bob", 1))?, Some(2));
    assert_eq!((change.seq_of("b")?, change.events(0, 9)?.len(), change.log_end()?), (Some(2), 2, 2));
    assert_eq!(change.append(&event(Some("b"), "bob", 1))?, None);

    let known = KnownId { id: Id::profile("cookie"), lead: "ada".to_owned(), is_user: false };
    change.put_id(&known)?;
    assert_eq!((change.known_id(&known.id)?, change.events_of("ada")?.len()), (Some(known.clone()), 1));
    assert_eq!(
        (change.link(&link(5))?, change.link(&link(5))?, change.link(&link(7))?),
        (true, false, false)
    );
    assert_eq!(change.links_to(&Id::profile("ada"), 9)?, [link(5)]);
    change.forget_id(&known.id)?;
    assert_eq!(change.known_id(&known.id)?, None);
    change.put_id(&known)?;

    let write = Write { owner: Owner::Lead("ada"), key: "plan", time: at(1), id: "a", value: Some("1") };
    change.write(&write)?;
    change.write(&Write { value: Some("2"), ..write })?;
    let plan = [("plan".to_owned(), "2".to_owned())];
    assert_eq!(change.attributes(Owner::Lead("ada"), at(9))?, plan);
    change.unwrite(&write)?;
    assert_eq!(change.attributes(Owner::Lead("ada"), at(9))?, []);

    change.hold("m", "bob", Some(held(b"s", Some(at(5)), Some(score("bob", 3, Some("hot"))))))?;
    assert_eq!((change.due(at(5), 9)?.len(), change.ranked("m", Some("hot"), None, 9)?.len()), (1, 1));
    change.hold("m", "bob", None)?;
    assert_eq!(change.holding("m", "bob")?, None);
    change.hold("m", "bob", Some(held(b"t", None, None)))?;
    assert_eq!(change.holding("m", "bob")?, Some(held(b"t", None, None)));

    let (from, to) = (None, Some("hot"));
    let tier = NewTierChange { model: "m", lead: "bob", at: at(1), from, to, cause: "events" };
    assert_eq!((change.put_tier_change(&tier)?, change.last_tier("m", "bob")?.as_deref()), (1, Some("hot")));
    assert_eq!(change.tier_changes("bob", None, 9)?.len(), 1);
    assert_eq!(change.put_tier_change(&NewTierChange { from: to, to: from, ..tier })?, 2);
    assert_eq!((change.last_tier("m", "bob")?, change.last_tier("other", "bob")?), (None, None));
    Ok(())
}
