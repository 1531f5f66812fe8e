//! Recent rows on their way into the tables: in order, some with every change, so that no change waits for many.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    held::Holdings,
    name::Name,
    recent::{Ids, Key, Layers, Leads, Recent},
    scores,
};
use crate::{Error, Result};

/// How many writes of usual size to a table are brought together before they are moved: the more, the more often leads that
/// are busy are written once for several, and the fewer pages for each. Until then they take memory.
const ENOUGH: usize = 200_000;

/// How many rows go to the tables with a change, for each that is new with it. No more, so that no change waits for long: what
/// is on its way is never more than what comes together meanwhile.
const PACE: usize = 1;

/// How many rows go to the tables with a change at least.
const LEAST: usize = 64;

/// As many entries of the journal as a commit of many brings: so many rows of a table cost as much as one of the journal.
const ENTRIES: usize = 64;

/// Tables that follow the log.
const LEADS: &str = "leads";
const IDS: &str = "event_ids";

/// Rows that are written to a table in their order.
trait Rows: Sized + Default {
    type Key: Clone;

    /// How many times as many as usual are brought together before they are moved.
    const TIMES: usize = 1;

    /// Brings all rows in one order.
    fn put_in_order(&mut self);

    /// Writes some rows after one of them; the last that was written, if there may be more.
    fn write(&self, sql: &Connection, after: Option<&Self::Key>, most: usize) -> Result<Option<Self::Key>>;

    /// The last entry of what the rows can be made from again: all rows are from it or from before.
    fn last(sql: &Connection) -> Result<i64>;

    /// Notes that the rows up to an entry are in the table. Whether that is done, for work that is done in parts.
    fn finish(sql: &Connection, upto: i64, most: usize) -> Result<bool>;
}

/// How far the rows have got that are on their way.
#[derive(Debug, Clone)]
struct Move<K> {
    upto: i64,
    after: Option<K>,
    /// Whether all rows are in the table.
    is_written: bool,
}

/// How far all of them have got.
#[derive(Debug, Clone)]
pub(super) struct Settling {
    enough: usize,
    leads: Option<Move<Name>>,
    ids: Option<Move<(i64, i64)>>,
    holdings: Option<Move<Key>>,
    /// How many rows were new when the last change ended.
    fresh: [usize; 3],
}

impl Settling {
    pub(super) fn new(enough: Option<usize>) -> Self {
        let enough = enough.unwrap_or(ENOUGH);
        Self { enough, leads: None, ids: None, holdings: None, fresh: [0; 3] }
    }

    /// Moves some rows on. Whether all holdings that were on their way have got there: they hide nothing any more.
    pub(super) fn step(&mut self, recent: &mut Recent, sql: &Connection) -> Result<bool> {
        let ([leads, ids, holdings], enough) = (&mut self.fresh, self.enough);
        step(&mut recent.leads, &mut self.leads, leads, enough, sql)?;
        step(&mut recent.ids, &mut self.ids, ids, enough, sql)?;
        step(&mut recent.holdings, &mut self.holdings, holdings, enough, sql)
    }

    /// Puts all that models hold of leads in its place at once: nothing is left of what they held before, in the journal or
    /// beneath it.
    pub(super) fn finish_holdings(&mut self, recent: &mut Recent, sql: &Connection) -> Result<()> {
        let Layers { fresh, settling, .. } = std::mem::take(&mut recent.holdings);
        for mut holdings in [settling, fresh] {
            holdings.put_in_order();
            holdings.write(sql, None, usize::MAX)?;
        }
        sql.execute("DELETE FROM recent_holdings", [])?;
        self.holdings = None;
        self.fresh[2] = 0;
        Ok(())
    }
}

fn step<T: Rows>(
    layers: &mut Layers<T>,
    moving: &mut Option<Move<T::Key>>,
    before: &mut usize,
    enough: usize,
    sql: &Connection,
) -> Result<bool> {
    let most = LEAST + PACE * layers.written().saturating_sub(*before);
    if moving.is_none() && layers.written() >= enough * T::TIMES {
        layers.turn();
        layers.settling.put_in_order();
        *moving = Some(Move { upto: T::last(sql)?, after: None, is_written: false });
    }
    *before = layers.written();
    let Some(current) = moving else { return Ok(false) };
    if !current.is_written {
        match layers.settling.write(sql, current.after.as_ref(), most)? {
            Some(last) => current.after = Some(last),
            None => {
                layers.settling = T::default();
                current.is_written = true;
                return Ok(true);
            }
        }
    } else if T::finish(sql, current.upto, most)? {
        *moving = None;
    }
    Ok(false)
}

/// What is not in the tables yet, made again from the log and the journal.
pub(super) fn read(sql: &Connection) -> Result<Recent> {
    let mut recent = Recent::default();
    let mut statement =
        sql.prepare("SELECT lead, seq FROM events WHERE seq > ? AND call <> '' ORDER BY seq")?;
    let mut rows = statement.query([settled(sql, LEADS)?])?;
    while let Some(row) = rows.next()? {
        recent.leads.put(&row.get::<_, String>(0)?, row.get(1)?);
    }
    let mut statement = sql.prepare("SELECT id, seq FROM events WHERE seq > ? AND id IS NOT NULL")?;
    let mut rows = statement.query([settled(sql, IDS)?])?;
    while let Some(row) = rows.next()? {
        recent.ids.put(super::log::hash(&row.get::<_, String>(0)?), row.get(1)?);
    }
    let mut statement = sql.prepare("SELECT seq, entries FROM recent_holdings ORDER BY seq")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, chunk): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        recent.holdings.read(&chunk).ok_or_else(|| damaged(sql, seq))?;
    }
    recent.close();
    Ok(recent)
}

