//! What is PostgreSQL's own: who may open a store, what is kept of odd texts, what is told of failures.

use kelvin_kernel::Instant;
use kelvin_store::{Error, Location, NewEvent, Owner, Write, Writer};

use super::{Postgres, cluster};
use crate::{contract::Store, erasure};

/// What no message may hold.
const PASSWORD: &str = "sesame";

fn open(url: &str) -> Result<Writer, Error> {
    Writer::open(Location::parse(url.as_ref())?)
}

#[test]
fn a_database_has_one_writer_and_keeps_what_it_wrote() {
    let database = cluster().database();
    let mut first = Postgres::open(&database).unwrap();
    first.change(|change| change.seal("m", "one")).unwrap();
    let second = Writer::open(database.location()).unwrap_err();
    assert!(matches!(second, Error::InUse { .. }) && second.is_outage());
    assert!(!second.to_string().contains(PASSWORD) && second.to_string().contains(&database.name));
    drop(first);
    let mut again = Postgres::open(&database).unwrap();
    assert_eq!(again.look(|view| view.models()), [("m".to_owned(), "one".to_owned())]);
}

#[test]
fn a_store_of_a_later_version_is_refused() {
    let database = cluster().database();
    drop(Writer::open(database.location()).unwrap());
    cluster().client(&database.name).batch_execute("UPDATE kelvin.store SET version = 999").unwrap();
    assert!(matches!(Writer::open(database.location()), Err(Error::Later { found: 999, .. })));
}

#[test]
fn a_database_that_cannot_hold_every_text_is_refused() {
    let latin = "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0";
    cluster().client("postgres").batch_execute(latin).unwrap();
    let url = cluster().database().url.replace("/test_", "/latin?application_name=test_");
    assert!(matches!(open(&url), Err(Error::Encoding { found, .. }) if found == "LATIN1"));
}

#[test]
fn every_character_comes_back() {
    let mut store = super::fresh();
    let odd = "a\0\u{1}\u{2}' \\ \u{1F600}\n";
    let at = Instant::from_millis(-5);
    let event = NewEvent { id: Some(odd), profile: odd, time: at, received: at, call: odd, body: odd };
    let write = Write { owner: Owner::Lead(odd), key: odd, time: at, id: odd, value: Some(odd) };
    store.change(|change| change.append(&event)).unwrap();
    store.change(|change| change.write(&write)).unwrap();
    let kept = &store.look(|view| view.events_of(odd))[0];
    assert_eq!([kept.id.as_deref().unwrap(), &kept.lead, &kept.profile, &kept.call, &kept.body], [odd; 5]);
    assert_eq!((kept.time, store.look(|view| view.seq_of(odd))), (at, Some(1)));
    let attributes = store.look(|view| view.attributes(Owner::Lead(odd), at));
    assert_eq!(attributes, [(odd.to_owned(), odd.to_owned())]);
}

#[test]
fn a_scrubbed_store_is_as_it_was() {
    let mut store = super::fresh();
    store.change(|change| change.seal("m", "one")).unwrap();
    store.writer.scrub().unwrap();
    assert_eq!(store.look(|view| view.models()), [("m".to_owned(), "one".to_owned())]);
}

#[test]
fn every_column_with_text_is_known_to_be_erased_or_about_nobody() {
    let database = cluster().database();
    drop(Writer::open(database.location()).unwrap());
    let sql = "SELECT table_name || '.' || column_name FROM information_schema.columns
               WHERE table_schema = 'kelvin' AND data_type IN ('text', 'bytea')";
    let rows = cluster().client(&database.name).query(sql, &[]).unwrap();
    assert!(rows.len() > 50);
    for column in rows.iter().map(|row| row.get::<_, String>(0)) {
        let as_in_a_file = column.replace("events.profile", "events.lead");
        assert!(
            erasure::is_known(&as_in_a_file),
            "say whether an erasure empties `{column}`, and let it: crates/store/src/postgres/erasure.rs"
        );
    }
}

#[test]
fn no_message_holds_the_password() {
    let addresses = [
        "postgres://kelvin:sesame@/nowhere?host=/nowhere",
        "postgres://kelvin:sesame@127.0.0.1:1/kelvin",
        "postgres://kelvin:open@sesame@localhost/kelvin",
        "postgres://kelvin:open@localhost/sesame@localhost/kelvin",
        "postgres://kelvin:open@sesame?sesame@localhost/kelvin",
        "postgres://kelvin:sesame@localhost:port/kelvin",
        "postgres://kelvin:%sesame@localhost/kelvin",
        "postgres://kelvin:sesame@127.0.0.1:1/kelvin?sslmode=require",
        "postgresql://kelvin:sesame@localhost/kelvin?password=sesame&sslmode=verify-full&sslrootcert=x",
    ];
    for address in addresses {
        let failed = open(address).unwrap_err();
        assert!(!format!("{failed} {failed:?}").contains(PASSWORD), "{failed} {failed:?}");
    }
    let database = cluster().database();
    let store = Postgres::open(&database).unwrap();
    let shown = format!("{:?} {:?} {:?}", store.writer, store.reader, database.location());
    assert!(!shown.contains(PASSWORD), "{shown}");
}
