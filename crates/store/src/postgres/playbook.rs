//! What a playbook remembers, in PostgreSQL.

use std::collections::BTreeMap;

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    connection::Connection,
    row::{Columns, column, count, text, whole},
    rows::Rows,
    session::Session,
    waiting::Places,
};
use crate::{NewTierChange, PlaybookChange, PlaybookView, Result, TierChange, Timer, record::HappeningKind};

/// The change of tier of a place.
pub(super) const ONE: &str =
    "SELECT seq, model, lead, at, before, after, cause FROM tier_changes WHERE seq = $1";

impl PlaybookView for Session<'_> {
    fn last_tier(&self, model: &str, lead: &str) -> Result<Option<String>> {
        if let Some(tiers) = self.waiting.borrow().tiers.known.get(lead) {
            return Ok(tiers.get(model).filter(|tier| !tier.is_empty()).cloned());
        }
        let sql = "SELECT after FROM tier_changes WHERE lead = $1 AND model = $2 ORDER BY seq DESC LIMIT 1";
        let last = self.row(sql, &[&text(lead), &text(model)], |row| row.text(0))?;
        Ok(last.filter(|tier| !tier.is_empty()))
    }

    fn tier_changes(&self, lead: &str, before: Option<u64>, limit: usize) -> Result<Vec<TierChange>> {
        let sql = "SELECT seq, model, lead, at, before, after, cause FROM tier_changes
                   WHERE lead = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
        self.rows(sql, &[&text(lead), &before.map_or(i64::MAX, whole), &count(limit)], tier_change)
    }

    fn note(&self, lead: &str, rule: &str) -> Result<Option<String>> {
        let sql = "SELECT note FROM notes WHERE lead = $1 AND rule = $2";
        self.row(sql, &[&text(lead), &text(rule)], |row| row.text(0))
    }

    fn notes_of(&self, lead: &str) -> Result<Vec<(String, String)>> {
        let sql = "SELECT rule, note FROM notes WHERE lead = $1 ORDER BY rule";
        self.rows(sql, &[&text(lead)], |row| Ok((row.text(0)?, row.text(1)?)))
    }

    fn known_rules(&self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT rule, model FROM known_rules ORDER BY rule, model";
        self.rows(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))
    }

    fn absent_since(&self, rule: &str, model: &str) -> Result<Option<u64>> {
        let sql = "SELECT absent FROM known_rules WHERE rule = $1 AND model = $2 AND absent IS NOT NULL";
        self.row(sql, &[&text(rule), &text(model)], |row| row.natural(0))
    }

    fn tier_changes_after(&self, model: &str, after: u64, limit: usize) -> Result<Vec<TierChange>> {
        let sql = "SELECT seq, model, lead, at, before, after, cause FROM tier_changes
                   WHERE seq > $1 AND model = $2 ORDER BY seq LIMIT $3";
        self.rows(sql, &[&whole(after), &text(model), &count(limit)], tier_change)
    }

    fn timers(&self, now: Instant, limit: usize) -> Result<Vec<Timer>> {
        let sql = "SELECT kind, subject, name, at FROM timers WHERE at <= $1
                   ORDER BY at, kind, subject, name LIMIT $2";
        self.rows(sql, &[&now.as_millis(), &count(limit)], timer)
    }

    fn timers_of(&self, kind: &str) -> Result<Vec<Timer>> {
        let sql = "SELECT kind, subject, name, at FROM timers WHERE kind = $1 ORDER BY subject, name";
        self.rows(sql, &[&text(kind)], timer)
    }
}

