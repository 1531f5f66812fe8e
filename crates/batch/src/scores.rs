//! The results of a run, ready to be written in any format.

use std::io::Write;

use kelvin_kernel::{
    Instant,
    program::Program,
    score::{AccountScore, Score},
};

use crate::{
    Error,
    models::Models,
    results::{BLANK, Line, Ranked, Rows, take_account_score, take_score},
    store::codec::Taker,
    write::{
        columns::{Shown, in_csv},
        csv, jsonl,
        parquet::{AccountTable, LeadTable},
        row_groups,
    },
};

/// The scores of leads, and of accounts where they were asked for.
#[derive(Debug)]
pub struct Scores<'a> {
    models: &'a Models<'a>,
    at: Instant,
    leads: Ranked,
    accounts: Option<Ranked>,
}

/// Lines of text that one worker formats at a time.
const LINES_OF_TEXT: usize = 1 << 15;
/// Lines of a row group.
const LINES_OF_PARQUET: usize = 1 << 17;

impl<'a> Scores<'a> {
    pub(crate) fn new(models: &'a Models<'a>, at: Instant, leads: Ranked, accounts: Option<Ranked>) -> Self {
        Self { models, at, leads, accounts }
    }

    /// Calls `take` with each lead, the place of the model and the score, in order.
    ///
    /// # Errors
    /// When the temporary file fails, or what `take` fails with.
    pub fn each_lead(
        &self,
        mut take: impl FnMut(&str, usize, Score) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.leads.rows()?.each(|line| {
            let mut score = BLANK;
            self.take_lead(&line, &mut score)?;
            take(line.id()?, line.model, score)
        })
    }

    /// Calls `take` with each account, the place of the model and the score, in order.
    ///
    /// # Errors
    /// As [`Scores::each_lead`].
    pub fn each_account(
        &self,
        mut take: impl FnMut(&str, usize, AccountScore) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(accounts) = &self.accounts else {
            return Ok(());
        };
        accounts.rows()?.each(|line| take(line.id()?, line.model, account(&line)?))
    }

    /// Writes the leads as JSON Lines; `explain` adds the reasons.
    ///
    /// # Errors
    /// When the temporary file or `out` fails.
    pub fn write_jsonl(&self, explain: bool, out: &mut dyn Write) -> Result<(), Error> {
        let plans = self.models.programs().iter().map(Program::plan);
        let lines: Vec<_> = plans.map(|plan| jsonl::LeadLines::new(plan, self.at, explain)).collect();
        self.write_leads(out, |text, model, id, score| lines[model].push(text, id, score))
    }

    /// Writes the leads as CSV with a header.
    ///
    /// # Errors
    /// As [`Scores::write_jsonl`].
    pub fn write_csv(&self, shown: &Shown, out: &mut dyn Write) -> Result<(), Error> {
        let plans = || self.models.programs().iter().map(Program::plan);
        let columns = shown.of(in_csv(plans(), shown.explain));
        out.write_all(&csv::lead_header(&columns)).map_err(Error::Write)?;
        let lines: Vec<_> = plans().map(|plan| csv::LeadRows::new(plan, &columns, self.at)).collect();
        self.write_leads(out, |text, model, id, score| lines[model].push(text, id, score))
    }

    /// Writes the accounts as JSON Lines.
    ///
    /// # Errors
    /// As [`Scores::write_jsonl`].
    pub fn write_accounts_jsonl(&self, out: &mut dyn Write) -> Result<(), Error> {
        let line = |program: &Program| {
            let plan = program.plan();
            plan.accounts.as_ref().map(|accounts| jsonl::AccountLines::new(plan, accounts, self.at))
        };
        let lines: Vec<_> = self.models.programs().iter().map(line).collect();
        let Some(accounts) = &self.accounts else {
            return Ok(());
        };
        write_accounts(accounts, out, |text, line| {
            if let Some(lines) = &lines[line.model] {
                lines.push(text, line.id()?, &account(line)?);
            }
            Ok(())
        })
    }

