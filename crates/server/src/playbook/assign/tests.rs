//! To whom leads go.

use serde_json::{Value as Json, json};

use super::*;
use crate::playbook::{
    facts::Facts,
    testing::{day, playbook},
};

/// The owner of a lead by an assignment, given what is known of Ada, Bob and Eve.
fn check(assign: &str, staff: Staff, lead: Json, expect: Option<&str>) {
    let playbook = playbook(&format!("hand_offs:\n  - {{id: sales, tier: hot, assign: {assign}}}\n"));
    let slots = Facts::of_lead(&lead, &json!({})).slots(&playbook.schema, Some(day(0)));
    let found = assigned(&playbook.owners, &playbook.hand_offs[0].assign, &staff, &slots.env());
    let name = found.map(|(_, owner)| playbook.owners[owner.0].id.as_str());
    assert_eq!(name, expect, "{assign} of {lead}");
}

fn german() -> Json {
    json!({"country": "DE"})
}

#[test]
fn the_first_step_that_finds_somebody_decides() {
    let steps = "[{if: lead.employees > 1000, to: eve}, ada, bob]";
    check(steps, Staff::default(), json!({"country": "DE", "employees": 5000}), Some("eve"));
    check(steps, Staff::default(), german(), Some("ada"));
    check(steps, Staff::default(), json!({"country": "FR"}), Some("bob"));
    check("ada", Staff::default(), json!({"country": "FR"}), None);
}

#[test]
fn a_full_owner_is_passed_over() {
    let staff = |load| Staff { loads: vec![load, 99, 99], ..Staff::default() };
    check("[ada, eve]", staff(1), german(), Some("ada"));
    check("[ada, eve]", staff(2), german(), Some("eve"));
    check("ada", staff(2), german(), None);
    check(
        "[{round_robin: [ada, eve]}]",
        Staff { turns: vec![vec![0, 9]], ..staff(2) },
        german(),
        Some("eve"),
    );
}

#[test]
fn who_has_the_account_gets_the_lead_wherever_it_is_and_however_full() {
    let staff = |owner| Staff { account_owner: owner, loads: vec![9, 0, 0], ..Staff::default() };
    check("[account_owner, bob]", staff(Some(OwnerId(0))), json!({"country": "FR"}), Some("ada"));
    check("[account_owner, bob]", staff(None), german(), Some("bob"));
}

#[test]
fn turns_are_taken_by_weight() {
    let playbook = playbook("hand_offs:\n  - {id: sales, tier: hot, assign: [{round_robin: [eve, bob]}]}\n");
    let steps = &playbook.hand_offs[0].assign;
    let slots = Facts::default().slots(&playbook.schema, Some(day(0)));
    let mut turns = vec![0, 0];
    let mut order = String::new();
    for _ in 0..6 {
        let staff = Staff { turns: vec![turns.clone()], ..Staff::default() };
        let (_, owner) = assigned(&playbook.owners, steps, &staff, &slots.env()).expect("somebody");
        let name = &playbook.owners[owner.0].id;
        turns[usize::from(name == "bob")] += 1;
        order.push_str(&name[..1]);
    }
    assert_eq!(order, "ebbebb");
    let Assignee::RoundRobin(ids) = &steps[0].to else { panic!("{steps:?}") };
    assert_eq!(step_name(&playbook.owners, ids), "eve,bob");
}
