//! Models in service, in SQLite.

use kelvin_kernel::Instant;
use rusqlite::{OptionalExtension, Row, params};

use super::{Session, natural, whole};
use crate::{ModelsChange, ModelsView, NewSwitch, NewVersion, Result, Switch, Version};

const VERSION: &str = "SELECT model, number, text, author, note, at, changes FROM model_versions";
const SWITCH: &str = "SELECT number, model, version, author, note, asked, ended, failure FROM model_switches";

impl ModelsView for Session<'_> {
    fn versions(&self, model: &str) -> Result<Vec<Version>> {
        self.rows(&format!("{VERSION} WHERE model = ? ORDER BY number DESC"), [model], version)
    }

    fn version(&self, model: &str, number: u64) -> Result<Option<Version>> {
        let mut statement = self.sql.prepare_cached(&format!("{VERSION} WHERE model = ? AND number = ?"))?;
        Ok(statement.query_row(params![model, whole(number)], version).optional()?)
    }

    fn in_service(&self) -> Result<Vec<Switch>> {
        let serving = "number IN (SELECT switch FROM models_in_service)";
        self.rows(&format!("{SWITCH} WHERE {serving} ORDER BY model"), [], switch)
    }

    fn switches(&self, model: &str) -> Result<Vec<Switch>> {
        self.rows(&format!("{SWITCH} WHERE model = ? ORDER BY number DESC"), [model], switch)
    }

    fn pending_switches(&self) -> Result<Vec<Switch>> {
        self.rows(&format!("{SWITCH} WHERE ended IS NULL ORDER BY number"), [], switch)
    }
}

impl ModelsChange for Session<'_> {
    fn put_version(&mut self, version: &NewVersion<'_>) -> Result<u64> {
        let NewVersion { model, text, author, note, at, changes } = *version;
        let sql = "INSERT INTO model_versions (model, number, text, author, note, at, changes)
                   VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM model_versions WHERE model = ?1), ?, ?, ?, ?, ?)
                   RETURNING number";
        let mut statement = self.sql.prepare_cached(sql)?;
        let params = params![model, text, author, note, at.as_millis(), changes];
        Ok(natural(statement.query_row(params, |row| row.get(0))?))
    }

    fn ask_switch(&mut self, switch: &NewSwitch<'_>) -> Result<u64> {
        let NewSwitch { model, version, author, note, asked } = *switch;
        let sql = "INSERT INTO model_switches (model, version, author, note, asked) VALUES (?, ?, ?, ?, ?)";
        self.run(sql, params![model, whole(version), author, note, asked.as_millis()])?;
        Ok(natural(self.sql.last_insert_rowid()))
    }

    fn ask_again(&mut self, number: u64) -> Result<u64> {
        let sql = "INSERT INTO model_switches (model, version, author, note, asked)
                   SELECT model, version, author, note, asked FROM model_switches WHERE number = ?";
        self.run(sql, [whole(number)])?;
        let again = natural(self.sql.last_insert_rowid());
        self.run("DELETE FROM model_switches WHERE number = ?", [whole(number)])?;
        Ok(again)
    }

    fn end_switch(&mut self, number: u64, at: Instant) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO models_in_service (model, switch)
                   SELECT model, number FROM model_switches WHERE number = ?";
        self.run(sql, [whole(number)])?;
        let sql = "UPDATE model_switches SET ended = ? WHERE number = ?";
        self.run(sql, params![at.as_millis(), whole(number)])?;
        Ok(())
    }

    fn fail_switch(&mut self, number: u64, at: Instant, failure: &str) -> Result<()> {
        let sql = "UPDATE model_switches SET ended = ?, failure = ? WHERE number = ?";
        self.run(sql, params![at.as_millis(), failure, whole(number)])?;
        Ok(())
    }

    fn withdraw(&mut self, model: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM models_in_service WHERE model = ?", [model])? > 0)
    }
}

fn version(row: &Row<'_>) -> rusqlite::Result<Version> {
    Ok(Version {
        model: row.get(0)?,
        number: natural(row.get(1)?),
        text: row.get(2)?,
        author: row.get(3)?,
        note: row.get(4)?,
        at: Instant::from_millis(row.get(5)?),
        changes: row.get(6)?,
    })
}

fn switch(row: &Row<'_>) -> rusqlite::Result<Switch> {
    Ok(Switch {
        number: natural(row.get(0)?),
        model: row.get(1)?,
        version: natural(row.get(2)?),
        author: row.get(3)?,
        note: row.get(4)?,
        asked: Instant::from_millis(row.get(5)?),
        ended: row.get::<_, Option<i64>>(6)?.map(Instant::from_millis),
        failure: row.get(7)?,
    })
}