    /// Writes the accounts as CSV with a header.
    ///
    /// # Errors
    /// As [`Scores::write_jsonl`].
    pub fn write_accounts_csv(&self, out: &mut dyn Write) -> Result<(), Error> {
        out.write_all(&csv::account_header()).map_err(Error::Write)?;
        let line = |program: &Program| {
            let plan = program.plan();
            plan.accounts.as_ref().map(|accounts| csv::AccountRows::new(plan, accounts, self.at))
        };
        let lines: Vec<_> = self.models.programs().iter().map(line).collect();
        let Some(accounts) = &self.accounts else {
            return Ok(());
        };
        write_accounts(accounts, out, |text, line| {
            if let Some(lines) = &lines[line.model] {
                lines.push(text, line.id()?, &account(line)?);
            }
            Ok(())
        })
    }

    /// Writes the leads as Parquet.
    ///
    /// # Errors
    /// As [`Scores::write_jsonl`].
    pub fn write_parquet(&self, shown: &Shown, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let plans = self.models.programs().iter().map(Program::plan);
        let table = LeadTable::new(plans, self.at, shown);
        let (mut file, groups) = row_groups::start(out, table.schema()).map_err(Error::WriteParquet)?;
        let format = |place, rows: Rows<'_>| {
            let mut columns = table.columns();
            let mut score = BLANK;
            rows.each(|line| {
                self.take_lead(&line, &mut score)?;
                columns.push(line.id, line.model, &score).map_err(Error::WriteParquet)
            })?;
            let columns = columns.finish().map_err(Error::WriteParquet)?;
            groups.encode(place, &columns).map_err(Error::WriteParquet)
        };
        self.leads.export(LINES_OF_PARQUET, format, |group| file.put(group).map_err(Error::WriteParquet))?;
        file.finish().map_err(Error::WriteParquet)
    }

    /// Writes the accounts as Parquet.
    ///
    /// # Errors
    /// As [`Scores::write_jsonl`].
    pub fn write_accounts_parquet(&self, out: &mut (dyn Write + Send)) -> Result<(), Error> {
        let table = AccountTable::new(self.models.programs().iter().map(Program::plan), self.at);
        let (mut file, groups) = row_groups::start(out, table.schema()).map_err(Error::WriteParquet)?;
        let format = |place, rows: Rows<'_>| {
            let mut columns = table.columns();
            rows.each(|line| {
                columns.push(line.id, line.model, &account(&line)?).map_err(Error::WriteParquet)
            })?;
            let columns = columns.finish().map_err(Error::WriteParquet)?;
            groups.encode(place, &columns).map_err(Error::WriteParquet)
        };
        if let Some(accounts) = &self.accounts {
            accounts
                .export(LINES_OF_PARQUET, format, |group| file.put(group).map_err(Error::WriteParquet))?;
        }
        file.finish().map_err(Error::WriteParquet)
    }

    /// Formats the leads in all workers and writes them in order.
    fn write_leads(
        &self,
        out: &mut dyn Write,
        push: impl Fn(&mut Vec<u8>, usize, &str, &Score) + Sync,
    ) -> Result<(), Error> {
        let format = |_, rows: Rows<'_>| {
            let (mut text, mut score) = (Vec::new(), BLANK);
            rows.each(|line| {
                self.take_lead(&line, &mut score)?;
                push(&mut text, line.model, line.id()?, &score);
                Ok(())
            })?;
            Ok(text)
        };
        self.leads.export(LINES_OF_TEXT, format, |text| out.write_all(&text).map_err(Error::Write))
    }

    fn take_lead(&self, line: &Line<'_>, into: &mut Score) -> Result<(), Error> {
        let dimensions = self.models.programs()[line.model].plan().dimensions.len();
        Ok(take_score(&mut Taker(line.body), dimensions, into)?)
    }
}

fn account(line: &Line<'_>) -> Result<AccountScore, Error> {
    Ok(take_account_score(&mut Taker(line.body))?)
}

/// Formats the accounts in all workers and writes them in order.
fn write_accounts(
    ranked: &Ranked,
    out: &mut dyn Write,
    push: impl Fn(&mut Vec<u8>, &Line<'_>) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let format = |_, rows: Rows<'_>| {
        let mut text = Vec::new();
        rows.each(|line| push(&mut text, &line))?;
        Ok(text)
    };
    ranked.export(LINES_OF_TEXT, format, |text| out.write_all(&text).map_err(Error::Write))
}
