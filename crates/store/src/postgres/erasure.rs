//! Removing people from PostgreSQL's tables, and from the bytes of its files.

use std::collections::BTreeSet;

use kelvin_kernel::Instant;
use postgres::{
    Row,
    types::{ToSql, Type},
};

use super::{
    Writer,
    connection::Connection,
    row::{Columns, text, whole},
    session::Session,
};
use crate::{
    ErasureChange, ErasureView, Field, Id, IdKind, Kept, OutboxChange, PeopleView, Person, Removed, Result,
    mention::{lists, mentions},
};

/// Tables with a column that names a person by a profile, beside those of leads, which are known otherwise.
const BY_PROFILE: &[(&str, &str)] = &[
    ("mails", "profile"),
    ("tier_changes", "lead"),
    ("notes", "lead"),
    ("hand_offs", "lead"),
    ("tasks", "lead"),
    ("alerts", "lead"),
];

/// Tables with a column that names an event by its id, behind some text: of a lead, perhaps, for which it counted only once.
const BY_EVENT: &[(&str, &str, &str)] = &[
    ("tier_changes", "cause", "event:"),
    ("hand_offs", "cause", "event:"),
    ("alerts", "cause", "event:"),
    ("alerts", "event", ""),
];

/// A table with columns in which anything may stand, and the column that numbers its rows.
struct Traced(&'static str, &'static str, &'static [&'static str]);

const REJECTED: Traced = Traced("rejected", "seq", &["body", "reason"]);
const ANSWERS: Traced = Traced("answers", "number", &["body"]);
const OUTBOX: Traced = Traced("outbox", "seq", &["body", "id", "error"]);
const VOIDS: Traced = Traced("voids", "void", &["asked", "reason"]);
const AUDIT: Traced = Traced("audit", "seq", &["before", "after"]);

impl ErasureView for Session<'_> {
    fn kept_of(&self, person: &Person<'_>) -> Result<Vec<Kept>> {
        let mut kept = Vec::new();
        for id in person.ids.iter().filter(|id| id.kind == IdKind::Profile) {
            for (table, column) in BY_PROFILE.iter().chain(&[("outbox", "lane")]) {
                kept.extend(self.kept_where(table, &format!("{column} = $1"), &text(&id.text))?);
            }
        }
        for id in person.ids {
            kept.extend(self.kept_where("audit", "subject = $1", &text(&id.text))?);
            if self.is_named_by(person, id)? {
                kept.extend(self.kept_where("outcomes", "lead = $1", &text(&id.text))?);
            }
        }
        for trace in person.traces {
            for traced in [&REJECTED, &ANSWERS] {
                let condition = format!("{} = ANY($1)", traced.1);
                kept.extend(self.kept_where(traced.0, &condition, &self.mentioning(traced, trace)?)?);
            }
        }
        let mut once: Vec<Kept> = Vec::new();
        for row in kept {
            if !once.contains(&row) {
                once.push(row);
            }
        }
        Ok(once)
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
            rows += self.erase_event(whole(*seq))?;
        }
        for id in person.ids {
            if self.is_named_by(person, id)? {
                rows += self.run("DELETE FROM outcomes WHERE lead = $1", &[&text(&id.text)])?;
            }
        }
        for id in person.ids {
            rows += self.erase_id(id)?;
            rows += self.erase_profile(id)?;
            let deeds = "UPDATE audit SET subject = $2, before = NULL, after = NULL WHERE subject = $1";
            self.run(deeds, &[&text(&id.text), &text(proof)])?;
            let values = "UPDATE audit SET before = NULL, after = NULL WHERE $1 IN (before, after)";
            self.run(values, &[&text(&id.text)])?;
        }
        rows += self.erase_messages(person)?;
        for trace in person.traces {
            rows += self.erase_trace(trace)?;
        }
        Ok(Removed { events: person.events.len(), rows: usize::try_from(rows).unwrap_or(usize::MAX) })
    }
}