impl PlaybookChange for Session<'_> {
    fn put_tier_change(&mut self, change: &NewTierChange<'_>) -> Result<u64> {
        let NewTierChange { model, lead, at, from, to, cause } = *change;
        let last = || {
            let sql = "SELECT coalesce(max(seq), 0) FROM tier_changes";
            Ok(self.kept_row(sql, &[], |row| row.natural(0))?.unwrap_or(0))
        };
        let mut waiting = self.waiting.borrow_mut();
        let tiers = &mut waiting.tiers;
        let seq = tiers.places.next(last)?;
        if let Some(known) = tiers.known.get_mut(lead) {
            known.insert(model.to_owned(), to.unwrap_or_default().to_owned());
        }
        let [model, lead, cause] = [model, lead, cause].map(str::to_owned);
        let [from, to] = [from, to].map(|tier| tier.map(str::to_owned));
        tiers.rows.put(seq, TierChange { seq, model, lead, at, from, to, cause });
        drop(waiting);
        self.happens(HappeningKind::Tier, seq, None)?;
        Ok(seq)
    }

    fn put_note(&mut self, lead: &str, rule: &str, note: &str) -> Result<()> {
        let sql = "INSERT INTO notes (lead, rule, note) VALUES ($1, $2, $3)
                   ON CONFLICT (lead, rule) DO UPDATE SET note = excluded.note";
        self.run(sql, &[&text(lead), &text(rule), &text(note)])?;
        Ok(())
    }

    fn forget_notes(&mut self, lead: &str) -> Result<()> {
        self.run("DELETE FROM notes WHERE lead = $1", &[&text(lead)])?;
        Ok(())
    }

    fn put_known_rule(&mut self, rule: &str, model: &str, at: Instant) -> Result<()> {
        let sql = "INSERT INTO known_rules (rule, model, since) VALUES ($1, $2, $3)
                   ON CONFLICT (rule, model) DO UPDATE SET absent = NULL";
        self.run(sql, &[&text(rule), &text(model), &at.as_millis()])?;
        Ok(())
    }

    fn put_absent_rule(&mut self, rule: &str, model: &str) -> Result<()> {
        let sql = "UPDATE known_rules SET absent = (SELECT coalesce(max(seq), 0) FROM tier_changes)
                   WHERE rule = $1 AND model = $2 AND absent IS NULL";
        self.run(sql, &[&text(rule), &text(model)])?;
        Ok(())
    }

    fn forget_rule(&mut self, rule: &str, model: &str) -> Result<()> {
        self.run("DELETE FROM known_rules WHERE rule = $1 AND model = $2", &[&text(rule), &text(model)])?;
        Ok(())
    }

    fn set_timer(&mut self, timer: &Timer) -> Result<()> {
        let sql = "INSERT INTO timers (kind, subject, name, at) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (kind, subject, name) DO UPDATE SET at = excluded.at";
        let Timer { kind, subject, name, at } = timer;
        self.run(sql, &[&text(kind), &text(subject), &text(name), &at.as_millis()])?;
        Ok(())
    }

    fn stop_timer(&mut self, kind: &str, subject: &str, name: &str) -> Result<()> {
        let sql = "DELETE FROM timers WHERE kind = $1 AND subject = $2 AND name = $3";
        self.run(sql, &[&text(kind), &text(subject), &text(name)])?;
        Ok(())
    }
}

impl Session<'_> {
    /// Reads the last tiers of leads.
    pub(super) fn read_tiers(&self, leads: &[&str]) -> Result<()> {
        if leads.is_empty() {
            return Ok(());
        }
        let sql = "SELECT DISTINCT ON (lead, model) lead, model, after FROM tier_changes WHERE lead = ANY($1)
                   ORDER BY lead, model, seq DESC";
        let asked = column(leads, |lead| text(lead));
        let found = self.rows(sql, &[&asked], |row| Ok((row.text(0)?, row.text(1)?, row.text(2)?)))?;
        let known = &mut self.waiting.borrow_mut().tiers.known;
        known.extend(leads.iter().map(|lead| ((*lead).to_owned(), BTreeMap::new())));
        for (lead, model, tier) in found {
            known.entry(lead).or_default().insert(model, tier);
        }
        Ok(())
    }
}

/// What is known of changes of tiers without a look at them, and what waits.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    pub(super) rows: Rows<u64, TierChange>,
    places: Places,
    /// By lead, the tier that each model's last change led to.
    known: BTreeMap<String, BTreeMap<String, String>>,
}

/// Notes changes of tiers.
pub(super) fn send_tier_changes(changes: &[(&u64, &TierChange)], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO tier_changes (seq, model, lead, at, before, after, cause)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])";
    to.send(
        sql,
        changes.len(),
        &[
            &column(changes, |(seq, _)| whole(**seq)),
            &column(changes, |(_, change)| text(&change.model)),
            &column(changes, |(_, change)| text(&change.lead)),
            &column(changes, |(_, change)| change.at.as_millis()),
            &column(changes, |(_, change)| text(change.from.as_deref().unwrap_or_default())),
            &column(changes, |(_, change)| text(change.to.as_deref().unwrap_or_default())),
            &column(changes, |(_, change)| text(&change.cause)),
        ],
    )
}

pub(super) fn tier_change(row: &Row) -> Result<TierChange> {
    let tier = |column| Ok::<_, crate::Error>(Some(row.text(column)?).filter(|tier| !tier.is_empty()));
    Ok(TierChange {
        seq: row.natural(0)?,
        model: row.text(1)?,
        lead: row.text(2)?,
        at: row.instant(3)?,
        from: tier(4)?,
        to: tier(5)?,
        cause: row.text(6)?,
    })
}

fn timer(row: &Row) -> Result<Timer> {
    Ok(Timer { kind: row.text(0)?, subject: row.text(1)?, name: row.text(2)?, at: row.instant(3)? })
}
