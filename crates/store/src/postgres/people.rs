//! Ids, links and what is kept apart, in PostgreSQL.

use std::borrow::Cow;

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    connection::Connection,
    row::{Columns, column, count, text},
    session::Session,
    waiting::LinkKey,
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
        if let Some(known) = self.waiting.borrow().ids.get(id) {
            return Ok(known.cloned());
        }
        let sql = "SELECT kind, id, lead, is_user FROM ids WHERE kind = $1 AND id = $2";
        self.kept_row(sql, &[&id.kind.name(), &text(&id.text)], known_id)
    }

    fn ids_of(&self, lead: &str) -> Result<Vec<KnownId>> {
        let sql = "SELECT kind, id, lead, is_user FROM ids WHERE lead = $1 ORDER BY kind, id";
        self.rows(sql, &[&text(lead)], known_id)
    }

    fn joined_profiles(&self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT id, lead FROM ids WHERE kind = 'profile' AND lead <> id";
        self.rows(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))
    }

    fn leads_named(&self, name: &str, limit: usize) -> Result<Vec<String>> {
        let sql = r#"SELECT DISTINCT lead FROM ids
                     WHERE strpos(lower(id COLLATE "C"), lower($1::text COLLATE "C")) > 0 LIMIT $2"#;
        self.rows(sql, &[&text(name), &count(limit)], |row| row.text(0))
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
        self.waiting.get_mut().ids.put(known.id.clone(), known.clone());
        Ok(())
    }

    fn forget_id(&mut self, id: &Id) -> Result<()> {
        self.run("DELETE FROM ids WHERE kind = $1 AND id = $2", &[&id.kind.name(), &text(&id.text)])?;
        Ok(())
    }

    fn link(&mut self, link: &Link) -> Result<bool> {
        let (key, said) = (link_key(link), (link.time, link.source.clone()));
        if self.waiting.get_mut().links.get(&key).is_none() {
            self.read_links(std::slice::from_ref(link))?;
        }
        let links = &mut self.waiting.get_mut().links;
        let is_news = links.get(&key).flatten().is_none_or(|known| said < *known);
        if is_news {
            links.put(key, said);
        }
        Ok(is_news)
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

impl Session<'_> {
    /// Reads the leads of some profiles.
    pub(super) fn read_profiles(&self, profiles: &[Cow<'_, str>]) -> Result<()> {
        let sql = "SELECT kind, id, lead, is_user FROM ids WHERE kind = 'profile' AND id = ANY($1)";
        let found = self.kept_rows(sql, &[&profiles], known_id)?;
        let ids = &mut self.waiting.borrow_mut().ids;
        for known in found {
            ids.learn(known.id.clone(), Some(known));
        }
        Ok(())
    }

    /// Reads what is known of some links.
    pub(super) fn read_links(&self, asked: &[Link]) -> Result<()> {
        let sql = "SELECT link, from_kind, from_id, to_kind, to_id, time, source FROM links
                   JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
                   AS asked (link, from_kind, from_id, to_kind, to_id) USING (link, from_kind, from_id, to_kind, to_id)";
        let ends = [
            column(asked, |link| Cow::Borrowed(link.kind.name())),
            column(asked, |link| Cow::Borrowed(link.from.kind.name())),
            column(asked, |link| text(&link.from.text)),
            column(asked, |link| Cow::Borrowed(link.to.kind.name())),
            column(asked, |link| text(&link.to.text)),
        ];
        let found = self.kept_rows(sql, &[&ends[0], &ends[1], &ends[2], &ends[3], &ends[4]], link)?;
        let links = &mut self.waiting.borrow_mut().links;
        asked.iter().for_each(|link| links.learn_missing(&link_key(link)));
        for link in found {
            links.learn(link_key(&link), Some((link.time, link.source)));
        }
        Ok(())
    }
}

fn link_key(link: &Link) -> LinkKey {
    (link.from.clone(), link.kind, link.to.clone())
}

/// Notes the leads that ids belong to.
pub(super) fn send_ids(ids: &[(&Id, &KnownId)], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO ids (kind, id, lead, is_user)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
               ON CONFLICT (kind, id) DO UPDATE SET lead = excluded.lead, is_user = excluded.is_user";
    to.send(
        sql,
        ids.len(),
        &[
            &column(ids, |(id, _)| id.kind.name()),
            &column(ids, |(id, _)| text(&id.text)),
            &column(ids, |(_, known)| text(&known.lead)),
            &column(ids, |(_, known)| known.is_user),
        ],
    )
}

/// Notes links, each the first of its kind between its ids.
pub(super) fn send_links(links: &[(&LinkKey, &(Instant, String))], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO links (from_kind, from_id, link, to_kind, to_id, time, source)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
               ON CONFLICT (from_kind, from_id, link, to_kind, to_id)
               DO UPDATE SET time = excluded.time, source = excluded.source";
    to.send(
        sql,
        links.len(),
        &[
            &column(links, |((from, ..), _)| from.kind.name()),
            &column(links, |((from, ..), _)| text(&from.text)),
            &column(links, |((_, kind, _), _)| kind.name()),
            &column(links, |((.., to), _)| to.kind.name()),
            &column(links, |((.., to), _)| text(&to.text)),
            &column(links, |(_, (time, _))| time.as_millis()),
            &column(links, |(_, (_, source))| text(source)),
        ],
    )
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
