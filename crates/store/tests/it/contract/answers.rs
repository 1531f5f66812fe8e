//! Cases on what was answered to changes that clients call by a key.

use kelvin_store::{GivenAnswer, KnownAnswer, Person};

use super::{Store, at};

pub(crate) fn an_answer_is_kept_under_its_key(mut store: impl Store) {
    let (key, asked) = ([1; 32], [2; 32]);
    assert_eq!(store.look(|view| view.answer(&key)), None);
    store.change(|change| change.expect_answer(&key, &asked, at(5))).unwrap();
    let expected = KnownAnswer { asked, is_settled: false, given: None };
    assert_eq!(store.look(|view| view.answer(&key)), Some(expected.clone()));
    let given = GivenAnswer { status: 202, kind: "application/json".to_owned(), body: "{}".to_owned() };
    store.change(|change| change.settle_answer(&key, Some(&given))).unwrap();
    let settled = KnownAnswer { is_settled: true, given: Some(given), ..expected.clone() };
    assert_eq!(store.look(|view| view.answer(&key)), Some(settled));
    store.change(|change| change.settle_answer(&key, None)).unwrap();
    assert_eq!(store.look(|view| view.answer(&key)), Some(KnownAnswer { is_settled: true, ..expected }));
}

pub(crate) fn answers_are_forgotten_one_by_one_and_after_a_while(mut store: impl Store) {
    let keys = [[1; 32], [2; 32], [3; 32]];
    store
        .change(|change| {
            keys.iter().zip(1..).try_for_each(|(key, time)| change.expect_answer(key, key, at(time)))
        })
        .unwrap();
    let mut known =
        || store.look(|view| Ok(keys.map(|key| view.answer(&key).is_ok_and(|kept| kept.is_some()))));
    assert_eq!(known(), [true, true, true]);
    store
        .change(|change| change.forget_answers(at(2)).and_then(|()| change.forget_answer(&[3; 32])))
        .unwrap();
    let mut known =
        || store.look(|view| Ok(keys.map(|key| view.answer(&key).is_ok_and(|kept| kept.is_some()))));
    assert_eq!(known(), [false, true, false]);
}

pub(crate) fn an_answer_that_names_who_is_erased_is_forgotten(mut store: impl Store) {
    let keys = [[1; 32], [2; 32]];
    let given = |lead: &str| GivenAnswer {
        status: 200,
        kind: "application/json".to_owned(),
        body: format!("{{\"lead_id\":\"{lead}\"}}"),
    };
    let traces = ["\"lead_id\":\"ada\"".to_owned()];
    let person = Person { ids: &[], events: &[], traces: &traces };
    let mut is_known = |work: &dyn Fn(&mut dyn kelvin_store::Change) -> kelvin_store::Result<()>| {
        store.change(|change| work(change)).unwrap();
        keys.map(|key| store.look(|view| view.answer(&key)).is_some())
    };
    let kept = is_known(&|change| {
        keys.iter().zip(["ada", "adam"]).try_for_each(|(key, lead)| {
            change.expect_answer(key, key, at(1))?;
            change.settle_answer(key, Some(&given(lead)))
        })
    });
    assert_eq!(kept, [true, true]);
    assert_eq!(is_known(&|change| change.erase(&person, "proof").map(drop)), [false, true]);
}
