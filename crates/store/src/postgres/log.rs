//! Events, attributes and rejects in PostgreSQL.

use std::{collections::BTreeMap, hash::Hasher, ops::ControlFlow};

use kelvin_kernel::Instant;
use postgres::Row;
use siphasher::sip::SipHasher13;

use super::{
    connection::Connection,
    row::{Columns, column, count, text, whole},
    rows::Rows,
    session::Session,
    waiting::Places,
};
use crate::{Event, LogChange, LogView, NewEvent, Owner, Rejected, Rejection, Result, Write};

/// The columns of an event, in the order in which they are read. It is the lead's that its profile belongs to. One without
/// a call was erased.
const EVENT: &str =
    "seq, events.id, coalesce(ids.lead, profile) AS whose, profile, time, received, call, body,
    EXISTS (SELECT 1 FROM voided WHERE voided.seq = events.seq AND NOT lifted)
    FROM events LEFT JOIN ids ON ids.kind = 'profile' AND ids.id = profile";

/// The same, without looking up whose the profile is.
const BY_PROFILE: &str = "seq, id, profile, profile, time, received, call, body,
    EXISTS (SELECT 1 FROM voided WHERE voided.seq = events.seq AND NOT lifted) FROM events";

/// The profiles of a lead. One of which no id is known is its own.
const PROFILES: &str = "SELECT $1 UNION SELECT id FROM ids WHERE lead = $1 AND kind = 'profile'";

/// The last place in the log.
const LAST: &str = "SELECT coalesce(max(seq), 0) FROM events";

/// Events that are fetched at once.
const EVENTS: usize = 1000;

impl LogView for Session<'_> {
    fn events(&self, after: u64, limit: usize) -> Result<Vec<Event>> {
        let sql = format!("SELECT {EVENT} WHERE seq > $1 AND call <> '' ORDER BY seq LIMIT $2");
        self.rows(&sql, &[&whole(after), &count(limit)], event)
    }

    fn events_by_profile(&self, after: u64, last: u64) -> Result<Vec<Event>> {
        let sql = format!("SELECT {BY_PROFILE} WHERE seq > $1 AND seq <= $2 AND call <> '' ORDER BY seq");
        self.rows(&sql, &[&whole(after), &whole(last)], event)
    }

    fn event(&self, seq: u64) -> Result<Option<Event>> {
        self.row(&format!("SELECT {EVENT} WHERE seq = $1 AND call <> ''"), &[&whole(seq)], event)
    }

    fn seq_of(&self, id: &str) -> Result<Option<u64>> {
        let sql = "SELECT seq FROM events WHERE id_hash = $1 AND id = $2";
        self.row(sql, &[&hash(id), &text(id)], |row| row.natural(0))
    }

    fn log_end(&self) -> Result<u64> {
        Ok(self.row(LAST, &[], |row| row.natural(0))?.unwrap_or(0))
    }

    fn events_of(&self, lead: &str) -> Result<Vec<Event>> {
        let sql = format!("SELECT {EVENT} WHERE profile IN ({PROFILES}) AND call <> '' ORDER BY seq");
        self.rows(&sql, &[&text(lead)], event)
    }

    fn events_by_lead(&self, take: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<()> {
        self.batch(&format!(
            "DECLARE by_lead NO SCROLL CURSOR FOR SELECT {EVENT} WHERE call <> '' ORDER BY whose, seq"
        ))?;
        let fetch = format!("FETCH {EVENTS} FROM by_lead");
        loop {
            let events = self.rows(&fetch, &[], event)?;
            let is_last = events.len() < EVENTS;
            if events.into_iter().any(|event| take(event).is_break()) || is_last {
                break;
            }
        }
        self.batch("CLOSE by_lead")
    }

    fn attributes(&self, owner: Owner<'_>, at: Instant) -> Result<Vec<(String, String)>> {
        let owners = match owner {
            Owner::Lead(_) => PROFILES,
            Owner::Account(_) => "SELECT $1",
        };
        let sql = format!(
            "SELECT key, value FROM (
                SELECT DISTINCT ON (key) key, value FROM attributes
                WHERE kind = $2 AND owner IN ({owners}) AND time <= $3 ORDER BY key, time DESC, id DESC
            ) AS last WHERE value IS NOT NULL ORDER BY key"
        );
        let params = (text(owner.id()), owner.kind(), at.as_millis());
        self.rows(&sql, &[&params.0, &params.1, &params.2], |row| Ok((row.text(0)?, row.text(1)?)))
    }

    fn rejected(&self, before: Option<u64>, limit: usize) -> Result<Vec<Rejected>> {
        let sql = "SELECT seq, received, code, reason, body FROM rejected WHERE seq < $1 ORDER BY seq DESC LIMIT $2";
        self.rows(sql, &[&before.map_or(i64::MAX, whole), &count(limit)], |row| {
            Ok(Rejected {
                seq: row.natural(0)?,
                received: row.instant(1)?,
                code: row.text(2)?,
                reason: row.text(3)?,
                body: row.text(4)?,
            })
        })
    }
}

