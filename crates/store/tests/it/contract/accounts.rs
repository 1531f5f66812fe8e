//! Cases on members of accounts.

use super::{Store, held};

pub(crate) fn members_of_an_account_are_listed_in_their_order(mut store: impl Store) {
    store
        .change(|change| {
            for (account, lead) in [("b", "zoe"), ("a", "eve"), ("b", "ada"), ("b", "zoe"), ("c", "bob")] {
                change.put_member("m", account, lead)?;
            }
            change.put_member("other", "a", "ann")
        })
        .unwrap();
    assert_eq!(store.look(|view| view.members("m", "b")), ["ada", "zoe"]);
    assert_eq!(store.look(|view| view.accounts("m", "", 2)), ["a", "b"]);
    assert_eq!(store.look(|view| view.accounts("m", "b", 2)), ["c"]);
}

pub(crate) fn members_go_with_what_a_model_holds(mut store: impl Store) {
    store
        .change(|change| {
            for model in ["gone", "bit-by-bit", "stays"] {
                change.hold(model, "ada", Some(held(b"state", None, None)))?;
                change.put_member(model, "a", "ada")?;
            }
            change.forget("gone")?;
            while change.forget_some("bit-by-bit", 1)? {}
            Ok(())
        })
        .unwrap();
    let members = |model| store.look(|view| view.members(model, "a")).len();
    assert_eq!(["gone", "bit-by-bit", "stays"].map(members), [0, 0, 1]);
}
