//! Cases on what happens to leads: one order over all of it, which outlives those who are removed.

use kelvin_kernel::Micropoints;
use kelvin_store::{
    Change, Happened, Happening, Id, IdKind, Milestone, NewAlert, NewHandOff, NewTierChange, Person, Result,
    Task, TaskState,
};

use super::{Store, at};

fn enters(change: &mut dyn Change, lead: &str, tier: &str) -> Result<u64> {
    let (from, to) = (None, Some(tier));
    change.put_tier_change(&NewTierChange { model: "m", lead, at: at(1), from, to, cause: "time" })
}

fn hands_off(change: &mut dyn Change, lead: &str) -> Result<u64> {
    let (hand_off, model, score, tier) = ("sales", "m", Micropoints(5), Some("hot"));
    let (account, owner, asked, cause) = (None, Some("ada"), "hot", "time");
    let at = at(2);
    change.put_hand_off(&NewHandOff { hand_off, model, lead, account, owner, at, score, tier, asked, cause })
}

fn task(id: u64, lead: &str, state: TaskState) -> Task {
    Task {
        id,
        hand_off: "sales".to_owned(),
        model: "m".to_owned(),
        lead: lead.to_owned(),
        owner: None,
        title: String::new(),
        opened: at(2),
        state,
        reason: None,
        accept: Milestone::default(),
        contact: Milestone::default(),
        close: Milestone::default(),
    }
}

/// What happened, in a word each.
fn words(happenings: &[Happening]) -> Vec<String> {
    let word = |happening: &Happening| match &happening.what {
        None => "gone".to_owned(),
        Some(Happened::Tier(change)) => format!("{} {}", change.lead, change.to.as_deref().unwrap_or("none")),
        Some(Happened::HandOff(hand_off)) => format!("{} handed off", hand_off.lead),
        Some(Happened::Task(hand_off, state)) => format!("{} {}", hand_off.lead, state.name()),
        Some(Happened::Alert(alert)) => format!("{} {}", alert.lead, alert.alert),
    };
    happenings.iter().map(word).collect()
}

pub(crate) fn what_happens_is_told_in_its_order_from_any_place(mut store: impl Store) {
    assert_eq!(store.look(|view| view.last_happening()), 0);
    store
        .change(|change| {
            enters(change, "ada", "hot")?;
            let id = hands_off(change, "ada")?;
            change.put_task(&task(id, "ada", TaskState::Open))?;
            // What changes of a task but its state is not told.
            change.put_task(&task(id, "ada", TaskState::Open))?;
            change.put_task(&task(id, "ada", TaskState::Done))?;
            let (alert, model, lead) = ("surge", "m", "bob");
            let (score, tier, event, cause) = (Micropoints(7), None, None, "time");
            change.put_alert(&NewAlert { alert, model, lead, at: at(3), score, tier, event, cause })
        })
        .unwrap();
    let all = store.look(|view| view.happenings(0, 10));
    assert_eq!(words(&all), ["ada hot", "ada handed off", "ada open", "ada done", "bob surge"]);
    assert_eq!(all.last().map(|last| last.place), Some(store.look(|view| view.last_happening())));
    let some = store.look(|view| view.happenings(all[1].place, 2));
    assert_eq!(words(&some), ["ada open", "ada done"]);
    assert_eq!(store.look(|view| view.happenings(all[4].place, 10)), []);
}

pub(crate) fn what_happened_to_who_is_removed_is_told_no_more(mut store: impl Store) {
    store.change(|change| enters(change, "bob", "hot").and_then(|_| enters(change, "ada", "hot"))).unwrap();
    let last = store.look(|view| view.last_happening());
    let ids = [Id { kind: IdKind::Profile, text: "ada".to_owned() }];
    store.change(|change| change.erase(&Person { ids: &ids, events: &[], traces: &[] }, "proof")).unwrap();
    assert_eq!(words(&store.look(|view| view.happenings(0, 10))), ["bob hot", "gone"]);
    assert_eq!(store.look(|view| view.last_happening()), last);
    store.change(|change| enters(change, "cem", "hot")).unwrap();
    assert_eq!(words(&store.look(|view| view.happenings(last, 10))), ["cem hot"]);
}
