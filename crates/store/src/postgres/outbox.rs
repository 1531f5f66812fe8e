//! The outbox in PostgreSQL. Of each lane the first pending message alone has a time at which it is due: it is found
//! without a look at those behind it.

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    row::{Columns, count, text, whole},
    session::Session,
};
use crate::{Message, MessageState, NewMessage, OutboxChange, OutboxEntry, OutboxView, Result};

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
        self.rows(sql, &[], |row| row.text(0))
    }

    fn lane_heads(&self, target: &str, limit: usize) -> Result<Vec<Message>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE target = $1 AND due IS NOT NULL ORDER BY due, seq LIMIT $2"
        );
        self.rows(&sql, &[&text(target), &count(limit)], message)
    }

    fn messages(&self, state: MessageState, after: Option<u64>, limit: usize) -> Result<Vec<Message>> {
        let (is_behind, order, first) = match state {
            MessageState::Pending => (">", "ASC", 0),
            MessageState::Delivered | MessageState::Dead => ("<", "DESC", i64::MAX),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox WHERE state = $1 AND seq {is_behind} $2 ORDER BY seq {order} LIMIT $3"
        );
        self.rows(&sql, &[&state.name(), &after.map_or(first, whole), &count(limit)], message)
    }

    fn message(&self, id: &str) -> Result<Option<Message>> {
        self.row(&format!("SELECT {COLUMNS} FROM outbox WHERE id = $1"), &[&text(id)], message)
    }

    fn newest_message(&self) -> Result<u64> {
        let newest = self.row("SELECT coalesce(max(seq), 0) FROM outbox", &[], |row| row.natural(0))?;
        Ok(newest.unwrap_or(0))
    }
}

impl OutboxEntry for Session<'_> {
    fn enqueue(&mut self, message: &NewMessage<'_>) -> Result<bool> {
        let sql = "
            INSERT INTO outbox (seq, id, lane, target, kind, body, at, due)
            SELECT (SELECT coalesce(max(seq), 0) + 1 FROM outbox), $1, $2, $3, $4, $5, $6::bigint,
                CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE state = 'pending' AND target = $3 AND lane = $2)
                THEN NULL ELSE $6::bigint END
            ON CONFLICT (id) DO NOTHING";
        let NewMessage { id, lane, target, kind, body, at } = *message;
        let (lane, target, kind, body) = (text(lane), text(target), text(kind), text(body));
        Ok(self.run(sql, &[&text(id), &lane, &target, &kind, &body, &at.as_millis()])? == 1)
    }
}

impl OutboxChange for Session<'_> {
    fn put_off(&mut self, id: &str, until: Instant, error: &str) -> Result<()> {
        let sql = "UPDATE outbox SET due = $2, attempts = attempts + 1, error = $3
                   WHERE id = $1 AND due IS NOT NULL";
        self.run(sql, &[&text(id), &until.as_millis(), &text(error)])?;
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
            UPDATE outbox SET seq = (SELECT max(seq) + 1 FROM outbox), state = 'pending', settled = NULL, attempts = 0,
                due = CASE WHEN EXISTS (
                    SELECT 1 FROM outbox AS other
                    WHERE other.state = 'pending' AND other.target = outbox.target AND other.lane = outbox.lane)
                THEN NULL ELSE $2::bigint END
            WHERE id = $1 AND state = 'dead'";
        Ok(self.run(sql, &[&text(id), &at.as_millis()])? == 1)
    }
}

impl Session<'_> {
    /// Takes a message out of its lane: the next one is due.
    fn settle(&self, id: &str, state: MessageState, at: Instant, error: Option<&str>) -> Result<()> {
        let sql = "
            UPDATE outbox SET state = $2, due = NULL, settled = $3, error = $4::text,
                attempts = attempts + CASE WHEN $4::text IS NULL THEN 0 ELSE 1 END
            WHERE id = $1 AND state = 'pending' RETURNING target, lane";
        let (at, error) = (at.as_millis(), error.map(text));
        let lane =
            self.row(sql, &[&text(id), &state.name(), &at, &error], |row| Ok((row.text(0)?, row.text(1)?)))?;
        let Some((target, lane)) = lane else { return Ok(()) };
        let sql = "
            UPDATE outbox SET due = coalesce(due, at) WHERE seq = (
                SELECT min(seq) FROM outbox WHERE state = 'pending' AND target = $1 AND lane = $2)";
        self.run(sql, &[&text(&target), &text(&lane)])?;
        Ok(())
    }
}

fn message(row: &Row) -> Result<Message> {
    Ok(Message {
        seq: row.natural(0)?,
        id: row.text(1)?,
        lane: row.text(2)?,
        target: row.text(3)?,
        kind: row.text(4)?,
        body: row.text(5)?,
        at: row.instant(6)?,
        state: row.named(7, MessageState::named)?,
        due: row.some_instant(8)?,
        attempts: row.small(9)?,
        error: row.some_text(10)?,
        settled: row.some_instant(11)?,
    })
}
