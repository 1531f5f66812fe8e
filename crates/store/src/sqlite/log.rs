//! Events, attributes and rejects in SQLite.

use std::{hash::Hasher, ops::ControlFlow};

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, named_params, params};
use siphasher::sip::SipHasher13;

use super::{Session, count, hot::Asks, natural, whole};
use crate::{Event, LogChange, LogView, NewEvent, Owner, Rejected, Rejection, Result, Write};

/// The columns of an event, in the order in which they are read. It is the lead's that its profile belongs to.
const EVENT: &str =
    "seq, events.id, coalesce(ids.lead, events.lead) AS whose, events.lead, time, received, call, body,
    EXISTS (SELECT 1 FROM voided WHERE voided.seq = events.seq AND lifted = 0) FROM events LEFT JOIN ids ON ids.kind = 'profile' AND ids.id = events.lead";

/// The same, without looking up whose the profile is.
const BY_PROFILE: &str = "seq, id, lead, lead, time, received, call, body,
    EXISTS (SELECT 1 FROM voided WHERE voided.seq = events.seq AND lifted = 0) FROM events";

/// The profiles of a lead. One of which no id is known is its own.
const PROFILES: &str = "SELECT :lead UNION SELECT id FROM ids WHERE lead = :lead AND kind = 'profile'";

