//! The service on PostgreSQL: what clients see when connections break, and what is there then.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::{
    cluster::{Cluster, Database},
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
