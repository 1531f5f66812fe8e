//! Members of accounts, in PostgreSQL.

use super::{
    connection::Connection,
    row::{Columns, column, count, text},
    session::Session,
};
use crate::{AccountsChange, AccountsView, Result};

/// A member by model, account and lead.
pub(super) type Member = (String, String, String);

impl AccountsView for Session<'_> {
    fn accounts(&self, model: &str, after: &str, limit: usize) -> Result<Vec<String>> {
        // From each account to the next, as the index has them: an account may have very many members.
        let sql = "SELECT account FROM (
            WITH RECURSIVE accounts (account) AS (
                SELECT min(account) FROM members WHERE model = $1 AND account > $2
                UNION ALL
                SELECT (SELECT min(account) FROM members WHERE model = $1 AND account > accounts.account)
                FROM accounts WHERE accounts.account IS NOT NULL
            )
            SELECT account FROM accounts WHERE account IS NOT NULL LIMIT $3
        ) AS found ORDER BY account";
        self.rows(sql, &[&text(model), &text(after), &count(limit)], |row| row.text(0))
    }

    fn members(&self, model: &str, account: &str) -> Result<Vec<String>> {
        let sql = "SELECT lead FROM members WHERE model = $1 AND account = $2 ORDER BY lead";
        self.rows(sql, &[&text(model), &text(account)], |row| row.text(0))
    }
}

impl AccountsChange for Session<'_> {
    fn put_member(&mut self, model: &str, account: &str, lead: &str) -> Result<()> {
        let member = [model, account, lead].map(str::to_owned).into();
        self.waiting.get_mut().members.put(member, ());
        Ok(())
    }
}

/// Notes members.
pub(super) fn send(members: &[(&Member, &())], to: &mut Connection) -> Result<()> {
    let sql = "INSERT INTO members (model, account, lead)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING";
    to.send(
        sql,
        members.len(),
        &[
            &column(members, |((model, ..), ())| text(model)),
            &column(members, |((_, account, _), ())| text(account)),
            &column(members, |((.., lead), ())| text(lead)),
        ],
    )
}
