//! A hand-off that is new on a base of leads that are there already.

use serde_json::json;

use super::{PLAYBOOK, again, demo, handed_off, ids};
use crate::service::{MODEL, Service, Setup, fresh};

const NEW: &str = "hand-off `sales` is new: leads in `hot` or above count as handed off already: 2 \
                   (`--hand-off-present` at its first start hands them off)";

#[test]
fn leads_that_are_there_already_do_not_flood_sales() {
    let (service, folder) = fresh();
    demo(&service, "eve");
    demo(&service, "zoe");
    service.stop();
    let service = again(&folder, PLAYBOOK, false);
    assert_eq!(service.said(), [NEW]);
    demo(&service, "eve");
    demo(&service, "max");
    assert_eq!(handed_off(&service), [("max".to_owned(), json!("ada"))]);
    service.stop();
    let service = again(&folder, PLAYBOOK, true);
    assert_eq!(service.said(), [""; 0]);
    assert_eq!(handed_off(&service).len(), 1);
}

#[test]
fn they_do_not_when_their_model_is_new_either() {
    let (service, folder) = fresh();
    demo(&service, "eve");
    demo(&service, "zoe");
    service.stop();
    let renamed = MODEL.replace("model: small", "model: renamed");
    let setup = Setup { models: &[&renamed], playbook: Some(PLAYBOOK), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    // For the model that serves already, and for the one that comes to serve.
    let mut said = service.said();
    while said.len() < 2 {
        said.extend(service.said());
    }
    assert_eq!(said, [NEW, NEW]);
    demo(&service, "eve");
    assert_eq!(handed_off(&service), []);
}

#[test]
fn they_are_handed_off_where_that_is_wanted() {
    let (service, folder) = fresh();
    demo(&service, "eve");
    demo(&service, "zoe");
    service.post("/v1/page", &json!({"userId": "max", "properties": {"path": "/pricing"}}));
    service.stop();
    let service = again(&folder, PLAYBOOK, true);
    assert_eq!(service.said(), ["hand-off `sales` is new: leads in `hot` or above are handed off now: 2"]);
    service.wait_for("/api/v1/hand-offs", |answer| answer.json()["hand_offs"].as_array().unwrap().len() == 2);
    service.stop();
    let service = again(&folder, PLAYBOOK, true);
    demo(&service, "eve");
    assert_eq!(ids(folder.path()).len(), 4);
    drop(service);
}

#[test]
fn who_comes_while_the_hand_off_is_not_in_force_is_handed_off_once_it_is_back() {
    let (before, _) = PLAYBOOK.split_once("hand_offs:").unwrap();
    let lacking = format!("{before}alerts: [{{id: none, event: None, notify: sales-channel}}]\n");
    for meanwhile in [None, Some(lacking.as_str())] {
        let (service, folder) = super::service(PLAYBOOK);
        demo(&service, "eve");
        service.stop();
        let setup = Setup { playbook: meanwhile, ..Setup::default() };
        let service = Service::start(folder.path(), &setup);
        demo(&service, "eve");
        demo(&service, "zoe");
        service.stop();
        let service = again(&folder, PLAYBOOK, false);
        let back = "hand-off `sales` is back: leads that entered `hot` or above meanwhile: 1";
        assert_eq!(service.said(), [back]);
        service.wait_for("/api/v1/hand-offs", |answer| {
            answer.json()["hand_offs"].as_array().unwrap().len() == 2
        });
        demo(&service, "eve");
        demo(&service, "zoe");
        let leads: Vec<_> = handed_off(&service).into_iter().map(|(lead, _)| lead).collect();
        assert_eq!(leads, ["eve", "zoe"]);
    }
}
