//! Who may come in, and who changed what.

use kelvin_store::{Deed, Pass, Role, Scope};

use super::{Store, at};

pub(crate) fn a_key_is_there_until_it_is_dropped(mut store: impl Store) {
    let made = store.change(|change| {
        change.add_key("shop", Scope::Write, (&[1; 32], "kv_a"), at(5))?;
        change.add_key("etl", Scope::Read, (&[2; 32], "kv_b"), at(6))
    });
    let made = made.unwrap();
    assert_eq!(store.look(|view| view.keys())[1], made);
    assert!(store.change(|change| change.drop_key(1)).unwrap());
    assert!(!store.change(|change| change.drop_key(1)).unwrap());
    assert_eq!(store.look(|view| view.keys()), [made]);
}

pub(crate) fn a_user_is_found_by_address(mut store: impl Store) {
    let user = store.change(|change| change.add_user(None, Role::Viewer, at(1))).unwrap();
    assert_eq!(store.look(|view| view.user_at("ada@acme.example")), None);
    let mut known = user.clone();
    known.email = Some("ada@acme.example".to_owned());
    known.role = Role::Admin;
    known.password = Some("hashed".to_owned());
    known.is_disabled = true;
    store.change(|change| change.put_user(&known)).unwrap();
    assert_eq!(store.look(|view| view.user_at("ada@acme.example")).as_ref(), Some(&known));
    assert_eq!(store.look(|view| view.users()), [known]);
}

pub(crate) fn a_pass_lets_in_until_it_ends(mut store: impl Store) {
    let user = store.change(|change| {
        let user = change.add_user(Some("ada@acme.example"), Role::Sales, at(1))?;
        change.give_pass(Pass::Session, user.id, &[1; 32], at(1), at(10))?;
        change.give_pass(Pass::Invitation, user.id, &[2; 32], at(1), at(20))?;
        Ok(user)
    });
    let user = user.unwrap();
    let mut holder = |pass, hash: u8, now| {
        let holder = store.look(|view| view.holder(pass, &[hash; 32], at(now)));
        holder.map(|holder| holder.id)
    };
    assert_eq!(holder(Pass::Session, 1, 9), Some(user.id));
    assert_eq!(holder(Pass::Session, 1, 10), None);
    assert_eq!(holder(Pass::Session, 2, 9), None);
    assert_eq!(holder(Pass::Invitation, 2, 19), Some(user.id));
    assert!(store.look(|view| view.has_pass(Pass::Session, user.id, at(9))));
    store.change(|change| change.end_pass(&[1; 32])).unwrap();
    assert!(!store.look(|view| view.has_pass(Pass::Session, user.id, at(9))));
    store.change(|change| change.end_passes(user.id)).unwrap();
    assert_eq!(store.look(|view| view.holder(Pass::Invitation, &[2; 32], at(9))), None);
}

pub(crate) fn what_somebody_changed_is_listed_latest_first(mut store: impl Store) {
    for (time, what) in [(1, "key.make"), (2, "key.drop")] {
        let deed =
            Deed { at: at(time), who: "ada", what, subject: "key 1", before: None, after: Some("shop") };
        store.change(|change| change.put_deed(&deed)).unwrap();
    }
    let audit = store.look(|view| view.audit(None, 9));
    assert_eq!((audit[0].seq, audit[0].what.as_str(), audit[0].at), (2, "key.drop", at(2)));
    let first = store.look(|view| view.audit(Some(2), 9));
    assert_eq!((first[0].subject.as_str(), first[0].after.as_deref()), ("key 1", Some("shop")));
    assert_eq!(first.len(), 1);
}
