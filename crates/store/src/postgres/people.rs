//! Ids, links and what is kept apart, in PostgreSQL.

use postgres::Row;

use super::{
    row::{Columns, count, text},
    session::Session,
};
use crate::{Id, IdKind, KnownId, Link, LinkKind, PeopleChange, PeopleView, Result};

impl Session<'_> {
    /// Links by one of their ends; those made by hand first, without a look at more than the limit.
    fn links(&self, end: &str, id: &Id, limit: usize) -> Result<Vec<Link>> {
        let columns = "link, from_kind, from_id, to_kind, to_id, time, source";
        let (kind, id) = (id.kind.name(), text(&id.text));
        let mut links = Vec::new();
        for which in ["link = 'by-hand'", "link <> 'by-hand'"] {
            let sql = format!("SELECT {columns} FROM links WHERE {end} AND {which} LIMIT $3");
            links.extend(self.rows(&sql, &[&kind, &id, &count(limit - links.len())], link)?);
        }
        Ok(links)
    }
}

impl PeopleView for Session<'_> {
    fn known_id(&self, id: &Id) -> Result<Option<KnownId>> {
        let sql = "SELECT kind, id, lead, is_user FROM ids WHERE kind = $1 AND id = $2";
        self.row(sql, &[&id.kind.name(), &text(&id.text)], known_id)
    }

    fn ids_of(&self, lead: &str) -> Result<Vec<KnownId>> {
        let sql = "SELECT kind, id, lead, is_user FROM ids WHERE lead = $1 ORDER BY kind, id";
        self.rows(sql, &[&text(lead)], known_id)
    }

    fn links_from(&self, id: &Id, limit: usize) -> Result<Vec<Link>> {
        self.links("from_kind = $1 AND from_id = $2", id, limit)
    }

    fn links_to(&self, id: &Id, limit: usize) -> Result<Vec<Link>> {
        self.links("to_kind = $1 AND to_id = $2", id, limit)
    }

    fn apart_from(&self, id: &Id) -> Result<Vec<Id>> {
        let sql = "SELECT other_kind, other_id FROM apart WHERE kind = $1 AND id = $2 ORDER BY other_kind, other_id";
        self.rows(sql, &[&id.kind.name(), &text(&id.text)], |row| read_id(row, 0))
    }
}

impl PeopleChange for Session<'_> {
    fn put_id(&mut self, known: &KnownId) -> Result<()> {
        let sql = "INSERT INTO ids (kind, id, lead, is_user) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (kind, id) DO UPDATE SET lead = excluded.lead, is_user = excluded.is_user";
        let KnownId { id, lead, is_user } = known;
        self.run(sql, &[&id.kind.name(), &text(&id.text), &text(lead), is_user])?;
        Ok(())
    }

    fn forget_id(&mut self, id: &Id) -> Result<()> {
        self.run("DELETE FROM ids WHERE kind = $1 AND id = $2", &[&id.kind.name(), &text(&id.text)])?;
        Ok(())
    }

    fn link(&mut self, link: &Link) -> Result<bool> {
        let sql = "INSERT INTO links (from_kind, from_id, to_kind, to_id, link, time, source)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)
                   ON CONFLICT (from_kind, from_id, link, to_kind, to_id)
                   DO UPDATE SET time = excluded.time, source = excluded.source
                   WHERE (excluded.time, excluded.source) < (links.time, links.source)";
        let Link { kind, from, to, time, source } = link;
        let (from_id, to_id, source) = (text(&from.text), text(&to.text), text(source));
        let (from, to, kind, time) = (from.kind.name(), to.kind.name(), kind.name(), time.as_millis());
        Ok(self.run(sql, &[&from, &from_id, &to, &to_id, &kind, &time, &source])? > 0)
    }

    fn unlink(&mut self, id: &Id) -> Result<bool> {
        let sql = "DELETE FROM links WHERE link = $3
                   AND (from_kind = $1 AND from_id = $2 OR to_kind = $1 AND to_id = $2)";
        let by_hand = LinkKind::ByHand.name();
        Ok(self.run(sql, &[&id.kind.name(), &text(&id.text), &by_hand])? > 0)
    }

    fn keep_apart(&mut self, one: &Id, other: &Id) -> Result<()> {
        let sql = "INSERT INTO apart (kind, id, other_kind, other_id)
                   VALUES ($1, $2, $3, $4), ($3, $4, $1, $2) ON CONFLICT DO NOTHING";
        self.run_on_both(sql, one, other)
    }

    fn let_together(&mut self, one: &Id, other: &Id) -> Result<()> {
        let sql = "DELETE FROM apart WHERE (kind, id, other_kind, other_id)
                   IN (VALUES ($1, $2, $3, $4), ($3, $4, $1, $2))";
        self.run_on_both(sql, one, other)
    }
}

impl Session<'_> {
    fn run_on_both(&self, sql: &str, one: &Id, other: &Id) -> Result<()> {
        let (id, other_id) = (text(&one.text), text(&other.text));
        self.run(sql, &[&one.kind.name(), &id, &other.kind.name(), &other_id])?;
        Ok(())
    }
}

fn known_id(row: &Row) -> Result<KnownId> {
    Ok(KnownId { id: read_id(row, 0)?, lead: row.text(2)?, is_user: row.value(3)? })
}

fn link(row: &Row) -> Result<Link> {
    Ok(Link {
        kind: row.named(0, LinkKind::named)?,
        from: read_id(row, 1)?,
        to: read_id(row, 3)?,
        time: row.instant(5)?,
        source: row.text(6)?,
    })
}

/// Reads an id from two columns.
fn read_id(row: &Row, column: usize) -> Result<Id> {
    Ok(Id { kind: row.named(column, IdKind::named)?, text: row.text(column + 1)? })
}
