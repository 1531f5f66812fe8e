//! Members of accounts, in SQLite.

use rusqlite::params;

use super::{Session, count};
use crate::{AccountsChange, AccountsView, Result};

impl AccountsView for Session<'_> {
    fn accounts(&self, model: &str, after: &str, limit: usize) -> Result<Vec<String>> {
        // From each account to the next, as the index has them: an account may have very many members.
        let sql = "
            WITH RECURSIVE accounts (account) AS (
                SELECT min(account) FROM members WHERE model = ?1 AND account > ?2
                UNION ALL
                SELECT (SELECT min(account) FROM members WHERE model = ?1 AND account > accounts.account)
                FROM accounts WHERE accounts.account IS NOT NULL
            )
            SELECT account FROM accounts WHERE account IS NOT NULL LIMIT ?3";
        self.rows(sql, params![model, after, count(limit)], |row| row.get(0))
    }

    fn members(&self, model: &str, account: &str) -> Result<Vec<String>> {
        let sql = "SELECT lead FROM members WHERE model = ? AND account = ? ORDER BY lead";
        self.rows(sql, [model, account], |row| row.get(0))
    }
}

impl AccountsChange for Session<'_> {
    fn put_member(&mut self, model: &str, account: &str, lead: &str) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO members (model, account, lead) VALUES (?, ?, ?)";
        self.run(sql, [model, account, lead])?;
        Ok(())
    }
}
