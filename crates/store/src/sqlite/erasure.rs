//! Removing people from SQLite's tables, and from the bytes of its file.

use std::collections::BTreeSet;

use kelvin_kernel::Instant;
use rusqlite::{
    Connection, Transaction, TransactionBehavior, functions::FunctionFlags, params, types::ValueRef,
};

use super::{Session, Writer, journal, log, natural, settle, whole};
use crate::{
    ErasureChange, ErasureView, Error, Field, Id, IdKind, Kept, OutboxChange, PeopleView, Person, Removed,
    Result,
    mention::{lists, mentions},
};

/// Tables with a column that names a person by a profile.
const BY_PROFILE: &[(&str, &str)] = &[
    ("leads", "lead"),
    ("holdings", "lead"),
    ("mails", "profile"),
    ("tier_changes", "lead"),
    ("notes", "lead"),
    ("hand_offs", "lead"),
    ("tasks", "lead"),
    ("alerts", "lead"),
    ("members", "lead"),
];

/// Tables with a column in which anything may stand.
const BY_TRACE: &[(&str, &str)] = &[("rejected", "body"), ("rejected", "reason"), ("answers", "body")];

/// What outcomes of others may say of a person.
const OF_OUTCOMES: [&str; 3] = ["reason", "deal", "source"];

/// Tables with a column that names an event by its id, behind some text: of a lead, perhaps, for which it counted only once.
const BY_EVENT: &[(&str, &str, &str)] = &[
    ("tier_changes", "cause", "event:"),
    ("hand_offs", "cause", "event:"),
    ("alerts", "cause", "event:"),
    ("alerts", "event", ""),
];

/// Tables of leads, which are known otherwise.
const OF_LEADS: [&str; 3] = ["leads", "holdings", "members"];

/// How often the file is tried to be emptied of what was removed, while somebody looks at its old state.
const TRIES: usize = 3;

impl ErasureView for Session<'_> {
    fn kept_of(&self, person: &Person<'_>) -> Result<Vec<Kept>> {
        let mut kept = Vec::new();
        for id in person.ids.iter().filter(|id| id.kind == IdKind::Profile) {
            let by_profile = BY_PROFILE.iter().filter(|(table, _)| !OF_LEADS.contains(table));
            for (table, column) in by_profile.chain(&[("outbox", "lane")]) {
                kept.extend(self.kept_where(table, &format!("{column} = ?"), &id.text)?);
            }
        }
        for id in person.ids {
            kept.extend(self.kept_where("audit", "subject = ?", &id.text)?);
            if self.is_named_by(person, id)? {
                kept.extend(self.kept_where("outcomes", "lead = ?", &id.text)?);
            }
        }
        for trace in person.traces {
            for (table, column) in BY_TRACE {
                kept.extend(self.kept_where(table, &names(column), trace)?);
            }
        }
        let mut seen = Vec::new();
        kept.retain(|row| {
            !seen.contains(row) && {
                seen.push(row.clone());
                true
            }
        });
        Ok(kept)
    }
}

impl ErasureChange for Session<'_> {
    fn erase(&mut self, person: &Person<'_>, proof: &str) -> Result<Removed> {
        let mut rows = 0;
        // What only mentions somebody is looked for where somebody asked for that.
        if !person.traces.is_empty() {
            self.erase_mentions_of(person.events)?;
        }
        for seq in person.events {
            rows += self.erase_event(whole(*seq), person.ids.is_empty())?;
        }
        for id in person.ids {
            if self.is_named_by(person, id)? {
                rows += self.run("DELETE FROM outcomes WHERE lead = ?", [&id.text])?;
            }
        }
        for id in person.ids {
            rows += self.erase_id(id.kind, &id.text)?;
            self.run(
                "UPDATE audit SET subject = ?2, before = NULL, after = NULL WHERE subject = ?1",
                [&id.text, proof],
            )?;
            self.run("UPDATE audit SET before = NULL, after = NULL WHERE ?1 IN (before, after)", [&id.text])?;
        }
        rows += self.erase_messages(person)?;
        for trace in person.traces {
            for (table, column) in BY_TRACE {
                rows += self.run(&format!("DELETE FROM {table} WHERE {}", names(column)), [trace])?;
            }
            let [asked, reason, before, after] = ["asked", "reason", "before", "after"].map(names);
            let voids = format!("UPDATE voids SET asked = '{{}}', reason = '' WHERE {asked} OR {reason}");
            let audit = format!("UPDATE audit SET before = NULL, after = NULL WHERE {before} OR {after}");
            self.run(&voids, [trace])?;
            self.run(&audit, [trace])?;
            for column in OF_OUTCOMES {
                let sql = format!("UPDATE outcomes SET {column} = NULL WHERE {}", names(column));
                self.run(&sql, [trace])?;
            }
        }
        Ok(Removed { events: person.events.len(), rows })
    }
}

