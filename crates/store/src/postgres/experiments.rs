//! Experiments that are carried out, in PostgreSQL.

use kelvin_kernel::Instant;

use super::{
    row::{Columns, text},
    session::Session,
};
use crate::{Experiment, ExperimentsChange, ExperimentsView, Result};

impl ExperimentsView for Session<'_> {
    fn experiments(&self) -> Result<Vec<Experiment>> {
        self.rows("SELECT id, terms, since FROM experiments ORDER BY id", &[], |row| {
            Ok(Experiment { id: row.text(0)?, terms: row.text(1)?, since: row.instant(2)? })
        })
    }

    fn hand_offs_by(&self, model: &str, since: Instant) -> Result<u64> {
        let sql = "SELECT count(*) FROM hand_offs WHERE model = $1 AND at >= $2";
        Ok(self.row(sql, &[&text(model), &since.as_millis()], |row| row.natural(0))?.unwrap_or(0))
    }
}

impl ExperimentsChange for Session<'_> {
    fn put_experiment(&mut self, experiment: &Experiment) -> Result<()> {
        let sql = "INSERT INTO experiments (id, terms, since) VALUES ($1, $2, $3)
                   ON CONFLICT (id) DO UPDATE SET terms = excluded.terms, since = excluded.since";
        let Experiment { id, terms, since } = experiment;
        self.run(sql, &[&text(id), &text(terms), &since.as_millis()])?;
        Ok(())
    }

    fn end_experiment(&mut self, id: &str) -> Result<()> {
        self.run("DELETE FROM experiments WHERE id = $1", &[&text(id)])?;
        Ok(())
    }
}
