//! What became of leads: as it is told, and as events tell it.

use serde_json::{Value as Json, json};

use crate::service::{Service, Setup, fresh, with};

/// Definitions of outcomes: one looks at the lead, one event may be two of them.
const PLAYBOOK: &str = "\
playbook: 1
time_zone: UTC
outcomes:
  - {id: won, kind: won, event: Deal Closed, if: 'event.stage == \"won\"', value: event.amount, currency: EUR, deal: event.deal}
  - {id: lost, kind: lost, event: Deal Closed, if: 'event.stage == \"lost\"', reason: event.why}
  - {id: expanded, kind: expansion, event: Deal Closed, if: 'event.stage == \"won\" && lead.plan == \"pro\"'}
";

fn told(id: &str, lead: &str) -> Json {
    json!({"id": id, "lead": lead, "kind": "won", "at": "2026-02-01", "value": 1200.5, "currency": "EUR", "deal": "17"})
}

fn closed(id: &str, lead: &str, time: &str, properties: Json) -> Json {
    json!({"type": "track", "event": "Deal Closed", "messageId": id, "userId": lead, "timestamp": time,
        "properties": properties})
}

fn send(service: &Service, calls: &[Json]) {
    let answer = service.post("/v1/batch", &json!({"batch": calls}));
    assert_eq!((answer.status, &answer.json()["rejected"]), (200, &json!([])), "{answer:?}");
}

/// Tells outcomes; how many were new, changed, and the same.
fn tell(service: &Service, outcomes: &Json) -> [u64; 3] {
    let answer = service.post("/api/v1/outcomes", outcomes);
    assert_eq!(answer.status, 200, "{answer:?}");
    ["new", "changed", "same"].map(|key| answer.json()[key].as_u64().unwrap())
}

/// The outcomes under a path: ids and leads.
fn listed(service: &Service, path: &str) -> Vec<(String, String)> {
    let answer = service.get(path);
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |outcome: &Json, key: &str| outcome[key].as_str().unwrap().to_owned();
    let outcomes = answer.json()["outcomes"].clone();
    outcomes.as_array().unwrap().iter().map(|one| (text(one, "id"), text(one, "lead_id"))).collect()
}

fn ids(service: &Service, path: &str) -> Vec<String> {
    listed(service, path).into_iter().map(|(id, _)| id).collect()
}

#[test]
fn what_is_told_twice_changes_nothing_and_what_is_told_later_corrects() {
    let (service, _folder) = fresh();
    let two = json!([told("a", "ada"), told("b", "bob")]);
    assert_eq!((tell(&service, &two), tell(&service, &two)), ([2, 0, 0], [0, 0, 2]));
    let lost = json!({"id": "a", "lead": "ada", "kind": "lost", "at": "2026-02-02T10:00:00+02:00", "reason": "too dear"});
    assert_eq!(tell(&service, &lost), [0, 1, 0]);
    let all = service.get("/api/v1/outcomes").json()["outcomes"].clone();
    let corrected = json!({"id": "a", "lead_id": "ada", "kind": "lost", "at": "2026-02-02T08:00:00Z", "value": null,
        "currency": null, "reason": "too dear", "deal": null, "source": null, "definition": null, "event_id": null});
    assert_eq!((&all[0], &all[1]["value"]), (&corrected, &json!(1200.5)));
    let deeds = service.get("/api/v1/audit").json()["audit"].clone();
    let before: Json = serde_json::from_str(deeds[0]["before"].as_str().unwrap()).unwrap();
    assert_eq!((&deeds[0]["what"], &deeds[0]["subject"]), (&json!("outcome.note"), &json!("ada")));
    assert_eq!((&before["kind"], &before["value"]), (&json!("won"), &json!(1200.5)));
    let forgotten = service.request("DELETE /api/v1/outcomes/a", &[], &[]);
    assert_eq!((forgotten.status, forgotten.json()), (200, corrected));
    assert_eq!(ids(&service, "/api/v1/outcomes"), ["b"]);
    assert_eq!(service.request("DELETE /api/v1/outcomes/a", &[], &[]).json()["code"], "no-such-outcome");
}

