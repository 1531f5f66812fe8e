//! What is left of a person in the bytes of the file, and in tables that are still to come.

use std::{fs, path::Path};

use kelvin_kernel::{Instant, Micropoints};
use kelvin_store::{Change, Holding, Id, LeadScore, NewEvent, Owner, Person, Result, Write, Writer};

const ADA: &str = "ada-lovelace@acme.example";

fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

fn keep(change: &mut dyn Change, lead: &str, number: usize) -> Result<()> {
    let (id, body) = (format!("{lead}-{number}"), format!(r#"{{"userId":"{lead}"}}"#));
    let (time, received) = (at(1), at(1));
    change.append(&NewEvent { id: Some(&id), profile: lead, time, received, call: "track", body: &body })?;
    change.write(&Write { owner: Owner::Lead(lead), key: "mail", time, id: &id, value: Some(&body) })?;
    let score = LeadScore {
        lead: lead.to_owned(),
        score: Micropoints(number as i64),
        tier: None,
        grade: None,
        until: None,
        at: time,
    };
    change.hold("m", lead, Some(Holding { state: body.as_bytes().into(), due: None, score: Some(score) }))
}

fn is_in(path: &Path, text: &str) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn check(gathering: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    let beside = folder.path().join("kelvin.db-wal");
    let mut store = Writer::open(&path).unwrap().gathering(gathering);
    let _reader = store.reader().unwrap();
    for number in 0..300 {
        let work = |change: &mut dyn Change| -> Result<()> {
            keep(change, &format!("lead-{}", number % 40), number)?;
            keep(change, ADA, number)
        };
        store.change(work).unwrap();
    }
    assert!(is_in(&path, ADA) || is_in(&beside, ADA));
    let events: Vec<u64> = {
        let found: Result<_> = store.reader().unwrap().look(|view| view.events_of(ADA));
        found.unwrap().iter().map(|event| event.seq).collect()
    };
    let (ids, traces) = ([Id::profile(ADA)], [ADA.to_owned()]);
    let person = Person { ids: &ids, events: &events, traces: &traces };
    store.change(|change| change.erase(&person, "proof")).unwrap();
    store.scrub().unwrap();
    for file in [&path, &beside] {
        assert!(!is_in(file, ADA), "{}", file.display());
    }
    let work = |change: &mut dyn Change| keep(change, "lead-1", 1000);
    store.change(work).unwrap();
    drop(store);
    assert!(!is_in(&path, ADA), "after a restart");
    let again: Result<_> = Writer::open(&path).unwrap().change(|change| {
        let id = format!("{ADA}-7");
        let (time, received) = (at(1), at(1));
        change.append(&NewEvent { id: Some(&id), profile: ADA, time, received, call: "track", body: "{}" })
    });
    assert_eq!(again.unwrap(), None, "what is sent again is known");
}

#[test]
fn no_byte_of_the_file_tells_of_who_was_erased() {
    check(1000);
}

#[test]
fn nor_does_one_where_rows_were_on_their_way_into_their_tables() {
    check(120);
}

#[test]
fn nor_where_they_were_all_in_their_tables() {
    check(1);
}

#[test]
fn nothing_is_left_of_what_another_lead_was_while_the_person_was_part_of_it() {
    for gathering in [1000, 3, 1] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kelvin.db");
        let mut store = Writer::open(&path).unwrap().gathering(gathering);
        let hold = |state: &'static str| {
            move |change: &mut dyn Change| -> Result<()> {
                change.hold(
                    "m",
                    "bob",
                    Some(Holding { state: state.as_bytes().into(), due: None, score: None }),
                )
            }
        };
        let work = |change: &mut dyn Change| keep(change, ADA, 1);
        store.change(work).unwrap();
        store.change(hold(ADA)).unwrap();
        store.change(hold("bob alone")).unwrap();
        let (ids, traces) = ([Id::profile(ADA)], [ADA.to_owned()]);
        let person = Person { ids: &ids, events: &[1], traces: &traces };
        store.change(|change| change.erase(&person, "proof")).unwrap();
        store.scrub().unwrap();
        for file in ["kelvin.db", "kelvin.db-wal"] {
            assert!(!is_in(&folder.path().join(file), ADA), "{file}, {gathering}");
        }
        store.change(work).unwrap();
        drop(store);
        let reader = Writer::open(&path).unwrap();
        let held: Result<_> = reader.reader().unwrap().look(|view| view.holding("m", "bob"));
        assert_eq!(&*held.unwrap().unwrap().state, b"bob alone");
    }
}

