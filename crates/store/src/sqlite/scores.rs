//! What models hold of leads, in SQLite: recent rows first, the table below them.

use std::{cell::Cell, thread};

use kelvin_kernel::{Instant, Micropoints};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::{
    Session, count,
    hot::{Asks, Hot},
    journal::Held,
    name::Name,
    recent::Recent,
};
use crate::{Holding, LeadScore, Place, Result, ScoresChange, ScoresView};

/// Fewer leads are not worth a thread.
const FEW: usize = 128;

impl ScoresView for Session<'_> {
    fn holding(&self, model: &str, lead: &str) -> Result<Option<Holding>> {
        if let Some(known) = self.recent.holdings.get(model, lead) {
            return Ok(known.map(|held| held.holding(lead)));
        }
        self.hot.row(Asks::Holding, [model, lead], holding)
    }

    fn holdings(&self, asked: &[(&str, &str)]) -> Result<Vec<Option<Holding>>> {
        let of_all = |asked: &[(&str, &str)]| -> Result<Vec<_>> {
            asked.iter().map(|(model, lead)| self.holding(model, lead)).collect()
        };
        let Some(beside) = self.beside.filter(|_| asked.len() >= FEW) else { return of_all(asked) };
        let (own, others) = asked.split_at(asked.len() / 2);
        let (beside, recent) = (&mut *beside.borrow_mut(), &self.recent);
        thread::scope(|scope| {
            let hand = scope.spawn(move || look_beside(beside, recent, others));
            let mut found = of_all(own)?;
            // What a thread fails at is done once more.
            found.extend(hand.join().unwrap_or_else(|_| of_all(others))?);
            Ok(found)
        })
    }

    fn score_of(&self, model: &str, lead: &str) -> Result<Option<LeadScore>> {
        if let Some(known) = self.recent.holdings.get(model, lead) {
            return Ok(known.and_then(|held| held.score).map(|given| given.score(lead)));
        }
        let sql = "SELECT lead, score, tier, grade, until, at FROM holdings
                   WHERE model = ? AND lead = ? AND score IS NOT NULL";
        Ok(self.sql.prepare_cached(sql)?.query_row([model, lead], lead_score).optional()?)
    }

    fn due(&self, now: Instant, limit: usize) -> Result<Vec<(String, String)>> {
        let mut found = self.recent.holdings.due(now);
        let walked = self.walked.map_or(i64::MIN, Cell::get);
        let sql = "SELECT due, model, lead FROM holdings WHERE due > ? AND due <= ? ORDER BY due";
        let mut statement = self.sql.prepare_cached(sql)?;
        let mut rows = statement.query([walked, now.as_millis()])?;
        let (mut wanted, mut first) = (limit, None);
        while let Some(row) = rows.next()?.filter(|_| wanted > 0) {
            let (due, model, lead): (_, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if !self.recent.holdings.has(&model, &lead) {
                first = first.or(Some(due));
                found.push((Instant::from_millis(due), (model, Name::from(&*lead))));
                wanted -= 1;
            }
        }
        if let Some(kept) = self.walked.filter(|_| limit > 0) {
            kept.set(first.map_or(now.as_millis(), |due: i64| due.saturating_sub(1)).max(walked));
        }
        found.sort();
        found.truncate(limit);
        Ok(found.into_iter().map(|(_, (model, lead))| (model, lead.to_string())).collect())
    }

    fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>> {
        let tier = tier.map(|tier| if tier == "none" { "" } else { tier });
        let mut found = self.recent.holdings.ranked(model, tier, after, limit);
        let tiers = tier.map_or_else(|| self.tiers(model), |tier| Ok(vec![tier.to_owned()]))?;
        for tier in tiers {
            found.extend(self.ranked_in(model, &tier, after, limit)?);
        }
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
            if !self.recent.holdings.has(model, &lead) {
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
        self.recent.holdings.put(model, lead, holding.as_ref());
        Ok(())
    }

    fn fill(&mut self, model: &str, holdings: &[(String, Holding)]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO holdings (model, lead, state, due, score, tier, grade, until, at)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let is_free = |lead: &str| !self.recent.holdings.has(model, lead);
        let least = holdings.iter().filter_map(|(_, holding)| holding.due).min();
        if let (Some(walked), Some(least)) = (self.walked, least) {
            walked.set(walked.get().min(least.as_millis().saturating_sub(1)));
        }
        for (lead, holding) in holdings.iter().filter(|(lead, _)| is_free(lead)) {
            write_row(model, lead, Held::of(holding), |row| self.run(sql, row))?;
        }
        Ok(())
    }

    fn forget_leads(&mut self, model: &str, leads: &[String]) -> Result<()> {
        for lead in leads {
            if self.recent.holdings.has(model, lead) {
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
        for table in ["models", "holdings", "members"] {
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
    /// The first leads of a tier after a place, as the table has them, less those that changed of late.
    fn ranked_in(
        &self,
        model: &str,
        tier: &str,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>> {
        let mut found = Vec::new();
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
            if !self.recent.holdings.has(model, &score.lead) {
                found.push(score);
                wanted -= 1;
            }
        }
        Ok(found)
    }

    /// The tiers that leads of a model are in, as the table has them: from each to the next in the index.
    fn tiers(&self, model: &str) -> Result<Vec<String>> {
        let sql = "
            WITH RECURSIVE tiers (tier) AS (
                SELECT min(tier) FROM holdings WHERE model = ?1 AND score IS NOT NULL
                UNION ALL
                SELECT (SELECT min(tier) FROM holdings WHERE model = ?1 AND score IS NOT NULL AND tier > tiers.tier)
                FROM tiers WHERE tiers.tier IS NOT NULL
            )
            SELECT tier FROM tiers WHERE tier IS NOT NULL";
        self.rows(sql, [model], |row| row.get(0))
    }
}

/// What models hold of leads, by a connection other than that of the change: it sees the table as it was before.
fn look_beside(
    beside: &mut Connection,
    recent: &Recent,
    asked: &[(&str, &str)],
) -> Result<Vec<Option<Holding>>> {
    // One transaction, so that the table is not looked for anew with every row.
    let sql = beside.transaction()?;
    let mut statement = sql.prepare_cached(Hot::text(Asks::Holding))?;
    let mut of_one = |(model, lead): &(&str, &str)| match recent.holdings.get(model, lead) {
        Some(known) => Ok(known.map(|held| held.holding(lead))),
        None => Ok(statement.query_row([model, lead], holding).optional()?),
    };
    asked.iter().map(&mut of_one).collect()
}

/// Puts what a model holds of a lead into the table, or takes it out.
pub(super) fn write(sql: &Connection, model: &str, lead: &str, held: Option<Held<'_>>) -> Result<()> {
    let Some(held) = held else {
        let mut delete = sql.prepare_cached("DELETE FROM holdings WHERE model = ? AND lead = ?")?;
        delete.execute([model, lead])?;
        return Ok(());
    };
    let upsert = "INSERT INTO holdings (model, lead, state, due, score, tier, grade, until, at)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                  ON CONFLICT (model, lead) DO UPDATE SET state = excluded.state, due = excluded.due,
                  score = excluded.score, tier = excluded.tier, grade = excluded.grade, until = excluded.until,
                  at = excluded.at";
    let mut upsert = sql.prepare_cached(upsert)?;
    write_row(model, lead, held, |row| Ok(upsert.execute(row)?))
}

/// Writes a row of what a model holds of a lead.
fn write_row(
    model: &str,
    lead: &str,
    held: Held<'_>,
    write: impl FnOnce(&[&dyn ToSql]) -> Result<usize>,
) -> Result<()> {
    let Held { state, due, score } = held;
    write(params![
        model,
        lead,
        state,
        due.map(Instant::as_millis),
        score.map(|given| given.score.0),
        score.map_or("", |given| given.tier),
        score.and_then(|given| given.grade),
        score.and_then(|given| given.until).map(Instant::as_millis),
        score.map_or(0, |given| given.at.as_millis()),
    ])?;
    Ok(())
}

/// A holding, from `lead, score, tier, grade, until, at, state, due`.
fn holding(row: &Row<'_>) -> rusqlite::Result<Holding> {
    let state = row.get_ref(6)?.as_blob()?.into();
    let score = row.get::<_, Option<i64>>(1)?.map(|_| lead_score(row)).transpose()?;
    Ok(Holding { state, due: row.get::<_, Option<i64>>(7)?.map(Instant::from_millis), score })
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
