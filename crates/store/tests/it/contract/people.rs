//! Whose events, as cases.

use kelvin_store::{Id, IdKind, KnownId, Link, LinkKind, Owner, Write};

use super::{Store, at, event};

pub(crate) fn events_and_attributes_of_a_lead_are_those_of_all_its_profiles(mut store: impl Store) {
    let known =
        |text: &str, lead: &str| KnownId { id: Id::profile(text), lead: lead.to_owned(), is_user: false };
    let write = |profile, time, value| Write {
        owner: Owner::Lead(profile),
        key: "plan",
        time: at(time),
        id: "x",
        value: Some(value),
    };
    store
        .change(|change| {
            for (profile, time) in [("cookie", 3), ("ada", 2), ("bob", 1), ("cookie", 1)] {
                change.append(&event(None, profile, time))?;
            }
            change.write(&write("cookie", 2, "\"pro\""))?;
            change.write(&write("ada", 1, "\"free\""))?;
            [known("ada", "ada"), known("cookie", "ada")].iter().try_for_each(|known| change.put_id(known))
        })
        .unwrap();
    let of = |lead: &str, store: &mut _| -> Vec<(u64, String)> {
        let events = Store::look(store, |view| view.events_of(lead));
        events.into_iter().map(|event| (event.seq, event.profile)).collect()
    };
    let expect = [(1, "cookie"), (2, "ada"), (4, "cookie")].map(|(seq, profile)| (seq, profile.to_owned()));
    assert_eq!(of("ada", &mut store), expect);
    assert_eq!(of("bob", &mut store), [(3, "bob".to_owned())]);
    let leads: Vec<_> = store.look(|view| view.events(0, 9)).into_iter().map(|event| event.lead).collect();
    assert_eq!(leads, ["ada", "ada", "bob", "ada"]);
    let profiles = store.look(|view| view.events_by_profile(1, 3)).into_iter();
    let profiles: Vec<_> = profiles.map(|event| (event.seq, event.lead, event.profile)).collect();
    let expect = [(2, "ada"), (3, "bob")].map(|(seq, of)| (seq, of.to_owned(), of.to_owned()));
    assert_eq!(profiles, expect);
    let joined = store.look(|view| view.joined_profiles());
    assert_eq!(joined, [("cookie".to_owned(), "ada".to_owned())]);
    let read = store.look(|view| view.attributes(Owner::Lead("ada"), at(9)));
    assert_eq!(read, [("plan".to_owned(), "\"pro\"".to_owned())]);
}

pub(crate) fn leads_are_found_by_a_part_of_any_of_their_ids(mut store: impl Store) {
    let email = Id { kind: IdKind::Email, text: "Ada@Acme.example".to_owned() };
    let known = |id: Id, lead: &str| KnownId { id, lead: lead.to_owned(), is_user: true };
    let all = [known(email, "ada"), known(Id::profile("ada"), "ada"), known(Id::profile("bob"), "bob")];
    store.change(|change| all.iter().try_for_each(|known| change.put_id(known))).unwrap();
    let mut named = |text, limit| store.look(|view| view.leads_named(text, limit));
    assert_eq!(named("ACME", 9), ["ada"]);
    assert_eq!(
        (named("b", 9), named("%", 9), named("a", 1)),
        (vec!["bob".to_owned()], vec![], vec!["ada".to_owned()])
    );
}

pub(crate) fn of_links_that_say_the_same_the_first_is_kept(mut store: impl Store) {
    let link = |time, source: &str| Link {
        kind: LinkKind::Together,
        from: Id::profile("cookie"),
        to: Id::profile("ada"),
        time: at(time),
        source: source.to_owned(),
    };
    let mut note = |time, source| store.change(|change| change.link(&link(time, source))).unwrap();
    assert_eq!([note(5, "b"), note(5, "c"), note(6, "a"), note(5, "b")], [true, false, false, false]);
    assert_eq!([note(5, "a"), note(4, "z")], [true, true]);
    assert_eq!(store.look(|view| view.links_from(&Id::profile("cookie"), 9)), [link(4, "z")]);
    assert_eq!(store.look(|view| view.links_to(&Id::profile("ada"), 9)), [link(4, "z")]);
    let by_hand = Link { kind: LinkKind::ByHand, ..link(9, "why") };
    store.change(|change| change.link(&by_hand)).unwrap();
    assert_eq!(store.look(|view| view.links_to(&Id::profile("ada"), 1)), [by_hand]);
    assert!(store.change(|change| change.unlink(&Id::profile("ada"))).unwrap());
    assert!(!store.change(|change| change.unlink(&Id::profile("ada"))).unwrap());
    assert_eq!(store.look(|view| view.links_to(&Id::profile("ada"), 9)), [link(4, "z")]);
}

pub(crate) fn what_is_kept_apart_is_so_both_ways(mut store: impl Store) {
    let (ada, mail) = (Id::profile("ada"), Id { kind: IdKind::Email, text: "ada".to_owned() });
    store.change(|change| change.keep_apart(&ada, &mail)).unwrap();
    assert_eq!(store.look(|view| view.apart_from(&ada)), std::slice::from_ref(&mail));
    assert_eq!(store.look(|view| view.apart_from(&mail)), std::slice::from_ref(&ada));
    store.change(|change| change.let_together(&mail, &ada)).unwrap();
    assert!(store.look(|view| view.apart_from(&ada)).is_empty());
}

pub(crate) fn an_id_belongs_to_one_lead(mut store: impl Store) {
    let id = Id { kind: IdKind::External, text: "crm:17".to_owned() };
    let known = |lead: &str| KnownId { id: id.clone(), lead: lead.to_owned(), is_user: false };
    for lead in ["ada", "bob"] {
        store.change(|change| change.put_id(&known(lead))).unwrap();
    }
    assert_eq!(store.look(|view| view.known_id(&id)), Some(known("bob")));
    assert_eq!(store.look(|view| view.ids_of("bob")), [known("bob")]);
    assert!(store.look(|view| view.ids_of("ada")).is_empty());
    store.change(|change| change.forget_id(&id)).unwrap();
    assert_eq!(store.look(|view| view.known_id(&id)), None);
}
