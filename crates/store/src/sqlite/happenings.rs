//! What happened to leads, in SQLite: an order over rows of other tables.

use rusqlite::{OptionalExtension, Row, params};

use super::{Session, count, hand_offs, natural, playbook, whole};
use crate::{Happened, Happening, HappeningsView, Result, TaskState, record::HappeningKind as Kind};

impl HappeningsView for Session<'_> {
    fn last_happening(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(place), 0) FROM happenings";
        Ok(natural(self.sql.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
    }

    fn happenings(&self, after: u64, limit: usize) -> Result<Vec<Happening>> {
        let sql = "SELECT place, kind, seq, state FROM happenings WHERE place > ? ORDER BY place LIMIT ?";
        let found = self.rows(sql, params![whole(after), count(limit)], |row| {
            Ok((natural(row.get(0)?), row.get::<_, String>(1)?, row.get(2)?, row.get(3)?))
        })?;
        let told = |(place, kind, seq, state): (u64, String, i64, Option<String>)| {
            Ok(Happening { place, what: self.happened(&kind, seq, state.as_deref())? })
        };
        found.into_iter().map(told).collect()
    }
}

impl Session<'_> {
    /// Notes that something happened.
    pub(super) fn happens(&self, kind: Kind, seq: i64, state: Option<&str>) -> Result<()> {
        let sql = "INSERT INTO happenings (kind, seq, state) VALUES (?, ?, ?)";
        self.run(sql, params![kind.name(), seq, state])?;
        Ok(())
    }

    /// Forgets what happened to a lead, while it is still known what that was. Its places stay used.
    pub(super) fn forget_happenings(&self, lead: &str) -> Result<()> {
        for (_, kind, table, column) in Kind::ALL {
            let sql = format!(
                "UPDATE happenings SET kind = ?1, seq = 0, state = NULL
                 WHERE kind = ?2 AND seq IN (SELECT {column} FROM {table} WHERE lead = ?3)"
            );
            self.run(&sql, [Kind::GONE, kind, lead])?;
        }
        Ok(())
    }

    fn happened(&self, kind: &str, seq: i64, state: Option<&str>) -> Result<Option<Happened>> {
        let hand_off = || self.kept(hand_offs::ONE, seq, hand_offs::hand_off);
        Ok(match Kind::named(kind) {
            Some(Kind::Tier) => self.kept(playbook::ONE, seq, playbook::tier_change)?.map(Happened::Tier),
            Some(Kind::HandOff) => hand_off()?.map(Happened::HandOff),
            Some(Kind::Task) => hand_off()?
                .zip(state.and_then(TaskState::named))
                .map(|(hand_off, state)| Happened::Task(hand_off, state)),
            Some(Kind::Alert) => self.kept(hand_offs::ONE_ALERT, seq, hand_offs::alert)?.map(Happened::Alert),
            None => None,
        })
    }

    /// The row of a place, if it is kept.
    fn kept<T>(
        &self,
        sql: &str,
        seq: i64,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.sql.prepare_cached(sql)?.query_row([seq], read).optional()?)
    }
}
