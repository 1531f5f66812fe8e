//! Models in service, in PostgreSQL.

use kelvin_kernel::Instant;
use postgres::Row;

use super::{
    row::{Columns, text, whole},
    session::Session,
};
use crate::{ModelsChange, ModelsView, NewSwitch, NewVersion, Result, Switch, Version};

const VERSION: &str = "SELECT model, number, text, author, note, at, changes FROM model_versions";
const SWITCH: &str = "SELECT number, model, version, author, note, asked, ended, failure FROM model_switches";

impl ModelsView for Session<'_> {
    fn versions(&self, model: &str) -> Result<Vec<Version>> {
        self.rows(&format!("{VERSION} WHERE model = $1 ORDER BY number DESC"), &[&text(model)], version)
    }

    fn version(&self, model: &str, number: u64) -> Result<Option<Version>> {
        let sql = format!("{VERSION} WHERE model = $1 AND number = $2");
        self.row(&sql, &[&text(model), &whole(number)], version)
    }

    fn in_service(&self) -> Result<Vec<Switch>> {
        let serving = "number IN (SELECT switch FROM models_in_service)";
        self.rows(&format!("{SWITCH} WHERE {serving} ORDER BY model"), &[], switch)
    }

    fn switches(&self, model: &str) -> Result<Vec<Switch>> {
        self.rows(&format!("{SWITCH} WHERE model = $1 ORDER BY number DESC"), &[&text(model)], switch)
    }

    fn pending_switches(&self) -> Result<Vec<Switch>> {
        self.rows(&format!("{SWITCH} WHERE ended IS NULL ORDER BY number"), &[], switch)
    }
}

impl ModelsChange for Session<'_> {
    fn put_version(&mut self, version: &NewVersion<'_>) -> Result<u64> {
        let sql = "INSERT INTO model_versions (model, number, text, author, note, at, changes)
                   SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5::bigint, $6
                   FROM model_versions WHERE model = $1 RETURNING number";
        let NewVersion { model, text: file, author, note, at, changes } = *version;
        let [model, file, author, note, changes] = [model, file, author, note, changes].map(text);
        let at = at.as_millis();
        let given = self.row(sql, &[&model, &file, &author, &note, &at, &changes], |row| row.natural(0))?;
        Ok(given.unwrap_or(0))
    }

    fn ask_switch(&mut self, switch: &NewSwitch<'_>) -> Result<u64> {
        let sql = "INSERT INTO model_switches (model, version, author, note, asked)
                   VALUES ($1, $2, $3, $4, $5) RETURNING number";
        let NewSwitch { model, version, author, note, asked } = *switch;
        let [model, author, note] = [model, author, note].map(text);
        let (version, asked) = (whole(version), asked.as_millis());
        let given = self.row(sql, &[&model, &version, &author, &note, &asked], |row| row.natural(0))?;
        Ok(given.unwrap_or(0))
    }

    fn ask_again(&mut self, number: u64) -> Result<u64> {
        let sql = "INSERT INTO model_switches (model, version, author, note, asked)
                   SELECT model, version, author, note, asked FROM model_switches WHERE number = $1
                   RETURNING number";
        let again = self.row(sql, &[&whole(number)], |row| row.natural(0))?;
        self.run("DELETE FROM model_switches WHERE number = $1", &[&whole(number)])?;
        Ok(again.unwrap_or(0))
    }

    fn end_switch(&mut self, number: u64, at: Instant) -> Result<()> {
        let sql = "INSERT INTO models_in_service (model, switch)
                   SELECT model, number FROM model_switches WHERE number = $1
                   ON CONFLICT (model) DO UPDATE SET switch = excluded.switch";
        self.run(sql, &[&whole(number)])?;
        let sql = "UPDATE model_switches SET ended = $2 WHERE number = $1";
        self.run(sql, &[&whole(number), &at.as_millis()])?;
        Ok(())
    }

    fn fail_switch(&mut self, number: u64, at: Instant, failure: &str) -> Result<()> {
        let sql = "UPDATE model_switches SET ended = $2, failure = $3 WHERE number = $1";
        self.run(sql, &[&whole(number), &at.as_millis(), &text(failure)])?;
        Ok(())
    }

    fn withdraw(&mut self, model: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM models_in_service WHERE model = $1", &[&text(model)])? > 0)
    }
}

fn version(row: &Row) -> Result<Version> {
    Ok(Version {
        model: row.text(0)?,
        number: row.natural(1)?,
        text: row.text(2)?,
        author: row.text(3)?,
        note: row.text(4)?,
        at: row.instant(5)?,
        changes: row.text(6)?,
    })
}

fn switch(row: &Row) -> Result<Switch> {
    Ok(Switch {
        number: row.natural(0)?,
        model: row.text(1)?,
        version: row.natural(2)?,
        author: row.text(3)?,
        note: row.text(4)?,
        asked: row.instant(5)?,
        ended: row.some_instant(6)?,
        failure: row.some_text(7)?,
    })
}
