//! What changed of late, as of each of the last commits: whoever looks takes that of the commit whose tables it sees, and
//! waits for nobody.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::recent::Recent;
use crate::Result;

/// As many are kept as may be committed while somebody begins to look; who is slower begins anew.
const KEPT: usize = 4;

/// Under which name the store counts commits that changed something.
const COMMITS: &str = "commits";

/// The last versions, by the numbers of their commits. The newest may be of a commit that is under way.
#[derive(Debug)]
pub(super) struct Versions(Mutex<VecDeque<(i64, Recent)>>);

impl Versions {
    /// The version that is in the tables now.
    pub(super) fn new(sql: &Connection, recent: Recent) -> Result<Self> {
        Ok(Self(Mutex::new(VecDeque::from([(commits(sql)?, recent)]))))
    }

    /// The newest version.
    pub(super) fn newest(&self) -> Recent {
        self.kept().back().map(|(_, recent)| recent.clone()).unwrap_or_default()
    }

    /// Commits a change of the tables, after which what changed of late is this.
    pub(super) fn commit(&self, sql: Transaction<'_>, recent: Recent) -> Result<()> {
        let number = self.kept().back().map_or(0, |(number, _)| *number) + 1;
        let count = "INSERT OR REPLACE INTO settled (name, upto) VALUES (?, ?)";
        sql.prepare_cached(count)?.execute(params![COMMITS, number])?;
        // It is there before anybody can see the tables of the commit.
        let _oldest = self.put(number, recent);
        sql.commit().inspect_err(|_| drop(self.kept().pop_back()))?;
        Ok(())
    }

    /// Begins to look: a transaction, and what changed of late as of the state of the tables that it sees.
    pub(super) fn look<'c>(&self, connection: &'c Connection) -> Result<(Transaction<'c>, Recent)> {
        loop {
            let sql = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
            // The first read settles which state of the tables is seen.
            let number = commits(&sql)?;
            let seen = self.kept().iter().find(|(kept, _)| *kept == number).map(|(_, recent)| recent.clone());
            if let Some(recent) = seen {
                return Ok((sql, recent));
            }
        }
    }

    /// Adds a version; the oldest, if there is one too many, for its end to take no time under the lock.
    fn put(&self, number: i64, recent: Recent) -> Option<(i64, Recent)> {
        let mut kept = self.kept();
        kept.push_back((number, recent));
        if kept.len() > KEPT { kept.pop_front() } else { None }
    }

    /// Nothing is left half done under this lock, so one that broke is as good.
    fn kept(&self) -> MutexGuard<'_, VecDeque<(i64, Recent)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many commits changed something, as the tables that are seen have it.
fn commits(sql: &Connection) -> Result<i64> {
    let mut statement = sql.prepare_cached("SELECT upto FROM settled WHERE name = ?")?;
    Ok(statement.query_row([COMMITS], |row| row.get(0)).optional()?.unwrap_or(0))
}
