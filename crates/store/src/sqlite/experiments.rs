//! Experiments that are carried out, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::params;

use super::{Session, natural};
use crate::{Experiment, ExperimentsChange, ExperimentsView, Result};

impl ExperimentsView for Session<'_> {
    fn experiments(&self) -> Result<Vec<Experiment>> {
        self.rows("SELECT id, terms, since FROM experiments ORDER BY id", [], |row| {
            Ok(Experiment { id: row.get(0)?, terms: row.get(1)?, since: Instant::from_millis(row.get(2)?) })
        })
    }

    fn hand_offs_by(&self, model: &str, since: Instant) -> Result<u64> {
        let sql = "SELECT count(*) FROM hand_offs WHERE model = ? AND at >= ?";
        let params = params![model, since.as_millis()];
        Ok(natural(self.sql.prepare_cached(sql)?.query_row(params, |row| row.get(0))?))
    }
}

impl ExperimentsChange for Session<'_> {
    fn put_experiment(&mut self, experiment: &Experiment) -> Result<()> {
        let Experiment { id, terms, since } = experiment;
        let sql = "INSERT OR REPLACE INTO experiments (id, terms, since) VALUES (?, ?, ?)";
        self.run(sql, params![id, terms, since.as_millis()])?;
        Ok(())
    }

    fn end_experiment(&mut self, id: &str) -> Result<()> {
        self.run("DELETE FROM experiments WHERE id = ?", [id])?;
        Ok(())
    }
}
