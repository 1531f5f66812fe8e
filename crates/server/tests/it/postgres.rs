//! The service on PostgreSQL: what clients see when connections break, and what is there then.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::{
    changes::Listener,
    cluster::{Cluster, Database},
    hand_offs::{self, PLAYBOOK},
    service::{Service, Setup},
};

fn start(database: &Database) -> (Service, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup { store: Some(database.location()), ..Setup::default() };
    (Service::start(folder.path(), &setup), folder)
}

fn demo(id: &str) -> Json {
    json!({"userId": "ada", "event": "Demo Requested", "messageId": id})
}

#[test]
fn a_postgresql_that_breaks_and_comes_back_loses_nothing_and_doubles_nothing() {
    let cluster = Cluster::start();
    let database = cluster.database();
    let (service, _folder) = start(&database);
    let send = |id: &str| service.post("/v1/track", &demo(id));
    assert_eq!((send("a").status, service.score("ada")), (200, json!(30)));

    // Connections that are cut while nothing is under way are made again unnoticed.
    cluster.cut(&database);
    assert_eq!((send("b").status, service.score("ada")), (200, json!(60)));

    cluster.stop();
    let refused = send("c");
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    assert_eq!(service.get("/api/v1/leads/ada").status, 503);
    assert!(service.said().iter().all(|line| !line.contains("sesame")));
    cluster.start_again();
    service.wait_for("/api/v1/leads/ada", |answer| answer.status == 200);
    let again = ["a", "b", "c"].map(|id| send(id).json()["duplicates"].clone());
    assert_eq!(again, [json!(1), json!(1), json!(0)]);
    assert_eq!((service.score("ada"), service.log().len()), (json!(90), 3));
    let _said = service.said();
    service.stop();

    let (service, _folder) = start(&database);
    assert_eq!((service.score("ada"), service.log().len()), (json!(90), 3));
    assert_eq!(service.post("/v1/track", &demo("c")).json()["duplicates"], 1);
}

#[test]
fn who_listens_hears_of_all_that_happens_across_a_cut_and_goes_on_from_any_place() {
    let cluster = Cluster::start();
    let database = cluster.database();
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup { store: Some(database.location()), playbook: Some(PLAYBOOK), ..Setup::default() };
    let service = Service::start(folder.path(), &setup);
    let mut listener = Listener::new(&service, "", "");
    assert_eq!(listener.begun(), 0);
    let hear = |listener: &mut Listener| {
        let told = [listener.next(), listener.next(), listener.next()];
        let lead = |told: &Json| told.get("lead_id").unwrap_or(&told["hand_off"]["lead_id"]).clone();
        (told[2].0, told.map(|(_, kind, told)| format!("{kind} {}", lead(&told).as_str().unwrap())))
    };
    let of = |lead: &str| ["tier", "hand-off", "task"].map(|kind| format!("{kind} {lead}"));
    hand_offs::demo(&service, "ada");
    let (place, told) = hear(&mut listener);
    assert_eq!(told, of("ada"));
    cluster.cut(&database);
    hand_offs::demo(&service, "bob");
    assert_eq!(hear(&mut listener).1, of("bob"));
    let mut later = Listener::new(&service, &format!("?after={place}"), "");
    assert_eq!(hear(&mut later).1, of("bob"));
    // Whoever looked at that moment may tell of the cut, whether the server's last words reached them or not, and of nothing else.
    let said = service.said();
    let is_of_the_cut = |line: &String| {
        ["terminating connection", "connection closed"].iter().any(|words| line.contains(words))
    };
    assert!(said.iter().all(is_of_the_cut), "{said:?}");
}

/// Letters that cannot be packed into fewer bytes than an index takes.
fn noise(seed: u64, length: usize) -> String {
    let mut state = seed;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + (state >> 33) as u8 % 75)
    };
    (0..length).map(|_| letter()).collect()
}

#[test]
fn the_longest_ids_that_are_taken_have_room_in_every_index() {
    let cluster = Cluster::start();
    let (service, _folder) = start(&cluster.database());
    let [user, visitor, account, trait_name] = [1, 2, 3, 4].map(|seed| noise(seed, 500));
    let call = |kind: &str, id: u64, more: Json| {
        let mut call = json!({"userId": user, "anonymousId": visitor, "messageId": noise(id, 500)});
        call.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        service.post(&format!("/v1/{kind}"), &call).status
    };
    assert_eq!(
        call(
            "identify",
            11,
            json!({"traits": {trait_name.as_str(): 1, "email": noise(5, 490) + "@a.example"}})
        ),
        200
    );
    assert_eq!(call("group", 12, json!({"groupId": account, "traits": {trait_name.as_str(): 1}})), 200);
    assert_eq!(call("alias", 13, json!({"previousId": noise(6, 500)})), 200);
    let clicked = json!({"event": "Email Link Clicked", "properties": {"email_id": noise(7, 500)}});
    assert_eq!(call("track", 14, clicked), 200);
    assert_eq!(call("track", 15, json!({"event": "Demo Requested"})), 200);
    assert_eq!(call("track", 15, json!({"event": "Demo Requested", "userId": noise(1, 501)})), 400);
    assert_eq!(call("identify", 16, json!({"traits": {"account_id": noise(8, 3000)}})), 200);
    let leads = service.get("/api/v1/leads").json();
    assert_eq!((&leads["leads"][0]["lead_id"], &leads["leads"][0]["score"]), (&json!(user), &json!(30)));
    let rejected = service.get("/api/v1/rejected").json();
    assert_eq!(rejected["rejected"][0]["reason"], "`userId` has 501 bytes, at most 500 fit");
}
