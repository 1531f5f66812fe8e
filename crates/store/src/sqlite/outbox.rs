//! The outbox. Of each lane the first pending message alone has a time at which it is due: it is found without a
//! look at those behind it. SQLite would look through all that are pending for it, unless it is told the index.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, named_params, params};

use super::{Session, count, natural, whole};
use crate::{
    Message, MessageState, NewMessage, Result,
    contract::{OutboxChange, OutboxEntry, OutboxView},
};

/// The columns of a message, in the order in which they are read.
const COLUMNS: &str = "seq, id, lane, target, kind, body, at, state, due, attempts, error, settled";

impl OutboxView for Session<'_> {
    fn pending_targets(&self) -> Result<Vec<String>> {
        // From one target to the next, over however many messages lie between them.
        let sql = "
            WITH RECURSIVE targets (target) AS (
                SELECT min(target) FROM outbox WHERE due IS NOT NULL
                UNION ALL
                SELECT (SELECT min(outbox.target) FROM outbox WHERE due IS NOT NULL AND outbox.target > targets.target)
                FROM targets WHERE target IS NOT NULL
            )
            SELECT target FROM targets WHERE target IS NOT NULL";
        self.rows(sql, [], |row| row.get(0))
    }

    fn lane_heads(&self, target: &str, limit: usize) -> Result<Vec<Message>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE target = ? AND due IS NOT NULL ORDER BY due, seq LIMIT ?"
        );
        self.rows(&sql, params![target, count(limit)], message)
    }

    fn messages(&self, state: MessageState, after: Option<u64>, limit: usize) -> Result<Vec<Message>> {
        let (is_behind, order, first) = match state {
            MessageState::Pending => (">", "ASC", 0),
            MessageState::Delivered | MessageState::Dead => ("<", "DESC", i64::MAX),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE state = ? AND seq {is_behind} ? ORDER BY seq {order} LIMIT ?"
        );
        self.rows(&sql, params![state.name(), after.map_or(first, whole), count(limit)], message)
    }

    fn message(&self, id: &str) -> Result<Option<Message>> {
        let sql = format!("SELECT {COLUMNS} FROM outbox WHERE id = ?");
        Ok(self.sql.prepare_cached(&sql)?.query_row([id], message).optional()?)
    }

    fn newest_message(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(seq), 0) FROM outbox";
        Ok(natural(self.sql.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
    }
}

impl OutboxEntry for Session<'_> {
    fn enqueue(&mut self, message: &NewMessage<'_>) -> Result<bool> {
        let sql = "
            INSERT INTO outbox (id, lane, target, kind, body, at, due)
            SELECT :id, :lane, :target, :kind, :body, :at, iif(EXISTS (
                SELECT 1 FROM outbox INDEXED BY outbox_lanes
                WHERE state = 'pending' AND target = :target AND lane = :lane), NULL, :at)
            ON CONFLICT (id) DO NOTHING";
        let NewMessage { id, lane, target, kind, body, at } = *message;
        let named = named_params! {
            ":id": id, ":lane": lane, ":target": target, ":kind": kind, ":body": body, ":at": at.as_millis(),
        };
        Ok(self.run(sql, named)? == 1)
    }
}

impl OutboxChange for Session<'_> {
    fn put_off(&mut self, id: &str, until: Instant, error: &str) -> Result<()> {
        let sql =
            "UPDATE outbox SET due = ?, attempts = attempts + 1, error = ? WHERE id = ? AND due IS NOT NULL";
        self.run(sql, params![until.as_millis(), error, id])?;
        Ok(())
    }

    fn delivered(&mut self, id: &str, at: Instant) -> Result<()> {
        self.settle(id, MessageState::Delivered, at, None)
    }

    fn bury(&mut self, id: &str, at: Instant, error: &str) -> Result<()> {
        self.settle(id, MessageState::Dead, at, Some(error))
    }

    fn replay(&mut self, id: &str, at: Instant) -> Result<bool> {
        let sql = "
            UPDATE outbox SET seq = (SELECT max(seq) + 1 FROM outbox), state = 'pending', settled = NULL,
                attempts = 0, due = iif(EXISTS (
                    SELECT 1 FROM outbox AS other INDEXED BY outbox_lanes
                    WHERE other.state = 'pending' AND other.target = outbox.target AND other.lane = outbox.lane
                ), NULL, :at)
            WHERE id = :id AND state = 'dead'";
        Ok(self.run(sql, named_params! {":id": id, ":at": at.as_millis()})? == 1)
    }
}

impl Session<'_> {
    /// Takes a message out of its lane: the next one is due.
    fn settle(&self, id: &str, state: MessageState, at: Instant, error: Option<&str>) -> Result<()> {
        let sql = "
            UPDATE outbox SET state = ?2, due = NULL, settled = ?3, error = ?4, attempts = attempts + (?4 IS NOT NULL)
            WHERE id = ?1 AND state = 'pending' RETURNING target, lane";
        let mut statement = self.sql.prepare_cached(sql)?;
        let params = params![id, state.name(), at.as_millis(), error];
        let lane: Option<(String, String)> =
            statement.query_row(params, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((target, lane)) = lane else { return Ok(()) };
        let sql = "
            UPDATE outbox SET due = coalesce(due, at) WHERE seq = (
                SELECT min(seq) FROM outbox INDEXED BY outbox_lanes
                WHERE state = 'pending' AND target = ? AND lane = ?)";
        self.run(sql, params![target, lane])?;
        Ok(())
    }
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let instant =
        |place| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(place)?.map(Instant::from_millis));
    let state: String = row.get(7)?;
    Ok(Message {
        seq: natural(row.get(0)?),
        id: row.get(1)?,
        lane: row.get(2)?,
        target: row.get(3)?,
        kind: row.get(4)?,
        body: row.get(5)?,
        at: Instant::from_millis(row.get(6)?),
        state: MessageState::named(&state).unwrap_or(MessageState::Pending),
        due: instant(8)?,
        attempts: row.get(9)?,
        error: row.get(10)?,
        settled: instant(11)?,
    })
}
