//! What became of leads, as cases.

use kelvin_store::{Change, Id, IdKind, KnownId, Outcome, OutcomeFilter, Person, Result};

use super::{Store, at};

/// An outcome at its own instant.
fn outcome(id: &str, lead: &str, kind: &str, time: i64) -> Outcome {
    Outcome {
        id: id.to_owned(),
        lead: lead.to_owned(),
        kind: kind.to_owned(),
        time: at(time),
        value_millionths: Some(-1_500_000),
        currency: Some("EUR".to_owned()),
        reason: None,
        deal: Some("17".to_owned()),
        source: Some("crm".to_owned()),
    }
}

fn put(change: &mut dyn Change, outcomes: &[Outcome]) -> Result<()> {
    outcomes.iter().try_for_each(|outcome| change.put_outcome(outcome))
}

pub(crate) fn an_outcome_with_a_known_id_takes_the_place_of_the_one_before(mut store: impl Store) {
    let first = [outcome("a", "ada", "won", 5), outcome("b", "bob", "lost", 6)];
    store.change(|change| put(change, &first)).unwrap();
    let later = Outcome {
        value_millionths: None,
        currency: None,
        reason: Some("too\0dear".to_owned()),
        source: None,
        ..outcome("a", "eve", "lost", 7)
    };
    store.change(|change| put(change, std::slice::from_ref(&later))).unwrap();
    assert_eq!(store.look(|view| view.outcome("a")), Some(later.clone()));
    let all = store.look(|view| view.outcomes(&OutcomeFilter::default(), 0, 9));
    assert_eq!(
        all.iter().map(|placed| (placed.seq, &*placed.outcome.id)).collect::<Vec<_>>(),
        [(1, "a"), (2, "b")]
    );
    assert_eq!(store.look(|view| view.outcomes_naming("eve")), [later]);
    assert_eq!(store.look(|view| view.outcomes_naming("ada")), []);
    assert!(store.change(|change| change.drop_outcome("a")).unwrap());
    assert!(!store.change(|change| change.drop_outcome("a")).unwrap());
    assert_eq!(store.look(|view| view.outcome("a")), None);
}

pub(crate) fn outcomes_are_listed_page_by_page(mut store: impl Store) {
    let all = [outcome("c", "ada", "won", 5), outcome("b", "bob", "lost", 6), outcome("a", "ada", "won", 7)];
    store.change(|change| put(change, &all)).unwrap();
    let mut page = |filter: &OutcomeFilter, after, limit| -> Vec<String> {
        store
            .look(|view| view.outcomes(filter, after, limit))
            .into_iter()
            .map(|placed| placed.outcome.id)
            .collect()
    };
    let any = OutcomeFilter::default();
    assert_eq!(
        (page(&any, 0, 2), page(&any, 2, 2)),
        (vec!["c".to_owned(), "b".to_owned()], vec!["a".to_owned()])
    );
    let won = OutcomeFilter { kind: Some("won".to_owned()), ..OutcomeFilter::default() };
    assert_eq!(page(&won, 0, 9), ["c", "a"]);
    let between = OutcomeFilter { from: Some(at(6)), to: Some(at(7)), kind: None };
    assert_eq!(page(&between, 0, 9), ["b"]);
}

pub(crate) fn outcomes_of_who_is_erased_go_whichever_id_they_name(mut store: impl Store) {
    let id = |kind, text: &str| Id { kind, text: text.to_owned() };
    let address = "ada@acme.example";
    let known = [
        (id(IdKind::Profile, "ada"), "ada"),
        (id(IdKind::Email, address), "ada"),
        (id(IdKind::External, "crm:17"), "ada"),
        (id(IdKind::External, "bob"), "ada"),
        (id(IdKind::Profile, "bob"), "bob"),
    ];
    let mut outcomes: Vec<_> =
        ["ada", address, "crm:17", "bob"].iter().map(|lead| outcome(lead, lead, "won", 1)).collect();
    outcomes[3].reason = Some(format!("as {address} said"));
    let keep = |change: &mut dyn Change| {
        for (id, lead) in &known {
            change.put_id(&KnownId { id: id.clone(), lead: (*lead).to_owned(), is_user: true })?;
        }
        put(change, &outcomes)
    };
    store.change(keep).unwrap();
    let ids: Vec<Id> = known[..4].iter().map(|(id, _)| id.clone()).collect();
    let person = Person { ids: &ids, events: &[], traces: &[address.to_owned()] };
    assert_eq!(store.look(|view| view.kept_of(&person)).len(), 3);
    store.change(|change| change.erase(&person, "proof")).unwrap();
    // A text that is somebody else's profile stands for them.
    let left = store.look(|view| view.outcomes(&OutcomeFilter::default(), 0, 9));
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].outcome.lead.as_str(), left[0].outcome.reason.as_deref()), ("bob", None));
}