/// What is wrong with a store whose journal cannot be read.
pub(super) fn damaged(sql: &Connection, seq: i64) -> Error {
    let path = sql.path().unwrap_or_default().into();
    Error::Damaged { path, found: format!("entry {seq} of `recent_holdings` cannot be read") }
}

/// How far the log has got into a table that follows it.
fn settled(sql: &Connection, table: &str) -> Result<i64> {
    let upto =
        sql.query_row("SELECT upto FROM settled WHERE name = ?", [table], |row| row.get(0)).optional()?;
    Ok(upto.unwrap_or(0))
}

fn settle(sql: &Connection, table: &str, upto: i64) -> Result<()> {
    sql.execute("INSERT OR REPLACE INTO settled (name, upto) VALUES (?, ?)", params![table, upto])?;
    Ok(())
}

fn last(sql: &Connection, table: &str) -> Result<i64> {
    let last = format!("SELECT coalesce(max(seq), 0) FROM {table}");
    Ok(sql.prepare_cached(&last)?.query_row([], |row| row.get(0))?)
}

/// The rows after a key; the last of them, if there may be more.
fn write_each<K: Clone, R>(
    rows: impl Iterator<Item = (K, R)>,
    most: usize,
    mut write: impl FnMut(&K, R) -> Result<()>,
) -> Result<Option<K>> {
    let (mut count, mut last) = (0, None);
    for (key, row) in rows.take(most) {
        write(&key, row)?;
        count += 1;
        last = Some(key);
    }
    Ok(last.filter(|_| count == most))
}

impl Rows for Leads {
    type Key = Name;

    fn put_in_order(&mut self) {
        self.close_all();
    }

    fn write(&self, sql: &Connection, after: Option<&Name>, most: usize) -> Result<Option<Name>> {
        let upsert = "INSERT INTO leads (lead, last) VALUES (?, ?) ON CONFLICT (lead) DO UPDATE SET last = excluded.last";
        let mut upsert = sql.prepare_cached(upsert)?;
        let rows = self.after(after, most).into_iter();
        write_each(rows.map(|(lead, last)| (lead.clone(), *last)), most, |lead, last| {
            upsert.execute(params![&**lead, last])?;
            Ok(())
        })
    }

    fn last(sql: &Connection) -> Result<i64> {
        last(sql, "events")
    }

    fn finish(sql: &Connection, upto: i64, _: usize) -> Result<bool> {
        settle(sql, LEADS, upto).map(|()| true)
    }
}

impl Rows for Ids {
    type Key = (i64, i64);

    // All over the table: the more at once, the fewer pages for each.
    const TIMES: usize = 3;

    fn put_in_order(&mut self) {
        self.close_all();
    }

    fn write(&self, sql: &Connection, after: Option<&(i64, i64)>, most: usize) -> Result<Option<(i64, i64)>> {
        let mut insert = sql.prepare_cached("INSERT OR IGNORE INTO event_ids (hash, seq) VALUES (?, ?)")?;
        let rows = self.after(after, most).into_iter();
        write_each(rows.map(|(id, ())| (*id, ())), most, |(hash, seq), ()| {
            insert.execute(params![hash, seq])?;
            Ok(())
        })
    }

    fn last(sql: &Connection) -> Result<i64> {
        last(sql, "events")
    }

    fn finish(sql: &Connection, upto: i64, _: usize) -> Result<bool> {
        settle(sql, IDS, upto).map(|()| true)
    }
}

impl Rows for Holdings {
    type Key = Key;

    fn put_in_order(&mut self) {
        self.close_all();
    }

    fn write(&self, sql: &Connection, after: Option<&Key>, most: usize) -> Result<Option<Key>> {
        write_each(self.after(after, most).into_iter(), most, |(model, lead), holding| {
            scores::write(sql, model, lead, holding)
        })
    }

    fn last(sql: &Connection) -> Result<i64> {
        last(sql, "recent_holdings")
    }

    /// The first rows of the journal go first: what is left of it is always newer than the table.
    fn finish(sql: &Connection, upto: i64, most: usize) -> Result<bool> {
        let delete = "DELETE FROM recent_holdings WHERE seq IN
                      (SELECT seq FROM recent_holdings WHERE seq <= ? ORDER BY seq LIMIT ?)";
        sql.prepare_cached(delete)?.execute(params![upto, super::count(most.div_ceil(ENTRIES))])?;
        // Asked at once: in a journal that is empty, the numbers begin anew.
        let left = "SELECT EXISTS (SELECT 1 FROM recent_holdings WHERE seq <= ?)";
        Ok(!sql.prepare_cached(left)?.query_row([upto], |row| row.get::<_, bool>(0))?)
    }
}