#[test]
fn of_outcomes_that_make_no_sense_none_is_taken() {
    let (service, _folder) = fresh();
    let wrong = [
        (json!({"kind": "Closed Won"}), "`Closed Won` is no kind"),
        (json!({"at": "yesterday"}), "`at` is no instant"),
        (json!({"value": 1e13}), "`value` is a number from"),
        (json!({"currency": "euro"}), "`euro` is no currency"),
        (json!({"value": null}), "there is a `currency`, but no `value`"),
        (json!({"lead": " "}), "`lead` is empty"),
        (json!({"deal": "x".repeat(501)}), "`deal` has 501 bytes, at most 500 fit"),
        (json!({"lost": true}), "unknown field `lost`"),
    ];
    for (change, expect) in wrong {
        let mut second = told("b", "bob");
        second.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let answer = service.post("/api/v1/outcomes", &json!([told("a", "ada"), second]));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &json!("bad-outcome")), "{answer:?}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(&format!("outcome 2: {expect}")), "{detail}");
    }
    assert_eq!(ids(&service, "/api/v1/outcomes"), [""; 0]);
}

#[test]
fn an_outcome_goes_with_the_lead_that_its_id_comes_to_be() {
    let (service, _folder) = fresh();
    let address = "ada@acme.example";
    tell(&service, &json!([told("a", "Ada@Acme.example"), told("b", "visitor"), told("c", "bob")]));
    assert_eq!(ids(&service, &format!("/api/v1/leads/{address}/outcomes")), ["a"]);
    assert_eq!(service.get("/api/v1/leads/nobody/outcomes").status, 404);
    let calls = [
        json!({"type": "identify", "userId": "ada", "messageId": "1", "traits": {"email": address}}),
        json!({"type": "track", "event": "x", "userId": "ada", "anonymousId": "visitor", "messageId": "2"}),
        json!({"type": "track", "event": "x", "userId": "bob", "messageId": "3"}),
    ];
    send(&service, &calls);
    assert_eq!(ids(&service, "/api/v1/leads/ada/outcomes"), ["a", "b"]);
    let merged = service.post("/api/v1/leads/ada/merge", &json!({"with": "bob"}));
    assert_eq!(merged.status, 200, "{merged:?}");
    assert_eq!(ids(&service, "/api/v1/outcomes?lead=bob"), ["a", "b", "c"]);
    let split = service.post("/api/v1/leads/ada/split", &json!({"id": "bob"}));
    assert_eq!(split.status, 200, "{split:?}");
    let of = |id: &str, lead: &str| (id.to_owned(), lead.to_owned());
    assert_eq!(listed(&service, "/api/v1/outcomes"), [of("a", "ada"), of("b", "ada"), of("c", "bob")]);
}

#[test]
fn events_tell_of_outcomes_late_doubled_or_voided() {
    let (service, _folder) = with(&Setup { playbook: Some(PLAYBOOK), ..Setup::default() });
    let won = closed("1", "ada", "2026-02-02", json!({"stage": "won", "amount": 99.5, "deal": 17}));
    let lost = closed("2", "ada", "2026-02-01", json!({"stage": "lost", "why": "too dear", "amount": 7}));
    let open = closed("3", "ada", "2026-02-03", json!({"stage": "open"}));
    send(&service, &[won.clone(), lost, open]);
    send(&service, &[won]);
    assert_eq!(ids(&service, "/api/v1/leads/ada/outcomes"), ["lost:2", "won:1"]);
    let of = service.get("/api/v1/leads/ada/outcomes").json()["outcomes"].clone();
    let expect = json!({"id": "won:1", "lead_id": "ada", "kind": "won", "at": "2026-02-02T00:00:00Z", "value": 99.5,
        "currency": "EUR", "reason": null, "deal": "17", "source": null, "definition": "won", "event_id": "1"});
    assert_eq!((&of[1], &of[0]["reason"], &of[0]["value"]), (&expect, &json!("too dear"), &Json::Null));
    // What comes to be known of the lead as of then makes it another outcome, too.
    let plan = |time: &str, id: &str| json!({"type": "identify", "userId": "ada", "messageId": id, "timestamp": time, "traits": {"plan": "pro"}});
    send(&service, &[plan("2026-02-04", "4")]);
    assert_eq!(ids(&service, "/api/v1/leads/ada/outcomes"), ["lost:2", "won:1"]);
    send(&service, &[plan("2026-01-04", "5")]);
    assert_eq!(ids(&service, "/api/v1/leads/ada/outcomes"), ["lost:2", "expanded:1", "won:1"]);
    let voided = service.post("/api/v1/voids", &json!({"ids": ["1"], "reason": "a test"}));
    assert_eq!(voided.status, 200, "{voided:?}");
    assert_eq!(ids(&service, "/api/v1/leads/ada/outcomes"), ["lost:2"]);
    assert_eq!(ids(&service, "/api/v1/outcomes"), ["lost:2"]);
}

