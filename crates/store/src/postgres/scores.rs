//! What models hold of leads, in PostgreSQL.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use kelvin_kernel::{Instant, Micropoints};
use postgres::Row;

use super::{
    connection::{Connection, Params},
    row::{Columns, column, count, text},
    session::Session,
};
use crate::{Holding, LeadScore, Place, Result, ScoresChange, ScoresView};

/// The columns of a score, in the order in which they are read.
const SCORE: &str = "lead, score, tier, grade, until, at";

/// Notes holdings, column by column.
const INSERT: &str = "INSERT INTO holdings (model, lead, state, due, score, tier, grade, until, at)
    SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
    $8::bigint[], $9::bigint[]) ON CONFLICT (model, lead)";

impl ScoresView for Session<'_> {
    fn holding(&self, model: &str, lead: &str) -> Result<Option<Holding>> {
        let key = (model.to_owned(), lead.to_owned());
        if let Some(known) = self.waiting.borrow().holdings.get(&key) {
            return Ok(known.cloned());
        }
        let sql = format!("SELECT {SCORE}, state, due FROM holdings WHERE model = $1 AND lead = $2");
        self.kept_row(&sql, &[&text(model), &text(lead)], holding)
    }

    fn score_of(&self, model: &str, lead: &str) -> Result<Option<LeadScore>> {
        let sql =
            format!("SELECT {SCORE} FROM holdings WHERE model = $1 AND lead = $2 AND score IS NOT NULL");
        self.row(&sql, &[&text(model), &text(lead)], lead_score)
    }

    fn due(&self, now: Instant, limit: usize) -> Result<Vec<(String, String)>> {
        let sql = "SELECT model, lead FROM holdings WHERE due <= $1 ORDER BY due, model, lead LIMIT $2";
        self.rows(sql, &[&now.as_millis(), &count(limit)], |row| Ok((row.text(0)?, row.text(1)?)))
    }

    fn ranked(
        &self,
        model: &str,
        tier: Option<&str>,
        after: Option<&Place>,
        limit: usize,
    ) -> Result<Vec<LeadScore>> {
        // One statement for each shape, so that each can walk its index.
        let of_tier = if tier.is_some() { "AND tier = $2" } else { "AND $2::text IS NULL" };
        let after_place = match after {
            Some(_) => "AND score <= $3 AND (score < $3 OR lead > $4)",
            None => "AND score IS NOT NULL AND $3::bigint IS NULL AND $4::text IS NULL",
        };
        let sql = format!(
            "SELECT {SCORE} FROM holdings WHERE model = $1 {of_tier} {after_place}
             ORDER BY score DESC, lead LIMIT $5"
        );
        let tier = tier.map(|tier| text(if tier == "none" { "" } else { tier }));
        let (score, lead) = (after.map(|place| place.score.0), after.map(|place| text(&place.lead)));
        self.rows(&sql, &[&text(model), &tier, &score, &lead, &count(limit)], lead_score)
    }

    fn held_after(&self, model: &str, after: &str, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT lead FROM holdings WHERE model = $1 AND lead > $2 ORDER BY lead LIMIT $3";
        self.rows(sql, &[&text(model), &text(after), &count(limit)], |row| row.text(0))
    }

    fn models(&self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT model, seal FROM models ORDER BY model";
        self.rows(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))
    }
}

impl ScoresChange for Session<'_> {
    fn hold(&mut self, model: &str, lead: &str, holding: Option<Holding>) -> Result<()> {
        let Some(holding) = holding else {
            let sql = "DELETE FROM holdings WHERE model = $1 AND lead = $2";
            self.run(sql, &[&text(model), &text(lead)])?;
            return Ok(());
        };
        self.waiting.get_mut().holdings.put((model.to_owned(), lead.to_owned()), holding);
        Ok(())
    }

    fn fill(&mut self, model: &str, holdings: &[(String, Holding)]) -> Result<()> {
        let held: Vec<_> = holdings.iter().map(|(lead, holding)| Held::new(model, lead, holding)).collect();
        insert(&held, &format!("{INSERT} DO NOTHING"), |sql, columns| self.run(sql, columns))
    }

    fn forget_leads(&mut self, model: &str, leads: &[String]) -> Result<()> {
        let leads: Vec<_> = leads.iter().map(|lead| text(lead)).collect();
        self.run("DELETE FROM holdings WHERE model = $1 AND lead = ANY($2)", &[&text(model), &leads])?;
        Ok(())
    }

    fn forget_some(&mut self, model: &str, leads: usize) -> Result<bool> {
        let sql = "DELETE FROM holdings WHERE model = $1 AND lead IN
                   (SELECT lead FROM holdings WHERE model = $1 ORDER BY lead LIMIT $2)";
        let members = "DELETE FROM members WHERE model = $1 AND (account, lead) IN
                       (SELECT account, lead FROM members WHERE model = $1 ORDER BY account, lead LIMIT $2)";
        let removed = [sql, members].map(|sql| self.run(sql, &[&text(model), &count(leads)]));
        let is_more = removed.into_iter().collect::<Result<Vec<_>>>()?.contains(&(leads as u64));
        if !is_more {
            self.forget(model)?;
        }
        Ok(is_more)
    }

    fn forget(&mut self, model: &str) -> Result<()> {
        for table in ["models", "holdings", "members"] {
            self.run(&format!("DELETE FROM {table} WHERE model = $1"), &[&text(model)])?;
        }
        Ok(())
    }

    fn seal(&mut self, model: &str, seal: &str) -> Result<()> {
        let sql = "INSERT INTO models (model, seal) VALUES ($1, $2)
                   ON CONFLICT (model) DO UPDATE SET seal = excluded.seal";
        self.run(sql, &[&text(model), &text(seal)])?;
        Ok(())
    }
}

