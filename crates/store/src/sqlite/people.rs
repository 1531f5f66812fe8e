//! Ids, links and what is kept apart, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{Row, params};

use super::{Session, count, hot::Asks};
use crate::{Id, IdKind, KnownId, Link, LinkKind, PeopleChange, PeopleView, Result};

impl Session<'_> {
    /// Links by one of their ends; those made by hand first, without a look at more than the limit.
    fn links(&self, end: &str, id: &Id, limit: usize) -> Result<Vec<Link>> {
        let all =
            format!("SELECT link, from_kind, from_id, to_kind, to_id, time, source FROM links WHERE {end}");
        let sql = format!("{all} AND link = 'by-hand' UNION ALL {all} AND link <> 'by-hand' LIMIT ?3");
        self.rows(&sql, params![id.kind.name(), id.text, count(limit)], link)
    }
}

impl PeopleView for Session<'_> {
    fn known_id(&self, id: &Id) -> Result<Option<KnownId>> {
        let look = || self.hot.row(Asks::Id, params![id.kind.name(), id.text], known_id);
        self.profiles.map_or_else(look, |profiles| profiles.known(id, look))
    }

    fn ids_of(&self, lead: &str) -> Result<Vec<KnownId>> {
        let sql = "SELECT kind, id, lead, is_user FROM ids WHERE lead = ? ORDER BY kind, id";
        self.rows(sql, [lead], known_id)
    }

    fn joined_profiles(&self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT id, lead FROM ids WHERE kind = 'profile' AND lead <> id";
        self.rows(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn leads_named(&self, text: &str, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT lead FROM ids WHERE instr(lower(id), lower(?)) > 0 LIMIT ?";
        self.rows(sql, params![text, count(limit)], |row| row.get(0))
    }

    fn links_from(&self, id: &Id, limit: usize) -> Result<Vec<Link>> {
        self.links("from_kind = ?1 AND from_id = ?2", id, limit)
    }

    fn links_to(&self, id: &Id, limit: usize) -> Result<Vec<Link>> {
        self.links("to_kind = ?1 AND to_id = ?2", id, limit)
    }

    fn apart_from(&self, id: &Id) -> Result<Vec<Id>> {
        let sql = "SELECT other_kind, other_id FROM apart WHERE kind = ? AND id = ?";
        self.rows(sql, params![id.kind.name(), id.text], |row| read_id(row, 0))
    }
}

impl PeopleChange for Session<'_> {
    fn put_id(&mut self, known: &KnownId) -> Result<()> {
        let sql = "INSERT INTO ids (kind, id, lead, is_user) VALUES (?, ?, ?, ?)
                   ON CONFLICT (kind, id) DO UPDATE SET lead = excluded.lead, is_user = excluded.is_user";
        let KnownId { id, lead, is_user } = known;
        self.run(sql, params![id.kind.name(), id.text, lead, is_user])?;
        if let Some(profiles) = self.profiles {
            profiles.put(id, Some(known));
        }
        Ok(())
    }

    fn forget_id(&mut self, id: &Id) -> Result<()> {
        self.run("DELETE FROM ids WHERE kind = ? AND id = ?", params![id.kind.name(), id.text])?;
        if let Some(profiles) = self.profiles {
            profiles.put(id, None);
        }
        Ok(())
    }

    fn link(&mut self, link: &Link) -> Result<bool> {
        let sql = "INSERT INTO links (from_kind, from_id, to_kind, to_id, link, time, source)
                   VALUES (?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET time = excluded.time, source = excluded.source
                   WHERE (excluded.time, excluded.source) < (time, source)";
        let Link { kind, from, to, time, source } = link;
        let (time, kind) = (time.as_millis(), kind.name());
        let changed =
            self.run(sql, params![from.kind.name(), from.text, to.kind.name(), to.text, kind, time, source])?;
        Ok(changed > 0)
    }

    fn unlink(&mut self, id: &Id) -> Result<bool> {
        let (kind, text) = (id.kind.name(), &id.text);
        let by_hand = LinkKind::ByHand.name();
        let from = "DELETE FROM links WHERE from_kind = ? AND from_id = ? AND link = ?";
        let to = "DELETE FROM links WHERE to_kind = ? AND to_id = ? AND link = ?";
        let begun = self.run(from, params![kind, text, by_hand])?;
        Ok(begun + self.run(to, params![kind, text, by_hand])? > 0)
    }

    fn keep_apart(&mut self, one: &Id, other: &Id) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO apart (kind, id, other_kind, other_id)
                   VALUES (?1, ?2, ?3, ?4), (?3, ?4, ?1, ?2)";
        self.run(sql, params![one.kind.name(), one.text, other.kind.name(), other.text])?;
        Ok(())
    }

    fn let_together(&mut self, one: &Id, other: &Id) -> Result<()> {
        let sql = "DELETE FROM apart WHERE (kind, id, other_kind, other_id)
                   IN (VALUES (?1, ?2, ?3, ?4), (?3, ?4, ?1, ?2))";
        self.run(sql, params![one.kind.name(), one.text, other.kind.name(), other.text])?;
        Ok(())
    }
}

fn known_id(row: &Row<'_>) -> rusqlite::Result<KnownId> {
    Ok(KnownId { id: read_id(row, 0)?, lead: row.get(2)?, is_user: row.get(3)? })
}

fn link(row: &Row<'_>) -> rusqlite::Result<Link> {
    let kind: String = row.get(0)?;
    Ok(Link {
        kind: LinkKind::named(&kind).ok_or_else(|| unreadable(0))?,
        from: read_id(row, 1)?,
        to: read_id(row, 3)?,
        time: Instant::from_millis(row.get(5)?),
        source: row.get(6)?,
    })
}

/// Reads an id from two columns.
fn read_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Id> {
    let kind: String = row.get(column)?;
    Ok(Id { kind: IdKind::named(&kind).ok_or_else(|| unreadable(column))?, text: row.get(column + 1)? })
}

fn unreadable(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "kind".to_owned(), rusqlite::types::Type::Text)
}
