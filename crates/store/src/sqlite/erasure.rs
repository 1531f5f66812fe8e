//! Removing people from SQLite's tables, and from the bytes of its file.

use kelvin_kernel::Instant;
use rusqlite::params;

use super::{Session, Writer, audit, log, natural, whole};
use crate::{Audited, ErasureChange, ErasureView, Error, IdKind, Person, Rejected, Removed, Result};

/// Tables with a column that names a person by a profile.
const BY_PROFILE: &[(&str, &str)] =
    &[("leads", "lead"), ("holdings", "lead"), ("recent_holdings", "lead"), ("mails", "profile")];

/// Tables with a column in which anything may stand.
const BY_TRACE: &[(&str, &str)] = &[("rejected", "body"), ("rejected", "reason")];

/// How often the file is tried to be emptied of what was removed, while somebody looks at its old state.
const TRIES: usize = 3;

impl ErasureView for Session<'_> {
    fn rejected_with(&self, traces: &[String]) -> Result<Vec<Rejected>> {
        let sql = "SELECT seq, received, code, reason, body FROM rejected
                   WHERE instr(body, ?1) OR instr(reason, ?1) ORDER BY seq";
        let mut found = Vec::new();
        for trace in traces {
            found.extend(self.rows(sql, [trace], |row| {
                Ok(Rejected {
                    seq: natural(row.get(0)?),
                    received: Instant::from_millis(row.get(1)?),
                    code: row.get(2)?,
                    reason: row.get(3)?,
                    body: row.get(4)?,
                })
            })?);
        }
        found.sort_by_key(|rejected| rejected.seq);
        found.dedup_by_key(|rejected| rejected.seq);
        Ok(found)
    }

    fn audit_of(&self, subjects: &[String]) -> Result<Vec<Audited>> {
        let sql = "SELECT seq, at, who, what, subject, before, after FROM audit WHERE subject = ?";
        let mut found = Vec::new();
        for subject in subjects {
            found.extend(self.rows(sql, [subject], audit::audited)?);
        }
        found.sort_by_key(|entry| entry.seq);
        Ok(found)
    }
}

impl ErasureChange for Session<'_> {
    fn erase(&mut self, person: &Person<'_>, proof: &str) -> Result<Removed> {
        let mut rows = 0;
        for seq in person.events {
            rows += self.erase_event(whole(*seq))?;
        }
        for id in person.ids {
            rows += self.erase_id(id.kind, &id.text)?;
            self.run(
                "UPDATE audit SET subject = ?2, before = NULL, after = NULL WHERE subject = ?1",
                [&id.text, proof],
            )?;
            self.run("UPDATE audit SET before = NULL, after = NULL WHERE ?1 IN (before, after)", [&id.text])?;
        }
        for trace in person.traces {
            for (table, column) in BY_TRACE {
                rows += self.run(&format!("DELETE FROM {table} WHERE instr({column}, ?)"), [trace])?;
            }
            self.run(
                "UPDATE voids SET asked = '{}', reason = '' WHERE instr(asked, ?1) OR instr(reason, ?1)",
                [trace],
            )?;
            let sql = "UPDATE audit SET before = NULL, after = NULL
                       WHERE instr(before, ?1) OR instr(after, ?1)";
            self.run(sql, [trace])?;
        }
        Ok(Removed { events: person.events.len(), rows })
    }
}

impl Session<'_> {
    /// Empties the place of an event, which stays taken: a place is never used again. The hash of the id goes to its table, which
    /// else follows the log from behind.
    fn erase_event(&mut self, seq: i64) -> Result<usize> {
        let ids = self.rows("SELECT id FROM events WHERE seq = ? AND id IS NOT NULL", [seq], |row| {
            row.get::<_, String>(0)
        })?;
        for id in ids {
            let sql = "INSERT OR IGNORE INTO event_ids (hash, seq) VALUES (?, ?)";
            self.run(sql, params![log::hash(&id), seq])?;
        }
        let sql = "UPDATE events SET id = NULL, lead = '', time = 0, received = 0, call = '', body = '', before = NULL
                   WHERE seq = ?";
        self.run(sql, [seq])?;
        self.run("DELETE FROM voided WHERE seq = ?", [seq])
    }

    fn erase_id(&mut self, kind: IdKind, id: &str) -> Result<usize> {
        let mut rows = 0;
        let ends = [("ids", "kind", "id"), ("links", "from_kind", "from_id"), ("links", "to_kind", "to_id")];
        let apart = [("apart", "kind", "id"), ("apart", "other_kind", "other_id")];
        for (table, of, column) in ends.into_iter().chain(apart) {
            let sql = format!("DELETE FROM {table} WHERE {of} = ? AND {column} = ?");
            rows += self.run(&sql, [kind.name(), id])?;
        }
        if kind == IdKind::Profile {
            rows += self.run("DELETE FROM attributes WHERE kind = 'lead' AND owner = ?", [id])?;
            for (table, column) in BY_PROFILE {
                rows += self.run(&format!("DELETE FROM {table} WHERE {column} = ?"), [id])?;
            }
            self.recent.erase(id);
        }
        Ok(rows)
    }
}

impl Writer {
    /// Makes the file anew of what it holds: what was removed is still among its bytes until then, in pages that are free
    /// or were copied, and in the log of changes beside it.
    ///
    /// # Errors
    /// The disk is full, or somebody looks at an old state for so long that its bytes must stay.
    pub fn scrub(&mut self) -> Result<()> {
        self.connection.flush_prepared_statement_cache();
        self.connection.execute_batch("VACUUM")?;
        for _ in 0..TRIES {
            let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
            let is_busy: bool = self.connection.query_row(sql, [], |row| row.get(0))?;
            if !is_busy {
                return Ok(());
            }
        }
        Err(Error::NotScrubbed { path: self.path.clone() })
    }
}