impl LogChange for Session<'_> {
    fn append(&mut self, event: &NewEvent<'_>) -> Result<Option<u64>> {
        if let Some(id) = event.id
            && self.has_come(id)?
        {
            return Ok(None);
        }
        let last = || Ok(self.kept_row(LAST, &[], |row| row.natural(0))?.unwrap_or(0));
        let events = &mut self.waiting.borrow_mut().events;
        let seq = events.places.next(last)?;
        if let Some(id) = event.id {
            events.known.entry(hash(id)).or_default().push(Some(id.to_owned()));
        }
        events.rows.put(seq, Kept::new(event));
        Ok(Some(seq))
    }

    fn write(&mut self, write: &Write<'_>) -> Result<()> {
        let (kind, owner) = (write.owner.kind(), write.owner.id().to_owned());
        let key = (kind, owner, write.key.to_owned(), write.time, write.id.to_owned());
        self.waiting.get_mut().writes.put(key, write.value.map(str::to_owned));
        Ok(())
    }

    fn unwrite(&mut self, write: &Write<'_>) -> Result<()> {
        let sql =
            "DELETE FROM attributes WHERE kind = $1 AND owner = $2 AND key = $3 AND time = $4 AND id = $5";
        let (owner, time) = (text(write.owner.id()), write.time.as_millis());
        self.run(sql, &[&write.owner.kind(), &owner, &text(write.key), &time, &text(write.id)])?;
        Ok(())
    }

    fn reject(&mut self, rejection: &Rejection<'_>) -> Result<()> {
        let sql = "INSERT INTO rejected (seq, received, code, reason, body)
                   SELECT coalesce(max(seq), 0) + 1, $1::bigint, $2, $3, $4 FROM rejected";
        let (received, code) = (rejection.received.as_millis(), text(rejection.code));
        self.run(sql, &[&received, &code, &text(rejection.reason), &text(rejection.body)])?;
        Ok(())
    }
}

impl Session<'_> {
    /// Whether an event has come with an id. Of one that was erased only the hash is left.
    fn has_come(&self, id: &str) -> Result<bool> {
        let (hash, events) = (hash(id), &mut self.waiting.borrow_mut().events);
        if !events.known.contains_key(&hash) {
            self.read_ids(&[hash], events)?;
        }
        let known = events.known.get(&hash).map_or(&[][..], Vec::as_slice);
        Ok(known.iter().any(|known| known.as_deref().is_none_or(|known| known == id)))
    }

    /// Reads which events have come with ids of some hashes.
    pub(super) fn read_ids(&self, hashes: &[i64], events: &mut Ahead) -> Result<()> {
        let sql = "SELECT id_hash, id FROM events WHERE id_hash = ANY($1)";
        let found = self.kept_rows(sql, &[&hashes], |row| Ok((row.value(0)?, row.some_text(1)?)))?;
        for hash in hashes {
            events.known.entry(*hash).or_default();
        }
        for (hash, id) in found {
            events.known.entry(hash).or_default().push(id);
        }
        Ok(())
    }
}

/// What is known of the log without a look at it, and what waits for it.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    pub(super) rows: Rows<u64, Kept>,
    places: Places,
    /// By the hash of an id, the ids of events that have it; of an event that was erased, nothing.
    pub(super) known: BTreeMap<i64, Vec<Option<String>>>,
}

/// An event as it waits.
#[derive(Debug)]
pub(super) struct Kept {
    id: Option<String>,
    profile: String,
    time: Instant,
    received: Instant,
    call: String,
    body: String,
}

impl Kept {
    fn new(event: &NewEvent<'_>) -> Self {
        let [profile, call, body] = [event.profile, event.call, event.body].map(str::to_owned);
        let id = event.id.map(str::to_owned);
        Self { id, profile, time: event.time, received: event.received, call, body }
    }
}

/// What makes a write of an attribute the same as another: of which kind its owner is, who that is, what is written, when, and by
/// which event.
pub(super) type WriteKey = (&'static str, String, String, Instant, String);

/// Appends events.
pub(super) fn send_events(events: &[(&u64, &Kept)], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO events (seq, id, id_hash, profile, time, received, call, body)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[],
               $7::text[], $8::text[])";
    to.send(
        sql,
        events.len(),
        &[
            &column(events, |(seq, _)| whole(**seq)),
            &column(events, |(_, event)| event.id.as_deref().map(text)),
            &column(events, |(_, event)| event.id.as_deref().map(hash)),
            &column(events, |(_, event)| text(&event.profile)),
            &column(events, |(_, event)| event.time.as_millis()),
            &column(events, |(_, event)| event.received.as_millis()),
            &column(events, |(_, event)| text(&event.call)),
            &column(events, |(_, event)| text(&event.body)),
        ],
    )
}

/// Notes writes of attributes.
pub(super) fn send_writes(writes: &[(&WriteKey, &Option<String>)], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO attributes (kind, owner, key, time, id, value)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
               ON CONFLICT (kind, owner, key, time, id) DO UPDATE SET value = excluded.value";
    to.send(
        sql,
        writes.len(),
        &[
            &column(writes, |((kind, ..), _)| *kind),
            &column(writes, |((_, owner, ..), _)| text(owner)),
            &column(writes, |((_, _, key, ..), _)| text(key)),
            &column(writes, |((_, _, _, time, _), _)| time.as_millis()),
            &column(writes, |((.., id), _)| text(id)),
            &column(writes, |(_, value)| value.as_deref().map(text)),
        ],
    )
}

/// The hash of an event's id, the same for ever: it is kept.
pub(super) fn hash(id: &str) -> i64 {
    let mut hasher = SipHasher13::new();
    hasher.write(id.as_bytes());
    hasher.finish().cast_signed()
}

fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        seq: row.natural(0)?,
        id: row.some_text(1)?,
        lead: row.text(2)?,
        profile: row.text(3)?,
        time: row.instant(4)?,
        received: row.instant(5)?,
        call: row.text(6)?,
        body: row.text(7)?,
        is_void: row.value(8)?,
    })
}