impl Session<'_> {
    /// Whether outcomes that name an id are a person's: a text that is somebody's profile stands for nobody else.
    fn is_named_by(&self, person: &Person<'_>, id: &Id) -> Result<bool> {
        let profile = self.known_id(&Id::profile(id.text.as_str()))?;
        Ok(profile.is_none_or(|profile| person.ids.contains(&profile.id)))
    }

    /// Empties the place of an event, which stays taken: a place is never used again. The hash of the id stays.
    fn erase_event(&self, seq: i64) -> Result<u64> {
        let mails =
            "DELETE FROM mails WHERE profile = (SELECT profile FROM events WHERE seq = $1) AND seq = $1";
        self.run(mails, &[&seq])?;
        let sql = "UPDATE events SET id = NULL, profile = '', time = 0, received = 0, call = '', body = ''
                   WHERE seq = $1";
        self.run(sql, &[&seq])?;
        self.run("DELETE FROM voided WHERE seq = $1", &[&seq])
    }

    /// Empties what was noted of events elsewhere: what they caused, and that they do not count.
    fn erase_mentions_of(&self, events: &[u64]) -> Result<()> {
        let events: Vec<i64> = events.iter().copied().map(whole).collect();
        let of_events = "SELECT id FROM events WHERE seq = ANY($1) AND id IS NOT NULL";
        let ids: BTreeSet<String> =
            self.rows(of_events, &[&events], |row| row.text(0))?.into_iter().collect();
        self.erase_voids(&ids, &events)?;
        for (table, column, before) in BY_EVENT {
            let sql = format!("SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL");
            let mut causes = self.rows(&sql, &[], |row| row.text(0))?;
            causes.retain(|cause| cause.strip_prefix(before).is_some_and(|id| ids.contains(id)));
            let sql = format!("UPDATE {table} SET {column} = nullif($2::text, '') WHERE {column} = $1");
            for cause in causes {
                self.run(&sql, &[&text(&cause), before])?;
            }
        }
        Ok(())
    }

    /// Empties what was asked for with voids that are of these events alone or name one. The voids of rules say nothing of
    /// anybody.
    fn erase_voids(&self, ids: &BTreeSet<String>, events: &[i64]) -> Result<()> {
        let of_events = "SELECT void, asked, NOT EXISTS
                (SELECT 1 FROM voided WHERE voided.void = voids.void AND voided.seq <> ALL($1))
            FROM voids WHERE asked <> '{}' AND void IN (SELECT void FROM voided WHERE seq = ANY($1))";
        let read = |row: &Row| Ok((row.value::<i64>(0)?, row.text(1)?, row.value::<bool>(2)?));
        for (void, asked, is_alone) in self.rows(of_events, &[&events], read)? {
            if is_alone || ids.iter().any(|id| lists(&asked, id)) {
                self.run("UPDATE voids SET asked = '{}', reason = '' WHERE void = $1", &[&void])?;
                let deeds = "UPDATE audit SET before = NULL, after = NULL WHERE $1 IN (before, after)";
                self.run(deeds, &[&text(&asked)])?;
            }
        }
        Ok(())
    }

    fn erase_id(&self, id: &Id) -> Result<u64> {
        let ends = [("ids", "kind", "id"), ("links", "from_kind", "from_id"), ("links", "to_kind", "to_id")];
        let apart = [("apart", "kind", "id"), ("apart", "other_kind", "other_id")];
        let mut rows = 0;
        for (table, kind, column) in ends.into_iter().chain(apart) {
            let sql = format!("DELETE FROM {table} WHERE {kind} = $1 AND {column} = $2");
            rows += self.run(&sql, &[&id.kind.name(), &text(&id.text)])?;
        }
        Ok(rows)
    }

    /// Removes what is kept under a profile.
    fn erase_profile(&self, id: &Id) -> Result<u64> {
        if id.kind != IdKind::Profile {
            return Ok(0);
        }
        let profile = text(&id.text);
        let mut rows = self.run("DELETE FROM attributes WHERE kind = 'lead' AND owner = $1", &[&profile])?;
        self.forget_happenings(&id.text)?;
        // Before the tasks, by which some of them are found.
        let timers = "DELETE FROM timers WHERE CASE WHEN kind = 'look' THEN subject = $1
                      ELSE kind <> 'digest' AND subject IN (SELECT id::text FROM tasks WHERE lead = $1) END";
        rows += self.run(timers, &[&profile])?;
        for (table, column) in BY_PROFILE.iter().chain(&[("holdings", "lead"), ("members", "lead")]) {
            rows += self.run(&format!("DELETE FROM {table} WHERE {column} = $1"), &[&profile])?;
        }
        Ok(rows)
    }

    /// Removes the messages about a person; lanes go on without them.
    fn erase_messages(&mut self, person: &Person<'_>) -> Result<u64> {
        let mut found: Vec<String> = Vec::new();
        for id in person.ids {
            let sql = "SELECT id FROM outbox WHERE lane = $1";
            found.extend(self.rows(sql, &[&text(&id.text)], |row| row.text(0))?);
        }
        for trace in person.traces {
            let (sql, named) =
                ("SELECT id FROM outbox WHERE seq = ANY($1)", self.mentioning(&OUTBOX, trace)?);
            found.extend(self.rows(sql, &[&named], |row| row.text(0))?);
        }
        let mut rows = 0;
        for id in found {
            self.bury(&id, Instant::from_millis(0), "erased")?;
            rows += self.run("DELETE FROM outbox WHERE id = $1", &[&text(&id)])?;
        }
        Ok(rows)
    }

    /// Removes what mentions a text wherever it stands among others.
    fn erase_trace(&self, trace: &str) -> Result<u64> {
        let changes = [
            (&VOIDS, "UPDATE voids SET asked = '{}', reason = '' WHERE void = ANY($1)"),
            (&AUDIT, "UPDATE audit SET before = NULL, after = NULL WHERE seq = ANY($1)"),
        ];
        for (traced, change) in changes {
            self.run(change, &[&self.mentioning(traced, trace)?])?;
        }
        for column in [&["reason"], &["deal"], &["source"]] {
            let sql = format!("UPDATE outcomes SET {} = NULL WHERE seq = ANY($1)", column[0]);
            self.run(&sql, &[&self.mentioning(&Traced("outcomes", "seq", column), trace)?])?;
        }
        let answers = self.mentioning(&ANSWERS, trace)?;
        let rows = self.run("DELETE FROM answers WHERE number = ANY($1)", &[&answers])?;
        let rejected = self.mentioning(&REJECTED, trace)?;
        Ok(rows + self.run("DELETE FROM rejected WHERE seq = ANY($1)", &[&rejected])?)
    }

    /// The numbers of the rows that mention a name. PostgreSQL finds those that may.
    fn mentioning(&self, Traced(table, number, columns): &Traced, name: &str) -> Result<Vec<i64>> {
        let may = columns
            .iter()
            .map(|column| format!(r#"strpos(lower({column} COLLATE "C"), lower($1::text COLLATE "C")) > 0"#));
        let (all, may) = (columns.join(", "), may.collect::<Vec<_>>().join(" OR "));
        let sql = format!("SELECT {number}, {all} FROM {table} WHERE {may}");
        let rows = self.rows(&sql, &[&plain_part(name)], |row| {
            let texts =
                (1..=columns.len()).map(|column| row.some_text(column)).collect::<Result<Vec<_>>>()?;
            let is_named = texts.iter().flatten().any(|text| mentions(text, name));
            Ok(Some(row.value(0)?).filter(|_| is_named))
        })?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// The rows of a table that meet a condition.
    fn kept_where(
        &self,
        table: &'static str,
        condition: &str,
        about: &(dyn ToSql + Sync),
    ) -> Result<Vec<Kept>> {
        let sql = format!("SELECT * FROM {table} WHERE {condition}");
        self.rows(&sql, &[about], |row| Ok(Kept { table, fields: fields(row)? }))
    }
}

/// The longest part of a name in which upper and lower case are the same to all databases.
fn plain_part(name: &str) -> &str {
    let parts = name.split(|character: char| !character.is_ascii_graphic());
    parts.max_by_key(|part| part.len()).unwrap_or_default()
}

fn fields(row: &Row) -> Result<Vec<(String, Field)>> {
    let names = row.columns().iter().map(|column| column.name().to_owned());
    names.enumerate().map(|(place, name)| Ok((name, field(row, place)?))).collect()
}

fn field(row: &Row, place: usize) -> Result<Field> {
    Ok(match *row.columns()[place].type_() {
        Type::INT8 => row.value::<Option<i64>>(place)?.map_or(Field::Nothing, Field::Whole),
        Type::TEXT => row.some_text(place)?.map_or(Field::Nothing, Field::Text),
        _ => Field::Nothing,
    })
}

impl Writer {
    /// Writes the tables anew: what was removed is still among the bytes of their files until then. Who looks at the store waits
    /// meanwhile. The log of PostgreSQL and its copies keep what was removed as long as they are kept.
    pub(crate) fn scrub(&mut self) -> Result<()> {
        self.line.alone(|sql: &mut Connection| {
            let tables =
                "SELECT tablename::text FROM pg_tables WHERE schemaname = 'kelvin' ORDER BY tablename";
            for row in sql.rows(tables, &[])? {
                sql.batch(&format!("VACUUM FULL kelvin.{}", row.text(0)?))?;
            }
            Ok(())
        })
    }
}