#[test]
fn a_definition_that_is_added_finds_what_happened_before() {
    let (service, folder) = fresh();
    send(&service, &[closed("1", "ada", "2026-02-02", json!({"stage": "lost"}))]);
    assert_eq!(ids(&service, "/api/v1/outcomes"), [""; 0]);
    service.stop();
    let service = Service::start(folder.path(), &Setup { playbook: Some(PLAYBOOK), ..Setup::default() });
    assert_eq!(ids(&service, "/api/v1/outcomes"), ["lost:1"]);
}

/// All outcomes of a list, page by page.
fn walked(service: &Service, path: &str, limit: usize) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), String::new());
    for _ in 0..99 {
        let page = format!("{path}limit={limit}{after}");
        let found = ids(service, &page);
        assert!(found.len() <= limit);
        all.extend(found);
        match service.get(&page).json()["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
    panic!("`{path}` never ends");
}

#[test]
fn lists_of_outcomes_come_page_by_page_and_by_what_they_are() {
    let (service, _folder) = with(&Setup { playbook: Some(PLAYBOOK), ..Setup::default() });
    let mut second = told("z", "bob");
    second["kind"] = json!("lost");
    tell(&service, &json!([told("y", "ada"), second, told("x", "ada")]));
    let plan = json!({"type": "identify", "userId": "ada", "messageId": "p", "timestamp": "2026-01-01", "traits": {"plan": "pro"}});
    let won = |id: &str, time: &str| closed(id, "ada", time, json!({"stage": "won"}));
    send(&service, &[plan, won("1", "2026-02-02"), won("2", "2026-01-02")]);
    let all = ["y", "z", "x", "won:1", "expanded:1", "won:2", "expanded:2"];
    let of_ada = ["expanded:2", "won:2", "x", "y", "expanded:1", "won:1"];
    for limit in 1..9 {
        assert_eq!(walked(&service, "/api/v1/outcomes?", limit), all, "{limit} on a page");
        assert_eq!(walked(&service, "/api/v1/leads/ada/outcomes?", limit), of_ada, "{limit} on a page");
        assert_eq!(walked(&service, "/api/v1/outcomes?kind=won&", limit), ["y", "x", "won:1", "won:2"]);
    }
    assert_eq!(ids(&service, "/api/v1/outcomes?from=2026-02-01&to=2026-02-02"), ["y", "z", "x"]);
    assert_eq!(ids(&service, "/api/v1/leads/ada/outcomes?from=2026-02-02"), ["expanded:1", "won:1"]);
    for path in ["/api/v1/outcomes?after=x", "/api/v1/outcomes?lead=ada&after=x"] {
        assert_eq!(service.get(path).json()["code"], "bad-cursor");
    }
}

#[test]
fn outcomes_of_who_is_erased_are_gone() {
    let (service, _folder) = fresh();
    let address = "olga@acme.example";
    send(
        &service,
        &[json!({"type": "identify", "userId": "olga", "messageId": "1", "traits": {"email": address}})],
    );
    let mut other = told("c", "bob");
    other["reason"] = json!(format!("asked by {address}"));
    tell(&service, &json!([told("a", address), told("b", "olga"), other, told("d", "cleo@acme.example")]));
    let exported = service.get("/api/v1/leads/olga/export").json();
    assert_eq!(exported["also"]["outcomes"].as_array().unwrap().len(), 2);
    for (lead, rows) in [("olga", 2), ("cleo@acme.example", 1)] {
        let erased = service.request(&format!("DELETE /api/v1/leads/{lead}"), &[], &[]);
        assert_eq!(erased.status, 200, "{erased:?}");
        assert!(erased.json()["rows"].as_u64().unwrap() >= rows);
    }
    assert_eq!(ids(&service, "/api/v1/outcomes"), ["c"]);
    // Both names have letters that no hexadecimal digit is: the proofs in the audit log cannot spell them.
    for list in ["outcomes", "audit"] {
        let listed = service.get(&format!("/api/v1/{list}")).body;
        assert!(!listed.contains("olga") && !listed.contains("cleo"), "{list}: {listed}");
    }
}
