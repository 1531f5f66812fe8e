//! Events, attributes and rejects in PostgreSQL.

use std::{hash::Hasher, ops::ControlFlow};

use kelvin_kernel::Instant;
use postgres::Row;
use siphasher::sip::SipHasher13;

use super::{
    row::{Columns, count, text, whole},
    session::Session,
};
use crate::{Event, LogChange, LogView, NewEvent, Owner, Rejected, Rejection, Result, Write};

/// The columns of an event, in the order in which they are read. It is the lead's that its profile belongs to. One without
/// a call was erased.
const EVENT: &str =
    "seq, events.id, coalesce(ids.lead, profile) AS whose, profile, time, received, call, body,
    EXISTS (SELECT 1 FROM voided WHERE voided.seq = events.seq AND NOT lifted)
    FROM events LEFT JOIN ids ON ids.kind = 'profile' AND ids.id = profile";

/// The profiles of a lead. One of which no id is known is its own.
const PROFILES: &str = "SELECT $1 UNION SELECT id FROM ids WHERE lead = $1 AND kind = 'profile'";

/// Events that are fetched at once.
const EVENTS: usize = 1000;

impl LogView for Session<'_> {
    fn events(&self, after: u64, limit: usize) -> Result<Vec<Event>> {
        let sql = format!("SELECT {EVENT} WHERE seq > $1 AND call <> '' ORDER BY seq LIMIT $2");
        self.rows(&sql, &[&whole(after), &count(limit)], event)
    }

    fn event(&self, seq: u64) -> Result<Option<Event>> {
        self.row(&format!("SELECT {EVENT} WHERE seq = $1 AND call <> ''"), &[&whole(seq)], event)
    }

    fn seq_of(&self, id: &str) -> Result<Option<u64>> {
        let sql = "SELECT seq FROM events WHERE id_hash = $1 AND id = $2";
        self.row(sql, &[&hash(id), &text(id)], |row| row.natural(0))
    }

    fn log_end(&self) -> Result<u64> {
        let end = self.row("SELECT coalesce(max(seq), 0) FROM events", &[], |row| row.natural(0))?;
        Ok(end.unwrap_or(0))
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
        let sql = "
            INSERT INTO events (seq, id, id_hash, profile, time, received, call, body)
            SELECT (SELECT coalesce(max(seq), 0) + 1 FROM events), $1, $2::bigint, $3, $4::bigint, $5::bigint, $6, $7
            WHERE NOT EXISTS (SELECT 1 FROM events WHERE id_hash = $2 AND (id = $1 OR call = ''))
            RETURNING seq";
        let (id, id_hash) = (event.id.map(text), event.id.map(hash));
        let (time, received) = (event.time.as_millis(), event.received.as_millis());
        let (profile, call, body) = (text(event.profile), text(event.call), text(event.body));
        self.row(sql, &[&id, &id_hash, &profile, &time, &received, &call, &body], |row| row.natural(0))
    }

    fn write(&mut self, write: &Write<'_>) -> Result<()> {
        let sql = "INSERT INTO attributes (kind, owner, key, time, id, value) VALUES ($1, $2, $3, $4, $5, $6)
                   ON CONFLICT (kind, owner, key, time, id) DO UPDATE SET value = excluded.value";
        let (owner, time, value) = (text(write.owner.id()), write.time.as_millis(), write.value.map(text));
        self.run(sql, &[&write.owner.kind(), &owner, &text(write.key), &time, &text(write.id), &value])?;
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

/// The hash of an event's id, the same for ever: it is kept.
fn hash(id: &str) -> i64 {
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