impl Session<'_> {
    /// Whether outcomes that name an id are a person's: a text that is somebody's profile stands for nobody else.
    fn is_named_by(&self, person: &Person<'_>, id: &Id) -> Result<bool> {
        let profile = self.known_id(&Id::profile(id.text.as_str()))?;
        Ok(profile.is_none_or(|profile| person.ids.contains(&profile.id)))
    }

    /// Removes the messages about a person; lanes go on without them.
    fn erase_messages(&mut self, person: &Person<'_>) -> Result<usize> {
        let profiles = person.ids.iter().map(|id| &id.text);
        let mut found = Vec::new();
        for lane in profiles {
            found.extend(
                self.rows("SELECT id FROM outbox WHERE lane = ?", [lane], |row| row.get::<_, String>(0))?,
            );
        }
        for trace in person.traces {
            let [body, id, error] = ["body", "id", "error"].map(names);
            let sql = format!("SELECT id FROM outbox WHERE {body} OR {id} OR {error}");
            found.extend(self.rows(&sql, [trace], |row| row.get::<_, String>(0))?);
        }
        let mut rows = 0;
        for id in found {
            self.bury(&id, Instant::from_millis(0), "erased")?;
            rows += self.run("DELETE FROM outbox WHERE id = ?", [&id])?;
        }
        Ok(rows)
    }

    /// The rows of a table that meet a condition.
    fn kept_where(&self, table: &'static str, condition: &str, text: &str) -> Result<Vec<Kept>> {
        let mut statement = self.sql.prepare_cached(&format!("SELECT * FROM {table} WHERE {condition}"))?;
        let columns: Vec<_> = statement.column_names().map(str::to_owned).collect();
        let rows = statement.query_map([text], |row| {
            let field = |(place, name): (usize, &String)| Ok((name.clone(), field(row.get_ref(place)?)));
            let fields = columns.iter().enumerate().map(field).collect::<rusqlite::Result<_>>()?;
            Ok(Kept { table, fields })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Empties the place of an event, which stays taken: a place is never used again. The hash of the id goes to its table, which
    /// else follows the log from behind. Where whose it was stays, the events before it are still found by way of it.
    fn erase_event(&mut self, seq: i64, stays: bool) -> Result<usize> {
        let mails = "DELETE FROM mails WHERE profile = (SELECT lead FROM events WHERE seq = ?1) AND seq = ?1";
        self.run(mails, [seq])?;
        let ids = self.rows("SELECT id FROM events WHERE seq = ? AND id IS NOT NULL", [seq], |row| {
            row.get::<_, String>(0)
        })?;
        for id in ids {
            let sql = "INSERT OR IGNORE INTO event_ids (hash, seq) VALUES (?, ?)";
            self.run(sql, params![log::hash(&id), seq])?;
        }
        let sql = "UPDATE events SET id = NULL, lead = '', time = 0, received = 0, call = '', body = '',
                   before = iif(?2, before, NULL) WHERE seq = ?1";
        self.run(sql, params![seq, stays])?;
        self.run("DELETE FROM voided WHERE seq = ?", [seq])
    }

    /// Empties what was noted of events elsewhere: what they caused, and that they do not count.
    fn erase_mentions_of(&self, events: &[u64]) -> Result<()> {
        let (mut ids, mut voids) = (BTreeSet::new(), BTreeSet::new());
        for seq in events.iter().copied().map(whole) {
            let of_event = "SELECT id FROM events WHERE seq = ? AND id IS NOT NULL";
            ids.extend(self.rows(of_event, [seq], |row| row.get::<_, String>(0))?);
            let of_event = "SELECT void FROM voided WHERE seq = ?";
            voids.extend(self.rows(of_event, [seq], |row| row.get::<_, i64>(0))?);
        }
        voids.into_iter().try_for_each(|void| self.erase_void(void, &ids, events))?;
        for (table, column, before) in BY_EVENT {
            let sql = format!("SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL");
            let mut causes = self.rows(&sql, [], |row| row.get::<_, String>(0))?;
            causes.retain(|cause| cause.strip_prefix(before).is_some_and(|id| ids.contains(id)));
            let sql = format!("UPDATE {table} SET {column} = nullif(?2, '') WHERE {column} = ?1");
            causes.iter().try_for_each(|cause| self.run(&sql, [cause.as_str(), before]).map(drop))?;
        }
        Ok(())
    }

    /// Empties what was asked for with a void, if it is of these events alone or names one. The voids of rules say nothing of
    /// anybody.
    fn erase_void(&self, void: i64, ids: &BTreeSet<String>, events: &[u64]) -> Result<()> {
        let held = self.rows("SELECT seq FROM voided WHERE void = ?", [void], |row| row.get::<_, i64>(0))?;
        let is_alone = held.into_iter().all(|seq| events.contains(&natural(seq)));
        let sql = "SELECT asked FROM voids WHERE void = ? AND asked <> '{}'";
        for asked in self.rows(sql, [void], |row| row.get::<_, String>(0))? {
            if is_alone || ids.iter().any(|id| lists(&asked, id)) {
                self.run("UPDATE voids SET asked = '{}', reason = '' WHERE void = ?", [void])?;
                let deeds = "UPDATE audit SET before = NULL, after = NULL WHERE ?1 IN (before, after)";
                self.run(deeds, [&asked])?;
            }
        }
        Ok(())
    }

    /// Takes what changed of a lead out of the journal.
    fn erase_from_journal(&self, lead: &str) -> Result<usize> {
        let chunks = self.rows("SELECT seq, entries FROM recent_holdings", [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })?;
        let mut count = 0;
        for (seq, entries) in chunks {
            let rest = journal::without(&entries, lead).ok_or_else(|| settle::damaged(&self.sql, seq))?;
            if rest.len() < entries.len() {
                count +=
                    self.run("UPDATE recent_holdings SET entries = ? WHERE seq = ?", params![rest, seq])?;
            }
        }
        Ok(count)
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
            self.forget_happenings(id)?;
            // Before the tasks, by which some of them are found.
            let timers = "DELETE FROM timers WHERE iif(kind = 'look', subject = ?1,
                          kind <> 'digest' AND subject IN (SELECT CAST(id AS TEXT) FROM tasks WHERE lead = ?1))";
            rows += self.run(timers, [id])?;
            for (table, column) in BY_PROFILE {
                rows += self.run(&format!("DELETE FROM {table} WHERE {column} = ?"), [id])?;
            }
            rows += self.erase_from_journal(id)?;
            self.recent.erase(id);
            if let Some(profiles) = self.profiles {
                profiles.clear();
            }
        }
        Ok(rows)
    }
}

