//! Connections that break: what was acknowledged stays, what failed may be sent again, nothing is kept twice.

use kelvin_kernel::Instant;
use kelvin_store::{Error, NewEvent, Result, Writer};

use super::{Cluster, Database, Postgres, cluster};
use crate::contract::Store;

fn append(store: &mut Postgres, id: &str) -> Result<Option<u64>> {
    let at = Instant::from_millis(0);
    let event = NewEvent { id: Some(id), profile: "ada", time: at, received: at, call: "track", body: "{}" };
    store.change(|change| change.append(&event))
}

fn ids(store: &mut Postgres) -> Vec<String> {
    store.look(|view| view.events(0, 99)).into_iter().filter_map(|event| event.id).collect()
}

#[test]
fn a_cut_connection_fails_one_change_and_is_made_again() {
    let database = cluster().database();
    let mut store = Postgres::open(&database).unwrap();
    append(&mut store, "a").unwrap();
    let at = Instant::from_millis(0);
    let event = NewEvent { id: Some("b"), profile: "ada", time: at, received: at, call: "track", body: "{}" };
    let failed = store.change(|change| {
        change.append(&event)?;
        cluster().cut(&database);
        change.append(&NewEvent { id: Some("c"), ..event })
    });
    assert!(matches!(failed, Err(Error::Lost)), "{failed:?}");
    assert_eq!(ids(&mut store), ["a"]);
    assert_eq!(append(&mut store, "b").unwrap(), Some(2));
    // Between two changes, nobody notices.
    cluster().cut(&database);
    assert_eq!(append(&mut store, "c").unwrap(), Some(3));
    assert_eq!((append(&mut store, "a").unwrap(), ids(&mut store).len()), (None, 3));
    // The lock was taken anew.
    assert!(matches!(Writer::open(database.location()), Err(Error::InUse { .. })));
}

#[test]
fn a_writer_whose_place_was_taken_says_so() {
    let database = cluster().database();
    let mut first = Postgres::open(&database).unwrap();
    cluster().cut(&database);
    let mut second = Postgres::open(&database).unwrap();
    first.writer.check_place().unwrap();
    assert!(matches!(append(&mut first, "a"), Err(Error::Overtaken { .. })));
    append(&mut second, "b").unwrap();
    drop(second);
    let failed = append(&mut first, "c").unwrap_err();
    assert!(matches!(failed, Error::Overtaken { .. }) && failed.is_outage());
    assert!(matches!(first.writer.check_place(), Err(Error::Overtaken { .. })));
    assert_eq!(ids(&mut Postgres::open(&database).unwrap()), ["b"]);
}

#[test]
fn a_postgresql_that_was_away_is_used_again() {
    let own = Cluster::start();
    let database: Database = own.database();
    let mut store = Postgres::open(&database).unwrap();
    append(&mut store, "a").unwrap();
    own.stop();
    for _ in 0..3 {
        let failed = append(&mut store, "b").unwrap_err();
        assert!(failed.is_outage(), "{failed:?}");
    }
    own.start_again();
    assert_eq!(append(&mut store, "b").unwrap(), Some(2));
    assert_eq!((append(&mut store, "a").unwrap(), ids(&mut store)), (None, vec!["a".into(), "b".into()]));
}