impl LogView for Session<'_> {
    fn events(&self, after: u64, limit: usize) -> Result<Vec<Event>> {
        let sql = format!("SELECT {EVENT} WHERE seq > ? AND call <> '' ORDER BY seq LIMIT ?");
        self.rows(&sql, params![whole(after), count(limit)], event)
    }

    fn events_by_profile(&self, after: u64, last: u64) -> Result<Vec<Event>> {
        let sql = format!("SELECT {BY_PROFILE} WHERE seq > ? AND seq <= ? AND call <> '' ORDER BY seq");
        self.rows(&sql, params![whole(after), whole(last)], event)
    }

    fn event(&self, seq: u64) -> Result<Option<Event>> {
        let sql = format!("SELECT {EVENT} WHERE seq = ? AND call <> ''");
        Ok(self.sql.prepare_cached(&sql)?.query_row([whole(seq)], event).optional()?)
    }

    fn seq_of(&self, id: &str) -> Result<Option<u64>> {
        // Two ids may have one hash: only the event itself knows its id.
        self.place((id, hash(id)), "SELECT 1 FROM events WHERE seq = ? AND id = ?")
    }

    fn log_end(&self) -> Result<u64> {
        let mut statement = self.sql.prepare_cached("SELECT coalesce(max(seq), 0) FROM events")?;
        Ok(natural(statement.query_row([], |row| row.get(0))?))
    }

    fn events_of(&self, lead: &str) -> Result<Vec<Event>> {
        let sql = format!(
            "WITH RECURSIVE chain (seq) AS (
                VALUES (?)
                UNION ALL
                SELECT events.before FROM chain JOIN events USING (seq) WHERE events.before IS NOT NULL
            )
            SELECT {EVENT} WHERE seq IN (SELECT seq FROM chain) AND call <> ''"
        );
        let mut events = Vec::new();
        for profile in self.rows(PROFILES, named_params! {":lead": lead}, |row| row.get::<_, String>(0))? {
            events.extend(self.rows(&sql, params![self.last_event(&profile)?], event)?);
        }
        events.sort_unstable_by_key(|event| event.seq);
        Ok(events)
    }

    fn events_by_lead(&self, take: &mut dyn FnMut(Event) -> ControlFlow<()>) -> Result<()> {
        let sql = format!("SELECT {EVENT} WHERE call <> '' ORDER BY whose, seq");
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if take(event(row)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn attributes(&self, owner: Owner<'_>, at: Instant) -> Result<Vec<(String, String)>> {
        let owners = match owner {
            Owner::Lead(_) => PROFILES,
            Owner::Account(_) => "SELECT :lead",
        };
        let sql = format!(
            "SELECT key, value FROM attributes WHERE kind = :kind AND owner IN ({owners}) AND time <= :at
             ORDER BY key, time, id"
        );
        let named = named_params! {":kind": owner.kind(), ":lead": owner.id(), ":at": at.as_millis()};
        let writes = self.rows(&sql, named, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut last: Vec<(String, Option<String>)> = Vec::new();
        for (key, value) in writes {
            match last.last_mut() {
                Some((known, before)) if *known == key => *before = value,
                _ => last.push((key, value)),
            }
        }
        Ok(last.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
    }

    fn rejected(&self, before: Option<u64>, limit: usize) -> Result<Vec<Rejected>> {
        let sql =
            "SELECT seq, received, code, reason, body FROM rejected WHERE seq < ? ORDER BY seq DESC LIMIT ?";
        self.rows(sql, params![before.map_or(i64::MAX, whole), count(limit)], |row| {
            Ok(Rejected {
                seq: natural(row.get(0)?),
                received: Instant::from_millis(row.get(1)?),
                code: row.get(2)?,
                reason: row.get(3)?,
                body: row.get(4)?,
            })
        })
    }
}

impl LogChange for Session<'_> {
    fn append(&mut self, event: &NewEvent<'_>) -> Result<Option<u64>> {
        let id = event.id.map(|id| (id, hash(id)));
        if let Some(id) = id
            && self.is_known(id)?
        {
            return Ok(None);
        }
        let (time, received) = (event.time.as_millis(), event.received.as_millis());
        let before = self.last_event(event.profile)?;
        let row = params![event.id, event.profile, time, received, event.call, event.body, before];
        self.hot.run(Asks::Append, row)?;
        let seq = self.sql.last_insert_rowid();
        self.recent.leads.put(event.profile, seq);
        if let Some(profiles) = self.profiles {
            profiles.append(event.profile, seq);
        }
        if let Some((_, hash)) = id {
            self.recent.ids.put(hash, seq);
            self.sieve.iter().for_each(|sieve| sieve.put(hash));
        }
        Ok(Some(natural(seq)))
    }

    fn write(&mut self, write: &Write<'_>) -> Result<()> {
        let sql =
            "INSERT OR REPLACE INTO attributes (kind, owner, key, time, id, value) VALUES (?, ?, ?, ?, ?, ?)";
        let (kind, time) = (write.owner.kind(), write.time.as_millis());
        self.run(sql, params![kind, write.owner.id(), write.key, time, write.id, write.value])?;
        Ok(())
    }

    fn unwrite(&mut self, write: &Write<'_>) -> Result<()> {
        let sql = "DELETE FROM attributes WHERE kind = ? AND owner = ? AND key = ? AND time = ? AND id = ?";
        let (kind, time) = (write.owner.kind(), write.time.as_millis());
        self.run(sql, params![kind, write.owner.id(), write.key, time, write.id])?;
        Ok(())
    }

    fn reject(&mut self, rejection: &Rejection<'_>) -> Result<()> {
        let sql = "INSERT INTO rejected (received, code, reason, body) VALUES (?, ?, ?, ?)";
        let received = rejection.received.as_millis();
        self.run(sql, params![received, rejection.code, rejection.reason, rejection.body])?;
        Ok(())
    }
}

impl Session<'_> {
    /// Whether an event has come with an id. Of one that was erased only the hash is left.
    fn is_known(&self, id: (&str, i64)) -> Result<bool> {
        if self.sieve.is_some_and(|sieve| !sieve.may_hold(id.1)) {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM events WHERE seq = ? AND (id = ? OR call = '')";
        Ok(self.place(id, sql)?.is_some())
    }

    /// The first place of the hash of an id for which a query of both gives a row.
    fn place(&self, (id, hash): (&str, i64), sql: &str) -> Result<Option<u64>> {
        let settled = self.hot.rows(Asks::Places, [hash], |row| row.get(0))?;
        for seq in self.recent.ids.events(hash).chain(settled) {
            if self.sql.prepare_cached(sql)?.exists(params![seq, id])? {
                return Ok(Some(natural(seq)));
            }
        }
        Ok(None)
    }

    /// The last event of a lead.
    fn last_event(&self, lead: &str) -> Result<Option<i64>> {
        let look = || match self.recent.leads.last(lead) {
            Some(last) => Ok(Some(last)),
            None => self.hot.row(Asks::Last, [lead], |row| row.get(0)),
        };
        self.profiles.map_or_else(look, |profiles| profiles.last(lead, look))
    }
}

/// The hash of an event's id, the same for ever: it is kept.
pub(super) fn hash(id: &str) -> i64 {
    let mut hasher = SipHasher13::new();
    hasher.write(id.as_bytes());
    hasher.finish().cast_signed()
}

fn event(row: &Row<'_>) -> rusqlite::Result<Event> {
    Ok(Event {
        seq: natural(row.get(0)?),
        id: row.get(1)?,
        lead: row.get(2)?,
        profile: row.get(3)?,
        time: Instant::from_millis(row.get(4)?),
        received: Instant::from_millis(row.get(5)?),
        call: row.get(6)?,
        body: row.get(7)?,
        is_void: row.get(8)?,
    })
}
