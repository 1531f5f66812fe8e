//! Experiments that are carried out, as cases.

use kelvin_kernel::Micropoints;
use kelvin_store::{Experiment, NewHandOff};

use super::{Store, at};

pub(crate) fn an_experiment_takes_the_place_of_the_one_of_its_id(mut store: impl Store) {
    let experiment = |id: &str, terms: &str, since| Experiment {
        id: id.to_owned(),
        terms: terms.to_owned(),
        since: at(since),
    };
    let mut put = |experiment: &Experiment| store.change(|change| change.put_experiment(experiment)).unwrap();
    put(&experiment("two", "b", 2));
    put(&experiment("one", "a", 1));
    put(&experiment("two", "c", 3));
    let kept = store.look(|view| view.experiments());
    assert_eq!(kept, [experiment("one", "a", 1), experiment("two", "c", 3)]);
    store.change(|change| change.end_experiment("one")).unwrap();
    assert_eq!(store.look(|view| view.experiments()), [experiment("two", "c", 3)]);
}

pub(crate) fn hand_offs_are_counted_by_model_from_an_instant_on(mut store: impl Store) {
    for (model, day) in [("a", 1), ("b", 2), ("a", 3), ("a", 4)] {
        let hand_off = NewHandOff {
            hand_off: "sales",
            model,
            lead: "ada",
            account: None,
            owner: None,
            at: at(day),
            score: Micropoints(0),
            tier: None,
            asked: "hot",
            cause: "time",
        };
        store.change(|change| change.put_hand_off(&hand_off)).unwrap();
    }
    assert_eq!(store.look(|view| view.hand_offs_by("a", at(3))), 2);
    assert_eq!(store.look(|view| view.hand_offs_by("b", at(3))), 0);
}
