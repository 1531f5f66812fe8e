//! The tables, and how a store of an earlier version gets them. Steps are only ever added.

use std::path::Path;

use rusqlite::Connection;

use crate::{Error, Result};

/// The steps, from nothing on; a store's `user_version` is the number of those it has gone.
const STEPS: &[&str] = &[
    include_str!("steps/0001-log-and-scores.sql"),
    include_str!("steps/0002-people.sql"),
    include_str!("steps/0003-voids.sql"),
    include_str!("steps/0004-outbox.sql"),
    include_str!("steps/0005-playbook.sql"),
    include_str!("steps/0006-access.sql"),
    include_str!("steps/0007-models.sql"),
    include_str!("steps/0008-happenings.sql"),
    include_str!("steps/0009-answers.sql"),
    include_str!("steps/0010-members.sql"),
    include_str!("steps/0011-absent-rules.sql"),
    include_str!("steps/0012-causes.sql"),
    include_str!("steps/0013-experiments.sql"),
    include_str!("steps/0014-outcomes.sql"),
    include_str!("steps/0015-journal.sql"),
    include_str!("steps/0016-causes-of-alerts.sql"),
];

/// The version that is made here.
const KNOWN: i64 = STEPS.len() as i64;

/// Checks that a file is a store that is known here: of this version, or of an earlier one.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let failed = |cause| Error::Open { path: path.to_owned(), cause };
    match connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)? {
        0 => Err(Error::NoStore { path: path.to_owned() }),
        found if found > KNOWN => Err(Error::Later { store: path.into(), found, known: KNOWN }),
        _ => Ok(()),
    }
}

/// Goes the steps that a store has not gone yet, each in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let failed = |cause| Error::Open { path: path.to_owned(), cause };
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if found > KNOWN {
        return Err(Error::Later { store: path.into(), found, known: KNOWN });
    }
    for (version, step) in (1..).zip(STEPS).skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(step).map_err(failed)?;
        transaction.pragma_update(None, "user_version", version).map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the table of holdings once a store of before a step has gone it.
    fn holdings_after(step: &str, before: &str) -> Vec<(String, i64)> {
        let place = STEPS.iter().position(|known| known.contains(step)).expect("a step");
        let connection = Connection::open_in_memory().expect("a store");
        for sql in STEPS[..place].iter().chain([&before, &STEPS[place]]) {
            connection.execute_batch(sql).expect("sound SQL");
        }
        let mut statement =
            connection.prepare("SELECT lead, score FROM holdings ORDER BY lead").expect("a table");
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        rows.collect::<rusqlite::Result<_>>().expect("rows")
    }

    #[test]
    fn what_changed_of_late_goes_to_its_table_when_the_journal_becomes_another() {
        let held = "INSERT INTO holdings (model, lead, state, score, tier, at) VALUES
                    ('m', 'ada', x'00', 1, '', 0), ('m', 'bob', x'00', 2, '', 0), ('m', 'eve', x'00', 3, '', 0);
                    INSERT INTO recent_holdings (model, lead, state, score, tier, at) VALUES
                    ('m', 'bob', x'01', 20, '', 0), ('m', 'cyd', x'01', 30, '', 0), ('m', 'bob', x'02', 40, '', 0),
                    ('m', 'eve', x'03', 50, '', 0), ('m', 'eve', NULL, NULL, '', 0);";
        let expect = [("ada", 1), ("bob", 40), ("cyd", 30)].map(|(lead, score)| (lead.to_owned(), score));
        assert_eq!(holdings_after("entries BLOB", held), expect);
    }
}
