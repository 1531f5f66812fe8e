//! Letting go, in PostgreSQL.

use kelvin_kernel::Instant;

use super::{
    row::{Columns, count, whole},
    session::Session,
};
use crate::{Result, RetentionChange, Stock};

impl RetentionChange for Session<'_> {
    fn let_go(&mut self, stock: Stock, before: Instant, after: u64, rows: usize) -> Result<Option<u64>> {
        let table = stock.table();
        let sql = format!("SELECT seq FROM {table} WHERE seq > $1 ORDER BY seq LIMIT $2");
        let found = self.rows(&sql, &[&whole(after), &count(rows)], |row| row.natural(0))?;
        let Some(last) = found.last() else { return Ok(None) };
        self.run(letting_go(stock), &[&whole(after), &whole(*last), &before.as_millis()])?;
        Ok(Some(*last).filter(|_| found.len() == rows))
    }

    fn drop_rejected(&mut self, most: u64) -> Result<u64> {
        let sql = "DELETE FROM rejected WHERE seq <= (SELECT max(seq) FROM rejected) - $1";
        self.run(sql, &[&whole(most)])
    }
}

/// What is done to the rows between two places that are from before an instant.
fn letting_go(stock: Stock) -> &'static str {
    match stock {
        // The row stays, as its id is known for ever. A lane is a lead: whom the message was about.
        Stock::Messages => {
            "UPDATE outbox SET body = '{}', error = NULL
             WHERE seq > $1 AND seq <= $2 AND settled < $3 AND state = 'delivered'"
        }
        Stock::Audit => "DELETE FROM audit WHERE seq > $1 AND seq <= $2 AND at < $3",
        Stock::Rejected => "DELETE FROM rejected WHERE seq > $1 AND seq <= $2 AND received < $3",
    }
}