/// Columns in which text may stand that is about nobody. Any other must be emptied by an erasure.
const ABOUT_NOBODY: &[&str] = &[
    "events.call",
    "attributes.kind",
    "attributes.key",
    "models.model",
    "models.seal",
    "holdings.model",
    "holdings.tier",
    "holdings.grade",
    "settled.name",
    "rejected.code",
    "ids.kind",
    "links.from_kind",
    "links.to_kind",
    "links.link",
    "apart.kind",
    "apart.other_kind",
    "voids.cause",
    "keys.hint",
    "keys.name",
    "keys.scope",
    "keys.hash",
    "users.email",
    "users.role",
    "users.password",
    "passes.hash",
    "passes.kind",
    "audit.who",
    "audit.what",
    "outbox.target",
    "outbox.kind",
    "outbox.state",
    "tier_changes.model",
    "tier_changes.before",
    "tier_changes.after",
    "tier_changes.cause",
    "notes.rule",
    "known_rules.rule",
    "known_rules.model",
    "timers.kind",
    "timers.name",
    "hand_offs.hand_off",
    "hand_offs.model",
    "hand_offs.account",
    "hand_offs.owner",
    "hand_offs.tier",
    "hand_offs.asked",
    "turns.hand_off",
    "turns.step",
    "turns.owner",
    "tasks.hand_off",
    "tasks.model",
    "tasks.owner",
    "tasks.state",
    "alerts.alert",
    "alerts.model",
    "alerts.tier",
    "model_versions.model",
    "model_versions.text",
    "model_versions.author",
    "model_versions.note",
    "model_versions.changes",
    "model_switches.model",
    "model_switches.author",
    "model_switches.note",
    "model_switches.failure",
    "models_in_service.model",
    "happenings.kind",
    "happenings.state",
    "answers.key",
    "members.model",
    "members.account",
    "answers.asked",
    "answers.kind",
    "experiments.id",
    "experiments.terms",
    "outcomes.kind",
    "outcomes.currency",
];

/// Columns that an erasure empties.
const ERASED: &[&str] = &[
    "events.id",
    "events.lead",
    "events.body",
    "leads.lead",
    "attributes.owner",
    "attributes.id",
    "attributes.value",
    "holdings.lead",
    "holdings.state",
    "recent_holdings.entries",
    "rejected.reason",
    "rejected.body",
    "answers.body",
    "members.lead",
    "ids.id",
    "ids.lead",
    "links.from_id",
    "links.to_id",
    "links.source",
    "apart.id",
    "apart.other_id",
    "voids.reason",
    "voids.asked",
    "mails.profile",
    "mails.mail",
    "mails.link",
    "audit.subject",
    "audit.before",
    "audit.after",
    "outbox.id",
    "outbox.lane",
    "outbox.body",
    "outbox.error",
    "tier_changes.lead",
    "notes.lead",
    "notes.note",
    "timers.subject",
    "hand_offs.lead",
    "hand_offs.cause",
    "tasks.lead",
    "tasks.title",
    "tasks.reason",
    "alerts.lead",
    "alerts.event",
    "alerts.cause",
    "outcomes.id",
    "outcomes.lead",
    "outcomes.reason",
    "outcomes.deal",
    "outcomes.source",
];

#[test]
fn every_column_with_text_is_known_to_be_erased_or_about_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kelvin.db");
    drop(Writer::open(&path).unwrap());
    let sql = "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
               WHERE t.type = 'table' AND c.type IN ('TEXT', 'BLOB') AND t.name NOT LIKE 'sqlite_%'";
    let connection = rusqlite::Connection::open(&path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let columns: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(|row| row.unwrap()).collect();
    for column in &columns {
        assert!(
            is_known(column),
            "say whether an erasure empties `{column}`, and let it: crates/store/src/sqlite/erasure.rs"
        );
    }
    assert_eq!(columns.len(), ABOUT_NOBODY.len() + ERASED.len());
}

/// Whether it is settled if an erasure empties a column.
pub(crate) fn is_known(column: &str) -> bool {
    ABOUT_NOBODY.contains(&column) || ERASED.contains(&column)
}
