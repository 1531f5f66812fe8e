//! What models hold of leads, in SQLite: recent rows first, the table below them.

use std::sync::Arc;

use kelvin_kernel::{Instant, Micropoints};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::{Session, count, hot::Asks, name::Name};
use crate::{Holding, LeadScore, Place, Result, ScoresChange, ScoresView};

impl ScoresView for Session<'_> {
    fn holding(&self, model: &str, lead: &str) -> Result<Option<Holding>> {
        if let Some(known) = self.recent.holdings.get(model, lead) {
            return Ok(known.map(|holding| Holding::clone(holding)));
        }
        self.hot.row(Asks::Holding, [model, lead], holding)
    }

    fn score_of(&self, model: &str, lead: &str) -> Result<Option<LeadScore>> {
        if let Some(known) = self.recent.holdings.get(model, lead) {
            return Ok(known.and_then(|holding| holding.score.clone()));
        }
        let sql = "SELECT lead, score, tier, grade, until, at FROM holdings
                   WHERE model = ? AND lead = ? AND score IS NOT NULL";
        Ok(self.sql.prepare_cached(sql)?.query_row([model, lead], lead_score).optional()?)
    }

    fn due(&self, now: Instant, limit: usize) -> Result<Vec<(String, String)>> {
        let mut found = self.recent.holdings.due(now, limit);
        let sql = "SELECT due, model, lead FROM holdings WHERE due <= ? ORDER BY due";
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut rows = statement.query([now.as_millis()])?;
        let mut wanted = limit;
        while let Some(row) = rows.next()?.filter(|_| wanted > 0) {
            let (due, model, lead): (_, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if self.recent.holdings.get(&model, &lead).is_none() {
                found.push((Instant::from_millis(due), (model.into(), Name::from(&*lead))));
                wanted -= 1;
            }
        }
        found.sort();
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, (model, lead))| (model.to_string(), lead.to_string())).collect())
    }

    fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>> {
        let mut found = match tier {
            Some(tier) => self.ranked_in(model, if tier == "none" { "" } else { tier }, after, limit)?,
            None => {
                let mut found = Vec::new();
                for tier in self.tiers(model)? {
                    found.extend(self.ranked_in(model, &tier, after, limit)?);
                }
                found
            }
        };
        found.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.lead.cmp(&b.lead)));
        found.truncate(limit);
        Ok(found)
    }

    fn held_after(&self, model: &str, after: &str, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT lead FROM holdings WHERE model = ? AND lead > ? ORDER BY lead";
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut rows = statement.query([model, after])?;
        let mut found = self.recent.holdings.held_after(model, after, limit);
        let mut wanted = limit;
        while let Some(row) = rows.next()?.filter(|_| wanted > 0) {
            let lead: String = row.get(0)?;
            if self.recent.holdings.get(model, &lead).is_none() {
                found.push(lead);
                wanted -= 1;
            }
        }
        found.sort();
        found.truncate(limit);
        Ok(found)
    }

    fn models(&self) -> Result<Vec<(String, String)>> {
        self.rows("SELECT model, seal FROM models", [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

impl ScoresChange for Session<'_> {
    fn hold(&mut self, model: &str, lead: &str, holding: Option<Holding>) -> Result<()> {
        write_row(model, lead, holding.as_ref(), |row| self.hot.run(Asks::Hold, row))?;
        self.recent.holdings.put(model, lead, holding);
        Ok(())
    }

    fn fill(&mut self, model: &str, holdings: &[(String, Holding)]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO holdings (model, lead, state, due, score, tier, grade, until, at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let is_free = |lead: &str| self.recent.holdings.get(model, lead).is_none();
        for (lead, holding) in holdings.iter().filter(|(lead, _)| is_free(lead)) {
            write_row(model, lead, Some(holding), |row| self.run(sql, row))?;
        }
        Ok(())
    }

    fn forget_leads(&mut self, model: &str, leads: &[String]) -> Result<()> {
        for lead in leads {
            if self.recent.holdings.get(model, lead).is_some() {
                self.hold(model, lead, None)?;
            } else {
                write(&self.sql, model, lead, None)?;
            }
        }
        Ok(())
    }

    fn forget_some(&mut self, model: &str, leads: usize) -> Result<bool> {
        let sql = "DELETE FROM holdings WHERE model = ?1 AND lead IN
                   (SELECT lead FROM holdings WHERE model = ?1 ORDER BY lead LIMIT ?2)";
        let members = "DELETE FROM members WHERE model = ?1 AND (account, lead) IN
                       (SELECT account, lead FROM members WHERE model = ?1 ORDER BY account, lead LIMIT ?2)";
        let removed = [sql, members].map(|sql| self.run(sql, params![model, count(leads)]));
        let is_more = removed.into_iter().collect::<Result<Vec<_>>>()?.contains(&leads);
        if !is_more {
            self.forget(model)?;
        }
        Ok(is_more)
    }

    fn forget(&mut self, model: &str) -> Result<()> {
        for table in ["models", "holdings", "recent_holdings", "members"] {
            self.run(&format!("DELETE FROM {table} WHERE model = ?"), [model])?;
        }
        self.recent.holdings.forget(model);
        Ok(())
    }

    fn seal(&mut self, model: &str, seal: &str) -> Result<()> {
        self.run("INSERT OR REPLACE INTO models (model, seal) VALUES (?, ?)", [model, seal])?;
        Ok(())
    }
}

impl Session<'_> {
    /// The first leads of a tier after a place, those of late and those of the table, in no order.
    fn ranked_in(
        &self,
        model: &str,
        tier: &str,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>> {
        let mut found = self.recent.holdings.ranked(model, tier, after, limit);
        // One statement for each shape, so that each can walk its index.
        let after_place = if after.is_some() {
            "AND score <= :score AND (score < :score OR lead > :lead)"
        } else {
            "AND score IS NOT NULL AND :score IS NULL AND :lead IS NULL"
        };
        let sql = format!(
            "SELECT lead, score, tier, grade, until, at FROM holdings
             WHERE model = :model AND tier = :tier {after_place} ORDER BY score DESC, lead"
        );
        let named = rusqlite::named_params! {
            ":model": model,
            ":tier": tier,
            ":score": after.map(|place| place.score.0),
            ":lead": after.map(|place| &place.lead),
        };
        let mut statement = self.sql.prepare_cached(&sql)?;
        let mut rows = statement.query(named)?;
        let mut wanted = limit;
        while let Some(row) = rows.next()?.filter(|_| wanted > 0) {
            let score = lead_score(row)?;
            if self.recent.holdings.get(model, &score.lead).is_none() {
                found.push(score);
                wanted -= 1;
            }
        }
        Ok(found)
    }

    /// The tiers that leads of a model are in: from each to the next, as the index has them.
    fn tiers(&self, model: &str) -> Result<Vec<Name>> {
        let sql = "
            WITH RECURSIVE tiers (tier) AS (
                SELECT min(tier) FROM holdings WHERE model = ?1 AND score IS NOT NULL
                UNION ALL
                SELECT (SELECT min(tier) FROM holdings WHERE model = ?1 AND score IS NOT NULL AND tier > tiers.tier)
                FROM tiers WHERE tiers.tier IS NOT NULL
            )
            SELECT tier FROM tiers WHERE tier IS NOT NULL";
        let mut tiers = self.rows(sql, [model], |row| Ok(Name::from(&*row.get::<_, String>(0)?)))?;
        tiers.extend(self.recent.holdings.tiers(model));
        tiers.sort();
        tiers.dedup();
        Ok(tiers)
    }
}

/// Puts what a model holds of a lead into the table, or takes it out.
pub(super) fn write(sql: &Connection, model: &str, lead: &str, holding: Option<&Holding>) -> Result<()> {
    if holding.is_none() {
        let mut delete = sql.prepare_cached("DELETE FROM holdings WHERE model = ? AND lead = ?")?;
        delete.execute([model, lead])?;
        return Ok(());
    }
    let upsert = "INSERT INTO holdings (model, lead, state, due, score, tier, grade, until, at)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                  ON CONFLICT (model, lead) DO UPDATE SET state = excluded.state, due = excluded.due,
                  score = excluded.score, tier = excluded.tier, grade = excluded.grade, until = excluded.until,
                  at = excluded.at";
    let mut upsert = sql.prepare_cached(upsert)?;
    write_row(model, lead, holding, |row| Ok(upsert.execute(row)?))
}

/// Writes a row of what a model holds of a lead.
fn write_row(
    model: &str,
    lead: &str,
    holding: Option<&Holding>,
    write: impl FnOnce(&[&dyn ToSql]) -> Result<usize>,
) -> Result<()> {
    let score = holding.and_then(|holding| holding.score.as_ref());
    write(params![
        model,
        lead,
        holding.map(|holding| &*holding.state),
        holding.and_then(|holding| holding.due).map(Instant::as_millis),
        score.map(|score| score.score.0),
        score.and_then(|score| score.tier.as_deref()).unwrap_or_default(),
        score.and_then(|score| score.grade.as_deref()),
        score.and_then(|score| score.until).map(Instant::as_millis),
        score.map_or(0, |score| score.at.as_millis()),
    ])?;
    Ok(())
}

/// A holding, from `lead, score, tier, grade, until, at, state, due`.
fn holding(row: &Row<'_>) -> rusqlite::Result<Holding> {
    let state: Vec<u8> = row.get(6)?;
    held(row, state.into(), row.get(7)?)
}

/// A holding, from `lead, score, tier, grade, until, at`, and the rest.
pub(super) fn held(row: &Row<'_>, state: Arc<[u8]>, due: Option<i64>) -> rusqlite::Result<Holding> {
    let score = row.get::<_, Option<i64>>(1)?.map(|_| lead_score(row)).transpose()?;
    Ok(Holding { state, due: due.map(Instant::from_millis), score })
}

/// What a model last gave a lead, from `lead, score, tier, grade, until, at`.
fn lead_score(row: &Row<'_>) -> rusqlite::Result<LeadScore> {
    let tier: String = row.get(2)?;
    Ok(LeadScore {
        lead: row.get(0)?,
        score: Micropoints(row.get(1)?),
        tier: Some(tier).filter(|tier| !tier.is_empty()),
        grade: row.get(3)?,
        until: row.get::<_, Option<i64>>(4)?.map(Instant::from_millis),
        at: Instant::from_millis(row.get(5)?),
    })
}