/// What a model holds of a lead, as it is kept.
struct Held<'h> {
    model: Cow<'h, str>,
    lead: Cow<'h, str>,
    state: &'h [u8],
    due: Option<i64>,
    score: Option<i64>,
    tier: Cow<'h, str>,
    grade: Option<Cow<'h, str>>,
    until: Option<i64>,
    at: i64,
}

impl<'h> Held<'h> {
    fn new(model: &'h str, lead: &'h str, Holding { state, due, score }: &'h Holding) -> Self {
        let score = score.as_ref();
        Self {
            model: text(model),
            lead: text(lead),
            state,
            due: due.map(Instant::as_millis),
            score: score.map(|score| score.score.0),
            tier: text(score.and_then(|score| score.tier.as_deref()).unwrap_or_default()),
            grade: score.and_then(|score| score.grade.as_deref()).map(text),
            until: score.and_then(|score| score.until).map(Instant::as_millis),
            at: score.map_or(0, |score| score.at.as_millis()),
        }
    }
}

/// Notes what models hold of leads.
pub(super) fn send(held: &[(&(String, String), &Holding)], to: &mut Connection) -> Result<()> {
    if held.is_empty() {
        return Ok(());
    }
    let held: Vec<_> = held.iter().map(|((model, lead), holding)| Held::new(model, lead, holding)).collect();
    let sql = format!(
        "{INSERT} DO UPDATE SET state = excluded.state, due = excluded.due, score = excluded.score,
         tier = excluded.tier, grade = excluded.grade, until = excluded.until, at = excluded.at"
    );
    insert(&held, &sql, |sql, columns| to.run(sql, columns))
}

fn insert(held: &[Held<'_>], sql: &str, run: impl FnOnce(&str, Params<'_>) -> Result<u64>) -> Result<()> {
    let columns: Params<'_> = &[
        &column(held, |held| &held.model),
        &column(held, |held| &held.lead),
        &column(held, |held| held.state),
        &column(held, |held| held.due),
        &column(held, |held| held.score),
        &column(held, |held| &held.tier),
        &column(held, |held| &held.grade),
        &column(held, |held| held.until),
        &column(held, |held| held.at),
    ];
    run(sql, columns).map(drop)
}

impl Session<'_> {
    /// Reads what models hold of leads, and the last tiers of those that have no score.
    pub(super) fn read_holdings(&self, models: &[&str], leads: &BTreeSet<String>) -> Result<()> {
        let sql = format!(
            "SELECT {SCORE}, state, due, model FROM holdings WHERE model = ANY($1) AND lead = ANY($2)"
        );
        let (all, asked) = (column(models, |model| text(model)), leads.iter().map(|lead| text(lead)));
        let found = self.kept_rows(&sql, &[&all, &asked.collect::<Vec<_>>()], |row| {
            Ok(((row.text(8)?, row.text(0)?), holding(row)?))
        })?;
        let mut found: BTreeMap<_, _> = found.into_iter().collect();
        let mut unscored = Vec::new();
        for (lead, model) in leads.iter().flat_map(|lead| models.iter().map(move |model| (lead, *model))) {
            let key = (model.to_owned(), lead.clone());
            let held = found.remove(&key);
            if held.as_ref().is_none_or(|held| held.score.is_none()) {
                unscored.push(lead.as_str());
            }
            self.waiting.borrow_mut().holdings.learn(key, held);
        }
        self.read_tiers(&unscored)
    }
}

/// A holding, from the columns of its score, `state` and `due`.
fn holding(row: &Row) -> Result<Holding> {
    let score = row.value::<Option<i64>>(1)?.map(|_| lead_score(row)).transpose()?;
    Ok(Holding { state: row.value::<&[u8]>(6)?.into(), due: row.some_instant(7)?, score })
}

fn lead_score(row: &Row) -> Result<LeadScore> {
    Ok(LeadScore {
        lead: row.text(0)?,
        score: Micropoints(row.value(1)?),
        tier: row.some_text(2)?.filter(|tier| !tier.is_empty()),
        grade: row.some_text(3)?,
        until: row.some_instant(4)?,
        at: row.instant(5)?,
    })
}