/// The condition that a column mentions a text.
fn names(column: &str) -> String {
    format!("mentions({column}, ?1)")
}

/// Lets statements of a connection ask what mentions what.
pub(super) fn teach(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("mentions", 2, flags, |given| {
        let (text, name): (Option<String>, String) = (given.get(0)?, given.get(1)?);
        Ok(text.is_some_and(|text| mentions(&text, &name)))
    })
}

fn field(value: ValueRef<'_>) -> Field {
    match value {
        ValueRef::Integer(number) => Field::Whole(number),
        ValueRef::Text(text) => Field::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Field::Nothing,
    }
}

impl Writer {
    /// Makes the file anew of what it holds: what was removed is still among its bytes until then, in pages that are free
    /// or were copied, and in the log of changes beside it.
    ///
    /// What changed of late is put in its place before: leads may have been something of somebody who is not part of them any
    /// more, and the journal knows what they were.
    pub(crate) fn scrub(&mut self) -> Result<()> {
        self.settle_all()?;
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

    fn settle_all(&mut self) -> Result<()> {
        let sql = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        let (mut recent, mut settling) = (self.versions.newest(), self.settling.clone());
        settling.finish_holdings(&mut recent, &sql)?;
        self.versions.commit(sql, recent)?;
        self.disk.fall_behind();
        self.walked.set(i64::MIN);
        self.settling = settling;
        Ok(())
    }
}
