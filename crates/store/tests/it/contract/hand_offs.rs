//! Hand-offs, tasks and alerts, as cases.

use kelvin_kernel::Micropoints;
use kelvin_store::{Alert, Milestone, NewAlert, NewHandOff, Task, TaskFilter, TaskState};

use super::{Store, at};

pub(crate) fn hand_offs_are_listed_latest_first(mut store: impl Store) {
    let places = [
        put(&mut store, "ada", None, Some("ann"), 10),
        put(&mut store, "bob", Some("acme"), Some("ben"), 20),
        put(&mut store, "ada", Some("acme"), None, 30),
    ];
    assert_eq!(places, [1, 2, 3]);
    let mut seen = |lead, before| -> Vec<u64> {
        store.look(|view| view.hand_offs(lead, before, 2)).iter().map(|hand_off| hand_off.seq).collect()
    };
    assert_eq!(seen(None, None), [3, 2]);
    assert_eq!(seen(None, Some(2)), [1]);
    assert_eq!(seen(Some("ada"), None), [3, 1]);
    let first = &store.look(|view| view.hand_offs(None, Some(2), 1))[0];
    assert_eq!((first.owner.as_deref(), first.at, first.score), (Some("ann"), at(10), Micropoints(7)));
    assert_eq!((first.asked.as_deref(), first.cause.as_deref()), (Some("warm"), Some("time")));
}

pub(crate) fn a_lead_that_goes_on_as_another_takes_its_hand_offs_along(mut store: impl Store) {
    put(&mut store, "cookie", None, Some("ann"), 10);
    put(&mut store, "ada", None, None, 20);
    store.change(|change| change.list_under("cookie", "ada")).unwrap();
    let leads = store.look(|view| view.hand_offs(None, None, 9)).into_iter().map(|hand_off| hand_off.lead);
    assert_eq!(leads.collect::<Vec<_>>(), ["ada", "ada"]);
}

pub(crate) fn the_owner_of_an_account_is_the_last_one(mut store: impl Store) {
    for (owner, time) in [(Some("ann"), 1), (Some("ben"), 2), (None, 3)] {
        put(&mut store, "ada", Some("acme"), owner, time);
    }
    assert_eq!(store.look(|view| view.account_owner("acme")).as_deref(), Some("ben"));
    assert_eq!(store.look(|view| view.account_owner("globex")), None);
}

pub(crate) fn an_owners_load_counts_from_an_instant_on(mut store: impl Store) {
    for time in [10, 20, 30] {
        put(&mut store, "ada", None, Some("ann"), time);
    }
    put(&mut store, "ada", None, Some("ben"), 30);
    let mut load = |since| store.look(|view| view.load("ann", at(since)));
    assert_eq!((load(10), load(11), load(31)), (3, 2, 0));
}

pub(crate) fn turns_are_counted_for_each_step(mut store: impl Store) {
    for (step, owner) in [("a,b", "a"), ("a,b", "a"), ("a,b", "b"), ("a,c", "a")] {
        store.change(|change| change.take_turn("sales", step, owner)).unwrap();
    }
    assert_eq!(store.look(|view| view.turns("sales", "a,b")), [("a".to_owned(), 2), ("b".to_owned(), 1)]);
    assert!(store.look(|view| view.turns("other", "a,b")).is_empty());
}

pub(crate) fn a_task_is_kept_as_it_was_put_last(mut store: impl Store) {
    let mut first = task(1, Some("ann"));
    let second = task(2, None);
    store.change(|change| [&first, &second].into_iter().try_for_each(|task| change.put_task(task))).unwrap();
    first.state = TaskState::Rejected;
    first.reason = Some("no budget".to_owned());
    first.accept.breached = Some(at(7));
    store.change(|change| change.put_task(&first)).unwrap();
    assert_eq!(store.look(|view| view.task(1)), Some(first));
    assert_eq!(store.look(|view| view.task(9)), None);
    let mut listed = |filter: TaskFilter| -> Vec<u64> {
        store.look(|view| view.tasks(&filter, None, 9)).iter().map(|task| task.id).collect()
    };
    assert_eq!(listed(TaskFilter::default()), [2, 1]);
    assert_eq!(listed(TaskFilter { owner: Some("ann".to_owned()), ..TaskFilter::default() }), [1]);
    assert_eq!(listed(TaskFilter { owner: Some(String::new()), ..TaskFilter::default() }), [2]);
    assert_eq!(listed(TaskFilter { state: Some(TaskState::Open), ..TaskFilter::default() }), [2]);
    assert_eq!(listed(TaskFilter { lead: Some("bob".to_owned()), ..TaskFilter::default() }), []);
}

pub(crate) fn alerts_are_listed_latest_first(mut store: impl Store) {
    let alert = |alert, event: Option<&'static str>| {
        let score = Micropoints(7);
        let cause = if event.is_some() { "event:m1" } else { "time" };
        NewAlert { alert, model: "m", lead: "ada", at: at(5), score, tier: Some("hot"), event, cause }
    };
    let put =
        |store: &mut _, new: NewAlert<'_>| Store::change(store, |change| change.put_alert(&new)).unwrap();
    assert_eq!(put(&mut store, alert("heating", None)), 1);
    assert_eq!(put(&mut store, alert("pricing", Some("m1"))), 2);
    let seen = store.look(|view| view.alerts(None, 9));
    let told = |alert: &Alert| (alert.alert.clone(), alert.event.clone(), alert.cause.clone());
    let expect = [("pricing", Some("m1"), Some("event:m1")), ("heating", None, Some("time"))];
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let expect = expect.map(|(alert, event, cause)| (alert.to_owned(), owned(event), owned(cause)));
    assert_eq!(seen.iter().map(told).collect::<Vec<_>>(), expect);
    assert_eq!(store.look(|view| view.alerts(Some(2), 9)).len(), 1);
}

fn put(store: &mut impl Store, lead: &str, account: Option<&str>, owner: Option<&str>, time: i64) -> u64 {
    let (score, tier) = (Micropoints(7), Some("hot"));
    let (hand_off, model, asked, cause) = ("sales", "m", "warm", "time");
    let new = NewHandOff { hand_off, model, lead, account, owner, at: at(time), score, tier, asked, cause };
    store.change(|change| change.put_hand_off(&new)).unwrap()
}

fn task(id: u64, owner: Option<&str>) -> Task {
    Task {
        id,
        hand_off: "sales".to_owned(),
        model: "m".to_owned(),
        lead: "ada".to_owned(),
        owner: owner.map(str::to_owned),
        title: "Call Ada".to_owned(),
        opened: at(1),
        state: TaskState::Open,
        reason: None,
        accept: Milestone { due: Some(at(7)), ..Milestone::default() },
        contact: Milestone::default(),
        close: Milestone { due: Some(at(9)), reached: Some(at(8)), breached: None },
    }
}
