//! Letting go, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::params;

use super::{Session, count, natural, whole};
use crate::{Result, RetentionChange, Stock};

impl RetentionChange for Session<'_> {
    fn let_go(&mut self, stock: Stock, before: Instant, after: u64, rows: usize) -> Result<Option<u64>> {
        let table = stock.table();
        let sql = format!(
            "SELECT max(seq), count(*) FROM (SELECT seq FROM {table} WHERE seq > ? ORDER BY seq LIMIT ?)"
        );
        let (last, found): (Option<i64>, i64) = self
            .sql
            .prepare_cached(&sql)?
            .query_row(params![whole(after), count(rows)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some(last) = last else { return Ok(None) };
        self.run(letting_go(stock), params![whole(after), last, before.as_millis()])?;
        Ok(Some(natural(last)).filter(|_| found == count(rows)))
    }

    fn drop_rejected(&mut self, most: u64) -> Result<u64> {
        let sql = "DELETE FROM rejected WHERE seq <= (SELECT max(seq) FROM rejected) - ?";
        Ok(self.run(sql, [whole(most)])? as u64)
    }
}

/// What is done to the rows between two places that are from before an instant.
fn letting_go(stock: Stock) -> &'static str {
    match stock {
        // The row stays, as its id is known for ever. A lane is a lead: whom the message was about.
        Stock::Messages => {
            "UPDATE outbox SET body = '{}', error = NULL WHERE seq > ? AND seq <= ? AND settled < ? AND state = 'delivered'"
        }
        Stock::Audit => "DELETE FROM audit WHERE seq > ? AND seq <= ? AND at < ?",
        Stock::Rejected => "DELETE FROM rejected WHERE seq > ? AND seq <= ? AND received < ?",
    }
}
