//! What happened to leads, in PostgreSQL: an order over rows of other tables.

use super::{
    connection::Connection,
    hand_offs, playbook,
    row::{Columns, column, count, text, whole},
    rows::Rows,
    session::Session,
    waiting::Places,
};
use crate::{Happened, Happening, HappeningsView, Result, TaskState, record::HappeningKind as Kind};

/// Which thing happened: its kind, its place among those of its kind, and the state that a task came into.
type Thing = (Kind, u64, Option<&'static str>);

/// What waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    pub(super) rows: Rows<u64, Thing>,
    places: Places,
}

impl HappeningsView for Session<'_> {
    fn last_happening(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(place), 0) FROM happenings";
        Ok(self.row(sql, &[], |row| row.natural(0))?.unwrap_or(0))
    }

    fn happenings(&self, after: u64, limit: usize) -> Result<Vec<Happening>> {
        let sql = "SELECT place, kind, seq, state FROM happenings WHERE place > $1 ORDER BY place LIMIT $2";
        let found = self.rows(sql, &[&whole(after), &count(limit)], |row| {
            Ok((row.natural(0)?, row.text(1)?, row.value(2)?, row.some_text(3)?))
        })?;
        let told = |(place, kind, seq, state): (u64, String, i64, Option<String>)| {
            Ok(Happening { place, what: self.happened(&kind, seq, state.as_deref())? })
        };
        found.into_iter().map(told).collect()
    }
}

impl Session<'_> {
    /// Notes that something happened.
    pub(super) fn happens(&self, kind: Kind, seq: u64, state: Option<&'static str>) -> Result<()> {
        let last = || {
            let sql = "SELECT coalesce(max(place), 0) FROM happenings";
            Ok(self.kept_row(sql, &[], |row| row.natural(0))?.unwrap_or(0))
        };
        let happenings = &mut self.waiting.borrow_mut().happenings;
        let place = happenings.places.next(last)?;
        happenings.rows.put(place, (kind, seq, state));
        Ok(())
    }

    /// Forgets what happened to a lead, while it is still known what that was. Its places stay used.
    pub(super) fn forget_happenings(&self, lead: &str) -> Result<()> {
        for (_, kind, table, column) in Kind::ALL {
            let sql = format!(
                "UPDATE happenings SET kind = $1, seq = 0, state = NULL
                 WHERE kind = $2 AND seq IN (SELECT {column} FROM {table} WHERE lead = $3)"
            );
            self.run(&sql, &[&Kind::GONE, &kind, &text(lead)])?;
        }
        Ok(())
    }

    fn happened(&self, kind: &str, seq: i64, state: Option<&str>) -> Result<Option<Happened>> {
        let hand_off = || self.row(hand_offs::ONE, &[&seq], hand_offs::hand_off);
        Ok(match Kind::named(kind) {
            Some(Kind::Tier) => self.row(playbook::ONE, &[&seq], playbook::tier_change)?.map(Happened::Tier),
            Some(Kind::HandOff) => hand_off()?.map(Happened::HandOff),
            Some(Kind::Task) => hand_off()?
                .zip(state.and_then(TaskState::named))
                .map(|(hand_off, state)| Happened::Task(hand_off, state)),
            Some(Kind::Alert) => {
                self.row(hand_offs::ONE_ALERT, &[&seq], hand_offs::alert)?.map(Happened::Alert)
            }
            None => None,
        })
    }
}

/// Notes what happened.
pub(super) fn send(things: &[(&u64, &Thing)], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO happenings (place, kind, seq, state)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[])";
    to.send(
        sql,
        things.len(),
        &[
            &column(things, |(place, _)| whole(**place)),
            &column(things, |(_, (kind, ..))| kind.name()),
            &column(things, |(_, (_, seq, _))| whole(*seq)),
            &column(things, |(_, (.., state))| *state),
        ],
    )
}
