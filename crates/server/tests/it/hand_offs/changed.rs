//! A playbook that is changed: who comes is handed off, and who was there is not.

use serde_json::json;

use super::{PLAYBOOK, again, demo, handed_off, service};
use crate::service::{MODEL, Service, Setup, fresh};

/// Ten points for a day.
fn page(service: &Service) {
    service.post("/v1/page", &json!({"userId": "eve", "properties": {"path": "/pricing"}}));
}

/// Sets the clock, and waits until Eve's score is what it is then.
fn later(service: &Service, now: &str, score: i64) {
    service.set_clock(now);
    service.wait_for("/api/v1/leads", |answer| answer.json()["leads"][0]["score"] == score);
}

#[test]
fn who_lies_below_a_bound_that_was_raised_comes_again() {
    let (service, folder) = service(&PLAYBOOK.replace("leave: 10", "leave: 5"));
    page(&service);
    page(&service);
    later(&service, "2026-03-01T12:00:00Z", 20);
    page(&service);
    assert_eq!(handed_off(&service).len(), 1);
    later(&service, "2026-03-02T01:00:00Z", 10);
    service.stop();
    let service = again(&folder, &PLAYBOOK.replace("leave: 10", "leave: 15"), false);
    later(&service, "2026-03-02T02:00:00Z", 10);
    page(&service);
    assert_eq!(handed_off(&service).len(), 1);
    page(&service);
    assert_eq!(handed_off(&service).len(), 2);
}

#[test]
fn who_was_handed_off_in_a_lower_tier_comes_again_in_a_higher_one() {
    let (service, folder) = service(&PLAYBOOK.replace("tier: hot\n    leave: 10", "tier: warm"));
    page(&service);
    assert_eq!(handed_off(&service).len(), 1);
    service.stop();
    let service = again(&folder, &PLAYBOOK.replace("leave: 10", "leave: hot"), false);
    demo(&service, "eve");
    demo(&service, "eve");
    assert_eq!(handed_off(&service).len(), 2);
}

#[test]
fn who_was_handed_off_by_one_model_enters_the_tier_of_another() {
    let other = MODEL.replace("model: small", "model: other").replace("from: 30", "from: 50");
    let of = |model: &str| PLAYBOOK.replace("tier: hot", &format!("model: {model}\n    tier: hot"));
    let (small, of_other) = (of("small"), of("other"));
    let setup = |playbook| Setup { models: &[], playbook: Some(playbook), ..Setup::default() };
    let models = [MODEL, other.as_str()];
    let (service, folder) = crate::service::with(&Setup { models: &models, ..setup(&small) });
    demo(&service, "eve");
    assert_eq!(handed_off(&service).len(), 1);
    service.stop();
    let service = Service::start(folder.path(), &Setup { models: &models, ..setup(&of_other) });
    demo(&service, "eve");
    demo(&service, "eve");
    assert_eq!(handed_off(&service).len(), 2);
}

#[test]
fn who_was_in_a_tier_when_a_hand_off_is_lowered_to_it_counts_as_handed_off() {
    let (service, folder) = service(&PLAYBOOK.replace("leave: 10", "leave: 5"));
    for _ in 0..3 {
        page(&service);
    }
    later(&service, "2026-03-02T01:00:00Z", 0);
    page(&service);
    assert_eq!(handed_off(&service).len(), 1);
    service.stop();
    let lowered = PLAYBOOK.replace("tier: hot\n    leave: 10", "tier: warm\n    leave: 5");
    let service = again(&folder, &lowered, false);
    later(&service, "2026-03-02T02:00:00Z", 10);
    page(&service);
    assert_eq!(handed_off(&service).len(), 1);
}

#[test]
fn a_tier_with_another_name_does_not_flood_sales() {
    let (service, folder) = fresh();
    demo(&service, "eve");
    service.stop();
    let service = again(&folder, PLAYBOOK, false);
    assert_eq!(service.said().len(), 1);
    service.stop();
    let (model, playbook) =
        (MODEL.replace("name: hot", "name: sql"), PLAYBOOK.replace("tier: hot", "tier: sql"));
    let setup = Setup { models: &[&model], playbook: Some(&playbook), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    demo(&service, "eve");
    assert_eq!(handed_off(&service), []);
}
